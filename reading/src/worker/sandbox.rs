//! The sandbox of a worker: entered by the worker itself once everything it needs is loaded.
//!
//! Each layer is best effort, because kernels differ; the layers in force are stated in one line that the
//! parent logs. Resource limits and the death signal are not optional.

#![expect(unsafe_code, reason = "walls of the kernel that no crate wraps")]

use crate::limits::WorkerLimits;
use landlock::{
    ABI, Access, AccessFs, AccessNet, PathBeneath, PathFd, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope,
};
use rustix::process::{Resource, Rlimit, setrlimit};
use std::io;
use std::path::Path;

/// Open files a worker may have: three streams, the scan, a bitmap, and libraries' own.
const OPEN_FILES_MAX: u64 = 64;
/// Bytes of a file, which is also the largest bitmap: 120 million pixels in RGB are 360 MB.
const FILE_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Where fonts are on Linux; pdfium draws text whose font is not embedded with these.
pub(super) const FONT_FOLDERS: [&str; 3] = [
    "/usr/share/fonts",
    "/usr/share/X11/fonts/Type1",
    "/usr/local/share/fonts",
];

/// Before anything is loaded: die with the parent and by nobody else who asks it to end (a service manager asks all
/// processes of a service at once, and the parent ends its workers in order), no core files, no network of its own.
pub(super) fn tie_to_parent() -> bool {
    // SAFETY: prctl, signal and unshare with constant arguments touch no memory of ours.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_IGN);
        libc::signal(libc::SIGTERM, libc::SIG_IGN);
        libc::signal(libc::SIGHUP, libc::SIG_IGN);
        libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
        libc::prctl(libc::PR_SET_DUMPABLE, 0);
        libc::unshare(libc::CLONE_NEWNET) == 0
    }
}

/// Before a runtime is loaded that starts threads: the wall of a thread holds for those that it starts later, and not for
/// those that are there. Only the engines, libraries, and what the kernel says of the processor can be read from here on:
/// no settings, which may name passwords.
pub(super) fn wall_in_for_loading(engines: &Path) {
    let folders = [
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/proc",
        "/sys/devices",
    ];
    let readable = folders.iter().map(Path::new).chain([engines]);
    restrict(&readable.collect::<Vec<_>>());
}

/// After everything is loaded: nothing new can be opened, and memory is bounded.
///
/// # Errors
/// When a resource limit cannot be set; a worker without limits must not run.
pub(super) fn lock_in(limits: &WorkerLimits, readable: &[&Path], own_network: bool) -> io::Result<String> {
    for (resource, value) in [
        (Resource::Core, 0),
        (Resource::Nofile, OPEN_FILES_MAX),
        (Resource::Fsize, FILE_BYTES_MAX),
        (Resource::Data, limits.data_bytes_max),
    ] {
        setrlimit(
            resource,
            Rlimit {
                current: Some(value),
                maximum: Some(value),
            },
        )?;
    }
    // SAFETY: constant arguments only.
    let no_new_privileges = unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 };
    let landlock = restrict(readable);
    Ok(format!(
        "landlock {landlock}, network {}, no new privileges {}",
        if own_network { "none" } else { "shared" },
        if no_new_privileges { "yes" } else { "no" },
    ))
}

fn restrict(readable: &[&Path]) -> String {
    let abi = ABI::V7;
    let rules = || -> Result<RulesetStatus, landlock::RulesetError> {
        let mut rules = Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?;
        for folder in readable.iter().filter(|folder| folder.is_dir()) {
            if let Ok(fd) = PathFd::new(folder) {
                rules = rules.add_rule(PathBeneath::new(fd, AccessFs::from_read(abi)))?;
            }
        }
        Ok(rules.restrict_self()?.ruleset)
    };
    match rules() {
        Ok(RulesetStatus::FullyEnforced) => "full".to_owned(),
        Ok(RulesetStatus::PartiallyEnforced) => "partial".to_owned(),
        Ok(RulesetStatus::NotEnforced) => "not available".to_owned(),
        Err(error) => format!("failed ({error})"),
    }
}
