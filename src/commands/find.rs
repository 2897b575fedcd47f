//! `dossier find`: what a code, number or name means.

use crate::{
    full_text::{self, Followed},
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{Ending, print_json, print_table},
    problem::refused,
    settings::Settings,
};
use anyhow::Result;
use vocabulary::codes::{MeantBy, MeantKind};

const SHOWN: usize = 20;

pub async fn run(settings: &Settings, words: &[String], json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let followed = Followed::start(settings, &house).await?;
    full_text::wait_a_moment(&followed.full_text).await?;
    let text = words.join(" ");
    let found = services::meant::listed(&house.archive, Some(&followed.full_text), &house.asker, &text, SHOWN).await;
    followed.stop().await?;
    house.close().await;
    let found = found?;
    if json {
        print_json(&found)?;
        return Ok(Ending::Fine);
    }
    if found.items.is_empty() {
        return Err(refused(
            "not_found",
            said!(
                "nothing has `{text}` as its code, number or name",
                "没有编码、编号或名称是“{text}”的库位、客户或文件"
            ),
            said!(
                "`dossier search` finds what stands on the pages",
                "用 `dossier search` 检索页面上的文字"
            ),
        ));
    }
    let rows: Vec<_> = found
        .items
        .into_iter()
        .map(|one| {
            vec![
                word::<MeantKind>(&one.kind),
                one.code,
                one.name,
                word::<MeantBy>(&one.by),
                one.key,
            ]
        })
        .collect();
    print_table(
        &[
            Heading::What,
            Heading::Code,
            Heading::Name,
            Heading::FoundBy,
            Heading::Id,
        ],
        &rows,
    )?;
    Ok(Ending::Fine)
}
