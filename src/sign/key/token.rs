//! A key on a token. The PKCS#11 module runs in a helper process (see [`super::token_process`]); every answer has a
//! deadline, and a helper that crashes, hangs or lies costs a refusal and never a document.

use std::time::Duration;

use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::choose::{Candidate, choose};
use super::helper::Helper;
use super::wire::{self, Public, Reply, Request, SeenCertificate, SeenKey};
use super::{KeyPolicy, Pins, TokenUri, module};
use crate::error::{Result, kinds};
use crate::sign::certificate::{Certificate, Checker, chain};
use crate::sign::{Algorithm, Session};

/// Longest wait for a module to load and list its tokens: a smart card service that starts up takes seconds.
const OPEN_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for a log-in with a PIN that was sent along.
const LOGIN_LIMIT: Duration = Duration::from_secs(30);
/// Longest wait for a log-in on the token's own pad: a person types.
const PAD_LIMIT: Duration = Duration::from_secs(180);
/// Longest wait for one signature; slow USB tokens take one to three seconds.
const SIGN_LIMIT: Duration = Duration::from_secs(30);
/// What is signed to find out whether a key belongs to a certificate; no document, and the words say so.
const TRIAL: &[u8] = b"scanseal: trial signature, without any meaning";

/// A key in a token behind a helper process.
pub struct TokenSession {
    helper: Helper,
    certificate: Certificate,
    chain: Vec<Vec<u8>>,
    name: String,
    checker: Checker,
    algorithm: Algorithm,
    key: usize,
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
}

/// Opens the key that `uri` names, with at most one log-in.
///
/// # Errors
/// A key error with its own advice for each cause.
pub(crate) fn open(uri: &TokenUri, policy: &KeyPolicy, pins: &mut Pins) -> Result<TokenSession> {
    let module = module::choose(uri, policy)?;
    let name = uri.token_name().to_owned();
    let mut helper = Helper::start(policy, uri, &module.display().to_string())?;
    let request = Request::Open {
        module,
        token: uri.token.clone(),
        serial: uri.serial.clone(),
        manufacturer: uri.manufacturer.clone(),
        model: uri.model.clone(),
        allow_last_try: policy.allow_last_try,
    };
    let Reply::Found { pad, few_tries_left } = helper.ask(&request, OPEN_LIMIT)? else {
        return Err(helper.confused());
    };
    let prompt = format!("{name} / {}", uri.object_name());
    let pin = if pad {
        pins.use_pad(&prompt);
        None
    } else {
        Some(pins.pin(&prompt, few_tries_left)?)
    };
    helper.tell(&Request::Login { object: uri.object.clone(), id: uri.id.clone() })?;
    helper.tell_pin(pin.as_ref().map_or("", |pin| pin.expose_secret()))?;
    let answer = helper.answer(if pad { PAD_LIMIT } else { LOGIN_LIMIT })?;
    let Reply::Ready { keys, certificates } = answer else { return Err(helper.confused()) };
    let parse = |seen: &SeenCertificate| Some((seen.id.clone(), Certificate::parse(&seen.der).ok()?));
    let pool: Vec<_> = certificates.iter().filter_map(parse).collect();
    let mut candidates = candidates(&keys, &pool);
    let pool: Vec<_> = pool.into_iter().map(|(_, certificate)| certificate).collect();
    loop {
        let chosen = choose(candidates.clone(), policy, Timestamp::now()).map_err(|e| helper.explain(e))?;
        let certificate = &chosen.certificate;
        let algorithm = certificate.algorithm(policy.rsa_pss).map_err(|e| helper.explain(e))?;
        let mut session = TokenSession {
            chain: chain(certificate, &pool),
            name: certificate.name(),
            checker: Checker::new(certificate, algorithm)?,
            algorithm,
            key: chosen.key,
            certificate: certificate.clone(),
            helper,
        };
        let proven = keys.get(chosen.key).is_some_and(|key| is_told(&key.public));
        if proven || session.proves()? {
            return Ok(session);
        }
        helper = session.helper;
        candidates.retain(|c| c.key != chosen.key || c.certificate.der() != chosen.certificate.der());
    }
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
        let request = Request::Sign { key: self.key, algorithm: self.algorithm, message: message.to_vec() };
        let reply = self.helper.ask(&request, SIGN_LIMIT)?;
        let Reply::Signature { bytes } = reply else { return Err(self.helper.confused()) };
        if self.checker.holds(message, &bytes) {
            return Ok(bytes);
        }
        Err(self.helper.explain(kinds::SIGNATURE_MISMATCH.error()))
    }
}
