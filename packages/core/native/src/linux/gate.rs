//! Where the program's process waits while the first process builds the place in which it will run. Both are of one
//! user; no script runs yet.

use crate::error::{Context, Result};
use crate::prelude::*;
use crate::sys::fd::{BorrowedFd, OwnedFd};
use crate::sys::process::{self, NO_PASS};
use crate::sys::{io, socket};

const MAPPED: &[u8] = b"M";
const APART: &[u8] = b"A";
const OPEN: &[u8] = b"O";

/// From the first process: there are users.
pub fn announce_mapped(gate: BorrowedFd<'_>) -> Result<()> {
    socket::send(gate, MAPPED, &[], NO_PASS).context("protocol", || "cannot reach the program's process")
}

/// In the program's process.
pub fn wait_for_mapped(gate: BorrowedFd<'_>) -> Result<()> {
    receive(gate, MAPPED).map(|_| ()).context("protocol", || "the first process ended early")
}

/// From the program's process: it is in its own namespaces.
pub fn announce_apart(gate: BorrowedFd<'_>) -> Result<()> {
    socket::send(gate, APART, &[], NO_PASS).context("protocol", || "cannot reach the first process")
}

/// In the first process.
pub fn wait_for_apart(gate: BorrowedFd<'_>) -> Result<()> {
    receive(gate, APART).map(|_| ()).context("protocol", || "the program's process ended early")
}

/// From the first process: all is built. With the control group to join, by its `tasks`.
pub fn open(gate: BorrowedFd<'_>, tasks: Option<BorrowedFd<'_>>) -> Result<()> {
    socket::send(gate, OPEN, tasks.as_slice(), NO_PASS).context("protocol", || "cannot reach the program's process")
}

/// In the program's process. Where the first process fails, it tells the reason, and this process ends without a word.
pub fn pass(gate: BorrowedFd<'_>) -> Option<OwnedFd> {
    receive(gate, OPEN).unwrap_or_else(|_| process::exit_now(125)).into_iter().next()
}

fn receive(gate: BorrowedFd<'_>, expected: &[u8]) -> io::Result<Vec<OwnedFd>> {
    let (word, fds) = socket::receive(gate, 1)?;
    if word == expected { Ok(fds) } else { Err(io::Error::from_raw_os_error(libc::EPIPE)) }
}
