//! The words on the screen: two languages, one set of keys, looked up by Fluent. Refuses to know what a view shows.

use fluent_templates::{
    LanguageIdentifier, Loader,
    fluent_bundle::{FluentValue, types::FluentNumber},
    langid, static_loader,
};
use std::{borrow::Cow, collections::HashMap};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // Fluent would wrap every inserted value in invisible marks, which end up in copied text.
        customise: |bundle| {
            bundle.set_use_isolating(false);
            bundle.set_formatter(Some(|value, _| match value {
                FluentValue::Number(number) => Some(grouped(number.value as i64)),
                _ => None,
            }));
        },
    };
}

static CHINESE: LanguageIdentifier = langid!("zh-CN");
static ENGLISH: LanguageIdentifier = langid!("en");

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Chinese,
    English,
}

/// Examples of the query language by the ending of their keys.
const QUERY_EXAMPLES: [&str; 13] = [
    "words", "phrase", "either", "not", "customer", "pinyin", "id", "number", "kind", "date", "location", "state",
    "security",
];

impl Language {
    /// A stored preference or a form value; anything unknown is no preference.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "zh-CN" | "zh" => Some(Self::Chinese),
            "en" => Some(Self::English),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The first language of `Accept-Language` (RFC 9110, 12.5.4) that we speak, by weight (which fluent-langneg would
    /// ignore); Chinese when there is none.
    pub fn negotiate(header: &str) -> Self {
        let mut wanted: Vec<(i32, Self)> = header
            .split(',')
            .take(16)
            .filter_map(|part| {
                let mut pieces = part.split(';');
                let tag = pieces.next()?.trim().to_ascii_lowercase();
                let weight = pieces
                    .find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok())
                    .unwrap_or(1.0);
                let language = match tag.split('-').next()? {
                    "zh" => Self::Chinese,
                    "en" => Self::English,
                    _ => return None,
                };
                (weight > 0.0).then_some(((weight * 1000.0) as i32, language))
            })
            .collect();
        wanted.sort_by_key(|(weight, _)| -weight);
        wanted.first().map_or(Self::default(), |(_, language)| *language)
    }
}

/// A value put into a text: shown as it is, or, as a number, grouped and used to choose a plural form.
pub trait Argument {
    fn argument(&self) -> FluentValue<'static>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn argument(&self) -> FluentValue<'static> {
        (**self).argument()
    }
}

impl Argument for str {
    fn argument(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Argument for String {
    fn argument(&self) -> FluentValue<'static> {
        self.as_str().argument()
    }
}

macro_rules! number_arguments {
    ($($number:ty),*) => { $(
        impl Argument for $number {
            fn argument(&self) -> FluentValue<'static> {
                FluentValue::Number(FluentNumber::new(*self as f64, Default::default()))
            }
        }
    )* };
}
number_arguments!(u16, u32, u64, i64, usize);

/// Looks words up in one language. Every template and handler has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Text(pub Language);

impl Text {
    pub fn lang(self) -> &'static str {
        self.0.as_str()
    }

    pub fn is_chinese(self) -> bool {
        self.0 == Language::Chinese
    }

    pub fn say(self, key: &str) -> String {
        LOCALES.lookup(self.identifier(), key)
    }

    /// What may be typed, each with what it means: the same list in the help and on the empty search view.
    pub fn query_examples(self) -> Vec<(String, String)> {
        QUERY_EXAMPLES
            .iter()
            .map(|name| {
                (
                    self.say(&format!("query-example-{name}")),
                    self.say(&format!("query-{name}")),
                )
            })
            .collect()
    }

    /// Where a search for something leads.
    pub fn search_for(self, query: &str) -> String {
        crate::http::address::with_query("/search", &[("q", query)])
    }

    /// A text with the number `$n`.
    pub fn n(self, key: &str, n: impl Argument) -> String {
        self.fill(key, &[("n", &n)])
    }

    /// A text with one named value.
    pub fn with(self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.fill(key, &[(name, &value)])
    }

    pub fn fill(self, key: &str, values: &[(&'static str, &dyn Argument)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'static>> = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), value.argument()))
            .collect();
        LOCALES.lookup_with_args(self.identifier(), key, &values)
    }

    /// A word of a closed vocabulary: `prefix-some-value` for `some_value`, or the value itself where it is not ours.
    pub fn word(self, prefix: &str, value: &str) -> String {
        let key = format!("{prefix}-{}", value.replace(['_', '.'], "-"));
        LOCALES
            .try_lookup(self.identifier(), &key)
            .unwrap_or_else(|| value.to_owned())
    }

    /// A number with its digits grouped by three.
    pub fn number(self, value: impl Argument) -> String {
        match value.argument() {
            FluentValue::Number(number) => grouped(number.value as i64),
            FluentValue::String(text) => text.into_owned(),
            _ => String::new(),
        }
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        match self.0 {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}

fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::BTreeSet, fs, path::Path};

    fn keys(language: &str) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language);
        let mut keys = BTreeSet::new();
        for file in fs::read_dir(folder).expect("locales exist") {
            let text = fs::read_to_string(file.expect("readable").path()).expect("UTF-8");
            for line in text.lines() {
                if let Some((key, _)) = line.split_once(" =")
                    && key.starts_with(|first: char| first.is_ascii_lowercase())
                {
                    assert!(keys.insert(key.to_owned()), "{language}: `{key}` is there twice");
                }
            }
        }
        keys
    }

    #[test]
    fn every_key_is_in_both_languages() {
        assert_eq!(keys("zh-CN"), keys("en"));
    }

    /// A key that a template or a handler names literally is in the files.
    #[test]
    fn every_key_used_exists() {
        let known = keys("zh-CN");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        collect(&root.join("templates"), &mut files);
        collect(&root.join("src"), &mut files);
        for file in files.into_iter().filter(|file| !file.ends_with("src/text.rs")) {
            let text = fs::read_to_string(&file).expect("UTF-8");
            for call in [".say(\"", ".n(\"", ".with(\"", ".fill(\""] {
                for piece in text.split(call).skip(1) {
                    let key = piece.split('"').next().unwrap_or_default();
                    assert!(known.contains(key), "{}: there is no text `{key}`", file.display());
                }
            }
        }
    }

    #[test]
    fn every_example_is_there() {
        for language in [Language::Chinese, Language::English] {
            for (example, meaning) in Text(language).query_examples() {
                assert!(!example.is_empty() && !meaning.is_empty());
                assert!(
                    !example.contains("query-") && !meaning.contains("Unknown"),
                    "{example}: {meaning}"
                );
                let parsed = index::grammar::parse(&example, &index::QueryLimits::default());
                let notices = parsed.map(|query| query.notices);
                assert_eq!(
                    notices,
                    Ok(Vec::new()),
                    "the example `{example}` is not of the language"
                );
            }
        }
    }

    fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).expect("folder exists") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                collect(&path, files)
            } else {
                files.push(path)
            }
        }
    }

    #[test]
    fn negotiation() {
        let check = |header: &str, expected| assert_eq!(Language::negotiate(header), expected, "{header}");
        check("", Language::Chinese);
        check("en-GB,en;q=0.9", Language::English);
        check("de, en;q=0.5, zh-TW;q=0.7", Language::Chinese);
        check("fr", Language::Chinese);
        check("zh;q=0, en;q=0.1", Language::English);
    }

    #[test]
    fn numbers_are_grouped_and_nothing_is_wrapped() {
        assert_eq!(Text(Language::English).number(1_234_567_u64), "1,234,567");
        assert_eq!(Text(Language::Chinese).n("count-pages", 1200_u64), "1,200 页");
        assert_eq!(Text(Language::English).n("count-pages", 1_u64), "1 page");
        assert_eq!(Text(Language::Chinese).word("state", "in_place"), "在架");
        assert_eq!(Text(Language::Chinese).word("state", "no such"), "no such");
    }
}
