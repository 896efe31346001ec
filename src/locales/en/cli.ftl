# Words of the command line

cli-support = Help: { $name } { $phone }
cli-page = page { $page }
cli-pin-prompt = PIN of { $key }:

cli-stage-scan = Reading scans
cli-stage-build = Building PDF/A
cli-stage-sign = Signing
cli-stage-verify = Verifying
cli-stage-send = Sending

cli-convert-done = ✓ { $file }: { $pages } pages, { $in } → { $out }

usage-no-command = No command was given.
usage-unknown-command = There is no command "{ $named }". Did you mean: { $suggested }?
usage-unknown-argument = The option "{ $named }" is not known here. See: { $suggested }
usage-missing-argument = Something is missing: { $named }
usage-bad-value = "{ $value }" cannot be used for { $named }. Possible: { $suggested }
usage-conflict = { $named } cannot be used together with { $prior }.
usage-other = The command line cannot be understood.
usage-advice = scanseal --help lists the commands; scanseal COMMAND --help explains one.

err-nothing-to-do = There is nothing to do: no scan or document fits what was asked for.
    .advice = Check the folder, or look at the documents with scanseal list.
err-pin-needed = The PIN of { $key } is needed and nobody can be asked here.
    .advice = Run the command on a terminal, or give --pin-file FILE (or - for standard input).
err-pin-source = The pin_source { $source } is not allowed.
    .advice = Write pin_source = "file:PATH", or leave it out to be asked for the PIN.

err-bad-document-id = "{ $name }" is not a document number.
    .advice = Document numbers look like D-000001; scanseal list shows them. Files end in .pdf or contain a slash.
err-bad-time = "{ $text }" is not a point in time.
    .advice = Write 2026-11-02T08:00, or 02/11/2026 08:00 (day first).
err-bad-change = "{ $change }" is not a correction.
    .advice = Write it as key=value, for example subject="Về việc ...".
err-bad-state = There is no state "{ $state }".
    .advice = States are: captured held built partly_signed signed authorised sealed queued sent accepted delivered closed replaced dropped.
err-bad-field = There is no field "{ $field }". Known: { $known }
    .advice = Use one of these names.
err-bad-field-value = "{ $value }" does not fit the field { $field }.
    .advice = Dates are 02/11/2026 or 2026-11-02, day first; direction is outgoing or incoming; copy_form is SAO Y or SAO LỤC.
err-no-such-finding = Document { $document } has no open finding "{ $code }" that can be accepted.
    .advice = Look at its findings with scanseal show { $document }.
err-not-seen = Nobody has marked this document as seen, and a personal signature stands for what was read.
    .advice = Look at it and mark it with scanseal show D-... --seen, then sign; or sign with --unseen REASON, which goes to the journal.
err-proof-owed = A proof of revocation or time is still owed and this profile wants it before the organization signs.
    .advice = Try again when the services are back.
err-verdict-open = The signatures on this document cannot be judged yet: { $reason }
    .advice = If the issuer is right, add its certificate with scanseal trust add FILE, then try again.
err-verdict-invalid = A signature on this document does not hold: { $reason }
    .advice = Do not seal it. Take the document out, find out what happened, and have it signed again from the scan.
err-key-not-named = No key is named for the { $role } signature.
    .advice = Name it with --key, or in scanseal.toml under [keys.{ $role }].
err-output-missing = Signed copies of plain files need a folder.
    .advice = Name it with -o DIR; the original is never changed.
err-level-unsupported = The level { $level } is not offered by this version.
    .advice = Sign with --level b-b.
err-not-confirmed = Nothing was done, because it was not confirmed.
    .advice = Run the command again and answer yes, or give --yes.
err-role-not-in-form = The profile { $profile } uses the form SAO Y: the wet signature on the paper counts, the clerk attests it, and only the organization signs. There is no personal signature to make.
    .advice = Attest the document if that is still missing (scanseal attest D-...), build it, and seal it with scanseal sign --role organization.
err-options-conflict = { $first } and { $second } cannot be used together.
    .advice = Leave one of them out.
