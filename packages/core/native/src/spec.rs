//! The sandbox spec: everything about one run, decided by the caller. Twin of `src/sandbox/spec.ts`.
//!
//! Nothing has a default and an unknown field is an error, so a caller and a `skillbox` that disagree about a
//! protection can never run with the weaker reading.

mod mount;

use alloc::collections::BTreeMap;

use serde::Deserialize;

use crate::error::SetupError;
use crate::prelude::*;

/// The only version there is.
pub const VERSION: u32 = 1;
/// A spec larger than this is refused: the real ones are a few KiB.
pub const MAX_BYTES: usize = 4 << 20;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Spec {
    pub version: u32,
    pub backend: Backend,
    /// Command line; the first element is an absolute path inside.
    pub program: Vec<String>,
    pub cwd: String,
    /// The whole environment.
    pub env: BTreeMap<String, String>,
    /// In order: a parent stands before what lies in it.
    pub mounts: Vec<Mount>,
    /// Absolute paths inside that may be executed after the first program.
    pub exec: Vec<String>,
    pub network: Network,
    pub limits: Limits,
    // Named, or serde would take a missing field for `null`.
    #[serde(deserialize_with = "Option::deserialize")]
    pub output: Option<Output>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backend {
    Namespaces,
    Landlock,
}

impl Backend {
    pub fn name(self) -> &'static str {
        match self {
            Self::Namespaces => "namespaces",
            Self::Landlock => "landlock",
        }
    }
}

#[derive(Debug, Clone)]
pub enum Mount {
    /// A file or directory of the host.
    Bind {
        from: String,
        to: String,
        mode: Mode,
        exec: bool,
        map_owner: bool,
        /// A stranger's: what leads out of it is hidden.
        untrusted: bool,
    },
    /// Private, empty, gone afterwards.
    Tmpfs {
        to: String,
        bytes: u64,
        inodes: u64,
    },
    /// A read-only file with this text.
    File {
        to: String,
        text: String,
    },
    Symlink {
        to: String,
        target: String,
    },
    /// The sandbox's own processes only.
    Proc {
        to: String,
    },
    /// null, zero, full, random, urandom and the links to the standard streams.
    Dev {
        to: String,
    },
}

impl Mount {
    /// Whether a directory of the host may be changed through it.
    pub fn is_writable(&self) -> bool {
        matches!(self, Self::Bind { mode: Mode::Rw, .. })
    }

    /// Where it appears inside.
    pub fn to(&self) -> &str {
        match self {
            Self::Bind { to, .. }
            | Self::Tmpfs { to, .. }
            | Self::File { to, .. }
            | Self::Symlink { to, .. }
            | Self::Proc { to }
            | Self::Dev { to } => to,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Ro,
    Rw,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", tag = "kind")]
pub enum Network {
    // With braces: of a variant without any, serde would take any field.
    None {},
    /// TCP to `127.0.0.1:port` inside is carried to a Unix socket of the host, and nothing else is there. The socket is
    /// the run's own: it is removed at its end, and its directory where nothing else is in it.
    Proxy {
        socket: String,
        port: u16,
    },
}

/// Times in ms, sizes in bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Limits {
    pub wall_ms: u64,
    pub cpu_ms: u64,
    pub memory_bytes: u64,
    /// Processes and threads.
    pub pids: u64,
    /// Open files a process.
    pub files: u64,
    /// Size of one file.
    pub file_bytes: u64,
    pub stdout_bytes: u64,
    pub stderr_bytes: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Output {
    /// Absolute path inside.
    pub to: String,
    /// Existing directory of the host.
    pub collect_into: String,
    /// Made for this run alone: nobody wants it when the caller is gone.
    pub disposable: bool,
    pub bytes: u64,
    pub inodes: u64,
}

/// Told of a spec that is not even read to its end.
pub fn too_large() -> SetupError {
    invalid(format!("the spec is larger than {MAX_BYTES} bytes"))
}

impl Spec {
    /// Reads and checks a spec.
    pub fn parse(json: &[u8]) -> Result<Self, SetupError> {
        if json.len() > MAX_BYTES {
            return Err(too_large());
        }
        let spec: Self = serde_json::from_slice(json).map_err(|e| invalid(e.to_string()))?;
        spec.check()?;
        Ok(spec)
    }

    fn check(&self) -> Result<(), SetupError> {
        if self.version != VERSION {
            return Err(invalid(format!("version {} is not known, only {VERSION}", self.version)));
        }
        let Some(program) = self.program.first() else {
            return Err(invalid("program is empty".into()));
        };
        check_path("program[0]", program)?;
        check_path("cwd", &self.cwd)?;
        for argument in &self.program {
            check_no_nul("program", argument)?;
        }
        for (name, value) in &self.env {
            if name.is_empty() || name.contains('=') {
                return Err(invalid(format!("env has a variable with the name {name:?}")));
            }
            check_no_nul("env", name)?;
            check_no_nul("env", value)?;
        }
        for mount in &self.mounts {
            check_path("mounts[].to", mount.to())?;
            match mount {
                Mount::Bind { from, .. } => check_path("mounts[].from", from)?,
                Mount::Symlink { target, .. } => check_no_nul("mounts[].target", target)?,
                Mount::Tmpfs { bytes, inodes, .. } => {
                    check_limit("mounts[].bytes", *bytes)?;
                    check_limit("mounts[].inodes", *inodes)?;
                }
                Mount::File { .. } | Mount::Proc { .. } | Mount::Dev { .. } => {}
            }
        }
        for path in &self.exec {
            check_path("exec", path)?;
        }
        if let Some(output) = &self.output {
            check_path("output.to", &output.to)?;
            check_path("output.collectInto", &output.collect_into)?;
            check_limit("output.bytes", output.bytes)?;
            check_limit("output.inodes", output.inodes)?;
        }
        if let Network::Proxy { socket, port } = &self.network {
            check_path("network.socket", socket)?;
            check_limit("network.port", u64::from(*port))?;
        }
        self.limits.check()
    }
}

impl Limits {
    fn check(&self) -> Result<(), SetupError> {
        // 0 means "no limit" to several kernel interfaces, so it is never a value here.
        check_limit("limits.wallMs", self.wall_ms)?;
        check_limit("limits.cpuMs", self.cpu_ms)?;
        check_limit("limits.memoryBytes", self.memory_bytes)?;
        check_limit("limits.pids", self.pids)?;
        check_limit("limits.files", self.files)?;
        check_limit("limits.fileBytes", self.file_bytes)?;
        check_limit("limits.stdoutBytes", self.stdout_bytes)?;
        check_limit("limits.stderrBytes", self.stderr_bytes)
    }
}

fn check_limit(field: &str, value: u64) -> Result<(), SetupError> {
    // 2^53 - 1 is the largest integer that the JavaScript side can mean exactly.
    if value == 0 || value > (1 << 53) - 1 {
        return Err(invalid(format!("{field} must be between 1 and 2^53 - 1, got {value}")));
    }
    Ok(())
}

fn check_no_nul(field: &str, text: &str) -> Result<(), SetupError> {
    if text.contains('\0') {
        return Err(invalid(format!("{field} holds a NUL byte")));
    }
    Ok(())
}

/// Absolute, and without `.`, `..` or empty parts: what is checked is what the kernel resolves.
fn check_path(field: &str, path: &str) -> Result<(), SetupError> {
    check_no_nul(field, path)?;
    let Some(rest) = path.strip_prefix('/') else {
        return Err(invalid(format!("{field} must be an absolute path, got {path:?}")));
    };
    if path != "/" && rest.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(invalid(format!("{field} must be a plain absolute path, got {path:?}")));
    }
    Ok(())
}

fn invalid(message: String) -> SetupError {
    SetupError::new("spec", format!("the sandbox spec is not valid: {message}"))
        .hint("this is a bug of the program that wrote the spec, or its version differs from skillbox's")
}

#[cfg(test)]
mod fuzz;
