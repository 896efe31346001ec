# pdf

err-not-archival = Tệp không đạt chuẩn PDF/A (điều khoản và chi tiết kỹ thuật: { $violations }).
    .advice = Bản quét vẫn được giữ nguyên. Dựng lại văn bản; nếu lỗi lặp lại, gửi dòng này cho bộ phận hỗ trợ.
err-already-signed = Tệp đã có chữ ký số.
    .advice = Tệp đã ký không bao giờ được dựng lại; xem bằng lệnh scanseal verify.
err-glyph-missing = Phông chữ không có ký tự { $character }.
    .advice = { $where ->
        [signature] Ký tự này nằm trong phần chữ của chữ ký số hiện trên trang: "{ $line }". Hãy sửa ở nơi dòng đó được lấy: sau --number, ở [office] name trong scanseal.toml, hoặc trong dữ liệu của văn bản (scanseal edit).
       *[other] Sửa lại nội dung (scanseal edit) rồi dựng lại.
    }
err-xmp-broken = Không đọc được siêu dữ liệu của tệp (chi tiết kỹ thuật: { $cause }).
    .advice = Tệp do chương trình khác tạo hoặc sửa; hãy dùng tệp gốc.
err-pdf-unreadable = Không đọc được tệp PDF: { $cause }
    .advice = Tệp bị hỏng hoặc không phải PDF; hãy lấy lại tệp gốc.

err-ocr-failed = Tesseract không đọc được trang (chi tiết kỹ thuật: { $cause }).
    .advice = Chạy lại lệnh. Không nhận dạng chữ (--no-ocr) thì mọi việc khác vẫn chạy được.
err-ocr-missing = Máy này chưa cài Tesseract, hoặc Tesseract không có các ngôn ngữ: { $languages }
    .advice = Cài tesseract-ocr và tesseract-ocr-vie, hoặc bỏ tùy chọn cần đến nó.
err-no-proposals = Không có đề xuất nào để nhận cho { $document }: không đọc được từ bản giấy mục nào còn thiếu.
    .advice = Nhìn bản giấy rồi tự nhập: scanseal edit { $document } code_number=... issued_date=ngày/tháng/năm subject="..."

finding-ocr-missing = Chưa cài Tesseract nên trang không có lớp chữ và không có đề xuất nào từ bản giấy. Mọi việc khác vẫn chạy.
finding-ocr-language-missing = Tesseract thiếu ngôn ngữ { $missing }; trang được đọc bằng { $languages }, các chữ khác có thể sai.
finding-ocr-failed = Không đọc được chữ của trang này; trang không có lớp chữ, hình ảnh vẫn y nguyên. Chi tiết kỹ thuật, dành cho người quản trị máy: { $cause }
finding-digits-differ = Sau khi nén, chữ số ở đây đọc ra khác: trước "{ $before }", sau "{ $after }" (cách góc trên bên trái { $x }, { $y } điểm ảnh). Hãy so trang này với bản giấy.
err-proposals-unsure = Không có mục nào của { $document } được đọc đủ chắc chắn để lấy luôn: { $facts }
    .advice = Nhìn bản giấy rồi tự nhập: scanseal edit { $document } code_number=... issued_date=ngày/tháng/năm
finding-proposals-left = Không lấy vì đọc chưa đủ chắc chắn: { $facts }. Nhìn bản giấy rồi tự nhập (key=value).
