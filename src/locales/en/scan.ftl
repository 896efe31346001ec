# scan

err-scan-empty = The file { $file } is empty.
    .advice = Scan the page again while the paper is at hand.
err-scan-unknown = The file { $file } is not a scan: its content is neither JPEG, PNG, TIFF nor PDF, whatever its name says.
    .advice = Check that it is the right file; scan the page again as JPEG, PNG, TIFF or PDF.
err-scan-format = The file { $file } is { $format }, which is not taken as a scan.
    .advice = Set the scanner to JPEG, PNG, TIFF or PDF and scan the page again.
err-scan-variant = The file { $file } uses a variant that is not read: { $what }.
    .advice = Set the scanner to plain colour (24 bit) or grey JPEG, PNG or TIFF and scan the page again.
err-scan-cut = The scan { $file } ends too early; part of the picture is missing.
    .advice = Scan the page again while the paper is at hand, and let the scanner finish before the file is taken.
err-scan-broken = The scan { $file } is damaged: { $cause }
    .advice = Scan the page again while the paper is at hand.
err-scan-changed = The file { $file } changed while it was taken in, so nothing of it was recorded.
    .advice = Wait until the scanner or the copy has finished, then take it in again.
err-scan-too-large = The scan { $file } claims { $width } × { $height } pixels, more than a page can have.
    .advice = Scan the page again at 200 to 600 dpi.
err-scan-too-many-pages = The file { $file } has more than { $limit } pages.
    .advice = Split the stack into several files.
err-page-broken = Page { $page } of { $document } cannot be read, so the document is not complete and goes no further.
    .advice = Scan that page again while the paper is at hand, then take the whole document in again. A broken page cannot be passed over.
err-pdf-encrypted = The PDF { $file } is protected by a password and cannot be read.
    .advice = Switch the password (encryption) off on the scanner and scan again.
err-pdf-has-text = The PDF { $file } is not a scan: page { $page } has text that was written on a computer.
    .advice = If it is an electronic document, treat it as one; if the signed paper is wanted, scan that paper.
err-pdf-has-drawing = The PDF { $file } is not a scan: page { $page } is more, or other, than the picture of a sheet of paper.
    .advice = Scan the paper as JPEG, PNG, TIFF or a PDF that holds scanned pictures only.
err-pdf-has-form = The PDF { $file } has form fields, so it is not a scan.
    .advice = Scan the paper that was filled in and signed, and leave the form file alone.
err-pdf-has-notes = The PDF { $file } has notes or drawings added on page { $page }, so it is no longer what the scanner saw.
    .advice = Take the scanner's own file, or scan the paper again.
err-pdf-is-signed = The PDF { $file } carries an electronic signature, so it is not taken as a scan.
    .advice = Keep a signed file as it is and check it with the command verify; only paper signed by hand is scanned.
err-scan-too-many-files = More than { $limit } files were named at once.
    .advice = Take them in folder by folder.
err-manifest-encoding = The manifest { $path } is not UTF-8 (line { $line }), so its letters cannot be trusted.
    .advice = Save it in the spreadsheet program as "CSV UTF-8" and try again.
err-manifest-malformed = The manifest { $path } cannot be read at line { $line }: { $cause }
    .advice = Correct that line; every row needs as many columns as the heading.
err-manifest-column = Line { $line } of the manifest { $path }, the heading, has an unknown column "{ $column }". Known columns: { $known }
    .advice = Correct the heading of that column or take the column away.
err-manifest-column-twice = The manifest { $path } has the column "{ $column }" twice, so it is not clear which value counts.
    .advice = Take one of the two columns away.
err-manifest-no-file = The manifest { $path } has neither a column "file" nor a column "paper_serial", so its rows cannot be matched with the scans.
    .advice = Add a column with the heading file and the name of the scan in each row.
err-manifest-row = Line { $line } of the manifest { $path } names no file.
    .advice = Write the name of the scan into the column file; several are separated by |.
err-manifest-file-missing = Line { $line } of the manifest names { $file }, and there is no such scan among the inputs.
    .advice = Check the name, or add the missing scan; the other documents were taken in.
err-manifest-file-twice = The scan { $file } stands in line { $other } and in line { $line } of the manifest.
    .advice = Let each scan stand in one row only.
err-extract-from-scan = { $line ->
    [none] TRÍCH SAO (an extract) is never made from a scan, because a scan shows the whole page.
   *[other] Line { $line } of the manifest { $path }: TRÍCH SAO (an extract) is never made from a scan, because a scan shows the whole page.
  }
    .advice = Use SAO Y, or SAO LỤC when the paper is itself a copy.

finding-dpi-inferred = The file does not state its resolution; the sheet was taken for A4, which gives { $dpi } dpi.
finding-dpi-unlikely = The file states { $stated } dpi, which no scanner of paper uses (cameras write such a number when they know nothing); the sheet was taken for A4, which gives { $dpi } dpi.
finding-page-broken = Page { $page } of the file { $file } cannot be read: { $cause ->
    [scan_cut] part of the picture is missing
    [scan_too_large] it claims to be larger than a page can be
    [scan_variant] it has a form that is not read
   *[other] its data are damaged
  }. The other pages were taken in. Scan this page again while the paper is at hand, then take the whole document in again.
finding-exif-turned = The page was turned ({ $turn }) as the scanner or camera recorded it; no pixel was changed.
finding-colours-converted = The colours of the page were converted to sRGB (from { $from }).
finding-icc-unreadable = The file has a colour profile that cannot be read; its colours were taken for sRGB. Please look at the colours of the page.
finding-pdf-rendered = The page of the PDF is made of { $images } pictures; they were put together as one at { $dpi } dpi.
finding-pdf-text-dropped = The hidden text layer (text recognition) of the PDF was left out; only the picture of the page was taken.
finding-dpi-low = The page has { $dpi } dpi; at least { $wanted } are wanted. Scan it again if you can.
finding-colour-missing = The page is not in colour, and this profile wants colour scans (Decree 30/2020).
finding-page-count-differs = The scan has { $found } pages, the manifest says { $expected }.
finding-not-in-manifest = No row of the manifest names { $file }; number, date and subject are not known.
finding-signature-revoked = The certificate of a signature on this document was revoked: { $signer }. The document is held until the clerk has looked.
finding-field-missing = "{ $field }" ({ $meaning }) is not known yet.
finding-secret-held = The document is marked secret. Its scan was not stored; secret documents do not go this way.
finding-already-captured = These scans are here already: { $files }
finding-outside-paper-window = The paper was signed at { $at }, outside the time for which this outage allows paper ({ $from } – { $to }). If that is so, say why (accept=outside_paper_window:REASON); if the time was mistyped, correct it (paper_signed_at=...).
finding-secret-known-late = The document is marked secret, and its scan is stored here already. It goes no further; tell the person in charge of secret documents.
finding-paper-before-outage = The paper was signed at { $at }, before its outage began by the record ({ $start }), and the document will say both. If the time was mistyped, correct it (paper_signed_at=...). If it is so, say why (accept=paper_before_outage:REASON); a record that is opened with --paper-from says when paper began to be used.
