//! The parent's side of the helper process that runs a PKCS#11 module: one answer to each question, in time or not at all.

use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::wire::{self, Reply, Request};
use super::{KeyPolicy, TokenUri, token_process};
use crate::error::{Clause, Error, Result, kinds};

/// How long a helper may take to end by itself before it is killed.
const FAREWELL: Duration = Duration::from_millis(500);
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

/// The helper process, and what its refusals are about.
pub(super) struct Helper {
    child: Child,
    input: Option<ChildStdin>,
    answers: Receiver<std::io::Result<Reply>>,
    deadline: Option<Duration>,
    token: String,
    object: String,
    module: String,
}

impl Helper {
    pub(super) fn start(policy: &KeyPolicy, uri: &TokenUri, module: &str) -> Result<Self> {
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

    pub(super) fn ask(&mut self, request: &Request, limit: Duration) -> Result<Reply> {
        self.tell(request)?;
        self.answer(limit)
    }

    pub(super) fn tell(&mut self, request: &Request) -> Result<()> {
        let sent = self.input.as_mut().map(|input| wire::send(input, request));
        self.sent(sent)
    }

    pub(super) fn tell_pin(&mut self, pin: &str) -> Result<()> {
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

    pub(super) fn answer(&mut self, limit: Duration) -> Result<Reply> {
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
    pub(super) fn explain(&self, error: Error) -> Error {
        error.with("token", &self.token).with("object", &self.object).with("module", &self.module)
    }

    fn crashed(&mut self) -> Error {
        let status = self.stop();
        self.explain(kinds::TOKEN_CRASHED.with("cause", status))
    }

    /// An answer to another question: whatever the module did to the helper, it is not to be trusted any more.
    pub(super) fn confused(&mut self) -> Error {
        self.stop();
        self.explain(kinds::TOKEN_CRASHED.with("cause", Clause::new("why-token-answer")))
    }

    /// Ends the helper and says how it ended.
    pub(super) fn stop(&mut self) -> String {
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
