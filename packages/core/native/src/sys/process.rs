//! Processes: creation, identity, limits, signals.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use super::call::{call, outcome};
use super::fd::{AsFd, BorrowedFd, OwnedFd, owned};
use super::io;
use super::processors::Processors;

/// From linux/sched.h; the libc crate's own has too narrow a type.
const CLONE_INTO_CGROUP: u64 = 1 << 33;

/// What a fork leaves behind in either process.
pub enum Fork {
    Child,
    Parent(Child),
}

/// A child process and the descriptor that names it without a race.
pub struct Child {
    pub pid: libc::pid_t,
    pub pidfd: OwnedFd,
}

/// clone3(2) like fork(2), with flags (new namespaces, or something to share) and, on cgroup v2, straight into a cgroup.
///
/// The process must be single-threaded: the child goes on running ordinary code.
pub fn fork(flags: u64, cgroup: Option<BorrowedFd<'_>>) -> io::Result<Fork> {
    let mut pidfd: libc::c_int = -1;
    // SAFETY: clone_args is plain data for which all zeros is valid.
    let mut args: libc::clone_args = unsafe { core::mem::zeroed() };
    args.flags = flags | libc::CLONE_PIDFD as u64;
    args.exit_signal = libc::SIGCHLD as u64;
    args.pidfd = (&raw mut pidfd) as u64;
    if let Some(cgroup) = cgroup {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = cgroup.as_raw_fd() as u64;
    }
    // SAFETY: `args` lives over the call; no stack is given, so the child runs on a copy of this one, as after fork,
    // which is sound because this process has no other thread that could hold a lock.
    let pid = unsafe { call!(libc::SYS_clone3, &raw const args, size_of::<libc::clone_args>()) };
    let pid = match pid {
        // Container runtimes hide clone3 where they cannot check its flags.
        Err(e) if e.is(libc::ENOSYS) && cgroup.is_none() => old_clone(args.flags, &mut pidfd)?,
        other => other?,
    };
    Ok(if pid == 0 {
        Fork::Child
    } else {
        Fork::Parent(Child { pid: pid as libc::pid_t, pidfd: owned(pidfd as usize) })
    })
}

/// clone(2) with the same meaning; the descriptor is left where clone3 leaves it.
fn old_clone(flags: u64, pidfd: &mut libc::c_int) -> io::Result<usize> {
    let flags = flags | libc::SIGCHLD as u64;
    let (no_stack, no_tls) = (0, 0);
    let pidfd: *mut libc::c_int = pidfd;
    // SAFETY: as for clone3. The kernel's order of the last two arguments differs between architectures, but both are 0.
    unsafe { call!(libc::SYS_clone, flags, no_stack, pidfd, no_tls, no_tls) }
}

/// A process that ends before this call returns: only what is made with it by `flags` is wanted, which is there until it
/// is waited for. It runs on this one's memory, whose copy would take longer than all the rest, and does not touch it.
pub fn stillborn(flags: u64) -> io::Result<libc::pid_t> {
    let flags = flags | (libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD) as u64;
    // This one waits, so its own processor is free, while another may be busy.
    let processors = Processors::of_this_process();
    if let Some(processors) = &processors {
        processors.current().bind(0);
    }
    // SAFETY: the child makes one system call, to end, and uses no stack for it.
    let pid = outcome(unsafe { clone_and_exit(flags) });
    if let Some(processors) = &processors {
        processors.bind(0);
    }
    pid.map(|pid| pid as libc::pid_t)
}

#[cfg(target_arch = "x86_64")]
unsafe fn clone_and_exit(flags: u64) -> isize {
    let result: isize;
    // SAFETY: the registers are those of the system call convention; in the child, nothing follows.
    unsafe {
        core::arch::asm!(
            "syscall", "test rax, rax", "jnz 2f", "mov edi, eax", "mov eax, {exit}", "syscall", "2:",
            exit = const libc::SYS_exit,
            inlateout("rax") libc::SYS_clone as isize => result,
            inlateout("rdi") flags => _, in("rsi") 0_u64, in("rdx") 0_u64, in("r10") 0_u64, in("r8") 0_u64,
            lateout("rcx") _, lateout("r11") _,
            options(nostack)
        );
    }
    result
}

#[cfg(target_arch = "aarch64")]
unsafe fn clone_and_exit(flags: u64) -> isize {
    let result: isize;
    // SAFETY: the registers are those of the system call convention; in the child, nothing follows.
    unsafe {
        core::arch::asm!(
            "svc 0", "cbnz x0, 2f", "mov x8, {exit}", "svc 0", "2:",
            exit = const libc::SYS_exit,
            inlateout("x8") libc::SYS_clone as u64 => _,
            inlateout("x0") flags as isize => result,
            in("x1") 0_u64, in("x2") 0_u64, in("x3") 0_u64, in("x4") 0_u64,
            options(nostack)
        );
    }
    result
}

/// Moves this process into namespaces of another one. Needs the right to read that one's memory.
pub fn join_namespaces(of: BorrowedFd<'_>, namespaces: libc::c_int) -> io::Result<()> {
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_setns, of.as_raw_fd(), namespaces) }.map(|_| ())
}

/// The mount namespace of another process.
pub fn mount_namespace(pid: libc::pid_t) -> io::Result<OwnedFd> {
    super::fs::open(&alloc::format!("/proc/{pid}/ns/mnt"), libc::O_RDONLY)
}

pub fn unshare(namespaces: libc::c_int, pass: Pass) -> io::Result<()> {
    let [a, b, c] = pass;
    // SAFETY: takes no pointers, and one argument only.
    unsafe { call!(libc::SYS_unshare, namespaces, 0, 0, a, b, c) }.map(|_| ())
}

/// Ends this process at once, without running anything else.
pub fn exit_now(code: i32) -> ! {
    loop {
        // SAFETY: never returns and touches no memory.
        let _ = unsafe { call!(libc::SYS_exit_group, code) };
    }
}

pub fn pid() -> libc::pid_t {
    // SAFETY: always succeeds.
    unsafe { call!(libc::SYS_getpid) }.map_or(0, |pid| pid as libc::pid_t)
}

/// Of the process that made this one, or of who adopted it.
pub fn parent() -> libc::pid_t {
    // SAFETY: always succeeds.
    unsafe { call!(libc::SYS_getppid) }.map_or(0, |pid| pid as libc::pid_t)
}

pub fn effective_uid() -> libc::uid_t {
    // SAFETY: always succeeds.
    unsafe { call!(libc::SYS_geteuid) }.map_or(0, |uid| uid as libc::uid_t)
}

pub fn effective_gid() -> libc::gid_t {
    // SAFETY: always succeeds.
    unsafe { call!(libc::SYS_getegid) }.map_or(0, |gid| gid as libc::gid_t)
}

/// Becomes one user and group in every respect.
pub fn set_user(uid: libc::uid_t, gid: libc::gid_t) -> io::Result<()> {
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_setresgid, gid, gid, gid) }?;
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_setresuid, uid, uid, uid) }.map(|_| ())
}

/// Leaves all supplementary groups.
pub fn drop_groups() -> io::Result<()> {
    // SAFETY: with a count of 0 the list is not read.
    unsafe { call!(libc::SYS_setgroups, 0, core::ptr::null::<libc::gid_t>()) }.map(|_| ())
}

/// prctl(2) for the operations that take plain numbers.
pub fn prctl(operation: libc::c_int, a: libc::c_ulong, b: libc::c_ulong) -> io::Result<libc::c_int> {
    // SAFETY: every operation that this crate uses takes numbers only.
    unsafe { call!(libc::SYS_prctl, operation, a, b, 0, 0) }.map(|n| n as libc::c_int)
}

/// Makes sure that no program started later can gain a capability: empties the bounding and ambient sets. What this
/// process itself has stays, until [`drop_capabilities`].
pub fn bar_capabilities() -> io::Result<()> {
    for capability in 0..=63 {
        match prctl(libc::PR_CAPBSET_DROP, capability, 0) {
            Ok(_) => {}
            // The first number that the kernel does not know.
            Err(e) if e.is(libc::EINVAL) => break,
            Err(e) => return Err(e),
        }
    }
    prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL as libc::c_ulong, 0).map(|_| ())
}

/// Gives up every capability of this process: permitted, effective and inheritable.
pub fn drop_capabilities(pass: Pass) -> io::Result<()> {
    // capget(2): version 3, then two 32-bit words each of effective, permitted, inheritable.
    let header = [0x2008_0522_u32, 0];
    let data = [0_u32; 6];
    let [a, b, c] = pass;
    // SAFETY: both arrays have the layout and size that version 3 asks for; the call takes no more arguments.
    unsafe { call!(libc::SYS_capset, header.as_ptr(), data.as_ptr(), 0, a, b, c) }.map(|_| ())
}

/// Sets the soft and hard limit.
pub fn set_rlimit(resource: libc::__rlimit_resource_t, limit: u64) -> io::Result<()> {
    let limit = libc::rlimit64 { rlim_cur: limit, rlim_max: limit };
    let none = core::ptr::null_mut::<libc::rlimit64>();
    // SAFETY: `limit` lives over the call; no old value is asked for.
    unsafe { call!(libc::SYS_prlimit64, 0, resource, &raw const limit, none) }.map(|_| ())
}

pub fn new_session() -> io::Result<()> {
    // SAFETY: takes no arguments.
    unsafe { call!(libc::SYS_setsid) }.map(|_| ())
}

pub fn set_umask(mask: libc::mode_t) {
    // SAFETY: always succeeds.
    let _ = unsafe { call!(libc::SYS_umask, mask) };
}

pub fn set_host_name(name: &str) -> io::Result<()> {
    // SAFETY: pointer and length are those of a live string.
    unsafe { call!(libc::SYS_sethostname, name.as_ptr(), name.len()) }.map(|_| ())
}

/// Blocks the signals that end or concern a supervisor and returns the descriptor on which they arrive instead.
pub fn signal_fd(signals: &[libc::c_int]) -> io::Result<OwnedFd> {
    let set = signals.iter().fold(0, |set, signal| set | 1_u64 << (signal - 1));
    set_signal_mask(libc::SIG_BLOCK, set)?;
    let flags = libc::SFD_CLOEXEC | libc::SFD_NONBLOCK;
    // SAFETY: `set` is a live set of the kernel's size.
    unsafe { call!(libc::SYS_signalfd4, -1_i32, &raw const set, size_of_val(&set), flags) }.map(owned)
}

/// One bit for each signal, from number 1 on.
fn set_signal_mask(how: libc::c_int, set: u64) -> io::Result<()> {
    // SAFETY: `set` is a live set of the kernel's size; the old one is not asked for.
    unsafe { call!(libc::SYS_rt_sigprocmask, how, &raw const set, 0, size_of_val(&set)) }.map(|_| ())
}

/// The signal mask and dispositions of a program that nobody has touched: the supervisor blocks signals and ignores
/// SIGPIPE, and the caller of `skillbox` may ignore others; all of that survives exec.
pub fn reset_signals() {
    for signal in 1..=64 {
        // SIGKILL and SIGSTOP fail harmlessly.
        let _ = set_action(signal, libc::SIG_DFL);
    }
    // Fails only for a bad operation.
    let _ = set_signal_mask(libc::SIG_SETMASK, 0);
}

/// A write that nobody reads fails with EPIPE instead of ending this process.
pub fn ignore_broken_pipes() -> io::Result<()> {
    set_action(libc::SIGPIPE, libc::SIG_IGN)
}

/// A child that has ended is there until it is waited for, also where the caller of this program ignores its children
/// and left that to us.
pub fn keep_ended_children() -> io::Result<()> {
    set_action(libc::SIGCHLD, libc::SIG_DFL)
}

/// The default action, or none.
fn set_action(signal: libc::c_int, handler: libc::sighandler_t) -> io::Result<()> {
    // The kernel's own structure: handler, flags, restorer, mask.
    let action = [handler, 0, 0, 0];
    // SAFETY: `action` has the layout and size that the kernel reads, and no code of ours is called by it.
    unsafe { call!(libc::SYS_rt_sigaction, signal, action.as_ptr(), 0, size_of::<u64>()) }.map(|_| ())
}

/// The size of a page of memory. getauxval(3); proc_pid_auxv(5)
pub fn page_bytes() -> u64 {
    const AT_PAGESZ: u64 = 6;
    let vector = super::fs::read("/proc/self/auxv").unwrap_or_default();
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, u64::from_ne_bytes);
    let size = vector.chunks_exact(16).find(|pair| word(&pair[..8]) == AT_PAGESZ);
    size.map_or(4096, |pair| word(&pair[8..]))
}

pub fn kill(child: BorrowedFd<'_>, signal: libc::c_int) -> io::Result<()> {
    let none = core::ptr::null::<libc::siginfo_t>();
    // SAFETY: no siginfo is given.
    unsafe { call!(libc::SYS_pidfd_send_signal, child.as_raw_fd(), signal, none, 0) }.map(|_| ())
}

/// Signals a child that has not been waited for yet, so that its number is still its own.
pub fn kill_pid(pid: libc::pid_t, signal: libc::c_int) {
    // SAFETY: takes no pointers. It fails only when the process is gone.
    let _ = unsafe { call!(libc::SYS_kill, pid, signal) };
}

/// The raw status and the resource use of a child that ended, and its id.
pub struct Exited {
    pub pid: libc::pid_t,
    pub status: libc::c_int,
    pub cpu_ms: f64,
    pub max_rss_bytes: u64,
}

/// wait4(2) for one child (`pid`) or any (-1), blocking.
pub fn wait(pid: libc::pid_t) -> io::Result<Exited> {
    loop {
        match wait4(pid, 0) {
            Err(e) if e.is(libc::EINTR) => {}
            other => return other,
        }
    }
}

/// Any child that has ended already.
pub fn wait_now() -> Option<Exited> {
    wait4(-1, libc::WNOHANG).ok().filter(|exited| exited.pid != 0)
}

fn wait4(pid: libc::pid_t, flags: libc::c_int) -> io::Result<Exited> {
    // SAFETY: rusage is plain data for which all zeros is valid.
    let mut usage: libc::rusage = unsafe { core::mem::zeroed() };
    let mut status: libc::c_int = 0;
    // SAFETY: both out-pointers are to live variables.
    let pid = unsafe { call!(libc::SYS_wait4, pid, &raw mut status, libc::__WALL | flags, &raw mut usage) }?;
    let ms = |t: libc::timeval| t.tv_sec as f64 * 1e3 + t.tv_usec as f64 / 1e3;
    let cpu_ms = ms(usage.ru_utime) + ms(usage.ru_stime);
    Ok(Exited { pid: pid as libc::pid_t, status, cpu_ms, max_rss_bytes: usage.ru_maxrss as u64 * 1024 })
}

/// What tells a call of our own from every call of the script's.
pub type Pass = [u32; 3];

/// Of a process that needs none.
pub const NO_PASS: Pass = [0; 3];

/// getrandom(2).
pub fn random() -> io::Result<Pass> {
    let mut bytes = [0_u8; 12];
    // SAFETY: pointer and length are those of a live, writable array.
    if unsafe { call!(libc::SYS_getrandom, bytes.as_mut_ptr(), bytes.len(), 0) }? != bytes.len() {
        return Err(io::Error::from_raw_os_error(libc::EINTR));
    }
    let [a, b, c, d, e, f, g, h, i, j, k, l] = bytes;
    Ok([[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(u32::from_le_bytes))
}

/// execve(2), with a pass in the registers behind its arguments; returns only when it fails.
pub fn execute(program: &CStr, arguments: &[CString], environment: &[CString], pass: Pass) -> io::Error {
    let pointers =
        |strings: &[CString]| strings.iter().map(|s| s.as_ptr()).chain([core::ptr::null()]).collect::<Vec<_>>();
    let (arguments, environment) = (pointers(arguments), pointers(environment));
    let [a, b, c] = pass;
    let (program, arguments, environment) = (program.as_ptr(), arguments.as_ptr(), environment.as_ptr());
    // SAFETY: both lists end with null and point to C strings that live over the call, which takes no more arguments.
    match unsafe { call!(libc::SYS_execve, program, arguments, environment, a, b, c) } {
        Err(error) => error,
        // Never: it has replaced this very code.
        Ok(_) => io::Error::from_raw_os_error(libc::ENOEXEC),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stillborn_process_has_ended_well() {
        let pid = stillborn(0).expect("a process");
        assert_eq!(wait(pid).expect("to be there").status, 0);
    }
}
