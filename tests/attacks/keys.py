"""An office's keys for the gallery, made at test time: a root, a person, an organization, a time stamp authority, a stranger."""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PIN = b"246810"
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
DAY = datetime.timedelta(days=1)


def name(common, organization="UBND xã Mường Lam"):
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        x509.NameAttribute(NameOID.COMMON_NAME, common),
    ])


def usage(*on):
    kinds = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{kind: kind in on for kind in kinds})


class Issued:
    """A key with its certificate and those above it."""

    def __init__(self, key, certificate, chain=()):
        self.key, self.certificate, self.chain = key, certificate, list(chain)

    def pkcs12(self, path: Path):
        lock = serialization.BestAvailableEncryption(PIN)
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"key", self.key, self.certificate, self.chain, lock))

    def pem(self, path: Path):
        path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)


def new_key(kind="rsa:2048"):
    family, _, size = kind.partition(":")
    if family == "rsa":
        return rsa.generate_private_key(65537, int(size))
    return ec.generate_private_key({"p256": ec.SECP256R1, "p384": ec.SECP384R1}[family]())


def issue(common, issuer=None, *, kind="rsa:2048", authority=False, extended=None, days=(-20, 200), organization="UBND xã Mường Lam"):
    """A certificate under `issuer`, or one that signs itself."""
    key = new_key(kind)
    above = issuer.certificate.subject if issuer else name(common, organization)
    by = issuer.key if issuer else key
    builder = (x509.CertificateBuilder().subject_name(name(common, organization)).issuer_name(above)
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(NOW + days[0] * DAY).not_valid_after(NOW + days[1] * DAY)
               .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
               .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False))
    allowed = usage("key_cert_sign", "crl_sign") if authority else usage("digital_signature", "content_commitment")
    builder = builder.add_extension(allowed, critical=True)
    if extended:
        builder = builder.add_extension(x509.ExtendedKeyUsage(extended), critical=True)
    certificate = builder.sign(by, hashes.SHA256())
    return Issued(key, certificate, [issuer.certificate, *issuer.chain] if issuer else [])


class Office:
    """The keys, as files in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.root = issue("Root CA", authority=True)
        self.person = issue("Nguyễn Văn A", self.root)
        self.organization = issue("UBND xã Mường Lam", self.root)
        self.tsa = issue("TSA", self.root, extended=[ExtendedKeyUsageOID.TIME_STAMPING])
        self.stranger = issue("Nguyễn Văn A", issue("Root CA", authority=True))
        for role in ("person", "organization"):
            getattr(self, role).pkcs12(folder / f"{role}.p12")
        self.root.pem(folder / "root.pem")
        (folder / "pin").write_bytes(PIN)
        (folder / "pin").chmod(0o600)

    def crl(self, issuer=None, revoked=(), days=(-1, 30)):
        """A revocation list of the root, DER."""
        issuer = issuer or self.root
        builder = (x509.CertificateRevocationListBuilder().issuer_name(issuer.certificate.subject)
                   .last_update(NOW + days[0] * DAY).next_update(NOW + days[1] * DAY))
        for serial, date in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(date).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
