//! A PIN on its way from the page to the key: asked by the thread that opens the key, answered once by the page, and kept
//! nowhere.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use serde::Serialize;

use crate::error::{Result, kinds};
use crate::sign::PinSource;

use super::work::Work;

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// Time between two looks whether the work shall end.
const GLANCE: Duration = Duration::from_millis(200);

/// A question to the page.
pub(super) struct Question {
    asked: Asked,
    reply: Sender<SecretString>,
}

/// What the page shows of it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Asked {
    /// `first`, `again`, `each`.
    kind: &'static str,
    text: String,
}

impl Question {
    pub fn asked(&self) -> Asked {
        self.asked.clone()
    }

    /// Gives the answer to the thread that waits for it.
    pub fn answer(self, pin: SecretString) {
        // The thread may have given up in this very moment; then the PIN is dropped, and with it wiped.
        let _ = self.reply.send(pin);
    }
}

/// Asks on the page.
pub(super) struct PagePin {
    pub work: Arc<Work>,
}

impl PagePin {
    fn ask(&self, kind: &'static str, id: &str, key: &str, about: &str) -> Result<SecretString> {
        let text = self.work.words().f(id, &[("key", key), ("about", about)]);
        let (reply, answer) = channel();
        self.work.ask(Some(Question { asked: Asked { kind, text }, reply }));
        let answered = self.wait(&answer, key);
        self.work.ask(None);
        answered
    }

    fn wait(&self, answer: &Receiver<SecretString>, key: &str) -> Result<SecretString> {
        let begun = Instant::now();
        loop {
            match answer.recv_timeout(GLANCE) {
                Ok(pin) => return Ok(pin),
                Err(RecvTimeoutError::Disconnected) => return Err(kinds::PIN_NEEDED.with("key", key)),
                Err(RecvTimeoutError::Timeout) if self.work.is_stopping() => {
                    return Err(kinds::STOPPED.error());
                }
                Err(RecvTimeoutError::Timeout) if begun.elapsed() > PATIENCE => {
                    return Err(kinds::PIN_NEEDED.with("key", key));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    fn say(&self, tone: &'static str, id: &str, args: &[(&str, &str)]) {
        self.work.say(tone, self.work.words().f(id, args), String::new(), String::new());
    }
}

impl PinSource for PagePin {
    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        self.ask("first", "web-pin-first", prompt, "")
    }

    fn pin_again(&mut self, prompt: &str) -> Result<SecretString> {
        self.ask("again", "web-pin-again", prompt, "")
    }

    fn signing_pin(&mut self, prompt: &str, about: &str) -> Result<SecretString> {
        self.ask("each", "web-pin-each", prompt, about)
    }

    fn few_tries_left(&mut self, prompt: &str) {
        self.say("warning", "cli-few-tries-left", &[("key", prompt)]);
    }

    fn use_pad(&mut self, prompt: &str) {
        self.say("note", "cli-use-pad", &[("key", prompt)]);
    }

    fn each_time(&mut self, signer: &str, count: usize) {
        self.say("note", "cli-pin-each-time", &[("key", signer), ("count", &count.to_string())]);
    }

    fn token_away(&mut self, prompt: &str, serial: Option<&str>) {
        self.say("warning", "web-token-away", &[("key", prompt), ("serial", serial.unwrap_or("–"))]);
    }

    fn token_back(&mut self, prompt: &str) {
        self.say("good", "cli-token-back", &[("key", prompt)]);
    }
}
