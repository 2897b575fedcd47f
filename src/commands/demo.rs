//! `dossier demo`: an archive of its own from the bundled scans, through the real pipeline, served at once. A second
//! start serves the same archive again.

use crate::{
    command_line::Serving,
    commands::{
        ingest::{Terminal, run_of, stop_on_signal, tell},
        serve, setup,
    },
    full_text::Followed,
    house::House,
    output::Ending,
    settings::Settings,
};
use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};
use ingest::run::Request;
use reading::cancel::Cancel;
use records::imports::Register;
use records::{
    batches::BatchState,
    customers::CUSTOMER_COLUMNS,
    places::LOCATION_COLUMNS,
    tables::{self, ColumnRule, OnBadLine, Table, TableLimits},
};
use std::{path::Path, time::Duration};

static SCANS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo/scans");
const CUSTOMERS: &[u8] = include_bytes!("../../demo/customers.csv");
const LOCATIONS: &[u8] = include_bytes!("../../demo/locations.csv");
const BATCH: &str = "demo";

pub async fn run(settings: Settings, serving: &Serving) -> Result<Ending> {
    let settings = Settings {
        data: settings.demo_data.clone(),
        ..settings
    }
    .serving(serving)?;
    setup::bring(&settings, None).await?;
    let house = House::open(&settings).await?;
    let made = house.archive.batches(&house.asker, None, 100).await?;
    if !made
        .iter()
        .any(|batch| batch.name == BATCH && batch.state != BatchState::Running)
        && !make(&settings, &house).await?
    {
        house.close().await;
        return Ok(Ending::Fine);
    }
    serve::serve(&settings, house).await
}

/// Makes the archive; false when the person stopped it.
async fn make(settings: &Settings, house: &House) -> Result<bool> {
    let scans = settings.data.join("demo-scans");
    unpack(&SCANS, &scans).with_context(|| format!("the bundled scans cannot be written to {}", scans.display()))?;
    let table = |bytes: &[u8], rules: &[ColumnRule]| -> Result<Table> {
        Ok(tables::read(bytes, rules, &TableLimits::default())?)
    };
    house
        .archive
        .import_table(
            &house.asker,
            Register::Customers,
            &table(CUSTOMERS, CUSTOMER_COLUMNS)?,
            OnBadLine::RefuseTable,
        )
        .await?;
    house
        .archive
        .import_table(
            &house.asker,
            Register::Locations,
            &table(LOCATIONS, LOCATION_COLUMNS)?,
            OnBadLine::RefuseTable,
        )
        .await?;
    println!("reading the bundled scans into {}", settings.data.display());
    let run = run_of(settings, house, settings.workers)?;
    let request = Request {
        roots: vec![scans],
        manifest: None,
        customer: None,
        location: None,
        batch_name: BATCH.to_owned(),
        actor: house.asker.name().to_owned(),
        settle: Duration::ZERO,
        done_folder: None,
    };
    let cancel = Cancel::new();
    let stopper = stop_on_signal(cancel.clone());
    let followed = Followed::start(settings, house).await?;
    let terminal = Terminal::new();
    let report = run.ingest(&request, &terminal, &cancel).await?;
    stopper.abort();
    terminal.finish();
    followed.catch_up().await?;
    followed.stop().await?;
    tell(&report, false)?;
    if report.found == 0 {
        bail!("the bundled scans were not found in {}", settings.data.display());
    }
    Ok(!report.interrupted)
}

fn unpack(folder: &Dir<'_>, target: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(target)?;
    for file in folder.files() {
        let path = target.join(file.path().file_name().unwrap_or_default());
        // A file that is there with the right size stays, so that a second start does not make it look new.
        if std::fs::metadata(&path).map_or(true, |meta| meta.len() != file.contents().len() as u64) {
            std::fs::write(path, file.contents())?;
        }
    }
    for inner in folder.dirs() {
        unpack(inner, &target.join(inner.path().file_name().unwrap_or_default()))?;
    }
    Ok(())
}
