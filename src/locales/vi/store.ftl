# store

err-store-unusable = Không mở được kho dữ liệu của không gian làm việc ({ $store }): { $cause }
    .advice = Kiểm tra đường dẫn trong scanseal.toml và xem tệp có bị chương trình khác làm hỏng không. Bản thân các văn bản nằm trong thư mục blobs; hãy hỏi bộ phận hỗ trợ trước khi di chuyển bất cứ thứ gì.
err-store-away = Cơ sở dữ liệu dùng chung của không gian làm việc không trả lời.
    .advice = Không mất gì: việc đã xong được giữ nguyên, không có việc nào dở dang. Kiểm tra mạng và máy chủ rồi chạy lại đúng lệnh này.
err-store-login = Máy chủ cơ sở dữ liệu của { $store } không cho đăng nhập (máy chủ báo: { $cause }).
    .advice = Kiểm tra tên người dùng trong địa chỉ và dòng đầu của tệp mật khẩu (store_password_file hoặc --password-file). Chưa có gì bị thay đổi.
err-store-no-database = Máy chủ cơ sở dữ liệu của { $store } không có cơ sở dữ liệu { $database }.
    .advice = Kiểm tra tên ở cuối địa chỉ, hoặc đề nghị quản trị máy chủ tạo cơ sở dữ liệu (createdb). Chưa có gì bị thay đổi.
err-store-server = Không dùng được máy chủ cơ sở dữ liệu của { $store } (chi tiết kỹ thuật: { $cause }).
    .advice = Kiểm tra địa chỉ (store trong scanseal.toml) và cho người quản trị máy chủ xem câu này. Chưa có gì bị thay đổi.
err-store-moved = Dữ liệu của không gian làm việc này đã được chuyển sang { $store }.
    .advice = Dùng tệp scanseal.toml ghi nơi mới; tệp cũ giữ nguyên như ngày hôm đó và không dùng nữa.
err-store-not-empty = Ở { $store } đã có dữ liệu khác.
    .advice = Hãy chọn một cơ sở dữ liệu trống. Chưa có gì bị thay đổi.
err-store-place = Không chuyển được dữ liệu đến đó: { $cause }.
    .advice = Hãy ghi một cơ sở dữ liệu PostgreSQL, ví dụ: scanseal store move postgres://seal@db.example/office --password-file pg.txt
err-store-version = Kho dữ liệu thuộc phiên bản { $found }, do chương trình scanseal mới hơn tạo ra; chương trình này cũ hơn và chỉ biết phiên bản { $known }.
    .advice = Dùng chương trình mới hơn trên cả máy này; không phải làm gì với kho.
err-store-failed = Không đọc hoặc ghi được kho dữ liệu: { $cause }
    .advice = Kiểm tra ổ đĩa và mạng rồi chạy lại đúng lệnh này; các văn bản đã xong được giữ nguyên.
err-store-busy = Một scanseal khác đang ghi vào kho dữ liệu mà chưa xong.
    .advice = Chờ chương trình đó, hoặc kết thúc nếu nó bị treo (xem trong danh sách chương trình đang chạy), rồi chạy lại đúng lệnh này; các văn bản đã xong được giữ nguyên.
err-blob-missing = Tệp đã lưu không còn: { $path }
    .advice = Khôi phục tệp này từ bản sao lưu rồi chạy lại lệnh. Nếu nhiều trạm dùng chung một kho, blobs phải là nơi mà mọi trạm đều truy cập được (s3://... hoặc thư mục dùng chung): nếu không, tệp chỉ nằm ở trạm đã tạo ra nó.
err-blob-damaged = Tệp đã lưu bị thay đổi so với lúc lưu: { $path }
    .advice = Không dùng tiếp tệp đã bị thay đổi. Khôi phục tệp này từ bản sao lưu và kiểm tra ổ đĩa.
err-outage-exists = Đã có hồ sơ của sự cố { $reference }.
    .advice = Dùng luôn hồ sơ đó (scanseal outage show { $reference }); nếu hồ sơ đã đóng thì mở lại bằng scanseal outage reopen { $reference }. Sự cố khác thì chọn mã khác.
err-outage-unknown = Không có sự cố { $reference }. Các mã đã biết: { $known }
    .advice = Kiểm tra lại chính tả, hoặc mở bằng lệnh scanseal outage open { $reference }.
err-outage-closed-before = Sự cố { $reference } đã được đóng trước đó; hệ thống hoạt động lại lúc { $at }.
    .advice = Không có gì thay đổi. Xem hồ sơ bằng scanseal outage show { $reference }; mở lại bằng scanseal outage reopen { $reference }.
err-restored-time = Hệ thống không thể hoạt động lại lúc { $restored }: sự cố bắt đầu lúc { $from }, còn bây giờ là { $now }.
    .advice = Kiểm tra thời gian sau --restored; ghi ngày trước, tháng sau. Không ghi --restored nghĩa là hệ thống hoạt động lại ngay bây giờ.
err-paper-future = Không thể cho dùng giấy từ { $from }: đó là thời gian trong tương lai, bây giờ là { $now }.
    .advice = Kiểm tra thời gian sau --paper-from; ghi ngày trước, tháng sau.
err-outage-closed = Sự cố { $reference } đã đóng, không nhận thêm văn bản giấy.
    .advice = Kiểm tra lại mã. Nếu văn bản giấy của sự cố này được phát hiện muộn, mở lại hồ sơ bằng scanseal outage reopen { $reference }, nhập văn bản rồi đóng lại.
err-document-unknown = Không có văn bản { $document } trong không gian làm việc này.
    .advice = Xem lại số bằng lệnh scanseal list.
err-lease-lost = Một tiến trình scanseal khác đã nhận xử lý văn bản { $document }.
    .advice = Không mất gì cả; xem bằng lệnh scanseal list và chạy lại lệnh nếu cần.
err-wrong-state =
    Bước này cần văn bản ở trạng thái: { $wanted ->
        [captured] { report-state-captured }
        [held] { report-state-held }
        [built] { report-state-built }
        [partly_signed] { report-state-partly-signed }
        [signed] { report-state-signed }
        [authorised] { report-state-authorised }
        [sealed] { report-state-sealed }
        [queued] { report-state-queued }
        [sent] { report-state-sent }
        [accepted] { report-state-accepted }
        [delivered] { report-state-delivered }
        [closed] { report-state-closed }
        [replaced] { report-state-replaced }
       *[dropped] { report-state-dropped }
    }. Hiện trạng thái là: { $state ->
        [captured] { report-state-captured }
        [held] { report-state-held }
        [built] { report-state-built }
        [partly_signed] { report-state-partly-signed }
        [signed] { report-state-signed }
        [authorised] { report-state-authorised }
        [sealed] { report-state-sealed }
        [queued] { report-state-queued }
        [sent] { report-state-sent }
        [accepted] { report-state-accepted }
        [delivered] { report-state-delivered }
        [closed] { report-state-closed }
        [replaced] { report-state-replaced }
       *[dropped] { report-state-dropped }
    }
    .advice = Xem bằng lệnh scanseal show; có thể bước này đã xong, hoặc còn thiếu bước trước.
err-not-built = Chưa có tệp PDF của văn bản { $document }.
    .advice = Dựng tệp trước bằng lệnh scanseal build.
err-document-busy = Một lượt chạy khác của scanseal đang xử lý văn bản { $document } và chưa xong.
    .advice = Chờ lượt chạy đó kết thúc rồi chạy lại đúng lệnh này.
err-bundle-changed = Gói bàn giao đã bị thay đổi trên đường đi ({ $what ->
        [entries] số tệp bên trong không đúng
       *[other] phần { $what }
    }). Không có gì được nhập.
    .advice = Chép lại gói từ máy gửi, hoặc xuất gói mới (scanseal export) rồi nhập lại.
err-bundle-unreadable = Tệp { $path } không phải là gói bàn giao đọc được: { $cause }
    .advice = Chọn tệp do lệnh scanseal export ghi ra; nếu đúng tệp, hãy chép lại từ máy gửi.
err-station-unknown = Gói này do máy "{ $station }" ({ $office }) gửi; máy này chưa từng nhận gói của máy đó. Dấu vân tay khóa của máy gửi: { $fingerprint }
    .advice = So sánh dãy số này với dãy số mà máy gửi hiện ra khi xuất gói (gọi điện hoặc xem trực tiếp), rồi nhập lại với --from và dãy số đó. Chỉ phải làm một lần cho mỗi máy.
err-station-key-damaged = Không đọc được khóa của máy này { $path }: { $cause }
    .advice = Khôi phục tệp từ bản sao lưu; hoặc đổi tên tệp cũ, máy sẽ tạo khóa mới và các máy khác phải so sánh lại dấu vân tay.
err-handover-conflict = Văn bản { $document } ở máy này đã đi theo hướng khác với bản trong gói (ví dụ đã được ký ở cả hai máy). Bản trong gói không được nhập.
    .advice = Xem cả hai bản (scanseal show { $document }), quyết định bản nào là bản đúng; không có bản nào bị mất.
err-document-received = Văn bản { $document } được chuyển từ máy khác đến nên không sửa ở đây được.
    .advice = Sửa ở máy đã quét văn bản, dựng lại rồi xuất gói bàn giao mới.
finding-already-imported = Văn bản đã có ở máy này; gói không có gì mới.
cli-store-moved = Dữ liệu nay nằm ở { $store }: { $rows } dòng; đã đưa { $blobs } tệp vào kho dùng chung. scanseal.toml đã ghi nơi mới.
err-outage-not-closed = Sự cố { $reference } chưa đóng nên không cần mở lại.
    .advice = Dùng luôn hồ sơ đó, hồ sơ vẫn nhận văn bản giấy. Xem bằng scanseal outage show { $reference }.
err-document-signed = { $document } đã có chữ ký số nên không sửa được nữa. Hiện trạng thái là: { $state ->
        [partly_signed] { report-state-partly-signed }
        [signed] { report-state-signed }
        [authorised] { report-state-authorised }
        [sealed] { report-state-sealed }
        [queued] { report-state-queued }
        [sent] { report-state-sent }
        [accepted] { report-state-accepted }
        [delivered] { report-state-delivered }
       *[closed] { report-state-closed }
    }
    .advice = { $route ->
        [recovery] Quét lại bản giấy và nhập bản quét mới thành một văn bản riêng; văn bản đã ký được giữ nguyên.
       *[other] Nhập tệp đã sửa để thay thế: scanseal scan TỆP.pdf --route { $route } --replaces { $document }. Văn bản đã ký được giữ nguyên.
    }
finding-handed-over-before = Bản này đã được chuyển sang máy khác lúc { $at } { $purpose ->
    [personal] để cá nhân ký số
    [organization] để cơ quan, tổ chức ký số
   *[delivery] để gửi đi
  } và chưa nhận lại. Tránh để văn bản bị ký hai lần.
