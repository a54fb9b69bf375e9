//! Carries connections from the listener inside to the egress proxy outside, byte for byte. It understands nothing of
//! what it carries and decides nothing: that is the proxy's. A process of its own, so that a script that moves much
//! holds up no limit.

use crate::prelude::*;
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::{self, Child, Fork};
use crate::sys::{fs, io, network};

/// Connections at the same time; more wait in the listener's queue. Each holds two buffers.
const MAX_CONNECTIONS: usize = 48;
const BUFFER_BYTES: usize = 64 << 10;

/// A bridge that carries for as long as this lives.
pub struct Bridge {
    carrier: Child,
    proxy: String,
}

impl Drop for Bridge {
    /// The proxy's socket goes with the run, also when the caller who made it is gone.
    fn drop(&mut self) {
        let _ = process::kill(self.carrier.pidfd.as_fd(), libc::SIGKILL);
        let _ = process::wait(self.carrier.pid);
        // The caller may have been faster.
        let _ = fs::remove_file(&self.proxy);
        if let Some((directory, _)) = self.proxy.rsplit_once('/') {
            let _ = fs::remove_dir(directory);
        }
    }
}

impl Bridge {
    pub fn start(listener: OwnedFd, proxy: String) -> io::Result<Self> {
        fd::set_nonblocking(listener.as_fd())?;
        let supervisor = process::pid();
        match process::fork(0, None)? {
            Fork::Child => {
                // Without it the script has no network, and sees that.
                let _ = alone_with(listener, supervisor).and_then(|listener| carry(listener.as_fd(), &proxy));
                process::exit_now(0)
            }
            Fork::Parent(carrier) => Ok(Self { carrier, proxy }),
        }
    }
}

/// Ends with the supervisor, and lets go of all that is the supervisor's: others see its end by what it held.
fn alone_with(listener: OwnedFd, supervisor: libc::pid_t) -> io::Result<OwnedFd> {
    process::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong, 0)?;
    if process::parent() != supervisor {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    fd::replace_all_from(0, listener)
}

fn carry(listener: BorrowedFd<'_>, proxy: &str) -> io::Result<()> {
    let mut connections: Vec<Connection> = vec![];
    loop {
        let has_room = connections.len() < MAX_CONNECTIONS;
        let mut entries = vec![fd::pollfd(has_room.then_some(listener), libc::POLLIN)];
        for connection in &connections {
            entries.extend(connection.interests());
        }
        fd::poll(&mut entries, None)?;
        let mut ready = entries[1..].chunks_exact(2);
        connections.retain_mut(|connection| {
            let idle = ready.next().is_some_and(|pair| pair.iter().all(|entry| entry.revents == 0));
            idle || connection.step().is_ok_and(|more| more)
        });
        if entries[0].revents != 0 {
            // One that cannot be made is dropped, which its client sees; the listener goes on.
            connections.extend(Connection::accept(listener, proxy).ok());
        }
    }
}

struct Connection {
    inside: OwnedFd,
    outside: OwnedFd,
    out: Direction,
    back: Direction,
}

impl Connection {
    fn accept(listener: BorrowedFd<'_>, proxy: &str) -> io::Result<Self> {
        let inside = network::accept(listener)?;
        let outside = network::connect_unix(proxy)?;
        fd::set_nonblocking(outside.as_fd())?;
        Ok(Self { inside, outside, out: Direction::new(), back: Direction::new() })
    }

    fn interests(&self) -> [libc::pollfd; 2] {
        [interest(self.inside.as_fd(), &self.out, &self.back), interest(self.outside.as_fd(), &self.back, &self.out)]
    }

    /// Moves what can be moved without waiting; false when both directions have ended.
    fn step(&mut self) -> io::Result<bool> {
        let (inside, outside) = (self.inside.as_fd(), self.outside.as_fd());
        self.out.step(inside, outside)?;
        self.back.step(outside, inside)?;
        Ok(!(self.out.ended && self.back.ended))
    }
}

fn interest(socket: BorrowedFd<'_>, from: &Direction, to: &Direction) -> libc::pollfd {
    let read = if from.wants_read() { libc::POLLIN } else { 0 };
    let write = if to.wants_write() { libc::POLLOUT } else { 0 };
    // With neither, an error would be told over and over, and there is nothing to do about it yet.
    fd::pollfd((read | write != 0).then_some(socket), read | write)
}

/// One direction of a connection.
struct Direction {
    buffer: Box<[u8]>,
    /// What was read and not yet written.
    pending: core::ops::Range<usize>,
    at_end: bool,
    ended: bool,
}

impl Direction {
    fn new() -> Self {
        Self { buffer: vec![0; BUFFER_BYTES].into(), pending: 0..0, at_end: false, ended: false }
    }

    fn wants_read(&self) -> bool {
        !self.at_end && self.pending.is_empty()
    }

    fn wants_write(&self) -> bool {
        !self.pending.is_empty()
    }

    fn step(&mut self, from: BorrowedFd<'_>, to: BorrowedFd<'_>) -> io::Result<()> {
        if self.wants_read() {
            match fd::read(from, &mut self.buffer) {
                Ok(0) => self.at_end = true,
                Ok(n) => self.pending = 0..n,
                Err(e) if would_wait(e) => {}
                Err(e) => return Err(e),
            }
        }
        while self.wants_write() {
            match fd::write(to, &self.buffer[self.pending.clone()]) {
                Ok(n) => self.pending.start += n,
                Err(e) if would_wait(e) => break,
                Err(e) => return Err(e),
            }
        }
        if self.at_end && !self.ended && self.pending.is_empty() {
            self.ended = true;
            network::end_writing(to)?;
        }
        Ok(())
    }
}

fn would_wait(error: io::Error) -> bool {
    error.is(libc::EAGAIN) || error.is(libc::EINTR)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test that cannot prepare its ground fails")]

    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
    use std::os::fd::IntoRawFd;
    use std::os::unix::net::UnixListener;
    use std::thread;

    use super::*;

    /// A bridge to a proxy that `serve` stands for, and the address of its listener. It is carried by a thread: a test
    /// has several, so that it cannot go on as a process.
    fn bridge(serve: impl FnOnce(UnixListener) + Send + 'static) -> SocketAddr {
        let directory =
            std::env::temp_dir().join(format!("bridge-{}-{:?}", std::process::id(), thread::current().id()));
        std::fs::create_dir(&directory).expect("a directory");
        let path = directory.join("proxy");
        let proxy = UnixListener::bind(&path).expect("a socket");
        thread::spawn(move || {
            serve(proxy);
            std::fs::remove_dir_all(directory).expect("to remove the directory");
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
        listener.set_nonblocking(true).expect("a flag");
        let address = listener.local_addr().expect("its address");
        // SAFETY: the descriptor has just been given away.
        let listener = unsafe { OwnedFd::from_raw_fd(listener.into_raw_fd()) };
        thread::spawn(move || carry(listener.as_fd(), &path.to_string_lossy()));
        address
    }

    #[test]
    fn every_byte_and_both_ends_arrive() {
        let sent: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 251) as u8).collect();
        let address = bridge(|proxy| {
            let (mut stream, _) = proxy.accept().expect("a connection");
            let mut received = vec![];
            stream.read_to_end(&mut received).expect("what was sent");
            received.reverse();
            stream.write_all(&received).expect("an answer");
        });
        let mut client = TcpStream::connect(address).expect("a connection");
        client.write_all(&sent).expect("room");
        client.shutdown(Shutdown::Write).expect("an end");
        let mut answer = vec![];
        client.read_to_end(&mut answer).expect("an answer");
        answer.reverse();
        assert!(answer == sent, "{} bytes of {}", answer.len(), sent.len());
    }

    #[test]
    fn a_proxy_that_is_gone_ends_the_connection_and_not_the_bridge() {
        let address = bridge(drop);
        for _ in 0..3 {
            let mut client = TcpStream::connect(address).expect("a connection");
            let mut answer = vec![];
            // Reset or ended, as it comes.
            let _ = client.read_to_end(&mut answer);
            assert_eq!(answer, b"");
        }
    }
}
