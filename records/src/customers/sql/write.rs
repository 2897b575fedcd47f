//! Writing customers with their dossier header, account numbers and holder.

use super::{
    planned::{HolderChange, PlannedCustomer},
    stored::{StoredCustomer, folded_numbers},
};
use crate::{
    Result,
    changes::ChangeSubject,
    customers::{
        fields::{CUSTOMER_FIELDS, CustomerFieldStorage, at},
        recorded::{CUSTOMER_ALIASES, CUSTOMERS},
    },
    dossiers, fold,
    ids::CustomerId,
    imports::fields::{Values, parts},
    parties::{
        PartyKind,
        sql::{self as parties, HolderDraft},
    },
    store::sql::{Change, Columns},
};
use std::collections::BTreeMap;

/// Writes what was planned; returns the id of the customer.
pub(super) async fn write(change: &mut Change, planned: &PlannedCustomer) -> Result<String> {
    match &planned.stored {
        None => add(change, &planned.merged.after).await,
        Some(stored) => {
            if !planned.merged.changes.is_empty() {
                alter(change, stored, &planned.merged.after, planned.holder).await?;
            }
            Ok(stored.id.clone())
        }
    }
}

async fn add(change: &mut Change, values: &Values) -> Result<String> {
    let id = CustomerId::new(&change.environment);
    let (code, at_now) = (values.get(at("code")), change.at.micros());
    let mut insert = change
        .insert(&CUSTOMERS)
        .set("id", id.as_str())
        .set("code", code)
        .set("code_folded", fold::code(code))
        .set("name_folded", fold::name(values.get(at("name"))))
        .set("attributes", attributes_json(&values.attributes))
        .set("created_at", at_now)
        .set("changed_at", at_now)
        .set("version", 1);
    for (place, field) in CUSTOMER_FIELDS.iter().enumerate() {
        if let Some(column) = field.kept_in() {
            insert = insert.set(column, values.get(place));
        }
    }
    let uid = insert.run().await?;
    dossiers::sql::open(change, uid).await?;
    add_numbers(change, uid, "", values.get(at("account_no"))).await?;
    parties::begin(change, uid, &holder_of(values)).await?;
    change.touch(ChangeSubject::Customer, uid);
    Ok(id.as_str().to_owned())
}

/// Changes a customer to these values.
pub(super) async fn alter(
    change: &mut Change,
    stored: &StoredCustomer,
    after: &Values,
    holder: HolderChange,
) -> Result<()> {
    let (uid, before) = (stored.uid, &stored.values);
    let mut update = change
        .update(&CUSTOMERS, uid)
        .set("name_folded", fold::name(after.get(at("name"))))
        .set("attributes", attributes_json(&after.attributes));
    for (place, field) in CUSTOMER_FIELDS.iter().enumerate() {
        if let Some(column) = field.kept_in() {
            update = update.set(column, after.get(place));
        }
    }
    let updated = update.run().await?;
    let (former, numbers) = (before.get(at("account_no")), after.get(at("account_no")));
    remove_numbers(change, uid, former, numbers).await?;
    add_numbers(change, uid, former, numbers).await?;
    write_holder(change, stored, after, holder).await?;
    if !updated.changed {
        // Numbers are rows of their own; the version of the customer must still advance.
        change.advance(&CUSTOMERS, uid).await?;
    }
    change.touch(ChangeSubject::Customer, uid);
    Ok(())
}

async fn write_holder(
    change: &mut Change,
    stored: &StoredCustomer,
    after: &Values,
    holder: HolderChange,
) -> Result<()> {
    let touches = |name: &'static str| stored.values.get(at(name)) != after.get(at(name));
    let names = ["name", "kind", "credit_code", "id_number", "phones"];
    if !names.into_iter().any(touches) {
        return Ok(());
    }
    let draft = holder_of(after);
    match (holder, stored.holder) {
        (_, None) => parties::begin(change, stored.uid, &draft).await,
        (HolderChange::Other, Some(former)) => parties::hand_over(change, stored.uid, former.role_uid, &draft).await,
        (HolderChange::Same, Some(former)) if former.shared && touches("name") => {
            // The other customers of the party keep its name.
            parties::hand_over(change, stored.uid, former.role_uid, &draft).await
        }
        (HolderChange::Same | HolderChange::Former, Some(former)) => {
            parties::describe(change, former.party_uid, &draft).await
        }
    }
}

fn holder_of(values: &Values) -> HolderDraft<'_> {
    let mut identifiers = Vec::new();
    for (place, field) in CUSTOMER_FIELDS.iter().enumerate() {
        if let CustomerFieldStorage::Identifier(kind) = field.storage {
            identifiers.extend(parts(values.get(place)).map(|part| (kind, part.to_owned())));
        }
    }
    HolderDraft {
        kind: match values.get(at("kind")) {
            "person" => PartyKind::Person,
            _ => PartyKind::Organisation,
        },
        name: values.get(at("name")),
        identifiers,
    }
}

async fn add_numbers(change: &mut Change, uid: i64, before: &str, after: &str) -> Result<()> {
    let known: Vec<String> = folded_numbers(before).collect();
    for number in parts(after) {
        let folded = fold::code(number);
        if known.contains(&folded) {
            continue;
        }
        change
            .insert(&CUSTOMER_ALIASES)
            .set("customer_uid", uid)
            .set("kind", "account_no")
            .set("value", number)
            .set("value_folded", folded)
            .run()
            .await?;
    }
    Ok(())
}

async fn remove_numbers(change: &mut Change, uid: i64, before: &str, after: &str) -> Result<()> {
    let kept: Vec<String> = folded_numbers(after).collect();
    for folded in folded_numbers(before).filter(|number| !kept.contains(number)) {
        change
            .delete_where(
                &CUSTOMER_ALIASES,
                &[
                    ("customer_uid", uid.into()),
                    ("kind", "account_no".into()),
                    ("value_folded", folded.into()),
                ],
            )
            .await?;
    }
    Ok(())
}

fn attributes_json(attributes: &BTreeMap<String, String>) -> String {
    let pairs = attributes.iter().map(|(name, value)| (name.clone(), value.clone()));
    serde_json::Value::from_iter(pairs).to_string()
}

/// Removes a customer on which nothing hangs, with its dossier header, numbers and holder.
pub(super) async fn remove(change: &mut Change, stored: &StoredCustomer) -> Result<()> {
    let uid = stored.uid;
    parties::end_all(change, uid).await?;
    change
        .delete_where(&CUSTOMER_ALIASES, &[("customer_uid", uid.into())])
        .await?;
    dossiers::sql::remove(change, uid).await?;
    change.delete(&CUSTOMERS, uid).await?;
    change.touch(ChangeSubject::Customer, uid);
    Ok(())
}

/// Those of the customers on which something hangs: documents, proposals, grants, volumes, or a dossier number.
pub(super) async fn hung_on(change: &mut Change, uid: i64) -> Result<Option<crate::imports::KeptBecause>> {
    let row = sqlx::query(
        "SELECT o.number, \
         (SELECT CAST(count(*) AS BIGINT) FROM documents d WHERE d.dossier_uid = o.uid) \
         + (SELECT CAST(count(*) AS BIGINT) FROM document_customers x WHERE x.customer_uid = o.customer_uid) \
         + (SELECT CAST(count(*) AS BIGINT) FROM proposals p WHERE p.customer_uid = o.customer_uid) \
         + (SELECT CAST(count(*) AS BIGINT) FROM volumes v WHERE v.dossier_uid = o.uid) \
         + (SELECT CAST(count(*) AS BIGINT) FROM grants g WHERE g.dossier_uid = o.uid) AS hanging \
         FROM dossiers o WHERE o.customer_uid = $1",
    )
    .bind(uid)
    .fetch_one(change.connection())
    .await?;
    Ok(if row.of("dossiers").int("hanging")? > 0 {
        Some(crate::imports::KeptBecause::HasDocuments)
    } else if row.of("dossiers").maybe_text("number")?.is_some() {
        Some(crate::imports::KeptBecause::HasNumber)
    } else {
        None
    })
}
