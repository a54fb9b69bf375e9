//! The command line.

use crate::error::SetupError;
use crate::linux::{doctor, supervisor};
use crate::prelude::*;
use crate::report::Report;
use crate::spec::{self, Spec};
use crate::sys::fd::{self, AsFd, BorrowedFd, OwnedFd};
use crate::sys::{fs, io, process};

const HELP: &str = "\
skillbox: runs one program in a native sandbox

Usage:
  skillbox exec [--spec FILE] [--report FILE]
  skillbox doctor [--json]
  skillbox --help | --version

exec    Runs the program of a sandbox spec, JSON as in the documentation of SkillLite's sandbox. The spec is read from
        descriptor 3 and a report, JSON too, is written to descriptor 4, unless files are named. The program's standard
        streams are passed through. SIGTERM ends the run, and so does the other side of descriptor 4 when it closes.
        The exit status is the program's; 124 after a time limit, 125 when the sandbox could not be set up (and nothing
        has run), 137 after the memory limit, 128 + N when signal N ended the program.
doctor  Sets up a sandbox of each kind and tells which layers are on, and what would turn on those that are not.

Example:
  skillbox exec --spec spec.json --report report.json
";

/// Status of a command line that is not understood.
pub const USAGE_ERROR: i32 = 2;
/// Status where the sandbox could not be set up, and of a fault of ours.
pub const SETUP_FAILED: i32 = 125;
const SPEC_FD: i32 = 3;
const REPORT_FD: i32 = 4;

/// Runs the command and returns its exit status.
pub fn run(arguments: &[&str]) -> i32 {
    let prepared = fd::fill_standard_streams()
        .and_then(|()| process::ignore_broken_pipes())
        .and_then(|()| process::keep_ended_children());
    if let Err(e) = prepared {
        return usage_error(&format!("cannot start: {e}"));
    }
    match arguments {
        ["exec", options @ ..] => match ExecOptions::parse(options) {
            Ok(options) => exec(&options),
            Err(message) => usage_error(&message),
        },
        ["doctor"] => print(&doctor::examine().to_string()),
        ["doctor", "--json"] => match serde_json::to_string_pretty(&doctor::examine()) {
            Ok(json) => print(&format!("{json}\n")),
            Err(e) => usage_error(&e.to_string()),
        },
        ["--help" | "-h" | "help"] => print(HELP),
        ["--version" | "-V"] => print(&format!("skillbox {}\n", env!("CARGO_PKG_VERSION"))),
        [] => usage_error("a command is missing"),
        [other, ..] => usage_error(&format!("{other:?} is not known here")),
    }
}

/// Writes to one of our own standard streams.
pub fn put(number: i32, text: &str) {
    // SAFETY: the standard streams are open from the start and never closed.
    let stream = unsafe { BorrowedFd::borrow_raw(number) };
    let _ = fd::write_all(stream, text.as_bytes());
}

fn print(text: &str) -> i32 {
    // A reader that has gone away is no failure of ours.
    put(1, text);
    0
}

fn usage_error(message: &str) -> i32 {
    put(2, &format!("skillbox: {message}\nRun `skillbox --help` for what there is.\n"));
    USAGE_ERROR
}

#[derive(Debug, Default)]
struct ExecOptions<'a> {
    spec: Option<&'a str>,
    report: Option<&'a str>,
}

impl<'a> ExecOptions<'a> {
    fn parse(mut options: &[&'a str]) -> Result<Self, String> {
        let mut parsed = Self::default();
        loop {
            match options {
                [] => return Ok(parsed),
                ["--spec", file, rest @ ..] => (parsed.spec, options) = (Some(*file), rest),
                ["--report", file, rest @ ..] => (parsed.report, options) = (Some(*file), rest),
                [other, ..] => return Err(format!("exec does not take {other:?}, or its value is missing")),
            }
        }
    }
}

fn exec(options: &ExecOptions<'_>) -> i32 {
    match read_spec(options).and_then(|spec| Ok((spec, open_report(options)?))) {
        Ok((spec, out)) => {
            // It is the run's to the end, in whichever process.
            let report = supervisor::run(Box::leak(Box::new(spec)), Some(out.as_fd()));
            tell(&report, out.as_fd(), options.report.is_some())
        }
        Err(error) => {
            put(2, &format!("skillbox: {error}\n"));
            SETUP_FAILED
        }
    }
}

fn read_spec(options: &ExecOptions<'_>) -> Result<Spec, SetupError> {
    let failed = |e: &io::Error| {
        if e.is(libc::E2BIG) {
            return spec::too_large();
        }
        let from = options.spec.unwrap_or("descriptor 3");
        SetupError::system("spec", format!("cannot read the sandbox spec from {from}"), e)
            .hint("give it with --spec FILE, or open descriptor 3: `skillbox exec 3<spec.json 4>report.json`")
    };
    let json = match options.spec {
        Some(file) => fs::read(file).map_err(|e| failed(&e))?,
        None => {
            let input = fd::inherited(SPEC_FD).ok_or_else(|| failed(&io::Error::from_raw_os_error(libc::EBADF)))?;
            fd::read_to_end(input.as_fd(), spec::MAX_BYTES).map_err(|e| failed(&e))?
        }
    };
    Spec::parse(&json)
}

/// Opens where the report goes, above the descriptors that the caller may have left open, and closes all of those.
fn open_report(options: &ExecOptions<'_>) -> Result<OwnedFd, SetupError> {
    let failed = |e: &io::Error| SetupError::system("protocol", "cannot open where the report is to go", e);
    let out = match options.report {
        Some(file) => open_file(file).map_err(|e| failed(&e))?,
        None => fd::inherited(REPORT_FD).ok_or_else(|| {
            failed(&io::Error::from_raw_os_error(libc::EBADF)).hint("give it with --report FILE, or open descriptor 4")
        })?,
    };
    let kept = fd::replace_all_from(SPEC_FD, out).map_err(|e| failed(&e))?;
    Ok(kept)
}

/// Emptying a file with contents takes a file system half a millisecond, so it is only cut to its new length, at the
/// end. Its first byte goes now: nobody shall take an old report for ours.
fn open_file(path: &str) -> io::Result<OwnedFd> {
    let file = fs::open_or_create(path, 0o666)?;
    let stat = fd::stat(file.as_fd())?;
    if fs::is_of_kind(&stat, libc::S_IFREG) && stat.st_size > 0 {
        fd::write_at_start(file.as_fd(), b" ")?;
    }
    Ok(file)
}

fn tell(report: &Report, out: BorrowedFd<'_>, is_named: bool) -> i32 {
    let written = serde_json::to_vec(report).ok().and_then(|json| {
        fd::write_all(out, &json).ok()?;
        let length = json.len() as u64;
        // Most reports are about as long as the one before.
        let is_longer = is_named && fd::stat(out).ok()?.st_size.unsigned_abs() > length;
        if is_longer { fd::cut_file(out, length).ok() } else { Some(()) }
    });
    // If it was not written, the caller is gone, and there is nobody to tell.
    written.map_or(SETUP_FAILED, |()| report.end.exit_code())
}
