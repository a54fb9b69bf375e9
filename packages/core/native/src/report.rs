//! What is told about a run, on fd 4, by the supervisor alone. Twin of `src/sandbox/report.ts`.

use alloc::collections::BTreeMap;

use serde::Serialize;

use crate::error::SetupError;
use crate::prelude::*;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub version: u32,
    pub backend: &'static str,
    /// What was in force.
    pub layers: Layers,
    pub end: End,
    pub usage: Usage,
    pub violations: Vec<Violation>,
    pub artifacts: Vec<Artifact>,
    pub left_out: Vec<LeftOut>,
}

/// Layer name → on, off, or which kind.
pub type Layers = BTreeMap<&'static str, LayerState>;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LayerState {
    Is(bool),
    Version(u32),
    Kind(&'static str),
}

/// The one reason why a run ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase", tag = "kind")]
pub enum End {
    Exited {
        code: i32,
    },
    Signalled {
        signal: i32,
    },
    Time {
        limit_ms: u64,
    },
    Cpu {
        limit_ms: u64,
        used_ms: u64,
    },
    Memory {
        limit_bytes: u64,
        used_bytes: u64,
    },
    Pids {
        limit: u64,
    },
    /// A private directory on the host's disk grew beyond its cap (landlock backend; a private file system has no room).
    Disk {
        used_bytes: u64,
    },
    Output {
        stream: &'static str,
        limit_bytes: u64,
    },
    Cancelled,
    SetupFailed {
        layer: &'static str,
        errno: String,
        message: String,
        hint: String,
    },
}

impl End {
    /// What `skillbox exec` exits with, the same numbers as the `skilllite` command.
    pub fn exit_code(&self) -> i32 {
        match self {
            Self::Exited { code } => *code,
            Self::Signalled { signal } => 128 + signal,
            Self::Time { .. } | Self::Cpu { .. } => 124,
            Self::Memory { .. } => 137,
            Self::Pids { .. } | Self::Disk { .. } | Self::Output { .. } => 128 + libc::SIGKILL,
            Self::Cancelled => 128 + libc::SIGTERM,
            Self::SetupFailed { .. } => 125,
        }
    }
}

impl From<SetupError> for End {
    fn from(error: SetupError) -> Self {
        Self::SetupFailed {
            layer: error.layer,
            errno: crate::sys::errno_name(error.errno),
            message: error.message,
            hint: error.hint,
        }
    }
}

/// Times in ms, sizes in bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Usage {
    pub wall_ms: f64,
    pub cpu_ms: f64,
    pub peak_memory_bytes: u64,
    pub max_pids: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Violation {
    pub kind: &'static str,
    pub what: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Artifact {
    pub path: String,
    pub bytes: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    pub path: String,
    pub reason: &'static str,
}
