//! `dossier users sessions`: where somebody is signed in, and ending it.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    output::{print, print_json, print_table, say_shown},
};
use anyhow::Result;
use api_types::users::SessionJson;
use clap::Args;

#[derive(Args)]
pub struct SessionsArgs {
    /// Sign-in name
    pub name: String,
    /// End this session, by its id
    #[arg(long, value_name = "ID", conflicts_with = "end_all")]
    pub end: Option<String>,
    /// End every session of the account
    #[arg(long)]
    pub end_all: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub listed: Listed,
}

pub async fn run(house: &House, words: SessionsArgs) -> Result<()> {
    let SessionsArgs {
        name,
        end,
        end_all,
        json,
        listed,
    } = words;
    let said = match (end, end_all) {
        (None, false) => None,
        (None, true) => {
            house.archive.sessions_end(&house.asker, &name, None).await?;
            Some(said!("every session of {name} has ended\n", "{name} 已退出所有设备\n"))
        }
        (Some(id), _) => {
            house.archive.session_end(&house.asker, &name, &id).await?;
            Some(said!("session {id} has ended\n", "会话 {id} 已退出\n"))
        }
    };
    // Programs hear what is left.
    if let Some(said) = said.filter(|_| !json) {
        return print(&said);
    }
    let sessions = listed.part(house.archive.sessions(&house.asker, &name).await?, SessionJson::of)?;
    if json {
        return print_json(&sessions);
    }
    let zone = house.zone().await?;
    let row = |session: &SessionJson| {
        vec![
            session.id.clone(),
            session.browser.clone(),
            session.network.clone(),
            local(&session.began_at, &zone),
            local(&session.seen_at, &zone),
        ]
    };
    let header = [
        Heading::Id,
        Heading::Browser,
        Heading::Address,
        Heading::From,
        Heading::LastUsed,
    ];
    print_table(&header, &sessions.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&sessions);
    Ok(())
}
