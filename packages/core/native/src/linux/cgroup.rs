//! Control groups, where one can be had: exact accounting of all that a run holds, and the kernel's own limit.
//!
//! Version 2: a new group beside or below our own, into which the first process is born. Version 1: a new group in the
//! memory hierarchy, which the program's process joins by itself: moving a process from outside takes the kernel 5 to 15 ms
//! (it waits for an RCU grace period), writing 0 to one's own `tasks` takes 30 µs.

use core::time::Duration;

use crate::prelude::*;
use crate::spec::Limits;
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::{fs, io, process, time};

const V1_MEMORY: &str = "/sys/fs/cgroup/memory";
const V2_MOUNTS: [&str; 2] = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];
const PREFIX: &str = "skillbox-";
/// All that is read of a group is shorter.
const MAX_FACT_BYTES: usize = 4096;

/// A group of our own, until it is dropped.
pub struct Cgroup {
    kind: Kind,
    directory: String,
    /// What was read of it, to be read again.
    facts: Vec<(&'static str, OwnedFd)>,
    removed: bool,
}

enum Kind {
    /// Not ready yet.
    Unfinished,
    /// The directory, opened for `CLONE_INTO_CGROUP`.
    V2(OwnedFd),
    /// `tasks`, opened for writing.
    V1(OwnedFd),
}

/// What the group knows about its processes.
#[derive(Debug, Default, Clone, Copy)]
pub struct Account {
    pub peak_memory_bytes: u64,
    /// Nothing where the group does not add it up.
    pub cpu_ms: Option<f64>,
    pub out_of_memory: bool,
    pub out_of_pids: bool,
}

impl Cgroup {
    /// Makes a group with the limits, or says why there is none.
    pub fn create(limits: &Limits) -> io::Result<Self> {
        Self::for_birth(limits).or_else(|_| Self::for_joining(limits))
    }

    /// Version 2: has to be there when the first process is made.
    pub fn for_birth(limits: &Limits) -> io::Result<Self> {
        // A controller belongs to one hierarchy only. This file is never one of version 2.
        if fs::exists(&format!("{V1_MEMORY}/memory.usage_in_bytes")) {
            return Err(not_found());
        }
        let mount = V2_MOUNTS.into_iter().find(|mount| {
            let controllers = fs::read_to_string(&format!("{mount}/cgroup.controllers"));
            // The others may all be of version 1.
            controllers.is_ok_and(|text| text.split_whitespace().any(|controller| controller == "memory"))
        });
        let mount = mount.ok_or_else(not_found)?;
        let own = own_groups()?;
        let own = own.lines().find_map(|line| line.strip_prefix("0::")).ok_or_else(not_found)?;
        let own = join_path(mount, own);
        // Below our own group only if that one has no processes (it has us, unless it is the root), so mostly beside.
        let parents = [Some(own.as_str()), parent_of(&own)];
        let parent = parents.into_iter().flatten().find(|directory| {
            fs::read_to_string(&format!("{directory}/cgroup.subtree_control"))
                .is_ok_and(|text| ["memory", "pids"].iter().all(|c| text.split_whitespace().any(|on| on == *c)))
        });
        let directory = make_directory(parent.ok_or_else(not_found)?)?;
        let mut group = Self { kind: Kind::Unfinished, directory, facts: vec![], removed: false };
        group.set("memory.max", limits.memory_bytes)?;
        group.set("memory.oom.group", 1)?;
        // Not there on a system without swap.
        let _ = group.set("memory.swap.max", 0);
        // The first process is ours, not the script's.
        group.set("pids.max", limits.pids + 1)?;
        group.kind = Kind::V2(fs::open_directory(&group.directory)?);
        Ok(group)
    }

    /// Version 1: can be joined at any time.
    pub fn for_joining(limits: &Limits) -> io::Result<Self> {
        let own = own_groups()?;
        let path = own.lines().find_map(|line| {
            let (_, rest) = line.split_once(':')?;
            let (controllers, path) = rest.split_once(':')?;
            controllers.split(',').any(|controller| controller == "memory").then_some(path)
        });
        let parent = join_path(V1_MEMORY, path.ok_or_else(not_found)?);
        let directory = make_directory(&parent)?;
        let mut group = Self { kind: Kind::Unfinished, directory, facts: vec![], removed: false };
        group.set("memory.limit_in_bytes", limits.memory_bytes)?;
        // Not there without swap accounting.
        let _ = group.set("memory.memsw.limit_in_bytes", limits.memory_bytes);
        group.kind = Kind::V1(fs::open(&group.file("tasks"), libc::O_WRONLY)?);
        Ok(group)
    }

    pub fn version(&self) -> &'static str {
        match self.kind {
            Kind::V2(_) => "v2",
            Kind::Unfinished | Kind::V1(_) => "v1",
        }
    }

    /// Whether the group also limits the number of processes.
    pub fn counts_processes(&self) -> bool {
        matches!(self.kind, Kind::V2(_))
    }

    /// Where the first process is to be born.
    pub fn birthplace(&self) -> Option<BorrowedFd<'_>> {
        match &self.kind {
            Kind::V2(directory) => Some(directory.as_fd()),
            Kind::Unfinished | Kind::V1(_) => None,
        }
    }

    /// What the program's process needs in order to [`join`].
    pub fn tasks(&self) -> Option<BorrowedFd<'_>> {
        match &self.kind {
            Kind::Unfinished | Kind::V2(_) => None,
            Kind::V1(tasks) => Some(tasks.as_fd()),
        }
    }

    fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.directory)
    }

    fn set(&self, name: &str, value: u64) -> io::Result<()> {
        fs::write(&self.file(name), &value.to_string())
    }

    /// Opens what is to be read at the end, when somebody waits for it.
    pub fn open_facts(&mut self) {
        self.account();
    }

    fn read(&mut self, name: &'static str) -> String {
        if !self.facts.iter().any(|(known, _)| *known == name) {
            self.facts.extend(fs::open(&self.file(name), libc::O_RDONLY).ok().map(|file| (name, file)));
        }
        let file = self.facts.iter().find(|(known, _)| *known == name).map(|(_, file)| file.as_fd());
        let text = file.and_then(|file| fd::read_from_start(file, MAX_FACT_BYTES).ok()).unwrap_or_default();
        String::from_utf8_lossy(&text).into_owned()
    }

    fn number(&mut self, name: &'static str) -> u64 {
        self.read(name).trim().parse().unwrap_or(0)
    }

    fn field(&mut self, name: &'static str, field: &str) -> u64 {
        let value = |line: &str| line.strip_prefix(field)?.trim().parse().ok();
        self.read(name).lines().find_map(value).unwrap_or(0)
    }

    /// What its processes hold now.
    pub fn memory_bytes(&mut self) -> u64 {
        self.number(match self.kind {
            Kind::V2(_) => "memory.current",
            Kind::Unfinished | Kind::V1(_) => "memory.usage_in_bytes",
        })
    }

    pub fn account(&mut self) -> Account {
        match self.kind {
            Kind::Unfinished => Account::default(),
            Kind::V2(_) => Account {
                peak_memory_bytes: self.number("memory.peak"),
                cpu_ms: Some(self.field("cpu.stat", "usage_usec") as f64 / 1e3),
                out_of_memory: self.field("memory.events", "oom_kill") > 0,
                out_of_pids: self.field("pids.events", "max") > 0,
            },
            Kind::V1(_) => Account {
                peak_memory_bytes: self.number("memory.max_usage_in_bytes"),
                cpu_ms: None,
                out_of_memory: self.field("memory.oom_control", "oom_kill") > 0,
                out_of_pids: false,
            },
        }
    }

    /// Removes the group if nobody is in it any more.
    pub fn remove_if_empty(&mut self) {
        self.removed |= fs::remove_dir(&self.directory).is_ok();
    }
}

/// Moves this process into a group that it was not born in, by its `tasks`.
pub fn join(tasks: Option<BorrowedFd<'_>>) -> io::Result<()> {
    tasks.map_or(Ok(()), |tasks| fd::write_all(tasks, b"0"))
}

impl Drop for Cgroup {
    fn drop(&mut self) {
        if self.removed {
            return;
        }
        // A process that was killed a moment ago may still be leaving.
        for _ in 0..100 {
            match fs::remove_dir(&self.directory) {
                Err(e) if e.is(libc::EBUSY) => {
                    time::sleep(Duration::from_millis(1));
                }
                _ => break,
            }
        }
    }
}

fn join_path(mount: &str, path: &str) -> String {
    let below = path.trim_matches('/');
    if below.is_empty() { mount.to_owned() } else { format!("{mount}/{below}") }
}

fn parent_of(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

/// The groups that this process is in, of all versions. cgroups(7).
fn own_groups() -> io::Result<String> {
    fs::read_to_string("/proc/self/cgroup")
}

fn make_directory(parent: &str) -> io::Result<String> {
    let directory = format!("{parent}/{PREFIX}{}", process::pid());
    match fs::create_dir(&directory, 0o777) {
        // Left by a supervisor that was killed and had our number: empty, or it would not be gone.
        Err(e) if e.is(libc::EEXIST) => {
            fs::remove_dir(&directory)?;
            fs::create_dir(&directory, 0o777)?;
        }
        other => other?,
    }
    Ok(directory)
}

/// Removes groups whose supervisor was killed before it could.
pub fn sweep(group: &Cgroup) {
    let parent = parent_of(&group.directory).unwrap_or_default();
    let Ok(groups) = fs::open_directory(parent) else { return };
    for entry in fs::entries(&groups).flatten() {
        let owner = entry.name.to_str().ok().and_then(|name| name.strip_prefix(PREFIX));
        if owner.is_some_and(|pid| !fs::exists(&format!("/proc/{pid}"))) {
            let _ = fd::remove_at(groups.as_fd(), &entry.name, true);
        }
    }
}

fn not_found() -> io::Error {
    io::Error::from_raw_os_error(libc::ENOENT)
}
