# core
err-internal = scanseal phát hiện lỗi của chính chương trình: { $cause }
    .advice = Những gì đã lưu không bị mất. Hãy chạy lại lệnh; nếu lỗi lặp lại, gửi dòng này cho bộ phận hỗ trợ.
err-file-io = Không đọc hoặc ghi được { $path }: { $cause }
    .advice = Kiểm tra ổ đĩa hoặc thư mục mạng đã kết nối chưa rồi chạy lại đúng lệnh này; các văn bản đã xong được giữ nguyên.
err-file-missing = Không tìm thấy { $path }.
    .advice = Kiểm tra lại tên và thư mục rồi chạy lại lệnh.
err-file-denied = Hệ thống không cho phép truy cập { $path }: { $cause }
    .advice = Đề nghị quản trị viên cấp quyền đọc và ghi tại đó, hoặc chọn thư mục khác.
err-disk-full = Ổ đĩa đã hết chỗ khi ghi { $path }.
    .advice = Giải phóng dung lượng rồi chạy lại đúng lệnh này; các văn bản đã xong được giữ nguyên, không có tệp dở dang nào.
err-file-exists = { $path } đã tồn tại; scanseal không bao giờ ghi đè tệp.
    .advice = Chọn tên khác hoặc chuyển tệp cũ đi nơi khác trước.
err-file-too-large = { $path } dài { $size } byte, vượt giới hạn { $limit } byte.
    .advice = Kiểm tra xem có đúng tệp cần dùng không; tách nhỏ hoặc quét lại thành nhiều phần.
