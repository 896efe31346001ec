# trợ giúp
help = scanseal biến văn bản giấy đã ký trong thời gian sự cố thành PDF/A gọn nhẹ, có chữ ký số, được chuyển đến nơi và tra cứu được.
help-after =
    Thử trước:  scanseal recover scans --outage DRILL-1 --drill
    Mã kết thúc: 0 xong; 1 lỗi của chương trình; 2 sai cách dùng; 3 một số văn bản lỗi; 4 tất cả lỗi; 5 chữ ký số không
    hợp lệ hoặc còn thiếu; 6 khóa hoặc thiết bị; 7 chưa kết nối được nơi nhận, mọi thứ đang xếp hàng chờ; 8 không dùng được
    không gian làm việc; 9 chưa thể kết luận.
help-heading-usage = Cách dùng:
help-heading-commands = Các lệnh
help-heading-options = Tùy chọn
help-heading-arguments = Tham số

help-recover = Toàn bộ quy trình: nhận bản quét, cho ra PDF/A đã ký và đã gửi, đến bước nào cần người thì dừng
help-init = Tạo không gian làm việc
help-outage = Hồ sơ sự cố
help-outage-open = Mở hồ sơ sự cố
help-outage-close = Đóng hồ sơ: hệ thống đã khôi phục và đã nhập hết văn bản giấy
help-outage-list = Liệt kê các sự cố
help-outage-show = Xem một sự cố
help-scan = Nhận bản quét
help-list = Liệt kê văn bản
help-show = Xem mọi thông tin về văn bản
help-edit = Sửa thông tin của văn bản, hoặc chấp nhận một lưu ý (accept=MÃ)
help-attest = Xác nhận trên giấy có chữ ký tay và con dấu
help-build = Dựng PDF/A từ các bản quét đã nhận
help-sign = Ký số văn bản trong không gian làm việc, hoặc bản sao của các tệp PDF
help-verify = Kiểm tra chữ ký số của văn bản hoặc tệp PDF
help-upload = Gửi các văn bản đã ký đến nơi nhận
help-status = Việc gì đang chờ, chờ ai, và tình trạng các nơi nhận
help-report = Ghi danh sách văn bản của sự cố kèm biên bản bàn giao (PDF để in)
help-journal = Nhật ký
help-journal-check = Kiểm tra nhật ký có bị sửa không
help-convert = Chuyển bản quét thành PDF/A, không cần không gian làm việc
help-trust = Các chứng thư mà cơ quan tin cậy
help-trust-add = Thêm chứng thư tin cậy
help-profile = Hồ sơ cấu hình pháp lý
help-profile-check = Kiểm tra hồ sơ cấu hình
help-profile-explain = Giải thích hồ sơ cấu hình bằng lời
help-completions = Tự động hoàn thành lệnh cho vỏ lệnh
help-man = Trang hướng dẫn

help-arg-help = Hiện trợ giúp này
help-arg-version = Hiện phiên bản
help-arg-workspace = Thư mục không gian làm việc; nếu không có thì lấy scanseal.toml gần nhất phía trên, rồi đến SCANSEAL_WORKSPACE
help-arg-json = Ghi các dòng JSON ra đầu ra chuẩn
help-arg-lang = Ngôn ngữ của mọi thông báo: vi hoặc en
help-arg-dry-run = Chỉ in kế hoạch, không thay đổi gì
help-arg-verbose = Nói chi tiết hơn, kèm nguyên nhân kỹ thuật của lỗi
help-arg-quiet = Chỉ báo lỗi
help-arg-inputs = Bản quét hoặc thư mục bản quét (JPEG, PNG, TIFF)
help-arg-outage = Mã sự cố
help-arg-manifest = Bảng kê văn bản (CSV UTF-8); nếu không có thì lấy manifest.csv trong thư mục
help-arg-yes = Không hỏi lại để xác nhận
help-arg-documents = Các văn bản, ví dụ D-000001
help-arg-document = Văn bản, ví dụ D-000001
help-arg-reference = Mã sự cố
help-arg-to = Chỉ nơi nhận này
help-arg-output = Tệp hoặc thư mục để ghi; không bao giờ ghi đè
help-arg-name = Tên hồ sơ (drill, vn-state, eidas) hoặc đường dẫn tệp hồ sơ
help-recover-personal-key = Khóa của chữ ký số cá nhân: pkcs11:... hoặc p12:TỆP
help-recover-organization-key = Khóa của chữ ký số cơ quan, tổ chức: pkcs11:... hoặc p12:TỆP
help-recover-drill = Diễn tập trong thư mục riêng scanseal-drill, với khóa dùng một lần
help-init-folder = Thư mục không gian làm việc; nếu không có thì là thư mục hiện tại
help-init-profile = Hồ sơ pháp lý: vn-state, eidas, drill, hoặc tệp hồ sơ
help-outage-open-systems = Hệ thống gặp sự cố; có thể ghi nhiều lần
help-outage-open-units = Đơn vị bị ảnh hưởng; có thể ghi nhiều lần
help-outage-open-paper-from = Thời điểm bắt đầu được dùng văn bản giấy
help-outage-open-paper-to = Thời điểm kết thúc được dùng văn bản giấy
help-outage-open-declared-by = Người công bố sự cố
help-outage-open-document = Văn bản công bố sự cố
help-outage-open-ticket = Số phiếu hỗ trợ
help-outage-open-kits = Bộ tờ bìa đã phát; có thể ghi nhiều lần
help-outage-close-restored = Thời điểm hệ thống khôi phục; nếu không có thì là bây giờ
help-list-state = Chỉ trạng thái này: captured held built partly_signed signed sealed queued delivered ...
help-list-waiting-for = Chỉ những gì đang chờ: clerk (văn thư), personal (người ký), organization (cơ quan), destination (nơi nhận)
help-list-outage = Chỉ sự cố này
help-show-seen = Đánh dấu đã xem đúng bản hiện tại; cần có trước khi ký số cá nhân
help-edit-changes = Nội dung sửa: subject="...", issued_date=02/11/2026, accept=MÃ
help-attest-all = Mọi văn bản đang chờ xác nhận
help-attest-by = Họ và tên văn thư; nếu không có thì lấy tên trong bảng kê, rồi đến tên đăng nhập
help-build-documents = Các văn bản; nếu không ghi thì là tất cả văn bản dựng được
help-sign-role = Ai ký: personal (cá nhân) hoặc organization (cơ quan, tổ chức)
help-sign-key = Khóa: pkcs11:token=...;object=... hoặc p12:TỆP; nếu không có thì lấy khóa của máy này
help-sign-what = Văn bản (D-000001) hoặc tệp PDF
help-sign-all = Mọi văn bản đang chờ chữ ký này
help-sign-output = Thư mục để ghi bản đã ký của các tệp PDF
help-sign-level = Mức chữ ký: b-b
help-sign-pin-file = Tệp có dòng đầu là mã PIN, hoặc - để đọc từ đầu vào chuẩn
help-sign-unseen = Ký cả văn bản chưa ai đánh dấu đã xem; lý do được ghi vào nhật ký
help-verify-what = Văn bản (D-000001) hoặc tệp PDF
help-verify-trust = Tệp chứng thư được tin cậy cho lần kiểm tra này; có thể ghi nhiều lần
help-verify-at = Kết luận tại thời điểm này
help-verify-revision = Ghi phiên bản này của tệp (đếm từ 1) ra -o
help-upload-watch = Chờ các nơi nhận chưa kết nối được
help-convert-class = Độ trung thực: small (nhỏ), normal (mặc định) hoặc high (cao)
help-convert-pdfa = Phần và mức PDF/A: 2b
help-convert-no-ocr = Không có lớp chữ; phiên bản này chưa thêm lớp chữ
help-convert-explain = Cho biết đã chọn gì cho từng lớp của từng trang
help-trust-add-file = Chứng thư (PEM hoặc DER)
help-completions-shell = bash, zsh, fish, elvish hoặc powershell
help-man-output = Thư mục để ghi mỗi lệnh một trang; nếu không có thì ghi một trang ra đầu ra chuẩn
