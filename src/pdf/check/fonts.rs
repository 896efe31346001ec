//! Fonts: every one embedded as a subset of ours, every code with a character behind it (ISO 19005-2 6.2.11).

use lopdf::{Dictionary, Document, Object};

use super::{Flavour, strict};

/// Characters that a code may not stand for (6.2.11.7.2), as a CMap writes them.
const NO_CHARACTERS: [&str; 3] = ["0000", "FEFF", "FFFE"];

/// What is wrong with an object, when it is a font.
pub(super) fn rules(
    document: &Document,
    object: &Object,
    flavour: Option<Flavour>,
    say: &mut impl FnMut(&'static str, &str),
) {
    let Ok(font) = object.as_dict() else { return };
    let is = |key: &[u8], value: &[u8]| strict::is(font, key, value);
    if !is(b"Type", b"Font") {
        return;
    }
    if is(b"Subtype", b"Type0") {
        if flavour == Some(Flavour::A2u) && !mapped(document, font) {
            say("6.2.11.7.2", "a font whose codes do not all stand for characters");
        }
        return;
    }
    if !is(b"Subtype", b"CIDFontType2") {
        return say("6.2.11.4", "a font that is not an embedded subset");
    }
    let map = font.get_deref(b"CIDToGIDMap", document);
    let known = match map {
        Ok(Object::Name(name)) => name == b"Identity",
        Ok(Object::Stream(_)) => true,
        _ => false,
    };
    if !known {
        say("6.2.11.3.2", "a font without /CIDToGIDMap");
    }
    let widths = |key: &[u8]| font.has(key);
    if !widths(b"W") && !widths(b"DW") {
        say("6.2.11.5", "a font without widths");
    }
}

/// Whether a font says which character each code is, and none of them is no character.
fn mapped(document: &Document, font: &Dictionary) -> bool {
    let Ok(stream) = font.get_deref(b"ToUnicode", document).and_then(Object::as_stream) else { return false };
    let Ok(content) = stream.decompressed_content() else { return false };
    let text = String::from_utf8_lossy(&content);
    let mut entries = 0;
    for block in text.split("beginbfchar").skip(1) {
        for line in block.split("endbfchar").next().unwrap_or_default().lines() {
            let Some((_, character)) = line.split_once("><") else { continue };
            entries += 1;
            if NO_CHARACTERS.contains(&character.trim_end_matches('>')) {
                return false;
            }
        }
    }
    entries > 0
}
