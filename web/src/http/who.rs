//! Who is asking: extractors that turn a cookie or a bearer token into an asker, and a form into fields that are
//! known to come from that person's own view.

use crate::{
    http::{
        cookies::Preferences,
        error::{Result, WebError},
        session::{Peer, is_from_this_machine, session_secret},
    },
    state::Web,
    text::{Language, Text},
};
use axum::{
    Form,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use records::{Asker, identity::gate::session_id};
use std::collections::HashMap;
use subtle::ConstantTimeEq;

/// A person who is signed in, in a browser.
#[derive(Clone)]
pub struct Seat {
    pub asker: Asker,
    pub csrf: String,
    /// Id of the session, as lists of sessions name it.
    pub session: String,
    pub preferences: Preferences,
    pub t: Text,
    /// Path and query of the request.
    pub here: String,
}

impl FromRequestParts<Web> for Seat {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self> {
        let secret = session_secret(web, &parts.headers).ok_or(WebError::NotSignedIn)?;
        let session = web.gate.session(secret).await?.ok_or(WebError::NotSignedIn)?;
        web.read_settings(&session.asker).await?;
        let mut preferences = Preferences::of(&parts.headers, web);
        // What the person chose follows them to every browser; a choice made in this browser is newer.
        if !preferences.language_chosen
            && let Some(language) = Language::parse(session.asker.language())
        {
            preferences.language = language;
        }
        let here = parts
            .uri
            .path_and_query()
            .map_or("/", |address| address.as_str())
            .to_owned();
        Ok(Self {
            asker: session.asker,
            csrf: session.csrf,
            session: session_id(secret),
            t: Text(preferences.language),
            preferences,
            here,
        })
    }
}

/// Whoever calls the API: a bearer token, or for reading also the session of a browser.
pub struct Caller {
    pub asker: Asker,
}

impl FromRequestParts<Web> for Caller {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self> {
        if let Some(secret) = bearer(&parts.headers) {
            let asker = web.gate.token(secret).await?.ok_or(WebError::NotSignedIn)?;
            return Ok(Self { asker });
        }
        let seat = Seat::from_request_parts(parts, web).await?;
        let sent = parts
            .headers
            .get("x-csrf-token")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !parts.method.is_safe() && !same(sent, &seat.csrf) {
            return Err(WebError::NotFromUs);
        }
        Ok(Self { asker: seat.asker })
    }
}

/// Somebody on this machine, or anybody with an account: what monitors and makers of clients ask for is for nobody else.
pub struct LocalOrSignedIn;

impl FromRequestParts<Web> for LocalOrSignedIn {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self> {
        if !is_from_this_machine(web, parts.extensions.get::<Peer>().copied()) {
            Caller::from_request_parts(parts, web).await?;
        }
        Ok(Self)
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

/// A form posted by a signed-in person, with the secret of the session in it.
pub struct Posted {
    pub seat: Seat,
    pub fields: Fields,
}

impl FromRequest<Web> for Posted {
    type Rejection = WebError;

    async fn from_request(request: Request, web: &Web) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let seat = Seat::from_request_parts(&mut parts, web).await?;
        let mut fields = Fields::read(Request::from_parts(parts, body), web).await?;
        if !same(&fields.text("csrf")?, &seat.csrf) {
            return Err(WebError::NotFromUs);
        }
        Ok(Self { seat, fields })
    }
}

/// A form posted before sign-in. That it comes from us is checked by its headers alone (see `guard`).
pub struct PostedAtDoor {
    /// The secret of the session that the form came with; empty in forms before sign-in.
    pub csrf: String,
    pub fields: Fields,
}

impl FromRequest<Web> for PostedAtDoor {
    type Rejection = WebError;

    async fn from_request(request: Request, web: &Web) -> Result<Self> {
        let mut fields = Fields::read(request, web).await?;
        let csrf = fields.text("csrf")?;
        Ok(Self { csrf, fields })
    }
}

/// The fields of a form. Each is taken once; what is left over or came twice is refused.
pub struct Fields(HashMap<String, Vec<String>>);

impl Fields {
    pub(crate) fn of(fields: HashMap<String, Vec<String>>) -> Self {
        Self(fields)
    }

    async fn read(request: Request, web: &Web) -> Result<Self> {
        let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, web)
            .await
            .map_err(|rejection| match rejection.status().as_u16() {
                413 => WebError::TooLarge {
                    limit: web.config.limits.body_bytes_max,
                },
                _ => WebError::invalid("form", "send application/x-www-form-urlencoded"),
            })?;
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Ok(Self(fields))
    }

    /// The one value of a field; empty when it is not there.
    pub fn text(&mut self, name: &str) -> Result<String> {
        let mut values = self.0.remove(name).unwrap_or_default();
        match values.len() {
            0 => Ok(String::new()),
            1 => Ok(values.swap_remove(0)),
            n => Err(WebError::invalid(name, format!("came {n} times; send it once"))),
        }
    }

    /// The one value of a field; `None` when it is not there.
    pub fn maybe(&mut self, name: &str) -> Result<Option<String>> {
        match self.0.contains_key(name) {
            true => self.text(name).map(Some),
            false => Ok(None),
        }
    }

    /// # Errors
    /// When a field was sent that nobody asked for.
    pub fn done(self) -> Result<()> {
        match self.0.keys().next() {
            None => Ok(()),
            Some(name) => {
                let name: String = name.chars().take(40).collect();
                Err(WebError::invalid(name, "is not a field of this form"))
            }
        }
    }
}

/// Compares without telling by its time where the difference is.
pub(crate) fn same(left: &str, right: &str) -> bool {
    !right.is_empty() && bool::from(left.as_bytes().ct_eq(right.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_compare() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("", ""));
        assert!(!same("ab", "abc"));
    }

    #[test]
    fn fields_are_taken_once() {
        let mut fields = Fields(HashMap::from([
            ("a".into(), vec!["1".into()]),
            ("b".into(), vec!["1".into(), "2".into()]),
        ]));
        assert_eq!(fields.text("a").expect("is there"), "1");
        assert_eq!(fields.text("none").expect("is empty"), "");
        assert!(fields.text("b").is_err());
        assert!(
            Fields(HashMap::from([("role".into(), vec!["administrator".into()])]))
                .done()
                .is_err()
        );
    }
}
