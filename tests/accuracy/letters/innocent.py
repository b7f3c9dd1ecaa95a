"""Texts with the letters of a secrecy mark and none of its meaning."""

from __future__ import annotations

import random

from . import compose
from .compose import WORDS

COMPOUNDS = """bảo mật, mật khẩu, bí mật kinh doanh, bí mật đời tư, bí mật cá nhân, bí mật thư tín, khóa bí mật, mật mã, mã mật, cơ mật, mật độ, mật thiết,
thân mật, mật ong, mật hoa, mật mía, mật đường, mật gấu, ngọt mật, túi mật, sỏi mật, ống mật, dịch mật, gan mật, trăng mật, tuần trăng mật, mật thư, mật lệnh, mật hiệu,
mật danh, mật vụ, mật thám, mật báo, mật đàm, Mật tông, Mật giáo, Học viện Kỹ thuật mật mã, phường Mật Sơn, độ mật, văn bản mật, tài liệu mật, dấu mật, giải mật, nội dung mật,
bí mật nhà nước, tuyệt mật, tối mật""".replace("\n", " ").split(", ")  # noqa: E501


def prose(rng: random.Random) -> str:
    word = rng.choice(COMPOUNDS)
    return rng.choice([
        f"Chào anh, em gửi anh tài liệu về {word}. Anh xem giúp em nhé.\n{rng.choice(WORDS['bodies'])}",
        f"{word.upper()}\n\n{word.capitalize()} là gì? {rng.choice(WORDS['bodies'])}\n\n{word.capitalize()} và những điều cần biết.",  # noqa: E501
        f"Các cơ quan không gửi {word} qua hộp thư này.\n- {word.capitalize()}\n- {word}\n- Quy định về {word}",
        f"Nhiệm vụ {word} của tổ trinh sát năm ấy đã thành công.\nCâu chuyện {word} được kể lại.",
    ])  # fmt: skip


def subject(rng: random.Random) -> str:
    word = rng.choice(COMPOUNDS)
    return rng.choice(
        [
            f"Tập huấn {word}",
            f"V/v phổ biến Luật Bảo vệ {word}",
            word.upper(),
            f"[{word.title()}] Thông báo",
            "MẬT ONG RỪNG - giá tốt",
            f"Đổi {word} hộp thư",
            f"Đơn hàng: {word}",
        ]
    )


def circular(rng: random.Random) -> str:
    text = compose.render(compose.letter(rng, kind="TB"), "stacked", rng)
    specimen = rng.choice([
        "1. Mẫu dấu chỉ độ mật\na) Dấu \"TUYỆT MẬT\": hình chữ nhật, kích thước 40mm x 8mm, có viền xung quanh;\nTUYỆT MẬT\nb) Dấu \"TỐI MẬT\": 30mm x 8mm;\nTỐI MẬT\nc) Dấu \"MẬT\": 20mm x 8mm.\nMẬT",  # noqa: E501
        "MẪU CON DẤU\nMẬT\n(hình chữ nhật, kích thước 20mm x 8mm)\nGIẢI MẬT\nTừ: .....",
        "Bí mật nhà nước gồm ba độ:\nTuyệt mật\nTối mật\nMật\nViệc xác định độ mật do người đứng đầu quyết định.",
        "Độ mật: Mật / Tối mật / Tuyệt mật (gạch chữ không dùng)\nĐộ mật: Thường",
        "PHỤ LỤC\nMẪU DẤU\nTUYỆT MẬT\nTỐI MẬT\nMẬT\nHỎA TỐC",
    ])  # fmt: skip
    cut = text.find("Nơi nhận")
    return text[:cut] + "\n" + specimen + "\n\n" + text[cut:]


def table(rng: random.Random) -> str:
    rows = [
        f"{i} | {rng.choice(WORDS['people']).rsplit(' ', 1)[0].upper()} | {rng.choice(['MẬT', 'LAN', 'HOA', 'MAI'])} | {rng.randint(5, 10)}"  # noqa: E501
        for i in range(1, 9)
    ]
    return rng.choice([
        "DANH SÁCH LỚP 5A\n\nSTT | Họ và | Tên | Điểm\n" + "\n".join(rows),
        "BẢNG GIÁ\n\nTên hàng | Giá\nĐƯỜNG | 20.000\nMẬT | 120.000\nSỮA | 30.000",
        "PHIẾU KHÁM BỆNH\nGAN: bình thường\nMẬT: không có sỏi\nMẮT: 10/10\nMẶT: cân đối\n",
        "KẾT QUẢ SIÊU ÂM\n\nGAN\nKích thước bình thường, bờ đều\n\nMẬT\nTúi mật không sỏi, thành mỏng\n\nTHẬN\nKhông ứ nước",  # noqa: E501
        "Độ mật: Thường\nĐộ khẩn: Thường\nMức độ bảo mật: Bình thường\nĐộ mật: Không",
    ])  # fmt: skip


def front(rng: random.Random) -> str:
    text = compose.render(compose.letter(rng), "stacked", rng)
    return text.replace("Nơi nhận:", "Nơi nhận:\n- ỦY BAN\n- MẶT TRẬN TỔ QUỐC\n- Ủy ban MẶT\nTRẬN Tổ quốc;", 1)


KINDS = {
    "prose": prose,
    "subject": subject,
    "circular about stamps": circular,
    "table": table,
    "Fatherland Front": front,
}
