//! What is at a place, in shelf order, within the sight of the asker.

use super::tree::location;
use crate::places::{ContentItem, Location, LocationCode, LocationRow, Place};
use crate::{Archive, Asker, Result, permission::sql::Visible, places::OriginalState, privacy, store::sql::Columns};
use sqlx::any::AnyRow;
use vocabulary::LinkBasis;
use vocabulary::Total;

impl Archive {
    /// What should be at a place and in everything inside it, in shelf order; documents after `after` places, at most
    /// `limit`. Documents that the asker may not see are not counted either.
    pub async fn location_contents(
        &self,
        asker: &Asker,
        place: &Place,
        after: usize,
        limit: usize,
    ) -> Result<Vec<ContentItem>> {
        let whole = SpotKey::of(place.container_uid, &place.code)?;
        let (mut items, mut after, mut places) = (Vec::new(), after, PLACES_AT_ONCE);
        let mut from = whole.low.clone();
        // Shelf after shelf, so that a window of a large room is not the room put in order.
        while items.len() < limit {
            let until = self.sort_key_after(&from, &whole.high, places).await?;
            let part = SpotKey {
                container_uid: whole.container_uid,
                low: from,
                high: until.clone().unwrap_or_else(|| whole.high.clone()),
            };
            let found = self.items_at(asker, &part, after, limit - items.len()).await?;
            if let (true, true, Some(_)) = (found.is_empty(), after > 0, &until) {
                let passed = self.papers_at_most(asker, &part, i64::MAX - 1).await?;
                after = after.saturating_sub(usize::try_from(passed).unwrap_or(0));
            } else {
                after = 0;
            }
            items.extend(found);
            match until {
                Some(next) => from = next,
                None => break,
            }
            places *= 4;
        }
        if let (Some(_), Some(location)) = (place.container_uid, &place.location) {
            // Everything inside a container is where the container is.
            items
                .iter_mut()
                .for_each(|item: &mut ContentItem| item.location_code.clone_from(&location.code));
        }
        Ok(items)
    }

    /// The sort key of the place that follows so many others; none where there are fewer.
    async fn sort_key_after(&self, low: &str, high: &str, places: i64) -> Result<Option<String>> {
        let row = sqlx::query(
            "SELECT sort_key FROM locations WHERE sort_key >= $1 AND sort_key < $2 ORDER BY sort_key LIMIT 1 OFFSET $3",
        )
        .bind(low)
        .bind(high)
        .bind(places)
        .fetch_optional(&self.0.readers)
        .await?;
        row.map(|row| row.of("locations").text("sort_key")).transpose()
    }

    async fn items_at(&self, asker: &Asker, key: &SpotKey, after: usize, limit: usize) -> Result<Vec<ContentItem>> {
        self.papers(asker, key)
            .columns(
                "d.id, d.title, d.kind, d.number, d.date_text, d.pages_scanned, d.pages_declared, d.security_level, d.link_basis, \
                 coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name, coalesce(o.number, '') AS dossier_no, \
                 coalesce(b.serial, '') AS container, coalesce(l.code, '') AS location_code, x.state",
            )
            .join("LEFT JOIN customers k ON k.uid = o.customer_uid")
            .join("LEFT JOIN containers b ON x.spot_kind = 'container' AND b.uid = x.spot_uid")
            .join("LEFT JOIN locations l ON l.uid = x.location_uid")
            .then(
                "ORDER BY l.sort_key, b.serial_folded, k.code_folded, d.date_key, d.uid LIMIT ? OFFSET ?",
                [limit.into(), after.into()],
            )
            .all(&self.0.readers)
            .await?
            .iter()
            .map(|row| content_item(row, asker))
            .collect()
    }

    /// How many documents there are at a place and inside it, of those that the asker may see.
    pub async fn location_contents_total(&self, asker: &Asker, place: &Place) -> Result<Total> {
        let key = SpotKey::of(place.container_uid, &place.code)?;
        let counted = self.papers_at_most(asker, &key, Total::COUNTED_MAX).await?;
        Ok(Total::of_count(counted))
    }

    /// How many papers there are, or one more than `most`.
    async fn papers_at_most(&self, asker: &Asker, key: &SpotKey, most: i64) -> Result<i64> {
        self.papers(asker, key)
            .columns("1")
            .then("LIMIT ?", [(most + 1).into()])
            .inside("SELECT CAST(count(*) AS BIGINT) AS n FROM ({seen}) AS counted", [])
            .one(&self.0.readers)
            .await?
            .of("originals")
            .int("n")
    }

    /// The places directly inside a location, or the outermost ones, in shelf order. Where they hold many papers, each is
    /// counted to a few only.
    pub async fn location_children(&self, asker: &Asker, parent: Option<&Location>) -> Result<Vec<LocationRow>> {
        let rows = sqlx::query(
            "SELECT v.uid, v.id, v.code, v.name, v.kind, v.capacity, v.capacity_unit, v.keeper, v.owner, v.security_level_max, v.retired, v.attributes, v.version, v.sort_key, \
             (SELECT CAST(count(*) AS BIGINT) FROM locations x WHERE x.parent_uid = v.uid) AS children \
             FROM locations v WHERE coalesce(v.parent_uid, 0) = $1 AND v.retired = 0 ORDER BY v.sort_key",
        )
        .bind(parent.map_or(0, |location| location.uid))
        .fetch_all(&self.0.readers)
        .await?;
        let whole = SpotKey::of(None, parent.map_or("", |location| location.code.as_str()))?;
        let counts = match self.papers_at_most(asker, &whole, COUNTED_TOGETHER_MAX).await? {
            n if n <= COUNTED_TOGETHER_MAX => Some(self.papers_by_place(asker, &whole).await?),
            _ => None,
        };
        let mut children = Vec::with_capacity(rows.len());
        for row in &rows {
            let own = row.of("locations").text("sort_key")?;
            let documents = match &counts {
                Some(counts) => {
                    let inside = format!("{own}{INSIDE}");
                    let here = counts.iter().filter(|(key, _)| *key == own || key.starts_with(&inside));
                    Total::from(here.map(|(_, n)| n).sum::<i64>())
                }
                None => {
                    let counted = self
                        .papers_at_most(asker, &SpotKey::inside(own), COUNTED_EACH_MAX)
                        .await?;
                    Total {
                        rows: counted.min(COUNTED_EACH_MAX),
                        is_exact: counted <= COUNTED_EACH_MAX,
                    }
                }
            };
            children.push(LocationRow {
                location: location(row)?,
                documents,
                children: row.of("locations").int("children")?,
            });
        }
        Ok(children)
    }

    async fn papers_by_place(&self, asker: &Asker, key: &SpotKey) -> Result<Vec<(String, i64)>> {
        let rows = self
            .papers(asker, key)
            .columns("l.sort_key, CAST(count(*) AS BIGINT) AS n")
            .join("JOIN locations l ON l.uid = x.location_uid")
            .then("GROUP BY l.sort_key", [])
            .all(&self.0.readers)
            .await?;
        rows.iter()
            .map(|row| row.of("locations"))
            .map(|row| Ok((row.text("sort_key")?, row.int("n")?)))
            .collect()
    }

    /// The documents that the asker sees of those that should be at a place or inside it; `x` is the paper.
    pub(crate) fn papers(&self, asker: &Asker, key: &SpotKey) -> Visible {
        self.papers_of(asker, key, "", "papers x")
    }

    /// The same of a further table expression, `more`, that builds on the places.
    pub(crate) fn papers_of(&self, asker: &Asker, key: &SpotKey, more: &str, table: &str) -> Visible {
        let values = [
            key.low.as_str().into(),
            key.high.as_str().into(),
            key.container_uid.unwrap_or(0).into(),
        ];
        Visible::documents(asker, self.0.environment.now())
            .with(&format!("{}{more}", spots(key)), values)
            .starting_from(table, "x.document_uid")
    }
}

/// The separator in a sort key between a place and what is inside it, and the character after it.
pub(super) const INSIDE: &str = "\u{1}";

pub(crate) const PAST_INSIDE: &str = "\u{2}";

/// Places whose papers are put in order at once, before four times as many.
const PLACES_AT_ONCE: i64 = 256;
/// Up to so many papers, those of the places inside are counted whole.
const COUNTED_TOGETHER_MAX: i64 = 2_000;
/// Else each place to so many.
const COUNTED_EACH_MAX: i64 = 200;

/// Where papers are looked for: a container, or the places from `low` until `high`.
pub(crate) struct SpotKey {
    pub container_uid: Option<i64>,
    pub low: String,
    pub high: String,
}

impl SpotKey {
    /// An empty code means every place.
    pub fn of(container_uid: Option<i64>, code: &str) -> Result<SpotKey> {
        Ok(match (container_uid, code) {
            (Some(_), _) => SpotKey {
                container_uid,
                low: String::new(),
                high: String::new(),
            },
            (None, "") => SpotKey {
                container_uid: None,
                low: String::new(),
                high: "\u{10ffff}".to_owned(),
            },
            (None, code) => SpotKey::inside(LocationCode::parse(code)?.sort_key()),
        })
    }

    /// A place and everything inside it: nothing else lies between the two.
    fn inside(low: String) -> SpotKey {
        SpotKey {
            container_uid: None,
            high: format!("{low}{PAST_INSIDE}"),
            low,
        }
    }
}

/// Table expressions that begin at a place and end at `papers`: the originals that should be there or inside it. They
/// start from the place, so that the cost depends on the shelf and not on the archive.
pub(crate) fn spots(key: &SpotKey) -> String {
    let start = if key.container_uid.is_some() {
        "inside AS (SELECT uid FROM locations WHERE sort_key >= ? AND sort_key < ?), \
         first AS (SELECT CAST(? AS BIGINT) AS uid, CAST(0 AS BIGINT) AS location_uid)"
    } else {
        "inside AS (SELECT uid FROM locations WHERE sort_key >= ? AND sort_key < ?), \
         first AS (SELECT p.thing_uid AS uid, i.uid AS location_uid FROM inside i CROSS JOIN placements p WHERE p.place_kind = 'location' \
           AND p.place_uid = i.uid AND p.until_at IS NULL AND p.thing_kind = 'container' AND ? = 0)"
    };
    // CROSS JOIN fixes the join order on SQLite, which without statistics would start from all placements. On
    // PostgreSQL it is the same as JOIN.
    format!(
        "WITH {start}, \
         second AS (SELECT p.thing_uid AS uid, f.location_uid FROM first f CROSS JOIN placements p WHERE p.place_kind = 'container' \
           AND p.place_uid = f.uid AND p.until_at IS NULL AND p.thing_kind = 'container'), \
         third AS (SELECT p.thing_uid AS uid, f.location_uid FROM second f CROSS JOIN placements p WHERE p.place_kind = 'container' \
           AND p.place_uid = f.uid AND p.until_at IS NULL AND p.thing_kind = 'container'), \
         spots AS (SELECT 'location' AS kind, uid, uid AS location_uid FROM inside UNION ALL SELECT 'container', uid, location_uid FROM first \
           UNION ALL SELECT 'container', uid, location_uid FROM second UNION ALL SELECT 'container', uid, location_uid FROM third), \
         papers AS (SELECT t.document_uid, t.state, s.kind AS spot_kind, s.uid AS spot_uid, s.location_uid FROM spots s \
           CROSS JOIN placements p CROSS JOIN originals t WHERE p.place_kind = s.kind AND p.place_uid = s.uid AND p.until_at IS NULL \
           AND p.thing_kind = 'original' AND t.uid = p.thing_uid \
           UNION ALL SELECT t.document_uid, t.state, s.kind, s.uid, s.location_uid FROM spots s \
           CROSS JOIN placements p CROSS JOIN originals t WHERE p.place_kind = s.kind AND p.place_uid = s.uid AND p.until_at IS NULL \
           AND p.thing_kind = 'volume' AND t.volume_uid = p.thing_uid)"
    )
}

fn content_item(row: &AnyRow, asker: &Asker) -> Result<ContentItem> {
    let row = &row.of("documents");
    Ok(ContentItem {
        document_id: row.text("id")?,
        title: privacy::shown_text(asker, row.text("title")?),
        kind: row.text("kind")?,
        number: privacy::shown_text(asker, row.text("number")?),
        date: row.text("date_text")?,
        customer_code: row.text("customer_code")?,
        customer_name: row.text("customer_name")?,
        link_basis: row.word("link_basis", LinkBasis::from_code)?,
        dossier_no: row.text("dossier_no")?,
        container: row.text("container")?,
        location_code: row.text("location_code")?,
        original_state: row.of("originals").word("state", OriginalState::from_code)?,
        pages: row.int("pages_scanned")?,
        pages_declared: row.maybe_int("pages_declared")?,
        security_level: row.security_level("security_level")?,
    })
}
