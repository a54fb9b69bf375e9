//! seccomp(2): installing a filter, and answering its notifications (seccomp_unotify(2)).

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

use super::{check, fd::owned};

/// Installs a filter and returns the descriptor on which its notifications arrive.
/// The caller has set `no_new_privs`.
pub fn install_filter(program: &[libc::sock_filter]) -> io::Result<OwnedFd> {
    let program = libc::sock_fprog {
        len: u16::try_from(program.len()).map_err(|_| io::Error::from_raw_os_error(libc::E2BIG))?,
        filter: program.as_ptr().cast_mut(),
    };
    // A call whose notification has been received is not interrupted by signals any more. Linux 5.19.
    const WAIT_KILLABLE_RECV: libc::c_ulong = 1 << 5;
    let install = |flags: libc::c_ulong| {
        let program = &raw const program;
        // SAFETY: `program` points to `len` instructions that live over the call; the kernel copies and checks them.
        check(unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, program) })
    };
    let listen = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    let fd = match install(listen | WAIT_KILLABLE_RECV) {
        Err(e) if e.raw_os_error() == Some(libc::EINVAL) => install(listen)?,
        other => other?,
    };
    Ok(owned(fd))
}

/// Lets who waits for an answer and who gives it take turns on one processor: waking another one takes longer than the
/// answer. Linux 6.6; without it, all works the same.
pub fn take_turns(listener: BorrowedFd<'_>) {
    const SET_FLAGS: libc::c_ulong = 0x4008_2104;
    const SYNC_WAKE_UP: u64 = 1;
    // SAFETY: the argument of this ioctl is a number.
    unsafe { libc::ioctl(listener.as_raw_fd(), SET_FLAGS as _, SYNC_WAKE_UP) };
}

/// Receives the next notification.
pub fn receive(listener: BorrowedFd<'_>) -> io::Result<libc::seccomp_notif> {
    // SAFETY: seccomp_notif is plain data; the kernel demands that it is all zeros.
    let mut notification: libc::seccomp_notif = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a live notification, of the size that is part of the ioctl's number.
    check(libc::c_long::from(unsafe {
        libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV as _, &raw mut notification)
    }))?;
    Ok(notification)
}

/// What the waiting system call gets.
#[derive(Clone, Copy)]
pub enum Answer {
    /// It goes on as if there were no filter.
    Continue,
    /// It fails with this error number.
    Fail(i32),
    /// It succeeds with 0, without having been made.
    Done,
}

pub fn answer(listener: BorrowedFd<'_>, id: u64, answer: Answer) -> io::Result<()> {
    let mut response = libc::seccomp_notif_resp { id, val: 0, error: 0, flags: 0 };
    match answer {
        Answer::Continue => response.flags = libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32,
        Answer::Fail(errno) => response.error = -errno,
        Answer::Done => {}
    }
    // SAFETY: the pointer is to a live response, of the size that is part of the ioctl's number.
    check(libc::c_long::from(unsafe {
        libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND as _, &raw mut response)
    }))?;
    Ok(())
}

/// Whether the process that asked is still waiting for the answer to `id`: what was read from its memory before is
/// then really its own.
pub fn still_waiting(listener: BorrowedFd<'_>, id: u64) -> bool {
    // SAFETY: the pointer is to a live id.
    unsafe { libc::ioctl(listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID as _, &raw const id) == 0 }
}

/// Reads text that ends with a NUL byte from another process, at most `max` bytes of it. process_vm_readv(2).
pub fn read_text(pid: u32, address: u64, max: usize) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0_u8; 256];
    let mut address = address;
    while bytes.len() < max {
        // A read must not cross into a page that may not be there.
        let length = chunk.len().min(4096 - (address as usize & 4095));
        let local = libc::iovec { iov_base: chunk.as_mut_ptr().cast(), iov_len: length };
        let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: length };
        // SAFETY: the local vector is a live buffer; the remote one is only checked and read by the kernel.
        let n = unsafe { libc::process_vm_readv(pid as libc::pid_t, &raw const local, 1, &raw const remote, 1, 0) };
        let n = usize::try_from(n).ok().filter(|n| *n > 0)?;
        if let Some(end) = chunk[..n].iter().position(|byte| *byte == 0) {
            bytes.extend_from_slice(&chunk[..end]);
            break;
        }
        bytes.extend_from_slice(&chunk[..n]);
        address += n as u64;
    }
    bytes.truncate(max);
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The root directory of another process.
pub fn root_of(pid: u32) -> io::Result<OwnedFd> {
    let path = super::c_string(&format!("/proc/{pid}/root"))?;
    super::fd::open_at(None, &path, libc::O_PATH | libc::O_DIRECTORY, 0)
}

/// Which file a path names below a root, links followed but never out of it: device and inode. openat2(2).
pub fn identity_in(root: BorrowedFd<'_>, path: &str) -> io::Result<(u64, u64)> {
    let path = super::c_string(path)?;
    // SAFETY: open_how is plain data for which all zeros is valid.
    let mut how: libc::open_how = unsafe { std::mem::zeroed() };
    how.flags = (libc::O_PATH | libc::O_CLOEXEC) as u64;
    how.resolve = libc::RESOLVE_IN_ROOT | libc::RESOLVE_NO_MAGICLINKS;
    let size = size_of::<libc::open_how>();
    // SAFETY: `path` and `how` live over the call, and the size is that of `how`.
    let fd = unsafe { libc::syscall(libc::SYS_openat2, root.as_raw_fd(), path.as_ptr(), &raw const how, size) };
    let file = owned(check(fd)?);
    let stat = super::fd::stat(std::os::fd::AsFd::as_fd(&file))?;
    Ok((stat.st_dev, stat.st_ino))
}

/// Writes to the memory of another process. process_vm_writev(2).
fn write_memory(pid: u32, address: u64, bytes: &[u8]) -> bool {
    let local = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: bytes.len() };
    // SAFETY: the local vector is a live buffer that is only read; the kernel checks the remote one.
    let n = unsafe { libc::process_vm_writev(pid as libc::pid_t, &raw const local, 1, &raw const remote, 1, 0) };
    usize::try_from(n) == Ok(bytes.len())
}

/// Answers uname(2) in another process's memory.
pub fn write_uname(pid: u32, address: u64, fields: [&str; 4]) -> bool {
    const FIELD: usize = 65;
    let mut bytes = [0_u8; 6 * FIELD];
    for (at, field) in fields.into_iter().chain([std::env::consts::ARCH, "(none)"]).enumerate() {
        bytes[at * FIELD..at * FIELD + field.len()].copy_from_slice(field.as_bytes());
    }
    write_memory(pid, address, &bytes)
}

/// Answers sysinfo(2) in another process's memory: so much memory, all of it free, and nothing else known.
pub fn write_sysinfo(pid: u32, address: u64, memory_bytes: u64) -> bool {
    // SAFETY: sysinfo is plain data for which all zeros is valid.
    let mut info: libc::sysinfo = unsafe { std::mem::zeroed() };
    (info.totalram, info.freeram, info.mem_unit, info.procs) = (memory_bytes, memory_bytes, 1, 1);
    // SAFETY: sysinfo is plain data without padding that matters: it was zeroed whole; the slice ends with the borrow.
    let bytes = unsafe { std::slice::from_raw_parts((&raw const info).cast::<u8>(), size_of::<libc::sysinfo>()) };
    write_memory(pid, address, bytes)
}
