//! The life cycle of a worker: tie to the parent, load, enter the sandbox, send READY, answer requests until the end.
//!
//! Standard input is the socket to the parent; nothing else is used. A worker holds one scan at a
//! time and never answers out of turn.

#![expect(
    unsafe_code,
    reason = "standard input and the environment are taken over before anything else runs"
)]

use super::messages::{DecodeReply, DecodeRequest, PictureHeader, ReadReply, ReadRequest};
use super::sandbox::{FONT_FOLDERS, lock_in, tie_to_parent, wall_in_for_loading};
use super::wire;
use crate::bitmap::SharedBitmap;
use crate::decode::{Decoder, Picture, ScanDecoder, pictures};
use crate::engines::{Engines, Runtime, RuntimeChoice};
use crate::limits::{ScanLimits, WorkerLimits};
use crate::media::media_of;
use crate::read::Reader;
use crate::reason::Refusal;
use rustix::event::{PollFd, PollFlags, poll};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use vocabulary::detail::{Detail, DetailCode};
use vocabulary::{Language, Reason};

/// The whole life of a decode worker; `dossier worker decode` calls it first thing in `main`,
/// before any thread or runtime is started.
///
/// # Errors
/// When the engines are missing or damaged or the parent speaks another version. The parent
/// closing the socket is the normal end.
pub fn main_decode(engines_folder: &Path) -> io::Result<()> {
    let own_network = tie_to_parent();
    let socket = take_socket()?;
    let limits = WorkerLimits::decode();
    let engines = Engines::locate(engines_folder).map_err(io::Error::other)?;
    let decoder = Decoder::load(&engines).map_err(io::Error::other)?;
    let sandbox = lock_in(&limits, &FONT_FOLDERS.map(Path::new), own_network)?;
    watch_parent(&socket)?;
    let bytes_max = limits.message_bytes_max;
    wire::send(&socket, &DecodeReply::Ready { sandbox }, None, bytes_max)?;
    let mut open: Option<ScanDecoder<'_>> = None;
    while let Some((request, file)) = wire::receive::<DecodeRequest>(&socket, bytes_max)? {
        let (reply, file) = match answer_decode(&decoder, &mut open, request, file) {
            Ok(answer) => answer,
            Err(refusal) => (DecodeReply::Refused(refusal), None),
        };
        wire::send(&socket, &reply, file.as_ref().map(AsFd::as_fd), bytes_max)?;
    }
    Ok(())
}

/// The whole life of a read worker; see `main_decode`.
///
/// # Errors
/// As `main_decode`.
pub fn main_read(engines_folder: &Path, runtime: RuntimeChoice) -> io::Result<()> {
    let own_network = tie_to_parent();
    let socket = take_socket()?;
    let limits = WorkerLimits::read();
    let engines = Engines::locate(engines_folder).map_err(io::Error::other)?;
    wall_in_for_loading(engines.folder());
    let bytes_max = limits.message_bytes_max;
    let (mut reader, instead) = match load(&engines, runtime) {
        Ok(loaded) => loaded,
        Err(cause) => {
            wire::send(&socket, &ReadReply::NotReady(cause.clone()), None, bytes_max)?;
            return Err(io::Error::other(cause.text(Language::English)));
        }
    };
    let runtime = reader.runtime();
    keep_memory(runtime);
    // OpenVINO looks for its parts once more when the second network is loaded.
    let readable = matches!(runtime, Runtime::OpenVino(_)).then_some(engines.folder());
    let sandbox = lock_in(&limits, readable.as_slice(), own_network)?;
    watch_parent(&socket)?;
    wire::send(&socket, &ReadReply::Ready { sandbox, instead }, None, bytes_max)?;
    while let Some((request, file)) = wire::receive::<ReadRequest>(&socket, bytes_max)? {
        let reply = match answer_read(&mut reader, &request, file) {
            Ok(reading) => ReadReply::Read(reading),
            Err(refusal) => ReadReply::Refused(refusal),
        };
        wire::send(&socket, &reply, None, bytes_max)?;
        give_back(runtime);
    }
    Ok(())
}

/// The networks; where the processor chose a runtime that does not run here they are loaded with the other one, and it is
/// told why.
fn load(engines: &Engines, choice: RuntimeChoice) -> Result<(Reader, Option<Detail>), Detail> {
    let chosen = engines.runtime(choice);
    let chosen = chosen.map_err(|fault| DetailCode::SystemSays.with(fault.to_string()))?;
    match Reader::load(engines, chosen) {
        Ok(reader) => Ok((reader, None)),
        Err(cause) if choice == RuntimeChoice::Auto && chosen != Runtime::OnnxRuntime => {
            let reader = Reader::load(engines, Runtime::OnnxRuntime).map_err(|e| e.detail())?;
            Ok((reader, Some(cause.detail())))
        }
        Err(cause) => Err(cause.detail()),
    }
}

fn answer_decode<'d>(
    decoder: &'d Decoder,
    open: &mut Option<ScanDecoder<'d>>,
    request: DecodeRequest,
    file: Option<OwnedFd>,
) -> Result<(DecodeReply, Option<OwnedFd>), Refusal> {
    let failed = |e: io::Error| Refusal::of_system(Reason::PageFailed, e);
    match request {
        DecodeRequest::Open { media, limits } => {
            *open = None;
            let file = file.ok_or_else(|| Refusal::new(Reason::Unreadable, DetailCode::NoFileCame))?;
            let scan = decoder.open(File::from(file), media, &limits)?;
            let reply = DecodeReply::Opened {
                pages: scan.pages(),
                recovered: scan.recovered(),
                beside: scan.beside(),
            };
            *open = Some(scan);
            Ok((reply, None))
        }
        DecodeRequest::Page { index, read_anyway } => {
            let (page, bitmap) = opened(open)?.page(index, read_anyway)?;
            let header = bitmap.as_ref().map(|b| b.header());
            let file = bitmap.map(|b| crate::bitmap::sealed(b.data())).transpose();
            Ok((DecodeReply::Page { page, bitmap: header }, file.map_err(failed)?))
        }
        DecodeRequest::Inside { at } => {
            let bytes = opened(open)?.inside(at)?;
            let media = media_of(&bytes);
            let file = media
                .map(|_| crate::bitmap::sealed(&bytes))
                .transpose()
                .map_err(failed)?;
            let bytes = bytes.len() as u64;
            Ok((DecodeReply::Inside { media, bytes }, file))
        }
        DecodeRequest::View { index, request } => shown(opened(open)?.view(index, &request)?),
        DecodeRequest::Shrink {
            bitmap,
            request,
            limits,
        } => {
            let file = file.ok_or_else(|| Refusal::new(Reason::PageFailed, DetailCode::NoBitmapCame))?;
            let shared = SharedBitmap::from_file(bitmap, file, limits.page_pixels_max).map_err(failed)?;
            let bitmap = shared.to_bitmap().map_err(failed)?;
            drop(shared);
            shown(pictures(bitmap, &request, &limits)?)
        }
        DecodeRequest::Close => {
            *open = None;
            Ok((DecodeReply::Closed, None))
        }
    }
}

/// The pictures as they are sent.
fn shown(pictures: Vec<Picture>) -> Result<(DecodeReply, Option<OwnedFd>), Refusal> {
    let headers = pictures.iter().map(|picture| PictureHeader {
        kind: picture.kind,
        width: picture.width,
        height: picture.height,
        bytes: picture.bytes.len() as u64,
    });
    let reply = DecodeReply::View {
        pictures: headers.collect(),
    };
    let bytes = pictures.into_iter().map(|picture| picture.bytes).collect::<Vec<_>>();
    let file = crate::bitmap::sealed(&bytes.concat());
    Ok((
        reply,
        Some(file.map_err(|e| Refusal::of_system(Reason::PageFailed, e))?),
    ))
}

fn opened<'a, 'd>(open: &'a mut Option<ScanDecoder<'d>>) -> Result<&'a mut ScanDecoder<'d>, Refusal> {
    open.as_mut()
        .ok_or_else(|| Refusal::new(Reason::PageFailed, DetailCode::NoScanOpen))
}

fn answer_read(
    reader: &mut Reader,
    request: &ReadRequest,
    file: Option<OwnedFd>,
) -> Result<crate::layout::PageReading, Refusal> {
    let failed = |e: io::Error| Refusal::of_system(Reason::PageFailed, e);
    let file = file.ok_or_else(|| Refusal::new(Reason::PageFailed, DetailCode::NoBitmapCame))?;
    let pixels_max = ScanLimits::default().page_pixels_max;
    let shared = SharedBitmap::from_file(request.bitmap, file, pixels_max).map_err(failed)?;
    reader.read(&shared, request.how)
}

/// Returns the memory freed after loading the networks, as much as their size. With ONNX Runtime freed memory is kept
/// afterwards: each page allocates the same large blocks again, and faulting them in again took a seventh of the time of a
/// page. OpenVINO keeps what it needs by itself.
fn keep_memory(runtime: Runtime) {
    #[cfg(target_env = "gnu")]
    // SAFETY: constant arguments; nothing is shared with the threads of the runtime.
    unsafe {
        libc::malloc_trim(0);
        match runtime {
            Runtime::OnnxRuntime => {
                // The largest threshold that the allocator accepts; larger blocks still come from mmap.
                libc::mallopt(libc::M_MMAP_THRESHOLD, 32 << 20);
                libc::mallopt(libc::M_TRIM_THRESHOLD, i32::MAX);
            }
            Runtime::OpenVino(_) => {
                libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20);
            }
        }
    }
}

/// Returns what a page has left in the heap: OpenVINO makes code for each size of line that it meets, and the holes that
/// this leaves between what stays were 70 MB.
fn give_back(runtime: Runtime) {
    #[cfg(target_env = "gnu")]
    if matches!(runtime, Runtime::OpenVino(_)) {
        // SAFETY: a constant argument; nothing is shared with the threads of the runtime.
        unsafe { libc::malloc_trim(0) };
    }
}

/// Takes standard input as the socket.
pub(super) fn take_socket() -> io::Result<OwnedFd> {
    // SAFETY: file descriptor 0 is open for the whole life of the process.
    let stdin = unsafe { BorrowedFd::borrow_raw(0) };
    let socket = rustix::io::fcntl_dupfd_cloexec(stdin, 3)?;
    if rustix::net::getpeername(&socket).is_err() {
        return Err(io::Error::other("a worker is started by dossier itself, not by hand"));
    }
    Ok(socket)
}

/// Ends the process as soon as the parent's side of the socket is closed, also in the middle of a
/// long computation.
pub(super) fn watch_parent(socket: &OwnedFd) -> io::Result<()> {
    let socket = socket.try_clone()?;
    let watch = move || {
        loop {
            let mut fds = [PollFd::new(&socket, PollFlags::RDHUP)];
            match poll(&mut fds, None) {
                Ok(_) if fds[0].revents().intersects(PollFlags::RDHUP | PollFlags::HUP) => std::process::exit(0),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => std::process::exit(1),
            }
        }
    };
    std::thread::Builder::new()
        .name("watch-parent".to_owned())
        .spawn(watch)?;
    Ok(())
}
