//! A table on A4 paper: title, facts, headings on every page, rows as high as their text, page numbers.

use crate::{
    ColumnKind, Fonts, PrintError, PrintLimits, PrintedTable, Result,
    fonts::{Typeface, printable},
    pen::{PdfProperties, Pen, RectMm, Weight, draw_pages, millimetres, points},
    wrap::wrap,
};

const TOP_MM: f32 = 15.0;
const BOTTOM_MM: f32 = 15.0;
/// The left edge is the one that is bound.
const LEFT_MM: f32 = 22.0;
const RIGHT_MM: f32 = 12.0;
const PADDING_MM: f32 = 1.3;
const BODY: f32 = 9.0;
const LINE_MM: f32 = 4.3;
const ROW_MIN_MM: f32 = 8.0;

/// How a table is laid on paper.
#[derive(Debug, Clone)]
pub struct PageSetup {
    pub landscape: bool,
    /// At the foot of each page, with `{page}` and `{pages}` in it, such as `第 {page} 页，共 {pages} 页`.
    pub page_of: String,
}

/// A table as a PDF. Nothing is left out: long texts make high rows, and a row higher than a page continues on the next.
///
/// # Errors
/// No column, too many rows, glyphs that no font has.
pub fn table_pdf(table: &PrintedTable, paper: &PageSetup, fonts: &Fonts) -> Result<Vec<u8>> {
    if table.columns.is_empty() {
        return Err(PrintError::Nothing("columns"));
    }
    if !table.rows.is_empty() {
        PrintLimits::check("rows", table.rows.len(), PrintLimits::PDF_ROWS_MAX)?;
    }
    let typeface = fonts.covering(&all_text(table, paper))?;
    let page_mm = if paper.landscape {
        (297.0, 210.0)
    } else {
        (210.0, 297.0)
    };
    let layout = Layout::of(table, &typeface, page_mm);
    let about = PdfProperties {
        title: &table.title,
        made_at: table.made_at,
    };
    let pages = layout.pages.len();
    draw_pages(&about, page_mm, &typeface, pages, |pen, number| {
        layout.draw(pen, table, number)?;
        let foot = paper
            .page_of
            .replace("{page}", &(number + 1).to_string())
            .replace("{pages}", &pages.to_string());
        let middle = LEFT_MM + layout.width / 2.0;
        pen.text_centred(middle, page_mm.1 - 7.0, 8.0, Weight::Regular, &line(&foot))
    })
}

/// Every character that may be drawn, those of page numbers and between a label and its value too.
fn all_text(table: &PrintedTable, paper: &PageSetup) -> String {
    let mut all = format!("{}{}{}0123456789：", table.title, table.closing, paper.page_of);
    for (label, value) in &table.facts {
        all.push_str(label);
        all.push_str(value);
    }
    for column in &table.columns {
        all.push_str(&column.heading);
    }
    for cell in table.rows.iter().flatten() {
        all.push_str(&cell.shown());
    }
    all
}

fn line(text: &str) -> String {
    printable(text).replace('\n', " ")
}

struct Layout {
    width: f32,
    /// Left edge and width of each column.
    columns: Vec<(f32, f32)>,
    title: Vec<String>,
    facts: Vec<String>,
    heading: Row,
    pages: Vec<Vec<Row>>,
    closing: Vec<String>,
}

/// A row, or the part of a row on one page.
struct Row {
    cells: Vec<Vec<String>>,
    height: f32,
    /// Boxes to tick are in the first part of a row only.
    begins: bool,
}

impl Row {
    fn of(cells: Vec<Vec<String>>, begins: bool) -> Self {
        let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
        let height = (lines as f32 * LINE_MM + 2.0 * PADDING_MM).max(ROW_MIN_MM);
        Self { cells, height, begins }
    }

    /// Splits off what does not fit into this many lines.
    fn split(mut self, lines: usize) -> (Self, Self) {
        let rest = self
            .cells
            .iter_mut()
            .map(|cell| cell.split_off(cell.len().min(lines)))
            .collect();
        (Row::of(self.cells, self.begins), Row::of(rest, false))
    }
}

const TITLE: f32 = 16.0;
const TITLE_LINE_MM: f32 = 8.0;
const FACT_LINE_MM: f32 = 5.2;

impl Layout {
    fn of(table: &PrintedTable, typeface: &Typeface, (page_width, page_height): (f32, f32)) -> Self {
        let width = page_width - LEFT_MM - RIGHT_MM;
        let columns = column_places(table, width);
        let broken = |text: &str, column: usize| {
            let inner = columns[column].1 - 2.0 * PADDING_MM;
            wrap(typeface, &printable(text), BODY, points(inner.max(2.0)))
        };
        let headings = table.columns.iter().enumerate();
        let heading = Row::of(headings.map(|(at, c)| broken(&c.heading, at)).collect(), true);
        let title = wrap(typeface, &line(&table.title), TITLE, points(width));
        let facts = fact_lines(table, typeface, points(width));
        let closing = wrap(typeface, &printable(&table.closing), BODY, points(width));

        let bottom = page_height - BOTTOM_MM;
        let above = title.len() as f32 * TITLE_LINE_MM + facts.len() as f32 * FACT_LINE_MM + 2.0;
        let on_page = bottom - TOP_MM - heading.height;
        let mut pages = vec![Vec::new()];
        let mut free = on_page - above;
        for row in 0..table.rows.len() {
            let cells = (0..table.columns.len()).map(|c| broken(&table.cell(row, c).shown(), c));
            let mut row = Row::of(cells.collect(), true);
            while row.height > free {
                if row.height <= on_page || free < ROW_MIN_MM {
                    pages.push(Vec::new());
                    free = on_page;
                    if row.height <= free {
                        break;
                    }
                }
                let lines = ((free - 2.0 * PADDING_MM) / LINE_MM).floor().max(1.0) as usize;
                let (here, rest) = row.split(lines);
                if let Some(page) = pages.last_mut() {
                    page.push(here);
                }
                free = 0.0;
                row = rest;
            }
            free -= row.height;
            if let Some(page) = pages.last_mut() {
                page.push(row);
            }
        }
        if closing.len() as f32 * LINE_MM + 3.0 > free {
            pages.push(Vec::new());
        }
        Self {
            width,
            columns,
            title,
            facts,
            heading,
            pages,
            closing,
        }
    }

    fn draw(&self, pen: &mut Pen, table: &PrintedTable, number: usize) -> Result<()> {
        let mut y = TOP_MM;
        if number == 0 {
            for text in &self.title {
                let baseline = y + millimetres(TITLE) * 0.9;
                let middle = LEFT_MM + self.width / 2.0;
                pen.text_centred(middle, baseline, TITLE, Weight::Bold, text)?;
                y += TITLE_LINE_MM;
            }
            for text in &self.facts {
                pen.text(LEFT_MM, y + FACT_LINE_MM * 0.75, 10.0, Weight::Regular, text)?;
                y += FACT_LINE_MM;
            }
            y += 2.0;
        }
        let head = RectMm {
            x: LEFT_MM,
            y,
            width: self.width,
            height: self.heading.height,
        };
        pen.shade(head, 232);
        self.draw_row(pen, table, &self.heading, y, Weight::Bold)?;
        y += self.heading.height;
        for row in &self.pages[number] {
            self.draw_row(pen, table, row, y, Weight::Regular)?;
            y += row.height;
        }
        if number + 1 == self.pages.len() {
            y += 2.0;
            for text in &self.closing {
                y += LINE_MM;
                pen.text(LEFT_MM, y, BODY, Weight::Regular, text)?;
            }
        }
        Ok(())
    }

    fn draw_row(&self, pen: &mut Pen, table: &PrintedTable, row: &Row, y: f32, weight: Weight) -> Result<()> {
        for ((cell, (x, width)), column) in row.cells.iter().zip(&self.columns).zip(&table.columns) {
            let area = RectMm {
                x: *x,
                y,
                width: *width,
                height: row.height,
            };
            pen.frame(area, 0.15);
            let is_heading = weight == Weight::Bold;
            if column.kind == ColumnKind::Tick && !is_heading && row.begins {
                let side = 4.0;
                pen.frame(
                    RectMm {
                        x: x + (width - side) / 2.0,
                        y: y + (row.height - side) / 2.0,
                        width: side,
                        height: side,
                    },
                    0.25,
                );
            }
            let block = cell.len() as f32 * LINE_MM;
            let mut baseline = y + (row.height - block) / 2.0 - LINE_MM * 0.28;
            for text in cell {
                baseline += LINE_MM;
                let left = x + PADDING_MM;
                if is_heading {
                    pen.text_centred(x + width / 2.0, baseline, BODY, weight, text)?;
                } else if column.kind == ColumnKind::Number {
                    let right = x + width - PADDING_MM - pen.width(text, BODY);
                    pen.text(right, baseline, BODY, weight, text)?;
                } else {
                    pen.text(left, baseline, BODY, weight, text)?;
                }
            }
        }
        Ok(())
    }
}

fn column_places(table: &PrintedTable, width: f32) -> Vec<(f32, f32)> {
    let share = |share: f32| {
        if share.is_finite() {
            share.clamp(0.1, 100.0)
        } else {
            1.0
        }
    };
    let all: f32 = table.columns.iter().map(|c| share(c.share)).sum();
    let mut x = LEFT_MM;
    let mut places = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let wide = width * share(column.share) / all;
        places.push((x, wide));
        x += wide;
    }
    places
}

/// Facts side by side as far as they fit, four spaces apart.
fn fact_lines(table: &PrintedTable, typeface: &Typeface, width: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (label, value) in &table.facts {
        let fact = line(&format!("{label}：{value}"));
        let joined = lines.last().map(|before| format!("{before}    {fact}"));
        match (lines.last_mut(), joined) {
            (Some(before), Some(joined)) if typeface.width(&joined, 10.0) <= width => {
                *before = joined;
            }
            _ => lines.extend(wrap(typeface, &fact, 10.0, width)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cell, Column, fonts::tests::system_fonts};

    fn paper() -> PageSetup {
        PageSetup {
            landscape: false,
            page_of: "第 {page} 页，共 {pages} 页".into(),
        }
    }

    fn table(rows: Vec<Vec<Cell>>) -> PrintedTable {
        PrintedTable {
            title: "卷内文件目录".into(),
            facts: vec![("户号".into(), "0512-3307".into())],
            columns: vec![Column::number("序号", 0.5), Column::text("题名", 4.0)],
            rows,
            closing: "完".into(),
            ..PrintedTable::default()
        }
    }

    #[test]
    fn every_line_of_every_row_stands_on_a_page_that_holds_it() {
        let Some(fonts) = system_fonts() else { return };
        let long = "供用电合同及补充协议".repeat(700);
        let mut rows: Vec<Vec<Cell>> = (1..60).map(|n| vec![n.into(), "供用电合同".into()]).collect();
        rows.insert(3, vec![0.into(), long.as_str().into()]);
        let table = table(rows);
        let typeface = fonts.covering(&all_text(&table, &paper())).expect("covers");
        let layout = Layout::of(&table, &typeface, (210.0, 297.0));
        let room = 297.0 - TOP_MM - BOTTOM_MM - layout.heading.height + 0.01;
        let mut drawn = String::new();
        for page in &layout.pages {
            assert!(page.iter().map(|row| row.height).sum::<f32>() <= room);
            for row in page {
                drawn.push_str(&row.cells[1].concat());
            }
        }
        assert!(layout.pages.len() > 3);
        assert_eq!(drawn, {
            let all: String = table.rows.iter().map(|row| row[1].shown()).collect();
            all
        });
    }

    #[test]
    fn empty_tables_print_and_the_same_table_gives_the_same_bytes() {
        let Some(fonts) = system_fonts() else { return };
        let first = table_pdf(&table(Vec::new()), &paper(), &fonts).expect("prints");
        assert_eq!(first, table_pdf(&table(Vec::new()), &paper(), &fonts).expect("prints"));
        let dated = PrintedTable {
            made_at: Some(records::Moment::from_micros(1_795_000_000_000_000)),
            ..table(Vec::new())
        };
        let dated = table_pdf(&dated, &paper(), &fonts).expect("prints");
        assert!(String::from_utf8_lossy(&dated).contains("D:20261118"));
        let none = table_pdf(&PrintedTable::default(), &paper(), &fonts).err();
        assert_eq!(none.map(|e| e.code()), Some("nothing_to_print"));
    }
}
