//! Cover and separator sheets for the scanner: an A4 page laid before the papers of a customer, place or kind. Its QR
//! codes say what follows ([`SheetCode`]), its words say it to the person who holds it.

use crate::{
    Fonts, PrintError, PrintLimits, Result,
    fonts::printable,
    pen::{PdfProperties, Pen, RectMm, Weight, draw_pages, millimetres, points},
    qr::{ErrorCorrection, Qr},
    wrap::wrap_at_most,
};
use vocabulary::SheetCode;

const PAGE_MM: (f32, f32) = (210.0, 297.0);
const MARGIN_MM: f32 = 18.0;
const CODES_MAX: usize = 3;
/// 2 mm are 15 pixels at 200 dpi: a feeder's skew and a stamp leave enough of it.
const MODULE_MAX_MM: f32 = 2.0;

#[derive(Debug, Clone, Default)]
pub struct Cover {
    /// One to three codes; together they say one thing, such as a customer and a kind.
    pub codes: Vec<SheetCode>,
    /// What this sheet is, such as `客户封面页`.
    pub heading: String,
    /// The large line: the customer's name, the location's code, the kind.
    pub title: String,
    /// Label and value, such as `户号` and `0512-3307`.
    pub facts: Vec<(String, String)>,
}

/// The words on every sheet, in the language of the reader.
#[derive(Debug, Clone, Default)]
pub struct CoverWords {
    /// Beside the boxes for the number of pages, such as `页数`.
    pub pages: String,
    /// Before a line to sign on, such as `扫描人`.
    pub scanned_by: String,
    /// Before a line for the date, such as `日期`.
    pub date: String,
    /// What to do with the sheet, such as `放在资料最上面一起扫描；本页不归档。`
    pub instruction: String,
}

/// One A4 page for each cover, as a PDF.
///
/// # Errors
/// No cover, too many, a cover without a code or with more than three, glyphs that no font has.
pub fn covers(covers: &[Cover], words: &CoverWords, fonts: &Fonts) -> Result<Vec<u8>> {
    PrintLimits::check("cover sheets", covers.len(), PrintLimits::COVERS_MAX)?;
    let mut all = String::from("…");
    for word in [&words.pages, &words.scanned_by, &words.date, &words.instruction] {
        all.push_str(word);
    }
    for cover in covers {
        if cover.codes.is_empty() || cover.codes.len() > CODES_MAX {
            return Err(PrintError::DoesNotFit {
                what: "cover sheet",
                code: cover.title.clone(),
                reason: format!("it has {} codes; use 1 to {CODES_MAX}", cover.codes.len()),
            });
        }
        all.push_str(&cover.heading);
        all.push_str(&cover.title);
        for (label, value) in &cover.facts {
            all.push_str(label);
            all.push_str(value);
        }
        for code in &cover.codes {
            all.push_str(&code.content());
        }
    }
    let typeface = fonts.covering(&all)?;
    let about = PdfProperties {
        title: "Cover sheets",
        made_at: None,
    };
    draw_pages(&about, PAGE_MM, &typeface, covers.len(), |pen, page| {
        draw(pen, &covers[page], words)
    })
}

fn draw(pen: &mut Pen, cover: &Cover, words: &CoverWords) -> Result<()> {
    let width = PAGE_MM.0 - 2.0 * MARGIN_MM;
    pen.frame(
        RectMm {
            x: 9.0,
            y: 9.0,
            width: PAGE_MM.0 - 18.0,
            height: PAGE_MM.1 - 18.0,
        },
        0.8,
    );
    pen.text(
        MARGIN_MM,
        MARGIN_MM + 6.0,
        16.0,
        Weight::Regular,
        &one_line(&cover.heading),
    )?;
    let (size, lines) = title_lines(pen, &one_line(&cover.title), width);
    let mut baseline = MARGIN_MM + 13.0;
    for line in &lines {
        baseline += millimetres(size) * 1.15;
        pen.text(MARGIN_MM, baseline, size, Weight::Bold, line)?;
    }
    let codes_top = draw_codes(pen, &cover.codes, width, baseline + 8.0)?;
    let mut y = codes_top + 14.0;
    for (label, value) in &cover.facts {
        pen.text(MARGIN_MM, y, 11.0, Weight::Regular, &one_line(label))?;
        let value = wrap_at_most(pen.typeface, &one_line(value), 14.0, points(width - 36.0), 2);
        for line in value {
            // The place at the bottom belongs to the boxes.
            if y > PAGE_MM.1 - 72.0 {
                break;
            }
            pen.text(MARGIN_MM + 36.0, y, 14.0, Weight::Regular, &line)?;
            y += 7.5;
        }
    }
    draw_hand_part(pen, words, width)
}

/// The codes side by side, each with its content in letters below; gives where they end.
fn draw_codes(pen: &mut Pen, codes: &[SheetCode], width: f32, top: f32) -> Result<f32> {
    let share = width / codes.len() as f32;
    let square = share.min(80.0);
    let mut end = top;
    for (at, code) in codes.iter().enumerate() {
        let content = code.content();
        let qr = Qr::encode(&content, ErrorCorrection::High)?;
        let module = qr
            .module_mm(square, MODULE_MAX_MM)
            .ok_or_else(|| PrintError::DoesNotFit {
                what: "cover sheet",
                code: content.clone(),
                reason: "the code is too long for its QR code; use fewer codes on a sheet".into(),
            })?;
        let side = qr.side_with_quiet() as f32 * module;
        let x = MARGIN_MM + share * at as f32 + (share - side) / 2.0;
        pen.qr(&qr, x, top, module);
        let mut y = top + side;
        for line in wrap_at_most(pen.typeface, &one_line(&content), 9.0, points(share - 4.0), 3) {
            y += 4.2;
            pen.text_centred(x + side / 2.0, y, 9.0, Weight::Regular, &line)?;
        }
        end = end.max(y);
    }
    Ok(end)
}

/// Boxes for the number of pages and lines to sign on, filled in by hand.
fn draw_hand_part(pen: &mut Pen, words: &CoverWords, width: f32) -> Result<()> {
    let top = PAGE_MM.1 - 62.0;
    let label = one_line(&words.pages);
    pen.text(MARGIN_MM, top + 9.5, 14.0, Weight::Bold, &label)?;
    let mut x = MARGIN_MM + pen.width(&label, 14.0) + 5.0;
    for _ in 0..4 {
        pen.frame(
            RectMm {
                x,
                y: top,
                width: 11.0,
                height: 14.0,
            },
            0.4,
        );
        x += 13.0;
    }
    let line_y = top + 27.0;
    let half = width / 2.0;
    for (at, word) in [&words.scanned_by, &words.date].into_iter().enumerate() {
        let left = MARGIN_MM + half * at as f32;
        let word = one_line(word);
        pen.text(left, line_y, 11.0, Weight::Regular, &word)?;
        let from = left + pen.width(&word, 11.0) + 2.0;
        pen.line((from, line_y + 1.0), (left + half - 6.0, line_y + 1.0), 0.2);
    }
    let mut y = line_y + 9.0;
    for line in wrap_at_most(pen.typeface, &one_line(&words.instruction), 11.0, points(width), 2) {
        pen.text(MARGIN_MM, y, 11.0, Weight::Regular, &line)?;
        y += 5.5;
    }
    Ok(())
}

/// The title as large as one line allows, or two when it is long.
fn title_lines(pen: &Pen, title: &str, width: f32) -> (f32, Vec<String>) {
    let whole = width / pen.width(title, 1.0).max(0.01);
    if whole >= 30.0 {
        return (whole.min(44.0).floor(), vec![title.to_owned()]);
    }
    for size in [38.0, 34.0, 30.0, 26.0, 23.0, 20.0] {
        let lines = wrap_at_most(pen.typeface, title, size, points(width), usize::MAX);
        if lines.len() <= 2 {
            return (size, lines);
        }
    }
    (17.0, wrap_at_most(pen.typeface, title, 17.0, points(width), 3))
}

fn one_line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::tests::system_fonts;

    fn words() -> CoverWords {
        CoverWords {
            pages: "页数".into(),
            scanned_by: "扫描人".into(),
            date: "日期".into(),
            instruction: "放在资料最上面一起扫描；本页不归档。".into(),
        }
    }

    #[test]
    fn covers_are_one_page_each_and_repeatable() {
        let Some(fonts) = system_fonts() else { return };
        let all = [
            Cover {
                codes: vec![
                    SheetCode::Customer("0512-3307".into()),
                    SheetCode::Kind("contract".into()),
                ],
                heading: "客户封面页".into(),
                title: "贵州黔源电力股份有限公司\n".into(),
                facts: vec![("户号".into(), "0512-3307".into())],
            },
            Cover {
                codes: vec![SheetCode::Separator],
                heading: "分隔页".into(),
                title: "新文件从这里开始".into(),
                facts: Vec::new(),
            },
        ];
        let first = covers(&all, &words(), &fonts).expect("prints");
        assert_eq!(first, covers(&all, &words(), &fonts).expect("prints"));
        let text = String::from_utf8_lossy(&first);
        let pages = text.matches("/Type/Page").count() - text.matches("/Type/Pages").count();
        assert_eq!(pages, 2);
    }

    #[test]
    fn a_cover_needs_one_to_three_codes() {
        let Some(fonts) = system_fonts() else { return };
        for count in [0, 4] {
            let cover = Cover {
                codes: vec![SheetCode::Separator; count],
                ..Cover::default()
            };
            let error = covers(&[cover], &words(), &fonts).err();
            assert_eq!(error.map(|e| e.code()), Some("does_not_fit"));
        }
        let error = covers(&[], &words(), &fonts).err();
        assert_eq!(error.map(|e| e.code()), Some("nothing_to_print"));
    }
}
