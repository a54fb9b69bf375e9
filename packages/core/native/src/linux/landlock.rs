//! Landlock: what may be read, written and executed among the files that exist inside, decided by the kernel on the
//! file itself and not on its name. landlock(7).

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, NetPort, PathBeneath, PathFd, PathFdError,
    Ruleset, RulesetAttr, RulesetCreatedAttr, Scope,
};

use crate::error::{Result, SetupError};

const LAYER: &str = "landlock";
/// The newest version whose rights this code knows.
const NEWEST: ABI = ABI::V6;

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

/// The version that this kernel offers; 0 where it has none or it is switched off.
pub fn version() -> u32 {
    const VERSION: libc::c_ulong = 1;
    let none = std::ptr::null::<libc::c_void>();
    // SAFETY: with this flag the call takes no attributes and only returns a number.
    let version = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0, VERSION) };
    u32::try_from(version).unwrap_or(0)
}

/// Restricts this process and all that it starts. On a kernel without Landlock this is an error: the caller asks
/// [`version`] first.
pub fn apply(grants: &Grants) -> Result<()> {
    restrict(grants).map_err(|e| SetupError::new(LAYER, format!("cannot restrict file access: {e}")))
}

fn restrict(grants: &Grants) -> std::result::Result<(), Box<dyn std::error::Error>> {
    let all = AccessFs::from_all(NEWEST);
    let ruleset = Ruleset::default()
        // Rights that an older kernel does not know cannot be restricted there; `version` is what is reported.
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?;
    let mut ruleset = ruleset.create()?;

    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let write =
        all & !BitFlags::from(AccessFs::Execute) & !(AccessFs::MakeBlock | AccessFs::MakeChar | AccessFs::IoctlDev);
    let rules = (grants.read.iter().map(|path| (path, read)))
        .chain(grants.write.iter().map(|path| (path, write)))
        .chain(grants.execute.iter().map(|path| (path, AccessFs::Execute | AccessFs::ReadFile)));
    for (path, access) in rules {
        ruleset = add(ruleset, path, access)?;
    }
    for port in &grants.connect {
        ruleset = ruleset.add_rule(NetPort::new(*port, AccessNet::ConnectTcp))?;
    }
    // The caller has forbidden new privileges already.
    ruleset.no_new_privs(false).restrict_self()?;
    Ok(())
}

fn add(
    ruleset: landlock::RulesetCreated,
    path: &str,
    access: BitFlags<AccessFs>,
) -> std::result::Result<landlock::RulesetCreated, Box<dyn std::error::Error>> {
    let file = match PathFd::new(path) {
        Ok(file) => file,
        // What is not there cannot be granted, and needs not be refused.
        Err(PathFdError::OpenCall { source, .. }) if source.raw_os_error() == Some(libc::ENOENT) => return Ok(ruleset),
        Err(e) => return Err(e.into()),
    };
    let is_directory = std::fs::metadata(path)?.is_dir();
    let access = if is_directory { access } else { access & AccessFs::from_file(NEWEST) };
    Ok(ruleset.add_rule(PathBeneath::new(file, access))?)
}
