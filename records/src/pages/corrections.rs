//! What a person typed over a line. A correction holds for its place on the page: it wins over whatever layer is
//! current, and a page that is read again or turned keeps it.

use super::{Area, CharBox, TextLayer, TextLine};
use crate::Moment;

/// Share of a line's height or width that must be shared to be the same place.
const SAME_PLACE: f64 = 0.5;

/// The frame of an upright page image: the clockwise turn from the delivered image, and its size in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PageFrame {
    pub turn: u16,
    pub width: u32,
    pub height: u32,
}

/// A text that replaces what was read at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    pub area: Area,
    /// The frame in which the area was drawn.
    pub frame: PageFrame,
    /// Empty: there is no text there.
    pub text: String,
    /// The recognised text that it replaces.
    pub former: String,
    pub by_name: String,
    pub at: Moment,
}

impl PageFrame {
    /// An area of this frame as it lies in another one of the same page.
    pub fn carry(self, area: Area, to: PageFrame) -> Area {
        if self == to {
            return area;
        }
        let share = |value: u32, whole: u32| f64::from(value) / f64::from(whole.max(1));
        let (left, top) = (share(area.x, self.width), share(area.y, self.height));
        let (right, bottom) = (
            share(area.x.saturating_add(area.w), self.width),
            share(area.y.saturating_add(area.h), self.height),
        );
        let (a, b) = (
            onto(delivered((left, top), self.turn), to.turn),
            onto(delivered((right, bottom), self.turn), to.turn),
        );
        let pixel = |value: f64, whole: u32| (value.clamp(0.0, 1.0) * f64::from(whole)).round() as u32;
        let (x, y) = (pixel(a.0.min(b.0), to.width), pixel(a.1.min(b.1), to.height));
        Area {
            x,
            y,
            w: pixel(a.0.max(b.0), to.width) - x,
            h: pixel(a.1.max(b.1), to.height) - y,
        }
    }
}

/// Where a point of a page that was turned clockwise stood before, both as shares of the sides.
fn delivered((x, y): (f64, f64), turn: u16) -> (f64, f64) {
    match turn {
        90 => (y, 1.0 - x),
        180 => (1.0 - x, 1.0 - y),
        270 => (1.0 - y, x),
        _ => (x, y),
    }
}

fn onto((u, v): (f64, f64), turn: u16) -> (f64, f64) {
    match turn {
        90 => (1.0 - v, u),
        180 => (1.0 - u, 1.0 - v),
        270 => (v, 1.0 - u),
        _ => (u, v),
    }
}

impl TextLayer {
    /// The layer as it is searched and shown: with what people have typed in the place of what was read. `frame` is
    /// the layer's own; corrections come oldest first.
    pub fn corrected(mut self, frame: PageFrame, corrections: &[Correction]) -> TextLayer {
        for correction in corrections {
            let area = correction.frame.carry(correction.area, frame);
            self.put(area, &correction.text);
        }
        self
    }

    fn put(&mut self, area: Area, text: &str) {
        let typed = line(area, text);
        if let Some(at) = self.lines.iter().position(|line| line.area == area) {
            // A line of a seal that crosses it is left out.
            self.lines[at] = typed;
        } else {
            let mut place = None;
            let mut at = 0;
            while at < self.lines.len() {
                let here = &mut self.lines[at];
                if !same_height(here.area, area) {
                    at += 1;
                    continue;
                }
                let Some((from, until)) = covered(here, area) else {
                    at += 1;
                    continue;
                };
                if place.is_none() {
                    here.replace(from, until, &typed);
                    place = Some(at);
                } else {
                    here.replace(from, until, &line(area, ""));
                }
                if here.text.is_empty() {
                    self.lines.remove(at);
                } else {
                    at += 1;
                }
            }
            if place.is_none() && !text.is_empty() {
                let middle = area.y + area.h / 2;
                let at = self.lines.iter().position(|line| line.area.y > middle);
                self.lines.insert(at.unwrap_or(self.lines.len()), typed);
            }
        }
        self.lines.retain(|line| !line.text.is_empty());
    }
}

impl TextLine {
    /// Puts the characters of another line in the place of some of these.
    fn replace(&mut self, from: usize, until: usize, other: &TextLine) {
        let mut text: Vec<char> = self.text.chars().collect();
        text.splice(from..until, other.text.chars());
        self.text = text.into_iter().collect();
        self.chars.splice(from..until, other.chars.iter().copied());
        if !other.text.is_empty() {
            self.area = self.area.union(other.area);
        }
        let sum: f32 = self.chars.iter().map(|c| c.confidence).sum();
        self.confidence = sum / self.chars.len().max(1) as f32;
    }
}

/// The typed text, its characters spread evenly over the place, with full confidence.
fn line(area: Area, text: &str) -> TextLine {
    let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX).max(1);
    let edge = |at: u32| area.x + (u64::from(area.w) * u64::from(at) / u64::from(count)) as u32;
    TextLine {
        text: text.to_owned(),
        area,
        slope: 0.0,
        confidence: 1.0,
        chars: (0..)
            .zip(text.chars())
            .map(|(at, _)| CharBox {
                x: edge(at),
                w: edge(at + 1) - edge(at),
                confidence: 1.0,
            })
            .collect(),
    }
}

fn same_height(line: Area, area: Area) -> bool {
    let shared = (line.y + line.h)
        .min(area.y + area.h)
        .saturating_sub(line.y.max(area.y));
    f64::from(shared) >= SAME_PLACE * f64::from(line.h.min(area.h).max(1))
}

/// The characters of a line whose middle lies within the area; `None` when there are none.
fn covered(line: &TextLine, area: Area) -> Option<(usize, usize)> {
    let within = |c: &CharBox| {
        let middle = c.x + c.w / 2;
        (area.x..=area.x + area.w).contains(&middle)
    };
    let first = line.chars.iter().position(within)?;
    let last = line.chars.iter().rposition(within)?;
    Some((first, last + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: PageFrame = PageFrame {
        turn: 0,
        width: 1000,
        height: 2000,
    };

    fn at(x: u32, y: u32, w: u32, h: u32) -> Area {
        Area { x, y, w, h }
    }

    fn correction(area: Area, frame: PageFrame, text: &str) -> Correction {
        Correction {
            area,
            frame,
            text: text.to_owned(),
            former: String::new(),
            by_name: "li".to_owned(),
            at: Moment::from_micros(0),
        }
    }

    fn layer() -> TextLayer {
        TextLayer {
            lines: vec![
                line(at(100, 100, 400, 50), "甲方：李文"),
                line(at(600, 100, 300, 50), "乙方：王"),
                line(at(100, 200, 400, 50), "合同金额"),
            ],
        }
    }

    #[test]
    fn areas_follow_the_turn() {
        let turned = PageFrame {
            turn: 90,
            width: 2000,
            height: 1000,
        };
        let area = at(100, 200, 300, 50);
        let there = FRAME.carry(area, turned);
        assert_eq!(there, at(1750, 100, 50, 300));
        assert_eq!(turned.carry(there, FRAME), area);
        for turn in [180, 270] {
            let (width, height) = if turn == 180 { (1000, 2000) } else { (2000, 1000) };
            let other = PageFrame { turn, width, height };
            assert_eq!(other.carry(FRAME.carry(area, other), FRAME), area, "{turn}");
        }
    }

    #[test]
    fn a_correction_takes_the_place_of_what_was_read() {
        let typed = correction(at(100, 100, 400, 50), FRAME, "甲方：李雯");
        assert_eq!(
            layer().corrected(FRAME, &[typed]).text(),
            "甲方：李雯\n乙方：王\n合同金额"
        );
    }

    #[test]
    fn another_reading_of_the_same_place_is_corrected_too() {
        // The new reading cuts the lines elsewhere: two in one, one in two.
        let joined = TextLayer {
            lines: vec![
                line(at(98, 102, 802, 52), "甲方:李文乙方:王王"),
                line(at(100, 200, 400, 50), "合同"),
            ],
        };
        let typed = correction(at(100, 100, 400, 50), FRAME, "甲方：李雯");
        let text = joined.corrected(FRAME, std::slice::from_ref(&typed)).text();
        assert!(
            text.starts_with("甲方：李雯") && text.contains("王") && text.ends_with("\n合同"),
            "{text}"
        );
        let split = TextLayer {
            lines: vec![line(at(100, 101, 150, 48), "甲方"), line(at(270, 101, 230, 48), "李文")],
        };
        assert_eq!(split.corrected(FRAME, &[typed]).text(), "甲方：李雯");
    }

    #[test]
    fn a_correction_stays_where_nothing_is_read_any_more() {
        let typed = correction(at(100, 150, 400, 30), FRAME, "第一条");
        let empty = TextLayer::default();
        assert_eq!(empty.corrected(FRAME, std::slice::from_ref(&typed)).text(), "第一条");
        let text = layer().corrected(FRAME, &[typed]).text();
        assert_eq!(text, "甲方：李文\n乙方：王\n第一条\n合同金额");
    }

    #[test]
    fn the_newest_correction_wins_and_nothing_can_be_said() {
        let area = at(100, 100, 400, 50);
        let typed = ["甲方：李雯", "甲方：李纹"].map(|text| correction(area, FRAME, text));
        assert!(layer().corrected(FRAME, &typed).text().starts_with("甲方：李纹\n"));
        let nothing = correction(area, FRAME, "");
        assert_eq!(layer().corrected(FRAME, &[nothing]).text(), "乙方：王\n合同金额");
    }

    #[test]
    fn boxes_count_the_characters_of_the_text() {
        let typed = correction(at(100, 100, 800, 50), FRAME, "甲方：李雯与王");
        for line in layer().corrected(FRAME, &[typed]).lines {
            assert_eq!(line.text.chars().count(), line.chars.len());
        }
    }
}
