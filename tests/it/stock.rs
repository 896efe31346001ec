//! A backlog: many documents that are built, out of one that was really scanned and built. Each has bytes of its own.

use scanseal::document::{Document, Sha256};
use scanseal::profile::Form;
use scanseal::store::{Blobs, Inserted, NewRevision, Place, Setting, State, Store};

use crate::support::Office;

/// Fills the office up to `count` built documents, `D-000001` to the last, all of outage `SC-1`.
pub fn fill(office: &Office, count: u32) {
    office.built("scan_0002.jpg");
    let bytes = office.latest("D-000001");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let setting = Setting {
            root: office.root.clone(),
            station: "station-1".to_owned(),
            actor: "test".to_owned(),
            form: Form::ReSign,
        };
        let url = format!("sqlite:{}", office.root.join("store.sqlite").display());
        let blobs = Blobs::open(&office.root.join("blobs")).unwrap();
        let store = Store::open(Place::new(url, None), blobs, setting).await.unwrap();
        let first = store.document("D-000001".parse().unwrap()).await.unwrap();
        for number in 1..count {
            add(&store, variant(&bytes, number), &first.document, number).await;
        }
    });
}

async fn add(store: &Store, bytes: Vec<u8>, like: &Document, number: u32) {
    let mut document = like.clone();
    for page in &mut document.pages {
        page.source_sha256 = Sha256::of(&number.to_be_bytes());
    }
    let Inserted::New(id) = store.insert(&document, 1).await.unwrap() else { panic!("a new one") };
    let step = store.lease(id, State::Captured).await.unwrap().unwrap();
    let sha256 = store.blobs().keep(&bytes).unwrap();
    let revision = NewRevision { sha256: &sha256, bytes: bytes.len(), reason: "build", signatures: &[] };
    store.advance(&step, State::Built, &revision).await.unwrap();
}

/// The same file with another second half of its /ID (ISO 32000-1 14.4), which is what two files of one look differ in.
fn variant(bytes: &[u8], number: u32) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let trailer = bytes.windows(3).rposition(|w| w == b"/ID").unwrap();
    let end = trailer + bytes[trailer..].iter().position(|b| *b == b']').unwrap();
    let digits = format!("{number:08X}");
    let at = bytes[..end].iter().rposition(|b| *b == b'>').unwrap() - digits.len();
    bytes[at..at + digits.len()].copy_from_slice(digits.as_bytes());
    bytes
}
