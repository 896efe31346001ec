# scan

err-scan-empty = Tệp { $file } trống.
    .advice = Quét lại trang khi bản giấy còn ở đó.
err-scan-unknown = Tệp { $file } không phải bản quét: nội dung không phải JPEG, PNG, TIFF hay PDF, dù tên tệp thế nào.
    .advice = Kiểm tra lại có đúng tệp không; quét lại trang ở định dạng JPEG, PNG, TIFF hoặc PDF.
err-scan-format = Tệp { $file } có định dạng { $format }, không được nhận làm bản quét.
    .advice = Đặt máy quét ở định dạng JPEG, PNG, TIFF hoặc PDF rồi quét lại.
err-scan-variant = Tệp { $file } là ảnh ở dạng mà scanseal chưa đọc được (chi tiết kỹ thuật: { $what }).
    .advice = Đặt máy quét ở chế độ màu (24 bit) hoặc xám thông thường, định dạng JPEG, PNG hoặc TIFF rồi quét lại.
err-scan-cut = Bản quét { $file } bị cắt cụt; thiếu một phần hình ảnh.
    .advice = Quét lại trang khi bản giấy còn ở đó, chờ máy quét ghi xong tệp rồi mới lấy.
err-scan-broken = Bản quét { $file } bị hỏng: { $cause }
    .advice = Quét lại trang khi bản giấy còn ở đó.
err-scan-changed = Tệp { $file } thay đổi trong lúc đang nhận, nên chưa ghi nhận gì từ tệp này.
    .advice = Chờ máy quét hoặc việc sao chép xong rồi nhận lại.
err-scan-too-large = Bản quét { $file } ghi kích thước { $width } × { $height } điểm ảnh, lớn hơn mức có thể của một trang.
    .advice = Quét lại trang ở độ phân giải 200 đến 600 dpi.
err-scan-too-many-pages = Tệp { $file } có nhiều hơn { $limit } trang.
    .advice = Chia tập tài liệu thành nhiều tệp.
err-page-broken = Trang { $page } của { $document } không đọc được, nên văn bản chưa đủ trang và không thể làm tiếp.
    .advice = Quét lại trang đó khi bản giấy còn ở đó, rồi nhận lại cả văn bản. Không thể bỏ qua trang bị hỏng.
err-pdf-encrypted = Tệp PDF { $file } có đặt mật khẩu nên không đọc được.
    .advice = Tắt tùy chọn mật khẩu (mã hóa) trên máy quét rồi quét lại.
err-pdf-has-text = Tệp PDF { $file } không phải bản quét: trang { $page } có chữ do máy tính soạn thảo.
    .advice = Nếu đây là văn bản điện tử thì xử lý như văn bản điện tử; nếu cần bản giấy có chữ ký thì quét tờ giấy đó.
err-pdf-has-drawing = Tệp PDF { $file } không phải bản quét: trang { $page } không chỉ gồm ảnh quét của tờ giấy.
    .advice = Quét tờ giấy thành JPEG, PNG, TIFF hoặc PDF chỉ gồm ảnh quét.
err-pdf-has-form = Tệp PDF { $file } có ô biểu mẫu để điền nên không phải bản quét.
    .advice = Quét tờ giấy đã điền và đã ký; không dùng tệp biểu mẫu.
err-pdf-has-notes = Tệp PDF { $file } có ghi chú hoặc hình vẽ thêm ở trang { $page } nên không còn đúng là bản quét.
    .advice = Lấy lại tệp gốc từ máy quét, hoặc quét lại tờ giấy.
err-pdf-is-signed = Tệp PDF { $file } đã có chữ ký số nên không được nhận làm bản quét.
    .advice = Tệp đã ký số thì giữ nguyên và kiểm tra bằng lệnh verify; chỉ quét bản giấy ký tay.
err-scan-too-many-files = Có nhiều hơn { $limit } tệp trong một lần.
    .advice = Nhận lần lượt từng thư mục.
err-manifest-encoding = Bảng kê { $path } không ở bảng mã UTF-8 (dòng { $line }) nên chữ có thể sai.
    .advice = Trong chương trình bảng tính, lưu lại dạng "CSV UTF-8" rồi thử lại.
err-manifest-malformed = Không đọc được bảng kê { $path } tại dòng { $line }: { $cause }
    .advice = Sửa dòng đó; mỗi dòng phải có đủ số cột như dòng tiêu đề.
err-manifest-column = Dòng { $line } (tiêu đề) của bảng kê { $path } có cột lạ "{ $column }". Các cột dùng được: { $known }
    .advice = Sửa tên cột đó hoặc bỏ cột đi.
err-manifest-column-twice = Bảng kê { $path } có cột "{ $column }" hai lần nên không rõ giá trị nào được dùng.
    .advice = Bỏ bớt một trong hai cột.
err-manifest-no-file = Bảng kê { $path } không có cột "file" hoặc "paper_serial" nên không thể ghép các dòng với bản quét.
    .advice = Thêm cột tên file, ghi tên bản quét vào từng dòng.
err-manifest-row = Dòng { $line } của bảng kê { $path } không ghi tên tệp.
    .advice = Ghi tên bản quét vào cột file; nhiều tệp cách nhau bằng dấu |.
err-manifest-file-missing = Dòng { $line } của bảng kê ghi { $file } nhưng không có bản quét đó.
    .advice = Kiểm tra lại tên hoặc bổ sung bản quét còn thiếu; các văn bản khác đã được nhận.
err-manifest-file-twice = Bản quét { $file } được ghi ở cả dòng { $other } và dòng { $line } của bảng kê.
    .advice = Mỗi bản quét chỉ được ghi ở một dòng.
err-extract-from-scan = { $line ->
    [none] Không làm TRÍCH SAO từ bản quét, vì bản quét thể hiện toàn bộ trang.
   *[other] Dòng { $line } của bảng kê { $path }: Không làm TRÍCH SAO từ bản quét, vì bản quét thể hiện toàn bộ trang.
  }
    .advice = Dùng SAO Y, hoặc SAO LỤC nếu bản giấy đã là bản sao.

finding-dpi-inferred = Tệp không ghi độ phân giải; coi tờ giấy là khổ A4 nên tính ra { $dpi } dpi.
finding-dpi-unlikely = Tệp ghi { $stated } dpi, con số mà máy quét giấy không dùng (máy ảnh ghi như vậy khi không biết độ phân giải); coi tờ giấy là khổ A4 nên tính ra { $dpi } dpi.
finding-page-broken = Không đọc được trang { $page } của tệp { $file }: { $cause ->
    [scan_cut] hình ảnh bị thiếu một phần
    [scan_too_large] kích thước lớn hơn mức có thể của một trang
    [scan_variant] ảnh ở dạng chưa đọc được
   *[other] dữ liệu bị hỏng
  }. Các trang khác đã được nhận. Quét lại trang này khi bản giấy còn ở đó, rồi nhận lại cả văn bản.
finding-exif-turned = Trang được xoay { $turn } đúng như máy quét hoặc máy ảnh đã ghi; không điểm ảnh nào thay đổi.
finding-colours-converted = Màu của trang được chuyển sang sRGB (từ { $from }).
finding-icc-unreadable = Tệp có kèm hồ sơ màu nhưng không đọc được; màu được giữ nguyên như sRGB. Nên xem lại màu của trang.
finding-pdf-rendered = Trang PDF ghép từ { $images } ảnh, được dựng lại thành một ảnh ở { $dpi } dpi.
finding-pdf-text-dropped = Lớp chữ ẩn (nhận dạng chữ) trong tệp PDF không được lấy; chỉ lấy hình ảnh của trang.
finding-dpi-low = Trang có { $dpi } dpi; yêu cầu tối thiểu { $wanted } dpi. Nên quét lại nếu có thể.
finding-colour-missing = Trang không phải ảnh màu, trong khi quy định yêu cầu bản quét màu (Nghị định 30/2020/NĐ-CP).
finding-page-count-differs = Bản quét có { $found } trang, bảng kê ghi { $expected } trang.
finding-not-in-manifest = Không dòng nào của bảng kê ghi { $file }; chưa biết số, ngày và trích yếu.
finding-signature-revoked = Chứng thư số của một chữ ký trên văn bản này đã bị thu hồi: { $signer }. Văn bản được giữ lại cho đến khi văn thư xem xét.
finding-field-missing = Chưa có thông tin "{ $field }" ({ $meaning }).
finding-secret-held = Văn bản có dấu chỉ độ mật. Bản quét không được lưu; văn bản mật không xử lý theo cách này.
finding-already-captured = Các bản quét này đã được nhận trước đó: { $files }
finding-outside-paper-window = Văn bản giấy ký lúc { $at }, ngoài thời gian được làm trên giấy của sự cố này ({ $from } – { $to }). Nếu đúng như vậy thì nêu lý do (accept=outside_paper_window:LÝ_DO); nếu nhập sai giờ ký thì sửa (paper_signed_at=...).
finding-secret-known-late = Văn bản có dấu chỉ độ mật nhưng bản quét đã được lưu ở đây. Văn bản không được xử lý tiếp; hãy báo người phụ trách tài liệu mật.
finding-paper-before-outage = Văn bản giấy ký lúc { $at }, trước khi sự cố bắt đầu theo hồ sơ ({ $start }); văn bản điện tử sẽ ghi cả hai thời điểm này. Nếu nhập sai giờ ký thì sửa (paper_signed_at=...). Nếu đúng như vậy thì nêu lý do (accept=paper_before_outage:LÝ_DO); hồ sơ mở với --paper-from sẽ ghi đúng thời điểm bắt đầu dùng giấy.
