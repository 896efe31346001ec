# upload

err-destination-unknown = Không có nơi nhận { $name }. Các nơi nhận đã biết: { $known }
    .advice = Kiểm tra lại chính tả, hoặc thêm vào scanseal.toml.
err-destination-place = Không dùng được nơi nhận "{ $destination }" trong { $path }: { $why ->
        [empty] tên để trống
        [space] tên bắt đầu hoặc kết thúc bằng dấu cách
        [control] tên có ký tự không hiển thị được
        [slash] tên có dấu gạch chéo
        [long] tên dài quá 64 ký tự
        [twice] tên bị trùng, không phân biệt chữ hoa và chữ thường
        [no_folder] path để trống
        [inside] thư mục nằm bên trong không gian làm việc nên văn bản chưa hề được gửi đi đâu
       *[same_folder] một nơi nhận khác dùng cùng thư mục nên bản thứ hai không phải là bản khác
    }.
    .advice = Sửa name hoặc path trong mục [[destination]]. Biên nhận và hàng đợi giữ tên này, nên hãy chọn tên dùng lâu dài.
err-destination-unnamed = scanseal.toml không còn khai báo nơi nhận { $destination }, trong khi có { $count } văn bản phải gửi đến đó.
    .advice = { $shared ->
        [yes] Các văn bản đó vẫn chờ vì có thể trạm khác khai báo nơi nhận này: chạy scanseal upload ở trạm đó, hoặc ghi lại tên nơi nhận vào scanseal.toml tại đây.
       *[no] Các văn bản đó được gửi đến những nơi nhận đang khai báo trong scanseal.toml và không chờ nơi nào khác. Nếu vẫn phải gửi đến { $destination }, hãy ghi lại tên đó rồi chạy lại scanseal upload.
    }
err-destination-away = { $why ->
        [refused] Nơi nhận { $destination } chưa sẵn sàng: máy đó không nhận kết nối.
        [silent] Nơi nhận { $destination } chưa sẵn sàng: quá thời gian chờ mà không có trả lời.
        [unknown] Nơi nhận { $destination } chưa sẵn sàng: không tìm thấy tên máy chủ này trên mạng.
        [unreachable] Nơi nhận { $destination } chưa sẵn sàng: không có đường mạng nào đến đó.
        [cut] Nơi nhận { $destination } chưa sẵn sàng: kết nối bị ngắt giữa chừng.
        [busy] Nơi nhận { $destination } đang quá tải và yêu cầu chờ ({ $cause }).
        [trouble] Nơi nhận { $destination } đang gặp sự cố ({ $cause }).
        [elsewhere] Nơi nhận { $destination } chưa sẵn sàng: có máy chủ trả lời nhưng không nhận tệp ({ $cause }); có thể đang bảo trì.
        [page] Nơi nhận { $destination } chưa sẵn sàng: ở đó chỉ hiện một trang web (trang đăng nhập hoặc trang thông báo bảo trì).
        [lost] Nơi nhận { $destination } chưa sẵn sàng: nội dung ghi ở đó không còn nguyên như khi ghi.
        [folder] Nơi nhận { $destination } chưa sẵn sàng: không thấy thư mục { $cause }.
       *[other] Nơi nhận { $destination } chưa sẵn sàng: { $cause }.
    }
    .advice = Không mất gì cả: các văn bản đang chờ trong hàng đợi. Lệnh scanseal upload --watch sẽ gửi ngay khi nơi nhận trở lại.
err-destination-unmounted = Trước đây thư mục { $path } của nơi nhận { $destination } là ổ đĩa hoặc thư mục mạng được gắn vào máy, nay không còn được gắn.
    .advice = Hãy gắn lại; các văn bản đang chờ trong hàng đợi và sẽ được gửi ngay sau đó. Nếu từ nay muốn lưu các bản gửi trên máy này, hãy ghi một thư mục khác trong scanseal.toml.
err-destination-full = Nơi nhận { $destination } đã hết chỗ.
    .advice = Giải phóng dung lượng ở đó; các văn bản đang chờ trong hàng đợi, không có tệp dở dang nào.
err-destination-denied = Nơi nhận { $destination } không cho phép ghi.
    .advice = Đề nghị quản trị viên nơi nhận cấp quyền ghi rồi chạy lại scanseal upload.
err-destination-conflict = Tại { $destination } đã có tệp khác mang tên { $name }; tệp đó không bao giờ bị ghi đè.
    .advice = Xem tệp đó, chuyển đi nếu không thuộc về đó, rồi chạy lại scanseal upload. Nếu tệp đó vẫn còn, chẳng hạn là văn bản trùng số của trạm khác, bản của mình sẽ được gửi vào bên cạnh với tên dài hơn.
err-destination-drill = Văn bản diễn tập và nơi nhận { $destination } không đi cùng nhau.
    .advice = Văn bản diễn tập chỉ gửi tới nơi nhận có drill = true, văn bản thật chỉ gửi tới các nơi nhận khác.
err-destination-not-named = Không gian làm việc này chưa khai báo nơi nhận nào nên chưa gửi đi đâu được. Các văn bản đã ký số của cơ quan nằm trong thư mục "out".
    .advice = Thêm mục [[destination]] vào scanseal.toml rồi chạy scanseal upload.
err-destination-login = Nơi nhận { $destination } không cho đăng nhập ({ $status }).
    .advice = Kiểm tra tên đăng nhập và mật khẩu, khóa hoặc chứng thư máy khách trong scanseal.toml; trước khi sửa sẽ không thử lại. Các văn bản vẫn xếp hàng chờ.
err-destination-folder-missing = Ở nơi nhận { $destination } không có thư mục này.
    .advice = Kiểm tra url trong scanseal.toml, hoặc đề nghị quản trị máy chủ tạo thư mục. Các văn bản vẫn xếp hàng chờ.
err-destination-refused = Nơi nhận { $destination } không nhận văn bản này ({ $status }).
    .advice = Hỏi quản trị nơi nhận về dung lượng và loại tệp được nhận, rồi chạy lại scanseal upload; các văn bản khác vẫn được gửi.
err-destination-unexpected = Nơi nhận { $destination } trả lời không giống một hệ thống đang hoạt động: { $status ->
        [no_search] không có chức năng tìm kiếm ở địa chỉ ghi trong tệp mô tả
        [list_missing] hỏi danh sách nhưng câu trả lời không có danh sách
        [canary] thiếu thông tin mà chỉ hệ thống đang hoạt động mới trả lời
        [number_missing] đã nhận văn bản nhưng không cho biết số của văn bản
        [search_unfiltered] hỏi một tệp theo SHA-256 nhưng lại trả về cả những tệp khác
        [search_without_number] tìm thấy tệp nhưng không cho biết số của văn bản
        [not_json] câu trả lời không phải là JSON
       *[other] { $status }
    }.
    .advice = Kiểm tra url trong scanseal.toml và mở thử bằng trình duyệt: có thể đó là trang đăng nhập hoặc bảo trì, là chương trình khác, hoặc khác phiên bản với tệp mô tả. Các văn bản vẫn xếp hàng chờ.
err-destination-tls = Chứng thư của nơi nhận { $destination }, hoặc của máy này, không được chấp nhận: { $cause }
    .advice = Kiểm tra url, các tệp ca và client_certificate trong scanseal.toml, và đồng hồ của máy. Chưa gửi gì đi.
err-destination-host-key = Không tin được máy chủ SSH { $host } của nơi nhận { $destination }: { $why ->
        [changed] trong { $path } máy chủ này có khóa khác
       *[unknown] trong { $path } không có khóa của máy chủ này
    }.
    .advice = { $why ->
        [changed] Hỏi quản trị máy chủ xem có đổi khóa không. Nếu có, thay dòng của máy chủ trong { $path } (known_hosts) bằng dòng do họ cung cấp; nếu không, máy đang trả lời là máy khác.
       *[unknown] Hỏi quản trị máy chủ về khóa của máy chủ, so với kết quả của ssh-keyscan rồi ghi dòng đó vào { $path } (known_hosts).
    } Chưa gửi gì đi.
err-key-file-unreadable = Không dùng được khóa riêng { $path } cho máy chủ SSH: { $cause }
    .advice = key_file phải là khóa riêng dạng OpenSSH, không có mật khẩu (tạo bằng ssh-keygen -t ed25519 -N ""); quản trị máy chủ khai báo nửa công khai của khóa. Các văn bản vẫn xếp hàng chờ.
err-password-file-open = Người khác đọc được { $path }, tệp này chứa mật khẩu hoặc khóa.
    .advice = Bỏ quyền đó (trên Linux: chmod 600 { $path }), đổi mật khẩu rồi chạy lại lệnh.
err-destination-rewrites = Nơi nhận { $destination } lưu một tệp khác với tệp đã gửi: hệ thống đó sửa văn bản, làm hỏng chữ ký.
    .advice = Yêu cầu hệ thống giữ nguyên bản gốc (không tự nhận dạng chữ, không đóng dấu, không chuyển đổi) và xóa các bản đã bị sửa ở đó, rồi chạy lại scanseal upload. Văn bản ở đây không thay đổi; các văn bản khác vẫn xếp hàng chờ.
err-destination-stumbles = Nơi nhận { $destination } vẫn hoạt động và nhận các văn bản khác, nhưng đã { $times } lần không nhận được văn bản này. Lần cuối: { $cause }
    .advice = Hỏi quản trị viên nơi nhận xem tệp này bị vướng ở đâu; nhật ký của hệ thống đó cho biết thêm. Lệnh scanseal upload sẽ thử lại.
err-destination-underway = Nơi nhận { $destination } đã nhận văn bản nhưng chưa lưu xong.
    .advice = Chỉ khi lưu xong mới được tính là đã gửi đến. Chạy lại scanseal upload sau, hoặc scanseal upload --watch; không có gì bị gửi hai lần. Nếu vẫn như vậy, người quản trị hệ thống đó cần xem hàng đợi của họ.
err-recipe-unreadable = Không dùng được tệp mô tả { $path } của hệ thống văn bản: { $cause }
    .advice = Sửa tệp mô tả, hoặc sửa recipe và settings của nơi nhận trong scanseal.toml.
err-mailbox-wrong = "{ $address }" không phải là địa chỉ thư điện tử: { $cause }
    .advice = Sửa from và to của nơi nhận trong scanseal.toml.
err-destination-forgot = Nơi nhận { $destination } đã nhận văn bản này, nhưng { $why ->
        [number] báo đã lưu mà không cho biết số của văn bản
        [file] báo đã lưu mà không cho đọc lại tệp
       *[task] không còn biết gì về văn bản này, tìm kiếm ở đó cũng không thấy
    }.
    .advice = Trước hết hãy tìm văn bản ở đó, vì chương trình không tự gửi lần thứ hai. Nếu ở đó không có, chạy scanseal upload: lệnh này hỏi lại một lần rồi gửi lại. Nếu đã có, trước đó quản trị hệ thống phải làm cho văn bản tìm được theo SHA-256, hoặc xóa văn bản đó đi.
err-destination-mailbox = Máy chủ thư của nơi nhận { $destination } không nhận thư từ hoặc đến { $address } ({ $status }), nên chưa ai nhận được thư.
    .advice = Sửa from và to của nơi nhận trong scanseal.toml, hoặc hỏi quản trị máy chủ thư; rồi chạy lại scanseal upload. Các văn bản vẫn xếp hàng chờ.
