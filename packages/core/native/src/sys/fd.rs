//! File descriptors: pipes, polling, and opening without being led astray.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::{c_string, check};

/// Takes ownership of a descriptor that a system call has just returned.
pub(super) fn owned(fd: libc::c_long) -> OwnedFd {
    // SAFETY: every caller passes the fresh, successful result of a call that returns a new descriptor.
    unsafe { OwnedFd::from_raw_fd(fd as RawFd) }
}

/// Takes over a descriptor that this process was started with, if it is open.
pub fn inherited(fd: RawFd) -> Option<OwnedFd> {
    // SAFETY: F_GETFD takes no pointer.
    if unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        return None;
    }
    // SAFETY: the descriptor is open (just checked) and belongs to nothing else: the caller takes each number once.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// A pipe, close-on-exec: (read end, write end).
pub fn pipe(flags: libc::c_int) -> io::Result<(OwnedFd, OwnedFd)> {
    let mut fds = [0 as RawFd; 2];
    // SAFETY: `fds` has room for the two descriptors that pipe2 writes.
    check(libc::c_long::from(unsafe { libc::pipe2(fds.as_mut_ptr(), libc::O_CLOEXEC | flags) }))?;
    Ok((owned(fds[0].into()), owned(fds[1].into())))
}

/// Closes, or marks close-on-exec, every descriptor from `first` on. close_range(2).
pub fn close_from(first: RawFd, on_exec_only: bool) -> io::Result<()> {
    let flags = if on_exec_only { libc::CLOSE_RANGE_CLOEXEC } else { 0 };
    // SAFETY: takes no pointers; the callers own no descriptor in the range that they use afterwards.
    check(unsafe { libc::syscall(libc::SYS_close_range, first as libc::c_uint, libc::c_uint::MAX, flags) })?;
    Ok(())
}

/// Makes `target` a copy of `fd` that stays open over exec.
pub fn dup_onto(fd: BorrowedFd<'_>, target: RawFd) -> io::Result<()> {
    // SAFETY: takes no pointers; `target` is one of 0, 1, 2, which no `OwnedFd` of this process holds.
    check(libc::c_long::from(unsafe { libc::dup2(fd.as_raw_fd(), target) }))?;
    Ok(())
}

/// Moves a descriptor to a number of at least `lowest`, close-on-exec.
pub fn dup_above(fd: BorrowedFd<'_>, lowest: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: takes no pointers.
    let fd = check(libc::c_long::from(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_DUPFD_CLOEXEC, lowest) }))?;
    Ok(owned(fd))
}

/// Sets the length of a regular file; anything else has none.
pub fn cut_file(file: BorrowedFd<'_>, length: u64) -> io::Result<()> {
    // SAFETY: takes no pointers.
    match check(libc::c_long::from(unsafe { libc::ftruncate(file.as_raw_fd(), length as libc::off_t) })) {
        Err(e) if e.raw_os_error() != Some(libc::EINVAL) => Err(e),
        _ => Ok(()),
    }
}

pub fn set_nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: neither command takes a pointer.
    let flags = check(libc::c_long::from(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) }))?;
    let flags = flags as libc::c_int | libc::O_NONBLOCK;
    // SAFETY: as above.
    check(libc::c_long::from(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags) }))?;
    Ok(())
}

/// read(2); 0 is the end.
pub fn read(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the pointer and length are those of a live, writable slice.
    let n = check(unsafe { libc::read(fd.as_raw_fd(), buffer.as_mut_ptr().cast(), buffer.len()) } as libc::c_long)?;
    Ok(n as usize)
}

/// write(2).
pub fn write(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the pointer and length are those of a live slice.
    let n = check(unsafe { libc::write(fd.as_raw_fd(), bytes.as_ptr().cast(), bytes.len()) } as libc::c_long)?;
    Ok(n as usize)
}

/// Reads to the end, at most `max` bytes; one byte more is an error.
pub fn read_to_end(fd: BorrowedFd<'_>, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(16 << 10);
    let mut buffer = [0; 16 << 10];
    loop {
        match read(fd, &mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(n) if bytes.len() + n > max => return Err(io::Error::from_raw_os_error(libc::E2BIG)),
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(e) if e.raw_os_error() == Some(libc::EINTR) => {}
            Err(e) => return Err(e),
        }
    }
}

/// Writes everything, waiting where the other side is slow.
pub fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match write(fd, bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(e) if e.raw_os_error() == Some(libc::EINTR) => {}
            Err(e) if e.raw_os_error() == Some(libc::EAGAIN) => {
                poll(&mut [pollfd(Some(fd), libc::POLLOUT)], None)?;
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// One entry for [`poll`]; without a descriptor it is passed over.
pub fn pollfd(fd: Option<BorrowedFd<'_>>, events: libc::c_short) -> libc::pollfd {
    libc::pollfd { fd: fd.map_or(-1, |fd| fd.as_raw_fd()), events, revents: 0 }
}

/// poll(2) with a time-out in ms; `None` waits for ever. An interruption counts as nothing ready.
pub fn poll(entries: &mut [libc::pollfd], timeout_ms: Option<u64>) -> io::Result<()> {
    let timeout = timeout_ms.map_or(-1, |ms| libc::c_int::try_from(ms).unwrap_or(libc::c_int::MAX));
    // SAFETY: pointer and length are those of a live, writable slice of pollfd.
    let result = unsafe { libc::poll(entries.as_mut_ptr(), entries.len() as libc::nfds_t, timeout) };
    match check(result.into()) {
        Err(e) if e.raw_os_error() == Some(libc::EINTR) => {
            for entry in entries {
                entry.revents = 0;
            }
            Ok(())
        }
        other => other.map(|_| ()),
    }
}

/// Whether nobody holds the other side of a socket any more.
pub fn peer_is_gone(socket: BorrowedFd<'_>) -> bool {
    let mut entries = [pollfd(Some(socket), 0)];
    poll(&mut entries, Some(0)).is_ok() && entries[0].revents & libc::POLLHUP != 0
}

/// openat(2), close-on-exec. `directory` `None` is the working directory.
pub fn open_at(
    directory: Option<BorrowedFd<'_>>,
    path: &CStr,
    flags: libc::c_int,
    mode: libc::mode_t,
) -> io::Result<OwnedFd> {
    let directory = directory.map_or(libc::AT_FDCWD, |fd| fd.as_raw_fd());
    // SAFETY: `path` is a live C string.
    let fd = unsafe { libc::openat(directory, path.as_ptr(), flags | libc::O_CLOEXEC, libc::c_uint::from(mode)) };
    Ok(owned(check(fd.into())?))
}

/// mknod(2) of an empty regular file.
pub fn make_file(path: &CStr, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: `path` is a live C string.
    check(libc::c_long::from(unsafe { libc::mknod(path.as_ptr(), libc::S_IFREG | mode, 0) })).map(|_| ())
}

/// mkdirat(2).
pub fn make_directory_at(parent: BorrowedFd<'_>, name: &CStr, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: `name` is a live C string.
    check(libc::c_long::from(unsafe { libc::mkdirat(parent.as_raw_fd(), name.as_ptr(), mode) })).map(|_| ())
}

/// unlinkat(2).
pub fn remove_at(parent: BorrowedFd<'_>, name: &CStr, directory: bool) -> io::Result<()> {
    let flags = if directory { libc::AT_REMOVEDIR } else { 0 };
    // SAFETY: `name` is a live C string.
    check(libc::c_long::from(unsafe { libc::unlinkat(parent.as_raw_fd(), name.as_ptr(), flags) })).map(|_| ())
}

/// renameat2(2) that replaces nothing.
pub fn rename_new(from: BorrowedFd<'_>, name: &CStr, to: BorrowedFd<'_>, new_name: &CStr) -> io::Result<()> {
    let (from, to) = (from.as_raw_fd(), to.as_raw_fd());
    // SAFETY: both names are live C strings.
    check(unsafe {
        libc::syscall(libc::SYS_renameat2, from, name.as_ptr(), to, new_name.as_ptr(), libc::RENAME_NOREPLACE)
    })
    .map(|_| ())
}

/// Opens a path for reference only, following no symbolic link in any part of it.
pub fn open_path_no_symlinks(path: &str) -> io::Result<OwnedFd> {
    open_no_symlinks(libc::AT_FDCWD, &c_string(path)?, 0)
}

/// The same below a directory, and never out of it. An empty path is the directory itself.
pub fn open_below_no_symlinks(directory: BorrowedFd<'_>, path: &Path) -> io::Result<OwnedFd> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let path = CString::new(path.as_os_str().as_bytes()).map_err(io::Error::from)?;
    open_no_symlinks(directory.as_raw_fd(), &path, libc::RESOLVE_BENEATH)
}

/// openat2(2) with `O_PATH`.
fn open_no_symlinks(directory: RawFd, path: &CStr, resolve: u64) -> io::Result<OwnedFd> {
    // SAFETY: open_how is plain data for which all zeros is valid (it has no public constructor).
    let mut how: libc::open_how = unsafe { std::mem::zeroed() };
    how.flags = (libc::O_PATH | libc::O_CLOEXEC) as u64;
    how.resolve = libc::RESOLVE_NO_SYMLINKS | libc::RESOLVE_NO_MAGICLINKS | resolve;
    // SAFETY: `path` and `how` live over the call, and the size is that of `how`.
    let fd = unsafe {
        libc::syscall(libc::SYS_openat2, directory, path.as_ptr(), &raw const how, size_of::<libc::open_how>())
    };
    Ok(owned(check(fd)?))
}

/// fstat(2).
pub fn stat(fd: BorrowedFd<'_>) -> io::Result<libc::stat> {
    // SAFETY: stat is plain data for which all zeros is valid.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is a live, writable stat buffer.
    check(libc::c_long::from(unsafe { libc::fstat(fd.as_raw_fd(), &raw mut stat) }))?;
    Ok(stat)
}

/// Bytes in use on the file system that `fd` lies in.
pub fn used_bytes(fd: BorrowedFd<'_>) -> io::Result<u64> {
    let stat = file_system(fd)?;
    Ok(stat.f_blocks.saturating_sub(stat.f_bfree) * stat.f_bsize as u64)
}

/// Whether the file system that `fd` lies in holds nothing but its root.
pub fn is_empty_file_system(fd: BorrowedFd<'_>) -> bool {
    file_system(fd).is_ok_and(|stat| stat.f_files.saturating_sub(stat.f_ffree) == 1)
}

fn file_system(fd: BorrowedFd<'_>) -> io::Result<libc::statfs> {
    // SAFETY: statfs is plain data for which all zeros is valid.
    let mut stat: libc::statfs = unsafe { std::mem::zeroed() };
    // SAFETY: `stat` is a live, writable statfs buffer.
    check(libc::c_long::from(unsafe { libc::fstatfs(fd.as_raw_fd(), &raw mut stat) }))?;
    Ok(stat)
}

/// Moves `kept` to descriptor `first` and closes everything above it, whoever left it open.
pub fn replace_all_from(first: RawFd, kept: OwnedFd) -> io::Result<OwnedFd> {
    let kept = if kept.as_raw_fd() == first {
        kept
    } else {
        // SAFETY: takes no pointers; whatever is open at `first` was inherited, and no `OwnedFd` here holds it.
        let fd = unsafe { libc::dup3(kept.as_raw_fd(), first, libc::O_CLOEXEC) };
        check(fd.into())?;
        drop(kept);
        owned(fd.into())
    };
    close_from(first + 1, false)?;
    Ok(kept)
}
