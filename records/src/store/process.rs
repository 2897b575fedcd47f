//! Which process this is, and whether another has ended: told by its number where that means the same as here.

use rustix::process::{Pid, test_kill_process};

/// This machine, as people call it.
pub(crate) fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

/// What tells a process of this machine from a later one of the same number: the start of the machine, the namespace in
/// which its number holds, and its own start. Empty where the system does not say.
pub(crate) fn mark_of(process: u32) -> String {
    match (place(), started(process)) {
        (Some(place), Some(at)) => format!("{place} {}", at.ticks),
        _ => String::new(),
    }
}

/// Whether a process has provably ended: only where its number means the same as here, which is on this machine since it
/// was last started and among the processes that this one sees.
pub(crate) fn has_ended(process: i64, mark: &str) -> bool {
    let (Some((place_then, ticks)), Ok(process)) = (mark.rsplit_once(' '), u32::try_from(process)) else {
        return false;
    };
    if place().as_deref() != Some(place_then) {
        return false;
    }
    let Some(pid) = i32::try_from(process).ok().and_then(Pid::from_raw) else {
        return false;
    };
    if test_kill_process(pid) == Err(rustix::io::Errno::SRCH) {
        return true;
    }
    // Another process has the number by now, or it ended and its parent has not looked yet.
    started(process).is_some_and(|at| at.is_ended || at.ticks.to_string() != ticks)
}

/// The start of the machine, and the namespace in which numbers of processes hold.
fn place() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{} {}", boot.trim(), namespace.display()))
}

struct Started {
    /// Clock ticks after the start of the machine.
    ticks: u64,
    is_ended: bool,
}

fn started(process: u32) -> Option<Started> {
    let line = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program is in brackets and may hold anything; the state is the first field after it.
    let fields: Vec<&str> = line.rsplit_once(')')?.1.split_whitespace().collect();
    Some(Started {
        ticks: fields.get(19)?.parse().ok()?,
        is_ended: matches!(fields.first(), Some(&("Z" | "X"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn only_a_process_that_has_ended_is_gone() {
        let own = std::process::id();
        assert!(!has_ended(i64::from(own), &mark_of(own)), "this one is alive");
        let mut other = Command::new("cat").stdin(Stdio::piped()).spawn().expect("a process");
        let number = i64::from(other.id());
        let at = started(other.id()).expect("it runs");
        let place = place().expect("Linux says so");
        let (alive, reused) = (mark_of(other.id()), format!("{place} {}", at.ticks + 1));
        assert!(!has_ended(number, &alive));
        assert!(has_ended(number, &reused), "its number belongs to a later process");
        let elsewhere = format!("another-boot pid:[1] {}", at.ticks + 1);
        assert!(!has_ended(number, &elsewhere), "numbers of other machines say nothing");
        drop(other.stdin.take());
        // The parent has not waited for it yet: it shows as ended.
        let id = other.id();
        while started(id).is_some_and(|at| !at.is_ended) {
            std::thread::yield_now();
        }
        assert!(has_ended(number, &alive));
        other.wait().expect("it ended");
        assert!(has_ended(number, &alive));
        assert!(!has_ended(0, ""), "nothing is known of it");
    }
}
