//! Where a PIN comes from: a prompt without echo, or a line of a file or of standard input. Never an argument.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::{Result, kinds};
use crate::locales::{self, Lang};
use crate::sign::PinSource;
use crate::sign::key;

/// Asks the person in front of the terminal, or reads the named file.
pub(super) struct Pin {
    /// `--pin-file`.
    pub file: Option<PathBuf>,
    /// For the prompt.
    pub lang: Lang,
}

impl Pin {
    fn say(&self, id: &str, key: &str) {
        super::console::warn(&locales::text(self.lang, id, &[("key", key)]));
    }

    /// From the named file, else typed behind the sentence `id`.
    fn ask(&self, id: &str, key: &str, about: &str) -> Result<SecretString> {
        match &self.file {
            Some(path) if path.as_os_str() == "-" => first_line(),
            Some(path) => key::read_pin(path),
            None if std::io::stdin().is_terminal() => {
                let words = locales::text(self.lang, id, &[("key", key), ("about", about)]);
                let typed = rpassword::prompt_password(format!("{words} "));
                typed.map(SecretString::from).map_err(|_| kinds::PIN_NEEDED.with("key", key))
            }
            None => Err(kinds::PIN_NEEDED.with("key", key)),
        }
    }
}

impl PinSource for Pin {
    fn is_named(&self) -> bool {
        self.file.is_some()
    }

    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        self.ask("cli-pin-prompt", prompt, "")
    }

    fn pin_again(&mut self, prompt: &str) -> Result<SecretString> {
        self.ask("cli-pin-again", prompt, "")
    }

    fn signing_pin(&mut self, prompt: &str, about: &str) -> Result<SecretString> {
        match &self.file {
            Some(path) if path.as_os_str() != "-" => key::read_signing_pin(path),
            _ => self.ask("cli-pin-signing", prompt, about),
        }
    }

    fn few_tries_left(&mut self, prompt: &str) {
        self.say("cli-few-tries-left", prompt);
    }

    fn use_pad(&mut self, prompt: &str) {
        self.say("cli-use-pad", prompt);
    }

    fn each_time(&mut self, signer: &str, count: usize) {
        let args = [("key", signer), ("count", &count.to_string())];
        super::console::warn(&locales::text(self.lang, "cli-pin-each-time", &args));
    }

    fn token_away(&mut self, prompt: &str, serial: Option<&str>) {
        let args = [("key", prompt), ("serial", serial.unwrap_or("–"))];
        super::console::warn(&locales::text(self.lang, "cli-token-away", &args));
    }

    fn token_back(&mut self, prompt: &str) {
        self.say("cli-token-back", prompt);
    }
}

fn first_line() -> Result<SecretString> {
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().lock().read_line(&mut line);
    match read {
        Ok(1..) => Ok(SecretString::from(line.trim_end_matches(['\r', '\n']))),
        _ => Err(kinds::PIN_NEEDED.with("key", "-")),
    }
}
