//! The processes of a run, found from outside: all that live in its PID namespace, or all descendants of its first
//! process where there is no such namespace.

use crate::prelude::*;
use crate::sys::fd::{AsFd, OwnedFd};
use crate::sys::{fs, io, process};

/// The processes of one run.
pub enum Tree {
    /// `/proc` of the sandbox lists its processes and no others; 1 is the first, which is not the script's.
    Namespace { proc: OwnedFd },
    /// The host's `/proc`, and the process that all others descend from, which is not the script's.
    Descendants { proc: OwnedFd, first: u32 },
}

impl Tree {
    /// The directory in which [`Tree::pids`] are names.
    pub fn proc(&self) -> &OwnedFd {
        match self {
            Self::Namespace { proc } | Self::Descendants { proc, .. } => proc,
        }
    }

    /// The script's processes, and the first one.
    pub fn pids(&self) -> (Vec<u32>, u32) {
        match self {
            Self::Namespace { proc } => {
                let mut pids = fs::open_to_list(proc.as_fd()).map_or(vec![], |proc| numbers(&proc));
                pids.retain(|pid| *pid != 1);
                (pids, 1)
            }
            Self::Descendants { first, .. } => (descendants(*first), *first),
        }
    }
}

/// All processes below one, nearest first. proc_pid_task(5): `children` lists the children of one thread.
pub fn descendants(of: u32) -> Vec<u32> {
    let mut found = children(of);
    let mut at = 0;
    while at < found.len() {
        found.extend(children(found[at]));
        at += 1;
    }
    found
}

fn children(of: u32) -> Vec<u32> {
    let mut children = vec![];
    for thread in threads(of) {
        let list = fs::read_to_string(&format!("/proc/{of}/task/{thread}/children")).unwrap_or_default();
        children.extend(list.split_ascii_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
    }
    children
}

/// Ids of the threads of a process.
pub fn threads(of: u32) -> Vec<u32> {
    fs::open_directory(&format!("/proc/{of}/task")).map_or(vec![], |tasks| numbers(&tasks))
}

/// The names in a directory that are numbers.
fn numbers(directory: &OwnedFd) -> Vec<u32> {
    fs::entries(directory).flatten().filter_map(|entry| entry.name.to_str().ok()?.parse().ok()).collect()
}

/// Ends everything below this process and waits until it is gone. Nothing can be added meanwhile: a new process needs
/// the supervisor's leave, and the supervisor does not give any once a run is over.
pub fn end_descendants() -> io::Result<()> {
    let own = process::pid().unsigned_abs();
    loop {
        for pid in descendants(own) {
            process::kill_pid(pid as libc::pid_t, libc::SIGKILL);
        }
        match process::wait(-1) {
            Ok(_) => {}
            Err(e) if e.is(libc::ECHILD) => return Ok(()),
            Err(e) => return Err(e),
        }
    }
}
