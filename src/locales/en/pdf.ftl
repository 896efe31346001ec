# pdf

err-not-archival = The file is not PDF/A: { $violations }
    .advice = The scan is kept untouched. Build the document again; if it happens again, send this line to your support.
err-already-signed = The file carries a signature already.
    .advice = Signed files are never built again; look at it with scanseal verify.
err-glyph-missing = The font has no letter for { $character }.
    .advice = Correct the text (scanseal edit), then build again.
err-xmp-broken = The metadata of the file cannot be read: { $cause }
    .advice = The file was made or changed by another program; take the original.
err-pdf-unreadable = The PDF cannot be read: { $cause }
    .advice = The file is damaged or not a PDF; take the original again.
