//! What is on a page and where: lines, characters, regions, turns.
//!
//! All coordinates are pixels of the upright page image. Refuses to know how the text was found.

use serde::{Deserialize, Serialize};

/// Clockwise turn that makes the delivered image upright.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Turn {
    #[default]
    None,
    Quarter,
    Half,
    ThreeQuarters,
}

impl Turn {
    /// 0, 90, 180 or 270.
    pub fn degrees(self) -> u16 {
        match self {
            Turn::None => 0,
            Turn::Quarter => 90,
            Turn::Half => 180,
            Turn::ThreeQuarters => 270,
        }
    }

    /// The turn of this many degrees clockwise, if it is a multiple of 90.
    pub fn from_degrees(degrees: i64) -> Option<Turn> {
        match degrees.rem_euclid(360) {
            0 => Some(Turn::None),
            90 => Some(Turn::Quarter),
            180 => Some(Turn::Half),
            270 => Some(Turn::ThreeQuarters),
            _ => None,
        }
    }

    /// This turn and then the other.
    pub fn then(self, other: Turn) -> Turn {
        let sum = i64::from(self.degrees()) + i64::from(other.degrees());
        Turn::from_degrees(sum).unwrap_or_default()
    }

    /// Width and height of an image of this size after the turn.
    pub fn size(self, width: u32, height: u32) -> (u32, u32) {
        match self {
            Turn::None | Turn::Half => (width, height),
            Turn::Quarter | Turn::ThreeQuarters => (height, width),
        }
    }
}

/// An upright rectangle, in pixels of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PixelArea {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

impl PixelArea {
    pub fn right(&self) -> f32 {
        self.x + self.w
    }

    pub fn bottom(&self) -> f32 {
        self.y + self.h
    }

    pub fn middle_y(&self) -> f32 {
        self.y + self.h / 2.0
    }

    /// Square pixels shared with the other area.
    pub fn shared(&self, other: &PixelArea) -> f32 {
        let w = self.right().min(other.right()) - self.x.max(other.x);
        let h = self.bottom().min(other.bottom()) - self.y.max(other.y);
        w.max(0.0) * h.max(0.0)
    }

    pub fn moved(&self, dx: f32, dy: f32) -> PixelArea {
        PixelArea {
            x: self.x + dx,
            y: self.y + dy,
            ..*self
        }
    }

    /// Where it is once the page of this size is turned clockwise.
    pub fn turned(&self, (width, height): (u32, u32), turn: Turn) -> PixelArea {
        let (width, height) = (width as f32, height as f32);
        let (x, y, w, h) = match turn {
            Turn::None => (self.x, self.y, self.w, self.h),
            Turn::Quarter => (height - self.bottom(), self.x, self.h, self.w),
            Turn::Half => (width - self.right(), height - self.bottom(), self.w, self.h),
            Turn::ThreeQuarters => (self.y, width - self.right(), self.h, self.w),
        };
        PixelArea { x, y, w, h }
    }

    /// The smallest area that holds both.
    pub fn joined(&self, other: &PixelArea) -> PixelArea {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        PixelArea {
            x,
            y,
            w: self.right().max(other.right()) - x,
            h: self.bottom().max(other.bottom()) - y,
        }
    }
}

/// Where one character of a line is. A line has exactly one for each `char` of its text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayoutChar {
    /// Left edge.
    pub x: f32,
    /// Width; 0 for characters that leave no mark.
    pub w: f32,
    /// From 0 (guess) to 1 (certain); 1 for text that was not recognised but delivered.
    pub confidence: f32,
}

/// What a line is part of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineKind {
    #[default]
    Text,
    /// Text that is part of a seal.
    Seal,
}

/// Another possible reading of a part of a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// First character of the part, counted in `char`s of the line.
    pub start: usize,
    /// Number of `char`s of the part.
    pub count: usize,
    /// What it may read instead. Where the text was repaired: what was recognised at first.
    pub text: String,
    /// Which rule says so.
    pub rule: String,
}

/// One line of text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayoutLine {
    pub text: String,
    /// Mean over the characters, 0 to 1.
    pub confidence: f32,
    /// As wide as the line and as high as its letters; of a skewed line, where its middle is.
    pub area: PixelArea,
    /// How far the line falls for each pixel to the right; 0 when it is level. A character at `x`
    /// is `slope * (x - middle of area)` lower than `area` says.
    #[serde(default)]
    pub slope: f32,
    /// One for each `char` of `text`, left to right.
    pub chars: Vec<LayoutChar>,
    pub kind: LineKind,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<Alternative>,
}

/// Why a region of a page deserves a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegionKind {
    /// Ink in which no text was found: a drawing, a picture, a stain.
    InkWithoutText,
    /// Strokes on a clearly printed page that are not print: a signature, a note by hand.
    Handwriting,
    /// A line that was read, but not surely.
    LowConfidence,
    /// A seal.
    Seal,
}

/// A part of a page that is not a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Region {
    pub kind: RegionKind,
    pub area: PixelArea,
}

/// The text of a page in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LayoutText {
    pub lines: Vec<LayoutLine>,
}

impl LayoutText {
    /// All lines, each ended by a line break.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            out.push_str(&line.text);
            out.push('\n');
        }
        out
    }

    /// Mean confidence over all characters; 1 when there are none.
    pub fn mean_confidence(&self) -> f32 {
        let all = self.lines.iter().flat_map(|l| &l.chars);
        let (sum, n) = all.fold((0.0f64, 0u32), |(s, n), c| (s + f64::from(c.confidence), n + 1));
        if n == 0 { 1.0 } else { (sum / f64::from(n)) as f32 }
    }
}

/// What reading a page image gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageReading {
    /// Size of the upright page.
    pub width: u32,
    pub height: u32,
    /// What was turned to get there.
    pub turn: Turn,
    pub text: LayoutText,
    pub regions: Vec<Region>,
    /// Mean over the characters, 0 to 1.
    pub confidence: f32,
    /// Nothing is on the page.
    pub blank: bool,
    /// There was a second network to ask of what was not read surely.
    pub second_at_hand: bool,
    /// What ran the networks, and the recipe.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_add_up() {
        assert_eq!(Turn::Quarter.then(Turn::Half), Turn::ThreeQuarters);
        assert_eq!(Turn::ThreeQuarters.then(Turn::Quarter), Turn::None);
        assert_eq!(Turn::from_degrees(-90), Some(Turn::ThreeQuarters));
        assert_eq!(Turn::from_degrees(45), None);
        assert_eq!(Turn::Quarter.size(3, 2), (2, 3));
    }

    #[test]
    fn areas_share_and_join() {
        let a = PixelArea {
            x: 0.0,
            y: 0.0,
            w: 10.0,
            h: 10.0,
        };
        let b = PixelArea {
            x: 5.0,
            y: 5.0,
            w: 10.0,
            h: 10.0,
        };
        assert_eq!(a.shared(&b), 25.0);
        assert_eq!(
            a.joined(&b),
            PixelArea {
                x: 0.0,
                y: 0.0,
                w: 15.0,
                h: 15.0
            }
        );
        assert_eq!(a.shared(&PixelArea { x: 20.0, ..b }), 0.0);
    }
}
