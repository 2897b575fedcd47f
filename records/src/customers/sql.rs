//! Customers in the database: import, look-up, lists.

use super::{
    Customer, CustomerCode, CustomerDraft, CustomerFilter, CustomerKey, CustomerKind, CustomerParty, CustomerRow,
    CustomerStatus, PersonalNumber,
};
use crate::{
    Archive, Asker, Error, Result, Role, System,
    access::{
        privacy,
        sql::{SEEN, bind_sight},
    },
    audit::EventDraft,
    changes::Subject,
    fold,
    ids::{CustomerId, DossierId},
    parties::{self, IdentifierKind, sql::HolderDraft},
    store::{
        Store,
        sql::{Change, Columns, LISTED_AT_ONCE, composed, marks, word},
    },
    tables::{ImportReport, LineProblem, OnBadLine, Table, TableRow},
};
use sqlx::any::AnyRow;
use std::collections::HashMap;

impl Archive {
    /// Imports a customers table. Each line adds a customer with its dossier header, changes one, or is a problem;
    /// the same table again changes nothing.
    pub async fn customers_import(&self, asker: &Asker, table: &Table, on_bad_line: OnBadLine) -> Result<ImportReport> {
        asker.require_writing(Role::Archivist)?;
        let mut report = ImportReport {
            lines: table.rows.len() as u64,
            unknown_columns: table.unknown_columns.clone(),
            ..ImportReport::default()
        };
        let drafts = read_drafts(table, &mut report.problems);
        let mut change = self.0.change(asker.name()).await?;
        for (line, draft) in drafts {
            if let Some(problem) = taken_alias(&mut change, line, &draft).await? {
                report.problems.push(problem);
                continue;
            }
            match write(&mut change, &draft).await? {
                Written::Added(_) => report.added += 1,
                Written::Changed(_) => report.changed += 1,
                Written::Unchanged(_) => report.unchanged += 1,
            }
        }
        report.problems.sort_by_key(|problem| problem.line);
        if !report.problems.is_empty() && on_bad_line == OnBadLine::RefuseTable {
            // Dropping the change rolls everything back.
            report.refused = true;
            (report.added, report.changed, report.unchanged) = (0, 0, 0);
            return Ok(report);
        }
        change.event(
            EventDraft::new("customers.imported", "table", "customers").detail(format!(
                "lines={} added={} changed={}",
                report.lines, report.added, report.changed
            )),
        );
        change.commit().await?;
        Ok(report)
    }

    /// Registers a customer and opens its dossier; refuses a code that is taken, naming whose it is.
    pub async fn customer_add(&self, asker: &Asker, draft: &CustomerDraft) -> Result<CustomerId> {
        asker.require_writing(Role::Archivist)?;
        let mut change = self.0.change(asker.name()).await?;
        if let Some(found) = by_code(&mut change, draft.code.folded()).await? {
            return Err(Error::Exists {
                what: "customer",
                id: format!("{} {}", draft.code.as_str(), found.text("name")?),
            });
        }
        if let Some(problem) = taken_alias(&mut change, 0, draft).await? {
            return Err(Error::invalid("account number", problem.value, problem.reason));
        }
        let uid = match write(&mut change, draft).await? {
            Written::Added(uid) | Written::Changed(uid) | Written::Unchanged(uid) => uid,
        };
        let row = sqlx::query("SELECT id FROM customers WHERE uid = $1")
            .bind(uid)
            .fetch_one(change.connection())
            .await?;
        let id = CustomerId::parse(&row.text("id")?)?;
        change.event(EventDraft::new("customer.added", "customer", id.as_str()));
        change.commit().await?;
        Ok(id)
    }

    /// Customers in order of code.
    pub async fn customers(&self, asker: &Asker, filter: &CustomerFilter) -> Result<Vec<CustomerRow>> {
        let text = fold::code(&filter.text);
        let name = fold::name(&filter.text);
        let statement = format!(
            "SELECT c.uid, c.id, c.code, c.name, c.kind, c.status, coalesce(n.number, '') AS dossier_no, \
             (SELECT CAST(count(*) AS BIGINT) FROM documents d JOIN dossiers o ON o.uid = d.dossier_uid \
              WHERE o.customer_uid = c.uid AND {SEEN}) AS documents \
             FROM customers c LEFT JOIN dossiers n ON n.customer_uid = c.uid \
             WHERE c.code_folded > $5 AND ($6 = '' OR c.status = $6) AND ($7 = '' \
               OR (c.code_folded >= $7 AND c.code_folded < $8) OR (c.name_folded >= $9 AND c.name_folded < $10) \
               OR EXISTS (SELECT 1 FROM customer_aliases a WHERE a.customer_uid = c.uid AND a.value_folded >= $7 AND a.value_folded < $8) \
               OR EXISTS (SELECT 1 FROM party_roles r JOIN party_identifiers i ON i.party_uid = r.party_uid \
                          WHERE r.customer_uid = c.uid AND r.ends_on = '' AND i.value_folded = $7)) \
             ORDER BY c.code_folded LIMIT $11"
        );
        let query = bind_sight(sqlx::query(composed(statement)), asker, self.0.environment.now())
            .bind(fold::code(&filter.after_code))
            .bind(filter.status.map_or("", CustomerStatus::as_str))
            .bind(text.clone())
            .bind(format!("{text}\u{10ffff}"))
            .bind(name.clone())
            .bind(format!("{name}\u{10ffff}"))
            .bind(i64::try_from(filter.limit).unwrap_or(100));
        query
            .fetch_all(&self.0.readers)
            .await?
            .iter()
            .map(customer_row)
            .collect()
    }

    /// How many customers there are.
    pub async fn customers_count(&self, _asker: &Asker) -> Result<i64> {
        let row = sqlx::query("SELECT CAST(count(*) AS BIGINT) AS n FROM customers")
            .fetch_one(&self.0.readers)
            .await?;
        row.int("n")
    }

    /// A customer by id, code, alias or dossier number, with the personal numbers of its parties masked for everybody;
    /// [`Archive::customer_reveal`] shows them.
    pub async fn customer(&self, asker: &Asker, key: &str) -> Result<Option<Customer>> {
        let Some(uid) = find_uid(&self.0, key).await? else {
            return Ok(None);
        };
        load(&self.0, asker, uid).await.map(Some)
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
        let mut customer = load(&self.0, asker, uid).await?;
        let detail = only.map_or_else(
            || "all".to_owned(),
            |number| {
                format!(
                    "party={} kind={} position={}",
                    number.party_id, number.kind, number.position
                )
            },
        );
        let event = EventDraft::new("personal_number.revealed", "customer", customer.id.as_str()).detail(detail);
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

    /// Customers by uid, for hits of the dossier index, in the order asked for.
    pub async fn customers_by_uid(&self, asker: &Asker, uids: &[i64]) -> Result<Vec<CustomerRow>> {
        let statement = format!(
            "SELECT c.uid, c.id, c.code, c.name, c.kind, c.status, coalesce(n.number, '') AS dossier_no, \
             (SELECT CAST(count(*) AS BIGINT) FROM documents d JOIN dossiers o ON o.uid = d.dossier_uid \
              WHERE o.customer_uid = c.uid AND {SEEN}) AS documents \
             FROM customers c LEFT JOIN dossiers n ON n.customer_uid = c.uid WHERE c.uid = $5"
        );
        let now = self.0.environment.now();
        let mut rows = Vec::with_capacity(uids.len());
        for uid in uids {
            let query = bind_sight(sqlx::query(composed(statement.clone())), asker, now).bind(*uid);
            if let Some(row) = query.fetch_optional(&self.0.readers).await? {
                rows.push(customer_row(&row)?);
            }
        }
        Ok(rows)
    }

    /// Customers whose name holds the text, for the `customer:` field; at most `limit`.
    pub async fn customer_uids_named(&self, _asker: &Asker, text: &str, limit: usize) -> Result<Vec<i64>> {
        let position = match self.0.dialect {
            crate::store::sql::Dialect::Sqlite => "instr(name_folded, $1)",
            crate::store::sql::Dialect::Postgres => "strpos(name_folded, $1)",
        };
        let statement = format!(
            "SELECT uid FROM customers c WHERE {position} > 0 OR code_folded = $2 \
             OR EXISTS (SELECT 1 FROM customer_aliases a WHERE a.customer_uid = c.uid AND a.value_folded = $2) \
             ORDER BY uid LIMIT $3"
        );
        let rows = sqlx::query(composed(statement))
            .bind(fold::name(text))
            .bind(fold::code(text))
            .bind(i64::try_from(limit).unwrap_or(1000))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter().map(|row| row.int("uid")).collect()
    }
}

impl System {
    /// The customer with this code or, when there is exactly one, this alias.
    pub async fn customer_by_code(&self, code: &str) -> Result<Option<CustomerKey>> {
        let folded = fold::code(code);
        let rows = sqlx::query(
            "SELECT uid, id, code, name, status FROM customers WHERE code_folded = $1 \
             UNION SELECT c.uid, c.id, c.code, c.name, c.status FROM customers c \
             JOIN customer_aliases a ON a.customer_uid = c.uid WHERE a.value_folded = $1 LIMIT 2",
        )
        .bind(folded)
        .fetch_all(&self.0.readers)
        .await?;
        match rows.as_slice() {
            [row] => customer_key(row).map(Some),
            _ => Ok(None),
        }
    }

    /// Customers whose current parties carry this identifier.
    pub async fn customers_by_identifier(&self, kind: IdentifierKind, value: &str) -> Result<Vec<CustomerKey>> {
        let rows = sqlx::query(
            "SELECT DISTINCT c.uid, c.id, c.code, c.name, c.status FROM party_identifiers i \
             JOIN party_roles r ON r.party_uid = i.party_uid AND r.ends_on = '' JOIN customers c ON c.uid = r.customer_uid \
             WHERE i.value_folded = $1 AND i.kind = $2 ORDER BY c.uid LIMIT 20",
        )
        .bind(fold::code(value))
        .bind(kind.as_str())
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(customer_key).collect()
    }

    /// Customers of exactly this name.
    pub async fn customers_named(&self, name: &str) -> Result<Vec<CustomerKey>> {
        let rows = sqlx::query(
            "SELECT uid, id, code, name, status FROM customers WHERE name_folded = $1 ORDER BY uid LIMIT 20",
        )
        .bind(fold::name(name))
        .fetch_all(&self.0.readers)
        .await?;
        rows.iter().map(customer_key).collect()
    }

    /// Everything the dossier index keeps of a customer.
    pub async fn customers_for_index(&self, uids: &[i64]) -> Result<Vec<Customer>> {
        load_several(&self.0, uids).await
    }

    /// Uids of customers after `after`, in order, for a rebuild.
    pub async fn customer_uids_after(&self, after: i64, limit: usize) -> Result<Vec<i64>> {
        let rows = sqlx::query("SELECT uid FROM customers WHERE uid > $1 ORDER BY uid LIMIT $2")
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.0.readers)
            .await?;
        rows.iter().map(|row| row.int("uid")).collect()
    }
}

fn read_drafts(table: &Table, problems: &mut Vec<LineProblem>) -> Vec<(u64, CustomerDraft)> {
    let mut drafts: Vec<(u64, CustomerDraft)> = Vec::with_capacity(table.rows.len());
    let mut lines_of_codes: HashMap<String, u64> = HashMap::with_capacity(table.rows.len());
    for row in &table.rows {
        match read_draft(row) {
            Ok(draft) => {
                if let Some(former) = lines_of_codes.insert(draft.code.folded().to_owned(), row.line) {
                    problems.push(problem(
                        row.line,
                        "code",
                        draft.code.as_str(),
                        format!("line {former} has the same code"),
                    ));
                } else {
                    drafts.push((row.line, draft));
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    drafts
}

fn problem(line: u64, column: &str, value: &str, reason: impl Into<String>) -> LineProblem {
    LineProblem {
        line,
        column: column.to_owned(),
        value: value.to_owned(),
        reason: reason.into(),
    }
}

fn read_draft(row: &TableRow) -> Result<CustomerDraft, LineProblem> {
    let wrong = |column: &'static str, reason: &str| problem(row.line, column, row.get(column), reason);
    let code = CustomerCode::parse(row.get("code")).map_err(|_| wrong("code", "a code has 1 to 64 characters"))?;
    if row.get("name").is_empty() {
        return Err(wrong("name", "the name is missing"));
    }
    let kind = CustomerKind::parse(row.get("kind"))
        .ok_or_else(|| wrong("kind", "kinds are person 个人 and organisation 企业"))?;
    let status = CustomerStatus::parse(row.get("status"))
        .ok_or_else(|| wrong("status", "states are potential 潜在, active 正常 and historic 历史"))?;
    let many = |column: &str| -> Vec<String> {
        row.get(column)
            .split([';', '；', '、'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let checked = |column: &'static str, kind: IdentifierKind| {
        let value = fold::code(row.get(column));
        if value.is_empty() || kind.is_valid(&value) {
            Ok(value)
        } else {
            Err(wrong(column, kind.what_is_wrong()))
        }
    };
    Ok(CustomerDraft {
        name: fold::storable(row.get("name")),
        kind,
        status,
        grade: row.get("grade").to_owned(),
        region: row.get("region").to_owned(),
        address: row.get("address").to_owned(),
        credit_code: checked("credit_code", IdentifierKind::CreditCode)?,
        id_number: checked("id_number", IdentifierKind::IdNumber)?,
        phones: many("phones"),
        account_numbers: many("account_no"),
        attributes: row.others.clone(),
        code,
    })
}

/// An account number belongs to one customer.
async fn taken_alias(change: &mut Change, line: u64, draft: &CustomerDraft) -> Result<Option<LineProblem>> {
    for number in &draft.account_numbers {
        let row = sqlx::query(
            "SELECT c.code, c.code_folded FROM customer_aliases a JOIN customers c ON c.uid = a.customer_uid \
             WHERE a.kind = 'account_no' AND a.value_folded = $1",
        )
        .bind(fold::code(number))
        .fetch_optional(change.connection())
        .await?;
        if let Some(row) = row
            && row.text("code_folded")? != draft.code.folded()
        {
            let reason = format!("the account number belongs to the customer {}", row.text("code")?);
            return Ok(Some(problem(line, "account_no", number, reason)));
        }
    }
    Ok(None)
}

enum Written {
    Added(i64),
    Changed(i64),
    Unchanged(i64),
}

async fn by_code(change: &mut Change, code_folded: &str) -> Result<Option<AnyRow>> {
    Ok(sqlx::query("SELECT * FROM customers WHERE code_folded = $1")
        .bind(code_folded)
        .fetch_optional(change.connection())
        .await?)
}

async fn write(change: &mut Change, draft: &CustomerDraft) -> Result<Written> {
    let attributes = attributes_json(&draft.attributes);
    let at = change.at.micros();
    let (uid, added, mut written) = match by_code(change, draft.code.folded()).await? {
        None => {
            let id = CustomerId::new(&change.environment);
            let row = sqlx::query(
                "INSERT INTO customers (id, code, code_folded, name, name_folded, kind, status, grade, region, address, \
                 attributes, created_at, changed_at, version) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, 1) RETURNING uid",
            )
            .bind(id.as_str())
            .bind(draft.code.as_str())
            .bind(draft.code.folded())
            .bind(&draft.name)
            .bind(fold::name(&draft.name))
            .bind(draft.kind.as_str())
            .bind(draft.status.as_str())
            .bind(&draft.grade)
            .bind(&draft.region)
            .bind(&draft.address)
            .bind(&attributes)
            .bind(at)
            .fetch_one(change.connection())
            .await?;
            let uid = row.int("uid")?;
            let dossier = DossierId::new(&change.environment);
            sqlx::query("INSERT INTO dossiers (id, customer_uid, opened_at, security_level, sealed, version) VALUES ($1, $2, $3, 0, 0, 1)")
                .bind(dossier.as_str())
                .bind(uid)
                .bind(at)
                .execute(change.connection())
                .await?;
            (uid, true, true)
        }
        Some(row) => {
            let uid = row.int("uid")?;
            let same = row.text("name")? == draft.name
                && row.text("kind")? == draft.kind.as_str()
                && row.text("status")? == draft.status.as_str()
                && row.text("grade")? == draft.grade
                && row.text("region")? == draft.region
                && row.text("address")? == draft.address
                && row.text("attributes")? == attributes;
            if !same {
                sqlx::query(
                    "UPDATE customers SET name = $1, name_folded = $2, kind = $3, status = $4, grade = $5, region = $6, \
                     address = $7, attributes = $8, changed_at = $9, version = version + 1 WHERE uid = $10",
                )
                .bind(&draft.name)
                .bind(fold::name(&draft.name))
                .bind(draft.kind.as_str())
                .bind(draft.status.as_str())
                .bind(&draft.grade)
                .bind(&draft.region)
                .bind(&draft.address)
                .bind(&attributes)
                .bind(at)
                .bind(uid)
                .execute(change.connection())
                .await?;
            }
            (uid, false, !same)
        }
    };
    written |= write_aliases(change, uid, &draft.account_numbers).await?;
    let mut identifiers = Vec::new();
    for (kind, value) in [
        (IdentifierKind::CreditCode, &draft.credit_code),
        (IdentifierKind::IdNumber, &draft.id_number),
    ] {
        if !value.is_empty() {
            identifiers.push((kind, value.clone()));
        }
    }
    identifiers.extend(draft.phones.iter().map(|phone| (IdentifierKind::Phone, phone.clone())));
    let holder = HolderDraft {
        kind: draft.kind.as_str(),
        name: &draft.name,
        identifiers,
    };
    written |= parties::sql::set_holder(change, uid, &holder).await?;
    if written {
        change.touch(Subject::Customer, uid);
    }
    Ok(match (added, written) {
        (true, _) => Written::Added(uid),
        (false, true) => Written::Changed(uid),
        (false, false) => Written::Unchanged(uid),
    })
}

async fn write_aliases(change: &mut Change, uid: i64, numbers: &[String]) -> Result<bool> {
    let mut written = false;
    for number in numbers {
        let outcome = sqlx::query(
            "INSERT INTO customer_aliases (customer_uid, kind, value, value_folded) VALUES ($1, 'account_no', $2, $3) \
             ON CONFLICT (kind, value_folded) DO NOTHING",
        )
        .bind(uid)
        .bind(number)
        .bind(fold::code(number))
        .execute(change.connection())
        .await?;
        written |= outcome.rows_affected() > 0;
    }
    Ok(written)
}

fn attributes_json(attributes: &[(String, String)]) -> String {
    serde_json::Value::from_iter(attributes.iter().cloned()).to_string()
}

pub(crate) fn attributes_from(table: &'static str, text: &str) -> Result<Vec<(String, String)>> {
    let value: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(text).map_err(|cause| Error::Inconsistent {
            table,
            column: "attributes".to_owned(),
            detail: cause.to_string(),
        })?;
    Ok(value
        .into_iter()
        .map(|(name, value)| (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect())
}

/// The uid behind an id, code, alias or dossier number.
pub(crate) async fn find_uid(store: &Store, key: &str) -> Result<Option<i64>> {
    let row = sqlx::query(
        "SELECT uid, 0 AS tier FROM customers WHERE id = $1 UNION ALL SELECT uid, 1 AS tier FROM customers WHERE code_folded = $2 \
         UNION ALL SELECT customer_uid AS uid, 2 AS tier FROM customer_aliases WHERE value_folded = $2 \
         UNION ALL SELECT customer_uid AS uid, 3 AS tier FROM dossiers WHERE number_folded = $2 OR id = $1 \
         ORDER BY tier, uid LIMIT 1",
    )
    .bind(key.trim().to_lowercase())
    .bind(fold::code(key))
    .fetch_optional(&store.readers)
    .await?;
    row.map(|row| row.int("uid")).transpose()
}

async fn load(store: &Store, asker: &Asker, uid: i64) -> Result<Customer> {
    let mut customer = load_unmasked(store, uid).await?;
    for (kind, value) in customer.parties.iter_mut().flat_map(|party| &mut party.identifiers) {
        *value = IdentifierKind::parse(kind).map_or_else(|| parties::mask_number(value), |kind| kind.masked(value));
    }
    if !asker.sees_personal_numbers() {
        // Nobody knows what an archive keeps in columns of its own.
        for (_, value) in &mut customer.attributes {
            *value = privacy::mask_personal_numbers(value);
        }
    }
    Ok(customer)
}

async fn load_unmasked(store: &Store, uid: i64) -> Result<Customer> {
    let found = load_several(store, &[uid]).await?.pop();
    found.ok_or_else(|| Error::Absent {
        what: "customer",
        id: uid.to_string(),
    })
}

/// Those of the customers that exist, by uid, with everything that is known of them.
async fn load_several(store: &Store, uids: &[i64]) -> Result<Vec<Customer>> {
    let mut customers = Vec::with_capacity(uids.len());
    for chunk in uids.chunks(LISTED_AT_ONCE) {
        let rows = listed(
            store,
            "SELECT c.uid, c.id, c.code, c.name, c.kind, c.status, c.grade, c.region, c.address, c.attributes, c.created_at, \
             c.version, o.id AS dossier_id, coalesce(o.number, '') AS dossier_no, o.checklist \
             FROM customers c JOIN dossiers o ON o.customer_uid = c.uid WHERE c.uid IN",
            "ORDER BY c.uid",
            chunk,
        );
        let rows = rows.await?;
        let mut aliases: HashMap<i64, Vec<(String, String)>> = HashMap::new();
        let statement = "SELECT customer_uid, kind, value FROM customer_aliases WHERE customer_uid IN";
        for row in listed(store, statement, "ORDER BY uid", chunk).await? {
            let of = aliases.entry(row.int("customer_uid")?).or_default();
            of.push((row.text("kind")?, row.text("value")?));
        }
        let mut parties = parties_of(store, chunk).await?;
        for row in &rows {
            let uid = row.int("uid")?;
            customers.push(Customer {
                uid,
                id: CustomerId::parse(&row.text("id")?)?,
                code: row.text("code")?,
                name: row.text("name")?,
                kind: row.text("kind")?,
                status: word("customers", "status", &row.text("status")?, CustomerStatus::parse)?,
                grade: row.text("grade")?,
                region: row.text("region")?,
                address: row.text("address")?,
                attributes: attributes_from("customers", &row.text("attributes")?)?,
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
    let mut uids: Vec<i64> = roles.iter().map(|role| role.int("uid")).collect::<Result<_>>()?;
    uids.sort_unstable();
    uids.dedup();
    let mut identifiers: HashMap<i64, Vec<(String, String)>> = HashMap::new();
    for chunk in uids.chunks(LISTED_AT_ONCE) {
        let statement = "SELECT party_uid, kind, value FROM party_identifiers WHERE party_uid IN";
        for row in listed(store, statement, "ORDER BY uid", chunk).await? {
            let of = identifiers.entry(row.int("party_uid")?).or_default();
            of.push((row.text("kind")?, row.text("value")?));
        }
    }
    let mut parties: HashMap<i64, Vec<CustomerParty>> = HashMap::new();
    for role in &roles {
        let of = parties.entry(role.int("customer_uid")?).or_default();
        of.push(CustomerParty {
            party_id: role.text("id")?,
            name: role.text("name")?,
            kind: role.text("kind")?,
            role: role.text("role")?,
            begins_on: role.text("begins_on")?,
            ends_on: role.text("ends_on")?,
            identifiers: identifiers.get(&role.int("uid")?).cloned().unwrap_or_default(),
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

fn customer_row(row: &AnyRow) -> Result<CustomerRow> {
    Ok(CustomerRow {
        uid: row.int("uid")?,
        id: CustomerId::parse(&row.text("id")?)?,
        code: row.text("code")?,
        name: row.text("name")?,
        kind: row.text("kind")?,
        status: word("customers", "status", &row.text("status")?, CustomerStatus::parse)?,
        dossier_no: row.text("dossier_no")?,
        documents: row.int("documents")?,
    })
}

pub(crate) fn customer_key(row: &AnyRow) -> Result<CustomerKey> {
    Ok(CustomerKey {
        uid: row.int("uid")?,
        id: CustomerId::parse(&row.text("id")?)?,
        code: row.text("code")?,
        name: row.text("name")?,
        status: word("customers", "status", &row.text("status")?, CustomerStatus::parse)?,
    })
}
