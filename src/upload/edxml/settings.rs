//! What the station says of a gateway: who we are there, who the receivers are, which dialect, which paths.

use crate::error::{Clause, Result};

use super::super::recipients::Recipients;
use super::super::{Config, Parcel};

/// How the packet is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// QCVN 102:2016, as the national axis wants it.
    Qcvn102,
    /// The older form `http://www.go.vn/eDoc`, which some provinces still speak.
    GoVn,
}

/// An agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Agency {
    /// Its code, 13 characters at most: `000.00.00.H41`, or `H01.151` by Decision 20/2020.
    pub organ_id: String,
    /// Its name.
    pub name: String,
}

/// Agencies for people: their codes, and their names where asked.
pub(super) fn shown<'a>(agencies: impl Iterator<Item = &'a Agency>, named: bool) -> String {
    let one = |agency: &Agency| match named {
        true => format!("{} {}", agency.organ_id, agency.name),
        false => agency.organ_id.clone(),
    };
    agencies.map(one).collect::<Vec<_>>().join(", ")
}

/// All settings, with defaults.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub dialect: Dialect,
    pub system_id: String,
    pub from: Agency,
    pub address: String,
    pub email: String,
    pub telephone: String,
    pub place: String,
    pub receivers: Vec<Agency>,
    pub send_path: String,
    pub sent_path: String,
    pub status_path: String,
    pub packet_path: String,
}

/// Settings of the station file and whether they are needed. The paths are those of published clients of a provincial gateway
/// (`/v1/sendEdoc`) and, where those name calls but no paths, of the calls' names.
const KNOWN: [(&str, bool, &str); 12] = [
    ("system_id", true, ""),
    ("organ_id", true, ""),
    ("organ_name", true, ""),
    ("dialect", false, "qcvn-102-2016"),
    ("address", false, ""),
    ("email", false, ""),
    ("telephone", false, ""),
    ("place", false, ""),
    ("send_path", false, "/v1/sendEdoc"),
    ("sent_path", false, "/v1/getSentEdocList?messageType=edoc"),
    ("status_path", false, "/v1/getReceivedEdocList?messageType=status"),
    ("packet_path", false, "/v1/getEdoc?docId={docId}"),
];
/// Longest code of an agency (Decree 30/2020 Appendix VI, OrganId).
const MAX_ORGAN_ID: usize = 13;

/// What is wrong with the settings of such a destination.
pub(in super::super) fn fault(config: &Config) -> Option<Clause> {
    let known = |name: &String| KNOWN.iter().any(|(known, _, _)| known == name);
    if let Some(name) = config.settings.keys().find(|name| !known(name)) {
        return Some(Clause::new("why-foreign").with("key", format!("settings.{name}")));
    }
    let missing = KNOWN.iter().find(|(name, needed, _)| {
        *needed && config.settings.get(*name).is_none_or(|value| value.trim().is_empty())
    });
    if let Some((name, _, _)) = missing {
        return Some(Clause::new("why-missing").with("key", format!("settings.{name}")));
    }
    let dialects = ["qcvn-102-2016", "go-vn"];
    if config.settings.get("dialect").is_some_and(|dialect| !dialects.contains(&dialect.as_str())) {
        return Some(Clause::new("why-dialect").with("first", dialects[0]).with("second", dialects[1]));
    }
    let own = config.settings.get("organ_id").into_iter().map(String::as_str);
    let others = config.to.iter().map(|line| line.split_whitespace().next().unwrap_or_default());
    let wrong = own.chain(others).find(|id| id.is_empty() || id.len() > MAX_ORGAN_ID);
    wrong.map(|id| Clause::new("why-agency").with("name", format!("{id:?}")).with("most", MAX_ORGAN_ID))
}

impl Settings {
    /// Of a checked configuration.
    pub fn of(config: &Config) -> Self {
        let value = |name: &str| {
            let default =
                KNOWN.iter().find(|(known, _, _)| *known == name).map_or("", |(_, _, value)| *value);
            config.settings.get(name).cloned().unwrap_or_else(|| default.to_owned())
        };
        let agency = |line: &String| {
            let (organ_id, name) = line.split_once(char::is_whitespace).unwrap_or((line, line));
            Agency { organ_id: organ_id.to_owned(), name: name.trim().to_owned() }
        };
        let dialect = if value("dialect") == "go-vn" { Dialect::GoVn } else { Dialect::Qcvn102 };
        Self {
            dialect,
            system_id: value("system_id"),
            from: Agency { organ_id: value("organ_id"), name: value("organ_name") },
            address: value("address"),
            email: value("email"),
            telephone: value("telephone"),
            place: value("place"),
            receivers: config.to.iter().map(agency).collect(),
            send_path: value("send_path"),
            sent_path: value("sent_path"),
            status_path: value("status_path"),
            packet_path: value("packet_path"),
        }
    }

    /// Whom a document goes to: those of its recipients who are receivers here, by code or by name; all of them when it names none.
    ///
    /// # Errors
    /// [`crate::error::kinds::RECIPIENTS_UNKNOWN`] when it names recipients and none of them is a receiver here.
    pub fn receivers_of(&self, parcel: &Parcel, destination: &str) -> Result<Vec<&Agency>> {
        let Some(recipients) = Recipients::of(parcel) else { return Ok(self.receivers.iter().collect()) };
        let named = |agency: &&Agency| {
            let both = format!("{} {}", agency.organ_id, agency.name);
            recipients.has(&[&agency.organ_id, &agency.name, &both])
        };
        let found: Vec<&Agency> = self.receivers.iter().filter(named).collect();
        match found.is_empty() {
            true => Err(recipients.unknown(destination, &shown(self.receivers.iter(), true))),
            false => Ok(found),
        }
    }
}
