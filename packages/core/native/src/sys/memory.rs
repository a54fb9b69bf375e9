//! Memory of this process.

use super::call::call;
use super::io;

/// New memory, all zeros, at least so many bytes. mmap(2)
pub fn map(bytes: usize) -> io::Result<*mut u8> {
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: the kernel chooses the place, so nothing that is there is touched.
    unsafe { call!(libc::SYS_mmap, 0, bytes, protection, flags, -1_i32, 0) }.map(|address| address as *mut u8)
}

/// So much at the lower end of [`map_guarded`] cannot be touched: a page at least, on every machine.
pub const GUARD_BYTES: usize = 64 << 10;

/// Memory for a stack, of which only so much is there as is used.
pub fn map_guarded(bytes: usize) -> io::Result<*mut u8> {
    let stack = map(bytes)?;
    // SAFETY: nobody uses it yet.
    unsafe { call!(libc::SYS_mprotect, stack, GUARD_BYTES, libc::PROT_NONE) }.map(|_| stack)
}

/// Gives memory back.
///
/// # Safety
///
/// It is what [`map`] returned for so many bytes, and nobody uses it any more.
pub unsafe fn unmap(address: *mut u8, bytes: usize) -> io::Result<()> {
    // SAFETY: the caller vouches for it.
    unsafe { call!(libc::SYS_munmap, address, bytes) }.map(|_| ())
}

/// Forbids writing to whole pages. mprotect(2)
///
/// # Safety
///
/// Nobody writes there any more.
pub unsafe fn make_read_only(address: *mut u8, bytes: usize) -> io::Result<()> {
    // SAFETY: the caller vouches for it.
    unsafe { call!(libc::SYS_mprotect, address, bytes, libc::PROT_READ) }.map(|_| ())
}
