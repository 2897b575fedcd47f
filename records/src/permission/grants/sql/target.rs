//! What a grant is to open, as people name it.

use crate::permission::grants::{GrantTarget, GrantedThing, NamedTarget};
use crate::{
    Archive, Asker, Error, RefusedBecause, Result, Role, Thing,
    customers::sql::find_uid,
    documents::sql::keyed::key_conditions,
    ids::{DocumentId, DossierId},
    permission::sql::Visible,
    store::{Store, sql::Columns},
};
use vocabulary::AuditObject;

/// What a grant is to open.
pub(super) struct Target {
    pub document_uid: Option<i64>,
    pub dossier_uid: Option<i64>,
    pub kind: AuditObject,
    pub id: String,
}

impl Archive {
    /// What a grant would open, for an asker who may name it, with its title where the asker sees it.
    ///
    /// # Errors
    /// [`Error::Absent`] for what the asker may not see; [`Error::Refused`] for a dossier with papers hidden from an
    /// archivist.
    pub async fn grant_target(&self, asker: &Asker, target: &GrantTarget) -> Result<NamedTarget> {
        require_proposer(asker)?;
        let found = find_target(&self.0, asker, target).await?;
        match (found.document_uid, found.dossier_uid) {
            (Some(document), _) => {
                let seen = self.documents_by_uid(asker, &[document]).await?;
                Ok(NamedTarget {
                    thing: GrantedThing::Document(DocumentId::parse(&found.id)?),
                    title: seen.into_iter().next().map(|row| row.title).unwrap_or_default(),
                })
            }
            (None, dossier) => {
                let row = sqlx::query(
                    "SELECT c.code, c.name FROM dossiers o JOIN customers c ON c.uid = o.customer_uid WHERE o.uid = $1",
                )
                .bind(dossier)
                .fetch_one(&self.0.readers)
                .await?;
                Ok(NamedTarget {
                    thing: GrantedThing::Dossier {
                        id: DossierId::parse(&found.id)?,
                        customer_code: row.of("dossiers").text("code")?,
                    },
                    title: row.of("dossiers").text("name")?,
                })
            }
        }
    }
}

pub(super) fn require_proposer(asker: &Asker) -> Result<()> {
    if asker.has(Role::Administrator) {
        asker.require_writing(Role::Administrator)
    } else {
        asker.require_writing(Role::Archivist)
    }
}

/// The target of a grant, for an asker who may name it: what they see, and for administrators also sealed things. A
/// dossier can be named by an archivist when nothing in it is hidden from them.
pub(super) async fn find_target(store: &Store, asker: &Asker, target: &GrantTarget) -> Result<Target> {
    let opens_seals = asker.has(Role::Administrator);
    match target {
        GrantTarget::Document(key) => {
            let id = key.trim().to_lowercase();
            let mut rows = Vec::new();
            for (condition, values) in key_conditions(key) {
                rows = Visible::documents(asker, store.environment.now())
                    .columns("d.uid, d.id")
                    .and(condition, values)
                    .then("ORDER BY d.uid LIMIT 2", [])
                    .all(&store.readers)
                    .await?;
                if !rows.is_empty() {
                    break;
                }
            }
            if rows.is_empty() && opens_seals {
                rows = sqlx::query(
                    "SELECT d.uid, d.id FROM documents d LEFT JOIN dossiers o ON o.uid = d.dossier_uid \
                     WHERE d.id = $1 AND d.state <> 'withdrawn' AND (d.sealed = 1 OR o.sealed = 1)",
                )
                .bind(id)
                .fetch_all(&store.readers)
                .await?;
            }
            let [row] = rows.as_slice() else {
                return Err(Error::Absent {
                    what: Thing::Document,
                    id: key.clone(),
                });
            };
            Ok(Target {
                document_uid: Some(row.of("documents").int("uid")?),
                dossier_uid: None,
                kind: AuditObject::Document,
                id: row.of("documents").text("id")?,
            })
        }
        GrantTarget::Dossier(key) => {
            let no_customer = || Error::Absent {
                what: Thing::Customer,
                id: key.clone(),
            };
            let customer = find_uid(store, key).await?.ok_or_else(no_customer)?;
            let row = sqlx::query(
                "SELECT o.uid, o.id, o.sealed, o.security_level, CAST(coalesce((SELECT max(d.security_level + 4 * d.sealed) \
                 FROM documents d WHERE d.dossier_uid = o.uid), 0) AS BIGINT) AS highest FROM dossiers o WHERE o.customer_uid = $1",
            )
            .bind(customer)
            .fetch_one(&store.readers)
            .await?;
            // A sealed document counts as higher than every level.
            let highest = row
                .of("dossiers")
                .int("highest")?
                .max(row.of("dossiers").int("security_level")?);
            if !opens_seals && (row.of("dossiers").flag("sealed")? || highest > asker.clearance().number()) {
                return Err(RefusedBecause::DossierHidden {}.into());
            }
            Ok(Target {
                document_uid: None,
                dossier_uid: Some(row.of("dossiers").int("uid")?),
                kind: AuditObject::Dossier,
                id: row.of("dossiers").text("id")?,
            })
        }
    }
}
