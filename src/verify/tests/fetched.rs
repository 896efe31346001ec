//! Evidence that is asked for: the certificates name a list and a responder, a way to ask is handed in.

use std::path::Path;
use std::sync::Mutex;

use super::peers::openssl;
use super::*;
use crate::fetch::{Fetch, Fetched};
use crate::verify::{path, revocation};

const AUTHORITY: &str = "[ ca ]\ndefault_ca = one\n[ one ]\ndatabase = index\nserial = serial\ncrlnumber = number\ndefault_md = sha256\n\
    default_days = 20\ndefault_crl_days = 9\npolicy = any\nnew_certs_dir = .\nx509_extensions = leaf\nrand_serial = yes\nunique_subject = no\n\
    [ any ]\ncommonName = supplied\n[ leaf ]\nbasicConstraints = critical,CA:FALSE\nkeyUsage = critical,digitalSignature\n\
    crlDistributionPoints = URI:http://ca.example/list.crl\nauthorityInfoAccess = OCSP;URI:http://ca.example/ocsp\n";

/// Answers from a folder and remembers what was asked.
struct Folder<'a> {
    at: &'a Path,
    answers: bool,
    asked: Mutex<Vec<String>>,
}

impl Folder<'_> {
    fn answer(&self, url: &str, name: &str, made: bool) -> std::result::Result<Fetched, String> {
        self.asked.lock().unwrap().push(url.to_owned());
        let body = std::fs::read(self.at.join(name)).map_err(|e| e.to_string());
        made.then_some(()).ok_or("away")?;
        Ok(Fetched { status: 200, media_type: String::new(), body: body? })
    }
}

impl Fetch for Folder<'_> {
    fn post(
        &self,
        url: &str,
        media_type: &str,
        question: &[u8],
        _: u64,
    ) -> std::result::Result<Fetched, String> {
        assert_eq!(media_type, "application/ocsp-request");
        std::fs::write(self.at.join("question"), question).unwrap();
        let line = "ocsp -index index -CA ca.pem -rsigner ca.pem -rkey ca.key -ndays 1 -reqin question -respout answer";
        self.answer(url, "answer", self.answers && openssl(self.at, line))
    }

    fn get(&self, url: &str, _: u64) -> std::result::Result<Fetched, String> {
        self.answer(url, "list", true)
    }
}

/// A root and a certificate under it, by OpenSSL.
fn authority(at: &Path) -> Option<(Vec<u8>, Vec<u8>)> {
    std::fs::write(at.join("ca.cnf"), AUTHORITY).unwrap();
    std::fs::write(at.join("index"), "").unwrap();
    std::fs::write(at.join("number"), "01").unwrap();
    let root = "req -x509 -nodes -newkey rsa:2048 -keyout ca.key -out ca.pem -subj /CN=Root -days 30 \
                -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign";
    let asked = "req -new -nodes -newkey rsa:2048 -keyout key.pem -out leaf.csr -subj /CN=Leaf";
    let issued = "ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in leaf.csr -out cert.pem";
    let lines = [root, asked, issued];
    lines.iter().all(|line| openssl(at, &line.split_whitespace().collect::<Vec<_>>().join(" "))).then(|| {
        let load = |name: &str| trust::load(&[at.join(name)]).unwrap().remove(0);
        (load("ca.pem"), load("cert.pem"))
    })
}

fn list(at: &Path) {
    let line = "ca -gencrl -config ca.cnf -cert ca.pem -keyfile ca.key -out list.pem";
    assert!(openssl(at, line));
    assert!(openssl(at, "crl -in list.pem -outform DER -out list"));
}

#[test]
fn evidence_is_asked_for_where_the_certificates_say() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if !openssl(at, "version") {
        return;
    }
    let (root, leaf) = authority(at).expect("OpenSSL makes a certificate");
    let none = revocation::evidence::Pool::default();
    let judged = |fetch: &Folder| {
        let known = revocation::evidence::Known { proofs: Vec::new(), at: Timestamp::now() };
        let sources = revocation::Sources { embedded: &none, cached: &none, known: &known, fetch };
        let now = Timestamp::now() + SignedDuration::from_secs(2);
        let when = revocation::When { at: now, claimed: now, proof: None };
        revocation::judge(&[&leaf, &root], sources, when)
    };
    let service = |answers| Folder { at, answers, asked: Mutex::default() };
    assert!(path::is_certificate(&leaf));

    // Nobody answers and there is no list yet: both places were asked, and nothing is known.
    let away = service(false);
    assert_eq!(judged(&away).state, Revocation::Unknown);
    assert_eq!(*away.asked.lock().unwrap(), ["http://ca.example/ocsp", "http://ca.example/list.crl"]);

    list(at);
    let by_list = judged(&service(false));
    assert_eq!((by_list.state, by_list.embedded), (Revocation::Good, false));
    let responder = service(true);
    assert_eq!(judged(&responder).state, Revocation::Good);
    assert_eq!(*responder.asked.lock().unwrap(), ["http://ca.example/ocsp"]);

    assert!(openssl(
        at,
        "ca -config ca.cnf -cert ca.pem -keyfile ca.key -revoke cert.pem -crl_reason keyCompromise"
    ));
    list(at);
    for answers in [false, true] {
        let revoked = judged(&service(answers));
        assert_eq!((revoked.state, revoked.codes), (Revocation::Revoked, vec!["revoked"]), "{answers}");
    }
    // A list by another authority of the same name is nobody's word.
    let other = tempfile::tempdir().unwrap();
    authority(other.path()).unwrap();
    list(other.path());
    let stranger = Folder { at: other.path(), answers: false, asked: Mutex::default() };
    assert_eq!(judged(&stranger).state, Revocation::Unknown);
}
