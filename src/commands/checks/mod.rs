//! `dossier checks`: how the holdings are kept, what is due, what was found and mended.

mod answers;

use crate::{
    command_line::Listed,
    house::House,
    language::said,
    listed::listed,
    output::{Ending, print, print_json, told},
    problem::misused,
    settings::Settings,
};
use answers::{due, item_name, list, repairs, show};
use anyhow::Result;
use api_types::keeping as shapes;
use clap::{Args, Subcommand};
use records::{
    ids::{KeepingCheckId, RepairId},
    keeping::{KeepingDraft, KeepingFinding, KeepingItem, KeepingOrder, RepairDraft},
};
use vocabulary::{KeepingKind, KeepingOccasion, RepairState};

/// How the holdings are kept: checks of rooms and holdings, and repairs.
#[derive(Subcommand)]
pub enum ChecksCommand {
    /// Checks that are to be made
    Due {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Checks that were made, newest first
    List {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// One check with what it found
    Show {
        /// Id of the check
        check: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Order a check, because something has happened
    Order(OrderArgs),
    /// Write down a check as it was made
    Record(RecordArgs),
    /// What checks ask, and how often rooms are checked
    Rules(RulesArgs),
    /// What is to be mended, and what was
    Repairs {
        /// Only what is not mended yet
        #[arg(long)]
        open: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Open a repair of a document or a place
    Repair {
        /// Id or own number of a document, or code of a place
        thing: String,
        /// What is to be mended
        #[arg(long, value_name = "TEXT")]
        what: String,
        /// Who mends it
        #[arg(long, value_name = "NAME", default_value = "")]
        owner: String,
        /// Until when, such as 2026-12-31
        #[arg(long, value_name = "DATE", default_value = "")]
        until: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Close a repair
    Mended {
        /// Id of the repair
        repair: String,
        /// What was done
        #[arg(long, value_name = "TEXT")]
        result: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct OrderArgs {
    /// Code of the place
    place: String,
    /// What is checked
    #[arg(long, value_parser = listed::<KeepingKind>(), default_value = "room")]
    kind: KeepingKind,
    /// Why it is checked
    #[arg(long, value_parser = listed::<KeepingOccasion>())]
    occasion: KeepingOccasion,
    /// What has happened
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// Until when, such as 2026-12-31
    #[arg(long, value_name = "DATE", default_value = "")]
    until: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct RecordArgs {
    /// Code of the place
    place: String,
    /// What is checked
    #[arg(long, value_parser = listed::<KeepingKind>(), default_value = "room")]
    kind: KeepingKind,
    /// Why it is checked
    #[arg(long, value_parser = listed::<KeepingOccasion>(), default_value = "regular")]
    occasion: KeepingOccasion,
    /// The order that it fulfils, by its id
    #[arg(long, value_name = "ID", default_value = "")]
    order: String,
    /// An item that is not in order, with what was seen; all others are
    #[arg(long, value_name = "ITEM=TEXT")]
    wrong: Vec<String>,
    /// Who mends it
    #[arg(long, value_name = "NAME", default_value = "")]
    owner: String,
    /// Until when, such as 2026-12-31
    #[arg(long, value_name = "DATE", default_value = "")]
    until: String,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct RulesArgs {
    /// Items for rooms, with commas between them
    #[arg(long, value_name = "ITEMS", value_delimiter = ',')]
    room: Vec<String>,
    /// Items for holdings, with commas between them
    #[arg(long, value_name = "ITEMS", value_delimiter = ',')]
    holding: Vec<String>,
    /// After so many months a room is checked again
    #[arg(long, value_name = "N")]
    months: Option<i64>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: ChecksCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let ending = match words {
        ChecksCommand::Due { json, listed } => due(&house, &listed, json).await?,
        ChecksCommand::List { json, listed } => list(&house, &listed, json).await?,
        ChecksCommand::Show { check, json } => show(&house, &KeepingCheckId::parse(&check)?, json).await?,
        ChecksCommand::Order(words) => order(&house, words).await?,
        ChecksCommand::Record(words) => record(&house, words).await?,
        ChecksCommand::Rules(words) => rules(&house, words).await?,
        ChecksCommand::Repairs { open, json, listed } => {
            let state = open.then_some(RepairState::Open);
            let rows = house.archive.repairs(&house.asker, state, 0, usize::MAX).await?;
            repairs(&listed.part(rows, shapes::repair)?, json)?
        }
        ChecksCommand::Repair {
            thing,
            what,
            owner,
            until,
            json,
        } => {
            let draft = RepairDraft {
                thing,
                what,
                owner,
                due: until,
            };
            let id = house.archive.repair_open(&house.asker, &draft).await?;
            told(
                json,
                "id",
                id.as_str(),
                &said!("repair {id} is open\n", "已开修复任务 {id}\n"),
            )?
        }
        ChecksCommand::Mended { repair, result, json } => {
            let id = RepairId::parse(&repair)?;
            house.archive.repair_close(&house.asker, &id, &result).await?;
            told(
                json,
                "id",
                id.as_str(),
                &said!("repair {id} is closed\n", "修复任务 {id} 已了结\n"),
            )?
        }
    };
    house.close().await;
    Ok(ending)
}

async fn order(house: &House, words: OrderArgs) -> Result<Ending> {
    let draft = KeepingOrder {
        at: words.place,
        kind: words.kind,
        occasion: words.occasion,
        reason: words.reason,
        due: words.until,
    };
    let id = house.archive.keeping_order(&house.asker, &draft).await?;
    told(
        words.json,
        "id",
        id.as_str(),
        &said!("check {id} is ordered\n", "已安排检查 {id}\n"),
    )
}

async fn record(house: &House, words: RecordArgs) -> Result<Ending> {
    let rules = house.archive.keeping_rules(&house.asker).await?;
    let mut wrong = Vec::with_capacity(words.wrong.len());
    for said in &words.wrong {
        let (item, note) = said.split_once(['=', '＝']).unwrap_or((said, ""));
        let item = KeepingItem::parse(item.trim());
        if !rules.items(words.kind).contains(&item) {
            let known: Vec<&str> = rules.items(words.kind).iter().map(KeepingItem::as_str).collect();
            let (item, known) = (item.as_str().to_owned(), known.join(", "));
            return Err(misused(
                said!("checks do not ask for `{item}`", "检查项目里没有“{item}”"),
                said!("they ask for {known}", "检查项目有 {known}"),
            ));
        }
        wrong.push((item, note.trim().to_owned()));
    }
    let finding = |item: &KeepingItem| {
        let seen = wrong.iter().find(|(own, _)| own == item);
        KeepingFinding {
            item: item.clone(),
            is_fine: seen.is_none(),
            note: seen.map(|(_, note)| note.clone()).unwrap_or_default(),
            owner: words.owner.clone(),
            due: words.until.clone(),
        }
    };
    let draft = KeepingDraft {
        at: words.place,
        kind: words.kind,
        occasion: words.occasion,
        order: match words.order.as_str() {
            "" => None,
            id => Some(KeepingCheckId::parse(id)?),
        },
        findings: rules.items(words.kind).iter().map(finding).collect(),
    };
    let id = house.archive.keeping_record(&house.asker, &draft).await?;
    let text = said!("check {id} is written down\n", "已记录检查 {id}\n");
    told(words.json, "id", id.as_str(), &text)
}

async fn rules(house: &House, words: RulesArgs) -> Result<Ending> {
    let mut rules = house.archive.keeping_rules(&house.asker).await?;
    let items = |items: &[String]| {
        items
            .iter()
            .map(|item| KeepingItem::parse(item.trim()))
            .collect::<Vec<_>>()
    };
    let states = !words.room.is_empty() || !words.holding.is_empty() || words.months.is_some();
    if !words.room.is_empty() {
        rules.room = items(&words.room);
    }
    if !words.holding.is_empty() {
        rules.holding = items(&words.holding);
    }
    rules.months = words.months.unwrap_or(rules.months);
    if states {
        house.archive.keeping_rules_set(&house.asker, &rules).await?;
    }
    let rules = shapes::rules(rules);
    if words.json {
        print_json(&rules)?;
        return Ok(Ending::Fine);
    }
    let named = |items: &[String]| {
        let names: Vec<_> = items.iter().map(|item| item_name(item)).collect();
        names.join(", ")
    };
    let (room, holding, months) = (named(&rules.room), named(&rules.holding), rules.months);
    print(&said!(
        "rooms: {room}\nholdings: {holding}\nevery {months} months\n",
        "库房环境：{room}\n档案实体：{holding}\n每 {months} 个月一次\n"
    ))?;
    Ok(Ending::Fine)
}
