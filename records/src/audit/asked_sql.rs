//! The trail in the words of people: what a word means in it, and what its records are called today.

use super::{AuditEvent, AuditedRecord};
use crate::{
    Archive, Asker, Error, Result, Role,
    history::{person, records_meant},
    permission::sql::Visible,
    privacy,
    store::sql::{Columns, LISTED_AT_ONCE, composed, marks},
};
use std::collections::{BTreeMap, BTreeSet};
use vocabulary::AuditObject;

impl Archive {
    /// The sign-in name that a sign-in name or display name means; the text itself where nobody is called so.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for those who are no auditors.
    pub async fn audit_person(&self, asker: &Asker, called: &str) -> Result<String> {
        asker.require(Role::Auditor)?;
        person(&self.0, called).await
    }

    /// Kind and id, as events have them, of the records that an id, code, number or name means: with a customer its
    /// dossier and parties. Empty where no record that the asker may see is called so.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for those who are no auditors.
    pub async fn audit_objects(&self, asker: &Asker, called: &str) -> Result<Vec<(String, String)>> {
        asker.require(Role::Auditor)?;
        let found = match records_meant(&self.0, asker, called).await {
            Ok(found) => found,
            Err(Error::Absent { .. }) => return Ok(Vec::new()),
            Err(other) => return Err(other),
        };
        let mut objects = Vec::with_capacity(found.len() + 1);
        for (kind, uid, id) in found {
            // Events name some records by what people call them, and a whole dossier by its own id.
            let also = match kind.as_str() {
                "customer" => vec![
                    (AuditObject::Dossier, "SELECT id FROM dossiers WHERE customer_uid = $1"),
                    (AuditObject::Customer, "SELECT code AS id FROM customers WHERE uid = $1"),
                ],
                "location" => vec![(AuditObject::Location, "SELECT code AS id FROM locations WHERE uid = $1")],
                "container" => vec![(
                    AuditObject::Container,
                    "SELECT serial AS id FROM containers WHERE uid = $1",
                )],
                "user" => vec![(AuditObject::User, "SELECT name AS id FROM users WHERE uid = $1")],
                _ => Vec::new(),
            };
            for (kind, select) in also {
                let rows = sqlx::query(select).bind(uid).fetch_all(&self.0.readers).await?;
                for row in rows {
                    objects.push((kind.as_str().to_owned(), row.of("audit_events").text("id")?));
                }
            }
            objects.push((kind, id));
        }
        Ok(objects)
    }

    /// What the records of these events are called today. Of documents that the asker may not see nothing is said.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for those who are no auditors.
    pub async fn audit_records(&self, asker: &Asker, events: &[AuditEvent]) -> Result<Vec<AuditedRecord>> {
        asker.require(Role::Auditor)?;
        let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for event in events {
            let ids = wanted.entry(&event.object_kind).or_default();
            ids.insert(&event.object_id);
        }
        let mut records = Vec::new();
        for (kind, ids) in wanted {
            let ids: Vec<String> = ids.into_iter().map(ToOwned::to_owned).collect();
            for ids in ids.chunks(LISTED_AT_ONCE) {
                match AuditObject::parse(kind) {
                    Ok(AuditObject::Document) => self.documents_called(asker, ids, &mut records).await?,
                    Ok(kind) => self.others_called(asker, kind, ids, &mut records).await?,
                    Err(_) => {}
                }
            }
        }
        Ok(records)
    }

    /// Records that are no documents, by id and by what events call them.
    async fn others_called(
        &self,
        asker: &Asker,
        kind: AuditObject,
        ids: &[String],
        records: &mut Vec<AuditedRecord>,
    ) -> Result<()> {
        let (table, code, name) = match kind {
            AuditObject::Customer => ("customers", "code", "name"),
            AuditObject::Location => ("locations", "code", "name"),
            AuditObject::Container => ("containers", "serial", "title"),
            AuditObject::User => ("users", "name", "display_name"),
            AuditObject::Dossier => (
                "dossiers",
                "number",
                "(SELECT c.name FROM customers c WHERE c.uid = dossiers.customer_uid)",
            ),
            AuditObject::Kind => ("document_kinds", "code", "name_zh"),
            _ => return Ok(()),
        };
        let marks = marks(1, ids.len());
        let id = if kind == AuditObject::Kind { code } else { "id" };
        let query = sqlx::query(composed(format!(
            "SELECT {id} AS id, {code} AS code, {name} AS name FROM {table} WHERE {id} IN ({marks}) OR {code} IN ({marks})"
        )));
        let query = ids.iter().fold(query, |query, id| query.bind(id));
        for row in query.fetch_all(&self.0.readers).await? {
            let row = row.of("audit_events");
            let (code, name) = (row.text("code")?, row.text("name")?);
            for id in [row.text("id")?, code.clone()] {
                records.push(AuditedRecord {
                    kind: kind.as_str().to_owned(),
                    id,
                    code: privacy::shown_text(asker, code.clone()),
                    name: privacy::shown_text(asker, name.clone()),
                    customer: String::new(),
                });
            }
        }
        Ok(())
    }

    async fn documents_called(&self, asker: &Asker, ids: &[String], records: &mut Vec<AuditedRecord>) -> Result<()> {
        let any = vec!["?"; ids.len()].join(", ");
        let rows = Visible::documents(asker, self.0.environment.now())
            .withdrawn_too()
            .columns("d.id, d.number, d.title, coalesce(c.name, '') AS customer")
            .join(" LEFT JOIN customers c ON c.uid = o.customer_uid")
            .and(&format!("d.id IN ({any})"), ids.iter().map(|id| id.as_str().into()))
            .all(&self.0.readers)
            .await?;
        for row in &rows {
            let row = row.of("documents");
            records.push(AuditedRecord {
                kind: AuditObject::Document.as_str().to_owned(),
                id: row.text("id")?,
                code: privacy::shown_text(asker, row.text("number")?),
                name: privacy::shown_text(asker, row.text("title")?),
                customer: row.text("customer")?,
            });
        }
        Ok(())
    }
}
