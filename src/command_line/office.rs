//! The words of the office: settings of the archive, kinds and checklists, accounts.

use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Settings {
    /// All settings with their values
    List {
        #[arg(long)]
        json: bool,
    },
    /// The value of one setting
    Get {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Change settings, all at once or none: time_zone=Asia/Shanghai, own_identifiers=@FILE
    Set {
        /// NAME=VALUE; \n stands between lines, @FILE for what a file holds
        #[arg(required = true, value_name = "NAME=VALUE")]
        values: Vec<String>,
        #[arg(long)]
        json: bool,
    },
    /// What the patterns would find in a text
    Try {
        /// The text, or @FILE
        text: String,
        /// A value to try before it is set
        #[arg(long, value_name = "NAME=VALUE")]
        with: Vec<String>,
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
pub enum Kinds {
    /// All kinds in the order of lists
    List {
        #[arg(long)]
        json: bool,
    },
    /// Write all kinds as tab-separated text, to a file or to the terminal
    Export { file: Option<PathBuf> },
    /// Add and change kinds from a table: code,group,name_zh,name_en,title_patterns,content_patterns,flags,...
    Import(ListImport),
    /// Take a kind away that nothing uses; one in use is retired by `active` = 0 in a table
    Delete { code: String },
}

#[derive(Subcommand)]
pub enum Checklists {
    /// All checklists with the kinds that they ask for
    List {
        #[arg(long)]
        json: bool,
    },
    /// Write all checklists as tab-separated text, to a file or to the terminal
    Export { file: Option<PathBuf> },
    /// Add and change checklists from a table: code,name_zh,name_en,customer_kind,kinds,position,active
    Import(ListImport),
    /// Take a checklist away against which no dossier is held; others are retired by `active` = 0 in a table
    Delete { code: String },
}

#[derive(Args)]
pub struct ListImport {
    /// CSV, TSV or XLSX, UTF-8 or GB18030
    pub file: PathBuf,
    /// Show each change before and after, and change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Import the good lines even when others cannot be used
    #[arg(long)]
    pub skip_bad_lines: bool,
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Users {
    /// Add a named account; prints a link with which the person sets a password
    Add {
        name: String,
        #[arg(long, default_value = "")]
        display_name: String,
        /// viewer, archivist, auditor, administrator; several with commas
        #[arg(long = "role", alias = "roles", default_value = "viewer")]
        roles: String,
        /// 0 to 3, or the word of a security level
        #[arg(long, default_value = "1")]
        clearance: String,
        #[arg(long, default_value = "")]
        department: String,
        #[arg(long, default_value = "")]
        site: String,
        #[arg(long)]
        json: bool,
    },
    /// List accounts
    List {
        #[arg(long)]
        json: bool,
    },
    /// One account
    Show {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Change an account; what is not named stays as it is
    Change(UserChange),
    /// Lock an account: its sessions end and its tokens give nothing
    Lock {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Let a locked account in again
    Unlock {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Print a one-time link with which a person sets a new password
    Passwd {
        name: String,
        #[arg(long)]
        json: bool,
    },
    /// Make a bearer token; it is shown once
    Token {
        name: String,
        /// What the token is for
        #[arg(long)]
        label: String,
        /// read or write
        #[arg(long, default_value = "read")]
        scope: String,
        #[arg(long, default_value_t = 90)]
        days: i64,
    },
    /// List bearer tokens, of one account or of all
    Tokens {
        name: Option<String>,
        #[arg(long)]
        json: bool,
    },
    /// End a bearer token at once
    Revoke {
        /// Id of the token, as `users tokens` lists it
        token: String,
    },
}

#[derive(Args)]
pub struct UserChange {
    pub name: String,
    #[arg(long)]
    pub display_name: Option<String>,
    /// All roles of the account: viewer, archivist, auditor, administrator; several with commas
    #[arg(long = "role", alias = "roles")]
    pub roles: Option<String>,
    /// 0 to 3, or the word of a security level
    #[arg(long)]
    pub clearance: Option<String>,
    #[arg(long)]
    pub department: Option<String>,
    #[arg(long)]
    pub site: Option<String>,
    /// zh-CN, en, or empty for what the browser says
    #[arg(long)]
    pub language: Option<String>,
    #[arg(long)]
    pub json: bool,
}
