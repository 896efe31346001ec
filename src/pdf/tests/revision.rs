//! The quick ways tell what the thorough ways tell: reading without forgiveness, and looking at a revision alone.

use lopdf::Object;

use super::broken::{self, Break};
use super::text::{attached, read};
use super::*;
use crate::pdf::append::Revision;
use crate::pdf::check::{Archival, Violation};
use crate::pdf::read::Base;

/// Every file that breaks a clause, and good ones.
fn files() -> Vec<Vec<u8>> {
    let (good, attached) = (read(document()).into_bytes(), attached());
    let broken = broken::all(&good, &attached).into_iter().map(|b| b.bytes);
    let built = built(document()).into_bytes();
    broken.chain([good.clone(), attached.clone(), built]).collect()
}

fn strictly(bytes: &[u8]) -> Option<lopdf::Document> {
    strict::load(bytes, sections::follow(bytes).ok()?.startxref, Streams::WithoutPixels)
}

/// Whether both read the same; where they place a stream is of no interest.
fn same(one: &lopdf::Document, other: &lopdf::Document) -> bool {
    let placeless = |document: &lopdf::Document| {
        let mut objects = document.objects.clone();
        for object in objects.values_mut() {
            if let Object::Stream(stream) = object {
                (stream.start_position, stream.allows_compression) = (None, true);
            }
        }
        objects
    };
    let trailer = |key: &[u8]| one.trailer.get(key).ok() == other.trailer.get(key).ok();
    let place = |document: &lopdf::Document, number| match document.reference_table.get(number) {
        Some(lopdf::xref::XrefEntry::Normal { offset, generation }) => Some((*offset, *generation)),
        _ => None,
    };
    placeless(one) == placeless(other)
        && [&b"Root"[..], b"Info", b"ID", b"Size", b"Encrypt"].into_iter().all(trailer)
        && (0..one.max_id + 2).all(|number| place(one, number) == place(other, number))
}

#[test]
fn what_is_read_strictly_is_what_lopdf_reads() {
    let mut strict = 0;
    for bytes in files() {
        let Some(document) = strictly(&bytes) else { continue };
        strict += 1;
        assert!(same(&document, &lenient(&bytes).unwrap()), "{}", bytes.len());
    }
    assert!(strict > 20, "{strict}");
}

#[test]
fn damage_is_not_read_in_two_ways() {
    let good = built(document()).into_bytes();
    assert!(strictly(&good).is_some());
    let (mut read, mut refused) = (0, 0);
    let mut wrong = Vec::new();
    for at in (0..good.len()).step_by(11) {
        for other in [b' ', b'0', b'/', b'<', b'>', b'(', b'\\', b'#', b'R', 0xFF] {
            let mut bytes = good.clone();
            bytes[at] = other;
            let Some(document) = strictly(&bytes) else {
                refused += 1;
                continue;
            };
            read += 1;
            let known = lenient(&bytes).is_ok_and(|lenient| same(&document, &lenient));
            let around = String::from_utf8_lossy(&bytes[at.saturating_sub(30)..(at + 30).min(bytes.len())]);
            if !known {
                wrong.push(format!("{at} {other}: {around}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {read}: {:#?}", wrong.len(), &wrong[..wrong.len().min(40)]);
    assert!(read > 100 && refused > 100, "{read} {refused}");
}

/// The difference between a good file and a changed one, as a revision behind the good one.
fn revised(good: &[u8], changed: &[u8]) -> Option<Vec<u8>> {
    let (base, other) = (Base::open(good).ok()?, Base::open(changed).ok()?);
    let [old, new] = [good, changed].map(|bytes| lopdf::Document::load_mem(bytes).unwrap());
    let mut revision = Revision::new(&base).unwrap();
    for (id, object) in new.objects.iter().filter(|(id, object)| old.objects.get(id) != Some(object)) {
        let mut body = other.raw_object(*id).ok()?.into_owned();
        if let Object::Stream(stream) = object {
            body = [&body[..], b"stream\n", &stream.content, b"\nendstream"].concat();
        }
        revision.replace(*id, &body).ok()?;
    }
    Some(revision.finish().unwrap().into_bytes())
}

fn looked_at(good: &[u8]) -> Archival {
    let document = super::load(good).unwrap();
    let clean = check::clean(good, &document).unwrap();
    Base::open_read(good, Some(document)).unwrap().looked_at(clean)
}

fn sorted(mut violations: Vec<Violation>) -> Vec<(&'static str, String)> {
    violations.sort_by(|a, b| (a.clause, &a.what).cmp(&(b.clause, &b.what)));
    violations.dedup();
    violations.into_iter().map(|v| (v.clause, v.what)).collect()
}

#[test]
fn a_revision_is_judged_as_the_whole_file_is() {
    let (good, attached) = (read(document()).into_bytes(), attached());
    let (mut alone, mut seen) = (0, 0);
    for base in [&good, &attached] {
        for Break { name, bytes: changed, clause } in broken::all(&good, &attached) {
            let Some(bytes) = revised(base, &changed) else { continue };
            let whole = sorted(check::violations(&bytes));
            alone += usize::from(looked_at(base).brought(&bytes).is_some());
            seen += usize::from(whole.iter().any(|(broken, _)| *broken == clause));
            assert_eq!(sorted(looked_at(base).followed_by(&bytes)), whole, "{name}");
        }
    }
    // Most of them break a clause by what they bring, and many are seen without a look at the rest.
    assert!(alone > 10 && seen > 20, "{alone} {seen}");
}

#[test]
fn what_a_revision_hides_from_a_quick_look_is_looked_for() {
    let good = read(document()).into_bytes();
    let base = Base::open(&good).unwrap();
    let read = lopdf::Document::load_mem(&good).unwrap();
    let catalog = read.catalog().unwrap();
    let metadata = catalog.get(b"Metadata").unwrap().as_reference().unwrap();
    let to_unicode = read.objects.values().find_map(|o| o.as_dict().ok()?.get(b"ToUnicode").ok());
    let to_unicode = to_unicode.unwrap().as_reference().unwrap();
    let info = read.trailer.get(b"Info").unwrap().as_reference().unwrap();
    for (id, body, clause) in [
        (metadata, "<</Type/Metadata/Subtype/XML/Length 1>>stream\nx\nendstream", "6.6.4"),
        (to_unicode, "<</Length 1>>stream\nx\nendstream", "6.2.11.7.2"),
        (to_unicode, "[]", "6.2.11.7.2"),
        (info, "<</Title(other)>>", "6.1.5"),
    ] {
        let mut revision = Revision::new(&base).unwrap();
        revision.replace(id, body.as_bytes()).unwrap();
        let bytes = revision.finish().unwrap().into_bytes();
        let found = sorted(looked_at(&good).followed_by(&bytes));
        assert!(found.iter().any(|(broken, _)| *broken == clause), "{body}: {found:?}");
        assert_eq!(found, sorted(check::violations(&bytes)), "{body}");
    }
    // A revision of another file, or of an older version of it, is looked at whole.
    let twice = {
        let mut revision = Revision::new(&base).unwrap();
        let number = revision.allocate().unwrap();
        revision.put(number, b"<</S/Launch>>").unwrap();
        let once = revision.finish().unwrap().into_bytes();
        let again = Base::open(&once).unwrap();
        let mut revision = Revision::new(&again).unwrap();
        let number = revision.allocate().unwrap();
        revision.put(number, b"<<>>").unwrap();
        revision.finish().unwrap().into_bytes()
    };
    assert!(looked_at(&good).brought(&twice).is_none());
    assert_eq!(looked_at(&good).followed_by(&twice)[0].clause, "6.5.1");
}
