//! The store under two processes, stale leases and a forger. With `SCANSEAL_TEST_POSTGRES` set to a URL the same tests run
//! on PostgreSQL as well.

use std::path::Path;

use jiff::Timestamp;

use super::*;
use crate::document::{Document, DocumentId, Fields, Finding, Route, Severity, Sha256};
use crate::outage::Outage;
use crate::scan::{Colour, Dpi, DpiOrigin, ScanPage};
use crate::upload::{Config, Proof, Receipt};

async fn open(root: &Path) -> Store {
    let setting = Setting {
        root: root.to_owned(),
        station: "counter".to_owned(),
        actor: "tester".to_owned(),
        form: Form::ReSign,
    };
    let url = std::env::var("SCANSEAL_TEST_POSTGRES")
        .unwrap_or_else(|_| format!("sqlite:{}", root.join("store.sqlite").display()));
    Store::open(Place::new(url, None), Blobs::open(&root.join("blobs")).unwrap(), setting).await.unwrap()
}

fn document(seed: &str) -> Document {
    let page = ScanPage {
        source_sha256: Sha256::of(seed.as_bytes()),
        source_name: "scan.jpg".to_owned(),
        index: 0,
        width: 10,
        height: 10,
        colour: Colour::Grey,
        dpi: Dpi { x: 300.0, y: 300.0, origin: DpiOrigin::File },
        findings: Vec::new(),
        look: Box::default(),
        mark: None,
        turned: 0,
    };
    Document {
        outage: "O-1".to_owned(),
        route: Route::Recovery,
        fields: Fields { subject: Some("Về việc thử".to_owned()), ..Fields::default() },
        pages: vec![page],
        captured_at: Timestamp::now(),
        attestation: None,
        findings: Vec::new(),
        drill: false,
        separators: Vec::new(),
        dropped: Vec::new(),
        manifest: None,
        born: None,
    }
}

async fn insert(store: &Store, seed: &str) -> DocumentId {
    match store.insert(&document(seed), 5).await.unwrap() {
        Inserted::New(id) | Inserted::Existing(id) => id,
    }
}

async fn advance(store: &Store, id: DocumentId, from: State, to: State) -> Result<()> {
    let step = store.lease(id, from).await?.expect("free");
    let sha256 = store.blobs().put(to.as_str().as_bytes()).await?;
    store
        .advance(&step, to, &NewRevision { sha256: &sha256, bytes: 5, reason: "test", signatures: &[] })
        .await
}

fn folder() -> Config {
    toml::from_str("name = \"dms\"\nkind = \"folder\"\npath = \"x\"").unwrap()
}

fn unique() -> String {
    uuid::Uuid::now_v7().to_string()
}

#[tokio::test]
async fn the_same_scans_are_one_document() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let seed = unique();
    let first = insert(&store, &seed).await;
    assert_eq!(store.insert(&document(&seed), 5).await.unwrap(), Inserted::Existing(first));
}

#[tokio::test]
async fn a_step_is_leased_once_and_an_old_lease_cannot_write() {
    let root = tempfile::tempdir().unwrap();
    let (one, two) = (open(root.path()).await, open(root.path()).await);
    let id = insert(&one, &unique()).await;
    let old = one.lease(id, State::Captured).await.unwrap().unwrap();
    assert!(two.lease(id, State::Captured).await.unwrap().is_none());
    one.release(&old).await.unwrap();
    let _new = two.lease(id, State::Captured).await.unwrap().unwrap();
    let sha256 = Sha256::of(b"x");
    let revision = NewRevision { sha256: &sha256, bytes: 1, reason: "test", signatures: &[] };
    let refused = one.advance(&old, State::Built, &revision).await.unwrap_err();
    assert_eq!(refused.code(), "lease_lost");
}

#[tokio::test]
async fn several_documents_move_on_together_and_one_lost_lease_holds_none_back() {
    let root = tempfile::tempdir().unwrap();
    let (one, two) = (open(root.path()).await, open(root.path()).await);
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(insert(&one, &unique()).await);
    }
    let before = one.check_journal().await.unwrap().entries;
    let other = two.lease(ids[4], State::Captured).await.unwrap().unwrap();
    let wanted: Vec<_> = ids.iter().map(|id| (*id, State::Captured)).collect();
    let steps = one.lease_all(&wanted).await.unwrap();
    let taken: Vec<bool> = steps.iter().map(Option::is_some).collect();
    assert_eq!(taken, [true, true, true, true, false]);
    let steps: Vec<Step> = steps.into_iter().flatten().collect();
    one.release(&steps[1]).await.unwrap();
    let sha256 = Sha256::of(b"x");
    let signatures: Vec<SignatureRow> = (0..40).map(|n| SignatureRow(serde_json::json!({"n": n}))).collect();
    let revision = NewRevision { sha256: &sha256, bytes: 1, reason: "test", signatures: &signatures };
    let advances: Vec<Advance> =
        steps.iter().map(|step| Advance { step, to: State::Built, revision: revision.clone() }).collect();
    let results = one.advance_all(&advances).await.unwrap();
    let codes: Vec<_> = results.iter().map(|r| r.as_ref().err().map(Error::code)).collect();
    assert_eq!(codes, [None, Some("lease_lost"), None, None]);
    let mut records = Vec::new();
    for id in &ids {
        records.push(one.record(*id).await.unwrap());
    }
    let mut written = one.document(ids[2]).await.unwrap();
    written.state = State::Built;
    let after = one.records_after(vec![(written, signatures.clone())]).await.unwrap();
    assert_eq!(serde_json::to_value(&after[0]).unwrap(), serde_json::to_value(&records[2]).unwrap());
    let states: Vec<_> = records.iter().map(|r| (r.state, r.revisions.len(), r.signatures.len())).collect();
    let (built, captured) = ((State::Built, 1, 40), (State::Captured, 0, 0));
    assert_eq!(states, [built, captured, built, built, captured]);
    assert!(records[2].signatures.iter().zip(0..).all(|(row, n)| row.0["n"] == n));
    assert_eq!(one.check_journal().await.unwrap().entries, before + 3);
    two.release_all(&[other]).await.unwrap();
    assert!(one.lease(ids[4], State::Captured).await.unwrap().is_some());
}

#[tokio::test]
async fn states_cannot_be_skipped() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let id = insert(&store, &unique()).await;
    assert!(advance(&store, id, State::Captured, State::Sealed).await.is_err());
}

#[tokio::test]
async fn a_document_is_delivered_once_with_its_receipt() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let id = insert(&store, &unique()).await;
    advance(&store, id, State::Captured, State::Built).await.unwrap();
    advance(&store, id, State::Built, State::Sealed).await.unwrap();
    let config = Config { name: unique(), ..folder() };
    for _ in 0..2 {
        store.put(&store.document(id).await.unwrap(), &[(&config, "a.pdf".to_owned())]).await.unwrap();
    }
    assert_eq!(store.open_jobs(&config.name).await.unwrap(), 1);
    let job = store.claim(&config.name).await.unwrap().unwrap();
    assert!(store.claim(&config.name).await.unwrap().is_none());
    let receipt = Receipt {
        destination: config.name.clone(),
        proof: Proof::Proven,
        remote_id: "a.pdf".to_owned(),
        url: "x".to_owned(),
        sha256: job.parcel.sha256.clone(),
        at: Timestamp::now(),
    };
    let arrived = [(job.clone(), receipt)];
    assert!(store.complete_all(&arrived).await.unwrap().is_empty());
    assert_eq!(store.complete_all(&arrived).await.unwrap(), [job.document], "the lease is gone");
    let record = store.record(id).await.unwrap();
    assert_eq!((record.state, record.receipts.len()), (State::Delivered, 1));
}

#[tokio::test]
async fn a_queue_follows_the_destinations_that_are_named_now() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let id = insert(&store, &unique()).await;
    advance(&store, id, State::Captured, State::Built).await.unwrap();
    advance(&store, id, State::Built, State::Sealed).await.unwrap();
    let [old, new] = [unique(), unique()].map(|name| Config { name, ..folder() });
    let named = std::slice::from_ref(&new);
    store.put(&store.document(id).await.unwrap(), &[(&old, "a.pdf".to_owned())]).await.unwrap();
    assert!(store.without_delivery(&new.name).await.unwrap().contains(&id));
    let queued = store.document(id).await.unwrap();
    store.put_further(&queued, &[(&new, "a.pdf".to_owned())]).await.unwrap();
    store.align(named).await.unwrap();
    assert_eq!(store.still_to_go(&new.name).await.unwrap(), [id]);
    let unnamed = store.unnamed(named).await.unwrap();
    let ours = unnamed.iter().find(|unnamed| unnamed.name == old.name).unwrap();
    assert_eq!((ours.documents, ours.open), (1, 1));

    let job = store.claim(&new.name).await.unwrap().unwrap();
    let receipt = Receipt {
        destination: new.name.clone(),
        proof: Proof::Proven,
        remote_id: "a.pdf".to_owned(),
        url: "x".to_owned(),
        sha256: job.parcel.sha256.clone(),
        at: Timestamp::now(),
    };
    assert!(store.complete_all(&[(job, receipt)]).await.unwrap().is_empty());
    // On a server another station may name the old one.
    let (state, left) = if store.is_shared() { (State::Queued, 1) } else { (State::Delivered, 0) };
    assert_eq!(store.document(id).await.unwrap().state, state);
    let unnamed = store.unnamed(named).await.unwrap();
    assert_eq!(unnamed.iter().find(|unnamed| unnamed.name == old.name).unwrap().open, left);
    store.check_journal().await.unwrap();
}

#[tokio::test]
async fn leases_of_a_dead_process_are_free_at_once() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let id = insert(&store, &unique()).await;
    store.lease(id, State::Captured).await.unwrap().unwrap();
    let again = open(root.path()).await;
    assert!(again.lease(id, State::Captured).await.unwrap().is_none(), "control: the lease is still there");
    // Killed, or ended by an error while the lease could not be given back.
    drop(store);
    let third = open(root.path()).await;
    assert!(third.lease(id, State::Captured).await.unwrap().is_some());
}

#[tokio::test]
async fn a_held_document_waits_until_it_is_accepted() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let mut held = document(&unique());
    held.findings.push(Finding::new("page_count_differs", None, Severity::Hold));
    let Inserted::New(id) = store.insert(&held, 5).await.unwrap() else { panic!("known") };
    let mut stored = store.document(id).await.unwrap();
    assert_eq!(stored.state, State::Held);
    stored.document.findings[0].accepted_by = Some("tester".to_owned());
    store.update(&stored, "edited", serde_json::json!({})).await.unwrap();
    assert_eq!(store.document(id).await.unwrap().state, State::Captured);
}

#[tokio::test]
async fn the_index_of_words_changes_with_the_words_only() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    if store.engine == Engine::Postgres {
        return;
    }
    let id = insert(&store, &unique()).await;
    let size = async || {
        let sql = "SELECT SUM(LENGTH(block)) FROM lookup_words_data";
        let (bytes,): (i64,) = sqlx::query_as(sql).fetch_one(&store.pool).await.unwrap();
        bytes
    };
    let found = async |words: &str| {
        let query = crate::register::query::Query::parse(words);
        store.look_up(&Search { query, ..Search::default() }).await.unwrap().total
    };
    let before = size().await;
    let mut stored = store.document(id).await.unwrap();
    stored.document.findings.push(Finding::new("skewed", None, Severity::Info));
    store.update(&stored, "edited", serde_json::json!({})).await.unwrap();
    assert_eq!(size().await, before, "not a byte for what stays as it is");
    stored.document.fields.subject = Some("Chống hạn".to_owned());
    store.update(&stored, "edited", serde_json::json!({})).await.unwrap();
    assert!(size().await > before);
    assert_eq!((found("\"việc thử\"").await, found("chống hạn").await), (0, 1));
    store.check_integrity().await.unwrap();
}

#[tokio::test]
async fn outages_are_known_by_name() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let reference = unique();
    let outage = Outage { reference: reference.clone(), ..Outage::default() };
    store.open_outage(&outage).await.unwrap();
    assert_eq!(store.open_outage(&outage).await.unwrap_err().code(), "outage_exists");
    let unknown = store.outage("nonsense").await.unwrap_err();
    assert_eq!(unknown.code(), "outage_unknown");
    assert!(unknown.to_string().contains(&reference));
}

#[tokio::test]
async fn a_forged_journal_is_noticed() {
    for forgery in [
        "UPDATE journal SET detail = '{}' WHERE seq = 2",
        "UPDATE journal SET at = at + 1 WHERE seq = 1",
        "DELETE FROM journal WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 3",
        "UPDATE journal_root SET root = previous FROM (SELECT hash AS previous FROM journal WHERE seq = 1) AS h",
    ] {
        let root = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", root.path().join("store.sqlite").display());
        let setting = Setting {
            root: root.path().to_owned(),
            station: "c".into(),
            actor: "t".into(),
            form: Form::ReSign,
        };
        let store =
            Store::open(Place::new(url, None), Blobs::open(&root.path().join("blobs")).unwrap(), setting)
                .await
                .unwrap();
        for n in 0..3 {
            store.note("noted", None, serde_json::json!({"b": n, "a": "đ"})).await.unwrap();
        }
        store.close_root().await.unwrap();
        let good = store.check_journal().await.unwrap();
        assert_eq!((good.entries, good.roots), (4, 1));
        sqlx::query(forgery).execute(&store.pool).await.unwrap();
        let error = store.check_journal().await.unwrap_err();
        assert_eq!(error.code(), "journal_broken", "{forgery}");
        // The code of what was found is for programs; a clerk reads its sentence.
        assert!(error.arg("at").unwrap().starts_with("journal_"), "{error}");
        assert!(!error.message(crate::locales::Lang::Vi).contains('_'), "{error}");
    }
}

#[tokio::test]
async fn changed_blobs_are_noticed() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let sha256 = store.blobs().put(b"paper").await.unwrap();
    assert_eq!(store.blobs().put(b"paper").await.unwrap(), sha256);
    std::fs::write(store.blobs().path(&sha256), b"other").unwrap();
    assert_eq!(store.blobs().get(&sha256).await.unwrap_err().code(), "blob_damaged");
    std::fs::remove_file(store.blobs().path(&sha256)).unwrap();
    assert_eq!(store.blobs().get(&sha256).await.unwrap_err().code(), "blob_missing");
}

/// A sealed document that is queued for the destination.
async fn queued(store: &Store, config: &Config, urgency: Option<&str>) -> DocumentId {
    let mut document = document(&unique());
    document.fields.urgency = urgency.map(str::to_owned);
    let (Inserted::New(id) | Inserted::Existing(id)) = store.insert(&document, 5).await.unwrap();
    advance(store, id, State::Captured, State::Built).await.unwrap();
    advance(store, id, State::Built, State::Sealed).await.unwrap();
    let stored = store.document(id).await.unwrap();
    assert!(store.put(&stored, &[(config, format!("{id}.pdf"))]).await.unwrap());
    id
}

/// The time of a claim runs out.
async fn expire(store: &Store, job: &Job) {
    let expired = sqlx::query("UPDATE job SET lease_until = 0 WHERE id = $1").bind(&job.id);
    expired.execute(&store.pool).await.unwrap();
}

#[tokio::test]
async fn what_a_dead_process_had_claimed_keeps_its_place() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let config = Config { name: unique(), ..folder() };
    let mut wanted = Vec::new();
    for urgency in [Some("Khẩn"), Some("Thường"), None, Some("Hỏa tốc")] {
        wanted.push(queued(&store, &config, urgency).await);
    }
    wanted.rotate_right(1);
    let claimed = store.claim_all(&config.name, 2).await.unwrap();
    for job in &claimed {
        expire(&store, job).await;
    }
    let next = store.claim_all(&config.name, 10).await.unwrap();
    let order: Vec<DocumentId> = next.iter().map(|job| job.document).collect();
    assert_eq!(order, wanted, "hỏa tốc, khẩn, then what is ordinary");
}

#[tokio::test]
async fn a_claim_holds_while_it_is_renewed_and_is_known_to_be_lost() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    let config = Config { name: unique(), ..folder() };
    queued(&store, &config, None).await;
    let mut job = store.claim(&config.name).await.unwrap().unwrap();
    expire(&store, &job).await;
    assert!(store.renew(&[&job]).await.unwrap().contains(&job.id));
    assert!(store.claim(&config.name).await.unwrap().is_none(), "it is held again");
    expire(&store, &job).await;
    assert!(store.claim(&config.name).await.unwrap().is_some());
    store.keep_claim(&job).await.expect("a young claim is not asked for");
    job.until = 0;
    assert_eq!(store.keep_claim(&job).await.unwrap_err().code(), "lease_lost");
    assert!(store.renew(&[&job]).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_rate_holds_for_all_processes_together() {
    let root = tempfile::tempdir().unwrap();
    let (one, two) = (open(root.path()).await, open(root.path()).await);
    let (name, each) = (unique(), std::time::Duration::from_secs(60));
    assert_eq!(one.take_slot(&name, each).await.unwrap(), (true, each));
    let (taken, wait) = two.take_slot(&name, each).await.unwrap();
    assert!(!taken && wait <= each && wait > each / 2, "{wait:?}");
    assert!(two.take_slot(&unique(), each).await.unwrap().0, "another destination");
}

#[tokio::test]
async fn nothing_is_written_into_records_of_another_version() {
    let root = tempfile::tempdir().unwrap();
    let store = open(root.path()).await;
    if store.is_shared() {
        return;
    }
    let id = insert(&store, &unique()).await;
    for (version, code) in [("moved:postgres://db/office", "store_moved"), ("99", "store_version")] {
        let set = sqlx::query("UPDATE meta SET value = $1 WHERE name = 'version'").bind(version);
        set.execute(&store.pool).await.unwrap();
        let refused = advance(&store, id, State::Captured, State::Built).await.unwrap_err();
        assert_eq!(refused.code(), code);
        assert_eq!(store.claim("dms").await.unwrap_err().code(), code);
    }
}
