//! Mounts, mostly by the interface of Linux 5.2 and later: open_tree(2), move_mount(2), mount_setattr(2).

use core::ffi::CStr;

use super::call::call;
use super::fd::{self, AsFd, BorrowedFd, OwnedFd, owned};
use super::{fs, io, time};

pub const RDONLY: u64 = libc::MOUNT_ATTR_RDONLY;
pub const NOSUID: u64 = libc::MOUNT_ATTR_NOSUID;
pub const NODEV: u64 = libc::MOUNT_ATTR_NODEV;
pub const NOEXEC: u64 = libc::MOUNT_ATTR_NOEXEC;

const EMPTY: &CStr = c"";
// From linux/mount.h; not in the libc crate for every target.
const MOVE_MOUNT_F_EMPTY_PATH: libc::c_uint = 4;
const OPEN_TREE_CLONE: libc::c_uint = 1;

/// A new file system of a type at a path whose last part is a directory and no link. mount(2) takes one call where the
/// newer interface takes eight.
pub fn mount_new(fs_type: &CStr, path: &CStr, options: &CStr) -> io::Result<()> {
    let (name, flags) = (fs_type.as_ptr(), libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC);
    // SAFETY: all four are live C strings.
    unsafe { call!(libc::SYS_mount, name, path.as_ptr(), name, flags, options.as_ptr()) }.map(|_| ())
}

/// A detached copy of what is mounted at and below `source`.
pub fn clone_tree(source: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let flags = OPEN_TREE_CLONE
        | libc::O_CLOEXEC as libc::c_uint
        | libc::AT_EMPTY_PATH as libc::c_uint
        | libc::AT_RECURSIVE as libc::c_uint;
    // SAFETY: the path is a static C string.
    unsafe { call!(libc::SYS_open_tree, source.as_raw_fd(), EMPTY.as_ptr(), flags) }.map(owned)
}

/// Sets attributes on a mount and all below it, and cuts it off from mounts made elsewhere later. With `id_map`, a
/// user namespace: owners are translated through it.
pub fn restrict_tree(mount: BorrowedFd<'_>, attributes: u64, id_map: Option<BorrowedFd<'_>>) -> io::Result<()> {
    // SAFETY: mount_attr is plain data for which all zeros is valid.
    let mut attr: libc::mount_attr = unsafe { core::mem::zeroed() };
    attr.attr_set = attributes;
    attr.propagation = libc::MS_PRIVATE;
    if let Some(namespace) = id_map {
        attr.attr_set |= libc::MOUNT_ATTR_IDMAP;
        attr.userns_fd = namespace.as_raw_fd() as u64;
    }
    set_attributes(mount, &attr, libc::AT_RECURSIVE)
}

/// Makes one mount read-only.
pub fn set_read_only(mount: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: as above.
    let mut attr: libc::mount_attr = unsafe { core::mem::zeroed() };
    attr.attr_set = RDONLY;
    set_attributes(mount, &attr, 0)
}

fn set_attributes(mount: BorrowedFd<'_>, attr: &libc::mount_attr, flags: libc::c_int) -> io::Result<()> {
    let flags = (libc::AT_EMPTY_PATH | flags) as libc::c_uint;
    // SAFETY: `attr` lives over the call and the size is its own.
    unsafe {
        call!(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            EMPTY.as_ptr(),
            flags,
            core::ptr::from_ref(attr),
            size_of::<libc::mount_attr>(),
        )
    }?;
    Ok(())
}

/// Attaches a detached mount at a path.
pub fn attach(mount: BorrowedFd<'_>, path: &CStr) -> io::Result<()> {
    // SAFETY: both paths are live C strings.
    unsafe {
        call!(
            libc::SYS_move_mount,
            mount.as_raw_fd(),
            EMPTY.as_ptr(),
            libc::AT_FDCWD,
            path.as_ptr(),
            MOVE_MOUNT_F_EMPTY_PATH,
        )
    }?;
    Ok(())
}

/// Cuts the whole mount tree of this namespace off from others.
pub fn make_all_private() -> io::Result<()> {
    // SAFETY: the target is a static C string; the other pointers are not read for this operation.
    unsafe { call!(libc::SYS_mount, 0, c"/".as_ptr(), 0, libc::MS_REC | libc::MS_PRIVATE, 0) }.map(|_| ())
}

/// Makes the working directory, a mount point, the root. The old root is then mounted on top of the new one, and is the
/// working directory. pivot_root(2), NOTES.
pub fn pivot_into_working_directory() -> io::Result<()> {
    let here = c".".as_ptr();
    // SAFETY: both paths are static C strings.
    unsafe { call!(libc::SYS_pivot_root, here, here) }.map(|_| ())
}

/// Lets go of the old root, which still is the working directory.
pub fn leave_old_root() -> io::Result<()> {
    // SAFETY: the path is a static C string.
    unsafe { call!(libc::SYS_umount2, c".".as_ptr(), libc::MNT_DETACH) }?;
    change_directory(c"/")
}

/// Waits until another process has left the old root. Until then, what lies above the root is the old one.
pub fn await_old_root_gone() -> io::Result<()> {
    let identity = |path: &str| {
        let place = fs::open(path, libc::O_PATH | libc::O_NOFOLLOW)?;
        fd::stat(place.as_fd()).map(|found| (found.st_dev, found.st_ino))
    };
    while identity("/")? != identity("/..")? {
        time::yield_now();
    }
    Ok(())
}

pub fn change_directory(path: &CStr) -> io::Result<()> {
    // SAFETY: `path` is a live C string.
    unsafe { call!(libc::SYS_chdir, path.as_ptr()) }.map(|_| ())
}

pub fn change_directory_to(directory: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: takes no pointers.
    unsafe { call!(libc::SYS_fchdir, directory.as_raw_fd()) }.map(|_| ())
}
