//! The talk between this program and the helper process that runs a PKCS#11 module: frames over the child's standard input
//! and output. A frame is a mark, a length and that many bytes: JSON, but for the PIN, which is the bare bytes of a frame
//! of its own so that no parser keeps a copy.
//!
//! Vendors' modules print to standard output. The reader skips what stands before a mark.

use std::io::{Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::sign::Algorithm;

/// First bytes of a frame; not text, so no message of a module looks like it.
const MARK: [u8; 8] = *b"\x1b\x00scan\x00\x1b";
/// Longest frame, bytes: the certificates of some full tokens, each byte a number in JSON.
const MAX_FRAME: usize = 4 << 20;
/// Most noise before a frame, bytes.
const MAX_NOISE: usize = 1 << 20;

/// Asks of the parent: one List and nothing else; or one Open, one Login, then Sign as often as needed.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Load the module and tell its tokens.
    List {
        /// The module's file, checked by the parent.
        module: std::path::PathBuf,
    },
    /// Load the module and find the token.
    Open {
        /// The module's file, checked by the parent.
        module: std::path::PathBuf,
        /// Wanted label.
        token: Option<String>,
        /// Wanted serial number.
        serial: Option<String>,
        /// Wanted manufacturer.
        manufacturer: Option<String>,
        /// Wanted model.
        model: Option<String>,
        /// Whether a PIN may be tried at the token's last try.
        allow_last_try: bool,
    },
    /// Log in and find the key; a frame with the bare PIN follows, empty where the token has its own pad.
    Login {
        /// Wanted CKA_LABEL.
        object: Option<String>,
        /// Wanted CKA_ID.
        id: Option<Vec<u8>>,
    },
    /// Sign these bytes, hashing included.
    Sign {
        /// Which of the keys.
        key: usize,
        /// How.
        algorithm: Algorithm,
        /// The bytes.
        message: Vec<u8>,
    },
}

/// A private key that fits the address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeenKey {
    /// CKA_ID.
    pub id: Vec<u8>,
    /// What tells its certificate.
    pub public: Public,
}

/// The public half of a key, as far as the token tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Public {
    /// RSA.
    Rsa {
        /// Big-endian.
        modulus: Vec<u8>,
    },
    /// ECDSA.
    Ec {
        /// CKA_EC_PARAMS: the curve, DER.
        parameters: Vec<u8>,
        /// The uncompressed point of CKA_EC_POINT, without its octet string.
        point: Option<Vec<u8>>,
    },
}

/// A certificate on a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SeenCertificate {
    /// CKA_ID.
    pub id: Vec<u8>,
    /// DER.
    pub der: Vec<u8>,
}

/// A token as it is seen without a log-in.
#[derive(Debug, Serialize, Deserialize)]
pub struct SeenToken {
    /// CK_TOKEN_INFO label, without the blanks behind it.
    pub label: String,
    /// Serial number.
    pub serial: String,
    /// Manufacturer.
    pub manufacturer: String,
    /// Model.
    pub model: String,
    /// CKF_USER_PIN_LOCKED.
    pub pin_locked: bool,
    /// CKF_USER_PIN_FINAL_TRY.
    pub pin_last_try: bool,
    /// CKF_USER_PIN_COUNT_LOW.
    pub pin_few_tries: bool,
    /// CKF_PROTECTED_AUTHENTICATION_PATH.
    pub pad: bool,
    /// Number of its slot, which may be another one the next time.
    pub slot: u64,
    /// Its public X.509 certificates, DER.
    pub certificates: Vec<Vec<u8>>,
}

/// Answers of the child, one to each request.
#[derive(Debug, Serialize, Deserialize)]
pub enum Reply {
    /// The tokens.
    Tokens {
        /// In the order of their slots.
        tokens: Vec<SeenToken>,
    },
    /// The token is there.
    Found {
        /// The PIN is typed on the token's own pad.
        pad: bool,
        /// Wrong PINs were typed since the last right one (CKF_USER_PIN_COUNT_LOW).
        few_tries_left: bool,
    },
    /// Logged in, and keys are there.
    Ready {
        /// The keys that fit; [`Request::Sign`] names one by its place.
        keys: Vec<SeenKey>,
        /// All certificates.
        certificates: Vec<SeenCertificate>,
    },
    /// The signature.
    Signature {
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// The request failed; the code of a row in the table of refusals, and the technical cause.
    Refused {
        /// Stable code.
        code: String,
        /// Cause for the sentence.
        cause: String,
    },
}

/// Writes one frame in one piece.
///
/// # Errors
/// When the other side is gone.
pub fn write(to: &mut impl Write, payload: &[u8]) -> std::io::Result<()> {
    let length = u32::try_from(payload.len()).map_err(std::io::Error::other)?.to_be_bytes();
    let frame = Zeroizing::new([&MARK, length.as_slice(), payload].concat());
    to.write_all(&frame)?;
    to.flush()
}

/// Writes a value as JSON.
///
/// # Errors
/// When the other side is gone.
pub fn send<T: Serialize>(to: &mut impl Write, value: &T) -> std::io::Result<()> {
    write(to, &serde_json::to_vec(value)?)
}

/// Reads one frame.
///
/// # Errors
/// When the other side is gone, or what it writes is no frame.
pub fn read(from: &mut impl Read) -> std::io::Result<Zeroizing<Vec<u8>>> {
    skip_noise(from)?;
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = usize::try_from(u32::from_be_bytes(length)).map_err(std::io::Error::other)?;
    if length > MAX_FRAME {
        return Err(std::io::Error::other("frame too long"));
    }
    let mut payload = Zeroizing::new(vec![0; length]);
    from.read_exact(&mut payload)?;
    Ok(payload)
}

/// Reads a value from JSON.
///
/// # Errors
/// As [`read`], and when it is something else.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> std::io::Result<T> {
    Ok(serde_json::from_slice(&read(from)?)?)
}

fn skip_noise(from: &mut impl Read) -> std::io::Result<()> {
    let mut window = [0; MARK.len()];
    from.read_exact(&mut window)?;
    for _ in 0..MAX_NOISE {
        if window == MARK {
            return Ok(());
        }
        window.rotate_left(1);
        let (_, last) = window.split_at_mut(MARK.len() - 1);
        from.read_exact(last)?;
    }
    Err(std::io::Error::other("no frame"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_found_behind_what_a_module_prints() {
        let mut pipe = b"vendor v1.2 \x1b\x00scan loaded\n".to_vec();
        write(&mut pipe, b"one").unwrap();
        pipe.extend_from_slice(b"debug: ");
        write(&mut pipe, b"").unwrap();
        let mut pipe = pipe.as_slice();
        assert_eq!(read(&mut pipe).unwrap().as_slice(), b"one");
        assert_eq!(read(&mut pipe).unwrap().as_slice(), b"");
        assert!(read(&mut pipe).is_err());
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_it_is_allocated() {
        let frame = [&MARK[..], &[0xFF; 4]].concat();
        assert!(read(&mut frame.as_slice()).unwrap_err().to_string().contains("too long"));
        let noise = vec![0; MAX_NOISE + MARK.len() + 1];
        assert!(read(&mut noise.as_slice()).is_err());
    }
}
