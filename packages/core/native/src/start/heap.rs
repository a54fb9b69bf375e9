//! The heap. There is one thread, so nothing is locked; a process that shares this memory has one of its own.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::UnsafeCell;
use core::ptr;

use dlmalloc::{Allocator, Dlmalloc};
use skillbox::sys::{memory, spawn};

/// From here on, memory is asked of the kernel and given back: it comes as zeros without being touched.
const LARGE_BYTES: usize = 32 << 10;
const PAGE_BYTES: usize = 4 << 10;

#[global_allocator]
static HEAP: Heap = Heap(UnsafeCell::new(Dlmalloc::new_with_allocator(Kernel)));

struct Heap(UnsafeCell<Dlmalloc<Kernel>>);

// SAFETY: this process never has a second thread, and a spawned one does not come here.
unsafe impl Sync for Heap {}

fn is_large(layout: Layout) -> bool {
    layout.size() >= LARGE_BYTES && layout.align() <= PAGE_BYTES
}

/// Memory that is not the allocator's, all zeros: a spawned process's, or what is large. Null where there is none left.
fn beside(layout: Layout) -> Option<*mut u8> {
    if spawn::is_spawned() {
        return Some(spawn::allocate(layout.size(), layout.align()));
    }
    is_large(layout).then(|| memory::map(layout.size()).unwrap_or(ptr::null_mut()))
}

// SAFETY: what is large comes from the kernel and goes back to it whole; all else is the allocator's own affair.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(pointer) = beside(layout) {
            return pointer;
        }
        // SAFETY: there is one thread, and the allocator does not call itself.
        unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if let Some(pointer) = beside(layout) {
            return pointer;
        }
        // SAFETY: as above.
        unsafe { (*self.0.get()).calloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        if spawn::is_spawned() {
            return;
        }
        if is_large(layout) {
            // SAFETY: the caller gives back what `alloc` has mapped for this very layout.
            let _ = unsafe { memory::unmap(pointer, layout.size()) };
            return;
        }
        // SAFETY: as above, from the allocator.
        unsafe { (*self.0.get()).free(pointer, layout.size(), layout.align()) };
    }
}

/// Where the allocator gets its memory.
struct Kernel;

// SAFETY: every part is mapped for the allocator alone.
unsafe impl Allocator for Kernel {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        memory::map(size).map_or((ptr::null_mut(), 0, 0), |pointer| (pointer, size, 0))
    }

    fn remap(&self, _: *mut u8, _: usize, _: usize, _: bool) -> *mut u8 {
        ptr::null_mut()
    }

    fn free_part(&self, _: *mut u8, _: usize, _: usize) -> bool {
        false
    }

    fn free(&self, pointer: *mut u8, size: usize) -> bool {
        // SAFETY: the allocator gives back what it got, and holds nothing in it any more.
        unsafe { memory::unmap(pointer, size) }.is_ok()
    }

    fn can_release_part(&self, _: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        PAGE_BYTES
    }
}
