//! Whether a store can be written. What lies on read-only media, an archived workspace on a disc for instance, can still be
//! read: leases, and the files that keep them, are needed only by who writes.

use std::io::ErrorKind;

use crate::error::{Error, Result, kinds};

use super::holder::Holder;
use super::{Blobs, LEASES, Place, Setting, Store};

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// To go on with the documents.
    Write,
    /// To look them up where nothing can be written.
    Read,
}

impl Store {
    /// As [`Store::open`] for who only looks: on read-only media the store is opened as it lies, and every attempt to write into
    /// it is refused.
    ///
    /// # Errors
    /// As [`Store::open`]; media that can be written but not by this user are refused, since somebody else may be writing there
    /// just now.
    pub async fn open_to_read(place: Place, blobs: Blobs, setting: Setting) -> Result<Self> {
        // A trial of the lock file costs little, and the answer of the system is the only one that counts.
        match Holder::enter(&setting.root.join(LEASES)) {
            Err(error) if is_read_only(&error) => {
                let pool = place.connect(Access::Read).await?;
                let store = Self::on(pool, place, blobs, setting, Holder::absent());
                store.prepare().await?;
                Ok(store)
            }
            tried => {
                // Given back at once: opening to write takes its own.
                drop(tried);
                Self::open(place, blobs, setting).await
            }
        }
    }

    /// Whether documents can be gone on with here.
    pub fn is_writable(&self) -> bool {
        self.holder.is_present()
    }

    /// Refuses to write where nothing can be written.
    pub(super) fn check_writable(&self) -> Result<()> {
        match self.is_writable() {
            true => Ok(()),
            false => Err(read_only(&self.setting)),
        }
    }
}

fn read_only(setting: &Setting) -> Error {
    kinds::WORKSPACE_READ_ONLY.with("path", setting.root.display())
}

/// What it means that the lock file of this process cannot be made.
pub(super) fn refused(setting: &Setting, error: Error) -> Error {
    match error.code() == kinds::FILE_DENIED.code {
        true => read_only(setting).because(error),
        false => error,
    }
}

fn is_read_only(error: &Error) -> bool {
    let cause = std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<std::io::Error>());
    cause.is_some_and(|cause| cause.kind() == ErrorKind::ReadOnlyFilesystem)
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::*;

    #[test]
    fn only_media_that_nobody_can_write_are_opened_to_read() {
        let of = |kind| Error::io(Path::new("leases"), io::Error::from(kind));
        assert!(is_read_only(&of(ErrorKind::ReadOnlyFilesystem)));
        assert!(!is_read_only(&of(ErrorKind::PermissionDenied)));
        assert!(!is_read_only(&of(ErrorKind::StorageFull)));
    }
}
