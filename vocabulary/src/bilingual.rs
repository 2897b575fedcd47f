//! A clause in both languages, for what is told together with its numbers and names; which one is shown is decided by
//! whoever shows it.

use crate::Language;
use std::fmt;

/// A clause in lower case that says what is wrong or what to write instead, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bilingual {
    english: String,
    chinese: String,
}

impl Bilingual {
    pub fn new(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self {
            english: english.into(),
            chinese: chinese.into(),
        }
    }

    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

/// English, for programs and logs.
impl fmt::Display for Bilingual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// A clause in both languages, filled with the same values.
#[macro_export]
macro_rules! both {
    ($english:literal, $chinese:literal $(, $argument:expr)* $(,)?) => {
        $crate::Bilingual::new(format!($english $(, $argument)*), format!($chinese $(, $argument)*))
    };
}
