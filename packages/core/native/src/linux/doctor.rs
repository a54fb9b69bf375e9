//! Tells what this system can enforce, by doing it: each backend runs this very program inside a sandbox.

use core::fmt;

use serde::Serialize;
use serde_json::{Value, json};

use super::cgroup::Cgroup;
use crate::prelude::*;
use crate::spec::Limits;
use crate::sys::fd::{self, AsFd, BorrowedFd};
use crate::sys::process::{self, Fork};
use crate::sys::{c_string, fs, io};

const MAX_REPORT_BYTES: usize = 1 << 20;

#[derive(Debug, Serialize)]
pub struct Examination {
    pub version: &'static str,
    pub backends: Vec<Backend>,
}

#[derive(Debug, Serialize)]
pub struct Backend {
    pub name: &'static str,
    pub usable: bool,
    pub layers: Vec<Layer>,
}

#[derive(Debug, Serialize)]
pub struct Layer {
    pub name: String,
    pub on: bool,
    /// Which kind is on, or why it is off.
    pub reason: String,
    /// What would turn it on; empty where it is on.
    pub fix: String,
}

/// Sets up one sandbox of each kind.
pub fn examine() -> Examination {
    Examination { version: env!("CARGO_PKG_VERSION"), backends: vec![backend("namespaces"), backend("landlock")] }
}

fn backend(name: &'static str) -> Backend {
    match try_run(name) {
        Ok(report) => from_report(name, &report),
        Err(error) => {
            let layer = Layer { name: "skillbox".into(), on: false, reason: error.to_string(), fix: String::new() };
            Backend { name, usable: false, layers: vec![layer] }
        }
    }
}

/// This program again: its spec by a pipe, its report by another one, and what it prints to nobody.
fn try_run(backend: &str) -> io::Result<Value> {
    let path = fs::own_path()?;
    let (spec, to_spec) = fd::pipe(0)?;
    let (from_report, report) = fd::pipe(0)?;
    // A spec as short as this one fits into a pipe that nobody reads yet.
    fd::write_all(to_spec.as_fd(), probe_spec(backend, &path).to_string().as_bytes())?;
    drop(to_spec);
    let child = match process::fork(0, None)? {
        Fork::Child => {
            let _ = execute_with(&path, spec.as_fd(), report.as_fd());
            process::exit_now(127)
        }
        Fork::Parent(child) => child,
    };
    drop((spec, report));
    let json = fd::read_to_end(from_report.as_fd(), MAX_REPORT_BYTES)?;
    process::wait(child.pid)?;
    serde_json::from_slice(&json).map_err(|_| io::Error::from_raw_os_error(libc::EIO))
}

fn execute_with(path: &str, spec: BorrowedFd<'_>, report: BorrowedFd<'_>) -> io::Result<()> {
    let null = fs::open("/dev/null", libc::O_RDWR)?;
    // Above all that may be in the way of the numbers 3 and 4.
    let (spec, report) = (fd::dup_above(spec, 10)?, fd::dup_above(report, 10)?);
    for (from, to) in [(null.as_fd(), 0), (null.as_fd(), 1), (null.as_fd(), 2), (spec.as_fd(), 3), (report.as_fd(), 4)]
    {
        fd::dup_onto(from, to)?;
    }
    let arguments = [c_string(path)?, c_string("exec")?];
    Err(process::execute(&arguments[0], &arguments, &[], process::NO_PASS))
}

fn probe_spec(backend: &str, program: &str) -> Value {
    json!({
        "version": 1, "backend": backend, "program": ["/skillbox", "--version"], "cwd": "/", "env": {},
        "mounts": [
            { "kind": "bind", "from": program, "to": "/skillbox", "mode": "ro", "exec": true, "mapOwner": false,
              "untrusted": false },
            { "kind": "proc", "to": "/proc" },
            { "kind": "dev", "to": "/dev" },
            { "kind": "tmpfs", "to": "/tmp", "bytes": 1 << 20, "inodes": 64 },
        ],
        "exec": [], "network": { "kind": "none" }, "output": null,
        "limits": {
            "wallMs": 10_000, "cpuMs": 10_000, "memoryBytes": 64 << 20, "pids": 16, "files": 64, "fileBytes": 1 << 20,
            "stdoutBytes": 4096, "stderrBytes": 4096,
        },
    })
}

fn from_report(name: &'static str, report: &Value) -> Backend {
    let end = &report["end"];
    let text = |field: &str| end[field].as_str().unwrap_or_default().to_owned();
    // A program that is not there is past every protection: a skillbox that is not static finds no loader inside.
    let set_up = end["kind"] != "setup-failed" || end["layer"] == "program";
    let states = report["layers"].as_object().into_iter().flatten();
    let mut layers: Vec<Layer> = states.map(|(name, state)| layer(name, state)).collect();
    if !set_up {
        layers.retain(|layer| layer.name != text("layer"));
        layers.push(Layer { name: text("layer"), on: false, reason: text("message"), fix: text("hint") });
    }
    Backend { name, usable: set_up, layers }
}

fn layer(name: &str, state: &Value) -> Layer {
    let on = *state != Value::Bool(false);
    let (reason, fix) = match (name, state) {
        ("landlock", Value::Number(version)) => (format!("version {version}"), ""),
        ("cgroup", Value::String(version)) => (version.clone(), ""),
        ("landlock", _) => (
            "this kernel has no Landlock, or it is not switched on".to_owned(),
            "start the kernel with lsm=landlock,… (Linux 5.13 or later)",
        ),
        ("cgroup", _) => (
            format!("no group can be made ({}); the watchdog counts instead", cgroup_reason()),
            "run it where memory and pids are delegated: `systemd-run --user --scope -p Delegate=yes …`",
        ),
        _ => (String::new(), ""),
    };
    Layer { name: name.to_owned(), on, reason, fix: fix.to_owned() }
}

fn cgroup_reason() -> String {
    let any = Limits {
        wall_ms: 1,
        cpu_ms: 1,
        memory_bytes: 64 << 20,
        pids: 16,
        files: 1,
        file_bytes: 1,
        stdout_bytes: 1,
        stderr_bytes: 1,
    };
    Cgroup::create(&any).err().map_or_else(|| "it works now".to_owned(), |e| e.to_string())
}

impl fmt::Display for Examination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "skillbox {}", self.version)?;
        for backend in &self.backends {
            writeln!(f, "\n{}: {}", backend.name, if backend.usable { "usable" } else { "not usable" })?;
            for layer in &backend.layers {
                let state = if layer.on { "on " } else { "off" };
                let reason = if layer.reason.is_empty() { String::new() } else { format!(" ({})", layer.reason) };
                writeln!(f, "  {state}  {}{reason}", layer.name)?;
                if !layer.fix.is_empty() {
                    writeln!(f, "       to turn it on: {}", layer.fix)?;
                }
            }
        }
        Ok(())
    }
}
