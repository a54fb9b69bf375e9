//! What the processes inside and the supervisor tell each other, over a socket that the script never holds.

use super::root::Source;
use crate::error::SetupError;
use crate::prelude::*;
use crate::sys::fd::{AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::{NO_PASS, Pass};
use crate::sys::{io, socket};

/// Longer ones are cut: only the words of an error can be long.
const MAX_BYTES: usize = 4096;

/// Paths to hide are the longest; `doors` keeps them within this.
pub const MAX_ORDER_BYTES: usize = 64 << 10;

/// Every layer that a setup error can name.
pub const LAYERS: [&str; 13] = [
    "spec",
    "user namespace",
    "namespaces",
    "mounts",
    "cgroup",
    "limits",
    "landlock",
    "seccomp",
    "capabilities",
    "network",
    "output",
    "program",
    "protocol",
];

#[derive(Debug)]
pub enum Message {
    /// The first process has built the root; descriptors of `/proc`, the output directory (if any) and each private
    /// file system.
    Ready { proc: OwnedFd, output: Option<OwnedFd>, tmpfs: Vec<OwnedFd> },
    /// The filter is on; its notifications arrive here.
    Filter(OwnedFd),
    /// What listens inside.
    Listener(OwnedFd),
    /// The program ended with this wait status.
    Exited(i32),
    /// A protection could not be put up.
    Failed(SetupError),
    /// The other side is gone.
    Closed,
}

pub fn send_ready(
    socket: BorrowedFd<'_>,
    proc: BorrowedFd<'_>,
    output: Option<BorrowedFd<'_>>,
    tmpfs: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let mut fds = vec![proc];
    fds.extend(output);
    // What does not fit is not watched for its size; its own cap still holds.
    fds.extend(tmpfs.iter().take(socket::MAX_FDS - fds.len()));
    socket::send(socket, &[b'R', u8::from(output.is_some())], &fds, NO_PASS)
}

pub fn send_filter(socket: BorrowedFd<'_>, listener: BorrowedFd<'_>, pass: Pass) -> io::Result<()> {
    socket::send(socket, b"L", &[listener], pass)
}

pub fn send_listener(socket: BorrowedFd<'_>, listener: &impl AsFd) -> io::Result<()> {
    socket::send(socket, b"N", &[listener.as_fd()], NO_PASS)
}

pub fn send_exited(socket: BorrowedFd<'_>, status: i32) -> io::Result<()> {
    let [a, b, c, d] = status.to_le_bytes();
    socket::send(socket, &[b'E', a, b, c, d], &[], NO_PASS)
}

/// From the supervisor: the run is over.
pub fn send_end(socket: BorrowedFd<'_>) -> io::Result<()> {
    socket::send(socket, b"K", &[], NO_PASS)
}

/// From the supervisor: the user and group maps are written.
pub fn send_go(socket: BorrowedFd<'_>) -> io::Result<()> {
    socket::send(socket, b"G", &[], NO_PASS)
}

/// From the supervisor: trees to attach, at most [`socket::MAX_FDS`].
pub fn send_sources(socket: BorrowedFd<'_>, sources: &[Source]) -> io::Result<()> {
    let trees: Vec<_> = sources.iter().map(|source| source.tree.as_fd()).collect();
    let kinds = sources.iter().map(|source| u8::from(source.is_directory));
    socket::send(socket, &[b'S'].into_iter().chain(kinds).collect::<Vec<_>>(), &trees, NO_PASS)
}

/// From the supervisor: paths to hide, and the control group to join, by its `tasks`.
pub fn send_rest(socket: BorrowedFd<'_>, hidden: &[&str], tasks: Option<BorrowedFd<'_>>) -> io::Result<()> {
    socket::send(socket, format!("H{}", hidden.join("\0")).as_bytes(), tasks.as_slice(), NO_PASS)
}

/// What the first process is waiting for.
#[derive(Debug)]
pub enum Order {
    Go,
    Sources(Vec<Source>),
    Rest { hidden: Vec<String>, tasks: Option<OwnedFd> },
}

/// The other side of the `send_*` above; anything else, and the end of the supervisor, is an error.
pub fn receive_order(socket: BorrowedFd<'_>) -> io::Result<Order> {
    let (bytes, fds) = socket::receive(socket, socket::next_length(socket)?.min(MAX_ORDER_BYTES))?;
    let mut fds = fds.into_iter();
    let order = match &*bytes {
        [b'G'] => Some(Order::Go),
        [b'S', kinds @ ..] => {
            let source = |(tree, kind): (OwnedFd, &u8)| Source { tree, is_directory: *kind == 1 };
            Some(Order::Sources(fds.by_ref().zip(kinds).map(source).collect()))
        }
        [b'H', paths @ ..] => {
            let text = String::from_utf8_lossy(paths);
            let hidden = text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
            Some(Order::Rest { hidden, tasks: fds.next() })
        }
        _ => None,
    };
    order.ok_or_else(|| io::Error::from_raw_os_error(libc::EPIPE))
}

pub fn send_failed(socket: BorrowedFd<'_>, error: &SetupError) -> io::Result<()> {
    send_failed_with(socket, error, NO_PASS)
}

/// The same from behind the filter.
pub fn send_failed_with(socket: BorrowedFd<'_>, error: &SetupError, pass: Pass) -> io::Result<()> {
    let layer = LAYERS.iter().position(|layer| *layer == error.layer).unwrap_or(LAYERS.len() - 1);
    let mut bytes = vec![b'F', layer as u8];
    bytes.extend(error.errno.to_le_bytes());
    bytes.extend(error.message.bytes().chain([0]).chain(error.hint.bytes()).take(MAX_BYTES - bytes.len()));
    socket::send(socket, &bytes, &[], pass)
}

pub fn receive(socket: BorrowedFd<'_>) -> io::Result<Message> {
    let (bytes, fds) = socket::receive(socket, MAX_BYTES)?;
    let mut fds = fds.into_iter();
    Ok(match &*bytes {
        [] => Message::Closed,
        [b'R', with_output] => match fds.next() {
            Some(proc) => {
                let output = if *with_output == 1 { fds.next() } else { None };
                Message::Ready { proc, output, tmpfs: fds.collect() }
            }
            None => unexpected(),
        },
        [b'L'] => fds.next().map_or_else(unexpected, Message::Filter),
        [b'N'] => fds.next().map_or_else(unexpected, Message::Listener),
        [b'E', a, b, c, d] => Message::Exited(i32::from_le_bytes([*a, *b, *c, *d])),
        [b'F', layer, a, b, c, d, text @ ..] => {
            let text = String::from_utf8_lossy(text);
            let (message, hint) = text.split_once('\0').unwrap_or((&text, ""));
            Message::Failed(SetupError {
                layer: LAYERS.get(usize::from(*layer)).copied().unwrap_or("protocol"),
                errno: i32::from_le_bytes([*a, *b, *c, *d]),
                message: message.to_owned(),
                hint: hint.to_owned(),
            })
        }
        _ => unexpected(),
    })
}

fn unexpected() -> Message {
    Message::Failed(SetupError::new("protocol", "a process inside sent something that it never sends"))
}
