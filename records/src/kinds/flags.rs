//! What is usual for documents of a kind, as letters of a table and ticks of a screen.

use crate::{Error, Field, Result};

/// What is usual for documents of a kind. The letters are those of `kinds.tsv`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KindFlag {
    OriginalExpected,
    CopyUsual,
    PersonalData,
    HasValidity,
    Safe,
    Form,
    WorkingPaper,
}

impl KindFlag {
    pub const ALL: [KindFlag; 7] = [
        KindFlag::OriginalExpected,
        KindFlag::CopyUsual,
        KindFlag::PersonalData,
        KindFlag::HasValidity,
        KindFlag::Safe,
        KindFlag::Form,
        KindFlag::WorkingPaper,
    ];

    pub fn letter(self) -> char {
        match self {
            KindFlag::OriginalExpected => 'O',
            KindFlag::CopyUsual => 'C',
            KindFlag::PersonalData => 'P',
            KindFlag::HasValidity => 'V',
            KindFlag::Safe => 'S',
            KindFlag::Form => 'F',
            KindFlag::WorkingPaper => 'W',
        }
    }
}

/// A set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindFlags(u8);

impl KindFlags {
    /// `OCV`
    pub fn parse(text: &str) -> Result<Self> {
        text.trim().chars().try_fold(Self::default(), |flags, letter| {
            KindFlag::ALL
                .into_iter()
                .find(|flag| flag.letter() == letter)
                .map(|flag| flags.with(flag))
                .ok_or_else(|| Error::invalid(Field::KindFlags, text, "flags are the letters O C P V S F W"))
        })
    }

    pub fn with(self, flag: KindFlag) -> Self {
        Self(self.0 | 1 << flag as u8)
    }

    pub fn has(self, flag: KindFlag) -> bool {
        self.0 & (1 << flag as u8) != 0
    }
}

impl std::fmt::Display for KindFlags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        KindFlag::ALL
            .into_iter()
            .filter(|flag| self.has(*flag))
            .try_for_each(|flag| write!(f, "{}", flag.letter()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_letters() -> Result<()> {
        assert_eq!(KindFlags::parse("VCO")?.to_string(), "OCV");
        assert!(KindFlags::parse("S")?.has(KindFlag::Safe));
        assert!(KindFlags::parse("X").is_err());
        Ok(())
    }
}
