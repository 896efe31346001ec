# routes: evidence, the journal, profiles in plain words, routes of documents that were written on a computer

# evidence and journal
help-export = Make a bundle of documents for another machine (--for), or a file with all evidence about one document (--evidence)
help-export-evidence = Everything about this document in one ZIP: scans, every version, verdict, receipts, journal with proofs; a third party checks it with openssl, qpdf, pdfsig and sha256sum
help-journal-check = Check that neither the journal nor the rows of documents were changed by hand, and that the clock never went back
help-journal-check-accept-clock = Why the clock went back; the reason goes into the journal, and these places are not told again
cli-evidence-exported = Evidence about { $document } written: { $path }
    Fingerprint of this station, for whoever checks it: { $fingerprint }
cli-journal-holds = The journal holds: { $entries } entries, { $documents } documents as it says, { $roots } roots, { $stamped } of them with a time stamp.
err-journal-broken = The journal or the rows of documents were changed by hand: { $at }.
    .advice = Keep the workspace as it is and call your support; compare with the last backup. Nothing was repaired.
err-journal-clock = The clock of this machine went back { $count } times between entries of the journal.
    .advice = Find out who set it and why. Then say so: scanseal journal check --accept-clock "REASON"
finding-journal-entries-missing = Entries { $first } to { $last } of the journal are missing: they were removed.
finding-journal-link-broken = Entry { $entry } of the journal does not follow the one before it: entries were exchanged or put in.
finding-journal-entry-changed = Entry { $entry } of the journal was changed after it was written.
finding-journal-head-differed = Before entry { $entry } the journal did not end where it should have: its last entries were removed or added by hand.
finding-journal-end-wrong = The journal ends at entry { $found } and should end at entry { $wanted }: its last entries were removed or added by hand.
finding-journal-root-changed = Root { $root } of the journal does not belong to its entries.
finding-journal-stamp-wrong = The time stamp of root { $root } is not one over this root.
finding-journal-document-changed = Document { $document }: its record, a version, a signature, a receipt or a mark "seen" was changed by hand; the journal says something else.
finding-journal-document-missing = Document { $document } stands in the journal and is gone from the store.
finding-journal-document-unknown = Document { $document } stands in the store, and the journal knows nothing of it.
finding-journal-document-filed = Document { $document }: its lines of the register or its deliveries were changed, removed or put in by hand; the journal says something else.
finding-journal-row-changed = { $kind ->
    [outage] The record of outage { $row }
    [kit] Kit { $row }
    [reason] A reason of the reconciliation, { $row },
    [reconciliation] A reconciliation, { $row },
    [station] The known station { $row }
    [origin] The note of where document { $row } came from
    [file] File { $row } of the catalogue
   *[root] Root { $row } of the journal
} was changed by hand; the journal says something else.
finding-journal-row-missing = { $kind ->
    [outage] The record of outage { $row }
    [kit] Kit { $row }
    [reason] A reason of the reconciliation, { $row },
    [reconciliation] A reconciliation, { $row },
    [station] The known station { $row }
    [origin] The note of where document { $row } came from
    [file] File { $row } of the catalogue
   *[root] Root { $row } of the journal
} stands in the journal and was removed from the store.
finding-journal-row-unknown = { $kind ->
    [outage] The record of outage { $row }
    [kit] Kit { $row }
    [reason] A reason of the reconciliation, { $row },
    [reconciliation] A reconciliation, { $row },
    [station] The known station { $row }
    [origin] The note of where document { $row } came from
    [file] File { $row } of the catalogue
   *[root] Root { $row } of the journal
} stands in the store, and the journal knows nothing of it.
finding-journal-clock-back = Before entry { $entry } the clock of the station was set back by { $seconds } seconds.
finding-journal-clock-behind = The clock of this machine is behind the journal: the last entry is of { $at }, now it is { $now }.

# profiles
err-profile-key = Profile { $name }, line { $line }: there is no key "{ $key }".
    .advice = Perhaps this was meant: { $known }. scanseal profile explain tells what each part of a profile does.
err-route-missing = Profile { $profile } has no route { $route }.
    .advice = Add [[route]] name = "{ $route }" to a copy of the profile, or use another profile; vn-state and eidas have routes, a drill has none.
err-route-steps = The step "{ $step }" is unknown, out of order, there twice or missing. The steps are: { $known }
    .advice = Name the steps in the order of the profile, with those that are not optional: --steps content_check,approval
finding-basis-not-in-force = The profile { $profile } rests on { $cite }, which is not in force on { $day }. Ask your legal department before you sign.
help-profile-check = Check a profile: keys, contradictions, and whether its law is in force
help-profile-check-at = Whether the law is in force on this day, not today
help-profile-explain = Explain a profile in plain words
help-profile-explain-at = As the law stands on this day, not today
explain-law = Law
explain-law-none = The profile names no law.
explain-law-basis = { $cite }: { $title }. In force since { $from }.
explain-law-not-yet = Warning: not in force before { $from }.
explain-law-repealed = Warning: repealed on { $on }. What is signed from that day on cannot rest on it.
explain-law-ends = Note: ends on { $on }; from then on the program warns at every command.
explain-law-amended = Note: changed from { $on } by { $by }.
explain-paper = Paper of an outage (scan)
explain-form-re-sign = The person who signed on paper signs again, electronically and without a picture. When that signature is verified, the organization signs.
explain-form-sao-y = The scan becomes a true copy (SAO Y): the clerk attests to have seen signature and stamp on the paper, then the organization signs. Who signed on paper does not sign again.
explain-form-incoming = Paper that others issued is never signed by our persons: it becomes a copy (SAO Y) signed by the organization.
explain-who = Who signs, in this order; each signature is verified before the next:
explain-person = A person
explain-organization = The organization,
explain-holder-person = with a certificate of a person;
explain-holder-organization = with a certificate of an organization;
explain-signers = only { $names };
explain-capacity = also in the capacity { $list };
explain-visible-none = nothing shows on the page;
explain-visible-picture = the picture of the signature shows at its true size;
explain-visible-seal = the picture of the seal shows at its true size, over a third of the signature;
explain-place-rule = it stands where the rule wants it, and elsewhere only where the rule finds no place;
explain-visible-text = top right on the first page, black letters without a seal picture: { $lines };
explain-reason = in the signature stands "{ $reason }".
explain-lock = Form fields are locked.
explain-optional = (may be left out)
explain-repeat = (several persons may sign here)
explain-seal-provisional = The organization may sign although a time stamp, or the answer whether a certificate was revoked, is still missing; it is added later.
explain-seal-valid = The organization signs only when no time stamp is missing, and no answer whether a certificate was revoked.
explain-deliver-provisional = Documents are delivered although such a proof is still missing.
explain-deliver-valid = Documents are delivered only when no such proof is missing.
explain-input-pdfa = PDF/A is taken as it is; other PDFs are refused with the advice to save them as PDF/A.
explain-input-pdf = Every PDF is taken as it is; one that is not PDF/A is taken with the advice to save it as PDF/A.
explain-required = These facts have to be known: { $fields }.
explain-internal = The organization does not sign. After the last signature the document is closed and stands in the register; it is not issued.
explain-attachment = Attachments in files of their own: { $form }
explain-scan = What a scan has to be
explain-dpi = At least { $dpi } dots per inch.
explain-colour = In colour.
explain-expect-stamp = A red stamp is expected; where none is seen, that is said.
explain-expect-signature = A signature in ink is expected; where none is seen, that is said.
explain-deskew = Pages that lie askew are turned level in the PDF; no dot of the scan is changed.
explain-no-deskew = Pages stay as they were scanned; what lies askew is said.
explain-hold = These findings hold a document until a person accepts them: { $codes }.
explain-secret-refuse = Documents marked MẬT, TỐI MẬT or TUYỆT MẬT are not taken in; not a byte of them is stored.
explain-secret-allow = Documents marked secret are treated like all others.
explain-result = What it becomes
explain-class-small = PDF/A, compressed to the smallest size.
explain-class-normal = PDF/A, compressed at a middle size.
explain-class-high = PDF/A, compressed with the highest fidelity.
explain-layer = Letters are kept without loss, no shape is put in place of another, and no layer with ink falls below { $dpi } dots per inch.
explain-ocr = Where Tesseract is installed, the text can be searched ({ $languages }).
explain-mark-last-page = At the foot of the last page stands: { $text }
explain-mark-every-page = At the foot of every page stands: { $text }
explain-mark-none = Nothing is added to the page; in the metadata stands: { $text }
explain-note = Mark and transfer note (who, when, with what, what was noticed) stand in the metadata, under every signature.
explain-crypto = Signatures
explain-level-b-b = PAdES B-B: the signature alone, without a time stamp.
explain-level-b-t = PAdES B-T: with a proof of time.
explain-level-b-lt = PAdES B-LT: with a proof of time and all that is needed to check it later.
explain-level-b-lta = PAdES B-LTA: as B-LT, with an archive time stamp that can be renewed.
explain-keys = RSA keys of { $bits } bits at least ({ $padding }), or ECDSA P-256 and P-384.
explain-issuers = Only certificates of: { $names }.
explain-trust = Whom the office trusts stands in its own settings, never in the file.
explain-archive = Names and retention
explain-naming = Copies are called: { $pattern }.pdf
explain-audit = The archive is checked every { $months } months.
explain-field-number = number and notation
explain-field-issued-date = date of issue
explain-field-outage = reference of the outage
explain-field-copy-form = form of the copy
explain-field-organ-name = name of the office
explain-field-organ-id = code of the office
explain-field-signed-at = time of signing
explain-field-document = number in this program
explain-field-converter = name of the office
explain-field-time = time
explain-field-capacity = capacity
explain-field-code-number = number
explain-field-code-notation = notation
explain-field-type-name = type
explain-field-subject = subject
explain-field-secrecy = secrecy ("Thường" says that there is none)
explain-field-signer-name = name of the signer
explain-field-signer-position = position of the signer

# transfer note (BSI TR-03138 A.NB.4)
transfer-note = a) Created by: { $office }, { $station }; attested by: { $attested }. b) Environment: { $environment }. c) Anomalies: { $anomalies }. d) Time: scan taken in { $captured }, converted { $converted }. e) Quality check: { $pages } pages looked at one by one, { $findings } findings, { $accepted } of them accepted by a person; PDF/A checked clause by clause. f) Statement: { $statement }.
transfer-none = none

# routes of documents that were written on a computer
err-step-unknown = There is no step "{ $step }". Known: { $known }
    .advice = Use one of these names; scanseal profile explain tells what each step is.
err-replacement-known = { $document } cannot take the place of { $old }: this file is here already as a document of its own.
    .advice = Nothing was replaced. Look at both with scanseal show; take in the corrected PDF of { $old }, or send { $document } back if it is the wrong one.
err-attachment-role = { $document } goes along with another document: only the organization signs it.
    .advice = Sign the document that it goes along with; afterwards seal both with scanseal sign --role organization.
err-route-needed = { $document } is paper of an outage, or goes along with another document: it is neither sent back nor replaced as a whole.
    .advice = Correct its pages with scanseal pages { $document } ... or its facts with scanseal edit { $document } ...; for an attachment, replace the document that it belongs to.
err-signer-not-allowed = { $signer } may not sign at the step "{ $step }". Allowed: { $allowed }
    .advice = Let one of those sign who are allowed; or have the administrator change [signers] in scanseal.toml.
err-capacity-not-allowed = Nobody signs "{ $capacity }" at the step "{ $step }". Allowed: { $allowed }
    .advice = Check the position of the signer on the document and in signer_position; correct it with scanseal edit before anybody signs.
err-all-have-signed = All persons of its route have signed { $document }.
    .advice = Nothing is left to do here; look with scanseal show { $document }.
err-never-sealed = { $document } is an internal document: the organization never signs it.
    .advice = It is finished with its last personal signature. To issue it, take it in again with --route outgoing.
err-born-not-pdf = { $file } is not a PDF.
    .advice = Save the document as PDF/A in the program in which it was written (Word: Save as, PDF, Options, PDF/A), then take the PDF in; the Word file beside it comes along by itself.
err-born-not-archival = This PDF is not PDF/A: { $violation }
    .advice = Save it again as PDF/A (Word: Save as, PDF, Options, "PDF/A compliant"; LibreOffice: Export as PDF, "Archival"). The profile can allow other PDFs: input = "pdf".
err-born-is-recovered = This PDF was made here from a scan of an outage. It was not written on a computer.
    .advice = It has its own document already; look for it with scanseal list.
err-born-secret = { $file } is marked secret and stays outside; not a byte of it is stored.
    .advice = Treat it by the rules for secret documents, on machines that are made for them.
err-born-drill = A drill takes no documents that were written on a computer: they are never changed, so nothing could mark them as a drill's.
    .advice = Practise with scans (scanseal recover scans --outage DRILL-1 --drill), or use a workspace of its own with test keys.
finding-born-not-archival = This PDF is not PDF/A. It is taken as it is; better save it as PDF/A the next time (Word: Save as, PDF, Options, "PDF/A compliant"). Technical detail, by the clause of ISO 19005-2: { $violation }
finding-born-without-text = This PDF has no text: is it a scan? Then take it in with --outage. Otherwise accept this finding.
finding-sent-back = Sent back to the step "{ $step }" by { $by }: { $reason }. Take a corrected document in with --replaces, or explain it with scanseal edit ... accept="sent_back:REASON": then it goes on where it stood, and who has signed does not sign again.
help-return = Send a document on its route back to a step, or to its author, with a reason; signatures are never removed
help-return-to = The step, or author
help-return-reason = Why; everybody reads it who opens the document
help-scan-outage = Reference of an open outage, for paper
help-scan-route = For documents that were written on a computer: outgoing (issued) or internal (not issued); the PDF is taken as it is
help-scan-steps = Which persons sign, step by step; without it all steps that the profile does not call optional
help-scan-attachments = A file that goes along and gets the organization's signature of its own; several times for several files
help-scan-replaces = The document in whose place this corrected one stands; both stay
cli-plan-return = Send back
cli-plan-export_evidence = Evidence

# exchange between agencies (edXML)
err-edxml-refused = The gateway { $destination } refused the document (edXML { $code }): { $why ->
        [n10] the packet cannot be read
        [n18] a receiver does not exist ({ $receivers })
        [n22] the packet does not follow Decision 28/2018
        [n23] a receiver is locked ({ $receivers })
       *[other] reason unknown
    }.
    .advice = The gateway's rule: such an answer is not sent again by itself. Correct what it names (the receivers stand under "to" in scanseal.toml), then run scanseal upload once more. Other documents go on.
err-edxml-fact = { $name } cannot go over the axis: its field { $field } is not known, and number, notation and date are its name there.
    .advice = Give it with scanseal edit before the document is built (number, notation and date of paper stand on it); a document that is built already goes by another destination.
err-attachment-open = { $document } is not sent yet: { $other }, which goes along with it, is not sealed.
    .advice = Sign { $other } with scanseal sign --role organization { $other } (or drop it with its reason), then run scanseal upload once more.
err-edxml-along = { $document } goes along with { $other }, and { $other } did not go.
    .advice = See with scanseal status why { $other } did not go, correct that, then run scanseal upload once more; both go together.
err-recipients-unknown = { $document } went to nobody: none of its recipients ({ $recipients }) is a receiver at { $destination }, which knows { $receivers }.
    .advice = Write the recipient under "to" in scanseal.toml, by the name that the document has for it, then run scanseal upload once more. A document without recipients goes to all receivers.
err-edxml-axis = The axis behind { $destination } failed (edXML { $code }): { $why ->
        [n20] the axis failed
        [n21] the axis could not work on the file
       *[other] reason unknown
    }. Nothing was lost; everything stays queued.
    .advice = Run scanseal upload again later. If it stays so for an hour, call whoever runs the gateway and tell them the number.
