"""Paths and what limits them (RFC 5280 6.1)."""

from case import BROKEN_CHAIN, Case, NO_CHAIN, case, constraint, root
from cryptography import x509
from pki import AUTHORITY, issue, name, unknown, usage
from signing import signed, with_evidence

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
