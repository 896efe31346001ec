//! How a document system is spoken to, as data: which address takes a file, how one asks whether it is there, where in an answer
//! the id stands. A recipe is a TOML file under `profiles/destinations`, or the office's own.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Clause, Result, kinds};
use crate::platform;
use crate::profile::toml_fault;

use super::template::Template;

/// Largest recipe, bytes.
const MAX_RECIPE: u64 = 100_000;
/// Recipes that come with the program, by name.
const BUILT_IN: [(&str, &str); 2] = [
    ("mayan", include_str!("../../../profiles/destinations/mayan.toml")),
    ("paperless", include_str!("../../../profiles/destinations/paperless.toml")),
];

/// A recipe.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// What it speaks to, for people: stands in the receipt before the system's own number.
    pub system: String,
    /// Settings that the station gives (`settings`), with the value that holds where it gives none; an empty one must be given.
    #[serde(default)]
    pub settings: BTreeMap<String, String>,
    /// Headers of every request; one with `{token}` is sent where the station names a `token_file`.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A read that only a working system answers to somebody who is logged in.
    pub canary: Canary,
    /// Is the file there already?
    pub probe: Probe,
    /// What the system took down and its search does not find yet; none where the search finds everything at once.
    pub recent: Option<Recent>,
    /// The file goes out.
    pub upload: Upload,
    /// What the system makes of it afterwards, asked until it is done; none where the answer to the upload is the end.
    pub task: Option<Task>,
    /// What it knows about a stored file.
    pub proof: Option<Echo>,
    /// The stored file itself.
    pub read_back: Option<ReadBack>,
    /// Where a person finds it, for the receipt.
    pub open: Option<Template>,
}

/// See [`Recipe::canary`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// Address.
    pub path: Template,
    /// Must be in the answer (RFC 6901).
    pub expect: String,
}

/// See [`Recipe::probe`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Probe {
    /// Address.
    pub path: Template,
    /// Where the list of what was found stands (RFC 6901).
    pub list: String,
    /// What is taken from one of them, by name; `id` at least.
    pub take: BTreeMap<String, String>,
}

/// See [`Recipe::recent`]. Asked only after an upload whose end is unclear.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recent {
    /// Address of a list, the newest first; `{page}` counts from 1.
    pub path: Template,
    /// Where the list stands (RFC 6901).
    pub list: String,
    /// Where in one of them a text stands that holds the SHA-256, as a field of the upload has put it there.
    pub mark: String,
    /// Where in it the number stands by which the task is asked for.
    pub ticket: String,
    /// Pages that are looked through.
    #[serde(default = "ten")]
    pub pages: u32,
}

fn ten() -> u32 {
    10
}

/// See [`Recipe::upload`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// Address.
    pub path: Template,
    /// `POST` or `PUT`.
    #[serde(default = "post")]
    pub method: String,
    /// Name of the part with the file (RFC 7578).
    pub file: String,
    /// The other parts; those that come out empty are left out.
    #[serde(default)]
    pub fields: BTreeMap<String, Template>,
    /// Where in the answer the number stands by which the task is asked for, or else the id (RFC 6901; empty: the whole answer).
    pub ticket: String,
}

fn post() -> String {
    "POST".to_owned()
}

/// See [`Recipe::task`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Address; `{ticket}` stands for what the upload gave.
    pub path: Template,
    /// Where the state stands.
    pub state: String,
    /// States that mean stored; empty: any value but null does.
    #[serde(default)]
    pub done: Vec<String>,
    /// States that mean refused.
    #[serde(default)]
    pub failed: Vec<String>,
    /// Where the reason of a refusal stands.
    pub reason: Option<String>,
    /// What is taken from it, by name; `id` at least.
    pub take: BTreeMap<String, String>,
}

/// See [`Recipe::proof`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Echo {
    /// Address.
    pub path: Template,
    /// Where the SHA-256 of the stored file stands.
    pub sha256: String,
}

/// See [`Recipe::read_back`].
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBack {
    /// Address.
    pub path: Template,
}

impl Recipe {
    /// By name, or from a file relative to the workspace.
    ///
    /// # Errors
    /// [`kinds::RECIPE_UNREADABLE`] with what is wrong and where.
    pub fn load(name: &str, folder: &Path) -> Result<Self> {
        let text = match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => (*text).to_owned(),
            None => read(name, folder)?,
        };
        let fault = |cause: Clause| kinds::RECIPE_UNREADABLE.with("path", name).with("cause", cause);
        let recipe: Self = toml::from_str(&text).map_err(|e| fault(toml_fault(&text, &e)))?;
        recipe.check().map_err(fault)?;
        Ok(recipe)
    }

    /// What the file alone cannot say: names in templates exist, ids are taken, something proves arrival.
    fn check(&self) -> std::result::Result<(), Clause> {
        let mut known: Vec<&str> = self.settings.keys().map(String::as_str).collect();
        let searching = [&self.canary.path, &self.probe.path, &self.upload.path];
        searching.into_iter().chain(self.upload.fields.values()).try_for_each(|t| t.check(&known))?;
        for take in [Some(&self.probe.take), self.task.as_ref().map(|task| &task.take)].into_iter().flatten()
        {
            if !take.contains_key("id") {
                return Err(Clause::new("why-recipe-take"));
            }
        }
        known.push("page");
        self.recent.iter().try_for_each(|recent| recent.path.check(&known))?;
        known.pop();
        if self.recent.is_some() && self.task.is_none() {
            return Err(Clause::new("why-recipe-recent"));
        }
        known.push("ticket");
        self.task.iter().try_for_each(|task| task.path.check(&known))?;
        known.extend(self.probe.take.keys().map(String::as_str));
        let ends = [self.proof.as_ref().map(|e| &e.path), self.read_back.as_ref().map(|r| &r.path)];
        ends.into_iter().flatten().chain(&self.open).try_for_each(|t| t.check(&known))?;
        let method = ["POST", "PUT"].contains(&self.upload.method.as_str());
        let proves = self.proof.is_some() || self.read_back.is_some();
        match (method, proves) {
            (false, _) => Err(Clause::new("why-recipe-method").with("method", &self.upload.method)),
            (_, false) => Err(Clause::new("why-recipe-proof")),
            _ => Ok(()),
        }
    }
}

fn read(name: &str, folder: &Path) -> Result<String> {
    let path = folder.join(name);
    let known: Vec<&str> = BUILT_IN.iter().map(|(name, _)| *name).collect();
    let bytes = platform::read_limited(&path, MAX_RECIPE).map_err(|error| {
        let cause = Clause::new("why-recipe-missing")
            .with("fault", Clause::of(&error))
            .with("known", known.join(", "));
        kinds::RECIPE_UNREADABLE.with("path", name).with("cause", cause)
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_the_program_can_be_read() {
        for (name, _) in BUILT_IN {
            Recipe::load(name, Path::new(".")).unwrap();
        }
    }

    #[test]
    fn a_wrong_name_is_told_before_anything_is_sent() {
        let (_, good) = BUILT_IN[1];
        for (from, to, words) in [
            ("{subject}", "{subjekt}", "subjekt"),
            ("id = \"/id\"", "key = \"/id\"", "take has no id"),
            ("[upload]", "[upload]\nmethod = \"DELETE\"", "neither POST nor PUT"),
            ("[canary]", "[kanary]", "kanary"),
        ] {
            assert!(good.contains(from), "{from}");
            let text = good.replace(from, to);
            let told = match toml::from_str::<Recipe>(&text) {
                Ok(recipe) => recipe.check().unwrap_err().text(crate::locales::Lang::En),
                Err(error) => error.to_string(),
            };
            assert!(told.contains(words), "{told}");
        }
    }
}
