# pdf

err-not-archival = The file is not PDF/A: { $violations }
    .advice = The scan is kept untouched. Build the document again; if it happens again, send this line to your support.
err-already-signed = The file carries a signature already.
    .advice = Signed files are never built again; look at it with scanseal verify.
err-glyph-missing = The font has no letter for { $character }.
    .advice = { $where ->
        [signature] It stands in the visible text of the signature: "{ $line }". Correct it where it comes from: behind --number, in [office] name of scanseal.toml, or in the data of the document (scanseal edit).
       *[other] Correct the text (scanseal edit), then build again.
    }
err-xmp-broken = The metadata of the file cannot be read: { $cause }
    .advice = The file was made or changed by another program; take the original.
err-pdf-unreadable = The PDF cannot be read: { $cause }
    .advice = The file is damaged or not a PDF; take the original again.

err-ocr-failed = A page could not be read by Tesseract: { $cause }
    .advice = Run it again. Without text recognition (--no-ocr) everything else works.
err-ocr-missing = Tesseract is not installed here, or has none of these languages: { $languages }
    .advice = Install tesseract-ocr and tesseract-ocr-vie, or leave the option away that needs it.
err-no-proposals = There is nothing to accept for { $document }: nothing was read from the paper for a fact that is still missing.
    .advice = Look at the paper and give the facts yourself: scanseal edit { $document } code_number=... issued_date=dd/mm/yyyy subject="..."

finding-ocr-missing = Tesseract is not installed, so pages get no text layer and nothing is proposed from the paper. Everything else works.
finding-ocr-language-missing = Tesseract lacks the language { $missing }; pages are read with { $languages }, and other letters may come out wrong.
finding-ocr-failed = The text of this page could not be read; the page has no text layer and looks the same. Technical detail, for the person who looks after this machine: { $cause }
finding-digits-differ = After compression other digits are read here: "{ $before }" before, "{ $after }" after (at { $x }, { $y } pixels from the top left). Compare the page with the paper.
err-proposals-unsure = Nothing of { $document } was read surely enough to be taken over: { $facts }
    .advice = Look at the paper and give the facts yourself: scanseal edit { $document } code_number=... issued_date=dd/mm/yyyy
finding-proposals-left = Not taken over, because it was not read surely enough: { $facts }. Look at the paper and give it yourself (key=value).
