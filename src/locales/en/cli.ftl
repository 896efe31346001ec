# Words of the command line

cli-support = Help: { $name } { $phone }
cli-page = p. { $page }
cli-pin-prompt = PIN of { $key }:

cli-stage-scan = Reading scans
cli-stage-build = Building PDF/A
cli-stage-sign = Signing
cli-stage-verify = Verifying
cli-stage-send = Sending

cli-convert-done = ✓ { $file }: pages: { $pages }, { $in } → { $out }

usage-no-command = No command was given.
usage-unknown-command = There is no command "{ $named }". Did you mean: { $suggested }?
usage-unknown-argument = The option "{ $named }" is not known here. See: { $suggested }
usage-no-such-command = There is no command "{ $named }".
usage-no-such-argument = The option "{ $named }" is not known here.
usage-missing-argument = Something is missing: { $named }
usage-bad-value-alone = "{ $value }" cannot be used for { $named }.
usage-no-value = { $named } needs a value. Possible: { $suggested }
usage-no-value-alone = { $named } needs a value.
usage-takes-none = { $named } takes no value.
usage-twice = { $named } was given twice.
usage-superfluous = "{ $named }" has no place here.
usage-bad-value = "{ $value }" cannot be used for { $named }. Possible: { $suggested }
usage-conflict = { $named } cannot be used together with { $prior }.
usage-other = The command line cannot be understood.
usage-advice = scanseal --help lists the commands; scanseal COMMAND --help explains one.

err-nothing-to-do = There is nothing to do: no scan or document fits what was asked for.
    .advice = Check the folder, or look at the documents with scanseal list.
err-pin-needed = The PIN of { $key } is needed and nobody can be asked here.
    .advice = Run the command on a terminal, or give --pin-file FILE (or - for standard input).
err-pin-empty = No PIN was given for { $key }. The token was not asked, so none of its tries is used up.
    .advice = Type the PIN, or put it into the first line of the PIN file, and run the command again.
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
err-bad-field-value = { $line ->
    [none] "{ $value }" does not fit the field { $field }.
   *[other] Line { $line } of the manifest { $path }: "{ $value }" does not fit the column { $field }.
  }
    .advice = Dates are 02/11/2026 or 2026-11-02, day first; direction is outgoing or incoming; copy_form is SAO Y or SAO LỤC; pages is a number, issued_amount one from 1 to 999.
err-no-such-finding = Document { $document } has no open finding "{ $code }" that can be accepted.
    .advice = Look at its findings with scanseal show { $document }.
err-not-seen = Nobody has marked this document as seen, and a personal signature stands for what was read.
    .advice = Look at it and mark it with scanseal show D-... --seen, then sign; or sign with --unseen REASON, which goes to the journal.
err-proof-owed = A proof of revocation or time is still owed and this profile wants it before the organization signs.
    .advice = Try again when the services are back.
err-level-not-reached = It has not reached { $level } yet: a service did not give a proof that this level wants.
    .advice = Nothing is lost, and the signatures stay as they are. Give the same command again when the services answer.
err-verdict-open = The signatures on this document cannot be judged yet: { $reason }
    .advice = If the issuer is right, add its certificate with scanseal trust add FILE, then try again.
err-verdict-invalid = A signature on this document does not hold: { $reason }
    .advice = Do not seal it. Take the document out, find out what happened, and have it signed again from the scan.
err-key-not-named = No key is named for the { $role } signature.
    .advice = Name it with --key, or in scanseal.toml under [keys.{ $role }].
err-output-missing = Signed copies of plain files need a folder.
    .advice = Name it with -o DIR; the original is never changed.
err-output-not-folder = { $path } is a file, and signed copies need a folder.
    .advice = Name a folder behind -o, for example -o signed; it is made if it does not exist.
err-output-twice = { $first } and { $second } have the same name, and their copies would lie in one folder as { $name }. Nothing was done.
    .advice = Do one of the two in a run of its own with another folder behind -o, or give it another name first. If both are the same file, name it once.
err-option-needs = { $first } can be used only together with { $second }.
    .advice = Add { $second }, or leave { $first } out.
err-not-confirmed = Nothing was done, because it was not confirmed.
    .advice = Run the command again and answer yes, or give --yes.
err-role-not-in-form = The profile { $profile } uses the form SAO Y: the wet signature on the paper counts, the clerk attests it, and only the organization signs. There is no personal signature to make.
    .advice = Attest the document if that is still missing (scanseal attest D-...), build it, and seal it with scanseal sign --role organization.
err-options-conflict = { $first } and { $second } cannot be used together.
    .advice = Leave one of them out.

cli-few-tries-left = Careful: a wrong PIN was typed for { $key } before. The token locks after a few wrong tries.
cli-use-pad = Type the PIN of { $key } on its own keypad now.
cli-pin-again = PIN of { $key } once more, because the connection to the token was interrupted (empty and Enter: stop):
cli-pin-signing = Signing PIN of { $key } for document { $about } (empty and Enter: stop):
cli-pin-each-time = The key of { $key } wants its PIN for every signature: it will be asked for { $count } times, once a document. Press Ctrl-C if you do not want to sign now.
cli-token-away = The token of { $key } (serial number { $serial }) was pulled out. Signing pauses, no document is lost. Plug the same token in again; it is waited for during 10 minutes. Ctrl-C stops.
cli-token-back = The token of { $key } is back, signing goes on.
cli-plan-sign-all = All in all: sign { $documents } documents with { $key }, { $time }. Waiting for others: { $waiting }. Refused: { $refused }.
cli-key-not-named = (no key chosen yet)
cli-time-unknown = time unknown, because this key was never measured here
cli-time-moment = in less than a second
cli-time-seconds = in about { $count } seconds
cli-time-minutes = in about { $count } minutes
cli-pages = pages: { $pages }
cli-accepted = accepted by { $by }
cli-skipped = Other files in the folder that were left alone: { $count }.
cli-none = No document fits.
cli-seen = { $document } is marked as seen, as it is now.
cli-latest = Its latest file: { $path }
cli-written = Written: { $path }
cli-ended = Done: { $done }. Waiting: { $waiting }. Failed: { $failed }.

cli-head-document = Document
cli-head-number = Number
cli-head-subject = Subject
cli-head-pages = Pages
cli-head-in = Scans
cli-head-out = PDF
cli-head-signatures = Signatures
cli-head-state = State

cli-plan-scan = take in
cli-plan-build = build
cli-plan-wait = waits for a person
cli-plan-sign = sign
cli-plan-send = send
cli-plan-edit = correct
cli-plan-attest = attest
cli-plan-convert = convert
cli-plan-report = write
cli-plan-move_store = move the records
cli-plan-upgrade = sign at a higher level
cli-plan-complete = add the proofs that are owed
cli-plan-prepare = prepare
cli-plan-init = make

cli-confirm-recover = Outage { $outage }: take in the documents ({ $documents }), then sign and send what needs no person? (y/n)
cli-confirm-sign = Documents to sign: { $documents }, with { $key }, { $time }. Go on? (y/n)

cli-recovered = Documents: { $documents }, pages: { $pages }, { $in } → { $out }, signatures: { $signatures }, failed: { $failed }.
cli-drill-next =
    This was a drill: throw-away keys, no legal value. The sealed files lie in { $delivered }.
    Try next:
      scanseal --workspace { $workspace } show D-000001
      scanseal --workspace { $workspace } verify D-000001
      scanseal --workspace { $workspace } report --outage { $outage } -o list.pdf
      scanseal init DIR --profile vn-state      (a real workspace)
cli-waits-clerk = Waiting for the clerk: { $count }. Look with scanseal list --waiting-for clerk, then correct (scanseal edit) or attest (scanseal attest).
cli-waits-personal = Waiting for a personal signature: { $count }. Look at each (scanseal show D-... --seen), then scanseal sign --role personal --all.
cli-waits-organization = Waiting for the organization: { $count }. Seal them with scanseal sign --role organization --all.
cli-waits-destination = Waiting to be delivered: { $count }. Send them with scanseal upload.
cli-set-aside = Set aside, because a destination refused them: { $documents }; documents: { $count }. See why with scanseal show { $document }; when that is mended, scanseal upload tries them again.
cli-set-aside-at = Set aside at { $destination }

cli-outage-open = open
cli-outage-declared = declared
cli-outage-restored = systems restored
cli-outage-recovering = being recovered
cli-outage-reconciled = reconciled
cli-outage-closed = closed

cli-destination-works = { $name }: works. Waiting { $queued }, delivered { $delivered }, set aside { $dead }.
cli-destination-away = { $name }: away, looked at again from { $until }. Waiting { $queued }, delivered { $delivered }, set aside { $dead }. { $reason }
cli-destination-blocked = { $name }: waits for a person. Waiting { $queued }, delivered { $delivered }, set aside { $dead }. { $reason } → { $advice }
cli-destination-unnamed = { $name }: scanseal.toml does not name it any more. Never delivered there { $count }, of these not delivered at all yet { $open }. Put its name back if they are to go there; else scanseal upload sends them to the destinations that it names now.

cli-verdict-valid = valid. Every signature holds and nothing was changed afterwards.
cli-verdict-indeterminate = cannot be decided yet. Nothing speaks against the signatures, but something is missing.
cli-verdict-unsigned = there is no signature in this file.
cli-verdict-invalid = NOT valid. Do not rely on this file.
cli-verdict-drill = This file comes from a drill and has no legal value.
cli-verdict-outage = Paper of outage { $outage }.
cli-verdict-signature = { $role }: { $signer }, { $at }

cli-layer-background = paper
cli-layer-picture = picture
cli-layer-ink = ink
cli-layer-text = text
cli-fidelity = kept: contrast of text { $contrast } %, lost strokes { $lost } %, red { $red } % turned by { $turn }°, other ink { $ink } %

cli-init-done = The workspace is ready in { $path }. Next: name keys, trust and destinations in its scanseal.toml, then scanseal outage open REFERENCE.
cli-profile-good = The profile { $name } can be used.
cli-role-timestamp = Time stamp
cli-role-personal = Personal signature
cli-role-organization = Organization's signature

cli-trusted = Trusted from now on: { $name }
cli-untrusted = No longer trusted: { $name }
cli-anchor =
    { $name }
      Subject: { $subject }
      Valid: { $from } to { $until }
      SHA-256: { $sha256 }
cli-type-fingerprint = Ask the issuer for the SHA-256 fingerprint by another way (telephone, official letter) and type it here:
err-fingerprint-differs = The fingerprint does not belong to the certificate { $name }, whose SHA-256 is { $sha256 }. It was not trusted.
    .advice = Compare again, digit by digit. If they really differ, somebody may have exchanged the file: take it from the issuer once more.
err-anchor-unknown = No single added certificate has a fingerprint that begins with { $sha256 }.
    .advice = Look with scanseal trust list and give at least 8 digits. Certificates named in scanseal.toml are taken out there.
cli-examined = Good: { $good }. Warnings: { $warnings }. Wrong: { $bad }.
err-drill-mixed = A file of a drill and a real key, or a real file and a drill's key, do not go together.
    .advice = Sign drill files only inside their drill, and real files only with the office's own keys.
err-name-empty = { $what } is empty.
    .advice = { $where ->
        [anchor] Give the words of the line above which the picture of the signature shall stand, or leave --anchor out.
        [number] Give number and notation of the document that the file goes along with, for example 125/UBND-VP.
       *[other] Give it in words; it is kept and stands for what was done.
    }

# the manual
manual-exit = Exit codes
    .about = What the program answers to a script when it ends.
manual-exit-0 = Done: the documents reached the state that the command promises. Documents that wait for a person are no failure of scan and recover.
manual-exit-1 = A fault of the program itself.
manual-exit-2 = The command cannot be understood or contradicts itself; nothing was begun.
manual-exit-3 = Some documents failed, the others are done.
manual-exit-4 = All documents failed.
manual-exit-5 = A signature is invalid or missing.
manual-exit-6 = The key or the token cannot be used.
manual-exit-7 = The destination is away; everything is queued and nothing is lost.
manual-exit-8 = The workspace cannot be used.
manual-exit-9 = It cannot be decided yet.
manual-refusals = Errors
    .about = Each with its code as it stands in JSON, what happened, and what to do.
manual-class = Exit code { $exit } where nothing else decides; trying again: { $retry ->
    [never] never helps, the same input is always refused
    [later] helps later, nothing has to be changed
   *[after_you_fix] helps once the cause is mended
  }.
manual-findings = Findings on scans
    .about = What is noticed about a scan or its details. A document that is held waits until a person mends or accepts it.
manual-reasons = Reasons of a verdict
    .about = What can be said about a signature.
manual-verdict-note = Worth knowing; the verdict does not change.
manual-verdict-indeterminate = The verdict stays open.
manual-verdict-invalid = The signature is invalid.
manual-checks = Lines of scanseal doctor
    .about = What the check of the station can say.
cli-proposals = Read from the paper (nothing of this is taken over by itself):
cli-proposal-given = (given: { $value })
cli-proposals-accept = Compare with the paper, then take over what is missing with scanseal edit { $document } accept-proposals, or give each fact yourself with key=value.
cli-kit = Written: { $path }. This is kit { $kit }. Print it, put it into the drawer, and bind it when an outage comes: scanseal outage open REFERENCE --kit { $kit }
cli-plan-kit = print
cli-watching = Watching { $path }. Ctrl-C ends it.
cli-plan-watch = watch
cli-exported = { $count ->
        [one] 1 document is
       *[other] { $count } documents are
    } in { $path }. Fingerprint of this station's key: { $fingerprint }
cli-plan-export = hand over
cli-plan-import = take over
err-bad-place = The place "{ $place }" is not understood.
    .advice = Write PAGE:LEFT,TOP in millimetres from the left and the upper edge of the page, for example 1:110,220.

cli-proofs-owed = { $count } documents owe a proof of time or revocation. Settle it with: scanseal sign --complete --all
cli-proofs-ending = Proofs of { $count } documents lose their worth within a year, the first at { $first }. Renew them with: scanseal sign --upgrade b-lta --all
cli-serving = The station is open, for this machine only. Open in a browser:
      { $open }
    (only you can read the file { $file }; the pages are at { $address }). Ctrl-C ends it.
cli-plan-serve = Open the station
cli-sign-steps = You sign at these steps: { $steps }
show-captured-at = Scan taken in
show-entered-at = Entered at the destination
show-outage = Outage
show-separator = Cover or empty sheet
show-dropped-page = Page taken out
show-file = File
show-source = SHA-256 of the scan
show-version = Version
show-version-build = PDF/A made
show-version-import = taken over from another machine
show-version-sign-personal = signed by a person
show-version-sign-organization = signed by the organization
show-version-resign = signed once more by the organization
show-version-build-replaced = opened again for a correction
show-version-complete = missing proofs added
show-version-upgrade-b-t = raised to level B-T
show-version-upgrade-b-lt = raised to level B-LT
show-version-upgrade-b-lta = raised to level B-LTA
show-signature = Signature
show-integrity-intact = unchanged
show-integrity-broken = CHANGED
show-trust-trusted = issuer trusted here
show-trust-untrusted = issuer not trusted here
show-trust-unknown = nobody is trusted here yet
show-owed = Still owed
show-stands-until = Proofs stand until
show-receipt = Receipt
show-set-aside = Refused by
outage-fact-systems = Systems
outage-fact-units = Units
outage-fact-paper = Paper signed
outage-fact-paper-open = no window stated
outage-fact-detected = Noticed
outage-fact-declared = Declared by
outage-fact-document = Declared on
outage-fact-ticket = Ticket
outage-fact-kits = Kits
outage-fact-blocks = Numbers handed out
outage-fact-restored = Systems back
outage-fact-basis = Legal basis
cli-opened-again = { $document } was PDF/A already; by this correction it is open again. Make it anew with: scanseal build { $document }
cli-not-built = { $document } was not built: { $why }
cli-prepared = Prepared: { $files }
    Next: have the bytes of each .to-sign signed as its .order.json says, put the answer beside it under the name ending in .signature, then: scanseal sign --role { $role } --attach { $path } -o FOLDER
cli-anchor-leaf = ! { $name } is no authority (it has no mark of a CA). Trusted is this one certificate only; whoever holds its key counts as trusted until it expires. Usually the certificate of the issuer is meant.

cli-outage-begins-now = The record says that the outage began now ({ $at }), because no --paper-from was given. Paper that was signed before is told as signed too early.
cli-outage-left = Not done yet for outage { $reference }: { $left }.
cli-left-held = held { $count }
cli-left-unsealed = not sealed { $count }
cli-left-undelivered = sealed and not delivered { $count }
cli-left-unreconciled = its numbers are not reconciled
cli-confirm-close = Close outage { $reference } all the same? It takes no more paper then, until scanseal outage reopen { $reference }. (y/n)
cli-waits-behind = Attachments that wait for the signatures of persons on { $documents }: { $count }. They are sealed together with it.
cli-behind = Waits for the signatures on { $document }
cli-handed-over = Handed over on { $day } { $purpose ->
    [personal] for the signatures of persons
    [organization] for the organization's signature
   *[delivery] to be delivered
  }
cli-waits-elsewhere = Handed over to another machine and not back yet: { $count }, the last on { $day }. What is signed there is taken over with scanseal import; whoever signs them here as well signs twice.
cli-proofs-no-service = { $count } documents owe a proof of time or revocation that the profile asks for, and scanseal.toml names no time-stamp service. Name one under [[timestamp]], then: scanseal sign --complete --all
cli-status-nothing = No document yet. Take scans in with: scanseal scan FOLDER --outage CODE
