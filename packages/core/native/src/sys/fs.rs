//! Files by their names.

use alloc::ffi::CString;
use alloc::string::String;
use alloc::vec::Vec;
use core::ffi::CStr;

use super::call::call;
use super::fd::{self, AsFd, BorrowedFd, OwnedFd};
use super::{c_string, io};

/// The most that is read of one file: those that are read here are small.
const MAX_BYTES: usize = 4 << 20;
const DIRECTORY: libc::c_int = libc::O_RDONLY | libc::O_DIRECTORY;

pub fn open(path: &str, flags: libc::c_int) -> io::Result<OwnedFd> {
    fd::open_at(None, &c_string(path)?, flags, 0)
}

/// Opens a directory for reading.
pub fn open_directory(path: &str) -> io::Result<OwnedFd> {
    open(path, DIRECTORY)
}

/// Opens a directory once more, which may be open for reference only, to read it from its beginning.
pub fn open_to_list(directory: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    fd::open_at(Some(directory), c".", DIRECTORY, 0)
}

/// A new file, open for writing; fails if there is one.
pub fn create_new(path: &str, mode: libc::mode_t) -> io::Result<OwnedFd> {
    fd::open_at(None, &c_string(path)?, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL, mode)
}

/// A file, open for writing; what it holds stays.
pub fn open_or_create(path: &str, mode: libc::mode_t) -> io::Result<OwnedFd> {
    fd::open_at(None, &c_string(path)?, libc::O_WRONLY | libc::O_CREAT, mode)
}

pub fn read(path: &str) -> io::Result<Vec<u8>> {
    fd::read_to_end(open(path, libc::O_RDONLY)?.as_fd(), MAX_BYTES)
}

/// The text of a file; what is not UTF-8 in it is replaced.
pub fn read_to_string(path: &str) -> io::Result<String> {
    read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes to a file that is there, in one call: files of the kernel take each as a whole.
pub fn write(path: &str, text: &str) -> io::Result<()> {
    fd::write(open(path, libc::O_WRONLY)?.as_fd(), text.as_bytes()).map(|_| ())
}

/// A directory, which must not be there yet.
pub fn create_dir(path: &str, mode: libc::mode_t) -> io::Result<()> {
    let path = c_string(path)?;
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_mkdirat, libc::AT_FDCWD, path.as_ptr(), mode) }.map(|_| ())
}

/// Whether a path, links followed, is one of a directory.
pub fn is_directory(path: &str) -> bool {
    open(path, libc::O_PATH | libc::O_DIRECTORY).is_ok()
}

/// Whether there is something at a path, a link itself included.
pub fn exists(path: &str) -> bool {
    open(path, libc::O_PATH | libc::O_NOFOLLOW).is_ok()
}

pub fn is_of_kind(stat: &libc::stat, kind: libc::mode_t) -> bool {
    stat.st_mode & libc::S_IFMT == kind
}

pub fn symlink(target: &str, path: &str) -> io::Result<()> {
    let (target, path) = (c_string(target)?, c_string(path)?);
    // SAFETY: both are live C strings.
    unsafe { call!(libc::SYS_symlinkat, target.as_ptr(), libc::AT_FDCWD, path.as_ptr()) }.map(|_| ())
}

pub fn remove_file(path: &str) -> io::Result<()> {
    remove(path, 0)
}

pub fn remove_dir(path: &str) -> io::Result<()> {
    remove(path, libc::AT_REMOVEDIR)
}

fn remove(path: &str, flags: libc::c_int) -> io::Result<()> {
    let path = c_string(path)?;
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_unlinkat, libc::AT_FDCWD, path.as_ptr(), flags) }.map(|_| ())
}

/// Gives a directory or file to another user, a link itself included.
pub fn set_owner(path: &str, owner: u32) -> io::Result<()> {
    let path = c_string(path)?;
    let flags = libc::AT_SYMLINK_NOFOLLOW;
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_fchownat, libc::AT_FDCWD, path.as_ptr(), owner, owner, flags) }.map(|_| ())
}

/// Sets the mode of what a descriptor names, which may be one for reference only.
pub fn set_mode(handle: BorrowedFd<'_>, mode: libc::mode_t) -> io::Result<()> {
    let path = by_descriptor(handle)?;
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_fchmodat, libc::AT_FDCWD, path.as_ptr(), mode) }.map(|_| ())
}

/// Opens once more what a descriptor names, which may be one for reference only. proc_pid_fd(5)
pub fn reopen(handle: BorrowedFd<'_>, flags: libc::c_int) -> io::Result<OwnedFd> {
    fd::open_at(None, &by_descriptor(handle)?, flags, 0)
}

fn by_descriptor(handle: BorrowedFd<'_>) -> io::Result<CString> {
    c_string(alloc::format!("/proc/self/fd/{}", handle.as_raw_fd()))
}

/// The path of the program that this process runs. proc_pid_exe(5)
pub fn own_path() -> io::Result<String> {
    let mut path = [0_u8; 4096];
    let link = c"/proc/self/exe".as_ptr();
    // SAFETY: the link is a static C string; pointer and length are those of a live, writable array.
    let length = unsafe { call!(libc::SYS_readlinkat, libc::AT_FDCWD, link, path.as_mut_ptr(), path.len()) }?;
    Ok(String::from_utf8_lossy(&path[..length]).into_owned())
}

/// An entry of a directory.
pub struct Entry {
    pub name: CString,
    /// One of `DT_*`; `DT_UNKNOWN` where the file system does not tell.
    kind: u8,
}

impl Entry {
    /// What is at the entry: no link is followed.
    pub fn stat(&self, directory: BorrowedFd<'_>) -> io::Result<libc::stat> {
        let flags = libc::O_PATH | libc::O_NOFOLLOW;
        fd::stat(fd::open_at(Some(directory), &self.name, flags, 0)?.as_fd())
    }

    /// Which of `S_IF*` it is.
    pub fn kind(&self, directory: BorrowedFd<'_>) -> io::Result<libc::mode_t> {
        match self.kind {
            libc::DT_UNKNOWN => Ok(self.stat(directory)?.st_mode & libc::S_IFMT),
            kind => Ok(libc::mode_t::from(kind) << 12),
        }
    }
}

/// Reads a directory, which is to be open for reading. A directory that was read once stays at its end.
pub fn entries(directory: &impl AsFd) -> Entries<'_> {
    Entries { directory: directory.as_fd(), buffer: Buffer([0; BUFFER_BYTES]), filled: 0, at: 0, failed: false }
}

const BUFFER_BYTES: usize = 8 << 10;

#[repr(align(8))]
struct Buffer([u8; BUFFER_BYTES]);

pub struct Entries<'a> {
    directory: BorrowedFd<'a>,
    buffer: Buffer,
    filled: usize,
    at: usize,
    failed: bool,
}

impl Entries<'_> {
    /// getdents64(2): inode, offset, length of the record, kind, name with NUL.
    fn take(&mut self) -> Option<Entry> {
        let record = self.buffer.0.get(self.at..self.filled)?;
        let length = usize::from(u16::from_ne_bytes([*record.get(16)?, *record.get(17)?]));
        let name = CStr::from_bytes_until_nul(record.get(19..length)?).ok()?;
        self.at += length;
        Some(Entry { name: name.into(), kind: record[18] })
    }
}

impl Iterator for Entries<'_> {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            if let Some(entry) = self.take() {
                if matches!(entry.name.to_bytes(), b"." | b"..") {
                    continue;
                }
                return Some(Ok(entry));
            }
            let buffer = self.buffer.0.as_mut_ptr();
            // SAFETY: pointer and length are those of a live, writable buffer.
            match unsafe { call!(libc::SYS_getdents64, self.directory.as_raw_fd(), buffer, BUFFER_BYTES) } {
                Ok(0) => return None,
                Ok(filled) => (self.filled, self.at) = (filled, 0),
                Err(e) => {
                    self.failed = true;
                    return Some(Err(e));
                }
            }
        }
        None
    }
}
