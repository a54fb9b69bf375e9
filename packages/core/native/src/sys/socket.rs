//! A pair of connected sockets that carry messages and descriptors.

use alloc::vec::Vec;

use super::call::call;
use super::fd::{AsFd, BorrowedFd, OwnedFd, RawFd, owned};
use super::io;
use super::process::{NO_PASS, Pass};

/// The most descriptors that one message carries.
pub const MAX_FDS: usize = 8;
const CONTROL_BYTES: usize = 64;

/// A pair of sockets that keep message boundaries, close-on-exec.
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let mut fds = [0 as RawFd; 2];
    let kind = libc::SOCK_SEQPACKET | libc::SOCK_CLOEXEC;
    // SAFETY: `fds` has room for the two descriptors.
    unsafe { call!(libc::SYS_socketpair, libc::AF_UNIX, kind, 0, fds.as_mut_ptr()) }?;
    Ok((owned(fds[0] as usize), owned(fds[1] as usize)))
}

/// Control buffer, aligned as cmsg(3) asks.
#[repr(align(8))]
struct Control([u8; CONTROL_BYTES]);

fn header(vector: &mut libc::iovec, control: &mut Control) -> libc::msghdr {
    // SAFETY: msghdr is plain data for which all zeros is valid.
    let mut message: libc::msghdr = unsafe { core::mem::zeroed() };
    message.msg_iov = vector;
    message.msg_iovlen = 1;
    message.msg_control = control.0.as_mut_ptr().cast();
    message.msg_controllen = control.0.len() as _;
    message
}

/// Sends one message with descriptors. The pass is for a process whose filter refuses this call without it.
pub fn send(socket: BorrowedFd<'_>, bytes: &[u8], fds: &[BorrowedFd<'_>], pass: Pass) -> io::Result<()> {
    assert!(fds.len() <= MAX_FDS, "at most {MAX_FDS} descriptors fit a message");
    let mut vector = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    let mut control = Control([0; CONTROL_BYTES]);
    let mut message = header(&mut vector, &mut control);
    if fds.is_empty() {
        message.msg_controllen = 0;
    } else {
        let payload = (fds.len() * size_of::<RawFd>()) as libc::c_uint;
        // SAFETY: CMSG_SPACE and CMSG_LEN only compute.
        message.msg_controllen = unsafe { libc::CMSG_SPACE(payload) } as _;
        // SAFETY: the control buffer is aligned and larger than CMSG_SPACE for MAX_FDS descriptors (48 bytes), so the
        // first header and its data lie within it.
        unsafe {
            let first = libc::CMSG_FIRSTHDR(&raw const message);
            (*first).cmsg_level = libc::SOL_SOCKET;
            (*first).cmsg_type = libc::SCM_RIGHTS;
            (*first).cmsg_len = libc::CMSG_LEN(payload) as _;
            let data = libc::CMSG_DATA(first).cast::<RawFd>();
            for (i, fd) in fds.iter().enumerate() {
                data.add(i).write_unaligned(fd.as_raw_fd());
            }
        }
    }
    let [a, b, c] = pass;
    let socket = socket.as_raw_fd();
    // SAFETY: `message` points to buffers that live over the call, which takes no more arguments; sendmsg does not write
    // to the data.
    unsafe { call!(libc::SYS_sendmsg, socket, &raw const message, libc::MSG_NOSIGNAL, a, b, c) }.map(|_| ())
}

/// Waits for the next message and tells its length. The end of the other side is one without any.
pub fn next_length(socket: BorrowedFd<'_>) -> io::Result<usize> {
    let flags = libc::MSG_PEEK | libc::MSG_TRUNC;
    // SAFETY: with no room given, nothing is written.
    despite_reset(|| unsafe { call!(libc::SYS_recvfrom, socket.as_raw_fd(), 0, 0, flags, 0, 0) })
}

/// That the other side went without having read all is told once; what it said before comes after that.
fn despite_reset(mut receive: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match receive() {
            Err(e) if e.is(libc::ECONNRESET) => {}
            other => return other,
        }
    }
}

/// Receives one message of at most `max` bytes. An empty one means that the other side is gone; one of whose descriptors
/// this process cannot have all is an error (EMFILE).
pub fn receive(socket: BorrowedFd<'_>, max: usize) -> io::Result<(Vec<u8>, Vec<OwnedFd>)> {
    // Not cleared: of a large buffer only the pages that a message fills are touched.
    let mut bytes = Vec::<u8>::with_capacity(max);
    let mut vector = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: max };
    let mut control = Control([0; CONTROL_BYTES]);
    let mut message = header(&mut vector, &mut control);
    let flags = libc::MSG_CMSG_CLOEXEC;
    // SAFETY: `message` points to writable buffers that live over the call.
    let n = despite_reset(|| unsafe { call!(libc::SYS_recvmsg, socket.as_raw_fd(), &raw mut message, flags) })?;
    // SAFETY: the kernel has written so many bytes, at most the capacity.
    unsafe { bytes.set_len(n) };
    let mut fds = Vec::new();
    let cut = message.msg_flags & libc::MSG_CTRUNC != 0;
    // SAFETY: the kernel has filled `message`; CMSG_FIRSTHDR and CMSG_NXTHDR stay within msg_controllen, and a
    // SCM_RIGHTS header is followed by as many new descriptors of ours as its length says.
    unsafe {
        let mut next = libc::CMSG_FIRSTHDR(&raw const message);
        while !next.is_null() {
            if (*next).cmsg_level == libc::SOL_SOCKET && (*next).cmsg_type == libc::SCM_RIGHTS {
                let bytes = (*next).cmsg_len as usize - libc::CMSG_LEN(0) as usize;
                let data = libc::CMSG_DATA(next).cast::<RawFd>();
                for i in 0..bytes / size_of::<RawFd>() {
                    fds.push(OwnedFd::from_raw_fd(data.add(i).read_unaligned()));
                }
            }
            next = libc::CMSG_NXTHDR(&raw const message, next);
        }
    }
    // What is missing may be what protects.
    if cut { Err(io::Error::from_raw_os_error(libc::EMFILE)) } else { Ok((bytes, fds)) }
}

/// Leaves it to the kernel's garbage collector to close a descriptor, some time after what is returned is closed: it is
/// on its way to a socket that is itself on its way to itself. Where closing takes long, nobody waits for it then (Linux
/// 6.9). unix(7)
///
/// The first of the two is closed first, also by the kernel at the end of a process, which goes by numbers: only then
/// does the closing of the other one, like that of any socket, make the collector look.
pub fn close_later(descriptor: OwnedFd) -> io::Result<[OwnedFd; 2]> {
    let (to, from) = pair()?;
    send(from.as_fd(), b"L", &[to.as_fd(), descriptor.as_fd()], NO_PASS)?;
    Ok([to, from])
}

/// send(2) without waiting and without SIGPIPE.
pub fn send_now(socket: BorrowedFd<'_>, bytes: &[u8]) -> io::Result<usize> {
    let flags = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
    // SAFETY: pointer and length are those of a live slice.
    unsafe { call!(libc::SYS_sendto, socket.as_raw_fd(), bytes.as_ptr(), bytes.len(), flags, 0, 0) }
}
