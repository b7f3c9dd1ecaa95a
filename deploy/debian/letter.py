"""Sends a letter as a mail program does, on port 587 with TLS and a login; with FILE, one by one until FILE exists.

Any answer but 250 ends it with that answer. How many were sent is printed: letter.py SUBJECT [FILE]
"""

from __future__ import annotations

import smtplib
import ssl
import sys
import time
from pathlib import Path

HOST = "mail.quangngai.gov.vn"
# Of a stock Postfix; signed by nobody but itself.
CERTIFICATE = "/etc/ssl/certs/ssl-cert-snakeoil.pem"
SENDER = "annv@soyte.quangngai.gov.vn"
# A mailbox of this machine, so that its delivery is seen too.
RECIPIENT = f"clerk@{HOST}"


def send(subject: str) -> None:
    text = f"From: {SENDER}\r\nTo: {RECIPIENT}\r\nSubject: {subject}\r\n\r\nchao\r\n"
    with smtplib.SMTP(HOST, 587, timeout=60) as client:
        client.starttls(context=ssl.create_default_context(cafile=CERTIFICATE))
        client.login(SENDER, "mat-khau")
        client.sendmail(SENDER, [RECIPIENT], text)


def main() -> None:
    send(sys.argv[1])
    sent = 1
    while len(sys.argv) > 2 and not Path(sys.argv[2]).exists():
        time.sleep(0.1)
        send(sys.argv[1])
        sent += 1
    print(sent)


if __name__ == "__main__":
    main()
