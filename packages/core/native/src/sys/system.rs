//! The kernel.

use super::call::call;

/// Whether it is at least of this version, as far as it tells. uname(2)
pub fn is_at_least(major: u32, minor: u32) -> bool {
    // SAFETY: utsname is plain data for which all zeros is valid.
    let mut name: libc::utsname = unsafe { core::mem::zeroed() };
    // SAFETY: `name` is live and writable.
    let told = unsafe { call!(libc::SYS_uname, &raw mut name) };
    let release: [u8; 65] = name.release.map(|byte| byte as u8);
    told.is_ok() && version(&release).is_some_and(|version| version >= (major, minor))
}

/// The first two numbers of `6.18.44-something`.
fn version(release: &[u8]) -> Option<(u32, u32)> {
    let mut numbers = release.split(|byte| !byte.is_ascii_digit());
    let mut next = || core::str::from_utf8(numbers.next()?).ok()?.parse().ok();
    Some((next()?, next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_number() {
        assert_eq!(version(b"6.18.44-fc-v595\0\0"), Some((6, 18)));
        assert_eq!(version(b"5.4\0"), Some((5, 4)));
        assert_eq!(version(b"6\0"), None);
        assert_eq!(version(b"\0"), None);
        assert!(is_at_least(2, 6) && !is_at_least(1000, 0));
    }
}
