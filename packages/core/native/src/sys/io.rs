//! Errors of system calls.

use core::fmt;

/// An error number. errno(3)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Error(i32);

pub type Result<T> = core::result::Result<T, Error>;

impl Error {
    pub fn from_raw_os_error(errno: i32) -> Self {
        Self(errno)
    }

    pub fn raw_os_error(self) -> i32 {
        self.0
    }

    /// Whether it is this one.
    pub fn is(self, errno: i32) -> bool {
        self.0 == errno
    }

    /// Its symbolic name; nothing where it is not one of the common ones.
    pub fn name(self) -> Option<&'static str> {
        self.known().map(|(_, name, _)| *name)
    }

    fn known(self) -> Option<&'static (i32, &'static str, &'static str)> {
        KNOWN.iter().find(|(errno, ..)| *errno == self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.known().map_or("System error", |(_, _, text)| text);
        write!(f, "{text} (os error {})", self.0)
    }
}

/// Those that a sandbox can meet, in words.
const KNOWN: [(i32, &str, &str); 37] = [
    (libc::EPERM, "EPERM", "Operation not permitted"),
    (libc::ENOENT, "ENOENT", "No such file or directory"),
    (libc::ESRCH, "ESRCH", "No such process"),
    (libc::EINTR, "EINTR", "Interrupted system call"),
    (libc::EIO, "EIO", "Input/output error"),
    (libc::E2BIG, "E2BIG", "Argument list too long"),
    (libc::ENOEXEC, "ENOEXEC", "Exec format error"),
    (libc::EBADF, "EBADF", "Bad file descriptor"),
    (libc::ECHILD, "ECHILD", "No child processes"),
    (libc::EAGAIN, "EAGAIN", "Resource temporarily unavailable"),
    (libc::ENOMEM, "ENOMEM", "Cannot allocate memory"),
    (libc::EACCES, "EACCES", "Permission denied"),
    (libc::EBUSY, "EBUSY", "Device or resource busy"),
    (libc::EEXIST, "EEXIST", "File exists"),
    (libc::EXDEV, "EXDEV", "Invalid cross-device link"),
    (libc::ENODEV, "ENODEV", "No such device"),
    (libc::ENOTDIR, "ENOTDIR", "Not a directory"),
    (libc::EISDIR, "EISDIR", "Is a directory"),
    (libc::EINVAL, "EINVAL", "Invalid argument"),
    (libc::ENFILE, "ENFILE", "Too many open files in system"),
    (libc::EMFILE, "EMFILE", "Too many open files"),
    (libc::ETXTBSY, "ETXTBSY", "Text file busy"),
    (libc::EFBIG, "EFBIG", "File too large"),
    (libc::ENOSPC, "ENOSPC", "No space left on device"),
    (libc::EROFS, "EROFS", "Read-only file system"),
    (libc::EPIPE, "EPIPE", "Broken pipe"),
    (libc::ENAMETOOLONG, "ENAMETOOLONG", "File name too long"),
    (libc::ENOSYS, "ENOSYS", "Function not implemented"),
    (libc::ENOTEMPTY, "ENOTEMPTY", "Directory not empty"),
    (libc::ELOOP, "ELOOP", "Too many levels of symbolic links"),
    (libc::EUSERS, "EUSERS", "Too many users"),
    (libc::EOPNOTSUPP, "EOPNOTSUPP", "Operation not supported"),
    (libc::EADDRINUSE, "EADDRINUSE", "Address already in use"),
    (libc::EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address"),
    (libc::ETOOMANYREFS, "ETOOMANYREFS", "Too many descriptors on their way through sockets"),
    (libc::ECONNREFUSED, "ECONNREFUSED", "Connection refused"),
    (libc::ECONNRESET, "ECONNRESET", "Connection reset by peer"),
];
