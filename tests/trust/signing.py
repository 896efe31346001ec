"""A small file signed with a case's certificate, with the evidence that the case wants in it. pyHanko signs, because scanseal
refuses most of these certificates."""

import io

import pikepdf
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore


def page() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def parts(issued):
    key = issued.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return asn1_x509.Certificate.load(issued.der), asn1_keys.PrivateKeyInfo.load(key)


def store(certificates):
    out = SimpleCertificateStore()
    out.register_multiple([asn1_x509.Certificate.load(der) for der in certificates])
    return out


def stamper(issued, at=None):
    certificate, key = parts(issued)
    return timestamps.DummyTimeStamper(certificate, key, certs_to_embed=store(issued.chain()), fixed_dt=at)


def signed(issued, *, carry=None, tsa=None, stamped_at=None) -> bytes:
    """`carry` are the certificates in the container beside the signer's; the chain unless told otherwise."""
    certificate, key = parts(issued)
    carried = store(issued.chain() if carry is None else carry)
    signer = signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=carried)
    meta = PdfSignatureMetadata(field_name="S", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    timestamper = stamper(tsa, stamped_at) if tsa else None
    made = PdfSigner(meta, signer, timestamper=timestamper, new_field_spec=SigFieldSpec("S"))
    return made.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(page()))).getvalue()


def with_evidence(data, lists=(), answers=(), certificates=()) -> bytes:
    if not (lists or answers or certificates):
        return data
    out = io.BytesIO(data)
    writer = IncrementalPdfFileWriter(out)
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, certs=[asn1_x509.Certificate.load(c) for c in certificates],
        crls=[asn1_crl.CertificateList.load(c) for c in lists], ocsps=[asn1_ocsp.OCSPResponse.load(a) for a in answers])
    writer.write_in_place()
    return out.getvalue()


def document_stamp(data, tsa, at=None) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    return signers.PdfTimeStamper(stamper(tsa, at)).timestamp_pdf(writer, "sha256", None).getvalue()
