//! Destination `sftp`: a folder of an SSH server (SSH File Transfer Protocol, version 3). Strongest proof: `proven`, read back byte
//! for byte.
//!
//! The file is written under a name of its own and renamed; the rename of version 3 refuses an existing name. The server is
//! believed by the keys in `known_hosts` alone; nobody is asked and nothing is learned.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::client::{self as ssh, Handle};
use russh::keys::{PrivateKeyWithHashAlg, PublicKeyOrCertificate, known_hosts, load_secret_key};
use russh_sftp::client::SftpSession;
use russh_sftp::client::error::Error as SftpError;
use russh_sftp::protocol::{OpenFlags, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use zeroize::Zeroizing;

use crate::document::Sha256;
use crate::error::{Error, Result, kinds};
use crate::platform;

use super::parcel::Parcel;
use super::{Config, Destination, Probe, Put, client, why};

/// Longest time for one call where the station names none.
const TIMEOUT: Duration = Duration::from_secs(120);
const PORT: u16 = 22;
/// Room beyond the size of a file that a disk needs for it, bytes.
const ROOM: u64 = 1 << 16;
/// Content of a probe.
const PROBE: &[u8] = b"scanseal: probe of this destination. It may be deleted.\n";

/// A folder there.
pub(super) struct Sftp {
    name: String,
    host: String,
    port: u16,
    user: String,
    login: Login,
    known_hosts: PathBuf,
    folder: String,
    timeout: Duration,
    /// Sessions that nobody uses just now.
    idle: Mutex<Vec<Session>>,
}

enum Login {
    Password(Zeroizing<String>),
    Key(Arc<russh::keys::PrivateKey>),
}

/// A session and the connection that carries it.
struct Session {
    sftp: SftpSession,
    _connection: Handle<Server>,
}

/// Decides whether the server is the one that is meant.
struct Server {
    host: String,
    port: u16,
    known_hosts: PathBuf,
    /// It is known by another key.
    changed: Arc<AtomicBool>,
}

impl ssh::Handler for Server {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        key: &PublicKeyOrCertificate,
    ) -> std::result::Result<bool, Self::Error> {
        let PublicKeyOrCertificate::PublicKey { key, .. } = key else { return Ok(false) };
        let known = known_hosts::check_known_hosts_path(&self.host, self.port, key, &self.known_hosts);
        let changed = matches!(known, Err(russh::keys::Error::KeyChanged { .. }));
        self.changed.store(changed, Ordering::Relaxed);
        Ok(known.unwrap_or(false))
    }
}

impl Sftp {
    /// The destination of a checked configuration; files lie under `folder`.
    ///
    /// # Errors
    /// [`kinds::PASSWORD_FILE_OPEN`], [`kinds::KEY_FILE_UNREADABLE`] for a key that cannot be read.
    pub fn new(config: &Config, folder: &Path) -> Result<Self> {
        let url = config.url.clone().unwrap_or_default();
        let authority = url.strip_prefix("sftp://").unwrap_or(&url).trim_end_matches('/');
        let (host, port) = client::host_and_port(authority).unwrap_or((authority, None));
        let login = match (&config.key_file, &config.password_file) {
            (Some(file), _) => {
                let path = folder.join(file);
                if platform::others_can_read(&path)? {
                    return Err(kinds::PASSWORD_FILE_OPEN.with("path", path.display()));
                }
                let unreadable = |e| kinds::KEY_FILE_UNREADABLE.with("path", path.display()).with("cause", e);
                Login::Key(Arc::new(load_secret_key(&path, None).map_err(unreadable)?))
            }
            (None, file) => Login::Password(client::secret(&folder.join(file.clone().unwrap_or_default()))?),
        };
        let there = config.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        Ok(Self {
            name: config.name.clone(),
            host: host.trim_matches(['[', ']']).to_owned(),
            port: port.unwrap_or(PORT),
            user: config.user.clone().unwrap_or_default(),
            login,
            known_hosts: folder.join(config.known_hosts.clone().unwrap_or_default()),
            folder: if there.is_empty() { ".".to_owned() } else { there.trim_end_matches('/').to_owned() },
            timeout: config.timeout_seconds.map_or(TIMEOUT, Duration::from_secs),
            idle: Mutex::default(),
        })
    }

    fn path(&self, name: &str) -> String {
        // A name is one name there, whatever it holds.
        format!("{}/{}", self.folder, name.replace('/', "_"))
    }

    /// Does something in a session, within bounded time; a session that failed is not used again.
    fn with<R>(&self, work: impl AsyncFnOnce(&SftpSession) -> Result<R>) -> Result<R> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|e| kinds::INTERNAL.with("cause", e))?;
        let all = async {
            let kept = lock(&self.idle).pop();
            let session = match kept {
                Some(session) => session,
                None => self.open().await?,
            };
            let result = work(&session.sftp).await;
            if result.as_ref().err().is_none_or(|error| error.code() != kinds::DESTINATION_AWAY.code) {
                lock(&self.idle).push(session);
            }
            result
        };
        let bounded = async { tokio::time::timeout(self.timeout, all).await };
        runtime.block_on(bounded).unwrap_or_else(|_| Err(self.away("no answer in time")))
    }

    async fn open(&self) -> Result<Session> {
        let (host, port) = (self.host.clone(), self.port);
        let changed = Arc::new(AtomicBool::new(false));
        let server =
            Server { host, port, known_hosts: self.known_hosts.clone(), changed: Arc::clone(&changed) };
        let config =
            Arc::new(ssh::Config { inactivity_timeout: Some(self.timeout), ..ssh::Config::default() });
        let mut connection =
            ssh::connect(config, (self.host.as_str(), self.port), server).await.map_err(|e| match e {
                russh::Error::UnknownKey => kinds::DESTINATION_HOST_KEY
                    .with("destination", &self.name)
                    .with("host", &self.host)
                    .with("path", self.known_hosts.display())
                    .with("why", if changed.load(Ordering::Relaxed) { "changed" } else { "unknown" }),
                other => self.away(other),
            })?;
        let welcome = match &self.login {
            Login::Password(password) => {
                connection.authenticate_password(&self.user, password.as_str()).await
            }
            Login::Key(key) => {
                let hash = connection.best_supported_rsa_hash().await.ok().flatten().flatten();
                let key = PrivateKeyWithHashAlg::new(Arc::clone(key), hash);
                connection.authenticate_publickey(&self.user, key).await
            }
        };
        if !welcome.map_err(|e| self.away(e))?.success() {
            return Err(kinds::DESTINATION_LOGIN.with("destination", &self.name).with("status", "SSH"));
        }
        let channel = connection.channel_open_session().await.map_err(|e| self.away(e))?;
        channel.request_subsystem(true, "sftp").await.map_err(|e| self.away(e))?;
        let sftp = SftpSession::new(channel.into_stream()).await.map_err(|e| self.away(e))?;
        sftp.set_timeout(self.timeout.as_secs());
        Ok(Session { sftp, _connection: connection })
    }

    /// Digest of a file there; none when there is none. What is no file is not opened: the server might wait for a pipe.
    async fn read_back(&self, sftp: &SftpSession, path: &str) -> Result<Option<Sha256>> {
        match sftp.symlink_metadata(path).await {
            Err(error) if is(&error, StatusCode::NoSuchFile) => return Ok(None),
            Err(error) => return Err(self.refusal(&error)),
            // Servers need not tell what it is.
            Ok(meta) if meta.permissions.is_some() && !meta.file_type().is_file() => {
                return Err(super::conflict(&self.name, path.rsplit('/').next().unwrap_or(path)));
            }
            Ok(_) => {}
        }
        let mut file = match sftp.open(path).await {
            Ok(file) => file,
            Err(error) if is(&error, StatusCode::NoSuchFile) => return Ok(None),
            Err(error) => return Err(self.refusal(&error)),
        };
        let (mut digest, mut buffer, mut total) = (client::Digesting::default(), vec![0; 1 << 16], 0u64);
        loop {
            let count = file.read(&mut buffer).await.map_err(|e| self.away(e))?;
            total += count as u64;
            if count == 0 || total > client::MAX_FILE {
                let _ = file.shutdown().await;
                return Ok(Some(digest.end()));
            }
            digest.add(buffer.get(..count).unwrap_or_default());
        }
    }

    async fn write(&self, sftp: &SftpSession, path: &str, bytes: &[u8]) -> Result<()> {
        let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE | OpenFlags::WRITE;
        let mut file = sftp.open_with_flags(path, flags).await.map_err(|e| self.refusal(&e))?;
        file.write_all(bytes).await.map_err(|e| self.away(e))?;
        // Where the server knows how (fsync@openssh.com), the bytes are on its disk before the name is.
        let _ = file.sync_all().await;
        file.shutdown().await.map_err(|e| self.away(e))
    }

    /// Version 3 has no word for a full disk, and servers say no more than that it failed. Where they tell how much room there is,
    /// they are asked; half a file does not stay.
    async fn out_of_room(&self, sftp: &SftpSession, error: Error, part: &str, size: usize) -> Error {
        if error.code() != kinds::DESTINATION_AWAY.code || error.arg("why") != Some("other") {
            return error;
        }
        let _ = sftp.remove_file(part).await;
        let room = sftp.fs_info(&self.folder).await.ok().flatten();
        let room = room.map(|room| room.fragment_size.saturating_mul(room.blocks_avail));
        match room.is_some_and(|room| room < (size as u64).saturating_add(ROOM)) {
            true => kinds::DESTINATION_FULL.with("destination", &self.name).because(error),
            false => error,
        }
    }

    fn refusal(&self, error: &SftpError) -> Error {
        let kind = match error {
            SftpError::Status(status) => match status.status_code {
                StatusCode::PermissionDenied => &kinds::DESTINATION_DENIED,
                StatusCode::NoSuchFile => &kinds::DESTINATION_FOLDER_MISSING,
                // Version 3 has no word for a full disk; the sentence may say it.
                StatusCode::Failure if status.error_message.to_lowercase().contains("space") => {
                    &kinds::DESTINATION_FULL
                }
                _ => &kinds::DESTINATION_AWAY,
            },
            _ => &kinds::DESTINATION_AWAY,
        };
        if kind.code == kinds::DESTINATION_AWAY.code {
            return self.away(error);
        }
        kind.with("destination", &self.name).with("cause", error).with("url", &self.folder)
    }

    fn away(&self, cause: impl std::fmt::Display) -> Error {
        why::away(&self.name, cause)
    }

    fn url(&self, path: &str) -> String {
        format!("sftp://{}:{}/{}", self.host, self.port, path.trim_start_matches("./"))
    }
}

impl Destination for Sftp {
    fn reach(&self) -> Result<()> {
        self.with(async |sftp| {
            let found = sftp.metadata(&self.folder).await.map_err(|e| self.refusal(&e))?;
            match found.is_dir() {
                true => Ok(()),
                false => Err(kinds::DESTINATION_FOLDER_MISSING
                    .with("destination", &self.name)
                    .with("url", self.url(&self.folder))),
            }
        })
    }

    fn probe(&self, parcel: &Parcel, _ticket: Option<&str>) -> Result<Probe> {
        let path = self.path(&parcel.name);
        let Some(found) = self.with(async |sftp| self.read_back(sftp, &path).await)? else {
            return Ok(Probe::Absent);
        };
        super::compared(&self.name, parcel, found, self.url(&path))
    }

    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        let (part, path) = (self.path(&client::temporary(&parcel.sha256)), self.path(&parcel.name));
        self.with(async |sftp| {
            if let Err(error) = self.write(sftp, &part, bytes).await {
                return Err(self.out_of_room(sftp, error, &part, bytes.len()).await);
            }
            match sftp.rename(&part, &path).await {
                Ok(()) => Ok(Put::Stored),
                Err(error) if sftp.try_exists(&path).await.unwrap_or(false) => {
                    // Something lies under the final name. The probe that follows tells whether it is ours.
                    let _ = (sftp.remove_file(&part).await, error);
                    Ok(Put::Occupied)
                }
                Err(error) => Err(self.refusal(&error)),
            }
        })
    }

    fn trial(&self) -> Result<()> {
        self.reach()?;
        let path = self.path(&format!("scanseal-probe-{}.txt", uuid::Uuid::now_v7().simple()));
        self.with(async |sftp| {
            self.write(sftp, &path, PROBE).await?;
            let read = self.read_back(sftp, &path).await;
            // The probe is ours: its name is new and nobody else's.
            let removed = sftp.remove_file(&path).await.map_err(|e| self.refusal(&e));
            match read? == Some(Sha256::of(PROBE)) {
                true => removed,
                false => Err(why::not_kept(&self.name)),
            }
        })
    }

    fn sweep(&self, parcel: &Parcel) {
        let part = self.path(&client::temporary(&parcel.sha256));
        let _ = self.with(async |sftp| {
            let _ = sftp.remove_file(&part).await;
            Ok(())
        });
    }
}

fn is(error: &SftpError, code: StatusCode) -> bool {
    matches!(error, SftpError::Status(status) if status.status_code == code)
}

/// A lock that another thread left behind in a panic still guards whole values here.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
