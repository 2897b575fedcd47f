//! The words of the registers: customers, places, and the imports of their tables.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Customers {
    /// Import a table; `dossier customers fields` lists its columns
    Import(Import),
    /// The fields of a customer, as columns of a table and as names for `add` and `change`
    Fields {
        #[arg(long)]
        json: bool,
    },
    /// Add one customer: code=KH-1 name=华宸 phones=138... attribute:NAME=...
    Add(AddOne),
    /// Change fields of one customer: address=... phones=; an empty value empties the field
    Change(ChangeOne),
    /// List customers
    List {
        /// Beginning of a code, name or number
        #[arg(default_value = "")]
        text: String,
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// One customer with the documents of its dossier
    Show {
        /// Code, account number, dossier number or id
        customer: String,
        #[arg(long)]
        json: bool,
    },
}

/// A field and its value.
pub type FieldValue = (String, String);

fn field_value(text: &str) -> Result<FieldValue, String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "write NAME=VALUE, such as address=创想一路17号".to_owned())?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

#[derive(Args)]
pub struct AddOne {
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = field_value)]
    pub fields: Vec<FieldValue>,
    /// Why, for the history
    #[arg(long, default_value = "")]
    pub why: String,
    /// Write although it is likely the same as another
    #[arg(long)]
    pub accept_doubles: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ChangeOne {
    /// Code of the record
    pub code: String,
    #[arg(required = true, value_name = "NAME=VALUE", value_parser = field_value)]
    pub fields: Vec<FieldValue>,
    /// Refuse when the record has another version by now
    #[arg(long, value_name = "N")]
    pub version: Option<i64>,
    /// Why, for the history
    #[arg(long, default_value = "")]
    pub why: String,
    /// Write although it is likely the same as another
    #[arg(long)]
    pub accept_doubles: bool,
    #[arg(long)]
    pub json: bool,
}

/// What was imported, and taking it back.
#[derive(Subcommand)]
pub enum Imports {
    /// List imports, the newest first
    List {
        #[arg(long, default_value_t = 50)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// What one import wrote: each record with its fields before and after
    Show {
        import: String,
        #[arg(long, default_value_t = 1000)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// Take an import back: fields that nobody has changed since, and records on which nothing hangs
    Undo {
        import: String,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct Import {
    /// CSV or XLSX, UTF-8 or GB18030
    pub file: PathBuf,
    /// Show each change before and after, likely doubles and problems, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Let empty cells empty their fields; without it they leave them and are said
    #[arg(long)]
    pub clear_empty: bool,
    /// Write likely doubles too
    #[arg(long)]
    pub accept_doubles: bool,
    /// Import the good lines even when others cannot be used
    #[arg(long)]
    pub skip_bad_lines: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Locations {
    /// Import a table; `dossier locations fields` lists its columns
    Import(Import),
    /// The fields of a place, as columns of a table and as names for `add` and `change`
    Fields {
        #[arg(long)]
        json: bool,
    },
    /// Add one place; those around it are made from the code: code=K1-03 kind=rack capacity=20
    Add(AddOne),
    /// Change fields of one place
    Change(ChangeOne),
    /// List places in shelf order
    List {
        #[arg(long, default_value_t = 1000)]
        limit: usize,
        #[arg(long)]
        json: bool,
    },
    /// Write labels with QR codes as PDF
    Labels {
        /// Only places whose code begins so
        #[arg(default_value = "")]
        code: String,
        #[arg(long, short, default_value = "labels.pdf")]
        output: PathBuf,
    },
    /// Write cover sheets for scanning as PDF
    Covers {
        /// Customer codes
        #[arg(required = true)]
        customers: Vec<String>,
        #[arg(long, short, default_value = "covers.pdf")]
        output: PathBuf,
    },
}
