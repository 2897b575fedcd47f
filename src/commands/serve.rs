//! `dossier serve`: the archive for browsers and programs. One per data folder.

use crate::{
    commands::ingest::{page_images, pool},
    full_text::Followed,
    house::House,
    language::said,
    output::{Ending, announce, complain, note},
    problem::{Problem, refused},
    public_address,
    served::{DataLock, served_at},
    settings::Settings,
    table_reader::TableWorkers,
    translated::in_words,
    world,
};
use anyhow::Result;
use ingest::{
    page_images::{ReadyLimits, WorkerPageImages},
    reread::{Rereader, RereaderLimits},
    run::RunLimits,
    uploads::UploadTaker,
};
use reading::{cancel::Cancel, engines::Engines, worker::Pool};
use records::{System, tables::reader::TableReader};
use std::{net::SocketAddr, pin::Pin, sync::Arc, time::Duration};
use tokio::{sync::oneshot, task::JoinHandle};
use web::{
    WebParts,
    config::{Protection, WebConfig, WebLimits},
    serve::{Door, ServeError},
};

pub async fn run(settings: Settings) -> Result<Ending> {
    // Port, key and certificate are tried before anything is made, printed or made void.
    let door = open_door(&settings).await?;
    let house = House::open_or_make(&settings).await?;
    serve(&settings, house, door, None).await
}

/// Takes the address and reads the certificate.
pub async fn open_door(settings: &Settings) -> Result<Door> {
    let address = settings.listen;
    match Door::open(address, &protection(settings)).await {
        Ok(door) => Ok(door),
        Err(ServeError::Listen(cause)) => Err(match served_at(&settings.data) {
            Ok(Some(other)) => {
                let (data, other) = (settings.data.display(), other.address);
                refused(
                    "served_already",
                    said!("{data} is served already at {other}", "{data} 已在 {other} 提供服务"),
                    said!(
                        "open that address, or stop that server first",
                        "请打开该地址，或先停止那个服务"
                    ),
                )
            }
            _ => refused(
                "address_taken",
                said!(
                    "the address {address} cannot be listened on: {}",
                    "不能监听地址 {address}：{}",
                    in_words(&cause)
                ),
                said!(
                    "choose another with --listen, such as --listen 7916",
                    "请用 --listen 换一个，如 --listen 7916"
                ),
            ),
        }),
        Err(cause) => Err(cause.into()),
    }
}

/// Work that goes on beside serving. It is cancelled with it; images are made ahead only when it has ended.
pub struct Beside {
    pub work: Pin<Box<dyn Future<Output = Result<()>> + Send>>,
    pub cancel: Cancel,
}

/// Serves an opened archive until Ctrl-C or SIGTERM.
pub async fn serve(settings: &Settings, house: House, door: Door, beside: Option<Beside>) -> Result<Ending> {
    let mut lock = DataLock::take(&settings.data)?;
    let followed = Followed::start(settings, &house).await?;
    let pool = pool(settings, settings.workers)?;
    let images = page_images(settings, &house, pool.clone())?;
    let address = door.address()?;
    let config = web_config(settings, address);
    let limits = config.limits;
    let stop = world::stop_signal();
    lock.say_address(public_address::would_serve(settings, address))?;
    greet(settings, &house, address).await?;
    let tables: Arc<dyn TableReader> = Arc::new(TableWorkers::new(settings)?);
    let background = Background::start(settings, &house, pool, &images, &tables, beside);
    let parts = WebParts {
        archive: house.archive.clone(),
        gate: house.gate.clone(),
        finder: followed.full_text.clone(),
        images: Arc::new(images),
        tables,
        environment: world::environment(),
        config,
        settings: house.system.settings().await?,
    };
    web::serve::serve(door, web::router(parts), &limits, stop).await;
    note(&said!("stopping", "正在停止"));
    background.stop().await;
    followed.stop().await?;
    house.close().await;
    Ok(Ending::Fine)
}

fn protection(settings: &Settings) -> Protection {
    match (&settings.tls, settings.behind_proxy) {
        (Some((certificate, key)), _) => Protection::Tls {
            certificate: certificate.clone(),
            key: key.clone(),
        },
        (None, true) => Protection::BehindProxy,
        (None, false) => Protection::Loopback,
    }
}

fn web_config(settings: &Settings, address: SocketAddr) -> WebConfig {
    let public = public_address::of(settings, public_address::would_serve(settings, address), true);
    WebConfig {
        public_url: public.url,
        protection: protection(settings),
        oidc: settings.oidc.clone(),
        limits: WebLimits::default(),
        fonts: settings.fonts.clone(),
        second_opinion: Engines::locate(&settings.engines).is_ok_and(|engines| engines.has_second().is_ok()),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Says where the archive is served, and how the first administrator comes in.
async fn greet(settings: &Settings, house: &House, address: SocketAddr) -> Result<()> {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let data = settings.data.display();
    announce(&said!(
        "serving {data} at {scheme}://{address}/\n",
        "{data} 正在 {scheme}://{address}/ 提供服务\n"
    ));
    let public = public_address::of(settings, public_address::would_serve(settings, address), true);
    if let Some(advice) = &public.advice {
        note(advice);
    }
    if let Some((_, key)) = &settings.tls
        && let Some(mode) = world::open_to_others(key)
    {
        let key = key.display();
        note(&said!(
            "the TLS key {key} can be read by others (mode {mode:o}); make it yours alone: chmod 600 {key}",
            "别人也能读 TLS 私钥 {key}（权限 {mode:o}）；请只留给本账户：chmod 600 {key}"
        ));
    }
    if house.gate.setup_needed().await? {
        let secret = house.gate.issue_first_link().await?;
        let minutes = settings.first_link_minutes;
        let link = format!("{}{}", public.url, web::address::one_time_link(&secret));
        announce(&said!(
            "set up the first administrator within {minutes} minutes: {link}\n\
             a later start prints a new link and makes this one void\n",
            "请在 {minutes} 分钟内设置第一位系统管理员： {link}\n再次启动会给出新链接，此链接随之作废\n"
        ));
    }
    Ok(())
}

/// What the server does beside answering: documents are read again, images of the newest pages are made ahead.
struct Background {
    cancel: Cancel,
    beside: Option<(JoinHandle<()>, Cancel)>,
    rereading: JoinHandle<()>,
    uploads: JoinHandle<()>,
    checking: JoinHandle<()>,
    readying: Option<JoinHandle<()>>,
}

impl Background {
    fn start(
        settings: &Settings,
        house: &House,
        pool: Pool,
        images: &WorkerPageImages,
        tables: &Arc<dyn TableReader>,
        beside: Option<Beside>,
    ) -> Self {
        // Viewers have a worker of their own in this pool, so that nobody who looks at a page waits behind re-reading.
        let taker = UploadTaker {
            system: house.system.clone(),
            archive: house.archive.clone(),
            pool: pool.clone(),
            limits: RunLimits {
                readers: settings.workers,
                ..RunLimits::default()
            },
            images: images.maker().clone(),
            tables: tables.clone(),
        };
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
        let uploads = tokio::spawn({
            let cancel = cancel.clone();
            async move { taker.serve(&cancel).await }
        });
        let checking = tokio::spawn(check_daily(house.system.clone(), cancel.clone()));
        let (ended, has_ended) = oneshot::channel::<()>();
        let beside = beside.map(|Beside { work, cancel }| {
            let task = tokio::spawn(async move {
                if let Err(cause) = work.await {
                    complain(&Problem::of(&cause).text());
                }
                drop(ended);
            });
            (task, cancel)
        });
        let readying = images.readier(ReadyLimits::default()).map(|readier| {
            let cancel = cancel.clone();
            tokio::spawn(async move {
                // The end of the other work drops the sender; so does not having any.
                let _ = has_ended.await;
                readier.serve(&cancel).await;
            })
        });
        Self {
            cancel,
            beside,
            rereading,
            uploads,
            checking,
            readying,
        }
    }

    /// Documents under way are given back after the page in hand.
    async fn stop(self) {
        self.cancel.cancel();
        if let Some((task, cancel)) = self.beside {
            cancel.cancel();
            if let Err(error) = task.await {
                tracing::error!(%error, "serve.work_beside_failed");
            }
        }
        if let Err(error) = self.uploads.await {
            tracing::error!(%error, "upload.task_failed");
        }
        if let Err(error) = self.rereading.await {
            tracing::error!(%error, "reread.task_failed");
        }
        if let Err(error) = self.checking.await {
            tracing::error!(%error, "audit.check_task_failed");
        }
        if let Some(readying) = self.readying
            && let Err(error) = readying.await
        {
            tracing::error!(%error, "page_images.task_failed");
        }
    }
}

/// How old the newest check of the trail becomes before the server makes another.
const CHECK_EVERY_S: i64 = 24 * 60 * 60;
/// How often the server looks whether it is time.
const CHECK_LOOK: Duration = Duration::from_secs(10 * 60);

/// Checks the trail and the files once a day; what is found stands in the audit view and in that of today. The first look waits too, so that a start is
/// not held up by a long trail.
async fn check_daily(system: System, cancel: Cancel) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(CHECK_LOOK) => {}
            () = cancel.cancelled() => return,
        }
        match system.audit_check_when_older(CHECK_EVERY_S).await {
            Ok(Some(check)) if !check.problems.is_empty() => {
                tracing::error!(events = check.events, problems = ?check.problems, "audit.damaged");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, code = error.code(), "audit.check_failed"),
        }
        match system.files_check_when_older(CHECK_EVERY_S).await {
            Ok(Some(check)) if !check.problems.is_empty() => {
                tracing::error!(scans = check.scans, problems = ?check.problems, "files.damaged");
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, code = error.code(), "files.check_failed"),
        }
    }
}
