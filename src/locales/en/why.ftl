# clauses inside refusals: why

# text of libraries and of the system
why-technical = { $technical }
why-database = { $technical }

# settings files
why-toml-unknown = line { $line }: { $technical }
why-toml-missing = line { $line }: { $technical }
why-toml-variant = line { $line }: { $technical }
why-toml-text = line { $line }: { $technical }
why-toml-number = line { $line }: { $technical }
why-toml-negative = line { $line }: { $technical }
why-toml-day = line { $line }: { $technical }
why-toml-switch = line { $line }: { $technical }
why-toml-list = line { $line }: { $technical }
why-toml-section = line { $line }: { $technical }
why-toml-value = line { $line }: { $technical }
why-toml-twice = line { $line }: { $technical }
why-toml-syntax = line { $line }: { $technical }

# station file
why-store-scheme = store must begin with sqlite: or postgres://
why-store-password = store: the password belongs into store_password_file
why-store-password-file = store_password_file belongs to a postgres:// store
why-blobs = blobs = "s3://..." needs a section [blob_store]
why-blob-store = { "[" }blob_store] belongs to blobs = "s3://..."
why-destination = { "[" }[destination]] { $destination }: { $fault }
why-missing = { $key } is missing
why-foreign = { $key } does not belong to this kind of destination
why-url = url must begin with { $secure }://, and hold no user or password
why-url-starttls = url must begin with { $secure }:// or { $plain }://, and hold no user or password
why-url-here = url must begin with { $secure }:// ({ $plain }:// only on this machine, because the password would travel readable), and hold no user or password
why-pair-password = user and password_file go together
why-pair-certificate = client_certificate and client_key go together
why-either-token = either token_file, or user and password_file
why-either-key = either key_file or password_file
why-minimum = minimum is more than this kind of destination can prove
why-dialect = settings.dialect: { $first } or { $second }
why-agency = { $name } is no code of an agency (at most { $most } characters)
why-url-port = url: { $address } is no host with a port from 1 to 65535
why-url-path = url must end behind host and port; { $rest } would not be looked at
why-url-path-sftp = url must end behind host and port; the folder there, { $rest }, belongs into path
why-url-signs = url holds a space or a letter that no address may hold; in addresses they stand in percents (a space as %20)
why-at-least-one = { $key } must be at least 1

# recipes of document systems
why-recipe-missing = { $fault } (built in: { $known })
why-recipe-name = nothing is called { $name }
why-recipe-take = take has no id
why-recipe-recent = recent finds tickets, and there is no task to ask by them
why-recipe-method = method { $method } is neither POST nor PUT
why-recipe-proof = neither proof nor read_back: arrival could never be proven

# profiles
why-organization-last = { "[" }[signature]]: exactly one organization signature, and it comes last
why-personal-needed = { "[" }recovery] form = "re_sign" needs a [[signature]] with role = "personal"
why-no-picture = { "[" }[signature]] visible: a scan takes no picture, only "text" or "none"
why-languages = { "[" }ocr] languages: names of Tesseract languages, for example ["vie", "eng"]
why-metadata = { "[" }metadata] { $name }: only names of manifest columns may stand here
why-dpi = { "[" }scan] min_dpi, [compress] min_layer_dpi: { $from } to { $to }
why-offset = utc_offset_minutes: { $from } to { $to }
why-rsa-bits = { "[" }crypto] min_rsa_bits: 2048 is the least
why-repealed = { "[" }[legal_basis]] { $cite }: repealed before it was in force
why-placeholder = { $place }: { $name } stands for nothing
why-route = { "[" }[route]] { $route }: { $fault }
why-route-recovery = paper of an outage goes by [recovery] and [[signature]]
why-route-organization-last = exactly one step of the organization, and it comes last
why-route-no-organization = the organization does not sign here
why-route-person = one person at least has to sign
why-route-attachment = attachments are signed by the organization
why-route-step = every step needs a name of its own (step = "...")
why-route-required = { "[" }[route]] { $route } required: { $name } is no column of the manifest
why-route-capacity = { "[" }[route]] { $route } capacity: { $name } is none of { $known }

# records and bytes
why-move-server = the records are on a server already
why-move-scheme = the new place must begin with postgres://
why-move-password = the password belongs into a file (--password-file)
why-address = { $technical }
why-no-host = the address names no host
why-bucket = { $code } { $status }
why-state = state { $name }
why-journal = { $code } { $place }
why-rows = { $table }: { $wanted } rows were read and { $found } are there

# bundles of other stations
why-entries = { $found } entries
why-entry = { $name }: { $technical }
why-entry-large = { $name }: too large
why-schema = schema { $found }

# certificates and keys
why-bytes = { $bytes } bytes
why-size = size
why-no-pem = no certificate in PEM form
why-no-certificate = no. { $number }: not an X.509 certificate
why-certificate-cut = no. { $number }: cut off
why-certificate-broken = no. { $number }: { $technical }
why-many-certificates = too many certificates
why-certificate-none = no certificate
why-not-canonical = not in canonical form (DER)
why-p12-none = not PKCS#12 (DER)
why-p12-nesting = nesting
why-p12-scrypt = scrypt
why-p12-rounds = more than { $most } rounds
why-uri-length = length
why-token-answer = unexpected answer
why-stamp-media = media type { $name }
why-stamp-none = no token
why-stamp = { $code }
why-picture-mm = picture_mm = { $width }
why-picture-background = no clear background

# scans, tables, PDF files
why-jpeg-marker = no marker where one must be
why-jpeg-frame = no frame header
why-jpeg-colours = no colour space
why-pixels = { $width } × { $height } pixels
why-tiff-size = no size
why-tiff-strip = a strip has other colours than the page
why-tiff-circle = directories in a circle
why-tiff-jpeg = the JPEG has another size than the page
why-pdf-part = PDF: { $technical }
why-pdf-jpeg = the JPEG has another size than the picture
why-pdf-fax = the fax has another width than the picture
why-pdf-jbig2 = the JBIG2 has another size than the picture
why-row = line { $line }
why-many-rows = too many rows
why-many-columns = too many columns
why-columns = { $technical }
why-revisions = { $code }
why-too-large = too large
why-many-fields = too many form fields
