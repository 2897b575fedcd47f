//! What the commands of lending say.

use super::{LoanAskArgs, LoanReturnArgs};
use crate::{
    command_line::Listed,
    commands::placements::local,
    heading::Heading,
    house::House,
    language::said,
    listed::word,
    output::{print, print_json, print_table},
};
use anyhow::Result;
use api_types::{
    lent::{self, IncidentJson, LoanRegisterRowJson, PickRowJson},
    loans::{self as shapes, LoanJson},
};
use records::loans::{Loan, LoanDraft, LoanFilter, ReturnDraft};
use vocabulary::{IncidentKind, LoanList, LoanState};

pub(super) async fn list(
    house: &House,
    state: Option<LoanList>,
    borrower: String,
    listed: &Listed,
    json: bool,
) -> Result<()> {
    let filter = LoanFilter {
        list: state,
        borrower,
        ..LoanFilter::default()
    };
    let rows = services::loans::list(&house.archive, &house.asker, &filter).await?;
    let loans = shapes::loans(rows, listed.mark()?.unwrap_or(0), listed.most());
    match json {
        true => print_json(&loans),
        false => table(&loans.rows),
    }
}

fn table(loans: &[LoanJson]) -> Result<()> {
    let header = [
        Heading::Loan,
        Heading::State,
        Heading::Borrower,
        Heading::Documents,
        Heading::Title,
        Heading::Due,
        Heading::DaysLate,
    ];
    let rows: Vec<_> = loans.iter().map(row).collect();
    print_table(&header, &rows)
}

fn row(loan: &LoanJson) -> Vec<String> {
    let titles: Vec<&str> = loan.things.iter().map(|thing| thing.title.as_str()).collect();
    vec![
        loan.no.clone(),
        word::<LoanState>(&loan.state),
        loan.borrower.clone(),
        loan.things.len().to_string(),
        titles.join("; "),
        loan.due_on.clone(),
        match loan.overdue {
            true => loan.days_late.to_string(),
            false => String::new(),
        },
    ]
}

pub(super) async fn ask(house: &House, words: LoanAskArgs) -> Result<()> {
    let draft = LoanDraft {
        things: words.things,
        borrower: words.borrower,
        department: words.department,
        purpose: words.purpose,
        copies: words.copies,
        until: words.until,
        class: words.class,
        place_of_use: words.place_of_use,
        is_signed: !words.unsigned,
        at_once: !words.unsigned,
    };
    let loan = house.archive.loan_ask(&house.asker, &draft).await?;
    tell(house, loan, words.json).await
}

pub(super) async fn give_back(house: &House, words: LoanReturnArgs) -> Result<()> {
    let draft = ReturnDraft {
        things: words.things,
        pages: words.pages,
        condition: words.condition,
        received_by: words.received_by,
        note: String::new(),
    };
    let loan = house.archive.loan_return(&house.asker, &words.loan, &draft).await?;
    tell(house, loan, words.json).await
}

/// One slip: who has what until when, and what becomes of each paper.
pub(super) async fn tell(house: &House, loan: Loan, json: bool) -> Result<()> {
    let loan = shapes::loan(loan);
    if json {
        return print_json(&loan);
    }
    let (no, state, borrower) = (&loan.no, word::<LoanState>(&loan.state), &loan.borrower);
    let due = &loan.due_on;
    print(&said!(
        "{no}: {state}, {borrower}, due {due}\n",
        "{no}：{state}，借阅人 {borrower}，{due} 前归还\n"
    ))?;
    let zone = house.zone().await?;
    let header = [
        Heading::Document,
        Heading::Title,
        Heading::Place,
        Heading::Pages,
        Heading::ReturnedAt,
        Heading::Original,
    ];
    let rows: Vec<_> = loan
        .things
        .iter()
        .map(|thing| {
            vec![
                thing.document_id.clone(),
                thing.title.clone(),
                thing.place.clone(),
                thing.pages.to_string(),
                thing
                    .returned_at
                    .as_deref()
                    .map_or_else(String::new, |at| local(at, &zone)),
                word::<vocabulary::OriginalState>(&thing.original_state),
            ]
        })
        .collect();
    print_table(&header, &rows)
}

pub(super) async fn register(house: &House, from: &str, to: &str, json: bool) -> Result<()> {
    let register = services::loans::register(&house.archive, &house.asker, from, to).await?;
    if json {
        return print_json(&register);
    }
    let zone = house.zone().await?;
    let header = [
        Heading::Loan,
        Heading::Borrower,
        Heading::Title,
        Heading::Since,
        Heading::Due,
        Heading::ReturnedAt,
        Heading::By,
    ];
    let row = |row: &LoanRegisterRowJson| {
        vec![
            row.no.clone(),
            row.borrower.clone(),
            row.title.clone(),
            local(&row.lent_at, &zone),
            local(&row.due_at, &zone),
            row.returned_at
                .as_deref()
                .map_or_else(String::new, |at| local(at, &zone)),
            row.received_by.clone(),
        ]
    };
    print_table(&header, &register.rows.iter().map(row).collect::<Vec<_>>())
}

pub(super) async fn fetch(house: &House, json: bool) -> Result<()> {
    let rows = house.archive.loans_to_fetch(&house.asker).await?;
    let list = lent::pick_list(rows);
    if json {
        return print_json(&list);
    }
    let header = [
        Heading::Sequence,
        Heading::Place,
        Heading::Container,
        Heading::Number,
        Heading::Title,
        Heading::Date,
        Heading::Pages,
        Heading::Loan,
        Heading::Borrower,
    ];
    let row = |row: &PickRowJson| {
        vec![
            row.n.to_string(),
            row.location_code.clone(),
            row.container.clone(),
            row.number.clone(),
            row.title.clone(),
            row.date.clone(),
            row.pages.to_string(),
            row.loan_no.clone(),
            row.borrower.clone(),
        ]
    };
    print_table(&header, &list.rows.iter().map(row).collect::<Vec<_>>())
}

pub(super) async fn incidents(house: &House, open: bool, json: bool) -> Result<()> {
    const MOST: usize = 1_000;
    let rows = house.archive.incidents(&house.asker, open, "", MOST).await?;
    let list = lent::incidents(rows);
    match json {
        true => print_json(&list),
        false => incident_table(house, &list.rows).await,
    }
}

async fn incident_table(house: &House, rows: &[IncidentJson]) -> Result<()> {
    let zone = house.zone().await?;
    let header = [
        Heading::Id,
        Heading::Kind,
        Heading::Borrower,
        Heading::Title,
        Heading::Pages,
        Heading::At,
        Heading::Outcome,
    ];
    let row = |row: &IncidentJson| {
        vec![
            row.id.clone(),
            word::<IncidentKind>(&row.kind),
            row.borrower.clone(),
            row.title.clone(),
            format!("{}/{}", row.pages_found, row.pages_expected),
            local(&row.opened_at, &zone),
            row.resolution.clone(),
        ]
    };
    print_table(&header, &rows.iter().map(row).collect::<Vec<_>>())
}

pub(super) async fn leaver(house: &House, borrower: &str, json: bool) -> Result<()> {
    let leaver = services::loans::leaver(&house.archive, &house.asker, borrower).await?;
    if json {
        return print_json(&leaver);
    }
    if leaver.clear {
        let name = &leaver.borrower;
        return print(&said!(
            "{name} has nothing and nothing is open\n",
            "{name} 没有未还的材料，也没有未处理的异常\n"
        ));
    }
    table(&leaver.loans)?;
    incident_table(house, &leaver.incidents).await
}
