//! Rules of Landlock, as in linux/landlock.h. landlock(7)

use core::ffi::c_int;

use super::call::call;
use super::fd::{AsFd, BorrowedFd, OwnedFd, owned};
use super::io;
use super::process::Pass;

/// Rights over files.
pub mod file {
    pub const EXECUTE: u64 = 1 << 0;
    pub const WRITE_FILE: u64 = 1 << 1;
    pub const READ_FILE: u64 = 1 << 2;
    pub const READ_DIR: u64 = 1 << 3;
    pub const MAKE_CHAR: u64 = 1 << 6;
    pub const MAKE_BLOCK: u64 = 1 << 11;
    /// All of version 1: to execute, read and write, to remove and to make each kind of file.
    pub const FIRST: u64 = (1 << 13) - 1;
    /// To link or rename into another directory. Version 2.
    pub const REFER: u64 = 1 << 13;
    /// Version 3.
    pub const TRUNCATE: u64 = 1 << 14;
    /// Version 5.
    pub const IOCTL_DEV: u64 = 1 << 15;
    /// Those that mean something for what is not a directory.
    pub const OF_FILES: u64 = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
}

/// Rights over TCP ports. Version 4.
pub mod network {
    pub const BIND_TCP: u64 = 1 << 0;
    pub const CONNECT_TCP: u64 = 1 << 1;
}

/// What cannot reach beyond the domain. Version 6.
pub mod scope {
    pub const ABSTRACT_UNIX_SOCKET: u64 = 1 << 0;
    pub const SIGNAL: u64 = 1 << 1;
}

const CREATE_RULESET_VERSION: c_int = 1;
const RULE_PATH_BENEATH: c_int = 1;
const RULE_NET_PORT: c_int = 2;

#[repr(C, packed)]
struct PathBeneath {
    allowed: u64,
    parent: c_int,
}

/// The version that this kernel offers; 0 where it has none or it is switched off.
pub fn version() -> u32 {
    // SAFETY: with this flag the call takes no attributes and only returns a number.
    unsafe { call!(libc::SYS_landlock_create_ruleset, 0, 0, CREATE_RULESET_VERSION) }
        .map_or(0, |version| version as u32)
}

/// Rules that are being collected.
pub struct Ruleset {
    rules: OwnedFd,
    pass: Pass,
}

impl Ruleset {
    /// Everything that is handled is refused unless a rule allows it.
    pub fn new(file: u64, network: u64, scope: u64, pass: Pass) -> io::Result<Self> {
        // A kernel that does not know the later ones takes them as long as they are 0.
        let handled = [file, network, scope];
        let (bytes, [a, b, c]) = (size_of_val(&handled), pass);
        // SAFETY: `handled` is live and has the layout of landlock_ruleset_attr, and the size is its own. The call takes
        // no more arguments.
        unsafe { call!(libc::SYS_landlock_create_ruleset, handled.as_ptr(), bytes, 0, a, b, c) }
            .map(|rules| Self { rules: owned(rules), pass })
    }

    /// Allows something for a file, or for a directory and all below it.
    pub fn allow_below(&self, parent: BorrowedFd<'_>, allowed: u64) -> io::Result<()> {
        let rule = PathBeneath { allowed, parent: parent.as_raw_fd() };
        // SAFETY: `rule` is live and has the layout of landlock_path_beneath_attr.
        unsafe { self.add(RULE_PATH_BENEATH, (&raw const rule).cast()) }
    }

    pub fn allow_port(&self, port: u16, allowed: u64) -> io::Result<()> {
        let rule = [allowed, u64::from(port)];
        // SAFETY: `rule` is live and has the layout of landlock_net_port_attr.
        unsafe { self.add(RULE_NET_PORT, rule.as_ptr().cast()) }
    }

    /// # Safety
    ///
    /// `rule` points to what a rule of this kind is.
    unsafe fn add(&self, kind: c_int, rule: *const u8) -> io::Result<()> {
        // The place of the first word is taken by flags.
        let [_, b, c] = self.pass;
        // SAFETY: the caller vouches for the rule; the call takes no more arguments.
        unsafe { call!(libc::SYS_landlock_add_rule, self.rules.as_raw_fd(), kind, rule, 0, b, c) }.map(|_| ())
    }

    /// The rules as they are, for [`restrict_self`].
    pub fn into_fd(self) -> OwnedFd {
        self.rules
    }
}

/// Puts rules in force for this process and all that it starts.
pub fn restrict_self(rules: BorrowedFd<'_>, pass: Pass) -> io::Result<()> {
    let [a, b, c] = pass;
    // SAFETY: takes no pointers, and two arguments only.
    unsafe { call!(libc::SYS_landlock_restrict_self, rules.as_raw_fd(), 0, 0, a, b, c) }.map(|_| ())
}
