//! The table `[oidc]` of `dossier.toml`: the provider of the organisation where people sign in.

use crate::{
    language::said,
    problem::{misused, refused},
};
use anyhow::Result;
use records::{Roles, SecurityLevel};
use std::{collections::BTreeMap, path::PathBuf};
use web::oidc::{OidcConfig, is_loopback};

/// The table as it is written.
#[derive(serde::Deserialize, Debug, Clone)]
#[serde(deny_unknown_fields)]
pub struct OidcWritten {
    /// `https://id.example.com/realms/office`; where it describes itself is found from there.
    pub issuer: String,
    pub client_id: String,
    /// The file that holds the secret, and nothing else.
    pub client_secret_file: Option<PathBuf>,
    /// What the button on the sign-in page says.
    #[serde(default)]
    pub name: String,
    pub scopes: Option<Vec<String>>,
    pub roles_claim: Option<String>,
    /// From a value of the claim to roles here: `archive-staff = "viewer,archivist"`.
    pub roles: BTreeMap<String, String>,
    #[serde(default)]
    pub department_claim: String,
    #[serde(default)]
    pub clearance_claim: String,
    /// From a value of the claim to a level.
    #[serde(default)]
    pub clearances: BTreeMap<String, String>,
    /// The level of those whose claim says nothing of it.
    pub clearance: Option<String>,
    /// Certificates (PEM) that are trusted instead of those of the system.
    pub ca_file: Option<PathBuf>,
    /// Whether passwords of the archive open it as well.
    pub local_sign_in: Option<bool>,
}

impl OidcWritten {
    /// # Errors
    /// What of the table cannot be used, and what to write.
    pub fn checked(self) -> Result<OidcConfig> {
        let after_scheme = |scheme: &str| self.issuer.strip_prefix(scheme);
        let is_ours = after_scheme("http://").is_some_and(|rest| {
            let host = rest.split(['/', ':']).next().unwrap_or_default();
            is_loopback(host)
        });
        if after_scheme("https://").is_none_or(str::is_empty) && !is_ours {
            return Err(wrong(
                "issuer",
                &self.issuer,
                said!("it begins with https://", "要以 https:// 开头"),
            ));
        }
        let client_secret = match &self.client_secret_file {
            None => None,
            Some(path) => Some(secret(path)?),
        };
        let mut roles = Vec::new();
        for (value, given) in self.roles {
            match Roles::parse(&given) {
                Ok(known) if !known.is_empty() => roles.push((value, known)),
                _ => {
                    let how = said!(
                        "write some of viewer, archivist, auditor, administrator",
                        "请写 viewer、archivist、auditor、administrator 中的几个"
                    );
                    return Err(wrong("roles", &given, how));
                }
            }
        }
        let level = |key: &str, text: &str| {
            SecurityLevel::parse(text).map_err(|_| {
                let how = said!(
                    "write public, internal, confidential or secret",
                    "请写 public、internal、confidential 或 secret"
                );
                wrong(key, text, how)
            })
        };
        let mut clearances = Vec::new();
        for (value, given) in self.clearances {
            clearances.push((value, level("clearances", &given)?));
        }
        let usual = vec!["profile".to_owned()];
        Ok(OidcConfig {
            issuer: self.issuer,
            client_id: self.client_id,
            client_secret,
            name: self.name,
            scopes: self.scopes.unwrap_or(usual),
            roles_claim: self.roles_claim.unwrap_or_else(|| "groups".to_owned()),
            roles,
            department_claim: self.department_claim,
            clearance_claim: self.clearance_claim,
            clearances,
            clearance: level("clearance", self.clearance.as_deref().unwrap_or("public"))?,
            ca_file: self.ca_file,
            local_sign_in: self.local_sign_in.unwrap_or(true),
        })
    }
}

fn secret(path: &std::path::Path) -> Result<String> {
    let shown = path.display();
    match std::fs::read_to_string(path) {
        Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        outcome => {
            let why = match outcome {
                Ok(_) => said!("it is empty", "它是空的"),
                Err(cause) => cause.to_string(),
            };
            Err(refused(
                "oidc_secret",
                said!(
                    "client_secret_file {shown} of [oidc] cannot be read: {why}",
                    "[oidc] 的 client_secret_file {shown} 读不了：{why}"
                ),
                said!(
                    "put the secret that the provider gave into it, readable for this account alone",
                    "请把身份提供方给的密钥写进去，只让本账户可读"
                ),
            ))
        }
    }
}

fn wrong(key: &str, value: &str, how: String) -> anyhow::Error {
    misused(
        said!("{key} of [oidc] is `{value}`", "[oidc] 的 {key} 是“{value}”"),
        how,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(text: &str) -> Result<OidcConfig> {
        toml::from_str::<OidcWritten>(text)?.checked()
    }

    #[test]
    fn a_table_is_taken_or_told_what_is_wrong() {
        let table = "issuer = 'https://id.example/realms/office'\nclient_id = 'dossier'\nroles = { staff = 'viewer,archivist' }\n";
        let config = checked(table).expect("is taken");
        assert!(config.local_sign_in && config.roles_claim == "groups" && config.clearance == SecurityLevel::PUBLIC);
        assert!(checked(&table.replace("https://id.example/", "http://127.0.0.1:9400/")).is_ok());
        let check = |from: &str, to: &str, expected: &str| {
            let fault = format!("{:#}", checked(&table.replace(from, to)).expect_err("is refused"));
            assert!(fault.contains(expected), "{fault}");
        };
        check("https://id.example/", "http://id.example/", "issuer");
        check("viewer,archivist", "king", "king");
        check(
            "client_id = 'dossier'\n",
            "client_id = 'dossier'\nclearance = 'cosmic'\n",
            "cosmic",
        );
        check(
            "client_id = 'dossier'\n",
            "client_id = 'dossier'\nclient_secret_file = '/nowhere/x'\n",
            "/nowhere/x",
        );
        assert!(
            checked(&format!("{table}clearence = 'public'")).is_err(),
            "an unknown key"
        );
    }
}
