//! Runs one program in a sandbox that a JSON spec describes completely.
//!
//! Without the standard library, and without a C library below it: what those do before `main` takes half a
//! millisecond, a third of what a whole sandbox may take.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod cli;
mod error;
mod linux;
mod prelude;
mod report;
mod spec;
pub mod sys;
