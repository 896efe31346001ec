# kiểm tra máy

doctor-version = scanseal { $version } trên { $system } ({ $machine }).
doctor-font-good = Phông chữ có đủ các chữ cái tiếng Việt.
doctor-tesseract-good = Có Tesseract { $version } và đọc được tiếng Việt (ngôn ngữ: { $languages }).
doctor-tesseract-no-vie = Có Tesseract { $version } nhưng thiếu tiếng Việt (ngôn ngữ: { $languages }).
    .advice = Cài dữ liệu ngôn ngữ "vie" (tesseract-ocr-vie); chưa cài thì chữ tiếng Việt trong lớp chữ sẽ sai.
doctor-tesseract-none = Không có Tesseract. Phần này tùy chọn: thiếu nó thì trang không có chữ để tìm và không có đề xuất từ bản giấy.
doctor-workspace-good = Đọc được không gian làm việc; hồ sơ cấu hình { $profile }, phiên bản { $version }.
doctor-law-not-in-force = Hồ sơ cấu hình viện dẫn { $cite }, hôm nay văn bản này không có hiệu lực.
    .advice = Xin bản hồ sơ mới hơn trước khi có sự cố tiếp theo.
doctor-support-missing = Chưa ghi ai là người hỗ trợ khi có lỗi.
    .advice = Ghi tên và số điện thoại ở mục [support] trong scanseal.toml; thông tin này sẽ hiện dưới mỗi thông báo lỗi.
doctor-disk-good = Ổ đĩa của không gian làm việc còn trống { $gigabytes } GB.
doctor-disk-little = Ổ đĩa của không gian làm việc chỉ còn trống { $gigabytes } GB.
    .advice = Giải phóng bớt dung lượng: 300 trang quét cần khoảng 0,3 GB và mọi thứ đều được giữ lại.
doctor-trust-none = Ở đây chưa tin cậy chứng thư nào nên không chữ ký nào được kết luận là hợp lệ.
    .advice = Thêm chứng thư của tổ chức cấp bằng lệnh scanseal trust add TỆP.
doctor-certificate-good = { $name }: có hiệu lực đến { $until }.
doctor-certificate-soon = { $name }: chỉ còn hiệu lực đến { $until }.
    .advice = Làm thủ tục gia hạn ngay; việc này mất vài tuần.
doctor-certificate-over = { $name }: hiện không có hiệu lực (hiệu lực đến { $until }).
    .advice = Kiểm tra đồng hồ của máy; nếu đồng hồ đúng thì phải gia hạn chứng thư.
doctor-token-none = Chưa cắm thiết bị ký số nào.
    .advice = Cắm thiết bị rồi chạy lại scanseal doctor.
doctor-token-good = Thiết bị { $label } (số sê-ri { $serial }) đang được cắm.
doctor-token-few-tries = Thiết bị { $label } (số sê-ri { $serial }): đã có lần nhập sai mã PIN, chỉ còn ít lần thử.
    .advice = Xác nhận chắc chắn mã PIN trước khi thử lại, hoặc đề nghị mở khóa thiết bị kịp thời.
doctor-token-locked = Thiết bị { $label } (số sê-ri { $serial }): mã PIN đã bị khóa.
    .advice = Đề nghị tổ chức cấp chứng thư hoặc quản trị viên mở khóa.
doctor-key-named = [keys.{ $role }]: đã khai báo khóa { $key }. Chưa mở khóa này; lệnh scanseal doctor --login mở bằng mã PIN.
doctor-key-works = [keys.{ $role }]: khóa { $key } ký được: { $name }, hiệu lực đến { $until }; một chữ ký mất { $milliseconds } ms.
doctor-key-personal-none = [keys.personal]: chưa khai báo khóa. Bản sao từ giấy (SAO Y) không cần khóa này; văn bản soạn trên máy tính do cá nhân ký ở máy có khóa của họ.
doctor-store-good = Kho dữ liệu nguyên vẹn: { $documents } văn bản; đã đọc và đối chiếu tệp của { $checked } văn bản mới nhất.
doctor-journal-good = Nhật ký nguyên vẹn: { $entries } dòng.
doctor-destination-good = Nơi nhận { $name }: đã gửi thử, đọc lại và xóa tệp thử.
doctor-queue-set-aside = Bị để riêng vì nơi nhận từ chối: { $documents }.
    .advice = Xem lý do bằng scanseal show và số văn bản; khắc phục xong, scanseal upload sẽ gửi lại.
doctor-queue-unnamed = scanseal.toml không khai báo nơi nhận { $name }, trong khi có { $count } văn bản chờ gửi đến đó.
    .advice = Ghi lại tên nơi nhận vào scanseal.toml, hoặc chạy scanseal upload để gửi đến các nơi nhận đang khai báo.
doctor-clock-good = Đồng hồ khớp với { $sources } nguồn khác.

doctor-proofs-good = Dấu thời gian lưu trữ có giá trị ít nhất đến { $first }.
doctor-proofs-ending = Dấu thời gian lưu trữ của { $count } văn bản hết hạn trong vòng một năm, sớm nhất ngày { $first }.
    .advice = Gia hạn: scanseal sign --upgrade b-lta --all
doctor-proofs-owed = { $count } văn bản còn nợ bằng chứng về thời gian hoặc thu hồi.
    .advice = Khi dịch vụ hoạt động lại: scanseal sign --complete --all
doctor-blobs-good = Kho dùng chung { $place } lưu và trả lại đúng tệp.
doctor-route-good = { $route }: bước nào cũng có khóa và người ký.
doctor-route-key-missing = { $route }, bước "{ $step }": máy này chưa khai báo khóa cho { $role ->
        [personal] chữ ký số cá nhân
       *[organization] chữ ký số của cơ quan, tổ chức
    }.
    .advice = Nếu bước đó ký ở máy khác thì không phải làm gì. Nếu không, hãy khai báo khóa ở mục [keys.{ $role }] trong scanseal.toml.
doctor-route-signers-elsewhere = { $route }, bước "{ $step }": chỉ { $names } được ký, mà ở máy này không thấy khóa của ai trong số đó.
    .advice = Cắm thiết bị ký số của người đó rồi chạy lại scanseal doctor. Nếu người đó ký ở máy khác thì không phải làm gì. Nếu tên trong chứng thư viết khác, hãy sửa mục [signers] trong scanseal.toml.
doctor-route-signers-unread = { $route }, bước "{ $step }": chỉ { $names } được ký. Khóa khai báo ở đây là của ai thì phải mở khóa mới biết.
    .advice = Chạy scanseal doctor --login để đối chiếu tên.
doctor-route-step-unknown = Mục [signers] trong scanseal.toml nêu người được ký ở bước "{ $step }", nhưng không tuyến nào có bước đó: danh sách này không ngăn được ai.
    .advice = Các bước có tên { $known }. Hãy sửa tên bước trong scanseal.toml.
