//! Delivery over the exchange between agencies (QCVN 102:2016), to a double of a provincial gateway that is made from published
//! clients and samples (tests/servers/edxml.py): no real gateway can be reached from a test.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Office, other};
use crate::webdav::{Helper, written};

struct Gateway {
    _helper: Helper,
    folder: tempfile::TempDir,
    port: u64,
}

impl Gateway {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let helper = Helper::start("edxml.py", &[folder.path().to_str().unwrap()]);
        let facts: Value = serde_json::from_str(&written(&folder.path().join("edxml.json"))).unwrap();
        let gateway = Self { _helper: helper, port: facts["port"].as_u64().unwrap(), folder };
        fs::write(gateway.path("secret"), "k3y\n").unwrap();
        fs::set_permissions(gateway.path("secret"), fs::Permissions::from_mode(0o600)).unwrap();
        gateway
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn mode(&self, words: &str) {
        fs::write(self.path("mode"), words).unwrap();
    }

    fn packets(&self) -> Vec<String> {
        let mut all: Vec<_> =
            fs::read_dir(self.path("packets")).unwrap().map(|e| e.unwrap().path()).collect();
        all.sort();
        all.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
    }

    /// The section of a station file.
    fn section(&self, more: &str) -> String {
        format!(
            "[[destination]]\nname = \"truc\"\nkind = \"edxml\"\nurl = \"http://127.0.0.1:{}\"\ntoken_file = \"{}\"\n\
             to = [\"000.00.00.H41 Sở Nội vụ\", \"G09.01 Bộ Khoa học\"]\n{more}\n[destination.settings]\n\
             system_id = \"xa-muong-lam\"\norgan_id = \"H01.151\"\norgan_name = \"UBND xã Mường Lam\"\nplace = \"Mường Lam\"\n",
            self.port,
            self.path("secret").display()
        )
    }
}

/// An office with one sealed document and the gateway as its only destination.
fn sealed(section: &str) -> Office {
    let office = Office::with_files("eidas");
    station(&office, section);
    office.built("scan_0001.jpg");
    office.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    office
}

fn station(office: &Office, section: &str) {
    let file = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&file).unwrap();
    let (before, _) = text.split_once("[[destination]]").unwrap();
    fs::write(file, format!("{before}{section}")).unwrap();
}

#[test]
fn a_document_goes_over_the_axis_and_every_receiver_acknowledges_it() {
    let gateway = Gateway::start();
    let office = sealed(&gateway.section(""));
    // Nobody has acknowledged it, and a status about another document is none about this one.
    gateway.mode("foreign");
    assert_eq!(office.run(&["upload"]).expect(7).errors(), ["destination_underway"]);
    assert_eq!(office.state("D-000001"), "sent");
    gateway.mode("");
    wait_for(&office, "delivered");
    let record = office.run(&["show", "D-000001"]).expect(0).events("document").remove(0);
    let receipt = &record["receipts"][0];
    assert_eq!((&receipt["proof"], &receipt["remote_id"]), (&"acknowledged".into(), &"edXML edoc-1".into()));
    let packets = gateway.packets();
    assert_eq!(packets.len(), 1);
    let xml = roxmltree::Document::parse(&packets[0]).unwrap();
    let text = |name: &str| {
        xml.descendants().find(|n| n.tag_name().name() == name).and_then(|n| n.text()).unwrap().to_owned()
    };
    let fields = &record["fields"];
    let named = |name: &str| fields[name].as_str().unwrap().to_owned();
    let date = named("issued_date").replace('-', "/");
    assert_eq!(
        text("DocumentId"),
        format!("H01.151,{date},{}/{}", named("code_number"), named("code_notation"))
    );
    assert_eq!(text("Subject"), named("subject"));
    // The file inside is the sealed one, byte for byte.
    let coded = office.destination.with_extension("b64");
    fs::write(&coded, text("ContentTransferEncoded")).unwrap();
    let zip = office.destination.with_extension("zip");
    let script = format!("base64 -d '{}' > '{}'", coded.display(), zip.display());
    assert!(other("bash", &["-c", &script]).unwrap().0);
    let mut zip = zip::ZipArchive::new(fs::File::open(zip).unwrap()).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut zip.by_index(0).unwrap(), &mut bytes).unwrap();
    assert_eq!(bytes, office.latest("D-000001"));
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn an_answer_behind_many_others_is_found_and_no_packet_is_fetched_twice() {
    let gateway = Gateway::start();
    let office = sealed(&gateway.section(""));
    gateway.mode("crowd");
    let run = office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000001"), "delivered", "{}", run.stdout);
    let fetched = fs::read_to_string(gateway.path("fetched")).unwrap();
    let mut numbers: Vec<&str> = fetched.lines().collect();
    assert_eq!(numbers.len(), 1502);
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 1502);
}

/// What waits for an answer is asked about again after a pause.
fn wait_for(office: &Office, state: &str) {
    for _ in 0..60 {
        office.run(&["upload"]);
        if office.state("D-000001") == state {
            return;
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
    panic!("never {state}: {}", office.run(&["status"]).stdout);
}

#[test]
fn numbers_of_the_gateway_are_told_in_words_and_never_make_a_second_packet() {
    let gateway = Gateway::start();
    let office = sealed(&gateway.section(""));
    for (mode, code) in [
        ("10", "edxml_refused"),
        ("20", "edxml_axis"),
        ("21", "edxml_axis"),
        ("18", "edxml_refused"),
        ("22", "edxml_refused"),
        ("15", "destination_login"),
        ("19", "destination_login"),
    ] {
        gateway.mode(mode);
        let run = office.run(&["upload"]);
        assert!(
            run.code != 0 && run.errors().contains(&code.to_owned()),
            "{mode}: {} {}",
            run.code,
            run.stdout
        );
    }
    gateway.mode("18");
    let run = office.run(&["upload"]);
    let told =
        run.events("error").iter().map(|e| e["message"].as_str().unwrap().to_owned()).collect::<String>();
    assert!(told.contains("000.00.00.H41, G09.01"), "{told}");
    gateway.mode("down");
    office.run(&["upload"]).expect(7);
    assert!(gateway.packets().is_empty());
    // Taken, and the answer was cut off: the next run finds it there and sends nothing.
    gateway.mode("lost");
    office.run(&["upload"]);
    assert_eq!(gateway.packets().len(), 1);
    gateway.mode("");
    wait_for(&office, "delivered");
    assert_eq!(gateway.packets().len(), 1);
}

#[test]
fn a_receiver_that_refuses_is_told_and_a_document_without_a_number_does_not_go() {
    let gateway = Gateway::start();
    let office = sealed(&gateway.section(""));
    gateway.mode("refused");
    let run = office.run(&["upload"]);
    assert!(run.errors().contains(&"destination_refused".to_owned()), "{}", run.stdout);
    assert!(run.stdout.contains("G09.01 02"), "{}", run.stdout);
    assert_eq!(office.run(&["upload"]).errors(), ["destination_refused"]);
    assert_eq!(gateway.packets().len(), 1);

    // Where the station is content with the gateway's own word, that is the proof, and it says so.
    let content = Gateway::start();
    let other = sealed(&content.section("minimum = \"accepted\""));
    content.mode("silent");
    wait_for(&other, "delivered");
    let shown = other.run(&["show", "D-000001"]).events("document").remove(0);
    assert_eq!(shown["receipts"][0]["proof"], "accepted");

    let unnumbered = Office::with_files("eidas");
    station(&unnumbered, &gateway.section(""));
    unnumbered.built("scan_0001.jpg");
    unnumbered.run(&["edit", "D-000001", "code_number="]).expect(0);
    unnumbered.run(&["build"]).expect(0);
    unnumbered.run(&["sign", "--role", "personal", "--all", "--unseen", "test"]).expect(0);
    unnumbered.run(&["sign", "--role", "organization", "--all"]).expect(0);
    assert_eq!(unnumbered.run(&["upload"]).errors(), ["edxml_fact"]);
}

/// The files of a packet: what the manifest calls them, and their bytes.
fn files(packet: &str, folder: &std::path::Path) -> Vec<(String, Vec<u8>)> {
    let xml = roxmltree::Document::parse(packet).unwrap();
    let named = |node: roxmltree::Node, name: &str| {
        let found = node.children().find(|child| child.tag_name().name() == name);
        found.and_then(|child| child.text()).unwrap_or_default().to_owned()
    };
    let contents = xml.descendants().filter(|node| node.tag_name().name() == "Attachment");
    let file = |node: roxmltree::Node| {
        let (coded, zip) = (folder.join("packet.b64"), folder.join("packet.zip"));
        fs::write(&coded, named(node, "ContentTransferEncoded")).unwrap();
        let script = format!("base64 -d '{}' > '{}'", coded.display(), zip.display());
        assert!(other("bash", &["-c", &script]).unwrap().0);
        let mut zip = zip::ZipArchive::new(fs::File::open(zip).unwrap()).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut zip.by_index(0).unwrap(), &mut bytes).unwrap();
        (named(node, "AttachmentName"), bytes)
    };
    contents.map(file).collect()
}

#[test]
fn attachments_go_inside_the_packet_of_their_document_and_to_its_recipients_only() {
    let gateway = Gateway::start();
    let office = crate::routes::office("vn-state");
    station(&office, &gateway.section(""));
    let facts = ["recipients=- Bộ Khoa học; Lưu: VT", "issued_amount=12"];
    crate::routes::signed_with_attachment(&office, &facts);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    gateway.mode("18");
    let run = office.run(&["upload"]);
    let refused = ["edxml_refused", "edxml_along"].map(str::to_owned);
    assert!(run.code != 0 && refused.iter().all(|code| run.errors().contains(code)), "{}", run.stdout);
    gateway.mode("");
    wait_for(&office, "delivered");
    office.run(&["upload"]).expect(0);
    assert_eq!(office.state("D-000002"), "delivered");
    let packets = gateway.packets();
    assert_eq!(packets.len(), 1, "one packet for both");
    let found = files(&packets[0], gateway.folder.path());
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.len() == 2 && names[1] == "phu-luc.zip", "{names:?}");
    assert_eq!(found[0].1, office.latest("D-000001"));
    assert_eq!(found[1].1, office.latest("D-000002"));
    let xml = roxmltree::Document::parse(&packets[0]).unwrap();
    let all = |name: &str| -> Vec<String> {
        let nodes = xml.descendants().filter(|node| node.tag_name().name() == name);
        nodes.map(|node| node.text().unwrap_or_default().to_owned()).collect()
    };
    let to = xml.descendants().find(|node| node.tag_name().name() == "To").unwrap();
    let code = to.descendants().find(|node| node.tag_name().name() == "OrganId").unwrap();
    assert_eq!((all("To").len(), code.text()), (1, Some("G09.01")));
    assert_eq!(all("Place")[1..], ["Bộ Khoa học", "Lưu: VT"]);
    assert_eq!(
        (all("PromulgationAmount"), all("Appendix")),
        (vec!["12".to_owned()], vec!["phu-luc.pdf".to_owned()])
    );
    // Each has a receipt of its own, with the digest of its own bytes.
    for document in ["D-000001", "D-000002"] {
        let record = office.run(&["show", document]).events("document").remove(0);
        let receipt = &record["receipts"][0];
        assert_eq!(receipt["remote_id"], "edXML edoc-1");
        let last = record["revisions"].as_array().unwrap().last().unwrap()["sha256"].clone();
        assert_eq!(receipt["sha256"], last);
    }
    office.run(&["journal", "check"]).expect(0);
}

#[test]
fn a_document_for_others_goes_to_nobody_and_keeps_nothing_else_waiting() {
    let gateway = Gateway::start();
    let office = crate::routes::office("vn-state");
    station(&office, &gateway.section(""));
    crate::routes::signed_with_attachment(&office, &["recipients=Sở Y tế"]);
    office.run(&["sign", "--role", "organization", "--all"]).expect(0);
    let run = office.run(&["upload"]);
    assert!(run.errors().contains(&"recipients_unknown".to_owned()), "{}", run.stdout);
    let told = run.events("error")[0]["message"].as_str().unwrap().to_owned();
    assert!(told.contains("Sở Y tế") && told.contains("G09.01 Bộ Khoa học"), "{told}");
    assert!(gateway.packets().is_empty());
    // The station learns the receiver; nothing has to be signed again.
    let file = office.root.join("scanseal.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(file, text.replace("to = [", "to = [\"H41.05 Sở Y tế\", ")).unwrap();
    wait_for(&office, "delivered");
    assert_eq!(gateway.packets().len(), 1);
}

#[test]
fn settings_that_cannot_be_are_named_before_anything_is_sent() {
    let gateway = Gateway::start();
    let office = Office::with_files("eidas");
    for (from, to, named) in [
        ("organ_id = \"H01.151\"\n", "", "settings.organ_id is missing"),
        ("organ_id = \"H01.151\"", "organ_id = \"H01.151.000.000.000\"", "no code of an agency"),
        ("place = ", "dialect = \"latin\"\nplace = ", "settings.dialect"),
        ("place = ", "colour = ", "settings.colour"),
        ("kind = ", "minimum = \"proven\"\nkind = ", "more than this kind"),
    ] {
        let section = gateway.section("").replacen(from, to, 1);
        station(&office, &section);
        let run = office.run(&["status"]).expect(8);
        let told = run.events("error")[0]["message"].as_str().unwrap().to_owned();
        assert!(told.contains(named), "{told}");
    }
}
