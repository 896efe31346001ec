//! A structural look at what was written or taken up again, clause by clause of ISO 19005-2 and -3; `RULES.md` says which
//! clause is met by construction, which is checked here, and which is left to outside judges.

use lopdf::{Dictionary, Document, Object};

use super::{Flavour, MAX_DEPTH, info, strict, xmp};

mod files;
mod fonts;
mod revision;

pub(crate) use revision::Archival;

/// Filters that may stand in a file of ours (6.1.7.2 forbids LZW).
const FILTERS: [&[u8]; 4] = [b"FlateDecode", b"DCTDecode", b"JBIG2Decode", b"CCITTFaxDecode"];
/// Most indirect objects (6.1.13).
const MAX_OBJECTS: usize = 8_388_607;
/// Longest string in bytes and name in bytes (6.1.13).
const MAX_STRING: usize = 32_767;
const MAX_NAME: usize = 127;
/// Shortest and longest side of a page in points (6.1.13).
const SIDES: std::ops::RangeInclusive<f32> = 3.0..=14_400.0;

/// Actions that no object may be (6.5.1).
const FORBIDDEN_ACTIONS: [&str; 11] = [
    "JavaScript",
    "Launch",
    "Sound",
    "Movie",
    "ImportData",
    "ResetForm",
    "Hide",
    "SetOCGState",
    "Rendition",
    "Trans",
    "GoTo3DView",
];

/// A clause that the file does not meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Clause of ISO 19005-2, or of -3 where that is the part of the file.
    pub clause: &'static str,
    /// What is wrong.
    pub what: String,
}

/// That nothing was found, and which part and level the file claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clean(Option<Flavour>);

/// What a look at a file gives.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Clauses that it does not meet.
    pub violations: Vec<Violation>,
    /// What its metadata say of the outage.
    pub recovery: Option<xmp::Recovery>,
    flavour: Option<Flavour>,
}

impl Look {
    /// The word for a file of which nothing bad was found.
    pub fn clean(&self) -> Option<Clean> {
        self.violations.is_empty().then_some(Clean(self.flavour))
    }
}

/// All violations found; none is a good sign, not a proof.
pub fn violations(bytes: &[u8]) -> Vec<Violation> {
    of(bytes, super::load(bytes).as_ref().ok()).violations
}

/// The word for a file that was read already, when nothing bad is found.
pub(crate) fn clean(bytes: &[u8], document: &Document) -> Option<Clean> {
    of(bytes, Some(document)).clean()
}

/// As [`violations`], for a file that was read already.
pub(super) fn of(bytes: &[u8], document: Option<&Document>) -> Look {
    let mut look = Look::default();
    let found = &mut look.violations;
    let mut say = |clause: &'static str, what: &str| found.push(Violation { clause, what: what.to_owned() });
    outside(bytes, document, &mut say);
    let Some(document) = document else { return look };
    match document.catalog() {
        Ok(catalog) => {
            let packet = packet(document);
            look.flavour = packet.as_deref().and_then(flavour);
            catalog_rules(document, catalog, look.flavour, &mut say);
            look.recovery = described(document, packet.as_deref(), &mut say);
        }
        Err(_) => say("6.1", "no catalog"),
    }
    every_object(document, document.objects.values(), look.flavour, &mut say);
    look
}

/// The frame of a file: its first and last bytes and its trailer.
fn outside(bytes: &[u8], document: Option<&Document>, say: &mut impl FnMut(&'static str, &str)) {
    if !bytes.starts_with(b"%PDF-1.") || bytes.get(9) != Some(&b'%') || !bytes.get(10..14).is_some_and(high) {
        say("6.1.2", "header, then a comment of four bytes above 127");
    }
    if !(bytes.ends_with(b"%%EOF\n") || bytes.ends_with(b"%%EOF")) {
        say("6.1.3", "bytes after the last %%EOF");
    }
    let Some(document) = document else { return say("6.1", "the file cannot be read") };
    if document.trailer.has(b"Encrypt") {
        say("6.1.3", "encryption");
    }
    if !document.trailer.has(b"ID") {
        say("6.1.3", "no /ID");
    }
    if document.objects.len() > MAX_OBJECTS {
        say("6.1.13", "too many objects");
    }
}

/// What holds for every object of a file, for some of them.
fn every_object<'d>(
    document: &Document,
    objects: impl Iterator<Item = &'d Object>,
    flavour: Option<Flavour>,
    say: &mut impl FnMut(&'static str, &str),
) {
    for object in objects {
        object_rules(object, 0, say);
        fonts::rules(document, object, flavour, say);
        limits(object, 0, say);
    }
}

/// Strings and names in the object, as deep as it nests (6.1.13).
fn limits(object: &Object, depth: usize, say: &mut impl FnMut(&'static str, &str)) {
    if depth > MAX_DEPTH {
        return say("6.1.13", "objects nested too deep");
    }
    let entries = match object {
        Object::String(bytes, _) if bytes.len() > MAX_STRING => {
            return say("6.1.13", "a string that is too long");
        }
        Object::Name(name) if name.len() > MAX_NAME => return say("6.1.13", "a name that is too long"),
        Object::Array(items) => return items.iter().for_each(|item| limits(item, depth + 1, say)),
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        _ => return,
    };
    for (key, value) in entries {
        if key.len() > MAX_NAME {
            say("6.1.13", "a name that is too long");
        }
        limits(value, depth + 1, say);
    }
}

/// The sides of a page.
fn page_rules(page: &Dictionary, say: &mut impl FnMut(&'static str, &str)) {
    let sides: Option<Vec<f32>> = page
        .get(b"MediaBox")
        .and_then(Object::as_array)
        .ok()
        .and_then(|corners| corners.iter().map(|corner| corner.as_float().ok()).collect());
    let fits = match sides.as_deref() {
        Some([left, bottom, right, top]) => {
            SIDES.contains(&(right - left).abs()) && SIDES.contains(&(top - bottom).abs())
        }
        _ => false,
    };
    if !fits {
        say("6.1.13", "a page whose sides are not between 3 and 14400 points");
    }
}

fn high(four: &[u8]) -> bool {
    four.iter().all(|b| *b > 127)
}

fn catalog_rules(
    document: &Document,
    catalog: &Dictionary,
    flavour: Option<Flavour>,
    say: &mut impl FnMut(&'static str, &str),
) {
    for (key, clause) in [
        (b"OpenAction".as_slice(), "6.5.1"),
        (b"AA", "6.5.2"),
        (b"OCProperties", "6.9"),
        (b"Requirements", "6.11"),
    ] {
        if catalog.has(key) {
            say(clause, &format!("/{} in the catalog", String::from_utf8_lossy(key)));
        }
    }
    files::rules(document, catalog, flavour, say);
    let intents = catalog.get_deref(b"OutputIntents", document).and_then(Object::as_array);
    let pdfa = |intent: &Object| {
        let intent = document.dereference(intent).ok().and_then(|(_, o)| o.as_dict().ok());
        intent.is_some_and(|d| {
            let subtype = d.get(b"S").and_then(Object::as_name).is_ok_and(|s| s == b"GTS_PDFA1");
            subtype && d.get_deref(b"DestOutputProfile", document).is_ok_and(|p| p.as_stream().is_ok())
        })
    };
    if !intents.is_ok_and(|list| list.iter().any(pdfa)) {
        say("6.2.3", "no PDF/A output intent with a profile");
    }
}

/// The metadata and what repeats them; gives what they say of the outage.
fn described(
    document: &Document,
    packet: Option<&[u8]>,
    say: &mut impl FnMut(&'static str, &str),
) -> Option<xmp::Recovery> {
    let Some(packet) = packet else {
        say("6.6.2.1", "no XMP metadata");
        return None;
    };
    metadata_rules(packet, say);
    let Ok(xml) = xmp::tree(packet) else {
        say("6.6.2.1", "XMP is not well-formed");
        return None;
    };
    for name in info::disagreements(document, &xml) {
        say("6.1.5", &format!("/{name} of the information dictionary is not what XMP says"));
    }
    xmp::recovery(&xml)
}

/// Part and level that a packet claims, when it is one that is written here.
fn flavour(packet: &[u8]) -> Option<Flavour> {
    let text = String::from_utf8_lossy(packet);
    let says = |name: &str, value: &str| text.contains(&format!("<pdfaid:{name}>{value}<"));
    Flavour::ALL.into_iter().find(|f| says("part", f.part()) && says("conformance", f.conformance()))
}

fn metadata_rules(packet: &[u8], say: &mut impl FnMut(&'static str, &str)) {
    let text = String::from_utf8_lossy(packet);
    if flavour(packet).is_none() {
        say("6.6.4", "XMP does not say PDF/A-2b, -2u or -3b");
    }
    if text.split("?>").next().is_some_and(|head| head.contains("bytes=") || head.contains("encoding=")) {
        say("6.6.2.1", "the packet header has an attribute bytes or encoding");
    }
    for name in names(&text) {
        if !text.contains(&format!("<pdfaProperty:name>{name}<")) {
            say("6.6.2.3.3", &format!("recovery:{name} is not described"));
        }
    }
}

/// Names of the recovery facts in a packet.
fn names(packet: &str) -> Vec<&str> {
    packet.split("<recovery:").skip(1).filter_map(|rest| rest.split(['>', ' ']).next()).collect()
}

/// A stream, and every dictionary inside of an object.
fn object_rules(object: &Object, depth: usize, say: &mut impl FnMut(&'static str, &str)) {
    if depth > MAX_DEPTH {
        return;
    }
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => {
            stream_rules(&stream.dict, say);
            &stream.dict
        }
        Object::Array(items) => return items.iter().for_each(|item| object_rules(item, depth + 1, say)),
        _ => return,
    };
    dictionary_rules(dictionary, say);
    dictionary.iter().for_each(|(_, value)| object_rules(value, depth + 1, say));
}

fn dictionary_rules(dictionary: &Dictionary, say: &mut impl FnMut(&'static str, &str)) {
    let kind = strict::name(dictionary, b"Type");
    let action = strict::name(dictionary, b"S");
    if action.is_some_and(|action| FORBIDDEN_ACTIONS.iter().any(|known| known.as_bytes() == action)) {
        say("6.5.1", "a forbidden action");
    }
    if kind == Some(b"FontDescriptor") && !dictionary.has(b"FontFile2") && !dictionary.has(b"FontFile3") {
        say("6.2.11.4", "a font that is not embedded");
    }
    if kind == Some(b"Page") {
        page_rules(dictionary, say);
    }
    if dictionary.has(b"XFA") {
        say("6.4.2", "XFA");
    }
}

fn stream_rules(dictionary: &Dictionary, say: &mut impl FnMut(&'static str, &str)) {
    let filters = match dictionary.has(b"Filter").then(|| dictionary.get(b"Filter")) {
        Some(Ok(Object::Array(list))) => list.as_slice(),
        Some(Ok(one)) => std::slice::from_ref(one),
        _ => &[],
    };
    if filters.iter().any(|f| !f.as_name().is_ok_and(|name| FILTERS.contains(&name))) {
        say("6.1.7.2", "a filter that is not allowed");
    }
    if dictionary.has(b"F") || dictionary.has(b"FFilter") {
        say("6.1.7.1", "an external stream");
    }
    if dictionary.has(b"Interpolate")
        && dictionary.get(b"Interpolate").and_then(Object::as_bool).unwrap_or(false)
    {
        say("6.2.8", "interpolation");
    }
    if dictionary.has(b"SMask") {
        say("6.2.10", "soft mask; only explicit masks are written");
    }
}

/// The metadata packet that the catalog names, as it stands in the file.
pub(super) fn packet(document: &Document) -> Option<Vec<u8>> {
    let stream = document.catalog().ok()?.get_deref(b"Metadata", document).ok()?.as_stream().ok()?;
    match stream.dict.has(b"Filter") {
        true => stream.decompressed_content().ok(),
        false => Some(stream.content.clone()),
    }
}
