//! The helper process: loads the PKCS#11 module, holds the session, answers [`wire::Request`]s until its input ends.
//!
//! A module is foreign code in our address space: it may crash, hang, print or leak. Here it can do so without a document
//! in reach: this process sees a PIN and some hundred bytes a signature, never a file.

use std::io::{Read, Write};
use std::process::ExitCode;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, SessionState, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::{AuthPin, RawAuthPin};

use super::objects;
use super::wire::{self, Reply, Request, SeenToken};
use crate::error::{Kind, kinds};
use crate::sign::Algorithm;

/// First argument that starts this process instead of the command line.
pub const ARGUMENT: &str = "__token";
/// Most tokens that are listed.
const MAX_TOKENS: usize = 32;
/// DigestInfo of SHA-256 without the digest (RFC 8017 9.2 note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// Bytes of the salt of RSASSA-PSS: as long as the digest.
const PSS_SALT: u64 = 32;

/// A refusal on its way to the parent.
pub(super) struct Refusal {
    kind: &'static Kind,
    cause: String,
}

pub(super) type Answer<T> = Result<T, Refusal>;

pub(super) fn refuse<T>(kind: &'static Kind, cause: impl std::fmt::Display) -> Answer<T> {
    Err(Refusal { kind, cause: cause.to_string() })
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        let kind = match &error {
            TokenError::Pkcs11(code, _) => kind_of(*code),
            _ => &kinds::TOKEN_REFUSED,
        };
        Self { kind, cause: error.to_string() }
    }
}

/// PKCS#11 2.40 11.1: which return values a person can act on.
fn kind_of(code: RvError) -> &'static Kind {
    match code {
        RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => &kinds::WRONG_PIN,
        RvError::PinLocked => &kinds::PIN_LOCKED,
        RvError::DeviceRemoved
        | RvError::DeviceError
        | RvError::TokenNotPresent
        | RvError::SessionHandleInvalid
        | RvError::SessionClosed
        | RvError::UserNotLoggedIn => &kinds::TOKEN_GONE,
        _ => &kinds::TOKEN_REFUSED,
    }
}

/// Runs until the input ends.
pub fn main() -> ExitCode {
    crate::platform::no_core_dumps();
    let served = crate::platform::plain_output()
        .and_then(|mut output| serve(&mut std::io::stdin().lock(), &mut output));
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Where the talk stands.
#[derive(Default)]
struct State {
    token: Option<Token>,
    keys: Option<Keys>,
}

struct Token {
    module: Pkcs11,
    slot: Slot,
    pad: bool,
}

struct Keys {
    session: Session,
    handles: Vec<ObjectHandle>,
    offered: Vec<MechanismType>,
    wanted: Wanted,
}

/// Which keys are meant; they are looked for again in each new session, since handles end with the old one.
#[derive(Clone)]
struct Wanted {
    object: Option<String>,
    id: Option<Vec<u8>>,
}

/// A message that is to be signed.
struct Order<'a> {
    key: usize,
    algorithm: Algorithm,
    message: &'a [u8],
    /// For a key that wants its PIN each time.
    pin: Option<&'a [u8]>,
}

fn serve(from: &mut impl Read, to: &mut impl Write) -> std::io::Result<()> {
    let mut state = State::default();
    // The input ends when the parent is done or dead; either way there is nobody left to answer.
    while let Ok(request) = wire::receive::<Request>(from) {
        let answer = match request {
            Request::List { module } => list(&module),
            Request::Open { .. } => open(&mut state, request),
            Request::Login { object, id } => {
                let pin = wire::read(from)?;
                login(&mut state, Wanted { object, id }, &pin)
            }
            Request::Resume => resume(&mut state),
            Request::Sign { key, algorithm, with_pin, message } => {
                let pin = if with_pin { Some(wire::read(from)?) } else { None };
                let pin = pin.as_ref().map(|pin| pin.as_slice());
                sign(&state, &Order { key, algorithm, message: &message, pin })
            }
        };
        let reply =
            answer.unwrap_or_else(|r| Reply::Refused { code: r.kind.code.to_owned(), cause: r.cause });
        wire::send(to, &reply)?;
    }
    Ok(())
}

fn start(module: &std::path::Path) -> Answer<Pkcs11> {
    let module = Pkcs11::new(module).or_else(|e| refuse(&kinds::MODULE_BROKEN, e))?;
    let started = module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    started.or_else(|e| refuse(&kinds::MODULE_BROKEN, e))?;
    Ok(module)
}

/// Every token with what it shows to everybody.
fn list(module: &std::path::Path) -> Answer<Reply> {
    let module = start(module)?;
    let mut tokens = Vec::new();
    for slot in module.get_slots_with_initialized_token()?.into_iter().take(MAX_TOKENS) {
        // A token that was pulled out between the two calls is not there.
        let Ok(info) = module.get_token_info(slot) else { continue };
        // A token that does not let anybody look is still there.
        let certificates = module.open_ro_session(slot).map_err(Refusal::from);
        let certificates = certificates.and_then(|session| objects::certificates(&session));
        tokens.push(SeenToken {
            label: info.label().trim_end().to_owned(),
            serial: info.serial_number().trim_end().to_owned(),
            manufacturer: info.manufacturer_id().trim_end().to_owned(),
            model: info.model().trim_end().to_owned(),
            pin_locked: info.user_pin_locked(),
            pin_last_try: info.user_pin_final_try(),
            pin_few_tries: info.user_pin_count_low(),
            pad: info.protected_authentication_path(),
            slot: slot.id(),
            certificates: certificates.unwrap_or_default().into_iter().map(|seen| seen.der).collect(),
        });
    }
    Ok(Reply::Tokens { tokens })
}

fn open(state: &mut State, request: Request) -> Answer<Reply> {
    let Request::Open { module, allow_last_try, .. } = &request else {
        return refuse(&kinds::INTERNAL, "not an Open");
    };
    let module = start(module)?;
    let (slot, info) = find_slot(&module, &request)?;
    check_tries(info.user_pin_locked(), info.user_pin_final_try(), *allow_last_try)?;
    let pad = info.protected_authentication_path();
    let few_tries_left = info.user_pin_count_low();
    let serial = info.serial_number().trim_end().to_owned();
    state.token = Some(Token { module, slot, pad });
    Ok(Reply::Found { serial, pad, few_tries_left })
}

fn find_slot(module: &Pkcs11, wanted: &Request) -> Answer<(Slot, TokenInfo)> {
    let mut found = Vec::new();
    for slot in module.get_slots_with_initialized_token()? {
        // A slot whose token was pulled out between the two calls is not the one.
        if let Ok(info) = module.get_token_info(slot)
            && fits(&info, wanted)
        {
            found.push((slot, info));
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => refuse(&kinds::TOKEN_MISSING, ""),
        _ => refuse(&kinds::TOKEN_AMBIGUOUS, ""),
    }
}

fn fits(info: &TokenInfo, wanted: &Request) -> bool {
    let Request::Open { token, serial, manufacturer, model, .. } = wanted else { return false };
    let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|w| w == is.trim_end());
    same(token, info.label())
        && same(serial, info.serial_number())
        && same(manufacturer, info.manufacturer_id())
        && same(model, info.model())
}

/// Before a PIN is tried: what the token says about its tries (CKF_USER_PIN_LOCKED, CKF_USER_PIN_FINAL_TRY).
fn check_tries(locked: bool, last: bool, allow_last_try: bool) -> Answer<()> {
    if locked {
        return refuse(&kinds::PIN_LOCKED, "");
    }
    if last && !allow_last_try {
        return refuse(&kinds::PIN_LAST_TRY, "");
    }
    Ok(())
}

fn login(state: &mut State, wanted: Wanted, pin: &[u8]) -> Answer<Reply> {
    let Some(token) = &state.token else { return refuse(&kinds::INTERNAL, "Login before Open") };
    let session = token.module.open_ro_session(token.slot)?;
    match tell_pin(&session, UserType::User, token.pad, pin) {
        Ok(()) | Err(TokenError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
        Err(error) => return Err(error.into()),
    }
    let (keys, reply) = look(token, session, wanted)?;
    state.keys = Some(keys);
    Ok(reply)
}

/// Logs in with a PIN that was sent along, or with one that is typed on the token's pad.
fn tell_pin(session: &Session, who: UserType, pad: bool, pin: &[u8]) -> cryptoki::error::Result<()> {
    match std::str::from_utf8(pin) {
        _ if pad => session.login(who, None),
        Ok(text) => session.login(who, Some(&AuthPin::from(text))),
        Err(_) => session.login_with_raw(who, &RawAuthPin::from(Box::new(pin.to_vec()))),
    }
}

/// A log-in counts for the whole application and token (PKCS#11 2.40 base 5.6): as long as one session of it lives, a new
/// one needs no PIN. The old session is therefore closed only when the new one is open.
fn resume(state: &mut State) -> Answer<Reply> {
    let (Some(token), Some(old)) = (&state.token, &state.keys) else {
        return refuse(&kinds::INTERNAL, "Resume before Login");
    };
    let session = token.module.open_ro_session(token.slot)?;
    match session.get_session_info()?.session_state() {
        SessionState::RoUser | SessionState::RwUser => {}
        _ => return refuse(&kinds::TOKEN_GONE, "logged out"),
    }
    let (keys, reply) = look(token, session, old.wanted.clone())?;
    state.keys = Some(keys);
    Ok(reply)
}

/// What a session that is logged in shows.
fn look(token: &Token, session: Session, wanted: Wanted) -> Answer<(Keys, Reply)> {
    let (handles, keys) =
        objects::keys(&session, wanted.object.clone(), wanted.id.clone())?.into_iter().unzip();
    let certificates = objects::certificates(&session)?;
    let offered = token.module.get_mechanism_list(token.slot)?;
    Ok((Keys { session, handles, offered, wanted }, Reply::Ready { keys, certificates }))
}

/// Signs with the mechanism that hashes too where the token has it, else with the bare one over our digest.
fn sign(state: &State, order: &Order) -> Answer<Reply> {
    let (Some(token), Some(keys)) = (&state.token, &state.keys) else {
        return refuse(&kinds::INTERNAL, "Sign before Login");
    };
    let Some(&handle) = keys.handles.get(order.key) else { return refuse(&kinds::INTERNAL, "no such key") };
    let (hashing, bare) = mechanisms(order.algorithm);
    let has = |mechanism: &Mechanism| keys.offered.contains(&mechanism.mechanism_type());
    let raw = match order.pin {
        Some(pin) if has(&hashing) => {
            keys.session.sign_init(&hashing, handle)?;
            // Between init and sign (PKCS#11 2.40 base 5.6, CKU_CONTEXT_SPECIFIC). Never tried twice.
            tell_pin(&keys.session, UserType::ContextSpecific, token.pad, pin)?;
            keys.session.sign_update(order.message)?;
            keys.session.sign_final()?
        }
        // The bare mechanisms are not in parts, so there is no place for the PIN between.
        Some(_) => return refuse(&kinds::PIN_PER_SIGNATURE, hashing.mechanism_type()),
        None if has(&hashing) => keys.session.sign(&hashing, handle, order.message)?,
        None if has(&bare) => {
            let digest = order.algorithm.digest().of(&[order.message]);
            let prefix =
                if order.algorithm == Algorithm::RsaPkcs1Sha256 { DIGEST_INFO.as_slice() } else { &[] };
            keys.session.sign(&bare, handle, &[prefix, &digest].concat())?
        }
        None => return refuse(&kinds::KEY_TYPE_UNSUPPORTED, hashing.mechanism_type()),
    };
    Ok(Reply::Signature { bytes: encoded(order.algorithm, raw)? })
}

/// PKCS#11 2.40, mechanisms 2.1.6, 2.1.10 and 2.3.
fn mechanisms(algorithm: Algorithm) -> (Mechanism<'static>, Mechanism<'static>) {
    let pss = PkcsPssParams {
        hash_alg: MechanismType::SHA256,
        mgf: PkcsMgfType::MGF1_SHA256,
        s_len: PSS_SALT.into(),
    };
    match algorithm {
        Algorithm::RsaPkcs1Sha256 => (Mechanism::Sha256RsaPkcs, Mechanism::RsaPkcs),
        Algorithm::RsaPssSha256 => (Mechanism::Sha256RsaPkcsPss(pss), Mechanism::RsaPkcsPss(pss)),
        Algorithm::EcdsaP256Sha256 => (Mechanism::EcdsaSha256, Mechanism::Ecdsa),
        Algorithm::EcdsaP384Sha384 => (Mechanism::EcdsaSha384, Mechanism::Ecdsa),
    }
}

/// Tokens give the two numbers of ECDSA one after the other (2.3.1); CMS wants them in a sequence (RFC 3279 2.2.3).
fn encoded(algorithm: Algorithm, raw: Vec<u8>) -> Answer<Vec<u8>> {
    let der = match algorithm {
        Algorithm::EcdsaP256Sha256 => {
            p256::ecdsa::Signature::from_slice(&raw).map(|s| s.to_der().as_bytes().to_vec())
        }
        Algorithm::EcdsaP384Sha384 => {
            p384::ecdsa::Signature::from_slice(&raw).map(|s| s.to_der().as_bytes().to_vec())
        }
        _ => return Ok(raw),
    };
    der.or_else(|e| refuse(&kinds::TOKEN_REFUSED, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_try_is_nobody_s_to_waste() {
        let code = |locked, last, allow| check_tries(locked, last, allow).err().map(|r| r.kind.code);
        assert_eq!(code(false, false, false), None);
        assert_eq!(code(false, true, false), Some("pin_last_try"));
        assert_eq!(code(false, true, true), None);
        assert_eq!(code(true, true, true), Some("pin_locked"));
    }

    #[test]
    fn a_talk_out_of_order_is_refused_and_ends_with_the_input() {
        let mut input = Vec::new();
        wire::send(
            &mut input,
            &Request::Sign {
                key: 0,
                algorithm: Algorithm::RsaPkcs1Sha256,
                with_pin: false,
                message: vec![1],
            },
        )
        .unwrap();
        wire::send(&mut input, &Request::Login { object: None, id: None }).unwrap();
        wire::write(&mut input, b"1234").unwrap();
        wire::send(&mut input, &Request::Resume).unwrap();
        let mut output = Vec::new();
        serve(&mut input.as_slice(), &mut output).unwrap();
        let mut output = output.as_slice();
        for _ in 0..3 {
            let Reply::Refused { code, cause } = wire::receive(&mut output).unwrap() else {
                panic!("refused")
            };
            assert_eq!(code, "internal");
            assert!(!cause.contains("1234"));
        }
        assert!(output.is_empty());
    }
}
