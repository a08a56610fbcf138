"""Mails that want to take all the time or all the memory."""

from __future__ import annotations

from tests.mail.awkward import QUESTION, coded, head, mail, mixed, multi, part

WHOLE = {"files": ["surat-utuh.eml"], "text": "", "kind": "person"}


def mails():
    deep = part("text/plain", QUESTION)
    for n in range(400):
        deep = multi(deep, mark=f"b{n}")
    yield "400 levels", head() + deep, WHOLE
    within = mail()
    for _n in range(300):
        within = head() + b"Content-Type: message/rfc822\r\n\r\n" + within
    yield "300 mails within mails", within, WHOLE
    twenty = mail()
    for _n in range(20):
        twenty = head() + b"Content-Type: message/rfc822\r\n\r\n" + twenty
    yield "20 mails within mails", twenty, {"files": ["PDRB.eml"], "text": ""}
    yield "10,000 parts", mixed(*[part("text/plain", "x")] * 10_000), {"problems": ["parts"]}
    yield "2,000 files", mixed(*[coded("application/pdf", b"%PDF-")] * 400), {"problems": ["files"]}
    yield (
        "a header of 2 MB",
        b"X-Panjang: " + b"a" * 2_000_000 + b"\r\n" + mail(),
        {"files": ["surat-utuh.eml"]},
    )
    yield "50,000 header lines", b"X-A: 1\r\n" * 50_000 + mail(), {"files": ["surat-utuh.eml"]}
    yield "3,000,000 lines", mail(b"a\n" * 3_000_000), WHOLE
    yield "41 MB", mail(b"a" * 41_000_000), {"files": [], "problems": ["bytes"], "text": ""}
    yield "one line of 5 MB", mail(b"a" * 5_000_000), {"problems": []}
    yield "HTML 200,000 levels deep", mixed(part("text/html", "<div>" * 90_000 + QUESTION)), {"has": QUESTION}
    yield "60,000 quotations within quotations", mail(">" * 60_000 + " x"), {"problems": []}
    yield "20,000 lines that may begin a quotation", mail("Pada 3 <a@b\n" * 20_000), {"problems": []}
    yield "20,000 labels", mail("Dari: a@b\n" * 20_000), {"problems": []}
    yield (
        "a parameter that never ends",
        mixed(part("text/plain; " + 'a="\\' * 5_000, QUESTION)),
        {"problems": []},
    )
    yield (
        "5,000 parameters",
        mixed(part("text/plain; " + "; ".join(f"a*{n}=b" for n in range(5_000)), QUESTION)),
        {"text": QUESTION},
    )
