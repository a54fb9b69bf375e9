//! `skillbox`: runs one program in a sandbox that a JSON spec describes completely.

#![cfg_attr(not(test), no_std, no_main)]

#[cfg(not(test))]
mod start;
