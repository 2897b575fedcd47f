//! `dossier users`: named accounts, their one-time links, and bearer tokens.

use crate::{
    command_line::Shown,
    house::House,
    language::said,
    listed::{listed, roles},
    output::{Ending, all_shows_more, note, print, print_json, print_table, say_shown},
    problem::{misused, refused},
    public_address::public_address,
    settings::Settings,
};
use anyhow::Result;
use api_types::users::{LinkJson, MadeTokenJson, TokenJson, UserJson};
use clap::{Args, Subcommand};
use records::{
    Roles, SecurityLevel,
    identity::{Scope, Token, User, UserChange, UserDraft},
    ids::TokenId,
};

#[derive(Args)]
pub struct UserChangeArgs {
    /// Sign-in name
    pub name: String,
    /// Name of the person, as screens show it
    #[arg(long, value_name = "TEXT")]
    pub display_name: Option<String>,
    /// All roles of the account; several with commas
    #[arg(long = "role", alias = "roles", value_name = "ROLES", value_parser = roles())]
    pub roles: Option<Roles>,
    /// The highest security level that the person may see
    #[arg(long, value_name = "LEVEL", value_parser = listed::<SecurityLevel>())]
    pub clearance: Option<SecurityLevel>,
    /// Department; papers of other departments are not seen
    #[arg(long, value_name = "TEXT")]
    pub department: Option<String>,
    /// Site or branch
    #[arg(long, value_name = "TEXT")]
    pub site: Option<String>,
    /// zh-CN, en, or empty for what the browser says
    #[arg(long, value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum UsersCommand {
    /// Add a named account; prints a link with which the person sets a password
    Add {
        /// Sign-in name: letters, digits, Han characters, `.`, `-`, `_` or `@`; it never changes
        name: String,
        /// Name of the person, as screens show it
        #[arg(long, value_name = "TEXT", default_value = "")]
        display_name: String,
        /// Roles of the account; several with commas
        #[arg(long = "role", alias = "roles", value_name = "ROLES", default_value = "viewer", value_parser = roles())]
        roles: Roles,
        /// The highest security level that the person may see
        #[arg(long, value_name = "LEVEL", default_value = "internal", value_parser = listed::<SecurityLevel>())]
        clearance: SecurityLevel,
        /// Department; papers of other departments are not seen
        #[arg(long, value_name = "TEXT", default_value = "")]
        department: String,
        /// Site or branch
        #[arg(long, value_name = "TEXT", default_value = "")]
        site: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// List accounts
    List {
        #[command(flatten)]
        shown: Shown,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// One account
    Show {
        /// Sign-in name
        name: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Change an account; what is not named stays as it is
    Change(UserChangeArgs),
    /// Lock an account: its sessions end and its tokens give nothing
    Lock {
        /// Sign-in name
        name: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Let a locked account in again
    Unlock {
        /// Sign-in name
        name: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print a one-time link with which a person sets a new password
    Passwd {
        /// Sign-in name
        name: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Make a bearer token; it is shown once
    Token {
        /// Sign-in name
        name: String,
        /// What the token is for
        #[arg(long, value_name = "TEXT")]
        label: String,
        /// What the token may do
        #[arg(long, default_value = "read", value_parser = listed::<Scope>())]
        scope: Scope,
        /// Days until it ends by itself
        #[arg(long, value_name = "N", default_value_t = 90)]
        days: i64,
        /// Print JSON, for programs; the secret is in it
        #[arg(long)]
        json: bool,
    },
    /// List bearer tokens, of one account or of all
    Tokens {
        /// Sign-in name; every account where it is left out
        name: Option<String>,
        #[command(flatten)]
        shown: Shown,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// End a bearer token at once
    Revoke {
        /// Id of the token, as `users tokens` lists it
        token: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
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
        UsersCommand::List { shown, json } => list(&house, &shown, json).await?,
        UsersCommand::Show { name, json } => {
            let user = house.archive.user(&house.asker, &name).await?;
            show(&house, user, json).await?;
        }
        UsersCommand::Change(words) => change(&house, words).await?,
        UsersCommand::Lock { name, json } => lock(&house, &name, true, json).await?,
        UsersCommand::Unlock { name, json } => lock(&house, &name, false, json).await?,
        UsersCommand::Token {
            name,
            label,
            scope,
            days,
            json,
        } => {
            let made = house
                .archive
                .token_add(&house.asker, &name, &label, scope, days)
                .await?;
            tell_token(&house, made, json).await?;
        }
        UsersCommand::Tokens { name, shown, json } => tokens(&house, name.as_deref(), &shown, json).await?,
        UsersCommand::Revoke { token, json } => {
            let id = TokenId::parse(&token).map_err(|_| {
                refused(
                    "not_found",
                    said!("there is no token `{token}`", "没有令牌“{token}”"),
                    said!(
                        "`dossier users tokens` lists their ids",
                        "`dossier users tokens` 列出它们的标识"
                    ),
                )
            })?;
            house.archive.token_revoke(&house.asker, &id).await?;
            match json {
                true => print_json(&serde_json::json!({ "id": id.as_str(), "revoked": true }))?,
                false => print(&format!("token {id} gives nothing any more\n"))?,
            }
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
    let zone = house.zone().await?;
    if let Some(advice) = &address.advice {
        note(advice);
    }
    if json {
        return print_json(&LinkJson {
            name: name.to_owned(),
            link: url,
            expires_at: link.expires_at.rfc3339(),
        });
    }
    note(&format!(
        "{name} sets a password with this link, once, until {} ({zone}):",
        link.expires_at.local(&zone)
    ));
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
        return Err(misused(
            said!("nothing is to be changed", "没有要修改的内容"),
            said!(
                "say what, such as --role viewer,archivist; `dossier users change --help` lists all",
                "请写明，如 --role viewer,archivist；`dossier users change --help` 列出全部"
            ),
        ));
    }
    let user = house.archive.user_change(&house.asker, &name, None, &wanted).await?;
    show(house, user, json).await
}

async fn lock(house: &House, name: &str, locked: bool, json: bool) -> Result<()> {
    let wanted = UserChange {
        locked: Some(locked),
        ..UserChange::default()
    };
    let user = house.archive.user_change(&house.asker, name, None, &wanted).await?;
    show(house, user, json).await
}

async fn show(house: &House, user: User, json: bool) -> Result<()> {
    let zone = house.zone().await?;
    let (signed_in, since) = (user.last_sign_in_at, user.created_at.local(&zone));
    let user = UserJson::of(user);
    if json {
        return print_json(&user);
    }
    let facts = [
        ("name", user.name.clone()),
        ("display name", user.display_name.clone()),
        ("roles", user.roles.clone()),
        ("clearance", user.clearance.to_string()),
        ("department", user.department.clone()),
        ("site", user.site.clone()),
        ("language", user.language.clone()),
        ("state", state(&user).to_owned()),
        ("last sign-in", signed_in.map_or_else(String::new, |at| at.local(&zone))),
        ("since", since),
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

async fn list(house: &House, shown: &Shown, json: bool) -> Result<()> {
    let mut users = house.archive.users(&house.asker).await?;
    if json {
        // The whole list, as the API has it.
        return print_json(&users.into_iter().map(UserJson::of).collect::<Vec<_>>());
    }
    let of = shown.cut(&mut users);
    let zone = house.zone().await?;
    let rows: Vec<_> = users
        .into_iter()
        .map(|user| {
            let signed_in = user.last_sign_in_at.map_or_else(String::new, |at| at.local(&zone));
            let user = UserJson::of(user);
            let state = state(&user).to_owned();
            vec![
                user.name,
                user.display_name,
                user.roles,
                user.clearance.to_string(),
                user.department,
                state,
                signed_in,
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
    print_table(&header, &rows)?;
    say_shown(rows.len(), of, &all_shows_more());
    Ok(())
}

/// The secret goes to standard output alone, so that a script can take it; what it is good for stands beside.
async fn tell_token(house: &House, made: (Token, String), json: bool) -> Result<()> {
    let (token, secret) = made;
    let until = token.expires_at.local(&house.zone().await?);
    let shown = TokenJson::of(token);
    if json {
        return print_json(&MadeTokenJson { token: shown, secret });
    }
    let TokenJson { id, user, scope, .. } = shown;
    note(&format!(
        "token {id} for {user}, scope {scope}, until {until}; it is shown only now"
    ));
    print(&format!("{secret}\n"))
}

async fn tokens(house: &House, name: Option<&str>, shown: &Shown, json: bool) -> Result<()> {
    let of_user = match name {
        Some(name) => Some(house.archive.user(&house.asker, name).await?.name),
        None => None,
    };
    let mut tokens = house.archive.tokens(&house.asker).await?;
    tokens.retain(|token| of_user.as_ref().is_none_or(|name| *name == token.user_name));
    if json {
        return print_json(&tokens.into_iter().map(TokenJson::of).collect::<Vec<_>>());
    }
    let of = shown.cut(&mut tokens);
    let zone = house.zone().await?;
    let rows: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let until = token.expires_at.local(&zone);
            let token = TokenJson::of(token);
            let state = if token.revoked { "revoked" } else { "" }.to_owned();
            vec![token.id, token.user, token.name, token.scope, until, state]
        })
        .collect();
    print_table(&["id", "account", "what for", "scope", "until", "state"], &rows)?;
    say_shown(rows.len(), of, &all_shows_more());
    Ok(())
}
