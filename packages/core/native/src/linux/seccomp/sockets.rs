//! The rules about sockets of a run that reaches the egress proxy: TCP to the loopback interface, and nothing else.

use libc as c;

use super::bpf::{Action, Rule, Rules, Test};
use crate::prelude::*;

/// Which sockets there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sockets {
    /// AF_UNIX, between the run's own processes.
    Unix,
    /// TCP clients, in a network namespace of which only the loopback interface is there.
    Loopback,
}

/// Options of a socket that clients set: none changes how much memory it holds, or adds code to it.
const SOCKET_OPTIONS: [c::c_int; 8] = [
    c::SO_REUSEADDR,
    c::SO_KEEPALIVE,
    c::SO_LINGER,
    c::SO_RCVTIMEO,
    c::SO_SNDTIMEO,
    c::SO_RCVLOWAT,
    c::SO_OOBINLINE,
    c::SO_PASSCRED,
];
const TCP_OPTIONS: [c::c_int; 6] =
    [c::TCP_NODELAY, c::TCP_KEEPIDLE, c::TCP_KEEPINTVL, c::TCP_KEEPCNT, c::TCP_USER_TIMEOUT, c::TCP_QUICKACK];

/// Changes the rules of [`Sockets::Unix`] to those of [`Sockets::Loopback`].
///
/// connect(2) is open, since its address lies in memory that can change after any check: what makes it safe is that no
/// unconnected AF_UNIX socket can be made, and that a TCP socket finds nothing in its namespace but the listener, and
/// by Landlock (Linux 6.7) no other port. A client neither binds nor listens: that would only let a run connect to
/// itself, and hold the kernel's memory so.
pub fn open_loopback(rules: &mut Rules) {
    let mut set = |number: c::c_long, rule: Rule| {
        rules.set(number as u32, rule);
    };
    set(c::SYS_socket, socket_rule());
    set(c::SYS_connect, Action::Allow.into());
    // asyncio writes to its connections by it. Its descriptors on their way are few: a run has so many sockets only.
    set(c::SYS_sendmsg, Action::Allow.into());
    for number in [c::SYS_bind, c::SYS_listen, c::SYS_accept, c::SYS_accept4] {
        set(number, Action::Errno(c::EPERM as u16).into());
    }
    let allow = |level: c::c_int| {
        move |option: c::c_int| (vec![argument(1, level as u32), argument(2, option as u32)], Action::Allow)
    };
    // Node's fetch sets it, and ends where it cannot.
    let type_of_service = [c::IP_TOS].map(allow(c::IPPROTO_IP));
    let cases = SOCKET_OPTIONS
        .map(allow(c::SOL_SOCKET))
        .into_iter()
        .chain(TCP_OPTIONS.map(allow(c::IPPROTO_TCP)))
        .chain(type_of_service)
        .collect();
    set(c::SYS_setsockopt, Rule { cases, otherwise: Action::Errno(c::ENOPROTOOPT as u16) });
}

fn socket_rule() -> Rule {
    const KIND: u32 = 0xf;
    let family = |family: c::c_int| argument(0, family as u32);
    let stream = Test { argument: 1, mask: KIND, equals: c::SOCK_STREAM as u32 };
    let tcp = [0, c::IPPROTO_TCP]
        .map(|protocol| (vec![family(c::AF_INET), stream, argument(2, protocol as u32)], Action::Allow));
    // As a kernel without IPv6 says: libraries try whether there is any.
    let no_ipv6 = (vec![family(c::AF_INET6)], Action::Errno(c::EAFNOSUPPORT as u16));
    // Resolvers look for a local service first; no violation is worth telling of that.
    let no_unix = (vec![family(c::AF_UNIX), stream], Action::Errno(c::EAFNOSUPPORT as u16));
    Rule { cases: tcp.into_iter().chain([no_ipv6, no_unix]).collect(), otherwise: Action::Notify }
}

fn argument(argument: u8, equals: u32) -> Test {
    Test { argument, mask: u32::MAX, equals }
}
