//! Containers that OpenSSL makes, with algorithms and attributes that we do not write ourselves.

use std::path::Path;
use std::process::Command;

use super::*;

/// Runs OpenSSL in a folder; false where it refuses.
pub(super) fn openssl(folder: &Path, line: &str) -> bool {
    let run = Command::new("openssl").args(line.split(' ')).current_dir(folder).output();
    run.is_ok_and(|run| run.status.success())
}

/// Fills a new signature of `base` with what `make` gives for the bytes that it covers.
fn filled(base: &[u8], name: &str, entries: &str, make: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let read = Base::open(base).unwrap();
    let mut revision = Revision::new(&read).unwrap();
    let number = revision.allocate().unwrap();
    let (body, slot) = byte_range::dictionary(entries.as_bytes(), 16_384);
    let slot = slot.at(revision.put(number, &body).unwrap());
    let page = read.first_page().unwrap().id;
    let field =
        crate::sign::field::Field { name: name.into(), signature: number, page, lock: None, visible: None };
    crate::sign::field::add(&mut revision, &field).unwrap();
    let mut file = revision.finish().unwrap();
    slot.seal_range(&mut file, crate::sign::Digest::Sha256).unwrap();
    let gap = raw::entry_range(file.bytes(), slot.dictionary_at(), b"Contents").unwrap();
    let covered = [&file.bytes()[..gap.start], &file.bytes()[gap.end..]].concat();
    slot.fill(&mut file, &make(&covered)).unwrap();
    file.into_bytes()
}

/// A key and a certificate that is its own anchor.
fn key(folder: &Path, algorithm: &str, extensions: &str) -> Vec<u8> {
    let line = format!(
        "req -x509 -nodes -keyout key.pem -out cert.pem -subj /CN=Peer -days 20 -newkey {algorithm} {extensions}"
    );
    assert!(openssl(folder, &line), "{line}");
    trust::load(&[folder.join("cert.pem")]).unwrap().remove(0)
}

const SIGNER: &str = "-addext keyUsage=critical,digitalSignature -addext basicConstraints=critical,CA:FALSE";

fn signature(folder: &Path, sub_filter: &str, options: &str) -> Vec<u8> {
    let entries = format!("/Type/Sig/Filter/Adobe.PPKLite/SubFilter/{sub_filter}/M(D:20990101000000Z)");
    let entries = entries.replace("20990101", &days(1).strftime("%Y%m%d").to_string());
    filled(&base(false, false), "personal-1", &entries, |covered| {
        std::fs::write(folder.join("data"), covered).unwrap();
        let line = format!(
            "cms -sign -binary -in data -signer cert.pem -inkey key.pem -outform DER -out cms {options}"
        );
        assert!(openssl(folder, &line), "{line}");
        std::fs::read(folder.join("cms")).unwrap()
    })
}

#[test]
fn containers_of_other_algorithms() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if !openssl(at, "version") {
        return;
    }
    let judged = |anchor: &[u8], file: &[u8]| {
        let trust = Trust { anchors: vec![anchor.to_vec()], ..Trust::default() };
        // Late enough for the day that the signature states.
        let report = report(file, &trust, days(2), Lang::En).unwrap();
        let signature = report.signatures[0].clone();
        (report.verdict, codes(&report), signature.algorithm, signature.level)
    };
    let (cades, pkcs7) = ("ETSI.CAdES.detached", "adbe.pkcs7.detached");
    for (algorithm, filter, options, name, refusal) in [
        ("rsa:2048", cades, "-cades -md sha256", "RSA PKCS#1 v1.5, SHA-256", None),
        ("rsa:2048", cades, "-cades -md sha512", "RSA PKCS#1 v1.5, SHA-512", None),
        ("rsa:2048", cades, "-cades -md sha256 -keyopt rsa_padding_mode:pss", "RSA-PSS, SHA-256", None),
        ("rsa:2048", cades, "-cades -md sha384 -keyopt rsa_padding_mode:pss", "RSA-PSS, SHA-384", None),
        ("ec -pkeyopt ec_paramgen_curve:P-256", cades, "-cades -md sha256", "ECDSA, SHA-256", None),
        ("ec -pkeyopt ec_paramgen_curve:P-384", cades, "-cades -md sha384", "ECDSA, SHA-384", None),
        ("rsa:2048", cades, "-cades -md sha256 -keyid", "RSA PKCS#1 v1.5, SHA-256", None),
        ("rsa:2048", pkcs7, "-md sha256", "RSA PKCS#1 v1.5, SHA-256", None),
        ("rsa:2048", cades, "-md sha256", "", Some("certificate_not_bound")),
        ("rsa:2048", cades, "-cades -md sha1", "", Some("weak_algorithm")),
        ("rsa:2048", pkcs7, "-md md5", "", Some("weak_algorithm")),
        ("rsa:2048", cades, "-cades -md sha256 -nodetach", "", Some("attributes_wrong")),
        ("rsa:2048", cades, "-cades -md sha256 -nocerts", "", Some("signer_certificate_missing")),
        ("rsa:2048", pkcs7, "-md sha256 -noattr", "", Some("attributes_wrong")),
        ("rsa:1024", cades, "-cades -md sha256", "RSA PKCS#1 v1.5, SHA-256", Some("key_too_short")),
        (
            "ec -pkeyopt ec_paramgen_curve:secp256k1",
            cades,
            "-cades -md sha256",
            "",
            Some("algorithm_unknown"),
        ),
    ] {
        let anchor = key(at, algorithm, SIGNER);
        let file = signature(at, filter, options);
        let (verdict, codes, found, level) = judged(&anchor, &file);
        assert_eq!(codes, Vec::from_iter(refusal), "{algorithm} {options}");
        assert_eq!(found, name, "{algorithm} {options}");
        assert_eq!(verdict == Verdict::Valid, refusal.is_none(), "{algorithm} {options}");
        assert_eq!(level.is_some(), !name.is_empty() && filter == cades, "{algorithm} {options}");
        let mut damaged = file.clone();
        let at = number_of_byte(&file, b"(100)");
        damaged[at + 1] = b'9';
        assert_ne!(judged(&anchor, &damaged).0, Verdict::Valid, "{algorithm} {options}");
    }
    for (filter, code) in [("adbe.pkcs7.sha1", "weak_algorithm"), ("adbe.other", "sub_filter_unknown")] {
        let anchor = key(at, "rsa:2048", SIGNER);
        assert_eq!(judged(&anchor, &signature(at, filter, "-md sha256")).1, [code]);
    }
}

fn number_of_byte(file: &[u8], part: &[u8]) -> usize {
    file.windows(part.len()).position(|w| w == part).unwrap()
}

#[test]
fn a_certificate_for_servers_does_not_sign() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if !openssl(at, "version") {
        return;
    }
    for (usage, refusal) in
        [("serverAuth", Some("key_usage_wrong")), ("emailProtection", None), ("1.3.6.1.5.5.7.3.36", None)]
    {
        let anchor = key(at, "rsa:2048", &format!("{SIGNER} -addext extendedKeyUsage={usage}"));
        let file = signature(at, "ETSI.CAdES.detached", "-cades -md sha256");
        let trust = Trust { anchors: vec![anchor], ..Trust::default() };
        let report = report(&file, &trust, days(2), Lang::En).unwrap();
        assert_eq!(codes(&report), Vec::from_iter(refusal), "{usage}");
    }
}

const TSA: &str = "[ tsa ]\ndefault_tsa = one\n[ one ]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3\n\
                   digests = sha256\ncrypto_device = builtin\naccuracy = secs:1\nordering = no\ntsa_name = no\n\
                   ess_cert_id_chain = no\ness_cert_id_alg = sha256\n";

#[test]
fn a_document_time_stamp_leaves_signatures_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if !openssl(at, "version") {
        return;
    }
    let anchor = authority(at);
    let entries = "/Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161";
    let stamped = filled(&SIGNED, "timestamp-1", entries, |covered| token(at, covered));
    let mut both = trust();
    both.anchors.push(anchor);
    let now = Timestamp::now() + SignedDuration::from_secs(2);
    for (trust, trusted) in [(trust(), false), (both.clone(), true)] {
        let report = report(&stamped, &trust, now, Lang::En).unwrap();
        assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]), "{report:?}");
        let stamp = &report.signatures[2];
        assert_eq!(
            (stamp.role.as_deref(), stamp.integrity),
            (Some("timestamp"), Integrity::Intact),
            "{stamp:?}"
        );
        assert_eq!(stamp.timestamp_at.is_some(), trusted, "{stamp:?}");
        let first = &report.signatures[0];
        assert_eq!(
            (first.timestamp_at, first.level.as_deref()),
            (stamp.timestamp_at, Some(if trusted { "B-T" } else { "B-B" }))
        );
        assert_eq!(first.owed.contains(&"timestamp"), !trusted);
        assert_eq!(report.signatures[1].modifications, Modifications::LtaUpdates);
    }
    // The signer's certificate ends after ten days, the one of the time stamp only after twenty.
    let later = |trust: &Trust| {
        let report = report(&stamped, trust, days(12), Lang::En).unwrap();
        (report.verdict, codes(&report))
    };
    assert_eq!(later(&trust()), (Verdict::Indeterminate, vec!["expired_no_poe"]));
    // With it the time is proven; what nobody kept and nobody will ever know again is whether the certificate was revoked.
    assert_eq!(later(&both), (Verdict::Indeterminate, vec!["revocation_undecidable"]));
    // Over other bytes it proves nothing.
    let mut damaged = stamped.clone();
    let place = number_of_byte(&stamped, b"timestamp-1");
    damaged[place] = b'T';
    let report = report(&damaged, &both, now, Lang::En).unwrap();
    assert_eq!(
        (report.signatures[2].integrity, report.signatures[2].timestamp_at),
        (Integrity::Broken, None)
    );
}

/// A time stamp authority in a folder; its certificate is its own anchor.
fn authority(at: &Path) -> Vec<u8> {
    let usage = "-addext keyUsage=critical,digitalSignature -addext basicConstraints=critical,CA:FALSE \
                 -addext extendedKeyUsage=critical,timeStamping";
    let anchor = key(at, "rsa:2048", usage);
    std::fs::write(at.join("tsa.cnf"), TSA).unwrap();
    std::fs::write(at.join("serial"), "01").unwrap();
    anchor
}

fn token(at: &Path, stamped: &[u8]) -> Vec<u8> {
    std::fs::write(at.join("data"), stamped).unwrap();
    assert!(openssl(at, "ts -query -data data -sha256 -cert -out query"));
    let reply =
        "ts -reply -config tsa.cnf -queryfile query -signer cert.pem -inkey key.pem -token_out -out token";
    assert!(openssl(at, reply));
    std::fs::read(at.join("token")).unwrap()
}

/// An element of DER.
fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = u32::try_from(content.len()).unwrap().to_be_bytes();
    let head = match content.len() {
        0..0x80 => vec![tag, length[3]],
        0x80..0x100 => vec![tag, 0x81, length[3]],
        _ => vec![tag, 0x82, length[2], length[3]],
    };
    [head, content].concat()
}

/// The container with a time stamp token among the unsigned attributes of its signer.
fn with_token(container: &[u8], make: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let outer = tlv::only(container).unwrap().inside(0x30).unwrap();
    let signed = outer[1].inside(0xA0).unwrap()[0].inside(0x30).unwrap();
    let info = signed.last().unwrap().inside(0x31).unwrap()[0];
    let token = make(info.inside(0x30).unwrap().last().unwrap().content);
    let oid = [6, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 14];
    let attribute = element(0x30, &[&oid, &element(0x31, &[&token])]);
    let info = element(0x30, &[info.content, &element(0xA1, &[&attribute])]);
    let mut parts: Vec<&[u8]> = signed.iter().map(|part| part.whole).collect();
    parts.pop();
    let signers = element(0x31, &[&info]);
    parts.push(&signers);
    element(0x30, &[outer[0].whole, &element(0xA0, &[&element(0x30, &parts)])])
}

#[test]
fn a_signature_time_stamp_proves_when_it_was_made() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    if !openssl(at, "version") {
        return;
    }
    let anchor = authority(at);
    let both = Trust { anchors: vec![KEYS.root.certificates[0].clone(), anchor], ..Trust::default() };
    let entries = "/Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached";
    let signed = |over_signature: bool| {
        filled(&base(false, false), "personal-1", entries, |covered| {
            let key = &mut KEYS.person.clone();
            let signer = certificate::Certificate::parse(key.certificate()).unwrap();
            let chain: Vec<_> =
                key.chain().iter().map(|c| certificate::Certificate::parse(c).unwrap()).collect();
            let attributes =
                made::signed_attributes(&signer, crate::sign::Digest::Sha256, &Sha256::digest(covered))
                    .unwrap();
            let value = key.sign(&attributes).unwrap();
            let container = made::assemble(&signer, &chain, key.algorithm(), &attributes, &value).unwrap();
            with_token(&container, |value| token(at, if over_signature { value } else { covered }))
        })
    };
    let judged = |file: &[u8], trust: &Trust, when: Timestamp| {
        let report = report(file, trust, when, Lang::En).unwrap();
        let signature = &report.signatures[0];
        assert_eq!(signature.integrity, Integrity::Intact);
        (report.verdict, signature.timestamp, signature.level.clone().unwrap())
    };
    let file = signed(true);
    let now = Timestamp::now() + SignedDuration::from_secs(2);
    let (own, none) = (TimestampKind::Signature, TimestampKind::None);
    assert_eq!(judged(&file, &both, now), (Verdict::Valid, own, "B-T".into()));
    assert_eq!(judged(&file, &trust(), now), (Verdict::Valid, none, "B-B".into()));
    assert_eq!(judged(&signed(false), &both, now), (Verdict::Valid, none, "B-B".into()));
}

/// Bases in the forms of another writer: linearized, with and without object streams.
#[test]
fn files_of_other_writers_are_read_as_they_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("in.pdf"), base(false, false)).unwrap();
    for options in [
        "--linearize --object-streams=disable",
        "--linearize --object-streams=generate",
        "--object-streams=generate",
        "--object-streams=disable",
    ] {
        let run = Command::new("qpdf").args(options.split(' ')).arg(at("in.pdf")).arg(at("out.pdf")).output();
        if run.is_err() {
            return;
        }
        let file = std::fs::read(at("out.pdf")).unwrap();
        assert_eq!(judge(&file).verdict, Verdict::Unsigned, "{options}");
        assert_eq!(revisions(&file).unwrap(), [file.len()], "{options}");
        let report = judge(&sealed(&personal(&file), true));
        assert_eq!((report.verdict, codes(&report)), (Verdict::Valid, vec![]), "{options}: {report:?}");
    }
}
