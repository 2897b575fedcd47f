//! `dossier users`: named accounts, their one-time links, and bearer tokens.

use crate::{
    house::House,
    listed::{listed, roles},
    output::{Ending, print, print_json, print_table},
    public_address::public_address,
    settings::Settings,
};
use anyhow::Result;
use api_types::users::{LinkJson, TokenJson, UserJson};
use clap::{Args, Subcommand};
use records::{
    Roles, SecurityLevel,
    identity::{Scope, UserChange, UserDraft},
    ids::TokenId,
};

#[derive(Args)]
pub struct UserChangeArgs {
    pub name: String,
    #[arg(long)]
    pub display_name: Option<String>,
    /// All roles of the account; several with commas
    #[arg(long = "role", alias = "roles", value_name = "ROLES", value_parser = roles())]
    pub roles: Option<Roles>,
    /// The highest security level that the person may see
    #[arg(long, value_name = "LEVEL", value_parser = listed::<SecurityLevel>())]
    pub clearance: Option<SecurityLevel>,
    #[arg(long)]
    pub department: Option<String>,
    #[arg(long)]
    pub site: Option<String>,
    /// zh-CN, en, or empty for what the browser says
    #[arg(long)]
    pub language: Option<String>,
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum UsersCommand {
    /// Add a named account; prints a link with which the person sets a password
    Add {
        name: String,
        #[arg(long, default_value = "")]
        display_name: String,
        /// Roles of the account; several with commas
        #[arg(long = "role", alias = "roles", value_name = "ROLES", default_value = "viewer", value_parser = roles())]
        roles: Roles,
        /// The highest security level that the person may see
        #[arg(long, value_name = "LEVEL", default_value = "internal", value_parser = listed::<SecurityLevel>())]
        clearance: SecurityLevel,
        #[arg(long, default_value = "")]
        department: String,
        #[arg(long, default_value = "")]
        site: String,
        #[arg(long)]
        json: bool,
    },
    /// List accounts
    List {
        #[arg(long)]
        json: bool,
    },
    /// One account
    Show {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Change an account; what is not named stays as it is
    Change(UserChangeArgs),
    /// Lock an account: its sessions end and its tokens give nothing
    Lock {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Let a locked account in again
    Unlock {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Print a one-time link with which a person sets a new password
    Passwd {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Make a bearer token; it is shown once
    Token {
        name: String,
        /// What the token is for
        #[arg(long)]
        label: String,
        /// What the token may do
        #[arg(long, default_value = "read", value_parser = listed::<Scope>())]
        scope: Scope,
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// List bearer tokens, of one account or of all
    Tokens {
        name: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// End a bearer token at once
    Revoke {
        /// Id of the token, as `users tokens` lists it
        token: String,
    },
}

pub async fn run(settings: &Settings, words: UsersCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    match words {
        UsersCommand::Add {
            name,
            display_name,
            roles,
            clearance,
            department,
            site,
            json,
        } => {
            let draft = UserDraft {
                name,
                display_name,
                roles,
                clearance,
                department,
                site,
            };
            let user = house.archive.user_add(&house.asker, &draft).await?;
            print_link(&house, settings, &user.name, json).await?;
        }
        UsersCommand::Passwd { name, json } => print_link(&house, settings, &name, json).await?,
        UsersCommand::List { json } => list(&house, json).await?,
        UsersCommand::Show { name, json } => {
            let user = UserJson::of(house.archive.user(&house.asker, &name).await?);
            show(&user, json)?;
        }
        UsersCommand::Change(words) => change(&house, words).await?,
        UsersCommand::Lock { name, json } => lock(&house, &name, true, json).await?,
        UsersCommand::Unlock { name, json } => lock(&house, &name, false, json).await?,
        UsersCommand::Token {
            name,
            label,
            scope,
            days,
        } => {
            let (token, secret) = house
                .archive
                .token_add(&house.asker, &name, &label, scope, days)
                .await?;
            eprintln!(
                "token {} for {name}, scope {}, until {}; it is shown only now",
                token.id,
                scope.as_str(),
                token.expires_at.rfc3339()
            );
            print(&format!("{secret}\n"))?;
        }
        UsersCommand::Tokens { name, json } => tokens(&house, name.as_deref(), json).await?,
        UsersCommand::Revoke { token } => {
            let id = TokenId::parse(&token)?;
            house.archive.token_revoke(&house.asker, &id).await?;
            print(&format!("token {id} gives nothing any more\n"))?;
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

/// The link with which a person sets a password, at the address where people reach the archive.
async fn print_link(house: &House, settings: &Settings, name: &str, json: bool) -> Result<()> {
    let link = house.archive.issue_link_for(&house.asker, name).await?;
    let address = public_address(settings)?;
    let url = format!("{}{}", address.url, web::address::one_time_link(&link.secret));
    let zone = house.archive.settings(&house.asker).await?.time_zone.clone();
    if let Some(advice) = &address.advice {
        eprintln!("{advice}");
    }
    if json {
        return print_json(&LinkJson {
            name: name.to_owned(),
            link: url,
            expires_at: link.expires_at.rfc3339(),
        });
    }
    eprintln!(
        "{name} sets a password with this link, once, until {} ({zone}):",
        link.expires_at.local(&zone)
    );
    print(&format!("{url}\n"))
}

async fn change(house: &House, words: UserChangeArgs) -> Result<()> {
    let UserChangeArgs {
        name,
        display_name,
        roles,
        clearance,
        department,
        site,
        language,
        json,
    } = words;
    let wanted = UserChange {
        display_name,
        roles,
        clearance,
        department,
        site,
        language,
        locked: None,
    };
    if wanted == UserChange::default() {
        anyhow::bail!(
            "say what is to change, such as --role viewer,archivist; `dossier users change --help` lists all"
        );
    }
    let user = house.archive.user_change(&house.asker, &name, None, &wanted).await?;
    show(&UserJson::of(user), json)
}

async fn lock(house: &House, name: &str, locked: bool, json: bool) -> Result<()> {
    let wanted = UserChange {
        locked: Some(locked),
        ..UserChange::default()
    };
    let user = house.archive.user_change(&house.asker, name, None, &wanted).await?;
    show(&UserJson::of(user), json)
}

fn show(user: &UserJson, json: bool) -> Result<()> {
    if json {
        return print_json(user);
    }
    let facts = [
        ("name", user.name.clone()),
        ("display name", user.display_name.clone()),
        ("roles", user.roles.clone()),
        ("clearance", user.clearance.to_string()),
        ("department", user.department.clone()),
        ("site", user.site.clone()),
        ("language", user.language.clone()),
        ("state", state(user).to_owned()),
        ("last sign-in", user.last_sign_in_at.clone().unwrap_or_default()),
        ("since", user.created_at.clone()),
    ];
    let lines = facts.iter().map(|(label, value)| format!("{label:<13} {value}\n"));
    print(&lines.collect::<String>())
}

fn state(user: &UserJson) -> &'static str {
    match (user.locked, user.has_password) {
        (true, _) => "locked",
        (false, false) => "no password yet",
        (false, true) => "active",
    }
}

async fn list(house: &House, json: bool) -> Result<()> {
    let users = house.archive.users(&house.asker).await?;
    let listed: Vec<_> = users.into_iter().map(UserJson::of).collect();
    if json {
        return print_json(&listed);
    }
    let rows: Vec<_> = listed
        .into_iter()
        .map(|user| {
            let state = state(&user).to_owned();
            vec![
                user.name,
                user.display_name,
                user.roles,
                user.clearance.to_string(),
                user.department,
                state,
                user.last_sign_in_at.unwrap_or_default(),
            ]
        })
        .collect();
    let header = [
        "name",
        "display name",
        "roles",
        "clearance",
        "department",
        "state",
        "last sign-in",
    ];
    print_table(&header, &rows)
}

async fn tokens(house: &House, name: Option<&str>, json: bool) -> Result<()> {
    let of = match name {
        Some(name) => Some(house.archive.user(&house.asker, name).await?.name),
        None => None,
    };
    let tokens = house.archive.tokens(&house.asker).await?.into_iter();
    let listed: Vec<_> = tokens
        .filter(|token| of.as_ref().is_none_or(|name| *name == token.user_name))
        .map(TokenJson::of)
        .collect();
    if json {
        return print_json(&listed);
    }
    let rows: Vec<_> = listed
        .into_iter()
        .map(|token| {
            let state = if token.revoked { "revoked" } else { "" }.to_owned();
            vec![token.id, token.user, token.name, token.scope, token.expires_at, state]
        })
        .collect();
    print_table(&["id", "account", "what for", "scope", "until", "state"], &rows)
}
