//! Outside of the sandbox: makes it, watches it, ends it, and tells how it went. One thread, one loop.

use core::time::Duration;

use super::bridge::Bridge;
use super::cgroup::{self, Account, Cgroup};
use super::collect::{self, Collected};
use super::doors::Door;
use super::launch::{self, Launched};
use super::message::{self, Message};
use super::private::PrivateDirectories;
use super::relay::{self, Relay, Step};
use super::seccomp::notify::Notifications;
use super::seccomp::rules::Surface;
use super::tree::{self, Tree};
use super::watchdog::{Sample, Watchdog};
use crate::error::{Context, Result, SetupError};
use crate::prelude::*;
use crate::report::{End, Layers, Report, Usage, Violation};
use crate::spec::{self, Network, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::process::{self, Child, Exited};
use crate::sys::time::Instant;
use crate::sys::{fs, io, socket};

/// How often the tree is looked at.
const TICK: Duration = Duration::from_millis(20);
/// The same where only these looks count what it holds.
const COUNTING_TICK: Duration = Duration::from_millis(10);
/// The same where more than half of the memory is in use as well.
const CLOSE_TICK: Duration = Duration::from_millis(4);
/// How long a look is put off, once, where both outputs have ended: mostly the program has too, and somebody waits for
/// the report.
const LAST_MOMENTS: Duration = Duration::from_millis(2);
/// Looking takes at most one part in so many of our time.
const LOOKING_SHARE: u32 = 4;
/// How long a caller that reads nothing can hold up the end.
const DRAIN: Duration = Duration::from_secs(5);
/// So many hidden files are told of.
const MAX_DOORS_TOLD: usize = 32;
const ENDING_SIGNALS: [libc::c_int; 4] = [libc::SIGTERM, libc::SIGINT, libc::SIGHUP, libc::SIGQUIT];

/// Runs the spec to its end. `caller` is watched: when its other side goes, so does the sandbox.
pub fn run(spec: &'static Spec, caller: Option<BorrowedFd<'_>>) -> Report {
    let begun = Instant::now();
    let mut layers = Layers::new();
    match Supervisor::start(spec, begun, &mut layers) {
        Ok(supervisor) => supervisor.finish(caller, layers),
        Err(error) => report(spec, layers, error.into(), Usage::default()),
    }
}

fn report(spec: &Spec, layers: Layers, end: End, usage: Usage) -> Report {
    Report {
        version: spec::VERSION,
        backend: spec.backend.name(),
        layers,
        end,
        usage,
        violations: vec![],
        artifacts: vec![],
        left_out: vec![],
    }
}

struct Supervisor {
    spec: &'static Spec,
    begun: Instant,
    first: Child,
    /// To the first process, which ends when this is closed, whatever closes it.
    socket: OwnedFd,
    signals: OwnedFd,
    surface: Surface,
    cgroup: Option<Cgroup>,
    directories: Option<PrivateDirectories>,
    stdin: Relay,
    stdout: Relay,
    stderr: Relay,
    /// What was hidden of the skill.
    doors: Vec<Door>,
    /// Keeps the run's mount namespace: its end takes the kernel an RCU grace period, for which the first process would
    /// wait, and this process for it.
    mounts: Option<OwnedFd>,
    closed_later: Option<[OwnedFd; 2]>,
    notifications: Option<Notifications>,
    /// To the egress proxy.
    bridge: Option<Bridge>,
    watchdog: Option<Watchdog>,
    output: Option<OwnedFd>,
    peak: Sample,
    /// Whether what others left behind was looked for.
    swept: bool,
    /// Whether the caller is gone.
    orphaned: bool,
    /// Why the run is over, once it is.
    end: Option<End>,
}

impl Supervisor {
    fn start(spec: &'static Spec, begun: Instant, layers: &mut Layers) -> Result<Self> {
        let signals = process::signal_fd(&ENDING_SIGNALS).context("protocol", || "cannot take signals")?;
        let stream = |number| relay::standard_stream(number).context("program", || "a standard stream is closed");
        let (stdin, stdout, stderr) = (stream(0)?, stream(1)?, stream(2)?);
        let launched: Launched = launch::launch(spec, layers)?;
        fd::set_nonblocking(launched.stdin.as_fd()).context("program", || "cannot prepare a pipe")?;
        Ok(Self {
            spec,
            begun,
            first: launched.first,
            socket: launched.socket,
            signals,
            surface: launched.surface,
            cgroup: launched.cgroup,
            directories: launched.directories,
            stdin: Relay::new(stdin, launched.stdin, u64::MAX),
            stdout: Relay::new(launched.stdout, stdout, spec.limits.stdout_bytes),
            stderr: Relay::new(launched.stderr, stderr, spec.limits.stderr_bytes),
            doors: launched.doors,
            mounts: launched.mounts,
            closed_later: None,
            notifications: None,
            bridge: None,
            watchdog: None,
            output: None,
            peak: Sample::default(),
            swept: false,
            orphaned: false,
            end: None,
        })
    }

    /// Waits for the end, brings it about where a limit is hit, and cleans up.
    fn finish(mut self, caller: Option<BorrowedFd<'_>>, layers: Layers) -> Report {
        if let Err(error) = self.watch(caller) {
            self.end = Some(SetupError::system("protocol", "the supervisor failed", &error).into());
        }
        let wall = self.begun.elapsed();
        let (exited, account) = self.end_tree();
        drop(self.bridge.take());
        self.last_look(exited.as_ref(), account);
        self.drain();

        let end = self.end.take().unwrap_or(End::Signalled { signal: libc::SIGKILL });
        let collected = match (&self.spec.output, &self.output) {
            (Some(spec), _) if self.orphaned && spec.disposable => {
                // Whoever made it can no longer remove it.
                let _ = fs::remove_dir(&spec.collect_into);
                Collected::default()
            }
            (Some(spec), Some(from)) => collect::collect(from.as_fd(), &spec.collect_into, spec.bytes),
            _ => Collected::default(),
        };
        if let Some(directories) = &self.directories {
            directories.remove();
        }
        drop(self.cgroup.take());
        let usage = Usage {
            wall_ms: round(wall.as_secs_f64() * 1e3),
            cpu_ms: round(self.peak.cpu_ms),
            peak_memory_bytes: self.peak.memory_bytes,
            max_pids: self.peak.pids.max(1),
        };
        let report = Report {
            violations: self.violations(),
            artifacts: collected.artifacts,
            left_out: collected.left_out,
            ..report(self.spec, layers, end, usage)
        };
        // This process ends, and the kernel closes all descriptors at once.
        core::mem::forget(self);
        report
    }

    fn violations(&self) -> Vec<Violation> {
        let hidden = |door: &Door| Violation { kind: door.kind.violation(), what: door.path.clone(), count: 1 };
        let refused = self.notifications.as_ref().map(Notifications::violations).unwrap_or_default();
        refused.into_iter().chain(self.doors.iter().take(MAX_DOORS_TOLD).map(hidden)).collect()
    }

    /// Ends every process of the run and waits until all are gone.
    fn end_tree(&mut self) -> (Option<Exited>, Option<Account>) {
        let account = |cgroup: &mut Option<Cgroup>| cgroup.as_mut().map(Cgroup::account);
        match self.surface {
            // The kernel ends every process of a PID namespace with its first one.
            Surface::Namespaces => {
                let _ = process::kill(self.first.pidfd.as_fd(), libc::SIGKILL);
                // They can do nothing any more that would change this.
                let account = account(&mut self.cgroup);
                // Mostly nobody is left but the first process, which is not in it and takes its time to end.
                if let Some(cgroup) = &mut self.cgroup {
                    cgroup.remove_if_empty();
                }
                (process::wait(self.first.pid).ok(), account)
            }
            // The first process ends the others; if it was killed itself, they are ours.
            Surface::Host => {
                // Fails only when there is no first process any more.
                let _ = message::send_end(self.socket.as_fd());
                let exited = process::wait(self.first.pid).ok();
                let _ = tree::end_descendants();
                (exited, account(&mut self.cgroup))
            }
        }
    }

    fn watch(&mut self, caller: Option<BorrowedFd<'_>>) -> io::Result<()> {
        let deadline = self.begun + Duration::from_millis(self.spec.limits.wall_ms);
        let mut next_look = Instant::now() + if self.cgroup.is_some() { TICK } else { COUNTING_TICK };
        let mut outputs_ended = false;
        while self.end.is_none() {
            let now = Instant::now();
            if now >= deadline {
                self.end = Some(End::Time { limit_ms: self.spec.limits.wall_ms });
                break;
            }
            if now >= next_look && !outputs_ended && self.stdout.done() && self.stderr.done() {
                (outputs_ended, next_look) = (true, now + LAST_MOMENTS);
            }
            if now >= next_look {
                let tick = self.look();
                // A tree that takes long to look at must not keep us from everything else.
                next_look = Instant::now() + tick.max(now.elapsed() * LOOKING_SHARE);
                if self.end.is_some() {
                    break;
                }
            }
            let wait = next_look.min(deadline).saturating_duration_since(Instant::now());
            // While the root is built there is better to do, and nobody who reads.
            let [stdin_from, stdin_to] = match self.watchdog {
                Some(_) => self.stdin.interests(),
                None => [fd::pollfd(None, 0); 2],
            };
            let [stdout_from, stdout_to] = self.stdout.interests();
            let [stderr_from, stderr_to] = self.stderr.interests();
            let mut entries = [
                fd::pollfd(Some(self.socket.as_fd()), libc::POLLIN),
                fd::pollfd(self.notifications.as_ref().and_then(Notifications::descriptor), libc::POLLIN),
                fd::pollfd(Some(self.signals.as_fd()), libc::POLLIN),
                fd::pollfd(caller, 0),
                fd::pollfd(Some(self.first.pidfd.as_fd()), libc::POLLIN),
                stdin_from,
                stdin_to,
                stdout_from,
                stdout_to,
                stderr_from,
                stderr_to,
            ];
            // Rounded up, or the last part of a millisecond would be spent in a busy loop.
            fd::poll(&mut entries, Some(wait.as_micros().div_ceil(1000) as u64))?;
            let ready = entries.map(|entry| entry.revents);

            if ready[0] != 0 {
                self.hear();
            }
            if let Some(notifications) = self.notifications.as_mut().filter(|_| ready[1] != 0) {
                notifications.serve(ready[1], self.watchdog.as_ref(), self.spec.limits.pids);
            }
            self.orphaned = ready[3] & (libc::POLLERR | libc::POLLHUP | libc::POLLNVAL) != 0;
            if ready[2] != 0 || self.orphaned {
                self.end.get_or_insert(End::Cancelled);
            }
            if ready[4] != 0 && ready[0] == 0 {
                // The first process ended without a word: killed from outside, or by the kernel for want of memory.
                self.end.get_or_insert(End::Signalled { signal: libc::SIGKILL });
            }
            // A program that reads nothing of its input is no failure.
            self.stdin.step([ready[5], ready[6]])?;
            let outputs = [
                (&mut self.stdout, "stdout", [ready[7], ready[8]]),
                (&mut self.stderr, "stderr", [ready[9], ready[10]]),
            ];
            for (relay, stream, ready) in outputs {
                match relay.step(ready)? {
                    Step::Fine => {}
                    Step::OverLimit => {
                        let limits = &self.spec.limits;
                        let limit_bytes = if stream == "stdout" { limits.stdout_bytes } else { limits.stderr_bytes };
                        self.end.get_or_insert(End::Output { stream, limit_bytes });
                    }
                    // Like SIGPIPE: nobody wants the rest.
                    Step::ReaderGone => {
                        self.end.get_or_insert(End::Cancelled);
                    }
                }
            }
        }
        Ok(())
    }

    fn hear(&mut self) {
        match message::receive(self.socket.as_fd()) {
            Ok(Message::Ready { proc, output, tmpfs }) => {
                let tree = match self.surface {
                    Surface::Namespaces => Tree::Namespace { proc },
                    Surface::Host => Tree::Descendants { proc, first: self.first.pid.unsigned_abs() },
                };
                self.watchdog = Some(Watchdog::new(tree, tmpfs));
                self.output = output;
                // The program is on its way: what else there is to do, nobody waits for now.
                if let Some(cgroup) = &mut self.cgroup {
                    cgroup.open_facts();
                }
                self.closed_later = self.mounts.take().and_then(|mounts| socket::close_later(mounts).ok());
            }
            Ok(Message::Filter(listener)) => {
                let programs = self.spec.exec.clone();
                let memory = self.spec.limits.memory_bytes;
                self.notifications = Some(Notifications::new(listener, self.surface, programs, memory));
            }
            Ok(Message::Listener(listener)) => self.open_bridge(listener),
            Ok(Message::Exited(status)) => {
                self.end.get_or_insert(ended(status));
            }
            Ok(Message::Failed(error)) => {
                self.end.get_or_insert(error.into());
            }
            Ok(Message::Closed) => {
                self.end.get_or_insert(End::Signalled { signal: libc::SIGKILL });
            }
            Err(e) => {
                self.end.get_or_insert(SetupError::system("protocol", "cannot hear the first process", &e).into());
            }
        }
    }

    fn open_bridge(&mut self, listener: OwnedFd) {
        let Network::Proxy { socket, .. } = &self.spec.network else { return };
        match Bridge::start(listener, socket.clone()) {
            Ok(bridge) => self.bridge = Some(bridge),
            Err(e) => {
                self.end.get_or_insert(SetupError::system("network", "cannot carry to the proxy", &e).into());
            }
        }
    }

    /// Looks at the tree and ends the run where it holds or has used too much. Returns the time to the next look.
    fn look(&mut self) -> Duration {
        let Some(watchdog) = &mut self.watchdog else { return TICK };
        // A run that is over before has better to do.
        if let Some(cgroup) = self.cgroup.as_ref().filter(|_| !core::mem::replace(&mut self.swept, true)) {
            cgroup::sweep(cgroup);
        }
        let mut sample = watchdog.look(self.cgroup.as_mut(), self.spec.limits.memory_bytes);
        if let Some(notifications) = &self.notifications {
            sample.out_of_pids |= notifications.out_of_pids();
            if self.cgroup.is_none() {
                sample.memory_bytes += notifications.shared_bytes();
            }
        }
        if let Some(directories) = &self.directories {
            let held = directories.examine();
            let nameless = watchdog.nameless_bytes(directories.root(), self.spec.limits.file_bytes);
            let used_bytes = held.bytes + nameless;
            sample.memory_bytes += used_bytes;
            if held.over || used_bytes > directories.bytes() {
                self.end = Some(End::Disk { used_bytes });
            }
        }
        self.remember(sample);
        let limits = &self.spec.limits;
        if sample.out_of_memory || sample.memory_bytes > limits.memory_bytes {
            self.end = Some(self.out_of_memory());
        } else if sample.cpu_ms > limits.cpu_ms as f64 {
            self.end = Some(End::Cpu { limit_ms: limits.cpu_ms, used_ms: sample.cpu_ms as u64 });
        } else if sample.out_of_pids || sample.pids > limits.pids {
            self.end = Some(End::Pids { limit: limits.pids });
        }
        match self.cgroup {
            Some(_) => TICK,
            None if sample.memory_bytes > limits.memory_bytes / 2 => CLOSE_TICK,
            None => COUNTING_TICK,
        }
    }

    fn remember(&mut self, sample: Sample) {
        self.peak.memory_bytes = self.peak.memory_bytes.max(sample.memory_bytes);
        self.peak.cpu_ms = self.peak.cpu_ms.max(sample.cpu_ms);
        self.peak.pids = self.peak.pids.max(sample.pids);
    }

    fn out_of_memory(&self) -> End {
        End::Memory { limit_bytes: self.spec.limits.memory_bytes, used_bytes: self.peak.memory_bytes }
    }

    /// After the end: what only the whole tells, and what the kernel did before the watchdog could look.
    fn last_look(&mut self, exited: Option<&Exited>, account: Option<Account>) {
        if let Some(exited) = exited {
            self.peak.cpu_ms = self.peak.cpu_ms.max(exited.cpu_ms);
            self.peak.memory_bytes = self.peak.memory_bytes.max(exited.max_rss_bytes);
        }
        let Some(account) = account else { return };
        self.peak.cpu_ms = self.peak.cpu_ms.max(account.cpu_ms.unwrap_or(0.0));
        self.peak.memory_bytes = self.peak.memory_bytes.max(account.peak_memory_bytes);
        if account.out_of_memory && matches!(self.end, Some(End::Signalled { .. } | End::Exited { .. }) | None) {
            self.end = Some(self.out_of_memory());
        } else if let Some(End::Signalled { signal: libc::SIGXCPU | libc::SIGKILL }) = self.end {
            let limit_ms = self.spec.limits.cpu_ms;
            if self.peak.cpu_ms >= limit_ms as f64 {
                self.end = Some(End::Cpu { limit_ms, used_ms: self.peak.cpu_ms as u64 });
            }
        }
    }

    /// Passes on what the program had written when it ended. Its side of every pipe is closed by now.
    fn drain(&mut self) {
        let give_up = Instant::now() + DRAIN;
        for relay in [&mut self.stdout, &mut self.stderr] {
            while !relay.done() && Instant::now() < give_up {
                let mut entries = relay.interests();
                if fd::poll(&mut entries, Some(100)).is_err() {
                    break;
                }
                match relay.step(entries.map(|entry| entry.revents)) {
                    Ok(Step::Fine) => {}
                    Ok(Step::OverLimit | Step::ReaderGone) | Err(_) => break,
                }
            }
        }
    }
}

fn ended(status: i32) -> End {
    if libc::WIFSIGNALED(status) {
        End::Signalled { signal: libc::WTERMSIG(status) }
    } else {
        End::Exited { code: libc::WEXITSTATUS(status) }
    }
}

fn round(ms: f64) -> f64 {
    // Not `round`, which needs a library of mathematics; times are positive and small.
    (ms * 100.0 + 0.5) as u64 as f64 / 100.0
}
