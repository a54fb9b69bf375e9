//! The rules about sockets of a run that reaches the egress proxy: TCP to the loopback interface, and nothing else.

use libc as c;

use super::bpf::{Action, Case, Rule, Rules};
use super::rules::{argument, case, kind};

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
pub const fn open_loopback(rules: &mut Rules) {
    rules.set(c::SYS_socket, SOCKET);
    // asyncio writes to its connections by sendmsg. Its descriptors on their way are few: a run has so many sockets only.
    rules.set_all(&[c::SYS_connect, c::SYS_sendmsg], Rule::always(Action::Allow));
    let refused = Rule::always(Action::Errno(c::EPERM as u16));
    rules.set_all(&[c::SYS_bind, c::SYS_listen, c::SYS_accept, c::SYS_accept4], refused);
    rules.set(c::SYS_setsockopt, Rule { cases: &OPTIONS, otherwise: Action::Errno(c::ENOPROTOOPT as u16) });
}

/// What may be set with setsockopt(2).
const OPTIONS: [Case; 15] = {
    // The last one Node's fetch sets, and ends where it cannot.
    let mut cases = [allow(c::IPPROTO_IP, c::IP_TOS); 15];
    let mut at = 0;
    while at < SOCKET_OPTIONS.len() {
        cases[at] = allow(c::SOL_SOCKET, SOCKET_OPTIONS[at]);
        at += 1;
    }
    while at < SOCKET_OPTIONS.len() + TCP_OPTIONS.len() {
        cases[at] = allow(c::IPPROTO_TCP, TCP_OPTIONS[at - SOCKET_OPTIONS.len()]);
        at += 1;
    }
    cases
};

const fn allow(level: c::c_int, option: c::c_int) -> Case {
    case([argument(1, level as u32), argument(2, option as u32)], Action::Allow)
}

const SOCKET: Rule = {
    const fn tcp(protocol: c::c_int) -> Case {
        let inet = argument(0, c::AF_INET as u32);
        case([inet, kind(c::SOCK_STREAM), argument(2, protocol as u32)], Action::Allow)
    }
    const UNKNOWN_FAMILY: Action = Action::Errno(c::EAFNOSUPPORT as u16);
    Rule {
        cases: &[
            tcp(0),
            tcp(c::IPPROTO_TCP),
            // As a kernel without IPv6 says: libraries try whether there is any.
            case([argument(0, c::AF_INET6 as u32)], UNKNOWN_FAMILY),
            // Resolvers look for a local service first; no violation is worth telling of that.
            case([argument(0, c::AF_UNIX as u32), kind(c::SOCK_STREAM)], UNKNOWN_FAMILY),
        ],
        otherwise: Action::Notify,
    }
};
