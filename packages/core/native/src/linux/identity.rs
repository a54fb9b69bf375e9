//! Who the sandboxed program is, outside and inside.
//!
//! Inside it is always the same unprivileged user. Outside it is the calling user; or, when root calls, a user that
//! exists nowhere else and is another one in each run: being root without capabilities would still mean owning root's
//! files and the kernel's settings.

use crate::error::{Context, Result};
use crate::prelude::*;
use crate::sys::fd::OwnedFd;
use crate::sys::process;
use crate::sys::{fs, io};

/// User and group id inside.
pub const INSIDE: u32 = 1000;
/// The ids of runs by root lie from here on; the highest process id is below 2^22.
const FIRST_OUTSIDE: u32 = 0x7000_0000;

#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Ids outside that `INSIDE` stands for.
    pub uid: u32,
    pub gid: u32,
    /// Whether the ids are not the caller's own.
    pub foreign: bool,
}

impl Identity {
    pub fn choose() -> Self {
        if process::effective_uid() == 0 {
            let id = FIRST_OUTSIDE + process::pid().unsigned_abs();
            Self { uid: id, gid: id, foreign: true }
        } else {
            Self { uid: process::effective_uid(), gid: process::effective_gid(), foreign: false }
        }
    }

    /// Root itself, for a run that cannot be anybody else. Capabilities are dropped in any case.
    pub fn caller(&self) -> Self {
        Self { uid: process::effective_uid(), gid: process::effective_gid(), foreign: false }
    }

    /// Writes the maps of a new user namespace from outside. user_namespaces(7).
    pub fn write_maps(&self, pid: libc::pid_t) -> Result<()> {
        if !self.foreign {
            // Demanded of an unprivileged caller: groups that take rights away must not be left.
            write(pid, "setgroups", "deny")?;
        }
        write(pid, "gid_map", &format!("{INSIDE} {} 1", self.gid))?;
        write(pid, "uid_map", &format!("{INSIDE} {} 1", self.uid))
    }

    /// A user namespace through which what belongs to `owner` on disk belongs to the sandbox's user.
    pub fn owner_map(&self, owner: u32, group: u32) -> io::Result<OwnerMap> {
        let maker = Maker(process::stillborn(libc::CLONE_NEWUSER as u64)?);
        fs::write(&proc_file(maker.0, "uid_map"), &format!("{owner} {} 1", self.uid))?;
        fs::write(&proc_file(maker.0, "gid_map"), &format!("{group} {} 1", self.gid))?;
        let namespace = fs::open(&proc_file(maker.0, "ns/user"), libc::O_RDONLY)?;
        Ok(OwnerMap { namespace, _maker: maker })
    }
}

/// A user namespace, and the process that it was made with, which has ended.
pub struct OwnerMap {
    pub namespace: OwnedFd,
    _maker: Maker,
}

struct Maker(libc::pid_t);

impl Drop for Maker {
    fn drop(&mut self) {
        let _ = process::wait(self.0);
    }
}

fn proc_file(pid: libc::pid_t, name: &str) -> String {
    format!("/proc/{pid}/{name}")
}

fn write(pid: libc::pid_t, name: &str, text: &str) -> Result<()> {
    fs::write(&proc_file(pid, name), text).context("user namespace", || format!("cannot write {name}"))
}
