//! Closed lists: each value with its code (stored, in JSON and in tables), its Chinese and its English words. The first
//! word of a language is the one that screens show; the others are understood when people write them.

use crate::{Bilingual, Language, Unusable, fold};

/// One value of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Stored and written into JSON and tables; it never changes.
    pub code: &'static str,
    pub chinese: &'static [&'static str],
    pub english: &'static [&'static str],
    /// Understood in both languages and never shown, such as the number of a security level.
    pub also: &'static [&'static str],
}

impl Word {
    pub fn words(&self, language: Language) -> &'static [&'static str] {
        match language {
            Language::Chinese => self.chinese,
            Language::English => self.english,
        }
    }

    pub fn name(&self, language: Language) -> &'static str {
        self.words(language).first().copied().unwrap_or(self.code)
    }

    /// Everything that a person may write for it, the code first.
    pub fn spellings(&self) -> impl Iterator<Item = &'static str> {
        [self.code]
            .into_iter()
            .chain(self.chinese.iter().copied())
            .chain(self.english.iter().copied())
            .chain(self.also.iter().copied())
    }

    /// Whether somebody who writes this means it.
    pub fn is_meant(&self, text: &str) -> bool {
        self.is_spelled(&fold::word(text))
    }

    /// Takes text that [`fold::word`] has folded.
    fn is_spelled(&self, folded: &str) -> bool {
        self.spellings().any(|spelling| fold::word(spelling) == folded)
    }
}

/// A spelling that would be misunderstood, and what to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misleading {
    pub spellings: &'static [&'static str],
    /// A clause in lower case.
    pub instead: &'static str,
    pub instead_chinese: &'static str,
}

/// A whole list, for those who need all of it: messages, OpenAPI, tests, the manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct List {
    /// What one of its values is, in English, as errors name it.
    pub what: &'static str,
    pub what_chinese: &'static str,
    pub words: &'static [Word],
    pub misleading: &'static [Misleading],
    /// Whether other words than these are kept as they are written.
    pub open: bool,
}

impl List {
    /// The same list for those who take its own words only.
    #[must_use]
    pub const fn closed(self) -> List {
        List { open: false, ..self }
    }

    /// The place of a value in the list, by its code or a word in either language; width, case, spaces, dashes and
    /// brackets do not matter.
    ///
    /// # Errors
    /// Says what may be written.
    pub fn position(&self, text: &str) -> Result<usize, Unusable> {
        let folded = fold::word(text);
        if let Some(at) = self.words.iter().position(|word| word.is_spelled(&folded)) {
            return Ok(at);
        }
        let misled = self
            .misleading
            .iter()
            .find(|wrong| wrong.spellings.iter().any(|spelling| fold::word(spelling) == folded));
        let reason = misled.map_or_else(
            || self.choices_said(),
            |wrong| Bilingual::new(wrong.instead, wrong.instead_chinese),
        );
        Err(Unusable::new(self.what, text, reason))
    }

    /// The places of the values that have a word beginning like this; for people who are still typing.
    pub fn positions_begun(&self, text: &str) -> Vec<usize> {
        let folded = fold::word(text);
        if folded.is_empty() {
            return Vec::new();
        }
        let begun = |word: &Word| {
            word.spellings()
                .any(|spelling| fold::word(spelling).starts_with(&folded))
        };
        (0..self.words.len()).filter(|at| begun(&self.words[*at])).collect()
    }

    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().map(|word| word.code)
    }

    /// `write public 公开, internal 内部, confidential 秘密 or secret 机密`
    pub fn choice(&self) -> String {
        let choices = self.choices();
        match choices.as_slice() {
            [] => "there is none".to_owned(),
            [only] => format!("write {only}"),
            [first @ .., last] => format!("write {} or {last}", first.join(", ")),
        }
    }

    /// The same in both languages.
    pub fn choices_said(&self) -> Bilingual {
        Bilingual::new(self.choice(), format!("请写 {}", self.choices().join("、")))
    }

    fn choices(&self) -> Vec<String> {
        let choice = |word: &Word| format!("{} {}", word.code, word.name(Language::Chinese));
        self.words.iter().map(choice).collect()
    }
}

/// What every closed list can do, for those who treat all lists alike.
pub trait ClosedList: Copy + PartialEq + std::fmt::Debug + 'static {
    const LIST: List;

    /// In the order in which people are shown them.
    fn all() -> &'static [Self];

    fn as_str(self) -> &'static str;

    /// By the stored code and nothing else.
    fn from_code(code: &str) -> Option<Self> {
        Self::all().iter().copied().find(|value| value.as_str() == code)
    }

    /// By code or by a word in either language.
    ///
    /// # Errors
    /// Says what may be written.
    fn parse(text: &str) -> Result<Self, Unusable> {
        Self::LIST.position(text).map(|at| Self::all()[at])
    }

    fn name(self, language: Language) -> &'static str {
        let word = Self::LIST.words.iter().find(|word| word.code == self.as_str());
        word.map_or(self.as_str(), |word| word.name(language))
    }
}

/// Makes an enum out of a list. Everything is to be had without importing the trait.
macro_rules! closed_list {
    (
        $(#[$about:meta])*
        $name:ident ($what:literal, $what_chinese:literal) {
            $( $(#[$about_value:meta])*
               $variant:ident = $code:literal [$($zh:literal),+] [$($en:literal),+] $(also [$($also:literal),+])?; )+
        }
        $(misleading { $( [$($wrong:literal),+] => $instead:literal, $instead_chinese:literal; )+ })?
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $( $(#[$about_value])* $variant, )+ }

        impl $name {
            const COUNT: usize = [$($code),+].len();

            /// Every value, in the order in which people are shown them.
            pub const ALL: [$name; Self::COUNT] = [$($name::$variant),+];

            pub const LIST: $crate::List = $crate::List {
                what: $what,
                what_chinese: $what_chinese,
                words: &[$($crate::Word {
                    code: $code,
                    chinese: &[$($zh),+],
                    english: &[$($en),+],
                    also: &[$($($also),+)?],
                }),+],
                misleading: &[$($($crate::Misleading { spellings: &[$($wrong),+], instead: $instead, instead_chinese: $instead_chinese }),+)?],
                open: false,
            };

            /// The code: stored, and written into JSON and tables.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// By the stored code and nothing else.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }

            /// By code or by a word in either language, however it is written.
            ///
            /// # Errors
            /// Says what may be written.
            pub fn parse(text: &str) -> Result<Self, $crate::Unusable> {
                Self::LIST.position(text).map(|at| Self::ALL[at])
            }

            /// Like `parse`; nothing written means `default`.
            ///
            /// # Errors
            /// Says what may be written.
            pub fn parse_or(text: &str, default: Self) -> Result<Self, $crate::Unusable> {
                if text.trim().is_empty() { Ok(default) } else { Self::parse(text) }
            }

            /// As people are shown it.
            pub fn name(self, language: $crate::Language) -> &'static str {
                Self::LIST.words[self as usize].name(language)
            }
        }

        impl $crate::ClosedList for $name {
            const LIST: $crate::List = $name::LIST;

            fn all() -> &'static [Self] { &$name::ALL }

            fn as_str(self) -> &'static str { $name::as_str(self) }
        }
    };
}

/// Makes an enum out of a list that people may add words to. Other words are kept as they were written: they are data
/// of the archive, and nobody else can say what they are in another language.
macro_rules! open_list {
    (
        $(#[$about:meta])*
        $name:ident ($what:literal, $what_chinese:literal) {
            $( $(#[$about_value:meta])* $variant:ident = $code:literal [$($zh:literal),+] [$($en:literal),+]; )+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $( $(#[$about_value])* $variant, )+
            /// A word of the archive's own, as it was written.
            Other(String),
        }

        impl $name {
            const COUNT: usize = [$($code),+].len();

            /// Every value that has a name in both languages, in the order in which people are shown them.
            pub const KNOWN: [$name; Self::COUNT] = [$($name::$variant),+];

            pub const LIST: $crate::List = $crate::List {
                what: $what,
                what_chinese: $what_chinese,
                words: &[$($crate::Word { code: $code, chinese: &[$($zh),+], english: &[$($en),+], also: &[] }),+],
                misleading: &[],
                open: true,
            };

            /// The code, or the word of the archive's own: stored, and written into JSON and tables.
            pub fn as_str(&self) -> &str {
                match self { $($name::$variant => $code,)+ $name::Other(word) => word }
            }

            /// By code or by a word in either language; what is neither is kept. A stored word is read the same way, so
            /// that `Other` never holds a word that the list knows.
            pub fn parse(text: &str) -> Self {
                match Self::LIST.position(text) {
                    Ok(at) => Self::KNOWN[at].clone(),
                    Err(_) => Self::Other($crate::fold::half_width(text.trim())),
                }
            }

            /// As people are shown it.
            pub fn name(&self, language: $crate::Language) -> &str {
                let code = self.as_str();
                let known = Self::LIST.words.iter().find(|word| word.code == code);
                known.map_or(code, |word| word.name(language))
            }
        }
    };
}

pub(crate) use {closed_list, open_list};
