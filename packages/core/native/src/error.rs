//! Why a sandbox could not be set up: which layer, the system's own reason, and what would help.

use core::fmt;

use crate::prelude::*;
use crate::sys::io;

/// A protection that could not be put up. Nothing has run when one of these is reported.
#[derive(Debug, Clone)]
pub struct SetupError {
    /// The name of the layer, as in the report and in `doctor`.
    pub layer: &'static str,
    /// The number behind `errno`, 0 where there is none.
    pub errno: i32,
    pub message: String,
    pub hint: String,
}

pub type Result<T> = core::result::Result<T, SetupError>;

impl SetupError {
    pub fn new(layer: &'static str, message: impl Into<String>) -> Self {
        Self { layer, errno: 0, message: message.into(), hint: String::new() }
    }

    /// From a failed system call: `what` says what was being done to what.
    pub fn system(layer: &'static str, what: impl fmt::Display, error: &io::Error) -> Self {
        Self { layer, errno: error.raw_os_error(), message: format!("{what}: {error}"), hint: String::new() }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.layer, self.message)?;
        if !self.hint.is_empty() {
            write!(f, " ({})", self.hint)?;
        }
        Ok(())
    }
}

/// Adds the layer and what was being done to a failed system call.
pub trait Context<T> {
    fn context<D: fmt::Display>(self, layer: &'static str, what: impl FnOnce() -> D) -> Result<T>;
}

impl<T> Context<T> for io::Result<T> {
    fn context<D: fmt::Display>(self, layer: &'static str, what: impl FnOnce() -> D) -> Result<T> {
        self.map_err(|e| SetupError::system(layer, what(), &e))
    }
}
