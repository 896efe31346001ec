# core
err-internal = scanseal phát hiện lỗi của chính chương trình: { $cause }
    .advice = Những gì đã lưu không bị mất. Hãy chạy lại lệnh; nếu lỗi lặp lại, gửi dòng này cho bộ phận hỗ trợ.
err-file-io = Không đọc hoặc ghi được { $path }: { $cause }
    .advice = Kiểm tra ổ đĩa hoặc thư mục mạng đã kết nối chưa rồi chạy lại đúng lệnh này; các văn bản đã xong được giữ nguyên.
err-file-missing = Không tìm thấy { $path }.
    .advice = Kiểm tra lại tên và thư mục rồi chạy lại lệnh.
err-file-is-folder = { $path } là thư mục, trong khi ở đây cần một tệp.
    .advice = Ghi tên các tệp trong thư mục, ví dụ thêm *.pdf sau tên thư mục, hoặc chọn tệp khác.
err-file-denied = Hệ thống không cho phép truy cập { $path }: { $cause }
    .advice = Đề nghị quản trị viên cấp quyền đọc và ghi tại đó, hoặc chọn thư mục khác.
err-disk-full = Ổ đĩa đã hết chỗ khi ghi { $path }.
    .advice = Giải phóng dung lượng rồi chạy lại đúng lệnh này; các văn bản đã xong được giữ nguyên, không có tệp dở dang nào.
err-file-exists = { $path } đã tồn tại; scanseal không bao giờ ghi đè tệp.
    .advice = Chọn tên khác hoặc chuyển tệp cũ đi nơi khác trước.
err-file-too-large = { $path } dài { $size } byte, vượt giới hạn { $limit } byte.
    .advice = Kiểm tra xem có đúng tệp cần dùng không; tách nhỏ hoặc quét lại thành nhiều phần.
err-profile-unknown = Không có hồ sơ cấu hình tên { $name }. Các hồ sơ hiện có: { $known }
    .advice = Dùng một trong các tên trên, hoặc ghi đường dẫn tới tệp hồ sơ riêng (đuôi .toml).
err-profile-invalid = Không dùng được hồ sơ cấu hình { $name }: { $cause }
    .advice = Sửa dòng đó rồi kiểm tra lại bằng lệnh scanseal profile check { $name }.
err-station-invalid = Không dùng được { $path }: { $cause }
    .advice = Sửa dòng đó trong scanseal.toml rồi chạy lại lệnh.
err-station-writable = Người khác có quyền ghi vào { $path } nên không thể tin các khóa, chứng thư và nơi nhận ghi trong đó.
    .advice = Bỏ quyền ghi đó (trên Linux: chmod go-w { $path }), xem lại nội dung tệp rồi chạy lại lệnh.
err-workspace-missing = Không tìm thấy không gian làm việc nào từ { $path } trở lên.
    .advice = Tạo mới bằng lệnh scanseal init THƯ_MỤC --profile vn-state, hoặc chỉ rõ bằng --workspace THƯ_MỤC.
err-workspace-exists = Trong { $path } đã có không gian làm việc.
    .advice = Dùng luôn không gian đó, hoặc chọn thư mục khác.
err-workspace-on-share = { $path } nằm trên thư mục mạng, cơ sở dữ liệu của không gian làm việc đặt ở đó không an toàn.
    .advice = Chọn thư mục trên ổ đĩa của máy, hoặc dùng PostgreSQL (store = "postgres://..." trong scanseal.toml).
err-drill-in-workspace = Thư mục này thuộc không gian làm việc thật { $path }; không bao giờ diễn tập bên trong đó.
    .advice = Chuyển sang thư mục khác rồi bắt đầu diễn tập.
err-clock-wrong = Đồng hồ của máy là { $here }, nhưng { $source } cho biết { $there }.
    .advice = Chỉnh lại đồng hồ trước khi ký: thời điểm ký được ghi trong từng chữ ký số.
err-office-not-named = { $path } chưa ghi tên cơ quan: ở mục [office] vẫn là chữ của bản mẫu, name = "{ $name }". Tên này được ghi vào mọi văn bản.
    .advice = Ghi đúng tên cơ quan, tổ chức như trên văn bản giấy vào chỗ đó rồi chạy lại lệnh.
