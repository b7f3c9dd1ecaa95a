"""Digital signatures: who signed, when, and whether it holds.

Presence, and the signer (CN, O) and time as the signature itself states them, are told of S/MIME, OpenPGP, PDF
(PAdES), Office Open XML, OpenDocument and XML-DSig. Whether it holds is checked for S/MIME (detached and opaque), p7m
files and PDF, where the settings name a folder of authorities:

    documents:
      trust: /etc/vanthu/authorities

In it lie certificates of authorities, root or issuing ones (`.pem`, `.crt`, `.der`), and their revocation lists
(`.crl`), which a timer of the operator's renews (`systemctl reload vanthu` takes them over). A file that is neither
stops the start or reload. Nothing is ever fetched: a certificate whose chain is not in the folder or in the signature
is `unverifiable`, OCSP is not asked. A rule asks so:

    any_signature: {kind: pdf, status: valid, organization: UBND tỉnh Quảng Ngãi}

Checking is done by pyHanko (MIT) and cryptography (Apache 2.0 or BSD), which are loaded only where authorities are
configured, inside the cage of a child. Whatever a library stumbles over is not `valid`. A signature that takes longer
than `signature_seconds`, or is one too many, costs nothing but its verdict: the text is read all the same.

Not checked: OpenPGP, Office Open XML, OpenDocument and XML-DSig (`present` at best), a detached signature of a file
beside it (`.p7s`, `.asc`), whether the certificate's address is that of From.
"""
