//! Passwords: argon2id (RFC 9106) with 19 MiB, two passes and one lane, the floor of OWASP ASVS 5.0 (11.4). Hashing is
//! slow on purpose, so only a few run at once and they run beside the requests, not among them.

use crate::http::error::{Result, WebError};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordVerifier, phc::PasswordHash},
};
use records::Environment;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
pub const CHARACTERS_MIN: usize = 10;
pub const CHARACTERS_MAX: usize = 256;

/// Long enough for the rule and still in every list that attackers try first, the most common first. From
/// the ten million of SecLists (see `passwords/LICENSE`), and what is common here.
const COMMON: &str = include_str!("passwords/whole.txt");
/// Words that passwords are made of by adding digits and signs, from the same list.
const STEMS: &str = include_str!("passwords/stems.txt");

pub struct Passwords {
    turns: Semaphore,
    environment: Environment,
    /// Hash of a secret that nobody knows: verified for names that do not exist, so that they take as long.
    nobody: String,
}

/// Why a new password is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    TooShort,
    TooLong,
    TooCommon,
}

impl Passwords {
    pub fn new(at_once: usize, environment: &Environment) -> Self {
        let nobody = hash(environment.secret().as_bytes(), &environment.salt()).unwrap_or_default();
        Self {
            turns: Semaphore::new(at_once),
            environment: environment.clone(),
            nobody,
        }
    }

    /// The PHC string of a password.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let _turn = self.turns.acquire().await.map_err(|_| WebError::Busy)?;
        let (password, salt) = (password.to_owned(), self.environment.salt());
        tokio::task::spawn_blocking(move || hash(password.as_bytes(), &salt))
            .await
            .map_err(|cause| WebError::Password(cause.to_string()))?
    }

    /// Whether the password fits. `None` costs as much as a wrong password and never fits.
    pub async fn fits(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        let _turn = self.turns.acquire().await.map_err(|_| WebError::Busy)?;
        let (password, phc) = (password.to_owned(), stored.unwrap_or(&self.nobody).to_owned());
        let fits = tokio::task::spawn_blocking(move || verify(password.as_bytes(), &phc))
            .await
            .map_err(|cause| WebError::Password(cause.to_string()))??;
        Ok(fits && stored.is_some())
    }

    /// Whether a stored hash was made with other parameters than today's.
    pub fn is_outdated(stored: &str) -> bool {
        !stored.contains(&format!("m={MEMORY_KIB},t={PASSES},p={LANES}"))
    }

    /// Length and commonness (NIST SP 800-63B, 5.1.1.2): no rules about kinds of characters, Chinese is fine.
    pub fn weakness(password: &str, user_name: &str) -> Option<Weakness> {
        let characters = password.chars().count();
        if characters < CHARACTERS_MIN {
            return Some(Weakness::TooShort);
        }
        if characters > CHARACTERS_MAX {
            return Some(Weakness::TooLong);
        }
        let folded = password.to_lowercase();
        let one_character = folded.chars().all(|c| folded.starts_with(c));
        let name = user_name.to_lowercase();
        let the_name = !name.is_empty() && folded.replace(&name, "").chars().count() < 4;
        let common = COMMON.lines().any(|line| line == folded) || is_a_word_with_trimmings(&folded);
        (one_character || the_name || common).then_some(Weakness::TooCommon)
    }
}

/// `P@ssw0rd2024`: a common word, some of its letters written as signs, with digits and signs around it.
fn is_a_word_with_trimmings(folded: &str) -> bool {
    let as_letter = |c: char| match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    };
    let is_trimming = |c: char| c.is_ascii_digit() || c.is_ascii_punctuation();
    let core = folded.trim_matches(is_trimming);
    let ends = [
        core,
        folded.trim_end_matches(is_trimming),
        folded.trim_start_matches(is_trimming),
    ];
    ends.iter().any(|core| {
        let word: String = core.chars().map(as_letter).collect();
        STEMS.lines().any(|stem| stem == *core || stem == word)
    })
}

fn scheme() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|cause| WebError::Password(cause.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &[u8], salt: &[u8]) -> Result<String> {
    let hash = argon2::password_hash::PasswordHasher::hash_password_with_salt(&scheme()?, password, salt)
        .map_err(|cause| WebError::Password(cause.to_string()))?;
    Ok(PasswordHash::to_string(&hash))
}

fn verify(password: &[u8], phc: &str) -> Result<bool> {
    let parsed = PasswordHash::new(phc).map_err(|cause| WebError::Password(cause.to_string()))?;
    Ok(scheme()?.verify_password(password, &parsed).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_verify_and_state_their_parameters() {
        let phc = hash("档案室的门开着呢".as_bytes(), &[7; 16]).expect("hashes");
        assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        assert!(verify("档案室的门开着呢".as_bytes(), &phc).expect("verifies"));
        assert!(!verify(b"something else", &phc).expect("verifies"));
        assert!(!Passwords::is_outdated(&phc));
        assert!(Passwords::is_outdated("$argon2id$v=19$m=4096,t=1,p=1$x$y"));
    }

    #[test]
    fn the_list_is_long_and_fits_the_rule() {
        assert!(COMMON.lines().count() >= 3_000);
        for line in COMMON.lines() {
            assert!(
                line.chars().count() >= CHARACTERS_MIN && line == line.to_lowercase(),
                "{line}"
            );
        }
    }

    #[test]
    fn weak_passwords() {
        let check =
            |password: &str, expected| assert_eq!(Passwords::weakness(password, "lin.jing"), expected, "{password}");
        check("short", Some(Weakness::TooShort));
        check("1234567890", Some(Weakness::TooCommon));
        check("aaaaaaaaaaaa", Some(Weakness::TooCommon));
        check("lin.jing123", Some(Weakness::TooCommon));
        for common in [
            "Password123",
            "Password@123",
            "P@ssw0rd2024",
            "dossier2024",
            "112233445566",
            "q1w2e3r4t5",
            "huawei12345",
            "2024!Dragon!",
        ] {
            check(common, Some(Weakness::TooCommon));
        }
        check("dragon und drache", None);
        check("今天天气很好我们去散步", None);
        check(&"x9".repeat(200), Some(Weakness::TooLong));
    }
}
