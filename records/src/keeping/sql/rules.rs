//! What checks of keeping ask, and how often.

use super::require_reading;
use crate::{
    Archive, Asker, Error, Field, Result, Role,
    keeping::{KeepingItem, KeepingKind, KeepingLimits, KeepingRules},
    store::{EventDraft, Store, sql::Columns},
};
use vocabulary::{AuditAction, AuditObject, both};

const MONTHS: &str = "months";

impl Archive {
    /// What checks ask; the usual list where the archive has none of its own.
    pub async fn keeping_rules(&self, asker: &Asker) -> Result<KeepingRules> {
        require_reading(asker)?;
        rules(&self.0).await
    }

    /// States what checks ask, and after how many months rooms are checked again.
    pub async fn keeping_rules_set(&self, asker: &Asker, rules: &KeepingRules) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        if !(1..=KeepingLimits::MONTHS_MAX).contains(&rules.months) {
            let reason = both!("it is 1 to 120", "为 1 到 120");
            return Err(Error::invalid(Field::Months, rules.months.to_string(), reason));
        }
        let mut change = self.0.change(asker.name()).await?;
        let mut values = vec![(MONTHS, rules.months.to_string())];
        for kind in [KeepingKind::Room, KeepingKind::Holding] {
            let items = checked(rules.items(kind))?;
            values.push((kind.as_str(), serde_json::Value::from(items).to_string()));
        }
        for (name, value) in values {
            sqlx::query(
                "INSERT INTO keeping_rules (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )
            .bind(name)
            .bind(value)
            .execute(change.connection())
            .await?;
        }
        change.event(EventDraft::new(AuditAction::KeepingRulesSet, AuditObject::Archive, ""));
        change.commit().await
    }
}

/// Items as they are stored: each once, not empty.
fn checked(items: &[KeepingItem]) -> Result<Vec<String>> {
    let mut kept: Vec<String> = Vec::with_capacity(items.len());
    for item in items {
        let text = super::words(Field::CheckItem, item.as_str())?;
        if !text.is_empty() && !kept.contains(&text) {
            kept.push(text);
        }
    }
    match kept.len() {
        1..=KeepingLimits::ITEMS_MAX => Ok(kept),
        n => {
            let reason = both!("a check has 1 to 60 items", "一次检查有 1 到 60 项");
            Err(Error::invalid(Field::CheckItem, n.to_string(), reason))
        }
    }
}

pub(super) async fn rules(store: &Store) -> Result<KeepingRules> {
    let mut rules = KeepingRules::default();
    let rows = sqlx::query("SELECT name, value FROM keeping_rules")
        .fetch_all(&store.readers)
        .await?;
    for row in &rows {
        let row = row.of("keeping_rules");
        let name = row.text("name")?;
        if name == MONTHS {
            rules.months = row.read("value", str::parse::<i64>)?;
            continue;
        }
        let items: Vec<String> = row.read("value", |text| serde_json::from_str(text))?;
        let items = items.iter().map(|item| KeepingItem::parse(item)).collect();
        match KeepingKind::from_code(&name) {
            Some(KeepingKind::Room) => rules.room = items,
            Some(KeepingKind::Holding) => rules.holding = items,
            None => {}
        }
    }
    Ok(rules)
}
