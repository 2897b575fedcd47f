//! What `dossier stocktake` prints.

use super::ScanArgs;
use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print, print_json, print_table, say_shown},
    settings::Settings,
    table_reader::TableWorkers,
};
use anyhow::{Context, Result};
use api_types::{
    list::ListJson,
    stocktakes::{self as shapes, SeenJson, StocktakeFileJson, StocktakeHeadJson, StocktakeJson, StocktakeLineJson},
};
use records::{
    ids::StocktakeId,
    stocktakes::{OFFLINE_COLUMNS, OfflineLine, ScanDraft, StocktakeLines, offline_lines},
    tables::{TableLimits, TableRequest, arrange, reader::TableReader},
};
use std::path::Path;
use vocabulary::{StocktakeResolution, StocktakeState, StocktakeVerdict};

pub(super) async fn list(house: &House, listed: &Listed, json: bool) -> Result<Ending> {
    let rows = house.archive.stocktakes(&house.asker, 0, usize::MAX).await?;
    let stocktakes: ListJson<StocktakeHeadJson> = listed.part(rows, shapes::head)?;
    if json {
        print_json(&stocktakes)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let row = |row: &StocktakeHeadJson| {
        vec![
            row.id.clone(),
            row.scope.clone(),
            word::<StocktakeState>(&row.state),
            local(&row.begun_at, &zone),
            row.begun_by.clone(),
            row.closed_at.as_deref().map(|at| local(at, &zone)).unwrap_or_default(),
        ]
    };
    let header = [
        Heading::Id,
        Heading::Scope,
        Heading::State,
        Heading::From,
        Heading::By,
        Heading::Until,
    ];
    print_table(&header, &stocktakes.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&stocktakes);
    Ok(Ending::Fine)
}

pub(super) async fn scan(house: &House, words: ScanArgs) -> Result<Ending> {
    let id = StocktakeId::parse(&words.stocktake)?;
    let draft = ScanDraft {
        at: words.at,
        worn: if words.worn { words.labels.clone() } else { Vec::new() },
        labels: words.labels,
    };
    let scanned = house.archive.stocktake_scan(&house.asker, &id, &draft).await?;
    let scanned = ListJson::whole(scanned, shapes::scan);
    if words.json {
        print_json(&scanned)?;
        return Ok(Ending::Fine);
    }
    let row = |row: &shapes::StocktakeScanJson| {
        vec![
            row.label.clone(),
            word::<StocktakeVerdict>(&row.verdict),
            row.title.clone(),
            row.belongs_at.clone(),
        ]
    };
    let header = [Heading::Label, Heading::State, Heading::Title, Heading::Place];
    print_table(&header, &scanned.items.iter().map(row).collect::<Vec<_>>())?;
    Ok(Ending::Fine)
}

pub(super) async fn offline(
    house: &House,
    settings: &Settings,
    stocktake: &str,
    file: &Path,
    apply: bool,
    json: bool,
) -> Result<Ending> {
    let id = StocktakeId::parse(stocktake)?;
    let lines = lines_of(settings, file).await?;
    let report = house
        .archive
        .stocktake_offline(&house.asker, &id, &lines, apply)
        .await?;
    let report: StocktakeFileJson = shapes::file(report);
    let ending = match report.problems.is_empty() {
        true => Ending::Fine,
        false => Ending::InputRejected,
    };
    if json {
        print_json(&report)?;
        return Ok(ending);
    }
    for problem in &report.problems {
        let (line, value) = (problem.line, &problem.value);
        print(&match problem.problem.as_str() {
            "place_unknown" => said!(
                "line {line}: there is no place {value}\n",
                "第 {line} 行：没有库位 {value}\n"
            ),
            "place_outside" => said!(
                "line {line}: {value} is not counted here\n",
                "第 {line} 行：{value} 不在盘点范围内\n"
            ),
            "label_missing" => said!("line {line}: it has no label\n", "第 {line} 行：没有标签\n"),
            "label_unknown" => said!(
                "line {line}: nothing has the label {value}\n",
                "第 {line} 行：没有标签 {value}\n"
            ),
            _ => said!(
                "line {line}: is it worn or not? {value}\n",
                "第 {line} 行：“{value}”看不出是否破损\n"
            ),
        })?;
    }
    let good = report.good;
    print(&match report.applied {
        true => said!("{good} lines counted\n", "已清点 {good} 行\n"),
        false => said!(
            "{good} lines can be counted; --apply counts them\n",
            "{good} 行可以清点；加 --apply 即计入\n"
        ),
    })?;
    Ok(ending)
}

async fn lines_of(settings: &Settings, file: &Path) -> Result<Vec<OfflineLine>> {
    let limits = TableLimits::default();
    let name = file.display();
    let bytes = std::fs::read(file).with_context(|| said!("the table {name} cannot be read", "表格 {name} 读不了"))?;
    let request = TableRequest::of(OFFLINE_COLUMNS, limits);
    let lines = TableWorkers::new(settings)?.lines(bytes, request).await;
    let table = lines.and_then(|lines| arrange(lines, OFFLINE_COLUMNS, &limits));
    Ok(offline_lines(&table.with_context(|| name.to_string())?))
}

pub(super) async fn show(house: &House, stocktake: &str, wanted: &StocktakeLines, json: bool) -> Result<Ending> {
    let id = StocktakeId::parse(stocktake)?;
    let result = house.archive.stocktake_result(&house.asker, &id, wanted).await?;
    let result: StocktakeJson = shapes::stocktake(result, 0);
    if json {
        print_json(&result)?;
        return Ok(Ending::Fine);
    }
    print(&counts_of(&result))?;
    let row = |row: &StocktakeLineJson| {
        vec![
            word::<StocktakeVerdict>(&row.verdict),
            row.thing.clone(),
            row.title.clone(),
            row.found_at.clone(),
            row.belongs_at.clone(),
            match row.resolution.as_str() {
                "" => format!("{} {}", row.owner, row.until).trim().to_owned(),
                resolution => word::<StocktakeResolution>(resolution),
            },
        ]
    };
    let header = [
        Heading::State,
        Heading::Object,
        Heading::Title,
        Heading::FoundAt,
        Heading::BelongsAt,
        Heading::SeenTo,
    ];
    print_table(&header, &result.lines.iter().map(row).collect::<Vec<_>>())?;
    Ok(Ending::Fine)
}

fn counts_of(result: &StocktakeJson) -> String {
    let counted = [
        (StocktakeVerdict::Present, result.present),
        (StocktakeVerdict::Missing, result.missing),
        (StocktakeVerdict::Misplaced, result.misplaced),
        (StocktakeVerdict::Foreign, result.foreign),
        (StocktakeVerdict::Unknown, result.unknown),
        (StocktakeVerdict::OnLoan, result.on_loan),
        (StocktakeVerdict::OnLoanButHere, result.on_loan_but_here),
        (StocktakeVerdict::Moved, result.moved),
        (StocktakeVerdict::Worn, result.worn),
        (StocktakeVerdict::Dead, result.dead),
    ];
    let counted: Vec<String> = counted
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| format!("{} {count}", word::<StocktakeVerdict>(verdict.as_str())))
        .collect();
    let (scope, expected, counted) = (&result.head.scope, result.expected, counted.join(", "));
    let rates = &result.rates;
    let percent = |share: f64| format!("{:.2} %", share * 100.0);
    let [scattered, disordered, lost, damaged] =
        [rates.scattered, rates.disordered, rates.lost, rates.damaged].map(percent);
    let mut text = said!(
        "{scope}: {expected} expected; {counted}\nscattered {scattered}, disordered {disordered}, lost {lost}, damaged {damaged}\n{} unsettled\n",
        "{scope}：应有 {expected}；{counted}\n散 {scattered}，乱 {disordered}，丢 {lost}，坏 {damaged}\n未处理 {}\n",
        result.unsettled
    );
    if !result.sees_all {
        text.push_str(&said!("counted is only what you may see\n", "只统计您有权查看的部分\n"));
    }
    text.push('\n');
    text
}

pub(super) async fn seen(house: &House, thing: &str, listed: &Listed, json: bool) -> Result<Ending> {
    let Some(rows) = house.archive.thing_seen(&house.asker, thing).await? else {
        return Err(crate::problem::refused(
            "not_found",
            said!("there is no paper and no container `{thing}`", "没有原件或盒“{thing}”"),
            said!(
                "`dossier find {thing}` says what it means",
                "用 `dossier find {thing}` 查它指什么"
            ),
        ));
    };
    let seen: ListJson<SeenJson> = listed.part(rows, shapes::seen)?;
    if json {
        print_json(&seen)?;
        return Ok(Ending::Fine);
    }
    let zone = house.zone().await?;
    let row = |row: &SeenJson| {
        vec![
            local(&row.at, &zone),
            row.place.clone(),
            row.by.clone(),
            row.stocktake.clone(),
        ]
    };
    let header = [Heading::At, Heading::Place, Heading::By, Heading::Id];
    print_table(&header, &seen.items.iter().map(row).collect::<Vec<_>>())?;
    say_shown(&seen);
    Ok(Ending::Fine)
}
