//! Isolation on Linux, one file a mechanism.

pub mod cgroup;
pub mod collect;
pub mod doctor;
pub mod identity;
pub mod init;
pub mod landlock;
pub mod message;
pub mod program;
pub mod relay;
pub mod root;
pub mod seccomp;
pub mod supervisor;
pub mod watchdog;
