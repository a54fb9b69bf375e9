//! Looks at the tree now and then: what it holds, what it has used, how many there are. Exact where a cgroup accounts;
//! else an estimate that counts too much rather than too little, checked more closely before it ends a run.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;

use super::cgroup::{Account, Cgroup};
use super::tree::{self, Tree};
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
    tree: Tree,
    /// Private file systems, whose contents count as memory.
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
    pub fn new(tree: Tree, tmpfs: Vec<OwnedFd>) -> Self {
        // SAFETY: sysconf only returns numbers.
        let (page, tick) = unsafe { (libc::sysconf(libc::_SC_PAGESIZE), libc::sysconf(libc::_SC_CLK_TCK)) };
        Self { tree, tmpfs, page_bytes: page as u64, tick_ms: 1e3 / tick as f64 }
    }

    /// Looks at the tree. `limit_bytes` is where an estimate is worth checking.
    pub fn look(&self, cgroup: Option<&Cgroup>, limit_bytes: u64) -> Sample {
        let mut sample = Sample::default();
        let (mut anonymous, mut descriptors, mut ticks) = (0, 0, 0);
        let (pids, first) = self.tree.pids();
        for pid in &pids {
            let process = self.process(*pid, cgroup.is_none());
            ticks += process.cpu_ticks;
            anonymous += process.anonymous_bytes;
            descriptors += process.descriptors.saturating_sub(PLAIN_DESCRIPTORS);
            sample.pids += process.threads;
        }
        // It has reaped the script's orphans, whose time is therefore its own.
        ticks += self.process(first, false).cpu_ticks;
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
        let kernel = self.kernel_bytes(descriptors);
        if anonymous + files + kernel > limit_bytes {
            // Pages that a fork shares are counted once for each process: ask for the exact share, which takes longer.
            anonymous = pids.iter().map(|pid| self.exact_anonymous_bytes(*pid)).sum();
        }
        sample.memory_bytes = anonymous + files + kernel;
        sample
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
        let directory = fd::open_at(Some(self.tree.proc().as_fd()), &path, libc::O_PATH, 0);
        directory.and_then(|fd| fd::stat(fd.as_fd())).map_or(0, |stat| stat.st_size as u64)
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

    /// Bytes of files that have no name any more but are still open: a walk over directories does not find them.
    pub fn nameless_bytes(&self) -> u64 {
        let (pids, _) = self.tree.pids();
        let links = pids.iter().flat_map(|pid| std::fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten());
        let nameless = links.flatten().filter_map(|link| {
            let stat = std::fs::metadata(link.path()).ok().filter(|stat| stat.is_file() && stat.nlink() == 0)?;
            Some(((stat.dev(), stat.ino()), stat.blocks() * 512))
        });
        nameless.collect::<BTreeMap<_, _>>().values().sum()
    }

    fn read(&self, path: &str) -> Option<String> {
        read_at(self.tree.proc().as_fd(), path)
    }
}

fn read_at(directory: BorrowedFd<'_>, path: &str) -> Option<String> {
    let path = std::ffi::CString::new(path).ok()?;
    let file = fd::open_at(Some(directory), &path, libc::O_RDONLY | libc::O_NOFOLLOW, 0).ok()?;
    let mut text = Vec::new();
    File::from(file).take(64 << 10).read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
