//! Embedded files: none in part 2 (which would allow PDF/A files only), described ones in part 3 (ISO 19005-3 6.8).

use lopdf::{Dictionary, Document, Object};

use super::Flavour;

/// What is wrong with the names and files of a catalog.
pub(super) fn rules(
    document: &Document,
    catalog: &Dictionary,
    flavour: Option<Flavour>,
    say: &mut impl FnMut(&'static str, &str),
) {
    let Ok(names) = catalog.get_deref(b"Names", document) else { return };
    if flavour != Some(Flavour::A3b) {
        return say("6.8", "/Names in the catalog");
    }
    let tree = names.as_dict().ok();
    if tree.is_none_or(|tree| tree.iter().any(|(key, _)| key != b"EmbeddedFiles")) {
        return say("6.10", "/Names holds more than embedded files");
    }
    let listed = tree
        .and_then(|tree| tree.get_deref(b"EmbeddedFiles", document).and_then(Object::as_dict).ok())
        .and_then(|files| files.get_deref(b"Names", document).and_then(Object::as_array).ok());
    let associated = catalog.get_deref(b"AF", document).and_then(Object::as_array).ok();
    for reference in listed.into_iter().flatten().skip(1).step_by(2) {
        if !associated.is_some_and(|all| all.contains(reference)) {
            say("6.8", "an embedded file that the document is not associated with (/AF)");
        }
        let specification = document.dereference(reference).ok().and_then(|(_, o)| o.as_dict().ok());
        match specification {
            Some(dictionary) => specification_rules(document, dictionary, say),
            None => say("6.8", "an embedded file without a specification"),
        }
    }
}

fn specification_rules(document: &Document, file: &Dictionary, say: &mut impl FnMut(&'static str, &str)) {
    for key in ["F", "UF", "AFRelationship", "EF"] {
        if !file.has(key.as_bytes()) {
            say("6.8", &format!("an embedded file without /{key}"));
        }
    }
    let embedded = file.get_deref(b"EF", document).and_then(Object::as_dict).ok();
    let stream = embedded.and_then(|ef| ef.get_deref(b"F", document).and_then(Object::as_stream).ok());
    let Some(stream) = stream else { return say("6.8", "an embedded file without content") };
    if !stream.dict.has(b"Subtype") {
        say("6.8", "an embedded file without media type");
    }
    let parameters = stream.dict.get_deref(b"Params", document).and_then(Object::as_dict);
    if !parameters.is_ok_and(|p| p.has(b"ModDate")) {
        say("6.8", "an embedded file without /ModDate");
    }
}
