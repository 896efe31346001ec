finding-deskewed = Các dòng chữ của trang bị lệch { $degrees } độ; trang được xoay thẳng lại trong PDF. Không điểm ảnh nào thay đổi.
finding-skewed = Các dòng chữ của trang bị lệch { $degrees } độ. Trang được giữ như lúc quét.
finding-page-turned = Trang bị đặt sai chiều, được xoay { $degrees } độ trong PDF (chắc chắn { $sure } %). Không điểm ảnh nào thay đổi.
finding-turn-unsure = Trang này chiều nào là đúng? Chương trình định xoay { $degrees } độ nhưng chỉ chắc { $sure } %, nên để nguyên. Hãy xem lại trang.
finding-border-found = Có dải tối bên ngoài tờ giấy (trái { $left }, trên { $top }, phải { $right }, dưới { $bottom } mm). Không phần nào bị cắt bỏ.
finding-blank-page = Trang có vẻ trắng. Trang vẫn nằm trong văn bản; hãy xem hình và chỉ bỏ ra khi trên giấy thật sự không có gì.
finding-size-odd = Bản quét có kích thước { $width } x { $height } mm, không đúng khổ giấy nào thường dùng. Có phải đã thu nhỏ hoặc phóng to? Nên quét lại ở tỷ lệ 100 %.
finding-text-cut = Chữ chạm mép { $side ->
    [left] trái
    [top] trên
    [right] phải
   *[bottom] dưới
  } của bản quét, có vẻ bị cắt mất. Đặt tờ giấy thẳng vào cữ rồi quét lại.
finding-blurred = Trang bị mờ. Lau mặt kính, ép phẳng tờ giấy rồi quét lại.
finding-too-dark = Trang quá tối, nét mực nhạt có thể bị mất. Quét lại sáng hơn.
finding-too-pale = Chữ quá nhạt. Quét lại đậm hơn.
finding-stamp-missing = Không thấy dấu đỏ trong văn bản. Nếu bản giấy có dấu, hãy quét lại ở chế độ màu; nếu chưa có dấu thì văn bản chưa hoàn chỉnh.
finding-stamp-not-judged = Bản quét không có màu nên không thể biết con dấu có phải màu đỏ hay không.
finding-signature-missing = Không thấy chữ ký bằng mực trong văn bản. Văn bản đã ký chưa? Nếu đã ký, hãy chấp nhận mục này và nêu lý do.
finding-secret-mark-seen = Trang { $page } có vẻ mang dấu chỉ độ mật màu đỏ, đóng khung ("MẬT"). Bản quét không được lưu. Nếu văn bản không mật, ghi "Thường" vào cột secrecy của bảng kê rồi quét lại; nếu mật, hãy báo người phụ trách tài liệu mật.
finding-beside-secret = Trang { $pages } của tệp này là văn bản khác. Văn bản này cũng chưa được lưu, vì một tệp chỉ được lưu trọn vẹn hoặc không lưu, mà trong tệp còn có trang có vẻ mang dấu mật. Hãy lấy tờ đó ra khỏi xấp giấy rồi quét lại phần còn lại.
finding-scanned-twice = Tờ giấy này có vẻ đã được quét trước đó: văn bản { $document }, trang { $other }. So hai trang trước khi làm tiếp.
