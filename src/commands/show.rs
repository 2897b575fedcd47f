//! `dossier show`: one document with the text of its pages.

use super::documents::no_document;
use crate::{
    house::House,
    language::said,
    listed::{customer_said, word},
    output::{Ending, print, print_json},
    settings::Settings,
};
use anyhow::Result;
use vocabulary::OriginalState;

pub async fn run(settings: &Settings, document: &str, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let answer = services::documents::show(&house.archive, &house.asker, document).await;
    let answer = answer.map_err(|cause| match cause {
        services::Error::Absent { key, .. } => no_document(&key),
        cause => cause.into(),
    })?;
    if json {
        print_json(&answer)?;
    } else {
        let mut text = format!(
            "{}  {}\n{} {}  {}\n{}  {}  {}\n",
            answer.title,
            answer.kind,
            answer.customer_code,
            customer_said(answer.customer_name, &answer.link_basis),
            answer.dossier_no,
            answer.location_code,
            word::<OriginalState>(&answer.original_state),
            answer.document_id
        );
        for (head, others) in [
            (said!("came in", "夹在"), &answer.came_in),
            (said!("brings", "夹带"), &answer.brings),
        ] {
            for other in others {
                text.push_str(&format!("{head}: {}  {}\n", other.title, other.document_id));
            }
        }
        for page in &answer.pages {
            text.push_str(&format!(
                "\n[{} / {}] {}\n{}\n",
                page.number,
                answer.pages.len(),
                page.failure,
                page.text
            ));
        }
        print(&text)?;
    }
    house.close().await;
    Ok(Ending::Fine)
}
