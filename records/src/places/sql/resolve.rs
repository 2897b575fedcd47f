//! What a typed or scanned code means: one look-up for every field that takes the code of a place or the serial of a
//! container.

use crate::{
    Result,
    places::{LocationCode, PlaceKind},
    store::sql::Columns,
};
use sqlx::{Any, AnyConnection, AnyPool, query::Query};
use vocabulary::codes::{CodeReading, TypedCode};

/// A place or container that a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResolvedPlace {
    pub kind: PlaceKind,
    pub uid: i64,
    /// As the label shows it.
    pub code: String,
    pub folded: String,
    pub title: String,
}

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resolution {
    One(ResolvedPlace),
    /// Typed without its dashes, it fits several; their codes in shelf order.
    Several(Vec<String>),
    Nothing,
}

/// The first tier in which something is found counts: the code as it stands, then without dashes, then both again
/// without the check character of a label. A container comes before a place of the same code.
const RESOLVE: &str = "SELECT CAST(0 AS BIGINT) AS tier, 'container' AS kind, uid, serial AS code, serial_folded AS folded, title, serial_folded AS sort_key \
     FROM containers WHERE serial_folded = $1 \
     UNION ALL SELECT CAST(0 AS BIGINT), 'location', uid, code, code_folded, name, sort_key FROM locations WHERE code_folded = $2 \
     UNION ALL SELECT CAST(1 AS BIGINT), 'container', uid, serial, serial_folded, title, serial_folded FROM containers \
       WHERE replace(serial_folded, '-', '') = $3 \
     UNION ALL SELECT CAST(1 AS BIGINT), 'location', uid, code, code_folded, name, sort_key FROM locations WHERE code_dashless = $3 \
     UNION ALL SELECT CAST(2 AS BIGINT), 'container', uid, serial, serial_folded, title, serial_folded FROM containers \
       WHERE serial_folded = $4 \
     UNION ALL SELECT CAST(2 AS BIGINT), 'location', uid, code, code_folded, name, sort_key FROM locations WHERE code_folded = $5 \
     UNION ALL SELECT CAST(3 AS BIGINT), 'container', uid, serial, serial_folded, title, serial_folded FROM containers \
       WHERE replace(serial_folded, '-', '') = $6 \
     UNION ALL SELECT CAST(3 AS BIGINT), 'location', uid, code, code_folded, name, sort_key FROM locations WHERE code_dashless = $6 \
     ORDER BY tier, kind, sort_key LIMIT 20";

/// A place whose whole name this is, where no code is.
const NAMED: &str = "SELECT CAST(5 AS BIGINT) AS tier, 'location' AS kind, uid, code, code_folded AS folded, name AS title, sort_key \
     FROM locations WHERE name = $1 AND name <> '' AND retired = 0 ORDER BY sort_key LIMIT 20";

pub(crate) async fn resolve(readers: &AnyPool, text: &str) -> Result<Resolution> {
    let Some(query) = bound(text) else {
        return Ok(Resolution::Nothing);
    };
    match meaning(&query.fetch_all(readers).await?)? {
        Resolution::Nothing => meaning(&named(text).fetch_all(readers).await?),
        found => Ok(found),
    }
}

/// The same inside a change.
pub(crate) async fn resolve_in(connection: &mut AnyConnection, text: &str) -> Result<Resolution> {
    let Some(query) = bound(text) else {
        return Ok(Resolution::Nothing);
    };
    match meaning(&query.fetch_all(&mut *connection).await?)? {
        Resolution::Nothing => meaning(&named(text).fetch_all(connection).await?),
        found => Ok(found),
    }
}

fn named(text: &str) -> Query<'static, Any, sqlx::any::AnyArguments> {
    sqlx::query(NAMED).bind(text.trim().to_owned())
}

fn bound(text: &str) -> Option<Query<'static, Any, sqlx::any::AnyArguments>> {
    let typed = TypedCode::parse(text).ok()?;
    let mut query = sqlx::query(RESOLVE);
    let mut readings = typed.readings();
    for reading in [readings.next(), readings.next()] {
        let place = |reading: &CodeReading<'_>| LocationCode::parse(reading.folded).ok();
        let folded = reading.map_or_else(String::new, |reading| reading.folded.to_owned());
        let of_place = reading.as_ref().and_then(place);
        query = query
            .bind(folded)
            .bind(of_place.map_or_else(String::new, |code| code.folded().to_owned()))
            .bind(reading.map_or_else(String::new, |reading| reading.dashless()));
    }
    Some(query)
}

fn meaning(rows: &[sqlx::any::AnyRow]) -> Result<Resolution> {
    let Some(first) = rows.first() else {
        return Ok(Resolution::Nothing);
    };
    let tier = first.of("locations").int("tier")?;
    let mut found = Vec::new();
    for row in rows {
        let row = row.of("locations");
        if row.int("tier")? == tier {
            found.push(ResolvedPlace {
                kind: row.word("kind", PlaceKind::from_code)?,
                uid: row.int("uid")?,
                code: row.text("code")?,
                folded: row.text("folded")?,
                title: row.text("title")?,
            });
        }
    }
    let is_exact = tier % 2 == 0;
    if found.len() > 1 && !is_exact {
        return Ok(Resolution::Several(found.into_iter().map(|place| place.code).collect()));
    }
    Ok(found.into_iter().next().map_or(Resolution::Nothing, Resolution::One))
}
