"""Certification (Rohlmann et al. 2021) and forms: what the first signer did not allow."""

import re

from case import attack, with_fields, replaced
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec
from pyhanko.sign.signers.pdf_signer import PdfSigner
from raw import Revision, facts, opened, spelled, stream, with_key

# Certification.

def annotated(data):
    f = facts(data)
    revision = Revision(data)
    number = revision.add(b"<</Type/Annot/Subtype/FreeText/Rect[72 740 400 780]/F 4/Contents(900 000)/DA(/F0 14 Tf)>>")
    body = spelled(data, f["page"])
    at = body.index(b"/Annots")
    if body[at + 7:].lstrip().startswith(b"["):
        end = body.index(b"]", at)
        return revision.put(f["page"], body[:end] + b" %d 0 R" % number + body[end:]).finish()
    holder = int(re.match(rb"/Annots (\d+)", body[at:]).group(1))
    listed = spelled(data, holder)
    return revision.put(holder, listed[:-1] + b" %d 0 R]" % number).finish()


@attack("certification", "annotation_after_certification")
def note_after_certification_1(s):
    return annotated(s.certified(1))


@attack("certification", "annotation_after_certification")
def note_after_certification_2(s):
    return annotated(s.certified(2))


@attack("certification", "annotation_after_certification")
def note_after_certification_3(s):
    return annotated(s.certified(3))


@attack("certification", "signature_after_certification")
def signature_after_certification_1(s):
    return unasked(s, s.certified(1), "Later")


@attack("certification", "signature_after_certification")
def visible_signature_after_certification_2(s):
    return s.theirs(s.certified(2), s.office.organization, "Later", box=(72, 640, 272, 690))


@attack("certification", "signature_after_certification")
def visible_signature_after_certification_3(s):
    return s.theirs(s.certified(3), s.office.organization, "Later", box=(72, 640, 272, 690))


def unasked(s, data, field, **options):
    """Signs where pyHanko itself would refuse to."""
    name = "_enforce_certification_constraints"
    asks = getattr(PdfSigner, name)
    setattr(PdfSigner, name, lambda *_, **__: None)
    try:
        return s.theirs(data, s.office.organization, field, **options)
    finally:
        setattr(PdfSigner, name, asks)


@attack("certification", "certification_not_first")
def certification_behind_a_signature(s):
    return unasked(s, s.letter_signed, "Certification", certify=True)


def filled(data, title, value=b"(900 000)", look=True):
    with opened(data) as pdf:
        field = next(f for f in pdf.Root.AcroForm.Fields if str(f.T) == title)
        number = field.objgen[0]
    revision = Revision(data)
    body = with_key(spelled(data, number), b"V", value)
    if look:
        new = revision.add(stream(b"/Tx BMC BT /F0 12 Tf (900 000) Tj ET EMC", b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]"))
        body = with_key(body, b"AP", b"<</N %d 0 R>>" % new)
    return revision.put(number, body).finish()


@attack("form", "field_changed")
def filled_without_permission(s):
    return filled(s.theirs(s.form, s.office.person), "amount")


@attack("form", "field_changed")
def filled_after_certification_1(s):
    return filled(s.certified(1, s.form), "amount")


@attack("form", "locked_field_changed")
def locked_field_filled(s):
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["amount"])
    locked = s.theirs(s.certified(2, s.form), s.office.organization, "Lock", lock=lock)
    return filled(locked, "amount")


@attack("form", "locked_field_changed")
def field_filled_under_a_lock_of_all(s):
    locked = s.theirs(s.certified(2, s.form), s.office.organization, "Lock", lock=FieldMDPSpec(FieldMDPAction.ALL))
    return filled(locked, "remark")


@attack("form", "field_changed")
def text_field_added(s):
    revision = Revision(s.letter_sealed)
    number = revision.add(b"<</FT/Tx/T(new)/V(x)/Type/Annot/Subtype/Widget/Rect[72 640 272 690]>>")
    return with_fields(revision, s.letter_sealed, b" %d 0 R" % number).finish()


@attack("form", "annotation_added")
def unsigned_field_covers_the_text(s):
    revision = Revision(s.letter_sealed)
    look = revision.add(stream(b"1 g 0 0 400 40 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 400 40]"))
    number = revision.add(b"<</FT/Sig/T(new)/Type/Annot/Subtype/Widget/Rect[72 740 472 780]/AP<</N %d 0 R>>>>" % look)
    return with_fields(revision, s.letter_sealed, b" %d 0 R" % number).finish()


@attack("form", "signature_removed")
def seal_taken_out_of_the_form(s):
    data = s.letter_sealed
    f = facts(data)
    holder = f["form"] or f["root"]
    body = spelled(data, holder)
    return replaced(data, holder, body.replace(b" %d 0 R]" % f["fields"][-1], b"]", 1))
