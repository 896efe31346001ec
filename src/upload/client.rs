//! Who we are and whom we believe: password from a file, client certificate, server certificates.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use ureq::Agent;
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, parse_pem};
use zeroize::Zeroizing;

use crate::document::{Sha256, hex};
use crate::error::{Clause, Error, Result, kinds};
use crate::platform;

use super::Config;

/// Largest certificate, key or password file.
const MAX_SECRET: u64 = 1 << 20;
/// Largest file that is read back, bytes.
pub(super) const MAX_FILE: u64 = 2_000_000_000;
/// Longest time until a server answers the line at all.
const CONNECT: Duration = Duration::from_secs(15);

/// The header of basic authentication (RFC 7617), kept out of every debug output and wiped in the end.
pub(super) struct Authorization(Zeroizing<String>);

impl Authorization {
    /// From the station's user and password file.
    pub fn of(config: &Config, folder: &Path) -> Result<Option<Self>> {
        let (Some(user), Some(file)) = (&config.user, &config.password_file) else { return Ok(None) };
        let password = secret(&folder.join(file))?;
        let pair = Zeroizing::new(format!("{user}:{}", password.as_str()));
        Ok(Some(Self(Zeroizing::new(format!("Basic {}", base64(pair.as_bytes()))))))
    }

    pub fn header(&self) -> &str {
        &self.0
    }
}

/// The first line of a file that nobody else may read: a password or a token.
///
/// # Errors
/// [`kinds::PASSWORD_FILE_OPEN`], or a file that cannot be read.
pub(crate) fn secret(path: &Path) -> Result<Zeroizing<String>> {
    if platform::others_can_read(path)? {
        return Err(kinds::PASSWORD_FILE_OPEN.with("path", path.display()));
    }
    let bytes = Zeroizing::new(platform::read_limited(path, MAX_SECRET)?);
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// A text as a part of an address (RFC 3986 2.3): everything but unreserved characters is escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The host of an authority (RFC 3986 3.2), an IPv6 address in its brackets, and the port, if it names one; none where it is none.
pub(super) fn host_and_port(authority: &str) -> Option<(&str, Option<u16>)> {
    let after_brackets = authority.rfind(']').map_or(0, |end| end + 1);
    let (host, port) = match authority.get(after_brackets..)?.rfind(':') {
        Some(colon) => authority.split_at(after_brackets + colon),
        None => (authority, ""),
    };
    let port = port.strip_prefix(':').map(|port| port.parse().ok().filter(|port| *port > 0));
    match port {
        Some(None) => None,
        port => Some((host, port.flatten())),
    }
}

/// The name under which these bytes, and no others, travel. Servers of the ownCloud family refuse names that end in `.part`.
pub(super) fn temporary(sha256: &Sha256) -> String {
    format!(".scanseal-{}.tmp", sha256.0.get(..32).unwrap_or_default())
}

/// A digest that grows while a file is read back.
#[derive(Default)]
pub(super) struct Digesting(sha2::Sha256);

impl Digesting {
    pub fn add(&mut self, bytes: &[u8]) {
        sha2::Digest::update(&mut self.0, bytes);
    }

    pub fn end(self) -> Sha256 {
        Sha256(hex(&sha2::Digest::finalize(self.0)))
    }
}

/// Digest of all that can be read.
///
/// # Errors
/// The line was cut.
pub(super) fn digest(mut reader: impl Read) -> std::io::Result<Sha256> {
    let (mut digest, mut buffer) = (Digesting::default(), vec![0; 1 << 16]);
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(digest.end()),
            count => digest.add(buffer.get(..count).unwrap_or_default()),
        }
    }
}

/// RFC 4648 4.
pub(super) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let word = three.iter().zip([16, 8, 0]).fold(0u32, |word, (b, shift)| word | u32::from(*b) << shift);
        for (index, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let letter = ALPHABET.get((word >> shift & 63) as usize).copied().unwrap_or(b'=');
            out.push(if index <= three.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// A client that follows no redirect, believes the system's roots or the named CA only, and never waits for ever.
pub(super) fn agent(config: &Config, folder: &Path, timeout: Duration) -> Result<Agent> {
    let roots = match &config.ca {
        Some(file) => RootCerts::new_with_certs(&certificates(&folder.join(file))?),
        None => RootCerts::PlatformVerifier,
    };
    let tls = TlsConfig::builder().root_certs(roots).client_cert(own_certificate(config, folder)?).build();
    Ok(with(tls, timeout))
}

/// A client without any setting of ours; it believes the system's roots.
pub(super) fn plain_agent(timeout: Duration) -> Agent {
    with(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build(), timeout)
}

fn with(tls: TlsConfig, timeout: Duration) -> Agent {
    Agent::config_builder()
        .tls_config(tls)
        .allow_non_standard_methods(true)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT.min(timeout)))
        .timeout_global(Some(timeout))
        .user_agent(concat!("scanseal/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

fn unreadable(path: &Path, cause: Clause) -> Error {
    kinds::TRUST_UNREADABLE.with("path", path.display()).with("cause", cause)
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>> {
    let pem = platform::read_limited(path, MAX_SECRET)?;
    let mut found = Vec::new();
    for item in parse_pem(&pem) {
        if let PemItem::Certificate(certificate) = item.map_err(|e| unreadable(path, Clause::technical(e)))? {
            found.push(certificate);
        }
    }
    match found.is_empty() {
        true => Err(unreadable(path, Clause::new("why-no-pem"))),
        false => Ok(found),
    }
}

/// Mutual TLS (RFC 8446 4.4.2): our certificate and its key.
fn own_certificate(config: &Config, folder: &Path) -> Result<Option<ClientCert>> {
    let (Some(certificate), Some(key)) = (&config.client_certificate, &config.client_key) else {
        return Ok(None);
    };
    let path = folder.join(key);
    if platform::others_can_read(&path)? {
        return Err(kinds::PASSWORD_FILE_OPEN.with("path", path.display()));
    }
    let pem = Zeroizing::new(platform::read_limited(&path, MAX_SECRET)?);
    let key = PrivateKey::from_pem(&pem).map_err(|e| unreadable(&path, Clause::technical(e)))?;
    Ok(Some(ClientCert::new_with_certs(&certificates(&folder.join(certificate))?, key)))
}

#[cfg(test)]
mod tests {
    use super::{base64, escaped, host_and_port};

    #[test]
    fn a_port_is_one_or_the_address_is_none() {
        for (authority, parts) in [
            ("dms", Some(("dms", None))),
            ("dms:22", Some(("dms", Some(22)))),
            ("[::1]", Some(("[::1]", None))),
            ("[::1]:2222", Some(("[::1]", Some(2222)))),
            ("dms:99999", None),
            ("dms:0", None),
            ("dms:", None),
            ("dms:22/inbox", None),
        ] {
            assert_eq!(host_and_port(authority), parts, "{authority}");
        }
    }

    #[test]
    fn names_are_one_part_of_an_address() {
        assert_eq!(escaped("2026.57.QĐ-UBND.pdf"), "2026.57.Q%C4%90-UBND.pdf");
        assert_eq!(escaped("../a b?#%"), "..%2Fa%20b%3F%23%25");
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("Mậ", "TeG6rQ=="),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
