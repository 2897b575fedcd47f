//! Codes of an authenticator (TOTP, RFC 6238: SHA-1, six digits, steps of 30 seconds, which is what authenticators on
//! telephones know). Refuses to know where secrets are kept and which code was used.

use crate::http::error::{Result, WebError};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use records::{
    Moment,
    identity::factor::{FactorProof, FactorSecret},
};
use totp_rs::{Builder, Secret, Totp};

const DIGITS: usize = 6;

/// What was typed, as a proof that can be used up: a code that fits now, or what may be a recovery code. `None` when it
/// is neither.
pub fn proof<'t>(secret: &FactorSecret, typed: &'t str, now: Moment) -> Result<Option<FactorProof<'t>>> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let is_long = typed.chars().filter(char::is_ascii_alphanumeric).count() > DIGITS;
        return Ok(is_long.then_some(FactorProof::Recovery(typed)));
    }
    Ok(step(secret, &digits, now)?.map(FactorProof::Step))
}

/// The step whose code was typed: the one of this moment, or the one before or after, because clocks differ.
pub fn step(secret: &FactorSecret, typed: &str, now: Moment) -> Result<Option<i64>> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.micros() / 1_000_000).unwrap_or_default();
    let step = totp(secret)?.check(&typed, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

fn totp(secret: &FactorSecret) -> Result<Totp> {
    let broken = |cause: String| WebError::Password(format!("the secret of an authenticator: {cause}"));
    let secret = Secret::try_from_base32(&secret.base32).map_err(|cause| broken(cause.to_string()))?;
    Builder::new()
        .with_secret(secret)
        .build()
        .map_err(|cause| broken(cause.to_string()))
}

/// What an authenticator reads from the QR code; archive and account name the entry there.
pub fn address(secret: &FactorSecret, archive: &str, account: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let archive = encoded(archive);
    format!(
        "otpauth://totp/{archive}:{}?secret={}&issuer={archive}",
        encoded(account),
        secret.base32
    )
}

/// The secret in groups of four, for those who type it.
pub fn in_groups(secret: &FactorSecret) -> String {
    let letters: Vec<char> = secret.base32.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}
