//! What is to be fetched, over many slips, in the order in which somebody walks.

use crate::{
    Archive, Asker, Result, Role,
    ids::DocumentId,
    loans::{OriginalState, PickRow},
    permission::sql::Visible,
    places::sql::tree::PLACE_JOINS,
    privacy,
    store::sql::Columns,
};
use sqlx::any::AnyRow;

const PICKED_MAX: usize = 10_000;

impl Archive {
    /// Papers of slips that may be handed out, by where they lie: place after place in shelf order, box after box.
    pub async fn loans_to_fetch(&self, asker: &Asker) -> Result<Vec<PickRow>> {
        asker.require(Role::Archivist)?;
        let rows = Visible::documents(asker, self.0.environment.now())
            .columns(
                "x.uid, n.no, n.borrower, d.id AS document_id, d.title, d.kind, d.number, d.date_text, d.security_level, x.pages, t.state, \
                 coalesce(k.code, '') AS customer_code, coalesce(k.name, '') AS customer_name, coalesce(l.code, '') AS location_code, \
                 coalesce(c1.serial, '') AS container",
            )
            .through("loan_lines x", "x.document_uid")
            .join("JOIN loans n ON n.uid = x.loan_uid")
            .join(PLACE_JOINS)
            .join("LEFT JOIN customers k ON k.uid = o.customer_uid")
            .and("n.state IN ('approved', 'held') AND t.state IN ('in_place', 'in_safe')", [])
            .then(
                "ORDER BY CASE WHEN l.sort_key IS NULL THEN 1 ELSE 0 END, l.sort_key, c1.serial_folded, d.date_key, d.uid, n.uid LIMIT ?",
                [PICKED_MAX.into()],
            )
            .all(&self.0.readers)
            .await?;
        rows.iter().map(|row| picked(row, asker)).collect()
    }
}

fn picked(row: &AnyRow, asker: &Asker) -> Result<PickRow> {
    let row = row.of("loan_lines");
    Ok(PickRow {
        loan_no: row.text("no")?,
        borrower: row.text("borrower")?,
        document_id: row.read("document_id", DocumentId::parse)?,
        title: privacy::shown_text(asker, row.text("title")?),
        kind: row.text("kind")?,
        number: privacy::shown_text(asker, row.text("number")?),
        date: row.text("date_text")?,
        customer_code: row.text("customer_code")?,
        customer_name: row.text("customer_name")?,
        location_code: row.text("location_code")?,
        container: row.text("container")?,
        original_state: row.word("state", OriginalState::from_code)?,
        pages: row.int("pages")?,
        security_level: row.security_level("security_level")?,
    })
}
