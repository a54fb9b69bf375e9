//! Brings what the script left in its output directory to the host: regular files only, as new files of the caller's.

use alloc::ffi::CString;
use core::ffi::CStr;

use crate::prelude::*;
use crate::report::{Artifact, LeftOut};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::{c_string, fs, io};

const MAX_DEPTH: usize = 16;
/// So many files are collected.
const MAX_ARTIFACTS: usize = 4096;
/// So many files that were left out are named.
const MAX_LEFT_OUT: usize = 100;
/// Bytes of all names together: they end up in the report.
const MAX_NAME_BYTES: usize = 256 << 10;

const COPIED_AT_ONCE: usize = 128 << 10;

/// What came of it.
#[derive(Debug, Default)]
pub struct Collected {
    pub artifacts: Vec<Artifact>,
    pub left_out: Vec<LeftOut>,
}

/// Copies regular files below `from` into `into`, at most `max_bytes` together. Nothing is followed on either side,
/// nothing that exists is overwritten, no set-user-id bit survives. All processes of the sandbox are gone when this is
/// called.
pub fn collect(from: BorrowedFd<'_>, into: &str, max_bytes: u64) -> Collected {
    let mut collected = Collected::default();
    if fd::is_empty_file_system(from) {
        return collected;
    }
    let Ok(into) = c_string(into).and_then(|path| open_directory(None, &path)) else {
        collected.left_out.push(LeftOut { path: into.to_owned(), reason: "cannot be opened" });
        return collected;
    };
    let left_name_bytes = MAX_NAME_BYTES;
    let mut collector =
        Collector { into: vec![into], parts: vec![], left_bytes: max_bytes, left_name_bytes, collected };
    collector.directory(from, b"");
    collector.collected
}

struct Collector {
    /// The host's directories for those in `parts`, as far as they have been made, with the topmost before them.
    into: Vec<OwnedFd>,
    /// Names of the directories that lead to where the collector is.
    parts: Vec<CString>,
    left_bytes: u64,
    left_name_bytes: usize,
    collected: Collected,
}

impl Collector {
    fn directory(&mut self, directory: BorrowedFd<'_>, at: &[u8]) {
        // The script owns the directory and may have taken its own rights away; it is gone, so nobody minds.
        let _ = fs::set_mode(directory, 0o700);
        let Ok(listing) = fs::reopen(directory, libc::O_RDONLY | libc::O_DIRECTORY) else {
            return self.leave(at, "cannot be read");
        };
        let mut names: Vec<_> = fs::entries(&listing).flatten().map(|entry| entry.name).collect();
        drop(listing);
        names.sort();
        for name in names {
            let path = if at.is_empty() { name.to_bytes().to_vec() } else { [at, b"/", name.to_bytes()].concat() };
            if self.is_full() {
                return self.leave(&path, "is one of more files than can be collected");
            }
            if name.to_str().is_err() {
                self.leave(&path, "its name is not UTF-8");
                continue;
            }
            self.entry(directory, name, &path);
        }
    }

    fn is_full(&self) -> bool {
        self.collected.artifacts.len() >= MAX_ARTIFACTS || self.left_name_bytes == 0
    }

    fn entry(&mut self, directory: BorrowedFd<'_>, name: CString, path: &[u8]) {
        // O_PATH opens anything without touching it; what it is is then read from the very thing that was opened.
        let Ok(handle) = fd::open_at(Some(directory), &name, libc::O_PATH | libc::O_NOFOLLOW, 0) else {
            return self.leave(path, "cannot be opened");
        };
        let Ok(stat) = fd::stat(handle.as_fd()) else { return self.leave(path, "cannot be opened") };
        match stat.st_mode & libc::S_IFMT {
            libc::S_IFREG => self.file(handle.as_fd(), &name, path, stat.st_size.unsigned_abs()),
            libc::S_IFDIR => self.inner_directory(handle.as_fd(), name, path),
            libc::S_IFLNK => self.leave(path, "is a symbolic link"),
            libc::S_IFIFO => self.leave(path, "is a named pipe"),
            libc::S_IFSOCK => self.leave(path, "is a socket"),
            _ => self.leave(path, "is a device"),
        }
    }

    fn inner_directory(&mut self, handle: BorrowedFd<'_>, name: CString, path: &[u8]) {
        if self.parts.len() >= MAX_DEPTH {
            return self.leave(path, "is nested too deeply");
        }
        match reopen(handle, libc::O_RDONLY | libc::O_DIRECTORY, 0o700) {
            Ok(inner) => {
                self.parts.push(name);
                self.directory(inner.as_fd(), path);
                self.parts.pop();
                self.into.truncate(self.parts.len() + 1);
            }
            Err(_) => self.leave(path, "cannot be opened"),
        }
    }

    fn file(&mut self, handle: BorrowedFd<'_>, name: &CStr, path: &[u8], size: u64) {
        // A sparse file holds more bytes than the disk it took.
        if size > self.left_bytes {
            return self.leave(path, "is larger than what may still be collected");
        }
        let text = String::from_utf8_lossy(path).into_owned();
        if text.len() > self.left_name_bytes {
            return self.leave(path, "is one of more names than can be told");
        }
        let copied = self
            .make_directories()
            .and_then(|into| Ok((reopen(handle, libc::O_RDONLY, 0o600)?, make_file(into.as_fd(), name)?)))
            .and_then(|(from, to)| copy(from.as_fd(), to.as_fd()));
        match copied {
            Ok(bytes) => {
                self.left_bytes = self.left_bytes.saturating_sub(bytes);
                self.left_name_bytes -= text.len();
                self.collected.artifacts.push(Artifact { path: text, bytes });
            }
            Err(e) if e.is(libc::EEXIST) => self.leave(path, "a file of that name exists already"),
            Err(_) => self.leave(path, "cannot be copied"),
        }
    }

    /// The host's directory for where the collector is. A link of the host's is not followed: whoever put it there may
    /// be an earlier run.
    fn make_directories(&mut self) -> io::Result<&OwnedFd> {
        for name in &self.parts[self.into.len() - 1..] {
            let parent = self.into[self.into.len() - 1].as_fd();
            let made = match fd::make_directory_at(parent, name, 0o777) {
                Err(e) if !e.is(libc::EEXIST) => Err(e),
                _ => open_directory(Some(parent), name),
            };
            self.into.push(made?);
        }
        Ok(&self.into[self.into.len() - 1])
    }

    fn leave(&mut self, path: &[u8], reason: &'static str) {
        let bytes = path.len();
        if self.collected.left_out.len() < MAX_LEFT_OUT && bytes <= self.left_name_bytes {
            self.left_name_bytes -= bytes;
            let path = String::from_utf8_lossy(path).into_owned();
            self.collected.left_out.push(LeftOut { path, reason });
        }
    }
}

/// Opens what a handle names for reading, giving its owner the right to where it was taken away.
fn reopen(handle: BorrowedFd<'_>, flags: libc::c_int, mode: libc::mode_t) -> io::Result<OwnedFd> {
    let open = || fs::reopen(handle, flags | libc::O_NONBLOCK);
    open().or_else(|_| {
        fs::set_mode(handle, mode)?;
        open()
    })
}

fn open_directory(parent: Option<BorrowedFd<'_>>, name: &CStr) -> io::Result<OwnedFd> {
    fd::open_at(parent, name, libc::O_RDONLY | libc::O_DIRECTORY | libc::O_NOFOLLOW, 0)
}

fn make_file(directory: BorrowedFd<'_>, name: &CStr) -> io::Result<OwnedFd> {
    fd::open_at(Some(directory), name, libc::O_WRONLY | libc::O_CREAT | libc::O_EXCL | libc::O_NOFOLLOW, 0o666)
}

/// Copies to the end; returns how many bytes there were.
fn copy(from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> io::Result<u64> {
    let mut buffer = vec![0; COPIED_AT_ONCE];
    let mut bytes = 0;
    loop {
        match fd::read(from, &mut buffer) {
            Ok(0) => return Ok(bytes),
            Ok(n) => {
                fd::write_all(to, &buffer[..n])?;
                bytes += n as u64;
            }
            Err(e) if e.is(libc::EINTR) => {}
            Err(e) => return Err(e),
        }
    }
}
