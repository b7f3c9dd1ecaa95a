"""Papers that are not official documents, though they share their words: petitions, contracts, forms, news, mail."""

from __future__ import annotations

import random

from .compose import MOTTO, STATE, WORDS

_QH = "{state}\n{motto}\n---------------\n"
_PLACES = ["Hà Nội", "Biên Hòa", "Quảng Ngãi", "TP. Hồ Chí Minh", "Huế", "Pleiku"]
_DONS = ["ĐƠN KHIẾU NẠI", "ĐƠN XIN XÁC NHẬN", "ĐƠN ĐỀ NGHỊ CẤP LẠI GIẤY PHÉP LÁI XE", "ĐƠN XIN NGHỈ PHÉP", "ĐƠN TỐ CÁO", "ĐƠN XIN VIỆC", "ĐƠN KHỞI KIỆN",  # noqa: E501
         "ĐƠN XIN LY HÔN", "ĐƠN TRÌNH BÁO", "GIẤY ĐỀ NGHỊ", "ĐƠN KIẾN NGHỊ", "GIẤY XÁC NHẬN TẠM TRÚ", "BẢN TƯỜNG TRÌNH", "ĐƠN ĐĂNG KÝ KẾT HÔN", "GIẤY UỶ QUYỀN"]  # fmt: skip  # noqa: E501
_CONTRACTS = ["HỢP ĐỒNG MUA BÁN HÀNG HÓA", "HỢP ĐỒNG LAO ĐỘNG", "HỢP ĐỒNG THUÊ NHÀ", "HỢP ĐỒNG DỊCH VỤ", "BIÊN BẢN THANH LÝ HỢP ĐỒNG", "HỢP ĐỒNG KINH TẾ",  # noqa: E501
              "PHỤ LỤC HỢP ĐỒNG", "HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT", "BIÊN BẢN BÀN GIAO", "HỢP ĐỒNG VAY TIỀN"]  # fmt: skip  # noqa: E501


def _top(rng: random.Random) -> str:
    text = _QH.format(state=rng.choice(STATE), motto=rng.choice(MOTTO))
    return text.title() if rng.random() < 0.1 else text


def _when(rng: random.Random) -> str:
    return (
        f"{rng.choice(_PLACES)}, ngày {rng.randint(1, 28)} tháng {rng.randint(1, 12)} năm {rng.randint(2005, 2026)}"
    )


def _cited(rng: random.Random) -> str:
    office = rng.choice(WORDS["offices"])
    return f"{rng.randint(1, 9999)}/{rng.choice(['', 'QĐ-', 'TB-'])}{office['sign']}" + (
        f"-{rng.choice(office['units'])}" if rng.random() < 0.5 else ""
    )


def petition(rng: random.Random) -> str:
    name = rng.choice(WORDS["people"])
    title = rng.choice(_DONS)
    about = f"(V/v {rng.choice(WORDS['topics'])})\n" if rng.random() < 0.4 else ""
    to = (
        "Kính gửi: " + rng.choice(WORDS["addressees"])
        if rng.random() < 0.6
        else "Kính gửi:\n- Ủy ban nhân dân xã Tân Hưng;\n- Công an xã Tân Hưng."
    )
    bases = f"Căn cứ Quyết định số {_cited(rng)} ngày 12/3/2019 của UBND huyện;\n" if rng.random() < 0.4 else ""
    opening = rng.choice(
        [f"Tôi tên là: {name}", f"Tên tôi là {name}", f"Họ và tên: {name}", f"Tôi là {name}, sinh năm 1975"]
    )
    sign = rng.choice(
        ["Người làm đơn", "NGƯỜI VIẾT ĐƠN", "Người đề nghị", "Người khiếu nại", "Kính đơn", "NGƯỜI LÀM ĐƠN"]
    )
    when = _when(rng)
    upper = _top(rng) + (when + "\n\n" if rng.random() < 0.5 else "\n")
    copies = "Nơi nhận:\n- Như trên;\n- Lưu." if rng.random() < 0.15 else ""
    return f"{upper}{title}\n{about}\n{to}\n\n{bases}{opening}\nSinh ngày: 12/5/1975   CCCD số: 0{rng.randint(10**10, 10**11 - 1)}\nHộ khẩu thường trú: thôn 3, xã Tân Hưng\nTôi xin trình bày sự việc như sau: {rng.choice(WORDS['bodies'])}\nTôi xin cam đoan những lời trên là đúng sự thật. Xin chân thành cảm ơn.\n\n{when}\n{sign}\n(Ký, ghi rõ họ tên)\n\n{name}\n{copies}"  # noqa: E501


def contract(rng: random.Random) -> str:
    title = rng.choice(_CONTRACTS)
    number = rng.choice(
        [
            "Số: {n}/{y}/HĐMB",
            "Số: {n}/HĐKT-{y}",
            "Số: {n}/{y}/HĐLĐ",
            "Số: {n}/HĐDV/{y}",
            "Số: …/HĐ",
            "Số: {n}-{y}/HĐTN",
            "Số HĐ: {n}/{y}",
            "Số: {n}/HĐ-ABC",
            "Số: ……../…../HĐMB",
        ]
    ).format(n=rng.randint(1, 300), y=rng.randint(2010, 2026))
    bases = "\n".join(
        rng.choice(["- ", ""]) + f"Căn cứ {b};"
        for b in [
            "Bộ luật Dân sự số 91/2015/QH13 ngày 24/11/2015",
            "Luật Thương mại số 36/2005/QH11 ngày 14/6/2005",
            "nhu cầu và khả năng của hai bên",
        ]
    )
    kind = rng.choice(
        [
            ("BÊN A (BÊN MUA)", "BÊN B (BÊN BÁN)"),
            ("BÊN A:", "BÊN B:"),
            ("Bên thuê (Bên A):", "Bên cho thuê (Bên B):"),
            ("NGƯỜI SỬ DỤNG LAO ĐỘNG:", "NGƯỜI LAO ĐỘNG:"),
        ]
    )
    company = rng.choice(["CÔNG TY CỔ PHẦN THƯƠNG MẠI ABC", "CÔNG TY TNHH MINH KHANG", "TRƯỜNG ĐẠI HỌC QUẢNG NAM"])
    order = [f"{title}\n{number}", f"{number}\n{title}"][rng.random() < 0.2]
    letterhead = f"{company}\n" if rng.random() < 0.3 else ""
    place = _when(rng) + "\n" if rng.random() < 0.3 else ""
    return f"{letterhead}{_top(rng)}{place}{order}\n\n{bases}\n\nHôm nay, ngày 12 tháng 3 năm 2020, tại {rng.choice(_PLACES)}, chúng tôi gồm:\n{kind[0]} {company}\nĐại diện: Ông {rng.choice(WORDS['people'])}   Chức vụ: Giám đốc\nMã số thuế: 0312345678\n{kind[1]}\nĐại diện: Bà {rng.choice(WORDS['people'])}\nĐiều 1. Nội dung hợp đồng\n{rng.choice(WORDS['bodies'])}\nĐiều 2. Giá trị và phương thức thanh toán\nHai bên cùng thống nhất ký hợp đồng.\nĐẠI DIỆN BÊN A\tĐẠI DIỆN BÊN B\n{rng.choice(['GIÁM ĐỐC', 'TM. CÔNG TY', ''])}\n"  # noqa: E501


def form(rng: random.Random) -> str:
    title = rng.choice(
        [
            "TỜ KHAI THUẾ GIÁ TRỊ GIA TĂNG",
            "TỜ KHAI ĐĂNG KÝ KHAI SINH",
            "PHIẾU ĐĂNG KÝ DỰ THI",
            "SƠ YẾU LÝ LỊCH",
            "PHIẾU KHẢO SÁT Ý KIẾN",
            "TỜ KHAI CĂN CƯỚC CÔNG DÂN",
            "GIẤY ĐỀ NGHỊ THANH TOÁN",
            "PHIẾU THU",
            "BẢN CAM KẾT",
            "LÝ LỊCH KHOA HỌC",
            "GIẤY ĐĂNG KÝ THÀNH LẬP CÔNG TY",
        ]
    )
    head = rng.choice(
        [
            "Mẫu số: 01/GTGT\n(Ban hành kèm theo Thông tư số 80/2021/TT-BTC ngày 29/9/2021 của Bộ trưởng Bộ Tài chính)\n",  # noqa: E501
            "Mẫu TP/HT-2012-TKKS.1\n",
            "",
            "Mẫu 2C-BNV/2008\n",
        ]
    )
    return f"{head}{_top(rng)}{title}\n\nKính gửi: {rng.choice(['Ủy ban nhân dân xã …………', 'Chi cục Thuế ……………', 'Phòng Đăng ký kinh doanh'])}\n\n[01] Kỳ tính thuế: tháng … năm …\nHọ và tên: ……………………………\nNgày sinh: ……/……/………\nĐịa chỉ: …………………………\nĐiện thoại: ……………\nTôi cam đoan số liệu khai trên là đúng.\n\n……, ngày … tháng … năm ……\nNGƯỜI KHAI\n(Ký và ghi rõ họ tên)\n"  # noqa: E501


def news(rng: random.Random) -> str:
    office = rng.choice(WORDS["offices"])
    name = " ".join(office["name"]).title()
    return f'{rng.choice(WORDS["topics"]).capitalize()}\n\n(Chinhphu.vn) - Ngày {rng.randint(1, 28)}/{rng.randint(1, 12)}/{rng.randint(2015, 2026)}, {name} đã ban hành Công văn số {_cited(rng)} về việc {rng.choice(WORDS["topics"])}.\n\n{rng.choice(WORDS["bodies"])}\n\nTheo Quyết định số {_cited(rng)} ngày 12/4/2021 của Bộ trưởng, các cơ quan phải báo cáo trước ngày 30. Căn cứ Nghị định số 30/2020/NĐ-CP, văn bản hành chính gồm 29 loại.\n\nÔng {rng.choice(WORDS["people"])}, Phó Chủ tịch UBND tỉnh, cho biết: "Nước Cộng hòa xã hội chủ nghĩa Việt Nam luôn coi trọng việc này."\n\n{rng.choice(WORDS["bodies"])}\n\nVĂN NAM\nNguồn: Báo Chính phủ'  # noqa: E501


def citing(rng: random.Random) -> str:
    hello = rng.choice(
        [
            "Kính gửi anh Hùng,",
            "Chào chị,",
            "Kính gửi Quý khách hàng,",
            "Dear anh/chị,",
            "Kính gửi: Quý Công ty",
            "Thân gửi cả nhà,",
            "Kính gửi: Phòng Kế toán",
            "Hi anh,",
        ]
    )
    ask = rng.choice([
        f"Em gửi anh nội dung góp ý theo công văn số {_cited(rng)} ngày 15/3/2024 nhé.",
        f"Anh xem giúp em công văn {_cited(rng)} của Sở, mai họp ạ.",
        f"Nhờ chị kiểm tra giúp số công văn đến.\nSố: {rng.randint(1, 999)}\nNgày: 12/3/2024",
        f"Thực hiện Công văn số: {_cited(rng)} ngày 12/5/2023 của UBND tỉnh, phòng em báo cáo như sau.",
        f"Danh sách văn bản cần trả lời:\n- Công văn số {_cited(rng)} ngày 3/4/2024\n- Quyết định số {_cited(rng)} ngày 1/2/2024\n- {_cited(rng)} V/v góp ý dự thảo",  # noqa: E501
        "Lịch họp giao ban sáng thứ Hai lúc 8h00 tại phòng 201, đề nghị các anh chị đến đúng giờ.",
        f"V/v: thanh toán đợt 2\nSố hợp đồng: 12/2024/HĐKT\nSố tài khoản: 1903{rng.randint(10**6, 10**7)}\nNơi nhận: kho số 3, KCN Biên Hòa",  # noqa: E501
        "Đơn hàng #DH12345 đã được giao. Nơi nhận: 12 Trần Phú, Hà Nội. Người nhận: chị Lan.",
    ])  # fmt: skip
    sign = rng.choice(
        [
            "Trân trọng,\nNguyễn Văn An\nChuyên viên Văn phòng\nSở Y tế tỉnh Tây Ninh\nĐT: 0276.3822.xxx",
            "Thanks,\nLan",
            "Em cảm ơn anh ạ.",
            "Trân trọng./.\n\nTRẦN THỊ MAI\nPHÓ GIÁM ĐỐC\nCÔNG TY CỔ PHẦN ABC",
            "Best regards,\nNam Tran",
        ]
    )
    return f"{hello}\n\n{ask}\n{rng.choice(['', rng.choice(WORDS['bodies'])])}\n\n{sign}\n"


def listing(rng: random.Random) -> str:
    rows = "\n".join(
        f"{_cited(rng)} | {rng.randint(1, 28)}/{rng.randint(1, 12)}/2023 | V/v {rng.choice(WORDS['topics'])}"
        for _ in range(rng.randint(2, 8))
    )
    meta = f"Số hiệu: {_cited(rng)}\nLoại văn bản: Công văn\nNơi ban hành: {' '.join(rng.choice(WORDS['offices'])['name']).title()}\nNgười ký: {rng.choice(WORDS['people'])}\nNgày ban hành: 12/03/2020\nNgày hiệu lực: Đã biết\nTình trạng: Còn hiệu lực\nTóm tắt: {rng.choice(WORDS['topics'])}"  # noqa: E501
    return rng.choice(
        [
            f"Văn bản mới\n\nSố ký hiệu | Ngày ban hành | Trích yếu\n{rows}\n\nXem thêm",
            f"Trang chủ > Văn bản pháp luật\n\n{meta}\n\nTải về | Lưu | In\nHãy đăng nhập để xem toàn văn.",
        ]
    )


def school(rng: random.Random) -> str:
    return rng.choice([
        f"SỞ GIÁO DỤC VÀ ĐÀO TẠO\nTRƯỜNG THPT TRẦN PHÚ\n\nĐỀ KIỂM TRA HỌC KỲ I\nMôn: Ngữ văn 10\nThời gian: 90 phút\n\nCâu 1. {rng.choice(WORDS['bodies'])}\nCâu 2. Phân tích bài thơ.\n--- HẾT ---",  # noqa: E501
        f"{_top(rng)}BẢN KIỂM ĐIỂM\n\nKính gửi: Ban Giám hiệu trường THPT Trần Phú\nEm tên là {rng.choice(WORDS['people'])}, học sinh lớp 11A2.\nHôm nay em viết bản kiểm điểm này vì đi học muộn.\nEm xin hứa không tái phạm.\n\nBiên Hòa, ngày 3 tháng 10 năm 2022\nNgười viết\n",  # noqa: E501
        f"BÀI THU HOẠCH\nHọ và tên: {rng.choice(WORDS['people'])}\nĐơn vị: Trường Tiểu học Trần Phú\n\n{rng.choice(WORDS['bodies'])}\n{rng.choice(WORDS['bodies'])}",  # noqa: E501
    ])  # fmt: skip


def chat(rng: random.Random) -> str:
    some = [
        "ok em",
        "cv 1017 a gửi chưa",
        "mai 8h họp nhé",
        "số này đúng ko: 123/UBND",
        "Kính gửi cái gì cơ =))",
        "e lưu rồi",
        "file nào v",
        "MẬT ONG giá bao nhiêu",
        "24/7 luôn",
        "nơi nhận hàng ở đâu",
        "QĐ 15 ấy",
    ]
    return "\n".join(
        f"[{rng.randint(8, 18)}:{rng.randint(10, 59)}] {rng.choice(['Lan', 'Hùng', 'Sếp'])}: {rng.choice(some)}"
        for _ in range(rng.randint(3, 15))
    )


def invoice(rng: random.Random) -> str:
    return f"HÓA ĐƠN GIÁ TRỊ GIA TĂNG\nMẫu số: 01GTKT0/001\nKý hiệu: AA/{rng.randint(18, 26)}E\nSố: {rng.randint(1, 99999):07d}\nNgày {rng.randint(1, 28)} tháng {rng.randint(1, 12)} năm {rng.randint(2018, 2026)}\nĐơn vị bán hàng: CÔNG TY TNHH MINH KHANG\nMã số thuế: 0312345678\nCỘNG TIỀN HÀNG: 12.000.000\nThuế suất GTGT: 10%\nNgười mua hàng   Người bán hàng\n"  # noqa: E501


def template(rng: random.Random) -> str:
    return f"Mẫu 1.4 - Quyết định\nTÊN CQ, TC CẤP TRÊN (1)\nTÊN CƠ QUAN, TỔ CHỨC (2)\n-------\n{STATE[0]}\n{MOTTO[0]}\n---------------\nSố: .../QĐ-...(3)...\n...(4)..., ngày ... tháng ... năm ...\n\nQUYẾT ĐỊNH\nVề việc .....................(5)....................\n\nTHẨM QUYỀN BAN HÀNH (6)\nCăn cứ ..........................(7)............................;\nQUYẾT ĐỊNH:\nĐiều 1. ..................(8)..................\nNơi nhận:\n- Như Điều ...;\n- Lưu: VT, (10) A.xx(11).\nQUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ (9)\n"  # noqa: E501


def story(rng: random.Random) -> str:
    return "\n\n".join(rng.choice([
        "Buổi sáng ở làng yên ả. Bà tôi pha mật ong với nước ấm, ngồi bên hiên kể chuyện ngày xưa, giọng đều đều như gió thổi qua hàng cau.",  # noqa: E501
        "Hướng dẫn đặt lại mật khẩu: vào mục Cài đặt, chọn Bảo mật, nhập mã xác nhận gửi tới điện thoại. Không chia sẻ mật khẩu với bất kỳ ai.",  # noqa: E501
        "Theo thống kê, mật độ dân số của thành phố tăng nhanh, trong khi diện tích cây xanh giảm mạnh qua từng năm.",
        rng.choice(WORDS["bodies"]),
    ]) for _ in range(rng.randint(2, 8)))  # fmt: skip


ORDINARY = {
    "news": news,
    "mail that cites": citing,
    "listing": listing,
    "school paper": school,
    "chat": chat,
    "invoice": invoice,
    "template": template,
    "prose": story,
}
LOOKALIKE = {"petition": petition, "contract": contract, "form": form}
