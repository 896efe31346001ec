//! Descriptions that signing programs renew: /Info, XMP, the version of the file. Only the machine's own facts may change in
//! them (when and with which program the file was saved); title, subject, author and every fact of the document stay.

use std::collections::BTreeMap;
use std::rc::Rc;

use roxmltree::Node;

use super::{Change, Explained};
use crate::verify::value::{Value, text_string};

/// Keys of a trailer and of a cross-reference stream (ISO 32000-1 Tables 15, 17, 5); others have no meaning for readers.
pub(super) const TRAILER: [&[u8]; 12] = [
    b"Size",
    b"Root",
    b"Info",
    b"ID",
    b"Prev",
    b"Type",
    b"W",
    b"Index",
    b"Length",
    b"Filter",
    b"DecodeParms",
    b"DL",
];
/// Entries of /Info that programs renew (14.3.3).
const RENEWED: [&[u8]; 2] = [b"ModDate", b"Producer"];
/// The same facts in XMP (ISO 16684-1 8.3, 8.4; XMP Specification Part 2).
const RENEWED_XMP: [&str; 4] = [
    "http://ns.adobe.com/xap/1.0/ModifyDate",
    "http://ns.adobe.com/xap/1.0/MetadataDate",
    "http://ns.adobe.com/pdf/1.3/Producer",
    "http://ns.adobe.com/xap/1.0/mm/InstanceID",
];
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// Largest packet that is compared, bytes, and deepest nesting in it.
const MAX_PACKET: usize = 1_000_000;
const MAX_DEPTH: usize = 24;

impl Change<'_, '_> {
    /// The document information dictionary (14.3.3).
    pub(super) fn information(&self, explained: &mut Explained) {
        let place = |snapshot: &super::Snapshot| snapshot.trailer("Info").cloned();
        let (old, new) = (place(self.old), place(self.new));
        let number = old.as_ref().and_then(Value::reference);
        if old == new && number.is_none_or(|number| !self.touched(number)) {
            return;
        }
        let shared = number.is_some_and(|number| self.uses.any(number));
        let moved = old != new && new.as_ref().and_then(Value::reference).is_none_or(|n| !self.is_new(n));
        let read = |snapshot: &super::Snapshot, value: &Option<Value>| {
            value.as_ref().map_or(Value::Dict(Rc::default()), |value| snapshot.resolve(value))
        };
        let (before, after) = (read(self.old, &old), read(self.new, &new));
        let renewed = |key: &Vec<u8>| {
            let [old, new] = [&before, &after].map(|dict| dict.dict().and_then(|dict| dict.get(key)));
            let renewable = RENEWED.contains(&key.as_slice()) && new.is_none_or(plain);
            // The same words in another encoding.
            renewable
                || old.zip(new).is_some_and(|(old, new)| words(old).is_some() && words(old) == words(new))
        };
        let same = Self::differing(&before, &after).is_some_and(|keys| keys.iter().all(renewed));
        if shared || moved || !same {
            explained.step.suspect("information_changed");
        }
        explained.objects.extend(number);
    }

    /// XMP (14.3.2): the same facts, whatever their spelling.
    pub(super) fn metadata(&self, old_catalog: &Value, new_catalog: &Value, explained: &mut Explained) {
        let place = |catalog: &Value| catalog.get("Metadata").and_then(Value::reference);
        let (old, new) = (place(old_catalog), place(new_catalog));
        if old_catalog.get("Metadata") == new_catalog.get("Metadata") && !new.is_some_and(|n| self.touched(n))
        {
            return;
        }
        let same = || {
            let (old, new) = (old?, new?);
            let owned = if old == new { self.uses.once(old) } else { self.is_new(new) };
            let dict = self.new.value(new).ok()?;
            let keys = dict.dict()?.keys().all(|key| STREAM.contains(&key.as_slice()));
            let packet = |snapshot: &super::Snapshot, number| {
                facts(&snapshot.content(number, MAX_PACKET).filter(|packet| packet.len() <= MAX_PACKET)?)
            };
            Some(owned && keys && packet(self.old, old)? == packet(self.new, new)?)
        };
        // One that is spelled as before needs no reading.
        let identical = old == new && old.is_some_and(|number| self.classify(number).is_none());
        if !identical && same() != Some(true) {
            explained.step.suspect("metadata_changed");
        }
        explained.objects.extend(old);
    }

    /// /Extensions (ISO 32000-2 7.12): nothing but names and numbers of versions.
    pub(super) fn plain_extensions(&self, catalog: &Value) -> bool {
        let version = |value: &Value| {
            let value = self.new.resolve(value);
            value.dict().is_some_and(|dict| {
                dict.iter().all(|(key, value)| EXTENSION.contains(&key.as_slice()) && plain(value))
            })
        };
        let entry = |value: &Value| match value {
            Value::Name(_) => true,
            Value::Array(items) => items.iter().all(version),
            other => version(other),
        };
        self.new.get(catalog, "Extensions").dict().is_some_and(|dict| dict.values().all(entry))
    }
}

/// Keys of a developer's extension.
const EXTENSION: [&[u8]; 5] = [b"Type", b"BaseVersion", b"ExtensionLevel", b"ExtensionRevision", b"URL"];
/// Keys of a metadata stream.
const STREAM: [&[u8]; 5] = [b"Type", b"Subtype", b"Length", b"Filter", b"DecodeParms"];

fn words(value: &Value) -> Option<String> {
    value.text().map(text_string)
}

/// A value that leads nowhere.
fn plain(value: &Value) -> bool {
    matches!(value, Value::Text(_) | Value::Name(_) | Value::Word(_))
}

/// /Version of the catalogue (7.2.2) only rises.
pub(super) fn newer_version(old: &Value, new: &Value) -> bool {
    let version = |catalog: &Value| match catalog.get("Version") {
        None => Some(0.0),
        Some(value) => std::str::from_utf8(value.name()?).ok()?.parse::<f64>().ok(),
    };
    match (version(old), version(new)) {
        (Some(old), Some(new)) => old < new && new <= 2.0,
        _ => false,
    }
}

/// The facts of a packet by their names, without those that programs renew.
pub(super) fn facts(packet: &[u8]) -> Option<BTreeMap<String, Vec<String>>> {
    let text = std::str::from_utf8(packet).ok()?;
    let xml = roxmltree::Document::parse(text.trim_start_matches('\u{feff}')).ok()?;
    let rdf = xml.descendants().find(|node| node.has_tag_name((RDF, "RDF")))?;
    let mut facts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for resource in rdf.children().filter(Node::is_element) {
        for (name, value) in properties(resource, 0)? {
            if !RENEWED_XMP.contains(&name.as_str()) {
                facts.entry(name).or_default().push(value);
            }
        }
    }
    Some(facts)
}

fn full_name(namespace: Option<&str>, name: &str) -> String {
    format!("{}{name}", namespace.unwrap_or_default())
}

/// Name and value of each property of a resource (ISO 16684-1 7.4), attributes and elements alike.
fn properties(resource: Node, depth: usize) -> Option<Vec<(String, String)>> {
    if depth > MAX_DEPTH {
        return None;
    }
    let own = resource.attributes().filter(|a| a.namespace() != Some(RDF));
    let mut out: Vec<(String, String)> =
        own.map(|a| (full_name(a.namespace(), a.name()), format!("={}", a.value()))).collect();
    for child in resource.children().filter(Node::is_element) {
        let name = full_name(child.tag_name().namespace(), child.tag_name().name());
        out.push((name, value(child, depth + 1)?));
    }
    Some(out)
}

/// The value of a property: text, a list in its order, or a structure in any order.
fn value(node: Node, depth: usize) -> Option<String> {
    if depth > MAX_DEPTH {
        return None;
    }
    let language = node.attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
    let language = language.map(|language| format!("@{language}")).unwrap_or_default();
    let resource = node.attribute((RDF, "resource")).map(|to| format!("->{to}")).unwrap_or_default();
    let structure = |node: Node| {
        let mut parts: Vec<String> =
            properties(node, depth + 1)?.into_iter().map(|(name, value)| format!("{name}{value}")).collect();
        parts.sort();
        Some(format!("{{{}}}", parts.join(",")))
    };
    let inner = match node.children().find(Node::is_element) {
        Some(list) if ["Bag", "Seq", "Alt"].iter().any(|kind| list.has_tag_name((RDF, *kind))) => {
            let items = list.children().filter(Node::is_element);
            let items = items.map(|item| value(item, depth + 1)).collect::<Option<Vec<_>>>()?;
            format!("{}[{}]", list.tag_name().name(), items.join(","))
        }
        Some(inner) if inner.has_tag_name((RDF, "Description")) => structure(inner)?,
        Some(_) => structure(node)?,
        None => format!("={}", node.text().unwrap_or_default()),
    };
    Some(format!("{language}{resource}{inner}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inner: &str) -> Option<BTreeMap<String, Vec<String>>> {
        facts(
            format!(
                "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='{RDF}' xmlns:d='urn:d#' \
                 xmlns:xmp='http://ns.adobe.com/xap/1.0/'>{inner}</r:RDF></x:xmpmeta>"
            )
            .as_bytes(),
        )
    }

    #[test]
    fn facts_are_the_same_however_they_are_spelled() {
        let one = packet(
            "<r:Description r:about='' d:a='1'><xmp:ModifyDate>2026</xmp:ModifyDate>\
             <d:b><r:Alt><r:li xml:lang='vi'>x</r:li></r:Alt></d:b></r:Description>",
        );
        let other = packet(
            "<r:Description r:about=''><d:a>1</d:a></r:Description><r:Description xmp:ModifyDate='2027'>\
             <d:b>\n <r:Alt><r:li xml:lang='vi'>x</r:li></r:Alt></d:b></r:Description>",
        );
        assert!(one.is_some());
        assert_eq!(one, other);
        for changed in ["<d:a>2</d:a>", "<d:a>1</d:a><d:c/>", "", "<d:a>1</d:a><d:a>1</d:a>"] {
            let changed = packet(&format!("<r:Description>{changed}</r:Description>"));
            assert_ne!(changed, packet("<r:Description d:a='1'/>"));
        }
        assert_eq!(facts(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), None);
    }
}
