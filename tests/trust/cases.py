"""The cases: what is made, and what the verdict has to be, stated before anything is run.

A case gives the file and what has to be said about its signature: verdict, sub-indication (ETSI EN 319 102-1 5.1.3), revocation, and
a code that has to be among the reasons. `trust` are the anchors, `at` the time of the check in days from now.
"""

import datetime
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pki import (AUTHORITY, DAY, EXPIRED_STAY, HOUR, NO_CHECK, NOW, OCSP_SIGNING, answer, crl, extended, issue, name, point, published,
                 scope, unknown, usage)
from signing import document_stamp, signed, with_evidence

CASES = []


@dataclass
class Case:
    data: bytes
    trust: list
    verdict: str = "valid"
    sub: str | None = None
    revocation: str = "unknown"
    code: str | None = None
    at: float = 0
    level: str | None = None
    cached: list = field(default_factory=list)


def case(group):
    def enter(make):
        CASES.append((group, make.__name__, make))
        return make
    return enter


def root(**options):
    return issue("Root", ca=True, days=(-400, 4000), **options)


def stamping(r, **options):
    options = {"more": [extended("1.3.6.1.5.5.7.3.8")], "days": (-20, 2000), "key": 2048, **options}
    return issue("TSA", r, **options)


INDETERMINATE = dict(verdict="indeterminate")
NO_CHAIN = dict(**INDETERMINATE, sub="NO_CERTIFICATE_CHAIN_FOUND", code="untrusted")
BROKEN_CHAIN = dict(**INDETERMINATE, sub="CERTIFICATE_CHAIN_GENERAL_FAILURE", code="path_invalid")


def constraint(code):
    return dict(**INDETERMINATE, sub="CHAIN_CONSTRAINTS_FAILURE", code=code)


# Paths.

@case("path")
def signer_under_the_root():
    r = root()
    return Case(signed(issue("A", r)), [r])


@case("path")
def one_authority_between():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=True))), [r])


@case("path")
def three_authorities_between():
    r = root()
    return Case(signed(issue("A", issue("C3", issue("C2", issue("C1", r, ca=True), ca=True), ca=True))), [r])


@case("path")
def authority_between_is_the_anchor():
    ca = issue("CA", root(), ca=True)
    return Case(signed(issue("A", ca)), [ca])


@case("path")
def signer_is_the_anchor():
    a = issue("A")
    return Case(signed(a), [a])


@case("path")
def nobody_knows_the_issuer():
    return Case(signed(issue("A", issue("Other", ca=True))), [root()], **NO_CHAIN)


@case("path")
def authority_missing():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=True)), carry=[]), [r], **NO_CHAIN)


@case("path")
def authority_in_the_validation_data():
    r = root()
    ca = issue("CA", r, ca=True)
    return Case(with_evidence(signed(issue("A", ca), carry=[]), certificates=[ca.der]), [r])


@case("path")
def root_of_the_same_name():
    return Case(signed(issue("A", root())), [root()], **BROKEN_CHAIN)


@case("path")
def rogue_authority_of_the_same_name():
    r = root()
    real = issue("CA", r, ca=True)
    rogue = issue("CA", root(), ca=True)
    return Case(signed(issue("A", rogue), carry=[real.der, rogue.der]), [r], **BROKEN_CHAIN)


@case("path")
def authority_with_a_new_key():
    r = root()
    old, new = issue("CA", r, ca=True), issue("CA", r, ca=True)
    return Case(signed(issue("A", new), carry=[old.der, new.der]), [r])


@case("path")
def cross_certified():
    r, other = root(), issue("Other root", ca=True)
    crossed = issue("Other root", r, ca=True, key=other.key)
    return Case(signed(issue("A", other), carry=[crossed.der]), [r])


@case("path")
def cross_certificate_missing():
    other = issue("Other root", ca=True)
    return Case(signed(issue("A", other)), [root()], **NO_CHAIN)


@case("path")
def cross_certificates_in_a_circle():
    one, two = issue("One", ca=True), issue("Two", ca=True)
    circle = [issue("One", two, ca=True, key=one.key).der, issue("Two", one, ca=True, key=two.key).der]
    return Case(signed(issue("A", one), carry=circle), [root()], **NO_CHAIN)


@case("path")
def signer_issues_a_certificate():
    r = root()
    leaf = issue("A", r)
    return Case(signed(issue("B", leaf)), [r], **BROKEN_CHAIN)


@case("path")
def authority_without_the_mark_of_one():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=None, use=AUTHORITY))), [r], **BROKEN_CHAIN)


@case("path")
def authority_that_may_not_sign_certificates():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=True, use=usage("crl_sign")))), [r], **BROKEN_CHAIN)


@case("path")
def path_longer_than_allowed():
    r = root()
    first = issue("C1", r, ca=True, length=0)
    return Case(signed(issue("A", issue("C2", first, ca=True))), [r], **constraint("path_too_long"))


@case("path")
def path_as_long_as_allowed():
    r = root()
    return Case(signed(issue("A", issue("C2", issue("C1", r, ca=True, length=1), ca=True, length=0))), [r])


def names(**given):
    return x509.NameConstraints(given.get("permitted"), given.get("excluded")), True


SUBTREE = [x509.DirectoryName(x509.Name(list(name("x"))[:2]))]


@case("constraints")
def name_inside_the_permitted_ones():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=True, more=[names(permitted=SUBTREE)]))), [r])


@case("constraints")
def name_outside_of_the_permitted_ones():
    r = root()
    ca = issue("CA", r, ca=True, more=[names(permitted=SUBTREE)])
    return Case(signed(issue("A", ca, organization="Other")), [r], **constraint("path_names"))


@case("constraints")
def excluded_name():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=True, more=[names(excluded=SUBTREE)]))), [r], **constraint("path_names"))


@case("constraints")
def name_beside_the_excluded_ones():
    r = root()
    ca = issue("CA", r, ca=True, more=[names(excluded=SUBTREE)])
    return Case(signed(issue("A", ca, organization="Other")), [r])


@case("constraints")
def unknown_critical_extension_of_the_signer():
    r = root()
    return Case(signed(issue("A", r, more=[unknown(True)])), [r], **constraint("path_unknown_extension"))


@case("constraints")
def unknown_critical_extension_of_the_authority():
    r = root()
    return Case(signed(issue("A", issue("CA", r, ca=True, more=[unknown(True)]))), [r], **constraint("path_unknown_extension"))


@case("constraints")
def unknown_extension_that_is_not_critical():
    r = root()
    return Case(signed(issue("A", r, more=[unknown(False)])), [r])


EXPLICIT = (x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None), True)


def policies(oid):
    return x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(oid), None)]), False


@case("constraints")
def policy_demanded_and_missing():
    r = root()
    ca = issue("CA", r, ca=True, more=[EXPLICIT, policies("1.2.3.4")])
    return Case(signed(issue("A", ca)), [r], **constraint("path_policies"))


@case("constraints")
def policy_demanded_and_there():
    r = root()
    ca = issue("CA", r, ca=True, more=[EXPLICIT, policies("1.2.3.4")])
    return Case(signed(issue("A", ca, more=[policies("1.2.3.4")])), [r])


@case("constraints")
def another_policy_than_demanded():
    r = root()
    ca = issue("CA", r, ca=True, more=[EXPLICIT, policies("1.2.3.4")])
    return Case(signed(issue("A", ca, more=[policies("1.2.3.5")])), [r], **constraint("path_policies"))


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
    return Case(signed(issue("A", r, days=(-20, 20)), tsa=stamping(r)), [r], at=30, level="B-T")


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
    return Case(document_stamp(signed(issue("A", r, days=(-20, 20))), stamping(r)), [r], at=30, level="B-T")


@case("time")
def time_stamp_authority_expired_and_stamped_again():
    r = root()
    first, second = stamping(r, days=(-20, 10)), stamping(r)
    data = document_stamp(signed(issue("A", r, days=(-20, 5)), tsa=first), second)
    return Case(data, [r], at=30, level="B-T")


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


# Revocation: evidence that counts, and evidence that does not.

def evidence(lists=None, answers=None, *, a=None, r=None, expected=None, tsa=False, more=(), days=(-20, 200), **options):
    """A signer right under the root; `lists` and `answers` are made from root and signer."""
    r = r or root()
    a = a or issue("A", r, more=list(more), days=days)
    data = signed(a, tsa=stamping(r) if tsa else None)
    data = with_evidence(data, lists=[make(r, a) for make in lists or []], answers=[make(r, a) for make in answers or []])
    return Case(data, [r], **{**options, **(expected or {})})


GOOD = dict(revocation="good")


@case("evidence")
def list_that_does_not_name_the_signer():
    return evidence([lambda r, a: crl(r)], **GOOD)


@case("evidence")
def answer_of_the_issuer():
    return evidence(None, [lambda r, a: answer(a, r)], **GOOD)


@case("evidence")
def answer_of_the_issuer_by_name():
    return evidence(None, [lambda r, a: answer(a, r, by_name=True)], **GOOD)


@case("evidence")
def whole_path_by_two_lists():
    r = root()
    ca = issue("CA", r, ca=True)
    return Case(with_evidence(signed(issue("A", ca)), lists=[crl(r), crl(ca)]), [r], **GOOD)


@case("evidence")
def nothing_about_the_authority():
    r = root()
    ca = issue("CA", r, ca=True)
    return Case(with_evidence(signed(issue("A", ca)), lists=[crl(ca)]), [r])


@case("evidence")
def long_term_file():
    r = root()
    data = with_evidence(signed(issue("A", r), tsa=stamping(r)), lists=[crl(r)])
    return Case(data, [r], **GOOD, level="B-LT")


@case("evidence")
def archived_file():
    r = root()
    data = with_evidence(signed(issue("A", r), tsa=stamping(r)), lists=[crl(r)])
    return Case(document_stamp(data, stamping(r)), [r], **GOOD, level="B-LTA")


@case("evidence")
def archived_file_after_twenty_months():
    r = root()
    data = with_evidence(signed(issue("A", r), tsa=stamping(r)), lists=[crl(r)])
    return Case(document_stamp(data, stamping(r)), [r], at=600, **GOOD, level="B-LTA")


def responder(r, **options):
    return issue("Responder", options.pop("issuer", r), **{"more": [OCSP_SIGNING, NO_CHECK], "use": usage("digital_signature"), **options})


@case("evidence")
def answer_of_a_responder():
    return evidence(None, [lambda r, a: answer(a, r, responder=responder(r))], **GOOD)


@case("evidence")
def responder_that_would_need_a_check_itself():
    return evidence(None, [lambda r, a: answer(a, r, responder=responder(r, more=[OCSP_SIGNING]))])


@case("evidence")
def responder_without_the_right():
    return evidence(None, [lambda r, a: answer(a, r, responder=responder(r, more=[NO_CHECK]))])


@case("evidence")
def responder_of_somebody_else():
    return evidence(None, [lambda r, a: answer(a, r, responder=responder(r, issuer=root()))])


@case("evidence")
def responder_expired():
    return evidence(None, [lambda r, a: answer(a, r, responder=responder(r, days=(-20, -1)))])


@case("evidence")
def signer_answers_about_himself():
    return evidence(None, [lambda r, a: answer(a, r, responder=a)])


@case("evidence")
def answer_about_another_certificate():
    return evidence(None, [lambda r, a: answer(issue("B", r), r)])


@case("evidence")
def answer_that_nobody_knows_the_certificate():
    return evidence(None, [lambda r, a: answer(a, r, status="UNKNOWN")])


@case("evidence")
def old_answer():
    return evidence(None, [lambda r, a: answer(a, r, hours=(-72, -24))])


@case("evidence")
def old_list():
    return evidence([lambda r, a: crl(r, days=(-9, -2))])


@case("evidence")
def list_by_another_key_of_the_same_name():
    return evidence([lambda r, a: crl(r, key=ec.generate_private_key(ec.SECP256R1()))])


@case("evidence")
def issuer_that_may_not_sign_lists():
    r = root(use=usage("key_cert_sign"))
    return evidence([lambda r, a: crl(r)], r=r)


@case("evidence")
def delta_list():
    return evidence([lambda r, a: crl(r, more=[(x509.CRLNumber(2), False), (x509.DeltaCRLIndicator(1), True)])], code="crl_delta")


@case("evidence")
def indirect_list():
    return evidence([lambda r, a: crl(r, more=[scope(indirect_crl=True)])], code="crl_indirect")


@case("evidence")
def list_for_some_reasons():
    reasons = frozenset([x509.ReasonFlags.key_compromise])
    return evidence([lambda r, a: crl(r, more=[scope(only_some_reasons=reasons)])], code="crl_partial")


@case("evidence")
def list_for_authorities_only():
    return evidence([lambda r, a: crl(r, more=[scope(only_contains_ca_certs=True)])], code="crl_partial")


@case("evidence")
def list_for_persons_only():
    return evidence([lambda r, a: crl(r, more=[scope(only_contains_user_certs=True)])], **GOOD)


@case("evidence")
def list_of_the_right_part():
    url = "http://crl.example/1.crl"
    return evidence([lambda r, a: crl(r, more=[scope(full_name=point(url))])], more=[published(url)], **GOOD)


@case("evidence")
def list_of_another_part():
    lists = [lambda r, a: crl(r, more=[scope(full_name=point("http://crl.example/2.crl"))])]
    return evidence(lists, more=[published("http://crl.example/1.crl")], code="crl_partial")


@case("evidence")
def list_with_an_unknown_critical_extension():
    return evidence([lambda r, a: crl(r, more=[unknown(True)])], code="crl_unknown_extension")


@case("evidence")
def evidence_from_after_the_time_of_the_check():
    return evidence([lambda r, a: crl(r, days=(3, 30))], at=1)


@case("evidence")
def evidence_from_after_the_time_stamp():
    """The right order: first the time stamp, then the list."""
    return evidence([lambda r, a: crl(r, days=(3, 5))], tsa=True, at=30, **GOOD, level="B-LT")


@case("evidence")
def list_from_after_the_certificate_expired():
    return evidence([lambda r, a: crl(r, days=(25, 60))], tsa=True, days=(-20, 20), at=30)


@case("evidence")
def list_that_keeps_expired_certificates():
    return evidence([lambda r, a: crl(r, days=(25, 60), more=[EXPIRED_STAY])], tsa=True, days=(-20, 20), at=30, **GOOD)


@case("evidence")
def list_in_the_folder_of_the_station():
    r = root()
    return Case(signed(issue("A", r)), [r], cached=[crl(r)], **GOOD, level="B-B")


# Revocation: what follows from a date.

REVOKED = dict(verdict="invalid", sub="REVOKED", revocation="revoked", code="revoked")
UNPROVEN = dict(**INDETERMINATE, sub="REVOKED_NO_POE", revocation="revoked", code="revoked_no_poe")
LATER = dict(revocation="good", code="revoked_later")


@case("revoked")
def before_signing():
    return evidence([lambda r, a: crl(r, [(a.serial, NOW - 5 * DAY)])], expected=REVOKED)


@case("revoked")
def before_signing_by_an_answer():
    return evidence(None, [lambda r, a: answer(a, r, status="REVOKED", revoked=NOW - 5 * DAY)], expected=REVOKED)


@case("revoked")
def before_signing_as_superseded():
    return evidence([lambda r, a: crl(r, [(a.serial, NOW - 5 * DAY, "superseded")])], expected=REVOKED)


@case("revoked")
def before_signing_says_the_folder_of_the_station():
    """The file brings an older list in which all was well."""
    r = root()
    a = issue("A", r)
    data = with_evidence(signed(a), lists=[crl(r, days=(-9, 30))])
    return Case(data, [r], cached=[crl(r, [(a.serial, NOW - 5 * DAY)])], **REVOKED)


@case("revoked")
def after_signing_without_a_time_stamp():
    return evidence([lambda r, a: crl(r, [(a.serial, NOW + 5 * DAY)], days=(6, 30))], at=10, expected=UNPROVEN)


@case("revoked")
def after_the_time_stamp():
    return evidence([lambda r, a: crl(r, [(a.serial, NOW + 5 * DAY)], days=(6, 30))], tsa=True, at=10, expected=LATER)


@case("revoked")
def after_the_time_stamp_as_superseded():
    lists = [lambda r, a: crl(r, [(a.serial, NOW + 5 * DAY, "superseded")], days=(6, 30))]
    return evidence(lists, tsa=True, at=10, expected=LATER)


@case("revoked")
def after_the_document_time_stamp():
    r = root()
    a = issue("A", r)
    data = with_evidence(document_stamp(signed(a), stamping(r)), lists=[crl(r, [(a.serial, NOW + 5 * DAY)], days=(6, 30))])
    return Case(data, [r], at=10, **LATER)


@case("revoked")
def between_signing_and_time_stamp():
    r = root()
    a = issue("A", r)
    data = signed(a, tsa=stamping(r), stamped_at=NOW + 8 * DAY)
    return Case(with_evidence(data, lists=[crl(r, [(a.serial, NOW + 5 * DAY)], days=(6, 30))]), [r], at=10, **UNPROVEN)


@case("revoked")
def key_stolen_before_the_time_stamp():
    """Revoked only afterwards, but invalid since before."""
    lists = [lambda r, a: crl(r, [(a.serial, NOW + 5 * DAY, "keyCompromise", NOW - 2 * DAY)], days=(6, 30))]
    return evidence(lists, tsa=True, at=10, expected=REVOKED)


@case("revoked")
def on_hold():
    return evidence([lambda r, a: crl(r, [(a.serial, NOW - 5 * DAY, "certificateHold")])], expected=REVOKED)


@case("revoked")
def hold_was_lifted():
    lists = [lambda r, a: crl(r, [(a.serial, NOW - 5 * DAY, "certificateHold")], days=(-5, 30)), lambda r, a: crl(r, days=(-1, 30))]
    return evidence(lists, **GOOD)


@case("revoked")
def a_newer_list_forgot_it():
    lists = [lambda r, a: crl(r, [(a.serial, NOW - 5 * DAY)], days=(-5, 30)), lambda r, a: crl(r, days=(-1, 30))]
    return evidence(lists, expected=REVOKED)


def authority_revoked(date, **options):
    r = root()
    ca = issue("CA", r, ca=True)
    tsa = stamping(r) if options.pop("tsa", False) else None
    days = options.pop("days", (-1, 30))
    data = with_evidence(signed(issue("A", ca), tsa=tsa), lists=[crl(r, [(ca.serial, date)], days=days), crl(ca, days=days)])
    return Case(data, [r], **options)


@case("revoked")
def authority_before_signing():
    return authority_revoked(NOW - 5 * DAY, **INDETERMINATE, sub="REVOKED_CA_NO_POE", revocation="revoked", code="authority_revoked")


@case("revoked")
def authority_after_the_time_stamp():
    return authority_revoked(NOW + 5 * DAY, tsa=True, days=(6, 30), at=10, **LATER)


@case("revoked")
def time_stamp_authority_revoked():
    r = root()
    tsa = stamping(r)
    data = with_evidence(signed(issue("A", r), tsa=tsa), lists=[crl(r, [(tsa.serial, NOW - 5 * DAY)])])
    return Case(data, [r], **GOOD, level="B-B", code="timestamp_missing")


assert HOUR
