//! Sockets of the network: the listener inside, and the way to the proxy outside.

use core::ffi::c_int;

use super::call::call;
use super::fd::{AsFd, BorrowedFd, OwnedFd, owned};
use super::io;

/// Connections that wait to be accepted.
const QUEUE: c_int = 128;

fn socket(family: c_int, kind: c_int) -> io::Result<OwnedFd> {
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_socket, family, kind | libc::SOCK_CLOEXEC, 0) }.map(owned)
}

/// Switches `lo` on, which begins switched off in a fresh network namespace. Needs CAP_NET_ADMIN over the namespace.
/// netdevice(7)
pub fn switch_loopback_on() -> io::Result<()> {
    // Any socket of the namespace will do for the call.
    let socket = socket(libc::AF_INET, libc::SOCK_DGRAM)?;
    // SAFETY: ifreq is plain data for which all zeros is valid.
    let mut request: libc::ifreq = unsafe { core::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = *from as libc::c_char;
    }
    // SAFETY: `request` is a live ifreq with a name that ends in NUL.
    unsafe { call!(libc::SYS_ioctl, socket.as_raw_fd(), libc::SIOCGIFFLAGS, &raw mut request) }?;
    // SAFETY: SIOCGIFFLAGS has filled this member of the union.
    let flags = unsafe { request.ifr_ifru.ifru_flags };
    request.ifr_ifru.ifru_flags = flags | libc::IFF_UP as libc::c_short;
    // SAFETY: as above; the call only reads.
    unsafe { call!(libc::SYS_ioctl, socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) }.map(|_| ())
}

/// Listens for TCP on 127.0.0.1.
pub fn listen_on_loopback(port: u16) -> io::Result<OwnedFd> {
    let socket = socket(libc::AF_INET, libc::SOCK_STREAM)?;
    // SAFETY: sockaddr_in is plain data for which all zeros is valid.
    let mut address: libc::sockaddr_in = unsafe { core::mem::zeroed() };
    address.sin_family = libc::AF_INET as libc::sa_family_t;
    address.sin_port = port.to_be();
    address.sin_addr.s_addr = u32::from_ne_bytes([127, 0, 0, 1]);
    // SAFETY: `address` is live, and the size is its own.
    unsafe { call!(libc::SYS_bind, socket.as_raw_fd(), &raw const address, size_of_val(&address)) }?;
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_listen, socket.as_raw_fd(), QUEUE) }?;
    Ok(socket)
}

/// Takes the next connection of a listener; it does not wait for bytes, nor gather small ones.
pub fn accept(listener: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let flags = libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    // SAFETY: the peer's address is not asked for.
    let accepted = owned(unsafe { call!(libc::SYS_accept4, listener.as_raw_fd(), 0, 0, flags) }?);
    let on: c_int = 1;
    let (level, option) = (libc::IPPROTO_TCP, libc::TCP_NODELAY);
    // SAFETY: `on` is live, and the size is its own.
    unsafe { call!(libc::SYS_setsockopt, accepted.as_raw_fd(), level, option, &raw const on, size_of_val(&on)) }?;
    Ok(accepted)
}

/// Connects to a Unix socket.
pub fn connect_unix(path: &str) -> io::Result<OwnedFd> {
    let socket = socket(libc::AF_UNIX, libc::SOCK_STREAM)?;
    // SAFETY: sockaddr_un is plain data for which all zeros is valid.
    let mut address: libc::sockaddr_un = unsafe { core::mem::zeroed() };
    address.sun_family = libc::AF_UNIX as libc::sa_family_t;
    // One byte is left for the NUL.
    if path.len() >= address.sun_path.len() {
        return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
    }
    for (to, from) in address.sun_path.iter_mut().zip(path.bytes()) {
        *to = from as libc::c_char;
    }
    // SAFETY: `address` is live, and the size is its own.
    unsafe { call!(libc::SYS_connect, socket.as_raw_fd(), &raw const address, size_of_val(&address)) }?;
    Ok(socket)
}

/// Ends our side of a connection; the other side may go on.
pub fn end_writing(socket: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_shutdown, socket.as_raw_fd(), libc::SHUT_WR) }.map(|_| ())
}
