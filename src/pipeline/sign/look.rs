//! The next signature of a document as it will show, before anybody is asked for a PIN, and the choice of its place.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use jiff::Timestamp;
use secrecy::SecretString;

use crate::document::{Document, DocumentId, Sha256};
use crate::error::{Result, kinds};
use crate::pdf;
use crate::profile::{SignatureRule, Visible};
use crate::sign::form::{Covered, Wanted};
use crate::sign::key::{self, KeyUri, Place, TokenInfo, TokenUri};
use crate::sign::picture::Picture;
use crate::sign::preview::{Preview, preview};
use crate::sign::{Intent, KeyPolicy, PinSource, Role};
use crate::store::{State, Stored};

use super::super::{Desk, ordered};
use super::visible::Shows;
use super::{document_id, key_uri};

/// How the next signature of a role shows on a document.
#[derive(Debug)]
pub struct Look {
    /// The bytes that it is about.
    pub sha256: Sha256,
    /// As what it shows.
    pub visible: Visible,
    /// Whether the profile leaves the place to the person.
    pub may_choose: bool,
    /// The place that counts now: what was asked for, else what was chosen before, else the rule's.
    pub wanted: Wanted,
    /// The file with the form on it, and where that is; none for what does not show. A refusal is one of the key as well.
    pub shown: Result<Option<Preview>>,
    /// What the picture covers.
    pub covered: Vec<Covered>,
}

/// How the next signature of `role` will show on the document: drawn by what will sign. `signer` is the name on the certificate
/// where it is known without a PIN; `wanted` looks at another place than the one that counts.
///
/// # Errors
/// [`kinds::NOT_BUILT`], [`kinds::ALL_HAVE_SIGNED`], [`kinds::NEVER_SEALED`], a store or blob error.
pub async fn look(
    desk: &Desk,
    id: DocumentId,
    role: Role,
    signer: Option<&str>,
    wanted: Option<&Wanted>,
) -> Result<Look> {
    let stored = desk.store.document(id).await?;
    let Some(sha256) = stored.latest.clone() else { return Err(kinds::NOT_BUILT.with("document", id)) };
    let bytes = desk.store.latest(&stored).await?;
    let (rule, document) = next(desk, &stored, role, &bytes).await?;
    let chosen = match (wanted, rule.visible) {
        (Some(wanted), _) => Some(wanted.clone()),
        (None, Visible::Picture) => desk.store.chosen_place(id, role, &sha256).await?,
        (None, _) => None,
    };
    let (workspace, signer) = (desk.workspace.clone(), signer.map(str::to_owned));
    let draw = move || {
        let picture: OnceLock<Picture> = OnceLock::new();
        let (signer, bytes) = (signer.as_deref(), bytes.as_slice());
        let shows =
            Shows { workspace: &workspace, role, picture: &picture, signer, document: &document, bytes };
        let at = Timestamp::now();
        let found = shows.by(&rule, chosen.as_ref(), at);
        let drawn = found.and_then(|(visible, covered)| {
            let intent = Intent { role, reason: None, at, visible, lock: false, utc_offset_seconds: 0 };
            Ok((preview(bytes, signer.unwrap_or_default(), &intent)?, covered))
        });
        let (shown, covered) = match drawn {
            Ok((shown, covered)) => (Ok(shown), covered),
            Err(error) => (Err(error), Vec::new()),
        };
        let may_choose = shows.may_choose(&rule);
        let wanted = chosen.unwrap_or(Wanted::ByRule);
        Look { sha256, visible: rule.visible, may_choose, wanted, shown, covered }
    };
    ordered::one(draw).await
}

/// Chooses the place of the picture that the next signature of `role` puts on the document, for the very bytes `sha256`.
///
/// # Errors
/// [`kinds::PAGE_OUTDATED`] when the document has other bytes by now; [`kinds::PLACE_NOT_WANTED`], [`kinds::PLACE_BY_RULE`];
/// a place that does not do.
pub async fn place(
    desk: &Desk,
    id: DocumentId,
    role: Role,
    sha256: Option<&Sha256>,
    wanted: &Wanted,
) -> Result<()> {
    let found = look(desk, id, role, None, Some(wanted)).await?;
    if sha256.is_some_and(|shown| *shown != found.sha256) {
        return Err(kinds::PAGE_OUTDATED.with("document", id));
    }
    match found.visible {
        Visible::Picture => {}
        Visible::Text | Visible::None => return Err(kinds::PLACE_NOT_WANTED.with("document", id)),
    }
    // The rule's own place may need the name on the certificate, which is not known here.
    if *wanted != Wanted::ByRule {
        found.shown?;
    }
    desk.store.choose_place(id, role, &found.sha256, wanted).await
}

/// The rule of the signature that comes next, and the document that its words are about.
async fn next(desk: &Desk, stored: &Stored, role: Role, bytes: &[u8]) -> Result<(SignatureRule, Document)> {
    let chain = desk.workspace.profile.chain(&stored.document)?;
    if role == Role::Personal {
        let present = match stored.state {
            State::Built => 0,
            _ => pdf::signature_count(bytes)?,
        };
        let all = || kinds::ALL_HAVE_SIGNED.with("document", stored.id);
        let rule = chain.personal.get(present).ok_or_else(all)?;
        return Ok(((*rule).clone(), stored.document.clone()));
    }
    let never = || kinds::NEVER_SEALED.with("document", stored.id);
    let rule = chain.organization.ok_or_else(never)?.clone();
    // An attachment names the document that it goes along with.
    match stored.document.born.as_ref().and_then(|born| born.attachment_of.as_deref()) {
        Some(parent) => Ok((rule, desk.store.document(document_id(parent)?).await?.document)),
        None => Ok((rule, stored.document.clone())),
    }
}

/// A key that is opened for its certificate alone asks nobody.
struct Nobody;

impl PinSource for Nobody {
    fn pin(&mut self, prompt: &str) -> Result<SecretString> {
        Err(kinds::PIN_NEEDED.with("key", prompt))
    }
}

/// The name on the certificate of the station's key for a role, as far as it can be known without asking for a PIN: of a token
/// that is plugged in, or of a file whose password is in a file.
pub async fn known_signer(desk: &Desk, role: Role) -> Option<String> {
    let policy = desk.workspace.key_policy_for(role);
    let station = key_uri(Some(&desk.workspace), role, None).ok();
    ordered::one(move || name_of(station, &policy)).await.ok().flatten()
}

fn name_of(station: Option<KeyUri>, policy: &KeyPolicy) -> Option<String> {
    let named = match station {
        Some(uri) if matches!(uri.place, Place::File(_)) => {
            uri.pin_file.as_ref()?;
            return key::open(&uri, policy, &mut Nobody).ok().map(|session| session.signer_name().to_owned());
        }
        Some(KeyUri { place: Place::Token(token), .. }) => Some(token),
        _ => None,
    };
    name_on(&key::list(policy).ok()?, named.as_ref())
}

/// The one name on the usable certificates of tokens that an address fits; none where there are several.
pub fn name_on(tokens: &[TokenInfo], named: Option<&TokenUri>) -> Option<String> {
    let wanted = |token: &&TokenInfo| {
        let fits = |known: &Option<String>, is: &str| known.as_deref().is_none_or(|known| known == is);
        named.is_none_or(|named| fits(&named.token, &token.label) && fits(&named.serial, &token.serial))
    };
    let certificates = tokens.iter().filter(wanted).flat_map(|token| &token.certificates);
    let usable = certificates.filter(|certificate| certificate.usable);
    let names: BTreeSet<&String> = usable.map(|certificate| &certificate.subject).collect();
    // Of several nobody knows yet which one will be chosen.
    names.first().filter(|_| names.len() == 1).map(|name| (*name).clone())
}
