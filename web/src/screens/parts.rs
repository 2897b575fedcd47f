//! Pieces that several views show alike: badges, crumbs, marks, sheets, facts.

/// A state in one word with its tint; the word carries the meaning.
#[derive(Debug, Clone, Default)]
pub struct Badge {
    /// `good`, `warn`, `bad`, `cool` or empty.
    pub tone: &'static str,
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct Crumb {
    pub code: String,
    pub name: String,
    pub url: String,
}

/// A box on a page, in pixels of the upright page image. `hit` groups the boxes of one hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    pub hit: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
}

/// A run of text in a snippet.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    pub text: String,
    pub marked: bool,
}

/// A line of the text layer.
#[derive(Debug, Clone)]
pub struct LineOfText {
    pub text: String,
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
}

/// One page as the viewer shows it.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    pub number: u32,
    pub width: i64,
    pub height: i64,
    pub image: String,
    pub srcset: String,
    pub small: String,
    pub text_url: String,
    /// Filled for the page the reader lands on; the others are fetched when they come near.
    pub lines: Vec<LineOfText>,
    pub marks: Vec<Mark>,
    /// Places with ink that was not read.
    pub doubts: Vec<Mark>,
    pub remark: String,
}

/// The place of a hit cut out of its page.
#[derive(Debug, Clone)]
pub struct Thumb {
    pub image: String,
    pub width: i64,
    pub height: i64,
    pub marks: Vec<Mark>,
}

#[derive(Debug, Clone, Default)]
pub struct Fact {
    pub label: String,
    pub value: String,
    /// Empty when the value leads nowhere.
    pub url: String,
    /// Set in the code face.
    pub code: bool,
}

/// Why a document is linked to a customer, or might be.
#[derive(Debug, Clone)]
pub struct Reason {
    pub text: String,
    /// The characters on the page.
    pub words: String,
    /// 0 when the reason stands on no page.
    pub page: u32,
}

#[derive(Debug, Clone)]
pub struct Event {
    pub at: String,
    pub at_full: String,
    pub text: String,
    pub who: String,
}

#[derive(Debug, Clone)]
pub struct Link {
    pub url: String,
    pub label: String,
}

#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

#[derive(Debug, Clone)]
pub struct Figure {
    pub url: String,
    pub label: String,
    pub count: u64,
    pub tone: &'static str,
}

impl Thumb {
    /// Three times as wide as high, around the first mark, large enough to recognise the surroundings.
    pub fn view_box(&self) -> String {
        let (page_w, page_h) = (self.width.max(1) as f64, self.height.max(1) as f64);
        let Some(first) = self.marks.first() else {
            return format!("0 0 {} {}", self.width, (page_w / 3.0).round());
        };
        let w = (first.w as f64 * 1.6).max(first.h as f64 * 7.2).max(page_w * 0.16).min(page_w);
        let h = w / 3.0;
        let x = (first.x as f64 + first.w as f64 / 2.0 - w / 2.0).clamp(0.0, page_w - w);
        let y = (first.y as f64 + first.h as f64 / 2.0 - h / 2.0).clamp(0.0, (page_h - h).max(0.0));
        format!("{x:.0} {y:.0} {w:.0} {h:.0}")
    }

    /// `x,y,w,h;x,y,w,h` for the script that draws them elsewhere.
    pub fn marks_text(&self) -> String {
        let boxes: Vec<_> = self.marks.iter().map(|m| format!("{},{},{},{}", m.x, m.y, m.w, m.h)).collect();
        boxes.join(";")
    }
}
