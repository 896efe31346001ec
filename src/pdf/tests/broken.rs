//! Every clause that can be broken is broken once: our own look has to object with that clause, and so has the outside judge
//! (`tests/judges/pdfa_check.py`), which is asked when it is installed.

use std::path::Path;
use std::process::Command;

use lopdf::{Dictionary, Object, ObjectId, StringFormat, dictionary};

use super::text::{attached, read};
use super::*;

/// What a change makes of a good file.
pub(super) struct Break {
    pub name: &'static str,
    /// The clause that our own look names.
    pub clause: &'static str,
    pub bytes: Vec<u8>,
}

fn changed(good: &[u8], change: &dyn Fn(&mut lopdf::Document)) -> Vec<u8> {
    let mut document = lopdf::Document::load_mem(good).unwrap();
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// The first object that holds `key`, with this value when one is given.
fn holder(document: &lopdf::Document, key: &str, value: Option<&str>) -> ObjectId {
    let fits = |object: &Object| {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => return false,
        };
        let found = dictionary.get(key.as_bytes());
        found.is_ok_and(|v| value.is_none_or(|name| v.as_name().is_ok_and(|n| n == name.as_bytes())))
    };
    *document.objects.iter().find(|(_, object)| fits(object)).unwrap_or_else(|| panic!("{key} {value:?}")).0
}

fn dictionary_of(document: &mut lopdf::Document, id: ObjectId) -> &mut Dictionary {
    match document.objects.get_mut(&id).unwrap() {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &mut stream.dict,
        _ => panic!("no dictionary"),
    }
}

/// Replaces text in the metadata packet.
fn in_packet(document: &mut lopdf::Document, from: &str, to: &str) {
    let id = document.catalog().unwrap().get(b"Metadata").unwrap().as_reference().unwrap();
    let stream = document.objects.get_mut(&id).unwrap().as_stream_mut().unwrap();
    let text = String::from_utf8(stream.content.clone()).unwrap();
    assert!(text.contains(from), "{from}");
    stream.set_plain_content(text.replacen(from, to, 1).into_bytes());
}

/// Replaces the table of characters of the text layer's font.
fn in_characters(document: &mut lopdf::Document, change: &dyn Fn(String) -> String) {
    let font = holder(document, "BaseFont", Some("ScansealBlank"));
    let font = match document.objects[&font].as_dict().unwrap().has(b"ToUnicode") {
        true => font,
        false => panic!("the font itself comes first"),
    };
    let id = document.objects[&font].as_dict().unwrap().get(b"ToUnicode").unwrap().as_reference().unwrap();
    let stream = document.objects.get_mut(&id).unwrap().as_stream_mut().unwrap();
    let text = String::from_utf8(stream.decompressed_content().unwrap()).unwrap();
    stream.set_plain_content(change(text).into_bytes());
    stream.dict.remove(b"Filter");
}

/// The first character of the table becomes another value.
fn first_character_is(value: &'static str) -> impl Fn(String) -> String {
    move |text| {
        let at = text.find("beginbfchar\n<").unwrap() + "beginbfchar\n<0001><".len();
        format!("{}{value}{}", &text[..at], &text[at + 4..])
    }
}

type Change = Box<dyn Fn(&mut lopdf::Document)>;

/// Changes of single entries: name, clause, and how the object, the key and the new value (none takes it away) change.
fn entries() -> Vec<(&'static str, &'static str, Change)> {
    let set = |id: fn(&lopdf::Document) -> ObjectId, key: &'static str, value: Option<Object>| -> Change {
        Box::new(move |document| {
            let id = id(document);
            let dictionary = dictionary_of(document, id);
            match value.clone() {
                Some(value) => dictionary.set(key, value),
                None => assert!(dictionary.remove(key.as_bytes()).is_some(), "{key}"),
            }
        })
    };
    let root = |d: &lopdf::Document| d.trailer.get(b"Root").unwrap().as_reference().unwrap();
    let image = |d: &lopdf::Document| holder(d, "Subtype", Some("Image"));
    let page = |d: &lopdf::Document| holder(d, "Type", Some("Page"));
    let cid = |d: &lopdf::Document| holder(d, "Subtype", Some("CIDFontType2"));
    let blank = |d: &lopdf::Document| {
        let is = |o: &Object| o.as_dict().is_ok_and(|d| d.has(b"DW") && !d.has(b"W"));
        *d.objects.iter().find(|(_, object)| is(object)).unwrap().0
    };
    let descriptor = |d: &lopdf::Document| holder(d, "Type", Some("FontDescriptor"));
    let info = |d: &lopdf::Document| d.trailer.get(b"Info").unwrap().as_reference().unwrap();
    let script = || Object::from(dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("1") });
    let long = Object::String(vec![b'a'; 32_768], StringFormat::Literal);
    let small = vec![0.into(), 0.into(), 2.into(), 2.into()];
    let nested = (0..30).fold(Object::Null, |inner, _| Object::Array(vec![inner]));
    vec![
        ("open-action", "6.5.1", set(root, "OpenAction", Some(script()))),
        ("catalog-aa", "6.5.2", set(root, "AA", Some(Dictionary::new().into()))),
        (
            "names",
            "6.8",
            set(root, "Names", Some(dictionary! { "EmbeddedFiles" => Dictionary::new() }.into())),
        ),
        ("optional-content", "6.9", set(root, "OCProperties", Some(Dictionary::new().into()))),
        ("requirements", "6.11", set(root, "Requirements", Some(Vec::<Object>::new().into()))),
        ("no-metadata", "6.6.2.1", set(root, "Metadata", None)),
        ("no-intent", "6.2.3", set(root, "OutputIntents", None)),
        ("title", "6.1.5", set(info, "Title", Some(Object::string_literal("other")))),
        ("date", "6.1.5", set(info, "ModDate", Some(Object::string_literal("D:20200101000000Z")))),
        ("interpolation", "6.2.8", set(image, "Interpolate", Some(true.into()))),
        ("external", "6.1.7.1", set(image, "F", Some(Object::string_literal("elsewhere")))),
        ("page-too-small", "6.1.13", set(page, "MediaBox", Some(small.into()))),
        ("long-string", "6.1.13", set(page, "Extra", Some(long))),
        ("long-name", "6.1.13", set(page, "Extra", Some(Object::Name(vec![b'a'; 128])))),
        ("nested", "6.1.13", set(page, "Extra", Some(nested))),
        ("not-embedded", "6.2.11.4", set(descriptor, "FontFile2", None)),
        ("no-glyph-map", "6.2.11.3.2", set(cid, "CIDToGIDMap", None)),
        ("no-widths", "6.2.11.5", set(blank, "DW", None)),
        ("simple-font", "6.2.11.4", set(cid, "Subtype", Some("Type1".into()))),
    ]
}

/// Changes that only a whole document shows.
fn others(good: &[u8], attached: &[u8]) -> Vec<Break> {
    let of = |name, clause, base: &[u8], change: &dyn Fn(&mut lopdf::Document)| Break {
        name,
        clause,
        bytes: changed(base, change),
    };
    let without = |from: &'static str, key: &'static str| {
        move |document: &mut lopdf::Document| {
            let id = holder(document, from, None);
            assert!(dictionary_of(document, id).remove(key.as_bytes()).is_some(), "{key}");
        }
    };
    let with = |object: Object| {
        move |document: &mut lopdf::Document| {
            let id = document.add_object(object.clone());
            document.catalog_mut().unwrap().set("Extra", Object::Reference(id));
        }
    };
    let characters = |change: &'static dyn Fn(String) -> String| {
        move |document: &mut lopdf::Document| in_characters(document, change)
    };
    let packet = |from: &'static str, to: &'static str| {
        move |document: &mut lopdf::Document| in_packet(document, from, to)
    };
    let form = |document: &mut lopdf::Document| {
        let form = dictionary! { "Fields" => Vec::<Object>::new(), "XFA" => Object::string_literal("x"), "SigFlags" => 3 };
        document.catalog_mut().unwrap().set("AcroForm", form);
    };
    let no_change_date = |document: &mut lopdf::Document| {
        let id = holder(document, "Params", None);
        let parameters = dictionary_of(document, id).get_mut(b"Params").unwrap();
        parameters.as_dict_mut().unwrap().remove(b"ModDate").unwrap();
    };
    let not_associated = |document: &mut lopdf::Document| {
        document.catalog_mut().unwrap().remove(b"AF");
    };
    vec![
        of("xfa", "6.4.2", good, &form),
        of("launch", "6.5.1", good, &with(dictionary! { "S" => "Launch" }.into())),
        of("hide", "6.5.1", good, &with(dictionary! { "S" => "Hide" }.into())),
        of("packet-encoding", "6.6.2.1", good, &packet(" id=\"W5M0", " encoding=\"UTF-8\" id=\"W5M0")),
        of("packet-broken", "6.6.2.1", good, &packet("</x:xmpmeta>", "</x:xmpmetu>")),
        of(
            "not-described",
            "6.6.2.3.3",
            good,
            &packet("<pdfaProperty:name>route<", "<pdfaProperty:name>rouxe<"),
        ),
        of("level-a", "6.6.4", good, &packet("<pdfaid:conformance>U<", "<pdfaid:conformance>A<")),
        of("part-4", "6.6.4", good, &packet("<pdfaid:part>2<", "<pdfaid:part>4<")),
        of("no-unicode", "6.2.11.7.2", good, &without("DescendantFonts", "ToUnicode")),
        of("unicode-0", "6.2.11.7.2", good, &characters(Box::leak(Box::new(first_character_is("0000"))))),
        of("unicode-mark", "6.2.11.7.2", good, &characters(Box::leak(Box::new(first_character_is("FEFF"))))),
        of("unicode-none", "6.2.11.7.2", good, &characters(&|_| String::new())),
        of("no-relationship", "6.8", attached, &without("AFRelationship", "AFRelationship")),
        of("no-unicode-name", "6.8", attached, &without("AFRelationship", "UF")),
        of("no-media-type", "6.8", attached, &without("Params", "Subtype")),
        of("no-change-date", "6.8", attached, &no_change_date),
        of("not-associated", "6.8", attached, &not_associated),
        of("files-in-part-2", "6.8", attached, &packet("<pdfaid:part>3<", "<pdfaid:part>2<")),
    ]
}

/// Changes in the syntax, which a program that reads and writes the file again would mend.
fn syntax(good: &[u8]) -> Vec<Break> {
    let replace = |name, clause, from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let at =
            good.windows(from.len()).position(|w| w == from.as_bytes()).unwrap_or_else(|| panic!("{from}"));
        let mut bytes = good.to_vec();
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        Break { name, clause, bytes }
    };
    let tail = Break { name: "tail", clause: "6.1.3", bytes: [good, b"x"].concat() };
    vec![
        replace("header", "6.1.2", "%PDF-1.7\n%", "%PDF-1.7\n "),
        replace("no-id", "6.1.3", "/ID[<", "/IX[<"),
        replace("intent", "6.2.3", "/S/GTS_PDFA1", "/S/GTS_PDFX1"),
        replace("lzw", "6.1.7.2", "/Filter/JBIG2Decode", "/Filter/LZWDecode  "),
        replace("soft-mask", "6.2.10", "/Type/XObject/Subtype", "/SMask /x    /Subtype"),
        tail,
    ]
}

/// The judge's word on files: those that fail.
fn failed(python: &str, folder: &Path) -> Vec<String> {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges/pdfa_check.py");
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    let run = Command::new(python).arg(judge).args(&files).output().unwrap();
    let said = String::from_utf8(run.stdout).unwrap();
    assert_eq!(said.lines().count(), files.len(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let stem = |line: &str| {
        Path::new(line.split('\t').nth(1).unwrap()).file_stem().unwrap().to_str().unwrap().to_owned()
    };
    said.lines().filter(|line| line.starts_with("FAIL")).map(stem).collect()
}

/// All of them.
pub(super) fn all(good: &[u8], attached: &[u8]) -> Vec<Break> {
    let mut breaks = syntax(good);
    breaks.extend(others(good, attached));
    for (name, clause, change) in entries() {
        breaks.push(Break { name, clause, bytes: changed(good, &*change) });
    }
    breaks
}

#[test]
fn every_clause_that_is_broken_is_seen_here_and_by_the_judge() {
    let (good, attached) = (read(document()).into_bytes(), attached());
    let breaks = all(&good, &attached);
    for Break { name, clause, bytes, .. } in &breaks {
        let found = check::violations(bytes);
        assert!(found.iter().any(|v| v.clause == *clause), "{name}: {found:?}");
        let code = ArchivalPdf::open(bytes.clone()).unwrap_err().code();
        assert_eq!(code, "not_archival", "{name}");
    }
    let Ok(python) = std::env::var("SCANSEAL_TEST_PYTHON") else { return };
    let folder = tempfile::tempdir().unwrap();
    let write =
        |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(format!("{name}.pdf")), bytes).unwrap();
    // What a reader and writer makes of good files is good: the change is what the judge objects to.
    for (name, bytes) in [("good", &good), ("good-attached", &attached)] {
        write(name, bytes);
        write(&format!("{name}-again"), &changed(bytes, &|_| {}));
    }
    breaks.iter().for_each(|b| write(b.name, &b.bytes));
    let mut wrong: Vec<String> = failed(&python, folder.path());
    let mut wanted: Vec<String> = breaks.iter().map(|b| b.name.to_owned()).collect();
    wrong.sort();
    wanted.sort();
    assert_eq!(wrong, wanted);
}
