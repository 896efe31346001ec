# find, catalogue, register

find-written = ✓ { $count } documents in { $path }
find-none = Nothing was found for "{ $words }".
find-without-marks = Nothing has these words with these marks; the marks were left out of account.
find-beginnings = Nothing has these words; words that begin so were looked for.
find-more = { $total } documents found, { $shown } of them shown. --limit N shows more; -o F.csv writes all.
find-found = { $total } found.
find-head-document = Document
find-head-number = Number
find-head-date = Date
find-head-subject = Subject
find-head-signer = Signer
find-head-state = State

catalogue-kept = ✓ { $count } files in the catalogue
catalogue-none = The catalogue has no file yet. scanseal catalogue add CODE --title TEXT enters one.

register-title-outgoing = REGISTER OF OUTGOING DOCUMENTS
register-title-incoming = REGISTER OF INCOMING DOCUMENTS
register-made = Printed { $made }
register-count = Lines: { $count }.
register-scope-outage = Outage { $value }
register-scope-file = File { $value }
register-scope-from = from { $value }
register-scope-to = to { $value }
register-scope-words = words: { $value }
register-number = Number and notation
register-issued = Date of the document
register-content = Type and subject
register-signer = Signer
register-recipients = Recipients
register-keeper = Unit or person that keeps the file copy
register-copies = Number of copies
register-sent = Date of sending
register-sign = Signature of the receiver
register-note = Notes
register-arrived = Date of arrival
register-arrival = Arrival number
register-author = Author
register-receiver = Unit or person that receives
register-passed = Date of passing on

finding-file-code-unknown = The catalogue has no file { $file }. Enter it with catalogue add, or correct it with edit DOC file_code=...

err-register-mixed = A table holds one book of the register, and both outgoing and incoming documents were found.
    .advice = Add --direction outgoing or --direction incoming. A PDF holds both books.
err-register-file = A register cannot be written as { $name }.
    .advice = Name a file with -o that ends in .csv, .json or .pdf; a PDF is always a file.
err-file-code-unknown = { $document }: the catalogue has no file "{ $code }". It has: { $known }
    .advice = Choose one of the catalogue (scanseal catalogue list), or enter it first with scanseal catalogue add CODE --title TEXT.
err-catalogue-entry = Entry { $line } of the catalogue ({ $code }) has no code or no title, or one that is too long. Nothing was entered.
    .advice = Give each file a code (at most 40 characters) and a title (at most 500); how long it is kept has at most 30.
err-sheet-malformed = The table cannot be read at line { $line }: { $cause }.
    .advice = Save it as CSV UTF-8 from the spreadsheet program and try again.
err-sheet-column = The table has no column "{ $column }".
    .advice = Its head may also be one of these: { $spellings }. The first line of the table has to hold the heads.
