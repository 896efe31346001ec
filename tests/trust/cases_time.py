"""Times, time stamps and uses."""

import datetime

from case import CASES, Case, INDETERMINATE, case, constraint, root, stamping
from pki import AUTHORITY, DAY, NOW, extended, issue, usage
from signing import document_stamp, signed

# Times.

@case("time")
def expired_when_signed():
    r = root()
    return Case(signed(issue("A", r, days=(-20, -1))), [r], **INDETERMINATE, sub="EXPIRED", code="expired_at_signing")


@case("time")
def not_yet_valid():
    r = root()
    return Case(signed(issue("A", r, days=(1, 20))), [r], **INDETERMINATE, sub="NOT_YET_VALID", code="certificate_not_yet_valid")


@case("time")
def expired_since():
    r = root()
    return Case(signed(issue("A", r, days=(-20, 20))), [r], at=30, **INDETERMINATE, sub="OUT_OF_BOUNDS_NO_POE", code="expired_no_poe")


@case("time")
def expired_since_and_time_stamped():
    r = root()
    return Case(signed(issue("A", r, days=(-20, 20)), tsa=stamping(r)), [r], at=30,
                **INDETERMINATE, sub="REVOCATION_OUT_OF_BOUNDS_NO_POE", code="revocation_undecidable", level="B-T")


@case("time")
def authority_expired_since():
    r = root()
    a = issue("A", issue("CA", r, ca=True, days=(-20, 20)))
    return Case(signed(a), [r], at=30, **INDETERMINATE, sub="OUT_OF_BOUNDS_NO_POE", code="expired_no_poe")


@case("time")
def root_expired_since():
    r = issue("Root", ca=True, days=(-20, 20))
    return Case(signed(issue("A", r)), [r], at=30, **INDETERMINATE, sub="OUT_OF_BOUNDS_NO_POE", code="expired_no_poe")


@case("time")
def checked_before_it_was_signed():
    r = root()
    return Case(signed(issue("A", r)), [r], at=-1, **INDETERMINATE, sub="SIG_CONSTRAINTS_FAILURE", code="signing_time_in_future")


@case("time")
def time_stamp_of_an_unknown_authority():
    r = root()
    return Case(signed(issue("A", r), tsa=stamping(root())), [r], level="B-B", code="timestamp_missing")


@case("time")
def time_stamp_older_than_the_signature():
    r = root()
    data = signed(issue("A", r), tsa=stamping(r), stamped_at=NOW - 2 * DAY)
    return Case(data, [r], **INDETERMINATE, sub="TIMESTAMP_ORDER_FAILURE", code="time_order_wrong")


@case("time")
def expired_since_under_a_document_time_stamp():
    r = root()
    return Case(document_stamp(signed(issue("A", r, days=(-20, 20))), stamping(r)), [r], at=30,
                **INDETERMINATE, sub="REVOCATION_OUT_OF_BOUNDS_NO_POE", code="revocation_undecidable", level="B-T")


@case("time")
def time_stamp_authority_expired_and_stamped_again():
    r = root()
    first, second = stamping(r, days=(-20, 10)), stamping(r)
    data = document_stamp(signed(issue("A", r, days=(-20, 5)), tsa=first), second)
    return Case(data, [r], at=30, **INDETERMINATE, sub="REVOCATION_OUT_OF_BOUNDS_NO_POE", code="revocation_undecidable", level="B-T")


@case("time")
def time_stamp_authority_expired():
    r = root()
    data = signed(issue("A", r, days=(-20, 5)), tsa=stamping(r, days=(-20, 10)))
    return Case(data, [r], at=30, **INDETERMINATE, sub="OUT_OF_BOUNDS_NO_POE", code="expired_no_poe")


# Usage.

def used(*, use="usual", more=(), **expected):
    r = root()
    return Case(signed(issue("A", r, use=use, more=list(more))), [r], **expected)


WRONG_USE = constraint("key_usage_wrong")
USES = {
    "encryption_only": dict(use=usage("key_encipherment"), **WRONG_USE),
    "certificates_only": dict(use=AUTHORITY, **WRONG_USE),
    "no_usage_stated": dict(use=None),
    "non_repudiation_only": dict(use=usage("content_commitment")),
    "digital_signature_only": dict(use=usage("digital_signature")),
    "servers_only": dict(more=[extended("1.3.6.1.5.5.7.3.1")], **WRONG_USE),
    "code_only": dict(more=[extended("1.3.6.1.5.5.7.3.3")], **WRONG_USE),
    "time_stamps_only": dict(more=[extended("1.3.6.1.5.5.7.3.8")], **WRONG_USE),
    "mail": dict(more=[extended("1.3.6.1.5.5.7.3.4")]),
    "clients": dict(more=[extended("1.3.6.1.5.5.7.3.2")]),
    "documents": dict(more=[extended("1.3.6.1.5.5.7.3.36")]),
    "any_use": dict(more=[extended("2.5.29.37.0")]),
    "servers_and_documents": dict(more=[extended("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.36")]),
}
for title, given in USES.items():
    CASES.append(("usage", title, lambda given=given: used(**given)))


@case("usage")
def time_stamp_authority_without_the_use():
    r = root()
    return Case(signed(issue("A", r), tsa=issue("TSA", r, key=2048)), [r], level="B-B", code="timestamp_missing")


@case("usage")
def time_stamp_authority_with_another_use_beside():
    r = root()
    tsa = stamping(r, more=[extended("1.3.6.1.5.5.7.3.8", "1.3.6.1.5.5.7.3.4")])
    return Case(signed(issue("A", r), tsa=tsa), [r], level="B-B", code="timestamp_missing")


@case("usage")
def time_stamp_use_not_critical():
    r = root()
    tsa = stamping(r, more=[extended("1.3.6.1.5.5.7.3.8", critical=False)])
    return Case(signed(issue("A", r), tsa=tsa), [r], level="B-B", code="timestamp_missing")


@case("usage")
def key_of_1024_bits():
    r = root()
    return Case(signed(issue("A", r, key=1024)), [r], verdict="invalid", sub="CRYPTO_CONSTRAINTS_FAILURE", code="key_too_short")


@case("usage")
def key_of_2048_bits_in_2031():
    r = root()
    years = (datetime.datetime(2031, 2, 1, tzinfo=datetime.timezone.utc) - NOW) / DAY
    a = issue("A", r, key=2048, days=(-20, 2500))
    return Case(signed(a), [r], at=years, **INDETERMINATE, sub="CRYPTO_CONSTRAINTS_FAILURE_NO_POE", code="algorithm_outdated")


@case("usage")
def key_of_2048_bits_in_2031_and_time_stamped():
    r = root()
    years = (datetime.datetime(2031, 2, 1, tzinfo=datetime.timezone.utc) - NOW) / DAY
    tsa = stamping(r, key=3072)
    return Case(signed(issue("A", r, key=2048, days=(-20, 2500)), tsa=tsa), [r], at=years, level="B-T")
