//! The parts of a request: path, query and body, as the extractors of the framework read them, except that what cannot
//! be read is named. Refuses to know what any part means.

use crate::{
    http::error::{Result, WebError},
    lists::ListAs,
    state::Web,
    text::Language,
};
use api_types::list::ListJson;
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request, path, rejection::PathRejection},
    http::request::Parts,
};
use serde::{Deserialize, de::DeserializeOwned};
use std::str::FromStr;
use utoipa::{
    IntoParams,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

/// The parameters behind the question mark.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Web> for Asked<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self> {
        match axum::extract::Query::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(asked)) => Ok(Self(asked)),
            Err(rejection) => Err(not_a_query(&rejection.body_text())),
        }
    }
}

/// The parameters inside the address.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Web> for Path<T> {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self> {
        match axum::extract::Path::from_request_parts(parts, web).await {
            Ok(axum::extract::Path(named)) => Ok(Self(named)),
            Err(PathRejection::FailedToDeserializePathParams(rejection)) => {
                let field = match rejection.kind() {
                    path::ErrorKind::ParseErrorAtKey { key, .. }
                    | path::ErrorKind::InvalidUtf8InPathParam { key }
                    | path::ErrorKind::DeserializeError { key, .. } => key.as_str(),
                    _ => "path",
                };
                Err(WebError::invalid(field, rejection.body_text()))
            }
            Err(rejection) => Err(WebError::invalid("path", rejection.body_text())),
        }
    }
}

/// A JSON body; what is wrong with it is said in words.
pub struct Sent<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Web> for Sent<T> {
    type Rejection = WebError;

    async fn from_request(request: Request, web: &Web) -> Result<Self> {
        match Json::<T>::from_request(request, web).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) if rejection.status().as_u16() == 413 => Err(WebError::TooLarge {
                limit: web.config.limits.body_bytes_max,
            }),
            Err(rejection) => Err(WebError::invalid("body", rejection.body_text())),
        }
    }
}

/// The language that a program asks for; Chinese when it names none.
///
/// # Errors
/// When it is none of ours.
pub fn language(word: &str) -> Result<Language> {
    match (word, Language::parse(word)) {
        ("", _) => Ok(Language::default()),
        (_, Some(language)) => Ok(language),
        (_, None) => Err(WebError::invalid("language", "is zh-CN or en")),
    }
}

/// The words of [`language`], for the description.
pub fn language_words() -> RefOr<Schema> {
    one_of([""].into_iter().chain(Language::ALL.map(Language::as_str)))
}

/// The words of an order of hits, for the description.
pub fn sorting_words() -> RefOr<Schema> {
    one_of(services::search::sorting_words())
}

/// The kinds of file that a list is made into, for the description.
pub fn file_words() -> RefOr<Schema> {
    one_of(ListAs::ALL.into_iter().map(ListAs::as_str))
}

fn one_of(words: impl Iterator<Item = &'static str>) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .into()
}

/// Which part of a list is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// `next` of the window before; the first window when empty.
    #[serde(default)]
    pub after: String,
    /// 100 when not given, 1,000 at most.
    pub limit: Option<usize>,
}

impl ListQuery {
    /// The window of a list that was read whole.
    ///
    /// # Errors
    /// When `after` is no mark of such a list.
    pub fn part<R, T>(&self, web: &Web, rows: Vec<R>, shape: impl FnMut(R) -> T) -> Result<Json<ListJson<T>>> {
        let (skip, limit) = (mark(&self.after)?.unwrap_or(0), rows_at_most(web, self.limit));
        Ok(Json(ListJson::part(rows, skip, limit, shape)))
    }
}

/// How many rows a window has at most.
pub fn rows_at_most(web: &Web, limit: Option<usize>) -> usize {
    limit.unwrap_or(web.config.limits.rows).clamp(1, 1000)
}

/// The mark after which a list goes on; none for its beginning.
///
/// # Errors
/// When it is none that an answer gave.
pub fn mark<M: FromStr>(after: &str) -> Result<Option<M>> {
    match after {
        "" => Ok(None),
        after => match after.parse() {
            Ok(mark) => Ok(Some(mark)),
            Err(_) => Err(WebError::invalid("after", "is what `next` of the window before said")),
        },
    }
}

/// The parameter that a rejection is about, and why, from its text: `…: limit: invalid digit`, `…: missing field `q``.
fn not_a_query(text: &str) -> WebError {
    let reason = text.split_once(": ").map_or(text, |(_, reason)| reason);
    let quoted = reason.split('`').nth(1).unwrap_or_default();
    if reason.contains("missing field") {
        return WebError::invalid(quoted, "is missing; it stands behind the question mark of the address");
    }
    if reason.contains("unknown field") {
        let known: Vec<&str> = reason.split('`').skip(3).step_by(2).collect();
        return WebError::invalid(quoted, format!("is no parameter here; there are {}", known.join(", ")));
    }
    if reason.contains("duplicate field") {
        return WebError::invalid(quoted, "came more than once; send it once");
    }
    match reason.split_once(": ") {
        Some((field, why)) => WebError::invalid(field, why),
        None => WebError::invalid("query", reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_is_named() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only whether they can be read is asked")]
        struct Parameters {
            q: String,
            limit: Option<usize>,
        }
        let check = |query: &str, expected: &str| {
            let address = format!("/api/v1/search?{query}").parse().expect("an address");
            let rejection = axum::extract::Query::<Parameters>::try_from_uri(&address).expect_err("cannot be read");
            assert_eq!(not_a_query(&rejection.body_text()).to_string(), expected);
        };
        check("", "q: is missing; it stands behind the question mark of the address");
        check("q=a&limit=x", "limit: invalid digit found in string");
        check("q=a&lim=1", "lim: is no parameter here; there are q, limit");
        check("q=a&q=b", "q: came more than once; send it once");
    }
}
