//! Destination `http`: the interface of a document system, spoken to by a recipe. Strongest proof: `proven`, by the digest that
//! the system tells or by reading the file back.
//!
//! ```text
//! recipe     the addresses and where in the answers the facts stand
//! template   values in addresses and form fields
//! form       the file as a form (RFC 7578)
//! line       one request, one answer
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};

use super::parcel::Parcel;
use super::{Config, Destination, Probe, Proof, Put, Receipt};

pub(super) mod form;
pub(super) mod line;
mod recipe;
mod template;

use line::{Line, Offer};
use recipe::Recipe;
use template::Template;

/// Most documents with the right checksum that are looked at.
const MAX_FOUND: usize = 5;
/// How long it is waited before a system is asked once more for what it has just said to have stored.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_millis(1500)];

/// A document system.
pub(super) struct Http {
    name: String,
    line: Line,
    recipe: Recipe,
    settings: BTreeMap<String, String>,
}

/// What the recipe takes from an answer, by name; `id` is always among it.
type Taken = BTreeMap<String, String>;

/// How the system's own work on a file stands.
enum Work {
    Going,
    /// Stored, under these numbers.
    Done(Taken),
    Failed(Error),
    /// It does not tell what became of it: the name of a sentence.
    Lost(&'static str),
}

/// What a system keeps under its own number.
enum Kept {
    Ours(Receipt),
    Other,
    /// Nothing that could be compared.
    Nothing,
}

/// What became of what was handed over.
enum End {
    Going,
    Stored(Receipt),
    Changed,
    Failed(Error),
    Lost(&'static str),
}

impl Http {
    /// The destination of a checked configuration; files lie under `folder`.
    ///
    /// # Errors
    /// [`kinds::RECIPE_UNREADABLE`], [`kinds::PASSWORD_FILE_OPEN`], or a file that cannot be read.
    pub fn new(config: &Config, folder: &Path) -> Result<Self> {
        let name = config.recipe.as_deref().unwrap_or_default();
        let recipe = Recipe::load(name, folder)?;
        let mut settings = recipe.settings.clone();
        settings.extend(config.settings.clone());
        let open =
            settings.iter().find(|(key, value)| value.is_empty() || !recipe.settings.contains_key(*key));
        if let Some((key, _)) = open {
            let cause = format!("settings.{key} has no value, or the recipe has no such setting");
            return Err(kinds::RECIPE_UNREADABLE.with("path", name).with("cause", cause));
        }
        Ok(Self {
            name: config.name.clone(),
            line: Line::new(config, folder, &recipe.headers)?,
            recipe,
            settings,
        })
    }

    fn address(&self, path: &Template, parcel: &Parcel, taken: &Taken) -> String {
        path.address(&|name| self.value(name, parcel, taken))
    }

    fn value(&self, name: &str, parcel: &Parcel, taken: &Taken) -> Option<String> {
        let known = taken.get(name).or_else(|| self.settings.get(name));
        known.or_else(|| parcel.facts.get(name)).cloned()
    }

    /// Documents that the system finds by the digest. It is not believed yet: some answer an unknown filter with everything.
    fn found(&self, parcel: &Parcel) -> Result<Vec<Taken>> {
        let probe = &self.recipe.probe;
        let answer = self.line.json(&self.address(&probe.path, parcel, &Taken::new()))?;
        let answer = answer.ok_or_else(|| self.strange("no_search"))?;
        let list = answer.pointer(&probe.list).and_then(Value::as_array);
        let list = list.ok_or_else(|| self.strange("list_missing"))?;
        let taken = list.iter().take(MAX_FOUND).map(|item| take(item, &probe.take));
        // What is found and has no number is not nothing.
        taken.collect::<Option<_>>().ok_or_else(|| self.strange("search_without_number"))
    }

    /// Asks how the system's work on an upload stands; without such work its number is all there is to know.
    fn work(&self, ticket: &str, parcel: &Parcel) -> Result<Work> {
        let Some(task) = &self.recipe.task else {
            return Ok(Work::Done(Taken::from([("id".to_owned(), ticket.to_owned())])));
        };
        let known = Taken::from([("ticket".to_owned(), ticket.to_owned())]);
        let Some(answer) = self.line.json(&self.address(&task.path, parcel, &known))? else {
            return Ok(Work::Lost("task"));
        };
        let state = answer.pointer(&task.state).map(text).unwrap_or_default();
        if task.failed.contains(&state) {
            let reason = task.reason.as_deref().and_then(|place| answer.pointer(place)).map(text);
            return Ok(Work::Failed(self.refused(&reason.unwrap_or(state))));
        }
        let done = if task.done.is_empty() { !state.is_empty() } else { task.done.contains(&state) };
        Ok(match take(&answer, &task.take).filter(|_| done) {
            Some(taken) => Work::Done(taken),
            None if task.done.contains(&state) => Work::Lost("number"),
            None => Work::Going,
        })
    }

    /// What became of an upload. Systems that show a moment later what they have just stored are asked again before a person is.
    fn end(&self, ticket: &str, parcel: &Parcel) -> Result<End> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let lost = match self.work(ticket, parcel)? {
                Work::Going => return Ok(End::Going),
                Work::Failed(error) => return Ok(End::Failed(error)),
                Work::Lost(why) => why,
                Work::Done(taken) => match self.kept(parcel, &taken)? {
                    Kept::Ours(receipt) => return Ok(End::Stored(receipt)),
                    Kept::Other => return Ok(End::Changed),
                    Kept::Nothing => "file",
                },
            };
            match pauses.next() {
                Some(pause) => std::thread::sleep(pause),
                None => return Ok(End::Lost(lost)),
            }
        }
    }

    /// Whether a stored document is ours, byte for byte: by what the system tells of it, and by reading it back.
    fn kept(&self, parcel: &Parcel, taken: &Taken) -> Result<Kept> {
        if let Some(echo) = &self.recipe.proof {
            let answer = self.line.json(&self.address(&echo.path, parcel, taken))?;
            let told = answer.as_ref().and_then(|answer| answer.pointer(&echo.sha256)).map(text);
            match told.filter(|told| !told.is_empty()) {
                None => return Ok(Kept::Nothing),
                Some(told) if !told.eq_ignore_ascii_case(&parcel.sha256.0) => return Ok(Kept::Other),
                Some(_) => {}
            }
        }
        if let Some(back) = &self.recipe.read_back {
            match self.line.digest(&self.address(&back.path, parcel, taken))? {
                None => return Ok(Kept::Nothing),
                Some(found) if found != parcel.sha256 => return Ok(Kept::Other),
                Some(_) => {}
            }
        }
        let id = format!("{} {}", self.recipe.system, taken.get("id").map_or("", String::as_str));
        let open = self.recipe.open.as_ref().map_or_else(String::new, |t| self.address(t, parcel, taken));
        let receipt = Receipt::now(&self.name, Proof::Proven, id, self.line.url(&open), &parcel.sha256);
        Ok(Kept::Ours(receipt))
    }

    /// It took the document down and cannot be asked about it any more: whether it has it a person has to find out.
    fn forgot(&self, why: &str) -> Error {
        kinds::DESTINATION_FORGOT.with("destination", &self.name).with("why", why)
    }

    fn refused(&self, reason: &str) -> Error {
        let shown: String = reason.chars().take(300).collect();
        kinds::DESTINATION_REFUSED.with("destination", &self.name).with("status", shown)
    }

    /// An answer that a working system does not give: the name of a sentence.
    fn strange(&self, cause: &str) -> Error {
        kinds::DESTINATION_UNEXPECTED.with("destination", &self.name).with("status", cause)
    }
}

impl Destination for Http {
    fn reach(&self) -> Result<()> {
        let canary = &self.recipe.canary;
        let nothing = Parcel::named(String::new(), Sha256(String::new()));
        let answer = self.line.json(&self.address(&canary.path, &nothing, &Taken::new()))?;
        match answer.as_ref().and_then(|answer| answer.pointer(&canary.expect)) {
            Some(_) => Ok(()),
            None => Err(self.strange("canary")),
        }
    }

    fn probe(&self, parcel: &Parcel, ticket: Option<&str>) -> Result<Probe> {
        let searched = || self.search(parcel).map(|found| found.map(Probe::There));
        let Some(ticket) = ticket else { return Ok(searched()?.unwrap_or(Probe::Absent)) };
        let unclear = match self.end(ticket, parcel)? {
            End::Going => return Ok(Probe::Underway),
            End::Stored(receipt) => return Ok(Probe::There(receipt)),
            // It keeps something else than it was given.
            End::Changed => return Err(kinds::DESTINATION_REWRITES.with("destination", &self.name)),
            // A refusal as a duplicate is one only when our file is there.
            End::Failed(error) => error,
            End::Lost(why) => self.forgot(why),
        };
        match searched()? {
            Some(found) => Ok(found),
            // It was given to the system once. That it goes there a second time nobody decides but a person.
            None if parcel.asked_again => Ok(Probe::Absent),
            None => Err(unclear),
        }
    }

    fn taken(&self, parcel: &Parcel) -> Result<Option<String>> {
        let Some(recent) = &self.recipe.recent else { return Ok(None) };
        for page in 1..=recent.pages {
            let known = Taken::from([("page".to_owned(), page.to_string())]);
            let answer = self.line.json(&self.address(&recent.path, parcel, &known))?;
            let list = answer.as_ref().and_then(|answer| answer.pointer(&recent.list));
            let Some(list) = list.and_then(Value::as_array).filter(|list| !list.is_empty()) else { break };
            let marked = |item: &&Value| {
                item.pointer(&recent.mark).is_some_and(|mark| text(mark).contains(&parcel.sha256.0))
            };
            let ours = list.iter().find(marked).and_then(|item| item.pointer(&recent.ticket));
            if let Some(ticket) = ours.map(text).filter(|ticket| !ticket.is_empty()) {
                return Ok(Some(ticket));
            }
        }
        Ok(None)
    }

    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        let upload = &self.recipe.upload;
        let none = Taken::new();
        let fields = upload.fields.iter().map(|(key, template)| {
            (key.as_str(), template.fill(&|name: &str| self.value(name, parcel, &none)))
        });
        let fields: Vec<_> = fields.filter(|(_, value)| !value.is_empty()).collect();
        let form = form::Form::of(&fields, &upload.file, &parcel.name, bytes);
        let sent = self.line.offer(&upload.method, &self.address(&upload.path, parcel, &none), form)?;
        let answer = match sent {
            Offer::Taken(answer) => answer,
            // It says that it has it.
            Offer::Conflict(error) => return self.search(parcel)?.map(Put::Done).ok_or(error),
        };
        let ticket = answer.pointer(&upload.ticket).map(text).filter(|ticket| !ticket.is_empty());
        ticket.map(Put::Ticket).ok_or_else(|| self.strange("number_missing"))
    }

    fn trial(&self) -> Result<()> {
        self.reach()
    }

    /// Nothing travels under a name of its own.
    fn sweep(&self, _parcel: &Parcel) {}
}

impl Http {
    fn search(&self, parcel: &Parcel) -> Result<Option<Receipt>> {
        let found = self.found(parcel)?;
        let mut others = false;
        for taken in &found {
            match self.kept(parcel, taken)? {
                Kept::Ours(receipt) => return Ok(Some(receipt)),
                Kept::Other => others = true,
                Kept::Nothing => {}
            }
        }
        match (found.is_empty(), others) {
            (true, _) => Ok(None),
            // Whether ours is among the others nobody can tell, and a second copy is worse than a question.
            (_, true) => Err(self.strange("search_unfiltered")),
            (_, false) => Err(self.forgot("file")),
        }
    }
}

/// Values by the places of a recipe; none where one of them is missing.
fn take(answer: &Value, places: &BTreeMap<String, String>) -> Option<Taken> {
    let value = |place: &String| answer.pointer(place).map(text).filter(|text| !text.is_empty());
    places.iter().map(|(name, place)| Some((name.clone(), value(place)?))).collect()
}

/// A value as it stands in an address or a sentence.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
