"""The eight letters. Places, organs, persons and figures are invented.

Body blocks: ("p", paragraph), ("h", bold line), ("c"/"ci", centred bold/italic),
("t", column weights, rows, points, alignment). {b}, {i} and {/} switch faces.
"""

from dataclasses import dataclass, field

COMMUNE = [("b", "ỦY BAN NHÂN DÂN"), ("b", "XÃ MƯỜNG LAM")]
ORGAN = "Ủy ban nhân dân xã Mường Lam"
CLERK = "Nguyễn Thị Hồng Vân"
CHAIR = (["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], "Đỗ Quang Nghĩa", "TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH", "nghia")
VICE_B = (["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "Hoàng Thị Ngọc Bích", "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH", "bich")
VICE_L = (["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "Vũ Đình Lượng", "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH", "luong")


@dataclass
class Document:
    """One letter, its manifest row and how it is to be scanned."""

    files: list
    form: str                       # jpeg | jpeg-nodpi | tiff-jpeg | tiff-lzw | tiff-g4 | png
    seed: int
    code_number: str
    code_notation: str
    issued_date: str
    type_name: str
    subject: str
    signer: tuple
    paper_signed_at: str
    recipients: list
    body: list
    address: list = field(default_factory=list)
    organ: list = field(default_factory=lambda: COMMUNE)
    organ_name: str = ORGAN
    place: str = "Mường Lam"
    stamp: tuple = ("ỦY BAN NHÂN DÂN XÃ MƯỜNG LAM", "TỈNH HÒA GIANG")
    hand_number: bool = False
    hand_date: bool = False
    direction: str = "outgoing"
    arrival: tuple = ()             # number, date
    urgency: str = ""
    paper_location: str = ""
    edge_stamp: bool = False
    paraph: bool = False            # the drafter's initials after the last word
    tone: tuple = (.955, .945, .915)
    quality: int = 82
    noise: float = 1.5

    @property
    def capacity(self):
        return self.signer[0]

    @property
    def signer_name(self):
        return self.signer[1]


OUTAGE_LETTER = Document(
    files=["scan_0001.jpg"], form="jpeg", seed=101, quality=84, paraph=True,
    code_number="121", code_notation="UBND-VP", issued_date="02/11/2026", type_name="Công văn",
    subject="xử lý văn bản giấy trong thời gian hệ thống quản lý văn bản gián đoạn",
    signer=CHAIR, paper_signed_at="02/11/2026 09:45", hand_number=True, hand_date=True,
    urgency="Khẩn", paper_location="Tủ 1, cặp 03",
    address=["Các phòng, trung tâm thuộc Ủy ban nhân dân xã", "Trưởng các thôn, bản trên địa bàn xã"],
    recipients=["Như trên", "Thường trực Đảng ủy, HĐND xã (b/c)", "Chủ tịch, các Phó Chủ tịch UBND xã", "Lưu: VT, VP"],
    body=[
        ("p", "Từ 07 giờ 40 phút ngày 02 tháng 11 năm 2026, hệ thống quản lý văn bản và điều hành của tỉnh không truy "
              "cập được do sự cố đường truyền và máy chủ. Đơn vị vận hành chưa xác định được thời điểm khôi phục. Để "
              "công việc không gián đoạn, Ủy ban nhân dân xã đề nghị các đơn vị thực hiện những nội dung sau:"),
        ("p", "1. Văn bản đi được soạn thảo, in, trình ký và đóng dấu trên giấy. Văn thư xã cấp số, ghi ngày, tháng "
              "vào sổ đăng ký văn bản giấy; các đơn vị không tự đặt số riêng."),
        ("p", "2. Văn bản khẩn được chuyển trực tiếp trong ngày. Người giao và người nhận ký vào sổ chuyển giao, ghi "
              "rõ giờ, phút để làm căn cứ đối chiếu về sau."),
        ("p", "3. Bản gốc văn bản giấy giao lại cho Văn thư trước 16 giờ 30 phút hằng ngày. Sau khi hệ thống hoạt "
              "động trở lại, Văn thư quét, ký số và cập nhật đầy đủ trong thời hạn hai ngày làm việc."),
        ("p", "Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị liên hệ bà Nguyễn Thị Hồng Vân, công chức Văn "
              "phòng, để được hướng dẫn./."),
    ])

INVITATION = Document(
    files=["scan_0002.jpg"], form="jpeg-nodpi", seed=202, quality=80, tone=(.965, .962, .945),
    code_number="12", code_notation="GM-UBND", issued_date="03/11/2026", type_name="Giấy mời",
    subject="Họp rà soát phương án bảo đảm an toàn hồ chứa nước trong mùa mưa bão năm 2026",
    signer=VICE_B, paper_signed_at="03/11/2026 08:20", hand_number=True, paper_location="Tủ 1, cặp 03",
    recipients=["Như thành phần mời", "Chủ tịch UBND xã (để báo cáo)", "Lưu: VT, KT"],
    body=[
        ("p", "Ủy ban nhân dân xã Mường Lam tổ chức cuộc họp rà soát phương án bảo đảm an toàn các hồ chứa nước trên "
              "địa bàn trong mùa mưa bão năm 2026, cụ thể như sau:"),
        ("p", "{b}1. Thành phần:{/} Lãnh đạo Ủy ban nhân dân xã; đại diện Phòng Kinh tế, Ban Chỉ huy Quân sự, Công an "
              "xã, Trạm Y tế; trưởng các bản Nà Sáng, Pác Ngòi, Huổi Cọ và Phiêng Lanh; tổ quản lý hồ Nà Sáng."),
        ("p", "{b}2. Thời gian:{/} 14 giờ 00 phút, thứ Năm, ngày 05 tháng 11 năm 2026, dự kiến trong 02 giờ."),
        ("p", "{b}3. Địa điểm:{/} Phòng họp tầng 2, trụ sở Ủy ban nhân dân xã Mường Lam."),
        ("p", "{b}4. Nội dung:{/} Nghe báo cáo hiện trạng thân đập, tràn xả lũ và cống lấy nước; thống nhất mực nước "
              "cần giữ, danh sách hộ phải di dời khi có lệnh và phương tiện, vật tư dự phòng tại chỗ."),
        ("p", "Do hệ thống quản lý văn bản đang gặp sự cố, giấy mời được gửi bằng bản giấy. Đề nghị các đại biểu dự "
              "họp đầy đủ, đúng giờ và mang theo số liệu theo phần việc được phân công./."),
    ])

REPORT = Document(
    files=["scan_0003.jpg", "scan_0004.jpg", "scan_0005.jpg", "scan_0006.jpg"], form="jpeg", seed=303, quality=80,
    tone=(.950, .938, .900), paraph=True,
    code_number="41", code_notation="BC-UBND", issued_date="04/11/2026", type_name="Báo cáo",
    subject="Kết quả thực hiện nhiệm vụ kinh tế - xã hội tháng 10 và phương hướng tháng 11 năm 2026",
    signer=CHAIR, paper_signed_at="03/11/2026 16:40", hand_number=True, hand_date=True,
    paper_location="Tủ 1, cặp 04",
    recipients=["Ủy ban nhân dân tỉnh (b/c)", "Thường trực Đảng ủy, HĐND xã", "Các phòng, trung tâm thuộc xã",
                "Trưởng các thôn, bản", "Lưu: VT, VP"],
    body=[
        ("p", "Thực hiện chế độ báo cáo định kỳ, Ủy ban nhân dân xã Mường Lam báo cáo kết quả thực hiện nhiệm vụ phát "
              "triển kinh tế - xã hội tháng 10 và phương hướng, nhiệm vụ tháng 11 năm 2026 như sau:"),
        ("h", "I. KẾT QUẢ THỰC HIỆN THÁNG 10"),
        ("h", "1. Sản xuất nông, lâm nghiệp"),
        ("p", "Toàn xã thu hoạch xong 412 ha lúa mùa, đạt 98,6% diện tích gieo cấy; năng suất bình quân 51,8 tạ/ha, "
              "tăng 1,2 tạ/ha so với cùng kỳ. Diện tích ngô thu đông đã xuống giống 136 ha, rau màu các loại 58 ha. Hai "
              "bản Pác Ngòi và Huổi Cọ đưa giống đậu tương ngắn ngày vào trồng thử trên đất một vụ, cây sinh trưởng "
              "tốt, chưa phát hiện sâu bệnh gây hại diện rộng."),
        ("p", "Đàn gia súc ổn định. Trong tháng đã tiêm phòng đợt 2 cho 1.846 con trâu, bò và 3.920 con lợn. Một ổ bệnh "
              "tụ huyết trùng nhỏ lẻ tại bản Phiêng Lanh được khoanh vùng, xử lý trong bốn ngày, không lây lan. Công "
              "tác bảo vệ rừng được duy trì; tổ tuần tra thực hiện 14 lượt, lập biên bản nhắc nhở ba trường hợp phát "
              "nương sát mép rừng phòng hộ."),
        ("h", "2. Thu, chi ngân sách"),
        ("p", "Thu ngân sách trên địa bàn tháng 10 ước đạt 486 triệu đồng, lũy kế mười tháng đạt 4.215 triệu đồng, bằng "
              "87,8% dự toán. Chi thường xuyên bảo đảm đúng chế độ, ưu tiên tiền lương, trợ cấp và các khoản an sinh. "
              "Kết quả một số chỉ tiêu chủ yếu được tổng hợp trong bảng sau:"),
        ("t", [8, 52, 22, 26, 26, 24], [
            ["TT", "Chỉ tiêu", "Đơn vị", "Kế hoạch năm", "Thực hiện 10 tháng", "Tỷ lệ (%)"],
            ["1", "Diện tích lúa cả năm", "ha", "735", "735", "100,0"],
            ["2", "Sản lượng lương thực có hạt", "tấn", "4.480", "4.102", "91,6"],
            ["3", "Trồng rừng mới", "ha", "60", "57,5", "95,8"],
            ["4", "Tổng đàn gia súc", "con", "7.900", "7.684", "97,3"],
            ["5", "Thu ngân sách trên địa bàn", "triệu đồng", "4.800", "4.215", "87,8"],
            ["6", "Hộ dùng nước hợp vệ sinh", "hộ", "1.520", "1.467", "96,5"],
            ["7", "Người tham gia bảo hiểm y tế", "người", "7.350", "7.218", "98,2"],
            ["8", "Giải quyết việc làm mới", "lao động", "180", "171", "95,0"],
        ], 12, "clcrrr"),
        ("h", "3. Xây dựng cơ bản và nông thôn mới"),
        ("p", "Đường bê tông từ trung tâm xã đi bản Nà Sáng dài 2,3 km đã nghiệm thu phần nền, đang đổ mặt đoạn cuối. "
              "Nhà văn hóa bản Huổi Cọ hoàn thành phần mái. Nhân dân các bản đóng góp 640 ngày công và hiến 1.150 m² "
              "đất để mở rộng đường nội đồng. Đến nay xã đạt 16/19 tiêu chí; ba tiêu chí còn lại là thu nhập, môi "
              "trường và tổ chức sản xuất."),
        ("p", "Công tác quản lý đất đai được chú trọng. Trong tháng đã xác nhận 31 hồ sơ chuyển quyền, hòa giải thành hai "
              "vụ tranh chấp ranh giới, lập biên bản một trường hợp xây dựng lấn hành lang đường. Tuyến kênh Pác Ngòi "
              "được nạo vét 1,7 km, bảo đảm nước tưới cho 64 ha cây vụ đông."),
        ("h", "4. Văn hóa - xã hội"),
        ("p", "Ba trường học trên địa bàn duy trì sĩ số 1.284 học sinh, tỷ lệ chuyên cần đạt 98,9%. Trạm Y tế khám, chữa "
              "bệnh cho 962 lượt người, hoàn thành tiêm chủng cho 46 trẻ trong độ tuổi. Ủy ban nhân dân xã đã chi trả "
              "trợ cấp tháng 10 cho 317 đối tượng bảo trợ xã hội, bảo đảm đúng người, đúng thời gian. Hội thi văn nghệ "
              "quần chúng thu hút chín đội với hơn 150 diễn viên không chuyên tham gia."),
        ("p", "Công tác giảm nghèo được thực hiện theo từng địa chỉ cụ thể. Xã đã trao 24 con bò giống, hỗ trợ sửa nhà "
              "cho 11 hộ, phối hợp với ngân hàng giải ngân 930 triệu đồng vốn vay ưu đãi cho 17 hộ. Hai lớp dạy nghề "
              "ngắn hạn về chăn nuôi thú y và kỹ thuật xây dựng được mở tại thôn Chợ Cũ với 58 học viên."),
        ("h", "5. Quốc phòng, an ninh và cải cách hành chính"),
        ("p", "Tình hình an ninh chính trị, trật tự an toàn xã hội ổn định. Lực lượng dân quân trực đủ quân số. Bộ phận "
              "một cửa tiếp nhận 284 hồ sơ, giải quyết đúng và trước hạn 279 hồ sơ, đạt 98,2%; năm hồ sơ đất đai còn "
              "trong hạn. Xã tiếp 23 lượt công dân, nhận sáu đơn kiến nghị, đã trả lời bốn đơn."),
        ("h", "II. HẠN CHẾ VÀ NGUYÊN NHÂN"),
        ("p", "Tiến độ giải ngân vốn đầu tư còn chậm, mới đạt 68,4% kế hoạch do mưa kéo dài, vật liệu vận chuyển khó "
              "khăn. Việc phân loại rác tại hộ gia đình chưa đều giữa các bản. Một số cán bộ bản chưa nộp báo cáo đúng "
              "hạn nên số liệu tổng hợp phải chỉnh sửa nhiều lần."),
        ("p", "Nguyên nhân khách quan là thời tiết bất lợi, địa bàn rộng, giao thông đi lại khó khăn. Về chủ quan, việc phân "
              "công ở một số bộ phận chưa rõ; người đứng đầu thôn, bản chưa thường xuyên kiểm tra; cán bộ mới nhận việc "
              "còn thiếu kinh nghiệm, phối hợp chưa chặt chẽ."),
        ("p", "Từ ngày 02 tháng 11, hệ thống quản lý văn bản gặp sự cố, việc gửi nhận văn bản phải chuyển sang bản giấy. "
              "Văn thư đã lập sổ riêng, cấp số liên tục và sẽ cập nhật lại khi hệ thống được khôi phục."),
        ("h", "III. PHƯƠNG HƯỚNG, NHIỆM VỤ THÁNG 11"),
        ("p", "1. Tập trung chăm sóc cây vụ đông, hướng dẫn nhân dân dự trữ rơm, cỏ và che chắn chuồng trại trước các "
              "đợt rét; hoàn thành tiêm phòng bổ sung trước ngày 20 tháng 11."),
        ("p", "2. Đôn đốc nhà thầu hoàn thành mặt đường đi bản Nà Sáng; phấn đấu giải ngân đạt trên 85% kế hoạch vốn vào "
              "cuối tháng; lập hồ sơ nghiệm thu nhà văn hóa bản Huổi Cọ."),
        ("p", "3. Tổ chức kỷ niệm ngày Nhà giáo Việt Nam và ngày hội đại đoàn kết ở các khu dân cư trang trọng, tiết "
              "kiệm, đúng quy định."),
        ("p", "4. Rà soát phương án bảo đảm an toàn hồ chứa, chuẩn bị lực lượng, phương tiện theo phương châm bốn tại "
              "chỗ; tổ chức trực ban 24/24 giờ khi có mưa lớn."),
        ("p", "5. Quét, ký số và cập nhật toàn bộ văn bản giấy hình thành trong thời gian sự cố; đối chiếu số liệu giữa "
              "sổ giấy và hệ thống, báo cáo kết quả trước ngày 13 tháng 11 năm 2026."),
        ("p", "6. Tiếp tục thu các khoản phí, quỹ theo quy định, phấn đấu tổng thu ngân sách đạt 92% dự toán vào cuối "
              "tháng; rà soát, cắt giảm các khoản chi chưa cần thiết để dành nguồn cho phòng, chống thiên tai."),
        ("h", "IV. KIẾN NGHỊ"),
        ("p", "Đề nghị Ủy ban nhân dân tỉnh sớm bố trí kinh phí sửa chữa cống lấy nước hồ Nà Sáng; xem xét điều chỉnh thời "
              "hạn giải ngân đối với các công trình bị ảnh hưởng của mưa lũ; chỉ đạo đơn vị vận hành sớm khôi phục hệ "
              "thống quản lý văn bản và có phương án dự phòng để xã chủ động trong công việc."),
        ("p", "Trên đây là báo cáo kết quả thực hiện nhiệm vụ tháng 10 và phương hướng tháng 11 năm 2026 của Ủy ban nhân "
              "dân xã Mường Lam./."),
    ])

ROAD_LETTER = Document(
    files=["Cong van 125.tif"], form="tiff-lzw", seed=404, tone=(1., 1., 1.), noise=.6,
    code_number="125", code_notation="UBND-KT", issued_date="04/11/2026", type_name="Công văn",
    subject="khắc phục sạt lở taluy dương tuyến đường Nà Sáng - Phiêng Lanh",
    signer=VICE_L, paper_signed_at="04/11/2026 10:05", hand_date=True, paper_location="Tủ 1, cặp 03",
    address=["Sở Xây dựng tỉnh Hòa Giang"],
    recipients=["Như trên", "Chủ tịch UBND xã (b/c)", "Hạt Quản lý đường bộ số 3", "Lưu: VT, KT"],
    body=[
        ("p", "Đêm 31 tháng 10 và ngày 01 tháng 11 năm 2026, trên địa bàn xã có mưa to. Tại km 4+250 và km 6+800 tuyến "
              "đường Nà Sáng - Phiêng Lanh, taluy dương sạt xuống mặt đường khoảng 380 m³ đất đá, gây tắc hoàn toàn "
              "một làn xe và làm hư hỏng 35 m rãnh dọc."),
        ("p", "Ủy ban nhân dân xã đã huy động 42 người và một máy xúc dọn thông tuyến tạm thời, cắm biển cảnh báo, bố "
              "trí người trực vào ban đêm. Tuy nhiên, phần đất còn lại trên mái dốc có vết nứt dài 18 m, nguy cơ tiếp "
              "tục sạt khi có mưa, vượt quá khả năng xử lý của xã."),
        ("p", "Ủy ban nhân dân xã Mường Lam đề nghị Sở Xây dựng cử cán bộ kỹ thuật kiểm tra hiện trường, hướng dẫn "
              "phương án gia cố và xem xét hỗ trợ 60 rọ đá cùng kinh phí máy thi công. Đầu mối phối hợp: ông Lường "
              "Văn Chiến, công chức địa chính - xây dựng."),
        ("p", "Kính mong Sở Xây dựng quan tâm giải quyết./."),
    ])

PLAN = Document(
    files=["Kế hoạch thu gom rác thải.tif"], form="tiff-jpeg", seed=505, quality=78, tone=(.945, .940, .925),
    edge_stamp=True,
    code_number="23", code_notation="KH-UBND", issued_date="05/11/2026", type_name="Kế hoạch",
    subject="Thu gom, phân loại rác thải sinh hoạt tại các thôn, bản giai đoạn 2026 - 2027",
    signer=VICE_B, paper_signed_at="05/11/2026 14:30", hand_number=True, hand_date=True,
    paper_location="Tủ 1, cặp 05",
    recipients=["Sở Nông nghiệp và Môi trường (b/c)", "Thường trực Đảng ủy, HĐND xã", "Ủy ban MTTQ và các đoàn thể xã",
                "Các trường học, Trạm Y tế", "Trưởng các thôn, bản", "Lưu: VT, KT"],
    body=[
        ("p", "Căn cứ nhiệm vụ công tác bảo vệ môi trường năm 2026 và tình hình thực tế tại địa phương, Ủy ban nhân dân "
              "xã Mường Lam xây dựng Kế hoạch thu gom, phân loại rác thải sinh hoạt tại các thôn, bản giai đoạn 2026 - "
              "2027 như sau:"),
        ("h", "I. MỤC ĐÍCH, YÊU CẦU"),
        ("p", "1. Nâng cao ý thức của nhân dân trong việc giữ gìn vệ sinh nơi ở, hạn chế rác thải nhựa, chấm dứt tình "
              "trạng đổ rác ra suối và ven đường liên bản."),
        ("p", "2. Hình thành nền nếp phân loại tại từng hộ: rác hữu cơ ủ làm phân, rác tái chế gom riêng, phần còn lại "
              "chuyển về điểm tập kết. Việc tổ chức phải gọn, rõ người, rõ việc, phù hợp địa hình và tập quán của từng "
              "bản, không gây tốn kém cho nhân dân."),
        ("p", "3. Các tổ chức, cá nhân được giao nhiệm vụ chủ động phối hợp, kịp thời phản ánh khó khăn để Ủy ban nhân "
              "dân xã xem xét, điều chỉnh."),
        ("h", "II. MỤC TIÊU"),
        ("p", "Đến hết quý I năm 2027, có ít nhất 70% số hộ thực hiện phân loại rác tại nguồn; đến hết năm 2027 đạt từ "
              "90% trở lên. Toàn bộ 12 thôn, bản có điểm tập kết hợp vệ sinh. Lượng rác phải chôn lấp giảm một phần "
              "ba so với năm 2025. Không còn điểm đổ rác tự phát dọc suối Nậm Lam."),
        ("h", "III. HIỆN TRẠNG"),
        ("p", "Theo khảo sát tháng 9 năm 2026, toàn xã phát sinh khoảng 3,1 tấn rác sinh hoạt mỗi ngày. Tỷ lệ thu gom ở "
              "khu trung tâm đạt 82%, ở các bản vùng cao chỉ đạt 35%. Xã có một xe cuốn ép nhỏ đã dùng bảy năm và 16 "
              "xe đẩy tay, trong đó năm xe hỏng không còn sửa được. Số liệu cụ thể như sau:"),
        ("t", [9, 40, 20, 30, 32, 34], [
            ["TT", "Thôn, bản", "Số hộ", "Rác (kg/ngày)", "Tỷ lệ thu gom (%)", "Số lần gom/tuần"],
            ["1", "Thôn Trung Tâm", "286", "640", "92", "6"],
            ["2", "Thôn Chợ Cũ", "214", "515", "88", "6"],
            ["3", "Bản Nà Sáng", "167", "318", "61", "3"],
            ["4", "Bản Pác Ngòi", "142", "260", "54", "2"],
            ["5", "Bản Huổi Cọ", "118", "204", "37", "1"],
            ["6", "Bản Phiêng Lanh", "126", "231", "41", "1"],
            ["7", "Bản Tà Vạt", "97", "165", "33", "1"],
            ["8", "Bản Lũng Khoai", "84", "142", "29", "1"],
            ["9", "Các thôn, bản còn lại", "341", "625", "46", "2"],
            ["", "Cộng", "1.575", "3.100", "", ""],
        ], 12, "clrrrr"),
        ("p", "Nguyên nhân chủ yếu là đường vào một số bản hẹp, dốc, xe không vào được khi mưa; người dân quen đốt hoặc "
              "chôn rác trong vườn; chưa có quy định thống nhất về giờ giấc và mức đóng góp."),
        ("p", "Kết quả lấy ý kiến 480 hộ cho thấy 91% số hộ đồng ý phân loại rác tại nhà nếu có hướng dẫn và lịch thu gom ổn "
              "định; 64% số hộ đã tự ủ phân từ lá cây và thức ăn thừa; chỉ 22% số hộ biết cách xử lý pin, bóng đèn hỏng. "
              "Đây là cơ sở để xác định trọng tâm tuyên truyền trong thời gian tới."),
        ("h", "IV. NỘI DUNG THỰC HIỆN"),
        ("h", "1. Tuyên truyền, hướng dẫn"),
        ("p", "Mỗi thôn, bản tổ chức ít nhất hai buổi hướng dẫn cách phân loại; phát cho mỗi hộ một tờ hướng dẫn bằng hai "
              "thứ tiếng và hai túi gom có màu khác nhau. Nhà trường đưa nội dung phân loại rác vào giờ sinh hoạt lớp; "
              "đoàn thanh niên đảm nhận ngày chủ nhật xanh vào tuần đầu hằng tháng."),
        ("h", "2. Tổ chức thu gom"),
        ("p", "Khu trung tâm thu gom vào các buổi chiều từ 16 giờ đến 18 giờ, trừ chủ nhật. Các bản dọc đường lớn thu gom "
              "vào thứ Ba, thứ Năm và thứ Bảy. Đối với bản vùng cao, mỗi bản lập một tổ tự quản từ ba đến năm người, "
              "dùng xe đẩy tay đưa rác ra điểm tập kết; xe của xã đến chở vào thứ Tư hằng tuần."),
        ("p", "Rác nguy hại như pin, bóng đèn, vỏ thuốc bảo vệ thực vật được bỏ vào bể chứa riêng có nắp đậy, không để "
              "lẫn với rác sinh hoạt. Trạm Y tế xã tự quản lý chất thải y tế theo quy định của ngành."),
        ("p", "Rác tái chế do chi hội phụ nữ các thôn, bản gom vào ngày 15 và ngày 30 hằng tháng, bán gây quỹ giúp đỡ hội viên "
              "khó khăn. Việc thu, chi quỹ ghi sổ công khai, đọc trước cuộc họp thôn, bản mỗi quý một lần. Các cửa hàng "
              "tạp hóa được khuyến khích nhận lại vỏ chai, thùng giấy của khách."),
        ("h", "3. Xây dựng điểm tập kết"),
        ("p", "Bố trí thêm năm điểm tập kết tại Nà Sáng, Huổi Cọ, Phiêng Lanh, Tà Vạt và Lũng Khoai. Mỗi điểm có nền bê "
              "tông từ 20 đến 30 m², mái che, rãnh thu nước, cách nhà dân và nguồn nước tối thiểu 100 m. Nhân dân hiến "
              "đất và góp ngày công; xã hỗ trợ xi măng, tôn lợp và công vận chuyển."),
        ("p", "Ba điểm đổ rác tự phát tại ngầm Nậm Lam, dốc Tà Vạt và sau chợ trung tâm được dọn sạch, san lấp, trồng cây và cắm "
              "biển cấm trước ngày 31 tháng 12 năm 2026. Sau khi dọn, mỗi điểm giao cho một chi đoàn trông coi trong sáu "
              "tháng đầu."),
        ("h", "4. Kiểm tra, giám sát"),
        ("p", "Thành lập tổ kiểm tra gồm đại diện Phòng Kinh tế, Công an xã, Mặt trận và trưởng thôn, bản. Tổ kiểm tra mỗi "
              "tháng ít nhất một lần tại mỗi điểm tập kết, ghi biên bản về khối lượng, tình trạng phân loại, vệ sinh khu "
              "vực xung quanh. Kết quả kiểm tra được niêm yết tại nhà văn hóa và là căn cứ chi hỗ trợ cho tổ tự quản."),
        ("h", "V. KINH PHÍ"),
        ("p", "Tổng kinh phí dự kiến là 684 triệu đồng, trong đó ngân sách xã 396 triệu đồng, tỉnh hỗ trợ 180 triệu đồng, "
              "nhân dân đóng góp 108 triệu đồng. Mức đóng góp của mỗi hộ do hội nghị thôn, bản bàn và quyết định, hộ "
              "nghèo được miễn. Dự toán phân theo hạng mục:"),
        ("t", [9, 70, 32, 32, 30], [
            ["TT", "Hạng mục", "Năm 2026 (triệu đồng)", "Năm 2027 (triệu đồng)", "Nguồn"],
            ["1", "Mua 24 xe đẩy tay và dụng cụ bảo hộ", "48", "24", "Xã"],
            ["2", "Xây dựng năm điểm tập kết có mái che", "120", "165", "Tỉnh, xã"],
            ["3", "Sửa chữa xe cuốn ép, thay thùng chứa", "75", "30", "Xã"],
            ["4", "Tờ hướng dẫn, túi gom, tập huấn", "42", "28", "Xã"],
            ["5", "Hỗ trợ tổ tự quản ở bản vùng cao", "44", "108", "Nhân dân"],
            ["", "Cộng", "329", "355", ""],
        ], 12, "clrrl"),
        ("h", "VI. TỔ CHỨC THỰC HIỆN"),
        ("p", "1. Phòng Kinh tế là cơ quan thường trực, hướng dẫn kỹ thuật, theo dõi khối lượng rác hằng ngày, lập hồ sơ "
              "xây dựng điểm tập kết và tổng hợp báo cáo vào ngày 25 hằng tháng."),
        ("p", "2. Phòng Văn hóa - Xã hội phối hợp với các trường học và đài truyền thanh xây dựng nội dung tuyên truyền; "
              "mỗi tuần phát ít nhất hai lượt tin trên loa của thôn, bản."),
        ("p", "3. Công an xã nhắc nhở, xử lý hành vi đổ rác không đúng nơi quy định; phối hợp kiểm tra các cơ sở kinh "
              "doanh dọc quốc lộ."),
        ("p", "4. Đề nghị Ủy ban Mặt trận Tổ quốc và các đoàn thể vận động hội viên gương mẫu thực hiện, đưa kết quả vào "
              "tiêu chí xét gia đình văn hóa cuối năm."),
        ("p", "5. Trưởng thôn, bản lập danh sách tổ tự quản gửi về Ủy ban nhân dân xã trước ngày 20 tháng 11 năm 2026; "
              "chịu trách nhiệm về vệ sinh tại điểm tập kết của thôn, bản mình."),
        ("p", "6. Văn phòng Ủy ban nhân dân xã bố trí lịch giao ban, đôn đốc tiến độ và mời các đơn vị họp sơ kết vào tuần "
              "cuối của mỗi quý. Thôn, bản làm tốt được biểu dương trên hệ thống truyền thanh; nơi để rác tồn đọng quá "
              "ba ngày phải giải trình bằng văn bản."),
        ("p", "7. Các hộ kinh doanh ăn uống, sửa chữa xe và chợ trung tâm ký cam kết giữ vệ sinh, tự trang bị thùng chứa có "
              "nắp, giao rác đúng giờ và nộp phí đầy đủ."),
        ("h", "VII. TIẾN ĐỘ"),
        ("t", [9, 84, 40, 44], [
            ["TT", "Công việc", "Hoàn thành trước", "Đơn vị chủ trì"],
            ["1", "Họp thôn, bản, thống nhất lịch thu gom", "22/11/2026", "Trưởng thôn, bản"],
            ["2", "Mua xe đẩy tay, phát túi gom", "05/12/2026", "Phòng Kinh tế"],
            ["3", "Dọn ba điểm đổ rác tự phát", "31/12/2026", "Đoàn thanh niên"],
            ["4", "Xây hai điểm tập kết Nà Sáng, Huổi Cọ", "31/12/2026", "Phòng Kinh tế"],
            ["5", "Xây ba điểm tập kết còn lại", "31/03/2027", "Phòng Kinh tế"],
            ["6", "Sơ kết, nhân rộng cách làm tốt", "15/04/2027", "Văn phòng"],
        ], 12, "clcl"),
        ("p", "Định kỳ vào ngày 25 hằng tháng, các đơn vị báo cáo kết quả bằng văn bản, nêu rõ khối lượng đã làm, việc chậm, "
              "nguyên nhân và đề xuất. Trường hợp mưa lũ làm gián đoạn, đơn vị chủ trì báo cáo trong vòng hai ngày để điều "
              "chỉnh lịch chung."),
        ("p", "Kế hoạch này được triển khai từ ngày 09 tháng 11 năm 2026. Trong quá trình thực hiện, nếu phát sinh vướng "
              "mắc, các đơn vị phản ánh về Phòng Kinh tế để tổng hợp, báo cáo Ủy ban nhân dân xã xem xét, quyết định./."),
    ])

DECISION = Document(
    files=["QD_57_UBND.tif"], form="tiff-g4", seed=606, noise=2.0,
    code_number="57", code_notation="QĐ-UBND", issued_date="05/11/2026", type_name="Quyết định",
    subject="Ban hành Quy chế trực ban và xử lý công việc khi hệ thống công nghệ thông tin gặp sự cố",
    signer=CHAIR, paper_signed_at="05/11/2026 09:15", hand_number=True, hand_date=True,
    paper_location="Tủ 1, cặp 02",
    recipients=["Như Điều 3", "Thường trực Đảng ủy, HĐND xã", "Sở Khoa học và Công nghệ", "Lưu: VT, VP"],
    body=[
        ("c", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ MƯỜNG LAM"),
        ("p", "{i}Căn cứ chức năng, nhiệm vụ và quyền hạn của Ủy ban nhân dân xã;{/}"),
        ("p", "{i}Xét tình hình gián đoạn của hệ thống quản lý văn bản từ ngày 02 tháng 11 năm 2026;{/}"),
        ("p", "{i}Theo đề nghị của Chánh Văn phòng Ủy ban nhân dân xã.{/}"),
        ("c", "QUYẾT ĐỊNH:"),
        ("p", "{b}Điều 1.{/} Ban hành Quy chế trực ban và xử lý công việc khi hệ thống công nghệ thông tin gặp sự cố, gồm "
              "ba chương, mười điều, có nội dung ghi tại phần sau của Quyết định này."),
        ("p", "{b}Điều 2.{/} Quyết định có hiệu lực kể từ ngày ký. Các hướng dẫn nội bộ trước đây trái với Quy chế này "
              "không còn áp dụng."),
        ("p", "{b}Điều 3.{/} Chánh Văn phòng, trưởng các phòng, trung tâm và cán bộ, công chức thuộc Ủy ban nhân dân xã "
              "chịu trách nhiệm thi hành Quyết định này."),
        ("c", "QUY CHẾ"),
        ("ci", "Trực ban và xử lý công việc khi hệ thống công nghệ thông tin gặp sự cố"),
        ("c", "Chương I. QUY ĐỊNH CHUNG"),
        ("p", "{b}Điều 4. Phạm vi áp dụng.{/} Quy chế này quy định việc trực ban, tiếp nhận, soạn thảo, ký, đóng dấu, phát "
              "hành, lưu giữ văn bản giấy và cập nhật trở lại khi một hoặc nhiều hệ thống dùng chung không hoạt động "
              "quá sáu mươi phút trong giờ làm việc."),
        ("p", "{b}Điều 5. Nguyên tắc.{/} Công việc của công dân, tổ chức không bị dừng vì lý do kỹ thuật. Mỗi văn bản chỉ "
              "mang một số duy nhất, dùng chung cho bản giấy và bản điện tử. Người nào ký trên giấy thì chịu trách "
              "nhiệm về nội dung; người nào đóng dấu thì chịu trách nhiệm về thể thức. Không ghi lùi ngày, không ký "
              "thay, không đóng dấu khống chỉ."),
        ("p", "{b}Điều 6. Công bố sự cố.{/} Chánh Văn phòng ghi giờ bắt đầu, báo cáo Chủ tịch và thông báo đến các đơn vị "
              "bằng điện thoại hoặc niêm yết tại trụ sở. Thông báo nêu rõ hệ thống bị ảnh hưởng, cách làm tạm thời và "
              "người trực. Khi khôi phục, Chánh Văn phòng ghi giờ kết thúc và thông báo lại."),
        ("p", "Mức độ sự cố được chia làm ba loại: loại một, mất kết nối dưới bốn giờ; loại hai, từ bốn giờ đến hết một ngày làm "
              "việc; loại ba, kéo dài trên một ngày hoặc có dấu hiệu bị tấn công, mất dữ liệu. Đối với loại ba, Chánh Văn "
              "phòng báo cáo ngay cơ quan chuyên môn cấp tỉnh và ngừng dùng mọi thiết bị có dấu hiệu bất thường."),
        ("c", "Chương II. XỬ LÝ CÔNG VIỆC TRONG THỜI GIAN SỰ CỐ"),
        ("p", "{b}Điều 7. Trực ban.{/} Mỗi ca trực có một công chức Văn phòng và một lãnh đạo phòng. Ca trực từ 7 giờ đến "
              "17 giờ; ngoài giờ trực qua điện thoại. Người trực ghi sổ đầy đủ: giờ, nội dung, người báo, cách giải "
              "quyết. Khi giao ca phải bàn giao sổ, mẫu in sẵn, con dấu được niêm phong và danh sách việc còn dở."),
        ("p", "{b}Điều 8. Văn bản đến.{/} Văn thư đóng dấu đến, ghi số tiếp theo của sổ, ngày, giờ nhận rồi trình người có "
              "thẩm quyền phân công. Văn bản khẩn phải trình ngay, chậm nhất ba mươi phút sau khi nhận. Văn bản có độ "
              "mật được xử lý riêng, không quét, không chụp ảnh bằng điện thoại cá nhân."),
        ("p", "{b}Điều 9. Văn bản đi.{/} Đơn vị soạn thảo trên máy tính không nối mạng hoặc trên mẫu in sẵn, in hai bản. "
              "Lãnh đạo ký bằng bút mực màu xanh. Văn thư kiểm tra thể thức, cấp số, ghi ngày, tháng, đóng dấu đỏ trùm "
              "lên khoảng một phần ba chữ ký về phía bên trái và phát hành trong ngày; trường hợp không kịp thì chậm "
              "nhất là ngày làm việc tiếp theo."),
        ("p", "Trường hợp người có thẩm quyền đi công tác, việc ký thay thực hiện theo phân công đã có từ trước bằng văn bản. "
              "Không dùng chữ ký khắc sẵn, không ký bằng bút chì, mực đỏ hoặc mực dễ phai. Văn bản viết tay phải rõ ràng, "
              "không tẩy xóa; chỗ sửa phải có chữ ký của người sửa bên lề."),
        ("p", "Văn bản có nhiều tờ phải đánh số trang và đóng dấu giáp lai. Bản lưu để trong cặp riêng, ghi bên ngoài mã sự "
              "cố, ngày và số lượng tờ. Hết ca trực, Văn thư và người trực cùng đếm, cùng ký vào sổ."),
        ("p", "{b}Điều 10. Tiếp công dân tại bộ phận một cửa.{/} Công chức tiếp nhận hồ sơ giấy, viết giấy hẹn bằng tay, ghi "
              "số điện thoại người nộp. Đối với hồ sơ khai sinh, khai tử, chứng thực, lãnh đạo bố trí ký trong ngày. "
              "Lệ phí thu bằng biên lai giấy, cuối ngày nộp kế toán đối chiếu."),
        ("p", "Hồ sơ cần tra cứu dữ liệu điện tử mà chưa tra cứu được thì công chức giải thích cho công dân, ghi nhận nguyện "
              "vọng và hẹn ngày cụ thể; không trả lại hồ sơ với lý do hệ thống hỏng. Người cao tuổi, người khuyết tật, phụ nữ "
              "nuôi con nhỏ được ưu tiên giải quyết trước."),
        ("c", "Chương III. CẬP NHẬT VÀ TỔ CHỨC THỰC HIỆN"),
        ("p", "{b}Điều 11. Cập nhật sau sự cố.{/} Trong hai ngày làm việc kể từ khi hệ thống hoạt động, Văn thư quét màu toàn "
              "bộ văn bản đã ký, đóng dấu với độ phân giải từ 300 dpi, kiểm tra đủ trang, rõ nét, ký số của cơ quan rồi "
              "cập nhật. Số, ngày của bản điện tử giữ đúng như bản giấy. Trường hợp trùng số, Văn thư báo cáo Chánh Văn "
              "phòng để xử lý bằng văn bản, không tự ý sửa chữa."),
        ("p", "{b}Điều 12. Đối chiếu và báo cáo.{/} Kết thúc việc cập nhật, Chánh Văn phòng đối chiếu sổ giấy với hệ thống, "
              "lập biên bản nêu số văn bản đi, đến, số tờ đã quét, văn bản còn thiếu và lý do. Biên bản gửi Chủ tịch "
              "và lưu cùng cặp tài liệu của sự cố. Bản giấy được bảo quản đủ thời hạn, không tiêu hủy sau khi quét."),
        ("p", "Mẫu in sẵn dùng khi có sự cố gồm sổ đăng ký văn bản đi, sổ đăng ký văn bản đến, giấy hẹn, phiếu chuyển, biên bản "
              "giao ca. Văn phòng in mỗi loại đủ dùng cho năm ngày làm việc, để trong tủ có khóa tại bộ phận một cửa và "
              "kiểm tra vào ngày đầu của mỗi quý."),
        ("p", "Kinh phí in mẫu, mua bút, mực dấu, giấy và máy phát điện nhỏ lấy từ nguồn chi thường xuyên. Kế toán lập dự trù vào "
              "tháng 12 hằng năm, trình Chủ tịch phê duyệt cùng dự toán của cơ quan."),
        ("p", "Khi phát hiện văn bản đã phát hành trong thời gian sự cố có sai sót về nội dung, đơn vị soạn thảo trình người ký "
              "ban hành văn bản thay thế; sai sót về thể thức thì đính chính bằng công văn. Văn bản thay thế lấy số mới, ghi "
              "rõ số, ngày của văn bản bị thay thế và gửi đến mọi nơi đã nhận."),
        ("p", "Cặp tài liệu của mỗi sự cố gồm: thông báo bắt đầu và kết thúc, sổ đăng ký, sổ giao ca, bản gốc văn bản đi, văn bản "
              "đến, biên lai, biên bản đối chiếu. Cặp được đánh số tờ, giao cho kho lưu trữ của xã trong vòng ba mươi ngày, có "
              "biên bản giao nhận kèm mục lục."),
        ("p", "Người ghi sổ phải ghi liên tục, không để dòng trống, không xé tờ. Số đã cấp mà không dùng thì gạch chéo, ghi rõ "
              "lý do và ký tên; không cấp lại số đó cho văn bản khác. Cuối ngày, Văn thư kẻ ngang dưới dòng cuối cùng, ghi "
              "tổng số văn bản trong ngày bằng số và bằng chữ."),
        ("p", "{b}Điều 13. Diễn tập.{/} Mỗi năm tổ chức diễn tập ít nhất một lần trong nửa ngày làm việc, có đủ các bước từ "
              "công bố sự cố đến cập nhật lại. Kết quả diễn tập được đánh giá, rút kinh nghiệm và là căn cứ điều chỉnh "
              "Quy chế này./."),
    ])

NOTICE = Document(
    files=["Thong bao 88.png"], form="png", seed=707, tone=(1., 1., 1.), noise=.6,
    code_number="88", code_notation="TB-UBND", issued_date="06/11/2026", type_name="Thông báo",
    subject="Lịch tiếp công dân và trả kết quả hồ sơ giấy trong tháng 11 năm 2026",
    signer=VICE_L, paper_signed_at="06/11/2026 08:50", paper_location="Tủ 1, cặp 03",
    recipients=["Các thôn, bản (niêm yết)", "Bộ phận một cửa", "Đài truyền thanh xã", "Lưu: VT"],
    body=[
        ("p", "Do hệ thống một cửa điện tử gián đoạn từ ngày 02 đến ngày 06 tháng 11 năm 2026, Ủy ban nhân dân xã Mường "
              "Lam thông báo lịch tiếp công dân và trả kết quả hồ sơ đã nhận bằng giấy như sau:"),
        ("t", [30, 38, 60, 42], [
            ["Ngày", "Thời gian", "Nội dung", "Người tiếp"],
            ["09/11/2026", "7h30 - 11h30", "Trả kết quả khai sinh, khai tử", "Lù Thị Mai Anh"],
            ["10/11/2026", "7h30 - 16h30", "Trả kết quả chứng thực, xác nhận", "Phùng Đức Tài"],
            ["12/11/2026", "13h30 - 16h30", "Chủ tịch tiếp công dân định kỳ", "Đỗ Quang Nghĩa"],
            ["13/11/2026", "7h30 - 16h30", "Trả hồ sơ đất đai, xây dựng", "Lường Văn Chiến"],
        ], 12, "ccll"),
        ("p", "Khi đến nhận kết quả, công dân mang theo giấy hẹn viết tay và giấy tờ tùy thân. Trường hợp thất lạc giấy "
              "hẹn, đề nghị báo họ tên, ngày nộp để công chức tra cứu trong sổ./."),
    ])

INCOMING = Document(
    files=["CV_den_0412.jpg"], form="jpeg", seed=808, quality=83, tone=(.935, .925, .880),
    code_number="1042", code_notation="SNNMT-TL", issued_date="03/11/2026", type_name="Công văn",
    subject="cung cấp số liệu vận hành hồ chứa và công trình thủy lợi nhỏ năm 2026",
    signer=(["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "Trịnh Khắc Duy", "KT. GIÁM ĐỐC, PHÓ GIÁM ĐỐC", "duy"),
    paper_signed_at="03/11/2026 15:10", direction="incoming", arrival=("412", "05/11/2026"),
    organ=[("r", "UBND TỈNH HÒA GIANG"), ("b", "SỞ NÔNG NGHIỆP"), ("b", "VÀ MÔI TRƯỜNG")],
    organ_name="Sở Nông nghiệp và Môi trường tỉnh Hòa Giang", place="Hòa Giang",
    stamp=("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "TỈNH HÒA GIANG"), paper_location="Tủ 2, cặp 01",
    address=["Ủy ban nhân dân các xã Mường Lam, Bản Lang và Tà Sình"],
    recipients=["Như trên", "Giám đốc Sở (b/c)", "Trang thông tin của Sở", "Lưu: VT, TL"],
    body=[
        ("p", "Để có cơ sở lập kế hoạch tích nước cho vụ đông xuân 2026 - 2027, Sở Nông nghiệp và Môi trường đề nghị Ủy "
              "ban nhân dân các xã cung cấp số liệu như sau:"),
        ("p", "1. Danh mục hồ chứa, đập dâng và kênh mương do xã quản lý: năm xây dựng, dung tích, diện tích tưới thiết kế "
              "và thực tế, tình trạng hư hỏng."),
        ("p", "2. Mực nước hồ vào các ngày 01 và 15 hằng tháng, từ tháng 5 đến tháng 10 năm 2026; các lần xả tràn, thời "
              "điểm bắt đầu và kết thúc."),
        ("p", "3. Đề xuất sửa chữa, xếp theo thứ tự ưu tiên, kèm khái toán kinh phí và phần nhân dân tham gia."),
        ("p", "Số liệu gửi về Sở trước ngày 12 tháng 11 năm 2026 bằng bản giấy có ký tên, đóng dấu; khi hệ thống hoạt "
              "động ổn định thì gửi thêm bản điện tử./."),
    ])

DOCUMENTS = [OUTAGE_LETTER, INVITATION, REPORT, ROAD_LETTER, PLAN, DECISION, NOTICE, INCOMING]
