//! `dossier loans`: slips, what is out, what came back, what is to be fetched.

mod told;

use crate::{command_line::Listed, house::House, language::said, listed::listed, output::Ending, settings::Settings};
use anyhow::Result;
use clap::{Args, Subcommand};
use records::ids::IncidentId;
use told::{ask, fetch, give_back, incidents, leaver, list, register, tell};
use vocabulary::{LoanClass, LoanList, LoanUse, ReturnCondition};

/// Lending: slips, the register of what was lent, incidents, pick lists.
#[derive(Subcommand)]
pub enum LoansCommand {
    /// Slips: what waits, is out, is overdue, came back
    List {
        /// Only these
        #[arg(long, value_parser = listed::<LoanList>())]
        state: Option<LoanList>,
        /// Only those of this borrower
        #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
        borrower: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// One slip with its papers and steps
    Show {
        /// Number or id of the slip
        loan: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Fill in a slip; where nobody has to approve it, the papers are handed out at once
    Ask(LoanAskArgs),
    /// Sign the step whose turn it is
    Approve {
        /// Number or id of the slip
        loan: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Refuse a slip
    Refuse {
        /// Number or id of the slip
        loan: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Hand the papers of a slip out
    Issue {
        /// Number or id of the slip
        loan: String,
        /// The borrower has signed the slip just now
        #[arg(long)]
        signed: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take papers back, counted, and strike them off
    Return(LoanReturnArgs),
    /// A paper that came back lies in its place again; another place is refused
    Shelve {
        /// Number or id of the slip
        loan: String,
        /// The place as scanned
        #[arg(long, value_name = "PLACE")]
        at: String,
        /// Which paper; may be left out where only one waits
        #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
        thing: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Take a slip back that was not handed out
    Cancel {
        /// Number or id of the slip
        loan: String,
        /// Why, for the record
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// The register of a period: what was lent, and when it was struck off
    Register {
        /// First day of the period
        #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
        from: String,
        /// Last day of the period
        #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
        to: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What is to be fetched for all slips, in walking order
    Fetch {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What went wrong with papers that were lent
    Incidents {
        /// Only those that nobody has resolved
        #[arg(long)]
        open: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Say what was done about an incident
    Resolve {
        /// Id of the incident, as `loans incidents` shows it
        incident: String,
        /// What was done
        #[arg(long, value_name = "TEXT")]
        resolution: String,
        /// The document that stands for what is missing
        #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
        replacement: String,
        /// What was lost was found again; it is written off otherwise
        #[arg(long)]
        found: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What somebody who leaves still has, and what stands open in their name
    Leaver {
        /// Sign-in name, or name of a person
        borrower: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct LoanAskArgs {
    /// Documents by id or own number
    #[arg(required = true, num_args = 1.., value_name = "THING")]
    pub things: Vec<String>,
    /// Sign-in name, or name of a person
    #[arg(long, value_name = "NAME")]
    pub borrower: String,
    /// Department of a person without an account
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub department: String,
    /// What it is needed for
    #[arg(long, value_name = "TEXT")]
    pub purpose: String,
    /// How many copies of each
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub copies: i64,
    /// The day on which it is to be back; the last one that the class allows when left out
    #[arg(long, value_name = "DAY", default_value = "", hide_default_value = true)]
    pub until: String,
    /// How long it is lent
    #[arg(long, default_value = "days", value_parser = listed::<LoanClass>())]
    pub class: LoanClass,
    /// Where it may be used
    #[arg(long = "use", default_value = "office", value_parser = listed::<LoanUse>())]
    pub place_of_use: LoanUse,
    /// The borrower has not signed yet, so that nothing is handed out
    #[arg(long)]
    pub unsigned: bool,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct LoanReturnArgs {
    /// Number or id of the slip
    pub loan: String,
    /// Only these papers of the slip
    #[arg(long = "thing", value_name = "ID")]
    pub things: Vec<String>,
    /// Pages as counted, all papers together; as they were handed out when left out
    #[arg(long, value_name = "N")]
    pub pages: Option<i64>,
    /// How they came back
    #[arg(long, default_value = "intact", value_parser = listed::<ReturnCondition>())]
    pub condition: ReturnCondition,
    /// Who received them; you when left out
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub received_by: String,
    /// Print JSON, for programs
    #[arg(long)]
    pub json: bool,
}

pub async fn run(settings: &Settings, words: LoansCommand) -> Result<Ending> {
    let house = House::open(settings).await?;
    let (archive, asker) = (&house.archive, &house.asker);
    match words {
        LoansCommand::List {
            state,
            borrower,
            json,
            listed,
        } => list(&house, state, borrower, &listed, json).await?,
        LoansCommand::Show { loan, json } => tell(&house, archive.loan(asker, &loan).await?, json).await?,
        LoansCommand::Ask(words) => ask(&house, words).await?,
        LoansCommand::Approve { loan, json } => {
            tell(&house, archive.loan_decide(asker, &loan, true, "").await?, json).await?;
        }
        LoansCommand::Refuse { loan, reason, json } => {
            tell(&house, archive.loan_decide(asker, &loan, false, &reason).await?, json).await?;
        }
        LoansCommand::Issue { loan, signed, json } => {
            tell(&house, archive.loan_issue(asker, &loan, signed).await?, json).await?;
        }
        LoansCommand::Return(words) => give_back(&house, words).await?,
        LoansCommand::Shelve { loan, at, thing, json } => {
            tell(&house, archive.loan_shelve(asker, &loan, &thing, &at).await?, json).await?;
        }
        LoansCommand::Cancel { loan, reason, json } => {
            tell(&house, archive.loan_cancel(asker, &loan, &reason).await?, json).await?;
        }
        LoansCommand::Register { from, to, json } => register(&house, &from, &to, json).await?,
        LoansCommand::Fetch { json } => fetch(&house, json).await?,
        LoansCommand::Incidents { open, json } => incidents(&house, open, json).await?,
        LoansCommand::Resolve {
            incident,
            resolution,
            replacement,
            found,
            json,
        } => {
            let id = IncidentId::parse(&incident)?;
            archive
                .incident_resolve(asker, &id, &resolution, &replacement, found)
                .await?;
            crate::output::told(json, "id", id.as_str(), &said!("resolved\n", "已处理\n"))?;
        }
        LoansCommand::Leaver { borrower, json } => leaver(&house, &borrower, json).await?,
    }
    house.close().await;
    Ok(Ending::Fine)
}
