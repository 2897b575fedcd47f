//! `dossier second`: what one person alone cannot do and waits for a second.

use crate::{
    command_line::Listed,
    commands::{placements::local, users::level},
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, note, print, print_json, print_table, say_shown},
    public_address::public_address,
    settings::Settings,
};
use anyhow::Result;
use api_types::second::{SecondActJson, SecondDoneJson};
use api_types::users::LinkJson;
use clap::Subcommand;
use records::ids::SecondActId;
use vocabulary::TwoPersonAct;

/// What waits for a second person.
#[derive(Subcommand)]
pub enum SecondCommand {
    /// List what waits for a second person, newest first
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Do what somebody else has asked for
    Confirm {
        /// Id of what waits, as `second list` shows it
        act: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Say no to what somebody has asked for
    Refuse {
        /// Id of what waits, as `second list` shows it
        act: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

pub async fn run(settings: &Settings, words: SecondCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    match words {
        SecondCommand::List { listed, json } => list(&house, &listed, json).await?,
        SecondCommand::Confirm { act, json } => confirm(settings, &house, &act, json).await?,
        SecondCommand::Refuse { act, reason, json } => {
            let id = SecondActId::parse(&act)?;
            house.archive.act_refuse(&house.asker, &id, &reason).await?;
            let done = SecondDoneJson {
                id: id.to_string(),
                link: None,
            };
            match json {
                true => print_json(&done)?,
                false => print(&said!(
                    "{id} waits no longer, and is not done\n",
                    "{id} 不再等第二人，也没有办\n"
                ))?,
            }
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

async fn list(house: &House, listed: &Listed, json: bool) -> Result<()> {
    let waiting = listed.part(house.archive.acts_waiting(&house.asker).await?, SecondActJson::of)?;
    if json {
        return print_json(&waiting);
    }
    let zone = house.zone().await?;
    let row = |act: &SecondActJson| {
        vec![
            act.id.clone(),
            word::<TwoPersonAct>(&act.act),
            act.object.clone(),
            wanted(act),
            act.reason.clone(),
            act.asked_by.clone(),
            local(&act.until, &zone),
        ]
    };
    let header = [
        Heading::Id,
        Heading::What,
        Heading::Object,
        Heading::After,
        Heading::Reason,
        Heading::Proposed,
        Heading::Until,
    ];
    print_table(&header, &waiting.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&waiting);
    Ok(())
}

/// What the thing is to become.
fn wanted(act: &SecondActJson) -> String {
    let to_level = act.level.map_or_else(String::new, level);
    match act.sealed {
        None => to_level,
        Some(true) => said!("{to_level}, sealed", "{to_level}，封存"),
        Some(false) => said!("{to_level}, not sealed", "{to_level}，不封存"),
    }
}

async fn confirm(settings: &Settings, house: &House, act: &str, json: bool) -> Result<()> {
    let id = SecondActId::parse(act)?;
    let done = house.archive.act_confirm(&house.asker, &id).await?;
    let link = match done.link {
        None => None,
        Some(issued) => {
            let address = public_address(settings)?;
            if let Some(advice) = &address.advice {
                note(advice);
            }
            Some(LinkJson {
                name: done.object,
                link: format!("{}{}", address.url, web::address::one_time_link(&issued.secret)),
                expires_at: issued.expires_at.rfc3339(),
            })
        }
    };
    if json {
        return print_json(&SecondDoneJson {
            id: id.to_string(),
            link,
        });
    }
    print(&said!("{id} is confirmed and done\n", "{id} 已确认并办妥\n"))?;
    match link {
        Some(link) => print(&format!("{}\n", link.link)),
        None => Ok(()),
    }
}
