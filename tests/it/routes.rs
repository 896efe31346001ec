//! Documents that were written on a computer: taken as they are, signed step by step by those who may, sealed or closed, sent
//! back, replaced.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use printpdf::{Mm, Op, PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem};
use scanseal::sign::authority::{Issued, Purpose};

use crate::support::{Office, PIN, Run, other, recipe, scans, write_private};

/// Lines of an official letter: text, points from the left and from the upper edge.
pub const LETTER: [(&str, f32, f32); 9] = [
    ("ỦY BAN NHÂN DÂN XÃ MƯỜNG LAM", 60.0, 60.0),
    ("Số: 125/UBND-VP", 90.0, 90.0),
    ("Mường Lam, ngày 24 tháng 11 năm 2026", 320.0, 90.0),
    ("V/v khắc phục sự cố", 90.0, 110.0),
    ("Kính gửi: Các đơn vị trực thuộc", 80.0, 200.0),
    ("Đề nghị các đơn vị thực hiện ngay.", 80.0, 220.0),
    ("KT. CHỦ TỊCH", 390.0, 570.0),
    ("Lê Văn Cường", 390.0, 700.0),
    ("Nơi nhận:", 80.0, 600.0),
];

/// A letter as office programs write it.
fn letter(lines: &[(&str, f32, f32)]) -> Vec<u8> {
    let font = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/fonts/Tinos-Regular.ttf");
    let font = printpdf::ParsedFont::from_bytes(&fs::read(font).unwrap(), 0, &mut Vec::new()).unwrap();
    let mut document = PdfDocument::new("Công văn");
    let id = document.add_font(&font);
    let mut ops = vec![Op::StartTextSection];
    for (text, x, y) in lines {
        let font = PdfFontHandle::External(id.clone());
        ops.push(Op::SetTextMatrix { matrix: printpdf::TextMatrix::Translate(Pt(*x), Pt(842.0 - y)) });
        ops.push(Op::SetFont { font, size: Pt(13.0) });
        ops.push(Op::ShowText { items: vec![TextItem::Text((*text).to_owned())] });
    }
    ops.push(Op::EndTextSection);
    document.pages.push(PdfPage::new(Mm(210.0), Mm(297.0), ops));
    let bytes = document.save(&PdfSaveOptions::default(), &mut Vec::new());
    let mut document = lopdf::Document::load_mem(&bytes).unwrap();
    document.prune_objects();
    let mut out = Vec::new();
    document.save_to(&mut out).unwrap();
    out
}

/// Keys of several persons and of the office, under one issuer.
struct People {
    folder: PathBuf,
}

static PEOPLE: LazyLock<People> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("route-people");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let root = Issued::root(&recipe("CN=Route root", (-1, 30), Purpose::Authority)).unwrap();
    for (file, name) in [
        ("an", "Nguyễn Văn An"),
        ("binh", "Trần Thị Bình"),
        ("cuong", "Lê Văn Cường"),
        ("office", "UBND xã Mường Lam"),
    ] {
        let subject = format!("CN={name},O=UBND xã Mường Lam");
        let key = root.issue(&recipe(&subject, (-1, 10), Purpose::Signing)).unwrap();
        fs::write(folder.join(format!("{file}.p12")), key.pkcs12(PIN).unwrap()).unwrap();
    }
    fs::write(folder.join("root.pem"), root.pem().unwrap()).unwrap();
    write_private(folder.join("pin"), PIN);
    People { folder }
});

fn key(name: &str) -> String {
    let (file, pin) = (PEOPLE.folder.join(format!("{name}.p12")), PEOPLE.folder.join("pin"));
    format!("p12:{}?pin-source=file:{}", file.display(), pin.display())
}

/// An office with pictures and with names for every step.
pub fn office(profile: &str) -> Office {
    let role = |role: &str, name: &str, picture: &str| {
        format!("[keys.{role}]\nuri = \"{}\"\npicture = \"{picture}.png\"\npicture_mm = 36", key(name))
    };
    let signers = "[signers]\ncontent_check = [\"Nguyễn Văn An\"]\nformat_check = [\"Trần Thị Bình\"]\n\
                   approval = [\"Lê Văn Cường\", \"Trần Thị Bình\"]\n";
    let keys =
        [role("personal", "cuong", "signature"), role("organization", "office", "seal"), signers.to_owned()];
    let office = Office::new(profile, &keys.join("\n"));
    for (name, colour) in [("signature", [20, 40, 200, 255]), ("seal", [220, 10, 20, 255])] {
        let mut picture = image::RgbaImage::new(300, 200);
        (40..260).for_each(|x| (90..110).for_each(|y| picture.put_pixel(x, y, image::Rgba(colour))));
        picture.save(office.root.join(format!("{name}.png"))).unwrap();
    }
    office.run(&["trust", "add", PEOPLE.folder.join("root.pem").to_str().unwrap()]).expect(0);
    office
}

/// Writes a letter with its Word file into a folder of the office; gives the path of the PDF.
pub fn written(office: &Office, name: &str, lines: &[(&str, f32, f32)]) -> String {
    let folder = office.destination.with_file_name("written");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{name}.pdf"));
    fs::write(&file, letter(lines)).unwrap();
    fs::write(file.with_extension("docx"), format!("PK Word {name}")).unwrap();
    file.display().to_string()
}

pub fn sign(office: &Office, who: &str, what: &[&str]) -> Run {
    let key = key(who);
    office.run(&[&["sign", "--role", "personal", "--key", &key, "--unseen", "test"], what].concat())
}

/// Numbers of the documents that wait for a role or a step.
fn waiting(office: &Office, role: &str) -> Vec<String> {
    let run = office.run(&["list", "--waiting-for", role]).expect(0);
    run.events("document").iter().map(|d| d["document"].as_str().unwrap().to_owned()).collect()
}

fn shown(office: &Office, document: &str) -> serde_json::Value {
    office.run(&["show", document]).expect(0).events("document").remove(0)
}

/// A letter on the route `outgoing`, its facts accepted, built.
fn outgoing(office: &Office, name: &str, more: &[&str]) {
    let file = written(office, name, &LETTER);
    office.run(&[&["scan", &file, "--route", "outgoing"], more].concat()).expect(0);
    office.run(&["edit", "D-000001", "accept-proposals"]).expect(0);
    office.run(&["build"]).expect(0);
}

/// A letter with an attachment, signed by all persons: `D-000001` and `D-000002`; `more` are facts.
pub fn signed_with_attachment(office: &Office, more: &[&str]) {
    let along = written(office, "phu-luc", &[("Phụ lục: danh sách các đơn vị thực hiện", 80.0, 100.0)]);
    let file = written(office, "cong-van", &LETTER);
    office.run(&["scan", &file, "--route", "outgoing", "--attachment", &along]).expect(0);
    let facts = ["edit", "D-000001", "accept-proposals", "signer_position=KT. CHỦ TỊCH"];
    office.run(&[facts.as_slice(), more].concat()).expect(0);
    office.run(&["build"]).expect(0);
    ["an", "binh", "cuong"].iter().for_each(|who| drop(sign(office, who, &["--all"]).expect(0)));
}

#[test]
fn a_document_is_not_issued_before_its_attachments_are_sealed() {
    let office = office("vn-state");
    signed_with_attachment(&office, &[]);
    office.run(&["sign", "--role", "organization", "D-000001"]).expect(0);
    let run = office.run(&["upload"]).expect(3);
    assert_eq!(run.errors(), ["attachment_open"]);
    assert_eq!(fs::read_dir(&office.destination).unwrap().count(), 0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000001"), "delivered");
    assert_eq!(office.state("D-000002"), "delivered");
}

#[test]
fn a_place_is_chosen_where_the_profile_lets_one_and_counts_for_the_bytes_that_were_looked_at() {
    let office = office("vn-state");
    for (name, route) in [("noi-bo", "internal"), ("cong-van", "outgoing")] {
        let file = written(&office, name, &LETTER);
        office.run(&["scan", &file, "--route", route]).expect(0);
    }
    for id in ["D-000001", "D-000002"] {
        office.run(&["edit", id, "accept-proposals"]).expect(0);
        office.run(&["edit", id, "signer_position=KT. CHỦ TỊCH", "code_number=9"]).expect(0);
    }
    office.run(&["build"]).expect(0);
    let at = |place: &str| sign(&office, "cuong", &["D-000001", "--at", place]);
    assert_eq!(at("1:400,10").expect(4).errors(), ["form_outside"]);
    assert_eq!(at("here").expect(2).errors(), ["bad_place"]);
    let nowhere = sign(&office, "cuong", &["D-000001", "--anchor", "Nobody"]).expect(4);
    assert_eq!(nowhere.errors(), ["form_no_place"]);
    assert_eq!(office.state("D-000001"), "built");
    at("1:60,170").expect(0);
    let signed = String::from_utf8_lossy(&office.latest("D-000001")).into_owned();
    let left = 60.0_f32 * (72.0 / 25.4);
    assert!(signed.contains(&format!("/Rect[{left} ")), "60 mm from the left edge");

    // The first step shows nothing, so there is no place; the seal stands where the rule wants it.
    let early = sign(&office, "an", &["D-000002", "--at", "1:60,170"]).expect(2);
    assert_eq!(early.errors(), ["place_not_wanted"]);
    for who in ["an", "binh", "cuong"] {
        sign(&office, who, &["D-000002"]).expect(0);
    }
    let seal = ["sign", "--role", "organization", "D-000002"];
    let moved = office.run(&[&seal[..], &["--at", "1:60,170"]].concat()).expect(4);
    assert_eq!(moved.errors(), ["place_by_rule"]);
    office.run(&seal).expect(0);
    office.run(&["journal", "check"]).expect(0);
}

/// The step is named before the PIN, and in the verdict what each signature was made for.
fn the_step_is_named(office: &Office) {
    let dry = ["sign", "--role", "personal", "--unseen", "test", "--all", "--dry-run", "--lang", "en"];
    let plan = office.run(&dry).expect(0).events("plan").remove(0);
    assert_eq!((&plan["step"], &plan["step_title"]), (&"format_check".into(), &"Check of the form".into()));
    let verdict = office.run(&["verify", "D-000001"]).events("document").remove(0);
    let reason = verdict["signatures"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("Kiểm tra nội dung văn bản số 125"), "{verdict}");
}

#[test]
fn outgoing_is_signed_step_by_step_sealed_with_its_attachment_and_issued() {
    let office = office("vn-state");
    let station = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&station).unwrap();
    fs::write(&station, text.replace("kind = \"folder\"", "kind = \"folder\"\nword = true")).unwrap();
    let along = written(&office, "phu-luc", &[("Phụ lục: danh sách các đơn vị thực hiện", 80.0, 100.0)]);
    let file = written(&office, "cong-van", &LETTER);
    let run = office.run(&["scan", &file, "--route", "outgoing", "--attachment", &along]).expect(0);
    // Number and date are proposed and wait for a person; a plain PDF is taken with advice.
    let codes: Vec<_> = run.events("finding").iter().map(|f| f["code"].clone()).collect();
    assert!(
        codes.contains(&"field_missing".into()) && codes.contains(&"born_not_archival".into()),
        "{codes:?}"
    );
    let record = shown(&office, "D-000001");
    assert_eq!(
        (&record["state"], &record["route"], &record["outage"]),
        (&"held".into(), &"outgoing".into(), &"".into())
    );
    assert_eq!(record["born"]["written_in"][0]["name"], "cong-van.docx");
    assert!(record["proposals"].as_array().unwrap().len() >= 3, "{record}");
    office.run(&["edit", "D-000001", "accept-proposals", "signer_position=KT. CHỦ TỊCH"]).expect(0);
    let record = shown(&office, "D-000001");
    assert_eq!(
        (&record["fields"]["code_number"], &record["fields"]["issued_date"]),
        (&"125".into(), &"2026-11-24".into())
    );
    office.run(&["build"]).expect(0);
    assert_eq!(office.latest("D-000001"), fs::read(&file).unwrap(), "taken as it is");

    waits_behind(&office);
    // Nobody signs before his turn, and nobody signs at a step that is not his.
    assert_eq!(waiting(&office, "content_check"), ["D-000001"]);
    assert_eq!(waiting(&office, "personal"), ["D-000001"]);
    let run = sign(&office, "cuong", &["D-000001"]).expect(4);
    assert_eq!(run.errors(), ["signer_not_allowed"]);
    let run = sign(&office, "cuong", &["--all"]).expect(0);
    assert_eq!(run.events("summary")[0]["waiting"], 1, "somebody else's turn is no failure");
    sign(&office, "an", &["--all"]).expect(0);
    assert_eq!(office.state("D-000001"), "partly_signed");
    assert!(waiting(&office, "content_check").is_empty());
    assert_eq!(waiting(&office, "format_check"), ["D-000001"]);
    the_step_is_named(&office);
    let refused = office.run(&["sign", "--role", "organization", "D-000001"]);
    assert_eq!(refused.errors(), ["role_missing"]);
    sign(&office, "binh", &["--all"]).expect(0);
    assert_eq!(waiting(&office, "approval"), ["D-000001"]);
    // The attachment waits for the document.
    let refused = office.run(&["sign", "--role", "organization", "D-000002"]);
    assert_eq!(refused.errors(), ["role_missing"]);
    sign(&office, "cuong", &["--all"]).expect(0);
    assert_eq!(office.state("D-000001"), "signed");

    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    assert_eq!(
        (office.state("D-000001"), office.state("D-000002")),
        ("sealed".to_owned(), "sealed".to_owned())
    );
    // Another document's Word file has its name: the document does not go without its own.
    let queued = office.run(&["upload", "--dry-run"]).expect(0).events("plan");
    assert_eq!(queued.len(), 2);
    let name = "2026-11-24.125.UBND-VP";
    let theirs = office.destination.join(format!("{name}.docx"));
    fs::write(&theirs, "PK theirs").unwrap();
    assert_eq!(office.run(&["upload"]).expect(3).errors(), ["destination_conflict"]);
    assert!(!office.destination.join(format!("{name}.pdf")).exists());
    let aside = office.run(&["show", "D-000001"]).events("document").remove(0);
    assert_eq!(aside["set_aside"][0]["last_error"], "destination_conflict");
    fs::remove_file(&theirs).unwrap();
    office.run(&["upload"]).expect(0);
    assert_eq!(
        (office.state("D-000001"), office.state("D-000002")),
        ("delivered".to_owned(), "delivered".to_owned())
    );
    lies_beside(&office, name);
    let sealed = office.latest("D-000001");
    assert!(sealed.starts_with(&fs::read(&file).unwrap()));
    for document in ["D-000001", "D-000002"] {
        assert_eq!(office.run(&["verify", document]).expect(0).lines()[0]["verdict"], "valid");
    }
    judged(&office, &sealed);
    office.run(&["journal", "check"]).expect(0);
    let zip = office.destination.with_file_name("evidence.zip");
    office.run(&["export", "--evidence", "D-000001", "-o", zip.to_str().unwrap()]).expect(0);
    let mut zip = zip::ZipArchive::new(fs::File::open(zip).unwrap()).unwrap();
    assert!(zip.by_name("scans/2-cong-van.docx").is_ok(), "{:?}", zip.file_names().collect::<Vec<_>>());
}

/// The attachment waits for the document, and is offered to nobody before.
fn waits_behind(office: &Office) {
    let along = shown(office, "D-000002");
    assert_eq!((&along["waiting_for"], &along["behind"]), (&serde_json::Value::Null, &"D-000001".into()));
    assert!(waiting(office, "organization").is_empty());
    let told = crate::support::scanseal(&office.root, &["status"]).stderr;
    assert!(told.contains("on 125/UBND-VP: 1") && !told.contains("for the organization"), "{told}");
}

/// What belongs together is called so.
fn lies_beside(office: &Office, name: &str) {
    // The Word file lies beside the signed PDF, because the destination asked for it.
    let there: Vec<_> = fs::read_dir(&office.destination).unwrap().map(|e| e.unwrap().path()).collect();
    let word = there.iter().find(|path| path.extension().is_some_and(|e| e == "docx")).unwrap();
    assert_eq!(fs::read(word).unwrap(), b"PK Word cong-van");
    assert!(office.destination.join(format!("{name}.kem-theo-1.pdf")).exists());
    assert!(office.root.join(format!("out/{name}.kem-theo-1.pdf")).exists());
}

/// Four signatures in order for another program, each with what its step says.
fn judged(office: &Office, sealed: &[u8]) {
    let file = office.destination.with_extension("pdf");
    fs::write(&file, sealed).unwrap();
    let Some((_, text)) = other("pdfsig", &["-nocert", file.to_str().unwrap()]) else { return };
    assert_eq!(text.matches("Signature is Valid").count(), 4, "{text}");
    let names: Vec<usize> = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Văn Cường", "UBND xã Mường Lam"]
        .map(|name| text.find(&format!("Common Name: {name}")).unwrap())
        .to_vec();
    assert!(names.is_sorted(), "{text}");
    let text = String::from_utf8_lossy(sealed);
    assert!(text.matches("/Reason").count() >= 4);
    let folder = office.destination.with_file_name("picture");
    let drawn = other("pdftoppm", &["-r", "72", "-png", file.to_str().unwrap(), folder.to_str().unwrap()]);
    let Some((true, _)) = drawn else { return };
    let picture = fs::read_dir(folder.parent().unwrap()).unwrap().map(|e| e.unwrap().path());
    let picture = picture.filter(|p| p.extension().is_some_and(|e| e == "png")).min().unwrap();
    if let Some(kept) = std::env::var_os("SCANSEAL_TEST_PICTURE") {
        fs::copy(&picture, kept).unwrap();
    }
    let picture = image::open(picture).unwrap().to_rgb8();
    let blue = picture.pixels().filter(|p| p.0[2] > 150 && p.0[0] < 100).count();
    let red = picture.pixels().filter(|p| p.0[0] > 150 && p.0[2] < 100).count();
    assert!(blue > 50 && red > 50, "{blue} {red}");
}

#[test]
fn internal_closes_with_the_last_personal_signature_and_is_never_sealed() {
    let office = office("vn-state");
    let file = written(&office, "to-trinh", &LETTER);
    let steps = "content_check,approval,approval";
    office.run(&["scan", &file, "--route", "internal", "--steps", steps]).expect(0);
    office.run(&["edit", "D-000001", "accept-proposals"]).expect(0);
    office.run(&["build"]).expect(0);
    sign(&office, "an", &["--all"]).expect(0);
    sign(&office, "cuong", &["--all"]).expect(0);
    assert_eq!(office.state("D-000001"), "partly_signed");
    sign(&office, "binh", &["--all"]);
    // Whoever's name does not stand on it has no place for a picture; the step wants one.
    let text = fs::read_to_string(office.root.join("quick.toml")).unwrap();
    fs::write(office.root.join("quick.toml"), text.replace("visible = \"picture\"", "visible = \"none\""))
        .unwrap();
    sign(&office, "binh", &["--all"]).expect(0);
    let record = shown(&office, "D-000001");
    assert_eq!((&record["state"], record["signatures"].as_array().unwrap().len()), (&"closed".into(), 3));
    assert!(record["waiting_for"].is_null());
    let refused = office.run(&["sign", "--role", "organization", "D-000001"]);
    assert_eq!(refused.errors(), ["never_sealed"]);
    assert!(office.run(&["sign", "--role", "organization", "--all"]).events("signature").is_empty());
    office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000001"), "closed");
    let found = office.run(&["find", "khac phuc su co"]).expect(0);
    assert!(found.stdout.contains("D-000001"), "{}", found.stdout);
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn what_is_sent_back_waits_there_and_a_corrected_document_takes_its_place() {
    let office = office("vn-state");
    outgoing(&office, "first", &[]);
    sign(&office, "an", &["--all"]).expect(0);
    let back = |to: &str, reason: &str| office.run(&["return", "D-000001", "--to", to, "--reason", reason]);
    assert_eq!(back("blessing", "x").expect(2).errors(), ["step_unknown"]);
    assert_eq!(back("author", "  ").expect(2).errors(), ["name_empty"]);
    back("content_check", "Sai tên đơn vị").expect(0);
    let record = shown(&office, "D-000001");
    assert_eq!((&record["waiting_for"], &record["step"]), (&"personal".into(), &"content_check".into()));
    assert_eq!(record["signatures"].as_array().unwrap().len(), 1, "no signature is taken away");
    assert_eq!(waiting(&office, "content_check"), ["D-000001"]);
    for what in ["D-000001", "--all"] {
        let run = sign(&office, "binh", &[what]);
        assert_eq!(run.errors(), ["document_sent_back"], "{what}");
        let advice = run.events("error")[0]["advice"].as_str().unwrap().to_owned();
        assert!(advice.contains("accept=\"sent_back:") && advice.contains("--replaces D-000001"), "{advice}");
    }
    assert_eq!(shown(&office, "D-000001")["signatures"].as_array().unwrap().len(), 1);
    // Explained, it goes on where it was; a reason is wanted.
    assert_eq!(office.run(&["edit", "D-000001", "accept=sent_back"]).errors(), ["reason_missing"]);
    office.run(&["edit", "D-000001", "accept=sent_back:The name is right"]).expect(0);
    assert_eq!(waiting(&office, "format_check"), ["D-000001"]);
    sign(&office, "binh", &["--all"]).expect(0);

    back("author", "Thiếu phụ lục").expect(0);
    assert_eq!(waiting(&office, "author"), ["D-000001"]);
    assert_eq!(waiting(&office, "clerk"), ["D-000001"]);
    let before = office.latest("D-000001");
    let mut lines = LETTER;
    lines[5].0 = "Đề nghị các đơn vị thực hiện theo phụ lục.";
    let corrected = written(&office, "second", &lines);
    office.run(&["scan", &corrected, "--route", "outgoing", "--replaces", "D-000001"]).expect(0);
    let (old, new) = (shown(&office, "D-000001"), shown(&office, "D-000002"));
    assert_eq!((&old["state"], &old["born"]["replaced_by"]), (&"replaced".into(), &"D-000002".into()));
    assert_eq!(new["born"]["replaces"], "D-000001");
    assert_eq!((office.latest("D-000001"), old["signatures"].as_array().unwrap().len()), (before, 2));
    // The number is the same and is not taken twice; everybody signs anew.
    office.run(&["edit", "D-000002", "accept-proposals"]).expect(0);
    office.run(&["build"]).expect(0);
    assert_eq!(waiting(&office, "content_check"), ["D-000002"]);
    assert_eq!(
        office.run(&["return", "D-000001", "--to", "author", "--reason", "x"]).errors(),
        ["wrong_state"]
    );
    let again = office.run(&[
        "scan",
        &written(&office, "third", &LETTER),
        "--route",
        "outgoing",
        "--replaces",
        "D-000001",
    ]);
    assert_eq!(again.errors(), ["wrong_state"]);
    // What is here as a document of its own takes nobody's place, and none of another route does.
    let other = written(&office, "other", &LETTER[1..]);
    office.run(&["scan", &other, "--route", "outgoing"]).expect(0);
    let wrong = office.run(&["scan", &other, "--route", "outgoing", "--replaces", "D-000002"]);
    assert_eq!(wrong.errors(), ["replacement_known"], "{}", wrong.stdout);
    let wrong = office.run(&["scan", &corrected, "--route", "internal", "--replaces", "D-000002"]).expect(2);
    assert_eq!(wrong.errors(), ["options_conflict"], "{}", wrong.stdout);
    assert_eq!(shown(&office, "D-000002")["state"], "built");
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn what_a_route_cannot_take_is_refused_by_name_and_nothing_is_stored() {
    let office = office("eidas");
    let blobs = || fs::read_dir(office.root.join("blobs")).map_or(0, Iterator::count);
    let before = blobs();
    let file = written(&office, "plain", &LETTER);
    let word = file.replace(".pdf", ".docx");
    let secret = written(&office, "secret", &[("TỐI MẬT", 60.0, 60.0), LETTER[1], LETTER[2]]);
    for (arguments, wanted) in [
        (vec!["scan", &file, "--route", "outgoing"], "born_not_archival"),
        (vec!["scan", &word, "--route", "outgoing"], "born_not_pdf"),
        (vec!["scan", &file, "--route", "outgoing", "--steps", "approval,content_check"], "route_steps"),
        (vec!["scan", &file, "--route", "outgoing", "--replaces", "D-000009"], "document_unknown"),
        (vec!["list", "--waiting-for", "nobody"], "step_unknown"),
    ] {
        let run = office.run(&arguments);
        assert!(run.code != 0);
        assert_eq!(run.errors(), [wanted], "{arguments:?}");
    }
    // A grammar that contradicts itself: paper has an outage, what is written on a computer has none.
    office.run(&["scan", &file, "--route", "outgoing", "--outage", "SC-1"]).expect(2);
    office.run(&["scan", &file]).expect(2);
    office.change_profile("input = \"pdfa\"", "input = \"pdf\"");
    assert_eq!(office.run(&["scan", &secret, "--route", "outgoing"]).errors(), ["born_secret"]);
    assert_eq!((blobs(), office.run(&["list"]).events("document").len()), (before, 0));
    // A scan is no document that was written on a computer, whatever it is called.
    let scan = scans().join("scan_0001.jpg");
    let run = office.run(&["scan", scan.to_str().unwrap(), "--route", "outgoing"]);
    assert_eq!(run.errors(), ["born_not_pdf"]);
    office.built("scan_0001.jpg");
    let built = office.destination.with_file_name("built.pdf");
    fs::write(&built, office.latest("D-000001")).unwrap();
    let run = office.run(&["scan", built.to_str().unwrap(), "--route", "outgoing"]);
    assert_eq!(run.errors(), ["born_is_recovered"]);
    assert_eq!(
        office.run(&["return", "D-000001", "--to", "author", "--reason", "x"]).errors(),
        ["route_needed"]
    );
    // TRÍCH SAO is never made from a scan.
    assert_eq!(office.run(&["edit", "D-000001", "copy_form=TRÍCH SAO"]).errors(), ["extract_from_scan"]);
    let drill = Office::with_files("drill");
    assert_eq!(drill.run(&["scan", &file, "--route", "outgoing"]).expect(2).errors(), ["born_drill"]);
}

#[test]
fn a_capacity_that_the_step_does_not_know_is_refused_and_the_same_file_comes_in_once() {
    let office = office("vn-state");
    office.change_profile(
        "capacity = [\"TM.\", \"Q.\", \"KT.\", \"TL.\", \"TUQ.\"]   #",
        "capacity = [\"TL.\"]   #",
    );
    outgoing(&office, "letter", &[]);
    office.run(&["edit", "D-000001", "signer_position=KT. CHỦ TỊCH"]).expect(0);
    office.run(&["build"]).expect(0);
    for who in ["an", "binh"] {
        sign(&office, who, &["--all"]).expect(0);
    }
    assert_eq!(sign(&office, "cuong", &["--all"]).expect(4).errors(), ["capacity_not_allowed"]);
    let file = office.destination.with_file_name("written").join("letter.pdf");
    let again = office.run(&["scan", file.to_str().unwrap(), "--route", "outgoing"]).expect(0);
    assert_eq!(again.events("finding")[0]["code"], "already_captured");
    assert_eq!(office.run(&["list"]).events("document").len(), 1);
    // What is built can still be corrected; what is signed no more.
    assert_eq!(office.run(&["edit", "D-000001", "subject=Khác"]).errors(), ["document_signed"]);
}
