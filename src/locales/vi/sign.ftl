# sign
err-not-signed = Văn bản chưa có chữ ký số nào.
    .advice = Người có thẩm quyền ký trước (scanseal sign --role personal), sau đó mới làm tiếp.
err-role-missing = Chưa thể ký số của cơ quan, tổ chức: văn bản mới có { $present } trên { $wanted } chữ ký số cá nhân.
    .advice = Người có thẩm quyền phải ký số trước (scanseal sign --role personal); sau đó văn thư mới ký số của cơ quan, tổ chức (scanseal sign --role organization).
err-attestation-missing = Chưa thể ký số của cơ quan, tổ chức lên bản sao: chưa có người xác nhận bản giấy có chữ ký tay và dấu.
    .advice = Xem bản giấy, xác nhận (scanseal attest D-...), dựng lại tệp rồi ký số.
