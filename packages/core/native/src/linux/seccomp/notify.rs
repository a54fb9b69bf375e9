//! The supervisor's side of the filter: lets the first program start, refuses and counts the rest.

use alloc::collections::BTreeMap;

use super::rules::{self, FOR_OWN_PROCESSES, FOR_SELF_OR_OWN, Surface};
use super::table;
use crate::linux::watchdog::Watchdog;
use crate::prelude::*;
use crate::report::Violation;
use crate::sys::fd::{AsFd, BorrowedFd, OwnedFd};
use crate::sys::io;
use crate::sys::notify::{self, Answer};

/// So many refusals are told one by one; after them the kernel refuses by itself.
const MAX_REFUSALS: u64 = 4096;
/// So many questions about the system are answered; a script that asks more often is not honest.
const MAX_QUESTIONS: u64 = 65_536;
/// So many times a lock on a part of a file is set or lifted. Each that is held takes some 200 bytes of the kernel's.
const MAX_LOCKS: u64 = 262_144;
/// What uname(2) tells: nothing of the host. The release is one that the sandbox's needs imply anyway.
const UNAME: [&str; 4] = ["Linux", "sandbox", "5.15.0", "#1 SMP"];
/// The C library asks here for every name of a user or group, whether anybody wants it or not: not worth telling.
const NAME_CACHE: &str = "/var/run/nscd/socket";
/// So many different ones are kept apart.
const MAX_DISTINCT: usize = 64;
/// So much of a path is told.
const MAX_PATH: usize = 256;

/// Answers notifications and remembers what was refused.
pub struct Notifications {
    /// Gone once there were too many refusals: the kernel then answers ENOSYS to every further one, at no cost to us.
    listener: Option<OwnedFd>,
    /// Paths inside of programs that may be started.
    programs: Vec<String>,
    surface: Surface,
    /// What sysinfo(2) tells.
    memory_bytes: u64,
    out_of_pids: bool,
    refused: BTreeMap<(&'static str, String), u64>,
    refusals: u64,
    questions: u64,
    locks: u64,
    shared_bytes: u64,
}

impl Notifications {
    pub fn new(listener: OwnedFd, surface: Surface, programs: Vec<String>, memory_bytes: u64) -> Self {
        notify::take_turns(listener.as_fd());
        Self {
            listener: Some(listener),
            programs,
            surface,
            memory_bytes,
            out_of_pids: false,
            refused: BTreeMap::new(),
            refusals: 0,
            questions: 0,
            locks: 0,
            shared_bytes: 0,
        }
    }

    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.listener.as_ref().map(AsFd::as_fd)
    }

    /// Whether a process limit was the reason of a refusal.
    pub fn out_of_pids(&self) -> bool {
        self.out_of_pids
    }

    /// How much shared memory without a name was asked for: nothing tells when it is given back whole.
    pub fn shared_bytes(&self) -> u64 {
        self.shared_bytes
    }

    /// Answers one notification, `ready` being what poll(2) says of the descriptor.
    pub fn serve(&mut self, ready: libc::c_short, tree: Option<&Watchdog>, pids: u64) {
        if ready & libc::POLLIN == 0 {
            // Nobody is left who could ask.
            self.listener = None;
            return;
        }
        let Some(listener) = self.descriptor() else { return };
        let call = match notify::receive(listener) {
            Ok(call) => call,
            // The caller was killed before we got to it.
            Err(e) if e.is(libc::ENOENT) => return,
            Err(_) => {
                self.listener = None;
                return;
            }
        };
        let number = libc::c_long::from(call.data.nr);
        if number == libc::SYS_execve && self.may_execute(&call) {
            self.reply(call.id, Answer::Continue);
            return;
        }
        let [first, second, ..] = call.data.args;
        match number {
            libc::SYS_mmap => {
                self.shared_bytes = self.shared_bytes.saturating_add(second);
                return self.reply(call.id, Answer::Continue);
            }
            libc::SYS_fcntl => {
                self.locks += 1;
                let answer = if self.locks > MAX_LOCKS { Answer::Fail(libc::ENOLCK) } else { Answer::Continue };
                return self.reply(call.id, answer);
            }
            _ => {}
        }
        if let Some(tree) = tree.filter(|_| self.surface == Surface::Host) {
            match gate(&call, tree, pids) {
                Gate::Open => return self.reply(call.id, Answer::Continue),
                Gate::Full => {
                    self.out_of_pids = true;
                    return self.reply(call.id, Answer::Fail(libc::EAGAIN));
                }
                // As if it were not there, which is what a PID namespace would say.
                Gate::Stranger => return self.refuse(&call, number, libc::ESRCH),
                Gate::NotConcerned => {}
            }
        }
        // Its number may be another process's by now, in which nothing must be written.
        let waits = || self.descriptor().is_some_and(|listener| notify::still_waiting(listener, call.id));
        let answered = match number {
            libc::SYS_uname => Some(waits() && notify::write_uname(call.pid, first, UNAME)),
            libc::SYS_sysinfo => Some(waits() && notify::write_sysinfo(call.pid, first, self.memory_bytes)),
            _ => None,
        };
        match answered {
            Some(written) => {
                self.questions += 1;
                self.reply(call.id, if written { Answer::Done } else { Answer::Fail(libc::EFAULT) });
            }
            None => {
                let errno = if number == libc::SYS_memfd_create { libc::ENOSYS } else { libc::EPERM };
                self.refuse(&call, number, errno);
            }
        }
        // Without namespaces, calls that an honest script needs are answered here too.
        let over = self.refusals >= MAX_REFUSALS || self.questions >= MAX_QUESTIONS;
        if over && self.surface == Surface::Namespaces {
            self.listener = None;
        }
    }

    /// Without granted programs every exec but the first, which the filter knows, is refused here. With them, it is
    /// Landlock that decides, on the true file: what is read here could be changed after the check, so it serves only to
    /// tell of a program that Landlock refuses anyway.
    fn may_execute(&self, call: &libc::seccomp_notif) -> bool {
        if self.programs.is_empty() {
            return false;
        }
        let Some(path) = self.path(call, call.data.args[0]).filter(|path| path.starts_with('/')) else { return true };
        let Ok(root) = notify::root_of(call.pid) else { return true };
        // What does not exist is for the kernel to say, as when a shell looks through PATH.
        let Ok(wanted) = notify::identity_in(root.as_fd(), &path) else { return true };
        let granted = |program: &String| notify::identity_in(root.as_fd(), program).is_ok_and(|known| known == wanted);
        self.programs.iter().any(granted)
    }

    fn refuse(&mut self, call: &libc::seccomp_notif, number: libc::c_long, errno: i32) {
        if self.refusals >= MAX_REFUSALS {
            return self.reply(call.id, Answer::Fail(errno));
        }
        let what = self.describe(call);
        self.reply(call.id, Answer::Fail(errno));
        self.refusals += 1;
        if what == NAME_CACHE {
            return;
        }
        let key = (table::kind(number), what);
        if self.refused.len() < MAX_DISTINCT || self.refused.contains_key(&key) {
            *self.refused.entry(key).or_default() += 1;
        } else {
            *self.refused.entry((key.0, String::new())).or_default() += 1;
        }
    }

    fn reply(&self, id: u64, answer: Answer) {
        if let Some(listener) = self.descriptor() {
            // It fails only when the caller is gone, and then nobody waits for the answer.
            let _: io::Result<()> = notify::answer(listener, id, answer);
        }
    }

    /// What was asked for, where that can be told: for information only, never for a decision.
    fn describe(&self, call: &libc::seccomp_notif) -> String {
        let [first, second, ..] = call.data.args;
        let path = |address| self.path(call, address);
        match libc::c_long::from(call.data.nr) {
            libc::SYS_execve => path(first).unwrap_or_default(),
            libc::SYS_execveat => path(second).filter(|path| !path.is_empty()).unwrap_or_default(),
            libc::SYS_socket | libc::SYS_socketpair => family(first as i32),
            libc::SYS_connect | libc::SYS_bind => self.socket_path(call, second),
            libc::SYS_sendto => "AF_UNIX".to_owned(),
            number => name(number).to_owned(),
        }
    }

    fn path(&self, call: &libc::seccomp_notif, address: u64) -> Option<String> {
        let text = notify::read_text(call.pid, address, MAX_PATH)?;
        notify::still_waiting(self.descriptor()?, call.id).then_some(text)
    }

    /// The path in a `sockaddr_un`, behind the two bytes of its family. unix(7).
    fn socket_path(&self, call: &libc::seccomp_notif, address: u64) -> String {
        let path = self.path(call, address.saturating_add(2)).filter(|path| path.starts_with('/'));
        path.unwrap_or_else(|| "AF_UNIX".to_owned())
    }

    /// What was refused, most frequent first.
    pub fn violations(&self) -> Vec<Violation> {
        let mut list: Vec<_> = self
            .refused
            .iter()
            .map(|((kind, what), count)| Violation { kind, what: what.clone(), count: *count })
            .collect();
        list.sort_by_key(|violation| core::cmp::Reverse(violation.count));
        list
    }
}

/// What a call that names processes is allowed, where all processes of the host could be named.
enum Gate {
    Open,
    /// There are as many processes as there may be.
    Full,
    /// The call names a process that is not the run's.
    Stranger,
    NotConcerned,
}

fn gate(call: &libc::seccomp_notif, tree: &Watchdog, pids: u64) -> Gate {
    let number = libc::c_long::from(call.data.nr);
    if NEW_PROCESS.contains(&number) {
        let namespaces = number == libc::SYS_clone && rules::is_new_namespace(call.data.args[0] as u32);
        return match () {
            () if namespaces => Gate::NotConcerned,
            () if tree.count() >= pids => Gate::Full,
            () => Gate::Open,
        };
    }
    if !FOR_OWN_PROCESSES.contains(&number) && !FOR_SELF_OR_OWN.contains(&number) {
        return Gate::NotConcerned;
    }
    // 0 is the caller or its group; a negative number is a group, but -1 is everybody.
    let known = |pid: i32| match pid {
        0 => true,
        -1 | i32::MIN => false,
        pid => tree.has(pid.unsigned_abs()),
    };
    if known(call.data.args[0] as i32) { Gate::Open } else { Gate::Stranger }
}

const NEW_PROCESS: &[libc::c_long] = &[
    libc::SYS_clone,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_fork,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_vfork,
];

fn family(number: i32) -> String {
    match number {
        libc::AF_UNIX => "AF_UNIX datagram".to_owned(),
        libc::AF_INET => "AF_INET".to_owned(),
        libc::AF_INET6 => "AF_INET6".to_owned(),
        libc::AF_NETLINK => "AF_NETLINK".to_owned(),
        libc::AF_PACKET => "AF_PACKET".to_owned(),
        libc::AF_VSOCK => "AF_VSOCK".to_owned(),
        libc::AF_ALG => "AF_ALG".to_owned(),
        other => format!("address family {other}"),
    }
}

/// The name of a reported system call.
fn name(number: libc::c_long) -> &'static str {
    macro_rules! names {
        ($($constant:ident $name:literal),* $(,)?) => {
            match number { $(libc::$constant => $name,)* _ => "" }
        };
    }
    names! {
        SYS_ptrace "ptrace", SYS_process_vm_readv "process_vm_readv", SYS_process_vm_writev "process_vm_writev",
        SYS_pidfd_getfd "pidfd_getfd", SYS_kcmp "kcmp", SYS_mount "mount", SYS_umount2 "umount2",
        SYS_pivot_root "pivot_root", SYS_chroot "chroot", SYS_move_mount "move_mount", SYS_open_tree "open_tree",
        SYS_fsopen "fsopen", SYS_fsconfig "fsconfig", SYS_fsmount "fsmount", SYS_fspick "fspick",
        SYS_mount_setattr "mount_setattr", SYS_unshare "unshare", SYS_setns "setns", SYS_clone "clone",
        SYS_open_by_handle_at "open_by_handle_at", SYS_name_to_handle_at "name_to_handle_at", SYS_keyctl "keyctl",
        SYS_add_key "add_key", SYS_request_key "request_key", SYS_bpf "bpf", SYS_perf_event_open "perf_event_open",
        SYS_userfaultfd "userfaultfd", SYS_init_module "init_module",
        SYS_finit_module "finit_module", SYS_delete_module "delete_module", SYS_kexec_load "kexec_load",
        SYS_reboot "reboot", SYS_syslog "syslog", SYS_seccomp "seccomp", SYS_capset "capset", SYS_setuid "setuid",
        SYS_setgid "setgid", SYS_setreuid "setreuid", SYS_setregid "setregid", SYS_setresuid "setresuid",
        SYS_setresgid "setresgid", SYS_setgroups "setgroups", SYS_memfd_create "memfd_create",
        SYS_sethostname "sethostname", SYS_kill "kill", SYS_tkill "tkill", SYS_tgkill "tgkill",
        SYS_pidfd_open "pidfd_open", SYS_prlimit64 "prlimit64", SYS_sched_setaffinity "sched_setaffinity", SYS_setpriority "setpriority", SYS_sched_setscheduler "sched_setscheduler",
        SYS_clock_settime "clock_settime", SYS_mknodat "mknodat", SYS_ioctl "ioctl", SYS_prctl "prctl",
    }
}
