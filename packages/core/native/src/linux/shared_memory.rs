//! Shared memory without a name, where no control group counts it: the kernel keeps its pages as long as it is mapped
//! anywhere, also when no process has them in its page tables and its own account any more.

use std::collections::BTreeMap;
use std::io::Read;

/// So many lines of one process's map are read; an honest one has a few hundred.
const MAX_MAPPINGS: usize = 8192;

/// The shared memory of all processes of a run.
#[derive(Debug, Default)]
pub struct SharedMemory {
    /// By inode: how much of it is mapped, at most. All such mappings lie on one file system of the kernel's.
    mapped: BTreeMap<u64, u64>,
    /// Of processes with too many mappings to look at: all that they could hold.
    unseen: u64,
}

impl SharedMemory {
    pub fn bytes(&self) -> u64 {
        self.mapped.values().sum::<u64>() + self.unseen
    }

    /// Adds what one process has mapped. `map` is its proc_pid_maps(5), `all_bytes` the size of its address space.
    pub fn add(&mut self, map: impl Read, all_bytes: u64) {
        let mut mine: BTreeMap<u64, u64> = BTreeMap::new();
        let mut lines = Lines { from: map, buffer: Box::new([0; 16 << 10]), filled: 0, at: 0 };
        let mut count = 0;
        while let Some(line) = lines.next() {
            count += 1;
            if count > MAX_MAPPINGS {
                self.unseen += all_bytes;
                return;
            }
            if let Some((inode, bytes)) = nameless(line) {
                *mine.entry(inode).or_default() += bytes;
            }
        }
        for (inode, bytes) in mine {
            let known = self.mapped.entry(inode).or_default();
            *known = bytes.max(*known);
        }
    }
}

/// Inode and size of a mapping of shared memory without a name.
fn nameless(line: &[u8]) -> Option<(u64, u64)> {
    // address, permissions, offset, device, inode, name
    if !line.ends_with(b"/dev/zero (deleted)") {
        return None;
    }
    let line = std::str::from_utf8(line).ok()?;
    let mut fields = line.split_ascii_whitespace();
    let (from, to) = fields.next()?.split_once('-')?;
    let bytes = u64::from_str_radix(to, 16).ok()?.checked_sub(u64::from_str_radix(from, 16).ok()?)?;
    let inode = fields.nth(3)?.parse().ok()?;
    Some((inode, bytes))
}

/// Lines of a text of any length in little memory. A line longer than the buffer comes in pieces.
struct Lines<R> {
    from: R,
    buffer: Box<[u8; 16 << 10]>,
    filled: usize,
    at: usize,
}

impl<R: Read> Lines<R> {
    fn next(&mut self) -> Option<&[u8]> {
        loop {
            let rest = &self.buffer[self.at..self.filled];
            if let Some(length) = rest.iter().position(|byte| *byte == b'\n') {
                let start = self.at;
                self.at += length + 1;
                return Some(&self.buffer[start..start + length]);
            }
            self.buffer.copy_within(self.at..self.filled, 0);
            (self.filled, self.at) = (self.filled - self.at, 0);
            if self.filled == self.buffer.len() {
                self.at = self.filled;
                return Some(&self.buffer[..]);
            }
            match self.from.read(&mut self.buffer[self.filled..]) {
                Ok(n) if n > 0 => self.filled += n,
                Ok(_) | Err(_) => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "\
55d0c0a00000-55d0c0a21000 rw-p 00000000 00:00 0                          [heap]
7f1000000000-7f1000800000 rw-s 00000000 00:01 1025                       /dev/zero (deleted)
7f1000800000-7f1000900000 rw-s 00800000 00:01 1025                       /dev/zero (deleted)
7f1001000000-7f1001800000 rw-s 00000000 00:01 1026                       /dev/zero (deleted)
7f1002000000-7f1002800000 r--s 00000000 08:01 77                         /usr/lib/locale
";

    #[test]
    fn what_processes_share_counts_once() {
        let mut memory = SharedMemory::default();
        memory.add(MAP.as_bytes(), 1 << 40);
        memory.add(MAP.as_bytes(), 1 << 40);
        assert_eq!(memory.bytes(), (8 << 20) + (1 << 20) + (8 << 20));
    }

    #[test]
    fn a_process_with_too_many_mappings_holds_all_that_it_could() {
        let line = "7f1000000000-7f1000001000 r--p 00000000 00:00 0 \n";
        let mut memory = SharedMemory::default();
        memory.add(line.repeat(MAX_MAPPINGS).as_bytes(), 1 << 40);
        assert_eq!(memory.bytes(), 0);
        memory.add(line.repeat(MAX_MAPPINGS + 1).as_bytes(), 1 << 40);
        assert_eq!(memory.bytes(), 1 << 40);
    }

    #[test]
    fn a_name_that_looks_like_one_is_only_counted_too_much() {
        let text = format!("{}\n{MAP}", "x".repeat(100_000));
        let mut memory = SharedMemory::default();
        memory.add(text.as_bytes(), 0);
        assert_eq!(memory.bytes(), 17 << 20);
    }
}
