//! Several machines over one PostgreSQL and one bucket: a real server, stopped as by a power cut, and processes that are killed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, Executor};

use crate::webdav::{Helper, written};

/// The server of a test run.
pub struct Postgres {
    _helper: Helper,
    folder: PathBuf,
    port: String,
}

/// None where none is installed. A static is never dropped; the server ends with the input of its helper.
static SERVER: LazyLock<Option<Postgres>> = LazyLock::new(|| {
    std::env::var_os("SCANSEAL_TEST_PYTHON")?;
    let folder = std::env::temp_dir().join(format!("scanseal-postgres-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let helper = Helper::start("postgres.py", &[folder.to_str().unwrap()]);
    let port = written(&folder.join("port"));
    Some(Postgres { _helper: helper, folder, port })
});

impl Postgres {
    pub fn get() -> Option<&'static Self> {
        SERVER.as_ref()
    }

    /// Address of a new database, without the password.
    pub fn database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("office{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let server = format!("postgres://seal:s@127.0.0.1:{}/postgres", self.port);
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut connection = sqlx::PgConnection::connect(&server).await.unwrap();
            let sql = format!("CREATE DATABASE {name}");
            connection.execute(sqlx::AssertSqlSafe(sql)).await.unwrap();
        });
        format!("postgres://seal@127.0.0.1:{}/{name}", self.port)
    }

    /// As a power cut, and up again.
    pub fn crash(&self) {
        let python = std::env::var_os("SCANSEAL_TEST_PYTHON").unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/servers/postgres.py");
        assert!(Command::new(python).arg(script).arg(&self.folder).arg("crash").status().unwrap().success());
    }

    /// A file with the password, as a station has it.
    pub fn password(&self, folder: &Path) -> PathBuf {
        let file = folder.join("pg.txt");
        fs::write(&file, "s\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        file
    }

    /// The first lines of a station file that keeps its records here.
    pub fn lines(&self, database: &str, folder: &Path) -> String {
        let password = self.password(folder);
        format!("store = \"{database}\"\nstore_password_file = \"{}\"\n", password.display())
    }
}

/// With `SCANSEAL_TEST_STORE=postgres` every office of the tests keeps its records on the server, each in a database of its own.
pub fn store_lines(folder: &Path) -> String {
    if std::env::var("SCANSEAL_TEST_STORE").as_deref() != Ok("postgres") {
        return String::new();
    }
    let server = Postgres::get().expect("SCANSEAL_TEST_STORE=postgres needs the server");
    server.lines(&server.database(), folder)
}
