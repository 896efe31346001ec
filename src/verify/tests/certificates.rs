//! Who signed: anchors, times, uses, algorithms.

use super::*;

fn signed_with(issued: &Issued, at: Timestamp) -> Vec<u8> {
    apply(&base(false, false), &mut Key::of(issued), &Intent { at, ..intent(Role::Personal, false) }).unwrap()
}

fn one(
    bytes: &[u8],
    trust: &Trust,
    at: Timestamp,
) -> (Verdict, Option<&'static str>, TrustState, Vec<&'static str>) {
    let report = report(bytes, trust, at, Lang::Vi).unwrap();
    let codes = codes(&report);
    let signature = &report.signatures[0];
    assert_eq!(signature.integrity, Integrity::Intact);
    (report.verdict, signature.sub_indication, signature.trust, codes)
}

#[test]
fn trust_comes_from_anchors_alone() {
    let now = Timestamp::now();
    let nobody = one(&SIGNED, &Trust::default(), now);
    let no_chain = Some("NO_CERTIFICATE_CHAIN_FOUND");
    assert_eq!(nobody, (Verdict::Indeterminate, no_chain, TrustState::Unknown, vec!["no_anchors"]));
    let wrong = Trust { anchors: vec![KEYS.other_root.certificates[0].clone()], ..Trust::default() };
    let judged = one(&SIGNED, &wrong, now);
    assert_eq!(
        (judged.0, judged.2, judged.3),
        (Verdict::Indeterminate, TrustState::Untrusted, vec!["path_invalid"])
    );
    let stranger = Issued::root(&recipe("CN=Stranger", -9, 9, Purpose::Authority)).unwrap();
    let wrong = Trust { anchors: stranger.certificates.clone(), ..Trust::default() };
    assert_eq!(
        one(&SIGNED, &wrong, now),
        (Verdict::Indeterminate, no_chain, TrustState::Untrusted, vec!["untrusted"])
    );
    // The whole chain as helpers makes no anchor.
    let helpers = Trust { intermediates: KEYS.root.certificates.clone(), ..wrong };
    assert_eq!(one(&SIGNED, &helpers, now).2, TrustState::Untrusted);
    let between = Trust { anchors: vec![KEYS.person.certificates[1].clone()], ..Trust::default() };
    assert_eq!(one(&SIGNED, &between, now).0, Verdict::Valid);
}

/// What one verifier has learned of a certificate and a path holds for the next file and the next time, to the second.
#[test]
fn a_verifier_says_of_each_file_what_it_would_say_of_the_first() {
    let short = KEYS.root.issue(&recipe("CN=Short", -8, 2, Purpose::Signing)).unwrap();
    let young = Issued::root(&recipe("CN=Young", -3, 5, Purpose::Authority)).unwrap();
    let below = young.issue(&recipe("CN=Below", -9, 9, Purpose::Signing)).unwrap();
    let anchors = [&KEYS.root, &young].map(|issued| issued.certificates[0].clone()).to_vec();
    let files = [SIGNED.clone(), signed_with(&short, days(-4)), signed_with(&below, days(-1))];
    let bounds = [-9, -8, -3, 2, 5, 10, 20, 30].map(|day| days(day).as_second());
    let times: Vec<i64> = bounds.iter().flat_map(|at| (at - 3)..(at + 4)).collect();
    let mut verdicts = std::collections::BTreeSet::new();
    for trust in [Trust { anchors, ..Trust::default() }, Trust::default()] {
        let verifier = Verifier::new(trust.clone());
        // Once in their order and once against it, so that each second is the first one of its period once.
        for at in times.iter().chain(times.iter().rev()) {
            for file in &files {
                let at = Timestamp::from_second(*at).unwrap();
                let told = |report: Result<Report>| serde_json::to_string(&report.unwrap()).unwrap();
                let alone = told(report(file, &trust, at, Lang::En));
                assert_eq!(told(verifier.report(file, at, Lang::En)), alone, "{at}");
                verdicts.insert(alone);
            }
        }
    }
    assert!(verdicts.len() > 8, "{}", verdicts.len());
}

#[test]
fn tampering_beats_trust() {
    let tampered = [&SIGNED[..], b"x"].concat();
    let report = report(&tampered, &Trust::default(), Timestamp::now(), Lang::Vi).unwrap();
    assert_eq!(report.verdict, Verdict::Invalid);
    assert_eq!(report.signatures[0].trust, TrustState::Unknown);
}

#[test]
fn an_expired_certificate_is_never_enough() {
    let short = KEYS.root.issue(&recipe("CN=Short", -8, -2, Purpose::Signing)).unwrap();
    let now = Timestamp::now();
    let file = signed_with(&short, days(-4));
    let then = one(&file, &trust(), days(-3));
    assert_eq!((then.0, then.3), (Verdict::Valid, vec![]));
    let later = one(&file, &trust(), now);
    assert_eq!((later.0, later.1), (Verdict::Indeterminate, Some("OUT_OF_BOUNDS_NO_POE")));
    assert_eq!((later.2, later.3), (TrustState::Trusted, vec!["expired_no_poe"]));
    assert!(check(Signed::new(file), &trust(), now).is_err());
    // The whole path counts, not the leaf alone.
    let old_root = Issued::root(&recipe("CN=Old", -8, -2, Purpose::Authority)).unwrap();
    let key = old_root.issue(&recipe("CN=Leaf", -8, 9, Purpose::Signing)).unwrap();
    let anchors = Trust { anchors: old_root.certificates.clone(), ..Trust::default() };
    assert_eq!(one(&signed_with(&key, days(-4)), &anchors, now).3, ["expired_no_poe"]);
    assert_eq!(one(&signed_with(&key, days(-1)), &anchors, now).3, ["expired_at_signing"]);
}

#[test]
fn times_outside_of_the_certificate_are_told_apart() {
    // The signing program refuses such times; the certificate here is exchanged for one of the same key with other times.
    let leaf = |from, until| KEYS.root.issue(&recipe("CN=Leaf", from, until, Purpose::Signing)).unwrap();
    let der = |issued: &Issued| issued.certificates[0].clone();
    let judge = |issued: &Issued, claimed| {
        path::judge(&der(issued), &[], &trust(), claimed, Timestamp::now(), path::Use::Documents).codes
    };
    assert_eq!(judge(&leaf(-8, -4), days(-2)), ["expired_at_signing"]);
    assert_eq!(judge(&leaf(-2, 4), days(-5)), ["certificate_not_yet_valid"]);
    assert_eq!(judge(&leaf(-2, 4), days(-1)), [""; 0]);
    let file = signed_with(&leaf(-2, 9), days(3));
    assert_eq!(one(&file, &trust(), Timestamp::now()).3, ["signing_time_in_future"]);
}

#[test]
fn a_certificate_for_something_else_does_not_sign() {
    let wrong = KEYS.root.issue(&recipe("CN=Wrong", -8, 8, Purpose::Encryption)).unwrap();
    let now = Timestamp::now();
    let judged = one(&signed_with(&wrong, now), &trust(), now);
    assert_eq!((judged.0, judged.3), (Verdict::Indeterminate, vec!["key_usage_wrong"]));
    // Not even when it is itself an anchor, and an expired one neither.
    let anchor = Trust { anchors: vec![wrong.certificates[0].clone()], ..Trust::default() };
    assert_eq!(one(&signed_with(&wrong, now), &anchor, now).3, ["key_usage_wrong"]);
    let short = KEYS.root.issue(&recipe("CN=Short", -8, -2, Purpose::Signing)).unwrap();
    let anchor = Trust { anchors: vec![short.certificates[0].clone()], ..Trust::default() };
    assert_eq!(one(&signed_with(&short, days(-4)), &anchor, now).3, ["expired_no_poe"]);
    let strict = Trust { min_rsa_bits: 3_072, ..trust() };
    assert!(one(&SIGNED, &strict, now).3.contains(&"key_too_short"));
}

#[test]
fn a_leaf_issues_nothing() {
    let leaf = KEYS.root.issue(&recipe("CN=Leaf", -8, 8, Purpose::Signing)).unwrap();
    let below = leaf.issue(&recipe("CN=Below", -8, 8, Purpose::Signing)).unwrap();
    let now = Timestamp::now();
    let judged = one(&signed_with(&below, now), &trust(), now);
    assert_eq!((judged.2, judged.3), (TrustState::Untrusted, vec!["path_invalid"]));
}

#[test]
fn files_of_certificates_are_read_in_both_forms() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let (root, other) = (&KEYS.root, &KEYS.other_root);
    let both =
        format!("# roots\n{}\nbetween\n{}", root.pem().unwrap(), other.pem().unwrap().replace('\n', "\r\n"));
    let (der, pem) = (write("der", &root.certificates[0]), write("pem", both.as_bytes()));
    let loaded = trust::load(&[der.clone(), pem]).unwrap();
    assert_eq!(loaded, [root.certificates[0].clone(), other.certificates[0].clone()]);
    let cut = root.pem().unwrap();
    for bad in [
        &b""[..],
        b"x",
        &root.certificates[0][1..],
        &cut.as_bytes()[..400],
        b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
    ] {
        let error = trust::load(&[der.clone(), write("bad", bad)]).unwrap_err();
        assert_eq!(error.code(), "trust_unreadable");
        assert!(error.message(Lang::Vi).contains("bad"));
    }
    assert_eq!(trust::load(&[folder.path().join("none")]).unwrap_err().code(), "file_missing");
}
