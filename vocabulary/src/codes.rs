//! A code as typed or scanned: of a place, a container, a customer, a dossier. One parser for every field of
//! every screen and command, so that all accept the same spellings.
//!
//! Knows nothing of which codes exist; a look-up tries the spellings in their order and, for each, the exact
//! key before the one without dashes.

use crate::{Result, SheetCode, Unusable, check_character::has_valid_check, fold, list::closed_list};

/// No code is longer, a check character aside.
pub const CODE_CHARACTERS_MAX: usize = 64;

closed_list! {
    /// What a text can mean.
    MeantKind ("kind of what a text means", "所指") {
        Location = "location" ["库位"] ["location"];
        Container = "container" ["盒袋"] ["container"];
        Customer = "customer" ["客户"] ["customer"];
        Document = "document" ["文件"] ["document"];
    }
}

closed_list! {
    /// By what a text means a record.
    MeantBy ("way in which a text means a record", "匹配方式") {
        Code = "code" ["编码或编号"] ["code or number"];
        Name = "name" ["名称"] ["name"];
        Piece = "piece" ["部分文字"] ["piece"];
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedCode {
    folded: String,
    /// Set when the last character is the check character of the others.
    unchecked: Option<String>,
}

/// One way to understand a typed code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeReading<'a> {
    /// Half width, upper case, no spaces, one kind of dash.
    pub folded: &'a str,
    /// Whether a check character was taken off.
    pub checked: bool,
}

impl TypedCode {
    /// # Errors
    /// When nothing is written, or more than a code has.
    pub fn parse(text: &str) -> Result<Self> {
        let folded = fold::code(&scanned(text)).trim_matches('-').to_owned();
        if folded.is_empty() || folded.chars().count() > CODE_CHARACTERS_MAX + 2 {
            return Err(Unusable::new(
                "code",
                text,
                crate::both!(
                    "a code has 1 to 64 characters, such as K1-03-B-05",
                    "编码有 1 到 64 个字符，如 K1-03-B-05"
                ),
            ));
        }
        let mut rest = folded.clone();
        let unchecked = (has_valid_check(&folded) && rest.pop().is_some())
            .then(|| rest.trim_end_matches('-').to_owned())
            .filter(|rest| !rest.is_empty());
        Ok(Self { folded, unchecked })
    }

    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// As written first; a code whose last character could be a check character is still tried whole.
    pub fn readings(&self) -> impl Iterator<Item = CodeReading<'_>> {
        let whole = CodeReading {
            folded: &self.folded,
            checked: false,
        };
        let unchecked = self
            .unchecked
            .as_deref()
            .map(|folded| CodeReading { folded, checked: true });
        [whole].into_iter().chain(unchecked)
    }
}

impl CodeReading<'_> {
    /// For codes that are typed without their dashes.
    pub fn dashless(&self) -> String {
        dashless(self.folded)
    }
}

/// The code that a text carries: that of a cover sheet, or else the text.
pub fn scanned(text: &str) -> String {
    let text = text.trim();
    match SheetCode::parse(text) {
        Some(SheetCode::Separator) | None => text.to_owned(),
        Some(sheet) => sheet.code().to_owned(),
    }
}

/// A folded code with its dashes left out.
pub fn dashless(folded: &str) -> String {
    folded.replace('-', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_however_they_are_typed() {
        let check = |text: &str, expected: &[&str]| {
            let code = TypedCode::parse(text).expect(text);
            let readings: Vec<&str> = code.readings().map(|reading| reading.folded).collect();
            assert_eq!(readings, expected, "{text}");
        };
        check("K1-03-B-05-4-12", &["K1-03-B-05-4-12"]);
        check("ｋ１－０３－ｂ－０５－４－１２", &["K1-03-B-05-4-12"]);
        check(" k1 03 b 05 4 12 ", &["K103B05412"]);
        check("K1-03-B-05-4-12-4", &["K1-03-B-05-4-12-4", "K1-03-B-05-4-12"]);
        check("k103b054124", &["K103B054124", "K103B05412"]);
        check("K1-03-B-05-4-12-5", &["K1-03-B-05-4-12-5"]);
        check("三楼—a柜—02", &["三楼-A柜-02"]);
        check("DSR1:location:K1-03-B-05", &["K1-03-B-05"]);
        let code = TypedCode::parse("K1-03-B-05-4-12-4").expect("reads");
        assert_eq!(
            code.readings().map(|r| r.dashless()).collect::<Vec<_>>(),
            ["K103B054124", "K103B05412"]
        );
        for wrong in ["", " ", "--", &"9".repeat(80)] {
            assert!(TypedCode::parse(wrong).is_err(), "{wrong}");
        }
    }
}
