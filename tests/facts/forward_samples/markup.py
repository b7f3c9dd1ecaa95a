"""HTML as mail clients write it around a forwarded mail. Placeholders as in ``fixed.py``; ``{H}`` author with entities."""

# ruff: noqa: E501
from __future__ import annotations

FORWARDS: dict[str, str] = {
    "gmail": '<div dir="ltr"><div>{note}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>Từ: <strong class="gmail_sendername" dir="auto">{N}</strong> <span dir="auto">&lt;<a href="mailto:{A}">{A}</a>&gt;</span><br>Date: {D}<br>Subject: {S}<br>To:  &lt;<a href="mailto:{T}">{T}</a>&gt;<br></div><br><br><div>{B}</div></div></div>',
    "outlook": '<html><head><style>p.MsoNormal{margin:0cm}</style></head><body><div class="WordSection1"><p class="MsoNormal">{note}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b><span lang="EN-US">From:</span></b><span lang="EN-US"> {H} <br><b>Sent:</b> {D}<br><b>To:</b> {T}<br><b>Subject:</b> {S}<o:p></o:p></span></p></div></div><p class="MsoNormal">{B}</p></div></body></html>',
    "outlook-vi": '<html><body><div class="WordSection1"><p class="MsoNormal">{note}</p><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b>Từ:</b> {N} [mailto:{A}] <br><b>Đã gửi:</b> {D}<br><b>Đến:</b> {T}<br><b>Chủ đề:</b> {S}</p></div><p>{B}</p></div></body></html>',
    "owa": '<html><body><div>{note}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri" color="#000000"><b>From:</b> {H}<br><b>Sent:</b> {D}<br><b>To:</b> {T}<br><b>Subject:</b> {S}</font><div>&nbsp;</div></div><div>{B}</div></body></html>',
    "thunderbird": '<html><body><p>{note}</p><div class="moz-forward-container"><br><br>-------- Tin nhắn đã được chuyển tiếp --------<table class="moz-email-headers-table" cellspacing="0" cellpadding="0" border="0"><tbody><tr><th valign="BASELINE" nowrap="nowrap" align="RIGHT">Tiêu đề: </th><td>{S}</td></tr><tr><th valign="BASELINE" align="RIGHT">Ngày: </th><td>{D}</td></tr><tr><th align="RIGHT">Từ: </th><td>{N} <a class="moz-txt-link-rfc2396E" href="mailto:{A}">&lt;{A}&gt;</a></td></tr><tr><th align="RIGHT">Đến: </th><td>{T}</td></tr></tbody></table><br><br>{B}</div></body></html>',
    "zimbra": '<html><body><div style="font-family: arial">{note}<br><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;padding-left:5px;"><b>Từ: </b>{H}<br><b>Tới: </b>{T}<br><b>Đã gửi: </b>{D}<br><b>Chủ đề: </b>{S}<br></blockquote></div><div><blockquote>{B}</blockquote></div></div></body></html>',
    "apple": '<html><body>{note}<br><div><br><blockquote type="cite"><div>Bắt đầu thư chuyển tiếp:</div><br class="Apple-interchange-newline"><div style="margin:0"><span style="color:rgba(0,0,0,1.0)"><b>Từ: </b></span><span>{H}<br></span></div><div style="margin:0"><span><b>Tiêu đề: </b></span><span><b>{S}</b><br></span></div><div><span><b>Ngày: </b></span><span>{D}<br></span></div><div><span><b>Đến: </b></span><span>{T}<br></span></div><br><div>{B}</div></blockquote></div></body></html>',
    "ios": '<html><body dir="auto">{note}<br><div dir="ltr"><br>Begin forwarded message:<br><br></div><blockquote type="cite"><div dir="ltr"><b>From:</b> {H}<br><b>Date:</b> {D}<br><b>To:</b> {T}<br><b>Subject:</b> <b>{S}</b><br><br></div></blockquote><blockquote type="cite"><div>{B}</div></blockquote></body></html>',
    "roundcube": '<html><body><p>{note}</p><p><br></p><p>-------- Thư gốc --------</p><table border="0" cellspacing="0" cellpadding="0"><tbody><tr><th align="right" nowrap="nowrap" valign="baseline">Tiêu đề:</th><td>{S}</td></tr><tr><th align="right">Ngày:</th><td>{D}</td></tr><tr><th align="right">Gửi từ:</th><td>{H}</td></tr><tr><th align="right">Người nhận:</th><td>{T}</td></tr></tbody></table><p>{B}</p></body></html>',
    "yahoo": '<html><body><div class="ydp"><div>{note}</div><div id="ydp1" class="ydp-yahoo_quoted"><div><div>----- Forwarded Message -----</div><div><b>From:</b> {H}</div><div><b>To:</b> {T}</div><div><b>Sent:</b> {D}</div><div><b>Subject:</b> {S}</div><div><br></div><div>{B}</div></div></div></div></body></html>',
    "k9": '<html><body><div>{note}</div><div style="font-size:10.0pt;font-family:Tahoma"><hr style="border:none;border-top:solid #E1E1E1 1.0pt"><b>Từ:</b> {H}<br><b>Đã gửi:</b> {D}<br><b>Tới:</b> {T}<br><b>Chủ đề:</b> {S}<br></div><br>{B}</body></html>',
    "qq": '<html><body><div>{note}</div><div style="font-size:12px;padding:2px 0">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size:12px;background:#efefef;padding:8px"><div><b>发件人:</b>&nbsp;"{N}"&lt;{A}&gt;;</div><div><b>发送时间:</b>&nbsp;{D}</div><div><b>收件人:</b>&nbsp;"x"&lt;{T}&gt;;</div><div></div><div><b>主题:</b>&nbsp;{S}</div></div><div>{B}</div></body></html>',
    "notes": '<html><body>{note}<br><font size="1" color="#800080">----- Forwarded by {N}/ACME on 03/04/2024 10:41 AM -----</font><br><br><font>From: </font><font>{H}</font><br><font>To: </font><font>{T}</font><br><font>Date: </font><font>{D}</font><br><font>Subject: </font><font>{S}</font><hr noshade><br>{B}</body></html>',
    "hubspot": '<html><body><div>{note}</div><div class="hs_reply">---------- Forwarded message ---------<br>From: {H}<br>Date: {D}<br>Subject: {S}<br>To: {T}</div><blockquote>{B}</blockquote></body></html>',
    "samsung": '<html><body dir="auto">{note}<div><br></div><div align="left" dir="auto" style="font-size:100%;color:#000000"><div>-------- Tin nhắn gốc --------</div><div>Từ: {H} </div><div>Ngày: {D}  (GMT+07:00) </div><div>Đến: {T} </div><div>Chủ đề: {S} </div><div><br></div></div>{B}</body></html>',
    "unknown-words": '<html><body><div>{note}</div><hr><div><b>Zzubo:</b> {H}<br><b>Kkemi:</b> {D}<br><b>Ppotu:</b> {T}<br><b>Qquri:</b> {S}</div><div>{B}</div></body></html>',
}  # fmt: skip

REPLIES: dict[str, str] = {
    "gmail": '<div dir="ltr">{note}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">Vào {D} {N} &lt;<a href="mailto:{A}">{A}</a>&gt; đã viết:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{B}</blockquote></div>',
    "outlook": FORWARDS["outlook"],
    "owa": FORWARDS["owa"],
    "zimbra": FORWARDS["zimbra"],
    "qq": FORWARDS["qq"],
    "thunderbird": '<html><body><p>{note}</p><div class="moz-cite-prefix">On {D}, {N} wrote:<br></div><blockquote type="cite" cite="mid:1@x">{B}</blockquote></body></html>',
    "apple": '<html><body>{note}<br><blockquote type="cite"><div>Vào {D}, {H} đã viết:</div><br><div>{B}</div></blockquote></body></html>',
    "gmail-of-forward": '<div dir="ltr">{note}</div><br><div class="gmail_quote"><div class="gmail_attr">On {D} {N} &lt;{A}&gt; wrote:<br></div><blockquote class="gmail_quote">' + FORWARDS["gmail"] + "</blockquote></div>",
}  # fmt: skip
"""Answers of the same clients."""
