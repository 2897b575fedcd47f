//! `dossier search`: the full text, on the command line.

use crate::{
    command_line::Shown,
    full_text::{self, Followed},
    house::House,
    language::{language, said},
    listed::{customer_said, word},
    output::{Ending, print, print_json},
    settings::Settings,
};
use anyhow::Result;
use api_types::search::{HitJson, SearchJson};
use index::{SearchLimits, SearchRequest};
use vocabulary::OriginalState;

pub async fn run(settings: &Settings, words: &[String], shown: &Shown, json: bool) -> Result<Ending> {
    let house = House::open(settings).await?;
    // Whoever comes first follows the change log, so that a search right after an import finds it.
    let followed = Followed::start(settings, &house).await?;
    full_text::wait_a_moment(&followed.full_text).await?;
    // Programs are given the words of the archive, people those of their own language.
    let spoken = match json {
        true => house.system.settings().await?.language.clone(),
        false => language().as_str().to_owned(),
    };
    let answer = found(&house, &followed, words.join(" "), shown.most(), &spoken).await;
    followed.stop().await?;
    house.close().await;
    let answer = answer?;
    if json {
        print_json(&answer)?;
        return Ok(Ending::Fine);
    }
    let mut text = String::new();
    answer.hits.iter().for_each(|hit| tell(&mut text, hit));
    for notice in &answer.notices {
        text.push_str(&said!("note: {notice}\n", "提示：{notice}\n"));
    }
    let more = if answer.total_is_exact { "" } else { "+" };
    let (shown, total, ms) = (answer.hits.len(), answer.total, answer.took_ms);
    text.push_str(&match shown < total {
        true => said!(
            "{shown} of {total}{more} documents in {ms} ms; --all shows every one\n",
            "显示 {shown} / {total}{more} 件，用时 {ms} 毫秒；--all 显示全部\n"
        ),
        false => said!(
            "{total}{more} documents in {ms} ms\n",
            "{total}{more} 件，用时 {ms} 毫秒\n"
        ),
    });
    print(&text)?;
    Ok(Ending::Fine)
}

/// One window of the full text after the other, until so many hits are there.
async fn found(house: &House, followed: &Followed, query: String, most: usize, spoken: &str) -> Result<SearchJson> {
    let window = SearchLimits::default().window_max;
    let request = |offset, limit| SearchRequest {
        query: query.clone(),
        offset,
        limit,
        ..SearchRequest::default()
    };
    let finder = &followed.full_text;
    let first = request(0, most.min(window));
    let mut answer = services::search::search(&house.archive, finder, &house.asker, first, spoken).await?;
    let mut came = answer.hits.len();
    while came == window && answer.hits.len() < most {
        let next = request(answer.hits.len(), window.min(most - answer.hits.len()));
        let more = services::search::search(&house.archive, finder, &house.asker, next, spoken).await?;
        came = more.hits.len();
        answer.hits.extend(more.hits);
        answer.took_ms += more.took_ms;
    }
    Ok(answer)
}

fn tell(text: &mut String, hit: &HitJson) {
    text.push_str(&format!(
        "{}  {}  {} {}  {}  {} {}\n    {}  [{}]\n",
        if hit.location_code.is_empty() {
            "-"
        } else {
            &hit.location_code
        },
        word::<OriginalState>(&hit.original_state),
        hit.customer_code,
        customer_said(hit.customer_name.clone(), &hit.link_basis),
        hit.title,
        hit.kind,
        hit.dossier_no,
        hit.snippet.replace('\n', " "),
        hit.document_id
    ));
}
