//! Files without a name that a process has mapped.

use crate::prelude::*;

/// So many lines of one process's map are read; an honest one has a few hundred. More of them count as a new file each.
const MAX_MAPPINGS: usize = 4096;

/// Inodes of deleted files below `root` in a text as in proc_pid_maps(5).
/// `read` gives the next part of it, as read(2) does; it ends where that gives nothing.
pub fn deleted_mappings(read: impl FnMut(&mut [u8]) -> usize, root: &str) -> Vec<u64> {
    let mut lines = Lines { read, buffer: Box::new([0; 16 << 10]), filled: 0, at: 0 };
    let mut inodes = vec![];
    let mut count = 0;
    while let Some(line) = lines.next() {
        count += 1;
        if count > MAX_MAPPINGS {
            inodes.push(u64::MAX - inodes.len() as u64);
            return inodes;
        }
        inodes.extend(deleted_below(line, root.as_bytes()));
    }
    inodes
}

fn deleted_below(line: &[u8], root: &[u8]) -> Option<u64> {
    // address, permissions, offset, device, inode, path
    let path = &line[line.iter().position(|byte| *byte == b'/')?..];
    if !path.starts_with(root) || !path.ends_with(b" (deleted)") {
        return None;
    }
    core::str::from_utf8(line).ok()?.split_ascii_whitespace().nth(4)?.parse().ok()
}

/// Lines of a text of any length in little memory. A line longer than the buffer comes in pieces.
struct Lines<R> {
    read: R,
    buffer: Box<[u8; 16 << 10]>,
    filled: usize,
    at: usize,
}

impl<R: FnMut(&mut [u8]) -> usize> Lines<R> {
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
            match (self.read)(&mut self.buffer[self.filled..]) {
                0 => return None,
                n => self.filled += n,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAP: &str = "\
7f1000000000-7f1000001000 r--s 00000000 08:01 77                         /tmp/skillbox-1/tmp/a (deleted)
7f1001000000-7f1001001000 r--s 00000000 08:01 78                         /tmp/skillbox-1/tmp/b
7f1002000000-7f1002001000 r--s 00000000 08:01 79                         /tmp/other/c (deleted)
55d0c0a00000-55d0c0a21000 rw-p 00000000 00:00 0                          [heap]
";

    fn found(map: &str) -> Vec<u64> {
        let mut rest = map.as_bytes();
        let read = |buffer: &mut [u8]| {
            let n = buffer.len().min(rest.len());
            buffer[..n].copy_from_slice(&rest[..n]);
            rest = &rest[n..];
            n
        };
        deleted_mappings(read, "/tmp/skillbox-1")
    }

    #[test]
    fn only_deleted_files_of_the_run_are_found() {
        assert_eq!(found(MAP), [77]);
    }

    #[test]
    fn a_map_without_end_is_not_read_to_its_end() {
        let line = "7f1000000000-7f1000001000 r--p 00000000 00:00 0 \n";
        assert_eq!(found(&line.repeat(MAX_MAPPINGS)).len(), 0);
        assert_eq!(found(&line.repeat(MAX_MAPPINGS + 1)).len(), 1);
    }

    #[test]
    fn a_line_longer_than_the_buffer_hides_nothing_behind_it() {
        let text = format!("{}\n{MAP}", "x".repeat(100_000));
        assert_eq!(found(&text), [77]);
    }
}
