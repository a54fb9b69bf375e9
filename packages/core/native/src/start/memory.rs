//! What compiled code calls to copy, fill and compare memory. In assembly where the compiler would otherwise see a loop
//! for which it calls the very same function.

use core::arch::asm;

/// # Safety
///
/// As memcpy(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8 {
    // SAFETY: the caller vouches for both ranges.
    unsafe { copy_up(to, from, bytes) };
    to
}

/// # Safety
///
/// As memmove(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, bytes: usize) -> *mut u8 {
    // Whether the copy would overwrite what it has still to read, unless it begins at the end.
    let overlaps = (to as usize).wrapping_sub(from as usize) < bytes;
    // SAFETY: the caller vouches for both ranges.
    unsafe { if overlaps { copy_down(to, from, bytes) } else { copy_up(to, from, bytes) } };
    to
}

/// # Safety
///
/// As memset(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, byte: i32, bytes: usize) -> *mut u8 {
    // SAFETY: the caller vouches for the range.
    unsafe { fill(to, byte as u8, bytes) };
    to
}

/// # Safety
///
/// As memcmp(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, bytes: usize) -> i32 {
    for at in 0..bytes {
        // SAFETY: the caller vouches for both ranges. Volatile, so that this stays a loop.
        let (a, b) = unsafe { (a.add(at).read_volatile(), b.add(at).read_volatile()) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
    }
    0
}

/// # Safety
///
/// As bcmp(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, bytes: usize) -> i32 {
    // SAFETY: the caller vouches for both ranges.
    unsafe { memcmp(a, b, bytes) }
}

/// # Safety
///
/// As strlen(3).
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const u8) -> usize {
    let mut length = 0;
    // SAFETY: the caller vouches for a NUL byte at the end. Volatile, so that this stays a loop.
    while unsafe { text.add(length).read_volatile() } != 0 {
        length += 1;
    }
    length
}

#[cfg(target_arch = "x86_64")]
unsafe fn copy_up(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: the caller vouches for both ranges; the direction flag is clear by the ABI.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") bytes => _, inout("rdi") to => _, inout("rsi") from => _,
            options(nostack, preserves_flags)
        );
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn copy_down(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: the caller vouches for both ranges, which are not empty; the direction flag is clear again at the end.
    unsafe {
        asm!(
            "std", "rep movsb", "cld",
            inout("rcx") bytes => _, inout("rdi") to.add(bytes - 1) => _, inout("rsi") from.add(bytes - 1) => _,
            options(nostack)
        );
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn fill(to: *mut u8, byte: u8, bytes: usize) {
    // SAFETY: the caller vouches for the range; the direction flag is clear by the ABI.
    unsafe {
        asm!(
            "rep stosb",
            inout("rcx") bytes => _, inout("rdi") to => _, in("al") byte,
            options(nostack, preserves_flags)
        );
    }
}

#[cfg(target_arch = "aarch64")]
unsafe fn copy_up(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: the caller vouches for both ranges.
    unsafe {
        asm!(
            "2:", "cbz {n}, 3f", "ldrb {byte:w}, [{from}], #1", "strb {byte:w}, [{to}], #1", "sub {n}, {n}, #1",
            "b 2b", "3:",
            n = inout(reg) bytes => _, to = inout(reg) to => _, from = inout(reg) from => _, byte = out(reg) _,
            options(nostack)
        );
    }
}

#[cfg(target_arch = "aarch64")]
unsafe fn copy_down(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: the caller vouches for both ranges.
    unsafe {
        asm!(
            "2:", "cbz {n}, 3f", "sub {n}, {n}, #1", "ldrb {byte:w}, [{from}, {n}]", "strb {byte:w}, [{to}, {n}]",
            "b 2b", "3:",
            n = inout(reg) bytes => _, to = in(reg) to, from = in(reg) from, byte = out(reg) _,
            options(nostack)
        );
    }
}

#[cfg(target_arch = "aarch64")]
unsafe fn fill(to: *mut u8, byte: u8, bytes: usize) {
    // SAFETY: the caller vouches for the range.
    unsafe {
        asm!(
            "2:", "cbz {n}, 3f", "strb {byte:w}, [{to}], #1", "sub {n}, {n}, #1", "b 2b", "3:",
            n = inout(reg) bytes => _, to = inout(reg) to => _, byte = in(reg) u32::from(byte),
            options(nostack)
        );
    }
}
