//! Carries the standard streams: the program has pipes of its own and never holds a descriptor of the caller's.

use crate::prelude::*;
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd, RawFd};
use crate::sys::{fs, io};

const BUFFER_BYTES: usize = 64 << 10;

/// One direction of one stream.
pub struct Relay {
    from: Option<OwnedFd>,
    to: Option<Sink>,
    /// Empty until there is something to read.
    buffer: Box<[u8]>,
    /// The part of the buffer that is read and not yet written.
    pending: core::ops::Range<usize>,
    left: u64,
}

/// What a step of work came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    Fine,
    /// More came than the limit lets through; everything up to it was taken.
    OverLimit,
    /// Nobody reads the other end any more.
    ReaderGone,
}

impl Relay {
    pub fn new(from: OwnedFd, to: OwnedFd, limit: u64) -> Self {
        Self { from: Some(from), to: Some(Sink::new(to)), buffer: Box::default(), pending: 0..0, left: limit }
    }

    /// What to wait for: the source while there is room, the sink while there is something to write.
    pub fn interests(&self) -> [libc::pollfd; 2] {
        let wants_write = !self.pending.is_empty();
        let source = self.from.as_ref().filter(|_| !wants_write).map(AsFd::as_fd);
        // With nothing to write, the sink is still watched (for errors only), where it can tell that its reader left.
        let sink = self.to.as_ref().map(|sink| sink.descriptor.as_fd());
        [fd::pollfd(source, libc::POLLIN), fd::pollfd(sink, if wants_write { libc::POLLOUT } else { 0 })]
    }

    /// Does what can be done without waiting.
    pub fn step(&mut self, ready: [libc::c_short; 2]) -> io::Result<Step> {
        if ready[0] == libc::POLLHUP && self.pending.is_empty() {
            // At its end, with nothing left to read.
            self.from = None;
        } else if ready[0] != 0 && self.pending.is_empty() {
            let over = self.fill()?;
            if over {
                self.flush()?;
                return Ok(Step::OverLimit);
            }
        }
        if ready[1] & (libc::POLLERR | libc::POLLHUP) != 0 && ready[1] & libc::POLLOUT == 0 {
            self.abandon();
            return Ok(Step::ReaderGone);
        }
        self.flush()
    }

    /// Whether everything that will ever come has been passed on.
    pub fn done(&self) -> bool {
        self.to.is_none() || (self.from.is_none() && self.pending.is_empty())
    }

    fn abandon(&mut self) {
        (self.from, self.to, self.pending) = (None, None, 0..0);
    }

    /// Reads once; true when there was more than may pass.
    fn fill(&mut self) -> io::Result<bool> {
        let Some(from) = &self.from else { return Ok(false) };
        if self.buffer.is_empty() {
            self.buffer = vec![0; BUFFER_BYTES].into();
        }
        match fd::read(from.as_fd(), &mut self.buffer) {
            Ok(0) => self.from = None,
            Ok(n) => {
                let kept = n.min(usize::try_from(self.left).unwrap_or(usize::MAX));
                self.left -= kept as u64;
                self.pending = 0..kept;
                if kept < n {
                    // The source stays open: the program is about to be killed, not told that nobody reads.
                    return Ok(true);
                }
            }
            Err(e) if matches!(e.raw_os_error(), libc::EAGAIN | libc::EINTR) => {}
            // A terminal or socket whose other side is gone.
            Err(e) if matches!(e.raw_os_error(), libc::EIO | libc::ECONNRESET) => self.from = None,
            Err(e) => return Err(e),
        }
        Ok(false)
    }

    fn flush(&mut self) -> io::Result<Step> {
        while !self.pending.is_empty() {
            let Some(to) = &self.to else { break };
            match to.write(&self.buffer[self.pending.clone()]) {
                Ok(n) => self.pending.start += n,
                Err(e) if e.is(libc::EAGAIN) => break,
                Err(e) if e.is(libc::EINTR) => {}
                Err(e) if matches!(e.raw_os_error(), libc::EPIPE | libc::ECONNRESET) => {
                    self.abandon();
                    return Ok(Step::ReaderGone);
                }
                Err(e) => return Err(e),
            }
        }
        if self.from.is_none() && self.pending.is_empty() {
            // The reader sees the end of the stream.
            self.to = None;
        }
        Ok(Step::Fine)
    }
}

/// A descriptor that is written without waiting, whatever it is and whoever else has it.
struct Sink {
    descriptor: OwnedFd,
    is_socket: bool,
}

impl Sink {
    fn new(descriptor: OwnedFd) -> Self {
        let kind = fd::stat(descriptor.as_fd()).map_or(0, |stat| stat.st_mode & libc::S_IFMT);
        if kind == libc::S_IFIFO {
            // The flag belongs to the open file, which others may share: a second opening has its own.
            if let Ok(reopened) = fs::reopen(descriptor.as_fd(), libc::O_WRONLY | libc::O_NONBLOCK) {
                return Self { descriptor: reopened, is_socket: false };
            }
        }
        Self { descriptor, is_socket: kind == libc::S_IFSOCK }
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_socket {
            return crate::sys::socket::send_now(self.descriptor.as_fd(), bytes);
        }
        fd::write(self.descriptor.as_fd(), bytes)
    }
}

/// Opens a second descriptor of one of our own standard streams, so that the streams themselves can be closed.
pub fn standard_stream(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: 0, 1 and 2 stay open for the life of the process; the borrow ends with this call.
    fd::dup_above(unsafe { BorrowedFd::borrow_raw(number) }, 10)
}
