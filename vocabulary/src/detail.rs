//! Details: notes of a machine beside a reason, as a code with arguments. They are stored and sent as such; the
//! sentence is rendered at the edge, in the reader's language.
//!
//! Stored as JSON: `{"c":"customer_unknown_in_manifest","a":["manifest.csv",14,"KH-0999"]}`.

mod codes;
mod step;

pub use codes::{DetailCode, Sentence};
pub use step::next_step;

use crate::{ClosedList, DateFault, FactKind, Language, Reason, SheetFault, StatedField};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What was noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    #[serde(rename = "c")]
    pub code: DetailCode,
    #[serde(rename = "a", default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Arg>,
}

/// An argument of the sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    Number(i64),
    Text(String),
    Detail(Detail),
}

impl DetailCode {
    /// Stored; it never changes.
    pub const fn as_str(self) -> &'static str {
        self.sentence().code
    }

    pub fn from_code(code: &str) -> Option<DetailCode> {
        DetailCode::ALL.iter().copied().find(|known| known.as_str() == code)
    }

    /// The detail without arguments.
    pub const fn alone(self) -> Detail {
        Detail {
            code: self,
            args: Vec::new(),
        }
    }

    /// The detail with its first argument.
    pub fn with(self, arg: impl Into<Arg>) -> Detail {
        self.alone().with(arg)
    }
}

impl From<DetailCode> for Detail {
    fn from(code: DetailCode) -> Detail {
        code.alone()
    }
}

impl Serialize for DetailCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DetailCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DetailCode, D::Error> {
        let code = String::deserialize(deserializer)?;
        DetailCode::from_code(&code).ok_or_else(|| serde::de::Error::custom(format!("{code} is the code of no detail")))
    }
}

impl Detail {
    /// With one argument more.
    #[must_use]
    pub fn with(mut self, arg: impl Into<Arg>) -> Detail {
        self.args.push(arg.into());
        self
    }

    /// What a library or the operating system says in its own words.
    pub fn of_system(words: impl ToString) -> Detail {
        DetailCode::SystemSays.with(words.to_string().to_lowercase())
    }

    /// What is known to be refused and why, with what a person can do.
    pub fn refused(reason: Reason, detail: Detail) -> Detail {
        let code = match detail.code.says_what_to_do() {
            true => DetailCode::RefusedAsSaid,
            false => DetailCode::Refused,
        };
        code.with(reason.as_str()).with(detail)
    }

    /// This one, and then the other where there is one.
    #[must_use]
    pub fn and(self, other: Option<Detail>) -> Detail {
        match other {
            Some(other) => DetailCode::Both.with(self).with(other),
            None => self,
        }
    }

    /// The details that [`Detail::and`] has joined, in their order.
    pub fn parts(&self) -> Vec<&Detail> {
        match (self.code, self.args.as_slice()) {
            (DetailCode::Both, [Arg::Detail(first), Arg::Detail(second)]) => {
                let mut parts = first.parts();
                parts.extend(second.parts());
                parts
            }
            _ => vec![self],
        }
    }

    /// What was found, where this is a refusal with its reason and next step around it; else itself.
    pub fn found(&self) -> &Detail {
        match (self.code, self.args.as_slice()) {
            (DetailCode::Refused | DetailCode::RefusedAsSaid, [_, Arg::Detail(found)]) => found,
            _ => self,
        }
    }

    /// As it is stored.
    pub fn stored(&self) -> String {
        // Strings, numbers and nested details: all of them exist in JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was stored; nothing is stored as an empty text. Text that is no detail was written by a version that stored
    /// sentences, and is shown as it is.
    pub fn from_stored(text: &str) -> Option<Detail> {
        if text.is_empty() {
            return None;
        }
        let detail = serde_json::from_str(text);
        Some(detail.unwrap_or_else(|_| DetailCode::TextOfFormerVersion.with(text)))
    }

    /// The stored form of what may be nothing.
    pub fn store(detail: Option<&Detail>) -> String {
        detail.map(Detail::stored).unwrap_or_default()
    }

    /// The same with every text in it replaced, as masking does.
    #[must_use]
    pub fn with_texts(self, replace: &impl Fn(String) -> String) -> Detail {
        let args = self.args.into_iter().map(|arg| match arg {
            Arg::Text(text) => Arg::Text(replace(text)),
            Arg::Detail(detail) => Arg::Detail(detail.with_texts(replace)),
            number @ Arg::Number(_) => number,
        });
        Detail {
            code: self.code,
            args: args.collect(),
        }
    }

    /// The sentence for a reader.
    pub fn text(&self, language: Language) -> String {
        let sentence = self.code.sentence();
        let mut rest = match language {
            Language::Chinese => sentence.chinese,
            Language::English => sentence.english,
        };
        let mut text = String::new();
        while let Some((before, place)) = rest.split_once('{') {
            text.push_str(before);
            let (place, after) = place.split_once('}').unwrap_or((place, ""));
            text.push_str(&self.place(place, language));
            rest = after;
        }
        text.push_str(rest);
        text
    }

    fn place(&self, place: &str, language: Language) -> String {
        let (number, list) = place.split_once(':').unwrap_or((place, ""));
        let Some(arg) = number.parse().ok().and_then(|at: usize| self.args.get(at)) else {
            return String::new();
        };
        match (arg, list) {
            (Arg::Number(number), _) => number.to_string(),
            (Arg::Detail(detail), _) => detail.text(language),
            (Arg::Text(code), "reason") => named::<Reason>(code, language),
            (Arg::Text(code), "fact") => named::<FactKind>(code, language),
            (Arg::Text(code), "stated") => named::<StatedField>(code, language),
            (Arg::Text(code), "date") => named::<DateFault>(code, language),
            (Arg::Text(code), "sheet") => named::<SheetFault>(code, language),
            (Arg::Text(code), "step") => {
                Reason::from_code(code).map_or_else(String::new, |reason| next_step(reason, language).to_owned())
            }
            (Arg::Text(text), _) => text.clone(),
        }
    }
}

fn named<L: ClosedList>(code: &str, language: Language) -> String {
    L::from_code(code).map_or(code, |value| value.name(language)).to_owned()
}

impl From<&str> for Arg {
    fn from(text: &str) -> Arg {
        Arg::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Arg {
        Arg::Text(text)
    }
}

impl From<Detail> for Arg {
    fn from(detail: Detail) -> Arg {
        Arg::Detail(detail)
    }
}

macro_rules! numbers {
    ($($number:ty),+) => { $(
        impl From<$number> for Arg {
            /// A number beyond `i64` becomes text.
            fn from(number: $number) -> Arg {
                i64::try_from(number).map_or_else(|_| Arg::Text(number.to_string()), Arg::Number)
            }
        }
    )+ };
}

numbers!(i64, u32, u64, u128, usize);

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown() -> Detail {
        DetailCode::CustomerUnknownInManifest
            .with("manifest.csv")
            .with(14_u32)
            .with("KH-0999")
    }

    #[test]
    fn a_detail_is_stored_as_code_and_arguments_and_comes_back() {
        let stored = r#"{"c":"customer_unknown_in_manifest","a":["manifest.csv",14,"KH-0999"]}"#;
        assert_eq!(unknown().stored(), stored);
        assert_eq!(Detail::from_stored(stored), Some(unknown()));
        assert_eq!(Detail::from_stored(""), None);
        let nested = Detail::refused(Reason::TimedOut, DetailCode::NoAnswerWithin.with("20s"));
        assert_eq!(Detail::from_stored(&nested.stored()), Some(nested));
        let joined = unknown().and(Some(DetailCode::NoBytes.alone())).and(Some(unknown()));
        assert_eq!(joined.parts(), [&unknown(), &DetailCode::NoBytes.alone(), &unknown()]);
    }

    #[test]
    fn text_of_a_former_version_is_shown_as_it_is() {
        for text in ["the moon is in the way", r#"{"c":"no_such_code"}"#] {
            let detail = Detail::from_stored(text).expect("something was stored");
            assert_eq!(detail.code, DetailCode::TextOfFormerVersion);
            assert_eq!(detail.text(Language::Chinese), text);
        }
    }

    #[test]
    fn a_detail_is_said_in_the_language_of_the_reader() {
        let check = |detail: Detail, chinese: &str, english: &str| {
            assert_eq!(detail.text(Language::Chinese), chinese);
            assert_eq!(detail.text(Language::English), english);
        };
        check(
            unknown(),
            "manifest.csv 第14行写的客户是 KH-0999，档案里没有",
            "manifest.csv, line 14 names customer `KH-0999`, which the archive does not know; add the customer or choose one",
        );
        check(
            DetailCode::NumberOfNobody
                .with(FactKind::AccountNumber.as_str())
                .with("1002003")
                .with(2_u32),
            "第2页上的户号 1002003 不属于档案里的任何客户",
            "account number 1002003 on page 2 belongs to no customer of the archive; add the customer or choose one",
        );
        check(
            DetailCode::ManifestLineNotUsed.with(DetailCode::ManifestPathOutside.with("../a.pdf")),
            "路径“../a.pdf”不在清单所在的文件夹里；这一行没有使用",
            "the path `../a.pdf` leads out of the folder of the manifest; the line was not used",
        );
        check(
            DetailCode::ManifestDateUnusable
                .with("2024-02-30")
                .with(DateFault::Day.as_str()),
            "日期“2024-02-30”不能用：该月没有这一天；已略去，请写 2024、2024-05 或 2024-05-13",
            "the date `2024-02-30` cannot be used: there is no such day in that month; it was left out, write 2024, \
             2024-05 or 2024-05-13",
        );
        let late = Detail::refused(Reason::TimedOut, DetailCode::NoAnswerWithin.with("20s"));
        check(
            DetailCode::PagesFailed.with(3_u32).with(late).with(2_u32),
            "第3页：超时：20s 内没有结果。单独再试一次（另有 2 页）",
            "page 3: timed_out: no answer within 20s; print it to a new PDF or scan it again (and 2 more pages)",
        );
        check(
            DetailCode::CustomersFit
                .with(2_u32)
                .and(Some(DetailCode::LocationUnknown.with("K9-09"))),
            "有 2 个客户相符；档案里没有库位 K9-09",
            "2 customers fit; choose one; location `K9-09` is not in the archive; add it or choose another",
        );
    }

    #[test]
    fn every_code_is_there_once_and_both_sentences_have_the_same_places() {
        for (at, code) in DetailCode::ALL.iter().enumerate() {
            assert_eq!(DetailCode::from_code(code.as_str()), Some(*code));
            let former = &DetailCode::ALL[..at];
            assert!(former.iter().all(|other| other.as_str() != code.as_str()), "{code:?}");
            let Sentence { chinese, english, .. } = code.sentence();
            for place in 0..4 {
                let has = |text: &str| text.contains(&format!("{{{place}"));
                assert_eq!(has(chinese), has(english), "{code:?} {place}");
            }
            assert!(
                !chinese.is_ascii() || chinese.starts_with('{'),
                "{code:?} has no Chinese"
            );
        }
    }
}
