//! What a C library would do before and around `main`: the first instructions, the heap, and what the compiler calls.

mod heap;
mod memory;

extern crate alloc;

use alloc::vec::Vec;
use core::arch::global_asm;
use core::ffi::{CStr, c_char};
use core::fmt::{self, Write};
use core::panic::PanicInfo;

use skillbox::cli;
use skillbox::sys::{memory as memory_calls, process};

// The kernel starts a program with nothing but the stack pointer. System V ABI, "Process Initialization".
#[cfg(target_arch = "x86_64")]
global_asm!(
    ".globl _start",
    "_start:",
    "xor ebp, ebp",
    "mov rdi, rsp",
    "lea rsi, [rip + _DYNAMIC]",
    "lea rdx, [rip + __ehdr_start]",
    "and rsp, -16",
    "call {begin}",
    "ud2",
    begin = sym begin
);
#[cfg(target_arch = "aarch64")]
global_asm!(
    ".globl _start",
    "_start:",
    "mov x29, #0",
    "mov x0, sp",
    "adrp x1, _DYNAMIC",
    "add x1, x1, :lo12:_DYNAMIC",
    "adrp x2, __ehdr_start",
    "add x2, x2, :lo12:__ehdr_start",
    "bl {begin}",
    "brk #1",
    begin = sym begin
);

/// `stack` holds the number of arguments, the arguments, null, the environment, null, and what else the kernel tells;
/// `base` is where the program was loaded.
unsafe extern "C" fn begin(stack: *const usize, dynamic: *const usize, base: usize) -> ! {
    // SAFETY: the first instructions pass what the kernel and the linker have put there, and nothing has run before.
    unsafe {
        relocate(dynamic, base);
        seal(base, page_bytes(stack));
    }
    // SAFETY: as above.
    let arguments = unsafe { arguments(stack) };
    process::exit_now(match arguments.as_deref() {
        Some([_, arguments @ ..]) => cli::run(arguments),
        Some([]) => cli::run(&[]),
        None => {
            cli::put(2, "skillbox: an argument is not UTF-8\n");
            cli::USAGE_ERROR
        }
    })
}

/// Arguments that are all UTF-8.
unsafe fn arguments(stack: *const usize) -> Option<Vec<&'static str>> {
    // SAFETY: the caller passes the stack that the kernel has prepared: a count, and as many C strings.
    unsafe {
        let strings = stack.add(1).cast::<*const c_char>();
        (0..*stack).map(|index| CStr::from_ptr(*strings.add(index)).to_str().ok()).collect()
    }
}

/// Adds the place where the program lies to every pointer in its data. Until then, there are none to rely on, which
/// rules out most of what is called a function here.
unsafe fn relocate(dynamic: *const usize, base: usize) {
    const DT_RELA: usize = 7;
    const DT_RELASZ: usize = 8;
    #[cfg(target_arch = "x86_64")]
    const R_RELATIVE: usize = 8;
    #[cfg(target_arch = "aarch64")]
    const R_RELATIVE: usize = 1027;
    // SAFETY: the linker has written a list of pairs that ends with 0, and entries of three words each where it points.
    unsafe {
        let (mut table, mut bytes) = (0, 0);
        let mut entry = dynamic;
        while *entry != 0 {
            if *entry == DT_RELA {
                table = *entry.add(1);
            } else if *entry == DT_RELASZ {
                bytes = *entry.add(1);
            }
            entry = entry.add(2);
        }
        let mut at = (base + table) as *const usize;
        let end = (base + table + bytes) as *const usize;
        while at < end {
            if *at.add(1) & 0xffff_ffff == R_RELATIVE {
                *((base + *at) as *mut usize) = base + *at.add(2);
            }
            at = at.add(3);
        }
    }
}

/// How large a page of memory is. The kernel has put it behind the environment, among pairs that end with 0. getauxval(3)
unsafe fn page_bytes(stack: *const usize) -> usize {
    const AT_PAGESZ: usize = 6;
    // SAFETY: the caller passes the stack that the kernel has prepared.
    unsafe {
        let mut entry = stack.add(1 + *stack + 1);
        while *entry != 0 {
            entry = entry.add(1);
        }
        entry = entry.add(1);
        while *entry != 0 && *entry != AT_PAGESZ {
            entry = entry.add(2);
        }
        *entry.add(1)
    }
}

/// Makes read-only what nothing but the relocation writes: tables of functions, mostly. elf(5), `PT_GNU_RELRO`
unsafe fn seal(base: usize, page_bytes: usize) {
    // SAFETY: the program's own header lies at its beginning, with the table of its segments where it says; what is
    // sealed is whole pages of such a segment.
    unsafe {
        let header = &*(base as *const libc::Elf64_Ehdr);
        let segments = (base + header.e_phoff as usize) as *const libc::Elf64_Phdr;
        for index in 0..usize::from(header.e_phnum) {
            let segment = &*segments.add(index);
            if segment.p_type == libc::PT_GNU_RELRO {
                let page = !page_bytes.wrapping_sub(1);
                let start = (base + segment.p_vaddr as usize) & page;
                let end = (base + (segment.p_vaddr + segment.p_memsz) as usize) & page;
                // Fails where there is nothing to seal.
                let _ = memory_calls::make_read_only(start as *mut u8, end.saturating_sub(start));
            }
        }
    }
}

struct StandardError;

impl Write for StandardError {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        cli::put(2, text);
        Ok(())
    }
}

/// A fault of ours. Whatever has been started ends with this process.
#[panic_handler]
fn fault(info: &PanicInfo<'_>) -> ! {
    // Without the heap, which may be what is at fault.
    let _ = writeln!(StandardError, "skillbox: {info}");
    process::exit_now(cli::SETUP_FAILED)
}

// The compiled parts of the standard library name these two, for unwinding, which there is none of.

#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() -> ! {
    process::exit_now(cli::SETUP_FAILED)
}

/// The compiler's own parts ask for what the processor can do, in code that would run before `main` and here does not:
/// they do without.
#[cfg(target_arch = "aarch64")]
#[unsafe(no_mangle)]
extern "C" fn getauxval(_: usize) -> usize {
    0
}
