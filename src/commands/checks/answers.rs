//! What `dossier checks` prints.

use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::{language, said},
    listed::word,
    output::{Ending, print_json, print_table, say_shown},
};
use anyhow::Result;
use api_types::{
    keeping::{self as shapes, KeepingCheckJson, KeepingDueJson, RepairJson},
    list::ListJson,
};
use records::{ids::KeepingCheckId, keeping::KeepingItem};
use vocabulary::{KeepingKind, KeepingOccasion, RepairState};

pub(super) async fn due(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let due: ListJson<KeepingDueJson> = listed.part(house.archive.keeping_due(&house.asker).await?, shapes::due)?;
    if json {
        print_json(&due)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let row = |row: &KeepingDueJson| {
        vec![
            row.at.clone(),
            word::<KeepingKind>(&row.kind),
            word::<KeepingOccasion>(&row.occasion),
            row.last.as_deref().map(|at| local(at, &zone)).unwrap_or_default(),
            row.due.clone(),
            row.reason.clone(),
        ]
    };
    let header = [
        Heading::Place,
        Heading::Kind,
        Heading::Reason,
        Heading::LastChecked,
        Heading::Until,
        Heading::Text,
    ];
    print_table(&header, &due.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&due);
    Ok(Ending::Fine)
}

pub(super) async fn list(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let rows = house.archive.keeping_checks(&house.asker, "", 0, usize::MAX).await?;
    let checks: ListJson<KeepingCheckJson> = listed.part(rows, |row| shapes::check(row, Vec::new()))?;
    if json {
        print_json(&checks)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let row = |row: &KeepingCheckJson| {
        vec![
            row.id.clone(),
            row.at.clone(),
            word::<KeepingKind>(&row.kind),
            word::<KeepingOccasion>(&row.occasion),
            row.done_at.as_deref().map(|at| local(at, &zone)).unwrap_or_default(),
            row.done_by.clone(),
        ]
    };
    let header = [
        Heading::Id,
        Heading::Place,
        Heading::Kind,
        Heading::Reason,
        Heading::At,
        Heading::By,
    ];
    print_table(&header, &checks.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&checks);
    Ok(Ending::Fine)
}

pub(super) async fn show(house: &House, id: &KeepingCheckId, json: bool) -> Result<Ending> {
    let check = house.archive.keeping_check(&house.asker, id).await?;
    let repairs = house.archive.repairs_of(&house.asker, id).await?;
    let check = shapes::check(check, repairs);
    if json {
        print_json(&check)?;
        return Ok(Ending::Fine);
    }
    let row = |row: &shapes::KeepingResultJson| {
        let fine = match row.fine {
            true => said!("in order", "正常"),
            false => said!("not in order", "有问题"),
        };
        vec![item_name(&row.item), fine, row.note.clone()]
    };
    let rows: Vec<_> = check.items.iter().map(row).collect();
    print_table(&[Heading::What, Heading::State, Heading::Text], &rows)?;
    Ok(Ending::Fine)
}

pub(super) fn repairs(repairs: &ListJson<RepairJson>, json: bool) -> Result<Ending> {
    if json {
        print_json(repairs)?;
        return Ok(Ending::Fine);
    }
    let row = |row: &RepairJson| {
        vec![
            row.id.clone(),
            word::<RepairState>(&row.state),
            row.what.clone(),
            if row.document_id.is_empty() {
                row.at.clone()
            } else {
                row.document_id.clone()
            },
            row.owner.clone(),
            row.until.clone(),
        ]
    };
    let header = [
        Heading::Id,
        Heading::State,
        Heading::What,
        Heading::Object,
        Heading::SeenTo,
        Heading::Until,
    ];
    print_table(&header, &repairs.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(repairs);
    Ok(Ending::Fine)
}

/// What an item is called; an archive's own is called as it is written.
pub(super) fn item_name(code: &str) -> String {
    KeepingItem::parse(code).name(language()).to_owned()
}
