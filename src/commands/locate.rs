//! `dossier locate`: what a code means and what should be there.

use super::locations::no_location;
use crate::{
    heading::Heading,
    house::House,
    listed::{customer_said, word},
    output::{Ending, print, print_json, print_table},
    settings::Settings,
};
use anyhow::Result;
use vocabulary::OriginalState;

pub async fn run(settings: &Settings, code: &str, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    let answer = services::locations::locate(&house.archive, &house.asker, code).await;
    let answer = answer.map_err(|cause| match cause {
        services::Error::Absent { key, .. } => no_location(&key),
        cause => cause.into(),
    })?;
    if json {
        print_json(&answer)?;
    } else {
        let path: Vec<_> = answer
            .path
            .iter()
            .map(|step| format!("{} {}", step.code, step.name).trim().to_owned())
            .collect();
        print(&format!("{}\n\n", path.join(" > ")))?;
        let rows: Vec<_> = answer
            .items
            .into_iter()
            .map(|item| {
                vec![
                    item.location_code,
                    item.container,
                    item.customer_code,
                    customer_said(item.customer_name, &item.link_basis),
                    item.title,
                    item.pages.to_string(),
                    word::<OriginalState>(&item.original_state),
                ]
            })
            .collect();
        print_table(
            &[
                Heading::Location,
                Heading::Container,
                Heading::Customer,
                Heading::Name,
                Heading::Title,
                Heading::Pages,
                Heading::Original,
            ],
            &rows,
        )?;
    }
    house.close().await;
    Ok(Ending::Fine)
}
