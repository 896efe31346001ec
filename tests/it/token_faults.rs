//! A token may be pulled out, lose its session, fail, crash its driver: at the end every document is signed exactly once, and a
//! PIN was asked for no more often than said.

use std::fs;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use scanseal::error::Result;
use scanseal::sign::{KeyPolicy, PinSource, Session, key};
use secrecy::SecretString;

use crate::stock;
use crate::support::{Office, Run, finished, write_private};
use crate::token::{FaultyToken, PIN, assert_signed_once};

const SIGN: [&str; 6] = ["sign", "--role", "personal", "--all", "--unseen", "test"];

/// A token with these control files, and an office with so many documents.
fn bench(name: &str, count: u32, controls: &[(&str, &str)]) -> Option<(FaultyToken, Office)> {
    let token = FaultyToken::new(name, &[])?;
    let office = token.office(&token.pin_file());
    stock::fill(&office, count);
    controls.iter().for_each(|(name, text)| token.set(name, text));
    Some((token, office))
}

/// Waits until the token is in this state; the run must not need longer than a minute for it.
fn until(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_token_pulled_out_in_the_middle_of_a_hundred_is_awaited_and_asked_once_more() {
    let Some((token, office)) = bench("removed", 100, &[("faults", "40 removed"), ("looks", "2")]) else {
        return;
    };
    let run = token.run(&office, &SIGN).expect(0);
    assert_eq!(run.events("signature").len(), 100);
    assert_eq!(token.logins(), ["user ok", "user ok"]);
    assert!(run.stderr.contains("was pulled out") && run.stderr.contains("is back"), "{}", run.stderr);
    assert_signed_once(&office, 100);
    // Control: 99 good ones and the one that failed, and at most one that lay behind it and was signed for nothing.
    assert!((101..=102).contains(&token.count()), "{}", token.count());
}

#[test]
fn device_errors_cost_no_pin_and_a_lost_session_costs_one() {
    let faults = "5 device\n6 device\n20 general\n33 session\n60 device\n";
    let Some((token, office)) = bench("errors", 100, &[("faults", faults)]) else { return };
    token.run(&office, &SIGN).expect(0);
    assert_eq!(token.logins(), ["user ok", "user ok"]);
    assert_signed_once(&office, 100);
}

#[test]
fn errors_at_random_end_with_everything_signed() {
    let Some((token, office)) = bench("random", 60, &[("random", "8")]) else { return };
    let run = token.run(&office, &SIGN).expect(0);
    assert_eq!((run.errors(), token.logins()), (vec![], vec!["user ok".to_owned()]));
    assert!(token.count() >= 60);
    assert_signed_once(&office, 60);
}

#[test]
fn a_driver_that_crashes_is_started_again_a_few_times_and_not_for_ever() {
    let Some((token, office)) = bench("crash", 30, &[("faults", "7 crash\n19 crash")]) else { return };
    token.run(&office, &SIGN).expect(0);
    assert_eq!(token.logins(), ["user ok", "user ok", "user ok"]);
    assert_signed_once(&office, 30);

    let Some((token, office)) = bench("crashes", 12, &[]) else { return };
    token.set("faults", &(4..60).map(|n| format!("{n} crash\n")).collect::<String>());
    let run = token.run(&office, &SIGN).expect(6);
    assert_eq!((run.errors(), run.events("signature").len()), (vec!["token_crashed".to_owned()], 3));
    assert!(token.logins().len() <= 5, "{:?}", token.logins());
    token.unset("faults");
    token.run(&office, &SIGN).expect(0);
    assert_signed_once(&office, 12);
}

#[test]
fn a_wrong_pin_in_the_middle_is_tried_once_and_ends_the_batch() {
    let controls = [("faults", "10 removed"), ("delay", "2000")];
    let Some((token, office)) = bench("wrong", 30, &controls) else { return };
    let child = token.start(&office, &SIGN);
    until("pulled out", || token.is_set("away"));
    write_private(token.path("pin"), "000000");
    token.unset("away");
    let run = finished(child.wait_with_output().unwrap()).expect(6);
    assert_eq!((run.errors(), run.events("signature").len()), (vec!["wrong_pin".to_owned()], 9));
    assert_eq!(token.logins(), ["user ok", "user 0xa0"]);
    write_private(token.path("pin"), PIN);
    token.run(&office, &SIGN).expect(0);
    assert_eq!(token.logins(), ["user ok", "user 0xa0", "user ok"]);
    assert_signed_once(&office, 30);
}

#[test]
fn the_last_try_is_refused_before_a_pin_is_tried() {
    let controls = [("faults", "4 removed"), ("delay", "2000")];
    let Some((token, office)) = bench("last-try", 8, &controls) else { return };
    let child = token.start(&office, &SIGN);
    until("pulled out", || token.is_set("away"));
    token.set("final", "");
    token.unset("away");
    let run = finished(child.wait_with_output().unwrap()).expect(6);
    assert_eq!((run.errors(), run.events("signature").len()), (vec!["pin_last_try".to_owned()], 3));
    assert_eq!(token.logins(), ["user ok"], "no PIN was tried");
    assert_eq!(token.run(&office, &SIGN).expect(6).errors(), ["pin_last_try"]);
    assert_eq!(token.logins(), ["user ok"]);
    token.unset("final");
    token.run(&office, &SIGN).expect(0);
    assert_signed_once(&office, 8);
}

/// Asks a running program to end, as Ctrl-C does.
fn interrupt(child: &std::process::Child) {
    let kill = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.unwrap().success());
}

#[test]
fn ctrl_c_keeps_what_is_done_gives_back_the_rest_and_the_next_run_goes_on() {
    let Some((token, office)) = bench("stop", 40, &[("delay", "20000")]) else { return };
    let child = token.start(&office, &SIGN);
    until("ten are signed", || token.count() >= 10);
    let begun = Instant::now();
    interrupt(&child);
    let run = finished(child.wait_with_output().unwrap()).expect(3);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(run.errors(), ["stopped"]);
    let done = run.events("signature").len();
    assert!((10..30).contains(&done), "{done}");
    let summary = run.events("summary").remove(0);
    assert_eq!((&summary["done"], &summary["waiting"]), (&done.into(), &(40 - done).into()), "{summary}");
    assert_eq!(summary["failed"], 0, "{summary}");
    // No lease is left: a document that is still taken could not be corrected.
    token.set("delay", "0");
    let rest = token.run(&office, &SIGN).expect(0);
    assert_eq!(rest.events("signature").len(), 40 - done);
    assert_signed_once(&office, 40);
}

#[test]
fn ctrl_c_ends_the_wait_for_a_token() {
    let controls = [("faults", "4 removed"), ("delay", "2000")];
    let Some((token, office)) = bench("stop-away", 8, &controls) else { return };
    let child = token.start(&office, &SIGN);
    until("pulled out", || token.is_set("away"));
    std::thread::sleep(Duration::from_millis(300));
    interrupt(&child);
    let run = finished(child.wait_with_output().unwrap());
    assert!([3, 6].contains(&run.code), "{}", run.stdout);
    assert_eq!(run.errors(), ["stopped"], "{}", run.stdout);
    token.unset("away");
    token.run(&office, &SIGN).expect(0);
    assert_signed_once(&office, 8);
}

#[test]
fn a_key_that_wants_its_pin_each_time_says_so_and_gets_it_each_time() {
    let Some(token) = FaultyToken::new("always", &["--always-auth"]) else { return };
    let office = token.office(&token.pin_file());
    stock::fill(&office, 6);
    let run = token.run(&office, &SIGN).expect(0);
    assert!(run.stderr.contains("wants its PIN for every signature"), "{}", run.stderr);
    let logins = token.logins();
    assert_eq!(logins[0], "user ok");
    assert_eq!(logins[1..], ["context ok"; 6].map(str::to_owned));
    assert_signed_once(&office, 6);
    // A PIN of its own for signatures stands in the second line; a wrong one is tried once.
    write_private(token.path("pin"), &format!("{PIN}\n000000\n"));
    let office = token.office(&token.pin_file());
    stock::fill(&office, 3);
    assert_eq!(token.run(&office, &SIGN).expect(6).errors(), ["wrong_pin"]);
    assert_eq!(token.logins()[7..], ["user ok", "context 0xa0"].map(str::to_owned));
}

#[test]
fn a_pin_typed_on_the_token_is_never_asked_for_here() {
    let Some((token, office)) = bench("pad", 5, &[("pad", PIN)]) else { return };
    fs::remove_file(token.path("pin")).unwrap();
    let run = token.run(&office, &SIGN).expect(0);
    assert!(run.stderr.contains("on its own keypad"), "{}", run.stderr);
    assert_signed_once(&office, 5);
}

#[test]
fn the_plan_says_how_long_the_token_will_take() {
    let Some((token, office)) = bench("plan", 12, &[("delay", "30000")]) else { return };
    let plan = |run: Run| run.events("plan").pop().unwrap();
    let before = plan(token.run(&office, &[&SIGN[..], &["--dry-run"]].concat()).expect(0));
    assert_eq!((&before["action"], &before["documents"]), (&"sign_all".into(), &12.into()), "{before}");
    assert!(before["seconds"].is_null(), "never measured here: {before}");
    assert_eq!(token.logins(), Vec::<String>::new(), "a plan needs no PIN");
    token.run(&office, &["sign", "--role", "personal", "D-000001", "D-000002", "--unseen", "x"]).expect(0);
    let after = plan(token.run(&office, &[&SIGN[..], &["--dry-run"]].concat()).expect(0));
    assert_eq!(after["documents"], 10);
    let seconds = after["seconds"].as_f64().unwrap();
    assert!((0.3..1.0).contains(&seconds), "{after}");
}

/// Gives the PIN and counts how often.
#[derive(Default)]
struct Counting {
    asked: usize,
    again: usize,
}

impl PinSource for Counting {
    fn pin(&mut self, _prompt: &str) -> Result<SecretString> {
        self.asked += 1;
        Ok(SecretString::from(PIN))
    }

    fn pin_again(&mut self, _prompt: &str) -> Result<SecretString> {
        self.again += 1;
        Ok(SecretString::from(if self.again > 1 { "" } else { PIN }))
    }
}

#[test]
fn a_driver_that_hangs_is_given_up_in_time_and_a_person_may_end_it_with_an_empty_pin() {
    let Some(token) = FaultyToken::new("hang", &[]) else { return };
    token.set("faults", "3 hang\n5 hang");
    let policy = KeyPolicy {
        modules: vec![token.path("faulty.so")],
        helper: Some(token.helper()),
        reply_deadline: Some(Duration::from_secs(2)),
        ..KeyPolicy::default()
    };
    let uri = "pkcs11:token=faulty;object=key".parse().unwrap();
    let mut pins = Counting::default();
    let mut session = key::open(&uri, &policy, &mut pins).unwrap();
    let stop = AtomicBool::new(false);
    let sign = |session: &mut dyn Session, message: &[u8]| {
        session.submit(message, None)?;
        session.collect()
    };
    assert_eq!(sign(&mut *session, b"one").unwrap().len(), 256);
    assert_eq!(sign(&mut *session, b"two").unwrap().len(), 256);
    assert_eq!(sign(&mut *session, b"three").unwrap_err().code(), "token_timeout");
    session.reconnect(&mut pins, &stop).unwrap();
    assert_eq!((pins.asked, pins.again), (1, 1));
    assert_eq!(sign(&mut *session, b"three").unwrap().len(), 256);
    assert_eq!(sign(&mut *session, b"four").unwrap_err().code(), "token_timeout");
    assert_eq!(session.reconnect(&mut pins, &stop).unwrap_err().code(), "stopped");
    assert_eq!(token.logins(), ["user ok", "user ok"], "an empty PIN is never tried");
}

/// Plain files of the office's documents, and the command that signs them.
fn plain(office: &Office, count: u32) -> Vec<String> {
    let folder = office.destination.with_extension("plain");
    fs::create_dir(&folder).unwrap();
    let mut command: Vec<String> = ["sign", "--role", "personal", "-o"].map(str::to_owned).into();
    command.push(folder.join("out").display().to_string());
    for number in 1..=count {
        let file = folder.join(format!("letter {number:03}.pdf"));
        fs::write(&file, office.latest(&format!("D-{number:06}"))).unwrap();
        command.push(file.display().to_string());
    }
    command
}

fn signed_files(office: &Office) -> usize {
    fs::read_dir(office.destination.with_extension("plain").join("out")).unwrap().count()
}

#[test]
fn plain_files_survive_the_same_faults_of_a_token() {
    let Some((token, office)) = bench("plain", 24, &[("faults", "9 removed\n15 crash"), ("looks", "2")])
    else {
        return;
    };
    let command = plain(&office, 24);
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let run = token.run(&office, &command).expect(0);
    assert_eq!((run.events("signature").len(), signed_files(&office)), (24, 24));
    let told: Vec<String> =
        run.events("signature").iter().map(|s| s["file"].as_str().unwrap().to_owned()).collect();
    assert!(told.is_sorted(), "in the order in which they were named: {told:?}");
    assert_eq!(token.logins(), ["user ok"; 3].map(str::to_owned));
}

#[test]
fn ctrl_c_leaves_the_other_plain_files_waiting_and_calls_none_of_them_failed() {
    let Some((token, office)) = bench("plain-stop", 24, &[("delay", "20000")]) else { return };
    let command = plain(&office, 24);
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let child = token.start(&office, &command);
    until("six are signed", || token.count() >= 6);
    interrupt(&child);
    let run = finished(child.wait_with_output().unwrap()).expect(3);
    assert_eq!((run.errors(), run.events("error").len()), (vec!["stopped".to_owned()], 1));
    let (done, summary) = (signed_files(&office), run.events("summary").remove(0));
    assert!((5..20).contains(&done), "{done}");
    let counts = ["done", "waiting", "failed"].map(|name| summary[name].as_u64().unwrap());
    assert_eq!(counts, [done as u64, 24 - done as u64, 0], "{summary}");
}

#[test]
fn a_key_that_is_lost_leaves_the_other_plain_files_alone() {
    let Some((token, office)) = bench("plain-lost", 8, &[]) else { return };
    token.set("faults", &(4..60).map(|n| format!("{n} crash\n")).collect::<String>());
    let command = plain(&office, 8);
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let run = token.run(&office, &command).expect(6);
    assert_eq!(
        (run.errors(), signed_files(&office)),
        (vec!["token_crashed".to_owned(), "file_not_reached".to_owned()], 3)
    );
    assert_eq!(run.events("error").len(), 5, "{}", run.stdout);
}

#[test]
fn plain_files_are_signed_by_a_key_that_wants_its_pin_each_time() {
    let Some(token) = FaultyToken::new("plain-always", &["--always-auth"]) else { return };
    let office = token.office(&token.pin_file());
    stock::fill(&office, 4);
    let command = plain(&office, 4);
    let command: Vec<&str> = command.iter().map(String::as_str).collect();
    let run = token.run(&office, &command).expect(0);
    assert!(run.stderr.contains("wants its PIN for every signature"), "{}", run.stderr);
    assert_eq!((signed_files(&office), token.logins()[1..].len()), (4, 4));
}

#[test]
fn an_empty_pin_never_reaches_the_token_and_a_mark_of_the_encoding_is_none_of_it() {
    let Some((token, office)) = bench("empty-pin", 1, &[]) else { return };
    for nothing in ["", "\n", "\u{feff}\n"] {
        write_private(token.path("pin"), nothing);
        assert_eq!(token.run(&office, &SIGN).expect(6).errors(), ["pin_empty"], "{nothing:?}");
    }
    assert!(token.logins().is_empty());
    // Who names another file for this run means it.
    let named = token.path("named");
    write_private(&named, &format!("\u{feff}{}\r\n", super::token::PIN));
    let named = ["--pin-file", named.to_str().unwrap()];
    token.run(&office, &[&SIGN[..], &named].concat()).expect(0);
    assert_eq!(token.logins(), ["user ok"]);
}
