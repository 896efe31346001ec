//! The stages between an archival PDF and a sealed one. No constructor here takes bytes without checking them.

use jiff::Timestamp;

use super::Role;
use crate::document::Sha256;
use crate::error::{Result, kinds};
use crate::locales::Lang;
use crate::pdf::{ArchivalPdf, IssuedPdf, Read};
use crate::verify::{Verified, Verifier};

/// A file with at least one signature that nobody has verified yet.
#[derive(Clone, Debug)]
pub struct Signed {
    bytes: Vec<u8>,
    /// As it was read, where that was done already.
    document: Option<lopdf::Document>,
}

/// A file that the organization may seal, from these very bytes.
#[derive(Clone, Debug)]
pub struct Authorised {
    file: Read,
}

/// A file that the organization has sealed.
#[derive(Clone, Debug)]
pub struct Sealed {
    bytes: Vec<u8>,
}

/// The end of route `internal`: verified, registered, never sealed.
#[derive(Clone, Debug)]
pub struct Closed {
    bytes: Vec<u8>,
}

macro_rules! bytes_of {
    ($($stage:ident),*) => {$(
        impl $stage {
            /// The file.
            pub fn bytes(&self) -> &[u8] {
                &self.bytes
            }

            /// Digest of the file.
            pub fn sha256(&self) -> Sha256 {
                Sha256::of(&self.bytes)
            }
        }
    )*};
}

bytes_of!(Signed, Sealed, Closed);

impl Signed {
    /// Wraps a file that this crate has just signed.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, document: None }
    }

    /// Takes a stored file up again. It has to go through `verify::check` before anything is built on it.
    ///
    /// # Errors
    /// When the bytes hold no signature.
    pub fn open(bytes: Vec<u8>) -> Result<Self> {
        let (count, document) = crate::pdf::signatures(&bytes)?;
        if count == 0 {
            return Err(kinds::NOT_SIGNED.error());
        }
        Ok(Self { bytes, document: Some(document) })
    }

    /// The file, giving the stage up.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The file and what was read of it, giving the stage up.
    pub(crate) fn into_read(self) -> Read {
        Read::of(self.bytes, self.document)
    }
}

impl Sealed {
    /// Wraps a file that this crate has just sealed.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The file, giving the stage up.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Authorised {
    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.file.bytes
    }

    /// Digest of the file.
    pub fn sha256(&self) -> Sha256 {
        Sha256::of(&self.file.bytes)
    }

    /// The file, giving the stage up; for `seal` only.
    pub(crate) fn into_read(self) -> Read {
        self.file
    }
}

/// Form `re_sign`: the personal signatures are verified and all roles that the profile wants are present.
///
/// # Errors
/// [`kinds::ROLE_MISSING`] when a personal role has not signed.
pub fn authorise(verified: Verified, personal_roles: usize) -> Result<Authorised> {
    if verified.personal_signatures() < personal_roles {
        return Err(kinds::ROLE_MISSING
            .with("present", verified.personal_signatures())
            .with("wanted", personal_roles));
    }
    Ok(Authorised { file: verified.into_read() })
}

/// Form `sao_y`: the clerk's attestation of the wet signature and stamp stands in the XMP of these bytes.
///
/// # Errors
/// [`kinds::ATTESTATION_MISSING`] when it does not.
pub fn authorise_attested(pdf: ArchivalPdf) -> Result<Authorised> {
    if !pdf.is_attested() {
        return Err(kinds::ATTESTATION_MISSING.error());
    }
    Ok(Authorised { file: pdf.into_read() })
}

/// A file that goes along with a document (Decree 30/2020 Appendix I Part I II.8): the document itself is cleared for the
/// organization, or has its signature already.
pub fn authorise_attachment(file: IssuedPdf, _document: &Authorised) -> Authorised {
    Authorised { file: file.into_read() }
}

/// An archived file gets a further signature of the organization (a renewed certificate, a higher level): its earlier signatures
/// are whole, whatever has become of their certificates since.
///
/// # Errors
/// [`kinds::ROLE_MISSING`] when the organization has not sealed it; [`kinds::EARLIER_SIGNATURE_BROKEN`] with the field of the first
/// signature that is not whole.
pub fn authorise_again(signed: Signed, verifier: &Verifier, at: Timestamp) -> Result<Authorised> {
    let report = verifier.report(signed.bytes(), at, Lang::En)?;
    if let Some(broken) = report.broken() {
        return Err(kinds::EARLIER_SIGNATURE_BROKEN
            .with("field", &broken.field)
            .with("signer", &broken.signer));
    }
    let sealed = report.signatures.iter().any(|s| s.role.as_deref() == Some(Role::Organization.as_str()));
    match sealed {
        true => Ok(Authorised { file: signed.into_read() }),
        false => Err(kinds::ROLE_MISSING.with("present", 0).with("wanted", 1)),
    }
}

/// Route `internal`: nothing is sealed.
pub fn close(verified: Verified) -> Closed {
    Closed { bytes: verified.into_bytes() }
}
