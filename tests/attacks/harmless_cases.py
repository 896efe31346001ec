"""What may happen to a signed file, and files that look unusual and are sound. Each has to be valid."""

import pikepdf
from attacks_allowed import filled
from case import HARMLESS, harmless
from keys import issue
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field
from raw import Revision, facts, opened, spelled, stream, with_key

def save_as(**options):
    from files import saved
    return lambda s: s.ours(saved(s.letter, **options), "person")


# Signatures of ours over files of many writers.

@harmless("one signature")
def written_letter(s):
    return s.letter_signed


@harmless("one signature")
def scanned_letter(s):
    return s.scan_signed


BASES = {
    "object_streams": dict(object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "linearized": dict(linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.disable),
    "linearized_object_streams": dict(linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "normalized_content": dict(normalize_content=True),
    "older_version": dict(force_version="1.4"),
    "version_2": dict(force_version="2.0"),
}
for title, options in BASES.items():
    make = save_as(**options)
    HARMLESS.append(("one signature", f"base_{title}", make))
    HARMLESS.append(("two signatures", f"sealed_base_{title}", lambda s, make=make: s.ours(make(s), "organization")))


@harmless("two signatures")
def person_and_organization(s):
    return s.letter_sealed


@harmless("two signatures")
def scan_person_and_organization(s):
    return s.scan_sealed


@harmless("two signatures")
def three_signatures(s):
    return s.ours(s.letter_sealed, "organization")


@harmless("two signatures")
def ours_then_pyhanko(s):
    return s.theirs(s.letter_signed, s.office.organization, "Seal")


@harmless("two signatures")
def ours_then_pyhanko_on_a_scan(s):
    """pyHanko renews the dates in XMP and /Info."""
    return s.theirs(s.scan_signed, s.office.organization, "Seal")


@harmless("two signatures")
def ours_then_pyhanko_visibly(s):
    return s.visible


@harmless("two signatures")
def pyhanko_then_ours(s):
    return s.ours(s.theirs(s.letter, s.office.person), "organization")


@harmless("two signatures")
def pyhanko_on_object_streams_then_ours(s):
    from files import saved
    base = saved(s.letter, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return s.ours(s.theirs(base, s.office.person), "organization")


@harmless("two signatures")
def old_detached_form_then_ours(s):
    from pyhanko.sign.fields import SigSeedSubFilter
    return s.ours(s.theirs(s.letter, s.office.person, sub_filter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED), "organization")


@harmless("two signatures")
def field_prepared_and_signed_later(s):
    import io
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    out = io.BytesIO(s.letter)
    writer = IncrementalPdfFileWriter(out)
    append_signature_field(writer, SigFieldSpec("Prepared", box=(72, 640, 272, 690)))
    writer.write_in_place()
    signed = s.ours(out.getvalue())
    return s.theirs(signed, s.office.organization, "Prepared", new=False)


@harmless("two signatures")
def open_field_added_behind_a_signature(s):
    import io
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    out = io.BytesIO(s.letter_signed)
    writer = IncrementalPdfFileWriter(out)
    append_signature_field(writer, SigFieldSpec("Open"))
    writer.write_in_place()
    return out.getvalue()


# Algorithms.

def signed_with(kind, **options):
    def make(s):
        from files import signer_of
        key = issue("Nguyễn Văn A", s.office.root, kind=kind)
        md = options.get("md", "sha256")
        return s.theirs(s.letter, key, signer=signer_of(key, prefer_pss=options.get("pss", False)), md=md)
    return make


for kind, options in [("rsa:2048", dict(md="sha384")), ("rsa:2048", dict(md="sha512")), ("rsa:3072", {}), ("rsa:4096", {}),
                      ("rsa:2048", dict(pss=True)), ("rsa:2048", dict(pss=True, md="sha512")), ("p256", {}), ("p384", dict(md="sha384"))]:
    title = "_".join(["algorithm", kind.replace(":", ""), *(["pss"] if options.get("pss") else []), options.get("md", "sha256")])
    HARMLESS.append(("algorithms", title, signed_with(kind, **options)))


# Time stamps and proofs.

@harmless("proofs")
def signature_time_stamp(s):
    return s.theirs(s.letter, s.office.person, stamp=True)


@harmless("proofs")
def document_time_stamp(s):
    return s.stamped(s.letter_sealed)


@harmless("proofs")
def two_document_time_stamps(s):
    return s.stamped(s.stamped(s.letter_sealed))


def proofs(s):
    return dict(certificates=[s.office.root.der, s.office.person.der], lists=[s.office.crl()])


@harmless("proofs")
def validation_data(s):
    return s.with_proofs(s.letter_sealed, **proofs(s))


@harmless("proofs")
def validation_data_twice(s):
    return s.with_proofs(s.with_proofs(s.letter_sealed, certificates=[s.office.root.der]), **proofs(s))


@harmless("proofs")
def validation_data_and_document_time_stamp(s):
    return s.stamped(s.with_proofs(s.theirs(s.letter, s.office.person, stamp=True), **proofs(s)))


@harmless("proofs")
def proofs_renewed(s):
    once = validation_data_and_document_time_stamp(s)
    return s.stamped(s.with_proofs(once, certificates=[s.office.tsa.der]))


@harmless("proofs")
def proofs_between_two_signatures(s):
    return s.ours(s.with_proofs(s.letter_signed, **proofs(s)), "organization")


@harmless("proofs")
def time_stamp_after_certification_1(s):
    return s.stamped(s.certified(1))


@harmless("proofs")
def validation_data_after_certification_1(s):
    return s.with_proofs(s.certified(1), **proofs(s))


# Certification and forms, as far as the first signer allows.

@harmless("certification")
def certified_1(s):
    return s.certified(1)


@harmless("certification")
def certified_2_then_ours(s):
    return s.ours(s.certified(2), "organization")


@harmless("certification")
def certified_3_then_ours(s):
    return s.ours(s.certified(3), "organization")


@harmless("certification")
def certified_2_then_filled(s):
    return filled(s.certified(2, s.form), "amount")


@harmless("certification")
def certified_2_then_filled_twice(s):
    return filled(filled(s.certified(2, s.form), "amount"), "remark", b"(paid)")


@harmless("certification")
def certified_3_then_filled_then_sealed(s):
    return s.theirs(filled(s.certified(3, s.form), "remark"), s.office.organization, "Seal")


@harmless("certification")
def certified_2_then_filled_in_place(s):
    """The appearance is written anew under its old number."""
    data = s.certified(2, s.form)
    with opened(data) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        number, look = field.objgen[0], field.AP.N.objgen[0]
    return (Revision(data).put(number, with_key(spelled(data, number), b"V", b"(1)"))
            .put(look, stream(b"/Tx BMC BT (1) Tj ET EMC", b"/Type/XObject/Subtype/Form/BBox[0 0 200 20]")).finish())


@harmless("certification")
def unlocked_field_filled(s):
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, fields=["amount"])
    return filled(s.theirs(s.certified(2, s.form), s.office.organization, "Lock", lock=lock), "remark")


@harmless("certification")
def field_outside_of_an_excluding_lock(s):
    lock = FieldMDPSpec(FieldMDPAction.EXCLUDE, fields=["remark"])
    return filled(s.theirs(s.certified(2, s.form), s.office.organization, "Lock", lock=lock), "remark")


@harmless("certification")
def time_stamp_under_a_lock_of_all(s):
    return s.stamped(s.theirs(s.letter_signed, s.office.organization, "Lock", lock=FieldMDPSpec(FieldMDPAction.ALL)))


# Spelling.

def sealed_by_hand(s, **options):
    """A revision by hand in front of a further signature; it has a reason: an open field."""
    revision = Revision(s.letter_signed, **options)
    f = facts(s.letter_signed)
    field = revision.add(b"<</FT/Sig/T(open)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132>>")
    holder = f["form"] or f["root"]
    body = spelled(s.letter_signed, holder)
    end = body.index(b"]", body.index(b"/Fields"))
    return revision.put(holder, body[:end] + b" %d 0 R" % field + body[end:])


@harmless("spelling")
def a_comment_with_the_name_of_a_program(s):
    return sealed_by_hand(s, lead=b"% made by a program\n").finish()


@harmless("spelling")
def a_comment_in_front_of_startxref(s):
    return sealed_by_hand(s, tail=b"%iText-Core-9.0\n").finish()


@harmless("spelling")
def white_space_between_objects(s):
    return sealed_by_hand(s, lead=b"\r\n  \t\n").finish()


@harmless("spelling")
def no_end_of_line_at_the_end(s):
    return sealed_by_hand(s).finish().rstrip(b"\n")


@harmless("spelling")
def another_end_of_line_at_the_end(s):
    return sealed_by_hand(s).finish()[:-1] + b"\r\n"


@harmless("spelling")
def the_same_objects_again_beside_a_field(s):
    number = facts(s.letter_signed)["contents"]
    return sealed_by_hand(s).put(number, spelled(s.letter_signed, number)).finish()


@harmless("spelling")
def object_zero_listed_again(s):
    return sealed_by_hand(s).line(0, b"0000000000 65535 f").finish()


@harmless("spelling")
def unused_numbers_listed_as_free(s):
    return sealed_by_hand(s).line(300, b"0000000000 00000 f").finish()


@harmless("spelling")
def version_raised_and_extension_named(s):
    revision = sealed_by_hand(s)
    f = facts(s.letter_signed)
    number, _, body = next(o for o in revision.objects if o[0] == (f["form"] or f["root"]))
    if number != f["root"]:
        revision.put(f["root"], spelled(s.letter_signed, f["root"]))
        body = spelled(s.letter_signed, f["root"])
    revision.objects = [o for o in revision.objects if o[0] != f["root"]]
    extensions = b"<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>"
    return revision.put(f["root"], with_key(with_key(body, b"Version", b"/2.0"), b"Extensions", extensions)).finish()
