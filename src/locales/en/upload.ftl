# upload

err-destination-unknown = There is no destination { $name }. Known: { $known }
    .advice = Check the spelling, or add it to scanseal.toml.
err-destination-away = The destination { $destination } is away: { $cause }
    .advice = Nothing is lost: the documents wait in the queue. scanseal upload --watch sends them as soon as it is back.
err-destination-full = The destination { $destination } has no room left.
    .advice = Free some space there; the documents wait in the queue and nothing half-written was left.
err-destination-denied = The destination { $destination } does not allow writing.
    .advice = Ask its administrator for the right to write there, then run scanseal upload again.
err-destination-conflict = Another file lies at { $destination } under the name { $name }; it is never overwritten.
    .advice = Look at that file; move it away if it does not belong there, then run scanseal upload again.
err-destination-drill = Drill documents and the destination { $destination } do not go together.
    .advice = Drill documents go only to destinations marked drill = true, real documents only to the others.
err-destination-not-named = This workspace names no destination, so there is nowhere to send to. The sealed documents lie in its folder "out".
    .advice = Add a [[destination]] to scanseal.toml, then run scanseal upload.
