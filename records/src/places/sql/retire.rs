//! Places that go out of use, and come back: what is inside goes with them, and none may hold paper then.

use super::stored::StoredPlace;
use crate::{
    RefusedBecause, Result,
    changes::ChangeSubject,
    places::{LocationCode, PlaceUse, fields::at, recorded::LOCATIONS},
    store::sql::{Change, Columns},
};

/// Gives everything inside a place its new state. The place itself has it already.
pub(super) async fn take_along(change: &mut Change, place: &StoredPlace, state: PlaceUse) -> Result<()> {
    let code = place.values.get(at("code"));
    match state {
        PlaceUse::Retired => hold_nothing(change, place, code).await?,
        PlaceUse::InUse => stands_in_use(change, code).await?,
    }
    let (from, until) = inside(&place.code_folded);
    let retired = state == PlaceUse::Retired;
    let rows = sqlx::query("SELECT uid FROM locations WHERE code_folded >= $1 AND code_folded < $2 AND retired <> $3")
        .bind(from)
        .bind(until)
        .bind(i64::from(retired))
        .fetch_all(change.connection())
        .await?;
    for row in rows {
        let uid = row.of("locations").int("uid")?;
        change.update(&LOCATIONS, uid).set("retired", retired).run().await?;
        change.touch(ChangeSubject::Place, uid);
    }
    Ok(())
}

/// Folded codes of what is inside a place are between these: they begin with its code and a dash.
fn inside(folded: &str) -> (String, String) {
    (format!("{folded}-"), format!("{folded}."))
}

/// Paper stands neither here nor inside.
async fn hold_nothing(change: &mut Change, place: &StoredPlace, code: &str) -> Result<()> {
    let (from, until) = inside(&place.code_folded);
    let row = sqlx::query(
        "SELECT CAST(count(*) AS BIGINT) AS things FROM placements p JOIN locations l ON l.uid = p.place_uid \
         WHERE p.place_kind = 'location' AND p.until_at IS NULL \
         AND (l.uid = $1 OR (l.code_folded >= $2 AND l.code_folded < $3))",
    )
    .bind(place.uid)
    .bind(from)
    .bind(until)
    .fetch_one(change.connection())
    .await?;
    match row.of("placements").int("things")? {
        0 => Ok(()),
        things => Err(RefusedBecause::PlaceHoldsPaper {
            place: code.to_owned(),
            things,
        }
        .into()),
    }
}

/// What stands around the place is in use.
async fn stands_in_use(change: &mut Change, code: &str) -> Result<()> {
    for around in LocationCode::parse(code)?.parents() {
        let row = sqlx::query("SELECT retired FROM locations WHERE code_folded = $1")
            .bind(around.folded())
            .fetch_optional(change.connection())
            .await?;
        let retired = row.map(|row| row.of("locations").flag("retired")).transpose()?;
        if retired == Some(true) {
            let place = around.as_str().to_owned();
            return Err(RefusedBecause::PlaceOutOfUse { place }.into());
        }
    }
    Ok(())
}
