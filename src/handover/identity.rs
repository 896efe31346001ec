//! The key by which stations of one office know each other. It signs lists of bundles and nothing else: no document, no
//! promise of a person; so it may lie in a file that only its owner can read.

use std::path::Path;

use getrandom::SysRng;
use p256::SecretKey;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::ecdsa::{DerSignature, SigningKey, VerifyingKey};
use p256::elliptic_curve::Generate;
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding};

use crate::document::Sha256;
use crate::error::{Clause, Error, Result, kinds};
use crate::platform;

/// File of the workspace with the key, PKCS#8 in PEM form.
const FILE: &str = "station.key";
/// Largest such file.
const MAX_FILE: u64 = 10_000;

/// The key of this station.
pub struct Identity {
    key: SigningKey,
    public: Vec<u8>,
}

fn fault(error: impl std::fmt::Display) -> Error {
    kinds::INTERNAL.with("cause", format!("station key: {error}"))
}

impl Identity {
    /// The key of the workspace in `root`, made at its first use.
    ///
    /// # Errors
    /// A disk error; [`kinds::PASSWORD_FILE_OPEN`] when others can read it.
    pub fn of(root: &Path) -> Result<Self> {
        let path = root.join(FILE);
        if !path.exists() {
            let secret = SecretKey::try_generate_from_rng(&mut SysRng).map_err(fault)?;
            let pem = secret.to_pkcs8_pem(LineEnding::LF).map_err(fault)?;
            match platform::write_new_private(&path, pem.as_bytes()) {
                // Another run was faster; its key counts.
                Err(error) if error.code() == kinds::FILE_EXISTS.code => {}
                written => written?,
            }
        }
        if platform::others_can_read(&path)? {
            return Err(kinds::PASSWORD_FILE_OPEN.with("path", path.display()));
        }
        let pem = zeroize::Zeroizing::new(platform::read_limited(&path, MAX_FILE)?);
        let unreadable =
            |cause: Clause| kinds::STATION_KEY_DAMAGED.with("path", path.display()).with("cause", cause);
        let pem = std::str::from_utf8(&pem).map_err(|e| unreadable(Clause::technical(e)))?;
        let key =
            SigningKey::from(SecretKey::from_pkcs8_pem(pem).map_err(|e| unreadable(Clause::technical(e)))?);
        let public = key.verifying_key().to_public_key_der().map_err(fault)?.into_vec();
        Ok(Self { key, public })
    }

    /// The public key, SubjectPublicKeyInfo.
    pub fn public(&self) -> &[u8] {
        &self.public
    }

    /// Digest of the public key, by which other stations know this one.
    pub fn fingerprint(&self) -> Sha256 {
        Sha256::of(&self.public)
    }

    /// Signs a list.
    ///
    /// # Errors
    /// An internal error only.
    pub fn sign(&self, list: &[u8]) -> Result<Vec<u8>> {
        let signature: DerSignature = self.key.try_sign(list).map_err(fault)?;
        Ok(signature.as_bytes().to_vec())
    }
}

/// Whether `signature` over `list` was made with the key `public`.
pub(super) fn holds(public: &[u8], list: &[u8], signature: &[u8]) -> bool {
    let Ok(key) = VerifyingKey::from_public_key_der(public) else { return false };
    DerSignature::from_bytes(signature).is_ok_and(|signature| key.verify(list, &signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_signs() {
        let folder = tempfile::tempdir().unwrap();
        let first = Identity::of(folder.path()).unwrap();
        let again = Identity::of(folder.path()).unwrap();
        assert_eq!(first.fingerprint(), again.fingerprint());
        assert!(!platform::others_can_read(&folder.path().join(FILE)).unwrap());
        let signature = first.sign(b"list").unwrap();
        assert!(holds(again.public(), b"list", &signature));
        assert!(!holds(again.public(), b"lisT", &signature));
        let other = Identity::of(tempfile::tempdir().unwrap().path()).unwrap();
        assert!(!holds(other.public(), b"list", &signature));
    }
}
