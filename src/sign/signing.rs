//! One signature, from bytes to bytes, in three steps: [`prepare`] looks at the file, writes the revision with room and hashes
//! it; the key signs; [`Prepared::finish`] fills in and looks again. A batch runs the steps of several documents at once.

use std::marker::PhantomData;

use super::byte_range::{self, Slot};
use super::certificate::Certificate;
use super::dictionary::entries;
use super::field::{self, Field};
use super::{Algorithm, Authorised, Intent, Role, Sealed, Session, Signed, Visible, appearance, cms};
use crate::document::{Continued, Hashing, hex};
use crate::error::{Clause, Result, kinds};
use crate::pdf::append::{Appended, Revision};
use crate::pdf::check::Archival;
use crate::pdf::raw::{self, RawDict};
use crate::pdf::read::Base;
use crate::pdf::sections;
use crate::pdf::{self, ArchivalPdf, IssuedPdf, Read};
use crate::verify::Verified;

/// What a key puts into each of its signatures, read once for a batch.
#[derive(Clone, Debug)]
pub struct Signer {
    certificate: Certificate,
    chain: Vec<Certificate>,
    name: String,
    algorithm: Algorithm,
    reserve: usize,
}

impl Signer {
    /// Of the key behind `session`. `stamp` is the longest time-stamp token in bytes that shall find room beside a signature;
    /// 0 for none.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_UNREADABLE`].
    pub fn of(session: &dyn Session, stamp: usize) -> Result<Self> {
        let certificate = Certificate::parse(session.certificate())?;
        let chain = session.chain().iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>>>()?;
        let algorithm = session.algorithm();
        let stamp = if stamp == 0 { 0 } else { stamp + cms::STAMP_FRAME };
        let reserve = cms::length(&certificate, &chain, algorithm)? + stamp;
        Ok(Self { certificate, chain, name: session.signer_name().to_owned(), algorithm, reserve })
    }

    /// Of a key that is elsewhere; the signer's certificate comes first.
    ///
    /// # Errors
    /// [`kinds::CERTIFICATE_UNREADABLE`], [`kinds::KEY_TYPE_UNSUPPORTED`].
    pub(super) fn elsewhere(certificates: &[Vec<u8>], rsa_pss: bool) -> Result<Self> {
        let mut all = certificates.iter().map(|der| Certificate::parse(der)).collect::<Result<Vec<_>>>()?;
        if all.is_empty() {
            return Err(kinds::CERTIFICATE_UNREADABLE.with("cause", Clause::new("why-certificate-none")));
        }
        let certificate = all.remove(0);
        let named = |error: crate::error::Error| error.with("token", certificate.name());
        let algorithm = certificate.algorithm(rsa_pss).map_err(named)?;
        let reserve = cms::length(&certificate, &all, algorithm)?;
        Ok(Self { name: certificate.name(), certificate, chain: all, algorithm, reserve })
    }

    /// How its key signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

/// A file that lacks nothing but its signature.
pub struct Prepared {
    /// The file before, where it was looked at whole.
    before: Option<Archival>,
    file: Appended,
    slot: Slot,
    attributes: Vec<u8>,
}

/// A signature in the making whose file is a `Stage` once it is finished. Only the doors of that stage lead here.
pub struct Pending<Stage> {
    prepared: Prepared,
    /// Bytes of the file before.
    base: usize,
    stage: PhantomData<fn() -> Stage>,
}

/// Stages that a finished signature leads to; the constructor is known here only.
pub trait Finished: Sized {
    /// The stage of a file that was just signed.
    #[doc(hidden)]
    fn finished(bytes: Vec<u8>, proof: Proof) -> Self;
}

/// Only this module can make one, so nobody else calls [`Finished::finished`].
#[derive(Debug)]
pub struct Proof(());

impl Finished for Signed {
    fn finished(bytes: Vec<u8>, _proof: Proof) -> Self {
        Signed::new(bytes)
    }
}

impl Finished for Sealed {
    fn finished(bytes: Vec<u8>, _proof: Proof) -> Self {
        Sealed::new(bytes)
    }
}

impl<Stage: Finished> Pending<Stage> {
    fn of(file: impl Into<Read>, signer: &Signer, intent: &Intent, role: Role) -> Result<Self> {
        expect(intent, role)?;
        let file: Read = file.into();
        let base = file.bytes.len();
        Ok(Self { prepared: prepare(file, signer, intent)?, base, stage: PhantomData })
    }

    /// What the key has to sign, hashing included.
    pub fn message(&self) -> &[u8] {
        self.prepared.message()
    }

    /// The file before this signature, given back unchanged.
    pub fn into_base(self) -> Vec<u8> {
        self.prepared.into_base()
    }

    /// As [`Prepared::finish`]; a file that was PDF/A is still PDF/A afterwards.
    ///
    /// # Errors
    /// As [`Prepared::finish`]; [`kinds::NOT_ARCHIVAL`].
    pub fn finish(
        mut self,
        signer: &Signer,
        signature: &[u8],
        stamp: Option<&[u8]>,
    ) -> Result<(Stage, Continued)> {
        let before = self.prepared.before.take();
        let (bytes, digest) = self.prepared.finish(signer, signature, stamp)?;
        let violations = match before {
            Some(before) => before.followed_by(&bytes),
            None => pdf::check::violations(&bytes),
        };
        let was_archival = || pdf::check::violations(bytes.get(..self.base).unwrap_or_default()).is_empty();
        if let Some(violation) = violations.first()
            && was_archival()
        {
            let what = format!("{} {}", violation.clause, violation.what);
            return Err(kinds::NOT_ARCHIVAL.with("violations", what));
        }
        Ok((Stage::finished(bytes, Proof(())), digest))
    }

    fn signed_by(self, session: &mut dyn Session, signer: &Signer) -> Result<Stage> {
        let signature = session.sign(self.message())?;
        self.finish(signer, &signature, None).map(|(stage, _)| stage)
    }
}

impl Pending<Signed> {
    /// The first personal signature. `hashed` is over the file, where it was hashed already.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn personal(
        pdf: ArchivalPdf,
        hashed: Option<Hashing>,
        signer: &Signer,
        intent: &Intent,
    ) -> Result<Self> {
        Self::of(pdf.into_read().hashed(hashed), signer, intent, Role::Personal)
    }

    /// The first personal signature on a file that was written on a computer.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn personal_issued(
        pdf: IssuedPdf,
        hashed: Option<Hashing>,
        signer: &Signer,
        intent: &Intent,
    ) -> Result<Self> {
        Self::of(pdf.into_read().hashed(hashed), signer, intent, Role::Personal)
    }

    /// A further personal signature, on a file whose earlier ones hold.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn personal_next(
        verified: Verified,
        hashed: Option<Hashing>,
        signer: &Signer,
        intent: &Intent,
    ) -> Result<Self> {
        let file = verified.into_read().hashed(hashed);
        Self::of(file, signer, intent, Role::Personal)
    }
}

impl Pending<Sealed> {
    /// The organization's signature, the last one.
    ///
    /// # Errors
    /// As [`prepare`].
    pub fn seal(
        authorised: Authorised,
        hashed: Option<Hashing>,
        signer: &Signer,
        intent: &Intent,
    ) -> Result<Self> {
        Self::of(authorised.into_read().hashed(hashed), signer, intent, Role::Organization)
    }
}

/// The first personal signature.
///
/// # Errors
/// A key error (exit 6), or a refusal of the file; the file is unchanged then.
pub fn personal(pdf: ArchivalPdf, session: &mut dyn Session, intent: &Intent) -> Result<Signed> {
    let signer = Signer::of(session, 0)?;
    Pending::personal(pdf, None, &signer, intent)?.signed_by(session, &signer)
}

/// A further personal signature, on a file whose earlier ones hold.
///
/// # Errors
/// As [`personal`]; [`kinds::ALREADY_SEALED`].
pub fn personal_next(verified: Verified, session: &mut dyn Session, intent: &Intent) -> Result<Signed> {
    let signer = Signer::of(session, 0)?;
    Pending::personal_next(verified, None, &signer, intent)?.signed_by(session, &signer)
}

/// The organization's signature, the last one.
///
/// # Errors
/// As [`personal`].
pub fn seal(authorised: Authorised, session: &mut dyn Session, intent: &Intent) -> Result<Sealed> {
    let signer = Signer::of(session, 0)?;
    Pending::seal(authorised, None, &signer, intent)?.signed_by(session, &signer)
}

fn expect(intent: &Intent, role: Role) -> Result<()> {
    if intent.role == role {
        return Ok(());
    }
    Err(kinds::INTERNAL
        .with("cause", format!("signing as {} where {} is due", intent.role.as_str(), role.as_str())))
}

/// Signs any PDF: `bytes` stay the exact beginning of the result.
///
/// # Errors
/// As [`prepare`]; a key error.
pub fn apply(bytes: &[u8], session: &mut dyn Session, intent: &Intent) -> Result<Vec<u8>> {
    let signer = Signer::of(session, 0)?;
    let prepared = prepare(bytes.to_vec(), &signer, intent)?;
    let signature = session.sign(prepared.message())?;
    prepared.finish(&signer, &signature, None).map(|(bytes, _)| bytes)
}

/// Everything of a signature on any PDF that needs no key: `bytes` stay the exact beginning of the result.
///
/// # Errors
/// [`kinds::ALREADY_SEALED`] for a person behind the organization; a refusal of the file (`base_...`); a certificate that is not
/// valid at the time of the intent.
pub fn prepare(file: impl Into<Read>, signer: &Signer, intent: &Intent) -> Result<Prepared> {
    let Read { bytes, document, clean, hashed } = file.into();
    signer.certificate.check_time(intent.at)?;
    let clean = clean.or_else(|| pdf::check::clean(&bytes, document.as_ref()?));
    let (tail, slot, before) = {
        let base = Base::open_read(&bytes, document)?;
        let name = field_name(&base, intent.role)?;
        field::check_allowed(&base, intent.visible.is_some())?;
        field::check_unlocked(&base, &name)?;
        let revision = Revision::behind(&base, hashed)?;
        let (revision, slot) = revise(revision, intent, &signer.name, name, signer.reserve)?;
        let tail = revision.close()?;
        (tail, slot, clean.map(|clean| base.looked_at(clean)))
    };
    let mut file = tail.behind(bytes)?;
    let hash = signer.algorithm.digest();
    let digest = slot.seal_range(&mut file, hash)?;
    let attributes = cms::signed_attributes(&signer.certificate, hash, &digest)?;
    Ok(Prepared { before, file, slot, attributes })
}

impl Prepared {
    /// What the key has to sign, hashing included: the signed attributes (RFC 5652 5.4).
    pub fn message(&self) -> &[u8] {
        &self.attributes
    }

    /// The file before this signature, given back unchanged.
    pub fn into_base(self) -> Vec<u8> {
        self.file.into_base()
    }

    /// The file as it is, what has to be signed, and where the signature goes.
    pub(super) fn into_parts(self) -> (Vec<u8>, Vec<u8>, (usize, usize)) {
        (self.file.into_bytes(), self.attributes, self.slot.gap())
    }

    /// Fills the signature in, with a time-stamp token over it where there is one, and looks at the result as a reader would.
    /// Gives the file with its digest.
    ///
    /// # Errors
    /// An internal error only.
    pub fn finish(
        self,
        signer: &Signer,
        signature: &[u8],
        stamp: Option<&[u8]>,
    ) -> Result<(Vec<u8>, Continued)> {
        let Self { mut file, slot, attributes, .. } = self;
        let Signer { certificate, chain, algorithm, .. } = signer;
        let container = cms::assemble_stamped(certificate, chain, *algorithm, &attributes, signature, stamp)?;
        slot.fill(&mut file, &container)?;
        check(file.bytes(), &slot)?;
        Ok(file.into_hashed())
    }
}

/// The field's name; persons never sign behind the organization (Decree 30/2020 Art. 32; the order of the law).
pub(super) fn field_name(base: &Base, role: Role) -> Result<String> {
    let taken = base.field_names()?;
    let sealed = taken.iter().find(|name| name.starts_with(Role::Organization.as_str().as_bytes()));
    match sealed {
        Some(field) if role == Role::Personal => {
            Err(kinds::ALREADY_SEALED.with("field", String::from_utf8_lossy(field)))
        }
        _ => Ok(field::next_name(&taken, role)),
    }
}

/// The revision, complete but for range and signature, and where these go.
pub(super) fn revise<'a>(
    mut revision: Revision<'a>,
    intent: &Intent,
    signer: &str,
    name: String,
    reserve: usize,
) -> Result<(Revision<'a>, Slot)> {
    let base = revision.base();
    let mut page = base.first_page()?;
    let signature = revision.allocate()?;
    let locked = if intent.lock { Some(locked(base, &name)?) } else { None };
    let lock = locked.as_deref().map(|locked| lock(&mut revision, locked)).transpose()?;
    let (body, slot) = byte_range::dictionary(&entries(intent, signer, locked.as_deref()), reserve);
    let offset = revision.put(signature, &body)?;
    let visible = match &intent.visible {
        Some(Visible::Text(lines)) => Some(appearance::block(&mut revision, &page, lines)?),
        Some(Visible::Picture(placed)) => {
            page = placed.page.clone();
            Some(placed.put(&mut revision, claims_part_1(base))?)
        }
        None => None,
    };
    field::add(&mut revision, &Field { name, signature, page: page.id, lock, visible })?;
    Ok((revision, slot.at(offset)))
}

/// What a seal that locks is about (Table 233): the fields that are there, and its own. A field that comes later, for a further
/// signature of an archived file, is none of them: where `All` were locked, other programs would call the seal broken then.
fn locked(base: &Base, own: &str) -> Result<Vec<u8>> {
    let mut names = base.field_names()?;
    names.push(own.as_bytes().to_vec());
    let names: Vec<String> = names.iter().map(|name| format!("<{}>", hex(name))).collect();
    Ok(format!("/Action/Include/Fields[{}]", names.join("")).into_bytes())
}

/// The dictionary beside the field; it has no permission of its own.
fn lock(revision: &mut Revision, locked: &[u8]) -> Result<u32> {
    let number = revision.allocate()?;
    revision.put(number, &[b"<</Type/SigFieldLock", locked, b">>"].concat())?;
    Ok(number)
}

/// Whether the metadata claim part 1 of PDF/A (ISO 19005-1 6.7.11). They are never compressed there (6.7.2).
fn claims_part_1(base: &Base) -> bool {
    let claims: [&[u8]; 3] = [b"pdfaid:part>1<", b"pdfaid:part=\"1\"", b"pdfaid:part='1'"];
    claims.iter().any(|claim| base.bytes().windows(claim.len()).any(|window| window == *claim))
}

/// Looks at the result as a reader would: the cross-reference chain holds, and the gap is exactly the signature dictionary's
/// own /Contents. That the base is its beginning follows from how it was written: [`Appended::patch`] reaches nothing else.
pub(super) fn check(signed: &[u8], slot: &Slot) -> Result<()> {
    let fault = |cause| Err(kinds::INTERNAL.with("cause", cause));
    sections::follow(signed)?;
    let dictionary = signed.get(slot.dictionary_at()..).and_then(RawDict::parse);
    let Some(dictionary) = dictionary else { return fault("the signature dictionary cannot be read") };
    let range: Vec<usize> = dictionary
        .get("ByteRange")
        .and_then(raw::array)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|item| raw::integer(item, 0).map(|(number, _)| number))
        .collect();
    let gap = match range[..] {
        [0, start, end, rest] if end.checked_add(rest) == Some(signed.len()) => signed.get(start..end),
        _ => None,
    };
    match gap {
        Some(gap) if dictionary.get("Contents") == Some(gap) => Ok(()),
        _ => fault("/ByteRange does not cover the file"),
    }
}
