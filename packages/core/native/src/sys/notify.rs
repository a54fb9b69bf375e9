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
    // SAFETY: `program` points to `len` instructions that live over the call; the kernel copies and checks them.
    let fd = check(unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        )
    })?;
    Ok(owned(fd))
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
}

pub fn answer(listener: BorrowedFd<'_>, id: u64, answer: Answer) -> io::Result<()> {
    let mut response = libc::seccomp_notif_resp { id, val: 0, error: 0, flags: 0 };
    match answer {
        Answer::Continue => response.flags = libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32,
        Answer::Fail(errno) => response.error = -errno,
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
