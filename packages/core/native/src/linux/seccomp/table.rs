//! Which system calls a script may make, and why. Everything that is not named here is refused with ENOSYS, which
//! libraries take as "an older kernel" and do without.

use libc as c;

use super::bpf::{Action, Rule, Rules, Test};

const ALLOW: Action = Action::Allow;
const EPERM: Action = Action::Errno(c::EPERM as u16);
const ENOSYS: Action = Action::Errno(c::ENOSYS as u16);

/// System calls that interpreters and common native modules need, by what they need them for.
const ALLOWED: &[(&str, &[c::c_long])] = &[
    (
        "file contents: reads and writes on descriptors that are already open",
        &[
            c::SYS_read,
            c::SYS_write,
            c::SYS_readv,
            c::SYS_writev,
            c::SYS_pread64,
            c::SYS_pwrite64,
            c::SYS_preadv,
            c::SYS_pwritev,
            c::SYS_preadv2,
            c::SYS_pwritev2,
            c::SYS_lseek,
            c::SYS_sendfile,
            c::SYS_copy_file_range,
            c::SYS_splice,
            c::SYS_tee,
            c::SYS_fsync,
            c::SYS_fdatasync,
            c::SYS_ftruncate,
            c::SYS_truncate,
            c::SYS_fallocate,
            c::SYS_fadvise64,
            c::SYS_readahead,
            c::SYS_sync_file_range,
            c::SYS_flock,
        ],
    ),
    (
        "file names: the mount namespace and Landlock decide which exist and what may be done to them",
        &[
            c::SYS_openat,
            c::SYS_openat2,
            c::SYS_close,
            c::SYS_close_range,
            c::SYS_fstat,
            c::SYS_newfstatat,
            c::SYS_statx,
            c::SYS_statfs,
            c::SYS_fstatfs,
            c::SYS_faccessat,
            c::SYS_faccessat2,
            c::SYS_readlinkat,
            c::SYS_getdents64,
            c::SYS_getcwd,
            c::SYS_chdir,
            c::SYS_fchdir,
            c::SYS_renameat,
            c::SYS_renameat2,
            c::SYS_mkdirat,
            c::SYS_unlinkat,
            c::SYS_linkat,
            c::SYS_symlinkat,
            c::SYS_fchmod,
            c::SYS_fchmodat,
            SYS_FCHMODAT2,
            c::SYS_fchown,
            c::SYS_fchownat,
            c::SYS_utimensat,
            c::SYS_umask,
            c::SYS_getxattr,
            c::SYS_lgetxattr,
            c::SYS_fgetxattr,
            c::SYS_listxattr,
            c::SYS_llistxattr,
            c::SYS_flistxattr,
        ],
    ),
    (
        "descriptors and waiting for them: event loops",
        &[
            c::SYS_dup,
            c::SYS_dup3,
            c::SYS_pipe2,
            c::SYS_ppoll,
            c::SYS_pselect6,
            c::SYS_epoll_create1,
            c::SYS_epoll_ctl,
            c::SYS_epoll_pwait,
            c::SYS_epoll_pwait2,
            c::SYS_eventfd2,
            c::SYS_signalfd4,
            c::SYS_timerfd_create,
            c::SYS_timerfd_settime,
            c::SYS_timerfd_gettime,
        ],
    ),
    (
        "memory of the process itself",
        &[
            c::SYS_brk,
            c::SYS_mmap,
            c::SYS_munmap,
            c::SYS_mremap,
            c::SYS_mprotect,
            c::SYS_madvise,
            c::SYS_msync,
            c::SYS_mincore,
            c::SYS_mlock,
            c::SYS_mlock2,
            c::SYS_munlock,
            c::SYS_membarrier,
            c::SYS_pkey_alloc,
            c::SYS_pkey_free,
            c::SYS_pkey_mprotect,
        ],
    ),
    (
        "processes and threads, of which the limit decides how many, and signals within the PID namespace",
        &[
            c::SYS_exit,
            c::SYS_exit_group,
            c::SYS_wait4,
            c::SYS_waitid,
            c::SYS_kill,
            c::SYS_tkill,
            c::SYS_tgkill,
            c::SYS_rt_sigaction,
            c::SYS_rt_sigprocmask,
            c::SYS_rt_sigreturn,
            c::SYS_rt_sigpending,
            c::SYS_rt_sigtimedwait,
            c::SYS_rt_sigsuspend,
            c::SYS_rt_sigqueueinfo,
            c::SYS_rt_tgsigqueueinfo,
            c::SYS_sigaltstack,
            c::SYS_restart_syscall,
            c::SYS_futex,
            SYS_FUTEX_WAITV,
            c::SYS_set_robust_list,
            c::SYS_get_robust_list,
            c::SYS_set_tid_address,
            c::SYS_rseq,
            c::SYS_getpid,
            c::SYS_gettid,
            c::SYS_getppid,
            c::SYS_getpgid,
            c::SYS_setpgid,
            c::SYS_getsid,
            c::SYS_setsid,
            c::SYS_pidfd_open,
            c::SYS_pidfd_send_signal,
        ],
    ),
    (
        "who and where I am: the answers are the sandbox's own",
        &[
            c::SYS_getuid,
            c::SYS_geteuid,
            c::SYS_getgid,
            c::SYS_getegid,
            c::SYS_getresuid,
            c::SYS_getresgid,
            c::SYS_getgroups,
            c::SYS_uname,
            c::SYS_sysinfo,
            c::SYS_getrusage,
            c::SYS_times,
            c::SYS_capget,
            c::SYS_getcpu,
        ],
    ),
    (
        "limits and scheduling as far as they only lower or only tell",
        &[
            c::SYS_prlimit64,
            c::SYS_getrlimit,
            c::SYS_setrlimit,
            c::SYS_getpriority,
            c::SYS_sched_yield,
            c::SYS_sched_getaffinity,
            c::SYS_sched_setaffinity,
            c::SYS_sched_getparam,
            c::SYS_sched_getscheduler,
            c::SYS_sched_get_priority_max,
            c::SYS_sched_get_priority_min,
            c::SYS_sched_rr_get_interval,
            c::SYS_sched_getattr,
            c::SYS_ioprio_get,
        ],
    ),
    (
        "time",
        &[
            c::SYS_clock_gettime,
            c::SYS_clock_getres,
            c::SYS_clock_nanosleep,
            c::SYS_nanosleep,
            c::SYS_gettimeofday,
            c::SYS_getitimer,
            c::SYS_setitimer,
            c::SYS_timer_create,
            c::SYS_timer_settime,
            c::SYS_timer_gettime,
            c::SYS_timer_getoverrun,
            c::SYS_timer_delete,
            c::SYS_getrandom,
        ],
    ),
    (
        "talk between the run's own processes: only AF_UNIX sockets can be made",
        &[
            c::SYS_bind,
            c::SYS_listen,
            c::SYS_accept,
            c::SYS_accept4,
            c::SYS_connect,
            c::SYS_getsockname,
            c::SYS_getpeername,
            c::SYS_getsockopt,
            c::SYS_sendto,
            c::SYS_recvfrom,
            c::SYS_sendmsg,
            c::SYS_recvmsg,
            c::SYS_sendmmsg,
            c::SYS_recvmmsg,
            c::SYS_shutdown,
        ],
    ),
];

/// The older spellings of calls above, which only x86-64 still has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_LEGACY: &[c::c_long] = &[
    c::SYS_open,
    c::SYS_creat,
    c::SYS_stat,
    c::SYS_lstat,
    c::SYS_access,
    c::SYS_readlink,
    c::SYS_getdents,
    c::SYS_rename,
    c::SYS_mkdir,
    c::SYS_rmdir,
    c::SYS_unlink,
    c::SYS_link,
    c::SYS_symlink,
    c::SYS_chmod,
    c::SYS_chown,
    c::SYS_lchown,
    c::SYS_utime,
    c::SYS_utimes,
    c::SYS_futimesat,
    c::SYS_dup2,
    c::SYS_pipe,
    c::SYS_poll,
    c::SYS_select,
    c::SYS_epoll_create,
    c::SYS_epoll_wait,
    c::SYS_eventfd,
    c::SYS_signalfd,
    c::SYS_fork,
    c::SYS_vfork,
    c::SYS_getpgrp,
    c::SYS_alarm,
    c::SYS_pause,
    c::SYS_time,
    c::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_LEGACY: &[c::c_long] = &[];

// Numbers that are the same everywhere but not yet in every target of the libc crate.
const SYS_FUTEX_WAITV: c::c_long = 449;
const SYS_FCHMODAT2: c::c_long = 452;
const SYS_QUOTACTL_FD: c::c_long = 443;
const SYS_MEMFD_SECRET: c::c_long = 447;
const SYS_LSM_SET_SELF_ATTR: c::c_long = 460;
const SYS_OPEN_TREE_ATTR: c::c_long = 467;

/// System calls whose refusal is worth telling: an honest script does not make them by chance. The kind is that of a
/// violation.
pub const REPORTED: &[(c::c_long, &str)] = &[
    (c::SYS_execve, "exec"),
    (c::SYS_execveat, "exec"),
    (c::SYS_ptrace, "ptrace"),
    (c::SYS_process_vm_readv, "ptrace"),
    (c::SYS_process_vm_writev, "ptrace"),
    (c::SYS_process_madvise, "ptrace"),
    (c::SYS_pidfd_getfd, "ptrace"),
    (c::SYS_kcmp, "ptrace"),
    (c::SYS_mount, "mount"),
    (c::SYS_umount2, "mount"),
    (c::SYS_pivot_root, "mount"),
    (c::SYS_chroot, "mount"),
    (c::SYS_move_mount, "mount"),
    (c::SYS_open_tree, "mount"),
    (SYS_OPEN_TREE_ATTR, "mount"),
    (c::SYS_fsopen, "mount"),
    (c::SYS_fsconfig, "mount"),
    (c::SYS_fsmount, "mount"),
    (c::SYS_fspick, "mount"),
    (c::SYS_mount_setattr, "mount"),
    (c::SYS_swapon, "mount"),
    (c::SYS_swapoff, "mount"),
    (c::SYS_quotactl, "mount"),
    (SYS_QUOTACTL_FD, "mount"),
    (c::SYS_unshare, "namespace"),
    (c::SYS_setns, "namespace"),
    (c::SYS_open_by_handle_at, "handle"),
    (c::SYS_name_to_handle_at, "handle"),
    (c::SYS_keyctl, "keyring"),
    (c::SYS_add_key, "keyring"),
    (c::SYS_request_key, "keyring"),
    (c::SYS_bpf, "kernel"),
    (c::SYS_perf_event_open, "kernel"),
    (c::SYS_userfaultfd, "kernel"),
    (c::SYS_io_uring_setup, "kernel"),
    (c::SYS_io_uring_enter, "kernel"),
    (c::SYS_io_uring_register, "kernel"),
    (c::SYS_init_module, "kernel"),
    (c::SYS_finit_module, "kernel"),
    (c::SYS_delete_module, "kernel"),
    (c::SYS_kexec_load, "kernel"),
    (c::SYS_reboot, "kernel"),
    (c::SYS_syslog, "kernel"),
    (c::SYS_acct, "kernel"),
    (c::SYS_settimeofday, "kernel"),
    (c::SYS_clock_settime, "kernel"),
    (c::SYS_adjtimex, "kernel"),
    (c::SYS_clock_adjtime, "kernel"),
    (c::SYS_sethostname, "kernel"),
    (c::SYS_setdomainname, "kernel"),
    (c::SYS_fanotify_init, "kernel"),
    (c::SYS_vhangup, "kernel"),
    (c::SYS_seccomp, "privilege"),
    (c::SYS_capset, "privilege"),
    (c::SYS_setuid, "privilege"),
    (c::SYS_setgid, "privilege"),
    (c::SYS_setreuid, "privilege"),
    (c::SYS_setregid, "privilege"),
    (c::SYS_setresuid, "privilege"),
    (c::SYS_setresgid, "privilege"),
    (c::SYS_setgroups, "privilege"),
    (SYS_LSM_SET_SELF_ATTR, "privilege"),
    (c::SYS_setpriority, "priority"),
    (c::SYS_ioprio_set, "priority"),
    (c::SYS_sched_setscheduler, "priority"),
    (c::SYS_sched_setattr, "priority"),
    (c::SYS_memfd_create, "memory-file"),
    (SYS_MEMFD_SECRET, "memory-file"),
];

#[cfg(target_arch = "x86_64")]
const REPORTED_LEGACY: &[(c::c_long, &str)] = &[
    (c::SYS_iopl, "kernel"),
    (c::SYS_ioperm, "kernel"),
    (c::SYS_modify_ldt, "kernel"),
    (c::SYS_kexec_file_load, "kernel"),
];
#[cfg(not(target_arch = "x86_64"))]
const REPORTED_LEGACY: &[(c::c_long, &str)] = &[];

/// The kind of violation that a refused system call is.
pub fn kind(number: c::c_long) -> &'static str {
    match number {
        c::SYS_socket | c::SYS_socketpair => "socket",
        c::SYS_clone => "namespace",
        c::SYS_ioctl => "terminal",
        c::SYS_prctl => "privilege",
        c::SYS_mknodat => "device",
        #[cfg(target_arch = "x86_64")]
        c::SYS_mknod => "device",
        _ => REPORTED
            .iter()
            .chain(REPORTED_LEGACY)
            .find(|(reported, _)| *reported == number)
            .map_or("kernel", |(_, kind)| kind),
    }
}

/// All rules. execve is the supervisor's to decide, also where programs are granted; execveat can name an open
/// descriptor, which no rule about paths covers, so it is refused in any case.
pub fn rules() -> Rules {
    let mut rules = Rules::new();
    let mut set = |number: c::c_long, rule: Rule| {
        rules.insert(number as u32, rule);
    };
    for (_, numbers) in ALLOWED {
        numbers.iter().for_each(|number| set(*number, ALLOW.into()));
    }
    ALLOWED_LEGACY.iter().for_each(|number| set(*number, ALLOW.into()));
    for (number, _) in REPORTED.iter().chain(REPORTED_LEGACY) {
        set(*number, Action::Notify.into());
    }

    let unix_only = Rule { tests: vec![(argument(0, c::AF_UNIX as u32), ALLOW)], otherwise: Action::Notify };
    set(c::SYS_socket, unix_only.clone());
    set(c::SYS_socketpair, unix_only);
    // Buffer sizes decide how much kernel memory a socket can hold.
    let buffers = [c::SO_SNDBUF, c::SO_RCVBUF, c::SO_SNDBUFFORCE, c::SO_RCVBUFFORCE];
    set(c::SYS_setsockopt, deny(1, &buffers.map(|option| option as u32), EPERM));
    set(c::SYS_clone, clone_rule());
    // Its flags lie in memory that another thread can change; glibc falls back to clone(2).
    set(c::SYS_clone3, ENOSYS.into());
    set(c::SYS_ioctl, ioctl_rule());
    set(c::SYS_fcntl, fcntl_rule());
    set(c::SYS_prctl, prctl_rule());
    set(c::SYS_mknodat, mknod_rule(2));
    #[cfg(target_arch = "x86_64")]
    set(c::SYS_mknod, mknod_rule(1));
    // 0xffffffff asks for the current persona, 0 is the one that everybody has.
    set(c::SYS_personality, only(0, &[0xffff_ffff, 0], EPERM));
    rules
}

fn argument(argument: u8, equals: u32) -> Test {
    Test { argument, mask: u32::MAX, equals }
}

/// Allowed only with one of these values.
fn only(position: u8, values: &[u32], otherwise: Action) -> Rule {
    Rule { tests: values.iter().map(|value| (argument(position, *value), ALLOW)).collect(), otherwise }
}

/// Allowed with any value but these.
fn deny(position: u8, values: &[u32], action: Action) -> Rule {
    Rule { tests: values.iter().map(|value| (argument(position, *value), action)).collect(), otherwise: ALLOW }
}

/// Named pipes, sockets and plain files may be made, devices not.
fn mknod_rule(position: u8) -> Rule {
    let kind = |kind: c::mode_t| Test { argument: position, mask: c::S_IFMT, equals: kind };
    let kinds = [0, c::S_IFREG, c::S_IFIFO, c::S_IFSOCK];
    Rule { tests: kinds.map(|k| (kind(k), ALLOW)).to_vec(), otherwise: Action::Notify }
}

fn clone_rule() -> Rule {
    const NEW_NAMESPACES: [c::c_int; 8] = [
        c::CLONE_NEWNS,
        c::CLONE_NEWCGROUP,
        c::CLONE_NEWUTS,
        c::CLONE_NEWIPC,
        c::CLONE_NEWUSER,
        c::CLONE_NEWPID,
        c::CLONE_NEWNET,
        c::CLONE_PTRACE,
    ];
    let has = |flag: c::c_int| Test { argument: 0, mask: flag as u32, equals: flag as u32 };
    Rule { tests: NEW_NAMESPACES.map(|flag| (has(flag), Action::Notify)).to_vec(), otherwise: ALLOW }
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
    rule.tests.extend([c::TIOCSTI, c::TIOCLINUX].map(|request| (argument(1, request as u32), Action::Notify)));
    rule
}

fn fcntl_rule() -> Rule {
    // Not among them: F_SETPIPE_SZ (kernel memory), F_SETLEASE and F_NOTIFY (hold up others), F_SETOWN and F_SETSIG.
    const COMMANDS: [c::c_int; 13] = [
        c::F_DUPFD,
        c::F_DUPFD_CLOEXEC,
        c::F_GETFD,
        c::F_SETFD,
        c::F_GETFL,
        c::F_SETFL,
        c::F_GETLK,
        c::F_SETLK,
        c::F_SETLKW,
        c::F_OFD_GETLK,
        c::F_OFD_SETLK,
        c::F_OFD_SETLKW,
        c::F_GETPIPE_SZ,
    ];
    only(1, &COMMANDS.map(|command| command as u32), EPERM)
}

fn prctl_rule() -> Rule {
    const PR_SET_VMA: c::c_int = 0x5356_4d41;
    const OPERATIONS: [c::c_int; 12] = [
        c::PR_SET_NAME,
        c::PR_GET_NAME,
        c::PR_SET_PDEATHSIG,
        c::PR_GET_PDEATHSIG,
        c::PR_GET_DUMPABLE,
        c::PR_SET_DUMPABLE,
        c::PR_CAPBSET_READ,
        c::PR_GET_NO_NEW_PRIVS,
        c::PR_SET_NO_NEW_PRIVS,
        c::PR_GET_SECCOMP,
        c::PR_GET_TIMERSLACK,
        PR_SET_VMA,
    ];
    only(0, &OPERATIONS.map(|operation| operation as u32), EPERM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_both_allowed_and_reported() {
        for (number, kind) in REPORTED.iter().chain(REPORTED_LEGACY) {
            let rule = &rules()[&(*number as u32)];
            assert_eq!(rule, &Rule::from(Action::Notify), "{number} ({kind})");
            assert!(!ALLOWED.iter().any(|(_, numbers)| numbers.contains(number)), "{number} ({kind})");
        }
    }

    #[test]
    fn every_new_namespace_flag_of_clone_is_refused() {
        let rule = clone_rule();
        for flag in [0x0002_0000_u32, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
            let refused = rule.tests.iter().any(|(t, a)| flag & t.mask == t.equals && *a == Action::Notify);
            assert!(refused, "flag {flag:#x}");
        }
    }
}
