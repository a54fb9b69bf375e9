//! Which system calls a script may make whatever their arguments, and why; and which are worth telling when it tries.

use libc as c;

/// System calls that interpreters and common native modules need, by what they need them for.
#[rustfmt::skip]
pub const ALLOWED: &[(&str, &[c::c_long])] = &[
    (
        "file contents: reads and writes on descriptors that are already open",
        &[
            c::SYS_read, c::SYS_write, c::SYS_readv, c::SYS_writev, c::SYS_pread64, c::SYS_pwrite64, c::SYS_preadv,
            c::SYS_pwritev, c::SYS_preadv2, c::SYS_pwritev2, c::SYS_lseek, c::SYS_sendfile, c::SYS_copy_file_range,
            c::SYS_fsync, c::SYS_fdatasync, c::SYS_ftruncate, c::SYS_truncate,
            c::SYS_fallocate, c::SYS_fadvise64, c::SYS_readahead, c::SYS_sync_file_range, c::SYS_flock,
        ],
    ),
    (
        "file names: the mount namespace and Landlock decide which exist and what may be done to them",
        &[
            c::SYS_close, c::SYS_close_range, c::SYS_fstat, c::SYS_newfstatat,
            c::SYS_statx, c::SYS_statfs, c::SYS_fstatfs, c::SYS_faccessat, c::SYS_faccessat2, c::SYS_readlinkat,
            c::SYS_getdents64, c::SYS_getcwd, c::SYS_chdir, c::SYS_fchdir, c::SYS_renameat, c::SYS_renameat2,
            c::SYS_mkdirat, c::SYS_unlinkat, c::SYS_linkat, c::SYS_symlinkat, c::SYS_fchown, c::SYS_fchownat, c::SYS_utimensat, c::SYS_umask, c::SYS_getxattr,
            c::SYS_lgetxattr, c::SYS_fgetxattr, c::SYS_listxattr, c::SYS_llistxattr, c::SYS_flistxattr,
        ],
    ),
    (
        "descriptors and waiting for them: event loops",
        &[
            c::SYS_dup, c::SYS_dup3, c::SYS_pipe2, c::SYS_ppoll, c::SYS_pselect6, c::SYS_epoll_create1,
            c::SYS_epoll_ctl, c::SYS_epoll_pwait, c::SYS_epoll_pwait2, c::SYS_eventfd2, c::SYS_signalfd4,
            c::SYS_timerfd_create, c::SYS_timerfd_settime, c::SYS_timerfd_gettime,
        ],
    ),
    (
        "memory of the process itself",
        &[
            c::SYS_brk, c::SYS_munmap, c::SYS_mremap, c::SYS_mprotect, c::SYS_madvise, c::SYS_msync,
            c::SYS_mincore, c::SYS_mlock, c::SYS_mlock2, c::SYS_munlock, c::SYS_membarrier, c::SYS_pkey_alloc,
            c::SYS_pkey_free, c::SYS_pkey_mprotect,
        ],
    ),
    (
        "processes and threads, of which the limit decides how many, and signals within the PID namespace",
        &[
            c::SYS_exit, c::SYS_exit_group, c::SYS_wait4, c::SYS_waitid, c::SYS_kill, c::SYS_tkill, c::SYS_tgkill,
            c::SYS_rt_sigaction, c::SYS_rt_sigprocmask, c::SYS_rt_sigreturn, c::SYS_rt_sigpending,
            c::SYS_rt_sigtimedwait, c::SYS_rt_sigsuspend, c::SYS_rt_sigqueueinfo, c::SYS_rt_tgsigqueueinfo,
            c::SYS_sigaltstack, c::SYS_restart_syscall, c::SYS_futex, SYS_FUTEX_WAITV, c::SYS_set_robust_list,
            c::SYS_set_tid_address, c::SYS_rseq, c::SYS_getpid, c::SYS_gettid,
            c::SYS_getppid, c::SYS_getpgid, c::SYS_setpgid, c::SYS_getsid, c::SYS_setsid, c::SYS_pidfd_open,
            c::SYS_pidfd_send_signal,
        ],
    ),
    (
        "who and where I am: the answers are the sandbox's own",
        &[
            c::SYS_getuid, c::SYS_geteuid, c::SYS_getgid, c::SYS_getegid, c::SYS_getresuid, c::SYS_getresgid,
            c::SYS_getgroups, c::SYS_getrusage, c::SYS_times, c::SYS_capget, c::SYS_getcpu,
        ],
    ),
    (
        "limits and scheduling as far as they only lower or only tell",
        &[
            c::SYS_prlimit64, c::SYS_getrlimit, c::SYS_setrlimit, c::SYS_getpriority, c::SYS_sched_yield,
            c::SYS_sched_getaffinity, c::SYS_sched_setaffinity, c::SYS_sched_getparam, c::SYS_sched_getscheduler,
            c::SYS_sched_get_priority_max, c::SYS_sched_get_priority_min, c::SYS_sched_rr_get_interval,
            c::SYS_sched_getattr, c::SYS_ioprio_get,
        ],
    ),
    (
        "time",
        &[
            c::SYS_clock_gettime, c::SYS_clock_getres, c::SYS_clock_nanosleep, c::SYS_nanosleep, c::SYS_gettimeofday,
            c::SYS_getitimer, c::SYS_setitimer, c::SYS_timer_create, c::SYS_timer_settime, c::SYS_timer_gettime,
            c::SYS_timer_getoverrun, c::SYS_timer_delete, c::SYS_getrandom,
        ],
    ),
    (
        "talk between the run's own processes: only AF_UNIX sockets can be made",
        &[
            c::SYS_bind, c::SYS_listen, c::SYS_accept, c::SYS_accept4, c::SYS_getsockname, c::SYS_getpeername,
            c::SYS_getsockopt, c::SYS_recvfrom, c::SYS_recvmsg, c::SYS_recvmmsg,
            c::SYS_shutdown,
        ],
    ),
];

/// The older spellings of calls above, which only x86-64 still has.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
pub const ALLOWED_LEGACY: &[c::c_long] = &[
    c::SYS_stat, c::SYS_lstat, c::SYS_access, c::SYS_readlink, c::SYS_getdents,
    c::SYS_rename, c::SYS_mkdir, c::SYS_rmdir, c::SYS_unlink, c::SYS_link, c::SYS_symlink,
    c::SYS_chown, c::SYS_lchown, c::SYS_utime, c::SYS_utimes, c::SYS_futimesat, c::SYS_dup2, c::SYS_pipe,
    c::SYS_poll, c::SYS_select, c::SYS_epoll_create, c::SYS_epoll_wait, c::SYS_eventfd, c::SYS_signalfd, c::SYS_fork,
    c::SYS_vfork, c::SYS_getpgrp, c::SYS_alarm, c::SYS_pause, c::SYS_time, c::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
pub const ALLOWED_LEGACY: &[c::c_long] = &[];

// Numbers that are the same everywhere but not yet in every target of the libc crate.
const SYS_FUTEX_WAITV: c::c_long = 449;
pub const SYS_FCHMODAT2: c::c_long = 452;
const SYS_QUOTACTL_FD: c::c_long = 443;
const SYS_MEMFD_SECRET: c::c_long = 447;
const SYS_LSM_SET_SELF_ATTR: c::c_long = 460;
const SYS_OPEN_TREE_ATTR: c::c_long = 467;

/// System calls whose refusal is worth telling: an honest script does not make them by chance. The kind is that of a
/// violation. io_uring is refused without a word: Node 24 tries it at each start.
pub const REPORTED: &[(c::c_long, &str)] = &[
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
pub const REPORTED_LEGACY: &[(c::c_long, &str)] = &[
    (c::SYS_iopl, "kernel"),
    (c::SYS_ioperm, "kernel"),
    (c::SYS_modify_ldt, "kernel"),
    (c::SYS_kexec_file_load, "kernel"),
];
#[cfg(not(target_arch = "x86_64"))]
pub const REPORTED_LEGACY: &[(c::c_long, &str)] = &[];

/// The kind of violation that a refused system call is.
pub fn kind(number: c::c_long) -> &'static str {
    match number {
        c::SYS_socket | c::SYS_socketpair | c::SYS_connect | c::SYS_sendto | c::SYS_bind => "socket",
        c::SYS_execve => "exec",
        c::SYS_clone => "namespace",
        c::SYS_kill | c::SYS_tkill | c::SYS_tgkill | c::SYS_rt_sigqueueinfo | c::SYS_rt_tgsigqueueinfo => "signal",
        c::SYS_pidfd_open | c::SYS_prlimit64 | c::SYS_sched_setaffinity | c::SYS_setpgid => "process",
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
