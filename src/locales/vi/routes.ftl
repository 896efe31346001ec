# routes: chứng cứ, nhật ký, giải thích hồ sơ cấu hình, tuyến của văn bản soạn trên máy tính

# evidence and journal
help-export = Xuất gói bàn giao cho máy khác (--for), hoặc tệp chứa mọi chứng cứ về một văn bản (--evidence)
help-export-evidence = Toàn bộ về văn bản này trong một tệp ZIP: ảnh quét, mọi phiên bản, kết quả kiểm tra, biên nhận, nhật ký kèm bằng chứng; bên thứ ba kiểm tra được bằng openssl, qpdf, pdfsig và sha256sum
help-journal-check = Kiểm tra nhật ký và dữ liệu văn bản có bị sửa tay không, đồng hồ có bị chỉnh lùi không
help-journal-check-accept-clock = Lý do đồng hồ bị chỉnh lùi; lý do được ghi vào nhật ký, những chỗ này không báo lại nữa
cli-evidence-exported = Đã lập hồ sơ chứng cứ của { $document }: { $path }
    Dấu vân tay của máy trạm này, để người kiểm tra đối chiếu: { $fingerprint }
cli-journal-holds = Nhật ký nguyên vẹn: { $entries } dòng, { $documents } văn bản đúng như nhật ký ghi, { $roots } gốc, trong đó { $stamped } gốc có dấu thời gian.
err-journal-broken = Nhật ký hoặc dữ liệu văn bản đã bị sửa tay: { $at }.
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
finding-journal-clock-back = Trước dòng { $entry }, đồng hồ của máy trạm bị chỉnh lùi { $seconds } giây.
finding-journal-clock-behind = Đồng hồ máy này chậm hơn nhật ký: dòng cuối ghi lúc { $at }, bây giờ là { $now }.
