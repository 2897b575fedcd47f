//! A stocktake begins: what should be there is frozen, as far as whoever begins it sees.

use super::load::stocktake_of;
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    ids::StocktakeId,
    permission::sql::numbered,
    places::{
        LocationCode, PlaceKind,
        sql::{
            contents::{PAST_INSIDE, SpotKey, spots},
            resolve::{Resolution, ResolvedPlace, resolve_in},
        },
    },
    stocktakes::{Spot, Stocktake, StocktakeDraft, StocktakeLimits},
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use vocabulary::{AuditAction, AuditObject, both};

/// Columns of a frozen line.
const LINE: &str = "INSERT INTO stocktake_lines (stocktake_uid, thing_kind, thing_uid, document_uid, place_kind, place_uid, location_uid, state, used_at)";

/// Papers that lie there, with what last happened to each.
const PAPERS: &str = "CAST(? AS BIGINT) AS stocktake_uid, 'original' AS thing_kind, t.uid AS thing_uid, x.document_uid, x.spot_kind, x.spot_uid, x.location_uid, t.state, \
     CASE WHEN p.from_at > t.changed_at THEN p.from_at ELSE t.changed_at END AS used_at";

/// Papers that are out, of which the ledger says that they lay there before.
const OUT: &str = ", out_papers AS (SELECT t.document_uid, s.kind AS spot_kind, s.uid AS spot_uid, s.location_uid FROM originals t \
     CROSS JOIN placements p CROSS JOIN placements q CROSS JOIN spots s \
     WHERE t.state IN ('on_loan', 'out_for_scanning') AND p.thing_kind = 'original' AND p.thing_uid = t.uid AND p.until_at IS NULL \
     AND p.place_kind = 'none' AND q.thing_kind = 'original' AND q.thing_uid = t.uid AND q.position = p.position - 1 \
     AND s.kind = q.place_kind AND s.uid = q.place_uid)";

impl Archive {
    /// Begins a stocktake of a place or a container: what should be there is frozen, as far as the asker sees.
    ///
    /// # Errors
    /// [`RefusedBecause::StocktakeOpen`] names the one that counts there already, in the same place, inside or around it.
    pub async fn stocktake_begin(&self, asker: &Asker, draft: &StocktakeDraft) -> Result<Stocktake> {
        asker.require_writing(Role::Archivist)?;
        if !(1..=StocktakeLimits::DEAD_YEARS_MAX).contains(&draft.dead_years) {
            let reason = both!("it is 1 to 100", "为 1 到 100");
            return Err(Error::invalid(Field::Years, draft.dead_years.to_string(), reason));
        }
        let mut change = self.0.change(asker.name()).await?;
        let place = scope_of(&mut change, &draft.scope).await?;
        let (low, high) = match place.kind {
            PlaceKind::Location => {
                let low = LocationCode::parse(&place.code)?.sort_key();
                (low.clone(), format!("{low}{PAST_INSIDE}"))
            }
            PlaceKind::Container | PlaceKind::None => (String::new(), String::new()),
        };
        change.lock_archive().await?;
        refuse_overlap(&mut change, &place, &low, &high).await?;
        let id = StocktakeId::new(&change.environment);
        let row = sqlx::query(
            "INSERT INTO stocktakes (id, scope_kind, scope_uid, scope_code, scope_low, scope_high, state, dead_years, boxes_whole, \
             begun_at, begun_by, closed_at, closed_by) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, NULL, '') RETURNING uid",
        )
        .bind(id.as_str())
        .bind(place.kind.as_str())
        .bind(place.uid)
        .bind(&place.code)
        .bind(&low)
        .bind(&high)
        .bind(draft.dead_years)
        .bind(i64::from(draft.boxes_whole))
        .bind(change.at.micros())
        .bind(asker.name())
        .fetch_one(change.connection())
        .await?;
        let uid = row.of("stocktakes").int("uid")?;
        let scope = Spot {
            kind: place.kind,
            uid: place.uid,
        };
        self.freeze(&mut change, asker, uid, scope, &place.code).await?;
        change.event(
            EventDraft::new(AuditAction::StocktakeBegun, AuditObject::Stocktake, id.as_str())
                .detail(format!("scope={}", place.code)),
        );
        change.commit().await?;
        stocktake_of(&self.0, &id).await
    }

    async fn freeze(&self, change: &mut Change, asker: &Asker, uid: i64, scope: Spot, code: &str) -> Result<()> {
        let container = (scope.kind == PlaceKind::Container).then_some(scope.uid);
        let key = SpotKey::of(container, code)?;
        self.papers(asker, &key)
            .columns_with(PAPERS, [uid.into()])
            .join("JOIN originals t ON t.document_uid = x.document_uid")
            .join(
                "LEFT JOIN placements p ON p.until_at IS NULL AND p.thing_kind = CASE WHEN t.volume_uid IS NULL THEN 'original' ELSE 'volume' END \
                 AND p.thing_uid = coalesce(t.volume_uid, t.uid)",
            )
            .and("t.state NOT IN ('lost', 'destroyed')", [])
            .inside(&format!("{LINE} {{seen}}"), [])
            .held(change.connection())
            .await?;
        self.papers_of(asker, &key, OUT, "out_papers x")
            .columns_with(PAPERS, [uid.into()])
            .join("JOIN originals t ON t.document_uid = x.document_uid")
            .join("JOIN placements p ON p.until_at IS NULL AND p.thing_kind = 'original' AND p.thing_uid = t.uid")
            .inside(&format!("{LINE} {{seen}} ON CONFLICT DO NOTHING"), [])
            .held(change.connection())
            .await?;
        let with = spots(&key);
        let text = format!(
            "{LINE} {with} SELECT CAST(? AS BIGINT), 'container', s.uid, NULL, p.place_kind, p.place_uid, s.location_uid, '', p.from_at \
             FROM spots s JOIN placements p ON p.thing_kind = 'container' AND p.thing_uid = s.uid AND p.until_at IS NULL \
             WHERE s.kind = 'container' AND s.uid <> ?"
        );
        sqlx::query(composed(numbered(&text, 1, 5)))
            .bind(key.low)
            .bind(key.high)
            .bind(container.unwrap_or(0))
            .bind(uid)
            .bind(container.unwrap_or(0))
            .execute(change.connection())
            .await?;
        Ok(())
    }
}

async fn scope_of(change: &mut Change, code: &str) -> Result<ResolvedPlace> {
    match resolve_in(change.connection(), code).await? {
        Resolution::One(place) => Ok(place),
        Resolution::Several(codes) => {
            let codes = codes.join(", ");
            let reason = both!(
                "it may be {codes}; write it with its dashes",
                "可能是 {codes}；请连同横线一起写"
            );
            Err(Error::invalid(Field::StocktakeScope, code, reason))
        }
        Resolution::Nothing => Err(Error::Absent {
            what: Thing::Place,
            id: code.to_owned(),
        }),
    }
}

/// One stocktake at a time counts a place and what is inside it.
async fn refuse_overlap(change: &mut Change, place: &ResolvedPlace, low: &str, high: &str) -> Result<()> {
    let row = sqlx::query(
        "SELECT uid, id, scope_code FROM stocktakes WHERE state = 'open' AND ((scope_kind = $1 AND scope_uid = $2) \
         OR ($1 = 'location' AND scope_kind = 'location' AND scope_low < $4 AND scope_high > $3)) ORDER BY uid LIMIT 1",
    )
    .bind(place.kind.as_str())
    .bind(place.uid)
    .bind(low)
    .bind(high)
    .fetch_optional(change.connection())
    .await?;
    match row {
        None => Ok(()),
        Some(row) => {
            let row = row.of("stocktakes");
            Err(RefusedBecause::StocktakeOpen {
                id: row.text("id")?,
                scope: row.text("scope_code")?,
            }
            .into())
        }
    }
}
