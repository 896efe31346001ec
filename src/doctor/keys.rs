//! Anchors, tokens and keys.

use jiff::{SignedDuration, Timestamp};

use crate::error::{Error, Result};
use crate::pipeline::anchors;
use crate::pipeline::sign::key_uri;
use crate::pipeline::wording::moment;
use crate::platform;
use crate::profile::Form;
use crate::sign::certificate::Certificate;
use crate::sign::key::{self, KeyUri, Place};
use crate::sign::{KeyPolicy, PinSource, Role};
use crate::station::Workspace;

use super::{Line, Notes};

/// A certificate that ends within this time is renewed now: an office needs weeks for it.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What a key signs in its trial; the words say what the signature is worth.
const TRIAL: &[u8] = b"scanseal doctor: trial signature, without any meaning";

pub(super) fn anchors(workspace: &Workspace, notes: Notes) -> Result<Vec<Line>> {
    let anchors = anchors::list(workspace)?;
    if anchors.is_empty() {
        return Ok(vec![notes.warning("trust", "trust_none", &[])]);
    }
    let line = |anchor: &anchors::Anchor| {
        let facts = [("name", anchor.name.clone()), ("until", until(workspace, anchor.until))];
        validity("trust", (anchor.from, anchor.until), &facts, notes)
    };
    Ok(anchors.iter().map(line).collect())
}

fn until(workspace: &Workspace, at: Timestamp) -> String {
    moment(at, workspace.profile.utc_offset_minutes)
}

/// Good, soon over, or not valid now.
fn validity(
    check: &'static str,
    (from, until): (Timestamp, Timestamp),
    facts: &[(&str, String)],
    notes: Notes,
) -> Line {
    let now = Timestamp::now();
    if now < from || now > until {
        return notes.line(check, super::Health::Bad, "certificate_over", facts).failing();
    }
    match until.duration_since(now) < SOON {
        true => notes.warning(check, "certificate_soon", facts),
        false => notes.good(check, "certificate_good", facts),
    }
}

/// Whose keys can be seen from here.
#[derive(Debug, Default)]
pub(super) struct Holders {
    /// Names in the certificates.
    pub names: Vec<String>,
    /// A personal key is named whose certificate is not seen before its PIN is given.
    pub unread: bool,
}

/// Tokens behind the allowed modules, seen without a log-in.
pub(super) fn tokens(workspace: &Workspace, holders: &mut Holders, notes: Notes) -> Vec<Line> {
    let policy = workspace.key_policy();
    let (mut tokens, mut lines) = (Vec::new(), Vec::new());
    // A broken module must not hide the tokens behind the others.
    for module in &policy.modules {
        match key::list(&KeyPolicy { modules: vec![module.clone()], ..policy.clone() }) {
            Ok(found) => tokens.extend(found),
            Err(error) => lines.push(notes.bad("token", &error)),
        }
    }
    if tokens.is_empty() && lines.is_empty() && !policy.modules.is_empty() {
        return vec![notes.warning("token", "token_none", &[])];
    }
    for token in &tokens {
        let facts = [("label", token.label.clone()), ("serial", token.serial.clone())];
        lines.push(match (token.pin_locked, token.pin_last_try || token.pin_few_tries) {
            (true, _) => notes.line("token", super::Health::Bad, "token_locked", &facts).failing(),
            (_, true) => notes.warning("token", "token_few_tries", &facts),
            _ => notes.good("token", "token_good", &facts),
        });
        for certificate in &token.certificates {
            holders.names.push(certificate.subject.clone());
            let facts =
                [("name", certificate.subject.clone()), ("until", until(workspace, certificate.until))];
            lines.push(validity("certificate", (certificate.from, certificate.until), &facts, notes));
        }
    }
    lines
}

/// The keys that the station names for its roles.
pub(super) fn keys(
    workspace: &Workspace,
    mut pins: Option<&mut dyn PinSource>,
    holders: &mut Holders,
    notes: Notes,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for role in [Role::Personal, Role::Organization] {
        // Where paper is attested no person signs it; documents that were written on a computer are signed by persons, where there
        // is a key for that.
        let none = role == Role::Personal && workspace.station.keys.personal.is_none();
        if none && workspace.profile.recovery.form == Form::SaoY {
            lines.push(notes.good("key", "key_personal_none", &[]));
            continue;
        }
        let found = key_uri(Some(workspace), role, None).and_then(|uri| {
            file(workspace, &uri)?;
            match &mut pins {
                Some(pins) => trial(workspace, (role, &uri), *pins, holders, notes),
                None => {
                    holders.unread |= role == Role::Personal && matches!(uri.place, Place::File(_));
                    let facts = [("key", uri.to_string()), ("role", role.as_str().to_owned())];
                    Ok(notes.good("key", "key_named", &facts))
                }
            }
        });
        lines.push(found.unwrap_or_else(|error| notes.bad("key", &error)));
    }
    lines
}

/// A key file must be there and readable; a token is seen by [`tokens`].
fn file(workspace: &Workspace, uri: &KeyUri) -> Result<()> {
    let Place::File(path) = &uri.place else { return Ok(()) };
    let path = workspace.root.join(path);
    std::fs::File::open(&path).map_err(|e| Error::io(&path, e))?;
    match platform::others_can_write(&path)? {
        true => Err(crate::error::kinds::KEY_FILE_WRITABLE.with("path", path.display())),
        false => Ok(()),
    }
}

/// Opens the key with its PIN and signs something without meaning; the signature was verified when it comes back.
fn trial(
    workspace: &Workspace,
    (role, uri): (Role, &KeyUri),
    pins: &mut dyn PinSource,
    holders: &mut Holders,
    notes: Notes,
) -> Result<Line> {
    let mut session = key::open(uri, &workspace.key_policy(), pins)?;
    let begun = std::time::Instant::now();
    session.sign(TRIAL)?;
    holders.names.push(session.signer_name().to_owned());
    let validity_of = Certificate::parse(session.certificate())?.validity()?;
    let facts = [
        ("key", uri.to_string()),
        ("role", role.as_str().to_owned()),
        ("name", session.signer_name().to_owned()),
        ("until", until(workspace, validity_of.1)),
        ("milliseconds", begun.elapsed().as_millis().to_string()),
    ];
    Ok(notes.good("key", "key_works", &facts))
}
