//! The talk between this program and the helper process that runs a PKCS#11 module: frames over the child's standard input
//! and output. A frame is a mark, a length and that many bytes. What is said once is JSON; what is said for each document,
//! a message and its signature, is bare bytes behind a number for its kind. A PIN is the bare bytes of a frame of its own,
//! so that no parser keeps a copy.
//!
//! Vendors' modules print to standard output. The reader skips what stands before a mark.

use std::io::{Read, Write};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::sign::Algorithm;

/// First bytes of a frame; not text, so no message of a module looks like it.
const MARK: [u8; 8] = *b"\x1b\x00scan\x00\x1b";
/// Longest frame, bytes: the certificates of some full tokens, each byte a number in JSON.
const MAX_FRAME: usize = 4 << 20;
/// Most noise before a frame, bytes.
const MAX_NOISE: usize = 1 << 20;

/// First byte of a frame that holds a message to sign; JSON begins with a brace or a quotation mark.
const SIGN: u8 = 1;
/// First byte of a frame that holds a signature.
const SIGNATURE: u8 = 2;
/// Bytes before the message: kind, place of the key, number of the algorithm, whether a PIN follows.
const HEAD: usize = 1 + 4 + 1 + 1;
/// The algorithms by their numbers in a frame.
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::RsaPkcs1Sha256,
    Algorithm::RsaPssSha256,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
];

/// Asks of the parent: one List and nothing else; or one Open, one Login, then Sign as often as needed. The next Sign may
/// be sent before the answer to the last one is there.
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
    /// Open a new session beside the one that failed, if the token still knows the log-in; no PIN is sent.
    Resume,
    /// Sign these bytes, hashing included.
    #[serde(skip)]
    Sign {
        /// Which of the keys.
        key: usize,
        /// How.
        algorithm: Algorithm,
        /// The key wants its PIN for this very signature: a frame with the bare PIN follows, empty where the token has its
        /// own pad.
        with_pin: bool,
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
    /// CKA_ALWAYS_AUTHENTICATE: it wants its PIN for every signature.
    pub always: bool,
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
        /// Its serial number, by which it is known again.
        serial: String,
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
    #[serde(skip)]
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

/// What travels in one frame.
pub trait Framed: Sized {
    /// Its bytes.
    ///
    /// # Errors
    /// When it cannot be spelled.
    fn encode(&self) -> std::io::Result<Vec<u8>>;

    /// From its bytes.
    ///
    /// # Errors
    /// When they are something else.
    fn decode(bytes: &[u8]) -> std::io::Result<Self>;
}

impl Framed for Request {
    fn encode(&self) -> std::io::Result<Vec<u8>> {
        let Request::Sign { key, algorithm, with_pin, message } = self else {
            return Ok(serde_json::to_vec(self)?);
        };
        let key = u32::try_from(*key).map_err(std::io::Error::other)?;
        let number = ALGORITHMS.iter().position(|known| known == algorithm).unwrap_or_default();
        let number = u8::try_from(number).map_err(std::io::Error::other)?;
        Ok([&[SIGN], &key.to_be_bytes()[..], &[number, u8::from(*with_pin)], message].concat())
    }

    fn decode(bytes: &[u8]) -> std::io::Result<Self> {
        if bytes.first() != Some(&SIGN) {
            return Ok(serde_json::from_slice(bytes)?);
        }
        let (head, message) = bytes.split_at_checked(HEAD).ok_or_else(unreadable)?;
        let [_, a, b, c, d, number, with_pin] = head[..] else { return Err(unreadable()) };
        let algorithm = ALGORITHMS.get(usize::from(number)).copied().ok_or_else(unreadable)?;
        let key = usize::try_from(u32::from_be_bytes([a, b, c, d])).map_err(std::io::Error::other)?;
        Ok(Request::Sign { key, algorithm, with_pin: with_pin != 0, message: message.to_vec() })
    }
}

impl Framed for Reply {
    fn encode(&self) -> std::io::Result<Vec<u8>> {
        match self {
            Reply::Signature { bytes } => Ok([&[SIGNATURE], bytes.as_slice()].concat()),
            other => Ok(serde_json::to_vec(other)?),
        }
    }

    fn decode(bytes: &[u8]) -> std::io::Result<Self> {
        match bytes {
            [SIGNATURE, bytes @ ..] => Ok(Reply::Signature { bytes: bytes.to_vec() }),
            other => Ok(serde_json::from_slice(other)?),
        }
    }
}

fn unreadable() -> std::io::Error {
    std::io::Error::other("frame of another kind")
}

/// Writes a value.
///
/// # Errors
/// When the other side is gone.
pub fn send<T: Framed>(to: &mut impl Write, value: &T) -> std::io::Result<()> {
    write(to, &value.encode()?)
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

/// Reads a value.
///
/// # Errors
/// As [`read`], and when it is something else.
pub fn receive<T: Framed>(from: &mut impl Read) -> std::io::Result<T> {
    T::decode(&read(from)?)
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
    fn messages_and_signatures_travel_as_they_are() {
        for (algorithm, with_pin) in ALGORITHMS.into_iter().zip([false, true, false, true]) {
            let message: Vec<u8> = (0..=255).collect();
            let sent = Request::Sign { key: 63, algorithm, with_pin, message: message.clone() };
            let bytes = sent.encode().unwrap();
            assert_eq!(bytes.len(), HEAD + message.len());
            let Request::Sign { key, algorithm: read, with_pin: pin, message: same } =
                Request::decode(&bytes).unwrap()
            else {
                panic!("a message")
            };
            assert_eq!((key, read, pin, same), (63, algorithm, with_pin, message));
        }
        let bytes = Reply::Signature { bytes: vec![b'{'; 3] }.encode().unwrap();
        assert!(matches!(Reply::decode(&bytes).unwrap(), Reply::Signature { bytes } if bytes == [b'{'; 3]));
        for broken in [&[SIGN][..], &[SIGN, 0, 0, 0, 0, 4, 0], &[], &[9], b"{}"] {
            assert!(Request::decode(broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_it_is_allocated() {
        let frame = [&MARK[..], &[0xFF; 4]].concat();
        assert!(read(&mut frame.as_slice()).unwrap_err().to_string().contains("too long"));
        let noise = vec![0; MAX_NOISE + MARK.len() + 1];
        assert!(read(&mut noise.as_slice()).is_err());
    }
}
