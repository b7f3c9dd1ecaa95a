"""The words of explanations, in Vietnamese and English. Values of facts and conditions stay as rules write them."""

from __future__ import annotations

from collections.abc import Mapping

from ..policy.model import Language

WORDS: Mapping[str, tuple[str, str]] = {
    "mail": ("Thư", "Message"),
    "record": ("Mã thư", "Record"),
    "time": ("Thời gian", "Time"),
    "sender": ("Người gửi", "Sender"),
    "login": ("đăng nhập", "login"),
    "client": ("máy khách", "client"),
    "direction": ("Hướng", "Direction"),
    "subject": ("Tiêu đề", "Subject"),
    "recipients": ("Người nhận", "Recipients"),
    "because": ("vì", "by"),
    "official": ("Công văn", "Official"),
    "page": ("trang", "page"),
    "forward": ("Chuyển tiếp", "Forward"),
    "quoted": ("Trích dẫn", "Quoted"),
    "secrecy": ("Độ mật", "Secrecy"),
    "attachments": ("Tệp kèm", "Attachments"),
    "read": ("đã đọc", "read"),
    "not_read": ("chưa đọc được", "not read"),
    "links": ("Liên kết", "Links"),
    "detected": ("Mẫu tìm thấy", "Detected"),
    "challenge": ("Mã giải trình", "Challenge"),
    "unavailable": ("Chưa biết", "Not known"),
    "defects": ("Lỗi định dạng", "Defects"),
    "decision": ("QUYẾT ĐỊNH", "DECISION"),
    "recorded": ("đã ghi trong nhật ký", "as recorded"),
    "shadow": ("nếu mọi quy định thử nghiệm có hiệu lực", "with every shadow rule enforced"),
    "reply": ("Trả lời SMTP", "SMTP reply"),
    "notice": ("Thông báo gửi tới", "Notice to"),
    "policy": ("Bộ quy định", "Policy"),
    "explained": ("Giải thích theo bộ quy định", "Explained by the policy"),
    "then": ("lúc đó", "then"),
    "now": ("hiện nay", "now"),
    "rules": ("QUY ĐỊNH", "RULES"),
    "hit": ("khớp", "hit"),
    "lifted": ("được miễn", "lifted"),
    "unknown": ("không xác định được", "unknown"),
    "no": ("không khớp", "not hit"),
    "basis": ("căn cứ", "basis"),
    "by": ("miễn bởi", "lifted by"),
    "exception": ("ngoại lệ", "exception"),
    "expired": ("đã hết hạn", "expired"),
    "until": ("đến", "until"),
    "to": ("người nhận", "recipients"),
    "everybody": ("cả thư", "the whole mail"),
    "saw": ("thấy", "saw"),
    "missing": ("chưa biết", "not known"),
    "all": ("tất cả", "all of"),
    "any": ("một trong", "any of"),
    "not": ("không", "not"),
    "off": ("Đang tắt", "Off"),
    "rollout": ("áp dụng", "rollout"),
    "from": ("từ", "from"),
    "nobody": ("không có người nhận", "no recipients"),
    "unread": ("Không xét được vì có phần không đọc được", "Not judged, since parts could not be read"),
}


def word(key: str, lang: Language) -> str:
    """One word or phrase."""
    return WORDS[key][0 if lang == "vi" else 1]
