//! What happened, why, and what to do next.
//!
//! Policy: every fallible public function returns [`Result`]. The place that knows the cause picks the [`Kind`] from
//! [`kinds`] and adds the arguments that its sentence needs; callers add context with [`Error::with`] but never replace
//! a kind by a vaguer one. The sentences, and the advice under them, stand in `src/locales/` in Vietnamese and English
//! under `err-<code>`; a part of a sentence that is a sentence itself is a [`Clause`]. Secrets never become an argument.

use std::borrow::Cow;
use std::fmt;
use std::path::Path;

use crate::locales::{self, Lang};

mod clause;
mod kept;
pub mod kinds;

pub use clause::{Argument, Clause, Value};
pub use kept::Kept;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whether trying the same thing again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// The same input will always be refused.
    Never,
    /// Nothing needs to be changed: a service, a disk or a token was away.
    Later,
    /// A person has to change something first; the advice says what.
    AfterYouFix,
}

/// Exit codes of the program, part of its stable interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// The documents reached the state that the command promises.
    Done = 0,
    /// A fault of the program itself.
    Internal = 1,
    /// The command line cannot be understood or contradicts itself.
    Usage = 2,
    /// Some documents failed, others reached the state.
    SomeFailed = 3,
    /// No document reached the state.
    AllFailed = 4,
    /// A signature is invalid or missing.
    Signature = 5,
    /// The key or the token cannot be used.
    Key = 6,
    /// The destination is away; everything is queued and nothing is lost.
    DestinationAway = 7,
    /// The workspace cannot be used.
    Workspace = 8,
    /// A verdict cannot be reached yet.
    Undecided = 9,
}

/// One row of the table of refusals: a stable code, what a retry is worth, and the exit code it leads to.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Stable name in JSON output, snake_case.
    pub code: &'static str,
    /// Whether trying again can help.
    pub retry: Retry,
    /// The exit code when this error ends the command.
    pub exit: Exit,
}

impl Kind {
    /// An error of this kind without arguments.
    pub fn error(&'static self) -> Error {
        Error { kind: self, args: Vec::new(), source: None }
    }

    /// An error of this kind with its first argument.
    pub fn with(&'static self, name: &'static str, value: impl Argument) -> Error {
        self.error().with(name, value)
    }
}

/// A refusal that can explain itself in both languages.
pub struct Error {
    kind: &'static Kind,
    args: Vec<(Cow<'static, str>, Value)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Adds an argument of the sentence. The first value given for a name stays.
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Argument) -> Self {
        let name = name.into();
        if !self.args.iter().any(|(known, _)| *known == name) {
            self.args.push((name, value.into_value()));
        }
        self
    }

    /// The same refusal once more, without its technical cause.
    pub fn again(&self) -> Self {
        Self { kind: self.kind, args: self.args.clone(), source: None }
    }

    /// Adds the technical cause, shown under `-v` only.
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// An input or output error on `path`, told apart where a person can act on the difference.
    pub fn io(path: &Path, error: std::io::Error) -> Self {
        use std::io::ErrorKind as E;
        let kind = match error.kind() {
            E::StorageFull | E::QuotaExceeded => &kinds::DISK_FULL,
            E::NotFound => &kinds::FILE_MISSING,
            E::IsADirectory => &kinds::FILE_IS_FOLDER,
            E::PermissionDenied | E::ReadOnlyFilesystem => &kinds::FILE_DENIED,
            _ => &kinds::FILE_IO,
        };
        kind.with("path", path.display()).with("cause", &error).because(error)
    }

    /// The row of the table.
    pub fn kind(&self) -> &'static Kind {
        self.kind
    }

    /// An argument of the sentence; a clause in English.
    pub fn arg(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(known, _)| *known == name).map(|(_, value)| value.plain())
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code
    }

    /// What happened and why, in one or two sentences.
    pub fn message(&self, lang: Lang) -> String {
        locales::text(lang, &message_id(self.kind.code), &clause::in_lang(&self.args, lang))
    }

    /// What to do next.
    pub fn advice(&self, lang: Lang) -> String {
        locales::attribute(lang, &message_id(self.kind.code), "advice", &clause::in_lang(&self.args, lang))
    }
}

/// The identifier of a code's sentence in the locale files.
pub fn message_id(code: &str) -> String {
    format!("err-{}", code.replace('_', "-"))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:?}", self.kind.code, self.args)?;
        match &self.source {
            Some(source) => write!(f, " because {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as &(dyn std::error::Error + 'static))
    }
}
