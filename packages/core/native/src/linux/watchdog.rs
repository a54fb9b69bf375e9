//! Looks at the tree now and then: what it holds, what it has used, how many there are. Exact where a cgroup accounts;
//! else an estimate that counts too much rather than too little, checked more closely before it ends a run.

use alloc::collections::BTreeMap;

use super::cgroup::{Account, Cgroup};
use super::deleted_mappings::deleted_mappings;
use super::processor_time::{ProcessorTime, Ticks};
use super::tree::{self, Tree};
use crate::prelude::*;
use crate::sys::fd::{self, AsFd, OwnedFd};
use crate::sys::process::page_bytes;
use crate::sys::time::Instant;
use crate::sys::{c_string, fs};

/// The most memory that the buffers of one socket can hold (net.core.wmem_default, which a script cannot raise).
const SOCKET_BYTES: u64 = 208 << 10;
/// The default capacity of a pipe, which a script cannot raise; two descriptors make one.
const PIPE_BYTES: u64 = 64 << 10;
/// So many descriptors a process are taken for files.
const PLAIN_DESCRIPTORS: u64 = 8;

/// What was seen at one look.
#[derive(Debug, Default, Clone, Copy)]
pub struct Sample {
    pub memory_bytes: u64,
    pub cpu_ms: f64,
    /// Processes and threads, without the first process, which is not the script's.
    pub pids: u64,
    pub out_of_memory: bool,
    pub out_of_pids: bool,
}

pub struct Watchdog {
    tree: Tree,
    /// Private file systems, whose contents count as memory.
    tmpfs: Vec<OwnedFd>,
    processor: ProcessorTime,
}

#[derive(Default)]
struct Process {
    threads: u64,
    ticks: Ticks,
    memory: Memory,
    descriptors: u64,
}

/// What one process holds, as far as it is alone with it.
#[derive(Default)]
struct Memory {
    /// Pages that a fork shares are counted for each process.
    anonymous_bytes: u64,
    table_bytes: u64,
}

impl Watchdog {
    pub fn new(tree: Tree, tmpfs: Vec<OwnedFd>) -> Self {
        Self { tree, tmpfs, processor: ProcessorTime::new() }
    }

    /// Looks at the tree. `limit_bytes` is where an estimate is worth checking.
    pub fn look(&mut self, cgroup: Option<&mut Cgroup>, limit_bytes: u64) -> Sample {
        let mut sample = Sample::default();
        let (pids, first) = self.tree.pids();
        let processes: BTreeMap<u32, Process> =
            pids.iter().map(|pid| (*pid, self.process(*pid, cgroup.is_none()))).collect();
        sample.pids = processes.values().map(|process| process.threads).sum();
        let mut ticks: BTreeMap<u32, Ticks> = processes.iter().map(|(pid, process)| (*pid, process.ticks)).collect();
        // It has reaped the script's orphans, whose time is therefore its own.
        ticks.insert(first, Ticks { runs: false, ..self.process(first, false).ticks });
        if let Some(cgroup) = cgroup {
            let account: Account = cgroup.account();
            let told: f64 = self.processor.account(ticks, Instant::now());
            sample.memory_bytes = cgroup.memory_bytes();
            sample.cpu_ms = account.cpu_ms.unwrap_or(told);
            sample.out_of_memory = account.out_of_memory;
            sample.out_of_pids = account.out_of_pids;
            return sample;
        }
        sample.cpu_ms = self.processor.account(ticks, Instant::now());
        sample.memory_bytes = self.memory_bytes(&processes, limit_bytes);
        sample
    }

    fn memory_bytes(&self, processes: &BTreeMap<u32, Process>, limit_bytes: u64) -> u64 {
        let sum = |bytes: fn(&Process) -> u64| processes.values().map(bytes).sum::<u64>();
        let files: u64 = self.tmpfs.iter().filter_map(|root| fd::used_bytes(root.as_fd()).ok()).sum();
        let descriptors = sum(|process| process.descriptors.saturating_sub(PLAIN_DESCRIPTORS));
        let certain = files + sum(|process| process.memory.table_bytes) + self.kernel_bytes(descriptors);
        let anonymous = sum(|process| process.memory.anonymous_bytes);
        if certain > limit_bytes || certain + anonymous <= limit_bytes {
            return certain + anonymous;
        }
        // Ask for the exact share of pages that a fork shares, which takes longer.
        certain + processes.iter().map(|(pid, process)| self.exact_anonymous_bytes(*pid, process)).sum::<u64>()
    }

    fn process(&self, pid: u32, with_memory: bool) -> Process {
        let mut process = Process::default();
        let Some(stat) = self.read(&format!("{pid}/stat")) else { return process };
        // The name in parentheses may hold anything, so fields are counted from the last one: state is field 3.
        let Some((_, fields)) = stat.rsplit_once(')') else { return process };
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        process.threads = field(20);
        // utime, stime, and those of children that were waited for. proc_pid_stat(5). Of several threads any may run.
        let runs = fields.first() == Some(&"R") || process.threads > 1;
        process.ticks = Ticks { own: field(14) + field(15), children: field(16) + field(17), runs };
        if with_memory {
            let status = self.read(&format!("{pid}/status")).unwrap_or_default();
            let bytes = |name| {
                status.lines().find_map(|line| {
                    let value: &str = str::strip_prefix(line, name)?;
                    Some(value.trim().strip_suffix(" kB")?.parse::<u64>().ok()? << 10)
                })
            };
            process.memory = Memory {
                anonymous_bytes: bytes("RssAnon:").unwrap_or_else(|| field(24) * page_bytes()),
                table_bytes: bytes("VmPTE:").unwrap_or(0),
            };
            process.descriptors = self.open_descriptors(pid);
        }
        process
    }

    fn exact_anonymous_bytes(&self, pid: u32, process: &Process) -> u64 {
        // Not readable, or gone: what a coarser look says counts.
        let Some(rollup) = self.read(&format!("{pid}/smaps_rollup")) else { return process.memory.anonymous_bytes };
        let kib =
            rollup.lines().find_map(|line| line.strip_prefix("Pss_Anon:")?.trim().strip_suffix(" kB")?.parse().ok());
        kib.unwrap_or(0_u64) << 10
    }

    /// How many descriptors a process has open: the size of its `fd` directory. proc_pid_fd(5), Linux 6.2.
    fn open_descriptors(&self, pid: u32) -> u64 {
        let directory = self.open(&format!("{pid}/fd"), libc::O_PATH);
        directory.and_then(|fd| fd::stat(fd.as_fd()).ok()).map_or(0, |stat| stat.st_size as u64)
    }

    /// The most that the kernel can hold for these descriptors.
    fn kernel_bytes(&self, descriptors: u64) -> u64 {
        match &self.tree {
            Tree::Namespace { .. } => descriptors / 2 * PIPE_BYTES + self.sockets() * SOCKET_BYTES,
            // The host's sockets cannot be told from the run's, so each descriptor may be one.
            Tree::Descendants { .. } => descriptors * SOCKET_BYTES,
        }
    }

    /// Sockets of the network namespace.
    fn sockets(&self) -> u64 {
        let text = self.read("1/net/sockstat").unwrap_or_default();
        let used = text.lines().find_map(|line| line.strip_prefix("sockets: used ")?.trim().parse().ok());
        used.unwrap_or(0)
    }

    /// How many processes and threads there are now.
    pub fn count(&self) -> u64 {
        let (pids, _) = self.tree.pids();
        pids.iter().map(|pid| self.process(*pid, false).threads).sum()
    }

    /// Whether a number is that of a process or thread of the run.
    pub fn has(&self, number: u32) -> bool {
        let (pids, _) = self.tree.pids();
        pids.contains(&number) || pids.iter().any(|pid| tree::threads(*pid).contains(&number))
    }

    /// Bytes of files below `root` that have no name any more, but are still open or mapped: a walk over directories
    /// does not find them. One that is only mapped counts with `most`, since nothing tells its size.
    pub fn nameless_bytes(&self, root: &str, most: u64) -> u64 {
        let (pids, _) = self.tree.pids();
        let mut files = BTreeMap::new();
        for pid in &pids {
            let Ok(links) = fs::open_directory(&format!("/proc/{pid}/fd")) else { continue };
            for link in fs::entries(&links).flatten() {
                let file = fd::open_at(Some(links.as_fd()), &link.name, libc::O_PATH, 0);
                let stat = file.and_then(|file| fd::stat(file.as_fd())).ok();
                let stat = stat.filter(|stat| fs::is_of_kind(stat, libc::S_IFREG) && stat.st_nlink == 0);
                files.extend(stat.map(|stat| (stat.st_ino, stat.st_blocks as u64 * 512)));
            }
        }
        for pid in &pids {
            let Some(map) = self.open(&format!("{pid}/maps"), libc::O_RDONLY) else { continue };
            for inode in deleted_mappings(|buffer| fd::read(map.as_fd(), buffer).unwrap_or(0), root) {
                files.entry(inode).or_insert(most);
            }
        }
        files.values().sum()
    }

    fn read(&self, path: &str) -> Option<String> {
        let text = fd::read_up_to(self.open(path, libc::O_RDONLY)?.as_fd(), 64 << 10).ok()?;
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    fn open(&self, path: &str, flags: libc::c_int) -> Option<OwnedFd> {
        let path = c_string(path).ok()?;
        fd::open_at(Some(self.tree.proc().as_fd()), &path, flags | libc::O_NOFOLLOW, 0).ok()
    }
}
