//! Plain PDF files that are signed into a folder: what is asked for and cannot be, what a killed run leaves, who may sign.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use crate::refusals::pdfs::{pdf, stream};
use crate::support::{KEYS, Office, Run, command, scanseal};

/// A page with a few words, told apart by `number`.
pub fn page(number: usize) -> Vec<u8> {
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>".to_owned(),
        stream("", &format!("BT /F 12 Tf 80 600 Td (Letter {number}) Tj ET")),
        "<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>".to_owned(),
    ];
    pdf(&objects, "")
}

/// An office with so many letters `in/letter-1.pdf` and the folder `out` beside them.
struct Letters {
    office: Office,
    folder: PathBuf,
}

impl Letters {
    fn new(count: usize) -> Self {
        let office = Office::with_files("eidas");
        let folder = office.destination.with_extension("letters");
        fs::create_dir_all(folder.join("in")).unwrap();
        (1..=count).for_each(|n| fs::write(folder.join(format!("in/letter-{n}.pdf")), page(n)).unwrap());
        Self { office, folder }
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    fn sign(&self, role: &str, file: &str, more: &[&str]) -> Run {
        self.office.run(&[&["sign", &self.path(file), "--role", role], more].concat())
    }

    /// Names in a folder, hidden ones too.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join(folder)).into_iter().flatten();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn the_next_run_removes_what_a_killed_one_left_and_nothing_else() {
    let letters = Letters::new(1);
    let out = letters.folder.join("out");
    fs::create_dir(&out).unwrap();
    let name = |of: &str, digit: char| format!(".scanseal-{of}.-{}.part", digit.to_string().repeat(32));
    let (dead, living) = (name("letter-9.pdf", 'a'), name("letter-8.pdf", 'b'));
    for other in [&dead, &living, ".scanseal-note.part", "letter-9.pdf.part"] {
        fs::write(out.join(other), "half").unwrap();
    }
    let writer = File::options().write(true).open(out.join(&living)).unwrap();
    writer.lock().unwrap();
    letters.sign("personal", "in/letter-1.pdf", &["-o", &letters.path("out")]).expect(0);
    assert_eq!(
        letters.names("out"),
        [living.as_str(), ".scanseal-note.part", "letter-1.pdf", "letter-9.pdf.part"]
    );
    drop(writer);
    // The folder is made ready before anything is refused.
    letters.sign("personal", "in/letter-1.pdf", &["-o", &letters.path("out")]).expect(4);
    assert!(!out.join(&living).exists());
}

#[test]
fn runs_that_are_killed_leave_no_temporary_files_for_good() {
    let letters = Letters::new(40);
    let all: Vec<String> = (1..=40).map(|n| letters.path(&format!("in/letter-{n}.pdf"))).collect();
    let out = letters.path("out");
    let mut left = 0;
    for round in 0..12 {
        let done = letters.names("out");
        let files = all.iter().filter(|f| !done.contains(&f.rsplit('/').next().unwrap().to_owned()));
        let files: Vec<&str> = files.map(String::as_str).collect();
        if files.is_empty() {
            break;
        }
        let arguments = [&["sign", "--role", "personal", "-o", &out], &files[..]].concat();
        let mut run = command(&letters.office.root, &arguments);
        let mut run = run.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Until it writes, and a moment more.
        let before = done.len();
        while letters.names("out").len() <= before && run.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(700 * round));
        let _ = run.kill();
        run.wait().unwrap();
        left += letters.names("out").iter().filter(|name| name.ends_with(".part")).count();
    }
    println!("temporary files behind the kills: {left}");
    let files: Vec<&str> = all.iter().map(String::as_str).collect();
    let last = letters.office.run(&[&["sign", "--role", "personal", "-o", &out], &files[..]].concat());
    assert!(last.errors().iter().all(|code| code == "file_exists"), "{}", last.stdout);
    let names = letters.names("out");
    assert_eq!(names.len(), 40, "{names:?}");
}

#[test]
fn inputs_and_folders_that_cannot_be_say_what_to_do() {
    let letters = Letters::new(2);
    let out = letters.path("out");
    fs::create_dir(letters.folder.join("more")).unwrap();
    fs::write(letters.folder.join("more/letter-1.pdf"), page(7)).unwrap();
    // Before a PIN is asked for: that file does not exist.
    let more = [&letters.path("more/letter-1.pdf"), "-o", &out, "--pin-file", "nowhere"];
    let twice = letters.sign("personal", "in/letter-1.pdf", &more).expect(2);
    assert_eq!(twice.errors(), ["output_twice"]);
    let said = twice.events("error")[0]["message"].as_str().unwrap().to_owned();
    assert!(said.contains("in/letter-1.pdf") && said.contains("more/letter-1.pdf"), "{said}");
    assert!(letters.names("out").is_empty());
    let file = letters.path("in/letter-2.pdf");
    let onto = letters.sign("personal", "in/letter-1.pdf", &["-o", &file]).expect(2);
    assert_eq!(onto.errors(), ["output_not_folder"]);
    let folder = letters.sign("personal", "in", &["-o", &out]).expect(4);
    assert_eq!(folder.errors(), ["file_is_folder"]);
    assert!(folder.events("error")[0]["advice"].as_str().unwrap().contains("*.pdf"));
    for lang in ["vi", "en"] {
        let level =
            scanseal(&letters.folder, &["sign", "D-000001", "--upgrade", "b-x", "--lang", lang]).expect(2);
        assert!(level.stderr.contains("b-lt") && level.stderr.contains("b-lta"), "{}", level.stderr);
    }
}

#[test]
fn options_of_visible_forms_that_do_not_go_together_are_told() {
    let letters = Letters::new(1);
    let out = letters.path("out");
    let run = |more: &[&str]| letters.sign("personal", "in/letter-1.pdf", &[&["-o", &out], more].concat());
    let attachment = ["--form", "attachment", "--number", "1/UBND"];
    for (more, code, says) in [
        (
            &[&attachment[..], &["--at", "1:10,10"]].concat()[..],
            "options_conflict",
            "--form attachment and --at",
        ),
        (
            &[&attachment[..], &["--anchor", "An"]].concat(),
            "options_conflict",
            "--form attachment and --anchor",
        ),
        (&["--form", "issued", "--number", "1"], "options_conflict", "--form issued and --number"),
        (&["--form", "attachment"], "option_needs", "--number"),
        (&["--at", "1:10,10"], "option_needs", "--at can be used only together with --form issued"),
        (&["--form", "issued", "--anchor", " "], "name_empty", "--anchor"),
        (&["--form", "attachment", "--number", ""], "name_empty", "--number"),
        (&["--reason", " "], "name_empty", "--reason"),
    ] {
        let refused = run(more).expect(2);
        assert_eq!(refused.errors(), [code], "{more:?}");
        let said = refused.events("error")[0]["message"].as_str().unwrap().to_owned();
        assert!(said.contains(says), "{more:?}: {said}");
    }
    let glyph = run(&["--form", "attachment", "--number", "125 ☃"]).expect(4);
    assert_eq!(glyph.errors(), ["glyph_missing"]);
    assert!(glyph.events("error")[0]["advice"].as_str().unwrap().contains("--number"), "{}", glyph.stdout);
    assert!(letters.names("out").is_empty());
}

#[test]
fn a_reason_stands_in_the_signature_and_is_never_passed_over() {
    let letters = Letters::new(1);
    let out = letters.path("out");
    letters.sign("personal", "in/letter-1.pdf", &["-o", &out, "--reason", "Checked by me"]).expect(0);
    let signed = fs::read(letters.folder.join("out/letter-1.pdf")).unwrap();
    assert!(signed.windows(22).any(|w| w == b"/Reason(Checked by me)"));
    // Of documents the profile says it.
    let all = ["sign", "--role", "personal", "--all", "--unseen", "test", "--reason", "x"];
    assert_eq!(letters.office.run(&all).expect(2).errors(), ["option_needs"]);
}

#[test]
fn the_organization_signs_attachments_by_itself_and_nothing_else() {
    let letters = Letters::new(2);
    let out = letters.path("out");
    let alone =
        |more: &[&str]| letters.sign("organization", "in/letter-1.pdf", &[&["-o", &out], more].concat());
    let unsigned = alone(&[]).expect(5);
    assert_eq!(unsigned.errors(), ["role_missing"]);
    assert!(unsigned.events("error")[0]["advice"].as_str().unwrap().contains("--form attachment"));
    alone(&["--form", "attachment", "--number", "125/UBND-VP"]).expect(0);
    let verdict = letters.office.run(&["verify", &letters.path("out/letter-1.pdf")]).expect(0);
    let signature = &verdict.lines()[0]["signatures"][0];
    assert_eq!(
        (&signature["role"], &signature["signer"]),
        (&"organization".into(), &"Test organization".into())
    );
    // A signature that is there has to hold all the same.
    letters.sign("personal", "in/letter-2.pdf", &["-o", &letters.path("first")]).expect(0);
    let mut broken = fs::read(letters.folder.join("first/letter-2.pdf")).unwrap();
    let at = broken.windows(8).position(|w| w == b"Letter 2").unwrap();
    broken[at + 7] = b'9';
    fs::write(letters.folder.join("in/broken.pdf"), broken).unwrap();
    let more = ["-o", &out, "--form", "attachment", "--number", "125/UBND-VP"];
    assert_eq!(letters.sign("organization", "in/broken.pdf", &more).expect(5).errors(), ["verdict_invalid"]);
}

#[test]
fn one_certificate_is_not_both_person_and_organization() {
    let letters = Letters::new(1);
    let key = KEYS.uri("organization.p12");
    let (first, second) = (letters.path("first"), letters.path("second"));
    // Its subject has no marks of a person, and none that say that it is not one.
    letters.sign("personal", "in/letter-1.pdf", &["-o", &first, "--key", &key]).expect(0);
    let same = letters.sign("organization", "first/letter-1.pdf", &["-o", &second, "--key", &key]).expect(5);
    assert_eq!(same.errors(), ["signed_as_person"]);
    assert!(!Path::new(&second).join("letter-1.pdf").exists());
    // Another one may; and it may once more, because it was the organization before.
    letters.sign("personal", "in/letter-1.pdf", &["-o", &letters.path("other")]).expect(0);
    letters.sign("organization", "other/letter-1.pdf", &["-o", &second, "--key", &key]).expect(0);
    letters
        .sign("organization", "second/letter-1.pdf", &["-o", &letters.path("third"), "--key", &key])
        .expect(0);
}
