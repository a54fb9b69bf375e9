//! On which processors a process may run. sched_setaffinity(2)

use super::call::call;

/// Processors that a process may run on.
pub struct Processors(libc::cpu_set_t);

impl Processors {
    /// Those of this process. None where there are more than such a set holds (1024).
    pub fn of_this_process() -> Option<Self> {
        // SAFETY: cpu_set_t is plain data for which all zeros is valid.
        let mut set: libc::cpu_set_t = unsafe { core::mem::zeroed() };
        // SAFETY: the size is that of the live set.
        let known = unsafe { call!(libc::SYS_sched_getaffinity, 0, size_of::<libc::cpu_set_t>(), &raw mut set) };
        known.is_ok().then_some(Self(set))
    }

    pub fn count(&self) -> usize {
        // SAFETY: only reads the set.
        unsafe { libc::CPU_COUNT(&self.0) }.unsigned_abs() as usize
    }

    /// The one of them that this process is running on.
    pub fn current(&self) -> Self {
        // SAFETY: cpu_set_t is plain data for which all zeros is valid.
        let mut set: libc::cpu_set_t = unsafe { core::mem::zeroed() };
        if let Some(current) = current_processor() {
            // SAFETY: does nothing for a number that a set cannot hold.
            unsafe { libc::CPU_SET(current, &mut set) };
        }
        Self(set)
    }

    /// The same without the one that this process is running on.
    pub fn others(&self) -> Self {
        let mut set = self.0;
        if let Some(current) = current_processor() {
            // SAFETY: as above.
            unsafe { libc::CPU_CLR(current, &mut set) };
        }
        Self(set)
    }

    /// Binds a process to them; 0 is the caller. With none left, nothing changes.
    pub fn bind(&self, pid: libc::pid_t) {
        // SAFETY: the size is that of the live set.
        let _ = unsafe { call!(libc::SYS_sched_setaffinity, pid, size_of::<libc::cpu_set_t>(), &raw const self.0) };
    }
}

fn current_processor() -> Option<usize> {
    let mut current = 0_u32;
    // SAFETY: `current` is live and writable; the node is not asked for.
    let told = unsafe { call!(libc::SYS_getcpu, &raw mut current, 0, 0) };
    told.is_ok().then_some(current as usize)
}
