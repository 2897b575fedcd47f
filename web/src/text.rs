//! The words on the screen: two languages, one set of keys, looked up by Fluent. Refuses to know what a view shows.

use fluent_templates::{
    LanguageIdentifier, Loader,
    fluent_bundle::{FluentValue, types::FluentNumber},
    langid, static_loader,
};
use std::{borrow::Cow, collections::HashMap};
pub use vocabulary::Language;
use vocabulary::width::grouped;
use vocabulary::{
    AliasKind, AuditAction, AuditObject, AuditOutcome, BatchState, ContainerKind, CopyState, CustomerKind,
    CustomerStatus, DocumentState, DoubleBecause, FactKind, IdentifierKind, KeepingKind, KeepingOccasion, KeptBecause,
    KindFlag, List, LoanState, LoanStepKind, LocationKind, OriginalState, Outcome, PartyRoleKind, ProposedBecause,
    ReadingFlag, Register, RepairState, Role, Scope, SecurityLevel, StocktakeResolution, StocktakeState,
    StocktakeVerdict,
};

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

/// Examples of the query language by the ending of their keys.
const QUERY_EXAMPLES: [&str; 14] = [
    "words", "phrase", "either", "not", "customer", "pinyin", "id", "number", "kind", "date", "location", "state",
    "security", "record",
];

/// The first language of `Accept-Language` (RFC 9110, 12.5.4) that we speak, by weight (which fluent-langneg
/// would ignore).
pub fn negotiate(header: &str) -> Option<Language> {
    let mut wanted: Vec<(i32, Language)> = header
        .split(',')
        .take(16)
        .filter_map(|part| {
            let mut pieces = part.split(';');
            let tag = pieces.next()?.trim().to_ascii_lowercase();
            let weight = pieces
                .find_map(|piece| piece.trim().strip_prefix("q=")?.parse::<f32>().ok())
                .unwrap_or(1.0);
            let language = match tag.split('-').next()? {
                "zh" => Language::Chinese,
                "en" => Language::English,
                _ => return None,
            };
            (weight > 0.0).then_some(((weight * 1000.0) as i32, language))
        })
        .collect();
    wanted.sort_by_key(|(weight, _)| -weight);
    wanted.first().map(|(_, language)| *language)
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

/// How words of a list are written where they stand for themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Letter {
    Small,
    /// As the label of a field: Latin words begin with a capital.
    Capital,
}

/// The lists whose words screens show, by the prefix that screens ask with. The words stand in `vocabulary` and not in
/// the locales.
const LISTS: &[(&str, Letter, &[List])] = &[
    ("batch-state", Letter::Small, &[BatchState::LIST]),
    ("container-kind", Letter::Small, &[ContainerKind::LIST]),
    ("copy", Letter::Small, &[CopyState::LIST]),
    ("customer-kind", Letter::Small, &[CustomerKind::LIST]),
    ("double", Letter::Small, &[DoubleBecause::LIST]),
    ("event", Letter::Small, &[AuditAction::LIST]),
    ("event-object", Letter::Small, &[AuditObject::LIST]),
    ("event-outcome", Letter::Small, &[AuditOutcome::LIST]),
    ("fact", Letter::Capital, &[IdentifierKind::LIST, AliasKind::LIST]),
    ("import-kept", Letter::Small, &[KeptBecause::LIST]),
    ("keeping-kind", Letter::Capital, &[KeepingKind::LIST]),
    ("keeping-occasion", Letter::Capital, &[KeepingOccasion::LIST]),
    ("kind-flag", Letter::Small, &[KindFlag::LIST]),
    ("location-kind", Letter::Small, &[LocationKind::LIST]),
    ("outcome", Letter::Small, &[Outcome::LIST]),
    ("party-role", Letter::Capital, &[PartyRoleKind::LIST]),
    ("proposed", Letter::Small, &[ProposedBecause::LIST]),
    ("reading", Letter::Capital, &[ReadingFlag::LIST]),
    ("register", Letter::Capital, &[Register::LIST]),
    ("repair-state", Letter::Small, &[RepairState::LIST]),
    ("role", Letter::Small, &[Role::LIST]),
    ("rule", Letter::Small, &[FactKind::LIST]),
    ("scope", Letter::Small, &[Scope::LIST]),
    ("security", Letter::Small, &[SecurityLevel::LIST]),
    ("state", Letter::Small, &[OriginalState::LIST, DocumentState::LIST]),
    ("status", Letter::Small, &[CustomerStatus::LIST]),
    ("stocktake-resolution", Letter::Capital, &[StocktakeResolution::LIST]),
    ("stocktake-state", Letter::Small, &[StocktakeState::LIST]),
    ("stocktake-verdict", Letter::Capital, &[StocktakeVerdict::LIST]),
];

/// The word of a list for a code, or for a number that the list knows.
fn listed(prefix: &str, code: &str, language: Language) -> Option<String> {
    let (_, letter, lists) = LISTS.iter().find(|(of, _, _)| *of == prefix)?;
    let mut words = lists.iter().flat_map(|list| list.words);
    let word = words.find(|word| word.code == code || word.also.contains(&code))?;
    let name = word.name(language);
    let mut rest = name.chars();
    match (letter, rest.next()) {
        (Letter::Capital, Some(first)) => Some(first.to_uppercase().chain(rest).collect()),
        _ => Some(name.to_owned()),
    }
}

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

    /// Where the history of a record is.
    pub fn history_of(self, kind: &str, key: &str) -> String {
        crate::http::address::with_query("/history", &[("object", &format!("{kind}:{key}"))])
    }

    /// Where the trail of a record is: who saw it and who did what with it.
    pub fn audit_of(self, kind: &str, key: &str) -> String {
        crate::http::address::with_query("/audit", &[("object", &format!("{kind}:{key}"))])
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

    /// Why something is not done.
    pub fn refusal(self, because: &records::RefusedBecause) -> String {
        let word = |(name, value): (&'static str, String)| (name, self.refusal_word(because, name, value));
        let arguments: Vec<(&'static str, String)> = because.arguments().into_iter().map(word).collect();
        let arguments: Vec<(&'static str, &dyn Argument)> = arguments
            .iter()
            .map(|(name, value)| (*name, value as &dyn Argument))
            .collect();
        self.fill(&format!("refused-{}", because.code().replace('_', "-")), &arguments)
    }

    /// What a refusal names by the code of a list, as people read it.
    fn refusal_word(self, because: &records::RefusedBecause, name: &str, value: String) -> String {
        use records::RefusedBecause as R;
        let known = match (because, name) {
            (R::LoanCannot { .. }, "from" | "to") => LoanState::from_code(&value).map(|word| word.name(self.0)),
            (R::LoanStepOfOthers { .. }, "step") => LoanStepKind::from_code(&value).map(|word| word.name(self.0)),
            (R::LoanIncomplete { .. }, "missing") => {
                let words = value.split(", ").map(|word| self.word("loan-missing", word));
                return words.collect::<Vec<_>>().join(&self.say("list-separator"));
            }
            (R::ThingNotThere { .. } | R::OriginalCannotMove { .. }, "state") => {
                OriginalState::from_code(&value).map(|word| word.name(self.0))
            }
            _ => None,
        };
        known.map_or(value, str::to_owned)
    }

    /// A word of a closed list; where there is no list, the text `prefix-some-value` for `some_value`, or the value
    /// itself where it is not ours.
    pub fn word(self, prefix: &str, value: &str) -> String {
        if let Some(word) = listed(prefix, value, self.0) {
            return word;
        }
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

    #[test]
    fn every_refusal_has_words() {
        let known = keys("zh-CN");
        for code in records::RefusedBecause::CODES {
            let key = format!("refused-{}", code.replace('_', "-"));
            assert!(known.contains(&key), "there is no text `{key}`");
        }
    }

    #[test]
    fn words_of_closed_lists_come_from_the_vocabulary_alone() {
        let known = keys("zh-CN");
        for (prefix, _, lists) in LISTS {
            for word in lists.iter().flat_map(|list| list.words) {
                let key = format!("{prefix}-{}", word.code.replace(['_', '.'], "-"));
                assert!(!known.contains(&key), "`{key}` stands in the locales too; take it out");
                for language in Language::ALL {
                    let shown = Text(language).word(prefix, word.code);
                    assert_eq!(shown.to_lowercase(), word.name(language).to_lowercase(), "{key}");
                }
            }
        }
        assert_eq!(Text(Language::English).word("security", "2"), "confidential");
        assert_eq!(Text(Language::English).word("fact", "id_number"), "ID number");
        assert_eq!(Text(Language::Chinese).word("location-kind", "货架区"), "货架区");
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
                collect(&path, files);
            } else {
                files.push(path);
            }
        }
    }

    #[test]
    fn negotiation() {
        let check = |header: &str, expected| assert_eq!(negotiate(header), expected, "{header}");
        check("", None);
        check("en-GB,en;q=0.9", Some(Language::English));
        check("de, en;q=0.5, zh-TW;q=0.7", Some(Language::Chinese));
        check("fr", None);
        check("zh;q=0, en;q=0.1", Some(Language::English));
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
