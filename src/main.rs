//! The program: words on the command line in, exit code out. Settings, wiring, commands.
//!
//! Only this room reads the environment, settings files and the wall clock; the other rooms get plain values.
#![expect(
    clippy::disallowed_methods,
    reason = "this room is where environment and clock are read and handed down"
)]

mod command_line;
mod commands;
mod full_text;
mod house;
mod listed;
mod output;
mod public_address;
mod served;
mod settings;
mod table_file;
mod table_reader;
mod world;

use clap::Parser;
use commands::{Command, CommandLine};
use std::process::ExitCode;

fn main() -> ExitCode {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(said) => return output::usage(&said),
    };
    // Worker processes are this program again; they take no settings and start no runtime.
    if let Command::Worker { part, engines } = &line.command {
        return commands::worker::run(*part, engines);
    }
    let settings = match settings::Settings::read(&line.options) {
        Ok(settings) => settings,
        Err(cause) => return output::fail(&cause),
    };
    world::start_log(&settings.log);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(cause) => return output::fail(&anyhow::Error::new(cause).context("the runtime did not start")),
    };
    match runtime.block_on(commands::run(line.command, settings)) {
        Ok(outcome) => outcome.into(),
        Err(cause) => output::fail(&cause),
    }
}
