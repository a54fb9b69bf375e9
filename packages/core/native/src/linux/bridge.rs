//! Carries connections from the listener inside to the egress proxy outside, byte for byte. It understands nothing of
//! what it carries and decides nothing: that is the proxy's. A thread of its own, so that a script that moves much
//! holds up no limit.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread;

use crate::sys::fd;

/// Connections at the same time; more wait in the listener's queue. Each holds two buffers of the supervisor's.
const MAX_CONNECTIONS: usize = 48;
const BUFFER_BYTES: usize = 64 << 10;

/// A bridge that carries for as long as this lives.
pub struct Bridge {
    _alive: OwnedFd,
    proxy: String,
}

impl Drop for Bridge {
    /// The proxy's socket goes with the run, also when the caller who made it is gone.
    fn drop(&mut self) {
        let socket = Path::new(&self.proxy);
        // The caller may have been faster.
        let _ = fs::remove_file(socket);
        if let Some(directory) = socket.parent() {
            let _ = fs::remove_dir(directory);
        }
    }
}

impl Bridge {
    pub fn start(listener: OwnedFd, proxy: String) -> io::Result<Self> {
        let listener = TcpListener::from(listener);
        listener.set_nonblocking(true)?;
        let (end, alive) = fd::pipe(0)?;
        let path = proxy.clone();
        thread::Builder::new().name("bridge".into()).spawn(move || {
            // Without it the script has no network, and sees that.
            let _ = carry(&listener, &path, &end);
        })?;
        Ok(Self { _alive: alive, proxy })
    }
}

fn carry(listener: &TcpListener, proxy: &str, end: &OwnedFd) -> io::Result<()> {
    let mut connections: Vec<Connection> = vec![];
    loop {
        let has_room = connections.len() < MAX_CONNECTIONS;
        let mut entries = vec![
            fd::pollfd(Some(end.as_fd()), libc::POLLIN),
            fd::pollfd(has_room.then_some(listener.as_fd()), libc::POLLIN),
        ];
        for connection in &connections {
            entries.extend(connection.interests());
        }
        fd::poll(&mut entries, None)?;
        if entries[0].revents != 0 {
            return Ok(());
        }
        let mut ready = entries[2..].chunks_exact(2);
        connections.retain_mut(|connection| {
            let idle = ready.next().is_some_and(|pair| pair.iter().all(|entry| entry.revents == 0));
            idle || connection.step().is_ok_and(|more| more)
        });
        if entries[1].revents != 0 {
            // One that cannot be made is dropped, which its client sees; the listener goes on.
            connections.extend(Connection::accept(listener, proxy).ok());
        }
    }
}

struct Connection {
    inside: TcpStream,
    outside: UnixStream,
    out: Direction,
    back: Direction,
}

impl Connection {
    fn accept(listener: &TcpListener, proxy: &str) -> io::Result<Self> {
        let (inside, _) = listener.accept()?;
        let outside = UnixStream::connect(proxy)?;
        inside.set_nonblocking(true)?;
        inside.set_nodelay(true)?;
        outside.set_nonblocking(true)?;
        Ok(Self { inside, outside, out: Direction::new(), back: Direction::new() })
    }

    fn interests(&self) -> [libc::pollfd; 2] {
        [interest(self.inside.as_fd(), &self.out, &self.back), interest(self.outside.as_fd(), &self.back, &self.out)]
    }

    /// Moves what can be moved without waiting; false when both directions have ended.
    fn step(&mut self) -> io::Result<bool> {
        let (inside, outside) = (&self.inside, &self.outside);
        self.out.step(&mut &*inside, &mut &*outside, || outside.shutdown(Shutdown::Write))?;
        self.back.step(&mut &*outside, &mut &*inside, || inside.shutdown(Shutdown::Write))?;
        Ok(!(self.out.ended && self.back.ended))
    }
}

fn interest(socket: std::os::fd::BorrowedFd<'_>, from: &Direction, to: &Direction) -> libc::pollfd {
    let read = if from.wants_read() { libc::POLLIN } else { 0 };
    let write = if to.wants_write() { libc::POLLOUT } else { 0 };
    // With neither, an error would be told over and over, and there is nothing to do about it yet.
    fd::pollfd((read | write != 0).then_some(socket), read | write)
}

/// One direction of a connection.
struct Direction {
    buffer: Box<[u8]>,
    /// What was read and not yet written.
    pending: std::ops::Range<usize>,
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

    fn step(
        &mut self,
        from: &mut impl Read,
        to: &mut impl Write,
        close: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        if self.wants_read() {
            match from.read(&mut self.buffer) {
                Ok(0) => self.at_end = true,
                Ok(n) => self.pending = 0..n,
                Err(e) if would_wait(&e) => {}
                Err(e) => return Err(e),
            }
        }
        while self.wants_write() {
            match to.write(&self.buffer[self.pending.clone()]) {
                Ok(n) => self.pending.start += n,
                Err(e) if would_wait(&e) => break,
                Err(e) => return Err(e),
            }
        }
        if self.at_end && !self.ended && self.pending.is_empty() {
            self.ended = true;
            close()?;
        }
        Ok(())
    }
}

fn would_wait(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used, reason = "a test that cannot prepare its ground fails")]

    use std::net::Ipv4Addr;
    use std::os::unix::net::UnixListener;

    use super::*;

    /// A bridge to a proxy that `serve` stands for, and the address of its listener.
    fn bridge(serve: impl FnOnce(UnixListener) + Send + 'static) -> (Bridge, std::net::SocketAddr) {
        let directory =
            std::env::temp_dir().join(format!("bridge-{}-{:?}", std::process::id(), thread::current().id()));
        fs::create_dir(&directory).expect("a directory");
        let path = directory.join("proxy");
        let proxy = UnixListener::bind(&path).expect("a socket");
        thread::spawn(move || serve(proxy));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a listener");
        let address = listener.local_addr().expect("its address");
        (Bridge::start(listener.into(), path.to_string_lossy().into_owned()).expect("a bridge"), address)
    }

    #[test]
    fn every_byte_and_both_ends_arrive() {
        let sent: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 251) as u8).collect();
        let (_bridge, address) = bridge(|proxy| {
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
        let (_bridge, address) = bridge(drop);
        for _ in 0..3 {
            let mut client = TcpStream::connect(address).expect("a connection");
            let mut answer = vec![];
            // Reset or ended, as it comes.
            let _ = client.read_to_end(&mut answer);
            assert_eq!(answer, b"");
        }
    }

    #[test]
    fn the_listener_and_the_socket_of_the_proxy_go_with_the_bridge() {
        let (bridge, address) = bridge(drop);
        let directory = Path::new(&bridge.proxy).parent().map(Path::to_owned).expect("a directory");
        assert!(directory.exists());
        drop(bridge);
        assert!(!directory.exists());
        while TcpStream::connect(address).is_ok() {
            thread::yield_now();
        }
    }
}
