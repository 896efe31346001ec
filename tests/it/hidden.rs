//! Nobody signs a file that holds what its reader does not see, or that can change what he sees.

use std::fs;

use lopdf::{Dictionary, Document, IncrementalDocument, Object, Stream, dictionary};

use super::support::Office;

/// What is done to a file, its name, and the code of the refusal.
type Case = (&'static str, &'static str, fn(&mut Document));

/// A converted page, changed by `prepare`, saved with everything in it.
fn prepared(converted: &[u8], prepare: fn(&mut Document)) -> Vec<u8> {
    let mut document = Document::load_mem(converted).unwrap();
    prepare(&mut document);
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

fn catalog(document: &mut Document) -> &mut Dictionary {
    document.catalog_mut().unwrap()
}

fn annotation(document: &mut Document, annotation: Dictionary) {
    let page = *document.get_pages().values().next().unwrap();
    let id = document.add_object(annotation);
    let page = document.get_object_mut(page).unwrap().as_dict_mut().unwrap();
    page.set("Annots", vec![Object::Reference(id)]);
}

fn field(document: &mut Document, kind: &str) {
    let field = dictionary! { "FT" => kind, "T" => Object::string_literal("name"), "Kids" => vec![] };
    let id = document.add_object(field);
    let form = dictionary! { "Fields" => vec![Object::Reference(id)] };
    catalog(document).set("AcroForm", form);
}

/// The dictionary of a picture of the page.
fn image(document: &mut Document) -> &mut Dictionary {
    let is_image = |object: &Object| {
        let kind =
            object.as_stream().and_then(|stream| stream.dict.get(b"Subtype")).and_then(Object::as_name);
        kind.is_ok_and(|kind| kind == b"Image")
    };
    let mut all = document.objects.values_mut();
    &mut all.find(|object| is_image(object)).unwrap().as_stream_mut().unwrap().dict
}

/// A form among the resources of the page, with these entries.
fn form(document: &mut Document, entries: Dictionary) {
    let mut dictionary =
        dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(); 4] };
    entries.iter().for_each(|(key, value)| dictionary.set(key.clone(), value.clone()));
    let form = document.add_object(Stream::new(dictionary, b"q Q".to_vec()));
    let page = *document.get_pages().values().next().unwrap();
    let resources = dictionary! { "XObject" => dictionary! { "Form" => form } };
    document.get_object_mut(page).unwrap().as_dict_mut().unwrap().set("PieceInfo", resources);
}

fn note(document: &mut Document, kind: &str) {
    annotation(document, dictionary! { "Subtype" => kind, "Rect" => vec![0.into(); 4], "F" => 4 });
}

/// One more kid of the page tree.
fn kid(document: &mut Document, kid: Object) {
    let root = catalog(document).get(b"Pages").and_then(Object::as_reference).unwrap();
    let root = document.get_object_mut(root).unwrap().as_dict_mut().unwrap();
    root.get_mut(b"Kids").and_then(Object::as_array_mut).unwrap().push(kid);
}

const CASES: [Case; 28] = [
    ("an unused picture", "base_hidden_objects", |d| {
        d.add_object(Stream::new(dictionary! { "Type" => "XObject", "Subtype" => "Form" }, b"q Q".to_vec()));
    }),
    ("an unused page", "base_hidden_objects", |d| {
        d.add_object(dictionary! { "Type" => "Page" });
    }),
    ("layers", "base_layers", |d| {
        let group = d.add_object(dictionary! { "Type" => "OCG", "Name" => Object::string_literal("x") });
        catalog(d).set("OCProperties", dictionary! { "OCGs" => vec![Object::Reference(group)] });
    }),
    ("a script at the opening", "base_scripts", |d| {
        let action = dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
        catalog(d).set("OpenAction", action);
    }),
    ("a program that is started", "base_scripts", |d| {
        let action = dictionary! { "S" => "Launch", "F" => Object::string_literal("calc.exe") };
        annotation(d, dictionary! { "Subtype" => "Link", "Rect" => vec![0.into(); 4], "A" => action });
    }),
    ("scripts by name", "base_scripts", |d| {
        let names = dictionary! { "JavaScript" => dictionary! { "Names" => Vec::<Object>::new() } };
        catalog(d).set("Names", names);
    }),
    ("an embedded file", "base_attachments", |d| {
        let names = dictionary! { "EmbeddedFiles" => dictionary! { "Names" => Vec::<Object>::new() } };
        catalog(d).set("Names", names);
    }),
    ("a text field", "base_form", |d| field(d, "Tx")),
    ("a box to tick", "base_form", |d| field(d, "Btn")),
    ("a hidden note", "base_hidden_annotation", |d| {
        annotation(d, dictionary! { "Subtype" => "Text", "Rect" => vec![0.into(); 4], "F" => 2 });
    }),
    ("a stream of another file", "base_external", |d| image(d).set("F", Object::string_literal("a.jpg"))),
    ("a page of another file", "base_external", |d| {
        let page = dictionary! { "F" => Object::string_literal("a.pdf"), "Page" => 1 };
        form(d, dictionary! { "Ref" => page });
    }),
    ("a picture of the print shop", "base_external", |d| {
        image(d).set("OPI", dictionary! { "2.0" => dictionary! { "Type" => "OPI" } });
    }),
    ("other versions of a picture", "base_variants", |d| image(d).set("Alternates", Vec::<Object>::new())),
    ("PostScript", "base_variants", |d| form(d, dictionary! { "Subtype" => "PS" })),
    ("PostScript in a form", "base_variants", |d| form(d, dictionary! { "Subtype2" => "PS" })),
    ("a film", "base_media", |d| note(d, "Movie")),
    ("a film on a screen", "base_media", |d| note(d, "Screen")),
    ("a sound", "base_media", |d| note(d, "Sound")),
    ("a model", "base_media", |d| note(d, "3D")),
    ("rich media", "base_media", |d| note(d, "RichMedia")),
    ("a file by its name", "base_attachments", |d| note(d, "FileAttachment")),
    ("a collection", "base_attachments", |d| {
        catalog(d).set("Collection", dictionary! { "Type" => "Collection" });
    }),
    ("pages that are drawn anew", "base_dynamic_form", |d| catalog(d).set("NeedsRendering", true)),
    ("a page tree in a circle", "base_damaged", |d| {
        let root = catalog(d).get(b"Pages").and_then(Object::as_reference).unwrap();
        kid(d, Object::Reference(root));
    }),
    ("a page twice", "base_damaged", |d| {
        let page = *d.get_pages().values().next().unwrap();
        kid(d, Object::Reference(page));
    }),
    ("a page that is nothing", "base_damaged", |d| kid(d, Object::Null)),
    ("a page that does not exist", "base_damaged", |d| kid(d, Object::Reference((9_999, 0)))),
];

/// A scan as a plain PDF/A file.
fn converted(office: &Office) -> Vec<u8> {
    let scan = super::support::scans().join("scan_0001.jpg");
    let plain = office.destination.join("plain.pdf");
    office.run(&["convert", scan.to_str().unwrap(), "-o", plain.to_str().unwrap(), "--no-ocr"]).expect(0);
    fs::read(plain).unwrap()
}

#[test]
fn files_with_hidden_or_changing_content_are_not_signed() {
    let office = Office::with_files("eidas");
    let plain = converted(&office);
    let sign = |name: &str, bytes: &[u8]| {
        let file = office.destination.join(format!("{}.pdf", name.replace(' ', "-")));
        fs::write(&file, bytes).unwrap();
        let to = office.destination.join("signed");
        office.run(&["sign", file.to_str().unwrap(), "--role", "personal", "-o", to.to_str().unwrap()])
    };
    for (name, code, prepare) in CASES {
        assert_eq!(sign(name, &prepared(&plain, prepare)).expect(4).errors(), [code], "{name}");
    }
    // The same way of saving with nothing added, a link, and an empty signature field are nothing to be afraid of.
    sign("nothing", &prepared(&plain, |_| {})).expect(0);
    sign(
        "a link",
        &prepared(&plain, |d| {
            let action = dictionary! { "S" => "URI", "URI" => Object::string_literal("https://example.org") };
            annotation(
                d,
                dictionary! { "Subtype" => "Link", "Rect" => vec![0.into(); 4], "A" => action, "F" => 4 },
            );
        }),
    )
    .expect(0);
    sign("an empty signature field", &prepared(&plain, |d| field(d, "Sig"))).expect(0);
}

/// The file with what `prepare` changes as an appended revision.
fn appended(signed: &[u8], prepare: fn(&mut Document)) -> Vec<u8> {
    let before = Document::load_mem(signed).unwrap();
    let mut after = before.clone();
    prepare(&mut after);
    let mut update = IncrementalDocument::create_from(signed.to_vec(), before.clone());
    let changed = after.objects.iter().filter(|(id, object)| before.objects.get(id) != Some(*object));
    update.new_document.objects.extend(changed.map(|(id, object)| (*id, object.clone())));
    update.new_document.max_id = after.max_id;
    let mut out = Vec::new();
    update.save_to(&mut out).unwrap();
    assert!(out.starts_with(signed) && out.len() > signed.len());
    out
}

#[test]
fn the_same_content_behind_a_signature_makes_it_invalid() {
    let office = Office::with_files("eidas");
    let plain = converted(&office);
    let (file, to) = (office.destination.join("letter.pdf"), office.destination.join("signed"));
    fs::write(&file, plain).unwrap();
    office.run(&["sign", file.to_str().unwrap(), "--role", "personal", "-o", to.to_str().unwrap()]).expect(0);
    let signed = fs::read(to.join("letter.pdf")).unwrap();
    let changed = office.destination.join("changed.pdf");
    for (name, _, prepare) in CASES {
        fs::write(&changed, appended(&signed, prepare)).unwrap();
        let verdict = office.run(&["verify", changed.to_str().unwrap()]);
        assert_eq!((verdict.code, &verdict.lines()[0]["verdict"]), (5, &"invalid".into()), "{name}");
    }
}
