//! `dossier grants`: who may see what for a time.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown},
    problem::misused,
    settings::Settings,
};
use anyhow::Result;
use api_types::grants::{self as shapes, GrantJson};
use clap::{Args, Subcommand};
use records::{
    Moment,
    ids::GrantId,
    moment::Edge,
    permission::grants::{Grant, GrantDraft, GrantFilter, GrantTarget},
};
use vocabulary::GrantPhase;

/// Who may see what for a time.
#[derive(Subcommand)]
pub enum GrantsCommand {
    /// List grants, newest first
    List {
        /// Only those for this document, by id or own number
        #[arg(long, value_name = "ID")]
        document: Option<String>,
        /// Only those for the dossier of this customer
        #[arg(long, value_name = "CUSTOMER")]
        dossier: Option<String>,
        /// Only those that wait, will hold or hold
        #[arg(long)]
        open: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Propose that a person may see a document or dossier; another administrator confirms it
    Propose(GrantProposalArgs),
    /// Confirm what somebody else proposed
    Confirm {
        /// Id of the grant, as `grants list` shows it
        grant: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Refuse what somebody else proposed
    Refuse {
        /// Id of the grant, as `grants list` shows it
        grant: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// End a grant at once
    Revoke {
        /// Id of the grant, as `grants list` shows it
        grant: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct GrantProposalArgs {
    /// Sign-in name of the person who is to see
    pub user: String,
    /// The document, by id or own number
    #[arg(long, value_name = "ID")]
    pub document: Option<String>,
    /// The whole dossier of this customer
    #[arg(long, value_name = "CUSTOMER")]
    pub dossier: Option<String>,
    /// What it is needed for
    #[arg(long)]
    pub purpose: String,
    /// A day or an instant (RFC 3339); now when not given
    #[arg(long)]
    pub from: Option<String>,
    /// The last day on which it holds, or an instant (RFC 3339)
    #[arg(long)]
    pub until: String,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

pub async fn run(settings: &Settings, words: GrantsCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    match words {
        GrantsCommand::List {
            document,
            dossier,
            open,
            json,
            listed,
        } => {
            let filter = GrantFilter {
                target: target(document, dossier)?,
                open_only: open,
            };
            list(&house, &filter, &listed, json).await?;
        }
        GrantsCommand::Propose(words) => propose(&house, words).await?,
        GrantsCommand::Confirm { grant, json } => {
            let id = GrantId::parse(&grant)?;
            let made = house.archive.grant_confirm(&house.asker, &id).await?;
            tell(&house, made, json, said!("confirmed", "已确认"))?;
        }
        GrantsCommand::Refuse { grant, reason, json } => {
            let id = GrantId::parse(&grant)?;
            let made = house.archive.grant_refuse(&house.asker, &id, &reason).await?;
            tell(&house, made, json, said!("refused", "已拒绝"))?;
        }
        GrantsCommand::Revoke { grant, reason, json } => {
            let id = GrantId::parse(&grant)?;
            let made = house.archive.grant_revoke(&house.asker, &id, &reason).await?;
            tell(&house, made, json, said!("revoked", "已撤销"))?;
        }
    }
    house.close().await;
    Ok(Ending::Fine)
}

async fn list(house: &House, filter: &GrantFilter, listed: &Listed, json: bool) -> Result<()> {
    let found = house.archive.grants(&house.asker, filter, usize::MAX).await?;
    let now = house.system.environment().now();
    let grants = listed.part(found, |found| shapes::grant(found, now))?;
    if json {
        return print_json(&grants);
    }
    let zone = house.zone().await?;
    let header = [
        Heading::Grant,
        Heading::State,
        Heading::User,
        Heading::What,
        Heading::From,
        Heading::Until,
        Heading::Proposed,
        Heading::Confirmed,
    ];
    let rows: Vec<_> = grants.items.iter().map(|grant| row(grant, &zone)).collect();
    print_table(&header, &rows)?;
    say_shown(&grants);
    Ok(())
}

async fn propose(house: &House, words: GrantProposalArgs) -> Result<()> {
    let zone = house.archive.settings(&house.asker).await?.time_zone.clone();
    let Some(target) = target(words.document, words.dossier)? else {
        return Err(misused(
            said!("nothing is named that may be seen", "没有写明授权查看什么"),
            said!(
                "give --document ID or --dossier CUSTOMER",
                "请给出 --document 编号 或 --dossier 客户"
            ),
        ));
    };
    let draft = GrantDraft {
        user_name: words.user,
        target,
        purpose: words.purpose,
        from: match words.from {
            Some(text) => Moment::parse(&text, &zone, Edge::Start)?,
            None => house.system.environment().now(),
        },
        until: Moment::parse(&words.until, &zone, Edge::End)?,
    };
    let made = house.archive.grant_propose(&house.asker, &draft).await?;
    tell(
        house,
        made,
        words.json,
        said!(
            "proposed; another administrator confirms it",
            "已提出；须由另一位系统管理员确认"
        ),
    )
}

fn target(document: Option<String>, dossier: Option<String>) -> Result<Option<GrantTarget>> {
    match (document, dossier) {
        (None, None) => Ok(None),
        (Some(document), None) => Ok(Some(GrantTarget::Document(document))),
        (None, Some(dossier)) => Ok(Some(GrantTarget::Dossier(dossier))),
        (Some(_), Some(_)) => Err(misused(
            said!("a document and a dossier are named", "同时写了文件和档案"),
            said!(
                "take one of --document and --dossier",
                "--document 和 --dossier 只用一个"
            ),
        )),
    }
}

fn tell(house: &House, made: Grant, json: bool, what: String) -> Result<()> {
    let made = shapes::grant(made, house.system.environment().now());
    if json {
        return print_json(&made);
    }
    print(&said!(
        "grant {} for {}: {what}\n",
        "给 {1} 的授权 {0}：{what}\n",
        made.id,
        made.user
    ))
}

fn row(grant: &GrantJson, zone: &str) -> Vec<String> {
    let what = match (grant.document_id.as_str(), grant.customer_code.as_str()) {
        ("", code) => said!("dossier {code}", "档案 {code}"),
        (id, _) => said!("document {id}", "文件 {id}"),
    };
    vec![
        grant.id.clone(),
        word::<GrantPhase>(&grant.state),
        grant.user.clone(),
        what,
        local(&grant.from_at, zone),
        local(&grant.until_at, zone),
        grant.proposed_by.clone(),
        grant.confirmed_by.clone(),
    ]
}
