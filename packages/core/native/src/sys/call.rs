//! System calls as such. There is no C library: starting one takes longer than starting a sandbox.

use core::ffi::c_long;

use super::io::{self, Error};

/// Makes a system call; arguments may be integers and thin pointers. Unsafe as the call itself is.
macro_rules! call {
    ($number:expr $(, $argument:expr)* $(,)?) => {
        $crate::sys::call::raw($number, [$($argument as usize),*])
    };
}
pub(crate) use call;

/// The result, or the error that the kernel returns as a small negative number. syscall(2)
///
/// # Safety
///
/// Whatever the call asks of its arguments: pointers must be valid for what it reads and writes.
#[inline]
pub unsafe fn raw<const N: usize>(number: c_long, arguments: [usize; N]) -> io::Result<usize> {
    let at = |index: usize| arguments.get(index).copied().unwrap_or(0);
    // SAFETY: the caller vouches for the arguments.
    outcome(unsafe { enter(number, [at(0), at(1), at(2), at(3), at(4), at(5)]) })
}

/// What the kernel has put into the register for results.
pub(super) fn outcome(result: isize) -> io::Result<usize> {
    if (-4095..0).contains(&result) { Err(Error::from_raw_os_error(-result as i32)) } else { Ok(result as usize) }
}

#[cfg(target_arch = "x86_64")]
#[inline]
unsafe fn enter(number: c_long, [a, b, c, d, e, f]: [usize; 6]) -> isize {
    let result: isize;
    // SAFETY: the registers are those of the system call convention; the caller vouches for what the call does.
    unsafe {
        core::arch::asm!(
            "syscall",
            inlateout("rax") number as isize => result,
            in("rdi") a, in("rsi") b, in("rdx") c, in("r10") d, in("r8") e, in("r9") f,
            lateout("rcx") _, lateout("r11") _,
            options(nostack)
        );
    }
    result
}

#[cfg(target_arch = "aarch64")]
#[inline]
unsafe fn enter(number: c_long, [a, b, c, d, e, f]: [usize; 6]) -> isize {
    let result: isize;
    // SAFETY: the registers are those of the system call convention; the caller vouches for what the call does.
    unsafe {
        core::arch::asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") a as isize => result,
            in("x1") b, in("x2") c, in("x3") d, in("x4") e, in("x5") f,
            options(nostack)
        );
    }
    result
}
