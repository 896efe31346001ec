//! Where a PIN comes from: a prompt without echo, or the first line of a file or of standard input. Never an argument.

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
}

impl PinSource for Pin {
    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        match &self.file {
            Some(path) if path.as_os_str() == "-" => first_line(),
            Some(path) => key::read_pin(path),
            None if std::io::stdin().is_terminal() => {
                let words = locales::text(self.lang, "cli-pin-prompt", &[("key", prompt)]);
                let typed = rpassword::prompt_password(format!("{words} "));
                typed.map(SecretString::from).map_err(|_| kinds::PIN_NEEDED.with("key", prompt))
            }
            None => Err(kinds::PIN_NEEDED.with("key", prompt)),
        }
    }

    fn few_tries_left(&mut self, prompt: &str) {
        self.say("cli-few-tries-left", prompt);
    }

    fn use_pad(&mut self, prompt: &str) {
        self.say("cli-use-pad", prompt);
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
