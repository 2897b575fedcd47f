//! The program: words on the command line in, exit code out. Settings, wiring, commands.
//!
//! Only this room reads the environment, settings files and the wall clock; the other rooms get plain values.
#![expect(
    clippy::disallowed_methods,
    reason = "this room is where environment and clock are read and handed down"
)]

mod command_line;
mod commands;
mod examples;
#[cfg(any(test, feature = "test-clock"))]
mod file_clock;
mod full_text;
mod heading;
mod help;
mod house;
mod language;
mod listed;
mod listen;
mod output;
mod problem;
mod public_address;
mod served;
mod settings;
mod table;
mod table_file;
mod table_reader;
mod translated;
mod typed;
mod usage;
mod version;
mod world;

use commands::Command;
use problem::Problem;
use std::{ffi::OsString, process::ExitCode};

fn main() -> ExitCode {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let words: Vec<OsString> = std::env::args_os().collect();
    let json = words.iter().any(|word| word == "--json");
    let line = match typed::read(&words) {
        Ok(line) => line,
        Err(said) => return usage::tell(&said, &typed::path_of(&words), json),
    };
    // Worker processes are this program again; they take no settings and start no runtime.
    if let Command::Worker {
        part,
        engines,
        ocr_engine,
        megabytes,
    } = &line.command
    {
        return commands::worker::run(*part, engines, *ocr_engine, *megabytes);
    }
    let told = match line.command {
        Command::Completions { shell } => commands::manuals::completions(shell, &mut typed::command()),
        Command::Man { folder } => commands::manuals::man(&folder, typed::command()),
        command => run(&line.options, command),
    };
    match told {
        Ok(ending) => ending.into(),
        Err(cause) => Problem::of(&cause).tell(json),
    }
}

fn run(options: &command_line::Options, command: Command) -> anyhow::Result<output::Ending> {
    if options.quiet {
        output::be_quiet();
    }
    #[cfg(feature = "test-clock")]
    if let Some(file) = &options.clock_file {
        file_clock::take(file)?;
    }
    let settings = settings::Settings::read(options)?;
    world::start_log(&settings.log)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|cause| {
        anyhow::Error::new(cause).context(language::said!("the runtime did not start", "运行环境启动不了"))
    })?;
    runtime.block_on(commands::run(command, settings))
}
