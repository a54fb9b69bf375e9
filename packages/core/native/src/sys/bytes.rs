//! Copies, fills and compares memory: what a C library has `memcpy` and the like for. In assembly where the compiler
//! would otherwise see a loop for which it calls the very same function.

use core::arch::asm;

/// Copies between ranges that may overlap.
///
/// # Safety
///
/// Both ranges are there.
pub unsafe fn copy(to: *mut u8, from: *const u8, bytes: usize) {
    // Whether the copy would overwrite what it has still to read, unless it begins at the end.
    let overlaps = (to as usize).wrapping_sub(from as usize) < bytes;
    // SAFETY: the caller vouches for both ranges.
    unsafe { if overlaps { copy_down(to, from, bytes) } else { copy_up(to, from, bytes) } }
}

/// Negative, 0 or positive, as the first byte that differs.
///
/// # Safety
///
/// Both ranges are there.
pub unsafe fn compare(a: *const u8, b: *const u8, bytes: usize) -> i32 {
    for at in 0..bytes {
        // SAFETY: the caller vouches for both ranges. Volatile, so that this stays a loop.
        let (a, b) = unsafe { (a.add(at).read_volatile(), b.add(at).read_volatile()) };
        if a != b {
            return i32::from(a) - i32::from(b);
        }
    }
    0
}

/// Bytes before the first NUL.
///
/// # Safety
///
/// There is one.
pub unsafe fn length(text: *const u8) -> usize {
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
///
/// # Safety
///
/// Both ranges are there.
#[cfg(target_arch = "x86_64")]
pub unsafe fn copy_up(to: *mut u8, from: *const u8, bytes: usize) {
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

/// Sets every byte.
///
/// # Safety
///
/// The range is there.
#[cfg(target_arch = "x86_64")]
pub unsafe fn fill(to: *mut u8, byte: u8, bytes: usize) {
    // SAFETY: the caller vouches for the range; the last word overlaps the one before it. The direction flag is clear by
    // the ABI.
    unsafe {
        if !(8..LONG).contains(&bytes) {
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

/// Copies from the beginning on. Where the ranges overlap, `to` lies before `from`.
///
/// # Safety
///
/// Both ranges are there.
#[cfg(target_arch = "aarch64")]
pub unsafe fn copy_up(to: *mut u8, from: *const u8, bytes: usize) {
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

/// Copies from the end on.
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

/// Sets every byte.
///
/// # Safety
///
/// The range is there.
#[cfg(target_arch = "aarch64")]
pub unsafe fn fill(to: *mut u8, byte: u8, bytes: usize) {
    // SAFETY: the caller vouches for the range.
    unsafe {
        asm!(
            "2:", "cbz {n}, 3f", "strb {byte:w}, [{to}], #1", "sub {n}, {n}, #1", "b 2b", "3:",
            n = inout(reg) bytes => _, to = inout(reg) to => _, byte = in(reg) u32::from(byte),
            options(nostack)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: usize = 2048;

    fn pattern() -> Vec<u8> {
        (0..AROUND).map(|at| (at * 7 + at / 251) as u8).collect()
    }

    /// Lengths on both sides of every step, and distances that overlap in either direction or not at all.
    fn cases() -> impl Iterator<Item = (usize, usize, usize)> {
        let lengths = (0..80).chain([127, 128, 129, 500, 1000, 1023, 1024, 1025]);
        lengths.flat_map(|n| (-40_isize..40).chain([-900, 900]).map(move |by| (n, 1000, (1000 + by) as usize)))
    }

    #[test]
    fn a_copy_is_what_the_standard_library_makes() {
        for (n, from, to) in cases().filter(|(n, _, to)| to + n <= AROUND) {
            let (mut ours, mut theirs) = (pattern(), pattern());
            let memory = ours.as_mut_ptr();
            // SAFETY: both ranges lie in the pattern.
            unsafe { copy(memory.add(to), memory.add(from), n) };
            theirs.copy_within(from..from + n, to);
            assert!(ours == theirs, "{n} bytes from {from} to {to}");
        }
    }

    #[test]
    fn a_fill_reaches_from_its_first_to_its_last_byte() {
        for n in (0..80).chain([500, 1023, 1024, 1025]) {
            let (mut ours, mut theirs) = (pattern(), pattern());
            // SAFETY: the range lies in the pattern.
            unsafe { fill(ours.as_mut_ptr().add(3), 0xa5, n) };
            theirs[3..3 + n].fill(0xa5);
            assert!(ours == theirs, "{n} bytes");
        }
    }

    #[test]
    fn what_is_compared_is_ordered_by_the_first_byte_that_differs() {
        for (a, b) in [("", ""), ("abc", "abc"), ("abc", "abd"), ("b", "a"), ("a\x7f", "a\u{80}")] {
            // SAFETY: both are so long.
            let order = unsafe { compare(a.as_ptr(), b.as_ptr(), a.len()) };
            assert_eq!(order.cmp(&0), a.as_bytes().cmp(&b.as_bytes()[..a.len()]), "{a:?} {b:?}");
        }
    }
}
