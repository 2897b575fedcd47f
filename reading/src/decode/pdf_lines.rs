//! Characters of a text layer as lines, whichever way they run: level, turned, upright in columns, slanted.

use super::frame::Frame;
use super::pdf_text::RawChar;
use crate::layout::{LayoutChar, LayoutLine, LineKind, PixelArea, Turn};
use crate::order::{self, RulingLines};
use std::collections::BTreeMap;

/// Degrees by which a character may lean and still be taken for level.
const LEAN: u16 = 4;
/// Characters below each other from which they are a column.
const COLUMN_CHARS_MIN: usize = 3;
/// Gap between two characters, in their heights, that looks for a ruling line between them.
const RULED_GAP: f32 = 0.1;
/// A letter so many times as high as the next, and so many heights of the small one away, is of another line.
const SIZES_RATIO_MAX: f32 = 1.8;
const SIZES_GAP: f32 = 0.6;
/// Ruling lines are so many at most; more are a drawing.
const RULES_MAX: usize = 2_000;

/// How characters run on the page as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum TextRun {
    /// The turn, in quarters, that makes it level.
    Quarters(u16),
    /// Degrees clockwise.
    Slanted(u16),
}

/// The page that the lines are on.
pub(super) struct TextSheet<'s> {
    pub frame: &'s Frame,
    /// The clockwise turn that makes most of its text level.
    pub turn: Turn,
    /// Ruling lines in points: left, bottom, right, top.
    pub rules: &'s [[f32; 4]],
}

/// The turn that makes the text level, when nearly all of it lies on one side.
pub(super) fn common_turn(raw: &[RawChar], frame: &Frame) -> Turn {
    let mut counts = [0usize; 4];
    let mut all = 0;
    for char in raw.iter().filter(|c| c.rect.is_some() && !c.value.is_whitespace()) {
        all += 1;
        if let TextRun::Quarters(quarters) = run_of(char.angle, frame.rotation) {
            counts[usize::from(quarters % 4)] += 1;
        }
    }
    let turn = |quarters: usize| Turn::from_degrees(quarters as i64 * 90).unwrap_or_default();
    (1..4).find(|q| counts[*q] * 5 > all * 4).map(turn).unwrap_or_default()
}

/// How a character of this angle runs on the page turned by `rotation`.
fn run_of(angle: u16, rotation: Turn) -> TextRun {
    let shown = (angle + rotation.degrees()) % 360;
    let off = shown % 90;
    if off <= LEAN || off >= 90 - LEAN {
        // What leans clockwise becomes level by the rest of the circle.
        return TextRun::Quarters((4 - (shown + LEAN) / 90 % 4) % 4);
    }
    TextRun::Slanted(shown)
}

/// The characters as lines in reading order: first those that run as most do, then the others.
pub(super) fn lines(raw: &[RawChar], sheet: &TextSheet<'_>) -> Vec<LayoutLine> {
    let own = TextRun::Quarters(sheet.turn.degrees() / 90);
    let mut runs: BTreeMap<TextRun, Vec<RawChar>> = BTreeMap::new();
    let mut last = own;
    for char in raw {
        if char.rect.is_some() {
            last = run_of(char.angle, sheet.frame.rotation);
        }
        runs.entry(last).or_default().push(*char);
    }
    let mut lines = runs
        .remove(&own)
        .map(|run| quarter_lines(&run, sheet, sheet.turn))
        .unwrap_or_default();
    for (run, chars) in runs {
        lines.extend(match run {
            TextRun::Quarters(quarters) => {
                let turn = Turn::from_degrees(i64::from(quarters) * 90).unwrap_or_default();
                let back = Turn::from_degrees(i64::from(sheet.turn.degrees()) - i64::from(turn.degrees()));
                let size = turn.size(sheet.frame.width, sheet.frame.height);
                let turned = quarter_lines(&chars, sheet, turn).into_iter();
                turned
                    .map(|line| line_turned(line, size, back.unwrap_or_default()))
                    .collect()
            }
            TextRun::Slanted(angle) => slanted_lines(&chars, sheet, angle),
        });
    }
    lines
}

/// The lines of characters that are level once the page is turned so; on the page turned so.
fn quarter_lines(raw: &[RawChar], sheet: &TextSheet<'_>, turn: Turn) -> Vec<LayoutLine> {
    let size = (sheet.frame.width, sheet.frame.height);
    let place = |rect: [f32; 4]| sheet.frame.area(rect).turned(size, turn);
    let rules: Vec<PixelArea> = sheet.rules.iter().take(RULES_MAX).map(|rule| place(*rule)).collect();
    let (upright, level): (Vec<_>, Vec<_>) = rules.into_iter().partition(|rule| rule.h > rule.w);
    let placed: Vec<(char, Option<PixelArea>)> = raw.iter().map(|c| (c.value, c.rect.map(place))).collect();
    let (columns, placed) = columns(placed);
    let level_lines = built(placed, &upright);
    let rules = RulingLines {
        upright: &upright,
        level: &level,
    };
    let mut lines = order::reading_order(level_lines, rules);
    lines.extend(columns);
    lines
}

/// Characters in their order as lines.
fn built(placed: Vec<(char, Option<PixelArea>)>, upright: &[PixelArea]) -> Vec<LayoutLine> {
    let mut lines = Vec::new();
    let mut line = GrowingLine::default();
    for (value, area) in placed {
        match (value, area) {
            ('\n' | '\r', _) => line.finish(&mut lines),
            (value, None) => line.space(value),
            (value, Some(area)) => line.add(value, area, upright, &mut lines),
        }
    }
    line.finish(&mut lines);
    lines
}

type PlacedChars = Vec<(char, Option<PixelArea>)>;

/// Takes out the characters that stand below each other, each column a line, the columns from the right.
fn columns(placed: PlacedChars) -> (Vec<LayoutLine>, PlacedChars) {
    let marks: Vec<usize> = (0..placed.len())
        .filter(|i| placed[*i].1.is_some() && !placed[*i].0.is_whitespace())
        .collect();
    let follows = |a: usize, b: usize| {
        let (Some(a), Some(b)) = (placed[a].1, placed[b].1) else {
            return false;
        };
        let size = a.w.max(a.h).max(b.w).max(b.h);
        let aside = (a.x + a.w / 2.0 - b.x - b.w / 2.0).abs();
        let down = b.middle_y() - a.middle_y();
        aside < size * 0.3 && down > size * 0.5 && down < size * 1.6
    };
    let mut taken = vec![false; placed.len()];
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut at = 0;
    while at < marks.len() {
        let end = (at + 1..marks.len())
            .find(|next| !follows(marks[next - 1], marks[*next]))
            .unwrap_or(marks.len());
        let column = &marks[at..end];
        let is_han = |i: &&usize| !placed[**i].0.is_ascii();
        if column.len() >= COLUMN_CHARS_MIN && column.iter().filter(is_han).count() * 2 > column.len() {
            column.iter().for_each(|i| taken[*i] = true);
            found.push(column.to_vec());
        }
        at = end;
    }
    let mut lines: Vec<LayoutLine> = found.iter().map(|column| column_line(column, &placed)).collect();
    lines.sort_by(|a, b| {
        let middle = |line: &LayoutLine| line.area.x + line.area.w / 2.0;
        let beside = (middle(a) - middle(b)).abs() > a.area.w.min(b.area.w) * 0.5;
        let by_place = middle(b).total_cmp(&middle(a));
        if beside {
            by_place
        } else {
            a.area.y.total_cmp(&b.area.y)
        }
    });
    let rest = placed
        .into_iter()
        .zip(taken)
        .filter(|(_, taken)| !taken)
        .map(|(char, _)| char);
    (lines, rest.collect())
}

fn column_line(column: &[usize], placed: &PlacedChars) -> LayoutLine {
    let chars = column.iter().filter_map(|i| Some((placed[*i].0, placed[*i].1?)));
    plain_line(chars.collect())
}

/// A line of characters wherever they are.
fn plain_line(chars: Vec<(char, PixelArea)>) -> LayoutLine {
    let area = chars.iter().map(|(_, area)| *area).reduce(|a, b| a.joined(&b));
    LayoutLine {
        text: chars.iter().map(|(value, _)| *value).collect(),
        confidence: 1.0,
        area: area.unwrap_or_default(),
        slope: 0.0,
        chars: chars
            .iter()
            .map(|(_, area)| LayoutChar {
                x: area.x,
                w: area.w,
                confidence: 1.0,
            })
            .collect(),
        kind: LineKind::Text,
        alternatives: Vec::new(),
    }
}

/// Letters that slant, such as those of a watermark: put together along their slant.
fn slanted_lines(raw: &[RawChar], sheet: &TextSheet<'_>, angle: u16) -> Vec<LayoutLine> {
    let size = (sheet.frame.width, sheet.frame.height);
    // The angle is that of the page as shown; the text is given on the page turned upright.
    let (sin, cos) = (f32::from(angle) + f32::from(sheet.turn.degrees()))
        .to_radians()
        .sin_cos();
    let mut letters: Vec<(char, PixelArea, f32, f32, f32)> = Vec::new();
    for char in raw.iter().filter(|c| !c.value.is_whitespace() && !c.value.is_control()) {
        let Some(rect) = char.rect else { continue };
        let area = sheet.frame.area(rect).turned(size, sheet.turn);
        let (x, y) = (area.x + area.w / 2.0, area.middle_y());
        letters.push((
            char.value,
            area,
            x * cos + y * sin,
            y * cos - x * sin,
            area.w.max(area.h),
        ));
    }
    let mut lines: Vec<Vec<(char, PixelArea)>> = Vec::new();
    let mut last: Option<(f32, f32)> = None;
    for (value, area, along, across, size) in letters {
        let continues =
            last.is_some_and(|(a, c)| (across - c).abs() < size * 0.5 && along > a && along - a < size * 2.5);
        match lines.last_mut().filter(|_| continues) {
            Some(line) => line.push((value, area)),
            None => lines.push(vec![(value, area)]),
        }
        last = Some((along, across));
    }
    lines.into_iter().map(plain_line).collect()
}

/// The line on the page turned further.
fn line_turned(line: LayoutLine, size: (u32, u32), turn: Turn) -> LayoutLine {
    let char = |char: &LayoutChar| {
        let area = PixelArea {
            x: char.x,
            w: char.w,
            ..line.area
        };
        let area = area.turned(size, turn);
        LayoutChar {
            x: area.x,
            w: area.w,
            ..*char
        }
    };
    LayoutLine {
        chars: line.chars.iter().map(char).collect(),
        area: line.area.turned(size, turn),
        ..line
    }
}

/// A line that grows.
#[derive(Default)]
struct GrowingLine {
    text: String,
    chars: Vec<LayoutChar>,
    area: Option<PixelArea>,
    last: PixelArea,
    last_value: char,
    /// White space that becomes part of the line only if something follows.
    pending: Vec<char>,
}

impl GrowingLine {
    fn space(&mut self, value: char) {
        if self.area.is_some() && (value.is_whitespace() || !value.is_control()) {
            self.pending.push(if value.is_whitespace() { ' ' } else { value });
        }
    }

    fn add(&mut self, value: char, area: PixelArea, upright: &[PixelArea], lines: &mut Vec<LayoutLine>) {
        if value.is_whitespace() {
            return self.space(value);
        }
        if value.is_control() {
            return;
        }
        if self.area.is_some() && !self.continues(value, &area, upright) {
            self.finish(lines);
        }
        let from = self.last.right();
        let wide = (area.x - from).max(0.0) / self.pending.len().max(1) as f32;
        for (i, space) in std::mem::take(&mut self.pending).into_iter().enumerate() {
            self.text.push(space);
            let x = from + wide * i as f32;
            self.chars.push(LayoutChar {
                x,
                w: wide,
                confidence: 1.0,
            });
        }
        self.text.push(value);
        self.chars.push(LayoutChar {
            x: area.x,
            w: area.w,
            confidence: 1.0,
        });
        self.area = Some(self.area.map_or(area, |a| a.joined(&area)));
        self.last = area;
        self.last_value = value;
    }

    /// Whether a character at this place belongs to the line: beside the last one, not below it, not a column away and
    /// not in the next cell.
    fn continues(&self, value: char, area: &PixelArea, upright: &[PixelArea]) -> bool {
        let height = self.last.h.max(area.h);
        if (self.last.middle_y() - area.middle_y()).abs() >= height * 0.5 {
            return false;
        }
        let fits = |gap: f32| gap < height * 1.5 && gap > -height * 0.8;
        let gap = area.x - self.last.right();
        // A label in small letters beside a heading is no part of it; an index stands close.
        let small = self.last.h.min(area.h);
        if height > small * SIZES_RATIO_MAX && gap > small * SIZES_GAP {
            return false;
        }
        if is_leftward(value) || is_leftward(self.last_value) {
            return fits(gap) || fits(self.last.x - area.right());
        }
        let parts = |rule: &PixelArea| {
            let x = rule.x + rule.w / 2.0;
            x > self.last.x + self.last.w / 2.0
                && x < area.x + area.w / 2.0
                && rule.y < area.middle_y()
                && rule.bottom() > area.middle_y()
        };
        fits(gap) && !(gap > height * RULED_GAP && upright.iter().any(parts))
    }

    fn finish(&mut self, lines: &mut Vec<LayoutLine>) {
        let done = std::mem::take(self);
        let Some(area) = done.area else { return };
        lines.push(LayoutLine {
            text: done.text,
            confidence: 1.0,
            area,
            slope: 0.0,
            chars: done.chars,
            kind: LineKind::Text,
            alternatives: Vec::new(),
        });
    }
}

/// Letters of scripts that run to the left.
fn is_leftward(value: char) -> bool {
    matches!(u32::from(value), 0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(value: char, x: f32, y: f32) -> RawChar {
        turned(value, x, y, 0)
    }

    fn turned(value: char, x: f32, y: f32, angle: u16) -> RawChar {
        RawChar {
            value,
            rect: Some([x, y, x + 10.0, y + 10.0]),
            angle,
            invisible: false,
            hidden: false,
        }
    }

    const FRAME: Frame = Frame {
        bounds: [0.0, 0.0, 200.0, 100.0],
        rotation: Turn::None,
        width: 400,
        height: 200,
    };

    fn texts(page: &[RawChar], rules: &[[f32; 4]]) -> Vec<String> {
        let sheet = TextSheet {
            frame: &FRAME,
            turn: common_turn(page, &FRAME),
            rules,
        };
        let lines = lines(page, &sheet);
        assert!(lines.iter().all(|l| l.chars.len() == l.text.chars().count()));
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_label_in_small_letters_is_no_part_of_the_heading_beside_it() {
        let large = |value, x: f32| RawChar {
            rect: Some([x, 0.0, x + 20.0, 22.0]),
            ..raw(value, x, 0.0)
        };
        let mut page: Vec<RawChar> = "发票".chars().zip([0.0, 20.0]).map(|(c, x)| large(c, x)).collect();
        page.push(raw('号', 60.0, 4.0));
        page.push(raw('码', 70.0, 4.0));
        assert_eq!(texts(&page, &[]), ["发票", "号码"]);
    }

    #[test]
    fn characters_become_lines_with_a_box_each() {
        let made_up = RawChar {
            rect: None,
            ..raw(' ', 0.0, 0.0)
        };
        let page = [
            raw('合', 10.0, 80.0),
            raw('同', 20.0, 80.0),
            made_up,
            raw('A', 34.0, 80.0),
            raw('甲', 120.0, 80.0),
            raw('下', 10.0, 50.0),
        ];
        assert_eq!(texts(&page, &[]), ["合同 A", "甲", "下"]);
        let sheet = TextSheet {
            frame: &FRAME,
            turn: Turn::None,
            rules: &[],
        };
        let lines = lines(&page, &sheet);
        assert_eq!(lines[0].chars[1].x, 40.0);
        assert_eq!(lines[0].area.y, 20.0);
    }

    #[test]
    fn text_that_climbs_is_read_from_below_and_the_page_turned() {
        let climbing: Vec<RawChar> = "装订线"
            .chars()
            .enumerate()
            .map(|(i, c)| turned(c, 5.0, 20.0 + 10.0 * i as f32, 270))
            .collect();
        assert_eq!(common_turn(&climbing, &FRAME), Turn::Quarter);
        assert_eq!(texts(&climbing, &[]), ["装订线"]);
        let falling: Vec<RawChar> = "装订线"
            .chars()
            .enumerate()
            .map(|(i, c)| turned(c, 5.0, 80.0 - 10.0 * i as f32, 90))
            .collect();
        assert_eq!(common_turn(&falling, &FRAME), Turn::ThreeQuarters);
        let level: Vec<RawChar> = "租赁合同正文若干字数多于边栏十余"
            .chars()
            .enumerate()
            .map(|(i, c)| raw(c, 20.0 + 10.0 * i as f32, 50.0))
            .collect();
        let both = [falling, level].concat();
        assert_eq!(texts(&both, &[]), ["租赁合同正文若干字数多于边栏十余", "装订线"]);
    }

    #[test]
    fn upside_down_text_is_read_from_its_own_side() {
        let page: Vec<RawChar> = "倒置文字"
            .chars()
            .enumerate()
            .map(|(i, c)| turned(c, 80.0 - 10.0 * i as f32, 50.0, 180))
            .collect();
        assert_eq!(common_turn(&page, &FRAME), Turn::Half);
        assert_eq!(texts(&page, &[]), ["倒置文字"]);
    }

    #[test]
    fn columns_are_read_downwards_and_from_the_right() {
        let column = |text: &str, x: f32| -> Vec<RawChar> {
            text.chars()
                .enumerate()
                .map(|(i, c)| raw(c, x, 80.0 - 11.0 * i as f32))
                .collect()
        };
        let page = [column("立契约人", 150.0), column("今将房屋", 130.0)].concat();
        assert_eq!(texts(&page, &[]), ["立契约人", "今将房屋"]);
    }

    #[test]
    fn letters_of_a_watermark_stand_apart() {
        let mark = |value, at: f32| turned(value, 20.0 + at * 14.0, 20.0 + at * 14.0, 315);
        let page = [
            mark('严', 0.0),
            mark('禁', 1.0),
            mark('外', 2.0),
            raw('正', 10.0, 80.0),
            raw('文', 20.0, 80.0),
        ];
        assert_eq!(texts(&page, &[]), ["正文", "严禁外"]);
    }

    #[test]
    fn a_ruling_line_parts_cells_and_rows_hold_together() {
        let row = |text: &str, x: f32, y: f32| -> Vec<RawChar> {
            text.chars()
                .enumerate()
                .map(|(i, c)| raw(c, x + 10.0 * i as f32, y))
                .collect()
        };
        // A name in two lines beside a number between them.
        let page = [
            row("甲乙", 10.0, 70.0),
            row("12", 33.0, 64.0),
            row("公司", 10.0, 58.0),
            row("丙丁", 10.0, 30.0),
            row("34", 33.0, 30.0),
        ]
        .concat();
        let rules = [
            [5.0, 84.0, 60.0, 85.0],
            [5.0, 50.0, 60.0, 51.0],
            [5.0, 20.0, 60.0, 21.0],
            [5.0, 20.0, 6.0, 85.0],
            [31.0, 20.0, 32.0, 85.0],
            [59.0, 20.0, 60.0, 85.0],
        ];
        assert_eq!(texts(&page, &rules), ["甲乙", "公司", "12", "丙丁", "34"]);
    }

    #[test]
    fn letters_that_run_to_the_left_stay_together() {
        let page: Vec<RawChar> = "שלום"
            .chars()
            .enumerate()
            .map(|(i, c)| raw(c, 80.0 - 10.0 * i as f32, 50.0))
            .collect();
        assert_eq!(texts(&page, &[]), ["שלום"]);
    }
}
