//! One file for each word of the command line.

mod audit;
mod batches;
mod checks;
mod config;
mod containers;
mod correct;
mod covers;
mod customers;
mod demo;
mod demo_loans;
mod doctor;
mod documents;
mod export;
mod fields;
mod find;
mod grants;
mod history;
mod import;
mod imports;
mod ingest;
mod init;
mod lists;
mod loans;
mod locate;
mod locations;
pub mod manuals;
mod map;
mod place;
mod placements;
mod reindex;
mod reread;
mod review;
mod search;
mod second;
mod serve;
mod sessions;
mod settings;
mod setup;
mod show;
mod stocktake;
mod today;
mod tokens;
mod users;
mod verify;
pub mod worker;

use crate::{
    command_line::{Listed, Options, Serving, Shown},
    output::Ending,
    settings::Settings,
};
use anyhow::Result;
use clap::{Parser, Subcommand};
use clap_complete::Shell;
use reading::engines::RuntimeChoice;
use std::path::PathBuf;

#[derive(Parser)]
#[command(
    name = "dossier",
    version = crate::version::SHORT,
    long_version = crate::version::long(),
    about = "A records office in one program: scans, shelves, customers and search",
    after_help = crate::output::exit_codes()
)]
pub struct CommandLine {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

/// One variant for each word. A new subject adds its file, its variant and its arm here.
#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one value for each start of the program")]
pub enum Command {
    /// Fetch and verify libpdfium, the ONNX runtime and the OCR models
    Setup(setup::SetupArgs),
    /// Licences and notices of the engines and crates that the program is made from
    Licenses {
        /// Only of what has this in its name, with the texts
        name: Option<String>,
        /// With all texts
        #[arg(long)]
        full: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Make an empty archive
    ///
    /// Makes the data folder with its database and vault. `serve`, `ingest` and the imports make an archive too where
    /// there is none, and say so; every other command refuses.
    Init {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// An archive made from the bundled scans, served at once
    ///
    /// The archive is served while the scans are being read, so that the first papers are found within a minute. A
    /// second start serves the same archive again.
    Demo {
        #[command(flatten)]
        serving: Serving,
    },
    /// Serve the archive to browsers and programs
    Serve {
        #[command(flatten)]
        serving: Serving,
    },
    /// Take scans into the archive
    Ingest(ingest::IngestArgs),
    /// Read documents again with other settings; the new text stands beside the old
    Reread(reread::RereadArgs),
    /// The list of document kinds
    #[command(subcommand)]
    Kinds(lists::KindsCommand),
    /// What complete dossiers hold, for each kind of customer
    #[command(subcommand)]
    Checklists(lists::ChecklistsCommand),
    /// What the archive knows of itself: name, time zone, own identifiers, number patterns, levels
    #[command(subcommand)]
    Settings(settings::SettingsCommand),
    /// Search the full text
    Search {
        /// Words, "phrases", -not, A|B, 户名: 库位: 类型: 合同号: 日期:2019..2021
        ///
        /// Several words need no quotes: all of them must stand on the page. A word with a dash before it must not.
        #[arg(required = true, num_args = 1.., value_name = "QUERY")]
        query: Vec<String>,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        shown: Shown,
    },
    /// What a code, number or name means: a place, a customer, a document
    ///
    /// In any spelling: full width, lower case, with spaces, without dashes, with the check character of a label; names by
    /// any piece and by pinyin.
    Find {
        /// As typed or scanned
        #[arg(required = true, num_args = 1.., value_name = "TEXT")]
        text: Vec<String>,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What a location code means and what should be there
    Locate {
        /// As typed or scanned; the serial of a container too
        code: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// One document with the text of its pages
    Show {
        /// Id or own number
        document: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Correct what stands in the record of a document
    Correct(correct::CorrectArgs),
    /// Withdraw, restore, seal a document; name further customers
    #[command(subcommand)]
    Documents(documents::DocumentsCommand),
    /// What waits for you today, the last checks, room on the disk and thirty days in numbers
    Today {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Whose documents are: what waits, deciding it, taking a decision back
    #[command(subcommand)]
    Review(review::ReviewCommand),
    /// The room around a place as a drawing, and when it will be full
    Map(map::MapArgs),
    /// Put papers and containers somewhere, or back where they were
    Place(place::PlaceArgs),
    /// Where a paper or a container was, newest first
    Placements {
        /// Id or own number of a document, or serial of a container
        thing: String,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        listed: Listed,
    },
    /// Lending: slips, what is out and overdue, what came back, what is to be fetched
    #[command(subcommand)]
    Loans(loans::LoansCommand),
    /// Who may see what for a time
    #[command(subcommand)]
    Grants(grants::GrantsCommand),
    /// What waits for a second person: breaking seals, lowering levels, clearances above one's own
    #[command(subcommand)]
    Second(second::SecondCommand),
    /// The customer register
    #[command(subcommand)]
    Customers(customers::CustomersCommand),
    /// The register of places
    #[command(subcommand)]
    Locations(locations::LocationsCommand),
    /// Boxes, binders and bags
    #[command(subcommand)]
    Containers(containers::ContainersCommand),
    /// What stands on the shelves, counted and compared with the record
    #[command(subcommand)]
    Stocktake(stocktake::StocktakeCommand),
    /// How the holdings are kept: checks of rooms and holdings, and repairs
    #[command(subcommand)]
    Checks(checks::ChecksCommand),
    /// What was imported into the registers, and taking it back
    #[command(subcommand)]
    Imports(imports::ImportsCommand),
    /// Named accounts and tokens
    #[command(subcommand)]
    Users(users::UsersCommand),
    /// Import batches and what became of each file
    Batches(batches::BatchesArgs),
    /// Write a whole list to a file, for a spreadsheet or for paper
    Export(export::ExportArgs),
    /// Build the full text anew from the record
    Reindex {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Check that record, vault and audit trail agree
    Verify {
        /// Read every byte of every scan
        #[arg(long)]
        full: bool,
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// What changed: which field of which record, before and after, by whom, when and why
    History(history::HistoryArgs),
    /// The audit trail
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Check engines, paths, database and index
    Doctor {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print the effective settings
    Config {
        /// Print JSON, for programs
        #[arg(long)]
        json: bool,
    },
    /// Print what a shell completes: bash, zsh, fish, elvish or powershell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages, one for each command
    Man {
        /// Folder for the pages; it is made where there is none
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// A worker process; started by the program itself
    #[command(hide = true)]
    Worker {
        part: worker::WorkerPart,
        /// Where the engines are; a worker that reads a table needs none
        #[arg(long, default_value = ".")]
        engines: PathBuf,
        /// Memory of a worker that reads a table
        #[arg(long, default_value = "512")]
        megabytes: u64,
        /// What runs the networks; only a worker that reads pages needs it
        #[arg(long, default_value_t)]
        ocr_engine: RuntimeChoice,
    },
}

pub async fn run(command: Command, settings: Settings) -> Result<Ending> {
    match command {
        Command::Setup(words) => setup::run(&settings, words).await,
        Command::Licenses { name, full, json } => setup::licenses(name.as_deref(), full, json),
        Command::Init { json } => init::run(&settings, json).await,
        Command::Demo { serving } => demo::run(settings, &serving).await,
        Command::Serve { serving } => serve::run(settings.serving(&serving)?).await,
        Command::Ingest(words) => ingest::run(&settings, words).await,
        Command::Reread(words) => reread::run(&settings, words).await,
        Command::Kinds(words) => lists::kinds(&settings, words).await,
        Command::Checklists(words) => lists::checklists(&settings, words).await,
        Command::Settings(words) => settings::run(&settings, words).await,
        Command::Search { query, shown, json } => search::run(&settings, &query, &shown, json).await,
        Command::Find { text, json } => find::run(&settings, &text, json).await,
        Command::Locate { code, json } => locate::run(&settings, &code, json).await,
        Command::Show { document, json } => show::run(&settings, &document, json).await,
        Command::Correct(words) => correct::run(&settings, words).await,
        Command::Documents(words) => documents::run(&settings, words).await,
        Command::Today { json } => today::run(&settings, json).await,
        Command::Review(words) => review::run(&settings, words).await,
        Command::Map(words) => map::run(&settings, words).await,
        Command::Place(words) => place::run(&settings, words).await,
        Command::Containers(words) => containers::run(&settings, words).await,
        Command::Placements { thing, json, listed } => placements::run(&settings, &thing, &listed, json).await,
        Command::Loans(words) => loans::run(&settings, words).await,
        Command::Grants(words) => grants::run(&settings, words).await,
        Command::Second(words) => second::run(&settings, words).await,
        Command::Customers(words) => customers::run(&settings, words).await,
        Command::Locations(words) => locations::run(&settings, words).await,
        Command::Stocktake(words) => stocktake::run(&settings, words).await,
        Command::Checks(words) => checks::run(&settings, words).await,
        Command::Imports(words) => imports::run(&settings, words).await,
        Command::Users(words) => users::run(&settings, words).await,
        Command::Batches(words) => batches::run(&settings, words).await,
        Command::Export(words) => export::run(&settings, words).await,
        Command::Reindex { json } => reindex::run(&settings, json).await,
        Command::Verify { full, json } => verify::run(&settings, full, json).await,
        Command::History(words) => history::run(&settings, words).await,
        Command::Audit(words) => audit::run(&settings, words).await,
        Command::Doctor { json } => doctor::run(&settings, json).await,
        Command::Config { json } => config::run(&settings, json),
        Command::Completions { .. } | Command::Man { .. } | Command::Worker { .. } => {
            unreachable!("these are started before settings are read")
        }
    }
}
