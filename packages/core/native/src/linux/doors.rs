//! Entries of a stranger's directory that lead out of it although they are no symbolic links: a file with a further
//! name elsewhere may be anybody's, and whoever has a named pipe or a socket open on the other side is outside.
//! A read-only mount holds none of them.

use alloc::collections::BTreeMap;

use super::message::MAX_ORDER_BYTES;
use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::spec::{Mount, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd};
use crate::sys::fs::{self, Entry};

const LAYER: &str = "mounts";
/// So many entries of a directory are looked at, all directories below included.
const MAX_ENTRIES: usize = 500_000;
/// Deeper ones no path of this length reaches.
const MAX_PATH_BYTES: usize = 4096;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Door {
    /// Absolute, inside.
    pub path: String,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file that also has a name outside of the directory.
    Linked,
    /// A named pipe or a socket.
    Passage,
    Device,
}

impl Kind {
    /// The kind of violation that is told of it.
    pub fn violation(self) -> &'static str {
        match self {
            Self::Linked => "linked-file",
            Self::Passage | Self::Device => "special-file",
        }
    }
}

/// All doors of the directories that the spec calls untrusted.
pub fn find(spec: &Spec) -> Result<Vec<Door>> {
    let mut search = Search::default();
    for entry in &spec.mounts {
        if let Mount::Bind { from, to, untrusted: true, .. } = entry {
            let source = fd::open_path_no_symlinks(from).context(LAYER, || format!("cannot open {from}"))?;
            let stat = fd::stat(source.as_fd()).context(LAYER, || format!("cannot look at {from}"))?;
            if fs::is_of_kind(&stat, libc::S_IFDIR) {
                search.tree(source.as_fd(), to)?;
                search.settle()?;
            }
        }
    }
    Ok(search.doors)
}

#[derive(Default)]
struct Search {
    doors: Vec<Door>,
    path_bytes: usize,
    entries: usize,
    /// Files with several names: how many there are, and those seen so far.
    linked: BTreeMap<(u64, u64), (libc::nlink_t, Vec<String>)>,
}

impl Search {
    /// Directory by directory, each opened by its path below the first, so that depth costs no descriptors.
    fn tree(&mut self, root: BorrowedFd<'_>, to: &str) -> Result<()> {
        let mut below: Vec<Vec<u8>> = vec![vec![]];
        while let Some(directory) = below.pop() {
            let at = join(to.as_bytes(), &directory);
            if directory.len() > MAX_PATH_BYTES - 256 {
                return Err(too_much(format!("{to} has directories in directories, too many for a path")));
            }
            let opened = fd::open_below_no_symlinks(root, &directory);
            let opened = opened.context(LAYER, || format!("cannot open {}", shown(&at)))?;
            let listing = match fs::open_to_list(opened.as_fd()) {
                // Nor can the script, which has no more rights than this process.
                Err(e) if e.is(libc::EACCES) => continue,
                listing => listing.context(LAYER, || format!("cannot read {}", shown(&at)))?,
            };
            for entry in fs::entries(&listing) {
                let entry = entry.context(LAYER, || format!("cannot read {}", shown(&at)))?;
                self.entries += 1;
                if self.entries > MAX_ENTRIES {
                    return Err(too_much(format!("{to} has more than {MAX_ENTRIES} entries")));
                }
                let path = join(&at, entry.name.to_bytes());
                let kind = entry.kind(listing.as_fd());
                match kind.context(LAYER, || format!("cannot look at {}", shown(&path)))? {
                    libc::S_IFDIR => below.push(join(&directory, entry.name.to_bytes())),
                    libc::S_IFLNK => {}
                    kind => self.file(listing.as_fd(), &entry, kind, &path)?,
                }
            }
        }
        Ok(())
    }

    fn file(&mut self, directory: BorrowedFd<'_>, entry: &Entry, kind: libc::mode_t, path: &[u8]) -> Result<()> {
        let text = core::str::from_utf8(path).ok();
        let hidden = match kind {
            libc::S_IFREG => self.several_names(directory, entry, text),
            _ => Some(special(kind)),
        };
        match (hidden, text) {
            (None, _) => Ok(()),
            (Some(kind), Some(path)) => self.door(path.to_owned(), kind),
            // Mounts are made by names that are text.
            (Some(_), None) => {
                Err(SetupError::new(LAYER, format!("{} leads out of the directory and cannot be hidden", shown(path)))
                    .hint("remove it: it is no ordinary file of the skill, and its name is not UTF-8"))
            }
        }
    }

    /// Remembers a file with several names; a door only where that cannot be settled later.
    fn several_names(&mut self, directory: BorrowedFd<'_>, entry: &Entry, path: Option<&str>) -> Option<Kind> {
        let Ok(stat) = entry.stat(directory) else { return Some(Kind::Linked) };
        if stat.st_nlink < 2 {
            return None;
        }
        let Some(path) = path else { return Some(Kind::Linked) };
        let (_, seen) = self.linked.entry((stat.st_dev, stat.st_ino)).or_insert((stat.st_nlink, vec![]));
        seen.push(path.to_owned());
        None
    }

    /// A file all of whose names lie in the directory is the directory's own.
    fn settle(&mut self) -> Result<()> {
        for (names, seen) in core::mem::take(&mut self.linked).into_values() {
            if usize::try_from(names) != Ok(seen.len()) {
                for path in seen {
                    self.door(path, Kind::Linked)?;
                }
            }
        }
        Ok(())
    }

    fn door(&mut self, path: String, kind: Kind) -> Result<()> {
        self.path_bytes += path.len() + 1;
        if self.path_bytes >= MAX_ORDER_BYTES {
            return Err(too_much(format!("too many files also have a name elsewhere, as {path} has")));
        }
        self.doors.push(Door { path, kind });
        Ok(())
    }
}

fn special(kind: libc::mode_t) -> Kind {
    if matches!(kind, libc::S_IFIFO | libc::S_IFSOCK) { Kind::Passage } else { Kind::Device }
}

/// A path below another one, either of which may be empty.
fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let between: &[u8] = if directory.is_empty() || name.is_empty() || directory.ends_with(b"/") { b"" } else { b"/" };
    [directory, between, name].concat()
}

fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

fn too_much(message: String) -> SetupError {
    SetupError::new(LAYER, message).hint("copy the skill without what it does not need: `cp -r SKILL COPY`")
}
