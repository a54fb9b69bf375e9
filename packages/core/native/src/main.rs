//! `skillbox`: runs one program in a sandbox that a JSON spec describes completely.

mod cli;
mod error;
#[cfg(target_os = "linux")]
mod linux;
mod report;
mod spec;
#[cfg(target_os = "linux")]
mod sys;

fn main() {
    std::process::exit(cli::run(std::env::args().skip(1).collect()));
}
