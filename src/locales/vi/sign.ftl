# sign
err-not-signed = Văn bản chưa có chữ ký số nào.
    .advice = Người có thẩm quyền ký trước (scanseal sign --role personal), sau đó mới làm tiếp.
err-role-missing = Chưa thể ký số của cơ quan, tổ chức: văn bản mới có { $present } trên { $wanted } chữ ký số cá nhân.
    .advice = Người có thẩm quyền phải ký số trước (scanseal sign --role personal); sau đó văn thư mới ký số của cơ quan, tổ chức (scanseal sign --role organization).{ $where ->
        [file] {" "}Tệp kèm theo văn bản thì chỉ cơ quan, tổ chức ký: thêm --form attachment --number SỐ_KÝ_HIỆU.
       *[other] {""}
    }
err-attestation-missing = Chưa thể ký số của cơ quan, tổ chức lên bản sao: chưa có người xác nhận bản giấy có chữ ký tay và dấu.
    .advice = Xem bản giấy, xác nhận (scanseal attest D-...), dựng lại tệp rồi ký số.
err-already-sealed = Không thể ký số cá nhân nữa: văn bản đã có chữ ký số của cơ quan, tổ chức (trường { $field }).
    .advice = Chữ ký số của cá nhân được thực hiện trước, của cơ quan, tổ chức thực hiện sau. Hãy lấy bản chưa ký số của cơ quan, để người có thẩm quyền ký, rồi văn thư ký lại.
err-base-damaged = Không ký số được tệp PDF này vì cấu trúc bị hỏng ở gần { $detail }.
    .advice = Đề nghị gửi lại tệp, hoặc mở ra và lưu lại thành PDF rồi ký tệp mới.
err-base-encrypted = Tệp PDF này được bảo vệ bằng mật khẩu nên không ký số được.
    .advice = Lưu lại tệp không đặt mật khẩu rồi ký tệp mới.
err-base-hybrid = Tệp PDF này có hai bảng tham chiếu (dạng lai) nên hai phần mềm có thể hiển thị hai nội dung khác nhau. Tệp không được ký.
    .advice = Mở tệp và lưu lại thành PDF (tốt nhất là PDF/A) rồi ký tệp mới.
err-base-trailing-data = Sau phần kết thúc của tệp PDF này còn có dữ liệu lạ. Tệp không được ký.
    .advice = Đề nghị nơi gửi gửi lại tệp; tệp có thể bị hỏng khi truyền hoặc đã bị sửa.
err-base-too-large = Tệp PDF dài { $size } byte; chỉ ký được tệp tối đa { $limit } byte.
    .advice = Tách văn bản hoặc quét lại với cấu hình nhỏ hơn.
err-base-dynamic-form = Tệp PDF này chứa biểu mẫu động (XFA): nội dung hiển thị có thể thay đổi sau khi ký. Tệp không được ký.
    .advice = In tệp ra một tệp PDF mới rồi ký tệp mới.
err-base-certified = Tệp PDF này đã được tác giả chứng nhận và không cho phép thêm chữ ký số này.
    .advice = Đề nghị tác giả cung cấp bản cho phép ký thêm, hoặc ký không hiển thị nếu bản chứng nhận cho phép.
err-base-locked = Chữ ký số ở trường { $field } đã khóa biểu mẫu của tệp PDF này; nếu ký thêm, phần mềm khác sẽ coi chữ ký đó là không còn hợp lệ.
    .advice = Đề nghị người đã ký cung cấp bản có chừa chỗ cho chữ ký của bạn.
err-page-too-small = Trang đầu quá nhỏ để trình bày thông tin chữ ký số.
    .advice = Kiểm tra khổ giấy của trang đầu, hoặc ký không hiển thị.
err-key-uri-invalid = Không hiểu được địa chỉ của khóa: { $detail }
    .advice = Viết theo dạng pkcs11:token=TÊN;object=KHÓA hoặc p12:TỆP; lệnh scanseal doctor liệt kê các khóa tìm thấy.
err-pin-in-uri = Địa chỉ của khóa có chứa mã PIN hoặc câu lệnh. Chương trình từ chối vì người khác có thể đọc được.
    .advice = Hãy bỏ phần đó. Nhập mã PIN khi được hỏi, hoặc ghi vào tệp chỉ mình bạn đọc được và viết pin-source=file:/đường/dẫn.
err-pin-file-unreadable = Không đọc được tệp chứa mã PIN { $path }: { $cause }
    .advice = Kiểm tra đường dẫn và quyền đọc; mã PIN đứng một mình ở dòng đầu.
err-pin-file-open = Người khác đọc được { $path }, tệp này chứa mã PIN của khóa.
    .advice = Bỏ quyền đó (trên Linux: chmod 600 { $path }), đổi mã PIN vì người khác có thể đã biết, rồi chạy lại lệnh.
err-key-file-missing = Không mở được tệp khóa { $path }: { $cause }
    .advice = Kiểm tra đường dẫn của khóa trong scanseal.toml hoặc sau --key.
err-key-file-damaged = Không dùng được tệp khóa { $path }: { $cause }
    .advice = Xuất lại khóa kèm chứng thư số ra tệp PKCS#12 (.p12 hoặc .pfx).
err-module-not-named = Chưa rõ thiết bị lưu khóa bí mật cần trình điều khiển (mô-đun PKCS#11) nào.
    .advice = Khai báo trong scanseal.toml, mục [token] modules, hoặc thêm ?module-path=/đường/dẫn vào địa chỉ của khóa.
err-module-not-allowed = Trình điều khiển { $module } không nằm trong danh sách được phép của máy này.
    .advice = Quản trị viên có thể thêm đường dẫn đầy đủ vào scanseal.toml, mục [token] modules.
err-module-missing = Không tìm thấy trình điều khiển { $module }.
    .advice = Cài trình điều khiển của thiết bị, hoặc sửa đường dẫn trong scanseal.toml, mục [token] modules.
err-module-unsafe = Không nạp trình điều khiển { $module }: người dùng khác có thể đã thay thế tệp này.
    .advice = Quản trị viên phải đặt quyền để chỉ root ghi được tệp và thư mục chứa nó.
err-module-broken = Trình điều khiển { $module } không khởi động được (chi tiết kỹ thuật: { $cause }).
    .advice = Kiểm tra trình điều khiển có hợp với máy (64 bit) và dịch vụ thẻ thông minh có đang chạy không; cài lại trình điều khiển.
err-token-missing = Chưa cắm thiết bị lưu khóa bí mật { $token }.
    .advice = Cắm thiết bị, chờ đèn sáng rồi chạy lại đúng lệnh này.
err-token-ambiguous = Có nhiều thiết bị lưu khóa bí mật cùng khớp với { $token }.
    .advice = Rút các thiết bị khác, hoặc thêm serial=... vào địa chỉ của khóa; lệnh scanseal doctor liệt kê số sê-ri.
err-key-missing = Không có khóa { $object } trên { $token }.
    .advice = Kiểm tra tên khóa; lệnh scanseal doctor liệt kê các khóa có trên thiết bị.
err-key-ambiguous = Có nhiều khóa trên { $token } cùng khớp với { $object } và không có quy tắc nào cho biết phải dùng khóa nào: { $candidates }
    .advice = Thêm object=... hoặc id=... vào địa chỉ của khóa. Nếu dùng tệp khóa, hãy xuất riêng khóa cần dùng ra một tệp. Chưa có văn bản nào được ký.
err-certificate-missing = { $token } không có chứng thư số của khóa { $object }.
    .advice = Đề nghị tổ chức cung cấp dịch vụ chứng thực ghi chứng thư số vào thiết bị.
err-certificate-unreadable = Không đọc được chứng thư số của { $token }: { $cause }
    .advice = Đề nghị tổ chức cung cấp dịch vụ chứng thực cấp lại chứng thư số.
err-certificate-expired = Chứng thư số của { $signer } có hiệu lực đến { $until }; thời điểm ký là { $at }.
    .advice = Kiểm tra đồng hồ của máy. Nếu đúng giờ, đề nghị gia hạn chứng thư số. Chưa có văn bản nào được ký.
err-certificate-not-yet-valid = Chứng thư số của { $signer } chỉ có hiệu lực từ { $from }; thời điểm ký là { $at }.
    .advice = Kiểm tra đồng hồ của máy. Nếu đúng giờ, chờ đến thời điểm đó hoặc dùng khóa khác. Chưa có văn bản nào được ký.
err-signer-not-accepted = Chữ ký số của { $signer } sẽ không được chấp nhận ở đây nên chưa ký gì. { $reason }
    .advice = Chọn khóa khác. Nếu đơn vị cấp chứng thư số là nơi cơ quan tin cậy, hãy khai báo chứng thư số của đơn vị đó và các chứng thư số trung gian bằng "scanseal trust add".
err-key-usage-wrong = Chứng thư số của { $signer } không dùng để ký số.
    .advice = Chọn chứng thư số dùng để ký trên thiết bị, không chọn chứng thư dùng để mã hóa hoặc đăng nhập.
err-issuer-not-accepted = Hồ sơ cấu hình chỉ chấp nhận chứng thư số do { $issuers } cấp; { $token } không có chứng thư nào như vậy cho { $object }. Hiện có: { $candidates }
    .advice = Dùng thiết bị hoặc tệp khóa có chứng thư số của tổ chức được chấp nhận. Nếu danh sách chưa đúng, quản trị viên có thể sửa issuer ở mục [crypto] của hồ sơ cấu hình.
err-key-too-short = Khóa của { $signer } dài { $bits } bit; cần ít nhất { $minimum } bit.
    .advice = Đề nghị tổ chức cung cấp dịch vụ chứng thực cấp khóa mới.
err-key-type-unsupported = Khóa của { $token } thuộc loại scanseal chưa dùng được: { $detail }
    .advice = Dùng khóa RSA (từ 2048 bit trở lên) hoặc ECDSA (P-256, P-384).
err-file-not-reached = Tệp này chưa được ký: khóa đã mất kết nối trước khi đến lượt.
    .advice = Kết nối lại khóa rồi chạy lại lệnh với các tệp còn lại; các bản đã ký được giữ nguyên.
err-pin-per-signature = Khóa { $object } trên { $token } đòi nhập mã PIN cho từng chữ ký nên không dùng được ở đây.
    .advice = Ký văn bản trong kho bằng scanseal sign, mã PIN sẽ được hỏi cho từng văn bản; nếu vẫn bị từ chối, đề nghị tổ chức cung cấp dịch vụ chứng thực tắt chế độ này hoặc dùng khóa khác.
err-stopped = Việc ký đã dừng theo yêu cầu. Văn bản đã ký xong được giữ nguyên, văn bản chưa ký vẫn đang chờ.
    .advice = Chạy lại đúng lệnh này để làm tiếp phần còn lại.
err-certificate-of-person = Chứng thư số của { $signer } là của cá nhân hoặc không nêu tên cơ quan, tổ chức nào ({ $subject }), nên không ký thay cơ quan, tổ chức được. Chưa ký văn bản nào.
    .advice = Cắm thiết bị của cơ quan, tổ chức, hoặc sửa khóa trong scanseal.toml, mục [keys.organization].
err-certificate-of-organization = Chứng thư số của { $signer } là của cơ quan, tổ chức ({ $subject }), nên không dùng làm chữ ký cá nhân được. Chưa ký văn bản nào.
    .advice = Cắm thiết bị của người ký, hoặc sửa khóa trong scanseal.toml, mục [keys.personal].
err-signed-as-person = { $signer } đã ký văn bản này với tư cách cá nhân, nên không thể dùng chính chứng thư số đó để ký thay cơ quan, tổ chức.
    .advice = Cắm thiết bị của cơ quan, tổ chức rồi chạy lại đúng lệnh này.
err-wrong-pin = Mã PIN của { $token } không đúng. Chương trình chỉ thử một lần và không tự thử lại.
    .advice = Kiểm tra kỹ mã PIN trước khi thử lại: thiết bị sẽ bị khóa sau vài lần nhập sai.
err-pin-locked = Mã PIN của { $token } đã bị khóa.
    .advice = Đề nghị tổ chức cung cấp dịch vụ chứng thực hoặc quản trị viên mở khóa.
err-pin-last-try = { $token } chỉ còn một lần nhập mã PIN; nếu sai lần nữa thiết bị sẽ bị khóa. Chương trình chưa thử lần nào.
    .advice = Xác định chắc chắn mã PIN rồi đăng nhập một lần bằng phần mềm của thiết bị; hoặc liên hệ quản trị viên.
err-token-timeout = { $token } không trả lời trong { $seconds } giây.
    .advice = Rút thiết bị, cắm lại rồi chạy lại đúng lệnh này. Các văn bản đã xong được giữ nguyên.
err-token-crashed = Trình điều khiển của { $token } dừng đột ngột ({ $cause }). Không mất văn bản nào.
    .advice = Cắm lại thiết bị và chạy lại đúng lệnh này; nếu lặp lại, hãy cài lại trình điều khiển.
err-token-gone = { $token } đã bị rút ra hoặc mất kết nối (chi tiết kỹ thuật: { $cause }). Không mất văn bản nào.
    .advice = Cắm lại thiết bị và chạy lại đúng lệnh này để làm tiếp phần còn lại; mã PIN sẽ được hỏi thêm một lần.
err-token-refused = { $token } từ chối (chi tiết kỹ thuật: { $cause }).
    .advice = Cắm lại thiết bị và thử lại; nếu vẫn lỗi, gửi dòng này cho quản trị viên.
err-signature-mismatch = { $token } trả về chữ ký không khớp với chứng thư số. Chữ ký đã bị bỏ; văn bản không thay đổi.
    .advice = Chứng thư số trên thiết bị thuộc về khóa khác. Liên hệ tổ chức cung cấp dịch vụ chứng thực.
err-key-file-writable = Người khác có quyền ghi vào tệp khóa { $path } nên có thể tráo tệp.
    .advice = Bỏ quyền đó (trên Linux: chmod go-rw { $path }).
err-timestamp-not-named = Mức chữ ký số này cần dấu thời gian, nhưng máy này chưa khai báo dịch vụ cấp dấu thời gian nào.
    .advice = Quản trị viên khai báo địa chỉ dịch vụ trong scanseal.toml, mục [[timestamp]] url = "http://...", hoặc ký với --level b-b.
err-timestamp-away = Dịch vụ cấp dấu thời gian { $url } không trả lời (chi tiết kỹ thuật: { $cause }).
    .advice = Văn bản vẫn được ký; dấu thời gian được ghi là còn nợ. Chương trình thử lại sau một phút.
err-timestamp-refused = Dịch vụ cấp dấu thời gian { $url } từ chối (dịch vụ trả lời: { $cause }).
    .advice = Văn bản vẫn được ký; dấu thời gian được ghi là còn nợ. Nếu lặp lại, hãy hỏi đơn vị cung cấp dịch vụ.
err-timestamp-wrong = Dấu thời gian do { $url } cấp không dùng được ({ $cause }) nên không được đưa vào văn bản.
    .advice = Văn bản vẫn được ký; dấu thời gian được ghi là còn nợ. Kiểm tra địa chỉ dịch vụ và chứng thư số của dịch vụ (scanseal trust add).
err-earlier-signature-broken = Một chữ ký trước đó của văn bản đã hỏng: { $field }, { $signer }. Văn bản không được ký lại.
    .advice = Đối chiếu tệp với bản đã gửi và sổ đăng ký; scanseal verify cho biết hỏng ở đâu. Chữ ký mới chỉ che mất chỗ hỏng.
err-document-sent-back = { $document } đã bị { $by } trả lại về bước "{ $step }": { $reason }. Chưa giải quyết thì chưa ai ký tiếp.
    .advice = Nếu phải sửa, hãy nhận văn bản đã sửa: scanseal scan TỆP.pdf --route ... --replaces { $document }; mọi người ký lại trên văn bản mới. Nếu văn bản đã đúng, nêu lý do: scanseal edit { $document } accept="sent_back:LÝ_DO"; khi đó văn bản đi tiếp từ chỗ đang dừng, người đã ký không phải ký lại.
err-document-held = { $document } đang chờ văn thư: một phát hiện trên văn bản chưa được chấp nhận ({ $code }).
    .advice = Xem bằng scanseal show { $document }. Nếu vẫn được đi tiếp, chấp nhận phát hiện kèm lý do: scanseal edit { $document } accept="{ $code }:LÝ_DO"
err-revocation-away = Dịch vụ { $url }, nơi biết chứng thư nào bị thu hồi, không trả lời (chi tiết kỹ thuật: { $cause }).
    .advice = Văn bản vẫn được ký; bằng chứng được ghi là còn nợ và sẽ được bổ sung bằng scanseal sign --complete khi dịch vụ hoạt động lại.
err-revocation-wrong = Trả lời của { $url } về chứng thư bị thu hồi không thể tin được (quá cũ, do bên khác ký, hoặc về chứng thư khác) nên không được đưa vào văn bản.
    .advice = Văn bản vẫn được ký; bằng chứng được ghi là còn nợ. Nếu tình trạng này kéo dài, hãy báo cho đơn vị vận hành dịch vụ.
err-signature-revoked = Chứng thư số của một chữ ký trước đó đã bị thu hồi: { $signer }. Văn bản không được xử lý tiếp.
    .advice = Hỏi người ký và tổ chức chứng thực về thời điểm và lý do thu hồi; văn bản phải được ký lại bởi người có chứng thư còn hiệu lực.
err-signer-revoked = Chứng thư số của khóa này, hoặc chứng thư cấp trên, đã bị thu hồi: { $signer }. Không ký bằng khóa này.
    .advice = Ngừng dùng khóa này và xin cấp chứng thư mới. Văn bản đã ký và có dấu thời gian trước khi thu hồi vẫn có hiệu lực.
err-base-hidden-objects = Trong tệp PDF này có nội dung không nằm trên trang nào (đối tượng { $number }); sau khi ký, nội dung ấy có thể bị đưa ra thay nội dung đang thấy. Tệp không được ký.
    .advice = Mở tệp, in ra một tệp PDF mới (Print to PDF), xem lại rồi ký tệp mới.
err-base-layers = Tệp PDF này có các lớp bật tắt được: mỗi phần mềm có thể hiển thị một nội dung khác. Tệp không được ký.
    .advice = Mở tệp, in ra một tệp PDF mới (Print to PDF), xem lại rồi ký tệp mới.
err-base-scripts = Tệp PDF này chứa mã lệnh hoặc hành động tự chạy. Tệp không được ký.
    .advice = Đề nghị nơi gửi cung cấp tệp PDF/A, hoặc in ra một tệp PDF mới rồi ký tệp mới.
err-base-attachments = Tệp PDF này có tệp khác đính bên trong, hoặc dẫn đến tệp bên ngoài, mà người đọc không thấy trên trang. Tệp không được ký.
    .advice = Lấy tệp đính kèm ra gửi và ký riêng, rồi ký tệp PDF không có tệp đính bên trong (hoặc PDF/A-3 có nêu quan hệ của tệp đính kèm).
err-base-form = Tệp PDF này có ô điền được: nội dung có thể bị điền thêm sau khi ký. Tệp không được ký.
    .advice = Điền xong, in ra một tệp PDF mới (Print to PDF), xem lại rồi ký tệp mới.
err-base-hidden-annotation = Tệp PDF này có ghi chú bị ẩn trên trang. Tệp không được ký.
    .advice = Xóa hoặc hiện ghi chú, lưu lại tệp, xem lại rồi ký tệp mới.
err-base-external = Một phần nội dung mà tệp PDF này hiển thị nằm ngoài tệp ({ $what }), nên có thể thay đổi sau khi ký. Tệp không được ký.
    .advice = Mở tệp, in ra một tệp PDF mới (Print to PDF), xem lại rồi ký tệp mới.
err-base-variants = Tệp PDF này có nhiều phiên bản của một hình ({ $what }), mỗi phần mềm hoặc máy in tự chọn một bản. Tệp không được ký.
    .advice = Mở tệp, in ra một tệp PDF mới (Print to PDF), xem lại rồi ký tệp mới.
err-base-media = Tệp PDF này chứa phim, âm thanh, mô hình 3D hoặc nội dung tương tự ({ $what }), mỗi phần mềm hiển thị một cách hoặc không hiển thị. Tệp không được ký.
    .advice = Đề nghị nơi gửi cung cấp tệp PDF/A, hoặc in ra một tệp PDF mới rồi ký tệp mới.
err-picture-unusable = Không dùng được hình { $path }: { $cause }
    .advice = Hình chữ ký hoặc dấu phải là tệp PNG nền trong suốt; bề rộng thật (picture_mm) từ 10 đến 120 milimét.
err-picture-not-named = Chưa khai báo hình { $role } để trình bày chữ ký số trên văn bản.
    .advice = Trong scanseal.toml, mục [keys.{ $role }], ghi picture = "tệp.png" và picture_mm = bề rộng thật tính bằng milimét.
err-form-no-place = Không tìm thấy chỗ đặt hình chữ ký: trên các trang không có dòng "{ $text }".
    .advice = Ghi --anchor "họ tên đúng như trên văn bản", hoặc --at TRANG:TRÁI,TRÊN tính bằng milimét, ví dụ --at 1:110,220.
err-form-outside = Hình chữ ký đặt như vậy sẽ nằm ngoài trang { $page }.
    .advice = Kiểm tra số trang và tọa độ (milimét, tính từ mép trái và mép trên của trang).
err-place-by-rule = Hồ sơ pháp lý { $profile } quy định vị trí của hình, và văn bản này có vị trí đó.
    .advice = Để hình ở vị trí theo quy tắc. Chỉ được chọn chỗ khác khi quy tắc không tìm ra chỗ.
err-place-not-wanted = Chữ ký trên văn bản { $document } không hiện bằng hình, nên không có vị trí nào để chọn.
    .advice = Ký không kèm --anchor và --at. Lệnh scanseal profile explain cho biết cái gì hiện ở đâu.
finding-form-over-text = Phần hiển thị của chữ ký che lên dòng chữ: { $text }
finding-form-over-picture = Phần hiển thị của chữ ký che lên một hình trên trang.
err-form-on-scan = Tệp này là bản số hóa từ văn bản giấy, đã có chữ ký tay và dấu; không đặt thêm hình chữ ký hoặc hình dấu lên đó (Nghị định 30/2020, Phụ lục I, Phần II).
    .advice = Ký không có --form issued; thông tin sao y được ghi bằng chữ theo quy định.
err-remote-signature-wrong = Chữ ký nhận về không phải do khóa của { $signer } tạo trên đúng tệp này. Tệp không được ghép chữ ký.
    .advice = Kiểm tra đã ký đúng tệp .to-sign bằng đúng khóa và đúng thuật toán ghi trong tệp .order.json chưa, rồi ký lại.
err-order-changed = Tệp đã chuẩn bị và tệp .order.json không còn khớp nhau: { $what ->
        [file] nội dung tệp đã thay đổi
        [certificates] không đọc được các chứng thư
        [gap] chỗ dành cho chữ ký đã thay đổi
       *[other] { $what }
    }.
    .advice = Chuẩn bị lại tệp (scanseal sign --prepare) rồi ký lại.
err-remote-signature-missing = Chưa có tệp chữ ký { $path }.
    .advice = Ký tệp .to-sign bằng dịch vụ ký số từ xa, lưu chữ ký vào tệp đó rồi chạy lại lệnh này.
err-facts-missing = { $document } còn thiếu thông tin: { $fields }.
    .advice = Đọc trên bản giấy rồi nhập: scanseal edit { $document } { $given }
err-secret-held = { $document } có dấu chỉ độ mật nên không được xử lý tiếp ở đây; không thể chấp nhận cho qua.
    .advice = Báo người phụ trách tài liệu mật. Nếu ghi nhầm độ mật thì sửa: scanseal edit { $document } secrecy=...
err-proof-no-service = { $documents } văn bản vẫn chưa có bằng chứng thời gian vì scanseal.toml chưa khai báo dịch vụ cấp dấu thời gian nào.
    .advice = Không mất gì, các chữ ký giữ nguyên. Nếu cần các bằng chứng này, quản trị viên khai báo dịch vụ trong scanseal.toml, mục [[timestamp]] url = "http://..."; sau đó chạy lại đúng lệnh này.
