//! `dossier map`: a room drawn from the tree of places.

use crate::{
    house::House,
    language::said,
    output::{Ending, print, print_json},
    problem::refused,
    settings::Settings,
};
use anyhow::{Context, Result};
use clap::Args;
use services::map::{self, DrawnMap};
use std::path::PathBuf;

#[derive(Args)]
pub struct MapArgs {
    /// A location code or the serial of a container; the room around it is drawn
    code: String,
    /// The file to write: an SVG drawing
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

pub async fn run(settings: &Settings, words: MapArgs) -> Result<Ending> {
    let house = House::open(settings).await?;
    let room = map::room_of(&house.archive, &house.asker, &words.code).await?;
    let drawn = match &room {
        Some(room) => map::drawn(&house.archive, &house.asker, room, &words.code).await?,
        None => None,
    };
    house.close().await;
    let Some(drawn) = drawn else {
        let code = &words.code;
        return Err(refused(
            "not_found",
            said!("there is no place `{code}`", "没有库位“{code}”"),
            said!(
                "`dossier find {code}` says what it means",
                "用 `dossier find {code}` 查它指什么"
            ),
        ));
    };
    if let Some(file) = &words.output {
        let shown = file.display();
        std::fs::write(file, map::svg(&drawn)).with_context(|| said!("{shown} cannot be written", "{shown} 写不了"))?;
    }
    match words.json {
        true => print_json(&map::json(drawn))?,
        false => print(&told(&drawn))?,
    }
    Ok(Ending::Fine)
}

fn told(drawn: &DrawnMap) -> String {
    let forecast = &drawn.forecast;
    let (code, places, empty, papers) = (&drawn.code, forecast.places, forecast.empty, forecast.papers);
    let way: Vec<&str> = drawn.way.iter().map(|(_, code)| code.as_str()).collect();
    let way = way.join(" > ");
    let mut text = said!(
        "{code}: {places} places, {empty} of them empty, {papers} papers\n",
        "{code}：共 {places} 个库位，空 {empty} 个，存 {papers} 件\n"
    );
    if let Some(months) = forecast.full_in_months {
        let months = format!("{months:.0}");
        text.push_str(&said!("full in {months} months\n", "约 {months} 个月后放满\n"));
    }
    if !way.is_empty() {
        text.push_str(&said!("the way: {way}\n", "走法：{way}\n"));
    }
    text
}
