//! `dossier serve`: the archive for browsers and programs. One per data folder.

use crate::{
    commands::ingest::{page_images, pool},
    full_text::Followed,
    house::House,
    output::Ending,
    public_address,
    settings::Settings,
    world,
};
use anyhow::{Context, Result, bail};
use ingest::{
    page_images::ReadyLimits,
    reread::{RereadLimits, Rereader},
};
use reading::{cancel::Cancel, engines::Engines};
use std::{fs::File, io::Write, sync::Arc};
use tokio::net::TcpListener;
use web::{
    WebParts,
    config::{Protection, WebConfig, WebLimits},
};

pub async fn run(settings: Settings) -> Result<Ending> {
    let house = House::open(&settings).await?;
    serve(&settings, house).await
}

/// Serves an opened archive until Ctrl-C or SIGTERM.
pub async fn serve(settings: &Settings, house: House) -> Result<Ending> {
    let mut lock = take_lock(settings)?;
    let followed = Followed::start(settings, &house).await?;
    let pool = pool(settings, settings.workers)?;
    let images = page_images(settings, &house, pool.clone())?;
    // Viewers have a worker of their own in this pool, so that nobody who looks at a page waits behind re-reading.
    let rereader = Rereader::new(house.system.clone(), pool, RereadLimits::for_workers(settings.workers));
    let cancel = Cancel::new();
    let rereading = tokio::spawn({
        let cancel = cancel.clone();
        async move { rereader.serve(&cancel).await }
    });
    let readying = images.readier(ReadyLimits::default()).map(|readier| {
        let cancel = cancel.clone();
        tokio::spawn(async move { readier.serve(&cancel).await })
    });
    let protection = match (&settings.tls, settings.behind_proxy) {
        (Some((certificate, key)), _) => Protection::Tls {
            certificate: certificate.clone(),
            key: key.clone(),
        },
        (None, true) => Protection::BehindProxy,
        (None, false) => Protection::Loopback,
    };
    let config = WebConfig {
        public_url: settings.public_url.clone(),
        protection: protection.clone(),
        limits: WebLimits::default(),
        second_opinion: Engines::locate(&settings.engines).is_ok_and(|engines| engines.has_second().is_ok()),
        version: env!("CARGO_PKG_VERSION"),
    };
    let limits = config.limits;
    let parts = WebParts {
        archive: house.archive.clone(),
        gate: house.gate.clone(),
        finder: followed.full_text.clone(),
        images: Arc::new(images),
        environment: world::environment(),
        config,
        settings: house.system.settings().await?,
    };
    let listener = TcpListener::bind(settings.listen).await.with_context(|| {
        format!(
            "the address {} cannot be listened on; choose another with --listen",
            settings.listen
        )
    })?;
    let address = listener.local_addr()?;
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    // Whoever makes a link for a person is told where the archive is served.
    writeln!(lock, "{address}").with_context(|| format!("{} cannot be written", settings.data.display()))?;
    println!("serving {} at {scheme}://{address}/", settings.data.display());
    let public = public_address::of(settings, address, true);
    if let Some(advice) = &public.advice {
        eprintln!("{advice}");
    }
    if house.gate.setup_needed().await? {
        let secret = house.gate.issue_first_link().await?;
        println!(
            "set up the first administrator within 15 minutes: {}{}",
            public.url,
            web::address::one_time_link(&secret)
        );
    }
    web::serve::serve(listener, web::router(parts), &protection, &limits, world::stop_signal()).await?;
    eprintln!("stopping");
    // Documents under way are given back after the page in hand.
    cancel.cancel();
    if let Err(error) = rereading.await {
        tracing::error!(%error, "reread.task_failed");
    }
    if let Some(readying) = readying
        && let Err(error) = readying.await
    {
        tracing::error!(%error, "page_images.task_failed");
    }
    followed.stop().await?;
    house.close().await;
    Ok(Ending::Fine)
}

/// Whether a server holds the data folder.
pub fn is_served(settings: &Settings) -> Result<bool> {
    let path = settings.data.join("LOCK");
    let lock = match File::open(&path) {
        Ok(lock) => lock,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    Ok(rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockShared).is_err())
}

/// Holds the data folder for this server; a second one is refused.
fn take_lock(settings: &Settings) -> Result<File> {
    let path = settings.data.join("LOCK");
    let lock = File::create(&path).with_context(|| format!("{} cannot be written", path.display()))?;
    if rustix::fs::flock(&lock, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_err() {
        bail!(
            "{} is served already by another process; stop that one first, or choose another --data",
            settings.data.display()
        );
    }
    Ok(lock)
}
