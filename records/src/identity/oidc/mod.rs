//! People who sign in at a provider of the organisation. Whether what it says can be trusted is checked by `web`.

mod sql;

use super::Roles;
use vocabulary::SecurityLevel;

/// Somebody as the provider knows them, and what its claims give here.
#[derive(Debug, Clone)]
pub struct OidcPerson {
    pub issuer: String,
    /// Never given to somebody else by the same issuer; what an account is found by.
    pub subject: String,
    /// What a new account is called, where nobody has the name.
    pub name: String,
    pub display_name: String,
    pub roles: Roles,
    pub clearance: SecurityLevel,
    /// `None` where no claim tells it: then it is kept here.
    pub department: Option<String>,
}

/// A name that an account may have, from what a provider calls somebody.
pub(crate) fn account_name(text: &str) -> String {
    let name: String = crate::fold::half_width(text.trim())
        .chars()
        .map(|c| {
            let fits = c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
            if fits { c } else { '-' }
        })
        .take(56)
        .collect();
    match name.trim_matches('-') {
        "" => "person".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_providers_become_names_of_accounts() {
        let check = |text: &str, expected: &str| assert_eq!(account_name(text), expected, "{text}");
        check("wang.wei@example.com", "wang.wei@example.com");
        check(" 王 伟 ", "王-伟");
        check("CORP\\wei", "CORP-wei");
        check("///", "person");
    }
}
