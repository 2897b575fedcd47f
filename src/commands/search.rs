//! `dossier search`: the full text, on the command line.

use crate::{
    full_text::{self, Followed},
    house::House,
    output::{Ending, print, print_json},
    settings::Settings,
};
use anyhow::Result;
use index::SearchRequest;

pub async fn run(settings: &Settings, query: &str, limit: usize, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    // Whoever comes first follows the change log, so that a search right after an import finds it.
    let followed = Followed::start(settings, &house).await?;
    full_text::wait_a_moment(&followed.full_text).await?;
    let request = SearchRequest {
        query: query.to_owned(),
        limit,
        ..SearchRequest::default()
    };
    let answer = services::search::search(&house.archive, &followed.full_text, &house.asker, request, "zh-CN").await;
    followed.stop().await?;
    house.close().await;
    let answer = answer?;
    if json {
        print_json(&answer)?;
        return Ok(Ending::Fine);
    }
    let mut text = String::new();
    for hit in &answer.hits {
        text.push_str(&format!(
            "{}  {}  {} {}  {}  {} {}\n    {}  [{}]\n",
            if hit.location_code.is_empty() {
                "-"
            } else {
                &hit.location_code
            },
            hit.original_state,
            hit.customer_code,
            hit.customer_name,
            hit.title,
            hit.kind,
            hit.dossier_no,
            hit.snippet.replace('\n', " "),
            hit.document_id
        ));
    }
    for notice in &answer.notices {
        text.push_str(&format!("note: {notice}\n"));
    }
    let more = if answer.total_is_exact { "" } else { "+" };
    text.push_str(&format!("{}{more} documents in {} ms\n", answer.total, answer.took_ms));
    print(&text)?;
    Ok(Ending::Fine)
}
