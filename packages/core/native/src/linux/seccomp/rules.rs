//! The whole filter as data: what is allowed outright, what depends on arguments, what is reported. Everything that is
//! not named is refused with ENOSYS, which libraries take as "an older kernel" and do without.

use libc as c;

use crate::prelude::*;
use crate::sys::process::Pass;

use super::bpf::{Action, Rule, Rules, Test};
use super::sockets::{Sockets, open_loopback};
use super::table::{ALLOWED, ALLOWED_LEGACY, REPORTED, REPORTED_LEGACY, SYS_FCHMODAT2};

const ALLOW: Action = Action::Allow;
const EPERM: Action = Action::Errno(c::EPERM as u16);
const ENOSYS: Action = Action::Errno(c::ENOSYS as u16);

/// What lies beyond the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surface {
    /// The sandbox's own namespaces: other processes and files of the host are out of reach by name.
    Namespaces,
    /// The host's: Landlock closes its files, and what Landlock does not know of, the filter and the supervisor must.
    Host,
}

/// Who keeps the number of processes within the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forks {
    /// RLIMIT_NPROC or a control group, and the watchdog.
    Limited,
    /// The supervisor, which is asked for each new one. A signal with a handler that comes before it has heard the question
    /// makes the call fail (EINTR).
    Asked,
}

/// All rules. execve is the supervisor's to decide, also where programs are granted; execveat can name an open
/// descriptor, which no rule about paths covers, so it is refused in any case.
pub fn rules(surface: Surface, sockets: Sockets, forks: Forks, pass: Pass) -> Rules {
    let mut rules = Rules::new(ENOSYS);
    let mut set = |number: c::c_long, rule: Rule| {
        rules.set(number as u32, rule);
    };
    for (_, numbers) in ALLOWED {
        numbers.iter().for_each(|number| set(*number, ALLOW.into()));
    }
    ALLOWED_LEGACY.iter().for_each(|number| set(*number, ALLOW.into()));
    for (number, _) in REPORTED.iter().chain(REPORTED_LEGACY) {
        set(*number, Action::Notify.into());
    }

    // Arguments that execve(2), sendmsg(2) and the others do not have, so that nobody sets them by chance.
    let own: Vec<Test> = (3..).zip(pass).map(|(position, word)| argument(position, word)).collect();
    set(c::SYS_execve, Rule { cases: vec![(own.clone(), ALLOW)], otherwise: Action::Notify });
    set(c::SYS_socket, socket_rule());
    set(c::SYS_socketpair, socket_rule());
    // A socket file of the host in a directory that is granted is a door to whoever listens there, and neither a
    // read-only mount nor Landlock closes it. Connected pairs and listeners of the run's own need no connect.
    set(c::SYS_connect, Action::Notify.into());
    set(c::SYS_sendto, Rule { cases: vec![(vec![argument(4, 0)], ALLOW)], otherwise: Action::Notify });
    // Buffer sizes decide how much kernel memory a socket can hold.
    let buffers = [c::SO_SNDBUF, c::SO_RCVBUF, c::SO_SNDBUFFORCE, c::SO_RCVBUFFORCE];
    set(c::SYS_setsockopt, deny(2, &buffers.map(|option| option as u32), EPERM));
    // What they carry or share is held by nobody whom one could ask: descriptors on their way (of which each user has
    // so many for all runs together), and pages of files that are gone.
    set(c::SYS_sendmsg, Rule { cases: vec![(own.clone(), ALLOW)], otherwise: EPERM });
    // What is left to do behind the filter, before the exec.
    let ours = |own: &[Test], otherwise| Rule { cases: vec![(own.to_vec(), ALLOW)], otherwise };
    for number in [c::SYS_unshare, c::SYS_capset] {
        set(number, ours(&own, Action::Notify));
    }
    for number in [c::SYS_landlock_create_ruleset, c::SYS_landlock_restrict_self] {
        set(number, ours(&own, ENOSYS));
    }
    // It has four arguments of its own.
    set(c::SYS_landlock_add_rule, ours(&own[1..], ENOSYS));
    set(c::SYS_sendmmsg, EPERM.into());
    for number in [c::SYS_splice, c::SYS_tee] {
        set(number, Action::Errno(c::EINVAL as u16).into());
    }
    set(c::SYS_mmap, mmap_rule());
    set(c::SYS_clone, clone_rule());
    // Its flags lie in memory that another thread can change; glibc falls back to clone(2).
    set(c::SYS_clone3, ENOSYS.into());
    set(c::SYS_ioctl, ioctl_rule());
    set(c::SYS_fcntl, fcntl_rule());
    set(c::SYS_prctl, prctl_rule());
    set(c::SYS_mknodat, mknod_rule(2));
    #[cfg(target_arch = "x86_64")]
    set(c::SYS_mknod, mknod_rule(1));
    // In a directory of the host's that may be changed, a set-user-id file would be a door for other users.
    for (number, mode) in MODE_SETTERS {
        set(*number, Rule { cases: vec![(vec![none_of(*mode, SET_ID)], ALLOW)], otherwise: EPERM });
    }
    for (number, flags) in OPENERS {
        // Only where a file may be made does the kernel look at the mode.
        let makes_none = none_of(*flags, c::O_CREAT as u32 | c::O_TMPFILE as u32 & !(c::O_DIRECTORY as u32));
        let cases = vec![(vec![makes_none], ALLOW), (vec![none_of(flags + 1, SET_ID)], ALLOW)];
        set(*number, Rule { cases, otherwise: EPERM });
    }
    // 0xffffffff asks for the current persona, 0 is the one that everybody has.
    set(c::SYS_personality, only(0, &[0xffff_ffff, 0], EPERM));
    // Answered by the supervisor: the host's name, kernel and memory are nobody's business.
    set(c::SYS_uname, Action::Notify.into());
    set(c::SYS_sysinfo, Action::Notify.into());
    if surface == Surface::Host {
        for number in UNCHANGED {
            set(*number, Action::Errno(0).into());
        }
        // The supervisor lets these through for processes of the run only; the numbers that decide are in registers,
        // which nobody can change after the check.
        for number in FOR_OWN_PROCESSES {
            set(*number, Action::Notify.into());
        }
        for number in FOR_SELF_OR_OWN {
            let itself = vec![argument(0, 0)];
            set(*number, Rule { cases: vec![(itself, ALLOW)], otherwise: Action::Notify });
        }
        // Files on a disk of the host are counted by looking at them, and these take it faster than one can look.
        set(c::SYS_fallocate, Action::Errno(c::EOPNOTSUPP as u16).into());
        set(c::SYS_sendfile, Action::Errno(c::EINVAL as u16).into());
        // Any process of the host could connect to a socket with an abstract name, and to which one a bind asks for
        // lies in memory that can change.
        set(c::SYS_bind, Action::Notify.into());
    }
    if forks == Forks::Asked {
        set(c::SYS_clone, Action::Notify.into());
        #[cfg(target_arch = "x86_64")]
        for number in [c::SYS_fork, c::SYS_vfork] {
            set(number, Action::Notify.into());
        }
    }
    // Only with namespaces: on the host's surface no host can be granted.
    if sockets == Sockets::Loopback {
        open_loopback(&mut rules);
    }
    rules
}

/// Calls that set a file's mode, and which argument it is.
const MODE_SETTERS: &[(c::c_long, u8)] = &[
    (c::SYS_fchmod, 1),
    (c::SYS_fchmodat, 2),
    (SYS_FCHMODAT2, 2),
    #[cfg(target_arch = "x86_64")]
    (c::SYS_chmod, 1),
    #[cfg(target_arch = "x86_64")]
    (c::SYS_creat, 1),
];

/// Calls that may make a file, and which argument holds their flags; the mode is the next one. openat2 has both in
/// memory that another thread can change, so it is refused, and libraries fall back.
const OPENERS: &[(c::c_long, u8)] = &[
    (c::SYS_openat, 2),
    #[cfg(target_arch = "x86_64")]
    (c::SYS_open, 1),
];

/// The bits that make a program run as its owner or group.
const SET_ID: u32 = c::S_ISUID | c::S_ISGID;

/// Changes of who owns a file, what may be done to it, and its times: Landlock does not restrict them, so they report
/// success and do nothing. Copying and unpacking tools then still work.
const UNCHANGED: &[c::c_long] = &[
    c::SYS_fchmod,
    c::SYS_fchmodat,
    SYS_FCHMODAT2,
    c::SYS_fchown,
    c::SYS_fchownat,
    c::SYS_utimensat,
    #[cfg(target_arch = "x86_64")]
    c::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    c::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    c::SYS_lchown,
    #[cfg(target_arch = "x86_64")]
    c::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    c::SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    c::SYS_futimesat,
];

/// Calls whose first argument names a process or group to act on.
pub const FOR_OWN_PROCESSES: &[c::c_long] =
    &[c::SYS_kill, c::SYS_tkill, c::SYS_tgkill, c::SYS_rt_sigqueueinfo, c::SYS_rt_tgsigqueueinfo, c::SYS_pidfd_open];

/// Calls whose first argument names a process, 0 being the caller.
pub const FOR_SELF_OR_OWN: &[c::c_long] = &[c::SYS_prlimit64, c::SYS_sched_setaffinity, c::SYS_setpgid];

fn argument(argument: u8, equals: u32) -> Test {
    Test { argument, mask: u32::MAX, equals }
}

/// Holds where all of these bits are 0.
fn none_of(argument: u8, bits: u32) -> Test {
    Test { argument, mask: bits, equals: 0 }
}

/// Allowed only with one of these values.
fn only(position: u8, values: &[u32], otherwise: Action) -> Rule {
    Rule { cases: values.iter().map(|value| (vec![argument(position, *value)], ALLOW)).collect(), otherwise }
}

/// Allowed with any value but these.
fn deny(position: u8, values: &[u32], action: Action) -> Rule {
    Rule { cases: values.iter().map(|value| (vec![argument(position, *value)], action)).collect(), otherwise: ALLOW }
}

/// AF_UNIX, and only kinds that stay with the peer they have: a datagram can be sent to any address.
fn socket_rule() -> Rule {
    const KIND: u32 = 0xf;
    let kind = |kind: c::c_int| Test { argument: 1, mask: KIND, equals: kind as u32 };
    let unix = argument(0, c::AF_UNIX as u32);
    Rule {
        cases: [c::SOCK_STREAM, c::SOCK_SEQPACKET].map(|k| (vec![unix, kind(k)], ALLOW)).to_vec(),
        otherwise: Action::Notify,
    }
}

/// Named pipes, sockets and plain files may be made, devices not.
fn mknod_rule(position: u8) -> Rule {
    let set_id = [c::S_ISUID, c::S_ISGID].map(|bit| (vec![Test { argument: position, mask: bit, equals: bit }], EPERM));
    let kind = |kind: c::mode_t| Test { argument: position, mask: c::S_IFMT, equals: kind };
    let kinds = [0, c::S_IFREG, c::S_IFIFO, c::S_IFSOCK].map(|k| (vec![kind(k)], ALLOW));
    Rule { cases: [set_id.to_vec(), kinds.to_vec()].concat(), otherwise: Action::Notify }
}

/// Flags of clone(2) that make namespaces, and the one that passes on a tracer.
const REFUSED_CLONE_FLAGS: u32 = (c::CLONE_NEWNS
    | c::CLONE_NEWCGROUP
    | c::CLONE_NEWUTS
    | c::CLONE_NEWIPC
    | c::CLONE_NEWUSER
    | c::CLONE_NEWPID
    | c::CLONE_NEWNET
    | c::CLONE_PTRACE) as u32;

/// Whether clone(2) is refused for its flags.
pub fn is_new_namespace(flags: u32) -> bool {
    flags & REFUSED_CLONE_FLAGS != 0
}

fn clone_rule() -> Rule {
    Rule { cases: vec![(vec![none_of(0, REFUSED_CLONE_FLAGS)], ALLOW)], otherwise: Action::Notify }
}

fn ioctl_rule() -> Rule {
    const QUERIES: [c::c_ulong; 8] = [
        c::TCGETS as c::c_ulong,
        c::TIOCGWINSZ as c::c_ulong,
        c::FIONREAD as c::c_ulong,
        c::FIONBIO as c::c_ulong,
        c::FIOCLEX as c::c_ulong,
        c::FIONCLEX as c::c_ulong,
        c::TIOCGPGRP as c::c_ulong,
        c::TIOCOUTQ as c::c_ulong,
    ];
    let mut rule = only(1, &QUERIES.map(|request| request as u32), Action::Errno(c::ENOTTY as u16));
    // Pushing input into a terminal is the classic way out of a session.
    rule.cases.extend([c::TIOCSTI, c::TIOCLINUX].map(|request| (vec![argument(1, request as u32)], Action::Notify)));
    rule
}

/// Shared memory without a name is in no process's own account, so the supervisor counts what is asked for. Huge pages
/// are the system's, and in no account at all.
fn mmap_rule() -> Rule {
    let has = |flag: c::c_int| Test { argument: 3, mask: flag as u32, equals: flag as u32 };
    let shared = vec![has(c::MAP_ANONYMOUS), has(c::MAP_SHARED)];
    let cases = vec![(vec![has(c::MAP_HUGETLB)], Action::Errno(c::ENOMEM as u16)), (shared, Action::Notify)];
    Rule { cases, otherwise: ALLOW }
}

fn fcntl_rule() -> Rule {
    // Not among them: F_SETPIPE_SZ (kernel memory), F_SETLEASE and F_NOTIFY (hold up others), F_SETOWN and F_SETSIG.
    const COMMANDS: [c::c_int; 9] = [
        c::F_DUPFD,
        c::F_DUPFD_CLOEXEC,
        c::F_GETFD,
        c::F_SETFD,
        c::F_GETFL,
        c::F_SETFL,
        c::F_GETLK,
        c::F_OFD_GETLK,
        c::F_GETPIPE_SZ,
    ];
    let mut rule = only(1, &COMMANDS.map(|command| command as u32), EPERM);
    // The kernel's memory for a lock is in no account: the supervisor counts them.
    rule.cases.extend(LOCKS.map(|command| (vec![argument(1, command as u32)], Action::Notify)));
    rule
}

const LOCKS: [c::c_int; 4] = [c::F_SETLK, c::F_SETLKW, c::F_OFD_SETLK, c::F_OFD_SETLKW];

fn prctl_rule() -> Rule {
    const PR_SET_VMA: c::c_int = 0x5356_4d41;
    const OPERATIONS: [c::c_int; 11] = [
        c::PR_SET_NAME,
        c::PR_GET_NAME,
        c::PR_SET_PDEATHSIG,
        c::PR_GET_PDEATHSIG,
        c::PR_GET_DUMPABLE,
        c::PR_CAPBSET_READ,
        c::PR_GET_NO_NEW_PRIVS,
        c::PR_SET_NO_NEW_PRIVS,
        c::PR_GET_SECCOMP,
        c::PR_GET_TIMERSLACK,
        PR_SET_VMA,
    ];
    let mut rule = only(0, &OPERATIONS.map(|operation| operation as u32), EPERM);
    // Succeeds and does nothing: a process that hides from its user would hide from the watchdog.
    rule.cases.push((vec![argument(0, c::PR_SET_DUMPABLE as u32)], Action::Errno(0)));
    rule
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASS: Pass = [1, 2, 3];

    #[test]
    fn an_exec_passes_only_with_every_word_of_its_pass() {
        let rules = rules(Surface::Namespaces, Sockets::Unix, Forks::Limited, PASS);
        let rule = rules.get(c::SYS_execve as u32);
        let [(tests, action)] = rule.cases.as_slice() else { unreachable!("one case") };
        assert_eq!((tests.as_slice(), *action), (&[argument(3, 1), argument(4, 2), argument(5, 3)][..], ALLOW));
        assert_eq!(rule.otherwise, Action::Notify);
    }

    #[test]
    fn nothing_is_both_allowed_and_reported() {
        let rules = rules(Surface::Host, Sockets::Unix, Forks::Asked, PASS);
        for (number, kind) in REPORTED.iter().chain(REPORTED_LEGACY) {
            let rule = rules.get(*number as u32);
            let own = (3..).zip(PASS).map(|(position, word)| argument(position, word)).collect();
            let passes = [c::SYS_unshare, c::SYS_capset].contains(number);
            let cases = if passes { vec![(own, ALLOW)] } else { vec![] };
            assert_eq!(rule, &Rule { cases, otherwise: Action::Notify }, "{number} ({kind})");
            assert!(!ALLOWED.iter().any(|(_, numbers)| numbers.contains(number)), "{number} ({kind})");
        }
    }

    #[test]
    fn every_new_namespace_flag_of_clone_is_refused() {
        let Rule { cases, otherwise } = clone_rule();
        let [(tests, action)] = cases.as_slice() else { unreachable!("one case") };
        assert_eq!((*action, otherwise), (ALLOW, Action::Notify));
        for flag in [0x0002_0000_u32, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
            let refused = flag & tests[0].mask != tests[0].equals;
            assert!(refused, "flag {flag:#x}");
        }
    }
}
