//! The system call filter: default deny, with the refusals worth knowing sent to the supervisor.

pub mod bpf;
pub mod notify;
pub mod rules;
pub mod sockets;
pub mod table;

use crate::prelude::*;
use crate::sys::fd::OwnedFd;
use crate::sys::io;
use crate::sys::notify as notify_calls;
use crate::sys::process::{self, Pass};

use bpf::Action;
use rules::{Forks, Surface};
use sockets::Sockets;

/// Programs that are there when this crate is compiled.
macro_rules! program {
    ($surface:ident, $sockets:ident, $forks:ident) => {{
        const FOREIGN: Action = Action::Errno(libc::ENOSYS as u16);
        const PROGRAM: bpf::Program =
            bpf::compile(&rules::rules(Surface::$surface, Sockets::$sockets, Forks::$forks), FOREIGN);
        static CODE: [libc::sock_filter; PROGRAM.length()] = PROGRAM.code();
        &CODE
    }};
}

/// The program for a run, with marks in the place of its pass.
fn program(surface: Surface, sockets: Sockets, forks: Forks) -> &'static [libc::sock_filter] {
    match (surface, sockets, forks) {
        (Surface::Namespaces, Sockets::Unix, Forks::Limited) => program!(Namespaces, Unix, Limited),
        (Surface::Namespaces, Sockets::Unix, Forks::Asked) => program!(Namespaces, Unix, Asked),
        (Surface::Namespaces, Sockets::Loopback, Forks::Limited) => program!(Namespaces, Loopback, Limited),
        (Surface::Namespaces, Sockets::Loopback, Forks::Asked) => program!(Namespaces, Loopback, Asked),
        (Surface::Host, Sockets::Unix, Forks::Limited) => program!(Host, Unix, Limited),
        (Surface::Host, Sockets::Unix, Forks::Asked) => program!(Host, Unix, Asked),
        (Surface::Host, Sockets::Loopback, Forks::Limited) => program!(Host, Loopback, Limited),
        (Surface::Host, Sockets::Loopback, Forks::Asked) => program!(Host, Loopback, Asked),
    }
}

/// The whole filter, ready to be applied.
pub struct Filter {
    code: Vec<libc::sock_filter>,
    pass: Pass,
}

impl Filter {
    pub fn new(surface: Surface, sockets: Sockets, forks: Forks) -> io::Result<Self> {
        let pass = process::random()?;
        Ok(Self { code: bpf::with_pass(program(surface, sockets, forks), pass), pass })
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
