//! No hits: which part of the query is to blame, and what would find something.

use super::SearchAddress;
use crate::{
    http::{error::Result, who::Seat},
    screens::parts::ViewLink,
    state::Web,
};
use index::SearchRequest;

/// Parts of a query that are looked up one by one when the whole finds nothing.
const BLAMED_PARTS_MAX: usize = 6;
/// Every page that was not read well.
const NOT_READ_WELL: &str = "reading:any";

#[derive(Debug, Clone, Default)]
pub struct NoHits {
    pub parts: Vec<QueryPart>,
    pub loosen: Vec<ViewLink>,
}

#[derive(Debug, Clone)]
pub struct QueryPart {
    pub text: String,
    pub count: u64,
}

/// Which part of the query found nothing, and looser queries that do find something, each with how much.
pub async fn blame(web: &Web, seat: &Seat, asked: &SearchAddress, query: &index::Query) -> Result<NoHits> {
    let t = seat.t;
    let mut lesson = NoHits::default();
    let positive: Vec<_> = query.clauses.iter().filter(|clause| !clause.negated).collect();
    for clause in positive.iter().take(BLAMED_PARTS_MAX) {
        lesson.parts.push(QueryPart {
            text: clause.written.clone(),
            count: pages(web, seat, &clause.written).await?,
        });
    }
    let mut loosen = Vec::new();
    if query.clauses.len() > 1 {
        for (at, clause) in query.clauses.iter().enumerate().take(BLAMED_PARTS_MAX) {
            let rest: Vec<_> = query
                .clauses
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, other)| other.written.as_str())
                .collect();
            loosen.push((rest.join(" "), t.with("loosen-drop", "text", &clause.written)));
        }
        let words: Vec<_> = positive.iter().filter(|clause| clause.field().is_none()).collect();
        if words.len() > 1 {
            let any: Vec<_> = words.iter().map(|clause| clause.written.as_str()).collect();
            loosen.push((any.join("|"), t.say("loosen-any")));
        }
    }
    let typed = asked.q.trim();
    if typed.contains(['"', '“', '”', '「', '」']) {
        let plain: String = typed
            .chars()
            .map(|c| {
                if matches!(c, '"' | '“' | '”' | '「' | '」') {
                    ' '
                } else {
                    c
                }
            })
            .collect();
        loosen.push((plain.trim().to_owned(), t.say("loosen-unquote")));
    }
    for (query, label) in loosen {
        let count = pages(web, seat, &query).await?;
        if count > 0 {
            lesson.loosen.push(ViewLink {
                url: asked.with(&query, 0),
                label: t.fill("loosen-finds", &[("what", &label), ("n", &count)]),
            });
        }
    }
    // What stands on pages that were not read well cannot be found: an empty answer must say so.
    let unread = pages(web, seat, NOT_READ_WELL).await?;
    if unread > 0 {
        lesson.loosen.push(ViewLink {
            url: asked.with(NOT_READ_WELL, 0),
            label: t.n("no-hits-unread", unread),
        });
    }
    Ok(lesson)
}

async fn pages(web: &Web, seat: &Seat, query: &str) -> Result<u64> {
    let request = SearchRequest {
        query: query.to_owned(),
        limit: 0,
        near: index::NearMisses::Never,
        ..SearchRequest::default()
    };
    match web.finder.search(&seat.asker, &request).await {
        Ok(answer) => Ok(answer.total_pages as u64),
        Err(index::Error::Query(_)) => Ok(0),
        Err(cause) => Err(cause.into()),
    }
}
