//! What the journey tells its fronts while it runs: the JSON contract of the command line and the lines of the web page.
//! Every line has `schema` and `event`; readers ignore fields that they do not know.

use std::future::Future;
use std::pin::Pin;

use serde_json::{Map, Value, json};

use crate::document::Finding;
use crate::error::{Error, Exit, kinds, message_id};
use crate::locales::{self, Lang};
use crate::progress::Progress;

/// Version of the JSON lines.
pub const SCHEMA: u32 = 1;

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `plan`, `progress`, `document`, `signature`, `receipt`, `finding`, `summary`, `serving` or `error`.
    pub name: &'static str,
    /// Its further fields.
    pub fields: Map<String, Value>,
}

impl Event {
    /// A line with the fields of `value`, which must serialise to an object; others yield a line without fields.
    pub fn new(name: &'static str, value: impl serde::Serialize) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Object(fields)) => Self { name, fields },
            _ => Self { name, fields: Map::new() },
        }
    }

    /// Adds a field.
    pub fn with(mut self, key: &str, value: impl serde::Serialize) -> Self {
        self.fields.insert(key.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }

    /// A refusal; `subject` is a document or a file.
    pub fn error(error: &Error, subject: Option<Subject<'_>>, lang: Lang) -> Self {
        let event = Self::new(
            "error",
            json!({
                "code": error.code(), "message": error.message(lang), "advice": error.advice(lang),
                "retry": error.kind().retry,
            }),
        );
        match subject {
            Some(subject) => subject.add_to(event),
            None => event,
        }
    }

    /// A finding on a scan.
    pub fn finding(finding: &Finding, subject: Subject<'_>, lang: Lang) -> Self {
        let event = Self::new(
            "finding",
            json!({
                "code": finding.code, "page": finding.page, "severity": finding.severity,
                "accepted_by": finding.accepted_by, "reason": finding.reason, "text": finding_text(finding, lang),
            }),
        );
        subject.add_to(event)
    }

    /// The line as it is written.
    pub fn to_line(&self) -> String {
        #[derive(serde::Serialize)]
        struct Line<'a> {
            schema: u32,
            event: &'static str,
            #[serde(flatten)]
            fields: &'a Map<String, Value>,
        }
        let line = Line { schema: SCHEMA, event: self.name, fields: &self.fields };
        // A map of values has no way to fail.
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// The line as JSON.
    pub fn to_json(&self) -> Value {
        let mut line = Map::new();
        line.insert("schema".to_owned(), json!(SCHEMA));
        line.insert("event".to_owned(), json!(self.name));
        line.extend(self.fields.clone());
        Value::Object(line)
    }
}

/// The sentence of a finding.
pub fn finding_text(finding: &Finding, lang: Lang) -> String {
    let mut args: Vec<(&str, &str)> = finding.args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    // A fact has the name by which commands take it, and the one that people know it by.
    let field = args.iter().find(|(name, _)| *name == "field").map_or("", |(_, field)| *field);
    let label = format!("web-field-{}", field.replace('_', "-"));
    let meaning = if locales::has(lang, &label) { locales::plain(lang, &label) } else { field.to_owned() };
    args.push(("meaning", &meaning));
    let id = message_id(&finding.code).replacen("err-", "finding-", 1);
    locales::text(lang, &id, &args)
}

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A document of the workspace.
    Document(&'a str),
    /// A file outside.
    File(&'a str),
}

impl Subject<'_> {
    fn add_to(self, event: Event) -> Event {
        match self {
            Subject::Document(id) => event.with("document", id),
            Subject::File(name) => event.with("file", name),
        }
    }
}

/// A front: it is told what happens, and asked for what only a person knows.
pub trait Front: Progress {
    /// A line.
    fn tell(&self, event: &Event);
    /// Whether it shows lines of this name: what nobody sees need not be put together.
    fn wants(&self, _name: &str) -> bool {
        true
    }
    /// The language of the person in front of it.
    fn lang(&self) -> Lang;

    /// Done when the person wants the batch to end: by Ctrl-C, unless the front has another way.
    fn asked_to_stop(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(crate::platform::asked_to_stop())
    }
}

/// Counts how a batch went; the exit code follows from it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Documents that reached the state of the command.
    pub done: usize,
    /// Documents that wait for a person or were passed over on purpose; not a failure.
    pub waiting: usize,
    /// Documents that stay in the queue of a destination; told as waiting, decides nothing.
    pub queued: usize,
    /// Exit codes of the failures, one a document.
    pub failures: Vec<Exit>,
    /// The person ended it before everything was done.
    pub stopped: bool,
}

impl Tally {
    /// A document failed.
    pub fn failed(&mut self, error: &Error) {
        self.failures.push(error.kind().exit);
    }

    /// The person has ended the batch: told once, and not done. No document has failed by that.
    pub fn stop(&mut self, front: &dyn Front) {
        if !self.stopped {
            front.tell(&Event::error(&kinds::STOPPED.error(), None, front.lang()));
        }
        self.stopped = true;
    }

    /// Counts a further stage in. A document that one stage finished and the next failed on counts as both; the exit code
    /// needs no more.
    pub fn add(&mut self, other: Tally) {
        self.done += other.done;
        self.waiting += other.waiting;
        self.queued += other.queued;
        self.failures.extend(other.failures);
        self.stopped |= other.stopped;
    }

    /// The exit code of the batch: 2, 8 and 6 end a command; then 5, 9; then 4, 3; 7 only where nothing else failed.
    pub fn exit(&self) -> Exit {
        for decisive in [Exit::Usage, Exit::Workspace, Exit::Key, Exit::Signature, Exit::Undecided] {
            if self.failures.contains(&decisive) {
                return decisive;
            }
        }
        let real = self.failures.iter().filter(|e| **e != Exit::DestinationAway).count();
        let real = real + usize::from(self.stopped);
        match (real, self.done + self.waiting, self.failures.is_empty()) {
            (0, _, true) => Exit::Done,
            (0, _, false) => Exit::DestinationAway,
            (_, 0, _) => Exit::AllFailed,
            _ => Exit::SomeFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(done: usize, failures: &[Exit]) -> Exit {
        Tally { done, failures: failures.to_vec(), ..Tally::default() }.exit()
    }

    #[test]
    fn exit_codes_follow_the_precedence() {
        assert_eq!(tally(3, &[]), Exit::Done);
        assert_eq!(tally(3, &[Exit::AllFailed]), Exit::SomeFailed);
        assert_eq!(tally(0, &[Exit::AllFailed]), Exit::AllFailed);
        assert_eq!(tally(3, &[Exit::AllFailed, Exit::Signature]), Exit::Signature);
        assert_eq!(tally(3, &[Exit::DestinationAway]), Exit::DestinationAway);
        assert_eq!(tally(3, &[Exit::DestinationAway, Exit::SomeFailed]), Exit::SomeFailed);
        assert_eq!(tally(0, &[Exit::Undecided, Exit::Key]), Exit::Key);
    }

    #[test]
    fn a_batch_that_was_stopped_is_not_done_and_no_document_has_failed() {
        let stopped = |done, waiting| Tally { done, waiting, stopped: true, ..Tally::default() };
        assert_eq!(stopped(3, 2).exit(), Exit::SomeFailed);
        assert_eq!(stopped(0, 2).exit(), Exit::SomeFailed);
        assert_eq!(stopped(0, 0).exit(), Exit::AllFailed);
        let mut both = stopped(1, 1);
        both.add(Tally { failures: vec![Exit::AllFailed], ..stopped(1, 0) });
        assert_eq!((both.done, both.waiting, both.failures.len(), both.stopped), (2, 1, 1, true));
    }
}
