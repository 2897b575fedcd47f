//! Grants in the database.

use super::{
    Grant, GrantDraft, GrantEvent, GrantFilter, GrantState, GrantTarget, GrantedThing, NamedTarget, checked_purpose,
};
use crate::{
    Archive, Asker, Error, Moment, RefusedBecause, Result, Role, Thing,
    audit::EventDraft,
    customers::sql::find_uid,
    identity::users,
    ids::{DocumentId, DossierId, GrantId},
    permission::{grants::recorded::GRANTS, sealing::checked_reason, sql::Visible},
    store::{
        Store,
        sql::{Change, Columns, composed, word},
    },
};
use sqlx::{AnyConnection, any::AnyRow};
use std::collections::HashMap;

const COLUMNS: &str = "g.id, g.purpose, g.from_at, g.until_at, g.state, g.proposed_by, g.proposed_at, g.confirmed_by, \
    g.confirmed_at, g.closed_by, g.closed_at, g.closed_reason, u.name AS user_name, u.display_name AS user_display_name, \
    d.id AS document_id, d.uid AS document_uid, o.id AS dossier_id, coalesce(c.code, '') AS customer_code, \
    coalesce(c.name, '') AS customer_name";

const FROM: &str = "FROM grants g JOIN users u ON u.uid = g.user_uid LEFT JOIN documents d ON d.uid = g.document_uid \
    LEFT JOIN dossiers o ON o.uid = g.dossier_uid LEFT JOIN customers c ON c.uid = o.customer_uid";

/// What a grant is to open.
struct Target {
    document_uid: Option<i64>,
    dossier_uid: Option<i64>,
    kind: &'static str,
    id: String,
}

impl Archive {
    /// Grants, newest first: all of them for administrators and auditors; for everybody else those that are for them
    /// and those that they proposed.
    pub async fn grants(&self, asker: &Asker, filter: &GrantFilter, limit: usize) -> Result<Vec<Grant>> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        let target = match &filter.target {
            Some(target) => Some(find_target(&self.0, asker, target).await?),
            None => None,
        };
        let (document, dossier) = target
            .as_ref()
            .map_or((None, None), |target| (target.document_uid, target.dossier_uid));
        let statement = format!(
            "SELECT {COLUMNS} {FROM} WHERE ($1 = 1 OR g.user_uid = $2 OR g.proposed_by = $3) \
             AND ($4 = 0 OR g.document_uid = $4) AND ($5 = 0 OR g.dossier_uid = $5) \
             AND ($6 = 0 OR (g.state IN ('proposed', 'confirmed') AND g.until_at > $7)) ORDER BY g.uid DESC LIMIT $8"
        );
        let rows = sqlx::query(composed(statement))
            .bind(i64::from(sees_all))
            .bind(asker.user_uid)
            .bind(asker.name())
            .bind(document.unwrap_or(0))
            .bind(dossier.unwrap_or(0))
            .bind(i64::from(filter.open_only))
            .bind(self.0.environment.now().micros())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        self.with_titles(asker, &rows).await
    }

    /// One grant, for those who may list it.
    pub async fn grant(&self, asker: &Asker, id: &GrantId) -> Result<Grant> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        let statement =
            format!("SELECT {COLUMNS} {FROM} WHERE g.id = $1 AND ($2 = 1 OR g.user_uid = $3 OR g.proposed_by = $4)");
        let rows = sqlx::query(composed(statement))
            .bind(id.as_str())
            .bind(i64::from(sees_all))
            .bind(asker.user_uid)
            .bind(asker.name())
            .fetch_all(&self.0.readers)
            .await?;
        self.with_titles(asker, &rows).await?.pop().ok_or_else(|| absent(id))
    }

    /// Titles of documents only where the asker sees the document.
    async fn with_titles(&self, asker: &Asker, rows: &[AnyRow]) -> Result<Vec<Grant>> {
        let mut documents = Vec::new();
        for row in rows {
            documents.extend(row.maybe_int("document_uid")?);
        }
        let seen = self.documents_by_uid(asker, &documents).await?;
        let titles: HashMap<String, String> = seen.into_iter().map(|row| (row.id.to_string(), row.title)).collect();
        rows.iter()
            .map(|row| {
                let mut grant = grant(row)?;
                if let GrantedThing::Document(id) = &grant.thing {
                    grant.title = titles.get(id.as_str()).cloned().unwrap_or_default();
                }
                Ok(grant)
            })
            .collect()
    }

    /// How many days a grant lasts at most.
    pub fn grant_days_max(&self, _asker: &Asker) -> i64 {
        self.0.access_limits.grant_days_max
    }

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
                        customer_code: row.text("code")?,
                    },
                    title: row.text("name")?,
                })
            }
        }
    }

    /// Proposes that a person may see a document or dossier for a time. It opens nothing until an administrator who is
    /// somebody else confirms it.
    ///
    /// # Errors
    /// [`Error::Refused`] for a grant to oneself; [`Error::Absent`] for what the asker may not see, unless it is sealed
    /// and the asker an administrator.
    pub async fn grant_propose(&self, asker: &Asker, draft: &GrantDraft) -> Result<Grant> {
        require_proposer(asker)?;
        let now = self.0.environment.now();
        let purpose = checked_purpose(draft, now, self.0.access_limits.grant_days_max)?;
        let target = find_target(&self.0, asker, &draft.target).await?;
        let mut change = self.0.change(asker.name()).await?;
        let (user_uid, user_id) = users::sql::find(&mut change, &draft.user_name).await?;
        if user_uid == asker.user_uid {
            return Err(RefusedBecause::GrantToSelf {}.into());
        }
        let id = GrantId::new(&change.environment);
        let (at, actor) = (change.at, change.actor.clone());
        change
            .insert(&GRANTS)
            .set("id", id.as_str())
            .set("user_uid", user_uid)
            .set("document_uid", target.document_uid)
            .set("dossier_uid", target.dossier_uid)
            .set("purpose", &purpose)
            .set("from_at", draft.from)
            .set("until_at", draft.until)
            .set("state", GrantState::Proposed.as_str())
            .set("proposed_by", actor)
            .set("proposed_at", at)
            .run()
            .await?;
        change.event(
            EventDraft::new("grant.proposed", target.kind, &target.id).detail(format!(
                "grant={id} user={user_id} from={} until={}",
                draft.from.rfc3339(),
                draft.until.rfc3339()
            )),
        );
        change.commit().await?;
        self.grant(asker, &id).await
    }

    /// The second signature: from now on the grant holds for its time. Administrators, and neither the one who proposed
    /// it nor the one who is to see.
    pub async fn grant_confirm(&self, asker: &Asker, id: &GrantId) -> Result<Grant> {
        asker.require_writing(Role::Administrator)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, id).await?;
        let next = held.after(GrantEvent::Confirm)?;
        if held.proposed_by == asker.name() || held.user_uid == asker.user_uid {
            let others = others_who_confirm(change.connection(), held.user_uid, &held.proposed_by, asker).await?;
            return Err(match others.as_slice() {
                [] => RefusedBecause::GrantHasNoSecond {}.into(),
                names => {
                    let others = names.join(", ");
                    RefusedBecause::GrantNeedsSecond { others }.into()
                }
            });
        }
        if change.at.micros() >= held.until {
            return Err(RefusedBecause::GrantIsOver {}.into());
        }
        let (at, actor) = (change.at, change.actor.clone());
        change
            .update(&GRANTS, held.uid)
            .set("state", next.as_str())
            .set("confirmed_by", actor)
            .set("confirmed_at", at)
            .run()
            .await?;
        change.event(EventDraft::new("grant.confirmed", "grant", id.as_str()));
        change.commit().await?;
        self.grant(asker, id).await
    }

    /// The second person says no. Administrators.
    pub async fn grant_refuse(&self, asker: &Asker, id: &GrantId, reason: &str) -> Result<Grant> {
        asker.require_writing(Role::Administrator)?;
        self.grant_close(asker, id, GrantEvent::Refuse, reason).await
    }

    /// Ends a grant at once, or takes a proposal back: administrators, and who proposed it.
    pub async fn grant_revoke(&self, asker: &Asker, id: &GrantId, reason: &str) -> Result<Grant> {
        require_proposer(asker)?;
        self.grant_close(asker, id, GrantEvent::Revoke, reason).await
    }

    /// Names of administrators who may confirm a grant that the asker may not, at most a few.
    pub async fn grant_confirmers(&self, asker: &Asker, id: &GrantId) -> Result<Vec<String>> {
        let grant = self.grant(asker, id).await?;
        let mut connection = self.0.readers.acquire().await?;
        let row = sqlx::query("SELECT user_uid FROM grants WHERE id = $1")
            .bind(id.as_str())
            .fetch_one(&mut *connection)
            .await?;
        others_who_confirm(&mut connection, row.int("user_uid")?, &grant.proposed_by, asker).await
    }

    async fn grant_close(&self, asker: &Asker, id: &GrantId, event: GrantEvent, reason: &str) -> Result<Grant> {
        let reason = checked_reason(reason)?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, id).await?;
        if !asker.has(Role::Administrator) && held.proposed_by != asker.name() {
            return Err(absent(id));
        }
        let next = held.after(event)?;
        let (at, actor) = (change.at, change.actor.clone());
        change.because(&reason, "");
        change
            .update(&GRANTS, held.uid)
            .set("state", next.as_str())
            .set("closed_by", actor)
            .set("closed_at", at)
            .set("closed_reason", &reason)
            .run()
            .await?;
        let action = match event {
            GrantEvent::Refuse => "grant.refused",
            GrantEvent::Confirm | GrantEvent::Revoke => "grant.revoked",
        };
        change.event(EventDraft::new(action, "grant", id.as_str()).detail(format!("reason={reason}")));
        change.commit().await?;
        self.grant(asker, id).await
    }

    /// Writes into the trail that a document was shown because of a grant. Says nothing where the asker's own rights
    /// show it too. Returns whether it was a grant.
    pub(crate) async fn note_grant_used(&self, asker: &Asker, document: &str, what: &'static str) -> Result<bool> {
        let Some(grant) = grant_that_shows(&self.0, asker, document).await? else {
            return Ok(false);
        };
        let event = EventDraft::new("grant.used", "document", document);
        self.note_read(asker, event.detail(format!("grant={grant} for={what}")))
            .await?;
        Ok(true)
    }
}

/// Id of the grant without which the asker would not see a document.
async fn grant_that_shows(store: &Store, asker: &Asker, document: &str) -> Result<Option<String>> {
    if asker.granted_documents.is_empty() && asker.granted_dossiers.is_empty() {
        return Ok(None);
    }
    let now = store.environment.now();
    // No grant is for the account 0, so this is what the asker's own rights show.
    let own_rights = Asker {
        user_uid: 0,
        ..asker.clone()
    };
    let own = Visible::documents(&own_rights, now)
        .and("d.id = ?", [document.into()])
        .maybe(&store.readers)
        .await?;
    if own.is_some() {
        return Ok(None);
    }
    let row = sqlx::query(
        "SELECT g.id FROM grants g JOIN documents d ON d.id = $1 \
         WHERE g.user_uid = $2 AND g.state = 'confirmed' AND g.from_at <= $3 AND g.until_at > $3 \
         AND (g.document_uid = d.uid OR g.dossier_uid = d.dossier_uid) ORDER BY g.uid LIMIT 1",
    )
    .bind(document)
    .bind(asker.user_uid)
    .bind(now.micros())
    .fetch_optional(&store.readers)
    .await?;
    row.map(|row| row.text("id")).transpose()
}

fn require_proposer(asker: &Asker) -> Result<()> {
    if asker.has(Role::Administrator) {
        asker.require_writing(Role::Administrator)
    } else {
        asker.require_writing(Role::Archivist)
    }
}

/// What a grant is about, for an asker who may name it: what they see, and for administrators also what is sealed. A
/// dossier can be named by an archivist when nothing in it is hidden from them.
async fn find_target(store: &Store, asker: &Asker, target: &GrantTarget) -> Result<Target> {
    let opens_seals = asker.has(Role::Administrator);
    match target {
        GrantTarget::Document(key) => {
            let id = key.trim().to_lowercase();
            let mut rows = Visible::documents(asker, store.environment.now())
                .columns("d.uid, d.id")
                .and(
                    "d.id = ? OR (d.number_folded = ? AND d.number_folded <> '')",
                    [id.as_str().into(), crate::fold::code(key).into()],
                )
                .then("ORDER BY d.uid LIMIT 2", [])
                .all(&store.readers)
                .await?;
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
                document_uid: Some(row.int("uid")?),
                dossier_uid: None,
                kind: "document",
                id: row.text("id")?,
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
            let highest = row.int("highest")?.max(row.int("security_level")?);
            if !opens_seals && (row.flag("sealed")? || highest > asker.clearance().number()) {
                return Err(RefusedBecause::DossierHidden {}.into());
            }
            Ok(Target {
                document_uid: None,
                dossier_uid: Some(row.int("uid")?),
                kind: "dossier",
                id: row.text("id")?,
            })
        }
    }
}

/// What a change of a grant must know of it.
struct GrantForChange {
    uid: i64,
    user_uid: i64,
    state: GrantState,
    proposed_by: String,
    until: i64,
}

impl GrantForChange {
    fn after(&self, event: GrantEvent) -> Result<GrantState> {
        super::after(self.state, event).ok_or_else(|| {
            let state = self.state.as_str().to_owned();
            RefusedBecause::GrantClosed { state }.into()
        })
    }
}

async fn hold(change: &mut Change, id: &GrantId) -> Result<GrantForChange> {
    let statement = format!(
        "SELECT uid, user_uid, state, proposed_by, until_at FROM grants WHERE id = $1{}",
        change.dialect.for_update()
    );
    let row = sqlx::query(composed(statement))
        .bind(id.as_str())
        .fetch_optional(change.connection())
        .await?
        .ok_or_else(|| absent(id))?;
    Ok(GrantForChange {
        uid: row.int("uid")?,
        user_uid: row.int("user_uid")?,
        state: word("grants", "state", &row.text("state")?, GrantState::from_code)?,
        proposed_by: row.text("proposed_by")?,
        until: row.int("until_at")?,
    })
}

/// Names of the administrators who could confirm instead.
async fn others_who_confirm(
    connection: &mut AnyConnection,
    user_uid: i64,
    proposed_by: &str,
    asker: &Asker,
) -> Result<Vec<String>> {
    let rows = sqlx::query(
        "SELECT name FROM users WHERE locked = 0 AND ',' || roles || ',' LIKE '%,administrator,%' AND uid <> $1 AND uid <> $2 \
         AND name <> $3 ORDER BY name_folded LIMIT 5",
    )
    .bind(user_uid)
    .bind(asker.user_uid)
    .bind(proposed_by)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.text("name")).collect()
}

fn absent(id: &GrantId) -> Error {
    Error::Absent {
        what: Thing::Grant,
        id: id.to_string(),
    }
}

fn grant(row: &AnyRow) -> Result<Grant> {
    let row = &row.of("grants");
    let thing = match (row.maybe_text("document_id")?, row.maybe_text("dossier_id")?) {
        (Some(document), _) => GrantedThing::Document(DocumentId::parse(&document)?),
        (None, Some(dossier)) => GrantedThing::Dossier {
            id: DossierId::parse(&dossier)?,
            customer_code: row.text("customer_code")?,
        },
        (None, None) => {
            return Err(Error::Inconsistent {
                table: "grants",
                column: "document_uid".to_owned(),
                detail: "a grant names neither a document nor a dossier".to_owned(),
            });
        }
    };
    Ok(Grant {
        id: GrantId::parse(&row.text("id")?)?,
        user_name: row.text("user_name")?,
        user_display_name: row.text("user_display_name")?,
        title: row.text("customer_name")?,
        thing,
        purpose: row.text("purpose")?,
        from: row.moment("from_at")?,
        until: row.moment("until_at")?,
        state: word("grants", "state", &row.text("state")?, GrantState::from_code)?,
        proposed_by: row.text("proposed_by")?,
        proposed_at: row.moment("proposed_at")?,
        confirmed_by: row.text("confirmed_by")?,
        confirmed_at: row.maybe_moment("confirmed_at")?,
        closed_by: row.text("closed_by")?,
        closed_at: row.maybe_moment("closed_at")?,
        closed_reason: row.text("closed_reason")?,
    })
}

/// Who may see a thing by a grant that holds now, with its end: for the list of what is sealed.
pub(crate) async fn shown_to(store: &Store, column: ThingColumn, uid: i64) -> Result<Vec<(String, Moment)>> {
    let statement = format!(
        "SELECT u.name, g.until_at FROM grants g JOIN users u ON u.uid = g.user_uid WHERE g.{} = $1 \
         AND g.state = 'confirmed' AND g.from_at <= $2 AND g.until_at > $2 ORDER BY g.until_at, g.uid",
        match column {
            ThingColumn::Document => "document_uid",
            ThingColumn::Dossier => "dossier_uid",
        }
    );
    let rows = sqlx::query(composed(statement))
        .bind(uid)
        .bind(store.environment.now().micros())
        .fetch_all(&store.readers)
        .await?;
    rows.iter()
        .map(|row| Ok((row.text("name")?, row.moment("until_at")?)))
        .collect()
}

/// By which column a grant names its thing.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ThingColumn {
    Document,
    Dossier,
}
