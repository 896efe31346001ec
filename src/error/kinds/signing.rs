//! Refusals about keys, signatures, proofs and verdicts.

use crate::error::{Exit, Kind, Retry};

kinds! {
    // --- sign ---------------------------------------------------------------------------------------------------
    /// A stage that wants a signed file got one without signatures.
    NOT_SIGNED = "not_signed", AfterYouFix, Signature;
    /// The organization may not seal yet: a personal role has not signed.
    ROLE_MISSING = "role_missing", AfterYouFix, Signature;
    /// Form sao_y without the clerk's attestation.
    ATTESTATION_MISSING = "attestation_missing", AfterYouFix, Signature;
    /// A person signs before the organization; this file is sealed already.
    ALREADY_SEALED = "already_sealed", AfterYouFix, Signature;
    /// A PDF whose structure a reader would have to repair; nothing is appended to it.
    BASE_DAMAGED = "base_damaged", AfterYouFix, AllFailed;
    /// A PDF protected by a password.
    BASE_ENCRYPTED = "base_encrypted", AfterYouFix, AllFailed;
    /// A hybrid-reference PDF: two readers see two files.
    BASE_HYBRID = "base_hybrid", AfterYouFix, AllFailed;
    /// Bytes behind the end of the PDF.
    BASE_TRAILING_DATA = "base_trailing_data", AfterYouFix, AllFailed;
    /// A PDF above the size that can be signed.
    BASE_TOO_LARGE = "base_too_large", AfterYouFix, AllFailed;
    /// A PDF with a dynamic XFA form, whose look is not in its pages.
    BASE_DYNAMIC_FORM = "base_dynamic_form", AfterYouFix, AllFailed;
    /// A certified PDF that forbids this further signature.
    BASE_CERTIFIED = "base_certified", AfterYouFix, AllFailed;
    /// An earlier signature locks this field, or all of them.
    BASE_LOCKED = "base_locked", AfterYouFix, AllFailed;
    /// The page has no room for the text of the signature.
    PAGE_TOO_SMALL = "page_too_small", AfterYouFix, AllFailed;
    /// A key address that cannot be read.
    KEY_URI_INVALID = "key_uri_invalid", AfterYouFix, Usage;
    /// A key address with a PIN or a command in it.
    PIN_IN_URI = "pin_in_uri", AfterYouFix, Usage;
    /// The file that a PIN should be read from cannot be read.
    PIN_FILE_UNREADABLE = "pin_file_unreadable", AfterYouFix, Key;
    /// A PDF behind a password, in which nobody sees whether it is signed.
    VERIFY_ENCRYPTED = "verify_encrypted", AfterYouFix, Signature;
    /// A PDF without its end, in which nobody sees whether it was signed.
    VERIFY_CUT = "verify_cut", AfterYouFix, Signature;
    /// Others can read the file that a PIN should be read from.
    PIN_FILE_OPEN = "pin_file_open", AfterYouFix, Key;
    /// The key file is missing or cannot be opened.
    KEY_FILE_MISSING = "key_file_missing", AfterYouFix, Key;
    /// The key file cannot be read as PKCS#12.
    KEY_FILE_DAMAGED = "key_file_damaged", AfterYouFix, Key;
    /// Others can write the key file.
    KEY_FILE_WRITABLE = "key_file_writable", AfterYouFix, Key;
    /// Neither the address nor the station says which PKCS#11 module to load.
    MODULE_NOT_NAMED = "module_not_named", AfterYouFix, Key;
    /// A PKCS#11 module that the station does not allow.
    MODULE_NOT_ALLOWED = "module_not_allowed", AfterYouFix, Key;
    /// The PKCS#11 module does not exist.
    MODULE_MISSING = "module_missing", AfterYouFix, Key;
    /// Others could exchange the PKCS#11 module.
    MODULE_UNSAFE = "module_unsafe", AfterYouFix, Key;
    /// The PKCS#11 module does not load or does not start.
    MODULE_BROKEN = "module_broken", AfterYouFix, Key;
    /// No token of this name is plugged in.
    TOKEN_MISSING = "token_missing", AfterYouFix, Key;
    /// Several tokens fit the address.
    TOKEN_AMBIGUOUS = "token_ambiguous", AfterYouFix, Key;
    /// No such private key.
    KEY_MISSING = "key_missing", AfterYouFix, Key;
    /// Several private keys fit the address.
    KEY_AMBIGUOUS = "key_ambiguous", AfterYouFix, Key;
    /// No certificate belongs to the private key.
    CERTIFICATE_MISSING = "certificate_missing", AfterYouFix, Key;
    /// The certificate cannot be read.
    CERTIFICATE_UNREADABLE = "certificate_unreadable", AfterYouFix, Key;
    /// The certificate is not valid any more.
    CERTIFICATE_EXPIRED = "certificate_expired", AfterYouFix, Key;
    /// The certificate is not valid yet.
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid", AfterYouFix, Key;
    /// A signature by this certificate would not be accepted here; nothing was signed with it.
    SIGNER_NOT_ACCEPTED = "signer_not_accepted", AfterYouFix, Key;
    /// The certificate is not for signatures.
    KEY_USAGE_WRONG = "key_usage_wrong", AfterYouFix, Key;
    /// The profile does not accept the issuer of any certificate of the key.
    ISSUER_NOT_ACCEPTED = "issuer_not_accepted", AfterYouFix, Key;
    /// The key is shorter than the profile allows.
    KEY_TOO_SHORT = "key_too_short", AfterYouFix, Key;
    /// A kind of key that is not supported.
    KEY_TYPE_UNSUPPORTED = "key_type_unsupported", AfterYouFix, Key;
    /// The key wants its PIN for every single signature.
    PIN_PER_SIGNATURE = "pin_per_signature", AfterYouFix, Key;
    /// The key was lost before this file's turn came.
    FILE_NOT_REACHED = "file_not_reached", Later, Key;
    /// The PIN or password is wrong. Never tried again by the program.
    WRONG_PIN = "wrong_pin", AfterYouFix, Key;
    /// The token's PIN is locked.
    PIN_LOCKED = "pin_locked", AfterYouFix, Key;
    /// The token would lock after one more wrong PIN.
    PIN_LAST_TRY = "pin_last_try", AfterYouFix, Key;
    /// The token does not answer in time.
    TOKEN_TIMEOUT = "token_timeout", Later, Key;
    /// The token's module ended without an answer.
    TOKEN_CRASHED = "token_crashed", Later, Key;
    /// The token was pulled out or lost its session.
    TOKEN_GONE = "token_gone", AfterYouFix, Key;
    /// The token refused for another reason.
    TOKEN_REFUSED = "token_refused", AfterYouFix, Key;
    /// The person ended the batch; what is done stays done.
    STOPPED = "stopped", Later, SomeFailed;
    /// A person's certificate where the organization signs.
    CERTIFICATE_OF_PERSON = "certificate_of_person", AfterYouFix, Key;
    /// An organization's certificate where a person signs.
    CERTIFICATE_OF_ORGANIZATION = "certificate_of_organization", AfterYouFix, Key;
    /// The organization would sign with the certificate that signed this document as a person.
    SIGNED_AS_PERSON = "signed_as_person", AfterYouFix, Signature;
    /// A signature does not fit the certificate's key; it was thrown away.
    SIGNATURE_MISMATCH = "signature_mismatch", AfterYouFix, Key;
    /// Objects that show something and that nothing leads to.
    BASE_HIDDEN_OBJECTS = "base_hidden_objects", AfterYouFix, AllFailed;
    /// Optional content: what shows depends on the reader.
    BASE_LAYERS = "base_layers", AfterYouFix, AllFailed;
    /// Scripts and other actions that change, send or start something.
    BASE_SCRIPTS = "base_scripts", AfterYouFix, AllFailed;
    /// Embedded files that no page speaks of.
    BASE_ATTACHMENTS = "base_attachments", AfterYouFix, AllFailed;
    /// Fields that can be filled in after signing.
    BASE_FORM = "base_form", AfterYouFix, AllFailed;
    /// Annotations that are hidden or come up by themselves.
    BASE_HIDDEN_ANNOTATION = "base_hidden_annotation", AfterYouFix, AllFailed;
    /// Content that lies outside the file.
    BASE_EXTERNAL = "base_external", AfterYouFix, AllFailed;
    /// Several versions of a picture, of which each program takes the one that it likes.
    BASE_VARIANTS = "base_variants", AfterYouFix, AllFailed;
    /// Films, sounds, three-dimensional models and the like.
    BASE_MEDIA = "base_media", AfterYouFix, AllFailed;
    /// A signature from elsewhere that is not one of this key over this file.
    REMOTE_SIGNATURE_WRONG = "remote_signature_wrong", AfterYouFix, Signature;
    /// An order for a signature from elsewhere and its file do not belong together any more.
    ORDER_CHANGED = "order_changed", AfterYouFix, AllFailed;
    /// The signature from elsewhere is not there yet.
    REMOTE_SIGNATURE_MISSING = "remote_signature_missing", Later, Undecided;
    /// The picture of a visible signature cannot be used.
    PICTURE_UNUSABLE = "picture_unusable", AfterYouFix, Usage;
    /// A visible signature is wanted and the station names no picture.
    PICTURE_NOT_NAMED = "picture_not_named", AfterYouFix, Usage;
    /// Pictures of signatures and seals do not belong on scans.
    FORM_ON_SCAN = "form_on_scan", AfterYouFix, AllFailed;
    /// No place for a visible signature was found.
    FORM_NO_PLACE = "form_no_place", AfterYouFix, AllFailed;
    /// A visible signature would stand outside the page.
    FORM_OUTSIDE = "form_outside", AfterYouFix, AllFailed;
    /// The profile leaves the place of the picture to its rule.
    PLACE_BY_RULE = "place_by_rule", AfterYouFix, AllFailed;
    /// The signature does not show as a picture, so it has no place to be chosen.
    PLACE_NOT_WANTED = "place_not_wanted", AfterYouFix, Usage;
    /// The level wants time stamps and the station names no service.
    TIMESTAMP_NOT_NAMED = "timestamp_not_named", AfterYouFix, Usage;
    /// A time-stamp service does not answer; the proof is owed.
    TIMESTAMP_AWAY = "timestamp_away", Later, Undecided;
    /// A time-stamp service refused; the proof is owed.
    TIMESTAMP_REFUSED = "timestamp_refused", Later, Undecided;
    /// What a time-stamp service answered is not a stamp that holds; the proof is owed.
    TIMESTAMP_WRONG = "timestamp_wrong", AfterYouFix, Undecided;

    /// A signature of an archived file does not hold, so nothing is signed on top of it.
    EARLIER_SIGNATURE_BROKEN = "earlier_signature_broken", Never, Signature;
    /// A document that was sent back to a step, and neither corrected nor explained.
    DOCUMENT_SENT_BACK = "document_sent_back", AfterYouFix, AllFailed;
    /// A signed document that waits for the clerk's word on a finding.
    DOCUMENT_HELD = "document_held", AfterYouFix, AllFailed;
    /// Proofs of time cannot be settled, because the station names no service that gives them.
    PROOF_NO_SERVICE = "proof_no_service", AfterYouFix, Undecided;
    /// Facts without which a document goes no further.
    FACTS_MISSING = "facts_missing", AfterYouFix, AllFailed;
    /// A secret document whose scan is here; nobody can accept it away.
    SECRET_HELD = "secret_held", AfterYouFix, AllFailed;
    /// A revocation service does not answer; the proof is owed.
    REVOCATION_AWAY = "revocation_away", Later, Undecided;
    /// What a revocation service answered says nothing that can be believed; the proof is owed.
    REVOCATION_WRONG = "revocation_wrong", Later, Undecided;
    /// The certificate of an earlier signature of the file is revoked.
    SIGNATURE_REVOKED = "signature_revoked", Never, Signature;
    /// The certificate of the key, or one above it, is revoked.
    SIGNER_REVOKED = "signer_revoked", AfterYouFix, Key;

    // --- verify -------------------------------------------------------------------------------------------------
    /// A file of trusted certificates cannot be read.
    TRUST_UNREADABLE = "trust_unreadable", AfterYouFix, Workspace;
    /// The file has no revision of that number.
    REVISION_UNKNOWN = "revision_unknown", AfterYouFix, Usage;
}
