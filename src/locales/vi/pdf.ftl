# pdf

err-not-archival = Tệp không đạt chuẩn PDF/A: { $violations }
    .advice = Bản quét vẫn được giữ nguyên. Dựng lại văn bản; nếu lỗi lặp lại, gửi dòng này cho bộ phận hỗ trợ.
err-already-signed = Tệp đã có chữ ký số.
    .advice = Tệp đã ký không bao giờ được dựng lại; xem bằng lệnh scanseal verify.
err-glyph-missing = Phông chữ không có ký tự { $character }.
    .advice = Sửa lại nội dung (scanseal edit) rồi dựng lại.
err-xmp-broken = Không đọc được siêu dữ liệu của tệp: { $cause }
    .advice = Tệp do chương trình khác tạo hoặc sửa; hãy dùng tệp gốc.
err-pdf-unreadable = Không đọc được tệp PDF: { $cause }
    .advice = Tệp bị hỏng hoặc không phải PDF; hãy lấy lại tệp gốc.
