"""Revisions behind a signature: incremental saving (Mladenov et al. 2019), shadows (Mainka et al. 2021), pages, freed objects, tails."""

import re

from case import attack, changed, replaced
from raw import Revision, facts, opened, spelled, stream, with_key

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
