//! A process that uses the memory of the one that made it until it becomes another program.
//!
//! A copy of the memory, as fork(2) makes, costs twice: when it is made, and at each page that either side changes
//! afterwards, which on a virtual machine takes microseconds.
//!
//! Both run at the same time, so the new process has a stack and a heap of its own, and changes nothing else. What it
//! leaves there is given back unseen: it may have had secrets.

use core::ptr;
use core::sync::atomic::{AtomicPtr, AtomicU32, AtomicUsize, Ordering};

use super::call::{call, outcome};
use super::fd::owned;
use super::process::Child;
use super::{io, memory, system};

/// Below it nothing can be touched, so that a stack that grows too large ends its process.
const STACK_BYTES: usize = 256 << 10;
const REGION_BYTES: usize = memory::GUARD_BYTES + STACK_BYTES;
/// The heap grows by at least so much, and nothing of it is used twice.
const CHUNK_BYTES: usize = 256 << 10;

/// Where the new process has its stack, as long as there is one.
static REGION: AtomicUsize = AtomicUsize::new(0);
/// The newest part of its heap; each begins with a [`Chunk`].
static NEWEST: AtomicPtr<Chunk> = AtomicPtr::new(ptr::null_mut());
/// Where that part is free from.
static FREE: AtomicUsize = AtomicUsize::new(0);

/// The beginning of a part of the heap.
struct Chunk {
    bytes: usize,
    before: *mut Chunk,
}

/// Set to 0 by the kernel when the new process does not use this memory any more.
static IN_USE: AtomicU32 = AtomicU32::new(0);

/// Whether this is the process that was made by [`spawn`].
pub fn is_spawned() -> bool {
    let here = 0_u8;
    let region = REGION.load(Ordering::Relaxed);
    region != 0 && (region..region + REGION_BYTES).contains(&(&raw const here).addr())
}

/// Memory from the heap of the spawned process, all zeros; null where the kernel has none left.
pub fn allocate(bytes: usize, align: usize) -> *mut u8 {
    let newest = NEWEST.load(Ordering::Relaxed);
    let start = FREE.load(Ordering::Relaxed).next_multiple_of(align);
    // SAFETY: what is not null is a part that lives until all are given back.
    let end = if newest.is_null() { 0 } else { newest.addr() + unsafe { (*newest).bytes } };
    if start.checked_add(bytes).is_some_and(|needed| needed <= end) {
        FREE.store(start + bytes, Ordering::Relaxed);
        return ptr::with_exposed_provenance_mut(start);
    }
    let Some(needed) = bytes.checked_add(align + size_of::<Chunk>()) else { return ptr::null_mut() };
    let size = needed.max(CHUNK_BYTES);
    let Ok(chunk) = memory::map(size) else { return ptr::null_mut() };
    let chunk = chunk.cast::<Chunk>();
    // SAFETY: it is new, aligned to a page, and larger than that.
    unsafe { chunk.write(Chunk { bytes: size, before: newest }) };
    NEWEST.store(chunk, Ordering::Relaxed);
    FREE.store(chunk.expose_provenance() + size_of::<Chunk>(), Ordering::Relaxed);
    allocate(bytes, align)
}

/// Makes a process that runs `body`, with flags as for clone(2): one at a time.
///
/// Its descriptors are copies: what is closed here with [`close_here`](super::fd::close_here) stays open there.
pub fn spawn<T: Sync>(flags: u64, body: extern "C" fn(&'static T) -> !, context: &'static T) -> io::Result<Child> {
    let region = memory::map_guarded(REGION_BYTES)?;
    REGION.store(region.expose_provenance(), Ordering::Relaxed);
    let mut pidfd: libc::c_int = -1;
    // A process with the memory of another one enters its new time namespace with its program, since Linux 6.2.
    let sharing = system::is_at_least(6, 2);
    IN_USE.store(u32::from(sharing), Ordering::Relaxed);
    let sharing = if sharing { libc::CLONE_VM | libc::CLONE_CHILD_CLEARTID } else { 0 };
    let flags = flags | (sharing | libc::CLONE_PIDFD | libc::SIGCHLD) as u64;
    let (body, context) = (body as *const (), ptr::from_ref(context).cast());
    // SAFETY: the stack is new, and all of it is the child's. `body` is called with the context that it takes, which
    // stays in place and may be used from two sides.
    let pid = unsafe {
        let stack = region.add(REGION_BYTES);
        clone_and_call([flags, stack.addr() as u64, (&raw mut pidfd).addr() as u64], body, context)
    };
    outcome(pid).map(|pid| Child { pid: pid as libc::pid_t, pidfd: owned(pidfd as usize) })
}

/// Waits until the spawned process uses this memory no more, because it has become another program or is gone, and gives
/// back what it has used.
pub fn give_back() -> io::Result<()> {
    while IN_USE.load(Ordering::Acquire) != 0 {
        // SAFETY: the word is static, and no time is given. It may return early.
        let _ = unsafe { call!(libc::SYS_futex, IN_USE.as_ptr(), libc::FUTEX_WAIT, 1, 0, 0, 0) };
    }
    FREE.store(0, Ordering::Relaxed);
    let mut chunk = NEWEST.swap(ptr::null_mut(), Ordering::Relaxed);
    while !chunk.is_null() {
        // SAFETY: it is a part that was not given back yet.
        let Chunk { bytes, before } = unsafe { chunk.read() };
        // SAFETY: it was mapped with this length, and nobody uses it any more.
        unsafe { memory::unmap(chunk.cast(), bytes) }?;
        chunk = before;
    }
    let region = ptr::with_exposed_provenance_mut(REGION.swap(0, Ordering::Relaxed));
    // SAFETY: as above.
    unsafe { memory::unmap(region, REGION_BYTES) }
}

/// clone(2), in the order of its arguments on this architecture: flags, stack and the place for the descriptor. The
/// child calls `body`.
#[cfg(target_arch = "x86_64")]
unsafe fn clone_and_call([flags, stack, pidfd]: [u64; 3], body: *const (), context: *const ()) -> isize {
    let result: isize;
    // SAFETY: the registers are those of the system call convention, and what the kernel does not use it leaves alone in
    // both processes. The child calls `body`, on its own stack, and never comes back.
    unsafe {
        core::arch::asm!(
            "syscall", "test rax, rax", "jnz 2f", "xor ebp, ebp", "mov rdi, r9", "call r12", "ud2", "2:",
            inlateout("rax") libc::SYS_clone as isize => result,
            in("rdi") flags, in("rsi") stack, in("rdx") pidfd, in("r10") IN_USE.as_ptr(), in("r8") 0_u64,
            in("r9") context, in("r12") body,
            lateout("rcx") _, lateout("r11") _,
        );
    }
    result
}

#[cfg(target_arch = "aarch64")]
unsafe fn clone_and_call([flags, stack, pidfd]: [u64; 3], body: *const (), context: *const ()) -> isize {
    let result: isize;
    // SAFETY: as above.
    unsafe {
        core::arch::asm!(
            "svc 0", "cbnz x0, 2f", "mov x29, xzr", "mov x0, x5", "blr x6", "brk 1", "2:",
            in("x8") libc::SYS_clone as u64,
            inlateout("x0") flags as isize => result,
            in("x1") stack, in("x2") pidfd, in("x3") 0_u64, in("x4") IN_USE.as_ptr(),
            in("x5") context, in("x6") body, lateout("x30") _,
        );
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::process;

    #[test]
    fn a_spawned_process_has_its_context_a_stack_and_a_heap_and_leaves_nothing() {
        // Nothing here may use the heap of the test's own process.
        extern "C" fn body(number: &'static u32) -> ! {
            let (first, second) = (allocate(3, 1), allocate(8, 8).cast::<u32>());
            // SAFETY: both lie in the heap of this process, and the second is aligned.
            let sound = is_spawned() && second.addr() == first.addr() + 8 && unsafe { *second == 0 };
            // SAFETY: as above.
            unsafe { *second = *number };
            // SAFETY: as above.
            process::exit_now(if sound { unsafe { *second as i32 } } else { 1 })
        }
        static NUMBER: u32 = 42;
        assert!(!is_spawned());
        let child = spawn(0, body, &NUMBER).expect("a process");
        give_back().expect("memory back");
        let exited = process::wait(child.pid).expect("to end");
        assert_eq!(libc::WEXITSTATUS(exited.status), 42);
        assert_eq!(REGION.load(Ordering::Relaxed), 0);
    }
}
