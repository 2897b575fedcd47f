//! `dossier users`: named accounts, their one-time links, and bearer tokens.

use super::{
    sessions::{self, SessionsArgs},
    tokens,
};
use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::{listed, roles, word, words},
    output::{Ending, note, print, print_json, print_table, say_shown},
    problem::misused,
    public_address::public_address,
    settings::Settings,
};
use anyhow::Result;
use api_types::users::{LinkJson, UserJson};
use clap::{Args, Subcommand};
use records::{
    Roles, SecurityLevel,
    identity::{Scope, User, UserChange, UserDraft},
};
use vocabulary::{Role, width::cells};

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
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
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
    /// Where somebody is signed in, and ending it
    Sessions(SessionsArgs),
    /// The second factor of an account, and taking it away when the authenticator is lost
    SecondFactor {
        /// Sign-in name
        name: String,
        /// Take it away; the person signs in with the password alone
        #[arg(long)]
        reset: bool,
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
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
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
        UsersCommand::List { listed, json } => list(&house, &listed, json).await?,
        UsersCommand::Show { name, json } => {
            let user = house.archive.user(&house.asker, &name).await?;
            show(&house, user, json).await?;
        }
        UsersCommand::Change(words) => change(&house, words).await?,
        UsersCommand::SecondFactor { name, reset, json } => {
            if reset {
                house.archive.factor_reset(&house.asker, &name).await?;
            }
            let user = house.archive.user(&house.asker, &name).await?;
            show(&house, user, json).await?;
        }
        UsersCommand::Sessions(words) => sessions::run(&house, words).await?,
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
            tokens::tell(&house, made, json).await?;
        }
        UsersCommand::Tokens { name, listed, json } => tokens::list(&house, name.as_deref(), &listed, json).await?,
        UsersCommand::Revoke { token, json } => tokens::revoke(&house, &token, json).await?,
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
    note(&said!(
        "{name} sets a password with this link, once, until {} ({zone}):",
        "{name} 用此链接设置密码，限用一次，{}（{zone}）前有效：",
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
        (Heading::Name, user.name.clone()),
        (Heading::DisplayName, user.display_name.clone()),
        (Heading::Roles, words::<Role>(&user.roles)),
        (Heading::Clearance, level(user.clearance)),
        (Heading::Department, user.department.clone()),
        (Heading::Site, user.site.clone()),
        (Heading::Language, user.language.clone()),
        (Heading::State, state(&user)),
        (Heading::SecondFactor, on_or_off(user.has_second_factor)),
        (
            Heading::LastSignIn,
            signed_in.map_or_else(String::new, |at| at.local(&zone)),
        ),
        (Heading::Since, since),
    ];
    let lines = facts.iter().map(|(label, value)| {
        let label = label.word();
        let gap = " ".repeat(14_usize.saturating_sub(cells(label)));
        format!("{label}{gap}{value}\n")
    });
    print(&lines.collect::<String>())
}

fn on_or_off(on: bool) -> String {
    match on {
        true => said!("in use", "已启用"),
        false => said!("not in use", "未启用"),
    }
}

fn state(user: &UserJson) -> String {
    if user.locked {
        return said!("locked", "已停用");
    }
    match (user.signs_in_at_provider, user.has_password) {
        (true, _) => said!("signs in at the provider", "统一身份登录"),
        (false, false) => said!("no password yet", "还没有密码"),
        (false, true) => said!("active", "正常"),
    }
}

async fn list(house: &House, listed: &Listed, json: bool) -> Result<()> {
    let users = listed.part(house.archive.users(&house.asker).await?, UserJson::of)?;
    if json {
        return print_json(&users);
    }
    let zone = house.zone().await?;
    let row = |user: &UserJson| {
        let signed_in = user.last_sign_in_at.as_deref();
        vec![
            user.name.clone(),
            user.display_name.clone(),
            words::<Role>(&user.roles),
            level(user.clearance),
            user.department.clone(),
            state(user),
            signed_in.map_or_else(String::new, |at| local(at, &zone)),
        ]
    };
    let header = [
        Heading::Name,
        Heading::DisplayName,
        Heading::Roles,
        Heading::Clearance,
        Heading::Department,
        Heading::State,
        Heading::LastSignIn,
    ];
    print_table(&header, &users.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&users);
    Ok(())
}

/// A security level as people read it.
pub(super) fn level(number: i64) -> String {
    let level = SecurityLevel::from_number(number);
    level.map_or_else(|| number.to_string(), |level| word::<SecurityLevel>(level.as_str()))
}
