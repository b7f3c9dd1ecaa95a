"""The letters of the demo: one for each thing that a person would ask about. Nobody in them exists."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

AN, HOA = "annv@soyte.hathanh.gov.vn", "hoatt@soyte.hathanh.gov.vn"
BINH, DUNG = "binhlv@sonoivu.hathanh.gov.vn", "dungpv@sotaichinh.hathanh.gov.vn"
CLERK, COUNTER = "vanthu@soyte.hathanh.gov.vn", "motcua@soyte.hathanh.gov.vn"
INTERIOR, FINANCE = "vanthu@sonoivu.hathanh.gov.vn", "vanthu@sotaichinh.hathanh.gov.vn"

DISPATCH = """\
ỦY BAN NHÂN DÂN TỈNH HÀ THANH        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
          SỞ Y TẾ                          Độc lập - Tự do - Hạnh phúc

Số: 1215/SYT-NVY                     Hà Thanh, ngày 16 tháng 11 năm 2026
V/v tăng cường phòng, chống dịch
bệnh mùa đông xuân 2026 - 2027

Kính gửi:
- Các đơn vị trực thuộc Sở;
- Trung tâm Y tế các khu vực.

Thực hiện Công văn số 4310/UBND-VX ngày 09/11/2026 của Ủy ban nhân dân tỉnh về việc phòng, chống dịch bệnh
mùa đông xuân, Sở Y tế yêu cầu các đơn vị rà soát thuốc, vật tư, nhân lực và báo cáo về Sở trước ngày 25/11/2026.

Yêu cầu các đơn vị nghiêm túc triển khai thực hiện./.

Nơi nhận:                                          KT. GIÁM ĐỐC
- Như trên;                                        PHÓ GIÁM ĐỐC
- UBND tỉnh (b/c);
- Lưu: VT, NVY.
                                                   Trần Thị Hoa
"""
SECRET = DISPATCH.replace("bệnh mùa đông xuân 2026 - 2027\n", "bệnh mùa đông xuân 2026 - 2027\n\nMẬT\n").replace(
    "tăng cường phòng, chống dịch", "kế hoạch bảo vệ mục tiêu y tế"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to send: by whom (a login, or None for mail from outside), to whom, and the bytes."""

    title: str
    login: str | None
    sender: str
    recipients: tuple[str, ...]
    raw: bytes


def letters() -> list[Letter]:
    """A dozen, in the order in which they are sent."""
    return [
        _letter("thư nội bộ giữa đồng nghiệp", AN, [HOA], "Lịch họp giao ban", INTERNAL),
        _letter("công văn gửi các sở", CLERK, [INTERIOR, FINANCE], "Công văn 1215/SYT-NVY", DISPATCH),
        _letter("công văn gửi hai sở và một hộp thư Gmail", CLERK, [INTERIOR, FINANCE, "thuky.hung@gmail.com"],
                "Công văn 1215/SYT-NVY", DISPATCH),
        _letter("công văn gửi về Gmail riêng đã kê khai", AN, ["an.nguyen85@gmail.com"], "CV 1215", DISPATCH),
        _letter("chuyển tiếp thư nội bộ sang Yahoo", HOA, ["hoa.tran@yahoo.com.vn"], "Fwd: Lịch họp", FORWARD),
        _letter("văn bản đóng dấu MẬT gửi trong tỉnh", AN, [BINH], "Kế hoạch", SECRET),
        _letter("bộ phận một cửa trả lời công dân", COUNTER, ["nguoidan79@gmail.com"],
                "Trả lời hồ sơ số H25.07", ANSWER),
        _letter("vé máy bay của mình gửi Gmail của mình", AN, ["an.nguyen85@gmail.com"], "Vé máy bay", TICKET),
        _letter("tệp nén có mật khẩu gửi Gmail", HOA, ["doitac.hoa@gmail.com"], "Số liệu", "Gửi anh số liệu.",
                _locked_archive()),
        _letter("hộp thư đã hết hạn vẫn gửi", DUNG, [FINANCE], "Bàn giao", "Em gửi lại biên bản bàn giao."),
        _letter("nói về bảo mật, mật khẩu, bí mật", BINH, [AN], "Nhắc đổi mật khẩu", PROSE),
        Letter("MIME hỏng", AN, AN, (HOA,), BROKEN),
        _letter("quyết định đến từ Gmail của công dân", None, [COUNTER], "Gửi quyết định", DISPATCH,
                sender="nguoidan79@gmail.com"),
    ]  # fmt: skip


def _letter(
    title: str, login: str | None, recipients: list[str], subject: str, text: str,
    attachment: tuple[str, bytes] | None = None, *, sender: str | None = None,
) -> Letter:  # fmt: skip
    address = sender or login or ""
    message = EmailMessage(policy=SMTP)
    message["From"] = address
    message["To"] = ", ".join(recipients)
    message["Subject"] = subject
    message["Date"] = "Mon, 23 Nov 2026 09:00:00 +0700"
    message.set_content(text)
    if attachment is not None:
        name, content = attachment
        message.add_attachment(content, maintype="application", subtype="zip", filename=name)
    return Letter(title, login, address, tuple(recipients), message.as_bytes())


def _locked_archive() -> tuple[str, bytes]:
    """A zip whose one member says that it is encrypted (general purpose bit 0, APPNOTE 4.4.4)."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("so lieu.txt", "kín" * 40)
    content = bytearray(buffer.getvalue())
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return "so-lieu.zip", bytes(content)


INTERNAL = """\
Chị Hoa ơi,

Sáng thứ Hai giao ban lúc 8 giờ, phòng họp tầng 2. Chị mang giúp em bảng chấm công nhé.

An
"""
FORWARD = f"""\
Em xem ở nhà nhé.

---------- Forwarded message ---------
Từ: Nguyễn Văn An <{AN}>
Date: Th 2, 23 thg 11, 2026 vào lúc 08:15
Subject: Lịch họp giao ban
To: Trần Thị Hoa <{HOA}>

{INTERNAL}"""
ANSWER = """\
Kính gửi ông Nguyễn Văn Dân,

Hồ sơ cấp giấy phép hoạt động phòng khám của ông đã đủ thành phần. Mời ông đến nhận kết quả vào thứ Năm tuần này.

Bộ phận Một cửa - Sở Y tế
"""
TICKET = """\
Mã đặt chỗ: K7M2QX
Hà Thanh - Hà Nội, 28/11/2026, 07:40. Hành khách: NGUYEN VAN AN. Hành lý ký gửi 20 kg.
"""
PROSE = """\
Anh em chú ý bảo mật tài khoản: đổi mật khẩu trước thứ Sáu, không dùng chung mật khẩu, giữ bí mật mã OTP.
Mật độ thư rác tuần này tăng, ai thấy thư lạ thì báo em.
"""
BROKEN = f"""\
From: {AN}
To: {HOA}
Subject: =?utf-8?B?VGjGsCBo4buPbmc?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="khong-bao-gio-dong"

--khong-bao-gio-dong
Content-Type: text/plain; charset=khong-co-that
Content-Transfer-Encoding: base64

xin chao!!! day khong phai base64
--khong-bao-gio-dong
Content-Type: image/png; name="anh.png"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
""".replace("\n", "\r\n").encode()
