//! One file for each word of the command line.

mod audit;
mod batches;
mod config;
mod customers;
mod demo;
mod doctor;
mod documents;
mod grants;
mod history;
mod import;
mod imports;
mod ingest;
mod lists;
mod locate;
mod locations;
mod reindex;
mod reread;
mod search;
mod serve;
mod settings;
mod setup;
mod show;
mod users;
mod verify;
pub mod worker;

pub use serve::is_served;

use crate::{command_line::Command, output::Ending, settings::Settings};
use anyhow::Result;
use clap::Subcommand;

/// Commands whose words stand beside what they do. A new subject adds its file, its variant and its arm here.
#[derive(Subcommand)]
pub enum SubjectCommand {
    /// Import batches and what became of each file
    Batches(batches::Words),
}

async fn of_subject(command: SubjectCommand, settings: &Settings) -> Result<Ending> {
    match command {
        SubjectCommand::Batches(words) => batches::run(settings, words).await,
    }
}

pub async fn run(command: Command, settings: Settings) -> Result<Ending> {
    match command {
        Command::Setup { offline } => setup::run(&settings, offline.as_deref()).await,
        Command::Demo { serving } => demo::run(settings, &serving).await,
        Command::Serve { serving } => serve::run(settings.serving(&serving)?).await,
        Command::Ingest(words) => ingest::run(&settings, words).await,
        Command::Reread(words) => reread::run(&settings, words).await,
        Command::Kinds(words) => lists::kinds(&settings, words).await,
        Command::Checklists(words) => lists::checklists(&settings, words).await,
        Command::Settings(words) => settings::run(&settings, words).await,
        Command::Search { query, limit, json } => search::run(&settings, &query, limit, json).await,
        Command::Locate { code, json } => locate::run(&settings, &code, json).await,
        Command::Show { document, json } => show::run(&settings, &document, json).await,
        Command::Correct(words) => documents::correct(&settings, words).await,
        Command::Documents(words) => documents::run(&settings, words).await,
        Command::Placements { thing, json } => documents::placements(&settings, &thing, json).await,
        Command::Grants(words) => grants::run(&settings, words).await,
        Command::Customers(words) => customers::run(&settings, words).await,
        Command::Locations(words) => locations::run(&settings, words).await,
        Command::Imports(words) => imports::run(&settings, words).await,
        Command::Users(words) => users::run(&settings, words).await,
        Command::Subject(command) => of_subject(command, &settings).await,
        Command::Reindex => reindex::run(&settings).await,
        Command::Verify { full, json } => verify::run(&settings, full, json).await,
        Command::History(words) => history::run(&settings, words).await,
        Command::Audit(words) => audit::run(&settings, words).await,
        Command::Doctor { json } => doctor::run(&settings, json).await,
        Command::Config { json } => config::run(&settings, json),
        Command::Worker { .. } => unreachable!("workers are started before settings are read"),
    }
}
