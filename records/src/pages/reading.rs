//! How well a page was read, as flags that full text, lists and screens carry, so that an empty search result does
//! not mislead.

use super::{PageState, ReadingFlag, UnreadRegion};

/// Mean confidence over its characters below which a page counts as badly read.
pub const CONFIDENCE_LOW: f64 = 0.8;

/// A set of flags; empty for a page that was read well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Reading(u8);

impl Reading {
    /// The flags of a page. `confidence` is the mean over its characters, `None` without text.
    pub fn of(state: PageState, regions: &[UnreadRegion], confidence: Option<f64>) -> Self {
        let mut reading = Self::default();
        if state == PageState::Failed {
            reading = reading.with(ReadingFlag::Failed);
        }
        for flag in regions
            .iter()
            .filter_map(|region| ReadingFlag::from_code(&region.reason))
        {
            reading = reading.with(flag);
        }
        if confidence.is_some_and(|confidence| confidence < CONFIDENCE_LOW) {
            reading = reading.with(ReadingFlag::LowConfidence);
        }
        reading
    }

    /// Unknown bits are dropped.
    pub fn from_bits(bits: i64) -> Self {
        Self(u8::try_from(bits).unwrap_or(0) & 0b1111)
    }

    pub fn bits(self) -> u8 {
        self.0
    }

    pub fn with(self, flag: ReadingFlag) -> Self {
        Self(self.0 | flag.bit())
    }

    pub fn has(self, flag: ReadingFlag) -> bool {
        self.0 & flag.bit() != 0
    }

    pub fn is_good(self) -> bool {
        self.0 == 0
    }

    pub fn flags(self) -> impl Iterator<Item = ReadingFlag> {
        ReadingFlag::ALL.into_iter().filter(move |flag| self.has(*flag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_say_how_they_were_read() {
        let region = |reason: &str| UnreadRegion {
            area: Default::default(),
            reason: reason.to_owned(),
        };
        let check = |state, regions: &[UnreadRegion], confidence, expected: &[ReadingFlag]| {
            let reading = Reading::of(state, regions, confidence);
            assert_eq!(reading.flags().collect::<Vec<_>>(), expected);
            assert_eq!(Reading::from_bits(i64::from(reading.bits())), reading);
        };
        check(PageState::Read, &[], Some(0.98), &[]);
        check(PageState::Read, &[], Some(0.5), &[ReadingFlag::LowConfidence]);
        check(PageState::Failed, &[], None, &[ReadingFlag::Failed]);
        check(
            PageState::Read,
            &[region("handwriting"), region("ink_without_text"), region("else")],
            Some(1.0),
            &[ReadingFlag::InkWithoutText, ReadingFlag::Handwriting],
        );
        assert!(Reading::from_bits(-1).is_good() && Reading::from_bits(16).is_good());
    }
}
