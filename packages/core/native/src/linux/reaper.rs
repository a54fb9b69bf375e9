//! The first process of a run without namespaces: everything that the script starts stays below it, and it outlives the
//! supervisor just long enough to end all of that.

use super::cgroup::{self, Cgroup};
use super::identity::Identity;
use super::landlock::{self, Grants};
use super::message;
use super::private::PrivateDirectories;
use super::program::{self, LOADERS, SEEN_EXCESS, Streams, Surroundings};
use super::seccomp::rules::{Forks, Surface};
use super::seccomp::{Filter, sockets::Sockets};
use super::tree;
use crate::error::{Context, Result};
use crate::prelude::*;
use crate::spec::{Mode, Mount, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::fs;
use crate::sys::process::{self, Fork};

/// What the supervisor has prepared before this process was made.
pub struct Prepared<'a> {
    pub socket: OwnedFd,
    pub streams: Streams,
    pub identity: Identity,
    /// The kernel's version of Landlock.
    pub landlock: u32,
    pub directories: &'a PrivateDirectories,
}

/// Never returns, and leaves nothing of the run behind.
pub fn run(spec: &Spec, prepared: Prepared<'_>, cgroup: Option<&Cgroup>) -> ! {
    let Prepared { socket, streams, identity, landlock, directories } = prepared;
    if let Err(error) = start(spec, socket.as_fd(), streams, identity, landlock, directories, cgroup) {
        let _ = message::send_failed(socket.as_fd(), &error);
    }
    let _ = tree::end_descendants();
    // The supervisor collects the output first, if it lives; if it does not, nobody will.
    if fd::peer_is_gone(socket.as_fd()) {
        directories.remove();
    }
    process::exit_now(0)
}

fn start(
    spec: &Spec,
    socket: BorrowedFd<'_>,
    streams: Streams,
    identity: Identity,
    landlock: u32,
    directories: &PrivateDirectories,
    cgroup: Option<&Cgroup>,
) -> Result<()> {
    process::prctl(libc::PR_SET_CHILD_SUBREAPER, 1, 0).context("limits", || "cannot adopt orphans")?;
    // The script may have the same user as this process, and must not be able to read or trace it.
    process::prctl(libc::PR_SET_DUMPABLE, 0, 0).context("capabilities", || "cannot hide the first process")?;
    let proc = fs::open_directory("/proc").context("mounts", || "cannot open /proc")?;
    let output = match spec.output.as_ref().and_then(|output| directories.path_of(&output.to)) {
        Some(path) => Some(fs::open_directory(path).context("output", || "cannot open the output directory")?),
        None => None,
    };
    message::send_ready(socket, proc.as_fd(), output.as_ref().map(AsFd::as_fd), &[])
        .context("protocol", || "cannot reach the supervisor")?;
    drop((proc, output));

    let children = process::signal_fd(&[libc::SIGCHLD]).context("protocol", || "cannot take signals")?;
    let birthplace = cgroup.and_then(Cgroup::birthplace);
    let child = match process::fork(0, birthplace).context("limits", || "cannot start a process")? {
        Fork::Child => {
            let error = match surroundings(spec, identity, directories, cgroup.is_some_and(Cgroup::counts_processes))
                .and_then(|own| join(cgroup).map(|()| own))
            {
                Ok(surroundings) => {
                    let grants = grants(spec, directories);
                    program::run(spec, &surroundings, socket, &streams, |pass| landlock::rules(&grants, landlock, pass))
                }
                Err(error) => error,
            };
            let _ = message::send_failed(socket, &error);
            process::exit_now(125)
        }
        Fork::Parent(child) => child,
    };
    drop(streams);
    loop {
        let mut entries = [fd::pollfd(Some(socket), libc::POLLIN), fd::pollfd(Some(children.as_fd()), libc::POLLIN)];
        fd::poll(&mut entries, None).context("protocol", || "cannot wait")?;
        if entries[0].revents != 0 {
            // The supervisor wants the end of the run, or has met its own.
            return Ok(());
        }
        let _ = fd::read(children.as_fd(), &mut [0; 128]);
        while let Some(exited) = process::wait_now() {
            if exited.pid == child.pid {
                return message::send_exited(socket, exited.status)
                    .context("protocol", || "cannot reach the supervisor");
            }
        }
    }
}

fn join(cgroup: Option<&Cgroup>) -> Result<()> {
    cgroup::join(cgroup.and_then(Cgroup::tasks)).context("cgroup", || "cannot join the control group")
}

fn surroundings(
    spec: &Spec,
    identity: Identity,
    directories: &PrivateDirectories,
    counts_processes: bool,
) -> Result<Surroundings> {
    // A user whom the run shares with others has other processes too, which RLIMIT_NPROC would count.
    let forks = if identity.foreign || counts_processes { Forks::Limited } else { Forks::Asked };
    Ok(Surroundings {
        environment: directories.environment(&spec.env),
        filter: Filter::new(Surface::Host, Sockets::Unix, forks).context("seccomp", || "cannot draw random numbers")?,
        privileged: process::effective_uid() == 0,
        user: identity.foreign.then_some(identity.uid),
        process_limit: identity.foreign.then_some(spec.limits.pids + SEEN_EXCESS),
    })
}

/// What an interpreter reads of its own process. The rest would tell of the host: its network, its mounts.
const OWN_FACTS: [&str; 10] =
    ["cmdline", "comm", "environ", "fd", "fdinfo", "limits", "maps", "stat", "statm", "status"];

/// The same as inside namespaces, file by file: what the spec mounts may be read where it lies on the host.
fn grants(spec: &Spec, directories: &PrivateDirectories) -> Grants {
    let mut grants = Grants::default();
    for entry in &spec.mounts {
        match entry {
            Mount::Bind { from, mode: Mode::Ro, .. } => grants.read.push(from.clone()),
            Mount::Bind { from, mode: Mode::Rw, .. } => grants.write.push(from.clone()),
            Mount::Dev { .. } => {
                grants.write.extend(["/dev/null", "/dev/full"].map(str::to_owned));
                grants.read.extend(["/dev/random", "/dev/urandom"].map(str::to_owned));
            }
            // Only its own: of others it would tell which exist.
            Mount::Proc { .. } => {
                let pid = process::pid();
                grants.read.extend(OWN_FACTS.map(|name| format!("/proc/{pid}/{name}")));
            }
            Mount::Tmpfs { .. } | Mount::File { .. } | Mount::Symlink { .. } => {}
        }
    }
    grants.write.extend(directories.paths().map(str::to_owned));
    grants.execute = spec.exec.clone();
    grants.execute.push(spec.program[0].clone());
    grants.execute.extend(LOADERS.map(str::to_owned));
    grants
}

/// Whether the user whom root's runs become cannot read all that the spec mounts: there is no translation of owners
/// here.
pub fn unreadable(spec: &Spec, identity: Identity) -> bool {
    let concerns = |entry: &Mount| matches!(entry, Mount::Bind { from, .. } if !readable_by_others(from));
    identity.foreign && spec.mounts.iter().any(concerns)
}

/// A mount that is read-only by the spec, but lies in a directory that may be changed.
pub fn rewritable(spec: &Spec) -> Option<&str> {
    let writable: Vec<&str> = spec.mounts.iter().filter(|entry| entry.is_writable()).map(Mount::to).collect();
    let read_only = spec.mounts.iter().filter_map(|entry| match entry {
        Mount::Bind { from, mode: Mode::Ro, .. } => Some(from.as_str()),
        _ => None,
    });
    let lies_in = |path: &str, outer: &str| {
        path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || outer == "/")
    };
    read_only.into_iter().find(|path| writable.iter().any(|outer| lies_in(path, outer)))
}

fn readable_by_others(path: &str) -> bool {
    let has = |path: &str, bits: u32| {
        fs::open(path, libc::O_PATH)
            .and_then(|file| fd::stat(file.as_fd()))
            .is_ok_and(|stat| stat.st_mode & bits == bits)
    };
    let mut parents = path.match_indices('/').map(|(at, _)| if at == 0 { "/" } else { &path[..at] });
    has(path, libc::S_IROTH) && parents.all(|parent| has(parent, libc::S_IXOTH))
}
