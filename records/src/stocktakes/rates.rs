//! The four rates of a stocktake (不散、不乱、不丢、不坏), each a share of what was expected: 0 is perfect.

use vocabulary::StocktakeVerdict as Verdict;

/// | Rate | What is counted |
/// |---|---|
/// | scattered (散) | foreign things and unknown labels: paper that lies about where it does not belong |
/// | disordered (乱) | misplaced things: the right room, the wrong place |
/// | lost (丢) | missing things; what is on loan is not missing |
/// | damaged (坏) | worn things |
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rates {
    pub scattered: f64,
    pub disordered: f64,
    pub lost: f64,
    pub damaged: f64,
}

impl Rates {
    /// Where nothing is expected nothing can be lost, and every rate is 0.
    pub(crate) fn of(expected: i64, count: impl Fn(Verdict) -> i64) -> Self {
        let share = |number: i64| match expected {
            0 => 0.0,
            expected => number as f64 / expected as f64,
        };
        Self {
            scattered: share(count(Verdict::Foreign) + count(Verdict::Unknown)),
            disordered: share(count(Verdict::Misplaced)),
            lost: share(count(Verdict::Missing)),
            damaged: share(count(Verdict::Worn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_shares_of_what_was_expected() {
        let count = |verdict| match verdict {
            Verdict::Foreign | Verdict::Unknown | Verdict::Missing => 1,
            Verdict::Misplaced => 4,
            _ => 0,
        };
        let rates = Rates::of(8, count);
        assert_eq!(
            (rates.scattered, rates.disordered, rates.lost, rates.damaged),
            (0.25, 0.5, 0.125, 0.0)
        );
        assert_eq!(Rates::of(0, count), Rates::default());
    }
}
