//! A key on a token. The PKCS#11 module runs in a helper process (see [`super::token_process`]); every answer has a
//! deadline, and a helper that crashes, hangs or lies costs a refusal and never a document.

use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::choose::{Candidate, choose};
use super::wire::{self, Public, Reply, Request, SeenCertificate, SeenKey};
use super::{KeyPolicy, Pins, TokenUri, module, token_process};
use crate::error::{Error, Result, kinds};
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
/// How long a helper may take to end by itself before it is killed.
const FAREWELL: Duration = Duration::from_millis(500);
/// What is signed to find out whether a key belongs to a certificate; no document, and the words say so.
const TRIAL: &[u8] = b"scanseal: trial signature, without any meaning";
/// Environment that a module may need; nothing else of ours is handed to foreign code.
const ENVIRONMENT: [&str; 14] = [
    "HOME",
    "LANG",
    "PATH",
    "TMPDIR",
    "XDG_RUNTIME_DIR",
    "SOFTHSM2_CONF",
    "PCSCLITE_CSOCK_NAME",
    "OPENSC_CONF",
    "SystemRoot",
    "ProgramData",
    "APPDATA",
    "LOCALAPPDATA",
    "USERPROFILE",
    "TEMP",
];

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

/// The helper process, and what its refusals are about.
struct Helper {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<std::io::Result<Reply>>,
    deadline: Option<Duration>,
    token: String,
    object: String,
    module: String,
}

impl Helper {
    fn start(policy: &KeyPolicy, uri: &TokenUri, module: &str) -> Result<Self> {
        let broken =
            |e: std::io::Error| kinds::MODULE_BROKEN.with("module", module).with("cause", &e).because(e);
        let program = match &policy.helper {
            Some(program) => program.clone(),
            None => std::env::current_exe().map_err(broken)?,
        };
        let kept = ENVIRONMENT.iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
        let mut child = Command::new(program)
            .arg(token_process::ARGUMENT)
            .env_clear()
            .envs(kept)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(broken)?;
        let output = child.stdout.take().ok_or_else(|| kinds::INTERNAL.with("cause", "no pipe"))?;
        let (sender, answers) = channel();
        // Ends with the pipe, and the pipe ends with the child, which Drop kills.
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            loop {
                let reply = wire::receive(&mut output);
                let last = reply.is_err();
                if sender.send(reply).is_err() || last {
                    break;
                }
            }
        });
        let (token, object) = (uri.token_name().to_owned(), uri.object_name());
        let input = child.stdin.take();
        Ok(Self {
            child,
            input,
            answers,
            deadline: policy.reply_deadline,
            token,
            object,
            module: module.to_owned(),
        })
    }

    fn ask(&mut self, request: &Request, limit: Duration) -> Result<Reply> {
        self.tell(request)?;
        self.answer(limit)
    }

    fn tell(&mut self, request: &Request) -> Result<()> {
        let sent = self.input.as_mut().map(|input| wire::send(input, request));
        self.sent(sent)
    }

    fn tell_pin(&mut self, pin: &str) -> Result<()> {
        let sent =
            self.input.as_mut().map(|input| wire::write(input, pin.as_bytes()).and_then(|()| input.flush()));
        self.sent(sent)
    }

    fn sent(&mut self, outcome: Option<std::io::Result<()>>) -> Result<()> {
        match outcome {
            Some(Ok(())) => Ok(()),
            _ => Err(self.crashed()),
        }
    }

    fn answer(&mut self, limit: Duration) -> Result<Reply> {
        let limit = self.deadline.unwrap_or(limit);
        match self.answers.recv_timeout(limit) {
            Ok(Ok(Reply::Refused { code, cause })) => Err(self.refused(&code, &cause)),
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(self.crashed()),
            Err(RecvTimeoutError::Timeout) => {
                self.stop();
                Err(self.explain(kinds::TOKEN_TIMEOUT.with("seconds", limit.as_secs())))
            }
        }
    }

    fn refused(&self, code: &str, cause: &str) -> Error {
        let kind = kinds::ALL.iter().find(|kind| kind.code == code).copied().unwrap_or(&kinds::TOKEN_REFUSED);
        self.explain(kind.with("cause", cause).with("detail", cause))
    }

    /// Adds what the sentences are about.
    fn explain(&self, error: Error) -> Error {
        error.with("token", &self.token).with("object", &self.object).with("module", &self.module)
    }

    fn crashed(&mut self) -> Error {
        let status = self.stop();
        self.explain(kinds::TOKEN_CRASHED.with("cause", status))
    }

    /// An answer to another question: whatever the module did to the helper, it is not to be trusted any more.
    fn confused(&mut self) -> Error {
        self.stop();
        self.explain(kinds::TOKEN_CRASHED.with("cause", "unexpected answer"))
    }

    /// Ends the helper and says how it ended.
    fn stop(&mut self) -> String {
        self.input = None;
        let start = Instant::now();
        while start.elapsed() < FAREWELL {
            if let Ok(Some(status)) = self.child.try_wait() {
                return status.to_string();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // Both fail only when it has ended meanwhile.
        let _ = self.child.kill();
        self.child.wait().map_or_else(|e| e.to_string(), |status| status.to_string())
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        self.stop();
    }
}
