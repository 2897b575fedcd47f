//! Which document came in the file of which.

use crate::{
    Asker, Result,
    documents::Enclosure,
    permission::sql::Visible,
    privacy,
    store::{
        Store,
        sql::{Change, Columns},
    },
};

/// Documents of a list of what came in one.
const SHOWN_MAX: i64 = 1_000;

/// Says that documents came in the file of another.
pub(super) async fn note(change: &mut Change, came_in: i64, documents: &[i64]) -> Result<()> {
    for document in documents.iter().filter(|document| **document != came_in) {
        sqlx::query(
            "INSERT INTO enclosures (document_uid, came_in_uid) VALUES ($1, $2) \
             ON CONFLICT (document_uid, came_in_uid) DO NOTHING",
        )
        .bind(document)
        .bind(came_in)
        .execute(change.connection())
        .await?;
    }
    Ok(())
}

/// Those in whose files a document came, and those that came in its own, as far as the asker may see them.
pub(super) async fn enclosures(
    store: &Store,
    asker: &Asker,
    document: i64,
) -> Result<(Vec<Enclosure>, Vec<Enclosure>)> {
    let came_in = listed(
        store,
        asker,
        "JOIN enclosures e ON e.came_in_uid = d.uid",
        "e.document_uid = ?",
        document,
    );
    let brings = listed(
        store,
        asker,
        "JOIN enclosures e ON e.document_uid = d.uid",
        "e.came_in_uid = ?",
        document,
    );
    Ok((came_in.await?, brings.await?))
}

async fn listed(store: &Store, asker: &Asker, join: &str, of: &str, document: i64) -> Result<Vec<Enclosure>> {
    let rows = Visible::documents(asker, store.environment.now())
        .columns("d.id, d.title, d.number, d.kind")
        .join(join)
        .and(of, [document.into()])
        .then("ORDER BY d.uid LIMIT ?", [SHOWN_MAX.into()])
        .all(&store.readers)
        .await?;
    rows.iter()
        .map(|row| {
            let row = row.of("documents");
            Ok(Enclosure {
                id: row.read("id", crate::ids::DocumentId::parse)?,
                title: privacy::shown_text(asker, row.text("title")?),
                number: privacy::shown_text(asker, row.text("number")?),
                kind: row.text("kind")?,
            })
        })
        .collect()
}
