//! Lending on paper: the register of a period, one slip, what is to be fetched.

use super::{ListMaker, ListRows, MadeList};
use crate::{http::error::Result, lists::ListAs};
use print::{Cell, Column, PrintedTable};
use records::loans::{Loan, LoanLine};
use vocabulary::RecordList;

/// A form of lending: its rows under what stands above them.
pub(super) struct LendingForm {
    pub list: RecordList,
    pub title: String,
    pub facts: Vec<(String, String)>,
    pub rows: ListRows,
    /// Lines have a box to tick.
    pub ticked: bool,
}

impl ListMaker<'_> {
    /// The form with the lines on which people sign.
    pub(super) async fn lending(
        &self,
        form: LendingForm,
        about: &str,
        signatures: &str,
        format: ListAs,
    ) -> Result<MadeList> {
        let LendingForm {
            list,
            title,
            facts,
            rows,
            ticked,
        } = form;
        let mut table: PrintedTable = self.table(title, rows);
        if ticked {
            table.columns.insert(0, Column::tick("", 0.4));
        }
        if format == ListAs::Pdf || list == RecordList::Slip {
            table.facts = facts;
        }
        table.closing = self.t.say(signatures);
        let name = match about {
            "" => list.as_str().to_owned(),
            about => format!("{}:{about}", list.as_str()),
        };
        self.finished(&name, table, format).await
    }
}

fn named(line: &LoanLine) -> Cell {
    match line.title.as_str() {
        "" => line.document_id.to_string().into(),
        title => title.into(),
    }
}

/// A period is two days with `..` between them (`2026-03-01..2026-03-31`); either may be left out, and both.
pub(super) async fn register(maker: &ListMaker<'_>, period: &str) -> Result<LendingForm> {
    let (from, to) = period.split_once("..").unwrap_or((period, period));
    let loans = services::loans::lent_in(maker.archive, maker.asker, from, to).await?;
    let mut rows = Vec::new();
    for loan in &loans {
        rows.extend(loan.lines.iter().map(|line| register_row(maker, loan, line)));
    }
    let facts = match period.trim() {
        "" => Vec::new(),
        period => vec![(maker.t.say("list-loan-lent"), period.replace("..", " – "))],
    };
    Ok(LendingForm {
        list: RecordList::Loans,
        title: RecordList::Loans.name(maker.t.0).to_owned(),
        facts,
        rows: ListRows {
            headings: &[
                ("loan-no", 1.2, false),
                ("loan-things", 2.4, false),
                ("number", 1.3, false),
                ("loan-copies", 0.5, true),
                ("loan-borrower", 0.9, false),
                ("loan-department", 0.9, false),
                ("loan-purpose", 1.5, false),
                ("list-loan-lent", 1.2, false),
                ("loan-due", 1.0, false),
                ("list-loan-returned", 1.2, false),
                ("list-loan-received", 0.9, false),
                ("list-loan-pages-back", 0.7, false),
            ],
            rows,
        },
        ticked: false,
    })
}

fn register_row(maker: &ListMaker<'_>, loan: &Loan, line: &LoanLine) -> Vec<Cell> {
    let back = line.pages_returned.map(|back| format!("{back}/{}", line.pages));
    vec![
        loan.no.clone().into(),
        named(line),
        line.number.clone().into(),
        loan.copies.into(),
        loan.borrower.clone().into(),
        loan.department.clone().into(),
        loan.purpose.clone().into(),
        maker.local_or_nothing(line.issued_at.or(loan.issued_at)),
        loan.due_on.clone().into(),
        maker.local_or_nothing(line.returned_at),
        line.received_by.clone().into(),
        back.unwrap_or_default().into(),
    ]
}

/// One slip, to sign.
pub(super) async fn slip(maker: &ListMaker<'_>, no: &str) -> Result<(String, LendingForm)> {
    let t = maker.t;
    let loan = maker.archive.loan(maker.asker, no).await?;
    let rows = loan.lines.iter().map(|line| {
        vec![
            line.line.into(),
            named(line),
            line.number.clone().into(),
            line.customer_name.clone().into(),
            line.place.clone().into(),
            line.pages.into(),
            loan.copies.into(),
            maker.local_or_nothing(line.returned_at),
        ]
    });
    let rows = ListRows {
        headings: &[
            ("order", 0.5, true),
            ("loan-things", 2.6, false),
            ("number", 1.4, false),
            ("customer", 1.8, false),
            ("loan-place", 1.4, false),
            ("pages", 0.6, true),
            ("loan-copies", 0.6, true),
            ("list-loan-returned", 1.2, false),
        ],
        rows: rows.collect(),
    };
    let facts = [
        ("loan-borrower", loan.borrower.clone()),
        ("loan-department", loan.department.clone()),
        ("loan-purpose", loan.purpose.clone()),
        ("loan-class", loan.class.name(t.0).to_owned()),
        ("loan-use", loan.place_of_use.name(t.0).to_owned()),
        (
            "loan-issued",
            loan.issued_at.map(|at| maker.local(at)).unwrap_or_default(),
        ),
        ("loan-due", loan.due_on.clone()),
    ];
    let form = LendingForm {
        list: RecordList::Slip,
        title: t.with("slip-title", "no", &loan.no),
        facts: facts.map(|(key, value)| (t.say(key), value)).into(),
        rows,
        ticked: false,
    };
    Ok((loan.no, form))
}

/// What is to be fetched, in walking order; on paper each line has a box to tick.
pub(super) async fn picking(maker: &ListMaker<'_>) -> Result<LendingForm> {
    let found = maker.archive.loans_to_fetch(maker.asker).await?;
    let rows = found.into_iter().zip(1_i64..).map(|(row, number)| {
        vec![
            Cell::Empty,
            number.into(),
            row.location_code.into(),
            row.container.into(),
            row.number.into(),
            match row.title.as_str() {
                "" => row.document_id.to_string().into(),
                title => title.into(),
            },
            row.date.into(),
            row.customer_name.into(),
            row.pages.into(),
            row.loan_no.into(),
            row.borrower.into(),
            Cell::Empty,
        ]
    });
    Ok(LendingForm {
        list: RecordList::Picking,
        title: RecordList::Picking.name(maker.t.0).to_owned(),
        facts: Vec::new(),
        rows: ListRows {
            headings: &[
                ("order", 0.5, true),
                ("place", 1.5, false),
                ("container", 0.9, false),
                ("number", 1.3, false),
                ("loan-things", 2.4, false),
                ("date", 1.0, false),
                ("customer", 1.8, false),
                ("pages", 0.6, true),
                ("loan-no", 1.2, false),
                ("loan-borrower", 0.9, false),
                ("list-loan-sign", 1.2, false),
            ],
            rows: rows.collect(),
        },
        ticked: true,
    })
}
