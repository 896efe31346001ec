# mệnh đề bên trong thông báo lỗi: vì sao

# text of libraries and of the system
why-technical = nội dung không đúng định dạng (chi tiết kỹ thuật: { $technical })
why-database = cơ sở dữ liệu báo lỗi (chi tiết kỹ thuật: { $technical })

# settings files
why-toml-unknown = dòng { $line }: mục này không có khóa nào tên "{ $key }"; hãy xem lại cách viết và vị trí của khóa (dùng được: { $known })
why-toml-missing = còn thiếu "{ $key }" là khóa hoặc mục bắt buộc, phải có trong phần bắt đầu từ dòng { $line }
why-toml-variant = dòng { $line }: khóa "{ $key }" chỉ nhận một trong các giá trị: { $known }
why-toml-text = dòng { $line }: giá trị của "{ $key }" phải là chữ đặt trong dấu ngoặc kép, ví dụ { $key } = "..." (chi tiết kỹ thuật: { $technical })
why-toml-number = dòng { $line }: giá trị của "{ $key }" phải là số, không đặt trong dấu ngoặc kép (chi tiết kỹ thuật: { $technical })
why-toml-negative = dòng { $line }: giá trị của "{ $key }" phải là số nguyên không âm và không quá lớn (chi tiết kỹ thuật: { $technical })
why-toml-day = dòng { $line }: giá trị của "{ $key }" phải là ngày viết theo dạng "2026-11-02" (chi tiết kỹ thuật: { $technical })
why-toml-switch = dòng { $line }: giá trị của "{ $key }" phải là true hoặc false, không đặt trong dấu ngoặc kép (chi tiết kỹ thuật: { $technical })
why-toml-list = dòng { $line }: giá trị của "{ $key }" phải là danh sách trong dấu ngoặc vuông, ví dụ { $key } = ["..."] (chi tiết kỹ thuật: { $technical })
why-toml-section = dòng { $line }: "{ $key }" phải là một mục gồm nhiều khóa, không phải một giá trị (chi tiết kỹ thuật: { $technical })
why-toml-value = dòng { $line }: giá trị của "{ $key }" không dùng được (chi tiết kỹ thuật: { $technical })
why-toml-twice = dòng { $line }: "{ $key }" được ghi hai lần, hãy bỏ bớt một chỗ
why-toml-syntax = dòng { $line } viết sai: thường do thiếu dấu ngoặc kép, dấu bằng hoặc dấu ngoặc vuông (chi tiết kỹ thuật: { $technical })

# station file
why-store-scheme = store phải bắt đầu bằng sqlite: hoặc postgres://
why-store-password = không ghi mật khẩu trong store; ghi mật khẩu vào một tệp và khai báo tệp đó ở store_password_file
why-store-password-file = store_password_file chỉ dùng khi store bắt đầu bằng postgres://
why-blobs = blobs = "s3://..." cần có mục [blob_store]
why-blob-store = mục [blob_store] chỉ dùng khi blobs = "s3://..."
why-destination = nơi nhận "{ $destination }" (mục [[destination]]): { $fault }
why-missing = còn thiếu { $key }
why-foreign = loại nơi nhận này (kind) không dùng { $key }
why-url = url phải bắt đầu bằng { $secure }:// và không chứa tên đăng nhập hay mật khẩu
why-url-starttls = url phải bắt đầu bằng { $secure }:// hoặc { $plain }:// và không chứa tên đăng nhập hay mật khẩu
why-url-here = url phải bắt đầu bằng { $secure }:// và không chứa tên đăng nhập hay mật khẩu ({ $plain }:// chỉ dùng cho chính máy này, vì trên mạng người khác sẽ đọc được mật khẩu)
why-pair-password = user và password_file phải đi cùng nhau
why-pair-certificate = client_certificate và client_key phải đi cùng nhau
why-either-token = chỉ ghi token_file, hoặc chỉ ghi user và password_file
why-either-key = phải ghi đúng một trong hai: key_file hoặc password_file
why-minimum = loại nơi nhận này không chứng minh được mức ghi ở minimum
why-dialect = settings.dialect chỉ nhận { $first } hoặc { $second }
why-agency = { $name } không phải là mã định danh cơ quan (nhiều nhất { $most } ký tự)
why-url-port = trong url, { $address } không phải là tên máy chủ kèm cổng từ 1 đến 65535
why-url-path = url phải kết thúc ngay sau tên máy chủ và cổng; phần { $rest } không được dùng đến
why-url-path-sftp = url phải kết thúc ngay sau tên máy chủ và cổng; thư mục ở đó ({ $rest }) ghi vào path
why-url-signs = url có dấu cách hoặc chữ không được dùng trong địa chỉ; phải viết bằng mã phần trăm (dấu cách là %20)
why-at-least-one = { $key } ít nhất phải là 1

# recipes of document systems
why-recipe-missing = { $fault } Các tệp mô tả có sẵn trong chương trình: { $known }
why-recipe-name = không có thông tin nào tên là { $name }
why-recipe-take = trong take còn thiếu id
why-recipe-recent = có mục recent tìm số phiếu, nhưng không có mục task để hỏi theo số phiếu đó
why-recipe-method = method chỉ nhận POST hoặc PUT, không nhận { $method }
why-recipe-proof = không có proof lẫn read_back nên không bao giờ chứng minh được văn bản đã đến

# profiles
why-organization-last = trong các mục [[signature]] phải có đúng một chữ ký của cơ quan (role = "organization") và đứng cuối cùng
why-personal-needed = mục [recovery] có form = "re_sign" thì phải có một mục [[signature]] với role = "personal"
why-no-picture = visible trong mục [[signature]] chỉ nhận "text" hoặc "none": bản quét không được thêm hình chữ ký
why-languages = languages trong mục [ocr] là tên các ngôn ngữ của Tesseract, ví dụ ["vie", "eng"]
why-metadata = mục [metadata] chỉ nhận tên cột của bảng kê, không nhận { $name }
why-dpi = min_dpi trong mục [scan] và min_layer_dpi trong mục [compress] phải từ { $from } đến { $to }
why-offset = utc_offset_minutes phải từ { $from } đến { $to }
why-rsa-bits = min_rsa_bits trong mục [crypto] ít nhất phải là 2048
why-repealed = căn cứ pháp lý { $cite } (mục [[legal_basis]]) ghi ngày hết hiệu lực không sau ngày có hiệu lực
why-placeholder = { $place }: không có thông tin nào tên là { $name }
why-route = tuyến "{ $route }" (mục [[route]]): { $fault }
why-route-recovery = văn bản giấy của sự cố theo các mục [recovery] và [[signature]], không theo tuyến
why-route-organization-last = phải có đúng một bước của cơ quan (role = "organization") và đứng cuối cùng
why-route-no-organization = tuyến này không có chữ ký của cơ quan
why-route-person = phải có ít nhất một người ký (role = "personal", không phải bước tùy chọn)
why-route-attachment = phụ lục ở tệp riêng do cơ quan ký (role = "organization")
why-route-step = mỗi bước phải có tên riêng (step = "..."), không trùng nhau
why-route-required = tuyến "{ $route }" (mục [[route]]), required: bảng kê không có cột { $name }
why-route-capacity = tuyến "{ $route }" (mục [[route]]), capacity: không nhận { $name }, chỉ nhận { $known }

# records and bytes
why-move-server = dữ liệu đã nằm trên máy chủ cơ sở dữ liệu
why-move-scheme = địa chỉ mới phải bắt đầu bằng postgres://
why-move-password = không ghi mật khẩu trong địa chỉ; ghi mật khẩu vào một tệp (--password-file)
why-address = địa chỉ viết sai (chi tiết kỹ thuật: { $technical })
why-no-host = địa chỉ không ghi tên máy chủ
why-bucket = { $fault } (chi tiết kỹ thuật: { $code } { $status })
why-state = có trạng thái { $name } mà phiên bản này không biết
why-journal = { $fault }
why-rows = bảng { $table }: đã đọc { $wanted } dòng nhưng ở nơi mới có { $found } dòng

# bundles of other stations
why-entries = tệp có tới { $found } phần bên trong
why-entry = không đọc được phần { $name } bên trong (chi tiết kỹ thuật: { $technical })
why-entry-large = phần { $name } bên trong quá lớn
why-schema = gói do một phiên bản khác của chương trình ghi ra (schema { $found })

# certificates and keys
why-bytes = tệp quá lớn ({ $bytes } byte)
why-size = quá lớn
why-no-pem = không có chứng thư nào ở dạng PEM
why-no-certificate = phần thứ { $number } không phải là chứng thư số X.509
why-certificate-cut = chứng thư thứ { $number } bị cắt cụt
why-certificate-broken = chứng thư thứ { $number } bị hỏng (chi tiết kỹ thuật: { $technical })
why-many-certificates = có quá nhiều chứng thư
why-certificate-none = không có chứng thư nào
why-not-canonical = không ở dạng chuẩn DER
why-p12-none = đây không phải là tệp khóa PKCS#12
why-p12-nesting = cấu trúc bên trong lồng quá nhiều tầng
why-p12-scrypt = mật khẩu được bảo vệ bằng scrypt, chương trình không dùng cách này
why-p12-rounds = mở tệp sẽ mất quá lâu (hơn { $most } vòng tính)
why-uri-length = địa chỉ quá dài
why-token-answer = câu trả lời không khớp với câu hỏi
why-stamp-media = câu trả lời không phải là dấu thời gian mà là { $name }
why-stamp-none = câu trả lời không có dấu thời gian
why-stamp = { $code ->
    [nonce] câu trả lời thuộc về một câu hỏi khác
    [digest_mismatch] dấu được cấp cho nội dung khác
    [untrusted] dịch vụ không do tổ chức được tin cậy ở đây cấp chứng thư
    [key_usage_wrong] chứng thư của dịch vụ không chỉ dùng để cấp dấu thời gian
    [certificate_not_bound] dấu không cho biết được cấp bằng chứng thư nào
    [signer_certificate_missing] dấu không kèm chứng thư của dịch vụ
    [revoked] chứng thư của dịch vụ đã bị thu hồi
   *[other] không qua được kiểm tra, mã { $code }
  }
why-picture-mm = không dùng được bề rộng picture_mm = { $width }
why-picture-background = hình không có nền trong suốt

# scans, tables, PDF files
why-jpeg-marker = dữ liệu JPEG bị hỏng ở giữa
why-jpeg-frame = tệp JPEG thiếu phần đầu của hình
why-jpeg-colours = tệp JPEG không cho biết hệ màu
why-pixels = kích thước ghi trong tệp là { $width } × { $height } điểm ảnh
why-tiff-size = tệp TIFF không ghi kích thước
why-tiff-strip = một dải hình có hệ màu khác với trang
why-tiff-circle = các trang trong tệp TIFF chỉ vòng quanh lẫn nhau
why-tiff-jpeg = hình JPEG bên trong có kích thước khác với trang
why-pdf-part = cấu trúc tệp PDF bị hỏng (chi tiết kỹ thuật: { $technical })
why-pdf-jpeg = hình JPEG bên trong có kích thước khác với kích thước tệp ghi
why-pdf-fax = hình nén kiểu fax bên trong có bề rộng khác với bề rộng tệp ghi
why-pdf-jbig2 = hình JBIG2 bên trong có kích thước khác với kích thước tệp ghi
why-row = dòng { $line } của bảng kê
why-many-rows = có quá nhiều dòng
why-many-columns = có quá nhiều cột
why-columns = dòng này có { $found } cột, trong khi dòng tiêu đề có { $wanted } cột
why-revisions = { $fault }
why-too-large = tệp quá lớn
why-many-fields = có quá nhiều ô biểu mẫu
