//! The first process inside (PID 1): builds the root, starts the program, reaps, and takes everything with it when it
//! ends.

use super::cgroup;
use super::gate::{self, Opening};
use super::identity::INSIDE;
use super::landlock::{self, Grants};
use super::message::{self, Order};
use super::network;
use super::program::{self, LOADERS, SEEN_EXCESS, Streams, Surroundings};
use super::root::{self, Handles, Opener};
use super::seccomp::rules::{Forks, Surface};
use super::seccomp::{Filter, sockets::Sockets};
use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::spec::{Mode, Mount, Network, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::{self, NO_PASS, Pass};
use crate::sys::processors::Processors;
use crate::sys::{fs, mount, socket, spawn, time};

/// From linux/sched.h; not in the libc crate for every target.
const CLONE_NEWTIME: libc::c_int = 0x80;

/// What the supervisor has prepared before this process was made.
pub struct Prepared {
    /// The only way to the supervisor; its end is the end of the supervisor.
    pub socket: OwnedFd,
    pub streams: Streams,
    /// Whether root calls: then the supervisor opens what is to be mounted, else this process with the caller's rights.
    pub foreign: bool,
    /// The kernel's version of Landlock.
    pub landlock: u32,
    /// Where they are known.
    pub processors: Option<Placement>,
}

/// On which processors a run goes on.
pub struct Placement {
    /// Those that the run may use.
    pub all: Processors,
    /// The same without the one that the supervisor was on.
    pub apart: Processors,
}

/// What the program's process begins with. It uses it while the first process goes on, with the same memory.
struct Beginning {
    spec: &'static Spec,
    socket: BorrowedFd<'static>,
    streams: Streams,
    /// Of the gate, the first process's end and its own.
    gate: (OwnedFd, OwnedFd),
    foreign: bool,
}

/// Never returns: the whole tree goes when this process does.
pub fn run(spec: &'static Spec, prepared: Prepared) -> ! {
    let Prepared { socket, streams, foreign, landlock, processors } = prepared;
    let socket: &'static OwnedFd = Box::leak(Box::new(socket));
    if let Err(error) = start(spec, socket.as_fd(), streams, foreign, landlock, processors.as_ref()) {
        // Nobody is left to tell if this fails.
        let _ = message::send_failed(socket.as_fd(), &error);
    }
    process::exit_now(0)
}

fn start(
    spec: &'static Spec,
    socket: BorrowedFd<'static>,
    streams: Streams,
    foreign: bool,
    landlock: u32,
    processors: Option<&Placement>,
) -> Result<()> {
    let next_order = || message::receive_order(socket).context("protocol", || "cannot hear the supervisor");
    // Both of these the program's process inherits. What this process has, it keeps until the place is built.
    start_clock()?;
    process::bar_capabilities().context("capabilities", || "cannot drop the capabilities")?;

    // The program's process has the longest way, so it goes first, and prepares itself while this one builds the place
    // where it will run.
    let gate = socket::pair().context("protocol", || "cannot make a socket")?;
    let beginning: &'static Beginning = Box::leak(Box::new(Beginning { spec, socket, streams, gate, foreign }));
    let gate = beginning.gate.0.as_fd();
    let child = spawn::spawn(libc::CLONE_FS as u64, become_program, beginning)
        .context("namespaces", || "cannot start a process")?;
    // It gets this processor at once, and this process goes to share another.
    if let Some(processors) = processors {
        processors.all.others().bind(0);
        processors.all.bind(0);
    }
    beginning.close_here();
    let Order::Go = next_order()? else { return Err(unexpected()) };
    gate::announce_mapped(gate)?;
    become_inside(foreign)?;
    // After the change of user, which would clear it.
    process::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong, 0)
        .context("namespaces", || "cannot tie the sandbox's life to its supervisor")?;
    process::set_host_name("sandbox").context("namespaces", || "cannot set the host name")?;
    network::open(spec, socket)?;

    let handles = if foreign {
        // While this process builds, the supervisor opens what comes next.
        let mut batch = vec![].into_iter();
        root::build(spec, || {
            if batch.len() == 0 {
                let Order::Sources(sources) = next_order()? else { return Err(unexpected()) };
                batch = sources.into_iter();
            }
            batch.next().ok_or_else(unexpected)
        })?
    } else {
        let mut sources = vec![];
        root::open_sources(spec, Opener::Inside, |source| {
            sources.push(source);
            Ok(())
        })?;
        let mut sources = sources.into_iter();
        root::build(spec, || sources.next().ok_or_else(unexpected))?
    };
    let Order::Rest { hidden, tasks } = next_order()? else { return Err(unexpected()) };
    root::finish(&handles, &hidden)?;
    // All that they name is there, and this process sees it as the program will.
    let opening = Opening { tasks, rules: landlock::rules(&grants(spec), landlock, NO_PASS)? };
    gate::wait_for_apart(gate)?;
    follow(child.pidfd.as_fd(), apart(spec))?;
    let Handles { proc: Some(proc), output, tmpfs, .. } = handles else {
        return Err(SetupError::new("spec", "the sandbox spec mounts no proc"));
    };
    let file_systems: Vec<_> = tmpfs.iter().map(AsFd::as_fd).collect();
    if fd::peer_is_gone(socket) {
        // The supervisor died before its death could have been signalled.
        return Err(unexpected());
    }
    if let Some(processors) = processors {
        processors.all.bind(child.pid);
    }
    gate::open(gate, &opening)?;
    // The supervisor is told when the program's process has its processor already.
    message::send_ready(socket, proc.as_fd(), output.as_ref().map(AsFd::as_fd), &file_systems)
        .context("protocol", || "cannot reach the supervisor")?;
    // At the end of this the kernel waits for an RCU grace period, some 300 µs, in which the program is on its way.
    mount::leave_old_root().context("mounts", || "cannot leave the old root")?;
    fd::close_here(&beginning.gate.0);
    drop((opening, proc, output, tmpfs));
    give_up_rights()?;
    // The pass through the filter was there.
    spawn::give_back().context("protocol", || "cannot give back memory")?;
    if let Some(processors) = processors {
        // At the end, the supervisor has something to do at the same time.
        processors.apart.bind(0);
    }
    loop {
        match process::wait(-1) {
            Ok(exited) if exited.pid == child.pid => {
                // The end of this process is the end of every other one inside.
                return message::send_exited(socket, exited.status)
                    .context("protocol", || "cannot reach the supervisor");
            }
            Ok(_) => {}
            Err(e) => return Err(SetupError::system("protocol", "cannot wait for the program", &e)),
        }
    }
}

impl Beginning {
    /// In the first process, which needs none of it.
    fn close_here(&'static self) {
        let Streams { stdin, stdout, stderr } = &self.streams;
        for descriptor in [stdin, stdout, stderr, &self.gate.1] {
            fd::close_here(descriptor);
        }
    }
}

/// The program's process: takes namespaces of its own, which takes the kernel longest, and waits for the rest.
extern "C" fn become_program(beginning: &'static Beginning) -> ! {
    let &Beginning { spec, socket, ref streams, gate: (ref others, ref gate), foreign } = beginning;
    fd::close_here(others);
    let gate = gate.as_fd();
    let prepared = process::unshare(apart(spec), NO_PASS)
        .context("namespaces", || "cannot make the sandbox's namespaces")
        .and_then(|()| gate::wait_for_mapped(gate))
        .and_then(|()| become_inside(foreign))
        // The change of user hides a process from its like, and the first one is to follow this one.
        .and_then(|()| show_itself())
        .and_then(|()| gate::announce_apart(gate))
        .and_then(|()| surroundings(spec));
    let enter = |filter: Pass| {
        let Opening { tasks, rules } = gate::pass(gate)?;
        process::unshare(libc::CLONE_FS, filter).context("namespaces", || "cannot leave the first process")?;
        cgroup::join(tasks.as_ref().map(AsFd::as_fd)).context("cgroup", || "cannot join the control group")?;
        // The limit of open files counts already.
        drop(tasks);
        process::unshare(libc::CLONE_NEWCGROUP, filter).context("namespaces", || "cannot hide the control groups")?;
        mount::await_old_root_gone().context("mounts", || "cannot see that the old root is gone")?;
        Ok(rules)
    };
    match prepared {
        Ok(surroundings) => program::run(spec, &surroundings, socket, streams, enter),
        Err(error) => {
            let _ = message::send_failed(socket, &error);
            process::exit_now(125)
        }
    }
}

/// Becomes the sandbox's user, for whom there is a map by now.
fn become_inside(foreign: bool) -> Result<()> {
    if foreign {
        // An ordinary user's groups stay: they may be there to take rights away, so the kernel does not let go of them.
        process::drop_groups().context("user namespace", || "cannot leave the caller's groups")?;
    }
    process::set_user(INSIDE, INSIDE).context("user namespace", || "cannot become the sandbox's user")
}

/// Joins namespaces of the program's process, or this process's /proc/1/net would show the script the host's.
fn follow(program: BorrowedFd<'_>, namespaces: libc::c_int) -> Result<()> {
    // Both may have the same memory, and be hidden by whichever changed its user last.
    show_itself()?;
    process::join_namespaces(program, namespaces)
        .context("namespaces", || "cannot follow the program into its namespaces")?;
    // From here on the script's user, who is this process's own, could not trace it.
    process::prctl(libc::PR_SET_DUMPABLE, 0, 0).map(|_| ()).context("capabilities", || "cannot hide the first process")
}

fn show_itself() -> Result<()> {
    process::prctl(libc::PR_SET_DUMPABLE, 1, 0).map(|_| ()).context("namespaces", || "cannot show itself")
}

/// The namespaces that the program's process makes itself. Where there is a way to the network, its namespace is there
/// before: what it needs is set up while the host's /proc is in sight.
fn apart(spec: &Spec) -> libc::c_int {
    match spec.network {
        Network::None {} => libc::CLONE_NEWIPC | libc::CLONE_NEWNET,
        Network::Proxy { .. } => libc::CLONE_NEWIPC,
    }
}

/// The namespaces that the first process is born into.
pub fn namespaces(spec: &Spec) -> libc::c_int {
    const ALWAYS: libc::c_int = libc::CLONE_NEWUSER | libc::CLONE_NEWNS | libc::CLONE_NEWPID | libc::CLONE_NEWUTS;
    ALWAYS | libc::CLONE_NEWNET & !apart(spec)
}

fn unexpected() -> SetupError {
    SetupError::new("protocol", "the supervisor sent something that it never sends here")
}

/// Gives the program a clock by which the system has been up for an hour: how long the host has been is its own
/// business. time_namespaces(7); it counts for the processes made from here on.
fn start_clock() -> Result<()> {
    const UPTIME_SECONDS: i64 = 3600;
    process::unshare(CLONE_NEWTIME, NO_PASS).context("namespaces", || "cannot make a time namespace")?;
    let back = |clock| UPTIME_SECONDS - time::seconds_of(clock);
    let offsets = format!("monotonic {} 0\nboottime {} 0\n", back(libc::CLOCK_MONOTONIC), back(libc::CLOCK_BOOTTIME));
    // Of a program that its user may not read, the files in /proc would be root's.
    show_itself()?;
    fs::write("/proc/self/timens_offsets", &offsets).context("namespaces", || "cannot set the sandbox's clock")
}

fn give_up_rights() -> Result<()> {
    process::drop_capabilities(NO_PASS).context("capabilities", || "cannot drop the capabilities")?;
    process::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0).context("capabilities", || "cannot forbid new privileges")?;
    Ok(())
}

fn surroundings(spec: &Spec) -> Result<Surroundings> {
    Ok(Surroundings {
        environment: spec.env.clone(),
        privileged: false,
        filter: Filter::new(Surface::Namespaces, sockets(spec), Forks::Limited)
            .context("seccomp", || "cannot draw random numbers")?,
        user: None,
        // Counted in this user namespace only (Linux 5.14): this process, and the script's.
        process_limit: Some(spec.limits.pids + 1 + SEEN_EXCESS),
    })
}

fn sockets(spec: &Spec) -> Sockets {
    match spec.network {
        Network::None {} => Sockets::Unix,
        Network::Proxy { .. } => Sockets::Loopback,
    }
}

/// Everything inside may be read, private directories may be changed, and of all programs only those that the spec
/// names may be executed.
fn grants(spec: &Spec) -> Grants {
    let mut grants = Grants { read: vec!["/".to_owned()], ..Grants::default() };
    for entry in &spec.mounts {
        match entry {
            Mount::Tmpfs { to, .. } | Mount::Bind { to, mode: Mode::Rw, .. } => grants.write.push(to.clone()),
            Mount::Dev { to } => grants.write.extend(["null", "full"].map(|name| format!("{to}/{name}"))),
            Mount::Bind { .. } | Mount::File { .. } | Mount::Symlink { .. } | Mount::Proc { .. } => {}
        }
    }
    grants.write.extend(spec.output.iter().map(|output| output.to.clone()));
    if let Network::Proxy { port, .. } = spec.network {
        grants.connect.push(port);
    }
    grants.execute = spec.exec.clone();
    grants.execute.push(spec.program[0].clone());
    grants.execute.extend(LOADERS.map(str::to_owned));
    grants
}
