//! Reading the further customers of documents.

use crate::{
    Result,
    documents::NamedCustomer,
    parties,
    store::{
        Store,
        sql::{Columns, of_each},
    },
};
use std::collections::HashMap;

/// The further customers of a document, in the order of their codes.
pub(super) async fn named_by(store: &Store, document_uid: i64) -> Result<Vec<NamedCustomer>> {
    let rows = sqlx::query(
        "SELECT c.code, c.name, n.role FROM document_customers n JOIN customers c ON c.uid = n.customer_uid \
         JOIN documents d ON d.uid = n.document_uid LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
         WHERE n.document_uid = $1 AND coalesce(o.customer_uid, 0) <> n.customer_uid ORDER BY c.code_folded, n.role",
    )
    .bind(document_uid)
    .fetch_all(&store.readers)
    .await?;
    rows.iter()
        .map(|row| {
            let row = row.of("document_customers");
            Ok(NamedCustomer {
                code: row.text("code")?,
                name: row.text("name")?,
                role: parties::PartyRoleKind::parse(&row.text("role")?),
            })
        })
        .collect()
}

/// Uids of the further customers of documents, for the index.
pub(super) async fn named_uids(store: &Store, documents: &[i64]) -> Result<HashMap<i64, Vec<i64>>> {
    let mut named: HashMap<i64, Vec<i64>> = HashMap::new();
    let statement = "SELECT document_uid, customer_uid FROM document_customers WHERE document_uid IN";
    for row in of_each(store, statement, "ORDER BY document_uid, customer_uid", documents).await? {
        named
            .entry(row.of("document_customers").int("document_uid")?)
            .or_default()
            .push(row.of("document_customers").int("customer_uid")?);
    }
    Ok(named)
}
