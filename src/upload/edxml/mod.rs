//! Destination `edxml`: the national exchange of documents between agencies (QCVN 102:2016), through the gateway of a province.
//! Strongest proof: `acknowledged`, a status packet of every receiver; nobody reads a document back there.
//!
//! ```text
//! packet     the XML around the signed PDF: who to whom, which number, and the file as ZIP in base64
//! status     packets that receivers send back: arrived, refused, registered ...
//! settings   what the gateway of this province is called where
//! ```
//! Attachments go inside the packet of their document (`company`): they have no number of their own. A document with recipients
//! goes to those of them who are receivers here, one without to all. The gateway numbers a packet (`docId`), and that number is
//! the one that counts. By the gateways' own rule an answer with an error number is not sent again, and a line that failed is.
//! Paths and names in answers differ from province to province; what the published clients use is the default, and the station
//! file can say otherwise.
//!
//! Done: `sendEdoc`, `getSentEdocList`, `getReceivedEdocList`, `getEdoc`. `updateStatus` is not: it takes a packet off the list that
//! the office's own document system reads too, and whoever receives documents (scanseal only sends them) answers for that list.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::error::{Error, Result, kinds};

use super::http::form::Form;
use super::http::line::Line;
use super::parcel::Parcel;
use super::{Config, Destination, Probe, Proof, Put, Receipt};

mod packet;
mod settings;
mod status;

pub(super) use settings::fault;
use settings::{Agency, Settings};
use status::Status;

/// Most status packets that one probe fetches; the next one goes on behind them.
const MAX_FETCHED: usize = 1000;
/// Names under which answers carry their error number, the number of a packet, and a list.
const CODE: [&str; 4] = ["/code", "/errorCode", "/ErrorCode", "/status"];
const ID: [&str; 4] = ["/docId", "/DocId", "/data/docId", "/data"];
const LIST: [&str; 3] = ["", "/data", "/docs"];

/// A gateway.
pub(super) struct EdXml {
    name: String,
    line: Line,
    settings: Settings,
    minimum: Proof,
    /// Status packets that were read, by their numbers: a packet stays what it is, and every document of a run asks for them.
    heard: Mutex<HashMap<String, Option<Status>>>,
}

impl EdXml {
    /// The destination of a checked configuration; files lie under `folder`.
    ///
    /// # Errors
    /// [`kinds::PASSWORD_FILE_OPEN`], or a file that cannot be read.
    pub fn new(config: &Config, folder: &Path) -> Result<Self> {
        let settings = Settings::of(config);
        let headers = BTreeMap::from([
            ("X-SystemId".to_owned(), settings.system_id.clone()),
            ("X-SecretKey".to_owned(), "{token}".to_owned()),
            ("Accept".to_owned(), "application/json".to_owned()),
        ]);
        Ok(Self {
            name: config.name.clone(),
            line: Line::new(config, folder, &headers)?,
            settings,
            minimum: config.minimum(),
            heard: Mutex::default(),
        })
    }

    /// The answer of the gateway, unless it is an error number.
    fn good(&self, answer: Value, receivers: &[&Agency]) -> Result<Value> {
        match first(&answer, &CODE).as_deref() {
            None | Some("" | "0" | "00" | "200" | "OK" | "ok" | "success" | "Success") => Ok(answer),
            // The gateway does not know this system, or not this office: nothing goes before a person has acted.
            Some(code @ ("15" | "19")) => {
                Err(kinds::DESTINATION_LOGIN.with("destination", &self.name).with("status", self.words(code)))
            }
            // The packet or its receivers are at fault (10, 18, 22, 23): other documents go on.
            Some(code) => {
                let of_document = ["10", "18", "22", "23"].contains(&code);
                let kind = if of_document { &kinds::EDXML_REFUSED } else { &kinds::EDXML_AXIS };
                Err(kind
                    .with("destination", &self.name)
                    .with("code", code)
                    // A name, because a sentence cannot choose by the digits of a text.
                    .with("why", format!("n{code}"))
                    .with("receivers", settings::shown(receivers.iter().copied(), false)))
            }
        }
    }

    fn words(&self, code: &str) -> String {
        format!("edXML {code}")
    }

    fn receivers_of(&self, parcel: &Parcel) -> Result<Vec<&Agency>> {
        self.settings.receivers_of(parcel, &self.name)
    }

    fn strange(&self, cause: impl std::fmt::Display) -> Error {
        kinds::DESTINATION_UNEXPECTED.with("destination", &self.name).with("status", cause)
    }

    /// A list that the gateway tells, under whichever of its names.
    fn list(&self, path: &str) -> Result<Vec<Value>> {
        let answer = self.line.json(path)?.ok_or_else(|| self.strange(format!("HTTP 404 {path}")))?;
        let answer = self.good(answer, &[])?;
        let list = LIST.iter().find_map(|place| answer.pointer(place)?.as_array().cloned());
        list.ok_or_else(|| self.strange("list_missing"))
    }

    /// The number of a packet that was sent before: an earlier attempt was cut off before its answer came.
    fn sent_before(&self, document_id: &str) -> Result<Option<String>> {
        let sent = self.list(&self.settings.sent_path)?;
        let ours = |item: &&Value| {
            ["/documentId", "/DocumentId"]
                .iter()
                .any(|place| item.pointer(place).map(text).as_deref() == Some(document_id))
        };
        Ok(sent.iter().find(ours).and_then(|item| first(item, &ID)))
    }

    /// Statuses that these receivers have sent about a document, the newest of each: from the newest packet on, until all of them are
    /// found.
    fn statuses(&self, document_id: &str, receivers: &[&Agency]) -> Result<BTreeMap<String, Status>> {
        let list = self.list(&self.settings.status_path)?;
        let mut found: BTreeMap<String, Status> = BTreeMap::new();
        let mut fetched = 0;
        for id in list.iter().rev().filter_map(|item| first(item, &ID)) {
            let known = self.heard.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
            let status = match known {
                Some(status) => status,
                None if fetched == MAX_FETCHED => break,
                None => {
                    fetched += 1;
                    self.status(&id)?
                }
            };
            // Packets of other documents, or what is no status at all, are left alone.
            if let Some(status) = status.filter(|status| status.about == document_id) {
                found.entry(status.from.clone()).or_insert(status);
            }
            if receivers.iter().all(|receiver| found.contains_key(&receiver.organ_id)) {
                break;
            }
        }
        Ok(found)
    }

    /// A status packet; none for one that is something else, or no longer there.
    fn status(&self, id: &str) -> Result<Option<Status>> {
        let path = self.settings.packet_path.replace("{docId}", &super::client::escaped(id));
        let Some(xml) = self.line.text(&path)? else { return Ok(None) };
        let status = status::parse(&xml);
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.insert(id.to_owned(), status.clone());
        Ok(status)
    }

    /// What the receivers have answered, all in all.
    fn answered(&self, parcel: &Parcel, ticket: &str) -> Result<Probe> {
        let receipt = |proof: Proof| {
            let url = self.line.url(&self.settings.send_path);
            Receipt::now(&self.name, proof, format!("edXML {ticket}"), url, &parcel.sha256)
        };
        if self.minimum <= Proof::Accepted {
            return Ok(Probe::There(receipt(Proof::Accepted)));
        }
        let receivers = self.receivers_of(parcel)?;
        let statuses = self.statuses(&packet::document_id(parcel, &self.settings)?, &receivers)?;
        if let Some(refused) = statuses.values().find(|status| status.is_refusal()) {
            let reason = [refused.from.as_str(), &refused.code, &refused.description].join(" ");
            return Err(kinds::DESTINATION_REFUSED
                .with("destination", &self.name)
                .with("status", reason.trim()));
        }
        let arrived = |receiver: &&Agency| statuses.get(&receiver.organ_id).is_some_and(Status::is_receipt);
        let all = receivers.iter().all(arrived);
        Ok(if all { Probe::There(receipt(Proof::Acknowledged)) } else { Probe::Underway })
    }
}

impl Destination for EdXml {
    fn reach(&self) -> Result<()> {
        self.list(&self.settings.status_path).map(|_| ())
    }

    fn probe(&self, parcel: &Parcel, ticket: Option<&str>) -> Result<Probe> {
        let document_id = packet::document_id(parcel, &self.settings)?;
        // What receivers refused goes again when a person wants it to, unless the gateway still lists the packet.
        let known = match ticket.filter(|_| !parcel.asked_again) {
            Some(ticket) => Some(ticket.to_owned()),
            None => self.sent_before(&document_id)?,
        };
        known.map_or(Ok(Probe::Absent), |ticket| self.answered(parcel, &ticket))
    }

    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        let receivers = self.receivers_of(parcel)?;
        let packet = packet::write(parcel, bytes, &self.settings, &receivers)?;
        let fields = [("messageType", "edoc".to_owned())];
        let name = format!("{}.edxml", parcel.name.trim_end_matches(".pdf"));
        let form = Form::with(&fields, "edocFile", &name, "application/xml", packet.as_bytes());
        let answer = self.good(self.line.send("POST", &self.settings.send_path, form)?, &receivers)?;
        match first(&answer, &ID) {
            Some(id) => Ok(Put::Ticket(id)),
            None => Err(self.strange("number_missing")),
        }
    }

    fn trial(&self) -> Result<()> {
        self.reach()
    }

    /// Nothing travels under a name of its own.
    fn sweep(&self, _parcel: &Parcel) {}
}

/// The first of several places that holds a text or a number.
fn first(answer: &Value, places: &[&str]) -> Option<String> {
    let values = places.iter().filter_map(|place| answer.pointer(place));
    values.filter(|value| value.is_string() || value.is_number()).map(text).find(|text| !text.is_empty())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
