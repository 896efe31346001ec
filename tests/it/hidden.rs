//! Nobody signs a file that holds what its reader does not see, or that can change what he sees.

use std::fs;

use lopdf::{Dictionary, Document, Object, Stream, dictionary};

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

#[test]
fn files_with_hidden_or_changing_content_are_not_signed() {
    let office = Office::with_files("eidas");
    let scan = super::support::scans().join("scan_0001.jpg");
    let plain = office.destination.join("plain.pdf");
    office.run(&["convert", scan.to_str().unwrap(), "-o", plain.to_str().unwrap(), "--no-ocr"]).expect(0);
    let plain = fs::read(plain).unwrap();
    let cases: [Case; 10] = [
        ("an unused picture", "base_hidden_objects", |d| {
            d.add_object(Stream::new(
                dictionary! { "Type" => "XObject", "Subtype" => "Form" },
                b"q Q".to_vec(),
            ));
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
    ];
    let sign = |name: &str, bytes: &[u8]| {
        let file = office.destination.join(format!("{}.pdf", name.replace(' ', "-")));
        fs::write(&file, bytes).unwrap();
        let to = office.destination.join("signed");
        office.run(&["sign", file.to_str().unwrap(), "--role", "personal", "-o", to.to_str().unwrap()])
    };
    for (name, code, prepare) in cases {
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
