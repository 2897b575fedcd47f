//! Workers of one kind: which are idle or in use, and the back-off when they die too often.

use super::messages::{DecodeReply, ReadReply};
use super::process::{CallError, Worker, WorkerCommand, machine_is_idle};
use crate::limits::{PoolLimits, WorkerLimits};
use crate::reason::{PoolError, Refusal};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use vocabulary::detail::{Detail, DetailCode};
use vocabulary::{Language, Reason};

/// So many times a worker that was killed while it started is started again.
const STARTS_AGAIN_MAX: u32 = 2;
/// The lowest priority there is.
const NICENESS_MOST: i32 = 19;
/// How often the machine is looked at while a page waits for it to be idle.
const IDLE_LOOK: Duration = Duration::from_millis(200);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CrewTask {
    Decode,
    Read,
    /// Decodes at idle priority.
    Spare,
}

/// Workers of one kind.
pub(super) struct Crew {
    role: CrewTask,
    /// Runs at idle priority.
    lowest_priority: bool,
    command: WorkerCommand,
    pub limits: WorkerLimits,
    pool: PoolLimits,
    places: Arc<Semaphore>,
    size: u32,
    pub idle: Mutex<Vec<Worker>>,
    deaths: Mutex<VecDeque<Instant>>,
    pub death_count: AtomicU64,
    pub resident_peak: AtomicU64,
    pub processor_ms: AtomicU64,
    /// Why another runtime than the one for this processor reads.
    pub instead: OnceLock<Detail>,
}

impl Crew {
    pub fn new(role: CrewTask, command: WorkerCommand, limits: WorkerLimits, pool: PoolLimits, places: usize) -> Crew {
        Crew {
            role,
            lowest_priority: role == CrewTask::Spare,
            command,
            limits,
            pool,
            places: Arc::new(Semaphore::new(places.max(1))),
            size: u32::try_from(places.max(1)).unwrap_or(u32::MAX),
            idle: Mutex::new(Vec::new()),
            deaths: Mutex::new(VecDeque::new()),
            death_count: AtomicU64::new(0),
            resident_peak: AtomicU64::new(0),
            processor_ms: AtomicU64::new(0),
            instead: OnceLock::new(),
        }
    }

    /// An idle worker or a fresh one, as soon as there is a place.
    pub async fn take(self: &Arc<Self>) -> Result<BorrowedWorker, PoolError> {
        self.take_with(1).await
    }

    /// A worker while no other of this kind works, and once the machine is idle, if it is within the time that a page may
    /// take. For a page that ran out of time: others may have had its share.
    pub async fn take_alone(self: &Arc<Self>) -> Result<BorrowedWorker, PoolError> {
        let lease = self.take_with(self.size).await?;
        let until = Instant::now() + self.limits.page_time;
        while !machine_is_idle() && Instant::now() < until {
            tokio::time::sleep(IDLE_LOOK).await;
        }
        Ok(lease)
    }

    async fn take_with(self: &Arc<Self>, places: u32) -> Result<BorrowedWorker, PoolError> {
        let place = self.places.clone().acquire_many_owned(places).await;
        let place = place.map_err(|e| PoolError::Unavailable(Detail::of_system(e)))?;
        let idle = lock(&self.idle).pop();
        let worker = match idle {
            Some(worker) => worker,
            None => self.started().await?,
        };
        Ok(BorrowedWorker {
            crew: self.clone(),
            worker: Some(worker),
            used: Duration::ZERO,
            _place: place,
        })
    }

    /// A fresh worker. One that is killed while it starts may have been killed from outside, and another one is tried.
    async fn started(&self) -> Result<Worker, PoolError> {
        let mut killed = 0;
        loop {
            self.back_off().await;
            let error = match self.start().await {
                Ok(worker) => return Ok(worker),
                Err(error) => error,
            };
            self.note_death();
            killed += 1;
            if !matches!(error, CallError::Died(_)) || killed > STARTS_AGAIN_MAX {
                return Err(PoolError::Unavailable(error.detail()));
            }
            tracing::warn!(role = ?self.role, %error, "a worker ended while it started");
        }
    }

    async fn start(&self) -> Result<Worker, CallError> {
        let mut worker = Worker::start(&self.command, &self.limits).await?;
        let sandbox = match self.role {
            CrewTask::Decode | CrewTask::Spare => match worker.ready().await? {
                DecodeReply::Ready { sandbox } => Some(sandbox),
                _ => None,
            },
            CrewTask::Read => match worker.ready().await? {
                ReadReply::Ready { sandbox, instead } => {
                    self.note_instead(instead);
                    Some(sandbox)
                }
                ReadReply::NotReady(why) => return Err(CallError::NotReady(why)),
                _ => None,
            },
        };
        let Some(sandbox) = sandbox else {
            return Err(CallError::Died("it spoke out of turn".to_owned()));
        };
        if self.lowest_priority {
            // Best effort: where it is not allowed the worker is merely less polite.
            let pid = i32::try_from(worker.pid())
                .ok()
                .and_then(rustix::process::Pid::from_raw);
            let _ = rustix::process::setpriority_process(pid, NICENESS_MOST);
        }
        tracing::debug!(role = ?self.role, pid = worker.pid(), sandbox, "worker ready");
        Ok(worker)
    }

    /// Says once that pages are read by another runtime than the one for this processor.
    fn note_instead(&self, why: Option<Detail>) {
        let Some(why) = why.filter(|_| self.instead.get().is_none()) else {
            return;
        };
        let cause = why.text(Language::English);
        tracing::warn!(cause, "pages are read by ONNX Runtime, which is slower");
        // Two that start at once say the same.
        let _ = self.instead.set(why);
    }

    /// Waits when workers die faster than they should, so that a poisonous batch cannot turn the
    /// machine into a restart storm.
    async fn back_off(&self) {
        let recent = {
            let mut deaths = lock(&self.deaths);
            while deaths.front().is_some_and(|d| d.elapsed() > self.pool.death_window) {
                deaths.pop_front();
            }
            deaths.len()
        };
        let Some(beyond) = recent.checked_sub(self.pool.deaths_max) else {
            return;
        };
        let delay = self.pool.restart_delay * (1u32 << beyond.min(6));
        tracing::warn!(role = ?self.role, recent, ?delay, "workers die often, waiting");
        tokio::time::sleep(delay).await;
    }

    fn note_death(&self) {
        self.death_count.fetch_add(1, Ordering::Relaxed);
        lock(&self.deaths).push_back(Instant::now());
    }
}

/// A worker in use. Goes back to its crew when dropped, if it is still good.
pub(super) struct BorrowedWorker {
    crew: Arc<Crew>,
    worker: Option<Worker>,
    /// Processor time that this borrower has had.
    pub used: Duration,
    _place: OwnedSemaphorePermit,
}

impl BorrowedWorker {
    pub fn worker(&self) -> Option<&Worker> {
        self.worker.as_ref()
    }

    pub async fn ask<Q: serde::Serialize, R: serde::de::DeserializeOwned>(
        &mut self,
        request: &Q,
        file: Option<std::os::fd::BorrowedFd<'_>>,
        time: Duration,
    ) -> Result<(R, Option<std::os::fd::OwnedFd>), CallError> {
        let Some(worker) = self.worker.as_mut() else {
            return Err(CallError::Died("it was killed before".to_owned()));
        };
        let before = worker.processor_time;
        let answer = worker.ask(request, file, time).await;
        let used = worker.processor_time.saturating_sub(before);
        self.used = self.used.saturating_add(used);
        let used = used.as_millis() as u64;
        self.crew.processor_ms.fetch_add(used, Ordering::Relaxed);
        self.crew
            .resident_peak
            .fetch_max(worker.resident_peak, Ordering::Relaxed);
        if let Err(error) = &answer {
            tracing::warn!(role = ?self.crew.role, pid = worker.pid(), %error, "worker lost");
            self.condemn();
        }
        answer
    }

    /// Kills the worker.
    pub fn condemn(&mut self) {
        if self.worker.take().is_some() {
            self.crew.note_death();
        }
    }
}

impl Drop for BorrowedWorker {
    fn drop(&mut self) {
        if let Some(worker) = self.worker.take().filter(Worker::reusable) {
            lock(&self.crew.idle).push(worker);
        }
    }
}

/// Whether a lost worker means that this scan or page is given up, and with which reason. Too much
/// memory is; being killed or stopped may have come from outside and gets a second try.
pub(super) fn give_up(error: &CallError, kills: u32, kills_max: u32) -> Result<(), PoolError> {
    let reason = match error {
        CallError::OutOfMemory(_) => Reason::OutOfMemory,
        _ if kills < kills_max => return Ok(()),
        CallError::TimedOut(_) | CallError::Starved(_) => Reason::TimedOut,
        CallError::Died(_) | CallError::Confused(_) => Reason::PageFailed,
        CallError::NotStarted(_) | CallError::NotReady(_) => return Err(PoolError::Unavailable(error.detail())),
    };
    Err(Refusal::new(reason, error.detail()).into())
}

pub(super) fn out_of_turn() -> PoolError {
    Refusal::new(Reason::PageFailed, DetailCode::WorkerOutOfTurn).into()
}

/// The data behind these locks is valid at every point where a panic could leave it.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
