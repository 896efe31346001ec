//! `tests/run delivery`: two hundred stations wait for one document system of limited capacity, which comes back.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scanseal::event::{Event, Front};
use scanseal::locales::Lang;
use scanseal::profile::Form;
use scanseal::progress::Progress;
use scanseal::store::{Blobs, Place, Setting, Store};
use scanseal::upload::{self, Config};
use serde_json::Value;
use sqlx::{AnyConnection, Connection};

use crate::queue::{Records, blobs};
use crate::webdav::{Helper, Station, written};

const STATIONS: usize = 200;
/// Documents that wait at each.
const DOCUMENTS: usize = 5;
/// Requests that the system answers in a second.
const CAPACITY: u32 = 60;
/// How long it is away.
const AWAY: Duration = Duration::from_secs(45);

/// A front that nobody looks at.
struct Nobody;

impl Progress for Nobody {
    fn begin(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

impl Front for Nobody {
    fn tell(&self, _: &Event) {}
    fn lang(&self) -> Lang {
        Lang::En
    }
}

/// One station: its own store, copied from the first one's, and documents of its own name.
async fn station(template: &Path, folder: &Path, number: usize) -> (PathBuf, Store) {
    let root = folder.join(format!("s{number}"));
    fs::create_dir(&root).unwrap();
    let file = root.join("store.sqlite");
    fs::copy(template.join("store.sqlite"), &file).unwrap();
    let place = Place::new(format!("sqlite:{}", file.display()), None);
    let mut connection = AnyConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let (digests, _) = blobs(&root, DOCUMENTS, u8::try_from(number).unwrap());
    for (document, sha256) in (2..).zip(&digests) {
        let own = format!(
            "UPDATE job SET name = '{number}-' || name, sha256 = '{sha256}' WHERE document = {document}"
        );
        sqlx::query(sqlx::AssertSqlSafe(own)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let setting = Setting {
        root: root.clone(),
        station: format!("station-{number}"),
        actor: "test".to_owned(),
        form: Form::ReSign,
    };
    let kept = Blobs::open(&root.join("blobs")).unwrap();
    (root, Store::open(place, kept, setting).await.unwrap())
}

#[test]
#[ignore = "minutes; run by tests/run delivery"]
fn many_stations_do_not_overrun_the_system_that_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let crowd = folder.path().join("crowd");
    fs::create_dir(&crowd).unwrap();
    fs::write(crowd.join("down"), "").unwrap();
    let helper = Helper::start("crowd.py", &[crowd.to_str().unwrap(), &CAPACITY.to_string()]);
    let url = format!("http://127.0.0.1:{}/", written(&crowd.join("port")));
    let first = Station::new(&format!("url = \"{url}\""));
    let template = first.path().join("scanseal-drill");
    let config =
        format!("name = \"dav\"\nkind = \"webdav\"\ndrill = true\nurl = \"{url}\"\ntimeout_seconds = 20\n");
    let config: Config = toml::from_str(&config).unwrap();
    let (digests, _) = blobs(&template, DOCUMENTS, 3);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (delivered, back) = runtime.block_on(async {
        let records = Records::of(&template, None);
        records.fill(&digests).await;
        // All of it in the one file that is copied.
        let mut connection = records.connect().await;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let mut stations = Vec::new();
        for number in 0..STATIONS {
            stations.push(station(&template, folder.path(), number).await);
        }
        let returns = async {
            tokio::time::sleep(AWAY).await;
            fs::remove_file(crowd.join("down")).unwrap();
            Instant::now()
        };
        let configs = [&config];
        let each = stations.iter().map(|(root, store)| upload::run(store, &configs, root, true, &Nobody));
        let (ended, back) = futures_util::future::join(futures_util::future::join_all(each), returns).await;
        (ended.into_iter().map(|tally| tally.unwrap().done).sum::<usize>(), back)
    });
    let took = back.elapsed();
    drop(helper);
    let told: Value = serde_json::from_str(&fs::read_to_string(crowd.join("seconds.json")).unwrap()).unwrap();
    let count = |what: &str| -> Vec<u64> {
        told[what].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).collect()
    };
    let (peak, refused) = (count("asked").into_iter().max().unwrap(), count("refused").iter().sum::<u64>());
    println!(
        "| {STATIONS} stations, {DOCUMENTS} documents each, away for {} s | capacity {CAPACITY} requests a second | peak {peak} | \
         refused {refused} of {} | all there {:.0} s after it was back |",
        AWAY.as_secs(),
        count("asked").iter().sum::<u64>(),
        took.as_secs_f64()
    );
    assert_eq!(
        (delivered, &told["files"], &told["temporary"]),
        (STATIONS * DOCUMENTS, &(STATIONS * DOCUMENTS).into(), &0.into())
    );
    assert!(peak <= u64::from(2 * CAPACITY), "{told}");
}
