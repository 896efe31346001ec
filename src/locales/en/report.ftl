# report: the list printed for the hand-over minutes

report-title = LIST OF DOCUMENTS RECOVERED AFTER AN OUTAGE
report-subtitle = (Annex to the hand-over minutes)
report-drill = DRILL – WITHOUT LEGAL EFFECT
report-footer = { $title } – { $reference }
report-page = Page { $page }/{ $pages }
report-moment = { $date } { $time }
report-unknown = not recorded

report-fact-reference = Outage reference:
report-fact-systems = Systems that failed:
report-fact-units = Units that were hit:
report-fact-start = Start of the outage:
report-fact-restored = Systems restored:
report-fact-declared = Outage declared by:
report-fact-made = List made at:
report-declared = { $name } (document no. { $document })
report-made = { $moment } (time zone UTC{ $offset })

report-col-no = No.
report-col-document = Document
report-col-number = Number, notation
report-col-date = Date
report-col-subject = Type and subject
report-col-signer = Signed by
report-col-pages = Pages
report-col-signatures = Digital signatures (persons/ office)
report-col-state = State
report-col-receipt = Destination, proof and time of receipt
report-col-digest = SHA-256 (first 12 digits)

report-arrival = Arrival no.: { $number }
report-copy-form = Form of copy: { $form }
report-signature-broken = Broken: { $count }
report-receipt = { $destination }: { $proof }
report-receipt-older = (an earlier version, not the latest)

report-state-captured = Taken in
report-state-held = Held because of a finding
report-state-built = Ready to be signed
report-state-partly-signed = Signed by some of the persons
report-state-signed = Signed by all persons
report-state-authorised = Cleared for the organization's signature
report-state-sealed = Signed by the organization
report-state-queued = Waits to be sent
report-state-sent = Sent, nothing heard yet
report-state-accepted = Taken by a relay
report-state-delivered = Delivered
report-state-closed = Finished, kept in the office
report-state-replaced = Replaced by another document
report-state-dropped = Given up, with a reason

report-waiting-personal = Waits for a personal signature
report-waiting-organization = Waits for the organization's signature
report-waiting-clerk = Waits for the clerk
report-waiting-destination = Waits for the destination
report-waiting-other = In progress
report-owed = Still owed: { $what }
report-owed-timestamp = time stamp
report-owed-revocation = proof that the certificate was not revoked

report-proof-sent = sent, nothing heard yet
report-proof-accepted = taken by a relay
report-proof-acknowledged = acknowledged
report-proof-proven = equal SHA-256 proven

report-totals = TOTALS
report-total-documents = Documents: { $documents }; pages: { $pages }.
report-total-bytes = Size of the scans: { $in }; size of the recovered PDF files: { $out }.
report-total-delivered = Delivered: { $count }.
report-total-ended = Ended without being sent: { $count } ({ $detail }).
report-total-waiting = Waiting: { $count } ({ $detail }).
report-total-none-waiting = No document is waiting.
report-total-part = { $name }: { $count }

report-handover-note = Both sides have compared this list with the paper. The annex of SHA-256 digests is part of the list.
report-handover-from = HANDED OVER BY
report-handover-to = RECEIVED BY
report-handover-sign = (Signature and full name)
report-handover-name = Name:
report-handover-date = Date:

report-annex = ANNEX: SHA-256 DIGEST OF EACH DOCUMENT
report-annex-note = Each digest is that of the latest version of the PDF file when this list was made. A file that gives the digest printed here has not changed since then.
report-annex-digest = SHA-256 (64 digits)
report-annex-none = no PDF file yet

err-report-too-large = The list has { $count } documents; a printed list may have { $limit }.
    .advice = Write the whole list with scanseal list --json instead of printing it.
