//! Second factors in the database.

use super::{Awaits, FactorProof, FactorSecret, FactorState, HalfSession, RECOVERY_CODES, in_groups, recovery_code};
use crate::{
    Archive, Asker, Error, Gate, RefusedBecause, Result, Role, Roles, SecurityLevel, Thing,
    identity::{
        gate::NewSession,
        sql::{Writes, asker, delete_sessions, digest},
        users,
    },
    permission::second::{
        TwoPersonAct, WantedAct, WantedState,
        sql::{ask, is_agreed},
    },
    settings,
    store::{
        EventDraft, Store,
        sql::{Change, Columns},
    },
};
use vocabulary::{AuditAction, AuditObject};

/// Bytes of a secret: 160 bits, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// Hexadecimal digits of a recovery code.
const RECOVERY_DIGITS: usize = 16;

/// What a sign-in of this account must still show.
pub(crate) async fn awaits(change: &mut Change, user_uid: i64) -> Result<Awaits> {
    let row = sqlx::query("SELECT confirmed_at FROM second_factors WHERE user_uid = $1 AND confirmed_at IS NOT NULL")
        .bind(user_uid)
        .fetch_optional(change.connection())
        .await?;
    if row.is_some() {
        return Ok(Awaits::Code);
    }
    let row = sqlx::query("SELECT roles FROM users WHERE uid = $1")
        .bind(user_uid)
        .fetch_one(change.connection())
        .await?;
    let roles = row.of("users").read("roles", Roles::parse)?;
    let required = Roles::parse(&settings::sql::in_change(change, "second_factor_roles").await?)?;
    Ok(match roles.iter().any(|role| required.has(role)) {
        true => Awaits::Setup,
        false => Awaits::Nothing,
    })
}

impl Gate {
    /// Somebody between password and second factor; `None` for every other session.
    pub async fn half_session(&self, secret: &str) -> Result<Option<HalfSession>> {
        let now = self.0.environment.now();
        let row =
            sqlx::query("SELECT user_uid, awaits, expires_at FROM sessions WHERE token_hash = $1 AND awaits <> ''")
                .bind(digest(secret))
                .fetch_optional(&self.0.readers)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let row = row.of("sessions");
        if now >= row.moment("expires_at")? {
            return Ok(None);
        }
        let Some(whole) = asker(&self.0, row.int("user_uid")?, Writes::Allowed, now).await? else {
            return Ok(None);
        };
        Ok(Some(HalfSession {
            awaits: row.word("awaits", Awaits::from_code)?,
            asker: Asker {
                roles: Roles::default(),
                clearance: SecurityLevel::PUBLIC,
                granted_documents: Vec::new(),
                granted_dossiers: Vec::new(),
                ..whole
            },
        }))
    }

    /// Makes a whole session of a half one, with a code that fits or, after setting up, with the authenticator that is
    /// there now. `None` when the code was used already.
    pub async fn session_completed(&self, half: &str, proof: Option<&FactorProof<'_>>) -> Result<Option<NewSession>> {
        let Some(HalfSession { asker, awaits }) = self.half_session(half).await? else {
            return Err(RefusedBecause::AccountChanged {}.into());
        };
        let mut change = self.0.change(asker.name()).await?;
        let fits = match (awaits, proof) {
            (Awaits::Code, Some(proof)) => used_up(&mut change, asker.user_uid, proof).await?,
            (Awaits::Setup, None) => awaits_now(&mut change, asker.user_uid).await? == Awaits::Code,
            _ => false,
        };
        if !fits {
            return Ok(None);
        }
        let gone = sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(digest(half))
            .execute(change.connection())
            .await?;
        if gone.rows_affected() == 0 {
            return Ok(None);
        }
        let opened = self
            .open(&mut change, asker.user_uid, asker.name(), Awaits::Nothing)
            .await?;
        change.commit().await?;
        self.started(opened, asker.user_uid).await.map(Some)
    }
}

async fn awaits_now(change: &mut Change, user_uid: i64) -> Result<Awaits> {
    awaits(change, user_uid).await
}

impl Archive {
    /// How it stands with one's own second factor, or as administrator or auditor with anybody's.
    pub async fn factor(&self, asker: &Asker, user_name: &str) -> Result<FactorState> {
        let user = self.user(asker, user_name).await?;
        let row = sqlx::query(
            "SELECT f.confirmed_at, CAST((SELECT count(*) FROM recovery_codes r WHERE r.user_uid = u.uid AND r.used_at IS NULL) AS BIGINT) AS codes \
             FROM users u LEFT JOIN second_factors f ON f.user_uid = u.uid WHERE u.id = $1",
        )
        .bind(user.id.as_str())
        .fetch_one(&self.0.readers)
        .await?;
        let row = row.of("second_factors");
        let required = self.settings(asker).await?.second_factor_roles;
        Ok(FactorState {
            since: row.maybe_moment("confirmed_at")?,
            recovery_codes_left: row.int("codes")?,
            is_required: user.roles.iter().any(|role| required.has(role)),
        })
    }

    /// Begins to set up one's own authenticator; what was begun before is forgotten, what is in use stays.
    ///
    /// # Errors
    /// [`Error::Refused`] when there is one in use: it is turned off first.
    pub async fn factor_begin(&self, asker: &Asker) -> Result<FactorSecret> {
        let mut change = own(self, asker).await?;
        if secret(&mut change, asker.user_uid)
            .await?
            .is_some_and(|known| known.is_confirmed)
        {
            return Err(RefusedBecause::FactorIsOn {}.into());
        }
        let base32 = base32_of(&change.environment.secret());
        let at = change.at.micros();
        sqlx::query(
            "INSERT INTO second_factors (user_uid, secret, begun_at, last_step) VALUES ($1, $2, $3, 0) \
             ON CONFLICT (user_uid) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at, last_step = 0",
        )
        .bind(asker.user_uid)
        .bind(&base32)
        .bind(at)
        .execute(change.connection())
        .await?;
        change.event(EventDraft::new(
            AuditAction::FactorBegun,
            AuditObject::User,
            asker.name(),
        ));
        change.commit().await?;
        Ok(FactorSecret {
            base32,
            is_confirmed: false,
        })
    }

    /// The secret of one's own authenticator, in use or just begun.
    pub async fn factor_secret(&self, asker: &Asker) -> Result<Option<FactorSecret>> {
        let row = sqlx::query("SELECT secret, confirmed_at FROM second_factors WHERE user_uid = $1")
            .bind(asker.user_uid)
            .fetch_optional(&self.0.readers)
            .await?;
        row.map(|row| {
            let row = row.of("second_factors");
            Ok(FactorSecret {
                base32: row.text("secret")?,
                is_confirmed: row.maybe_moment("confirmed_at")?.is_some(),
            })
        })
        .transpose()
    }

    /// Puts the authenticator in use after its first code. Answers the recovery codes, this once.
    pub async fn factor_confirm(&self, asker: &Asker, step: i64) -> Result<Vec<String>> {
        let mut change = own(self, asker).await?;
        let at = change.at.micros();
        let confirmed = sqlx::query(
            "UPDATE second_factors SET confirmed_at = $1, last_step = $2 WHERE user_uid = $3 AND confirmed_at IS NULL",
        )
        .bind(at)
        .bind(step)
        .bind(asker.user_uid)
        .execute(change.connection())
        .await?;
        if confirmed.rows_affected() == 0 {
            return Err(RefusedBecause::FactorIsOn {}.into());
        }
        let codes = write_codes(&mut change, asker.user_uid).await?;
        change.event(EventDraft::new(AuditAction::FactorOn, AuditObject::User, asker.name()));
        change.commit().await?;
        Ok(codes)
    }

    /// Makes new recovery codes in the place of the old ones, with a code that fits. `None` when it was used already.
    pub async fn recovery_codes_renew(&self, asker: &Asker, proof: &FactorProof<'_>) -> Result<Option<Vec<String>>> {
        let mut change = own(self, asker).await?;
        if !used_up(&mut change, asker.user_uid, proof).await? {
            return Ok(None);
        }
        let codes = write_codes(&mut change, asker.user_uid).await?;
        change.event(EventDraft::new(
            AuditAction::RecoveryCodesMade,
            AuditObject::User,
            asker.name(),
        ));
        change.commit().await?;
        Ok(Some(codes))
    }

    /// Turns one's own second factor off, with a code that fits. False when it was used already.
    pub async fn factor_off(&self, asker: &Asker, proof: &FactorProof<'_>) -> Result<bool> {
        let mut change = own(self, asker).await?;
        if !used_up(&mut change, asker.user_uid, proof).await? {
            return Ok(false);
        }
        remove(&mut change, asker.user_uid).await?;
        change.event(EventDraft::new(AuditAction::FactorOff, AuditObject::User, asker.name()));
        change.commit().await?;
        Ok(true)
    }

    /// Takes the second factor from an account whose authenticator is lost, and ends its sessions. For somebody with more
    /// clearance it takes two administrators.
    ///
    /// # Errors
    /// [`Error::Refused`] for one's own, which is turned off with a code; [`Error::Absent`] where there is none.
    pub async fn factor_reset(&self, asker: &Asker, user_name: &str) -> Result<()> {
        asker.require_writing(Role::Administrator)?;
        let user = self.user(asker, user_name).await?;
        let mut change = self.0.change(asker.name()).await?;
        let (uid, id) = users::sql::find(&mut change, user_name).await?;
        if uid == asker.user_uid {
            return Err(RefusedBecause::FactorOfOneself {}.into());
        }
        if secret(&mut change, uid).await?.is_none() {
            return Err(Error::absent(Thing::SecondFactor, user_name));
        }
        if user.clearance > asker.clearance() {
            let act = WantedAct {
                act: TwoPersonAct::FactorReset,
                object: &id,
                wanted: WantedState::AsTheActSays,
                reason: "",
            };
            if !is_agreed(&mut change, asker, &act).await? {
                drop(change);
                return Err(ask(&self.0, asker, &act).await?);
            }
        }
        remove(&mut change, uid).await?;
        delete_sessions(&mut change, uid).await?;
        change.event(EventDraft::new(AuditAction::FactorReset, AuditObject::User, id));
        change.commit().await
    }
}

/// A change of one's own account.
async fn own(archive: &Archive, asker: &Asker) -> Result<Change> {
    if !asker.writes {
        return Err(Error::TokenReadsOnly);
    }
    if asker.user_uid == 0 {
        let name = asker.name().to_owned();
        return Err(RefusedBecause::NeedsAccount { name }.into());
    }
    let store: &Store = &archive.0;
    store.change(asker.name()).await
}

async fn secret(change: &mut Change, user_uid: i64) -> Result<Option<FactorSecret>> {
    let row = sqlx::query("SELECT secret, confirmed_at FROM second_factors WHERE user_uid = $1")
        .bind(user_uid)
        .fetch_optional(change.connection())
        .await?;
    row.map(|row| {
        let row = row.of("second_factors");
        Ok(FactorSecret {
            base32: row.text("secret")?,
            is_confirmed: row.maybe_moment("confirmed_at")?.is_some(),
        })
    })
    .transpose()
}

/// Uses a code; false for one that was used already. Of two at once exactly one succeeds.
async fn used_up(change: &mut Change, user_uid: i64, proof: &FactorProof<'_>) -> Result<bool> {
    let used = match proof {
        FactorProof::Step(step) => {
            sqlx::query(
                "UPDATE second_factors SET last_step = $1 WHERE user_uid = $2 AND last_step < $1 AND confirmed_at IS NOT NULL",
            )
            .bind(step)
            .bind(user_uid)
            .execute(change.connection())
            .await?
        }
        FactorProof::Recovery(typed) => {
            let at = change.at.micros();
            sqlx::query(
                "UPDATE recovery_codes SET used_at = $1 WHERE user_uid = $2 AND code_hash = $3 AND used_at IS NULL",
            )
            .bind(at)
            .bind(user_uid)
            .bind(digest(&recovery_code(typed)))
            .execute(change.connection())
            .await?
        }
    };
    let fits = used.rows_affected() == 1;
    if fits && matches!(proof, FactorProof::Recovery(_)) {
        let name = change.actor.clone();
        change.event(EventDraft::new(AuditAction::RecoveryCodeUsed, AuditObject::User, name));
    }
    Ok(fits)
}

async fn write_codes(change: &mut Change, user_uid: i64) -> Result<Vec<String>> {
    sqlx::query("DELETE FROM recovery_codes WHERE user_uid = $1")
        .bind(user_uid)
        .execute(change.connection())
        .await?;
    let mut codes = Vec::new();
    for _ in 0..RECOVERY_CODES {
        let code: String = change.environment.secret().chars().take(RECOVERY_DIGITS).collect();
        sqlx::query("INSERT INTO recovery_codes (user_uid, code_hash) VALUES ($1, $2)")
            .bind(user_uid)
            .bind(digest(&code))
            .execute(change.connection())
            .await?;
        codes.push(in_groups(&code));
    }
    Ok(codes)
}

async fn remove(change: &mut Change, user_uid: i64) -> Result<()> {
    for table in [
        "DELETE FROM second_factors WHERE user_uid = $1",
        "DELETE FROM recovery_codes WHERE user_uid = $1",
    ] {
        sqlx::query(table).bind(user_uid).execute(change.connection()).await?;
    }
    Ok(())
}

/// Base32 (RFC 4648) of the first bytes of a secret in hexadecimal digits.
fn base32_of(hex: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: Vec<u8> = hex
        .chars()
        .take(SECRET_BYTES * 2)
        .filter_map(|digit| digit.to_digit(16))
        .flat_map(|digit| (0..4).rev().map(move |bit| u8::from(digit >> bit & 1 == 1)))
        .collect();
    let five = |group: &[u8]| {
        group
            .iter()
            .fold(0_usize, |number, bit| number << 1 | usize::from(*bit))
    };
    bits.chunks(5)
        .map(|group| char::from(ALPHABET[five(group) & 31]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_what_authenticators_read() {
        // "12345678901234567890", the secret of RFC 6238.
        let hex: String = b"12345678901234567890"
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(base32_of(&hex), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }
}
