//! A key in a PKCS#12 file (RFC 7292): modern (PBES2, AES) and older (RC2, 3DES) ones. The key stays in this process.

use std::collections::VecDeque;
use std::path::Path;

use getrandom::SysRng;
use jiff::Timestamp;
use p12_keystore::{KeyStore, KeyStoreEntry};
use rsa::pkcs8::DecodePrivateKey;
use rsa::{pkcs1v15, pss};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use signature::{RandomizedSigner, SignatureEncoding, Signer};

use super::choose::{Candidate, choose, named};
use super::cost::check_cost;
use super::{KeyPolicy, Pins};
use crate::error::{Clause, Error, Result, kinds};
use crate::platform;
use crate::sign::certificate::{Certificate, Checker, chain};
use crate::sign::{Algorithm, Session};

/// Largest key file, bytes: a key with a chain has 5 KB.
const MAX_FILE: u64 = 1 << 20;
/// pkcs8ShroudedKeyBag (RFC 7292 4.2.2), DER.
const KEY_BAG: [u8; 13] = [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x02];

/// A key in memory. It is wiped when the session ends.
pub struct FileSession {
    certificate: Certificate,
    chain: Vec<Vec<u8>>,
    name: String,
    key: SoftKey,
    algorithm: Algorithm,
    checker: Checker,
    file: String,
    waiting: VecDeque<Vec<u8>>,
}

/// A private key. Each kind wipes itself.
enum SoftKey {
    Pkcs1(pkcs1v15::SigningKey<Sha256>),
    Pss(pss::SigningKey<Sha256>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
}

impl SoftKey {
    fn read(pkcs8: &[u8], algorithm: Algorithm) -> std::result::Result<Self, rsa::pkcs8::Error> {
        Ok(match algorithm {
            Algorithm::RsaPkcs1Sha256 => {
                SoftKey::Pkcs1(pkcs1v15::SigningKey::new(rsa::RsaPrivateKey::from_pkcs8_der(pkcs8)?))
            }
            Algorithm::RsaPssSha256 => {
                SoftKey::Pss(pss::SigningKey::new(rsa::RsaPrivateKey::from_pkcs8_der(pkcs8)?))
            }
            Algorithm::EcdsaP256Sha256 => SoftKey::P256(p256::ecdsa::SigningKey::from_pkcs8_der(pkcs8)?),
            Algorithm::EcdsaP384Sha384 => SoftKey::P384(p384::ecdsa::SigningKey::from_pkcs8_der(pkcs8)?),
        })
    }

    /// RSA with blinding; ECDSA with the nonce of RFC 6979, so that no bad random number gives the key away.
    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(match self {
            SoftKey::Pkcs1(key) => key.try_sign_with_rng(&mut SysRng, message)?.to_vec(),
            SoftKey::Pss(key) => key.try_sign_with_rng(&mut SysRng, message)?.to_vec(),
            SoftKey::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message)?;
                signature.to_der().as_bytes().to_vec()
            }
            SoftKey::P384(key) => {
                let signature: p384::ecdsa::Signature = key.try_sign(message)?;
                signature.to_der().as_bytes().to_vec()
            }
        })
    }
}

/// Opens the file with the password from `pins`; of several keys the one that the rule chooses.
///
/// # Errors
/// [`kinds::KEY_FILE_MISSING`], [`kinds::KEY_FILE_DAMAGED`], [`kinds::WRONG_PIN`], [`kinds::KEY_MISSING`],
/// [`kinds::KEY_AMBIGUOUS`], [`kinds::KEY_TYPE_UNSUPPORTED`], [`kinds::SIGNATURE_MISMATCH`] when certificate and key do not belong together.
pub(crate) fn open(path: &Path, policy: &KeyPolicy, pins: &mut Pins) -> Result<FileSession> {
    let bytes = platform::read_limited(path, MAX_FILE).map_err(|e| {
        kinds::KEY_FILE_MISSING.with("path", path.display()).with("cause", Clause::of(&e)).because(e)
    })?;
    let damaged = |cause: Clause| kinds::KEY_FILE_DAMAGED.with("path", path.display()).with("cause", cause);
    check_cost(&bytes).map_err(damaged)?;
    let file = path.display().to_string();
    let password = pins.pin(&file, false)?;
    let store = KeyStore::from_pkcs12(&bytes, password.expose_secret()).map_err(|e| refusal(e, path))?;
    from_store(&store, key_bags(&bytes), policy, file)
}

/// How many encrypted keys a file shows from outside; those in a part that is encrypted once more are not seen.
fn key_bags(bytes: &[u8]) -> usize {
    bytes.windows(KEY_BAG.len()).filter(|window| *window == KEY_BAG).count()
}

/// The library tells a wrong password by the MAC, or by padding where the file has none.
fn refusal(error: p12_keystore::error::Error, path: &Path) -> Error {
    use p12_keystore::error::Error as E;
    match error {
        E::MacError(_) | E::Pkcs5Error(_) | E::UnpadError => kinds::WRONG_PIN.with("token", path.display()),
        other => kinds::KEY_FILE_DAMAGED
            .with("path", path.display())
            .with("cause", Clause::technical(&other))
            .because(other),
    }
}

fn from_store(store: &KeyStore, bags: usize, policy: &KeyPolicy, file: String) -> Result<FileSession> {
    let explain = |e: Error| e.with("token", &file).with("object", "*");
    let (mut keys, mut candidates, mut pool) = (Vec::new(), Vec::new(), Vec::new());
    for (_, entry) in store.entries() {
        match entry {
            KeyStoreEntry::PrivateKeyChain(entry) => {
                let chain = entry.chain().iter().map(|c| Certificate::parse(c.as_der()));
                let chain = chain.collect::<Result<Vec<_>>>()?;
                let own = chain.first().cloned();
                candidates.extend(own.map(|certificate| Candidate {
                    key: keys.len(),
                    certificate,
                    address: None,
                }));
                keys.push(entry.key());
                pool.extend(chain);
            }
            KeyStoreEntry::Certificate(other) => pool.push(Certificate::parse(other.as_der())?),
            KeyStoreEntry::Secret(_) => {}
        }
    }
    if candidates.is_empty() {
        return Err(explain(kinds::KEY_MISSING.error()));
    }
    // Of keys with one name the library shows only one, and what is not seen cannot be weighed.
    if bags > keys.len() {
        return Err(explain(kinds::KEY_AMBIGUOUS.with("candidates", format!("{}; …", named(&candidates)))));
    }
    let Candidate { key, certificate, .. } = choose(candidates, policy, Timestamp::now()).map_err(explain)?;
    let algorithm = certificate.algorithm(policy.rsa_pss).map_err(explain)?;
    let checker = Checker::new(&certificate, algorithm).map_err(explain)?;
    // A key of another kind than its certificate, or of none that signs.
    let key = SoftKey::read(keys.get(key).copied().unwrap_or_default(), algorithm)
        .map_err(|e| kinds::KEY_TYPE_UNSUPPORTED.with("token", &file).with("detail", e))?;
    let session = FileSession {
        chain: chain(&certificate, &pool),
        name: certificate.name(),
        checker,
        key,
        algorithm,
        certificate,
        file,
        waiting: VecDeque::new(),
    };
    // A certificate of another key is noticed before a document waits for it.
    session.signed(b"scanseal")?;
    Ok(session)
}

impl FileSession {
    /// The check with the public key also catches a fault in the CRT computation, whose result would give the key away.
    fn signed(&self, message: &[u8]) -> Result<Vec<u8>> {
        let signature = self.key.sign(message).map_err(|e| kinds::INTERNAL.with("cause", e))?;
        match self.checker.holds(message, &signature) {
            true => Ok(signature),
            false => Err(kinds::SIGNATURE_MISMATCH.with("token", &self.file)),
        }
    }
}

impl Session for FileSession {
    fn certificate(&self) -> &[u8] {
        self.certificate.der()
    }

    fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn signer_name(&self) -> &str {
        &self.name
    }

    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        self.signed(message)
    }

    fn submit(&mut self, message: &[u8], _pin: Option<&SecretString>) -> Result<()> {
        self.waiting.push_back(message.to_vec());
        Ok(())
    }

    fn collect(&mut self) -> Result<Vec<u8>> {
        match self.waiting.pop_front() {
            Some(message) => self.signed(&message),
            None => Err(kinds::INTERNAL.with("cause", "no message at the key")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_of_another_key_is_noticed_before_it_signs() {
        use crate::sign::authority::{Issued, Purpose, Recipe};
        let now = jiff::Timestamp::now();
        let until = now + jiff::SignedDuration::from_hours(24);
        let make =
            |subject| Issued::root(&Recipe { subject, from: now, until, purpose: Purpose::Signing }).unwrap();
        let (own, other) = (make("CN=own"), make("CN=other"));
        let open = |key: &Issued| {
            let certificate = p12_keystore::Certificate::from_der(&own.certificates[0]).unwrap();
            let chain =
                p12_keystore::PrivateKeyChain::new(key.key_der().unwrap().as_slice(), [1], [certificate]);
            let mut store = KeyStore::new();
            store.add_entry("key", KeyStoreEntry::PrivateKeyChain(chain));
            from_store(&store, 1, &KeyPolicy::default(), String::from("key.p12"))
                .map(|mut session| session.sign(b"message").unwrap().len())
        };
        assert_eq!(open(&own).unwrap(), 256);
        assert_eq!(open(&other).unwrap_err().code(), "signature_mismatch");
        assert_eq!(
            from_store(&KeyStore::new(), 0, &KeyPolicy::default(), String::new()).err().unwrap().code(),
            "key_missing"
        );
    }

    #[test]
    fn a_key_that_the_library_hides_behind_another_is_not_passed_over() {
        use crate::sign::authority::{Issued, KeyType, Purpose, Recipe};
        let now = Timestamp::now();
        let until = now + jiff::SignedDuration::from_hours(24);
        let recipe = Recipe { subject: "CN=An", from: now, until, purpose: Purpose::Signing };
        let file = Issued::root_with(KeyType::P256, &recipe).unwrap().pkcs12("x").unwrap();
        let store = KeyStore::from_pkcs12(&file, "x").unwrap();
        let open =
            |bags| from_store(&store, bags, &KeyPolicy::default(), String::new()).map_err(|e| e.code());
        assert_eq!(key_bags(&file), 1);
        assert!(open(1).is_ok());
        assert_eq!(open(2).err(), Some("key_ambiguous"));
    }
}
