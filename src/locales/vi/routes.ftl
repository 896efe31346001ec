# routes: chứng cứ, nhật ký, giải thích hồ sơ cấu hình, tuyến của văn bản soạn trên máy tính

# evidence and journal
help-export = Xuất gói bàn giao cho máy khác (--for), hoặc tệp chứa mọi chứng cứ về một văn bản (--evidence)
help-export-evidence = Toàn bộ về văn bản này trong một tệp ZIP: ảnh quét, mọi phiên bản, kết quả kiểm tra, biên nhận, nhật ký kèm bằng chứng; bên thứ ba kiểm tra được bằng openssl, qpdf, pdfsig và sha256sum
help-journal-check = Kiểm tra nhật ký và dữ liệu văn bản có bị sửa tay không, đồng hồ có bị chỉnh lùi không
help-journal-check-accept-clock = Lý do đồng hồ bị chỉnh lùi; lý do được ghi vào nhật ký, những chỗ này không báo lại nữa
cli-evidence-exported = Đã lập hồ sơ chứng cứ của { $document }: { $path }
    Dấu vân tay của máy trạm này, để người kiểm tra đối chiếu: { $fingerprint }
cli-journal-holds = Nhật ký nguyên vẹn: { $entries } dòng, { $documents } văn bản đúng như nhật ký ghi, { $roots } gốc, trong đó { $stamped } gốc có dấu thời gian.
err-journal-broken = Nhật ký hoặc dữ liệu văn bản đã bị sửa tay. { $at }
    .advice = Giữ nguyên không gian làm việc, gọi bộ phận hỗ trợ và đối chiếu với bản sao lưu gần nhất. Chương trình không sửa lại gì.
err-journal-clock = Đồng hồ máy này bị chỉnh lùi { $count } lần giữa các dòng nhật ký.
    .advice = Tìm hiểu ai chỉnh và vì sao, rồi ghi lại: scanseal journal check --accept-clock "LÝ DO"
finding-journal-entries-missing = Nhật ký thiếu các dòng từ { $first } đến { $last }: đã bị xóa.
finding-journal-link-broken = Dòng { $entry } của nhật ký không nối tiếp dòng trước: có dòng bị đổi chỗ hoặc chèn vào.
finding-journal-entry-changed = Dòng { $entry } của nhật ký đã bị sửa sau khi ghi.
finding-journal-head-differed = Trước dòng { $entry }, nhật ký không kết thúc ở chỗ phải kết thúc: các dòng cuối đã bị xóa hoặc thêm bằng tay.
finding-journal-end-wrong = Nhật ký kết thúc ở dòng { $found } trong khi phải kết thúc ở dòng { $wanted }: các dòng cuối đã bị xóa hoặc thêm bằng tay.
finding-journal-root-changed = Gốc { $root } của nhật ký không khớp với các dòng của nó.
finding-journal-stamp-wrong = Dấu thời gian của gốc { $root } không phải của gốc này.
finding-journal-document-changed = Văn bản { $document }: bản ghi, phiên bản, chữ ký, biên nhận hoặc dấu "đã xem" đã bị sửa tay; nhật ký ghi khác.
finding-journal-document-missing = Văn bản { $document } có trong nhật ký nhưng không còn trong kho dữ liệu.
finding-journal-document-unknown = Văn bản { $document } có trong kho dữ liệu nhưng nhật ký không hề ghi.
finding-journal-document-filed = Văn bản { $document }: dòng trong sổ đăng ký hoặc việc gửi đi đã bị sửa, xóa hoặc thêm bằng tay; nhật ký ghi khác.
finding-journal-row-changed = { $kind ->
    [outage] Hồ sơ sự cố { $row }
    [kit] Bộ tờ bìa { $row }
    [reason] Lý do đối chiếu { $row }
    [reconciliation] Lần đối chiếu { $row }
    [station] Máy trạm đã biết { $row }
    [origin] Ghi nhận nơi chuyển đến của văn bản { $row }
    [file] Hồ sơ { $row } trong danh mục
   *[root] Gốc { $row } của nhật ký
} đã bị sửa tay; nhật ký ghi khác.
finding-journal-row-missing = { $kind ->
    [outage] Hồ sơ sự cố { $row }
    [kit] Bộ tờ bìa { $row }
    [reason] Lý do đối chiếu { $row }
    [reconciliation] Lần đối chiếu { $row }
    [station] Máy trạm đã biết { $row }
    [origin] Ghi nhận nơi chuyển đến của văn bản { $row }
    [file] Hồ sơ { $row } trong danh mục
   *[root] Gốc { $row } của nhật ký
} có trong nhật ký nhưng đã bị xóa khỏi kho.
finding-journal-row-unknown = { $kind ->
    [outage] Hồ sơ sự cố { $row }
    [kit] Bộ tờ bìa { $row }
    [reason] Lý do đối chiếu { $row }
    [reconciliation] Lần đối chiếu { $row }
    [station] Máy trạm đã biết { $row }
    [origin] Ghi nhận nơi chuyển đến của văn bản { $row }
    [file] Hồ sơ { $row } trong danh mục
   *[root] Gốc { $row } của nhật ký
} có trong kho nhưng nhật ký không biết gì.
finding-journal-clock-back = Trước dòng { $entry }, đồng hồ của máy trạm bị chỉnh lùi { $seconds } giây.
finding-journal-clock-behind = Đồng hồ máy này chậm hơn nhật ký: dòng cuối ghi lúc { $at }, bây giờ là { $now }.

# profiles
err-profile-key = Hồ sơ cấu hình { $name }, dòng { $line }: không có khóa nào tên là "{ $key }".
    .advice = Có thể muốn viết: { $known }. Lệnh scanseal profile explain cho biết từng phần của hồ sơ cấu hình dùng để làm gì.
err-route-missing = Hồ sơ cấu hình { $profile } không có tuyến { $route }.
    .advice = Thêm [[route]] name = "{ $route }" vào một bản sao của hồ sơ cấu hình, hoặc dùng hồ sơ khác; vn-state và eidas có tuyến, diễn tập thì không.
err-route-steps = Bước "{ $step }" không có, sai thứ tự, bị lặp hoặc còn thiếu. Các bước là: { $known }
    .advice = Nêu các bước theo thứ tự trong hồ sơ cấu hình, đủ những bước không được bỏ: --steps content_check,approval
finding-basis-not-in-force = Hồ sơ cấu hình { $profile } dựa trên { $cite }, văn bản này không có hiệu lực vào ngày { $day }. Hãy hỏi bộ phận pháp chế trước khi ký.
help-profile-check = Kiểm tra hồ sơ cấu hình: các khóa, chỗ mâu thuẫn, căn cứ pháp lý còn hiệu lực không
help-profile-check-at = Xét hiệu lực vào ngày này thay cho hôm nay
help-profile-explain = Giải thích hồ sơ cấu hình bằng lời dễ hiểu
help-profile-explain-at = Theo hiệu lực vào ngày này thay cho hôm nay
explain-law = Căn cứ pháp lý
explain-law-none = Hồ sơ cấu hình không nêu căn cứ pháp lý nào.
explain-law-basis = { $cite }: { $title }. Có hiệu lực từ { $from }.
explain-law-not-yet = Cảnh báo: chưa có hiệu lực trước ngày { $from }.
explain-law-repealed = Cảnh báo: hết hiệu lực từ { $on }. Văn bản ký từ ngày đó không còn dựa vào căn cứ này được.
explain-law-ends = Lưu ý: hết hiệu lực từ { $on }; từ ngày đó chương trình sẽ cảnh báo ở mọi lệnh.
explain-law-amended = Lưu ý: được sửa đổi từ { $on } bởi { $by }.
explain-paper = Văn bản giấy trong thời gian sự cố (quét)
explain-form-re-sign = Người đã ký trên giấy ký số lại, không kèm hình chữ ký. Khi chữ ký đó được kiểm tra là đúng thì cơ quan, tổ chức ký số.
explain-form-sao-y = Bản quét trở thành bản SAO Y: văn thư xác nhận đã thấy chữ ký tay và con dấu trên giấy, sau đó cơ quan ký số. Người đã ký trên giấy không phải ký lại.
explain-form-incoming = Văn bản giấy do nơi khác ban hành thì người của cơ quan không bao giờ ký: nó trở thành bản SAO Y do cơ quan ký số.
explain-who = Ai ký, theo thứ tự này; mỗi chữ ký được kiểm tra trước khi đến chữ ký sau:
explain-person = Cá nhân
explain-organization = Cơ quan, tổ chức,
explain-holder-person = bằng chứng thư số của cá nhân;
explain-holder-organization = bằng chứng thư số của cơ quan, tổ chức;
explain-signers = chỉ { $names };
explain-capacity = kể cả khi ký thay, ký thừa lệnh ({ $list });
explain-visible-none = không hiện gì trên trang;
explain-visible-picture = hiện hình chữ ký đúng kích thước thật;
explain-visible-seal = hiện hình con dấu đúng kích thước thật, trùm lên một phần ba chữ ký;
explain-place-rule = đặt đúng vị trí theo quy tắc, chỉ được chọn chỗ khác khi quy tắc không tìm ra chỗ;
explain-visible-text = góc trên bên phải trang đầu, chữ màu đen, không có hình con dấu: { $lines };
explain-reason = trong chữ ký ghi "{ $reason }".
explain-lock = Các ô biểu mẫu bị khóa.
explain-optional = (có thể bỏ qua)
explain-repeat = (nhiều người có thể ký ở bước này)
explain-seal-provisional = Cơ quan được ký cả khi chưa lấy được dấu thời gian hoặc tình trạng thu hồi của chứng thư số; phần còn thiếu được bổ sung sau.
explain-seal-valid = Cơ quan chỉ ký khi không còn thiếu dấu thời gian hoặc tình trạng thu hồi của chứng thư số.
explain-deliver-provisional = Văn bản được gửi đi cả khi còn thiếu những bằng chứng đó.
explain-deliver-valid = Văn bản chỉ được gửi đi khi không còn thiếu những bằng chứng đó.
explain-input-pdfa = Nhận tệp PDF/A và giữ nguyên; tệp PDF khác bị từ chối kèm lời khuyên lưu lại thành PDF/A.
explain-input-pdf = Nhận mọi tệp PDF và giữ nguyên; tệp không phải PDF/A vẫn nhận, kèm lời khuyên lưu thành PDF/A.
explain-required = Bắt buộc phải biết: { $fields }.
explain-internal = Cơ quan không ký. Sau chữ ký cuối cùng, văn bản được đóng lại và ghi vào sổ; không phát hành.
explain-attachment = Tài liệu kèm theo ở tệp riêng: { $form }
explain-scan = Yêu cầu đối với bản quét
explain-dpi = Ít nhất { $dpi } điểm ảnh trên một inch.
explain-colour = Ảnh màu.
explain-expect-stamp = Phải có dấu đỏ; không thấy thì báo.
explain-expect-signature = Phải có chữ ký tay; không thấy thì báo.
explain-deskew = Trang bị lệch được xoay thẳng trong PDF; không điểm ảnh nào bị thay đổi.
explain-no-deskew = Trang giữ nguyên như khi quét; lệch thì báo.
explain-hold = Những phát hiện sau giữ văn bản lại cho đến khi có người chấp nhận: { $codes }.
explain-secret-refuse = Văn bản MẬT, TỐI MẬT, TUYỆT MẬT không được nhận; không lưu một byte nào.
explain-secret-allow = Văn bản mật được xử lý như mọi văn bản khác.
explain-result = Kết quả
explain-class-small = PDF/A, nén nhỏ nhất.
explain-class-normal = PDF/A, nén ở mức vừa.
explain-class-high = PDF/A, nén với độ trung thực cao nhất.
explain-layer = Chữ được giữ không mất mát, không hình nào bị thay bằng hình khác, không lớp nào có mực xuống dưới { $dpi } điểm ảnh trên một inch.
explain-ocr = Nếu máy có Tesseract thì tìm được chữ trong văn bản ({ $languages }).
explain-mark-last-page = Cuối trang cuối ghi: { $text }
explain-mark-every-page = Cuối mỗi trang ghi: { $text }
explain-mark-none = Không ghi thêm gì lên trang; trong siêu dữ liệu ghi: { $text }
explain-note = Ký hiệu chuyển đổi và ghi chú chuyển đổi (ai, lúc nào, bằng gì, đã thấy gì) nằm trong siêu dữ liệu, dưới mọi chữ ký.
explain-crypto = Chữ ký số
explain-level-b-b = PAdES B-B: chỉ có chữ ký, không kèm dấu thời gian.
explain-level-b-t = PAdES B-T: có bằng chứng về thời gian.
explain-level-b-lt = PAdES B-LT: có bằng chứng về thời gian và mọi thứ cần để kiểm tra về sau.
explain-level-b-lta = PAdES B-LTA: như B-LT, thêm dấu thời gian lưu trữ có thể gia hạn.
explain-keys = Khóa RSA ít nhất { $bits } bit ({ $padding }), hoặc ECDSA P-256 và P-384.
explain-issuers = Chỉ chứng thư của: { $names }.
explain-trust = Cơ quan tin tổ chức chứng thực nào thì ghi trong cấu hình của cơ quan, không bao giờ lấy từ tệp.
explain-archive = Tên tệp và lưu giữ
explain-naming = Bản sao được đặt tên: { $pattern }.pdf
explain-audit = Kho lưu trữ được kiểm tra { $months } tháng một lần.
explain-field-number = số, ký hiệu
explain-field-issued-date = ngày ban hành
explain-field-outage = mã sự cố
explain-field-copy-form = hình thức sao
explain-field-organ-name = tên cơ quan
explain-field-organ-id = mã cơ quan
explain-field-signed-at = thời gian ký
explain-field-document = mã trong chương trình
explain-field-converter = tên cơ quan
explain-field-time = thời gian
explain-field-capacity = thẩm quyền ký
explain-field-code-number = số
explain-field-code-notation = ký hiệu
explain-field-type-name = tên loại
explain-field-subject = trích yếu
explain-field-secrecy = độ mật ("Thường" nghĩa là không mật)
explain-field-signer-name = họ tên người ký
explain-field-signer-position = chức vụ người ký

# transfer note (BSI TR-03138 A.NB.4)
transfer-note = a) Người lập: { $office }, { $station }; người xác nhận: { $attested }. b) Môi trường: { $environment }. c) Điểm bất thường: { $anomalies }. d) Thời gian: nhận bản quét { $captured }, chuyển đổi { $converted }. e) Kiểm tra chất lượng: đã xem từng trang trong { $pages } trang, { $findings } phát hiện, { $accepted } phát hiện được người chấp nhận; PDF/A được kiểm tra từng điều khoản. f) Cam kết: { $statement }.
transfer-none = không có

# routes of documents that were written on a computer
err-step-unknown = Không có bước "{ $step }". Các bước đã biết: { $known }
    .advice = Dùng một trong các tên này; lệnh scanseal profile explain cho biết từng bước là gì.
err-replacement-known = { $document } không thay thế { $old } được: tệp này đã được tiếp nhận thành một văn bản riêng.
    .advice = Chưa thay thế gì. Xem cả hai bằng scanseal show; tiếp nhận tệp PDF đã sửa của { $old }, hoặc trả lại { $document } nếu đây là văn bản sai.
err-attachment-role = { $document } là tài liệu kèm theo văn bản khác: chỉ cơ quan, tổ chức ký số.
    .advice = Ký văn bản chính; sau đó ký số của cơ quan, tổ chức cho cả hai bằng scanseal sign --role organization.
err-route-needed = { $document } là văn bản giấy của sự cố, hoặc là tài liệu kèm theo: không trả lại và không thay thế cả văn bản được.
    .advice = Sửa trang bằng scanseal pages { $document } ... hoặc sửa thông tin bằng scanseal edit { $document } ...; với tài liệu kèm theo thì thay thế văn bản chính.
err-signer-not-allowed = { $signer } không được ký ở bước "{ $step }". Được phép: { $allowed }
    .advice = Để người được phép ký; hoặc đề nghị quản trị viên sửa mục [signers] trong scanseal.toml.
err-capacity-not-allowed = Không ai ký "{ $capacity }" ở bước "{ $step }". Được phép: { $allowed }
    .advice = Kiểm tra chức vụ người ký trên văn bản và trong signer_position; sửa bằng scanseal edit trước khi có người ký.
err-all-have-signed = Mọi người trên tuyến đã ký { $document }.
    .advice = Không còn việc gì ở đây; xem bằng scanseal show { $document }.
err-never-sealed = { $document } là văn bản nội bộ: cơ quan không ký số vào văn bản này.
    .advice = Văn bản hoàn tất sau chữ ký cá nhân cuối cùng. Muốn phát hành thì nhận lại bằng --route outgoing.
err-born-not-pdf = { $file } không phải là PDF.
    .advice = Lưu văn bản thành PDF/A trong chương trình đã soạn (Word: Save as, PDF, Options, PDF/A) rồi nhận tệp PDF; tệp Word để cạnh sẽ tự đi kèm.
err-born-not-archival = Tệp PDF này không phải PDF/A: { $violation }
    .advice = Lưu lại thành PDF/A (Word: Save as, PDF, Options, "PDF/A compliant"; LibreOffice: Export as PDF, "Archival"). Hồ sơ cấu hình có thể cho phép PDF khác: input = "pdf".
err-born-is-recovered = Tệp PDF này do chính chương trình tạo từ bản quét của một sự cố, không phải văn bản soạn trên máy tính.
    .advice = Văn bản đó đã có ở đây; tìm bằng scanseal list.
err-born-secret = { $file } có dấu mật nên để ngoài; không lưu một byte nào.
    .advice = Xử lý theo quy định về văn bản mật, trên máy dành riêng cho việc đó.
err-born-drill = Diễn tập không nhận văn bản soạn trên máy tính: tệp được giữ nguyên nên không thể ghi dấu diễn tập lên đó.
    .advice = Tập dượt với bản quét (scanseal recover scans --outage DRILL-1 --drill), hoặc dùng không gian làm việc riêng với khóa thử.
finding-born-not-archival = Tệp PDF này không phải PDF/A. Vẫn nhận và giữ nguyên; lần sau nên lưu thành PDF/A (Word: Save as, PDF, Options, "PDF/A compliant"). Chi tiết kỹ thuật, theo điều khoản của ISO 19005-2: { $violation }
finding-born-without-text = Tệp PDF này không có chữ: có phải là bản quét không? Nếu phải thì nhận bằng --outage. Nếu không thì chấp nhận phát hiện này.
finding-sent-back = { $by } trả lại về bước "{ $step }": { $reason }. Hãy nhận văn bản đã sửa bằng --replaces, hoặc nêu lý do bằng scanseal edit ... accept="sent_back:LÝ DO": khi đó văn bản đi tiếp từ chỗ đang dừng, người đã ký không phải ký lại.
help-return = Trả văn bản trên tuyến về một bước hoặc về người soạn, kèm lý do; chữ ký không bao giờ bị gỡ
help-return-to = Bước, hoặc author (người soạn)
help-return-reason = Vì sao; ai mở văn bản cũng đọc được
help-scan-outage = Mã của sự cố đang mở, cho văn bản giấy
help-scan-route = Cho văn bản soạn trên máy tính: outgoing (phát hành) hoặc internal (nội bộ); tệp PDF được giữ nguyên
help-scan-steps = Những ai ký, theo từng bước; nếu không nêu thì gồm mọi bước không được bỏ qua
help-scan-attachments = Tài liệu kèm theo ở tệp riêng, được cơ quan ký riêng; nhiều tệp thì nêu nhiều lần
help-scan-replaces = Văn bản bị thay bằng văn bản đã sửa này; cả hai đều được giữ
cli-plan-return = Trả lại
cli-plan-export_evidence = Hồ sơ chứng cứ

# exchange between agencies (edXML)
err-edxml-refused = Trục liên thông { $destination } từ chối văn bản (edXML { $code }): { $why ->
        [n10] gói tin không đọc được
        [n18] đơn vị nhận không tồn tại ({ $receivers })
        [n22] gói tin không theo Quyết định 28/2018
        [n23] đơn vị nhận bị khóa ({ $receivers })
       *[other] không rõ lý do
    }.
    .advice = Theo quy tắc của trục, câu trả lời như vậy không được tự gửi lại. Sửa điều trục nêu (đơn vị nhận ghi ở "to" trong scanseal.toml) rồi chạy lại scanseal upload. Các văn bản khác vẫn được gửi.
err-edxml-fact = { $name } không gửi qua trục được: chưa có { $field }, mà số, ký hiệu và ngày chính là tên của văn bản ở đó.
    .advice = Ghi bổ sung bằng scanseal edit trước khi tạo PDF (số, ký hiệu và ngày có trên văn bản giấy); văn bản đã tạo PDF thì gửi bằng nơi nhận khác.
err-attachment-open = { $document } chưa được gửi: { $other } là tài liệu kèm theo mà chưa có chữ ký số của cơ quan.
    .advice = Ký { $other } bằng scanseal sign --role organization { $other } (hoặc bỏ tài liệu đó và nêu lý do), rồi chạy lại scanseal upload.
err-edxml-along = { $document } là tài liệu kèm theo của { $other }, mà { $other } chưa gửi được.
    .advice = Xem lý do { $other } chưa gửi được bằng scanseal status, sửa lại rồi chạy scanseal upload; hai văn bản sẽ đi cùng nhau.
err-recipients-unknown = { $document } chưa gửi cho ai: không nơi nhận nào của văn bản ({ $recipients }) là đơn vị nhận ở { $destination }; ở đó có { $receivers }.
    .advice = Ghi nơi nhận đó vào "to" trong scanseal.toml, đúng tên như văn bản ghi, rồi chạy lại scanseal upload. Văn bản không ghi nơi nhận thì gửi cho mọi đơn vị.
err-edxml-axis = Trục phía sau { $destination } gặp lỗi (edXML { $code }): { $why ->
        [n20] trục gặp lỗi
        [n21] trục không xử lý được tệp
       *[other] không rõ lý do
    }. Không mất văn bản nào; tất cả vẫn ở hàng đợi.
    .advice = Chạy lại scanseal upload sau ít phút. Nếu quá một giờ vẫn vậy, hãy gọi đơn vị vận hành trục và báo mã lỗi.
