"""Forged ranges, wrapping (Mladenov et al. 2019) and what is done to containers."""

import re

from case import attack, with_fields
from keys import NOW
from raw import Revision, facts, spelled

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


@attack("wrapping", "field_changed")
def second_field_for_one_signature(s):
    return with_second_field(s, False)


@attack("wrapping", "signature_wrapped")
def copied_signature(s):
    return with_second_field(s, True)


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
