//! A way out for a run that may use the network: one listener on the loopback interface of its own network namespace,
//! in which there is nothing else. The supervisor carries what is sent there to the egress proxy.

use super::message;
use crate::error::{Context, Result, SetupError};
use crate::report::{LayerState, Layers};
use crate::spec::{Backend, Network, Spec};
use crate::sys::fd::BorrowedFd;
use crate::sys::{fs, network};

const LAYER: &str = "network";
/// The most that the kernel keeps for one connection in one direction: smallest, at first, largest. Its own largest
/// values are megabytes, which a script could hold a hundred times, and which no watchdog sees.
const BUFFERS: &str = "4096 131072 262144";
const BUFFER_SETTINGS: [&str; 2] = ["/proc/sys/net/ipv4/tcp_rmem", "/proc/sys/net/ipv4/tcp_wmem"];

/// Refuses what cannot be kept, and notes what will be.
pub fn prepare(spec: &Spec, layers: &mut Layers) -> Result<()> {
    match (&spec.network, spec.backend) {
        (Network::None {}, _) => Ok(()),
        (Network::Proxy { .. }, Backend::Namespaces) => {
            layers.insert(LAYER, LayerState::Kind("proxy"));
            Ok(())
        }
        // Landlock decides by port alone: what opens the way to the proxy would open that port on every host.
        (Network::Proxy { .. }, Backend::Landlock) => {
            Err(SetupError::new(LAYER, "the landlock backend cannot grant single hosts")
                .hint("use the namespaces backend, or run the skill without hosts granted"))
        }
    }
}

/// In the first process, while it has its rights and still sees the host's /proc: opens the listener and hands it over.
pub fn open(spec: &Spec, socket: BorrowedFd<'_>) -> Result<()> {
    let Network::Proxy { port, .. } = spec.network else { return Ok(()) };
    // Where /proc/sys is read-only (many containers), the kernel's own sizes stay, and the control group counts them.
    for setting in BUFFER_SETTINGS {
        let _ = fs::write(setting, BUFFERS);
    }
    network::switch_loopback_on().context(LAYER, || "cannot switch the loopback interface on")?;
    let listener = network::listen_on_loopback(port).context(LAYER, || "cannot listen inside")?;
    message::send_listener(socket, &listener).context("protocol", || "cannot reach the supervisor")
}
