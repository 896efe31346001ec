# Tra cứu, danh mục hồ sơ, sổ đăng ký

find-written = ✓ Đã ghi { $count } văn bản vào { $path }
find-none = Không tìm thấy văn bản nào với "{ $words }".
find-without-marks = Không có văn bản nào đúng dấu như đã gõ; đã tìm không phân biệt dấu.
find-beginnings = Không có văn bản nào có đúng các từ này; đã tìm các từ bắt đầu như vậy.
find-more = Tìm thấy { $total } văn bản, đang hiện { $shown }. --limit N hiện thêm; -o F.csv ghi tất cả ra tệp.
find-found = Tìm thấy { $total } văn bản.
find-head-document = Mã văn bản
find-head-number = Số, ký hiệu
find-head-date = Ngày
find-head-subject = Trích yếu
find-head-signer = Người ký
find-head-state = Trạng thái

catalogue-kept = ✓ Đã ghi { $count } hồ sơ vào danh mục
catalogue-none = Danh mục chưa có hồ sơ nào. Lệnh scanseal catalogue add MÃ --title TIÊU_ĐỀ ghi một hồ sơ vào danh mục.

register-title-outgoing = SỔ ĐĂNG KÝ VĂN BẢN ĐI
register-title-incoming = SỔ ĐĂNG KÝ VĂN BẢN ĐẾN
register-made = In lúc { $made }
register-count = Tổng số: { $count } dòng.
register-scope-outage = Sự cố { $value }
register-scope-file = Hồ sơ { $value }
register-scope-from = từ ngày { $value }
register-scope-to = đến ngày { $value }
register-scope-words = từ khóa: { $value }
register-number = Số, ký hiệu văn bản
register-issued = Ngày tháng văn bản
register-content = Tên loại và trích yếu nội dung văn bản
register-signer = Người ký
register-recipients = Nơi nhận văn bản
register-keeper = Đơn vị, người nhận bản lưu
register-copies = Số lượng bản
register-sent = Ngày chuyển
register-sign = Ký nhận
register-note = Ghi chú
register-arrived = Ngày đến
register-arrival = Số đến
register-author = Tác giả
register-receiver = Đơn vị hoặc người nhận
register-passed = Ngày chuyển

finding-file-code-unknown = Danh mục hồ sơ không có hồ sơ { $file }. Hãy ghi hồ sơ vào danh mục bằng lệnh catalogue add, hoặc sửa bằng edit VĂN_BẢN file_code=...

err-register-mixed = Một bảng chỉ ghi được một sổ đăng ký, mà kết quả có cả văn bản đi và văn bản đến.
    .advice = Thêm --direction đi hoặc --direction đến. Tệp PDF ghi được cả hai sổ.
err-register-file = Không ghi được sổ đăng ký dưới dạng { $name }.
    .advice = Dùng -o với tên tệp có đuôi .csv, .json hoặc .pdf; sổ dạng PDF luôn được ghi ra tệp.
err-file-code-unknown = { $document }: danh mục hồ sơ không có hồ sơ "{ $code }". Danh mục có: { $known }
    .advice = Chọn một hồ sơ trong danh mục (scanseal catalogue list), hoặc ghi hồ sơ đó trước bằng lệnh scanseal catalogue add MÃ --title TIÊU_ĐỀ.
err-catalogue-entry = Mục thứ { $line } của danh mục ({ $code }) thiếu mã hoặc tiêu đề, hoặc quá dài. Chưa ghi mục nào.
    .advice = Mỗi hồ sơ cần có mã (tối đa 40 ký tự) và tiêu đề (tối đa 500 ký tự); thời hạn bảo quản tối đa 30 ký tự.
err-sheet-malformed = Không đọc được bảng ở dòng { $line }: { $cause }.
    .advice = Lưu bảng thành tệp CSV UTF-8 từ phần mềm bảng tính rồi thử lại.
err-sheet-column = Bảng không có cột "{ $column }".
    .advice = Tên cột cũng có thể là một trong các tên: { $spellings }. Dòng đầu của bảng phải là tên các cột.
