//! Destination `email`: the signed PDF to official mailboxes (RFC 5321, RFC 5322). Strongest proof: `accepted`, a relay took it.
//!
//! Nobody can be asked whether a message is there already. Its Message-ID comes from the digest of the file, so a second copy
//! after an unclear end is the same message, and mailboxes that know that show it once.

use std::path::Path;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, Tls, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};

use crate::error::{Error, Result, kinds};
use crate::platform;

use super::parcel::Parcel;
use super::recipients::Recipients;
use super::{Config, Destination, Probe, Proof, Put, Receipt, client, why};

/// Longest time for one command where the station names none.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Largest file with a CA, bytes.
const MAX_CA: u64 = 1 << 20;
/// Ports of RFC 8314: encrypted from the start, and with STARTTLS.
const SUBMISSIONS: u16 = 465;
const SUBMISSION: u16 = 587;

/// A relay and the mailboxes.
pub(super) struct Email {
    name: String,
    from: Mailbox,
    to: Vec<Mailbox>,
    /// Its address, for receipts.
    server: String,
    host: String,
    port: u16,
    tls: Tls,
    login: Option<Credentials>,
    timeout: Duration,
}

/// A refusal in the dialogue with a relay, and whose mailbox it is about.
struct Refusal {
    error: SmtpError,
    mailbox: Option<Address>,
}

impl From<SmtpError> for Refusal {
    fn from(error: SmtpError) -> Self {
        Self { error, mailbox: None }
    }
}

impl Email {
    /// The destination of a checked configuration; files lie under `folder`.
    ///
    /// # Errors
    /// [`kinds::MAILBOX_WRONG`], [`kinds::PASSWORD_FILE_OPEN`], [`kinds::DESTINATION_TLS`].
    pub fn new(config: &Config, folder: &Path) -> Result<Self> {
        let mailbox = |text: &str| {
            text.parse::<Mailbox>().map_err(|e| kinds::MAILBOX_WRONG.with("address", text).with("cause", e))
        };
        let url = config.url.clone().unwrap_or_default();
        let (scheme, rest) = url.split_once("://").unwrap_or(("smtps", &url));
        let (host, port) = client::host_and_port(rest.trim_end_matches('/')).unwrap_or((rest, None));
        let here = ["127.0.0.1", "localhost", "[::1]"].contains(&host);
        let tls = || tls(&config.name, host, config.ca.as_deref().map(|ca| folder.join(ca)).as_deref());
        let (tls, usual) = match scheme {
            "smtps" => (Tls::Wrapper(tls()?), SUBMISSIONS),
            _ if here && config.ca.is_none() => (Tls::None, SUBMISSION),
            _ => (Tls::Required(tls()?), SUBMISSION),
        };
        let timeout = config.timeout_seconds.map_or(TIMEOUT, Duration::from_secs);
        let login = match (&config.user, &config.password_file) {
            (Some(user), Some(file)) => {
                Some(Credentials::new(user.clone(), client::secret(&folder.join(file))?.to_string()))
            }
            _ => None,
        };
        Ok(Self {
            name: config.name.clone(),
            from: mailbox(config.from.as_deref().unwrap_or_default())?,
            to: config.to.iter().map(|address| mailbox(address)).collect::<Result<_>>()?,
            host: host.trim_matches(['[', ']']).to_owned(),
            server: url,
            port: port.unwrap_or(usual),
            tls,
            login,
            timeout,
        })
    }

    /// A relay that has let us in.
    fn open(&self) -> std::result::Result<SmtpConnection, SmtpError> {
        let (server, us) = ((self.host.as_str(), self.port), ClientId::default());
        let wrapper = if let Tls::Wrapper(tls) = &self.tls { Some(tls) } else { None };
        let mut line = SmtpConnection::connect(server, Some(self.timeout), &us, wrapper, None)?;
        if let Tls::Required(tls) = &self.tls {
            line.starttls(tls, &us)?;
        }
        if let Some(login) = &self.login {
            line.auth(DEFAULT_MECHANISMS, login)?;
        }
        Ok(line)
    }

    /// Hands a message over, a step at a time (RFC 5321 3.3), so that it is known what a refusal is about.
    fn hand_over(&self, message: &Message) -> std::result::Result<Response, Refusal> {
        let (mut line, envelope, bytes) = (self.open()?, message.envelope(), message.formatted());
        let has = |line: &SmtpConnection, extension| line.server_info().supports_feature(extension);
        let mut options = Vec::new();
        let mut addresses = envelope.from().into_iter().chain(envelope.to());
        if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            options.push(MailParameter::SmtpUtfEight);
        }
        if !bytes.is_ascii() && has(&line, Extension::EightBitMime) {
            options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        let of = |mailbox: &Address| {
            let mailbox = Some(mailbox.clone());
            move |error| Refusal { error, mailbox }
        };
        let from = envelope.from().unwrap_or(&self.from.email);
        line.command(Mail::new(Some(from.clone()), options)).map_err(of(from))?;
        for to in envelope.to() {
            line.command(Rcpt::new(to.clone(), Vec::new())).map_err(of(to))?;
        }
        line.command(Data)?;
        let taken = line.message(&bytes)?;
        // It has it; how it ends is no matter.
        let _ = line.quit();
        Ok(taken)
    }

    /// `<DIGEST@DOMAIN>` (RFC 5322 3.6.4), the same for the same file.
    fn message_id(&self, parcel: &Parcel) -> String {
        format!("<{}@{}>", parcel.sha256, self.from.email.domain())
    }

    fn message(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Message> {
        let fact = |name: &str| parcel.facts.get(name).cloned().unwrap_or_default();
        let title = [fact("number"), fact("subject")].join(" ");
        let title = if title.trim().is_empty() { parcel.name.clone() } else { title.trim().to_owned() };
        let lines = [
            ("Số, ký hiệu / Number", fact("number")),
            ("Trích yếu / Subject", fact("subject")),
            ("Sự cố / Outage", fact("outage")),
            ("Tệp / File", parcel.name.clone()),
            ("SHA-256", parcel.sha256.to_string()),
        ];
        let text = lines.iter().filter(|(_, value)| !value.is_empty());
        let text: String = text.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(title)
            .message_id(Some(self.message_id(parcel)));
        for to in self.receivers(parcel)? {
            message = message.to(to.clone());
        }
        let internal = |e: &dyn std::fmt::Display| kinds::INTERNAL.with("cause", e);
        let pdf = ContentType::parse("application/pdf").map_err(|e| internal(&e))?;
        let file = Attachment::new(parcel.name.clone()).body(bytes.to_vec(), pdf);
        let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(text)).singlepart(file);
        for (name, content) in &parcel.along {
            let kind = ContentType::parse("application/octet-stream").map_err(|e| internal(&e))?;
            parts = parts.singlepart(Attachment::new(name.clone()).body(content.clone(), kind));
        }
        message.multipart(parts).map_err(|e| internal(&e))
    }

    /// Mailboxes without a name get everything; one with a name gets a document that names it, or that names nobody.
    fn receivers(&self, parcel: &Parcel) -> Result<Vec<&Mailbox>> {
        let Some(recipients) = Recipients::of(parcel) else { return Ok(self.to.iter().collect()) };
        let named = |to: &&Mailbox| {
            let address = to.email.to_string();
            to.name.as_deref().is_none_or(|name| recipients.has(&[name, &address]))
        };
        let found: Vec<&Mailbox> = self.to.iter().filter(named).collect();
        let all = || self.to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match found.is_empty() {
            true => Err(recipients.unknown(&self.name, &all())),
            false => Ok(found),
        }
    }

    /// What the relay's answer means (RFC 5321 4.2.1): 4xx later, 5xx never for this message, or never for this mailbox.
    fn refusal(&self, Refusal { error, mailbox }: &Refusal) -> Error {
        let code = error.status().map(u16::from);
        let kind = match code {
            Some(530 | 534 | 535 | 538) => &kinds::DESTINATION_LOGIN,
            Some(452) => &kinds::DESTINATION_FULL,
            // 552: too large, told by its size already (RFC 1870).
            Some(code) if error.is_permanent() && code != 552 && mailbox.is_some() => {
                &kinds::DESTINATION_MAILBOX
            }
            _ if error.is_permanent() => &kinds::DESTINATION_REFUSED,
            _ if error.is_tls() => &kinds::DESTINATION_TLS,
            _ => return why::away(&self.name, error),
        };
        let status = code.map_or_else(|| "–".to_owned(), |code| told(code, error));
        let refusal = kind.with("destination", &self.name).with("status", status).with("cause", error);
        match mailbox {
            Some(mailbox) => refusal.with("address", mailbox),
            None => refusal,
        }
    }
}

/// The relay's own words behind its number.
fn told(code: u16, error: &SmtpError) -> String {
    let words = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let words: String = words.trim().chars().take(200).collect();
    if words.is_empty() { format!("SMTP {code}") } else { format!("SMTP {code}: {words}") }
}

fn tls(name: &str, host: &str, ca: Option<&Path>) -> Result<TlsParameters> {
    let fault =
        |cause: &dyn std::fmt::Display| kinds::DESTINATION_TLS.with("destination", name).with("cause", cause);
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(ca) = ca {
        let pem = platform::read_limited(ca, MAX_CA)?;
        let only = lettre::transport::smtp::client::CertificateStore::None;
        let certificate = Certificate::from_pem(&pem).map_err(|e| fault(&e))?;
        parameters = parameters.certificate_store(only).add_root_certificate(certificate);
    }
    parameters.build().map_err(|e| fault(&e))
}

impl Destination for Email {
    fn reach(&self) -> Result<()> {
        match self.open() {
            Ok(mut line) => {
                let _ = line.quit();
                Ok(())
            }
            Err(error) => Err(self.refusal(&error.into())),
        }
    }

    fn probe(&self, _parcel: &Parcel, _ticket: Option<&str>) -> Result<Probe> {
        Ok(Probe::Absent)
    }

    fn put(&self, parcel: &Parcel, bytes: &[u8]) -> Result<Put> {
        let answer = self.hand_over(&self.message(parcel, bytes)?).map_err(|e| self.refusal(&e))?;
        let told: String = answer.message().collect::<Vec<_>>().join(" ").chars().take(200).collect();
        let id = format!("{} {told}", self.message_id(parcel));
        let receipt = Receipt::now(
            &self.name,
            Proof::Accepted,
            id.trim().to_owned(),
            self.server.clone(),
            &parcel.sha256,
        );
        Ok(Put::Done(receipt))
    }

    fn trial(&self) -> Result<()> {
        self.reach()
    }

    /// Nothing is left anywhere.
    fn sweep(&self, _parcel: &Parcel) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_with_a_name_gets_what_names_it_and_one_without_gets_all() {
        let text = "name = \"mail\"\nkind = \"email\"\nurl = \"smtp://127.0.0.1:2525\"\nfrom = \"vanthu@xa.example\"\n\
                    to = [\"luu@xa.example\", \"Xã B <b@xa.example>\", \"Xã C <c@xa.example>\"]\n";
        let to = |text: &str, recipients: &str| -> Result<Vec<String>> {
            let config: Config = toml::from_str(text).unwrap();
            let email = Email::new(&config, Path::new(".")).unwrap();
            let mut parcel = Parcel::bare("letter", b"%PDF");
            parcel.facts.insert("recipients", recipients.to_owned());
            Ok(email.receivers(&parcel)?.iter().map(|to| to.email.to_string()).collect())
        };
        assert_eq!(to(text, "").unwrap(), ["luu@xa.example", "b@xa.example", "c@xa.example"]);
        assert_eq!(to(text, "Như trên; XA B; Lưu: VT").unwrap(), ["luu@xa.example", "b@xa.example"]);
        assert_eq!(to(text, "c@xa.example").unwrap(), ["luu@xa.example", "c@xa.example"]);
        let named = text.replace("\"luu@xa.example\", ", "");
        let error = to(&named, "Xã D").unwrap_err();
        assert_eq!(error.code(), "recipients_unknown");
        assert!(error.arg("receivers").unwrap().contains("b@xa.example"));
    }
}
