"""The mails that the bench sends, by kind: ``KINDS`` makes one of a number; they are sent in many copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from support.milter_wire import Mail

SENDER = b"an.nguyen@soyte.hathanh.gov.vn"
RECIPIENT = b"tran.thi.binh@gmail.com"

_HEADERS = """\
Received: from [10.20.30.{number}] (pc-{number}.soyte.hathanh.gov.vn [10.20.30.{number}])
\tby mail.hathanh.gov.vn (Postfix) with ESMTPSA id 4Zzw{number:04d}x0Jz9q1;
\tMon, 23 Nov 2026 09:{minute:02d}:07 +0700 (+07)
Message-ID: <6b7c9f0e-{number:04d}-4a3b-9c51-3f2f6a1d7e88@soyte.hathanh.gov.vn>
Date: Mon, 23 Nov 2026 09:{minute:02d}:05 +0700
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
Subject: =?UTF-8?Q?V=E1=BB=81_l=E1=BB=8Bch_kh=C3=A1m_s=E1=BB=91_{number}?=
Content-Language: vi
To: =?UTF-8?B?VHLhuqduIFRo4buLIELDrG5o?= <tran.thi.binh@gmail.com>
From: =?UTF-8?B?Tmd1eeG7hW4gVsSDbiBBbg==?= <an.nguyen@soyte.hathanh.gov.vn>
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

"""

LETTER = """\
Kính gửi bà Trần Thị Bình,

Cảm ơn bà đã gửi câu hỏi về lịch khám sức khỏe định kỳ. Phòng khám mở cửa từ thứ Hai đến thứ Sáu, buổi sáng từ 7 giờ
30 đến 11 giờ 30, buổi chiều từ 13 giờ 30 đến 17 giờ. Khi đến khám, bà mang theo thẻ bảo hiểm y tế, căn cước và kết
quả xét nghiệm lần trước nếu còn giữ. Nếu cần đổi giờ hẹn, bà gọi số điện thoại của quầy tiếp đón trước một ngày.

Bà không phải nộp thêm khoản nào ngoài phần cùng chi trả theo thẻ bảo hiểm. Kết quả có sau ba ngày làm việc; bà có thể
đến nhận tại quầy hoặc đăng ký để chúng tôi gửi qua bưu điện về địa chỉ nhà.

Phòng khám ở tầng hai, lối đi bên phải thang máy. Nếu bà đi cùng người nhà thì người nhà có thể ngồi chờ ở sảnh tầng
một, nơi có nước uống và ghế ngồi. Bãi gửi xe ở cổng sau và không thu tiền. Những ngày mưa lớn, phòng khám vẫn làm
việc như thường; nếu bà không đến được, xin báo trước để chúng tôi xếp lại giờ mà không mất lượt. Chúc bà và gia đình
mạnh khỏe và mọi điều tốt lành.

Trân trọng,
Nguyễn Văn An
Bộ phận tiếp đón
"""


def _plain(number: int) -> bytes:
    """An honest letter to a citizen, 2 kB: text of one part, UTF-8, 8bit."""
    text = _HEADERS.format(number=number, minute=number % 60) + LETTER
    return text.encode("utf-8")


KINDS: Mapping[str, Callable[[int], bytes]] = {"plain": _plain}


def wrapped(raw: bytes, number: int, recipients: Sequence[bytes] = (RECIPIENT,)) -> Mail:
    """A message in the envelope that all of them have."""
    return Mail(
        SENDER,
        recipients,
        raw,
        login=SENDER,
        queue_id=b"4Zzw%04dx0Jz9q1" % number,
        daemon_name=b"submission",
    )


def mails(kind: str, copies: int = 64) -> list[Mail]:
    """Copies that differ in subject, dates and ids, so that nothing is answered from a cache of whole mails."""
    return [wrapped(KINDS[kind](number), number) for number in range(copies)]
