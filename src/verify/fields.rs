//! Signature fields of the form (ISO 32000-1 12.7.4.5), as one revision of the file has them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::snapshot::Snapshot;
use super::value::{Value, text_string};

/// Most fields that are looked at, and how deep they may nest.
const MAX_FIELDS: usize = 10_000;
const MAX_DEPTH: usize = 16;

/// A node of the form's tree: a field, or a widget of one.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its object; none where it is written into its holder.
    pub number: Option<u32>,
    /// Full name (12.7.3.2).
    pub name: String,
    /// /FT, inherited (Table 220).
    kind: Option<Vec<u8>>,
    /// Object of its value; none where the value is not an object of its own.
    value: Option<u32>,
    /// Whether it has a value.
    pub is_signed: bool,
    /// /Lock, references followed (12.7.4.5).
    lock: Value,
}

impl Node {
    /// Whether it is a signature field or a widget of one.
    pub fn is_signature(&self) -> bool {
        self.kind.as_deref() == Some(b"Sig")
    }
}

/// A signed field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Full name (12.7.3.2).
    pub name: String,
    /// Object of its signature dictionary; none where it is not an object of its own.
    pub signature: Option<u32>,
    /// What it locks.
    pub lock: Value,
}

/// Reads the signed fields in the order of the form, and whether every part of the form could be read.
pub fn signed(snapshot: &Snapshot) -> (Vec<Field>, bool) {
    let (nodes, whole) = nodes(snapshot);
    let signed = nodes.into_iter().filter(|node| node.is_signature() && node.is_signed);
    let field = |node: Node| Field { name: node.name, signature: node.value, lock: node.lock };
    (signed.map(field).collect(), whole)
}

/// Reads the tree of fields in its order, and whether every part of it could be read.
pub fn nodes(snapshot: &Snapshot) -> (Vec<Node>, bool) {
    let catalog = snapshot.catalog();
    let form = snapshot.get(&catalog, "AcroForm");
    let mut whole = catalog.dict().is_some() && (catalog.get("AcroForm").is_none() || form.dict().is_some());
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let top = snapshot.get(&form, "Fields");
    whole &= form.get("Fields").is_none() || top.array().is_some();
    let mut waiting: Vec<(Value, String, Option<Vec<u8>>, usize)> =
        top.array().unwrap_or_default().iter().rev().map(|f| (f.clone(), String::new(), None, 0)).collect();
    while let Some((field, above, inherited, depth)) = waiting.pop() {
        let number = field.reference();
        let again = number.is_some_and(|number| !seen.insert(number));
        let field = snapshot.resolve(&field);
        if again || depth > MAX_DEPTH || out.len() > MAX_FIELDS || field.dict().is_none() {
            whole = false;
            continue;
        }
        let name = full_name(&above, field.get("T").map(|t| snapshot.resolve(t)).as_ref());
        let kind = match snapshot.get(&field, "FT") {
            Value::Null => inherited,
            own => own.name().map(<[u8]>::to_vec),
        };
        let kids = snapshot.get(&field, "Kids");
        let kids = kids.array().unwrap_or_default().iter().take(MAX_FIELDS).rev();
        waiting.extend(kids.map(|kid| (kid.clone(), name.clone(), kind.clone(), depth + 1)));
        let value = field.get("V");
        out.push(Node {
            number,
            name,
            kind,
            value: value.and_then(Value::reference),
            is_signed: value.is_some(),
            lock: snapshot.get(&field, "Lock"),
        });
    }
    (out, whole)
}

fn full_name(above: &str, partial: Option<&Value>) -> String {
    match partial.and_then(Value::text).map(text_string) {
        None => above.to_owned(),
        Some(partial) if above.is_empty() => partial,
        Some(partial) => format!("{above}.{partial}"),
    }
}

/// The role that our own names of fields tell.
pub fn role(name: &str) -> Option<&'static str> {
    let (stem, number) = name.rsplit_once('-')?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    ["personal", "organization"].into_iter().find(|role| *role == stem)
}

/// A date (7.9.4), `D:20261124113000+07'00'`; what is left out after the year is the smallest value, without an offset it is UTC.
pub fn date(text: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(text).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count().min(14);
    let (civil, zone) = text.split_at_checked(digits)?;
    let part = |from: usize, to: usize, least: i8| match civil.get(from..to) {
        Some(part) => part.parse().ok(),
        None => (civil.len() <= from).then_some(least),
    };
    let year: i16 = civil.get(..4)?.parse().ok()?;
    let civil = DateTime::new(
        year,
        part(4, 6, 1)?,
        part(6, 8, 1)?,
        part(8, 10, 0)?,
        part(10, 12, 0)?,
        part(12, 14, 0)?,
        0,
    )
    .ok()?;
    Offset::from_seconds(offset(zone)?).ok()?.to_timestamp(civil).ok()
}

fn offset(zone: &str) -> Option<i32> {
    let sign = match zone.bytes().next() {
        None | Some(b'Z') => return Some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => return None,
    };
    let mut parts = zone.get(1..)?.split('\'');
    let hours: i32 = parts.next()?.parse().ok()?;
    let minutes: i32 = parts.next().filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then(|| sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_their_offset() {
        let at = |text: &str| date(text.as_bytes()).map(|at| at.to_string());
        assert_eq!(at("D:20261124113000+07'00'").as_deref(), Some("2026-11-24T04:30:00Z"));
        assert_eq!(at("D:20261124113000+07'00").as_deref(), Some("2026-11-24T04:30:00Z"));
        assert_eq!(at("20261124010000-03'30'").as_deref(), Some("2026-11-24T04:30:00Z"));
        assert_eq!(at("D:2026Z").as_deref(), Some("2026-01-01T00:00:00Z"));
        for bad in [
            "",
            "D:",
            "D:20261",
            "D:20261324",
            "D:20261124113000+99'00'",
            "D:20261124113000+99999999",
            "D:20261124113000*",
            "x",
        ] {
            assert_eq!(at(bad), None, "{bad}");
        }
    }

    #[test]
    fn names_tell_roles() {
        assert_eq!(role("personal-2"), Some("personal"));
        assert_eq!(role("organization-1"), Some("organization"));
        assert_eq!(role("personal"), None);
        assert_eq!(role("personal-x"), None);
        assert_eq!(role("Signature1"), None);
    }
}
