//! Prints `numeric` from the server's internal format: as text like `numeric_out`, byte for byte, and in the format of
//! `numeric_send`.

/// Decimal places of a digit, which has base 10,000.
const PLACES: usize = 4;

/// A number, NaN or an infinity.
struct Numeric<'a> {
    sign: u16,
    /// Number of decimal places to print.
    scale: u16,
    /// The first digit is multiplied by 10,000 to this power.
    weight: i16,
    /// The digits, two bytes each.
    digits: &'a [u8],
}

const NEGATIVE: u16 = 0x4000;
const NAN: u16 = 0xC000;
const INFINITY: u16 = 0xD000;
const NEGATIVE_INFINITY: u16 = 0xF000;

impl<'a> Numeric<'a> {
    /// `kept`: the value without its varlena header.
    fn of(kept: &'a [u8]) -> Option<Self> {
        let (head, rest) = kept.split_first_chunk()?;
        let head = u16::from_ne_bytes(*head);
        if head & 0x8000 == 0 {
            let (weight, digits) = rest.split_first_chunk()?;
            return Some(Self {
                sign: head & 0xC000,
                scale: head & 0x3FFF,
                weight: i16::from_ne_bytes(*weight),
                digits,
            });
        }
        let sign = match head & 0xC000 {
            0xC000 => head & 0xF000,
            _ if head & 0x2000 != 0 => NEGATIVE,
            _ => 0,
        };
        let weight = (head & 0x3F).cast_signed();
        let weight = if head & 0x40 == 0 { weight } else { weight - 0x40 };
        Some(Self { sign, scale: (head & 0x1F80) >> 7, weight, digits: rest })
    }

    /// Returns the digit that is multiplied by 10,000 to a power.
    fn digit(&self, power: i32) -> u16 {
        let at = usize::try_from(i32::from(self.weight) - power).unwrap_or(usize::MAX);
        let bytes = at.checked_mul(2).and_then(|at| self.digits.get(at..)).and_then(<[u8]>::first_chunk);
        bytes.map_or(0, |bytes| u16::from_ne_bytes(*bytes))
    }
}

/// Appends the text of a number; `None` if the bytes are not a numeric.
pub fn write_text(kept: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let number = Numeric::of(kept)?;
    let special: &[u8] = match number.sign {
        NAN => b"NaN",
        INFINITY => b"Infinity",
        NEGATIVE_INFINITY => b"-Infinity",
        _ => b"",
    };
    if !special.is_empty() {
        out.extend_from_slice(special);
        return Some(());
    }
    if number.sign == NEGATIVE {
        out.push(b'-');
    }
    let first = i32::from(number.weight.max(0));
    out.extend_from_slice(itoa::Buffer::new().format(number.digit(first)).as_bytes());
    (0..first).rev().for_each(|power| out.extend_from_slice(&places(number.digit(power))));
    if number.scale > 0 {
        out.push(b'.');
        let end = out.len() + usize::from(number.scale);
        let mut power = -1;
        while out.len() < end {
            out.extend_from_slice(&places(number.digit(power)));
            power -= 1;
        }
        out.truncate(end);
    }
    Some(())
}

fn places(digit: u16) -> [u8; PLACES] {
    let of = |divisor: u16| b'0' + u8::try_from(digit / divisor % 10).unwrap_or(0);
    [of(1000), of(100), of(10), of(1)]
}

/// Appends the format of `numeric_send`.
pub fn write_sent(kept: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let number = Numeric::of(kept)?;
    let count = u16::try_from(number.digits.len() / 2).ok()?;
    for word in [count, number.weight.cast_unsigned(), number.sign, number.scale] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    let (digits, _) = number.digits.as_chunks();
    digits.iter().for_each(|digit| out.extend_from_slice(&u16::from_ne_bytes(*digit).to_be_bytes()));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs a number as the server does: with a short header if weight and scale fit.
    fn kept(sign: u16, scale: u16, weight: i16, digits: &[u16]) -> Vec<u8> {
        let mut words = match sign {
            0 | NEGATIVE if scale < 64 && (-64..64).contains(&weight) => {
                vec![0x8000 | (sign >> 1) | (scale << 7) | (weight.cast_unsigned() & 0x7F)]
            }
            0 | NEGATIVE => vec![sign | scale, weight.cast_unsigned()],
            special => vec![special],
        };
        words.extend_from_slice(digits);
        words.iter().flat_map(|word| word.to_ne_bytes()).collect()
    }

    fn text(sign: u16, scale: u16, weight: i16, digits: &[u16]) -> String {
        let mut out = Vec::new();
        assert_eq!(write_text(&kept(sign, scale, weight, digits), &mut out), Some(()));
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn numbers_are_printed_with_their_scale() {
        assert_eq!(text(0, 0, 0, &[]), "0");
        assert_eq!(text(0, 3, 0, &[]), "0.000");
        assert_eq!(text(0, 4, 1, &[12, 3456, 7000]), "123456.7000");
        assert_eq!(text(NEGATIVE, 2, 0, &[7, 500]), "-7.05");
        assert_eq!(text(0, 6, -2, &[1200]), "0.000012");
        assert_eq!(text(0, 5, -1, &[1, 2000]), "0.00012");
        assert_eq!(text(0, 0, 2, &[1]), "100000000");
        assert_eq!(text(NEGATIVE, 0, 70, &[9]), format!("-9{}", "0".repeat(280)));
        assert_eq!(text(0, 100, -25, &[1]), format!("0.{}1", "0".repeat(99)));
        assert_eq!(text(NAN, 0, 0, &[]), "NaN");
        assert_eq!(text(INFINITY, 0, 0, &[]), "Infinity");
        assert_eq!(text(NEGATIVE_INFINITY, 0, 0, &[]), "-Infinity");
        assert_eq!(write_text(&[1], &mut Vec::new()), None);
    }

    #[test]
    fn numbers_are_sent_in_network_byte_order() {
        let mut out = Vec::new();
        assert_eq!(write_sent(&kept(NEGATIVE, 2, 0, &[7, 500]), &mut out), Some(()));
        assert_eq!(out, [0, 2, 0, 0, 0x40, 0, 0, 2, 0, 7, 1, 0xF4]);
    }
}
