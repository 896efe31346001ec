"""Revocation: what counts as evidence, and what follows from a date."""

from case import Case, INDETERMINATE, case, root, stamping
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pki import DAY, EXPIRED_STAY, NO_CHECK, NOW, OCSP_SIGNING, answer, crl, issue, point, published, scope, unknown, usage
from signing import document_stamp, signed, with_evidence

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
    """The right order: first the time stamp, then the list. The list speaks of the signer at the time of the stamp; about the
    authority of the stamp, which nothing dates, it is too old on day 30, so the file is not called B-LT."""
    return evidence([lambda r, a: crl(r, days=(3, 5))], tsa=True, at=30, **GOOD, level="B-T")


@case("evidence")
def list_from_after_the_certificate_expired():
    return evidence([lambda r, a: crl(r, days=(25, 60))], tsa=True, days=(-20, 20), at=30,
                    **INDETERMINATE, sub="REVOCATION_OUT_OF_BOUNDS_NO_POE", code="revocation_undecidable")


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
