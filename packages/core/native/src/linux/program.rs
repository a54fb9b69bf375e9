//! The last steps of a process before it becomes the script's interpreter. Their order matters:
//!
//! 1. session and streams, while descriptors may still be moved about;
//! 2. limits, which no later step raises;
//! 3. seccomp, which takes the kernel longest and needs nothing of the place where the program runs: others may still be
//!    building it. Of the calls below, it lets those pass that carry its pass;
//! 4. entering that place;
//! 5. working directory, before Landlock decides what may be opened (its rules are there by then);
//! 6. Landlock;
//! 7. capabilities, which nothing after this needs;
//! 8. exec.

use alloc::collections::BTreeMap;
use alloc::ffi::CString;

use super::landlock;
use super::message;
use super::seccomp::Filter;
use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::spec::Spec;
use crate::sys::fd::{AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::Pass;
use crate::sys::{c_string, fd, mount, process};

/// So many processes more than allowed can be there until the watchdog looks, which is at once the end of the run: a
/// shell that cannot fork ends, and with it would the excess.
pub const SEEN_EXCESS: u64 = 8;

/// The program's ends of its pipes.
pub struct Streams {
    pub stdin: OwnedFd,
    pub stdout: OwnedFd,
    pub stderr: OwnedFd,
}

/// What of its surroundings differs from backend to backend.
pub struct Surroundings {
    pub environment: BTreeMap<String, String>,
    pub filter: Filter,
    /// Whether the process begins with capabilities that are not barred yet.
    pub privileged: bool,
    /// The user to become, where the process is not that user already.
    pub user: Option<u32>,
    /// For RLIMIT_NPROC, where the kernel counts this run's processes only.
    pub process_limit: Option<u64>,
}

/// Becomes the program, or reports why not and ends. `enter` comes fourth, behind the filter, and returns the rules of
/// Landlock, where the kernel has it.
pub fn run(
    spec: &Spec,
    surroundings: &Surroundings,
    socket: BorrowedFd<'_>,
    streams: &Streams,
    enter: impl FnOnce(Pass) -> Result<Option<OwnedFd>>,
) -> ! {
    let error = match prepare(spec, surroundings, socket, streams, enter) {
        Ok(never) => match never {},
        Err(error) => error,
    };
    let _ = message::send_failed_with(socket, &error, surroundings.filter.pass());
    process::exit_now(125)
}

enum Never {}

fn prepare(
    spec: &Spec,
    surroundings: &Surroundings,
    socket: BorrowedFd<'_>,
    streams: &Streams,
    enter: impl FnOnce(Pass) -> Result<Option<OwnedFd>>,
) -> Result<Never> {
    let program = |text: &str| c_string(text).context("program", || "an argument holds a NUL byte");
    let arguments = spec.program.iter().map(|text| program(text)).collect::<Result<Vec<CString>>>()?;
    let variables = surroundings.environment.iter();
    let environment =
        variables.map(|(name, value)| program(&format!("{name}={value}"))).collect::<Result<Vec<CString>>>()?;

    process::new_session().context("namespaces", || "cannot start a session")?;
    for (stream, number) in [(&streams.stdin, 0), (&streams.stdout, 1), (&streams.stderr, 2)] {
        fd::dup_onto(stream.as_fd(), number).context("program", || "cannot connect the standard streams")?;
    }
    fd::close_from(3, true).context("program", || "cannot close descriptors")?;
    process::reset_signals();
    set_limits(spec, surroundings.process_limit)?;
    if surroundings.privileged {
        // Before root's user is left, and for the case that it stays.
        process::bar_capabilities().context("capabilities", || "cannot drop the capabilities")?;
    }

    if let Some(user) = surroundings.user {
        process::drop_groups().context("capabilities", || "cannot leave the caller's groups")?;
        process::set_user(user, user).context("capabilities", || "cannot become another user")?;
    }
    // A page of 2 MiB of which a part is given back still counts as given back, and is held until memory runs short.
    process::prctl(libc::PR_SET_THP_DISABLE, 1, 0).context("limits", || "cannot forbid huge pages")?;
    process::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0).context("capabilities", || "cannot forbid new privileges")?;
    let directory = program(&spec.cwd)?;
    let pass = surroundings.filter.pass();
    let listener = surroundings.filter.apply().context("seccomp", || "cannot install the system call filter")?;
    message::send_filter(socket, listener.as_fd(), pass).context("seccomp", || "cannot hand over the filter")?;
    drop(listener);

    let rules = enter(pass)?;
    process::set_umask(0o022);
    mount::change_directory(&directory).context("program", || format!("cannot enter {}", spec.cwd))?;
    if let Some(rules) = rules {
        landlock::apply(rules.as_fd(), pass)?;
    }
    process::drop_capabilities(pass).context("capabilities", || "cannot drop the capabilities")?;
    let failed = process::execute(&arguments[0], &arguments, &environment, pass);
    let error = SetupError::system("program", format!("cannot execute {}", spec.program[0]), &failed);
    Err(match failed.raw_os_error() {
        libc::ENOENT => error.hint("the program or its dynamic loader is not among the spec's mounts"),
        libc::EACCES => error.hint("its mount must have exec set"),
        _ => error,
    })
}

fn set_limits(spec: &Spec, process_limit: Option<u64>) -> Result<()> {
    let limits = &spec.limits;
    let values = [
        // The tree's time is watched from outside; this is for a process that the watchdog could not see.
        (libc::RLIMIT_CPU, limits.cpu_ms.div_ceil(1000) + 1),
        (libc::RLIMIT_NOFILE, limits.files),
        (libc::RLIMIT_FSIZE, limits.file_bytes),
        (libc::RLIMIT_CORE, 0),
        (libc::RLIMIT_MEMLOCK, 0),
        (libc::RLIMIT_MSGQUEUE, 0),
        (libc::RLIMIT_SIGPENDING, 256),
        (libc::RLIMIT_NICE, 0),
        (libc::RLIMIT_RTPRIO, 0),
    ];
    let processes = process_limit.map(|limit| (libc::RLIMIT_NPROC, limit));
    for (resource, limit) in values.into_iter().chain(processes) {
        process::set_rlimit(resource, limit).context("limits", || format!("cannot set resource limit {resource}"))?;
    }
    Ok(())
}

/// Where dynamic loaders are: the kernel executes one with each dynamic program. glibc's and musl's ABI names.
#[cfg(target_arch = "x86_64")]
pub const LOADERS: [&str; 2] = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"];
#[cfg(target_arch = "aarch64")]
pub const LOADERS: [&str; 2] = ["/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"];
