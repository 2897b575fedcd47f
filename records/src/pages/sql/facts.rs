//! What was read out of the text of a document. Nobody else writes `facts`.

use crate::{
    Result, fold,
    pages::{Area, Fact, Page, PageFrame},
    store::{
        Store,
        sql::{Change, Columns, of_each},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::FactKind;

/// The facts of each of these documents, in the order of the text.
pub(crate) async fn facts_of(store: &Store, documents: &[i64]) -> Result<HashMap<i64, Vec<Fact>>> {
    let statement = "SELECT uid, document_uid, page_number, kind, text, value, x, y, w, h, char_start, char_end, rule, confidence FROM facts \
         WHERE document_uid IN";
    let mut facts: HashMap<i64, Vec<Fact>> = HashMap::new();
    for row in of_each(store, statement, "ORDER BY page_number, char_start, uid", documents).await? {
        facts
            .entry(row.of("facts").int("document_uid")?)
            .or_default()
            .push(fact(&row)?);
    }
    Ok(facts)
}

pub(crate) fn fact(row: &AnyRow) -> Result<Fact> {
    let row = &row.of("facts");
    let small = |column| row.number::<u32>(column);
    Ok(Fact {
        page_number: small("page_number")?,
        kind: row.word("kind", FactKind::from_code)?,
        text: row.text("text")?,
        value: row.text("value")?,
        area: Area {
            x: small("x")?,
            y: small("y")?,
            w: small("w")?,
            h: small("h")?,
        },
        char_start: small("char_start")?,
        char_end: small("char_end")?,
        rule: row.text("rule")?,
        confidence: row.real("confidence")?,
    })
}

pub(crate) async fn insert(change: &mut Change, document_uid: i64, facts: &[Fact]) -> Result<Vec<i64>> {
    let mut uids = Vec::with_capacity(facts.len());
    for fact in facts {
        uids.push(insert_one(change, document_uid, fact).await?);
    }
    Ok(uids)
}

async fn insert_one(change: &mut Change, document_uid: i64, fact: &Fact) -> Result<i64> {
    let row = sqlx::query(
        "INSERT INTO facts (document_uid, page_number, kind, text, value, value_folded, x, y, w, h, char_start, char_end, rule, confidence, origin) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'machine') RETURNING uid",
    )
    .bind(document_uid)
    .bind(i64::from(fact.page_number))
    .bind(fact.kind.as_str())
    .bind(fold::storable(&fact.text))
    .bind(fold::storable(&fact.value))
    .bind(fold::code(&fact.value))
    .bind(i64::from(fact.area.x))
    .bind(i64::from(fact.area.y))
    .bind(i64::from(fact.area.w))
    .bind(i64::from(fact.area.h))
    .bind(i64::from(fact.char_start))
    .bind(i64::from(fact.char_end))
    .bind(&fact.rule)
    .bind(fact.confidence)
    .fetch_one(change.connection())
    .await?;
    row.of("facts").int("uid")
}

/// Replaces the recognised facts of these pages; facts entered by people and those that support a proposal stay.
/// Returns the uid of each new fact.
pub(crate) async fn replace(change: &mut Change, document_uid: i64, pages: &[u32], facts: &[Fact]) -> Result<Vec<i64>> {
    for number in pages {
        sqlx::query(
            "DELETE FROM facts WHERE document_uid = $1 AND page_number = $2 AND origin = 'machine' \
             AND uid NOT IN (SELECT e.fact_uid FROM proposal_evidence e JOIN proposals r ON r.uid = e.proposal_uid \
             WHERE r.document_uid = $1)",
        )
        .bind(document_uid)
        .bind(i64::from(*number))
        .execute(change.connection())
        .await?;
    }
    let mut uids = Vec::with_capacity(facts.len());
    for fact in facts {
        let kept = sqlx::query(
            "SELECT uid FROM facts WHERE document_uid = $1 AND page_number = $2 AND kind = $3 AND value_folded = $4 ORDER BY uid LIMIT 1",
        )
        .bind(document_uid)
        .bind(i64::from(fact.page_number))
        .bind(fact.kind.as_str())
        .bind(fold::code(&fact.value))
        .fetch_optional(change.connection())
        .await?;
        uids.push(match kept {
            Some(row) => row.of("facts").int("uid")?,
            None => insert_one(change, document_uid, fact).await?,
        });
    }
    Ok(uids)
}

/// The boxes of facts are turned with the page.
pub(super) async fn carry(change: &mut Change, document_uid: i64, page: &Page, to: PageFrame) -> Result<()> {
    let rows = sqlx::query("SELECT uid, x, y, w, h FROM facts WHERE document_uid = $1 AND page_number = $2")
        .bind(document_uid)
        .bind(i64::from(page.number))
        .fetch_all(change.connection())
        .await?;
    for row in &rows {
        let small = |column| row.of("facts").number::<u32>(column);
        let area = Area {
            x: small("x")?,
            y: small("y")?,
            w: small("w")?,
            h: small("h")?,
        };
        let area = page.frame().carry(area, to);
        sqlx::query("UPDATE facts SET x = $1, y = $2, w = $3, h = $4 WHERE uid = $5")
            .bind(i64::from(area.x))
            .bind(i64::from(area.y))
            .bind(i64::from(area.w))
            .bind(i64::from(area.h))
            .bind(row.of("facts").int("uid")?)
            .execute(change.connection())
            .await?;
    }
    Ok(())
}
