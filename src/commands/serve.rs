//! `dossier serve`: the archive for browsers and programs. One per data folder.

use crate::{
    commands::ingest::{page_images, pool},
    full_text::Followed,
    house::House,
    output::Ending,
    public_address,
    served::DataLock,
    settings::Settings,
    table_reader::TableWorkers,
    world,
};
use anyhow::{Context, Result};
use ingest::{
    page_images::{ReadyLimits, WorkerPageImages},
    reread::{Rereader, RereaderLimits},
};
use reading::{cancel::Cancel, engines::Engines, worker::Pool};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, task::JoinHandle};
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
    let mut lock = DataLock::take(&settings.data)?;
    let followed = Followed::start(settings, &house).await?;
    let pool = pool(settings, settings.workers)?;
    let images = page_images(settings, &house, pool.clone())?;
    let background = Background::start(settings, &house, pool, &images);
    let config = web_config(settings);
    let (protection, limits) = (config.protection.clone(), config.limits);
    let parts = WebParts {
        archive: house.archive.clone(),
        gate: house.gate.clone(),
        finder: followed.full_text.clone(),
        images: Arc::new(images),
        tables: Arc::new(TableWorkers::new(Duration::from_secs(settings.page_seconds))?),
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
    let stop = world::stop_signal();
    lock.say_address(address)?;
    greet(settings, &house, address).await?;
    web::serve::serve(listener, web::router(parts), &protection, &limits, stop).await?;
    eprintln!("stopping");
    background.stop().await;
    followed.stop().await?;
    house.close().await;
    Ok(Ending::Fine)
}

fn web_config(settings: &Settings) -> WebConfig {
    let protection = match (&settings.tls, settings.behind_proxy) {
        (Some((certificate, key)), _) => Protection::Tls {
            certificate: certificate.clone(),
            key: key.clone(),
        },
        (None, true) => Protection::BehindProxy,
        (None, false) => Protection::Loopback,
    };
    WebConfig {
        public_url: settings.public_url.clone(),
        protection,
        limits: WebLimits::default(),
        second_opinion: Engines::locate(&settings.engines).is_ok_and(|engines| engines.has_second().is_ok()),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Says where the archive is served, and how the first administrator comes in.
async fn greet(settings: &Settings, house: &House, address: SocketAddr) -> Result<()> {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
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
    Ok(())
}

/// What the server does beside answering: documents are read again, images of the newest pages are made ahead.
struct Background {
    cancel: Cancel,
    rereading: JoinHandle<()>,
    readying: Option<JoinHandle<()>>,
}

impl Background {
    fn start(settings: &Settings, house: &House, pool: Pool, images: &WorkerPageImages) -> Self {
        // Viewers have a worker of their own in this pool, so that nobody who looks at a page waits behind re-reading.
        let rereader = Rereader::new(
            house.system.clone(),
            pool,
            RereaderLimits::for_workers(settings.workers),
        );
        let cancel = Cancel::new();
        let rereading = tokio::spawn({
            let cancel = cancel.clone();
            async move { rereader.serve(&cancel).await }
        });
        let readying = images.readier(ReadyLimits::default()).map(|readier| {
            let cancel = cancel.clone();
            tokio::spawn(async move { readier.serve(&cancel).await })
        });
        Self {
            cancel,
            rereading,
            readying,
        }
    }

    /// Documents under way are given back after the page in hand.
    async fn stop(self) {
        self.cancel.cancel();
        if let Err(error) = self.rereading.await {
            tracing::error!(%error, "reread.task_failed");
        }
        if let Some(readying) = self.readying
            && let Err(error) = readying.await
        {
            tracing::error!(%error, "page_images.task_failed");
        }
    }
}
