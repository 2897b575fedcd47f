//! The language in which the command line speaks of what goes wrong.

use std::sync::OnceLock;
use vocabulary::Language;

/// A text in the language of the locale; both stand side by side and capture what is in scope.
macro_rules! said {
    ($english:literal, $chinese:literal $(, $argument:expr)* $(,)?) => {
        match $crate::language::language() {
            vocabulary::Language::English => std::fmt::format(format_args!($english $(, $argument)*)),
            vocabulary::Language::Chinese => std::fmt::format(format_args!($chinese $(, $argument)*)),
        }
    };
}
pub(crate) use said;

/// The language of the locale: Chinese where LC_ALL, LC_MESSAGES or LANG begins with `zh`.
pub fn language() -> Language {
    static LANGUAGE: OnceLock<Language> = OnceLock::new();
    *LANGUAGE.get_or_init(|| {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .iter()
            .filter_map(std::env::var_os)
            .find(|value| !value.is_empty());
        match locale.is_some_and(|locale| locale.to_string_lossy().starts_with("zh")) {
            true => Language::Chinese,
            false => Language::English,
        }
    })
}
