//! Time as it passes.

use core::time::Duration;

use super::call::call;

/// A moment of the clock that never goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    pub fn now() -> Self {
        let time = read(libc::CLOCK_MONOTONIC);
        Self(Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec as u32))
    }

    pub fn elapsed(self) -> Duration {
        Self::now().saturating_duration_since(self)
    }

    pub fn saturating_duration_since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl core::ops::Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

impl core::ops::AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

/// The whole seconds of a clock.
pub fn seconds_of(clock: libc::clockid_t) -> i64 {
    read(clock).tv_sec
}

fn read(clock: libc::clockid_t) -> libc::timespec {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is a live, writable timespec. The call fails only for a clock that there is not; 0 is then as good.
    let _ = unsafe { call!(libc::SYS_clock_gettime, clock, &raw mut time) };
    time
}

/// Waits; a signal may end it early.
pub fn sleep(duration: Duration) {
    let time = libc::timespec { tv_sec: duration.as_secs() as i64, tv_nsec: i64::from(duration.subsec_nanos()) };
    // SAFETY: `time` is a live timespec; the rest is not asked for.
    let _ = unsafe { call!(libc::SYS_nanosleep, &raw const time, 0) };
}

/// Lets others have the processor.
pub fn yield_now() {
    // SAFETY: takes no arguments.
    let _ = unsafe { call!(libc::SYS_sched_yield) };
}
