//! Where the program's process waits while the first process builds the place in which it will run. Both are of one
//! user; no script runs yet.

use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::sys::fd::{AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::{self, NO_PASS};
use crate::sys::{io, socket};

const MAPPED: &[u8] = b"M";
const APART: &[u8] = b"A";
const OPEN: u8 = b'O';

/// From the first process: there are users.
pub fn announce_mapped(gate: BorrowedFd<'_>) -> Result<()> {
    socket::send(gate, MAPPED, &[], NO_PASS).context("protocol", || "cannot reach the program's process")
}

/// In the program's process.
pub fn wait_for_mapped(gate: BorrowedFd<'_>) -> Result<()> {
    receive(gate, MAPPED).context("protocol", || "the first process ended early")
}

/// From the program's process: it is in its own namespaces.
pub fn announce_apart(gate: BorrowedFd<'_>) -> Result<()> {
    socket::send(gate, APART, &[], NO_PASS).context("protocol", || "cannot reach the first process")
}

/// In the first process.
pub fn wait_for_apart(gate: BorrowedFd<'_>) -> Result<()> {
    receive(gate, APART).context("protocol", || "the program's process ended early")
}

/// What the program's process needs for its last steps.
pub struct Opening {
    /// The control group to join, by its `tasks`.
    pub tasks: Option<OwnedFd>,
    /// The rules of Landlock.
    pub rules: Option<OwnedFd>,
}

/// From the first process: all is built.
pub fn open(gate: BorrowedFd<'_>, opening: &Opening) -> Result<()> {
    let Opening { tasks, rules } = opening;
    let fds: Vec<_> = tasks.iter().chain(rules).map(AsFd::as_fd).collect();
    let word = [OPEN, u8::from(tasks.is_some()), u8::from(rules.is_some())];
    socket::send(gate, &word, &fds, NO_PASS).context("protocol", || "cannot reach the program's process")
}

/// In the program's process. Where the first process fails, it tells the reason, and this process ends without a word.
pub fn pass(gate: BorrowedFd<'_>) -> Result<Opening> {
    let (word, fds) = socket::receive(gate, 3).context("protocol", || "cannot hear the first process")?;
    let mut fds = fds.into_iter();
    let mut announced = |flag: u8| (flag == 1).then(|| fds.next().ok_or_else(incomplete)).transpose();
    match *word {
        [OPEN, tasks, rules] => Ok(Opening { tasks: announced(tasks)?, rules: announced(rules)? }),
        [] => process::exit_now(125),
        _ => Err(incomplete()),
    }
}

fn incomplete() -> SetupError {
    SetupError::new("protocol", "the first process sent less than it announced")
}

fn receive(gate: BorrowedFd<'_>, expected: &[u8]) -> io::Result<()> {
    let (word, _) = socket::receive(gate, 1)?;
    if word == expected { Ok(()) } else { Err(io::Error::from_raw_os_error(libc::EPIPE)) }
}
