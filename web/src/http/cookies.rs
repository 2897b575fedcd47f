//! The few cookies: the session, and what a browser prefers. Refuses to know what a session is.

use crate::{
    state::Web,
    text::{Language, negotiate},
};
use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite, time::Duration};

/// How this browser wants to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preferences {
    pub language: Language,
    /// Whether the language was chosen, and not negotiated.
    pub language_chosen: bool,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    pub white_scans: bool,
}

pub const LANGUAGE: &str = "dossier-language";
pub const THEME: &str = "dossier-theme";
pub const SCANS: &str = "dossier-scans";

const YEAR_S: i64 = 365 * 24 * 3600;

impl Preferences {
    /// What the browser says; where it says no language of ours, that of the archive.
    pub fn of(headers: &HeaderMap, web: &Web) -> Self {
        Self::with(headers, Language::parse(&web.settings().language).unwrap_or_default())
    }

    fn with(headers: &HeaderMap, language: Language) -> Self {
        let chosen = cookie(headers, LANGUAGE).and_then(Language::parse);
        let accepted = headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        Self {
            language: chosen.or_else(|| negotiate(accepted)).unwrap_or(language),
            language_chosen: chosen.is_some(),
            theme: theme(cookie(headers, THEME).unwrap_or_default()),
            white_scans: cookie(headers, SCANS) == Some("white"),
        }
    }
}

pub fn theme(text: &str) -> &'static str {
    match text {
        "light" => "light",
        "dark" => "dark",
        _ => "auto",
    }
}

/// The value of a cookie of the request.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .and_then(|cookie| cookie.value_raw())
}

/// A cookie that only the server reads. `seconds` of 0 ends it.
pub fn set(name: &str, value: &str, seconds: i64, encrypted: bool) -> HeaderValue {
    let cookie = Cookie::build((name, value))
        .path("/")
        .max_age(Duration::seconds(seconds))
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(encrypted)
        .build();
    HeaderValue::from_str(&cookie.to_string()).expect("names and values of our cookies are plain ASCII")
}

pub fn set_preference(name: &str, value: &str, encrypted: bool) -> HeaderValue {
    set(name, value, YEAR_S, encrypted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            HeaderValue::from_static("xdossier=1; dossier=secret; dossier-theme=dark"),
        );
        assert_eq!(cookie(&headers, "dossier"), Some("secret"));
        assert_eq!(cookie(&headers, "theme"), None);
        assert_eq!(Preferences::with(&headers, Language::Chinese).theme, "dark");
    }

    #[test]
    fn the_archive_has_the_last_word_on_language() {
        let mut headers = HeaderMap::new();
        let language = |headers: &HeaderMap| Preferences::with(headers, Language::English).language;
        assert_eq!(language(&headers), Language::English);
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static("zh-CN"));
        assert_eq!(language(&headers), Language::Chinese);
    }
}
