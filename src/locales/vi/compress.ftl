# compress

err-guard = Không nén được trang { $page } một cách trung thực (chi tiết kỹ thuật: { $cause }).
    .advice = Bản quét vẫn được giữ nguyên. Hãy gửi dòng này cho bộ phận hỗ trợ.
