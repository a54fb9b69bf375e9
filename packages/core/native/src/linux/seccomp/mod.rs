//! The system call filter: default deny, with the refusals worth knowing sent to the supervisor.

pub mod bpf;
pub mod notify;
pub mod rules;
pub mod sockets;
pub mod table;

use bpf::Action;

use crate::prelude::*;
use crate::sys::fd::OwnedFd;
use crate::sys::io;
use crate::sys::notify as notify_calls;
use crate::sys::process::{self, Pass};

/// The whole filter, ready to be applied.
pub struct Filter {
    code: Vec<libc::sock_filter>,
    pass: Pass,
}

impl Filter {
    pub fn new(surface: rules::Surface, sockets: sockets::Sockets, forks: rules::Forks) -> io::Result<Self> {
        let pass = process::random()?;
        let foreign = Action::Errno(libc::ENOSYS as u16);
        Ok(Self { code: bpf::compile(&rules::rules(surface, sockets, forks, pass), foreign), pass })
    }

    /// What the program's exec must carry, and the message that hands the filter over: nobody else may do either. The
    /// registers that hold it are gone with that exec, and so is the memory, or it is given back right after it.
    pub fn pass(&self) -> Pass {
        self.pass
    }

    /// Applies it to this process and all that it starts; returns where its notifications arrive.
    pub fn apply(&self) -> io::Result<OwnedFd> {
        notify_calls::install_filter(&self.code)
    }
}
