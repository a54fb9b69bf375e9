//! Thin safe wrappers around system calls. All `unsafe` code of the library is in this folder.

pub mod bytes;
mod call;
pub mod fd;
pub mod fs;
pub mod io;
pub mod landlock;
pub mod memory;
pub mod mount;
pub mod network;
pub mod notify;
pub mod process;
pub mod processors;
pub mod socket;
pub mod spawn;
mod system;
pub mod time;

use alloc::borrow::ToOwned;
use alloc::ffi::CString;
use alloc::format;
use alloc::string::String;

/// A C string from text that the spec check has already cleared of NUL bytes.
pub(crate) fn c_string(text: impl AsRef<[u8]>) -> io::Result<CString> {
    CString::new(text.as_ref()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}

/// The symbolic name of an error number, as in errno(3); the number itself where it is not one of the common ones.
pub fn errno_name(errno: i32) -> String {
    match io::Error::from_raw_os_error(errno).name() {
        _ if errno == 0 => String::new(),
        Some(name) => name.to_owned(),
        None => format!("errno {errno}"),
    }
}
