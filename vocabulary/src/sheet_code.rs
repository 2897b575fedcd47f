//! The content of the QR code of a cover or separator sheet, version 1.
//!
//! `DSR1:` subject `:` code, in UTF-8. The code is everything behind the second colon, as it is written in the record:
//!
//! | Content | Meaning for the pages behind the sheet, up to the next sheet or the end of the file |
//! |---|---|
//! | `DSR1:customer:C-001` | a new document of the customer with this code |
//! | `DSR1:dossier:2024-000017` | a new document of the dossier with this number |
//! | `DSR1:location:K1-03-B-05` | its original is in this location or container |
//! | `DSR1:kind:contract` | it is of this kind |
//! | `DSR1:separator:document` | a new document; the customer stays |
//!
//! One sheet may carry several codes; together they say one thing. A customer or dossier holds until another sheet names
//! one, place and kind hold up to the next sheet. A label on a shelf carries the bare location code instead, and never
//! begins with `DSR1:`. A sheet with this prefix and anything else behind it is a sheet all the same; what it says is a
//! question for a person. Other versions are passed over.

/// How the content of every sheet of this version begins.
pub const PREFIX: &str = "DSR1:";
const CODE_CHARS_MAX: usize = 64;

/// What a code on a cover or separator sheet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetCode {
    Customer(String),
    Dossier(String),
    Location(String),
    Kind(String),
    Separator,
}

impl SheetCode {
    /// The text in the QR code.
    pub fn content(&self) -> String {
        format!("{PREFIX}{}:{}", self.subject(), self.code())
    }

    /// Reads the content of a QR code; `None` for anything that is not a sheet of this version.
    pub fn parse(content: &str) -> Option<Self> {
        let (subject, code) = content.strip_prefix(PREFIX)?.split_once(':')?;
        let usable =
            !code.trim().is_empty() && code.chars().count() <= CODE_CHARS_MAX && !code.chars().any(char::is_control);
        if !usable {
            return None;
        }
        match subject {
            "customer" => Some(SheetCode::Customer(code.to_owned())),
            "dossier" => Some(SheetCode::Dossier(code.to_owned())),
            "location" => Some(SheetCode::Location(code.to_owned())),
            "kind" => Some(SheetCode::Kind(code.to_owned())),
            "separator" if code == "document" => Some(SheetCode::Separator),
            _ => None,
        }
    }

    pub fn code(&self) -> &str {
        match self {
            SheetCode::Customer(code)
            | SheetCode::Dossier(code)
            | SheetCode::Location(code)
            | SheetCode::Kind(code) => code,
            SheetCode::Separator => "document",
        }
    }

    fn subject(&self) -> &'static str {
        match self {
            SheetCode::Customer(_) => "customer",
            SheetCode::Dossier(_) => "dossier",
            SheetCode::Location(_) => "location",
            SheetCode::Kind(_) => "kind",
            SheetCode::Separator => "separator",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let codes = [
            SheetCode::Customer("C-001".into()),
            SheetCode::Customer("三楼:甲-2".into()),
            SheetCode::Dossier("2024-000017".into()),
            SheetCode::Location("K1-03-B-05-4-12".into()),
            SheetCode::Kind("contract".into()),
            SheetCode::Separator,
        ];
        for code in codes {
            assert_eq!(SheetCode::parse(&code.content()), Some(code));
        }
        assert_eq!(SheetCode::Customer("C-001".into()).content(), "DSR1:customer:C-001");
    }

    #[test]
    fn anything_else_is_passed_over() {
        for other in [
            "",
            "K1-03-B",
            "DSR1:",
            "DSR1:customer",
            "DSR1:customer:",
            "DSR1:customer: ",
            "DSR1:planet:C-001",
            "DSR2:customer:C-001",
            "dsr1:customer:C-001",
            "DSR1:separator:page",
            "DSR1:customer:C\n001",
        ] {
            assert_eq!(SheetCode::parse(other), None, "{other}");
        }
        assert_eq!(SheetCode::parse(&format!("DSR1:customer:{}", "9".repeat(65))), None);
    }
}
