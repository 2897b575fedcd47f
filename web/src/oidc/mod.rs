//! Signing in at the provider of the organisation (OpenID Connect Core 1.0): authorization code with PKCE, state and
//! nonce. What comes back is a person with issuer and subject, and what the claims say of roles, clearance and
//! department. Refuses to know accounts.

mod http;

pub use http::{ProviderUnreachable, is_loopback};

use openidconnect::{
    AdditionalClaims, AuthenticationFlow, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, Scope, StandardErrorResponse,
    StandardTokenResponse,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreResponseType, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
};
use records::{Roles, SecurityLevel, identity::oidc::OidcPerson};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{fmt, path::PathBuf};

/// What the settings say of the provider.
#[derive(Clone)]
pub struct OidcConfig {
    pub issuer: String,
    pub client_id: String,
    pub client_secret: Option<String>,
    /// What its button says.
    pub name: String,
    pub scopes: Vec<String>,
    /// Claim that holds groups or roles; points lead inwards (`realm_access.roles`).
    pub roles_claim: String,
    /// What a value of that claim gives here; somebody with none of them is not let in.
    pub roles: Vec<(String, Roles)>,
    pub department_claim: String,
    pub clearance_claim: String,
    pub clearances: Vec<(String, SecurityLevel)>,
    /// Of those whose claim says nothing of it.
    pub clearance: SecurityLevel,
    /// Certificates that are trusted instead of those of the system.
    pub ca_file: Option<PathBuf>,
    /// Whether passwords of the archive open it as well.
    pub local_sign_in: bool,
}

impl fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcConfig")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Why somebody could not sign in at the provider. What the program knows more stands in the log.
#[derive(Debug, thiserror::Error)]
pub enum OidcFault {
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    #[error("the settings of the provider cannot be used: {0}")]
    Settings(String),
    #[error("the answer is of no sign-in that this browser has begun")]
    Stale,
    #[error("the provider refused: {0}")]
    Denied(String),
    #[error("the provider did not take the code: {0}")]
    Exchange(String),
    #[error("what the provider says of the person cannot be trusted: {0}")]
    Claims(String),
    #[error("no role is given to {0}")]
    NoRole(String),
}

impl OidcFault {
    /// The text that tells people what to do.
    pub fn key(&self) -> &'static str {
        match self {
            OidcFault::Unreachable(_) => "oidc-unreachable",
            OidcFault::Settings(_) => "oidc-settings",
            OidcFault::Stale => "oidc-stale",
            OidcFault::Denied(_) => "oidc-denied",
            OidcFault::Exchange(_) => "oidc-exchange",
            OidcFault::Claims(_) => "oidc-claims",
            OidcFault::NoRole(_) => "oidc-no-role",
        }
    }
}

/// What a browser keeps between leaving for the provider and coming back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcErrand {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
}

impl OidcErrand {
    pub fn new(mut secret: impl FnMut() -> String) -> Self {
        Self {
            state: secret(),
            nonce: secret(),
            verifier: secret(),
        }
    }

    /// As the cookie holds it.
    pub fn written(&self) -> String {
        format!("{}.{}.{}", self.state, self.nonce, self.verifier)
    }

    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(str::to_owned);
        let errand = Self {
            state: parts.next()?,
            nonce: parts.next()?,
            verifier: parts.next()?,
        };
        let is_whole = [&errand.state, &errand.nonce, &errand.verifier]
            .iter()
            .all(|part| part.len() == 64);
        (is_whole && parts.next().is_none()).then_some(errand)
    }
}

/// Every claim that the library does not know by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct OtherClaims(serde_json::Map<String, Value>);

impl AdditionalClaims for OtherClaims {}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Provider = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Where somebody comes back to.
pub const BACK: &str = "/sign-in/provider/back";

impl OidcConfig {
    /// What the provider says of itself today; its keys may have changed since the last time.
    async fn described(&self) -> Result<ProviderMetadataWithLogout, OidcFault> {
        let trust = http::trust(self.ca_file.as_deref()).map_err(|cause| OidcFault::Settings(cause.to_string()))?;
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(unusable)?;
        ProviderMetadataWithLogout::discover_async(issuer, &http::client(trust))
            .await
            .map_err(|cause| OidcFault::Unreachable(in_full(&cause)))
    }

    async fn provider(&self, public_url: &str) -> Result<Provider, OidcFault> {
        let metadata = self.described().await?;
        let secret = self.client_secret.clone().map(ClientSecret::new);
        let back = RedirectUrl::new(format!("{public_url}{BACK}")).map_err(unusable)?;
        Ok(
            Client::from_provider_metadata(metadata, ClientId::new(self.client_id.clone()), secret)
                .set_redirect_uri(back),
        )
    }

    /// Where the session at the provider is ended (OpenID Connect RP-Initiated Logout 1.0); `None` where it offers no such
    /// place. The browser comes back to `back`.
    pub async fn way_out(&self, back: &str) -> Result<Option<String>, OidcFault> {
        let described = self.described().await?;
        let Some(end) = &described.additional_metadata().end_session_endpoint else {
            return Ok(None);
        };
        let mut there = end.url().clone();
        there
            .query_pairs_mut()
            .append_pair("client_id", &self.client_id)
            .append_pair("post_logout_redirect_uri", back);
        Ok(Some(there.into()))
    }

    /// Where the browser is sent.
    pub async fn leave(&self, public_url: &str, errand: &OidcErrand) -> Result<String, OidcFault> {
        let provider = self.provider(public_url).await?;
        let (state, nonce) = (errand.state.clone(), errand.nonce.clone());
        let verifier = PkceCodeVerifier::new(errand.verifier.clone());
        let (address, _, _) = provider
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address.into())
    }

    /// Who has come back: the code is changed for an ID token, and its signature, issuer, audience, time and nonce are
    /// checked.
    pub async fn come_back(
        &self,
        public_url: &str,
        errand: &OidcErrand,
        code: String,
    ) -> Result<OidcPerson, OidcFault> {
        let provider = self.provider(public_url).await?;
        let trust = http::trust(self.ca_file.as_deref()).map_err(|cause| OidcFault::Settings(cause.to_string()))?;
        let tokens = provider
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|cause| OidcFault::Settings(cause.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(errand.verifier.clone()))
            .request_async(&http::client(trust))
            .await
            .map_err(|cause| OidcFault::Exchange(in_full(&cause)))?;
        let id_token = tokens
            .extra_fields()
            .id_token()
            .ok_or_else(|| OidcFault::Claims("there is no ID token in the answer".to_owned()))?;
        let claims = id_token
            .claims(&provider.id_token_verifier(), &Nonce::new(errand.nonce.clone()))
            .map_err(|cause| OidcFault::Claims(in_full(&cause)))?;
        let others = &claims.additional_claims().0;
        let name = claims
            .preferred_username()
            .map_or_else(|| claims.subject().as_str().to_owned(), |name| name.as_str().to_owned());
        let display_name = claims
            .name()
            .and_then(|name| name.get(None))
            .map_or_else(|| name.clone(), |name| name.as_str().to_owned());
        let roles = self.roles_of(others);
        if roles.is_empty() {
            return Err(OidcFault::NoRole(name));
        }
        Ok(OidcPerson {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            name,
            display_name,
            roles,
            clearance: self.clearance_of(others),
            department: (!self.department_claim.is_empty()).then(|| {
                values(others, &self.department_claim)
                    .into_iter()
                    .next()
                    .unwrap_or_default()
            }),
        })
    }

    fn roles_of(&self, claims: &serde_json::Map<String, Value>) -> Roles {
        let held = values(claims, &self.roles_claim);
        let given = self.roles.iter().filter(|(value, _)| held.contains(value));
        given
            .flat_map(|(_, roles)| roles.iter())
            .fold(Roles::default(), Roles::with)
    }

    /// The highest that a value gives.
    fn clearance_of(&self, claims: &serde_json::Map<String, Value>) -> SecurityLevel {
        let held = values(claims, &self.clearance_claim);
        let given = self.clearances.iter().filter(|(value, _)| held.contains(value));
        given.map(|(_, level)| *level).max().unwrap_or(self.clearance)
    }
}

fn unusable(cause: openidconnect::url::ParseError) -> OidcFault {
    OidcFault::Settings(cause.to_string())
}

/// The texts of a claim: one, or several in a list; points lead inwards.
fn values(claims: &serde_json::Map<String, Value>, path: &str) -> Vec<String> {
    let whole = claims.get(path);
    let inward = || {
        let mut steps = path.split('.');
        let mut found = claims.get(steps.next()?)?;
        for step in steps {
            found = found.get(step)?;
        }
        Some(found)
    };
    match whole.or_else(inward) {
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// An error with what it stands on.
fn in_full(cause: &dyn std::error::Error) -> String {
    let mut text = cause.to_string();
    let mut next = cause.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use records::Role;
    use serde_json::json;

    fn config() -> OidcConfig {
        let roles = |text| Roles::parse(text).expect("roles");
        OidcConfig {
            issuer: "https://id.example".to_owned(),
            client_id: "dossier".to_owned(),
            client_secret: None,
            name: String::new(),
            scopes: Vec::new(),
            roles_claim: "realm_access.roles".to_owned(),
            roles: vec![
                ("staff".to_owned(), roles("viewer,archivist")),
                ("audit".to_owned(), roles("auditor")),
            ],
            department_claim: "department".to_owned(),
            clearance_claim: "level".to_owned(),
            clearances: vec![
                ("two".to_owned(), SecurityLevel::Confidential),
                ("three".to_owned(), SecurityLevel::Secret),
            ],
            clearance: SecurityLevel::INTERNAL,
            ca_file: None,
            local_sign_in: true,
        }
    }

    #[test]
    fn claims_give_roles_and_clearance() {
        let check = |claims: Value, roles: &str, clearance: SecurityLevel| {
            let Value::Object(claims) = claims else {
                panic!("an object")
            };
            assert_eq!(config().roles_of(&claims).to_string(), roles, "{claims:?}");
            assert_eq!(config().clearance_of(&claims), clearance, "{claims:?}");
        };
        check(json!({}), "", SecurityLevel::INTERNAL);
        check(
            json!({ "realm_access": { "roles": ["staff", "x", "audit"] }, "level": ["two", "three"] }),
            "viewer,archivist,auditor",
            SecurityLevel::Secret,
        );
        check(
            json!({ "realm_access": { "roles": "staff" } }),
            "viewer,archivist",
            SecurityLevel::INTERNAL,
        );
        check(
            json!({ "realm_access.roles": ["audit"], "level": "two" }),
            "auditor",
            SecurityLevel::Confidential,
        );
        check(
            json!({ "realm_access": "staff", "roles": ["staff"] }),
            "",
            SecurityLevel::INTERNAL,
        );
        assert!(!config().roles_of(&serde_json::Map::new()).has(Role::Administrator));
    }

    #[test]
    fn an_errand_comes_back_whole_or_not_at_all() {
        let mut count = 0;
        let errand = OidcErrand::new(|| {
            count += 1;
            format!("{count:064}")
        });
        assert_eq!(OidcErrand::read(&errand.written()), Some(errand.clone()));
        for text in ["", "a.b.c", &errand.state, &format!("{}.x", errand.written())] {
            assert_eq!(OidcErrand::read(text), None, "{text}");
        }
    }
}
