//! Labels for shelves, slots and boxes on A4 sheets: the code large, its name and way, and the code as QR, nothing else
//! in it. The text on a label is the caller's choice; names of customers do not belong on the outside of a box.

use crate::{
    Fonts, PrintError, PrintLimits, Result,
    code128::bars,
    fonts::printable,
    pen::{PdfProperties, Pen, RectMm, Weight, draw_pages, millimetres, points},
    qr::{ErrorCorrection, MODULE_MIN_MM, Qr},
    wrap::{wrap, wrap_at_most},
};

/// The smallest label that a person reads from the aisle.
const WIDTH_MIN_MM: f32 = 60.0;
const HEIGHT_MIN_MM: f32 = 25.0;
const PADDING_MM: f32 = 2.5;
/// Bars that a gun reads at arm's length.
const BARCODE_HEIGHT_MM: f32 = 8.0;
const BARCODE_MODULE_MIN_MM: f32 = 0.25;
/// Larger modules do not read better at arm's length.
const MODULE_MAX_MM: f32 = 0.85;

#[derive(Debug, Clone, Default)]
pub struct LabelData {
    /// The code of the location or the serial of the container; the QR code holds exactly this.
    pub code: String,
    /// What people call it, such as `三号柜 B 面`; may be empty.
    pub name: String,
    /// The way to it, such as `本部 › 一号库房`; may be empty.
    pub path: String,
    /// A short line at the bottom, such as the highest security level it may hold; may be empty.
    pub note: String,
    /// A Code 128 of the code below everything else, where it has one and there is room.
    pub barcode: bool,
    /// Printed in a box behind the code for codes typed by hand, see [`crate::check_character`]; not in the QR code.
    pub check: Option<char>,
}

/// A sheet of labels. Columns, rows, margins and gaps are those of the label paper.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelSheet {
    pub page_width_mm: f32,
    pub page_height_mm: f32,
    pub columns: usize,
    pub rows: usize,
    pub label_width_mm: f32,
    pub label_height_mm: f32,
    pub margin_left_mm: f32,
    pub margin_top_mm: f32,
    pub gap_x_mm: f32,
    pub gap_y_mm: f32,
    /// Labels already used up on the first sheet.
    pub skip: usize,
    /// A thin frame around each label, to cut along on plain paper.
    pub frames: bool,
}

impl LabelSheet {
    /// 3 x 7 labels of 63.5 x 38.1 mm with rounded gaps, sold as L7160.
    pub const A4_21: LabelSheet = LabelSheet {
        page_width_mm: 210.0,
        page_height_mm: 297.0,
        columns: 3,
        rows: 7,
        label_width_mm: 63.5,
        label_height_mm: 38.1,
        margin_left_mm: 7.25,
        margin_top_mm: 15.15,
        gap_x_mm: 2.5,
        gap_y_mm: 0.0,
        skip: 0,
        frames: false,
    };

    /// 3 x 8 labels of 70 x 37 mm without gaps or margins.
    pub const A4_24: LabelSheet = LabelSheet {
        columns: 3,
        rows: 8,
        label_width_mm: 70.0,
        label_height_mm: 37.0,
        margin_left_mm: 0.0,
        margin_top_mm: 0.5,
        gap_x_mm: 0.0,
        ..LabelSheet::A4_21
    };

    /// Plain A4 paper, divided evenly inside the margins, with frames to cut along.
    pub fn a4_grid(columns: usize, rows: usize, margin_mm: f32) -> LabelSheet {
        LabelSheet {
            columns,
            rows,
            label_width_mm: (210.0 - 2.0 * margin_mm) / columns.max(1) as f32,
            label_height_mm: (297.0 - 2.0 * margin_mm) / rows.max(1) as f32,
            margin_left_mm: margin_mm,
            margin_top_mm: margin_mm,
            gap_x_mm: 0.0,
            frames: true,
            ..LabelSheet::A4_21
        }
    }

    fn check(&self) -> Result<()> {
        let refuse = |reason: String| Err(PrintError::UnusableSheet(reason));
        let lengths = [
            self.page_width_mm,
            self.page_height_mm,
            self.label_width_mm,
            self.label_height_mm,
            self.margin_left_mm,
            self.margin_top_mm,
            self.gap_x_mm,
            self.gap_y_mm,
        ];
        if lengths.iter().any(|mm| !(0.0..=2_000.0).contains(mm)) {
            return refuse("every length must be 0 to 2000 mm".into());
        }
        if !(1..=20).contains(&self.columns) || !(1..=60).contains(&self.rows) {
            return refuse(format!(
                "{} columns x {} rows; use 1 to 20 columns and 1 to 60 rows",
                self.columns, self.rows
            ));
        }
        if self.label_width_mm < WIDTH_MIN_MM || self.label_height_mm < HEIGHT_MIN_MM {
            return refuse(format!(
                "a label would be {:.1} x {:.1} mm, but {WIDTH_MIN_MM} x {HEIGHT_MIN_MM} mm is the least; use fewer columns or rows",
                self.label_width_mm, self.label_height_mm
            ));
        }
        let last = self.area(self.columns * self.rows - 1);
        let (right, bottom) = (last.x + last.width, last.y + last.height);
        if right > self.page_width_mm + 0.1 || bottom > self.page_height_mm + 0.1 {
            return refuse(format!(
                "the labels reach to {right:.1} x {bottom:.1} mm, but the page ends at {:.1} x {:.1} mm",
                self.page_width_mm, self.page_height_mm
            ));
        }
        Ok(())
    }

    /// The place of a label, counted along the rows.
    fn area(&self, at: usize) -> RectMm {
        let (row, column) = (at / self.columns, at % self.columns);
        RectMm {
            x: self.margin_left_mm + column as f32 * (self.label_width_mm + self.gap_x_mm),
            y: self.margin_top_mm + row as f32 * (self.label_height_mm + self.gap_y_mm),
            width: self.label_width_mm,
            height: self.label_height_mm,
        }
    }
}

/// Labels as a PDF, in the order given. The check character is for people who type; a scanner reads the code alone.
///
/// QR codes have correction level Q, modules of at least 0.4 mm and a quiet zone of 4 modules.
///
/// # Errors
/// No label, too many, a sheet with impossible measures, a code too long for the label, glyphs that no font has.
pub fn location_labels(labels: &[LabelData], sheet: &LabelSheet, fonts: &Fonts) -> Result<Vec<u8>> {
    sheet.check()?;
    PrintLimits::check("labels", labels.len(), PrintLimits::LABELS_MAX)?;
    let mut all = String::from("…");
    let labels: Vec<LabelData> = labels.iter().map(drawable).collect();
    for label in &labels {
        for text in [&label.code, &label.name, &label.path, &label.note] {
            all.push_str(text);
        }
        all.extend(label.check);
    }
    let typeface = fonts.covering(&all)?;
    let per_page = sheet.columns * sheet.rows;
    let skip = sheet.skip % per_page;
    let pages = (labels.len() + skip).div_ceil(per_page);
    let about = PdfProperties {
        title: "Labels",
        made_at: None,
    };
    let size = (sheet.page_width_mm, sheet.page_height_mm);
    draw_pages(&about, size, &typeface, pages, |pen, page| {
        let first = page * per_page;
        for at in first.max(skip)..(first + per_page).min(labels.len() + skip) {
            draw(pen, &labels[at - skip], sheet.area(at - first), sheet.frames)?;
        }
        Ok(())
    })
}

fn drawable(label: &LabelData) -> LabelData {
    let line = |text: &str| printable(text).replace('\n', " ").trim().to_owned();
    LabelData {
        code: line(&label.code),
        name: line(&label.name),
        path: line(&label.path),
        note: line(&label.note),
        barcode: label.barcode,
        check: label.check,
    }
}

fn draw(pen: &mut Pen, label: &LabelData, area: RectMm, framed: bool) -> Result<()> {
    let inner = area.height - 2.0 * PADDING_MM;
    let qr = Qr::encode(&label.code, ErrorCorrection::Quartile)?;
    // The quiet zone reaches into the padding: what must stay free of ink there is free of it anyway.
    let square = (area.height - 2.0).min(area.width * 0.45);
    let module = qr
        .module_mm(square, MODULE_MAX_MM)
        .ok_or_else(|| PrintError::DoesNotFit {
            what: "label",
            code: label.code.clone(),
            reason: format!(
                "its QR code needs {:.0} mm at {MODULE_MIN_MM} mm a module; use larger labels",
                (qr.side_with_quiet() as f32 * MODULE_MIN_MM).ceil()
            ),
        })?;
    let side = qr.side_with_quiet() as f32 * module;
    if framed {
        pen.frame(area, 0.1);
    }
    pen.qr(&qr, area.x + 1.0, area.y + (area.height - side) / 2.0, module);

    let left = area.x + 1.0 + side;
    let width = area.x + area.width - PADDING_MM - left;
    let under = bar_code(pen, label, left, width, area);
    let inner = inner - under;
    let code = CodeLines::fit(pen, label, width, inner * 0.55);
    let below = Below::fit(pen, label, width, inner - code.height());
    let top = area.y + (area.height - under - code.height() - below.height()) / 2.0;
    let mut baseline = top;
    for (at, line) in code.lines.iter().enumerate() {
        baseline += millimetres(code.size) * if at == 0 { 0.85 } else { 1.1 };
        pen.text(left, baseline, code.size, Weight::Bold, line)?;
    }
    if let (Some(check), Some(last)) = (label.check, code.lines.last()) {
        let size = millimetres(code.size);
        let x = left + pen.width(last, code.size) + size * 0.25;
        let text = check.to_string();
        let boxed = RectMm {
            x,
            y: baseline - size * 0.83,
            width: pen.width(&text, code.size).max(size * 0.5) + size * 0.3,
            height: size * 0.98,
        };
        pen.frame(boxed, 0.25);
        let middle = x + boxed.width / 2.0;
        pen.text_centred(middle, baseline, code.size * 0.9, Weight::Regular, &text)?;
    }
    baseline = top + code.height();
    for (size, line) in &below.lines {
        baseline += millimetres(*size) * Below::LEADING;
        pen.text(left, baseline - millimetres(*size) * 0.2, *size, Weight::Regular, line)?;
    }
    Ok(())
}

/// Draws the Code 128 at the foot of a label, and gives how much room it takes.
fn bar_code(pen: &mut Pen, label: &LabelData, left: f32, width: f32, area: RectMm) -> f32 {
    let Some(bars) = bars(&label.code).filter(|_| label.barcode) else {
        return 0.0;
    };
    let foot = RectMm {
        x: left,
        y: area.y + area.height - PADDING_MM - BARCODE_HEIGHT_MM,
        width,
        height: BARCODE_HEIGHT_MM,
    };
    match pen.bars(&bars, foot, BARCODE_MODULE_MIN_MM) {
        true => BARCODE_HEIGHT_MM + PADDING_MM / 2.0,
        false => 0.0,
    }
}

/// The code in the largest letters that fit, on one line or broken at its dashes.
struct CodeLines {
    size: f32,
    lines: Vec<String>,
}

impl CodeLines {
    fn fit(pen: &Pen, label: &LabelData, width: f32, height: f32) -> Self {
        let mut best = Self {
            size: 0.0,
            lines: Vec::new(),
        };
        for count in 1..=3 {
            let lines = broken(&label.code, count);
            let widest = lines
                .iter()
                .enumerate()
                .map(|(at, line)| {
                    let is_last = at + 1 == lines.len();
                    let boxed = if is_last && label.check.is_some() { 1.45 } else { 0.0 };
                    pen.width(line, 1.0) + millimetres(boxed)
                })
                .fold(0.0, f32::max);
            let by_width = width / widest.max(0.01);
            let by_height = points(height) / (1.1 * lines.len() as f32);
            let size = by_width.min(by_height).min(34.0);
            // A code without dashes stays whole as long as it can be read at all.
            let worth = if label.code.contains('-') { 1.25 } else { 4.0 };
            if best.lines.is_empty() || size > best.size * worth {
                best = Self { size, lines };
            }
        }
        best
    }

    fn height(&self) -> f32 {
        millimetres(self.size) * 1.1 * self.lines.len() as f32
    }
}

/// A code in at most `count` lines of about the same length, broken behind dashes where it has some.
fn broken(code: &str, count: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let length = code.chars().count().div_ceil(count);
    for part in code.split_inclusive('-') {
        let wide = part.chars().count();
        match lines.last_mut() {
            Some(line) if line.chars().count() + wide <= length + 1 => line.push_str(part),
            _ => lines.push(part.to_owned()),
        }
    }
    let longest = lines.iter().map(|line| line.chars().count()).max();
    if lines.len() <= count && longest <= Some(length + length / 2 + 1) {
        return lines;
    }
    // Dashes do not help: too few, or too far apart.
    let chars: Vec<char> = code.chars().collect();
    chars.chunks(length).map(|line| line.iter().collect()).collect()
}

/// Name, path and note under the code, smaller when they are long.
struct Below {
    lines: Vec<(f32, String)>,
}

impl Below {
    const LEADING: f32 = 1.25;

    fn fit(pen: &Pen, label: &LabelData, width_mm: f32, height_mm: f32) -> Self {
        let width = points(width_mm);
        let parts = [(&label.name, 11.0), (&label.path, 8.0), (&label.note, 8.0)];
        for shrink in [1.0, 0.9, 0.8, 0.7, 0.6] {
            let lines: Vec<(f32, String)> = parts
                .iter()
                .flat_map(|(text, size)| {
                    let size = size * shrink;
                    let lines = wrap(pen.typeface, text, size, width);
                    lines.into_iter().map(move |line| (size, line))
                })
                .collect();
            let fitted = Self { lines };
            if fitted.height() <= height_mm {
                return fitted;
            }
        }
        // Too much for any size: a line of each, cut with an ellipsis; the QR code leads to the rest.
        let mut cut = Self { lines: Vec::new() };
        for (text, size) in parts {
            let size = size * 0.6;
            for line in wrap_at_most(pen.typeface, text, size, width, 1) {
                cut.lines.push((size, line));
                if cut.height() > height_mm {
                    cut.lines.pop();
                }
            }
        }
        cut
    }

    fn height(&self) -> f32 {
        let points: f32 = self.lines.iter().map(|(size, _)| size * Self::LEADING).sum();
        millimetres(points)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::tests::system_fonts;

    fn label(code: &str) -> LabelData {
        LabelData {
            code: code.into(),
            name: "三号柜 B 面第五层".into(),
            path: "贵阳本部 › 一号库房 › 第三列".into(),
            note: "可存密级：内部".into(),
            barcode: true,
            check: crate::check_character(code),
        }
    }

    #[test]
    fn sheets_are_checked() {
        for good in [LabelSheet::A4_21, LabelSheet::A4_24, LabelSheet::a4_grid(2, 8, 10.0)] {
            good.check().expect("usable");
        }
        let wrong = |sheet: LabelSheet, word: &str| {
            let text = sheet.check().err().map(|e| e.to_string()).unwrap_or_default();
            assert!(text.contains(word), "{text}");
        };
        wrong(LabelSheet::a4_grid(4, 8, 10.0), "fewer columns");
        wrong(LabelSheet::a4_grid(0, 8, 10.0), "1 to 20 columns");
        wrong(
            LabelSheet {
                rows: 9,
                ..LabelSheet::A4_24
            },
            "page ends",
        );
        wrong(
            LabelSheet {
                gap_x_mm: f32::NAN,
                ..LabelSheet::A4_24
            },
            "0 to 2000",
        );
    }

    #[test]
    fn codes_break_at_dashes() {
        assert_eq!(broken("K1-03-B-05-4-12", 2), ["K1-03-B-", "05-4-12"]);
        assert_eq!(broken("ABCDEFGH", 2), ["ABCD", "EFGH"]);
        assert_eq!(broken("A", 3), ["A"]);
    }

    #[test]
    fn the_same_labels_give_the_same_bytes() {
        let Some(fonts) = system_fonts() else { return };
        let labels: Vec<LabelData> = (1..=30).map(|n| label(&format!("K1-03-B-05-{n}"))).collect();
        let sheet = LabelSheet {
            skip: 2,
            ..LabelSheet::A4_21
        };
        let first = location_labels(&labels, &sheet, &fonts).expect("prints");
        assert!(first.starts_with(b"%PDF-1."));
        assert_eq!(first, location_labels(&labels, &sheet, &fonts).expect("prints"));
    }

    #[test]
    fn what_cannot_be_a_label_is_refused_with_a_reason() {
        let Some(fonts) = system_fonts() else { return };
        let least = LabelSheet::a4_grid(3, 11, 10.0);
        let refused = |labels: &[LabelData], code: &str| {
            let error = location_labels(labels, &least, &fonts).err();
            assert_eq!(error.map(|e| e.code()), Some(code));
        };
        refused(&[], "nothing_to_print");
        refused(&[label(&"汉".repeat(64))], "does_not_fit");
        refused(&vec![label("A"); PrintLimits::LABELS_MAX + 1], "too_many_to_print");
    }
}
