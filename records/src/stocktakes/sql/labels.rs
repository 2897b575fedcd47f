//! What labels mean, many at once: a box by its serial, a paper by the id or number of its document or by its own id.
//!
//! They are looked up for all and shown by sight: a label of a paper that somebody may not see is for them a label that
//! nothing has.

use crate::{
    Result,
    places::{
        PlaceKind, ThingKind,
        sql::resolve::{Resolution, resolve_in},
    },
    stocktakes::{Stocktake, ThingKey},
    store::sql::{Change, Columns, LISTED_AT_ONCE, composed, marks},
};
use std::collections::{BTreeSet, HashMap};
use vocabulary::{
    codes::{TypedCode, scanned},
    fold,
};

/// A thing, and the document whose paper it is.
pub(super) type LabelMeant = (ThingKey, Option<i64>);

/// Statements from a folded text to things, the most certain first: text, uid of the thing, uid of the document.
const LOOKED_UP: [(ThingKind, &str); 4] = [
    (
        ThingKind::Container,
        "SELECT serial_folded AS text, uid, CAST(NULL AS BIGINT) AS document_uid FROM containers WHERE serial_folded IN",
    ),
    (
        ThingKind::Original,
        "SELECT d.id AS text, t.uid, d.uid AS document_uid FROM documents d JOIN originals t ON t.document_uid = d.uid WHERE d.id IN",
    ),
    (
        ThingKind::Original,
        "SELECT t.id AS text, t.uid, t.document_uid FROM originals t WHERE t.id IN",
    ),
    (
        ThingKind::Original,
        "SELECT d.number_folded AS text, t.uid, d.uid AS document_uid FROM documents d JOIN originals t ON t.document_uid = d.uid \
         WHERE d.number_folded IN",
    ),
];

/// The text under which labels are one label.
pub(super) fn folded(label: &str) -> String {
    fold::code(&scanned(label))
}

/// What each label means; `None` where nothing has it, or several have and not just one of them is expected here.
pub(super) async fn meant(
    change: &mut Change,
    stocktake: &Stocktake,
    labels: &[String],
) -> Result<Vec<Option<LabelMeant>>> {
    let texts: BTreeSet<String> = labels.iter().flat_map(|label| spellings(label)).collect();
    let texts: Vec<String> = texts.into_iter().collect();
    let mut known: HashMap<String, Vec<LabelMeant>> = HashMap::with_capacity(texts.len());
    for (kind, statement) in LOOKED_UP {
        let open: Vec<&String> = texts.iter().filter(|text| !known.contains_key(*text)).collect();
        let mut found: HashMap<String, Vec<LabelMeant>> = HashMap::new();
        for chunk in open.chunks(LISTED_AT_ONCE) {
            let query = sqlx::query(composed(format!("{statement} ({})", marks(1, chunk.len()))));
            let query = chunk.iter().fold(query, |query, text| query.bind((*text).clone()));
            for row in query.fetch_all(change.connection()).await? {
                let row = row.of("originals");
                let key = ThingKey {
                    kind,
                    uid: row.int("uid")?,
                };
                found
                    .entry(row.text("text")?)
                    .or_default()
                    .push((key, row.maybe_int("document_uid")?));
            }
        }
        known.extend(found);
    }
    let mut all = Vec::with_capacity(labels.len());
    for label in labels {
        let candidates = spellings(label).into_iter().find_map(|text| known.get(&text));
        all.push(match candidates.map(Vec::as_slice) {
            Some([one]) => Some(*one),
            Some(several) => expected_one(change, stocktake, several).await?,
            None => box_called(change, label).await?,
        });
    }
    Ok(all)
}

/// As it may stand in the record: an id in lower case, a code folded, both without a check character.
fn spellings(label: &str) -> Vec<String> {
    let text = scanned(label);
    let mut spellings = vec![text.to_lowercase()];
    if let Ok(typed) = TypedCode::parse(&text) {
        spellings.extend(typed.readings().map(|reading| reading.folded.to_owned()));
    }
    spellings.retain(|text| !text.is_empty());
    spellings
}

/// The one of several papers with this number that is expected here.
async fn expected_one(
    change: &mut Change,
    stocktake: &Stocktake,
    several: &[LabelMeant],
) -> Result<Option<LabelMeant>> {
    let mut here = Vec::new();
    for meant in several.iter().take(LISTED_AT_ONCE) {
        let row = sqlx::query(
            "SELECT thing_uid FROM stocktake_lines WHERE stocktake_uid = $1 AND thing_kind = $2 AND thing_uid = $3",
        )
        .bind(stocktake.uid)
        .bind(meant.0.kind.as_str())
        .bind(meant.0.uid)
        .fetch_optional(change.connection())
        .await?;
        if row.is_some() {
            here.push(*meant);
        }
    }
    Ok(match here.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// A box whose serial was typed without its dashes.
async fn box_called(change: &mut Change, label: &str) -> Result<Option<LabelMeant>> {
    Ok(match resolve_in(change.connection(), label).await? {
        Resolution::One(place) if place.kind == PlaceKind::Container => Some((
            ThingKey {
                kind: ThingKind::Container,
                uid: place.uid,
            },
            None,
        )),
        _ => None,
    })
}
