//! The loopback interface of a fresh network namespace, which begins switched off.

use std::io;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;

use super::check;

/// Switches `lo` on. Needs CAP_NET_ADMIN over the network namespace. netdevice(7)
pub fn switch_on() -> io::Result<()> {
    // Any socket of the namespace will do for the call.
    let socket = UdpSocket::bind(("0.0.0.0", 0))?;
    // SAFETY: ifreq is plain data for which all zeros is valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = *from as libc::c_char;
    }
    // SAFETY: `request` is a live ifreq with a name that ends in NUL.
    check(libc::c_long::from(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFFLAGS as _, &raw mut request) }))?;
    // SAFETY: SIOCGIFFLAGS has filled this member of the union.
    let flags = unsafe { request.ifr_ifru.ifru_flags };
    request.ifr_ifru.ifru_flags = flags | libc::IFF_UP as libc::c_short;
    // SAFETY: as above; the call only reads.
    check(libc::c_long::from(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request) }))?;
    Ok(())
}
