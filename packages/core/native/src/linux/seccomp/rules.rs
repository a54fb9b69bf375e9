//! The whole filter as data: what is allowed outright, what depends on arguments, what is reported. Everything that is
//! not named is refused with ENOSYS, which libraries take as "an older kernel" and do without.

use libc as c;

use super::bpf::{Action, Case, PASS_MARKS, Rule, Rules, Test};
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
pub const fn rules(surface: Surface, sockets: Sockets, forks: Forks) -> Rules {
    let mut rules = Rules::new(ENOSYS);
    let mut group = 0;
    while group < ALLOWED.len() {
        rules.set_all(ALLOWED[group].1, ALWAYS);
        group += 1;
    }
    rules.set_all(ALLOWED_LEGACY, ALWAYS);
    set_reported(&mut rules, REPORTED);
    set_reported(&mut rules, REPORTED_LEGACY);

    rules.set(c::SYS_execve, OURS_OR_TOLD);
    rules.set_all(&[c::SYS_socket, c::SYS_socketpair], SOCKET);
    // A socket file of the host in a directory that is granted is a door to whoever listens there, and neither a
    // read-only mount nor Landlock closes it. Connected pairs and listeners of the run's own need no connect.
    rules.set(c::SYS_connect, TOLD);
    rules.set(c::SYS_sendto, const { Rule { cases: &[case([argument(4, 0)], ALLOW)], otherwise: Action::Notify } });
    rules.set(c::SYS_setsockopt, const { Rule { cases: &each(2, BUFFERS, EPERM), otherwise: ALLOW } });
    // What they carry or share is held by nobody whom one could ask: descriptors on their way (of which each user has
    // so many for all runs together), and pages of files that are gone.
    rules.set(c::SYS_sendmsg, const { Rule { cases: &[OURS], otherwise: EPERM } });
    // What is left to do behind the filter, before the exec.
    rules.set_all(&[c::SYS_unshare, c::SYS_capset], OURS_OR_TOLD);
    let landlock = const { Rule { cases: &[OURS], otherwise: ENOSYS } };
    rules.set_all(&[c::SYS_landlock_create_ruleset, c::SYS_landlock_restrict_self], landlock);
    // It has four arguments of its own.
    let add_rule = const { Rule { cases: &[case([OWN[1], OWN[2]], ALLOW)], otherwise: ENOSYS } };
    rules.set(c::SYS_landlock_add_rule, add_rule);
    rules.set(c::SYS_sendmmsg, Rule::always(EPERM));
    rules.set_all(&[c::SYS_splice, c::SYS_tee], Rule::always(Action::Errno(c::EINVAL as u16)));
    rules.set(c::SYS_mmap, MMAP);
    rules.set(c::SYS_clone, CLONE);
    // Its flags lie in memory that another thread can change; glibc falls back to clone(2).
    rules.set(c::SYS_clone3, Rule::always(ENOSYS));
    rules.set(c::SYS_ioctl, IOCTL);
    rules.set(c::SYS_fcntl, FCNTL);
    rules.set(c::SYS_prctl, PRCTL);
    rules.set(c::SYS_mknodat, const { Rule { cases: &mknod(2), otherwise: EPERM } });
    #[cfg(target_arch = "x86_64")]
    rules.set(c::SYS_mknod, const { Rule { cases: &mknod(1), otherwise: EPERM } });
    // In a directory of the host's that may be changed, a set-user-id file would be a door for other users.
    rules.set_all(MODE_SETTERS_1, const { Rule { cases: &[case([none_of(1, SET_ID)], ALLOW)], otherwise: EPERM } });
    rules.set_all(MODE_SETTERS_2, const { Rule { cases: &[case([none_of(2, SET_ID)], ALLOW)], otherwise: EPERM } });
    // openat2 has flags and mode in memory that another thread can change, so it is refused, and libraries fall back.
    rules.set(c::SYS_openat, const { Rule { cases: &opener(2), otherwise: EPERM } });
    #[cfg(target_arch = "x86_64")]
    rules.set(c::SYS_open, const { Rule { cases: &opener(1), otherwise: EPERM } });
    // 0xffffffff asks for the current persona, 0 is the one that everybody has.
    rules.set(c::SYS_personality, const { Rule { cases: &each(0, [u32::MAX, 0], ALLOW), otherwise: EPERM } });
    // Answered by the supervisor: the host's name, kernel and memory are nobody's business.
    rules.set_all(&[c::SYS_uname, c::SYS_sysinfo], TOLD);
    if matches!(surface, Surface::Host) {
        rules.set_all(UNCHANGED, Rule::always(Action::Errno(0)));
        // The supervisor lets these through for processes of the run only; the numbers that decide are in registers,
        // which nobody can change after the check.
        rules.set_all(FOR_OWN_PROCESSES, TOLD);
        let itself = const { Rule { cases: &[case([argument(0, 0)], ALLOW)], otherwise: Action::Notify } };
        rules.set_all(FOR_SELF_OR_OWN, itself);
        // Files on a disk of the host are counted by looking at them, and these take it faster than one can look.
        rules.set(c::SYS_fallocate, Rule::always(Action::Errno(c::EOPNOTSUPP as u16)));
        rules.set(c::SYS_sendfile, Rule::always(Action::Errno(c::EINVAL as u16)));
        // Any process of the host could connect to a socket with an abstract name, and to which one a bind asks for
        // lies in memory that can change.
        rules.set(c::SYS_bind, TOLD);
    }
    if matches!(forks, Forks::Asked) {
        rules.set(c::SYS_clone, TOLD);
        #[cfg(target_arch = "x86_64")]
        rules.set_all(&[c::SYS_fork, c::SYS_vfork], TOLD);
    }
    // Only with namespaces: on the host's surface no host can be granted.
    if matches!(sockets, Sockets::Loopback) {
        open_loopback(&mut rules);
    }
    rules
}

const ALWAYS: Rule = Rule::always(ALLOW);
const TOLD: Rule = Rule::always(Action::Notify);

const fn set_reported(rules: &mut Rules, reported: &[(c::c_long, &str)]) {
    let mut at = 0;
    while at < reported.len() {
        rules.set(reported[at].0, TOLD);
        at += 1;
    }
}

/// Arguments that execve(2), sendmsg(2) and the others do not have, so that nobody sets them by chance.
const OWN: [Test; 3] = [argument(3, PASS_MARKS[0]), argument(4, PASS_MARKS[1]), argument(5, PASS_MARKS[2])];
/// A call of our own.
const OURS: Case = case(OWN, ALLOW);
const OURS_OR_TOLD: Rule = Rule { cases: &[OURS], otherwise: Action::Notify };
/// Buffer sizes decide how much kernel memory a socket can hold.
const BUFFERS: [u32; 4] =
    [c::SO_SNDBUF as u32, c::SO_RCVBUF as u32, c::SO_SNDBUFFORCE as u32, c::SO_RCVBUFFORCE as u32];

/// Calls that set a file's mode, by which argument it is.
const MODE_SETTERS_1: &[c::c_long] = &[
    c::SYS_fchmod,
    #[cfg(target_arch = "x86_64")]
    c::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    c::SYS_creat,
];
const MODE_SETTERS_2: &[c::c_long] = &[c::SYS_fchmodat, SYS_FCHMODAT2];

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

/// A case with so many tests.
pub const fn case<const TESTS: usize>(tests: [Test; TESTS], action: Action) -> Case {
    let mut case = Case { tests: [Test::NONE; 3], action };
    let mut at = 0;
    while at < TESTS {
        case.tests[at] = tests[at];
        at += 1;
    }
    case
}

pub const fn argument(argument: u8, equals: u32) -> Test {
    Test { argument, mask: u32::MAX, equals }
}

/// Holds where all of these bits are 0.
const fn none_of(argument: u8, bits: u32) -> Test {
    Test { argument, mask: bits, equals: 0 }
}

/// A case for each value of one argument.
const fn each<const VALUES: usize>(position: u8, values: [u32; VALUES], action: Action) -> [Case; VALUES] {
    each_masked(position, u32::MAX, values, action)
}

/// A case for each value of some bits of one argument.
const fn each_masked<const VALUES: usize>(
    argument: u8,
    mask: u32,
    values: [u32; VALUES],
    action: Action,
) -> [Case; VALUES] {
    let mut cases = [case([], action); VALUES];
    let mut at = 0;
    while at < VALUES {
        cases[at] = case([Test { argument, mask, equals: values[at] }], action);
        at += 1;
    }
    cases
}

/// Some cases and some more.
const fn both<const FIRST: usize, const THEN: usize, const ALL: usize>(
    first: [Case; FIRST],
    then: [Case; THEN],
) -> [Case; ALL] {
    assert!(ALL == FIRST + THEN);
    let mut all = [case([], ALLOW); ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < FIRST { first[at] } else { then[at - FIRST] };
        at += 1;
    }
    all
}

/// AF_UNIX, and only kinds that stay with the peer they have: a datagram can be sent to any address.
const SOCKET: Rule = Rule {
    cases: &[
        case([argument(0, c::AF_UNIX as u32), kind(c::SOCK_STREAM)], ALLOW),
        case([argument(0, c::AF_UNIX as u32), kind(c::SOCK_SEQPACKET)], ALLOW),
    ],
    otherwise: Action::Notify,
};

/// Of a socket, whatever its flags are.
pub const fn kind(kind: c::c_int) -> Test {
    const KIND: u32 = 0xf;
    Test { argument: 1, mask: KIND, equals: kind as u32 }
}

/// Named pipes, sockets and plain files may be made, devices not.
const fn mknod(position: u8) -> [Case; 5] {
    const KINDS: [u32; 4] = [0, c::S_IFREG, c::S_IFIFO, c::S_IFSOCK];
    let kinds = each_masked(position, c::S_IFMT | SET_ID, KINDS, ALLOW);
    both(kinds, [case([none_of(position, SET_ID)], Action::Notify)])
}

/// Of a call that may make a file, by which argument holds its flags; the mode is the next one.
const fn opener(flags: u8) -> [Case; 2] {
    // Only where a file may be made does the kernel look at the mode.
    let makes_none = none_of(flags, c::O_CREAT as u32 | c::O_TMPFILE as u32 & !(c::O_DIRECTORY as u32));
    [case([makes_none], ALLOW), case([none_of(flags + 1, SET_ID)], ALLOW)]
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

const CLONE: Rule = Rule { cases: &[case([none_of(0, REFUSED_CLONE_FLAGS)], ALLOW)], otherwise: Action::Notify };

const IOCTL: Rule = {
    const QUERIES: [u32; 8] = [
        c::TCGETS as u32,
        c::TIOCGWINSZ as u32,
        c::FIONREAD as u32,
        c::FIONBIO as u32,
        c::FIOCLEX as u32,
        c::FIONCLEX as u32,
        c::TIOCGPGRP as u32,
        c::TIOCOUTQ as u32,
    ];
    // Pushing input into a terminal is the classic way out of a session.
    const PUSHING: [u32; 2] = [c::TIOCSTI as u32, c::TIOCLINUX as u32];
    const CASES: [Case; 10] = both(each(1, QUERIES, ALLOW), each(1, PUSHING, Action::Notify));
    Rule { cases: &CASES, otherwise: Action::Errno(c::ENOTTY as u16) }
};

/// Shared memory without a name is in no process's own account, so the supervisor counts what is asked for. Huge pages
/// are the system's, and in no account at all.
const MMAP: Rule = {
    const fn has(flag: c::c_int) -> Test {
        Test { argument: 3, mask: flag as u32, equals: flag as u32 }
    }
    Rule {
        cases: &[
            case([has(c::MAP_HUGETLB)], Action::Errno(c::ENOMEM as u16)),
            case([has(c::MAP_ANONYMOUS | c::MAP_SHARED)], Action::Notify),
        ],
        otherwise: ALLOW,
    }
};

const FCNTL: Rule = {
    // Not among them: F_SETPIPE_SZ (kernel memory), F_SETLEASE and F_NOTIFY (hold up others), F_SETOWN and F_SETSIG.
    const COMMANDS: [u32; 9] = [
        c::F_DUPFD as u32,
        c::F_DUPFD_CLOEXEC as u32,
        c::F_GETFD as u32,
        c::F_SETFD as u32,
        c::F_GETFL as u32,
        c::F_SETFL as u32,
        c::F_GETLK as u32,
        c::F_OFD_GETLK as u32,
        c::F_GETPIPE_SZ as u32,
    ];
    // The kernel's memory for a lock is in no account: the supervisor counts them.
    const LOCKS: [u32; 4] = [c::F_SETLK as u32, c::F_SETLKW as u32, c::F_OFD_SETLK as u32, c::F_OFD_SETLKW as u32];
    const CASES: [Case; 13] = both(each(1, COMMANDS, ALLOW), each(1, LOCKS, Action::Notify));
    Rule { cases: &CASES, otherwise: EPERM }
};

const PRCTL: Rule = {
    const PR_SET_VMA: c::c_int = 0x5356_4d41;
    const OPERATIONS: [u32; 11] = [
        c::PR_SET_NAME as u32,
        c::PR_GET_NAME as u32,
        c::PR_SET_PDEATHSIG as u32,
        c::PR_GET_PDEATHSIG as u32,
        c::PR_GET_DUMPABLE as u32,
        c::PR_CAPBSET_READ as u32,
        c::PR_GET_NO_NEW_PRIVS as u32,
        c::PR_SET_NO_NEW_PRIVS as u32,
        c::PR_GET_SECCOMP as u32,
        c::PR_GET_TIMERSLACK as u32,
        PR_SET_VMA as u32,
    ];
    // Succeeds and does nothing: a process that hides from its user would hide from the watchdog.
    const HIDING: [Case; 1] = each(0, [c::PR_SET_DUMPABLE as u32], Action::Errno(0));
    const CASES: [Case; 12] = both(each(0, OPERATIONS, ALLOW), HIDING);
    Rule { cases: &CASES, otherwise: EPERM }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exec_passes_only_with_every_word_of_its_pass() {
        let rules = rules(Surface::Namespaces, Sockets::Unix, Forks::Limited);
        let Rule { cases: [Case { tests, action: ALLOW }], otherwise: Action::Notify } =
            rules.get(c::SYS_execve as u32)
        else {
            unreachable!("one case")
        };
        assert_eq!(*tests, [argument(3, PASS_MARKS[0]), argument(4, PASS_MARKS[1]), argument(5, PASS_MARKS[2])]);
    }

    #[test]
    fn nothing_is_both_allowed_and_reported() {
        let rules = rules(Surface::Host, Sockets::Unix, Forks::Asked);
        for (number, kind) in REPORTED.iter().chain(REPORTED_LEGACY) {
            let rule = rules.get(*number as u32);
            let passes = [c::SYS_unshare, c::SYS_capset].contains(number);
            assert_eq!(rule, if passes { &OURS_OR_TOLD } else { &TOLD }, "{number} ({kind})");
            assert!(!ALLOWED.iter().any(|(_, numbers)| numbers.contains(number)), "{number} ({kind})");
        }
    }

    #[test]
    fn every_new_namespace_flag_of_clone_is_refused() {
        let [Case { tests: [test, Test::NONE, Test::NONE], action: ALLOW }] = CLONE.cases else {
            unreachable!("one case")
        };
        assert_eq!(CLONE.otherwise, Action::Notify);
        for flag in [0x0002_0000_u32, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
            let refused = flag & test.mask != test.equals;
            assert!(refused, "flag {flag:#x}");
        }
    }
}
