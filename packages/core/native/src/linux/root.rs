//! The file system that the program sees: a new root with exactly what the spec mounts.
//!
//! Sources are opened before the old root goes, everything else is built after it is gone: no link in a hostile
//! directory can then lead to a file of the host.

use alloc::collections::BTreeSet;

use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::spec::{Mode, Mount, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::{c_string, fs, io, mount};

use super::identity::{Identity, OwnerMap};

const LAYER: &str = "mounts";
/// The devices that exist inside.
const DEVICES: [&str; 3] = ["null", "full", "urandom"];
/// Its links. Since Linux 5.6, random and urandom differ only before the kernel has any randomness.
const DEVICE_LINKS: [(&str, &str); 5] =
    [("random", "urandom"), ("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")];
/// Length of what stands for /dev/zero.
const ZEROS: u64 = 1 << 40;
const DEVICE_ATTRIBUTES: u64 = mount::RDONLY | mount::NOSUID | mount::NOEXEC;

/// Something of the host, cut out and restricted, not yet attached anywhere.
#[derive(Debug)]
pub struct Source {
    pub tree: OwnedFd,
    pub is_directory: bool,
}

/// Who opens the sources.
#[derive(Clone, Copy)]
pub enum Opener<'a> {
    /// The supervisor of a root caller, which can read every source and translate its owner.
    Outside(&'a Identity),
    /// The process inside, with the caller's own rights.
    Inside,
}

/// Opens everything of the host that the spec names, and hands it on in its order. What is returned may be dropped when
/// there is time: it reaps processes.
pub fn open_sources(spec: &Spec, opener: Opener<'_>, mut each: impl FnMut(Source) -> Result<()>) -> Result<OwnerMaps> {
    let mut maps = OwnerMaps::default();
    for entry in &spec.mounts {
        match entry {
            Mount::Bind { from, mode, exec, map_owner, .. } => {
                let mut attributes = mount::NOSUID | mount::NODEV;
                if *mode == Mode::Ro {
                    attributes |= mount::RDONLY;
                }
                if !exec {
                    attributes |= mount::NOEXEC;
                }
                let source = fd::open_path_no_symlinks(from).map_err(|e| source_error(from, &e))?;
                let map = match opener {
                    Opener::Outside(identity) if *map_owner => maps.get(identity, source.as_fd()),
                    Opener::Outside(_) | Opener::Inside => None,
                };
                each(cut_out(source.as_fd(), from, attributes, map)?)?;
            }
            Mount::Dev { .. } => {
                for device in DEVICES {
                    let from = format!("/dev/{device}");
                    let source = fd::open_path_no_symlinks(&from).map_err(|e| source_error(&from, &e))?;
                    each(cut_out(source.as_fd(), &from, DEVICE_ATTRIBUTES, None)?)?;
                }
            }
            Mount::Tmpfs { .. } | Mount::File { .. } | Mount::Symlink { .. } | Mount::Proc { .. } => {}
        }
    }
    Ok(maps)
}

fn source_error(from: &str, error: &io::Error) -> SetupError {
    let failed = SetupError::system(LAYER, format!("cannot open {from}"), error);
    match error.raw_os_error() {
        libc::ELOOP => failed.hint("a path to mount must not go through a symbolic link; give its real path"),
        libc::EACCES => failed.hint("the user who runs skillbox must be able to reach this path"),
        _ => failed,
    }
}

fn cut_out(source: BorrowedFd<'_>, from: &str, attributes: u64, owner_map: Option<BorrowedFd<'_>>) -> Result<Source> {
    let stat = fd::stat(source).context(LAYER, || format!("cannot look at {from}"))?;
    let tree = mount::clone_tree(source).context(LAYER, || format!("cannot mount {from}"))?;
    // Not every file system can translate owners; the files are then seen as somebody else's, which is only stricter.
    let mapped = owner_map.is_some() && mount::restrict_tree(tree.as_fd(), attributes, owner_map).is_ok();
    if !mapped {
        mount::restrict_tree(tree.as_fd(), attributes, None).context(LAYER, || format!("cannot restrict {from}"))?;
    }
    Ok(Source { tree, is_directory: fs::is_of_kind(&stat, libc::S_IFDIR) })
}

/// One user namespace for each owner of a source.
#[derive(Default)]
pub struct OwnerMaps(Vec<((u32, u32), Option<OwnerMap>)>);

impl OwnerMaps {
    fn get(&mut self, identity: &Identity, source: BorrowedFd<'_>) -> Option<BorrowedFd<'_>> {
        let stat = fd::stat(source).ok()?;
        let owner = (stat.st_uid, stat.st_gid);
        let known = self.0.iter().position(|(of, _)| *of == owner);
        let at = known.unwrap_or_else(|| {
            self.0.push((owner, identity.owner_map(owner.0, owner.1).ok()));
            self.0.len() - 1
        });
        self.0[at].1.as_ref().map(|map| map.namespace.as_fd())
    }
}

/// What the supervisor needs of the new root: it outlives the sandbox through these.
pub struct Handles {
    root: OwnedFd,
    pub proc: Option<OwnedFd>,
    pub output: Option<OwnedFd>,
    /// Roots of all private file systems, whose contents count as memory.
    pub tmpfs: Vec<OwnedFd>,
}

/// Replaces the root of this mount namespace. The process is the first of new user, mount and PID namespaces. `next`
/// gives the sources one by one, in the order of the spec.
pub fn build(spec: &Spec, mut next: impl FnMut() -> Result<Source>) -> Result<Handles> {
    mount::make_all_private().context(LAYER, || "cannot separate the mounts from the host's")?;
    // The root holds directories, mount points, links and the texts of the spec; then it becomes read-only.
    let text: usize =
        spec.mounts.iter().map(|m| if let Mount::File { text, .. } = m { text.len() + 4096 } else { 0 }).sum();
    // /proc is a directory on every system; what lies beneath is back in sight as soon as the root has changed.
    mount_tmpfs("/proc", (text + (1 << 20)) as u64, 16_384, "0755")?;
    let root = open_directory("/proc")?;
    mount::change_directory_to(root.as_fd()).context(LAYER, || "cannot enter the new root")?;
    mount::pivot_into_working_directory().context(LAYER, || "cannot change the root")?;

    let mut handles = Handles { root, proc: None, output: None, tmpfs: vec![] };
    let mut pins = Pins::default();
    let mut places = Places::default();
    for entry in &spec.mounts {
        let to = entry.to();
        match entry {
            Mount::Bind { .. } => {
                pins.pin_above(to)?;
                places.attach_source(&next()?, to)?;
                if entry.is_writable() {
                    pins.add(to);
                }
            }
            Mount::Tmpfs { bytes, inodes, .. } => {
                handles.tmpfs.push(places.private_directory(to, *bytes, *inodes)?);
            }
            Mount::File { text, .. } => places.write_file(to, text)?,
            Mount::Symlink { target, .. } => {
                places.make_parents(to)?;
                fs::symlink(target, to).context(LAYER, || format!("cannot link {to}"))?;
            }
            Mount::Proc { .. } => {
                places.make_directory(to)?;
                // Allowed only as long as the host's is still there.
                c_string(to)
                    .and_then(|path| mount::mount_new(c"proc", &path, c"subset=pid"))
                    .map_err(|e| proc_error(&e))?;
                places.cover(to);
                handles.proc = Some(open_directory(to)?);
            }
            Mount::Dev { .. } => {
                places.make_directory(to)?;
                for device in DEVICES {
                    places.attach_source(&next()?, &format!("{to}/{device}"))?;
                }
                // Memory that is mapped from the device belongs to no file system and no account.
                let zero = format!("{to}/zero");
                let sized = new_file(&zero).and_then(|file| fd::cut_file(file.as_fd(), ZEROS));
                sized.context(LAYER, || format!("cannot make {zero}"))?;
                for (name, target) in DEVICE_LINKS {
                    fs::symlink(target, &format!("{to}/{name}"))
                        .context(LAYER, || format!("cannot link {to}/{name}"))?;
                }
            }
        }
    }
    if let Some(output) = &spec.output {
        handles.tmpfs.push(places.private_directory(&output.to, output.bytes, output.inodes)?);
        handles.output = Some(open_directory(&output.to)?);
    }
    Ok(handles)
}

/// Hides what is to be hidden, and makes the new root read-only.
pub fn finish(handles: &Handles, hidden: &[String]) -> Result<()> {
    cover(hidden)?;
    mount::set_read_only(handles.root.as_fd()).context(LAYER, || "cannot make the root read-only")
}

/// Mounts an empty file over each path.
fn cover(paths: &[String]) -> Result<()> {
    const EMPTY: &str = "/.empty";
    if paths.is_empty() {
        return Ok(());
    }
    new_file(EMPTY).context(LAYER, || "cannot make an empty file")?;
    for path in paths {
        let empty = fd::open_path_no_symlinks(EMPTY).and_then(|empty| mount::clone_tree(empty.as_fd()));
        attach(empty.context(LAYER, || "cannot make an empty file")?.as_fd(), path)?;
    }
    fs::remove_file(EMPTY).context(LAYER, || "cannot remove an empty file")
}

/// Directories of the host that may be changed. A mount point cannot be renamed, but what lies above it could be, and
/// with it the host's own directory: so everything between becomes a mount point as well.
#[derive(Default)]
struct Pins(Vec<String>);

impl Pins {
    fn add(&mut self, directory: &str) {
        self.0.push(format!("{}/", directory.trim_end_matches('/')));
    }

    fn pin_above(&mut self, to: &str) -> Result<()> {
        let Some(outer) = self.0.iter().filter(|outer| to.starts_with(*outer)).max_by_key(|outer| outer.len()) else {
            return Ok(());
        };
        let mut at = outer.len();
        while let Some(length) = to[at..].find('/') {
            let directory = to[..at + length].to_owned();
            at += length + 1;
            let tree = fd::open_path_no_symlinks(&directory).and_then(|open| mount::clone_tree(open.as_fd()));
            attach(tree.context(LAYER, || format!("cannot hold {directory} in its place"))?.as_fd(), &directory)?;
            self.add(&directory);
        }
        Ok(())
    }
}

fn proc_error(error: &io::Error) -> SetupError {
    let failed = SetupError::system(LAYER, "cannot make a /proc for the sandbox", error);
    if error.is(libc::EPERM) {
        failed.hint(
            "inside a container, /proc must not be masked (docker run --security-opt systempaths=unconfined); \
             or use the landlock backend",
        )
    } else {
        failed
    }
}

fn mount_tmpfs(at: &str, bytes: u64, inodes: u64, mode: &str) -> Result<()> {
    let options = c_string(format!("size={bytes},nr_inodes={inodes},mode={mode}"));
    let mounted = options.and_then(|options| mount::mount_new(c"tmpfs", &c_string(at)?, &options));
    mounted.context(LAYER, || format!("cannot make a private file system at {at}"))
}

/// The mount points of the new root, and the way to them.
#[derive(Default)]
struct Places {
    /// Directories that are there.
    made: BTreeSet<String>,
}

impl Places {
    fn private_directory(&mut self, to: &str, bytes: u64, inodes: u64) -> Result<OwnedFd> {
        self.make_directory(to)?;
        // One inode is the root's own.
        mount_tmpfs(to, bytes, inodes + 1, "0700")?;
        self.cover(to);
        open_directory(to)
    }

    fn attach_source(&mut self, source: &Source, to: &str) -> Result<()> {
        if source.is_directory {
            self.make_directory(to)?;
        } else {
            self.make_parents(to)?;
            make_empty_file(to)?;
        }
        self.attach(source.tree.as_fd(), to)
    }

    fn attach(&mut self, tree: BorrowedFd<'_>, to: &str) -> Result<()> {
        self.cover(to);
        attach(tree, to)
    }

    /// What was made below is out of sight now.
    fn cover(&mut self, to: &str) {
        self.made.retain(|made| !made.strip_prefix(to).is_some_and(|below| below.starts_with('/')));
    }

    fn write_file(&mut self, path: &str, text: &str) -> Result<()> {
        self.make_parents(path)?;
        let written = new_file(path).and_then(|file| fd::write_all(file.as_fd(), text.as_bytes()));
        written.context(LAYER, || format!("cannot make the file {path}"))
    }

    fn make_parents(&mut self, path: &str) -> Result<()> {
        path.rsplit_once('/').map_or(Ok(()), |(parent, _)| self.make_directory(parent))
    }

    fn make_directory(&mut self, path: &str) -> Result<()> {
        if path.is_empty() || self.made.contains(path) {
            return Ok(());
        }
        self.make_parents(path)?;
        match fs::create_dir(path, 0o755) {
            Err(e) if e.is(libc::EEXIST) && fs::is_directory(path) => Ok(()),
            other => other,
        }
        .context(LAYER, || format!("cannot make the directory {path}"))?;
        self.made.insert(path.to_owned());
        Ok(())
    }
}

fn attach(tree: BorrowedFd<'_>, to: &str) -> Result<()> {
    c_string(to).and_then(|path| mount::attach(tree, &path)).context(LAYER, || format!("cannot mount at {to}"))
}

/// Leaves what is there.
fn make_empty_file(path: &str) -> Result<()> {
    let made = c_string(path).and_then(|path| match fd::make_file(&path, 0o444) {
        Err(e) if !e.is(libc::EEXIST) => Err(e),
        _ => Ok(()),
    });
    made.context(LAYER, || format!("cannot make the file {path}"))
}

fn new_file(path: &str) -> io::Result<OwnedFd> {
    fs::create_new(path, 0o444)
}

fn open_directory(path: &str) -> Result<OwnedFd> {
    let flags = libc::O_RDONLY | libc::O_DIRECTORY | libc::O_NOFOLLOW;
    fs::open(path, flags).context(LAYER, || format!("cannot open {path}"))
}
