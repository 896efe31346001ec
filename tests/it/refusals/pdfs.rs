//! PDFs that are no scans, and PDFs to which no signature may be appended.

use std::fs;

use super::{Case, refused, scan};
use crate::support::Office;

/// A PDF of these objects, numbered from 1; object 1 is the catalogue; `trailer` are further keys of the trailer.
pub fn pdf(objects: &[String], trailer: &str) -> Vec<u8> {
    let mut text = "%PDF-1.7\n".to_owned();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let (start, size) = (text.len(), places.len() + 1);
    text += &format!("xref\n0 {size}\n0000000000 65535 f \n");
    places.iter().for_each(|at| text += &format!("{at:010} 00000 n \n"));
    text += &format!("trailer <</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

pub fn stream(dictionary: &str, data: &str) -> String {
    format!("<<{dictionary}/Length {}>>\nstream\n{data}\nendstream", data.len())
}

/// What a page shows, and what is added to it.
#[derive(Clone, Copy, Default)]
struct Look {
    content: &'static str,
    page: &'static str,
    catalogue: &'static str,
    trailer: &'static str,
}

/// The picture over the whole sheet.
const FULL: &str = "q 144 0 0 72 0 0 cm /Im1 Do Q";

/// One sheet with one picture.
fn sheet(look: Look) -> Vec<u8> {
    let picture = stream(
        "/Type/XObject/Subtype/Image/Width 4/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8",
        "abcdefgh",
    );
    let objects = [
        format!("<</Type/Catalog/Pages 2 0 R{}>>", look.catalogue),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 144 72]>>".to_owned(),
        format!(
            "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</Im1 5 0 R>>>>{}>>",
            look.page
        ),
        stream("", look.content),
        picture,
    ];
    pdf(&objects, look.trailer)
}

pub(super) fn as_scans(office: &Office) -> Vec<Case> {
    let scanned = Look { content: FULL, ..Look::default() };
    let whole = sheet(scanned);
    let endless =
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"].map(str::to_owned);
    [
        (
            "typed text.pdf",
            sheet(Look { content: "BT /F1 12 Tf (Kinh gui) Tj ET", ..scanned }),
            "pdf_has_text",
        ),
        (
            "text over the picture.pdf",
            sheet(Look { content: "q 144 0 0 72 0 0 cm /Im1 Do Q BT /F1 12 Tf (Ky) Tj ET", ..scanned }),
            "pdf_has_text",
        ),
        ("lines.pdf", sheet(Look { content: "0 0 m 9 9 l S", ..scanned }), "pdf_has_drawing"),
        ("nothing on the page.pdf", sheet(Look { content: "", ..scanned }), "pdf_has_drawing"),
        (
            "form.pdf",
            sheet(Look { catalogue: "/AcroForm<</Fields[<</FT/Tx/T(a)>>]>>", ..scanned }),
            "pdf_has_form",
        ),
        (
            "signed.pdf",
            sheet(Look { catalogue: "/AcroForm<</Fields[<</FT/Sig/T(a)/V<</Type/Sig>>>>]>>", ..scanned }),
            "pdf_is_signed",
        ),
        (
            "note.pdf",
            sheet(Look { page: "/Annots[<</Subtype/Text/Rect[0 0 9 9]>>]", ..scanned }),
            "pdf_has_notes",
        ),
        ("password.pdf", sheet(Look { trailer: "/Encrypt<<>>", ..scanned }), "pdf_encrypted"),
        ("head only.pdf", b"%PDF-1.7\n".to_vec(), "scan_cut"),
        ("cut.pdf", whole[..whole.len() / 2].to_vec(), "scan_cut"),
        ("pages of pages.pdf", pdf(&endless, ""), "scan_broken"),
    ]
    .map(|(name, bytes, code)| refused(name, 4, code, || scan(office, name, &bytes)))
    .into()
}

pub(super) fn to_sign(office: &Office) -> Vec<Case> {
    let plain = Look { content: FULL, ..Look::default() };
    let whole = sheet(plain);
    let certified = "/AcroForm<</Fields[6 0 R]/SigFlags 3>>/Perms<</DocMDP 6 0 R>>";
    [
        ("no PDF", b"This is a letter.".to_vec(), 4, "base_damaged"),
        ("empty", Vec::new(), 4, "base_damaged"),
        ("cut", whole[..whole.len() - 40].to_vec(), 4, "base_damaged"),
        ("bytes before the head", [b"<html>".as_slice(), &whole].concat(), 4, "base_damaged"),
        ("bytes behind the end", [whole.as_slice(), b"<html>"].concat(), 4, "base_trailing_data"),
        ("two faces (hybrid)", sheet(Look { trailer: "/XRefStm 9", ..plain }), 4, "base_hybrid"),
        ("password", sheet(Look { trailer: "/Encrypt<<>>", ..plain }), 4, "base_encrypted"),
        (
            "dynamic form",
            sheet(Look { catalogue: "/AcroForm<</Fields[]/XFA(x)>>", ..plain }),
            4,
            "base_dynamic_form",
        ),
        ("certified by nothing", sheet(Look { catalogue: certified, ..plain }), 5, "verdict_invalid"),
    ]
    .map(|(name, bytes, exit, code)| refused(name, exit, code, || sign(office, &bytes)))
    .into()
}

/// Signs a copy of plain bytes into a folder, which stays empty.
fn sign(office: &Office, bytes: &[u8]) -> crate::support::Run {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("letter.pdf"), folder.path().join("out"));
    fs::write(&path, bytes).unwrap();
    let arguments = [
        "sign",
        "--role",
        "personal",
        "--unseen",
        "test",
        path.to_str().unwrap(),
        "-o",
        out.to_str().unwrap(),
    ];
    let run = office.run(&arguments);
    assert_eq!(fs::read(&path).unwrap(), bytes);
    let written = fs::read_dir(&out).map_or(0, Iterator::count);
    assert_eq!(written, 0, "nothing half-signed is left");
    run
}
