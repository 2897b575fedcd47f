//! Customers as they are read: with their codes, parties and dossier.

use super::resolve::find_uid;
use crate::{
    Archive, Asker, Error, Moment, Result, Role, Thing,
    customers::{
        AliasKind, Customer, CustomerKey, CustomerKind, CustomerParty, CustomerRow, CustomerStatus, PersonalNumber,
        fields::{CustomerField, facts},
    },
    fold,
    ids::CustomerId,
    parties::{self, IdentifierKind, PartyKind, PartyRoleKind},
    permission::sql::Visible,
    privacy,
    store::{
        EventDraft, Store,
        sql::{Columns, LISTED_AT_ONCE, RowOf, composed, marks},
    },
};
use sqlx::any::AnyRow;
use std::collections::HashMap;
use vocabulary::{AuditAction, AuditObject, codes::scanned};

/// The field of the register that holds where a customer lives or sits.
const ADDRESS: &str = "address";

impl Archive {
    /// A customer by id, code, alias or dossier number, with the personal numbers of its parties masked for everybody;
    /// [`Archive::customer_reveal`] shows them.
    pub async fn customer(&self, asker: &Asker, key: &str) -> Result<Option<Customer>> {
        let Some(uid) = find_uid(&self.0, key).await? else {
            return Ok(None);
        };
        let (customer, hidden_no) = load(&self.0, asker, uid).await?;
        // A number is given to a dossier with its first paper: who sees no paper does not learn that there is one.
        let bare = |code: &str| fold::code(code).replace('-', "");
        let is_asked_for = hidden_no.is_some_and(|hidden| bare(&hidden) == bare(&scanned(key)));
        Ok((!is_asked_for).then_some(customer))
    }

    /// A customer with one personal number in clear, or with all of them. Who may not see them is refused; either way
    /// the trail says so before anything is shown.
    pub async fn customer_reveal(
        &self,
        asker: &Asker,
        key: &str,
        only: Option<&PersonalNumber>,
    ) -> Result<Option<Customer>> {
        let Some(uid) = find_uid(&self.0, key).await? else {
            return Ok(None);
        };
        let (mut customer, _) = load(&self.0, asker, uid).await?;
        let detail = only.map_or_else(
            || "all".to_owned(),
            |number| {
                format!(
                    "party={} kind={} position={}",
                    number.party_id,
                    number.kind.as_str(),
                    number.position
                )
            },
        );
        let event = EventDraft::new(
            AuditAction::PersonalNumberRevealed,
            AuditObject::Customer,
            customer.id.as_str(),
        )
        .detail(detail);
        if let Err(refusal) = asker.require(Role::Archivist) {
            self.note_read(asker, event.refused()).await?;
            return Err(refusal);
        }
        let clear = load_unmasked(&self.0, uid).await?;
        let mut found = only.is_none();
        for (shown, clear) in customer.parties.iter_mut().zip(clear.parties) {
            for (position, value) in clear.identifiers.into_iter().enumerate() {
                let is_meant = only.is_none_or(|number| {
                    number.party_id == clear.party_id && number.kind == value.0 && number.position == position
                });
                if let Some(place) = shown.identifiers.get_mut(position).filter(|_| is_meant) {
                    *place = value;
                    found = true;
                }
            }
        }
        if !found {
            return Ok(None);
        }
        self.note_read(asker, event).await?;
        Ok(Some(customer))
    }
}

/// What an archive keeps in columns of its own, by name.
pub(crate) fn attributes_of(row: &RowOf<'_>) -> Result<Vec<(String, String)>> {
    let value: serde_json::Map<String, serde_json::Value> =
        row.read("attributes", |text| serde_json::from_str(text))?;
    Ok(value
        .into_iter()
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect())
}

/// A customer as the asker may see it, and the number of its dossier where that is hidden.
async fn load(store: &Store, asker: &Asker, uid: i64) -> Result<(Customer, Option<String>)> {
    let mut customer = load_unmasked(store, uid).await?;
    let seen = documents_of(asker, store.environment.now()).and("o.customer_uid = ?", [uid.into()]);
    let sees_none = seen.one(&store.readers).await?.of("documents").int("n")? == 0;
    let hidden_no = (sees_none && !customer.dossier_no.is_empty()).then(|| std::mem::take(&mut customer.dossier_no));
    for (kind, value) in customer.parties.iter_mut().flat_map(|party| &mut party.identifiers) {
        *value = parties::masked(*kind, value);
    }
    if !asker.sees_personal_numbers() {
        // Nobody knows what an archive keeps in columns of its own.
        for (_, value) in &mut customer.attributes {
            *value = privacy::mask_personal_numbers(value);
        }
    }
    Ok((customer, hidden_no))
}

/// What tells customers of one name apart, by uid: the address, and the numbers of its parties, masked.
pub(crate) async fn told_apart(
    store: &Store,
    uids: &[i64],
) -> Result<HashMap<i64, (String, Vec<(PersonalNumber, String)>)>> {
    let customers = load_several(store, uids).await?;
    Ok(customers
        .into_iter()
        .map(|customer| (customer.uid, apart(customer)))
        .collect())
}

fn apart(customer: Customer) -> (String, Vec<(PersonalNumber, String)>) {
    let is_address = |(field, _): &&(&CustomerField, String)| field.name() == ADDRESS;
    let address = customer.facts.iter().find(is_address);
    let address = address.map_or_else(String::new, |(_, address)| address.clone());
    let present = customer.parties.into_iter().filter(|party| party.ends_on.is_empty());
    let numbers = present.flat_map(|party| {
        let CustomerParty {
            party_id, identifiers, ..
        } = party;
        identifiers
            .into_iter()
            .enumerate()
            .map(move |(position, (kind, value))| {
                let masked = parties::masked(kind, &value);
                let party_id = party_id.clone();
                (
                    PersonalNumber {
                        party_id,
                        kind,
                        position,
                    },
                    masked,
                )
            })
    });
    (address, numbers.collect())
}

async fn load_unmasked(store: &Store, uid: i64) -> Result<Customer> {
    let found = load_several(store, &[uid]).await?.pop();
    found.ok_or_else(|| Error::Absent {
        what: Thing::Customer,
        id: uid.to_string(),
    })
}

/// Those of the customers that exist, by uid, with everything that is known of them.
pub(super) async fn load_several(store: &Store, uids: &[i64]) -> Result<Vec<Customer>> {
    let mut customers = Vec::with_capacity(uids.len());
    let columns: Vec<String> = facts().map(|(_, column)| format!("c.{column}")).collect();
    let statement = format!(
        "SELECT c.uid, c.id, c.code, c.name, c.kind, c.status, {}, c.attributes, c.created_at, \
         c.version, o.id AS dossier_id, coalesce(o.number, '') AS dossier_no, o.checklist \
         FROM customers c JOIN dossiers o ON o.customer_uid = c.uid WHERE c.uid IN",
        columns.join(", ")
    );
    for chunk in uids.chunks(LISTED_AT_ONCE) {
        let rows = listed(store, &statement, "ORDER BY c.uid", chunk);
        let rows = rows.await?;
        let mut aliases: HashMap<i64, Vec<(AliasKind, String)>> = HashMap::new();
        let statement = "SELECT customer_uid, kind, value FROM customer_aliases WHERE customer_uid IN";
        for row in listed(store, statement, "ORDER BY uid", chunk).await? {
            let row = row.of("customer_aliases");
            let of = aliases.entry(row.int("customer_uid")?).or_default();
            of.push((AliasKind::parse(&row.text("kind")?), row.text("value")?));
        }
        let mut parties = parties_of(store, chunk).await?;
        for row in &rows {
            let row = row.of("customers");
            let uid = row.int("uid")?;
            customers.push(Customer {
                uid,
                id: row.read("id", CustomerId::parse)?,
                code: row.text("code")?,
                name: row.text("name")?,
                kind: row.word("kind", CustomerKind::from_code)?,
                status: row.word("status", CustomerStatus::from_code)?,
                facts: facts()
                    .map(|(field, column)| Ok((field, row.text(column)?)))
                    .collect::<Result<_>>()?,
                attributes: attributes_of(&row)?,
                aliases: aliases.remove(&uid).unwrap_or_default(),
                parties: parties.remove(&uid).unwrap_or_default(),
                dossier_id: row.text("dossier_id")?,
                dossier_no: row.text("dossier_no")?,
                checklist: row.text("checklist")?,
                created_at: row.moment("created_at")?,
                version: row.int("version")?,
            });
        }
    }
    Ok(customers)
}

/// The parties of each customer with their identifiers.
async fn parties_of(store: &Store, customers: &[i64]) -> Result<HashMap<i64, Vec<CustomerParty>>> {
    let roles = listed(
        store,
        "SELECT p.uid, p.id, p.name, p.kind, r.customer_uid, r.role, r.begins_on, r.ends_on FROM party_roles r \
         JOIN parties p ON p.uid = r.party_uid WHERE r.customer_uid IN",
        "ORDER BY r.ends_on, r.uid",
        customers,
    );
    let roles = roles.await?;
    let mut uids: Vec<i64> = roles
        .iter()
        .map(|role| role.of("party_roles").int("uid"))
        .collect::<Result<_>>()?;
    uids.sort_unstable();
    uids.dedup();
    let mut identifiers: HashMap<i64, Vec<(IdentifierKind, String)>> = HashMap::new();
    for chunk in uids.chunks(LISTED_AT_ONCE) {
        let statement = "SELECT uid, party_uid, kind, value FROM party_identifiers WHERE party_uid IN";
        for row in listed(store, statement, "ORDER BY uid", chunk).await? {
            let kind = row.of("party_identifiers").word("kind", IdentifierKind::from_code)?;
            let of = identifiers
                .entry(row.of("party_identifiers").int("party_uid")?)
                .or_default();
            of.push((kind, row.of("party_identifiers").text("value")?));
        }
    }
    let mut parties: HashMap<i64, Vec<CustomerParty>> = HashMap::new();
    for role in &roles {
        let of = parties
            .entry(role.of("party_identifiers").int("customer_uid")?)
            .or_default();
        of.push(CustomerParty {
            party_id: role.of("party_identifiers").text("id")?,
            name: role.of("party_identifiers").text("name")?,
            kind: role.of("parties").word("kind", PartyKind::from_code)?,
            role: PartyRoleKind::parse(&role.of("party_identifiers").text("role")?),
            begins_on: role.of("party_identifiers").text("begins_on")?,
            ends_on: role.of("party_identifiers").text("ends_on")?,
            identifiers: identifiers
                .get(&role.of("party_identifiers").int("uid")?)
                .cloned()
                .unwrap_or_default(),
        });
    }
    Ok(parties)
}

/// The rows of `statement (uids) order`.
async fn listed(store: &Store, statement: &str, order: &str, uids: &[i64]) -> Result<Vec<AnyRow>> {
    let statement = format!("{statement} ({}) {order}", marks(1, uids.len()));
    let query = sqlx::query(composed(statement));
    let query = uids.iter().fold(query, |query, uid| query.bind(*uid));
    Ok(query.fetch_all(&store.readers).await?)
}

pub(super) fn customer_row(row: &AnyRow) -> Result<CustomerRow> {
    let row = &row.of("customers");
    Ok(CustomerRow {
        uid: row.int("uid")?,
        id: row.read("id", CustomerId::parse)?,
        code: row.text("code")?,
        name: row.text("name")?,
        kind: row.word("kind", CustomerKind::from_code)?,
        status: row.word("status", CustomerStatus::from_code)?,
        // Given with the first paper, so that it would tell of papers that are hidden.
        dossier_no: match row.int("documents")? {
            0 => String::new(),
            _ => row.text("dossier_no")?,
        },
        documents: row.int("documents")?,
    })
}

/// Counts the documents of customers that the asker sees.
pub(super) fn documents_of(asker: &Asker, now: Moment) -> Visible {
    Visible::documents(asker, now).columns("CAST(count(*) AS BIGINT) AS n")
}

pub(super) fn customer_key(row: &AnyRow) -> Result<CustomerKey> {
    let row = &row.of("customers");
    Ok(CustomerKey {
        uid: row.int("uid")?,
        id: row.read("id", CustomerId::parse)?,
        code: row.text("code")?,
        name: row.text("name")?,
        status: row.word("status", CustomerStatus::from_code)?,
    })
}
