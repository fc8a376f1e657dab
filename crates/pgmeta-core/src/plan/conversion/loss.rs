//! What values may lose in a conversion without an error, in words. Decides nothing.

/// The part of a value that cannot be restored, or that may mean something else to its readers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loss {
    Fraction,
    Digits,
    Seconds,
    TimeOfDay,
    Day,
    Fields,
    WholeDays,
    Zone,
    SessionZone,
    Blanks,
    Case,
    NameEnd,
    FirstByte,
    Spelling,
    Keys,
    HostBits,
    Nulls,
    Truth,
    Sign,
    Bits,
    Width,
    Zeros,
    Outline,
    Epoch,
    Text,
    Function,
    Caller,
}

impl Loss {
    /// Returns the phrase for the reason of a step.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fraction => "fractions are rounded",
            Self::Digits => "digits that do not fit are rounded away",
            Self::Seconds => "fractions of seconds are rounded",
            Self::TimeOfDay => "the time of day is lost",
            Self::Day => "the day is lost",
            Self::Fields => "fields that the new type does not have are lost",
            Self::WholeDays => "whole days are lost",
            Self::Zone => "the time zone is lost",
            Self::SessionZone => "the result depends on the session's TimeZone",
            Self::Blanks => "blanks at the end are lost",
            Self::Case => "values that differ only in case become equal",
            Self::NameEnd => "text beyond 63 bytes is cut off",
            Self::FirstByte => "all but the first byte is cut off",
            Self::Spelling => "the spelling is lost (blanks, leading zeros, case)",
            Self::Keys => "the order of keys, duplicate keys and blanks are lost",
            Self::HostBits => "bits to the right of the netmask are lost",
            Self::Nulls => "JSON's null becomes NULL",
            Self::Truth => "all numbers but 0 become true",
            Self::Sign => "negative numbers and numbers beyond 2147483647 are exchanged",
            Self::Bits => "bits that do not fit are cut off",
            Self::Width => "the number of bits is lost",
            Self::Zeros => "zeros are appended",
            Self::Outline => "a part of the shape is lost",
            Self::Epoch => "the epoch is lost",
            Self::Text => "the meaning of the text depends on the new type",
            Self::Function => "the effect of the cast's function is not known",
            Self::Caller => "the effect of the expression is not known",
        }
    }

    /// Returns whether values may be restored exactly, but mean something else meanwhile.
    pub fn is_of_meaning(self) -> bool {
        matches!(
            self,
            Self::SessionZone | Self::Case | Self::Sign | Self::Zeros | Self::Text | Self::Function | Self::Caller
        )
    }
}
