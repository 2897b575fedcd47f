//! The registers: customers, places, kinds of documents, checklists.

use super::{ListMaker, ListRows};
use crate::http::error::Result;
use records::{customers::CustomerFilter, kinds::KindFlags};
use vocabulary::KindFlag;

pub(super) async fn customers(maker: &ListMaker<'_>) -> Result<ListRows> {
    let t = maker.t;
    let filter = CustomerFilter {
        limit: maker.rows_max,
        ..CustomerFilter::default()
    };
    let rows = maker.archive.customers(maker.asker, &filter).await?;
    let rows = rows.into_iter().map(|row| {
        vec![
            row.code.into(),
            row.name.into(),
            t.word("customer-kind", row.kind.as_str()).into(),
            row.dossier_no.into(),
            row.documents.into(),
            t.word("status", row.status.as_str()).into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("customer-code", 1.2, false),
            ("customer-name", 3.0, false),
            ("customer-kind", 1.0, false),
            ("dossier-no", 1.2, false),
            ("documents", 0.7, true),
            ("status", 0.8, false),
        ],
        rows: rows.collect(),
    })
}

pub(super) async fn locations(maker: &ListMaker<'_>) -> Result<ListRows> {
    let rows = maker.archive.locations(maker.asker, "", maker.rows_max).await?;
    let rows = rows.into_iter().map(|place| {
        vec![
            place.code.into(),
            place.name.into(),
            place.kind.name(maker.t.0).into(),
            place.capacity.into(),
            place.keeper.into(),
            place.owner.into(),
            maker.level(place.security_level_max),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("place", 1.6, false),
            ("list-name", 2.0, false),
            ("kind", 0.8, false),
            ("list-capacity", 0.7, true),
            ("list-keeper", 1.0, false),
            ("list-owner", 1.0, false),
            ("list-level-max", 0.9, false),
        ],
        rows: rows.collect(),
    })
}

pub(super) async fn kinds(maker: &ListMaker<'_>) -> Result<ListRows> {
    let kinds = maker.archive.kinds(maker.asker).await?;
    let rows = kinds.all().iter().map(|kind| {
        vec![
            kind.code.as_str().into(),
            kind.group.name(maker.t.0).into(),
            kind.name_zh.as_str().into(),
            kind.name_en.as_str().into(),
            kind.title_patterns.join("；").into(),
            flags(maker, kind.flags).into(),
            maker.level(kind.security_level),
            kind.retention_class.as_str().into(),
            in_use(maker, kind.active).into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("kind-code", 1.6, false),
            ("kind-group", 1.0, false),
            ("kind-name-zh", 1.6, false),
            ("kind-name-en", 2.0, false),
            ("kind-titles", 2.4, false),
            ("kind-flags", 1.8, false),
            ("fact-security", 0.8, false),
            ("kind-retention", 0.8, false),
            ("status", 0.6, false),
        ],
        rows: rows.collect(),
    })
}

fn flags(maker: &ListMaker<'_>, flags: KindFlags) -> String {
    let set = KindFlag::ALL.into_iter().filter(|flag| flags.has(*flag));
    set.map(|flag| flag.name(maker.t.0)).collect::<Vec<_>>().join("；")
}

fn in_use(maker: &ListMaker<'_>, active: bool) -> String {
    maker.t.say(match active {
        true => "checklist-active",
        false => "checklist-retired",
    })
}

pub(super) async fn checklists(maker: &ListMaker<'_>) -> Result<ListRows> {
    let t = maker.t;
    let lists = maker.archive.checklists(maker.asker).await?;
    let kinds = maker.archive.kinds(maker.asker).await?;
    let rows = lists.all().iter().map(|list| {
        let names = list
            .kind_codes
            .iter()
            .map(|code| services::kind_name(&kinds, code, t.lang()));
        let customers = match list.customer_kind {
            None => t.say("checklist-for-any"),
            Some(kind) => t.word("checklist-for", kind.as_str()),
        };
        vec![
            list.code.as_str().into(),
            list.name_zh.as_str().into(),
            list.name_en.as_str().into(),
            customers.into(),
            names.collect::<Vec<_>>().join("；").into(),
            in_use(maker, list.active).into(),
        ]
    });
    Ok(ListRows {
        headings: &[
            ("kind-code", 1.2, false),
            ("kind-name-zh", 1.6, false),
            ("kind-name-en", 1.8, false),
            ("checklist-for", 0.8, false),
            ("list-column-kinds", 5.0, false),
            ("status", 0.6, false),
        ],
        rows: rows.collect(),
    })
}
