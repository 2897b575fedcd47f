//! How light and dark the pixels of a page are: its paper and its print.

/// How often each gray occurs.
pub struct Grays {
    counts: [u32; 256],
}

/// Paper is at least this much lighter than any ink.
const INK_CONTRAST: u8 = 60;
/// Share of the ink that is as dark as the print is: the rest are edges of strokes, and seals.
const PRINT_SHARE: f32 = 0.15;

impl Grays {
    /// Of these values; a sample of a page's values is enough.
    pub fn of(values: impl Iterator<Item = u8>) -> Grays {
        let mut counts = [0; 256];
        values.for_each(|v| counts[usize::from(v)] += 1);
        Grays { counts }
    }

    /// The gray that this share of the values does not reach: 0.5 gives the median.
    pub fn level(&self, share: f32) -> u8 {
        let mut left = (self.counts.iter().sum::<u32>() as f32 * share) as u32;
        let at = self.counts.iter().position(|&n| {
            let here = left < n;
            left = left.saturating_sub(n);
            here
        });
        at.unwrap_or(255) as u8
    }

    /// The gray of the paper of a page: most of a page is empty.
    pub fn paper(&self) -> u8 {
        self.level(0.75)
    }

    /// The gray of the print of a page, however little of it there is beside a gray seal.
    pub fn print(&self) -> u8 {
        let ink = usize::from(self.paper().saturating_sub(INK_CONTRAST));
        let mut counts = [0; 256];
        counts[..ink].copy_from_slice(&self.counts[..ink]);
        if counts.iter().sum::<u32>() == 0 {
            return self.level(0.015);
        }
        Grays { counts }.level(PRINT_SHARE).min(self.level(0.015))
    }
}
