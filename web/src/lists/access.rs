//! Who may see what: seals, grants, accounts.

use super::{ListMaker, ListRows};
use crate::{http::error::Result, screens::users};
use records::permission::grants::{GrantFilter, GrantedThing};

pub(super) async fn sealed(maker: &ListMaker<'_>) -> Result<ListRows> {
    let t = maker.t;
    let rows = maker.archive.sealed(maker.asker, maker.rows_max).await?;
    let kinds = maker.archive.kinds(maker.asker).await?;
    let rows = rows.into_iter().map(|row| {
        let shown_to = row.shown_to.iter().map(|(name, _)| name.as_str());
        vec![
            t.word("sealed-thing", row.thing.as_str()).into(),
            row.id.into(),
            row.customer_code.into(),
            row.title.into(),
            row.number.into(),
            services::kind_name(&kinds, &row.kind, t.lang()).into(),
            row.date.into(),
            row.reason.into(),
            row.sealed_by.into(),
            maker.local_or_nothing(row.sealed_at),
            row.until.into(),
            shown_to.collect::<Vec<_>>().join("、").into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("sealed-thing", 0.7, false),
            ("fact-id", 2.0, false),
            ("customer-code", 1.0, false),
            ("document", 2.2, false),
            ("number", 1.2, false),
            ("kind", 0.9, false),
            ("date", 0.9, false),
            ("list-reason", 1.6, false),
            ("list-by", 0.9, false),
            ("list-at", 1.1, false),
            ("list-until", 0.9, false),
            ("list-shown-to", 1.2, false),
        ],
        rows: rows.collect(),
    })
}

pub(super) async fn grants(maker: &ListMaker<'_>) -> Result<ListRows> {
    let t = maker.t;
    let rows = maker
        .archive
        .grants(maker.asker, &GrantFilter::default(), maker.rows_max)
        .await?;
    let rows = rows.into_iter().map(|grant| {
        let phase = t.word("grant-phase", grant.phase(maker.now).as_str());
        let (kind, key) = match grant.thing {
            GrantedThing::Document(id) => ("grant-document", id.to_string()),
            GrantedThing::Dossier { customer_code, .. } => ("grant-dossier", customer_code),
        };
        vec![
            grant.user_name.into(),
            grant.user_display_name.into(),
            t.say(kind).into(),
            key.into(),
            grant.title.into(),
            grant.purpose.into(),
            maker.local(grant.from).into(),
            maker.local(grant.until).into(),
            phase.into(),
            grant.proposed_by.into(),
            grant.confirmed_by.into(),
            grant.closed_by.into(),
            grant.closed_reason.into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("grant-user", 0.9, false),
            ("grant-who", 1.0, false),
            ("grant-what", 0.8, false),
            ("list-key", 1.6, false),
            ("document", 1.8, false),
            ("grant-why", 1.6, false),
            ("list-from", 1.1, false),
            ("list-until", 1.1, false),
            ("grant-state", 0.9, false),
            ("list-proposed-by", 0.9, false),
            ("list-confirmed-by", 0.9, false),
            ("list-closed-by", 0.9, false),
            ("list-reason", 1.2, false),
        ],
        rows: rows.collect(),
    })
}

pub(super) async fn users(maker: &ListMaker<'_>) -> Result<ListRows> {
    let t = maker.t;
    let rows = maker.archive.users(maker.asker).await?;
    let rows = rows.into_iter().map(|user| {
        let roles: Vec<_> = user.roles.iter().map(|role| t.word("role", role.as_str())).collect();
        let state = users::status(t, &user);
        vec![
            user.name.into(),
            user.display_name.into(),
            roles.join(&t.say("list-separator")).into(),
            maker.level(user.clearance),
            user.department.into(),
            user.site.into(),
            state.label.into(),
            maker.local(user.created_at).into(),
            maker.local_or_nothing(user.last_sign_in_at),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("user-name", 1.0, false),
            ("display-name", 1.2, false),
            ("roles", 1.8, false),
            ("clearance", 0.9, false),
            ("user-department", 1.0, false),
            ("user-site", 0.9, false),
            ("status", 0.7, false),
            ("list-created", 1.2, false),
            ("user-last-sign-in", 1.2, false),
        ],
        rows: rows.collect(),
    })
}
