//! seccomp(2): installing a filter, and answering its notifications (seccomp_unotify(2)).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::call::call;
use super::fd::{self, AsFd, BorrowedFd, OwnedFd, owned};
use super::{c_string, io};

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
        unsafe { call!(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, program) }
    };
    let listen = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    let fd = match install(listen | WAIT_KILLABLE_RECV) {
        Err(e) if e.is(libc::EINVAL) => install(listen)?,
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
    let _ = unsafe { call!(libc::SYS_ioctl, listener.as_raw_fd(), SET_FLAGS, SYNC_WAKE_UP) };
}

/// Receives the next notification.
pub fn receive(listener: BorrowedFd<'_>) -> io::Result<libc::seccomp_notif> {
    // SAFETY: seccomp_notif is plain data; the kernel demands that it is all zeros.
    let mut notification: libc::seccomp_notif = unsafe { core::mem::zeroed() };
    // SAFETY: the pointer is to a live notification, of the size that is part of the ioctl's number.
    unsafe { call!(libc::SYS_ioctl, listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_RECV, &raw mut notification) }?;
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
    unsafe { call!(libc::SYS_ioctl, listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_SEND, &raw mut response) }?;
    Ok(())
}

/// Whether the process that asked is still waiting for the answer to `id`: what was read from its memory before is
/// then really its own.
pub fn still_waiting(listener: BorrowedFd<'_>, id: u64) -> bool {
    // SAFETY: the pointer is to a live id.
    unsafe { call!(libc::SYS_ioctl, listener.as_raw_fd(), libc::SECCOMP_IOCTL_NOTIF_ID_VALID, &raw const id) }.is_ok()
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
        let n = unsafe { call!(libc::SYS_process_vm_readv, pid, &raw const local, 1, &raw const remote, 1, 0) };
        let n = n.ok().filter(|n| *n > 0)?;
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
    let path = c_string(format!("/proc/{pid}/root"))?;
    fd::open_at(None, &path, libc::O_PATH | libc::O_DIRECTORY, 0)
}

/// Which file a path names below a root, links followed but never out of it: device and inode. openat2(2).
pub fn identity_in(root: BorrowedFd<'_>, path: &str) -> io::Result<(u64, u64)> {
    let path = c_string(path)?;
    let file = fd::open_path(root.as_raw_fd(), &path, libc::RESOLVE_IN_ROOT)?;
    let stat = fd::stat(file.as_fd())?;
    Ok((stat.st_dev, stat.st_ino))
}

/// Writes to the memory of another process. process_vm_writev(2).
fn write_memory(pid: u32, address: u64, bytes: &[u8]) -> bool {
    let local = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: bytes.len() };
    // SAFETY: the local vector is a live buffer that is only read; the kernel checks the remote one.
    let n = unsafe { call!(libc::SYS_process_vm_writev, pid, &raw const local, 1, &raw const remote, 1, 0) };
    n == Ok(bytes.len())
}

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: &str = "x86_64";
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: &str = "aarch64";

/// Answers uname(2) in another process's memory.
pub fn write_uname(pid: u32, address: u64, fields: [&str; 4]) -> bool {
    const FIELD: usize = 65;
    let mut bytes = [0_u8; 6 * FIELD];
    for (at, field) in fields.into_iter().chain([ARCHITECTURE, "(none)"]).enumerate() {
        bytes[at * FIELD..at * FIELD + field.len()].copy_from_slice(field.as_bytes());
    }
    write_memory(pid, address, &bytes)
}

/// Answers sysinfo(2) in another process's memory: so much memory, all of it free, and nothing else known.
pub fn write_sysinfo(pid: u32, address: u64, memory_bytes: u64) -> bool {
    // SAFETY: sysinfo is plain data for which all zeros is valid.
    let mut info: libc::sysinfo = unsafe { core::mem::zeroed() };
    (info.totalram, info.freeram, info.mem_unit, info.procs) = (memory_bytes, memory_bytes, 1, 1);
    // SAFETY: sysinfo is plain data without padding that matters: it was zeroed whole; the slice ends with the borrow.
    let bytes = unsafe { core::slice::from_raw_parts((&raw const info).cast::<u8>(), size_of::<libc::sysinfo>()) };
    write_memory(pid, address, bytes)
}
