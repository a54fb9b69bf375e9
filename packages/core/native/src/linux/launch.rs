//! Starts the first process of a run, in one way for each backend.

use super::cgroup::Cgroup;
use super::doors::{self, Door};
use super::identity::Identity;
use super::init::Placement;
use super::message::Message;
use super::private::PrivateDirectories;
use super::program::Streams;
use super::root::{self, Opener};
use super::seccomp::rules::Surface;
use super::{init, landlock, message, network, reaper};
use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::report::{LayerState, Layers};
use crate::spec::{Backend, Spec};
use crate::sys::fd::{AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::{self, Child, Fork};
use crate::sys::processors::Processors;
use crate::sys::{fd, io, socket};

/// The version from which on Landlock also guards the length of files (Linux 6.2).
const LANDLOCK_FOR_HOST: u32 = 3;

/// A run that has begun.
pub struct Launched {
    pub first: Child,
    /// To the first process.
    pub socket: OwnedFd,
    pub stdin: OwnedFd,
    pub stdout: OwnedFd,
    pub stderr: OwnedFd,
    pub cgroup: Option<Cgroup>,
    pub directories: Option<PrivateDirectories>,
    pub surface: Surface,
    /// What was hidden.
    pub doors: Vec<Door>,
    /// The run's mount namespace, where it has one.
    pub mounts: Option<OwnedFd>,
}

/// Our ends of what the first process holds the other ends of.
struct Ends {
    socket: OwnedFd,
    stdin: OwnedFd,
    stdout: OwnedFd,
    stderr: OwnedFd,
}

/// Begins the run, and notes what is in force.
pub fn launch(spec: &'static Spec, layers: &mut Layers) -> Result<Launched> {
    network::prepare(spec, layers)?;
    let identity = Identity::choose();
    // Asked once: what is told of the run and what is done must be the same.
    let landlock = landlock::version();
    let (ours, theirs) = socket::pair().context("protocol", || "cannot make a socket")?;
    let pipe = || fd::pipe(0).context("program", || "cannot make a pipe");
    let ((stdin, to_stdin), (from_stdout, stdout), (from_stderr, stderr)) = (pipe()?, pipe()?, pipe()?);
    let streams = Streams { stdin, stdout, stderr };
    let ends = Ends { socket: ours, stdin: to_stdin, stdout: from_stdout, stderr: from_stderr };
    let launched = match spec.backend {
        Backend::Namespaces => in_namespaces(spec, identity, landlock, ends, theirs, streams)?,
        Backend::Landlock => on_the_host(spec, identity, landlock, layers, ends, theirs, streams)?,
    };
    note_layers(spec.backend, landlock, launched.cgroup.as_ref(), layers);
    Ok(launched)
}

fn in_namespaces(
    spec: &'static Spec,
    identity: Identity,
    landlock: u32,
    ends: Ends,
    socket: OwnedFd,
    streams: Streams,
) -> Result<Launched> {
    let processors = Processors::of_this_process().map(|all| Placement { apart: all.others(), all });
    let prepared = init::Prepared { socket, streams, foreign: identity.foreign, landlock, processors };
    let cgroup = Cgroup::for_birth(&spec.limits).ok();
    let birthplace = cgroup.as_ref().and_then(Cgroup::birthplace);
    let first = match process::fork(init::namespaces(spec) as u64, birthplace).map_err(|e| namespaces_error(&e))? {
        Fork::Child => {
            drop(ends);
            init::run(spec, prepared)
        }
        Fork::Parent(child) => child,
    };
    // It would wait for this process's processor otherwise, also where another one is idle.
    if let Some(processors) = &prepared.processors {
        processors.apart.bind(first.pid);
    }
    drop(prepared);
    let socket = ends.socket.as_fd();
    identity.write_maps(first.pid)?;
    // Before the first process may hide itself.
    let mounts = process::mount_namespace(first.pid).ok();
    reach(socket, message::send_go(socket))?;
    // All that follows goes on at the same time as the first process's own work.
    let open_sources = || {
        let mut batch = vec![];
        let maps = root::open_sources(spec, Opener::Outside(&identity), |source| {
            batch.push(source);
            if batch.len() == socket::MAX_FDS {
                reach(socket, message::send_sources(socket, &core::mem::take(&mut batch)))?;
            }
            Ok(())
        })?;
        if !batch.is_empty() {
            reach(socket, message::send_sources(socket, &batch))?;
        }
        Ok(maps)
    };
    // Needs rights over the host's mounts, which only root has; without them the first process opens them itself.
    let maps = identity.foreign.then(open_sources).transpose()?;
    let doors = doors::find(spec)?;
    let cgroup = cgroup.or_else(|| Cgroup::for_joining(&spec.limits).ok());
    let hidden: Vec<&str> = doors.iter().map(|door| door.path.as_str()).collect();
    let tasks = cgroup.as_ref().and_then(Cgroup::tasks);
    reach(socket, message::send_rest(socket, &hidden, tasks))?;
    drop(maps);
    Ok(Launched { mounts, doors, ..launched(first, ends, cgroup, None, Surface::Namespaces) })
}

/// Where the first process cannot be told something because it is gone, it may have told why. One that is still there
/// says nothing, and waits itself.
fn reach(socket: BorrowedFd<'_>, sent: io::Result<()>) -> Result<()> {
    sent.map_err(|error| {
        let gone = error.is(libc::EPIPE) || error.is(libc::ECONNRESET);
        // The program's process may have handed over its filter before.
        loop {
            match gone.then(|| message::receive(socket)) {
                Some(Ok(Message::Failed(reason))) => return reason,
                None | Some(Ok(Message::Closed) | Err(_)) => break,
                Some(Ok(_)) => {}
            }
        }
        SetupError::system("protocol", "cannot reach the first process", &error)
    })
}

fn on_the_host(
    spec: &Spec,
    identity: Identity,
    landlock: u32,
    layers: &mut Layers,
    ends: Ends,
    socket: OwnedFd,
    streams: Streams,
) -> Result<Launched> {
    if landlock < LANDLOCK_FOR_HOST {
        return Err(SetupError::new("landlock", format!("this kernel offers version {landlock} of Landlock"))
            .hint(format!("version {LANDLOCK_FOR_HOST} is needed: Linux 6.2 or later, started with lsm=landlock,…")));
    }
    // Without a translation of owners, another user than root may not be able to read what only root can.
    let identity = if reaper::unreadable(spec, identity) { identity.caller() } else { identity };
    layers.insert("user", LayerState::Kind(if identity.foreign { "another" } else { "the caller's" }));
    if let Some(path) = reaper::rewritable(spec) {
        return Err(SetupError::new("landlock", format!("{path} lies in a directory that the script may change"))
            .hint(
                "Landlock cannot take a part out of a grant: grant a directory that does not hold the skill or an \
                 interpreter",
            ));
    }
    if let Some(door) = doors::find(spec)?.into_iter().find(|door| door.kind != doors::Kind::Passage) {
        return Err(SetupError::new("landlock", format!("{} leads out of the skill", door.path)).hint(
            "it has a name elsewhere too, or is a device, and Landlock cannot hide it: `cp -r SKILL COPY`, and use \
                 the copy",
        ));
    }
    // Adopts what is left when the first process is killed from outside.
    process::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0).context("limits", || "cannot adopt orphans")?;
    let directories = PrivateDirectories::create(spec, identity.foreign.then_some(identity.uid))?;
    let cgroup = Cgroup::create(&spec.limits).ok();
    let forked = process::fork(0, None).context("limits", || "cannot start a process");
    let first = match forked {
        Ok(Fork::Child) => {
            drop(ends);
            let prepared = reaper::Prepared { socket, streams, identity, landlock, directories: &directories };
            reaper::run(spec, prepared, cgroup.as_ref())
        }
        Ok(Fork::Parent(child)) => child,
        Err(error) => {
            directories.remove();
            return Err(error);
        }
    };
    Ok(launched(first, ends, cgroup, Some(directories), Surface::Host))
}

fn launched(
    first: Child,
    ends: Ends,
    cgroup: Option<Cgroup>,
    directories: Option<PrivateDirectories>,
    surface: Surface,
) -> Launched {
    let Ends { socket, stdin, stdout, stderr } = ends;
    let (doors, mounts) = (vec![], None);
    Launched { first, socket, stdin, stdout, stderr, cgroup, directories, surface, doors, mounts }
}

fn note_layers(backend: Backend, landlock: u32, cgroup: Option<&Cgroup>, layers: &mut Layers) {
    let namespaces = backend == Backend::Namespaces;
    layers.insert("userns", LayerState::Is(namespaces));
    layers.insert("namespaces", LayerState::Is(namespaces));
    layers.insert("cgroup", cgroup.map_or(LayerState::Is(false), |group| LayerState::Kind(group.version())));
    layers.insert("watchdog", LayerState::Is(true));
    layers.insert("seccomp", LayerState::Is(true));
    layers.insert("landlock", if landlock > 0 { LayerState::Version(landlock) } else { LayerState::Is(false) });
}

fn namespaces_error(error: &io::Error) -> SetupError {
    let failed = SetupError::system("user namespace", "cannot make the sandbox's namespaces", error);
    match error.raw_os_error() {
        libc::EPERM | libc::EACCES => failed.hint(
            "this system forbids user namespaces: on Ubuntu 24.04, `sudo sysctl \
             kernel.apparmor_restrict_unprivileged_userns=0`; in Docker, `--security-opt seccomp=unconfined`; or use \
             the landlock backend",
        ),
        libc::ENOSPC | libc::EUSERS => {
            failed.hint("user namespaces are switched off: `sudo sysctl user.max_user_namespaces=15000`")
        }
        _ => failed.hint("namespaces need Linux 5.14 or later"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_process_that_is_there_and_cannot_be_told_is_not_waited_for() {
        let (ours, theirs) = socket::pair().expect("sockets");
        let failed = || Err(io::Error::from_raw_os_error(libc::ETOOMANYREFS));
        assert_eq!(reach(ours.as_fd(), failed()).expect_err("an error").layer, "protocol");
        message::send_filter(theirs.as_fd(), ours.as_fd(), process::NO_PASS).expect("to be told");
        let reason = SetupError::new("mounts", "no room");
        message::send_failed(theirs.as_fd(), &reason).expect("to be told");
        drop(theirs);
        let gone = Err(io::Error::from_raw_os_error(libc::EPIPE));
        assert_eq!(reach(ours.as_fd(), gone).expect_err("an error").layer, "mounts");
    }
}
