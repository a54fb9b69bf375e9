//! Brings what the script left in its output directory to the host: regular files only, as new files of the caller's.

use std::ffi::{CStr, CString, OsStr};
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::report::{Artifact, LeftOut};
use crate::sys::fd;

const MAX_DEPTH: usize = 16;
/// So many files that were left out are named.
const MAX_LEFT_OUT: usize = 100;

/// What came of it.
#[derive(Debug, Default)]
pub struct Collected {
    pub artifacts: Vec<Artifact>,
    pub left_out: Vec<LeftOut>,
}

/// Copies regular files below `from` into `into`, at most `max_bytes` together. Nothing is followed, nothing that
/// exists is overwritten, no set-user-id bit survives. All processes of the sandbox are gone when this is called.
pub fn collect(from: BorrowedFd<'_>, into: &str, max_bytes: u64) -> Collected {
    let mut collector = Collector { into: PathBuf::from(into), left_bytes: max_bytes, collected: Collected::default() };
    collector.directory(from, Path::new(""), 0);
    collector.collected
}

struct Collector {
    into: PathBuf,
    left_bytes: u64,
    collected: Collected,
}

impl Collector {
    fn directory(&mut self, directory: BorrowedFd<'_>, at: &Path, depth: usize) {
        // The script owns the directory and may have taken its own rights away; it is gone, so nobody minds.
        let link = format!("/proc/self/fd/{}", directory.as_raw_fd());
        let _ = fs::set_permissions(&link, fs::Permissions::from_mode(0o700));
        let Ok(entries) = fs::read_dir(&link) else { return self.leave(at, "cannot be read") };
        let mut names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        names.sort();
        for name in names {
            let path = at.join(&name);
            if path.to_str().is_none() {
                self.leave(&path, "its name is not UTF-8");
                continue;
            }
            self.entry(directory, &name, &path, depth);
        }
    }

    fn entry(&mut self, directory: BorrowedFd<'_>, name: &OsStr, path: &Path, depth: usize) {
        let Ok(c_name) = CString::new(name.as_bytes()) else { return };
        // O_PATH opens anything without touching it; what it is is then read from the very thing that was opened.
        let Ok(handle) = fd::open_at(Some(directory), &c_name, libc::O_PATH | libc::O_NOFOLLOW, 0) else {
            return self.leave(path, "cannot be opened");
        };
        let Ok(stat) = fs::metadata(format!("/proc/self/fd/{}", handle.as_raw_fd())) else {
            return self.leave(path, "cannot be opened");
        };
        let kind = stat.file_type();
        let link = fd::stat(handle.as_fd()).is_ok_and(|s| s.st_mode & libc::S_IFMT == libc::S_IFLNK);
        if link {
            self.leave(path, "is a symbolic link");
        } else if kind.is_dir() {
            if depth >= MAX_DEPTH {
                return self.leave(path, "is nested too deeply");
            }
            match reopen(handle.as_fd(), libc::O_RDONLY | libc::O_DIRECTORY, 0o700) {
                Ok(inner) => self.directory(inner.as_fd(), path, depth + 1),
                Err(_) => self.leave(path, "cannot be opened"),
            }
        } else if kind.is_file() {
            self.file(handle.as_fd(), path, stat.size());
        } else {
            let what = if kind.is_fifo() {
                "is a named pipe"
            } else if kind.is_socket() {
                "is a socket"
            } else {
                "is a device"
            };
            self.leave(path, what);
        }
    }

    fn file(&mut self, handle: BorrowedFd<'_>, path: &Path, size: u64) {
        // A sparse file holds more bytes than the disk it took.
        if size > self.left_bytes {
            return self.leave(path, "is larger than what may still be collected");
        }
        let target = self.into.join(path);
        let copied = reopen(handle, libc::O_RDONLY, 0o600).and_then(|from| copy(from, &self.into, path, &target));
        match copied {
            Ok(bytes) => {
                self.left_bytes = self.left_bytes.saturating_sub(bytes);
                let path = path.to_string_lossy().into_owned();
                self.collected.artifacts.push(Artifact { path, bytes });
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                self.leave(path, "a file of that name exists already")
            }
            Err(_) => self.leave(path, "cannot be copied"),
        }
    }

    fn leave(&mut self, path: &Path, reason: &'static str) {
        if self.collected.left_out.len() < MAX_LEFT_OUT {
            let path = String::from_utf8_lossy(&path.as_os_str().to_os_string().into_vec()).into_owned();
            self.collected.left_out.push(LeftOut { path, reason });
        }
    }
}

/// Opens what a handle names for reading, giving its owner the right to where it was taken away.
fn reopen(handle: BorrowedFd<'_>, flags: libc::c_int, mode: u32) -> io::Result<OwnedFd> {
    let path = format!("/proc/self/fd/{}", handle.as_raw_fd());
    let open = |path: &CStr| fd::open_at(None, path, flags | libc::O_NONBLOCK, 0);
    let c_path = crate::sys::c_string(&path)?;
    open(&c_path).or_else(|_| {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
        open(&c_path)
    })
}

fn copy(from: OwnedFd, into: &Path, path: &Path, target: &Path) -> io::Result<u64> {
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::DirBuilder::new().recursive(true).mode(0o777).create(into.join(parent))?;
    }
    let flags = libc::O_NOFOLLOW;
    let mut to = fs::OpenOptions::new().write(true).create_new(true).mode(0o666).custom_flags(flags).open(target)?;
    io::copy(&mut File::from(from), &mut to)
}
