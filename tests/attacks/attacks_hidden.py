"""What no paper names: hidden revisions, orphans, descriptions, proofs, structure."""

import re

from case import attack, replaced
from raw import Revision, facts, opened, spelled, startxref, stream, with_key

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
