//! What is lent in the sample archive: one paper that is out, one that is overdue, and a slip that waits for approval.

use crate::{house::House, settings::Settings, world};
use anyhow::Result;
use api_types::batches::IngestJson;
use records::{
    loans::{LoanClass, LoanDraft, LoanUse},
    settings::SettingName,
};

/// Days since the overdue one was lent; longer than any closed days make a term.
const LENT_DAYS_AGO: i64 = 8;

/// Who has what, and why: the overdue one, the one that is out, the one that waits.
const BORROWERS: &str = include_str!("../../demo/loans.csv");

/// Lends papers of the sample that lie in their place.
///
/// # Errors
/// When the record does not answer.
pub async fn lend(settings: &Settings, house: &House, report: &IngestJson) -> Result<()> {
    let shelved = report
        .items
        .iter()
        .filter(|item| item.outcome == "filed" && !item.location_code.is_empty());
    let mut things: Vec<&str> = shelved.filter_map(|item| item.document_id.as_deref()).collect();
    // The pages of one document are several files.
    things.dedup();
    things.truncate(3);
    let borrowers: Vec<Vec<&str>> = BORROWERS
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    let ([late, out, asked], [overdue, borrowed, wanted]) = (things.as_slice(), borrowers.as_slice()) else {
        return Ok(());
    };
    let past = settings.store()?.open_existing(world::days_ago(LENT_DAYS_AGO)).await?;
    past.archive.loan_ask(&house.asker, &slip(late, overdue, true)).await?;
    past.system.close().await;
    house.archive.loan_ask(&house.asker, &slip(out, borrowed, true)).await?;
    let one_signs = [(SettingName::LoanSteps, "1".to_owned())];
    house.archive.settings_change(&house.asker, &one_signs, None).await?;
    house
        .archive
        .loan_ask(&house.asker, &slip(asked, wanted, false))
        .await?;
    Ok(())
}

fn slip(thing: &str, borrower: &[&str], at_once: bool) -> LoanDraft {
    let said = |at: usize| borrower.get(at).copied().unwrap_or_default().to_owned();
    LoanDraft {
        things: vec![thing.to_owned()],
        borrower: said(0),
        department: said(1),
        purpose: said(2),
        copies: 1,
        until: String::new(),
        class: LoanClass::Days,
        place_of_use: LoanUse::Office,
        is_signed: at_once,
        at_once,
    }
}
