"""The files that attacks start from: a scanned letter and a written one, signed by a person and sealed by the organization with
scanseal itself, and with pyHanko where scanseal writes no such thing (certification, visible stamp, form, proofs)."""

import functools
import io
import subprocess
from pathlib import Path

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from pikepdf import Array, Dictionary, Name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.validation import dss
from pyhanko_certvalidator.registry import SimpleCertificateStore

from keys import Office

REPOSITORY = Path(__file__).resolve().parents[2]
TINOS = REPOSITORY / "profiles/fonts/Tinos-Regular.ttf"


def asn1(issued):
    certificate = asn1_x509.Certificate.load(issued.der)
    key = issued.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    above = [asn1_x509.Certificate.load(c.public_bytes(serialization.Encoding.DER)) for c in issued.chain]
    return certificate, asn1_keys.PrivateKeyInfo.load(key), above


def signer_of(issued, **options):
    certificate, key, above = asn1(issued)
    store = SimpleCertificateStore()
    store.register_multiple(above)
    return signers.SimpleSigner(signing_cert=certificate, signing_key=key, cert_registry=store, **options)


def stamper_of(issued):
    certificate, key, above = asn1(issued)
    store = SimpleCertificateStore()
    store.register_multiple(above)
    return timestamps.DummyTimeStamper(certificate, key, certs_to_embed=store)


def written(form=False) -> bytes:
    """A letter with an embedded font, a note, a drawing and, where wanted, a form; scanseal signs no form that can be filled in."""
    pdf = pikepdf.new()
    font_file = pdf.make_stream(TINOS.read_bytes())
    descriptor = pdf.make_indirect(Dictionary(
        Type=Name.FontDescriptor, FontName=Name.Tinos, Flags=32, FontBBox=Array([-700, -300, 1200, 1000]), ItalicAngle=0,
        Ascent=891, Descent=-216, CapHeight=662, StemV=80, FontFile2=font_file))
    font = pdf.make_indirect(Dictionary(
        Type=Name.Font, Subtype=Name.TrueType, BaseFont=Name.Tinos, FirstChar=32, LastChar=126,
        Widths=Array([500] * 95), FontDescriptor=descriptor, Encoding=Name.WinAnsiEncoding))
    drawing = pdf.make_stream(b"1 0 0 RG 0 0 80 20 re S", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 80, 20]))
    note = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=Array([300, 300, 360, 330]), F=4))
    page = pdf.add_blank_page(page_size=(595, 842)).obj
    page.Contents = pdf.make_stream(b"BT /F0 14 Tf 72 760 Td (So tien: 100 000 dong) Tj ET q 1 0 0 1 72 700 cm /X0 Do Q")
    page.Resources = Dictionary(Font=Dictionary(F0=font), XObject=Dictionary(X0=drawing))
    page.Annots = Array([note])
    if form:
        texts = [text_field(pdf, page, index, title) for index, title in enumerate(["amount", "remark"])]
        page.Annots = Array([note, *texts])
        resources = Dictionary(Font=Dictionary(F0=font))
        pdf.Root.AcroForm = Dictionary(Fields=Array(texts), DA=pikepdf.String("/F0 12 Tf 0 g"), DR=resources)
    pdf.docinfo["/Title"] = "Letter"
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def text_field(pdf, page, index, title):
    look = pdf.make_stream(b"/Tx BMC EMC", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 200, 20]))
    return pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=pikepdf.String(title), F=4, P=page,
        Rect=Array([72, 600 - 40 * index, 272, 620 - 40 * index]), AP=Dictionary(N=look)))


def saved(data: bytes, **options) -> bytes:
    """The same document as another program writes it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, **options)
    return out.getvalue()


class Stage:
    """The program, the keys, and every file that is needed, made once."""

    def __init__(self, binary: Path, folder: Path):
        self.binary, self.folder = binary, folder
        self.office = Office(folder)
        self.workspace = folder / "office"
        self.run("init", self.workspace, "--profile", "eidas")
        (self.workspace / "scanseal.toml").write_text(
            'profile = "eidas"\n[office]\nname = "UBND"\n[trust]\ncertificates = ["%s"]\n' % (folder / "root.pem"))

    def run(self, *arguments, expect=0):
        command = [self.binary, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder)
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def ours(self, data: bytes, role="person", key=None) -> bytes:
        """Signs with scanseal."""
        source, out = self.folder / "in", self.folder / "out"
        for folder in (source, out):
            folder.mkdir(exist_ok=True)
        (source / "x.pdf").write_bytes(data)
        (out / "x.pdf").unlink(missing_ok=True)
        name = {"person": "personal", "organization": "organization"}[role]
        self.run("--workspace", self.workspace, "sign", "--role", name, "--key", f"p12:{key or self.folder / (role + '.p12')}",
                 "--pin-file", self.folder / "pin", source / "x.pdf", "-o", out, "--yes")
        return (out / "x.pdf").read_bytes()

    def theirs(self, data: bytes, issued, field="Signature1", *, signer=None, box=None, stamp=False, new=True, lock=None,
               sub_filter=SigSeedSubFilter.PADES, **metadata) -> bytes:
        """Signs with pyHanko."""
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        spec = SigFieldSpec(field, box=box, on_page=0, field_mdp_spec=lock) if new else None
        meta = PdfSignatureMetadata(field_name=field, md_algorithm=metadata.pop("md", "sha256"), subfilter=sub_filter, **metadata)
        timestamper = stamper_of(self.office.tsa) if stamp else None
        made = PdfSigner(meta, signer or signer_of(issued), timestamper=timestamper, new_field_spec=spec)
        return made.sign_pdf(writer).getvalue()

    def stamped(self, data: bytes) -> bytes:
        """A document time stamp by pyHanko."""
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
        return signers.PdfTimeStamper(stamper_of(self.office.tsa)).timestamp_pdf(writer, "sha256", None).getvalue()

    def with_proofs(self, data: bytes, certificates=(), lists=(), answers=()) -> bytes:
        """Validation data by pyHanko."""
        from asn1crypto import crl, ocsp
        out = io.BytesIO(data)
        writer = IncrementalPdfFileWriter(out, strict=False)
        store = dss.DocumentSecurityStore.supply_dss_in_writer(
            writer, None, certs=[asn1_x509.Certificate.load(c) for c in certificates],
            ocsps=[ocsp.OCSPResponse.load(a) for a in answers], crls=[crl.CertificateList.load(c) for c in lists])
        del store
        writer.write_in_place()
        return out.getvalue()

    @functools.cached_property
    def scanned(self) -> bytes:
        out = self.folder / "scanned.pdf"
        self.run("convert", REPOSITORY / "scans/scan_0001.jpg", "-o", out, "--no-ocr")
        return out.read_bytes()

    @functools.cached_property
    def letter(self) -> bytes:
        return written()

    @functools.cached_property
    def form(self) -> bytes:
        return written(form=True)

    @functools.cached_property
    def letter_signed(self) -> bytes:
        return self.ours(self.letter)

    @functools.cached_property
    def letter_sealed(self) -> bytes:
        return self.ours(self.letter_signed, "organization")

    @functools.cached_property
    def scan_signed(self) -> bytes:
        return self.ours(self.scanned)

    @functools.cached_property
    def scan_sealed(self) -> bytes:
        return self.ours(self.scan_signed, "organization")

    @functools.cached_property
    def visible(self) -> bytes:
        """Signed by us, then stamped visibly by pyHanko."""
        return self.theirs(self.scan_signed, self.office.organization, "Stamp", box=(300, 700, 500, 780))

    def certified(self, level: int, base=None) -> bytes:
        permission = {1: fields.MDPPerm.NO_CHANGES, 2: fields.MDPPerm.FILL_FORMS, 3: fields.MDPPerm.ANNOTATE}[level]
        return self.theirs(base or self.letter, self.office.person, "Certification", certify=True, docmdp_permissions=permission)
