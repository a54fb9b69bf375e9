//! Landlock: what may be read, written and executed among the files that exist inside, decided by the kernel on the
//! file itself and not on its name. landlock(7).

use crate::error::{Context, Result};
use crate::prelude::*;
use crate::sys::fd::{AsFd, BorrowedFd, OwnedFd};
use crate::sys::landlock::{self as calls, Ruleset, file, network, scope};
use crate::sys::process::Pass;
use crate::sys::{fd, fs};

const LAYER: &str = "landlock";

/// What is granted, by path inside.
#[derive(Debug, Default)]
pub struct Grants {
    /// Files that may be executed: programs and their dynamic loader.
    pub execute: Vec<String>,
    /// Files and directories that may be read.
    pub read: Vec<String>,
    /// Directories (or single files) that may be read and changed.
    pub write: Vec<String>,
    /// TCP ports that may be connected to.
    pub connect: Vec<u16>,
}

/// Rights that exist from a version on.
struct Known {
    file: u64,
    network: u64,
    scope: u64,
}

/// Rights that an older kernel does not know cannot be restricted there; the version is what is reported.
fn known(version: u32) -> Known {
    let since = |first: u32, rights: u64| if version >= first { rights } else { 0 };
    Known {
        file: file::FIRST | since(2, file::REFER) | since(3, file::TRUNCATE) | since(5, file::IOCTL_DEV),
        network: since(4, network::BIND_TCP | network::CONNECT_TCP),
        scope: since(6, scope::ABSTRACT_UNIX_SOCKET | scope::SIGNAL),
    }
}

/// The version that this kernel offers; 0 where it has none or it is switched off.
pub fn version() -> u32 {
    calls::version()
}

/// Makes the rules that grant this and nothing else, for a kernel of this version; none where it has no Landlock. The
/// pass is for a process that is behind its filter already.
pub fn rules(grants: &Grants, version: u32, pass: Pass) -> Result<Option<OwnedFd>> {
    if version == 0 {
        return Ok(None);
    }
    let known = known(version);
    let ruleset = Ruleset::new(known.file, known.network, known.scope, pass)
        .context(LAYER, || "cannot make rules for file access")?;
    let read = file::READ_FILE | file::READ_DIR;
    let write = known.file & !(file::EXECUTE | file::MAKE_BLOCK | file::MAKE_CHAR | file::IOCTL_DEV);
    let rules = (grants.read.iter().map(|path| (path, read)))
        .chain(grants.write.iter().map(|path| (path, write)))
        .chain(grants.execute.iter().map(|path| (path, file::EXECUTE | file::READ_FILE)));
    for (path, rights) in rules {
        allow(&ruleset, path, rights)?;
    }
    if known.network != 0 {
        for port in &grants.connect {
            let allowed = ruleset.allow_port(*port, network::CONNECT_TCP);
            allowed.context(LAYER, || format!("cannot allow port {port}"))?;
        }
    }
    Ok(Some(ruleset.into_fd()))
}

/// Restricts this process and all that it starts, which have been forbidden new privileges already. It is done behind
/// the filter, with its pass.
pub fn apply(rules: BorrowedFd<'_>, pass: Pass) -> Result<()> {
    calls::restrict_self(rules, pass).context(LAYER, || "cannot restrict file access")
}

fn allow(ruleset: &Ruleset, path: &str, rights: u64) -> Result<()> {
    let place = match fs::open(path, libc::O_PATH) {
        // What is not there cannot be granted, and needs not be refused.
        Err(e) if e.is(libc::ENOENT) => return Ok(()),
        place => place.context(LAYER, || format!("cannot open {path}"))?,
    };
    let stat = fd::stat(place.as_fd()).context(LAYER, || format!("cannot look at {path}"))?;
    let rights = if fs::is_of_kind(&stat, libc::S_IFDIR) { rights } else { rights & file::OF_FILES };
    ruleset.allow_below(place.as_fd(), rights).context(LAYER, || format!("cannot allow {path}"))
}
