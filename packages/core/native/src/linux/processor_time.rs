//! The processor time of a whole run, where no control group adds it up. What the kernel tells of each process is lost
//! with a process that nobody waits for, so the sum is kept here from look to look.

use alloc::collections::BTreeMap;

use crate::sys::processors::Processors;
use crate::sys::time::Instant;

/// What proc_pid_stat(5) tells of one process, in clock ticks.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Ticks {
    /// Its own.
    pub own: u64,
    /// Those of its children that it has waited for, and of theirs.
    pub children: u64,
    /// Whether it was on a processor, or ready for one.
    pub runs: bool,
}

/// What the kernel tells programs is in hundredths of a second, whatever its own clock is. time(7)
const TICK_MS: f64 = 10.0;

/// Adds up over all looks.
pub struct ProcessorTime {
    processors: usize,
    last: BTreeMap<u32, Ticks>,
    last_look: Instant,
    /// Of processes that are gone and that nobody waited for.
    lost_ticks: u64,
    /// Of processes so short that no look sees them twice: each is taken to have run since the look before.
    short_ms: f64,
}

impl ProcessorTime {
    pub fn new() -> Self {
        Self {
            processors: Processors::of_this_process().map_or(1, |processors| processors.count()),
            last: BTreeMap::new(),
            last_look: Instant::now(),
            lost_ticks: 0,
            short_ms: 0.0,
        }
    }

    /// The time used so far, in ms, from what all processes of the run tell now.
    pub fn account(&mut self, now: BTreeMap<u32, Ticks>, at: Instant) -> f64 {
        let ended = self.last.iter().filter(|(pid, _)| !now.contains_key(pid));
        let ended: u64 = ended.map(|(_, ticks)| ticks.own + ticks.children).sum();
        let children_before = |pid| self.last.get(pid).map_or(0, |before| before.children);
        let waited: u64 = now.iter().map(|(pid, ticks)| ticks.children.saturating_sub(children_before(pid))).sum();
        self.lost_ticks += ended.saturating_sub(waited);

        let new = now.iter().filter(|(pid, ticks)| ticks.runs && !self.last.contains_key(pid)).count();
        let since = at.saturating_duration_since(self.last_look).as_secs_f64() * 1e3;
        self.short_ms += new.min(self.processors) as f64 * since;

        let told: u64 = now.values().map(|ticks| ticks.own + ticks.children).sum();
        (self.last, self.last_look) = (now, at);
        ((told + self.lost_ticks) as f64 * TICK_MS).max(self.short_ms)
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::*;

    const LOOK: Duration = Duration::from_millis(20);

    fn time() -> ProcessorTime {
        ProcessorTime { processors: 2, ..ProcessorTime::new() }
    }

    fn process(own: u64, children: u64) -> Ticks {
        Ticks { own, children, runs: false }
    }

    #[test]
    fn children_that_were_waited_for_count_once() {
        let mut time = time();
        let at = time.last_look;
        assert_eq!(time.account([(2, process(1, 0)), (3, process(5, 0))].into(), at), 60.0);
        assert_eq!(time.account([(2, process(1, 6))].into(), at), 70.0);
    }

    #[test]
    fn children_that_nobody_waited_for_still_count() {
        let mut time = time();
        let at = time.last_look;
        for pid in 3..13 {
            time.account([(2, process(1, 0)), (pid, process(5, 0))].into(), at);
        }
        assert_eq!(time.account([(2, process(1, 0))].into(), at), 510.0);
    }

    #[test]
    fn processes_too_short_to_be_seen_twice_count_by_their_number() {
        let mut time = time();
        let mut at = time.last_look;
        let mut used = 0.0;
        for pid in 3..13 {
            at += LOOK;
            let short = Ticks { runs: true, ..process(0, 0) };
            used = time.account([(2, process(0, 0)), (pid, short)].into(), at);
        }
        assert!((used - 200.0).abs() < 1e-6, "{used} ms in ten looks of 20 ms");
    }
}
