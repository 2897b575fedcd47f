//! `dossier today`: what waits for you, and what is known of the archive.

use crate::{
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, grouped, print, print_json, print_table},
    settings::Settings,
};
use anyhow::Result;
use api_types::today::{CheckJson, RoomJson, TodayJson};
use vocabulary::TodayItem;

pub async fn run(settings: &Settings, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let today = services::today::today(&house.archive, &house.asker, house.system.environment().now()).await?;
    let today = services::today::today_json(today);
    if json {
        print_json(&today)?;
    } else {
        tell(&house, &today).await?;
    }
    house.close().await;
    Ok(Ending::Fine)
}

async fn tell(house: &House, today: &TodayJson) -> Result<()> {
    let waiting: Vec<Vec<String>> = today
        .items
        .iter()
        .filter(|item| item.count > 0)
        .map(|item| vec![word::<TodayItem>(&item.item), grouped(item.count)])
        .collect();
    if waiting.is_empty() {
        print(&said!("nothing to do\n", "没有待办事项\n"))?;
    } else {
        print_table(&[Heading::What, Heading::Number], &waiting)?;
    }
    let zone = house.zone().await?;
    let mut text = said!(
        "\n{} documents, {} pages, {} customers\n",
        "\n{} 件文件，{} 页，{} 户客户\n",
        grouped(today.documents),
        grouped(today.pages),
        grouped(today.customers)
    );
    if let Some(check) = &today.trail {
        text.push_str(&said!("audit trail: {}\n", "审计记录：{}\n", checked(check, &zone)));
    }
    if let Some(check) = &today.files {
        text.push_str(&said!("scans: {}\n", "扫描件：{}\n", checked(check, &zone)));
    }
    if let Some(room) = &today.room {
        text.push_str(&room_left(room));
    }
    let (documents, lookups) = today.days.iter().fold((0, 0), |(documents, lookups), day| {
        (documents + day.documents, lookups + day.lookups)
    });
    text.push_str(&said!(
        "thirty days: {} documents taken in, {} searches\n",
        "三十天：入档 {} 件，检索 {} 次\n",
        grouped(documents),
        grouped(lookups)
    ));
    print(&text)
}

/// When something was checked, and what was found.
fn checked(check: &CheckJson, zone: &str) -> String {
    let at = local(&check.at, zone);
    let number = grouped(check.checked);
    match check.problems.len() {
        0 => said!("{number} checked {at}, no problems", "{at} 校验 {number} 项，没有异常"),
        problems => said!(
            "{number} checked {at}, {problems} problems",
            "{at} 校验 {number} 项，{problems} 处异常"
        ),
    }
}

fn room_left(room: &RoomJson) -> String {
    let gigabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e9);
    let (free, total) = (gigabytes(room.free_bytes), gigabytes(room.total_bytes));
    match room.is_short {
        true => said!(
            "disk: only {free} GB of {total} GB free; intake is paused, make room\n",
            "磁盘：只剩 {free} GB，共 {total} GB；入档已暂停，请腾出空间\n"
        ),
        false => said!(
            "disk: {free} GB of {total} GB free\n",
            "磁盘：剩余 {free} GB，共 {total} GB\n"
        ),
    }
}
