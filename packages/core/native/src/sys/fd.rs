//! File descriptors: pipes, polling, and opening without being led astray.

use alloc::ffi::CString;
use alloc::vec;
use alloc::vec::Vec;
use core::ffi::{CStr, c_int, c_short};
use core::marker::PhantomData;

use super::c_string;
use super::call::call;
use super::io;

pub type RawFd = c_int;

/// A descriptor that is closed with this.
#[derive(Debug)]
pub struct OwnedFd(RawFd);

impl OwnedFd {
    /// Takes ownership of a descriptor that a system call has just returned, or of one that nothing else here holds.
    ///
    /// # Safety
    ///
    /// The descriptor is open, and nobody else closes it.
    pub unsafe fn from_raw_fd(fd: RawFd) -> Self {
        Self(fd)
    }
}

impl Drop for OwnedFd {
    fn drop(&mut self) {
        // SAFETY: takes no pointers, and nobody else closes this descriptor. What close(2) reports is nobody's concern.
        let _ = unsafe { call!(libc::SYS_close, self.0) };
    }
}

/// A descriptor of somebody else's, who keeps it open for as long.
#[derive(Debug, Clone, Copy)]
pub struct BorrowedFd<'a>(RawFd, PhantomData<&'a OwnedFd>);

impl BorrowedFd<'_> {
    /// # Safety
    ///
    /// The descriptor stays open for as long as this lives.
    pub unsafe fn borrow_raw(fd: RawFd) -> Self {
        Self(fd, PhantomData)
    }
}

/// What has a descriptor.
pub trait AsFd {
    fn as_fd(&self) -> BorrowedFd<'_>;

    fn as_raw_fd(&self) -> RawFd {
        self.as_fd().0
    }
}

impl AsFd for OwnedFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        BorrowedFd(self.0, PhantomData)
    }
}

impl AsFd for BorrowedFd<'_> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        *self
    }
}

/// Takes ownership of a descriptor that a system call has just returned.
pub(super) fn owned(fd: usize) -> OwnedFd {
    // SAFETY: every caller passes the fresh, successful result of a call that returns a new descriptor.
    unsafe { OwnedFd::from_raw_fd(fd as RawFd) }
}

/// Takes over a descriptor that this process was started with, if it is open.
pub fn inherited(fd: RawFd) -> Option<OwnedFd> {
    // SAFETY: F_GETFD takes no pointer.
    unsafe { call!(libc::SYS_fcntl, fd, libc::F_GETFD) }.ok()?;
    // SAFETY: the descriptor is open (just checked) and belongs to nothing else: the caller takes each number once.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Opens /dev/null for each standard stream that this process was started without: the next file that is opened would
/// be taken for it.
pub fn fill_standard_streams() -> io::Result<()> {
    for number in 0..3 {
        // SAFETY: F_GETFD takes no pointer.
        if unsafe { call!(libc::SYS_fcntl, number, libc::F_GETFD) }.is_err() {
            // The lowest free number, which is this one.
            let null = open_at(None, c"/dev/null", libc::O_RDWR, 0)?;
            core::mem::forget(null);
        }
    }
    Ok(())
}

/// A pipe, close-on-exec: (read end, write end).
pub fn pipe(flags: c_int) -> io::Result<(OwnedFd, OwnedFd)> {
    let mut fds = [0 as RawFd; 2];
    // SAFETY: `fds` has room for the two descriptors that pipe2 writes.
    unsafe { call!(libc::SYS_pipe2, fds.as_mut_ptr(), libc::O_CLOEXEC | flags) }?;
    Ok((owned(fds[0] as usize), owned(fds[1] as usize)))
}

/// Closes a descriptor that is another process's with the same memory by now: nobody drops it there.
pub fn close_here(fd: &'static OwnedFd) {
    // SAFETY: takes no pointers.
    let _ = unsafe { call!(libc::SYS_close, fd.0) };
}

/// Closes, or marks close-on-exec, every descriptor from `first` on. close_range(2).
pub fn close_from(first: RawFd, on_exec_only: bool) -> io::Result<()> {
    let flags = if on_exec_only { libc::CLOSE_RANGE_CLOEXEC } else { 0 };
    // SAFETY: takes no pointers; the callers own no descriptor in the range that they use afterwards.
    unsafe { call!(libc::SYS_close_range, first, libc::c_uint::MAX, flags) }.map(|_| ())
}

/// Makes `target` a copy of `fd` that stays open over exec.
pub fn dup_onto(fd: BorrowedFd<'_>, target: RawFd) -> io::Result<()> {
    if fd.as_raw_fd() == target {
        // SAFETY: takes no pointers.
        return unsafe { call!(libc::SYS_fcntl, target, libc::F_SETFD, 0) }.map(|_| ());
    }
    // SAFETY: takes no pointers; `target` is one of 0, 1, 2, which no `OwnedFd` of this process holds.
    unsafe { call!(libc::SYS_dup3, fd.as_raw_fd(), target, 0) }.map(|_| ())
}

/// Moves a descriptor to a number of at least `lowest`, close-on-exec.
pub fn dup_above(fd: BorrowedFd<'_>, lowest: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_fcntl, fd.as_raw_fd(), libc::F_DUPFD_CLOEXEC, lowest) }.map(owned)
}

/// Sets the length of a regular file; anything else has none.
pub fn cut_file(file: BorrowedFd<'_>, length: u64) -> io::Result<()> {
    // SAFETY: takes no pointers.
    match unsafe { call!(libc::SYS_ftruncate, file.as_raw_fd(), length) } {
        Err(e) if !e.is(libc::EINVAL) => Err(e),
        _ => Ok(()),
    }
}

pub fn set_nonblocking(fd: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: takes no pointer.
    let flags = unsafe { call!(libc::SYS_fcntl, fd.as_raw_fd(), libc::F_GETFL) }? as c_int | libc::O_NONBLOCK;
    // SAFETY: as above.
    unsafe { call!(libc::SYS_fcntl, fd.as_raw_fd(), libc::F_SETFL, flags) }.map(|_| ())
}

/// read(2); 0 is the end.
pub fn read(fd: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the pointer and length are those of a live, writable slice.
    unsafe { call!(libc::SYS_read, fd.as_raw_fd(), buffer.as_mut_ptr(), buffer.len()) }
}

/// write(2).
pub fn write(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the pointer and length are those of a live slice.
    unsafe { call!(libc::SYS_write, fd.as_raw_fd(), bytes.as_ptr(), bytes.len()) }
}

/// Overwrites what is at the beginning of a file. pwrite(2)
pub fn write_at_start(fd: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the pointer and length are those of a live slice.
    unsafe { call!(libc::SYS_pwrite64, fd.as_raw_fd(), bytes.as_ptr(), bytes.len(), 0) }
}

/// What a file of the kernel's says now, however often it was read before, at most `max` bytes of it. pread(2)
pub fn read_from_start(file: BorrowedFd<'_>, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; max];
    // SAFETY: pointer and length are those of a live, writable buffer.
    let n = unsafe { call!(libc::SYS_pread64, file.as_raw_fd(), bytes.as_mut_ptr(), bytes.len(), 0) }?;
    bytes.truncate(n);
    Ok(bytes)
}

/// Reads to the end, at most `max` bytes; one byte more is an error.
pub fn read_to_end(fd: BorrowedFd<'_>, max: usize) -> io::Result<Vec<u8>> {
    let bytes = read_up_to(fd, max.saturating_add(1))?;
    if bytes.len() > max { Err(io::Error::from_raw_os_error(libc::E2BIG)) } else { Ok(bytes) }
}

/// Reads to the end or until there are `max` bytes.
pub fn read_up_to(fd: BorrowedFd<'_>, max: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4 << 10];
    while bytes.len() < max {
        let room = buffer.len().min(max - bytes.len());
        match read(fd, &mut buffer[..room]) {
            Ok(0) => break,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(e) if e.is(libc::EINTR) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(bytes)
}

/// Writes everything, waiting where the other side is slow.
pub fn write_all(fd: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match write(fd, bytes) {
            Ok(n) => bytes = &bytes[n..],
            Err(e) if e.is(libc::EINTR) => {}
            Err(e) if e.is(libc::EAGAIN) => {
                poll(&mut [pollfd(Some(fd), libc::POLLOUT)], None)?;
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// One entry for [`poll`]; without a descriptor it is passed over.
pub fn pollfd(fd: Option<BorrowedFd<'_>>, events: c_short) -> libc::pollfd {
    libc::pollfd { fd: fd.map_or(-1, |fd| fd.as_raw_fd()), events, revents: 0 }
}

/// ppoll(2) with a time-out in ms; `None` waits for ever. An interruption counts as nothing ready.
pub fn poll(entries: &mut [libc::pollfd], timeout_ms: Option<u64>) -> io::Result<()> {
    let timeout = timeout_ms.map(|ms| libc::timespec {
        tv_sec: (ms / 1000).min(u64::from(u32::MAX)) as i64,
        tv_nsec: (ms % 1000 * 1_000_000) as i64,
    });
    let timeout = timeout.as_ref().map_or(core::ptr::null(), core::ptr::from_ref);
    // SAFETY: pointer and length are those of a live, writable slice of pollfd; the time-out is live or null; the
    // signal mask is left alone.
    let result = unsafe { call!(libc::SYS_ppoll, entries.as_mut_ptr(), entries.len(), timeout, 0, 0) };
    match result {
        Err(e) if e.is(libc::EINTR) => {
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
    flags: c_int,
    mode: libc::mode_t,
) -> io::Result<OwnedFd> {
    let directory = directory.map_or(libc::AT_FDCWD, |fd| fd.as_raw_fd());
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_openat, directory, path.as_ptr(), flags | libc::O_CLOEXEC, mode) }.map(owned)
}

/// mknod(2) of an empty regular file.
pub fn make_file(path: &CStr, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_mknodat, libc::AT_FDCWD, path.as_ptr(), libc::S_IFREG | mode, 0) }.map(|_| ())
}

/// mkdirat(2).
pub fn make_directory_at(parent: BorrowedFd<'_>, name: &CStr, mode: libc::mode_t) -> io::Result<()> {
    // SAFETY: `name` is a live C string.
    unsafe { call!(libc::SYS_mkdirat, parent.as_raw_fd(), name.as_ptr(), mode) }.map(|_| ())
}

/// unlinkat(2).
pub fn remove_at(parent: BorrowedFd<'_>, name: &CStr, directory: bool) -> io::Result<()> {
    let flags = if directory { libc::AT_REMOVEDIR } else { 0 };
    // SAFETY: `name` is a live C string.
    unsafe { call!(libc::SYS_unlinkat, parent.as_raw_fd(), name.as_ptr(), flags) }.map(|_| ())
}

/// renameat2(2) that replaces nothing.
pub fn rename_new(from: BorrowedFd<'_>, name: &CStr, to: BorrowedFd<'_>, new_name: &CStr) -> io::Result<()> {
    let (from, to) = (from.as_raw_fd(), to.as_raw_fd());
    // SAFETY: both names are live C strings.
    unsafe { call!(libc::SYS_renameat2, from, name.as_ptr(), to, new_name.as_ptr(), libc::RENAME_NOREPLACE) }
        .map(|_| ())
}

/// Opens a path for reference only, following no symbolic link in any part of it.
pub fn open_path_no_symlinks(path: &str) -> io::Result<OwnedFd> {
    open_no_symlinks(libc::AT_FDCWD, &c_string(path)?, 0)
}

/// The same below a directory, and never out of it. An empty path is the directory itself.
pub fn open_below_no_symlinks(directory: BorrowedFd<'_>, path: &[u8]) -> io::Result<OwnedFd> {
    let path: CString = c_string(if path.is_empty() { b"." } else { path })?;
    open_no_symlinks(directory.as_raw_fd(), &path, libc::RESOLVE_BENEATH)
}

fn open_no_symlinks(directory: RawFd, path: &CStr, resolve: u64) -> io::Result<OwnedFd> {
    open_path(directory, path, libc::RESOLVE_NO_SYMLINKS | resolve)
}

/// openat2(2) with `O_PATH`. Magic links are never followed.
pub(super) fn open_path(directory: RawFd, path: &CStr, resolve: u64) -> io::Result<OwnedFd> {
    // SAFETY: open_how is plain data for which all zeros is valid (it has no public constructor).
    let mut how: libc::open_how = unsafe { core::mem::zeroed() };
    how.flags = (libc::O_PATH | libc::O_CLOEXEC) as u64;
    how.resolve = libc::RESOLVE_NO_MAGICLINKS | resolve;
    // SAFETY: `path` and `how` live over the call, and the size is that of `how`.
    unsafe { call!(libc::SYS_openat2, directory, path.as_ptr(), &raw const how, size_of::<libc::open_how>()) }
        .map(owned)
}

/// fstat(2).
pub fn stat(fd: BorrowedFd<'_>) -> io::Result<libc::stat> {
    // SAFETY: stat is plain data for which all zeros is valid; libc's has the kernel's layout on 64-bit systems.
    let mut stat: libc::stat = unsafe { core::mem::zeroed() };
    // SAFETY: `stat` is a live, writable stat buffer.
    unsafe { call!(libc::SYS_fstat, fd.as_raw_fd(), &raw mut stat) }?;
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
    // SAFETY: statfs is plain data for which all zeros is valid; libc's has the kernel's layout on 64-bit systems.
    let mut stat: libc::statfs = unsafe { core::mem::zeroed() };
    // SAFETY: `stat` is a live, writable statfs buffer.
    unsafe { call!(libc::SYS_fstatfs, fd.as_raw_fd(), &raw mut stat) }?;
    Ok(stat)
}

/// Moves `kept` to descriptor `first` and closes everything above it, whoever left it open.
pub fn replace_all_from(first: RawFd, kept: OwnedFd) -> io::Result<OwnedFd> {
    let kept = if kept.as_raw_fd() == first {
        kept
    } else {
        // SAFETY: takes no pointers; whatever is open at `first` was inherited, and no `OwnedFd` here holds it.
        let fd = unsafe { call!(libc::SYS_dup3, kept.as_raw_fd(), first, libc::O_CLOEXEC) }?;
        drop(kept);
        owned(fd)
    };
    close_from(first + 1, false)?;
    Ok(kept)
}
