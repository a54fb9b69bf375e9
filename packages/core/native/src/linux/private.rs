//! Private directories on the host's own file system, for the backend that cannot mount any. Whatever a script makes of
//! them, they can be measured and removed: nothing here depends on the length of a path, or on rights that the script
//! has taken away from itself.

use alloc::collections::BTreeMap;
use core::ffi::CStr;

use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::spec::{Mount, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::{c_string, fs, io, process};

const LAYER: &str = "mounts";
/// Where there is room that goes with the machine; the first one that takes a directory of ours.
const PLACES: [&str; 2] = ["/tmp", "/dev/shm"];
const PREFIX: &str = "skillbox-";
/// Directories in directories beyond this are more than a run may have. Each costs a descriptor here.
const MAX_DEPTH: usize = 64;

/// A directory of ours with one below it for each private file system of the spec.
pub struct PrivateDirectories {
    root: String,
    parts: Vec<Part>,
}

/// One private directory.
struct Part {
    /// What the spec calls it.
    to: String,
    path: String,
    bytes: u64,
    inodes: u64,
}

/// What the directories hold.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub bytes: u64,
    pub inodes: u64,
    /// Whether one holds more than it may.
    pub over: bool,
}

impl PrivateDirectories {
    /// Makes them, for a user who may be another than the caller.
    pub fn create(spec: &Spec, owner: Option<u32>) -> Result<Self> {
        let root = make_root(owner)?;
        let mut directories = Self { root, parts: vec![] };
        let private = spec.mounts.iter().filter_map(|mount| match mount {
            Mount::Tmpfs { to, bytes, inodes } => Some((to, *bytes, *inodes)),
            _ => None,
        });
        for (to, bytes, inodes) in private.chain(spec.output.iter().map(|o| (&o.to, o.bytes, o.inodes))) {
            let name = to.trim_start_matches('/').replace('/', "-");
            let path = format!("{}/{name}", directories.root);
            make(&path, owner).context(LAYER, || format!("cannot make {path}"))?;
            directories.parts.push(Part { to: to.clone(), path, bytes, inodes });
        }
        Ok(directories)
    }

    pub fn root(&self) -> &str {
        &self.root
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().map(|part| part.path.as_str())
    }

    /// Where the directory is that the spec calls `to`.
    pub fn path_of(&self, to: &str) -> Option<&str> {
        self.parts.iter().find(|part| part.to == to).map(|part| part.path.as_str())
    }

    /// The environment, with each value that is the name of a private directory replaced by its true path.
    pub fn environment(&self, variables: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let true_path = |value: &String| match self.path_of(value) {
            Some(path) => path.to_owned(),
            None => value.clone(),
        };
        variables.iter().map(|(name, value)| (name.clone(), true_path(value))).collect()
    }

    /// How much all of them may hold together.
    pub fn bytes(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes).sum()
    }

    /// What all of them hold together, and whether one holds more than it may.
    pub fn examine(&self) -> Held {
        let mut all = Held::default();
        for part in &self.parts {
            let mut held = Held::default();
            if let Ok(directory) = open_path(&part.path) {
                // Walked no further than the cap: a script cannot make the walk long.
                measure(directory.as_fd(), part.inodes, 0, &mut held);
            }
            all.over |= held.over || held.bytes > part.bytes || held.inodes > part.inodes;
            (all.bytes, all.inodes) = (all.bytes + held.bytes, all.inodes + held.inodes);
        }
        all
    }

    /// Removes everything. All processes of the run are gone when this is called.
    pub fn remove(&self) {
        // Each round moves what lies too deep up to the top, so that it is near enough for the next.
        while let Ok(root) = open_path(&self.root) {
            let mut moved = 0;
            empty(root.as_fd(), root.as_fd(), 0, &mut moved);
            if fs::remove_dir(&self.root).is_ok() || moved == 0 {
                return;
            }
        }
    }
}

fn make_root(owner: Option<u32>) -> Result<String> {
    let [a, b, _] = process::random().context(LAYER, || "cannot draw random numbers")?;
    let mut failed = SetupError::new(LAYER, "there is no place for private directories");
    for place in PLACES {
        // Nobody can know the name before, and so be in the way.
        let path = format!("{place}/{PREFIX}{a:08x}{b:08x}");
        match make(&path, owner) {
            Ok(()) => return Ok(path),
            Err(e) => failed = SetupError::system(LAYER, format!("cannot make {path}"), &e),
        }
    }
    Err(failed)
}

fn make(path: &str, owner: Option<u32>) -> io::Result<()> {
    fs::create_dir(path, 0o700)?;
    owner.map_or(Ok(()), |owner| fs::set_owner(path, owner))
}

fn measure(directory: BorrowedFd<'_>, most: u64, depth: usize, held: &mut Held) {
    let Ok(listing) = fs::open_to_list(directory) else {
        held.over = true;
        return;
    };
    for entry in fs::entries(&listing).flatten() {
        let Ok(stat) = entry.stat(directory) else { continue };
        held.inodes += 1;
        held.bytes += stat.st_blocks as u64 * 512;
        held.over |= held.inodes > most || depth > MAX_DEPTH;
        if held.over {
            return;
        }
        if fs::is_of_kind(&stat, libc::S_IFDIR) {
            // Gone since it was listed, or out of reach.
            let Ok(inner) = open(Some(directory), &entry.name) else { continue };
            measure(inner.as_fd(), most, depth + 1, held);
        }
    }
}

/// Removes what lies in `directory`, and counts what it moved to `top` instead.
fn empty(directory: BorrowedFd<'_>, top: BorrowedFd<'_>, depth: usize, moved: &mut u64) {
    let Ok(listing) = fs::open_to_list(directory) else { return };
    for fs::Entry { name, .. } in fs::entries(&listing).flatten() {
        if fd::remove_at(directory, &name, false).is_ok() || fd::remove_at(directory, &name, true).is_ok() {
            continue;
        }
        if depth >= MAX_DEPTH {
            let free = (0..).map(|number: u64| format!(".{number}")).find_map(|other| {
                let other = c_string(&other).ok()?;
                match fd::rename_new(directory, &name, top, &other) {
                    Err(e) if e.is(libc::EEXIST) => None,
                    result => Some(result.is_ok()),
                }
            });
            *moved += u64::from(free == Some(true));
        } else if let Ok(inner) = open(Some(directory), &name) {
            empty(inner.as_fd(), top, depth + 1, moved);
            let _ = fd::remove_at(directory, &name, true);
        }
    }
}

fn open_path(path: &str) -> io::Result<OwnedFd> {
    open(None, &c_string(path)?)
}

/// Opens a directory, no link followed, and gives its owner all rights where they are missing.
fn open(parent: Option<BorrowedFd<'_>>, name: &CStr) -> io::Result<OwnedFd> {
    let flags = libc::O_DIRECTORY | libc::O_NOFOLLOW;
    let handle = fd::open_at(parent, name, libc::O_PATH | flags, 0)?;
    let mode = fd::stat(handle.as_fd())?.st_mode;
    if mode & 0o700 != 0o700 {
        fs::set_mode(handle.as_fd(), 0o700)?;
    }
    Ok(handle)
}
