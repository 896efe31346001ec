"""What is done to signed files, by family: Mladenov et al. 2019 (forged range, wrapping, incremental saving), Mainka et al. 2021
(shadows), Rohlmann et al. 2021 (certification), and what no paper names. Each case states the code by which it has to be named."""

import re

from keys import NOW
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec
from pyhanko.sign.signers.pdf_signer import PdfSigner
from raw import Revision, facts, opened, spelled, startxref, stream, with_key

CASES = []


def attack(family, code):
    def enter(make):
        CASES.append((family, make.__name__, code, make))
        return make
    return enter


def changed(data, number, key, value):
    return Revision(data).put(number, with_key(spelled(data, number), key, value)).finish()


def replaced(data, number, body):
    return Revision(data).put(number, body).finish()


# Universal forgery: a range or a value that means nothing.

def with_range(data, text: bytes):
    at = data.rindex(b"/ByteRange") + 10
    end = data.index(b"]", at) + 1
    return data[:at] + text.ljust(end - at)[:end - at] + data[end:]


def numbers(data):
    at = data.rindex(b"/ByteRange")
    return [int(n) for n in re.findall(rb"\d+", data[at:data.index(b"]", at)])]


@attack("forged range", "byte_range_forged")
def range_missing(s):
    return s.letter_signed.replace(b"/ByteRange", b"/ByteRangX")


@attack("forged range", "byte_range_forged")
def range_null(s):
    return with_range(s.letter_signed, b" null")


@attack("forged range", "byte_range_forged")
def range_negative(s):
    _, a, b, _ = numbers(s.letter_signed)
    return with_range(s.letter_signed, b"[0 %d %d -1]" % (a, b))


@attack("forged range", "byte_range_forged")
def range_of_three(s):
    _, a, b, _ = numbers(s.letter_signed)
    return with_range(s.letter_signed, b"[0 %d %d]" % (a, b))


@attack("forged range", "byte_range_forged")
def range_too_short(s):
    _, a, b, c = numbers(s.letter_signed)
    return with_range(s.letter_signed, b"[0 %d %d %d]" % (a, b, c - 100))


@attack("forged range", "byte_range_forged")
def range_beyond_the_file(s):
    _, a, b, _ = numbers(s.letter_signed)
    return with_range(s.letter_signed, b"[0 %d %d 99999999]" % (a, b))


@attack("forged range", "byte_range_forged")
def range_from_one(s):
    _, a, b, c = numbers(s.letter_signed)
    return with_range(s.letter_signed, b"[1 %d %d %d]" % (a, b, c))


@attack("forged range", "container_unreadable")
def value_of_zeros(s):
    _, a, b, _ = numbers(s.letter_signed)
    data = bytearray(s.letter_signed)
    data[a + 1:b - 1] = b"0" * (b - a - 2)
    return bytes(data)


@attack("forged range", "signature_wrapped")
def value_no_hex(s):
    _, a, b, _ = numbers(s.letter_signed)
    data = bytearray(s.letter_signed)
    data[a:b] = b"(" + b"x" * (b - a - 2) + b")"
    return bytes(data)


# Wrapping: the signed bytes are there, and something else is shown.

@attack("wrapping", "signature_wrapped")
def gap_is_wider(s):
    _, a, b, c = numbers(s.letter_signed)
    return with_range(s.letter_signed, b"[0 %d %d %d]" % (a - 8, b, c))


@attack("wrapping", "signature_wrapped")
def range_covers_the_value(s):
    return with_range(s.letter_signed, b"[0 0 0 %d]" % len(s.letter_signed))


def dictionary_end(data):
    return data.index(b">>", numbers(data)[2]) + 2


@attack("wrapping", "structure_damaged")
def signed_part_moved_behind(s):
    """The classical form: the second signed part goes to the end, other objects stand in its place."""
    _, a, b, c = numbers(s.letter_signed)
    head, value, rest = s.letter_signed[:a], s.letter_signed[a:b], s.letter_signed[b:]
    other = b">>\nendobj\n" + b"%d 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n" % facts(s.letter_signed)["root"]
    data = head + value + other + rest
    return with_range(data, b"[0 %d %d %d]" % (a, b + len(other), c))


def with_second_field(s, copy):
    f = facts(s.letter_signed)
    revision = Revision(s.letter_signed)
    target = f["signatures"][0]
    if copy:
        target = revision.add(spelled(s.letter_signed, target))
    field = revision.add(b"<</FT/Sig/T(organization-1)/V %d 0 R/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132>>" % target)
    return with_fields(revision, s.letter_signed, b" %d 0 R" % field).finish()


def with_fields(revision, data, added):
    """Adds to the form's /Fields, which our base holds in the catalogue."""
    f = facts(data)
    holder = f["form"] or f["root"]
    body = spelled(data, holder)
    at = body.index(b"/Fields")
    end = body.index(b"]", at)
    return revision.put(holder, body[:end] + added + body[end:])


@attack("wrapping", "field_changed")
def second_field_for_one_signature(s):
    return with_second_field(s, False)


@attack("wrapping", "signature_wrapped")
def copied_signature(s):
    return with_second_field(s, True)


# Incremental saving: a revision behind the signature.

@attack("incremental saving", "incremental_page_change")
def contents_replaced(s):
    f = facts(s.letter_sealed)
    return replaced(s.letter_sealed, f["contents"], stream(b"BT /F0 14 Tf 72 760 Td (So tien: 900 000 dong) Tj ET"))


@attack("incremental saving", "incremental_page_change")
def contents_elsewhere(s):
    f = facts(s.letter_sealed)
    revision = Revision(s.letter_sealed)
    new = revision.add(stream(b"q Q"))
    return revision.put(f["page"], with_key(spelled(s.letter_sealed, f["page"]), b"Contents", b"%d 0 R" % new)).finish()


@attack("incremental saving", "incremental_page_change")
def page_turned(s):
    return changed(s.scan_sealed, facts(s.scan_sealed)["page"], b"Rotate", b"180")


@attack("incremental saving", "incremental_page_change")
def page_cropped(s):
    return changed(s.scan_sealed, facts(s.scan_sealed)["page"], b"CropBox", b"[0 0 100 100]")


@attack("incremental saving", "incremental_page_change")
def scan_replaced(s):
    f = facts(s.scan_sealed)
    body = b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
    return replaced(s.scan_sealed, f["image"], stream(b"\0", body))


@attack("incremental saving", "incremental_page_change")
def changed_and_sealed_over(s):
    """The organization's own key signs over a change: the person's signature is still broken by it."""
    return s.theirs(contents_replaced(s), s.office.organization, "Over")


@attack("incremental saving", "incremental_page_change")
def changed_and_changed_back(s):
    old = spelled(s.letter_sealed, facts(s.letter_sealed)["contents"])
    return replaced(contents_replaced(s), facts(s.letter_sealed)["contents"], old)


@attack("incremental saving", "catalog_changed")
def script_added(s):
    return changed(s.letter_sealed, facts(s.letter_sealed)["root"], b"OpenAction", b"<</S/JavaScript/JS(app.alert(1))>>")


@attack("incremental saving", "trailing_data")
def objects_without_table(s):
    f = facts(s.letter_sealed)
    return s.letter_sealed + b"%d 0 obj\n" % f["contents"] + stream(b"q Q") + b"\nendobj\n"


# Shadows: prepared before signing, switched afterwards.

@attack("shadow: hide", "shadow_hide")
def note_taken_away(s):
    f = facts(s.letter_sealed)
    body = spelled(s.letter_sealed, f["page"])
    at, end = body.index(b"/Annots"), body.index(b"]", body.index(b"/Annots"))
    start = body.index(b"[", at)
    return replaced(s.letter_sealed, f["page"], body[:start + 1] + b" ".join(body[start + 1:end].split(b" R")[1:]).strip() + b"]" + body[end + 1:])


@attack("shadow: hide", "incremental_page_change")
def covering_drawing_emptied(s):
    return replaced(s.letter_sealed, drawing(s.letter_sealed), stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]"))


def drawing(data):
    with opened(data) as pdf:
        return pdf.pages[0].obj.Resources.XObject.X0.objgen[0]


def note(data):
    with opened(data) as pdf:
        return pdf.pages[0].obj.Annots[0].objgen[0]


@attack("shadow: hide", "incremental_page_change")
def note_made_nothing(s):
    return replaced(s.letter_sealed, note(s.letter_sealed), b"<</Type/Annot/Subtype/Square/Rect[0 0 0 0]/F 2>>")


@attack("shadow: hide", "incremental_page_change")
def note_made_null(s):
    return replaced(s.letter_sealed, note(s.letter_sealed), b"null")


@attack("shadow: replace", "shadow_replace")
def missing_object_brought_in(s):
    base = s.letter.replace(b"/XObject << /X0", b"/XObject << /X9 90 0 R /X0")
    shift = len(base) - len(s.letter)
    assert shift
    base = rebuilt(base)
    signed = s.ours(base)
    return Revision(signed).put(90, stream(b"q Q", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")).finish()


def rebuilt(data):
    """A fresh table for a file whose objects moved."""
    body = data[:data.rindex(b"xref\n", 0, data.rindex(b"startxref"))]
    trailer = data[data.rindex(b"trailer"):data.rindex(b"startxref")]
    places = {int(m.group(1)): m.start() for m in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    size = max(places) + 1
    lines = [b"0000000000 65535 f \n"] + [b"%010d 00000 n \n" % places[n] for n in range(1, size)]
    at = len(body)
    return body + b"xref\n0 %d\n" % size + b"".join(lines) + trailer + b"startxref\n%d\n%%%%EOF\n" % at


@attack("shadow: replace", "appearance_swapped")
def stamp_shows_another_text(s):
    with opened(s.visible) as pdf:
        look = pdf.Root.AcroForm.Fields[-1].AP.N.objgen[0]
    return replaced(s.visible, look, stream(b"q Q", b"/Type/XObject/Subtype/Form/BBox[0 0 200 80]"))


@attack("shadow: replace", "appearance_swapped")
def stamp_moved(s):
    field = facts(s.visible)["fields"][-1]
    return changed(s.visible, field, b"Rect", b"[0 0 100 100]")


@attack("shadow: replace", "form_changed")
def appearances_made_by_the_reader(s):
    with opened(s.visible) as pdf:
        form = pdf.Root.AcroForm.objgen[0]
    return changed(s.visible, form, b"NeedAppearances", b"true")


@attack("shadow: replace", "font_swapped")
def font_replaced(s):
    return replaced(s.letter_sealed, facts(s.letter_sealed)["font"], b"<</Type/Font/Subtype/Type1/BaseFont/Symbol>>")


@attack("shadow: replace", "font_swapped")
def font_file_replaced(s):
    return replaced(s.letter_sealed, facts(s.letter_sealed)["fontfile2"], stream(b"OTTO"))


@attack("shadow: replace", "font_swapped")
def font_descriptor_replaced(s):
    number = facts(s.letter_sealed)["fontdescriptor"]
    return replaced(s.letter_sealed, number, b"<</Type/FontDescriptor/FontName/Other/Flags 4>>")


def prepared(s):
    """Signed while a second version of the contents lies in the file and no table leads to it."""
    hidden = len(s.letter)
    f = facts(s.letter)
    base = Revision(s.letter).put(f["contents"], stream(b"q Q")).line(0, b"0000000000 65535 f").finish(unlisted=[f["contents"]])
    return s.ours(base), f["contents"], base.index(b"%d 0 obj" % f["contents"], hidden)


@attack("shadow: hide and replace", "shadow_hide_and_replace")
def table_switched_to_hidden_contents(s):
    signed, number, at = prepared(s)
    return Revision(signed).line(number, b"%010d 00000 n" % at).finish()


@attack("shadow: hide and replace", "shadow_hide_and_replace")
def table_switched_to_an_older_catalogue(s):
    old = [m.start() for m in re.finditer(rb"(?<![0-9])%d 0 obj" % facts(s.letter)["root"], s.letter_sealed)]
    return Revision(s.letter_sealed).line(facts(s.letter)["root"], b"%010d 00000 n" % old[0]).finish()


@attack("shadow: hide and replace", "page_tree_swapped")
def another_root(s):
    hidden = s.letter
    base = Revision(hidden)
    pages = base.add(b"<</Type/Pages/Kids[]/Count 0>>")
    root = base.add(b"<</Type/Catalog/Pages %d 0 R>>" % pages)
    # scanseal itself refuses to sign what is on no page.
    signed = s.theirs(base.finish(), s.office.person)
    return Revision(signed, root=root).line(0, b"0000000000 65535 f").finish()


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


# Page tree, freed objects, bytes behind the end.

@attack("page tree", "page_tree_swapped")
def page_added(s):
    f = facts(s.scan_sealed)
    revision = Revision(s.scan_sealed)
    page = revision.add(b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 595 842]>>" % f["pages"])
    return revision.put(f["pages"], b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (f["page"], page)).finish()


@attack("page tree", "page_tree_swapped")
def pages_taken_away(s):
    return replaced(s.scan_sealed, facts(s.scan_sealed)["pages"], b"<</Type/Pages/Kids[]/Count 0>>")


@attack("page tree", "page_tree_swapped")
def other_pages(s):
    f = facts(s.scan_sealed)
    revision = Revision(s.scan_sealed)
    pages = revision.add(b"<</Type/Pages/Kids[]/Count 0>>")
    return revision.put(f["root"], with_key(spelled(s.scan_sealed, f["root"]), b"Pages", b"%d 0 R" % pages)).finish()


@attack("freed", "object_freed")
def contents_freed(s):
    return Revision(s.letter_sealed).free(facts(s.letter_sealed)["contents"]).finish()


@attack("freed", "object_freed")
def drawing_freed(s):
    return Revision(s.letter_sealed).free(drawing(s.letter_sealed)).finish()


@attack("freed", "object_freed")
def generation_raised(s):
    number = facts(s.letter_sealed)["contents"]
    return Revision(s.letter_sealed).put(number, spelled(s.letter_sealed, number), generation=1).finish()


@attack("behind the end", "trailing_data")
def text_behind_the_end(s):
    return s.letter_sealed + b"<html><script>alert(1)</script></html>"


@attack("behind the end", "trailing_data")
def empty_lines_behind_the_end(s):
    return s.letter_sealed + b"\n\n\n\n"


@attack("behind the end", "trailing_data")
def zeros_behind_the_end(s):
    return s.letter_sealed + b"\0" * 512


# Hidden revisions, orphans, revisions without a reason.

@attack("hidden", "hidden_revision")
def seal_passed_over(s):
    return Revision(s.letter_sealed, prev=startxref(s.letter_signed)).line(0, b"0000000000 65535 f").finish()


@attack("hidden", "hidden_revision")
def all_signatures_passed_over(s):
    return Revision(s.letter_sealed, prev=startxref(s.letter)).line(0, b"0000000000 65535 f").finish()


@attack("hidden", "hidden_revision")
def passed_over_and_signed_over(s):
    return s.theirs(all_signatures_passed_over(s), s.office.organization, "Over")


@attack("hidden", "hidden_revision")
def another_file_behind(s):
    moved = s.letter
    shift = len(s.letter_sealed)
    table = moved.rindex(b"xref\n", 0, moved.rindex(b"startxref"))
    body = re.sub(rb"(?m)^(\d{10}) (\d{5}) n", lambda m: b"%010d %s n" % (int(m.group(1)) + shift, m.group(2)), moved[table:])
    body = re.sub(rb"startxref\s+(\d+)", lambda m: b"startxref\n%d" % (int(m.group(1)) + shift), body)
    return s.letter_sealed + moved[:table] + body


@attack("hidden", "hidden_bytes")
def object_that_no_table_lists(s):
    f = facts(s.letter_sealed)
    return (Revision(s.letter_sealed).put(f["contents"], stream(b"q Q")).line(0, b"0000000000 65535 f")
            .finish(unlisted=[f["contents"]]))


@attack("hidden", "hidden_bytes")
def garbage_in_front_of_a_revision(s):
    return Revision(s.letter_sealed, lead=b"garbage\n").line(0, b"0000000000 65535 f").finish()


@attack("hidden", "orphan_object")
def orphan(s):
    revision = Revision(s.letter_sealed)
    revision.add(b"<</Type/Page/Contents 1 0 R>>")
    return revision.finish()


@attack("hidden", "revision_unexplained")
def empty_revision(s):
    return Revision(s.letter_sealed).line(0, b"0000000000 65535 f").finish()


@attack("hidden", "revision_unexplained")
def same_object_again(s):
    number = facts(s.letter_sealed)["contents"]
    return replaced(s.letter_sealed, number, spelled(s.letter_sealed, number))


# Descriptions and proofs.

@attack("descriptions", "metadata_changed")
def outage_changed(s):
    f = facts(s.scan_sealed)
    body = spelled(s.scan_sealed, f["metadata"])
    start = body.index(b"stream\n") + 7
    packet = body[start:body.rindex(b"\nendstream")]
    entries = b"/Type/Metadata/Subtype/XML"
    return replaced(s.scan_sealed, f["metadata"], stream(packet.replace(b"<rdf:RDF", b"<rdf:RDF xmlns:q='q'", 1).replace(
        b"</rdf:RDF>", b"<rdf:Description rdf:about='' xmlns:q='q'><q:a>1</q:a></rdf:Description></rdf:RDF>"), entries))


@attack("descriptions", "metadata_changed")
def metadata_taken_away(s):
    f = facts(s.scan_sealed)
    return replaced(s.scan_sealed, f["root"], with_key(spelled(s.scan_sealed, f["root"]), b"Metadata", None))


@attack("descriptions", "information_changed")
def title_changed(s):
    return replaced(s.letter_sealed, facts(s.letter_sealed)["info"], b"<</Title(Other)>>")


@attack("descriptions", "catalog_changed")
def file_attached(s):
    f = facts(s.letter_sealed)
    revision = Revision(s.letter_sealed)
    names = revision.add(b"<</EmbeddedFiles<</Names[]>>>>")
    return revision.put(f["root"], with_key(spelled(s.letter_sealed, f["root"]), b"Names", b"%d 0 R" % names)).finish()


def with_store(s, content):
    f = facts(s.letter_sealed)
    revision = Revision(s.letter_sealed)
    item = revision.add(stream(content))
    store = revision.add(b"<</Type/DSS/Certs[%d 0 R]>>" % item)
    return revision.put(f["root"], with_key(spelled(s.letter_sealed, f["root"]), b"DSS", b"%d 0 R" % store)).finish()


@attack("proofs", "validation_data_changed")
def garbage_for_a_certificate(s):
    return with_store(s, b"garbage that is no certificate")


@attack("proofs", "validation_data_changed")
def proofs_taken_away(s):
    data = s.with_proofs(s.letter_sealed, certificates=[s.office.root.der], lists=[s.office.crl()])
    with opened(data) as pdf:
        number = pdf.Root.DSS.objgen[0]
    return replaced(data, number, b"<</Type/DSS>>")


@attack("proofs", "digest_mismatch")
def time_stamp_over_something_else(s):
    stamped = s.stamped(s.letter_sealed)
    data = bytearray(stamped)
    # A digit of the revision of the time stamp: the second half of its /ID.
    where = stamped.rindex(b"/ID")
    where = stamped.index(b"<", stamped.index(b">", where)) + 1
    data[where] = ord("1") if data[where] == ord("0") else ord("0")
    return bytes(data)


# Structure.

def patched_trailer(data, old, new):
    at = data.rindex(old)
    return data[:at] + new + data[at + len(old):]


@attack("structure", "hybrid_file")
def hybrid(s):
    return patched_trailer(s.letter_sealed, b"/Root", b"/XRefStm 9/Root")


@attack("structure", "encrypted_file")
def encrypted(s):
    return patched_trailer(s.letter_sealed, b"/Root", b"/Encrypt 9 0 R/Root")


@attack("structure", "duplicate_key")
def size_stated_twice(s):
    return patched_trailer(s.letter_sealed, b"/Root", b"/Size 3/Root")


@attack("structure", "structure_damaged")
def table_lists_an_object_twice(s):
    number = facts(s.letter_sealed)["contents"]
    data = replaced(s.letter_sealed, number, stream(b"q Q"))
    at = data.rindex(b"trailer")
    line = data[data.rindex(b"\nxref\n", 0, at) + 6:at]
    return data[:at] + line + data[at:]


@attack("structure", "structure_damaged")
def prev_in_a_circle(s):
    return Revision(s.letter_sealed, prev=len(s.letter_sealed)).line(0, b"0000000000 65535 f").finish()


@attack("structure", "trailing_data")
def cut_off(s):
    return s.letter_sealed[:-40]


# Cryptography.

@attack("cryptography", "digest_mismatch")
def a_letter_changed_in_place(s):
    return s.letter_signed.replace(b"/Ascent 891", b"/Ascent 892", 1)


@attack("cryptography", "container_padding")
def bytes_behind_the_container(s):
    data = s.theirs(s.letter, s.office.person)
    end = numbers(data)[2] - 1
    return data[:end - 2] + b"01" + data[end:]


@attack("cryptography", "weak_algorithm")
def sha1_container(s):
    from pyhanko.sign.fields import SigSeedSubFilter
    return s.theirs(s.letter, s.office.person, sub_filter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, md="sha1")


@attack("cryptography", "weak_algorithm")
def old_sub_filter(s):
    from pyhanko.sign.fields import SigSeedSubFilter
    data = s.theirs(s.letter, s.office.person, sub_filter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    return data.replace(b"/adbe.pkcs7.detached", b"/adbe.pkcs7.sha1    ")


def with_container(data, edit):
    """The same file with another container."""
    from asn1crypto import cms
    _, a, b, _ = numbers(data)
    container = cms.ContentInfo.load(bytes.fromhex(data[a + 1:b - 1].decode()), strict=False)
    out = edit(container).hex().encode().ljust(b - a - 2, b"0")
    assert len(out) == b - a - 2
    return data[:a + 1] + out + data[b - 1:]


def signer_info(container):
    return container["content"]["signer_infos"][0]


@attack("cryptography", "signature_value_wrong")
def value_of_somebody_else(s):
    data = s.theirs(s.letter, s.office.person)

    def edit(container):
        signer_info(container)["signature"] = bytes(len(signer_info(container)["signature"].native))
        return container.dump(force=True)
    return with_container(data, edit)


@attack("cryptography", "attributes_not_der")
def attributes_out_of_order(s):
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    data = s.theirs(s.letter, s.office.person)

    def edit(container):
        raw = container.dump()
        info = signer_info(container)
        stored = info["signed_attrs"].dump()
        items = [attribute.dump() for attribute in info["signed_attrs"]]
        items.reverse()
        head = stored[:len(stored) - sum(map(len, items))]
        turned = head + b"".join(items)
        value = s.office.person.key.sign(b"\x31" + turned[1:], PKCS1v15(), hashes.SHA256())
        return raw.replace(stored, turned).replace(info["signature"].native, value)
    return with_container(data, edit)


@attack("cryptography", "attributes_wrong")
def two_signers(s):
    data = s.theirs(s.letter, s.office.person)

    def edit(container):
        container["content"]["signer_infos"].append(signer_info(container).copy())
        return container.dump(force=True)
    return with_container(data, edit)


@attack("cryptography", "certificate_mismatch")
def certificate_exchanged(s):
    """Another certificate for the same key and of the same name and number, as a careless authority would issue it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    old = s.office.person.certificate
    builder = (x509.CertificateBuilder().subject_name(old.subject).issuer_name(old.issuer).public_key(old.public_key())
               .serial_number(old.serial_number).not_valid_before(NOW).not_valid_after(old.not_valid_after_utc))
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    new = builder.sign(s.office.root.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    data = s.theirs(s.letter, s.office.person)

    def edit(container):
        from asn1crypto import cms
        certificates = container["content"]["certificates"]
        kept = [c for c in certificates if c.dump() != s.office.person.der]
        container["content"]["certificates"] = cms.CertificateSet([cms.CertificateChoices.load(new), *kept])
        return container.dump(force=True)
    return with_container(data, edit)

