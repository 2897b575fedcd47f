//! Bearer tokens in the database.

use super::checked;
use crate::{
    Archive, Asker, Error, Result, Role, Thing,
    identity::{
        Scope, Token,
        sql::digest,
        users::{self, require_self_or_administrator},
    },
    ids::TokenId,
    store::{EventDraft, sql::Columns},
};
use sqlx::any::AnyRow;
use vocabulary::{AuditAction, AuditObject};

const SECONDS_PER_DAY: i64 = 86_400;

/// Marks a secret as ours, so that scanners for leaked secrets can find it.
const PREFIX: &str = "dossier_";

impl Archive {
    /// Tokens, newest first: all of them for administrators and auditors, one's own for everybody else.
    pub async fn tokens(&self, asker: &Asker) -> Result<Vec<Token>> {
        let sees_all = asker.has(Role::Administrator) || asker.has(Role::Auditor);
        let rows = sqlx::query(
            "SELECT t.id, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, u.name AS user_name \
             FROM tokens t JOIN users u ON u.uid = t.user_uid WHERE ($1 = 1 OR t.user_uid = $2) ORDER BY t.uid DESC",
        )
        .bind(i64::from(sees_all))
        .bind(asker.user_uid)
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(token).collect()
    }

    /// Makes a token for an account: one's own, or as administrator anybody's. The secret is given out here and
    /// never again.
    pub async fn token_add(
        &self,
        asker: &Asker,
        user_name: &str,
        name: &str,
        scope: Scope,
        days: i64,
    ) -> Result<(Token, String)> {
        require_self_or_administrator(asker, user_name)?;
        let name = checked(name, days, self.0.access_limits.token_days_max)?;
        let mut change = self.0.change(asker.name()).await?;
        let (user_uid, user_id) = users::sql::find(&mut change, user_name).await?;
        let user_name = sqlx::query("SELECT name FROM users WHERE uid = $1")
            .bind(user_uid)
            .fetch_one(change.connection())
            .await?
            .of("users")
            .text("name")?;
        let secret = format!("{PREFIX}{}", change.environment.secret());
        let made = Token {
            id: TokenId::new(&change.environment),
            user_name,
            name,
            scope,
            created_at: change.at,
            expires_at: change.at.plus_seconds(days * SECONDS_PER_DAY),
            revoked: false,
        };
        sqlx::query(
            "INSERT INTO tokens (id, user_uid, name, token_hash, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(made.id.as_str())
        .bind(user_uid)
        .bind(&made.name)
        .bind(digest(&secret))
        .bind(scope.as_str())
        .bind(made.created_at.micros())
        .bind(made.expires_at.micros())
        .execute(change.connection())
        .await?;
        change.event(
            EventDraft::new(AuditAction::TokenAdded, AuditObject::Token, made.id.as_str())
                .detail(format!("user={user_id} scope={} days={days}", scope.as_str())),
        );
        change.commit().await?;
        Ok((made, secret))
    }

    /// Ends a token at once: one's own, or as administrator anybody's. Ending it twice is fine.
    pub async fn token_revoke(&self, asker: &Asker, id: &TokenId) -> Result<()> {
        let mut change = self.0.change(asker.name()).await?;
        let row = sqlx::query("SELECT u.name FROM tokens t JOIN users u ON u.uid = t.user_uid WHERE t.id = $1")
            .bind(id.as_str())
            .fetch_optional(change.connection())
            .await?;
        let absent = || Error::Absent {
            what: Thing::Token,
            id: id.to_string(),
        };
        // Another person's token is no more than an unknown one to those who may not touch it.
        let owner = row.ok_or_else(absent)?.of("tokens").text("name")?;
        require_self_or_administrator(asker, &owner).map_err(|_| absent())?;
        let at = change.at.micros();
        sqlx::query("UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
            .bind(at)
            .bind(id.as_str())
            .execute(change.connection())
            .await?;
        change.event(EventDraft::new(
            AuditAction::TokenRevoked,
            AuditObject::Token,
            id.as_str(),
        ));
        change.commit().await
    }
}

fn token(row: &AnyRow) -> Result<Token> {
    let row = &row.of("tokens");
    Ok(Token {
        id: row.read("id", TokenId::parse)?,
        user_name: row.text("user_name")?,
        name: row.text("name")?,
        scope: row.word("scopes", Scope::from_code)?,
        created_at: row.moment("created_at")?,
        expires_at: row.moment("expires_at")?,
        revoked: row.maybe_int("revoked_at")?.is_some(),
    })
}
