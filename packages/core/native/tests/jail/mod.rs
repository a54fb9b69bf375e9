//! Runs shell scripts in the built `skillbox`, with nothing inside but the shell and its libraries.

use std::fs;
use std::io::{self, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

/// A directory of the host that goes with the test.
pub struct TempDir(PathBuf);

impl TempDir {
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("skillbox-test-{}-{number}", std::process::id()));
        fs::create_dir(&path).expect("a temporary directory");
        Self(fs::canonicalize(&path).expect("its real path"))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file");
        path
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A path as JSON has it.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path that is text")
}

/// What a run printed and what was reported of it.
#[derive(Debug)]
pub struct Outcome {
    pub stdout: String,
    pub stderr: String,
    pub status: Option<i32>,
    pub report: Value,
}

pub struct Jail {
    pub spec: Value,
    pub directory: TempDir,
    before_exec: Option<fn() -> io::Result<()>>,
}

impl Jail {
    pub fn new() -> Self {
        let directory = TempDir::new();
        let shell = fs::canonicalize("/bin/sh").expect("a shell").to_string_lossy().into_owned();
        let mut mounts = vec![
            json!({ "kind": "proc", "to": "/proc" }),
            json!({ "kind": "dev", "to": "/dev" }),
            json!({ "kind": "tmpfs", "to": "/tmp", "bytes": 8 << 20, "inodes": 256 }),
            bind(&shell, "/sh"),
            json!({ "kind": "bind", "from": text(directory.path()), "to": "/work", "mode": "ro", "exec": false, "mapOwner": true, "untrusted": true }),
        ];
        for library in ["/lib", "/lib64", "/usr/lib", "/usr/lib64"] {
            match fs::read_link(library) {
                Ok(target) => mounts.push(json!({ "kind": "symlink", "to": library, "target": text(&target) })),
                Err(_) if Path::new(library).is_dir() => mounts.push(bind(library, library)),
                Err(_) => {}
            }
        }
        let spec = json!({
            "version": 1, "backend": "namespaces", "program": ["/sh"], "cwd": "/work", "env": { "HOME": "/tmp" },
            "mounts": mounts, "exec": [], "network": { "kind": "none" }, "output": null,
            "limits": {
                "wallMs": 20_000, "cpuMs": 20_000, "memoryBytes": 64 << 20, "pids": 16, "files": 64,
                "fileBytes": 8 << 20, "stdoutBytes": 65_536, "stderrBytes": 65_536,
            },
        });
        Self { spec, directory, before_exec: None }
    }

    pub fn limit(mut self, name: &str, value: u64) -> Self {
        self.spec["limits"][name] = value.into();
        self
    }

    /// Collects what the script leaves in /output.
    pub fn output(mut self, into: &Path) -> Self {
        self.spec["output"] =
            json!({ "to": "/output", "collectInto": text(into), "disposable": false, "bytes": 1 << 20, "inodes": 64 });
        self
    }

    /// As a container runtime that hides clone3(2).
    pub fn without_clone3(mut self) -> Self {
        self.before_exec = Some(hide_clone3);
        self
    }

    /// Called by somebody who ignores how children end.
    pub fn ignoring_children(mut self) -> Self {
        self.before_exec = Some(ignore_children);
        self
    }

    pub fn backend(mut self, name: &str) -> Self {
        self.spec["backend"] = name.into();
        self
    }

    pub fn spawn(&self) -> Child {
        let spec = self.directory.file("spec.json", &self.spec.to_string());
        let report = self.directory.path().join("report.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_skillbox"));
        command
            .args(["exec".as_ref(), "--spec".as_ref(), spec.as_os_str(), "--report".as_ref(), report.as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(prepare) = self.before_exec {
            // SAFETY: only system calls are made between fork and exec, on data that was there before.
            unsafe { command.pre_exec(prepare) };
        }
        command.spawn().expect("skillbox starts")
    }

    /// Runs a shell script given on the command line.
    pub fn run(&mut self, script: &str) -> Outcome {
        self.run_with_input(script, "")
    }

    pub fn run_with_input(&mut self, script: &str, input: &str) -> Outcome {
        self.spec["program"] = json!(["/sh", "-c", script]);
        let mut child = self.spawn();
        // A script that reads nothing closes the pipe.
        let _ = child.stdin.take().map(|mut stdin| stdin.write_all(input.as_bytes()));
        self.outcome(child)
    }

    pub fn outcome(&self, child: Child) -> Outcome {
        let output = child.wait_with_output().expect("skillbox ends");
        let report = fs::read(self.directory.path().join("report.json")).unwrap_or_default();
        Outcome {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            status: output.status.code(),
            report: serde_json::from_slice(&report).unwrap_or(Value::Null),
        }
    }
}

fn ignore_children() -> io::Result<()> {
    // SAFETY: no code of ours is called by it.
    if unsafe { libc::signal(libc::SIGCHLD, libc::SIG_IGN) } == libc::SIG_ERR {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

fn hide_clone3() -> io::Result<()> {
    let instruction = |code: u32, jt, jf, k| libc::sock_filter { code: code as u16, jt, jf, k };
    let mut code = [
        instruction(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        instruction(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, 0, 1, libc::SYS_clone3 as u32),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32),
        instruction(libc::BPF_RET | libc::BPF_K, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: code.len() as u16, filter: code.as_mut_ptr() };
    // SAFETY: `program` points to instructions that live over the call.
    let set = unsafe {
        libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
            && libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) == 0
    };
    if set { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn bind(from: &str, to: &str) -> Value {
    json!({ "kind": "bind", "from": from, "to": to, "mode": "ro", "exec": true, "mapOwner": false, "untrusted": false })
}
