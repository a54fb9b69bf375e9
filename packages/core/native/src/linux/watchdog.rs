//! Looks at the tree now and then: what it holds, what it has used, how many there are. Exact where a cgroup accounts;
//! else an estimate that counts too much rather than too little, checked more closely before it ends a run.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use super::cgroup::{Account, Cgroup};
use crate::sys::fd;

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
    /// `/proc` of the sandbox: lists its processes and no others.
    proc: OwnedFd,
    tmpfs: Vec<OwnedFd>,
    page_bytes: u64,
    tick_ms: f64,
}

#[derive(Default)]
struct Process {
    threads: u64,
    cpu_ticks: u64,
    anonymous_bytes: u64,
    descriptors: u64,
}

impl Watchdog {
    pub fn new(proc: OwnedFd, tmpfs: Vec<OwnedFd>) -> Self {
        // SAFETY: sysconf only returns numbers.
        let (page, tick) = unsafe { (libc::sysconf(libc::_SC_PAGESIZE), libc::sysconf(libc::_SC_CLK_TCK)) };
        Self { proc, tmpfs, page_bytes: page as u64, tick_ms: 1e3 / tick as f64 }
    }

    /// Looks at the tree. `limit_bytes` is where an estimate is worth checking.
    pub fn look(&self, cgroup: Option<&Cgroup>, limit_bytes: u64) -> Sample {
        let mut sample = Sample::default();
        let (mut anonymous, mut descriptors, mut ticks) = (0, 0, 0);
        let pids = self.pids();
        for pid in &pids {
            let process = self.process(*pid, cgroup.is_none());
            ticks += process.cpu_ticks;
            anonymous += process.anonymous_bytes;
            descriptors += process.descriptors.saturating_sub(PLAIN_DESCRIPTORS);
            if *pid != 1 {
                sample.pids += process.threads;
            }
        }
        sample.cpu_ms = ticks as f64 * self.tick_ms;
        if let Some(cgroup) = cgroup {
            let account: Account = cgroup.account();
            sample.memory_bytes = account.memory_bytes;
            sample.cpu_ms = sample.cpu_ms.max(account.cpu_ms);
            sample.out_of_memory = account.out_of_memory;
            sample.out_of_pids = account.out_of_pids;
            return sample;
        }
        let files: u64 = self.tmpfs.iter().filter_map(|root| fd::used_bytes(root.as_fd()).ok()).sum();
        let kernel = descriptors / 2 * PIPE_BYTES + self.sockets() * SOCKET_BYTES;
        if anonymous + files + kernel > limit_bytes {
            // Pages that a fork shares are counted once for each process: ask for the exact share, which takes longer.
            anonymous = pids.iter().map(|pid| self.exact_anonymous_bytes(*pid)).sum();
        }
        sample.memory_bytes = anonymous + files + kernel;
        sample
    }

    fn pids(&self) -> Vec<u32> {
        // The descriptor is reopened: a directory that was read once stays at its end.
        let path = format!("/proc/self/fd/{}", self.proc.as_raw_fd());
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
    }

    fn process(&self, pid: u32, with_memory: bool) -> Process {
        let mut process = Process::default();
        let Some(stat) = self.read(&format!("{pid}/stat")) else { return process };
        // The name in parentheses may hold anything, so fields are counted from the last one: state is field 3.
        let Some((_, fields)) = stat.rsplit_once(')') else { return process };
        let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
        // utime, stime, and those of children that were waited for. proc_pid_stat(5).
        process.cpu_ticks = (14..=17).map(field).sum();
        process.threads = field(20);
        if with_memory {
            let status = self.read(&format!("{pid}/status")).unwrap_or_default();
            let kib = |name| {
                status.lines().find_map(|line| {
                    let value: &str = str::strip_prefix(line, name)?;
                    value.trim().strip_suffix(" kB")?.parse::<u64>().ok()
                })
            };
            process.anonymous_bytes = match (kib("RssAnon:"), kib("VmPTE:")) {
                (Some(anonymous), tables) => (anonymous + tables.unwrap_or(0)) << 10,
                (None, _) => field(24) * self.page_bytes,
            };
            process.descriptors = self.open_descriptors(pid);
        }
        process
    }

    fn exact_anonymous_bytes(&self, pid: u32) -> u64 {
        let Some(rollup) = self.read(&format!("{pid}/smaps_rollup")) else {
            // Not readable, or gone: what a coarser look says counts.
            return self.process(pid, true).anonymous_bytes;
        };
        let kib =
            rollup.lines().find_map(|line| line.strip_prefix("Pss_Anon:")?.trim().strip_suffix(" kB")?.parse().ok());
        kib.unwrap_or(0_u64) << 10
    }

    /// How many descriptors a process has open: the size of its `fd` directory. proc_pid_fd(5), Linux 6.2.
    fn open_descriptors(&self, pid: u32) -> u64 {
        let path = std::ffi::CString::new(format!("{pid}/fd")).unwrap_or_default();
        let directory = fd::open_at(Some(self.proc.as_fd()), &path, libc::O_PATH, 0);
        directory.and_then(|fd| fd::stat(fd.as_fd())).map_or(0, |stat| stat.st_size as u64)
    }

    /// Sockets of the network namespace.
    fn sockets(&self) -> u64 {
        let text = self.read("1/net/sockstat").unwrap_or_default();
        let used = text.lines().find_map(|line| line.strip_prefix("sockets: used ")?.trim().parse().ok());
        used.unwrap_or(0)
    }

    fn read(&self, path: &str) -> Option<String> {
        read_at(self.proc.as_fd(), path)
    }
}

fn read_at(directory: BorrowedFd<'_>, path: &str) -> Option<String> {
    let path = std::ffi::CString::new(path).ok()?;
    let file = fd::open_at(Some(directory), &path, libc::O_RDONLY | libc::O_NOFOLLOW, 0).ok()?;
    let mut text = Vec::new();
    File::from(file).take(64 << 10).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
