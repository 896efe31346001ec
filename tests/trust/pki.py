"""Certificates, lists and answers as a case wants them, right or wrong. Everything is made at test time."""

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
DER = serialization.Encoding.DER


def name(common, organization="UBND"):
    parts = [(NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, organization), (NameOID.COMMON_NAME, common)]
    return x509.Name([x509.NameAttribute(*part) for part in parts])


def usage(*on):
    kinds = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{kind: kind in on for kind in kinds})


SIGNING, AUTHORITY = usage("digital_signature", "content_commitment"), usage("key_cert_sign", "crl_sign")


class Issued:
    """A key and its certificate."""

    def __init__(self, certificate, key, issuer):
        self.certificate, self.key, self.issuer = certificate, key, issuer
        self.der, self.serial = certificate.public_bytes(DER), certificate.serial_number

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def chain(self):
        """Certificates above this one."""
        return [self.issuer.der, *self.issuer.chain()] if self.issuer is not self else []


def issue(common, issuer=None, *, ca=False, length=None, use="usual", more=(), days=(-20, 200), key=None, serial=None, organization="UBND",
          subject=None):
    """A certificate under `issuer`, or one that signs itself. `more` are extensions, each with its criticality."""
    key = ec.generate_private_key(ec.SECP256R1()) if key is None else rsa.generate_private_key(65537, key) if isinstance(key, int) else key
    own = subject or name(common, organization)
    by = issuer.key if issuer else key
    builder = (x509.CertificateBuilder().subject_name(own).issuer_name(issuer.certificate.subject if issuer else own)
               .public_key(key.public_key()).serial_number(serial or x509.random_serial_number())
               .not_valid_before(NOW + days[0] * DAY).not_valid_after(NOW + days[1] * DAY)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca=ca, path_length=length), True)
    use = (AUTHORITY if ca else SIGNING) if use == "usual" else use
    if use:
        builder = builder.add_extension(use, True)
    for extension, critical in more:
        builder = builder.add_extension(extension, critical)
    issued = Issued(builder.sign(by, hashes.SHA256()), key, issuer)
    issued.issuer = issuer or issued
    return issued


def extended(*oids, critical=True):
    return x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids]), critical


def unknown(critical):
    return x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"), critical


def crl(issuer, revoked=(), *, days=(-1, 30), more=(), key=None):
    """A list; `revoked` holds serial, date and reason, or also the date since when the certificate is invalid."""
    builder = (x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
               .last_update(NOW + days[0] * DAY).next_update(NOW + days[1] * DAY))
    for serial, date, *rest in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(date)
        if rest:
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags(rest[0])), False)
        if len(rest) > 1:
            entry = entry.add_extension(x509.InvalidityDate(rest[1]), False)
        builder = builder.add_revoked_certificate(entry.build())
    for extension, critical in more:
        builder = builder.add_extension(extension, critical)
    return builder.sign(key or issuer.key, hashes.SHA256()).public_bytes(DER)


def scope(**given):
    usual = dict(full_name=None, relative_name=None, only_contains_user_certs=False, only_contains_ca_certs=False,
                 only_some_reasons=None, indirect_crl=False, only_contains_attribute_certs=False)
    return x509.IssuingDistributionPoint(**{**usual, **given}), True


def point(url):
    return [x509.UniformResourceIdentifier(url)]


def published(url):
    return x509.CRLDistributionPoints([x509.DistributionPoint(point(url), None, None, None)]), False


def answer(certificate, issuer, *, responder=None, status="GOOD", hours=(-2, 48), revoked=None, reason=None, carry=True, by_name=False):
    """An answer of the issuer, or of a responder."""
    responder = responder or issuer
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=certificate.certificate, issuer=issuer.certificate, algorithm=hashes.SHA1(),
        cert_status=ocsp.OCSPCertStatus[status], this_update=NOW + hours[0] * HOUR, next_update=NOW + hours[1] * HOUR,
        revocation_time=revoked, revocation_reason=reason)
    encoding = ocsp.OCSPResponderEncoding.NAME if by_name else ocsp.OCSPResponderEncoding.HASH
    builder = builder.responder_id(encoding, responder.certificate)
    if responder is not issuer and carry:
        builder = builder.certificates([responder.certificate])
    return builder.sign(responder.key, hashes.SHA256()).public_bytes(DER)


NO_CHECK = (x509.OCSPNoCheck(), False)
OCSP_SIGNING = extended("1.3.6.1.5.5.7.3.9", critical=False)
EXPIRED_STAY = (x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.60"), b"\x18\x0f20200101000000Z"), False)
