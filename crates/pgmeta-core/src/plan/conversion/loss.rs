//! What a conversion may take from values without an error, in words. Decides nothing.

/// What of a value may not come back, or may be another value to those who read it.
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
    /// Returns the words that a reason has for it.
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
            Self::SessionZone => "the session's TimeZone decides what the values become",
            Self::Blanks => "blanks at the end are lost",
            Self::Case => "values that differ in case alone become equal",
            Self::NameEnd => "what is beyond 63 bytes is cut off",
            Self::FirstByte => "all but the first byte is cut off",
            Self::Spelling => "how the text was written is lost (blanks, zeros in front, case)",
            Self::Keys => "the order of keys, keys that are there twice and blanks are lost",
            Self::HostBits => "bits to the right of the netmask are lost",
            Self::Nulls => "JSON's null becomes NULL",
            Self::Truth => "all numbers but 0 become true",
            Self::Sign => "negative numbers and those beyond 2147483647 become each other",
            Self::Bits => "bits that do not fit are cut off",
            Self::Width => "how many bits there were is lost",
            Self::Zeros => "zeros are appended",
            Self::Outline => "a part of the shape is lost",
            Self::Epoch => "the epoch is lost",
            Self::Text => "the new type decides what the text means",
            Self::Function => "what the cast's function keeps is not known",
            Self::Caller => "what the expression keeps is not known",
        }
    }

    /// Returns whether values come back as they were all the same: what they mean meanwhile is the matter.
    pub fn is_of_meaning(self) -> bool {
        matches!(
            self,
            Self::SessionZone | Self::Case | Self::Sign | Self::Zeros | Self::Text | Self::Function | Self::Caller
        )
    }
}
