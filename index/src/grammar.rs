//! The query language: what may be typed into the search box and how it is read.
//!
//! ```text
//! query       = clause { space clause }                 every clause must hold
//! clause      = [ "-" ] atom { ( "|" | "OR" ) atom }    any atom may hold; "-" refuses them all
//! atom        = [ field ( ":" | "：" ) ] value
//! value       = '"' anything '"' | word [ "*" ]         also “…”, 「…」, 『…』
//! date value  = date | date ".." date | ".." date | date ".."
//! ```
//!
//! Every string is a query: what is not part of the language is text (`甲方：李文` pasted from a contract
//! searches for exactly that), with a [`QueryNotice`] where a field may have been meant. Only a value
//! that its field cannot read, or a query beyond the limits, is a [`QueryError`] with a position.
//! Fields and chips are written in the same language, so every query fits in an address.
//!
//! This file refuses to know grams, records and what a name resolves to.

use vocabulary::DateRange;

use crate::fields::{QueryField, parse_security};
use crate::fold::folded_chars;
use crate::query::{Atom, Clause, NoticeCode, Query, QueryError, QueryLimits, QueryNotice};

/// Reads a query. Linear in its length.
pub fn parse(text: &str, limits: &QueryLimits) -> Result<Query, QueryError> {
    let characters = text.chars().count();
    if characters > limits.characters_max {
        return Err(QueryError::TooLong {
            characters,
            limit: limits.characters_max,
        });
    }
    let parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        atoms: 0,
        broad: 0,
        limits: *limits,
        notices: Vec::new(),
    };
    parser.query()
}

/// Writes one field condition in the query language, quoted where it must be.
pub fn write_filter(field: QueryField, value: &str) -> String {
    written(field.english(), value)
}

/// The same with the Chinese name of the field.
pub fn write_filter_in_chinese(field: QueryField, value: &str) -> String {
    written(field.chinese(), value)
}

fn written(field: &str, value: &str) -> String {
    let plain = !value.is_empty()
        && value
            .chars()
            .all(|char| !char.is_whitespace() && !is_pipe(char) && closing_quote(char).is_none());
    if plain {
        return format!("{field}:{value}");
    }
    let cleaned: String = value.chars().filter(|char| *char != '"').collect();
    format!("{field}:\"{cleaned}\"")
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    atoms: usize,
    broad: usize,
    limits: QueryLimits,
    notices: Vec<QueryNotice>,
}

/// A value as typed, with the place where it began.
struct TypedValue {
    text: String,
    quoted: bool,
    at: usize,
}

impl Parser {
    fn query(mut self) -> Result<Query, QueryError> {
        let mut clauses = Vec::new();
        loop {
            self.skip(|char| is_space(char) || is_pipe(char));
            if self.at >= self.chars.len() {
                break;
            }
            if let Some(clause) = self.clause()? {
                clauses.push(clause);
            }
        }
        if clauses.is_empty() && self.notices.is_empty() && !self.chars.is_empty() {
            self.notice(NoticeCode::NothingToSearch, 0);
        }
        Ok(Query {
            clauses,
            notices: self.notices,
        })
    }

    fn clause(&mut self) -> Result<Option<Clause>, QueryError> {
        let start = self.at;
        let negated = self.negation();
        let mut atoms = Vec::new();
        let mut field = None;
        // What is written ends with the last atom: an `OR` left hanging would be a word when read again.
        let mut written_end = start;
        loop {
            if let Some((atom, own_field)) = self.atom(field)? {
                field = own_field;
                written_end = self.at;
                self.broad += usize::from(atom.is_broad());
                if self.broad > self.limits.broad_max {
                    return Err(QueryError::TooBroad {
                        limit: self.limits.broad_max,
                    });
                }
                atoms.push(atom);
                self.atoms += 1;
                if self.atoms > self.limits.atoms_max {
                    return Err(QueryError::TooManyConditions {
                        limit: self.limits.atoms_max,
                    });
                }
            }
            let end = self.at;
            if !self.alternative() {
                self.at = end;
                break;
            }
        }
        if atoms.is_empty() {
            return Ok(None);
        }
        let mut written: String = self.chars[start..written_end].iter().collect();
        // The word itself, first or last in the query, is no alternative between what is joined to it.
        if let ([Atom::Words { quoted, .. }], "OR") = (&mut atoms[..], written.as_str()) {
            *quoted = true;
            written = "\"OR\"".to_owned();
        }
        Ok(Some(Clause {
            negated,
            atoms,
            written: closed(&written),
        }))
    }

    /// Consumes a leading `-` directly before a value.
    fn negation(&mut self) -> bool {
        let dash = matches!(self.peek(0), Some('-' | '－' | '−'));
        let stands_before = self.peek(1).is_some_and(|char| !is_space(char) && !is_pipe(char));
        if dash && stands_before {
            self.at += 1;
            return true;
        }
        false
    }

    /// Consumes `|` or the word `OR` when something follows it.
    fn alternative(&mut self) -> bool {
        self.skip(is_space);
        let mut found = false;
        while self.peek(0).is_some_and(is_pipe) {
            found = true;
            self.at += 1;
            self.skip(is_space);
        }
        if !found && self.peek(0) == Some('O') && self.peek(1) == Some('R') {
            if !self
                .peek(2)
                .is_some_and(|char| is_space(char) || is_pipe(char) || closing_quote(char).is_some())
            {
                return false;
            }
            self.at += 2;
            self.skip(is_space);
            found = true;
        }
        found && self.at < self.chars.len()
    }

    fn atom(&mut self, inherited: Option<QueryField>) -> Result<Option<(Atom, Option<QueryField>)>, QueryError> {
        let start = self.at;
        let field = self.field();
        let value = self.value();
        if !value.quoted && has_star_inside(&value.text) {
            self.notice(NoticeCode::StarInside, start);
        }
        let Some(field) = field.or(inherited) else {
            let atom = Atom::Words {
                text: value.text,
                quoted: value.quoted,
            };
            let Atom::Words { text, .. } = &atom else {
                return Ok(None);
            };
            return Ok((!folded_chars(text).is_empty()).then_some((atom, None)));
        };
        if folded_chars(&value.text).is_empty() {
            self.notice(NoticeCode::FieldWithoutValue, start);
            return Ok(None);
        }
        Ok(Some((understand(field, value)?, Some(field))))
    }

    /// Consumes a known field name and its colon.
    fn field(&mut self) -> Option<QueryField> {
        let rest = &self.chars[self.at..];
        let length = rest
            .iter()
            .take(QueryField::NAME_CHARACTERS_MAX + 1)
            .position(|char| !char.is_alphanumeric() && *char != '_')?;
        if !is_colon(rest[length]) {
            return None;
        }
        let name: String = rest[..length].iter().collect();
        let field = QueryField::named(&name);
        if field.is_some() {
            self.at += length + 1;
        } else if looks_like_a_field(&name) {
            let start = self.at;
            self.notices.push(QueryNotice {
                code: NoticeCode::UnknownField,
                at: start,
                length,
                field: None,
                text: name,
            });
        }
        field
    }

    fn value(&mut self) -> TypedValue {
        let start = self.at;
        if let Some(close) = self.peek(0).and_then(closing_quote) {
            let inner = start + 1;
            let end = self.chars[inner..].iter().position(|char| *char == close);
            let (end, next) = match end {
                Some(length) => (inner + length, inner + length + 1),
                None => (self.chars.len(), self.chars.len()),
            };
            self.at = next;
            if next == end {
                self.notice(NoticeCode::OpenQuotation, start);
            }
            return TypedValue {
                text: self.chars[inner..end].iter().collect(),
                quoted: true,
                at: inner,
            };
        }
        self.skip(|char| !is_space(char) && !is_pipe(char) && closing_quote(char).is_none());
        TypedValue {
            text: self.chars[start..self.at].iter().collect(),
            quoted: false,
            at: start,
        }
    }

    fn notice(&mut self, code: NoticeCode, start: usize) {
        self.notices.push(QueryNotice {
            code,
            at: start,
            length: self.at - start,
            field: None,
            text: self.chars[start..self.at].iter().collect(),
        });
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn skip(&mut self, wanted: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&wanted) {
            self.at += 1;
        }
    }
}

fn understand(field: QueryField, value: TypedValue) -> Result<Atom, QueryError> {
    let TypedValue { text, quoted, at } = value;
    match field {
        QueryField::Date => match DateRange::read(&text) {
            Ok(range) => Ok(Atom::Dates(range)),
            Err(fault) => Err(QueryError::BrokenDate { text, at, fault }),
        },
        QueryField::Security => match parse_security(&text) {
            Some(range) => Ok(Atom::Security(range)),
            None => Err(QueryError::BrokenSecurity { text, at }),
        },
        _ => {
            let open = text.strip_suffix(is_star).filter(|_| !quoted);
            Ok(Atom::Text {
                field,
                prefix: open.is_some(),
                text: open.unwrap_or(&text).to_owned(),
            })
        }
    }
}

/// Whether a star stands inside the word where it is no sign of multiplication.
fn has_star_inside(word: &str) -> bool {
    let inside = word.trim_matches(is_star);
    let is_digit = |char: Option<char>| char.is_some_and(|char| char.is_numeric());
    inside.match_indices(is_star).any(|(at, star)| {
        let (before, after) = (&inside[..at], &inside[at + star.len()..]);
        !(is_digit(before.chars().next_back()) && is_digit(after.chars().next()))
    })
}

fn is_star(char: char) -> bool {
    matches!(char, '*' | '＊')
}

/// A quotation that was left open is closed in the written form, so that chips can be joined.
fn closed(written: &str) -> String {
    let mut open = None;
    for char in written.chars() {
        open = match open {
            Some(close) if char == close => None,
            Some(close) => Some(close),
            None => closing_quote(char),
        };
    }
    let mut written = written.to_owned();
    written.extend(open);
    written
}

/// Letters only, so that times, addresses and numbered lists are not taken for fields.
fn looks_like_a_field(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|char| char.is_alphabetic() || char == '_')
}

fn is_colon(char: char) -> bool {
    matches!(char, ':' | '：')
}

fn is_pipe(char: char) -> bool {
    matches!(char, '|' | '｜')
}

fn is_space(char: char) -> bool {
    char.is_whitespace() || char.is_control() || char == '\u{FEFF}'
}

fn closing_quote(char: char) -> Option<char> {
    match char {
        '"' => Some('"'),
        '＂' => Some('＂'),
        '“' => Some('”'),
        '”' => Some('”'),
        '「' => Some('」'),
        '『' => Some('』'),
        _ => None,
    }
}

#[cfg(test)]
#[path = "grammar_tests.rs"]
mod tests;
