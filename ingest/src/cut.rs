//! Cutting a scan file into documents at the cover and separator sheets that lie between them.
//!
//! Pure: pages in, documents out, each with what its sheet says. A sheet is no page of any document. What it says holds
//! within its file; where several files are declared to be one document nothing is cut, and a sheet among them is a
//! question for a person. A paper that bears a code of its own (an invoice) is no sheet, nor is one that is full of
//! text: taking such a page away would hide it.

use crate::pages::ReadPage;
use records::pages::PageState;
use vocabulary::detail::{Detail, DetailCode};
use vocabulary::{SHEET_CODE_PREFIX, SheetCode};

/// A sheet has the name of a customer, a few facts and its codes in letters. A page with more on it is a paper.
const SHEET_CHARS_MAX: usize = 500;

/// What sheets say of the pages behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Customers and dossiers, with the content of the code that names each.
    pub whose: Vec<SheetCode>,
    pub location: Option<String>,
    pub kind: Option<String>,
    /// Contents that begin like a sheet's and say nothing that is known.
    pub unknown: Vec<String>,
    /// It has a code that could not be read.
    pub unread: bool,
}

impl Sheet {
    /// As the codes say it.
    fn of(codes: &[&str]) -> Sheet {
        let mut sheet = Sheet::default();
        for content in codes {
            match SheetCode::parse(content) {
                Some(code @ (SheetCode::Customer(_) | SheetCode::Dossier(_))) => sheet.whose.push(code),
                Some(SheetCode::Location(code)) if sheet.location.is_none() => sheet.location = Some(code),
                Some(SheetCode::Kind(code)) if sheet.kind.is_none() => sheet.kind = Some(code),
                Some(SheetCode::Separator) => {}
                _ => sheet.unknown.push((*content).to_owned()),
            }
        }
        sheet
    }

    fn says_nothing(&self) -> bool {
        *self == Sheet::default()
    }

    /// What two sheets with nothing between them say together, unless both speak of the same.
    fn with(&self, next: &Sheet) -> Option<Sheet> {
        let both = (!self.whose.is_empty() && !next.whose.is_empty())
            || (self.location.is_some() && next.location.is_some())
            || (self.kind.is_some() && next.kind.is_some());
        (!both).then(|| Sheet {
            whose: [self.whose.clone(), next.whose.clone()].concat(),
            location: self.location.clone().or(next.location.clone()),
            kind: self.kind.clone().or(next.kind.clone()),
            unknown: [self.unknown.clone(), next.unknown.clone()].concat(),
            unread: self.unread || next.unread,
        })
    }

    /// Its codes, for people.
    pub fn shown(&self) -> String {
        let codes = self.whose.iter().map(SheetCode::content);
        let location = self.location.iter().cloned().map(SheetCode::Location);
        let kind = self.kind.iter().cloned().map(SheetCode::Kind);
        let known = codes.chain(location.chain(kind).map(|code| code.content()));
        known.chain(self.unknown.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}

/// A document of a stack.
#[derive(Debug, Default)]
pub struct Part {
    pub pages: Vec<ReadPage>,
    pub sheet: Sheet,
    /// What a person has to look at.
    pub questions: Vec<Detail>,
}

/// A scan file cut into its documents.
#[derive(Debug, Default)]
pub struct Stack {
    pub parts: Vec<Part>,
    /// Sheets that were taken off, and their empty backs.
    pub sheets: usize,
    pub backs: usize,
    /// What a sheet said with no page behind it.
    pub idle: Vec<String>,
}

/// Whether pages of several files are one document by declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    OneFile,
    SeveralFiles,
}

/// Takes the sheets off and cuts where they lie.
pub fn cut(pages: Vec<ReadPage>, declared: Declared) -> Stack {
    let mut stack = Stack::default();
    let mut part = Part::default();
    // Said by sheets that lie directly before the next page.
    let mut fresh = Sheet::default();
    let mut behind_sheet = false;
    for page in pages {
        let Some(sheet) = sheet_of(&page) else {
            if behind_sheet && page.page.state == PageState::Blank {
                stack.backs += 1;
            } else {
                let number = part.pages.len() + 1;
                part.questions.extend(doubts(&page, number));
                part.pages.push(page);
                fresh = Sheet::default();
            }
            behind_sheet = false;
            continue;
        };
        stack.sheets += 1;
        behind_sheet = true;
        if declared == Declared::SeveralFiles {
            let shown = sheet.shown();
            part.questions.push(DetailCode::SheetAmongFiles.with(shown));
            continue;
        }
        if !part.pages.is_empty() {
            let held = part.sheet.whose.clone();
            stack.parts.push(std::mem::take(&mut part));
            part.sheet.whose = held;
        }
        fresh = fresh.with(&sheet).unwrap_or_else(|| {
            stack.idle.push(fresh.shown());
            sheet
        });
        let held = std::mem::take(&mut part.sheet.whose);
        part.sheet = fresh.clone();
        if part.sheet.whose.is_empty() {
            part.sheet.whose = held;
        }
    }
    if !part.pages.is_empty() {
        stack.parts.push(part);
    } else if !fresh.says_nothing() {
        stack.idle.push(fresh.shown());
    }
    stack
}

impl Stack {
    /// What the line of the file says of it: how many sheets were taken off, and which said something in vain.
    pub fn noted(&self) -> Option<Detail> {
        let idle = (!self.idle.is_empty()).then(|| DetailCode::NothingBehindSheet.with(self.idle.join("; ")));
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        (self.sheets > 0).then(|| {
            DetailCode::SheetsTakenOff
                .with(count(self.sheets))
                .with(count(self.backs))
                .with(count(self.parts.len()))
                .and(idle)
        })
    }
}

fn own_codes(page: &ReadPage) -> Vec<&str> {
    let codes = page.marks.codes.iter().map(String::as_str);
    codes.filter(|code| code.starts_with(SHEET_CODE_PREFIX)).collect()
}

/// What the page says if it is a cover or separator sheet.
fn sheet_of(page: &ReadPage) -> Option<Sheet> {
    let codes = own_codes(page);
    if codes.is_empty() && !page.marks.separator {
        return None;
    }
    let lines = page.page.text.iter().flat_map(|text| &text.layer.lines);
    let chars: usize = lines.map(|line| line.text.chars().count()).sum();
    (chars <= SHEET_CHARS_MAX).then(|| Sheet {
        unread: page.marks.unread,
        ..Sheet::of(&codes)
    })
}

/// What is odd about a page that was taken for a paper: it bears the code of a sheet, or the letters beneath one.
fn doubts(page: &ReadPage, number: usize) -> Vec<Detail> {
    let codes = own_codes(page);
    if !codes.is_empty() {
        let odd = |code| DetailCode::CodeOnPaper.with(code).with(number);
        return codes.into_iter().map(odd).collect();
    }
    let lines = page.page.text.iter().flat_map(|text| &text.layer.lines);
    let chars: usize = lines.clone().map(|line| line.text.chars().count()).sum();
    let mut lettered = lines
        .map(|line| line.text.trim())
        .filter(|line| line.starts_with(SHEET_CODE_PREFIX));
    match lettered.next() {
        Some(code) if chars <= SHEET_CHARS_MAX => vec![DetailCode::SheetNotRead.with(code).with(number)],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::failed_page;
    use reading::reason::Refusal;
    use records::pages::{Area, NewTextLayer, TextLayer, TextLine};
    use vocabulary::Reason;

    /// A page of so many characters that bears these codes.
    fn page(index: u32, chars: usize, codes: &[&str]) -> ReadPage {
        let mut page = failed_page(0, index, None, &Refusal::new(Reason::Empty, DetailCode::NoPages));
        page.page.state = if chars == 0 { PageState::Blank } else { PageState::Read };
        page.marks.codes = codes.iter().map(|code| (*code).to_owned()).collect();
        page.page.text = Some(NewTextLayer {
            engine: String::new(),
            engine_version: String::new(),
            parameters: String::new(),
            confidence: 1.0,
            layer: TextLayer {
                lines: vec![TextLine {
                    text: "字".repeat(chars),
                    area: Area::default(),
                    slope: 0.0,
                    confidence: 1.0,
                    chars: Vec::new(),
                }],
            },
        });
        page
    }

    /// Each letter a page: `p` of text, `b` blank, `s` separator, `a` and `c` covers of two customers, `k` of a kind.
    fn stack(pages: &str, declared: Declared) -> Stack {
        let pages = pages.chars().zip(0..).map(|(letter, index)| match letter {
            'b' => page(index, 0, &[]),
            's' => page(index, 10, &["DSR1:separator:document"]),
            'a' => page(index, 10, &["DSR1:customer:A"]),
            'c' => page(index, 10, &["DSR1:customer:C"]),
            'k' => page(index, 10, &["DSR1:kind:contract"]),
            'x' => page(index, 10, &["DSR1:planet:X"]),
            'q' => page(index, 90, &["https://example.org/invoice"]),
            'f' => page(index, SHEET_CHARS_MAX + 1, &["DSR1:customer:A"]),
            _ => page(index, 90, &[]),
        });
        cut(pages.collect(), declared)
    }

    /// Pages of each document with what its sheet says.
    fn check(pages: &str, expected: &[(&[u32], &str)]) -> Stack {
        let stack = stack(pages, Declared::OneFile);
        let got: Vec<(Vec<u32>, String)> = stack
            .parts
            .iter()
            .map(|part| {
                (
                    part.pages.iter().map(|page| page.page.scan_index).collect(),
                    part.sheet.shown(),
                )
            })
            .collect();
        let expected: Vec<(Vec<u32>, String)> = expected
            .iter()
            .map(|(pages, said)| (pages.to_vec(), (*said).to_owned()))
            .collect();
        assert_eq!(got, expected, "{pages}");
        stack
    }

    #[test]
    fn a_sheet_cuts_and_is_no_page() {
        check("pp", &[(&[0, 1], "")]);
        check("app", &[(&[1, 2], "DSR1:customer:A")]);
        check(
            "papcp",
            &[(&[0], ""), (&[2], "DSR1:customer:A"), (&[4], "DSR1:customer:C")],
        );
        let stack = check("apspp", &[(&[1], "DSR1:customer:A"), (&[3, 4], "DSR1:customer:A")]);
        assert_eq!(
            stack.noted(),
            Some(DetailCode::SheetsTakenOff.with(2_i64).with(0_i64).with(2_i64))
        );
        assert_eq!(check("pp", &[(&[0, 1], "")]).noted(), None);
    }

    #[test]
    fn the_customer_stays_and_the_kind_does_not() {
        check(
            "akpkpsp",
            &[
                (&[2], "DSR1:customer:A, DSR1:kind:contract"),
                (&[4], "DSR1:customer:A, DSR1:kind:contract"),
                (&[6], "DSR1:customer:A"),
            ],
        );
    }

    #[test]
    fn the_empty_back_of_a_sheet_goes_with_it() {
        let stack = check("abpb", &[(&[2, 3], "DSR1:customer:A")]);
        assert_eq!((stack.sheets, stack.backs), (1, 1));
    }

    #[test]
    fn a_sheet_with_nothing_behind_it_is_told() {
        let stack = check("acp", &[(&[2], "DSR1:customer:C")]);
        assert_eq!(stack.idle, ["DSR1:customer:A"]);
        let stack = check("apc", &[(&[1], "DSR1:customer:A")]);
        assert_eq!(stack.idle, ["DSR1:customer:C"]);
        assert_eq!(check("a", &[]).idle, ["DSR1:customer:A"]);
    }

    #[test]
    fn papers_with_codes_are_papers() {
        check("aqp", &[(&[1, 2], "DSR1:customer:A")]);
        let stack = check("pf", &[(&[0, 1], "")]);
        assert_eq!(
            stack.parts[0].questions,
            [DetailCode::CodeOnPaper.with("DSR1:customer:A").with(2_i64)]
        );
    }

    #[test]
    fn a_sheet_whose_code_is_lost_is_looked_at() {
        let mut lost = page(0, 10, &[]);
        if let Some(text) = &mut lost.page.text {
            text.layer.lines[0].text = "DSR1:customer:A".to_owned();
        }
        let stack = cut(vec![lost], Declared::OneFile);
        let what = DetailCode::SheetNotRead.with("DSR1:customer:A").with(1_i64);
        assert_eq!(
            (stack.sheets, stack.parts[0].questions.as_slice()),
            (0, [what].as_slice())
        );
    }

    #[test]
    fn what_is_not_known_is_named() {
        check("xp", &[(&[1], "DSR1:planet:X")]);
    }

    #[test]
    fn several_files_of_one_document_are_not_cut() {
        let stack = stack("papp", Declared::SeveralFiles);
        assert_eq!(stack.parts.len(), 1);
        assert_eq!(stack.parts[0].pages.len(), 3);
        assert_eq!(
            stack.parts[0].questions,
            [DetailCode::SheetAmongFiles.with("DSR1:customer:A")]
        );
    }
}
