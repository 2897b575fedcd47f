//! `dossier users`: named accounts and bearer tokens.

use crate::{
    command_line::Users,
    house::House,
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::Result;
use records::{
    Roles, SecurityLevel,
    identity::{Scope, User, UserDraft},
};

#[derive(serde::Serialize)]
struct ListedUser {
    name: String,
    display_name: String,
    roles: String,
    clearance: i64,
    department: String,
    site: String,
    locked: bool,
    has_password: bool,
}

pub async fn run(settings: &Settings, words: Users) -> Result<Ending> {
    let house = House::open(settings).await?;
    match words {
        Users::Add {
            name,
            display_name,
            roles,
            clearance,
            department,
            site,
        } => {
            let draft = UserDraft {
                display_name: if display_name.is_empty() {
                    name.clone()
                } else {
                    display_name
                },
                name: name.clone(),
                roles: Roles::parse(&roles)?,
                clearance: SecurityLevel::parse(&clearance)?,
                department,
                site,
            };
            house.archive.user_add(&house.asker, &draft).await?;
            print_link(&house, settings, &name).await?;
        }
        Users::Passwd { name } => print_link(&house, settings, &name).await?,
        Users::Token {
            name,
            label,
            scope,
            days,
        } => {
            let (token, secret) = house
                .archive
                .token_add(&house.asker, &name, &label, Scope::parse(&scope)?, days)
                .await?;
            eprintln!(
                "token {} for {name}, scope {scope}, until {}; it is shown only now",
                token.id,
                token.expires_at.rfc3339()
            );
            print(&format!("{secret}\n"))?;
        }
        Users::List { json } => list(&house, json).await?,
    }
    house.close().await;
    Ok(Ending::Fine)
}

/// The link with which a person sets a password. Where the archive is served is for the settings to say.
async fn print_link(house: &House, settings: &Settings, name: &str) -> Result<()> {
    let secret = house.archive.issue_link_for(&house.asker, name).await?;
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    eprintln!("{name} sets a password with this link within 15 minutes:");
    print(&format!(
        "{scheme}://{}{}\n",
        settings.listen,
        web::address::one_time_link(&secret)
    ))
}

async fn list(house: &House, json: bool) -> Result<()> {
    let users = house.archive.users(&house.asker).await?;
    let listed = users.into_iter().map(|user| {
        let User {
            name,
            display_name,
            roles,
            clearance,
            department,
            site,
            locked,
            has_password,
            ..
        } = user;
        ListedUser {
            name,
            display_name,
            roles: roles.to_string(),
            clearance: clearance.number(),
            department,
            site,
            locked,
            has_password,
        }
    });
    if json {
        return print_json(&listed.collect::<Vec<_>>());
    }
    let rows: Vec<_> = listed
        .map(|user| {
            let state = match (user.locked, user.has_password) {
                (true, _) => "locked",
                (false, false) => "no password yet",
                (false, true) => "active",
            };
            vec![
                user.name,
                user.display_name,
                user.roles,
                user.clearance.to_string(),
                user.department,
                state.to_owned(),
            ]
        })
        .collect();
    print_table(
        &["name", "display name", "roles", "clearance", "department", "state"],
        &rows,
    )
}
