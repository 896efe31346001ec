//! The Unix arm.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::os::fd::AsFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use crate::error::{Error, Result};

/// Standard output without the buffer that cuts what is written at each end of line.
///
/// # Errors
/// When it is closed.
pub fn plain_output() -> std::io::Result<File> {
    std::io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

/// File system magic numbers of network shares (linux/magic.h): NFS, SMB, CIFS, SMB2, AFS, Ceph, FUSE is not one.
const NETWORK_MAGIC: [u64; 6] = [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x00C3_6400];

/// Makes a folder, and its parents, that only its owner can enter (mode 0700).
pub fn create_private_dir(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| Error::io(path, e))
}

/// Takes an existing folder away from everybody but its owner (mode 0700).
pub fn make_private(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(|e| Error::io(path, e))
}

/// How to open a new file that only its owner can read and write (mode 0600).
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    options
}

/// Room that this user may still fill on the disk of `folder`, bytes.
pub fn free_bytes(folder: &Path) -> Result<u64> {
    let stat = rustix::fs::statvfs(folder).map_err(|e| Error::io(folder, e.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Login name of the user who runs the program: the one that the system knows, not one that the environment claims.
pub fn user_name() -> String {
    let uid = rustix::process::getuid().as_raw();
    let table = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let known =
        table.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|entry| match entry[..] {
            [name, _, id, ..] if id.parse() == Ok(uid) => Some(name.to_owned()),
            _ => None,
        });
    // Users of a directory service do not stand in the table.
    known.or_else(|| std::env::var("LOGNAME").ok()).unwrap_or_else(|| format!("uid-{uid}"))
}

/// A crash of this process shall not leave its memory, and a PIN in it, on the disk.
pub fn no_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    // Lowering a limit is always allowed; where it is not, the process still works.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Makes a rename or a new name in `folder` durable.
pub fn sync_dir(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| Error::io(folder, e))
}

/// Whether a hard link failed because the file system has none, or no more of this file.
pub fn knows_no_links(error: &std::io::Error) -> bool {
    use rustix::io::Errno;
    // Linux says EPERM, servers of shares deny it or do not know it.
    let told = [Errno::PERM, Errno::ACCESS, Errno::OPNOTSUPP, Errno::NOSYS, Errno::MLINK, Errno::INVAL];
    Errno::from_io_error(error).is_some_and(|errno| told.contains(&errno))
}

/// Renames in one step that never replaces a file; none where the system or the file system has no such step.
pub fn rename_without_replacing(from: &Path, to: &Path) -> Option<std::io::Result<()>> {
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => None,
            done => Some(done.map_err(Into::into)),
        }
    }
    #[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
    {
        let _ = (from, to);
        None
    }
}

/// Whether someone who is neither the owner nor root can write the file.
pub fn others_can_write(path: &Path) -> Result<bool> {
    let meta = fs::metadata(path).map_err(|e| Error::io(path, e))?;
    Ok(meta.mode() & 0o022 != 0)
}

/// Whether someone else than the owner can read the file.
pub fn others_can_read(path: &Path) -> Result<bool> {
    let meta = fs::metadata(path).map_err(|e| Error::io(path, e))?;
    Ok(meta.mode() & 0o077 != 0)
}

/// Whether the file belongs to root or to the user who runs the program.
pub fn owned_by_root_or_us(path: &Path) -> Result<bool> {
    let meta = fs::metadata(path).map_err(|e| Error::io(path, e))?;
    Ok(meta.uid() == 0 || meta.uid() == rustix::process::geteuid().as_raw())
}

/// Whether the folder lies on a network share, where SQLite's write-ahead log is not safe.
pub fn is_network_share(folder: &Path) -> Result<bool> {
    let stat = rustix::fs::statfs(folder).map_err(|e| Error::io(folder, e.into()))?;
    #[allow(clippy::cast_sign_loss, clippy::unnecessary_cast)]
    Ok(NETWORK_MAGIC.contains(&(stat.f_type as u64 & 0xFFFF_FFFF)))
}

/// Opens what may be no file, without following a link and without waiting for whoever writes into a pipe.
///
/// # Errors
/// As the system says.
pub fn open_unknown(path: &Path) -> std::io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
    #[allow(clippy::cast_possible_wrap)]
    OpenOptions::new().read(true).custom_flags(flags.bits() as i32).open(path)
}

/// How many mounted file systems lie between the root and a folder that exists. Less than before: one is not mounted.
pub fn mounts(folder: &Path) -> Result<usize> {
    let folder = folder.canonicalize().map_err(|e| Error::io(folder, e))?;
    let device = |part: &Path| fs::metadata(part).map(|meta| meta.dev()).map_err(|e| Error::io(part, e));
    let devices: Vec<u64> = folder.ancestors().map(device).collect::<Result<_>>()?;
    Ok(devices.windows(2).filter(|pair| pair[0] != pair[1]).count())
}

/// Reads from a place in a file without moving anything that other threads rely on.
pub fn read_at(file: &File, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

/// Done when the person presses Ctrl-C or the system asks the program to end.
pub async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        // Without the second signal the first still works.
        Err(_) => drop(interrupt.await),
    }
}
