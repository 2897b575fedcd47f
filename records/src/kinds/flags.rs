//! What is usual for documents of a kind, as letters of a table and ticks of a screen.

pub use vocabulary::KindFlag;

use crate::{Error, Field, Result, fold};

/// A set of flags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindFlags(u8);

impl KindFlags {
    /// Letters in a row, such as `OCV`, or words with `;` between them.
    pub fn parse(text: &str) -> Result<Self> {
        let text = fold::half_width(text);
        let letters: Option<Self> = text.trim().chars().try_fold(Self::default(), |flags, letter| {
            let flag = KindFlag::ALL.into_iter().find(|flag| flag.letter() == letter)?;
            Some(flags.with(flag))
        });
        if let Some(flags) = letters {
            return Ok(flags);
        }
        let mut words = text.split(';').filter(|word| !word.trim().is_empty());
        words.try_fold(Self::default(), |flags, word| {
            let flag = KindFlag::parse(word).map_err(|wrong| Error::invalid(Field::KindFlags, word, wrong.reason))?;
            Ok(flags.with(flag))
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
        assert_eq!(KindFlags::parse("有有效期；应有原件; form")?.to_string(), "OVF");
        assert_eq!(KindFlags::parse("")?, KindFlags::default());
        assert!(KindFlags::parse("X").is_err());
        assert!(KindFlags::parse("应有原件;不知道").is_err());
        Ok(())
    }
}
