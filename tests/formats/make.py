#!/usr/bin/env python3
"""Makes the inputs of the format matrix from one sample page, with tools that are not ours.

Every input says what has to come of it: pages that look like the source (in colour, grey, or black and white, turned or
not), a held document that names its broken page, or a refusal with its code.
"""
import dataclasses
import io
import pathlib
import shutil
import struct
import subprocess
import zipfile
import zlib

from PIL import Image, ImageCms, PngImagePlugin

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "scans" / "scan_0001.jpg"
PROFILES = pathlib.Path("/usr/share/color/icc/ghostscript")
SIZE, DPI = (1240, 1754), 150
IM = shutil.which("convert-im6.q16") or "convert"


@dataclasses.dataclass
class Case:
    name: str
    expected: str          # pages | held | a code
    looks: tuple = ("rgb",)  # reference of each page
    most: float = 7.0      # mean difference a channel that is still the same page (compression included)
    finding: str = ""      # a finding that must be told


def run(*args, **more):
    subprocess.run([str(a) for a in args], check=True, capture_output=True, **more)


class Maker:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.cases = []
        page = Image.open(SOURCE).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
        grey = page.convert("L")
        self.looks = {"rgb": page, "grey": grey.convert("RGB"),
                      "bits": grey.point(lambda v: 255 if v > 150 else 0).convert("RGB")}
        self.page, self.grey, self.bits = page, grey, grey.point(lambda v: 255 if v > 150 else 0).convert("1", dither=0)
        page.save(self.at("_page.png"), dpi=(DPI, DPI))
        page.save(self.at("_page.tif"), dpi=(DPI, DPI))
        grey.save(self.at("_grey.tif"), dpi=(DPI, DPI))
        self.bits.save(self.at("_bits.tif"), dpi=(DPI, DPI))

    def at(self, name):
        return self.folder / name

    def add(self, name, expected="pages", looks=("rgb",), **more):
        if isinstance(looks, str):
            looks = (looks,)
        self.cases.append(Case(name, expected, looks, **more))
        return self.at(name)

    # --- JPEG ---------------------------------------------------------------------------------------------------
    def jpegs(self):
        dpi = {"dpi": (DPI, DPI), "quality": 92}
        self.page.save(self.add("baseline.jpg"), **dpi)
        self.page.save(self.add("progressive.jpg"), progressive=True, **dpi)
        self.page.save(self.add("444-optimised.jpg"), subsampling=0, optimize=True, **dpi)
        self.grey.save(self.add("grey.jpg", looks="grey"), **dpi)
        run("jpegtran", "-restart", "1", "-outfile", self.add("restart-markers.jpg"), self.at("baseline.jpg"))
        scans = self.at("_scans.txt")
        scans.write_text("0;\n1;\n2;\n")
        run("jpegtran", "-scans", scans, "-outfile", self.add("three-scans.jpg"), self.at("baseline.jpg"))
        inks = Image.merge("CMYK", [*[c.point(lambda v: 255 - v) for c in self.page.split()], Image.new("L", SIZE, 0)])
        inks.save(self.add("cmyk-adobe.jpg", finding="colours_converted"), **dpi)
        self.ycck(inks, self.add("ycck-adobe.jpg", finding="colours_converted"))
        srgb, cmyk = ImageCms.createProfile("sRGB"), PROFILES / "default_cmyk.icc"
        printed = ImageCms.profileToProfile(self.page, srgb, str(cmyk), outputMode="CMYK")
        printed.save(self.add("cmyk-icc.jpg", finding="colours_converted", most=12), icc_profile=cmyk.read_bytes(), **dpi)
        wide = ImageCms.profileToProfile(self.page, srgb, str(PROFILES / "a98.icc"), outputMode="RGB")
        wide.save(self.add("icc-adobe-rgb.jpg", finding="colours_converted"),
                  icc_profile=(PROFILES / "a98.icc").read_bytes(), **dpi)
        romm = ImageCms.profileToProfile(self.page, srgb, str(PROFILES / "rommrgb.icc"), outputMode="RGB")
        romm.save(self.add("icc-prophoto.jpg", finding="colours_converted"),
                  icc_profile=(PROFILES / "rommrgb.icc").read_bytes(), **dpi)
        self.page.save(self.add("icc-srgb.jpg"), icc_profile=ImageCms.ImageCmsProfile(srgb).tobytes(), **dpi)
        undo = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
                5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
                8: Image.Transpose.ROTATE_270}
        for tag, way in undo.items():
            exif = Image.Exif()
            exif[274] = tag
            self.page.transpose(way).save(self.add(f"exif-{tag}.jpg", finding="exif_turned"), exif=exif, **dpi)
        run("cjpeg", "-arithmetic", "-outfile", self.add("arithmetic.jpg", "scan_variant"), stdin=self.ppm())
        whole = self.at("baseline.jpg").read_bytes()
        self.add("cut.jpg", "scan_cut").write_bytes(whole[: len(whole) * 2 // 3])

    def ppm(self):
        out = self.at("_page.ppm")
        self.page.save(out)
        return open(out, "rb")

    def ycck(self, inks, target):
        """CMYK through YCC (Adobe transform 2), with the inversion that Adobe stores."""
        c, m, y, k = [band.point(lambda v: 255 - v) for band in inks.split()]
        # Adobe: YCC of the inverted inks seen as 255 - RGB; three planes and K as a four-component JPEG.
        rgb = Image.merge("RGB", [band.point(lambda v: 255 - v) for band in (c, m, y)])
        yy, cb, cr = rgb.convert("YCbCr").split()
        out = io.BytesIO()
        Image.merge("CMYK", (*[b.point(lambda v: 255 - v) for b in (yy, cb, cr)], k.point(lambda v: 255 - v))).save(
            out, "JPEG", quality=95, dpi=(DPI, DPI))
        data = bytearray(out.getvalue())
        at = data.index(b"Adobe")
        data[at + 11] = 2
        target.write_bytes(data)

    # --- PNG ----------------------------------------------------------------------------------------------------
    def pngs(self):
        dpi = {"dpi": (DPI, DPI)}
        self.page.save(self.add("rgb8.png"), **dpi)
        self.grey.save(self.add("grey8.png", looks="grey"), **dpi)
        self.bits.save(self.add("bits1.png", looks="bits"), **dpi)
        for depth, most in ((2, 35), (4, 12)):
            self.grey_png(self.add(f"grey{depth}.png", looks="grey", most=most), depth)
        run(IM, self.at("_page.png"), "-depth", "16", "-define", "png:bit-depth=16", "-define", "png:color-type=2",
            self.add("rgb16.png"))
        run(IM, self.at("_page.png"), "-interlace", "PNG", "-define", "png:color-type=2", self.add("interlaced.png"))
        self.page.quantize(256).save(self.add("palette8.png", most=12), **dpi)
        self.page.quantize(16).save(self.add("palette4.png", most=20), bits=4, **dpi)
        alpha = self.page.copy()
        alpha.putalpha(self.grey.point(lambda v: 255 if v < 200 else 0))
        over = Image.new("RGB", SIZE, "white")
        over.paste(self.page, mask=alpha.getchannel("A"))
        self.looks["over"] = over
        alpha.save(self.add("rgba.png", looks="over", finding="colours_converted"), **dpi)
        la = Image.merge("LA", (self.grey, alpha.getchannel("A")))
        self.looks["over-grey"] = over.convert("L").convert("RGB")
        la.save(self.add("grey-alpha.png", looks="over-grey", finding="colours_converted"), **dpi)
        wide = ImageCms.profileToProfile(self.page, ImageCms.createProfile("sRGB"), str(PROFILES / "a98.icc"))
        wide.save(self.add("icc-adobe-rgb.png", finding="colours_converted"),
                  icc_profile=(PROFILES / "a98.icc").read_bytes(), **dpi)

        def linear(v):
            v /= 255
            return round(255 * (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4))
        table = [linear(v) for v in range(256)]
        light = self.page.point(table * 3)
        self.png_with(light, self.add("gamma-1.0.png", finding="colours_converted", most=9), gAMA=struct.pack(">I", 100000))
        self.png_with(light.convert("L"), self.add("gamma-1.0-grey.png", looks="grey", finding="colours_converted", most=12),
                      gAMA=struct.pack(">I", 100000))
        self.png_with(self.page, self.add("gamma-srgb-wins.png"), gAMA=struct.pack(">I", 100000), sRGB=b"\0")
        whole = self.at("rgb8.png").read_bytes()
        self.add("cut.png", "scan_cut").write_bytes(whole[: len(whole) // 2])

    def grey_png(self, target, depth):
        """Pillow writes no grey of 2 or 4 bits: each sample is the nearest of the steps, rows packed, filter 0."""
        (w, h), most, rows = SIZE, 2 ** depth - 1, bytearray()
        per_byte, samples = 8 // depth, self.grey.tobytes()
        for y in range(h):
            rows.append(0)
            for x in range(0, w, per_byte):
                byte = 0
                for value in samples[y * w + x: y * w + min(x + per_byte, w)]:
                    byte = byte << depth | round(value * most / 255)
                rows.append(byte)

        def chunk(name, content):
            return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        target.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, 0, 0, 0, 0))
                           + chunk(b"pHYs", struct.pack(">IIB", 5906, 5906, 1))
                           + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b""))

    def png_with(self, image, target, **chunks):
        info = PngImagePlugin.PngInfo()
        for name, content in chunks.items():
            info.add(name.encode(), content)
        image.save(target, dpi=(DPI, DPI), pnginfo=info)

    # --- TIFF ---------------------------------------------------------------------------------------------------
    def tiffs(self):
        page, grey, bits = self.at("_page.tif"), self.at("_grey.tif"), self.at("_bits.tif")
        for name, source, looks, options in [
            ("none.tif", page, "rgb", ["-c", "none"]),
            ("packbits.tif", page, "rgb", ["-c", "packbits"]),
            ("lzw-predictor.tif", page, "rgb", ["-c", "lzw:2"]),
            ("zip-predictor.tif", page, "rgb", ["-c", "zip:2"]),
            ("jpeg-strips.tif", page, "rgb", ["-c", "jpeg:90", "-r", "64"]),
            ("jpeg-rgb-strips.tif", page, "rgb", ["-c", "jpeg:r:90", "-r", "64"]),
            ("tiles.tif", page, "rgb", ["-t", "-w", "256", "-l", "128", "-c", "lzw"]),
            ("jpeg-tiles.tif", page, "rgb", ["-t", "-w", "256", "-l", "256", "-c", "jpeg:90"]),
            ("planes.tif", page, "rgb", ["-p", "separate", "-c", "lzw"]),
            ("planes-tiles.tif", page, "rgb", ["-p", "separate", "-t", "-w", "128", "-l", "128", "-c", "zip"]),
            ("bigtiff.tif", page, "rgb", ["-8", "-c", "lzw"]),
            ("big-endian.tif", page, "rgb", ["-B", "-c", "lzw"]),
            ("bigtiff-big-endian.tif", page, "rgb", ["-8", "-B", "-c", "packbits"]),
            ("grey-jpeg.tif", grey, "grey", ["-c", "jpeg:90", "-r", "64"]),
            ("g3-1d.tif", bits, "bits", ["-c", "g3:1d"]),
            ("g3-2d.tif", bits, "bits", ["-c", "g3:2d"]),
            ("g3-fill.tif", bits, "bits", ["-c", "g3:fill"]),
            ("g4.tif", bits, "bits", ["-c", "g4"]),
            ("g4-fill-order-2.tif", bits, "bits", ["-c", "g4", "-f", "lsb2msb"]),
            ("g3-2d-fill-order-2.tif", bits, "bits", ["-c", "g3:2d", "-f", "lsb2msb", "-r", "200"]),
            ("bits-packbits.tif", bits, "bits", ["-c", "packbits"]),
            ("bits-tiles.tif", bits, "bits", ["-t", "-w", "128", "-l", "128", "-c", "none"]),
        ]:
            run("tiffcp", *options, source, self.add(name, looks=looks))
        try:
            run("tiffcp", "-c", "zstd", page, self.at("zstd.tif"))
            self.add("zstd.tif", "scan_variant")
        except subprocess.CalledProcessError:
            pass
        run(IM, page, "-depth", "16", "-compress", "lzw", self.add("rgb16.tif"))
        run(IM, grey, "-depth", "16", "-compress", "zip", self.add("grey16.tif", looks="grey"))
        negative = self.grey.point(lambda v: 255 - v).tobytes()
        w, h = SIZE
        self.tiff(self.add("white-is-zero.tif", looks="grey"),
                  [(256, 4, [w]), (257, 4, [h]), (258, 3, [8]), (259, 3, [1]), (262, 3, [0]), (273, 4, ["data"]), (277, 3, [1]),
                   (278, 4, [h]), (279, 4, [len(negative)]), (282, 5, [DPI]), (283, 5, [DPI]), (296, 3, [2])], {"data": negative})
        self.page.quantize(256).save(self.add("palette.tif", most=12), dpi=(DPI, DPI))
        inks = Image.merge("CMYK", [*[c.point(lambda v: 255 - v) for c in self.page.split()], Image.new("L", SIZE, 0)])
        inks.save(self.add("cmyk.tif", finding="colours_converted"), dpi=(DPI, DPI), compression="tiff_lzw")
        wide = ImageCms.profileToProfile(self.page, ImageCms.createProfile("sRGB"), str(PROFILES / "a98.icc"))
        wide.save(self.add("icc-adobe-rgb.tif", finding="colours_converted"), dpi=(DPI, DPI),
                  icc_profile=(PROFILES / "a98.icc").read_bytes())
        rgba = self.page.copy()
        rgba.putalpha(self.grey.point(lambda v: 255 if v < 200 else 0))
        rgba.save(self.add("rgba.tif", looks="over", finding="colours_converted"), dpi=(DPI, DPI))
        self.ycbcr(self.add("ycbcr-subsampled.tif"))
        self.old_jpeg(self.add("old-jpeg-stream.tif"), whole=True)
        self.old_jpeg(self.add("old-jpeg-tables.tif"), whole=False)
        turned = self.page.transpose(Image.Transpose.ROTATE_90)
        turned.save(self.add("orientation-6.tif", finding="exif_turned"), dpi=(DPI, DPI), compression="tiff_lzw")
        run("tiffset", "-s", "274", "6", self.at("orientation-6.tif"))
        run("tiffcp", "-c", "lzw", page, self.add("resolution-cm.tif"))
        for tag, value in (("296", "3"), ("282", "59.055"), ("283", "59.055")):
            run("tiffset", "-s", tag, value, self.at("resolution-cm.tif"))
        run("tiffcp", self.at("jpeg-strips.tif"), self.at("g4.tif"), self.at("grey16.tif"), self.at("_page.tif"),
            self.add("mixed-pages.tif", looks=("rgb", "bits", "grey", "rgb")))
        self.broken()

    def broken(self):
        run("tiffcp", "-c", "lzw", "-r", "400", *[self.at("_page.tif")] * 3, self.at("_three.tif"))
        data = bytearray(self.at("_three.tif").read_bytes())
        strips = self.strip_offsets(data)
        middle = strips[len(strips) // 2]
        data[middle: middle + 300] = b"\xff" * 300
        self.add("broken-strip.tif", "held", looks=("rgb",) * 3, finding="page_broken").write_bytes(data)
        whole = self.at("_three.tif").read_bytes()
        self.add("cut-after-page-2.tif", "held", looks=("rgb",) * 3, finding="page_broken").write_bytes(
            whole[: strips[-1] + 100])
        one = bytearray(self.at("lzw-predictor.tif").read_bytes())
        first = self.strip_offsets(one)[3]
        one[first: first + 200] = b"\xff" * 200
        self.add("broken-single.tif", "scan_broken").write_bytes(one)

    @staticmethod
    def strip_offsets(data):
        found, at = [], struct.unpack_from("<I", data, 4)[0]
        while at:
            count = struct.unpack_from("<H", data, at)[0]
            for i in range(count):
                tag, kind, n, value = struct.unpack_from("<HHII", data, at + 2 + 12 * i)
                if tag == 273:
                    form, width = ("H", 2) if kind == 3 else ("I", 4)
                    place = value if n * width > 4 else at + 2 + 12 * i + 8
                    found += struct.unpack_from(f"<{n}{form}", data, place)
            at = struct.unpack_from("<I", data, at + 2 + 12 * count)[0]
        return found

    def tiff(self, target, entries, blobs):
        """A little-endian TIFF by hand: `blobs` first, `entries` as (tag, type, values)."""
        out = bytearray(b"II*\0\0\0\0\0")
        places = {}
        for name, blob in blobs.items():
            places[name] = len(out)
            out += blob + b"\0" * (len(blob) % 2)
        tail = bytearray()
        base = len(out) + 2 + 12 * len(entries) + 4
        directory = bytearray(struct.pack("<H", len(entries)))
        for tag, kind, values in sorted(entries):
            values = [places[v] if isinstance(v, str) else v for v in values]
            if kind == 5:
                packed = b"".join(struct.pack("<II", v, 1) for v in values)
            else:
                packed = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
            count = len(values)
            if len(packed) > 4:
                directory += struct.pack("<HHII", tag, kind, count, base + len(tail))
                tail += packed + b"\0" * (len(packed) % 2)
            else:
                directory += struct.pack("<HHI", tag, kind, count) + packed.ljust(4, b"\0")
        struct.pack_into("<I", out, 4, len(out))
        target.write_bytes(bytes(out + directory + struct.pack("<I", 0) + tail))

    def common(self):
        w, h = SIZE
        return [(256, 4, [w]), (257, 4, [h]), (258, 3, [8, 8, 8]), (262, 3, [6]), (277, 3, [3]), (278, 4, [h]),
                (282, 5, [DPI]), (283, 5, [DPI]), (296, 3, [2])]

    def ycbcr(self, target):
        w, h = SIZE
        y, cb, cr = self.page.convert("YCbCr").split()
        half = [b.resize((w // 2, h // 2), Image.Resampling.BOX).tobytes() for b in (cb, cr)]
        luma, units = y.tobytes(), bytearray()
        for v in range(h // 2):
            for u in range(w // 2):
                at = 2 * v * w + 2 * u
                units += luma[at: at + 2] + luma[at + w: at + w + 2]
                units.append(half[0][v * (w // 2) + u])
                units.append(half[1][v * (w // 2) + u])
        self.tiff(target, [*self.common(), (259, 3, [1]), (273, 4, ["data"]), (279, 4, [len(units)]), (530, 3, [2, 2]),
                           (532, 5, [0, 255, 128, 255, 128, 255])], {"data": bytes(units)})

    def old_jpeg(self, target, whole):
        out = io.BytesIO()
        self.page.save(out, "JPEG", quality=92, subsampling=2)
        jpeg = out.getvalue()
        if whole:
            self.tiff(target, [*self.common(), (259, 3, [6]), (273, 4, ["data"]), (279, 4, [len(jpeg)]), (512, 3, [1]),
                               (513, 4, ["data"]), (514, 4, [len(jpeg)]), (530, 3, [2, 2])], {"data": jpeg})
            return
        q, dc, ac, at = {}, {}, {}, 2
        while jpeg[at + 1] != 0xDA:
            length = struct.unpack_from(">H", jpeg, at + 2)[0]
            body, marker = jpeg[at + 4: at + 2 + length], jpeg[at + 1]
            while body and marker in (0xDB, 0xC4):
                size = 64 if marker == 0xDB else 16 + sum(body[1:17])
                table = q if marker == 0xDB else (ac if body[0] >> 4 else dc)
                table[body[0] & 15] = body[1: 1 + size]
                body = body[1 + size:]
            at += 2 + length
        scan = jpeg[at + 2 + struct.unpack_from(">H", jpeg, at + 2)[0]: -2]
        blobs = {"data": scan, "q0": q[0], "q1": q[1], "d0": dc[0], "d1": dc[1], "a0": ac[0], "a1": ac[1]}
        self.tiff(target, [*self.common(), (259, 3, [6]), (273, 4, ["data"]), (279, 4, [len(scan)]), (512, 3, [1]),
                           (519, 4, ["q0", "q1", "q1"]), (520, 4, ["d0", "d1", "d1"]), (521, 4, ["a0", "a1", "a1"]),
                           (530, 3, [2, 2])], blobs)

    # --- PDF ----------------------------------------------------------------------------------------------------
    def pdfs(self):
        self.page.save(self.add("pillow-jpeg.pdf"), resolution=DPI, quality=92)
        # tiff2pdf of libtiff 4.5 writes a wrong stream length and startxref around JPEG: a reader would have to repair it.
        run("tiff2pdf", "-o", self.add("tiff2pdf-jpeg-damaged.pdf", "scan_broken"), self.at("jpeg-strips.tif"))
        for name, source, looks in [("tiff2pdf-zip.pdf", "none.tif", "rgb"),
                                    ("tiff2pdf-g4.pdf", "g4.tif", "bits"), ("tiff2pdf-g3.pdf", "g3-1d.tif", "bits"),
                                    ("tiff2pdf-palette.pdf", "palette.tif", "rgb"), ("tiff2pdf-tiles-zip.pdf", "tiles.tif", "rgb"),
                                    ("tiff2pdf-mixed-zip.pdf", "_mixed.tif", ("rgb", "bits", "grey"))]:
            if source == "_mixed.tif":
                run("tiffcp", "-c", "none", self.at("_page.tif"), self.at("_bits.tif"), self.at("_grey.tif"), self.at(source))
            options = ["-z"] if "zip" in name or "palette" in name else []
            run("tiff2pdf", *options, "-o", self.add(name, looks=looks, most=12 if "palette" in name else 7), self.at(source))
        # Ghostscript renders the page: half a pixel of shift is in its pictures, hence the wider bounds.
        for scheme in ("LZW", "RLE", "Flate"):
            run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfimage24", f"-sCompression={scheme}", f"-r{DPI}",
                f"-sOutputFile={self.add(f'gs-{scheme.lower()}.pdf', most=10)}", self.at("pillow-jpeg.pdf"))
        for device, name, looks, most in [("pdfimage24", "gs-rgb.pdf", "rgb", 10), ("pdfimage8", "gs-grey.pdf", "grey", 10),
                                          ("pdfimage32", "gs-cmyk.pdf", "rgb", 16)]:
            run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", f"-sDEVICE={device}", f"-r{DPI}",
                f"-sOutputFile={self.add(name, looks=looks, most=most)}", self.at("pillow-jpeg.pdf"))
        run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/prepress",
            f"-sOutputFile={self.add('gs-pdfwrite.pdf', most=10)}", self.at("gs-flate.pdf"))
        turned = self.page.transpose(Image.Transpose.ROTATE_90)
        turned.save(self.at("_turned.pdf"), resolution=DPI, quality=92)
        run("qpdf", self.at("_turned.pdf"), "--rotate=+90", self.add("rotate-90.pdf", finding="exif_turned"))
        run("qpdf", "--object-streams=generate", self.at("pillow-jpeg.pdf"), self.add("object-streams.pdf"))
        run("qpdf", "--linearize", self.at("tiff2pdf-g4.pdf"), self.add("linearised.pdf", looks="bits"))
        run("qpdf", "--encrypt", "secret", "secret", "256", "--", self.at("pillow-jpeg.pdf"), self.add("encrypted.pdf", "pdf_encrypted"))
        run("mutool", "clean", "-gggg", self.at("tiff2pdf-mixed-zip.pdf"), self.add("mutool-clean.pdf", looks=("rgb", "bits", "grey")))
        ocr, text = b"BT /F 12 Tf 3 Tr 72 700 Td (Kinh gui) Tj ET", b"BT /F 12 Tf 72 700 Td (Kinh gui) Tj ET"
        self.by_hand(self.add("ocr-layer.pdf", finding="pdf_text_dropped"), extra=ocr)
        self.by_hand(self.add("with-text.pdf", "pdf_has_text"), extra=text)
        self.by_hand(self.add("with-lines.pdf", "pdf_has_drawing"), extra=b"72 72 m 300 300 l S")
        self.by_hand(self.add("with-form.pdf", "pdf_has_form"), root=b"/AcroForm<</Fields[<</FT/Tx/T(a)>>]>>")
        self.by_hand(self.add("signed.pdf", "pdf_is_signed"), root=b"/AcroForm<</SigFlags 3/Fields[<</FT/Sig/T(s)/V<</Type/Sig>>>>]>>")
        self.by_hand(self.add("with-note.pdf", "pdf_has_notes"), page=b"/Annots[<</Subtype/FreeText/Rect[9 9 99 99]>>]")
        self.by_hand(self.add("strips.pdf", finding="pdf_rendered"), strips=8)
        self.by_hand(self.add("cropped.pdf", looks="cropped", finding="pdf_rendered"), page=b"/CropBox[0 300 595.2 841.92]")
        self.looks["cropped"] = self.page.crop((0, 0, 1240, round((841.92 - 300) / 72 * DPI)))
        run("gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite", f"-sOutputFile={self.add('typed.pdf', 'pdf_has_text')}",
            "-c", "/Helvetica findfont 20 scalefont setfont 72 700 moveto (Kinh gui) show showpage")
        whole = self.at("pillow-jpeg.pdf").read_bytes()
        self.add("cut.pdf", "scan_cut").write_bytes(whole[: len(whole) // 2])

    def by_hand(self, target, extra=b"", root=b"", page=b"", strips=1):
        w, h = SIZE
        objects = [b"<</Type/Catalog/Pages 2 0 R%s>>" % root, b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
        names = b"".join(b"/I%d %d 0 R" % (i, 5 + i) for i in range(strips))
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.2 841.92]/Contents 4 0 R/Resources<</XObject<<%s>>"
                       b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>%s>>" % (names, page))
        content, pictures = b"", []
        for i in range(strips):
            top, bottom = h * i // strips, h * (i + 1) // strips
            out = io.BytesIO()
            self.page.crop((0, top, w, bottom)).save(out, "JPEG", quality=92)
            scale = 841.92 / h
            content += b"q 595.2 0 0 %.4f 0 %.4f cm /I%d Do Q\n" % ((bottom - top) * scale, (h - bottom) * scale, i)
            head = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>"
            pictures.append(head % (w, bottom - top, len(out.getvalue())) + b"\nstream\n" + out.getvalue() + b"\nendstream")
        content += extra
        objects += [b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content), *pictures]
        write_pdf(target, objects)

    # --- not read -----------------------------------------------------------------------------------------------
    def refused(self):
        run("cwebp", "-quiet", self.at("_page.png"), "-o", self.add("page.webp", "scan_format"))
        self.page.resize((200, 283)).save(self.add("page.gif", "scan_format"))
        self.page.resize((200, 283)).save(self.add("page.bmp", "scan_format"))
        self.page.resize((200, 283)).save(self.add("page.jp2", "scan_format"), "JPEG2000")
        self.page.resize((200, 283)).save(self.add("page.avif", "scan_format"), "AVIF")
        self.add("page.heic", "scan_format").write_bytes(struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(99))
        with zipfile.ZipFile(self.add("letter.docx", "scan_format"), "w") as file:
            file.writestr("word/document.xml", "<w:document/>")
        self.add("letter.doc", "scan_format").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
        self.add("empty.jpg", "scan_empty").write_bytes(b"")
        self.add("notes.tif", "scan_unknown").write_bytes("Kính gửi".encode())
        header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 100000, 100000, 8, 2, 0, 0, 0)
        self.add("huge.png", "scan_too_large").write_bytes(header + struct.pack(">I", zlib.crc32(header[12:])))

    def all(self):
        self.jpegs()
        self.pngs()
        self.tiffs()
        self.pdfs()
        self.refused()
        return self.cases


def write_pdf(target, objects):
    out, places = bytearray(b"%PDF-1.5\n"), []
    for i, body in enumerate(objects):
        places.append(len(out))
        out += b"%d 0 obj\n" % (i + 1) + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at for at in places)
    out += b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    target.write_bytes(bytes(out))


if __name__ == "__main__":
    import sys
    for case in Maker(sys.argv[1]).all():
        print(case.name, case.expected)
