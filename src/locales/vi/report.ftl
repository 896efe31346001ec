# report: danh sách in kèm biên bản bàn giao

report-title = DANH SÁCH VĂN BẢN KHÔI PHỤC SAU SỰ CỐ
report-subtitle = (Kèm theo biên bản bàn giao)
report-drill = DIỄN TẬP – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ
report-footer = { $title } – { $reference }
report-page = Trang { $page }/{ $pages }
report-moment = { $time } ngày { $date }
report-unknown = chưa ghi nhận

report-fact-reference = Mã sự cố:
report-fact-systems = Hệ thống gặp sự cố:
report-fact-units = Đơn vị bị ảnh hưởng:
report-fact-start = Bắt đầu sự cố:
report-fact-restored = Khôi phục hoạt động:
report-fact-declared = Người công bố sự cố:
report-fact-made = Lập danh sách lúc:
report-declared = { $name } (văn bản số { $document })
report-made = { $moment } (múi giờ UTC{ $offset })

report-col-no = TT
report-col-document = Mã văn bản
report-col-number = Số, ký hiệu
report-col-date = Ngày văn bản
report-col-subject = Tên loại và trích yếu nội dung
report-col-signer = Người ký
report-col-pages = Số trang
report-col-signatures = Chữ ký số (cá nhân/ tổ chức)
report-col-state = Trạng thái
report-col-receipt = Nơi nhận, bằng chứng và thời điểm nhận
report-col-digest = SHA-256 (12 ký tự đầu)

report-arrival = Số đến: { $number }
report-copy-form = Hình thức sao: { $form }
report-signature-broken = Không toàn vẹn: { $count }
report-receipt = { $destination }: { $proof }
report-receipt-older = (bản trước, chưa phải bản cuối)

report-state-captured = Đã tiếp nhận
report-state-held = Tạm giữ, có lưu ý
report-state-built = Sẵn sàng để ký số
report-state-partly-signed = Cá nhân ký số chưa đủ
report-state-signed = Cá nhân đã ký số đủ
report-state-authorised = Đủ điều kiện để cơ quan, tổ chức ký số
report-state-sealed = Cơ quan, tổ chức đã ký số
report-state-queued = Đang chờ gửi
report-state-sent = Đã gửi, chưa có phản hồi
report-state-accepted = Máy chủ trung gian đã nhận
report-state-delivered = Đã đến nơi nhận
report-state-closed = Đã hoàn tất, lưu nội bộ
report-state-replaced = Đã thay bằng văn bản khác
report-state-dropped = Đã loại, có ghi lý do

report-waiting-personal = Chờ cá nhân ký số
report-waiting-organization = Chờ cơ quan, tổ chức ký số
report-waiting-clerk = Chờ văn thư xử lý
report-waiting-destination = Chờ nơi nhận
report-waiting-other = Đang xử lý
report-owed = Còn thiếu: { $what }
report-owed-timestamp = dấu thời gian
report-owed-revocation = xác nhận chứng thư không bị thu hồi

report-proof-sent = đã gửi, chưa có phản hồi
report-proof-accepted = máy chủ trung gian đã nhận
report-proof-acknowledged = nơi nhận đã xác nhận
report-proof-proven = đã đối chiếu SHA-256

report-totals = TỔNG HỢP
report-total-documents = Tổng số: { $documents } văn bản, { $pages } trang.
report-total-bytes = Dung lượng bản quét: { $in }; dung lượng tệp PDF sau khôi phục: { $out }.
report-total-delivered = Đã đến nơi nhận: { $count } văn bản.
report-total-ended = Kết thúc mà không gửi: { $count } văn bản ({ $detail }).
report-total-waiting = Còn chờ: { $count } văn bản ({ $detail }).
report-total-none-waiting = Không còn văn bản nào phải chờ.
report-total-part = { $name }: { $count }

report-handover-note = Hai bên đã đối chiếu danh sách này với văn bản giấy. Phụ lục mã băm SHA-256 là một phần của danh sách.
report-handover-from = NGƯỜI GIAO
report-handover-to = NGƯỜI NHẬN
report-handover-sign = (Ký, ghi rõ họ tên)
report-handover-name = Họ và tên:
report-handover-date = Ngày:

report-annex = PHỤ LỤC: MÃ BĂM SHA-256 CỦA TỪNG VĂN BẢN
report-annex-note = Mỗi mã băm được tính từ bản mới nhất của tệp PDF tại thời điểm lập danh sách. Tệp nào cho đúng mã băm ghi dưới đây thì chưa bị thay đổi kể từ thời điểm đó.
report-annex-digest = SHA-256 (64 ký tự)
report-annex-none = chưa có tệp PDF

err-report-too-large = Danh sách có { $count } văn bản, vượt giới hạn { $limit } văn bản của một bản in.
    .advice = Xuất toàn bộ danh sách bằng lệnh scanseal list --json thay cho bản in.
