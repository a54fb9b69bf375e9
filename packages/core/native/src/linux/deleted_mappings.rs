//! Files without a name that a process has mapped.

use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// So many lines of one process's map are read; an honest one has a few hundred. More of them count as a new file each.
const MAX_MAPPINGS: usize = 4096;

/// Inodes of deleted files below `root` in a text as in proc_pid_maps(5).
pub fn deleted_mappings(map: impl Read, root: &Path) -> Vec<u64> {
    let mut lines = Lines { from: map, buffer: Box::new([0; 16 << 10]), filled: 0, at: 0 };
    let mut inodes = vec![];
    let mut count = 0;
    while let Some(line) = lines.next() {
        count += 1;
        if count > MAX_MAPPINGS {
            inodes.push(u64::MAX - inodes.len() as u64);
            return inodes;
        }
        inodes.extend(deleted_below(line, root.as_os_str().as_bytes()));
    }
    inodes
}

fn deleted_below(line: &[u8], root: &[u8]) -> Option<u64> {
    // address, permissions, offset, device, inode, path
    let path = &line[line.iter().position(|byte| *byte == b'/')?..];
    if !path.starts_with(root) || !path.ends_with(b" (deleted)") {
        return None;
    }
    std::str::from_utf8(line).ok()?.split_ascii_whitespace().nth(4)?.parse().ok()
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
7f1000000000-7f1000001000 r--s 00000000 08:01 77                         /tmp/skillbox-1/tmp/a (deleted)
7f1001000000-7f1001001000 r--s 00000000 08:01 78                         /tmp/skillbox-1/tmp/b
7f1002000000-7f1002001000 r--s 00000000 08:01 79                         /tmp/other/c (deleted)
55d0c0a00000-55d0c0a21000 rw-p 00000000 00:00 0                          [heap]
";

    #[test]
    fn only_deleted_files_of_the_run_are_found() {
        assert_eq!(deleted_mappings(MAP.as_bytes(), Path::new("/tmp/skillbox-1")), [77]);
    }

    #[test]
    fn a_map_without_end_is_not_read_to_its_end() {
        let line = "7f1000000000-7f1000001000 r--p 00000000 00:00 0 \n";
        let root = Path::new("/tmp/skillbox-1");
        assert_eq!(deleted_mappings(line.repeat(MAX_MAPPINGS).as_bytes(), root).len(), 0);
        assert_eq!(deleted_mappings(line.repeat(MAX_MAPPINGS + 1).as_bytes(), root).len(), 1);
    }

    #[test]
    fn a_line_longer_than_the_buffer_hides_nothing_behind_it() {
        let text = format!("{}\n{MAP}", "x".repeat(100_000));
        assert_eq!(deleted_mappings(text.as_bytes(), Path::new("/tmp/skillbox-1")), [77]);
    }
}
