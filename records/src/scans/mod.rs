//! Scan files: immutable, named by the SHA-256 of their bytes, kept in the vault.

mod checks_sql;
pub(crate) mod sql;

pub use crate::store::vault::{StagedScan, Vault};
pub use sql::{ScanFile, Thoroughness, VerifyProblem, VerifyReport};

use crate::{
    Moment,
    ids::{Fingerprint, ScanId},
};

/// When record and files were compared, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCheck {
    pub at: Moment,
    pub actor: String,
    pub scans: i64,
    /// Every byte was read, and not only the size of each file.
    pub every_byte: bool,
    /// What did not fit; empty where everything did.
    pub problems: Vec<String>,
}

/// A scan file as it came.
#[derive(Debug, Clone)]
pub struct Scan {
    pub uid: i64,
    pub id: ScanId,
    pub fingerprint: Fingerprint,
    pub bytes: u64,
    pub media_type: String,
    /// The path it came from, escaped for display.
    pub path: String,
    pub created_at: Moment,
}

/// A path as people read it: UTF-8 where it is UTF-8, GB18030 where a name is wholly that (zip files from Chinese
/// Windows machines), `\xNN` for other bytes; control and direction characters escaped, so that a file name can never
/// rearrange a line of a report. The record keeps the bytes.
pub fn display_path(raw: &[u8]) -> String {
    let mut shown = String::with_capacity(raw.len());
    for (at, name) in raw.split(|byte| *byte == b'/').enumerate() {
        if at > 0 {
            shown.push('/');
        }
        match (std::str::from_utf8(name), decoded(name)) {
            (Ok(name), _) => push_safely(&mut shown, name),
            (Err(_), Some(name)) => push_safely(&mut shown, &name),
            (Err(_), None) => {
                for chunk in name.utf8_chunks() {
                    push_safely(&mut shown, chunk.valid());
                    for byte in chunk.invalid() {
                        shown.push_str(&format!("\\x{byte:02x}"));
                    }
                }
            }
        }
    }
    shown
}

/// A name in GB18030 that has Han characters or their punctuation and nothing that nobody writes.
fn decoded(name: &[u8]) -> Option<String> {
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(name)?;
    let is_written = |c: char| {
        c.is_ascii()
            || matches!(c, '\u{2010}'..='\u{2030}' | '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' | '·' | '×')
    };
    let is_chinese = text.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
    (is_chinese && text.chars().all(is_written)).then(|| text.into_owned())
}

fn push_safely(shown: &mut String, text: &str) {
    for c in text.chars() {
        let hidden = c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if hidden {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_safely() {
        let check = |raw: &[u8], expected: &str| assert_eq!(display_path(raw), expected);
        check("合同/a b.pdf".as_bytes(), "合同/a b.pdf");
        check(b"a\nb\xff", "a\\nb\\xff");
        // 合同/扫描（一）.jpg as a Chinese Windows machine packs it, and beside a folder in UTF-8.
        check(
            b"\xba\xcf\xcd\xac/\xc9\xa8\xc3\xe8\xa3\xa8\xd2\xbb\xa3\xa9.jpg",
            "合同/扫描（一）.jpg",
        );
        check(
            "档案/"
                .as_bytes()
                .iter()
                .copied()
                .chain(*b"\xba\xcf\xcd\xac")
                .collect::<Vec<_>>()
                .as_slice(),
            "档案/合同",
        );
        check(b"caf\xe9.pdf", "caf\\xe9.pdf");
        check("x\u{202e}fdp".as_bytes(), "x\\u{202e}fdp");
    }
}
