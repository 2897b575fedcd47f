//! Rust source as far as the tidy tests need it: comments and test modules taken out, strings kept apart, braces matched.
//! It is no parser; it knows the shapes that rustfmt leaves.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

pub struct Code {
    /// The source with comments and test modules blanked, byte for byte as long as the file, so that lines keep numbers.
    plain: String,
    /// The same with the contents of strings blanked too.
    bare: String,
    /// Each with the byte at which it begins.
    strings: Vec<(usize, String)>,
    test_modules: Vec<(usize, usize)>,
}

impl Code {
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
        let mut code = Self::of(&text);
        let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name == "tests.rs" || name.ends_with("_tests.rs") || file.components().any(|c| c.as_os_str() == "tests") {
            // A file of tests may do what tests do.
            code = Self::of("");
        }
        Ok(code)
    }

    pub fn of(text: &str) -> Self {
        let mut plain = text.as_bytes().to_vec();
        let mut bare = plain.clone();
        let mut literals = Vec::new();
        let bytes = text.as_bytes();
        let blank = |target: &mut [u8], from: usize, to: usize| {
            target[from..to]
                .iter_mut()
                .filter(|b| **b != b'\n')
                .for_each(|b| *b = b' ');
        };
        let mut at = 0;
        while at < bytes.len() {
            let end = match bytes[at] {
                b'/' if bytes[at..].starts_with(b"//") => {
                    let end = text[at..].find('\n').map_or(bytes.len(), |n| at + n);
                    blank(&mut plain, at, end);
                    blank(&mut bare, at, end);
                    end
                }
                b'/' if bytes[at..].starts_with(b"/*") => {
                    let end = text[at..].find("*/").map_or(bytes.len(), |n| at + n + 2);
                    blank(&mut plain, at, end);
                    blank(&mut bare, at, end);
                    end
                }
                b'r' if raw_string(bytes, at).is_some() && !word_before(bytes, at) => {
                    let (from, to, end) = raw_string(bytes, at).unwrap_or((at, at, at + 1));
                    literals.push((from, to));
                    blank(&mut bare, from, to);
                    end
                }
                b'"' => {
                    let to = string_end(bytes, at + 1);
                    literals.push((at + 1, to));
                    blank(&mut bare, at + 1, to);
                    to + 1
                }
                b'\'' => char_end(bytes, at),
                _ => at + 1,
            };
            at = end.max(at + 1);
        }
        let tests = test_modules(&String::from_utf8_lossy(&bare));
        for (from, to) in &tests {
            blank(&mut plain, *from, *to);
            blank(&mut bare, *from, *to);
        }
        let strings = literals
            .into_iter()
            .filter(|(from, _)| !tests.iter().any(|(a, b)| (a..b).contains(&from)))
            .map(|(from, to)| (from, text[from..to.min(text.len())].to_owned()))
            .collect();
        Self {
            plain: String::from_utf8_lossy(&plain).into_owned(),
            bare: String::from_utf8_lossy(&bare).into_owned(),
            strings,
            test_modules: tests,
        }
    }

    /// Where test modules begin and end in the file.
    pub fn test_modules(&self) -> &[(usize, usize)] {
        &self.test_modules
    }

    /// Numbers of the lines whose code (not comments, not strings) holds the word.
    pub fn lines_with(&self, word: &str) -> Vec<usize> {
        let word = word.trim_end();
        let mut lines = Vec::new();
        for (at, _) in self.bare.match_indices(word) {
            let bytes = self.bare.as_bytes();
            let begins = !bytes[at].is_ascii_alphanumeric() || !word_before(bytes, at);
            let after = bytes.get(at + word.len()).copied().unwrap_or(b' ');
            let last = word.as_bytes()[word.len() - 1];
            let ends = !(last.is_ascii_alphanumeric() && (after.is_ascii_alphanumeric() || after == b'_'));
            if begins && ends {
                lines.push(line(&self.bare, at));
            }
        }
        lines
    }

    /// The source without comments, test modules and contents of strings, byte for byte as long as the file.
    pub fn bare(&self) -> &str {
        &self.bare
    }

    /// String literals with their lines.
    pub fn strings(&self) -> Vec<(usize, String)> {
        let placed = self.strings.iter();
        placed.map(|(at, text)| (self.line_of(*at), text.clone())).collect()
    }

    /// String literals with the code before their opening quotation mark.
    pub fn strings_behind(&self) -> impl Iterator<Item = (&str, usize, &str)> {
        let placed = self.strings.iter();
        placed.map(|(at, text)| (self.bare[..*at].trim_end_matches(['"', '#']), *at, text.as_str()))
    }

    pub fn line_of(&self, at: usize) -> usize {
        line(&self.plain, at)
    }

    /// Bodies of the inherent `impl` blocks of the named types, with where they begin.
    pub fn implementations(&self, of: &[&str]) -> Vec<(usize, &str)> {
        let mut found = Vec::new();
        for (at, _) in self.bare.match_indices("impl") {
            if word_before(self.bare.as_bytes(), at) {
                continue;
            }
            let Some(open) = self.bare[at..].find('{').map(|n| at + n) else {
                continue;
            };
            let head = &self.bare[at + 4..open];
            if head.contains(" for ") || head.contains(';') || head.contains('(') {
                continue;
            }
            let name = type_name(head);
            if of.contains(&name) {
                found.push((open, &self.bare[open..closing(&self.bare, open)]));
            }
        }
        found
    }
}

/// `<'a> store::Archive<'a> ` names `Archive`.
fn type_name(head: &str) -> &str {
    let head = head.trim();
    let head = if head.starts_with('<') {
        head.split_once('>').map_or("", |(_, rest)| rest).trim()
    } else {
        head
    };
    let path = head.split(['<', ' ', '\n']).next().unwrap_or_default();
    path.rsplit("::").next().unwrap_or(path)
}

/// `pub fn` and `pub async fn` of an impl body, each with its signature up to the brace.
pub fn public_functions(body: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in body.match_indices("pub ") {
        let rest = &body[at..];
        let Some(open) = rest.find(['{', ';']) else {
            continue;
        };
        let signature: String = rest[..open].split_whitespace().collect::<Vec<_>>().join(" ");
        if signature.starts_with("pub fn ") || signature.starts_with("pub async fn ") {
            found.push((at, signature));
        }
    }
    found
}

pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    crate::archive::files_below(folder)
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// What is written by people in the repository, builds and version control aside.
pub fn text_files(house: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(house) else {
        return found;
    };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if name == "target" || name == ".git" || name == "scans" {
            continue;
        }
        if path.is_dir() {
            found.extend(text_files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

fn line(text: &str, at: usize) -> usize {
    text.as_bytes()[..at.min(text.len())]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}

pub fn word_before(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len())
}

/// Begin and end of the contents, and the end of the whole literal.
fn raw_string(bytes: &[u8], at: usize) -> Option<(usize, usize, usize)> {
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let mut end = vec![b'"'];
    end.extend(std::iter::repeat_n(b'#', hashes));
    let length = bytes[open + 1..].windows(end.len()).position(|w| w == end)?;
    Some((open + 1, open + 1 + length, open + 1 + length + end.len()))
}

/// A character literal is skipped (it may be a quote or a brace); a lifetime is only its tick.
fn char_end(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at + 1) == Some(&b'\\') {
        return bytes[at + 3..]
            .iter()
            .position(|b| *b == b'\'')
            .map_or(at + 1, |n| at + 4 + n);
    }
    let width = match bytes.get(at + 1) {
        Some(b) if *b >= 0xf0 => 4,
        Some(b) if *b >= 0xe0 => 3,
        Some(b) if *b >= 0xc0 => 2,
        _ => 1,
    };
    if bytes.get(at + 1 + width) == Some(&b'\'') {
        at + 2 + width
    } else {
        at + 1
    }
}

fn test_modules(bare: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in bare.match_indices("#[cfg(test)]") {
        let rest = &bare[at..];
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|s| open < s) => closing(bare, at + open),
            (_, Some(semicolon)) => at + semicolon + 1,
            _ => bare.len(),
        };
        found.push((at, end));
    }
    found
}

/// Where the brace that opens at `open` is closed. Strings are blank already; braces in character literals are rare.
pub fn closing(bare: &str, open: usize) -> usize {
    let bytes = bare.as_bytes();
    let (mut depth, mut at) = (0_usize, open);
    while at < bytes.len() {
        match bytes[at] {
            b'\'' => {
                at = char_end(bytes, at).max(at + 1);
                continue;
            }
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
