# sign
err-not-signed = The document has no signature yet.
    .advice = Have the authorised person sign it first (scanseal sign --role personal), then go on.
err-role-missing = The organization cannot seal this document yet: { $present } of { $wanted } personal signatures are on it.
    .advice = First let the authorised person sign (scanseal sign --role personal); afterwards the clerk seals it (scanseal sign --role organization).
err-attestation-missing = The organization cannot seal this copy yet: nobody has attested that the paper carries the handwritten signature and the stamp.
    .advice = Look at the paper, then attest it (scanseal attest D-...), build it again and seal it.
