//! The register, and a search in it that finds nobody.

use super::{CustomerListRow, CustomersView};
use crate::{
    screens::{
        parts::Badge,
        sample::{LONG_NAME, shell},
    },
    subject::Sample,
    text::Text,
};

pub fn samples(t: Text) -> Vec<Sample> {
    let customer_row = |n: usize| CustomerListRow {
        url: "customer.html".into(),
        code: format!("C{n:05}"),
        name: if n == 4 {
            LONG_NAME.into()
        } else {
            "深圳华宸智汇信息技术有限公司".into()
        },
        kind: t.word("customer-kind", "organisation"),
        dossier_no: format!("鸿借字第{n:03}号"),
        documents: (n * 37 % 200) as u64,
        status: Badge {
            tone: if n % 7 == 3 { "" } else { "good" },
            label: t.word("status", if n % 7 == 3 { "historic" } else { "active" }),
        },
    };
    let customers = |filter: &str, rows| CustomersView {
        exports: crate::screens::lists::exports(t, vocabulary::RecordList::Customers),
        t,
        shell: shell(t, "customers"),
        filter: filter.into(),
        works: true,
        total: t.n("customers-total", 133_000_u64),
        rows,
        next_window: None,
    };
    vec![
        Sample::of("customers", &customers("", (1..31).map(customer_row).collect())),
        Sample::of("customers-none", &customers("zzq", vec![])),
    ]
}
