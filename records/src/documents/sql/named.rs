//! Further customers of a document in the database.

use super::{
    correct::hold,
    read::{ROW, document_row, listing, with_places},
};
use crate::{
    Archive, Asker, Error, Field, RefusedBecause, Result, Role, Thing,
    changes::ChangeSubject,
    customers::sql::find_uid,
    documents::{DocumentRow, NAMED_MAX, recorded::DOCUMENT_CUSTOMERS},
    fold,
    ids::DocumentId,
    parties,
    store::{
        EventDraft,
        sql::{Change, Columns},
    },
};
use vocabulary::both;
use vocabulary::{AuditAction, AuditObject};

impl Archive {
    /// Says that a document names a further customer.
    ///
    /// # Errors
    /// [`Error::Exists`] when it names the customer so already, or lies in the customer's dossier.
    pub async fn document_customer_add(
        &self,
        asker: &Asker,
        id: &DocumentId,
        version: i64,
        customer: &str,
        role: &parties::PartyRoleKind,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let role = checked_role(role)?;
        let customer_uid = self.named_uid(customer).await?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let before = sqlx::query(
            "SELECT (SELECT CAST(count(*) AS BIGINT) FROM document_customers WHERE document_uid = $1) AS named, \
             (SELECT CAST(count(*) AS BIGINT) FROM document_customers WHERE document_uid = $1 AND customer_uid = $2 AND role = $3) AS same, \
             (SELECT CAST(count(*) AS BIGINT) FROM documents d JOIN dossiers o ON o.uid = d.dossier_uid \
             WHERE d.uid = $1 AND o.customer_uid = $2) AS own, (SELECT code FROM customers WHERE uid = $2) AS code",
        )
        .bind(held.uid)
        .bind(customer_uid)
        .bind(&role)
        .fetch_one(change.connection())
        .await?;
        let before = before.of("customers");
        let code = before.text("code")?;
        if before.int("own")? > 0 || before.int("same")? > 0 {
            return Err(Error::Exists {
                what: Thing::NamedCustomer,
                id: code,
            });
        }
        if usize::try_from(before.int("named")?).unwrap_or(usize::MAX) >= NAMED_MAX {
            return Err(RefusedBecause::TooManyNamed { most: NAMED_MAX }.into());
        }
        change
            .insert(&DOCUMENT_CUSTOMERS)
            .set("document_uid", held.uid)
            .set("customer_uid", customer_uid)
            .set("role", &role)
            .run()
            .await?;
        named_changed(change, id, held.uid, AuditAction::DocumentCustomerAdded, &code, &role).await
    }

    /// Takes a further customer off a document.
    pub async fn document_customer_remove(
        &self,
        asker: &Asker,
        id: &DocumentId,
        version: i64,
        customer: &str,
        role: &parties::PartyRoleKind,
    ) -> Result<()> {
        asker.require_writing(Role::Archivist)?;
        let role = checked_role(role)?;
        let customer_uid = self.named_uid(customer).await?;
        let mut change = self.0.change(asker.name()).await?;
        let held = hold(&mut change, asker, id, version).await?;
        let row = [
            ("document_uid", held.uid.into()),
            ("customer_uid", customer_uid.into()),
            ("role", role.as_str().into()),
        ];
        if change.delete_where(&DOCUMENT_CUSTOMERS, &row).await? != 1 {
            return Err(Error::Absent {
                what: Thing::NamedCustomer,
                id: customer.to_owned(),
            });
        }
        named_changed(
            change,
            id,
            held.uid,
            AuditAction::DocumentCustomerRemoved,
            customer,
            &role,
        )
        .await
    }

    /// Documents in the dossiers of others that name a customer, with what the customer is on each.
    pub async fn documents_naming(
        &self,
        asker: &Asker,
        customer: &str,
    ) -> Result<Vec<(DocumentRow, parties::PartyRoleKind)>> {
        let Some(customer_uid) = find_uid(&self.0, customer).await? else {
            return Ok(Vec::new());
        };
        let rows = listing(asker, self.0.environment.now())
            .columns(format!("{ROW}, n.role AS named_as"))
            .join("JOIN document_customers n ON n.document_uid = d.uid")
            .and(
                "n.customer_uid = ? AND coalesce(o.customer_uid, 0) <> ?",
                [customer_uid.into(), customer_uid.into()],
            )
            .then("ORDER BY d.date_key, d.uid, n.role", [])
            .all(&self.0.readers)
            .await?;
        let mut documents = Vec::with_capacity(rows.len());
        let mut roles = Vec::with_capacity(rows.len());
        for row in &rows {
            documents.push(document_row(row)?.shown_to(asker));
            roles.push(parties::PartyRoleKind::parse(
                &row.of("document_customers").text("named_as")?,
            ));
        }
        Ok(with_places(&self.0, documents).await?.into_iter().zip(roles).collect())
    }

    async fn named_uid(&self, customer: &str) -> Result<i64> {
        find_uid(&self.0, customer).await?.ok_or_else(|| Error::Absent {
            what: Thing::Customer,
            id: customer.to_owned(),
        })
    }
}

/// A role is a word in one line.
fn checked_role(role: &parties::PartyRoleKind) -> Result<String> {
    let word: String = fold::storable(role.as_str())
        .chars()
        .filter(|c| !c.is_control())
        .collect();
    match word.chars().count() {
        1..=32 => Ok(word),
        _ => Err(Error::invalid(
            Field::PartyRole,
            role.as_str(),
            both!(
                "say in 1 to 32 characters what the customer is on this paper, such as guarantor",
                "请用 1 到 32 个字符写明客户在这份文件上的身份，如 guarantor"
            ),
        )),
    }
}

async fn named_changed(
    mut change: Change,
    id: &DocumentId,
    uid: i64,
    action: AuditAction,
    customer: &str,
    role: &str,
) -> Result<()> {
    change.touch(ChangeSubject::Document, uid);
    change.event(
        EventDraft::new(action, AuditObject::Document, id.as_str()).detail(format!("customer={customer} role={role}")),
    );
    change.commit().await
}
