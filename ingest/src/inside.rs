//! The files inside a delivered file, a portfolio or a paper with others pinned to it: taken out by a decode worker into
//! staging, from where each goes the way of any scan.
//!
//! What they are called is a stranger's text: it is the end of the path that people see, and no path that is ever opened.
//! How many are taken out, how large and how deep is bounded for each delivered file; what lies beyond is named.

use crate::deposit::EnclosedFile;
use crate::identify::StagedFile;
use crate::pages::{OpenedScan, PageMeans, PagesStopped};
use crate::walk::{Walked, shown};
use reading::cancel::Cancel;
use reading::page::BesidePages;
use reading::reason::{PoolError, Refusal};
use reading::worker::FileTakenOut;
use records::scans::Vault;
use std::fs::File;
use std::io::{Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;
use vocabulary::detail::{Detail, DetailCode};

/// Files of one scan that may fail before the others are left where they are.
const FAILED_MAX: usize = 3;
/// Bytes of a name as it is shown.
const NAME_BYTES_MAX: usize = 200;
/// Names that are told.
const NAMES_TOLD: usize = 20;

/// What it takes to take files out.
pub struct TakingOut<'t> {
    pub means: &'t PageMeans,
    pub vault: &'t Vault,
    pub cancel: &'t Cancel,
    /// How often to look whether a full disk has room again, and whom to tell meanwhile.
    pub full_disk_retry: Duration,
    pub on_full: &'t (dyn Fn(&records::Error) + Sync),
}

/// What may still be taken out of one delivered file.
pub struct RoomInside {
    files: u32,
    bytes: u64,
}

/// What came of the files inside a scan.
#[derive(Default)]
pub struct TakenOut {
    pub taken: Vec<(StagedFile, u32)>,
    /// Papers that cannot be had, and why.
    pub damaged: Vec<(Walked, Refusal)>,
    /// Names of files that are no papers.
    pub not_read: Vec<String>,
    /// Names of files that are beyond the bounds.
    pub beyond: Vec<String>,
}

impl RoomInside {
    pub fn of(means: &PageMeans) -> RoomInside {
        RoomInside {
            files: means.limits.inside_files_max,
            bytes: means.limits.inside_bytes_max,
        }
    }
}

impl TakingOut<'_> {
    /// Takes out what is inside a scan that lies `depth` deep.
    pub async fn all_of(
        &self,
        scan: &StagedFile,
        beside: &BesidePages,
        depth: u32,
        room: &mut RoomInside,
    ) -> Result<TakenOut, PagesStopped> {
        let mut found = TakenOut::default();
        if beside.attachments == 0 {
            return Ok(found);
        }
        let mut opened = match depth < self.means.limits.inside_depth_max {
            true => self.open(scan).await?,
            false => None,
        };
        for at in 0..beside.attachments {
            if self.cancel.is_cancelled() {
                return Err(PagesStopped::Cancelled);
            }
            let Some(name) = beside.attached.get(at as usize) else {
                found.beyond.push(format!("{}", at + 1));
                break;
            };
            let is_room = room.files > 0 && found.damaged.len() < FAILED_MAX;
            let Some(opened) = opened.as_mut().filter(|_| is_room) else {
                found.beyond.push(name.clone());
                continue;
            };
            let path = path_of(scan, name, &found);
            match opened.inside(at).await {
                Ok(FileTakenOut::NotRead) => found.not_read.push(name.clone()),
                Ok(FileTakenOut::Read { bytes, .. }) if bytes > room.bytes => found.beyond.push(name.clone()),
                Ok(FileTakenOut::Read { media, bytes, file }) => {
                    room.files -= 1;
                    room.bytes -= bytes;
                    let walked = Walked { bytes, ..path };
                    let scan = self.staged(file).await?;
                    let file = walked;
                    found.taken.push((StagedFile { file, scan, media }, at));
                }
                Err(PoolError::Refused(refusal)) => found.damaged.push((path, refusal)),
                Err(unavailable) => return Err(PagesStopped::Workers(unavailable)),
            }
        }
        Ok(found)
    }

    /// Takes one out once more, whose first copy is gone. None where it cannot be had any more.
    pub async fn again(&self, scan: &StagedFile, inside: &EnclosedFile) -> Result<Option<StagedFile>, PagesStopped> {
        let Some(mut opened) = self.open(scan).await? else {
            return Ok(None);
        };
        match opened.inside(inside.at).await {
            Ok(FileTakenOut::Read { media, file, .. }) => {
                let scan = self.staged(file).await?;
                let file = inside.file.clone();
                Ok((scan.fingerprint == inside.fingerprint).then_some(StagedFile { file, scan, media }))
            }
            Ok(FileTakenOut::NotRead) | Err(PoolError::Refused(_)) => Ok(None),
            Err(unavailable) => Err(PagesStopped::Workers(unavailable)),
        }
    }

    /// None where it cannot be opened any more: what is inside is beyond reach then.
    async fn open(&self, scan: &StagedFile) -> Result<Option<OpenedScan>, PagesStopped> {
        let file = File::open(scan.scan.path()).map_err(records::Error::io(scan.scan.path()))?;
        let opened = self.means.reader.open(file, scan.scan.fingerprint, scan.media).await?;
        Ok(opened.ok())
    }

    /// Copies a file from memory into staging; waits while the disk is full.
    async fn staged(&self, file: File) -> Result<records::scans::StagedScan, PagesStopped> {
        loop {
            let mut copy = file.try_clone().map_err(in_memory)?;
            copy.seek(SeekFrom::Start(0)).map_err(in_memory)?;
            let vault = self.vault.clone();
            let staged = tokio::task::spawn_blocking(move || vault.stage(&mut copy)).await;
            match staged.map_err(|_| PagesStopped::Cancelled)? {
                Ok(scan) => return Ok(scan),
                Err(error) if error.is_full() => {
                    (self.on_full)(&error);
                    tokio::select! {
                        () = tokio::time::sleep(self.full_disk_retry) => {}
                        () = self.cancel.cancelled() => return Err(PagesStopped::Cancelled),
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn in_memory(error: std::io::Error) -> PagesStopped {
    PagesStopped::Record(records::Error::from(records::RefusedBecause::Interrupted {
        work: format!("copying from memory ({error})"),
    }))
}

/// Where people see it: below the scan that it was in, under a name that nothing else has there.
fn path_of(scan: &StagedFile, name: &str, found: &TakenOut) -> Walked {
    let clean = shown_name(name);
    let taken = found.taken.iter().map(|(file, _)| &file.file);
    let others: Vec<&Walked> = taken.chain(found.damaged.iter().map(|(file, _)| file)).collect();
    let below = |name: &str| Walked {
        relative: scan.file.relative.join(name),
        bytes: 0,
        ..scan.file.clone()
    };
    let is_free = |walked: &Walked| others.iter().all(|other| other.relative != walked.relative);
    let numbered = (2..).map(|number| below(&format!("{number} {clean}")));
    std::iter::once(below(&clean))
        .chain(numbered)
        .find(is_free)
        .unwrap_or_else(|| below(&clean))
}

/// The last part of a name, without what no name of a file holds.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let mut kept = String::new();
    for c in last.chars().filter(|c| !c.is_control()) {
        if kept.len() + c.len_utf8() > NAME_BYTES_MAX {
            break;
        }
        kept.push(c);
    }
    match kept.trim_matches('.') {
        "" => "file".to_owned(),
        _ => kept,
    }
}

/// What is told of the scan: how many were taken out, and which were not.
#[derive(Default)]
pub struct ToldOfInside {
    /// Beside its outcome.
    pub noted: Vec<Detail>,
    /// What a person has to look at.
    pub asked: Vec<Detail>,
}

impl TakenOut {
    pub fn told(&self, beside: &BesidePages, means: &PageMeans) -> ToldOfInside {
        let mut told = ToldOfInside::default();
        let own = self.taken.iter().map(|(file, _)| &file.file);
        let own = own.chain(self.damaged.iter().map(|(file, _)| file));
        let own: Vec<String> = own.map(last_name).collect();
        if !own.is_empty() {
            told.noted
                .push(DetailCode::FilesTakenOut.with(own.len()).with(names(&own)));
        }
        if !self.beyond.is_empty() {
            let limits = &means.limits;
            let bounds = DetailCode::FilesInsideBeyond
                .with(limits.inside_files_max)
                .with(limits.inside_bytes_max);
            told.asked
                .push(bounds.with(limits.inside_depth_max).with(names(&self.beyond)));
        }
        if !self.not_read.is_empty() {
            let of = |code: DetailCode| code.with(self.not_read.len()).with(names(&self.not_read));
            match beside.is_portfolio {
                true => told.asked.push(of(DetailCode::PapersInside)),
                false => told.noted.push(of(DetailCode::FilesAttached)),
            }
        }
        told
    }
}

/// What is told where nothing is taken out.
pub fn left_inside(beside: &BesidePages) -> ToldOfInside {
    let mut told = ToldOfInside::default();
    if beside.attachments == 0 {
        return told;
    }
    let of = |code: DetailCode| code.with(beside.attachments).with(names(&beside.attached));
    match beside.is_portfolio {
        true => told.asked.push(of(DetailCode::PapersInside)),
        false => told.noted.push(of(DetailCode::FilesAttached)),
    }
    told
}

fn last_name(file: &Walked) -> String {
    file.relative
        .file_name()
        .map_or_else(String::new, |name| shown(Path::new(name)))
}

/// The first names.
fn names(all: &[String]) -> String {
    let more = if all.len() > NAMES_TOLD { ", ..." } else { "" };
    all[..all.len().min(NAMES_TOLD)].join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_end_of_a_path_and_nothing_more() {
        let check = |name: &str, expected: &str| assert_eq!(shown_name(name), expected, "{name:?}");
        check("合同.pdf", "合同.pdf");
        check("../../etc/passwd", "passwd");
        check("C:\\Users\\li\\scan 1.tif", "scan 1.tif");
        check("a\nb\u{0}c.pdf", "abc.pdf");
        check("", "file");
        check("..", "file");
        check(&"长".repeat(200), &"长".repeat(66));
    }
}
