//! A key on a token. The PKCS#11 module runs in a helper process (see [`super::token_process`]); every answer has a
//! deadline, and a helper that crashes, hangs or lies costs a refusal and never a document.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::choose::{Candidate, choose};
use super::connect::{OPEN_LIMIT, Origin, PAD_LIMIT, Ready, tell_pin};
use super::helper::Helper;
use super::wire::{self, Public, Reply, Request, SeenCertificate, SeenKey};
use super::{KeyPolicy, Pins, TokenUri, module, reconnect};
use crate::error::{Error, Result, kinds};
use crate::sign::certificate::{Certificate, Checker, chain};
use crate::sign::{Algorithm, PinSource, Session};

/// Longest wait for one signature; slow USB tokens take one to three seconds.
const SIGN_LIMIT: Duration = Duration::from_secs(30);
/// What is signed to find out whether a key belongs to a certificate; no document, and the words say so.
const TRIAL: &[u8] = b"scanseal: trial signature, without any meaning";

/// A key in a token behind a helper process.
pub struct TokenSession {
    pub(super) origin: Origin,
    pub(super) helper: Helper,
    certificate: Certificate,
    chain: Vec<Vec<u8>>,
    name: String,
    checker: Checker,
    algorithm: Algorithm,
    key: usize,
    each: Option<Each>,
    /// Messages that the helper has and has not answered, oldest first.
    pub(super) waiting: VecDeque<Vec<u8>>,
}

/// A key that wants its PIN for every signature (CKA_ALWAYS_AUTHENTICATE).
#[derive(Clone, Copy, Debug)]
struct Each {
    pad: bool,
}

impl TokenSession {
    /// Whether key and certificate belong together, by a signature that is thrown away.
    fn proves(&mut self) -> Result<bool> {
        match self.sign(TRIAL) {
            Ok(_) => Ok(true),
            Err(error) if error.code() == kinds::SIGNATURE_MISMATCH.code => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Finds the key of the same certificate again: handles end with their session.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_MISSING`] when the token does not hold both any more.
    pub(super) fn take_up(&mut self, keys: &[SeenKey], certificates: &[SeenCertificate]) -> Result<()> {
        let pool = pool(certificates);
        let same = |c: &Candidate| c.certificate.der() == self.certificate.der();
        let key = candidates(keys, &pool).into_iter().find(same).map(|c| c.key);
        self.key = key.ok_or_else(|| self.helper.explain(kinds::CERTIFICATE_MISSING.error()))?;
        Ok(())
    }
}

/// Opens the key that `uri` names, with at most one log-in.
///
/// # Errors
/// A key error with its own advice for each cause.
pub(crate) fn open(
    uri: &TokenUri,
    policy: &KeyPolicy,
    pin_file: Option<PathBuf>,
    pins: &mut Pins,
) -> Result<TokenSession> {
    let mut origin = Origin::new(uri, policy, pin_file)?;
    let found = origin.find()?;
    let (pad, serial) = (found.pad, found.serial.clone());
    let ready = origin.login(found, pins)?;
    // From now on this very token is meant, whatever else is plugged in.
    origin.uri.serial = Some(serial);
    session(origin, ready, pad)
}

/// The session of the certificate that the rule chooses.
fn session(mut origin: Origin, ready: Ready, pad: bool) -> Result<TokenSession> {
    let Ready { mut helper, keys, certificates } = ready;
    let pool = pool(&certificates);
    let mut candidates = candidates(&keys, &pool);
    let pool: Vec<_> = pool.into_iter().map(|(_, certificate)| certificate).collect();
    loop {
        let policy = &origin.policy;
        let explain = |e: Error| helper.explain(e);
        let chosen = choose(candidates.clone(), policy, Timestamp::now()).map_err(explain)?;
        let certificate = &chosen.certificate;
        let algorithm = certificate.algorithm(policy.rsa_pss).map_err(explain)?;
        let seen = keys.get(chosen.key);
        let each = seen.is_some_and(|key| key.always).then_some(Each { pad });
        let mut session = TokenSession {
            chain: chain(certificate, &pool),
            name: certificate.name(),
            checker: Checker::new(certificate, algorithm)?,
            algorithm,
            key: chosen.key,
            certificate: certificate.clone(),
            each,
            waiting: VecDeque::new(),
            origin,
            helper,
        };
        // A key that wants its PIN each time is not tried out; its first signature is looked at like every other.
        let proven = each.is_some() || seen.is_some_and(|key| is_told(&key.public));
        if proven || session.proves()? {
            return Ok(session);
        }
        (origin, helper) = (session.origin, session.helper);
        candidates.retain(|c| c.key != chosen.key || c.certificate.der() != chosen.certificate.der());
    }
}

/// The certificates that can be read, with their CKA_ID.
fn pool(certificates: &[SeenCertificate]) -> Vec<(Vec<u8>, Certificate)> {
    let parse = |seen: &SeenCertificate| Some((seen.id.clone(), Certificate::parse(&seen.der).ok()?));
    certificates.iter().filter_map(parse).collect()
}

/// Whether the token tells enough of a key to know its certificate.
fn is_told(public: &Public) -> bool {
    matches!(public, Public::Rsa { .. } | Public::Ec { point: Some(_), .. })
}

/// Each key with each of its certificates.
fn candidates(keys: &[SeenKey], pool: &[(Vec<u8>, Certificate)]) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    for (key, seen) in keys.iter().enumerate() {
        for (_, certificate) in pool.iter().filter(|(id, certificate)| belongs(seen, id, certificate)) {
            let address = (!seen.id.is_empty()).then(|| format!("id={}", percent(&seen.id)));
            candidates.push(Candidate { key, certificate: certificate.clone(), address });
        }
    }
    candidates
}

/// CKA_ID as an address names it (RFC 7512 2.3).
fn percent(id: &[u8]) -> String {
    id.iter().map(|byte| format!("%{byte:02X}")).collect()
}

/// Whether a certificate is one of this key: by modulus or point, whatever its CKA_ID. Of an EC key without a public one
/// beside it a token tells the curve only; then CKA_ID counts, and a trial signature shows whether it was right.
fn belongs(key: &SeenKey, id: &[u8], certificate: &Certificate) -> bool {
    match &key.public {
        Public::Rsa { modulus } => {
            let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
            let significant = modulus.get(zeros..).unwrap_or_default();
            certificate.modulus().is_ok_and(|own| own == significant)
        }
        Public::Ec { point: Some(point), .. } => certificate.ec_point() == Some(point.as_slice()),
        Public::Ec { parameters, point: None } => {
            !id.is_empty() && key.id == id && certificate.ec_parameters().as_ref() == Some(parameters)
        }
    }
}

/// Tokens behind a module, seen without a log-in.
pub(crate) fn list(module: &std::path::Path, policy: &KeyPolicy) -> Result<Vec<wire::SeenToken>> {
    let module = module::check(module)?;
    let mut helper = Helper::start(policy, &TokenUri::default(), &module.display().to_string())?;
    match helper.ask(&Request::List { module }, OPEN_LIMIT)? {
        Reply::Tokens { tokens } => Ok(tokens),
        _ => Err(helper.confused()),
    }
}

impl Session for TokenSession {
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
        if self.each.is_some() {
            return Err(self.helper.explain(kinds::PIN_PER_SIGNATURE.error()));
        }
        self.submit(message, None)?;
        self.collect()
    }

    fn asks_each_time(&self) -> bool {
        self.each.is_some()
    }

    fn signing_pin(&mut self, pins: &mut dyn PinSource, about: &str) -> Result<Option<SecretString>> {
        let Some(each) = self.each else { return Ok(None) };
        let prompt = self.origin.prompt();
        if each.pad {
            pins.use_pad(&format!("{prompt} · {about}"));
            return Ok(None);
        }
        match &self.origin.pin_file {
            Some(path) => super::read_signing_pin(path).map(Some),
            None => pins.signing_pin(&prompt, about).map(Some),
        }
    }

    fn submit(&mut self, message: &[u8], pin: Option<&SecretString>) -> Result<()> {
        let with_pin = self.each.is_some();
        let request =
            Request::Sign { key: self.key, algorithm: self.algorithm, with_pin, message: message.to_vec() };
        self.helper.tell(&request)?;
        if with_pin {
            tell_pin(&mut self.helper, pin)?;
        }
        self.waiting.push_back(message.to_vec());
        Ok(())
    }

    fn collect(&mut self) -> Result<Vec<u8>> {
        let Some(message) = self.waiting.pop_front() else {
            return Err(kinds::INTERNAL.with("cause", "no message at the token"));
        };
        let limit = if self.each.is_some_and(|each| each.pad) { PAD_LIMIT } else { SIGN_LIMIT };
        let Reply::Signature { bytes } = self.helper.answer(limit)? else {
            return Err(self.helper.confused());
        };
        if self.checker.holds(&message, &bytes) {
            return Ok(bytes);
        }
        Err(self.helper.explain(kinds::SIGNATURE_MISMATCH.error()))
    }

    fn reconnect(&mut self, pins: &mut dyn PinSource, stop: &AtomicBool) -> Result<()> {
        reconnect::run(self, pins, stop)
    }
}
