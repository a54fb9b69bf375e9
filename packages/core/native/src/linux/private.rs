//! Private directories on the host's own file system, for the backend that cannot mount any.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::error::{Context, Result, SetupError};
use crate::spec::{Mount, Spec};
use crate::sys::process;

const LAYER: &str = "mounts";
/// Where there is room that goes with the machine; the first one that takes a directory of ours.
const PLACES: [&str; 2] = ["/tmp", "/dev/shm"];
const PREFIX: &str = "skillbox-";

/// A directory of ours with one below it for each private file system of the spec.
pub struct PrivateDirectories {
    root: PathBuf,
    parts: Vec<Part>,
}

/// One private directory.
struct Part {
    /// What the spec calls it.
    to: String,
    path: PathBuf,
    bytes: u64,
    inodes: u64,
}

/// What the directories hold.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub bytes: u64,
    pub inodes: u64,
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
            let path = directories.root.join(name);
            make(&path, owner).context(LAYER, || format!("cannot make {}", path.display()))?;
            directories.parts.push(Part { to: to.clone(), path, bytes, inodes });
        }
        Ok(directories)
    }

    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.parts.iter().map(|part| part.path.as_path())
    }

    /// Where the directory is that the spec calls `to`.
    pub fn path_of(&self, to: &str) -> Option<&Path> {
        self.parts.iter().find(|part| part.to == to).map(|part| part.path.as_path())
    }

    /// The environment, with each value that is the name of a private directory replaced by its true path.
    pub fn environment(&self, variables: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let true_path = |value: &String| match self.path_of(value) {
            Some(path) => path.to_string_lossy().into_owned(),
            None => value.clone(),
        };
        variables.iter().map(|(name, value)| (name.clone(), true_path(value))).collect()
    }

    /// What all of them hold together, and whether one holds more than it may.
    pub fn examine(&self) -> (Held, bool) {
        let mut all = Held::default();
        let mut over = false;
        for part in &self.parts {
            let mut held = Held::default();
            // Walked no further than the cap: a script cannot make the walk long.
            measure(&part.path, part.inodes, &mut held);
            over |= held.bytes > part.bytes || held.inodes > part.inodes;
            (all.bytes, all.inodes) = (all.bytes + held.bytes, all.inodes + held.inodes);
        }
        (all, over)
    }

    /// Removes everything, also what the script has taken its own rights away from.
    pub fn remove(&self) {
        if fs::remove_dir_all(&self.root).is_err() {
            open_up(&self.root);
            // Nothing more can be done, and the next start of the machine clears these places.
            let _ = fs::remove_dir_all(&self.root);
        }
    }
}

fn make_root(owner: Option<u32>) -> Result<PathBuf> {
    let mut failed = SetupError::new(LAYER, "there is no place for private directories");
    for place in PLACES {
        let path = Path::new(place).join(format!("{PREFIX}{}", process::pid()));
        match make(&path, owner) {
            Ok(()) => return Ok(path),
            // Left by a supervisor that was killed together with its reaper.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                open_up(&path);
                if fs::remove_dir_all(&path).and_then(|()| make(&path, owner)).is_ok() {
                    return Ok(path);
                }
            }
            Err(e) => failed = SetupError::system(LAYER, format!("cannot make {}", path.display()), &e),
        }
    }
    Err(failed)
}

fn make(path: &Path, owner: Option<u32>) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).create(path)?;
    owner.map_or(Ok(()), |owner| std::os::unix::fs::lchown(path, Some(owner), Some(owner)))
}

fn measure(directory: &Path, most: u64, held: &mut Held) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let Ok(stat) = entry.metadata() else { continue };
        held.inodes += 1;
        held.bytes += stat.blocks() * 512;
        if held.inodes > most {
            return;
        }
        if stat.is_dir() {
            measure(&entry.path(), most, held);
        }
    }
}

/// Gives the owner all rights on directories below and including this one, links not followed.
fn open_up(directory: &Path) {
    let is_directory = fs::symlink_metadata(directory).is_ok_and(|stat| stat.is_dir());
    if !is_directory {
        return;
    }
    let _ = fs::set_permissions(directory, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        open_up(&entry.path());
    }
}
