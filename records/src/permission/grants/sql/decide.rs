//! Proposing, confirming, refusing and revoking grants.

use super::{
    read::absent,
    target::{find_target, require_proposer},
};
use crate::permission::grants::{Grant, GrantDraft, GrantEvent, GrantState, after, checked_purpose};
use crate::{
    Archive, Asker, RefusedBecause, Result, Role,
    identity::users,
    ids::GrantId,
    permission::{checked_reason, grants::recorded::GRANTS},
    store::{
        EventDraft,
        sql::{Change, Columns, composed},
    },
};
use sqlx::AnyConnection;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Proposes that a person may see a document or dossier for a time. It opens nothing until an administrator who is
    /// somebody else confirms it.
    ///
    /// # Errors
    /// [`crate::Error::Refused`] for a grant to oneself; [`crate::Error::Absent`] for what the asker may not see, unless it is sealed
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
            EventDraft::new(AuditAction::GrantProposed, target.kind, &target.id).detail(format!(
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
        change.event(EventDraft::new(
            AuditAction::GrantConfirmed,
            AuditObject::Grant,
            id.as_str(),
        ));
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
        others_who_confirm(
            &mut connection,
            row.of("grants").int("user_uid")?,
            &grant.proposed_by,
            asker,
        )
        .await
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
            GrantEvent::Refuse => AuditAction::GrantRefused,
            GrantEvent::Confirm | GrantEvent::Revoke => AuditAction::GrantRevoked,
        };
        change.event(EventDraft::new(action, AuditObject::Grant, id.as_str()).detail(format!("reason={reason}")));
        change.commit().await?;
        self.grant(asker, id).await
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
        after(self.state, event).ok_or_else(|| {
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
    let row = row.of("grants");
    Ok(GrantForChange {
        uid: row.int("uid")?,
        user_uid: row.int("user_uid")?,
        state: row.word("state", GrantState::from_code)?,
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
    rows.iter().map(|row| row.of("users").text("name")).collect()
}
