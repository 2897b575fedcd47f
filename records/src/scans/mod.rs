//! Scan files: immutable, named by the SHA-256 of their bytes, kept in the vault.

pub(crate) mod sql;

pub use crate::store::vault::{StagedScan, Vault};
pub use sql::{ScanFile, Thoroughness, VerifyProblem, VerifyReport};

use crate::{
    Moment,
    ids::{Fingerprint, ScanId},
};

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

/// A path as people read it: UTF-8 where it is UTF-8, `\xNN` for bytes that are not, control and direction
/// characters escaped, so that a file name can never rearrange a line of a report.
pub fn display_path(raw: &[u8]) -> String {
    let mut shown = String::with_capacity(raw.len());
    for chunk in raw.utf8_chunks() {
        for c in chunk.valid().chars() {
            let hidden = c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            if hidden {
                shown.extend(c.escape_default());
            } else {
                shown.push(c);
            }
        }
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02x}"));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_safely() {
        let check = |raw: &[u8], expected: &str| assert_eq!(display_path(raw), expected);
        check("合同/a b.pdf".as_bytes(), "合同/a b.pdf");
        check(b"a\nb\xff", "a\\nb\\xff");
        check("x\u{202e}fdp".as_bytes(), "x\\u{202e}fdp");
    }
}
