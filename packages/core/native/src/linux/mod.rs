//! Isolation on Linux, one file a mechanism.

pub mod bridge;
pub mod cgroup;
pub mod collect;
pub mod deleted_mappings;
pub mod doctor;
pub mod doors;
mod gate;
pub mod identity;
pub mod init;
pub mod landlock;
pub mod launch;
pub mod message;
pub mod network;
pub mod private;
pub mod processor_time;
pub mod program;
pub mod reaper;
pub mod relay;
pub mod root;
pub mod seccomp;
pub mod supervisor;
pub mod tree;
pub mod watchdog;
