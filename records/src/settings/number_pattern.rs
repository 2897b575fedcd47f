//! How numbers of dossiers are written.

use crate::{Error, Field, Result};
use vocabulary::{Bilingual, both};

/// A pattern of numbers, such as `D{year}-{n:06}` or `鸿借字第{n:03}号`.
///
/// `{n}` is the running number (`:0W` pads it with zeros to W digits), `{year}` the year of issue. A pattern with
/// `{year}` counts from 1 again each year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPattern {
    before: String,
    after: String,
    width: usize,
}

impl NumberPattern {
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |reason: Bilingual| Error::invalid(Field::NumberPattern, text, reason);
        let start = text.find("{n").ok_or_else(|| {
            wrong(both!(
                "it needs {{n}} or {{n:06}} for the running number",
                "要有 {{n}} 或 {{n:06}} 表示流水号"
            ))
        })?;
        let end = text[start..]
            .find('}')
            .map(|at| start + at)
            .ok_or_else(|| wrong(both!("a `}}` is missing", "缺一个 `}}`")))?;
        let width = match &text[start + 2..end] {
            "" => 0,
            width => width
                .strip_prefix(":0")
                .and_then(|width| width.parse().ok())
                .filter(|width| *width <= 18)
                .ok_or_else(|| {
                    wrong(both!(
                        "the running number is written {{n}} or {{n:06}}",
                        "流水号写作 {{n}} 或 {{n:06}}"
                    ))
                })?,
        };
        let (before, after) = (&text[..start], &text[end + 1..]);
        if [before, after]
            .iter()
            .any(|part| part.replace("{year}", "").contains(['{', '}']))
        {
            return Err(wrong(both!(
                "only {{n}} and {{year}} are known",
                "只认识 {{n}} 和 {{year}}"
            )));
        }
        Ok(Self {
            before: before.to_owned(),
            after: after.to_owned(),
            width,
        })
    }

    /// The register in which the running number counts.
    pub fn series(&self, year: &str) -> String {
        format!(
            "dossier {}{{n}}{}",
            self.before.replace("{year}", year),
            self.after.replace("{year}", year)
        )
    }

    pub fn number(&self, year: &str, value: i64) -> String {
        let width = self.width;
        format!(
            "{}{value:0width$}{}",
            self.before.replace("{year}", year),
            self.after.replace("{year}", year)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        let check = |pattern: &str, expected: &str| {
            assert_eq!(
                NumberPattern::parse(pattern).expect(pattern).number("2026", 7),
                expected
            );
        };
        check("鸿借字第{n:03}号", "鸿借字第007号");
        check("D{year}-{n:06}", "D2026-000007");
        check("{n}", "7");
        for wrong in ["D", "{n", "{n:3}", "{m}{n}", ""] {
            assert!(NumberPattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
