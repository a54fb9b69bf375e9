//! The system call filter: default deny, with the refusals worth knowing sent to the supervisor.

pub mod bpf;
pub mod notify;
pub mod rules;
pub mod table;

use std::io;
use std::os::fd::OwnedFd;

use bpf::Action;

/// Applies the filter to this process and all that it starts; returns where its notifications arrive.
pub fn apply(surface: rules::Surface) -> io::Result<OwnedFd> {
    let unknown = Action::Errno(libc::ENOSYS as u16);
    crate::sys::notify::install_filter(&bpf::compile(&rules::rules(surface), unknown, unknown))
}
