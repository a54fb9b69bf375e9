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

/// From here on, the processor's own instruction for copying and filling is worth its start.
#[cfg(target_arch = "x86_64")]
const LONG: usize = 1024;

/// Copies from the beginning on. Where the ranges overlap, `to` lies before `from`.
#[cfg(target_arch = "x86_64")]
unsafe fn copy_up(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: the caller vouches for both ranges. The last part is read before anything is written, and overlaps the one
    // before it. The direction flag is clear by the ABI.
    unsafe {
        if bytes < 16 {
            copy_short(to, from, bytes);
        } else if bytes >= LONG {
            asm!(
                "rep movsb",
                inout("rcx") bytes => _, inout("rdi") to => _, inout("rsi") from => _,
                options(nostack, preserves_flags)
            );
        } else {
            asm!(
                "movdqu {last}, [{from} + {n} - 16]",
                "lea {n}, [{to} + {n} - 16]",
                "2:",
                "movdqu {part}, [{from}]",
                "movdqu [{to}], {part}",
                "add {from}, 16",
                "add {to}, 16",
                "cmp {to}, {n}",
                "jb 2b",
                "movdqu [{n}], {last}",
                to = inout(reg) to => _, from = inout(reg) from => _, n = inout(reg) bytes => _,
                last = out(xmm_reg) _, part = out(xmm_reg) _,
                options(nostack)
            );
        }
    }
}

/// Copies from the end on: `to` lies behind `from`, and the ranges overlap.
#[cfg(target_arch = "x86_64")]
unsafe fn copy_down(to: *mut u8, from: *const u8, bytes: usize) {
    // SAFETY: as above, with the first part in the place of the last one.
    unsafe {
        if bytes < 16 {
            copy_short(to, from, bytes);
        } else {
            asm!(
                "movdqu {first}, [{from}]",
                "lea {limit}, [{to} + 16]",
                "2:",
                "movdqu {part}, [{from} + {n} - 16]",
                "movdqu [{to} + {n} - 16], {part}",
                "sub {n}, 16",
                "lea {end}, [{to} + {n}]",
                "cmp {end}, {limit}",
                "ja 2b",
                "movdqu [{to}], {first}",
                to = in(reg) to, from = in(reg) from, n = inout(reg) bytes => _, limit = out(reg) _, end = out(reg) _,
                first = out(xmm_reg) _, part = out(xmm_reg) _,
                options(nostack)
            );
        }
    }
}

/// Copies fewer than 16 bytes, all of which are read before one is written.
#[cfg(target_arch = "x86_64")]
unsafe fn copy_short(to: *mut u8, from: *const u8, bytes: usize) {
    macro_rules! ends {
        ($size:literal, $register:literal) => {
            asm!(
                concat!("mov {first:", $register, "}, [{from}]"),
                concat!("mov {last:", $register, "}, [{from} + {n} - ", $size, "]"),
                concat!("mov [{to}], {first:", $register, "}"),
                concat!("mov [{to} + {n} - ", $size, "], {last:", $register, "}"),
                to = in(reg) to, from = in(reg) from, n = in(reg) bytes, first = out(reg) _, last = out(reg) _,
                options(nostack, preserves_flags)
            )
        };
    }
    // SAFETY: the caller vouches for both ranges; what is read and written lies within them.
    unsafe {
        match bytes {
            8.. => ends!("8", "r"),
            4.. => ends!("4", "e"),
            2.. => ends!("2", "x"),
            1 => *to = *from,
            _ => {}
        }
    }
}

#[cfg(target_arch = "x86_64")]
unsafe fn fill(to: *mut u8, byte: u8, bytes: usize) {
    // SAFETY: the caller vouches for the range; the last word overlaps the one before it. The direction flag is clear by
    // the ABI.
    unsafe {
        if bytes < 8 || bytes >= LONG {
            asm!(
                "rep stosb",
                inout("rcx") bytes => _, inout("rdi") to => _, in("al") byte,
                options(nostack, preserves_flags)
            );
        } else {
            asm!(
                "lea {n}, [{to} + {n} - 8]",
                "2:",
                "mov [{to}], {word}",
                "add {to}, 8",
                "cmp {to}, {n}",
                "jb 2b",
                "mov [{n}], {word}",
                to = inout(reg) to => _, n = inout(reg) bytes => _,
                word = in(reg) u64::from(byte).wrapping_mul(0x0101_0101_0101_0101),
                options(nostack)
            );
        }
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
