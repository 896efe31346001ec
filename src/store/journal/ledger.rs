//! Rows that belong to no document and that entries tell in full: outages, kits, reasons and reconciliations, the catalogue,
//! known stations, where documents came from, roots. What the entries make of them is held against what stands in the store.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Row};

use crate::document::{Finding, Severity, Sha256};
use crate::error::Result;
use crate::outage::Outage;

use super::super::failed;
use super::super::kits::Kit;
use super::Entry;
use super::roots::{self, Root};

/// Rows by what they are and what they are called, `outage` and `SC-1`.
type Rows = BTreeMap<(&'static str, String), Value>;

const OUTAGE: &str = "outage";
const REASON: &str = "reason";
const RECONCILIATION: &str = "reconciliation";
const KIT: &str = "kit";
const STATION: &str = "station";
const ORIGIN: &str = "origin";
const FILE: &str = "file";
const HANDED: &str = "handed_over";
const ROOT: &str = "root";
/// Rows of `meta` that are told, by the beginning of their names.
const META: [(&str, &str); 4] =
    [("kit:", KIT), ("station:", STATION), ("received:", ORIGIN), ("handed:", HANDED)];

/// What the entries say that the rows are.
#[derive(Default)]
pub(super) struct Ledger {
    /// A row of which an entry of an earlier version says only that there is one has no value.
    rows: Rows,
    /// How often something of this name was entered.
    counts: HashMap<String, u64>,
    /// The first root that an entry tells; earlier ones were made by earlier versions.
    first_root: Option<i64>,
}

/// The value as this version reads it, so that what an earlier one left out is not taken for a difference.
fn read_again<T: Serialize + DeserializeOwned>(value: &Value) -> Value {
    let known: Option<T> = serde_json::from_value(value.clone()).ok();
    known.and_then(|known| serde_json::to_value(known).ok()).unwrap_or_else(|| value.clone())
}

/// The value of a text that should be JSON; hand-written nonsense equals nothing.
fn parsed<T: Serialize + DeserializeOwned>(text: &str) -> Value {
    serde_json::from_str(text).map_or_else(|_| json!(text), |value| read_again::<T>(&value))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Ledger {
    /// Whether entries of this event tell rows of this kind.
    pub(super) fn tells(event: &str) -> bool {
        let known = ["outage_opened", "outage_closed", "outage_moved", "lines_settled", "reconciled"];
        let more = ["kit_printed", "station_known", "received", "catalogue_kept", "handed_over"];
        known.contains(&event) || more.contains(&event) || roots::EVENTS.contains(&event)
    }

    pub(super) fn read(&mut self, entry: &Entry, detail: &Value) {
        let outage = || (OUTAGE, text(&detail["outage"]));
        match entry.event.as_str() {
            "outage_opened" => self.put(outage(), read_again::<Outage>(&detail["record"])),
            "outage_closed" => {
                self.change(&outage(), "restored_at", detail["restored_at"].clone());
                self.change(&outage(), "state", json!("closed"));
            }
            "outage_moved" => self.change(&outage(), "state", detail["state"].clone()),
            "lines_settled" => self.reasons(entry, detail),
            "reconciled" => {
                let name = self.numbered(&text(&detail["outage"]));
                let value = json!({"system": text(&detail["system"]), "counts": detail["counts"],
                    "open": detail["open"], "by": entry.actor, "at": entry.at});
                self.put((RECONCILIATION, name), value);
            }
            "kit_printed" => self.put((KIT, text(&detail["id"])), read_again::<Kit>(detail)),
            "station_known" => self.put((STATION, text(&detail["station"])), detail["name"].clone()),
            "received" => self.put((ORIGIN, entry.document.clone()), detail["origin"].clone()),
            // Earlier versions kept no row.
            "handed_over" if !detail["kept"].is_null() => {
                self.put((HANDED, entry.document.clone()), detail["kept"].clone());
            }
            "catalogue_kept" => {
                for file in detail["files"].as_array().into_iter().flatten() {
                    let value =
                        json!({"title": file["title"], "retention": file["retention"], "at": entry.at});
                    self.put((FILE, text(&file["code"])), value);
                }
            }
            roots::CLOSED => {
                let ordinal = detail["root"].as_i64().unwrap_or(0);
                self.first_root.get_or_insert(ordinal);
                let value = json!({"first": detail["first"], "last": detail["last"],
                    "hash": detail["hash"], "at": entry.at, "token": null});
                self.put((ROOT, ordinal.to_string()), value);
            }
            roots::STAMPED => {
                let name = (ROOT, detail["root"].as_i64().unwrap_or(0).to_string());
                self.change(&name, "token", detail["token"].clone());
            }
            _ => {}
        }
    }

    fn put(&mut self, name: (&'static str, String), value: Value) {
        self.rows.insert(name, value);
    }

    fn change(&mut self, name: &(&'static str, String), field: &str, value: Value) {
        if let Some(row) = self.rows.get_mut(name).and_then(Value::as_object_mut) {
            row.insert(field.to_owned(), value);
        }
    }

    fn numbered(&mut self, name: &str) -> String {
        let count = self.counts.entry(name.to_owned()).or_default();
        *count += 1;
        format!("{name} ({count})")
    }

    fn reasons(&mut self, entry: &Entry, detail: &Value) {
        let outage = text(&detail["outage"]);
        for line in detail["lines"].as_array().into_iter().flatten() {
            let name = self.numbered(&format!("{outage} {}", text(line)));
            let value = json!({"reason": detail["reason"], "by": detail["by"], "at": entry.at});
            self.put((REASON, name), value);
        }
    }

    /// Every row that is not as the entries say.
    ///
    /// # Errors
    /// A store error.
    pub(super) async fn differences(&self, connection: &mut AnyConnection) -> Result<Vec<Finding>> {
        let mut found = rows(connection).await?;
        let mut findings = Vec::new();
        let mut tell = |code: &str, (kind, name): &(&str, String)| {
            let finding = Finding::new(code, None, Severity::Hold).with("kind", kind);
            findings.push(finding.with("row", name));
        };
        for (name, wanted) in &self.rows {
            match found.remove(name) {
                None => tell("journal_row_missing", name),
                Some(row) if !wanted.is_null() && row != *wanted => tell("journal_row_changed", name),
                Some(_) => {}
            }
        }
        found.retain(|(kind, name), _| *kind != ROOT || !self.is_older(name));
        found.keys().for_each(|name| tell("journal_row_unknown", name));
        Ok(findings)
    }

    /// Roots of earlier versions stand in no entry.
    fn is_older(&self, root: &str) -> bool {
        self.first_root.is_none_or(|first| root.parse::<i64>().is_ok_and(|root| root < first))
    }
}

/// All of these rows as they stand in the store.
async fn rows(connection: &mut AnyConnection) -> Result<Rows> {
    let mut all = Rows::new();
    for row in fetch(connection, "SELECT reference, record FROM outage").await? {
        all.insert((OUTAGE, row.get(0)), parsed::<Outage>(&row.get::<String, _>(1)));
    }
    for row in fetch(connection, "SELECT name, value FROM meta").await? {
        let (name, value): (String, String) = (row.get(0), row.get(1));
        let told = META.iter().find_map(|(start, kind)| Some((*kind, name.strip_prefix(start)?)));
        let Some((kind, name)) = told else { continue };
        let value = match kind {
            KIT => parsed::<Kit>(&value),
            ORIGIN | HANDED => parsed::<Value>(&value),
            _ => json!(value),
        };
        all.insert((kind, name.to_owned()), value);
    }
    for row in fetch(connection, "SELECT outage, line, ordinal, reason, who, at FROM settlement").await? {
        let name = format!("{} {} ({})", get(&row, 0), get(&row, 1), row.get::<i64, _>(2));
        let value = json!({"reason": get(&row, 3), "by": get(&row, 4), "at": row.get::<i64, _>(5)});
        all.insert((REASON, name), value);
    }
    let sql = "SELECT outage, ordinal, system, counts, open, who, at FROM reconciliation";
    for row in fetch(connection, sql).await? {
        let value = json!({"system": get(&row, 2), "counts": parsed::<Value>(&get(&row, 3)),
            "open": row.get::<i64, _>(4), "by": get(&row, 5), "at": row.get::<i64, _>(6)});
        all.insert((RECONCILIATION, format!("{} ({})", get(&row, 0), row.get::<i64, _>(1))), value);
    }
    for row in fetch(connection, "SELECT code, title, retention, at FROM catalogue").await? {
        let value = json!({"title": get(&row, 1), "retention": get(&row, 2), "at": row.get::<i64, _>(3)});
        all.insert((FILE, row.get(0)), value);
    }
    for root in roots::all(connection).await? {
        let Root { ordinal, first_seq, last_seq, root, at, token } = root;
        let value = json!({"first": first_seq, "last": last_seq, "hash": root, "at": at,
            "token": token.map(|token| Sha256::of(token.as_bytes()))});
        all.insert((ROOT, ordinal.to_string()), value);
    }
    Ok(all)
}

fn get(row: &sqlx::any::AnyRow, column: usize) -> String {
    row.get(column)
}

async fn fetch(connection: &mut AnyConnection, sql: &'static str) -> Result<Vec<sqlx::any::AnyRow>> {
    sqlx::query(sql).fetch_all(connection).await.map_err(failed)
}
