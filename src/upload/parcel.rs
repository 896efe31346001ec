//! What is handed over: the bytes are read when they are needed, the facts fill the forms of the receiving system.

use std::collections::BTreeMap;

use crate::document::{Document, DocumentId, Fields, KeptFile, Sha256};

/// One document on its way to one destination.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Name of the copy there.
    pub name: String,
    /// Digest of its bytes.
    pub sha256: Sha256,
    /// What a receiving system may ask: the columns of the manifest that are known, and `document`, `outage`, `number`,
    /// `name`, `sha256`.
    pub facts: BTreeMap<&'static str, String>,
    /// Files that a document was written in, which go along where the destination wants them.
    pub written_in: Vec<KeptFile>,
    /// Their bytes, once they are to go along: names at the destination, and contents.
    pub along: Vec<(String, Vec<u8>)>,
    /// A person has asked for it again, knowing what became of it there before. Only then is something sent a second time that a
    /// system has taken down once.
    pub asked_again: bool,
}

impl Parcel {
    /// Of a document under the name of its copy.
    pub fn of(id: DocumentId, document: &Document, name: String, sha256: Sha256) -> Self {
        let fields = &document.fields;
        let known = Fields::NAMES.iter().filter_map(|key| Some((*key, fields.get(key)?)));
        let mut facts: BTreeMap<&'static str, String> = known.collect();
        facts.insert("document", id.to_string());
        facts.insert("outage", document.outage.clone());
        facts.extend(document.number().map(|number| ("number", number)));
        facts.insert("name", name.clone());
        facts.insert("sha256", sha256.to_string());
        let written_in = document.born.iter().flat_map(|born| born.written_in.iter().cloned()).collect();
        Self { name, sha256, facts, written_in, along: Vec::new(), asked_again: false }
    }

    /// By its name there and its bytes alone, to look after what an attempt left behind.
    pub fn named(name: String, sha256: Sha256) -> Self {
        Self {
            name,
            sha256,
            facts: BTreeMap::new(),
            written_in: Vec::new(),
            along: Vec::new(),
            asked_again: false,
        }
    }

    /// The name of a file that goes along: that of the copy, with its own ending.
    pub fn along_name(&self, file: &KeptFile) -> String {
        let ending = file.name.rsplit_once('.').map_or("bin", |(_, ending)| ending);
        let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
        format!("{}.{ending}", self.name.trim_end_matches(".pdf"))
    }

    /// Names of all facts that a template may ask for.
    pub fn is_fact(name: &str) -> bool {
        Fields::NAMES.contains(&name) || ["document", "outage", "number", "name", "sha256"].contains(&name)
    }

    /// For destinations that are tried without a document.
    #[cfg(test)]
    pub fn bare(name: &str, bytes: &[u8]) -> Self {
        let sha256 = Sha256::of(bytes);
        let facts = [("name", name.to_owned()), ("sha256", sha256.to_string())].into();
        Self {
            name: name.to_owned(),
            sha256,
            facts,
            written_in: Vec::new(),
            along: Vec::new(),
            asked_again: false,
        }
    }
}
