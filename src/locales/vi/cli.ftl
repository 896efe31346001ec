# Lời của dòng lệnh

cli-support = Hỗ trợ: { $name } { $phone }
cli-page = tr. { $page }
cli-pin-prompt = Mã PIN của { $key }:

cli-stage-scan = Đang đọc bản quét
cli-stage-build = Đang dựng PDF/A
cli-stage-sign = Đang ký số
cli-stage-verify = Đang kiểm tra
cli-stage-send = Đang gửi

cli-convert-done = ✓ { $file }: { $pages } trang, { $in } → { $out }

usage-no-command = Chưa có lệnh nào.
usage-unknown-command = Không có lệnh "{ $named }". Có phải ý bạn là: { $suggested }?
usage-unknown-argument = Không có tùy chọn "{ $named }" ở đây. Xem: { $suggested }
usage-no-such-command = Không có lệnh "{ $named }".
usage-no-such-argument = Không có tùy chọn "{ $named }" ở đây.
usage-missing-argument = Còn thiếu: { $named }
usage-bad-value-alone = Không dùng được "{ $value }" cho { $named }.
usage-no-value = Sau { $named } còn thiếu giá trị. Có thể dùng: { $suggested }
usage-no-value-alone = Sau { $named } còn thiếu giá trị.
usage-takes-none = Sau { $named } không ghi giá trị nào.
usage-twice = { $named } được ghi hai lần.
usage-superfluous = Ở đây không ghi "{ $named }".
usage-bad-value = Không dùng được "{ $value }" cho { $named }. Có thể dùng: { $suggested }
usage-conflict = Không dùng { $named } cùng với { $prior }.
usage-other = Không hiểu được dòng lệnh.
usage-advice = scanseal --help liệt kê các lệnh; scanseal LỆNH --help giải thích từng lệnh.

err-nothing-to-do = Không có việc gì để làm: không có bản quét hay văn bản nào phù hợp với yêu cầu.
    .advice = Kiểm tra lại thư mục, hoặc xem danh sách văn bản bằng lệnh scanseal list.
err-pin-needed = Cần mã PIN của { $key } nhưng ở đây không hỏi được ai.
    .advice = Chạy lệnh trên cửa sổ dòng lệnh, hoặc dùng --pin-file TỆP (hoặc - để đọc từ đầu vào chuẩn).
err-pin-empty = Chưa có mã PIN cho { $key }. Thiết bị chưa được hỏi nên không mất lượt thử nào.
    .advice = Gõ mã PIN, hoặc ghi mã PIN vào dòng đầu của tệp PIN, rồi chạy lại lệnh.
err-pin-source = Không cho phép pin_source { $source }.
    .advice = Ghi pin_source = "file:ĐƯỜNG_DẪN", hoặc bỏ dòng đó để được hỏi mã PIN.

err-bad-document-id = "{ $name }" không phải số văn bản.
    .advice = Số văn bản có dạng D-000001; lệnh scanseal list liệt kê chúng. Tên tệp phải có đuôi .pdf hoặc dấu gạch chéo.
err-bad-time = "{ $text }" không phải thời điểm hợp lệ.
    .advice = Hãy ghi 2026-11-02T08:00 hoặc 02/11/2026 08:00 (ngày trước, tháng sau).
err-bad-change = "{ $change }" không phải nội dung sửa hợp lệ.
    .advice = Hãy ghi dạng tên=giá trị, ví dụ subject="Về việc ...".
err-bad-state = Không có trạng thái "{ $state }".
    .advice = Các trạng thái: captured held built partly_signed signed authorised sealed queued sent accepted delivered closed replaced dropped.
err-bad-field = Không có trường "{ $field }". Các trường: { $known }
    .advice = Dùng một trong các tên trên.
err-bad-field-value = { $line ->
    [none] Giá trị "{ $value }" không hợp với trường { $field }.
   *[other] Dòng { $line } của bảng kê { $path }: "{ $value }" không hợp với cột { $field }.
  }
    .advice = Ngày ghi 02/11/2026 hoặc 2026-11-02; direction là outgoing hoặc incoming; copy_form là SAO Y hoặc SAO LỤC; pages là số trang; issued_amount là số từ 1 đến 999.
err-no-such-finding = Văn bản { $document } không có lưu ý "{ $code }" nào đang chờ chấp nhận.
    .advice = Xem các lưu ý bằng lệnh scanseal show { $document }.
err-not-seen = Chưa có ai đánh dấu đã xem văn bản này, mà chữ ký số cá nhân là xác nhận nội dung đã đọc.
    .advice = Xem văn bản rồi đánh dấu bằng scanseal show D-... --seen, sau đó ký; hoặc ký với --unseen LÝ_DO, lý do sẽ ghi vào nhật ký.
err-proof-owed = Còn thiếu bằng chứng thu hồi chứng thư hoặc dấu thời gian, hồ sơ cấu hình này yêu cầu phải có trước khi cơ quan, tổ chức ký số.
    .advice = Thử lại khi các dịch vụ hoạt động trở lại.
err-level-not-reached = Chưa đạt mức { $level }: dịch vụ chưa cấp đủ bằng chứng mà mức này yêu cầu.
    .advice = Không mất gì, các chữ ký giữ nguyên. Chạy lại đúng lệnh này khi các dịch vụ hoạt động trở lại.
err-verdict-open = Chưa thể kết luận về chữ ký số trên văn bản: { $reason }
    .advice = Nếu đúng cơ quan cấp chứng thư, hãy thêm chứng thư của họ bằng lệnh scanseal trust add TỆP rồi thử lại.
err-verdict-invalid = Chữ ký số trên văn bản không hợp lệ: { $reason }
    .advice = Không ký số của cơ quan, tổ chức. Để riêng văn bản, tìm hiểu nguyên nhân và ký lại từ bản quét.
err-key-not-named = Chưa chỉ định khóa cho chữ ký { $role ->
        [personal] cá nhân
        [organization] của cơ quan
       *[other] { $role }
    }.
    .advice = Chỉ định bằng --key, hoặc trong scanseal.toml tại mục [keys.{ $role }].
err-output-missing = Cần thư mục để ghi bản đã ký của các tệp.
    .advice = Chỉ định bằng -o THƯ_MỤC; tệp gốc không bao giờ bị sửa.
err-output-not-folder = { $path } là tệp, trong khi bản đã ký cần một thư mục.
    .advice = Ghi tên thư mục sau -o, ví dụ -o da-ky; thư mục chưa có sẽ được tạo.
err-output-twice = { $first } và { $second } trùng tên: bản của cả hai sẽ nằm trong một thư mục với tên { $name }. Chưa làm gì.
    .advice = Xử lý một trong hai tệp ở lần chạy riêng với thư mục khác sau -o, hoặc đổi tên tệp trước. Nếu là cùng một tệp thì chỉ ghi tên một lần.
err-option-needs = Chỉ dùng được { $first } cùng với { $second }.
    .advice = Thêm { $second }, hoặc bỏ { $first }.
err-not-confirmed = Chưa làm gì vì chưa được xác nhận.
    .advice = Chạy lại lệnh và trả lời đồng ý, hoặc dùng --yes.
err-role-not-in-form = Hồ sơ cấu hình { $profile } dùng hình thức SAO Y: chữ ký tay trên giấy có giá trị, văn thư xác nhận đã thấy, và chỉ cơ quan, tổ chức ký số. Ở đây không có chữ ký số cá nhân.
    .advice = Nếu chưa xác nhận thì xác nhận văn bản (scanseal attest D-...), dựng bản PDF/A (scanseal build), rồi ký bằng scanseal sign --role organization.
err-options-conflict = Không dùng { $first } cùng với { $second }.
    .advice = Bỏ bớt một trong hai.

cli-few-tries-left = Chú ý: trước đó đã có người nhập sai mã PIN của { $key }. Thiết bị sẽ bị khóa sau vài lần nhập sai.
cli-use-pad = Hãy nhập mã PIN của { $key } trên bàn phím của chính thiết bị.
cli-pin-again = Nhập lại mã PIN của { $key } vì kết nối với thiết bị đã bị gián đoạn (để trống rồi Enter: dừng):
cli-pin-signing = Mã PIN ký của { $key } cho văn bản { $about } (để trống rồi Enter: dừng):
cli-pin-each-time = Khóa của { $key } đòi mã PIN cho từng chữ ký: sẽ hỏi { $count } lần, mỗi văn bản một lần. Nhấn Ctrl-C nếu chưa muốn ký.
cli-token-away = Thiết bị của { $key } (số sê-ri { $serial }) đã bị rút ra. Việc ký tạm dừng, không mất văn bản nào. Hãy cắm lại đúng thiết bị đó; chương trình đợi trong 10 phút. Nhấn Ctrl-C để dừng.
cli-token-back = Thiết bị của { $key } đã được cắm lại, tiếp tục ký.
cli-plan-sign-all = Tổng cộng: ký { $documents } văn bản bằng { $key }, { $time }. Chờ người khác: { $waiting }. Bị từ chối: { $refused }.
cli-key-not-named = (chưa chọn khóa)
cli-time-unknown = chưa rõ thời gian vì khóa này chưa từng được đo ở đây
cli-time-moment = mất chưa đến một giây
cli-time-seconds = mất khoảng { $count } giây
cli-time-minutes = mất khoảng { $count } phút
cli-pages = { $pages } trang
cli-accepted = { $by } đã chấp nhận
cli-skipped = Bỏ qua { $count } tệp khác trong thư mục.
cli-none = Không có văn bản nào phù hợp.
cli-seen = Đã đánh dấu là đã xem { $document } (đúng bản hiện tại).
cli-latest = Tệp mới nhất: { $path }
cli-written = Đã ghi: { $path }
cli-ended = Xong: { $done }. Đang chờ: { $waiting }. Lỗi: { $failed }.

cli-head-document = Văn bản
cli-head-number = Số, ký hiệu
cli-head-subject = Trích yếu
cli-head-pages = Trang
cli-head-in = Bản quét
cli-head-out = PDF
cli-head-signatures = Chữ ký
cli-head-state = Trạng thái

cli-plan-scan = nhận
cli-plan-build = dựng
cli-plan-wait = chờ người xử lý
cli-plan-sign = ký
cli-plan-send = gửi
cli-plan-edit = sửa
cli-plan-attest = xác nhận
cli-plan-convert = chuyển đổi
cli-plan-report = ghi
cli-plan-move_store = chuyển kho
cli-plan-upgrade = nâng mức chữ ký
cli-plan-complete = bổ sung bằng chứng còn nợ
cli-plan-prepare = chuẩn bị
cli-plan-init = tạo

cli-confirm-recover = Nhận { $documents } văn bản của sự cố { $outage }, rồi ký và gửi những gì không cần người xử lý? (c = có, k = không)
cli-confirm-sign = Ký { $documents } văn bản bằng { $key }, { $time }? (c = có, k = không)

cli-recovered = { $documents } văn bản, { $pages } trang: { $in } → { $out }; { $signatures } chữ ký số; lỗi: { $failed }.
cli-drill-next =
    Đây là diễn tập: khóa dùng một lần, không có giá trị pháp lý. Các tệp đã ký nằm trong { $delivered }.
    Bước tiếp theo có thể thử:
      scanseal --workspace { $workspace } show D-000001
      scanseal --workspace { $workspace } verify D-000001
      scanseal --workspace { $workspace } report --outage { $outage } -o danh-sach.pdf
      scanseal init THƯ_MỤC --profile vn-state      (không gian làm việc thật)
cli-waits-clerk = { $count } văn bản chờ văn thư: xem bằng scanseal list --waiting-for clerk, rồi sửa (scanseal edit) hoặc xác nhận (scanseal attest).
cli-waits-personal = { $count } văn bản chờ chữ ký số cá nhân: xem từng văn bản (scanseal show D-... --seen), rồi scanseal sign --role personal --all.
cli-waits-organization = { $count } văn bản chờ chữ ký số của cơ quan, tổ chức: scanseal sign --role organization --all.
cli-waits-destination = { $count } văn bản chờ gửi: scanseal upload.
cli-set-aside = { $count } văn bản bị để riêng vì nơi nhận từ chối: { $documents }. Xem lý do bằng scanseal show { $document }; khắc phục xong, scanseal upload sẽ gửi lại.
cli-set-aside-at = Bị để riêng tại { $destination }

cli-outage-open = đang mở
cli-outage-declared = đã công bố
cli-outage-restored = hệ thống đã khôi phục
cli-outage-recovering = đang nhập lại văn bản giấy
cli-outage-reconciled = đã đối chiếu
cli-outage-closed = đã đóng

cli-destination-works = { $name }: hoạt động. Đang chờ { $queued }, đã giao { $delivered }, để riêng { $dead }.
cli-destination-away = { $name }: chưa kết nối được, sẽ thử lại từ { $until }. Đang chờ { $queued }, đã giao { $delivered }, để riêng { $dead }. { $reason }
cli-destination-blocked = { $name }: cần người xử lý. Đang chờ { $queued }, đã giao { $delivered }, để riêng { $dead }. { $reason } → { $advice }
cli-destination-unnamed = { $name }: scanseal.toml không còn khai báo nơi nhận này. Chưa giao đến đó { $count }, trong đó chưa giao đến đâu { $open }. Nếu vẫn phải gửi đến đó, hãy ghi lại tên; nếu không, scanseal upload gửi đến các nơi nhận đang khai báo.

cli-verdict-valid = hợp lệ. Mọi chữ ký số đều đúng và sau khi ký không có gì bị thay đổi.
cli-verdict-indeterminate = chưa thể kết luận. Không có dấu hiệu sai, nhưng còn thiếu thông tin.
cli-verdict-unsigned = tệp này không có chữ ký số.
cli-verdict-invalid = KHÔNG hợp lệ. Không được sử dụng tệp này.
cli-verdict-drill = Tệp này từ một buổi diễn tập, không có giá trị pháp lý.
cli-verdict-outage = Văn bản giấy của sự cố { $outage }.
cli-verdict-signature = { $role }: { $signer }, { $at }

cli-layer-background = nền giấy
cli-layer-picture = ảnh
cli-layer-ink = mực màu
cli-layer-text = chữ
cli-fidelity = giữ được: độ tương phản chữ { $contrast } %, nét mất { $lost } %, màu đỏ { $red } % lệch { $turn }°, mực khác { $ink } %

cli-init-done = Đã tạo không gian làm việc trong { $path }. Tiếp theo: khai báo khóa, chứng thư tin cậy và nơi nhận trong scanseal.toml, rồi chạy scanseal outage open MÃ_SỰ_CỐ.
cli-profile-good = Dùng được hồ sơ cấu hình { $name }.
cli-role-timestamp = Dấu thời gian
cli-role-personal = Chữ ký số cá nhân
cli-role-organization = Chữ ký số của cơ quan, tổ chức

cli-trusted = Từ nay tin cậy: { $name }
cli-untrusted = Không tin cậy nữa: { $name }
cli-anchor =
    { $name }
      Chủ thể: { $subject }
      Hiệu lực: { $from } đến { $until }
      SHA-256: { $sha256 }
cli-type-fingerprint = Hãy hỏi tổ chức cấp chứng thư mã SHA-256 qua đường khác (điện thoại, công văn) rồi nhập vào đây:
err-fingerprint-differs = Mã nhận dạng không phải của chứng thư { $name } (SHA-256 là { $sha256 }). Chứng thư chưa được tin cậy.
    .advice = So lại từng chữ số. Nếu đúng là khác nhau thì tệp có thể đã bị tráo: hãy lấy lại tệp từ tổ chức cấp.
err-anchor-unknown = Không có đúng một chứng thư đã thêm nào có mã nhận dạng bắt đầu bằng { $sha256 }.
    .advice = Xem bằng lệnh scanseal trust list và ghi ít nhất 8 chữ số. Chứng thư khai báo trong scanseal.toml thì bỏ ở tệp đó.
cli-examined = Tốt: { $good }. Cảnh báo: { $warnings }. Hỏng: { $bad }.
err-drill-mixed = Không được dùng lẫn tệp diễn tập với khóa thật, hoặc tệp thật với khóa diễn tập.
    .advice = Tệp diễn tập chỉ ký trong buổi diễn tập, tệp thật chỉ ký bằng khóa của cơ quan.
err-name-empty = { $what } đang để trống.
    .advice = { $where ->
        [anchor] Ghi dòng chữ mà hình chữ ký phải đặt phía trên, hoặc bỏ --anchor.
        [number] Ghi số và ký hiệu của văn bản mà tệp này kèm theo, ví dụ 125/UBND-VP.
       *[other] Hãy ghi rõ bằng lời; thông tin này được lưu lại làm căn cứ.
    }

# trang hướng dẫn
manual-exit = Mã kết thúc
    .about = Giá trị chương trình trả về khi kết thúc.
manual-exit-0 = Xong: các văn bản đã đạt trạng thái mà lệnh hướng tới. Văn bản đang chờ người xử lý không phải là lỗi của lệnh scan và recover.
manual-exit-1 = Lỗi của chính chương trình.
manual-exit-2 = Lệnh không hiểu được hoặc tự mâu thuẫn; chưa làm gì cả.
manual-exit-3 = Một số văn bản bị lỗi, các văn bản khác đã xong.
manual-exit-4 = Tất cả văn bản bị lỗi.
manual-exit-5 = Có chữ ký số không hợp lệ hoặc còn thiếu.
manual-exit-6 = Không dùng được khóa hoặc thiết bị ký số.
manual-exit-7 = Chưa kết nối được nơi nhận; mọi thứ đang xếp hàng chờ, không mất gì.
manual-exit-8 = Không dùng được không gian làm việc.
manual-exit-9 = Chưa thể kết luận.
manual-refusals = Các lỗi
    .about = Mỗi lỗi có mã (như trong JSON), chuyện gì đã xảy ra và cần làm gì.
manual-class = Mã kết thúc { $exit } nếu không có lỗi khác nặng hơn; làm lại: { $retry ->
    [never] không có tác dụng, dữ liệu này luôn bị từ chối
    [later] được, chỉ cần chờ, không phải sửa gì
   *[after_you_fix] được sau khi đã khắc phục nguyên nhân
  }.
manual-findings = Các lưu ý về bản quét
    .about = Những điều nhận thấy ở bản quét hoặc thông tin của văn bản. Văn bản bị giữ lại thì chờ đến khi có người sửa hoặc chấp nhận.
manual-reasons = Lý do của kết luận kiểm tra
    .about = Những điều có thể nói về một chữ ký.
manual-verdict-note = Để biết; không làm thay đổi kết luận.
manual-verdict-indeterminate = Chưa kết luận được.
manual-verdict-invalid = Chữ ký không hợp lệ.
manual-checks = Các dòng của scanseal doctor
    .about = Những điều lệnh kiểm tra máy có thể cho biết.
cli-proposals = Đọc được từ bản giấy (không mục nào tự động ghi vào):
cli-proposal-given = (đã ghi: { $value })
cli-proposals-accept = So với bản giấy, rồi nhận các mục còn thiếu bằng scanseal edit { $document } accept-proposals, hoặc tự nhập từng mục theo dạng mục=giá trị.
cli-kit = Đã ghi { $path }. Đây là bộ { $kit }. In ra, cất vào tủ; khi có sự cố thì gắn bộ này: scanseal outage open MÃ-SỰ-CỐ --kit { $kit }
cli-plan-kit = in
cli-watching = Đang theo dõi { $path }. Nhấn Ctrl-C để kết thúc.
cli-plan-watch = theo dõi
cli-exported = Đã ghi { $count } văn bản vào { $path }. Dấu vân tay khóa của máy này: { $fingerprint }
cli-plan-export = xuất để bàn giao
cli-plan-import = nhập
err-bad-place = Không hiểu vị trí "{ $place }".
    .advice = Ghi TRANG:TRÁI,TRÊN tính bằng milimét từ mép trái và mép trên của trang, ví dụ 1:110,220.

cli-proofs-owed = { $count } văn bản còn nợ bằng chứng về thời gian hoặc thu hồi. Bổ sung bằng: scanseal sign --complete --all
cli-proofs-ending = Bằng chứng của { $count } văn bản sẽ hết giá trị trong vòng một năm, sớm nhất lúc { $first }. Gia hạn bằng: scanseal sign --upgrade b-lta --all
cli-serving = Trang làm việc đã mở, chỉ máy này vào được. Hãy mở bằng trình duyệt:
      { $open }
    (tệp { $file } chỉ mình bạn đọc được; trang ở { $address }). Ctrl-C để dừng.
cli-plan-serve = Mở trang làm việc
cli-sign-steps = Các bước sẽ ký: { $steps }
show-captured-at = Nhận bản quét lúc
show-entered-at = Có ở nơi nhận lúc
show-outage = Sự cố
show-separator = Tờ bìa hoặc tờ trống
show-dropped-page = Trang đã bỏ ra
show-file = Tệp
show-source = SHA-256 của bản quét
show-version = Phiên bản
show-version-build = đã tạo PDF/A
show-version-import = nhận từ máy khác
show-version-sign-personal = cá nhân đã ký
show-version-sign-organization = cơ quan, tổ chức đã ký
show-version-resign = cơ quan, tổ chức đã ký lại
show-version-build-replaced = mở lại để sửa
show-version-complete = đã bổ sung bằng chứng còn thiếu
show-version-upgrade-b-t = nâng lên mức B-T
show-version-upgrade-b-lt = nâng lên mức B-LT
show-version-upgrade-b-lta = nâng lên mức B-LTA
show-signature = Chữ ký số
show-integrity-intact = không bị thay đổi
show-integrity-broken = ĐÃ BỊ THAY ĐỔI
show-trust-trusted = nơi cấp được tin cậy
show-trust-untrusted = nơi cấp không được tin cậy ở đây
show-trust-unknown = ở đây chưa khai báo nơi cấp nào
show-owed = Còn phải bổ sung
show-stands-until = Bằng chứng có giá trị đến
show-receipt = Biên nhận
show-set-aside = Bị từ chối bởi
outage-fact-systems = Hệ thống
outage-fact-units = Đơn vị
outage-fact-paper = Khoảng thời gian ký trên giấy
outage-fact-paper-open = chưa nêu
outage-fact-detected = Phát hiện lúc
outage-fact-declared = Người công bố
outage-fact-document = Văn bản công bố
outage-fact-ticket = Số phiếu hỗ trợ
outage-fact-kits = Bộ biểu mẫu
outage-fact-blocks = Dải số đã cấp
outage-fact-restored = Hệ thống hoạt động lại lúc
outage-fact-basis = Căn cứ pháp lý
cli-opened-again = { $document } đã là PDF/A; do sửa đổi này, văn bản được mở lại. Tạo lại bằng: scanseal build { $document }
cli-not-built = Chưa tạo PDF/A cho { $document }: { $why }
cli-prepared = Đã chuẩn bị: { $files }
    Việc tiếp theo: đưa nội dung từng tệp .to-sign đi ký theo tệp .order.json, đặt kết quả bên cạnh với tên kết thúc bằng .signature, rồi chạy: scanseal sign --role { $role } --attach { $path } -o THƯ_MỤC
cli-anchor-leaf = ! { $name } không phải là nơi cấp chứng thư (không có dấu hiệu CA). Chỉ riêng chứng thư này được tin cậy; ai giữ khóa của nó đều được coi là đáng tin cho đến khi hết hạn. Thông thường cần chứng thư của nơi cấp.

cli-outage-begins-now = Hồ sơ ghi sự cố bắt đầu từ bây giờ ({ $at }) vì không có --paper-from. Văn bản giấy ký trước đó sẽ bị nhắc là ký quá sớm.
cli-outage-left = Sự cố { $reference } còn việc chưa xong: { $left }.
cli-left-held = bị giữ lại { $count } văn bản
cli-left-unsealed = cơ quan chưa ký số { $count } văn bản
cli-left-undelivered = đã ký số nhưng chưa đến nơi nhận { $count } văn bản
cli-left-unreconciled = chưa đối chiếu xong các số
cli-confirm-close = Vẫn đóng sự cố { $reference }? Sau đó hồ sơ không nhận thêm văn bản giấy cho đến khi mở lại bằng scanseal outage reopen { $reference }. (c = có, k = không)
cli-waits-behind = { $count } tài liệu kèm theo chờ cá nhân ký đủ trên { $documents }; khi đó được ký số cùng văn bản.
cli-behind = Chờ ký đủ trên { $document }
cli-handed-over = Đã chuyển ngày { $day } { $purpose ->
    [personal] để cá nhân ký số
    [organization] để cơ quan, tổ chức ký số
   *[delivery] để gửi đi
  }
cli-waits-elsewhere = { $count } văn bản đã chuyển sang máy khác và chưa nhận lại, lần cuối ngày { $day }. Văn bản ký ở đó được nhận lại bằng scanseal import; ký cả ở đây là ký hai lần.
cli-proofs-no-service = { $count } văn bản còn nợ bằng chứng thời gian hoặc thu hồi mà hồ sơ cấu hình yêu cầu, trong khi scanseal.toml chưa khai báo dịch vụ cấp dấu thời gian. Khai báo ở mục [[timestamp]] rồi chạy: scanseal sign --complete --all
cli-status-nothing = Chưa có văn bản nào. Nhận bản quét bằng lệnh: scanseal scan THƯ_MỤC --outage MÃ
