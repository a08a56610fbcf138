"""Header lines that are missing, double, endless or nonsense."""

from __future__ import annotations

from tests.mail.awkward import QUESTION, SENDER, head, mail


def mails():
    unknown = {"sender.email": "", "text": QUESTION}
    yield "no From", mail(From=None), unknown | {"doubtful": True}
    yield "an empty From", mail(From=""), unknown
    yield "From without an address", mail(From="Siti"), unknown
    yield "From undisclosed", mail(From="undisclosed-recipients:;"), unknown
    yield "two Froms", b"From: palsu@example.test\r\n" + mail(), {"doubtful": True, "text": QUESTION}
    yield "two addresses in From", mail(From=f"{SENDER}, lain@example.test"), {"doubtful": True}
    yield (
        "an address as display name",
        mail(From='"kepala@bps.go.id" <jahat@example.test>'),
        {"sender.email": "jahat@example.test"},
    )
    yield (
        "an encoded address",
        mail(From="=?utf-8?Q?kepala=40bps.go.id=3E?= <jahat@example.test>"),
        {"sender.email": "jahat@example.test"},
    )
    yield (
        "From with a comma in the name",
        mail(From='"Nurhaliza, Siti" <siti@example.test>'),
        {"sender.email": SENDER, "sender.name": "Nurhaliza, Siti", "doubtful": False},
    )
    yield "capitals in the address", mail(From="SITI@Example.TEST"), {"sender.email": SENDER}
    yield "nested comments", mail(From="(" * 3000 + SENDER), {"text": QUESTION}
    yield "no Message-ID", mail(Message_ID=None), {"own_id": False, "text": QUESTION}
    yield "an empty Message-ID", mail(Message_ID="<>"), {"own_id": False}
    yield (
        "a Message-ID without brackets",
        mail(Message_ID="satu@example.test"),
        {"message_id": "satu@example.test"},
    )
    yield (
        "two Message-IDs",
        mail(Message_ID="<satu@example.test> <dua@example.test>"),
        {"message_id": "satu@example.test"},
    )
    yield "a Message-ID of 9,000 letters", mail(Message_ID=f"<{'a' * 9000}@x>"), {"text": QUESTION}
    yield (
        "a Message-ID with a line break",
        mail(Message_ID="\r\n <satu@example.test>"),
        {"message_id": "satu@example.test"},
    )
    yield "no Date", mail(Date=None), {"sent_at": None}
    yield "a Date of nonsense", mail(Date="Selasa tanggal tiga"), {"sent_at": None}
    yield "a Date in the year 99999", mail(Date="Tue, 03 Mar 99999 10:15:00 +9999"), {"sent_at": None}
    yield "an impossible zone", mail(Date="Tue, 03 Mar 2026 10:15:00 +99999999"), {"text": QUESTION}
    yield "no Subject", mail(Subject=None), {"subject": ""}
    yield "two Subjects", b"Subject: pertama\r\n" + mail(), {"subject": "pertama"}
    yield "a Subject of 100,000 letters", mail(Subject="a" * 100_000), {"text": QUESTION}
    yield "a Subject with controls", mail(Subject="PDRB\x00\x07\x1b[31m"), {"subject": "PDRB[31m"}
    yield "encoded words that never end", mail(Subject="=?utf-8?Q?" * 3000), {"text": QUESTION}
    references = " ".join(f"<{n}@example.test>" for n in range(5000))
    yield (
        "5,000 references",
        mail(References=references, In_Reply_To="<4999@example.test>"),
        {"in_reply_to": ["4999@example.test"]},
    )
    yield (
        "references run together",
        mail(References="<a@x><b@x>\r\n\t<c@x>"),
        {"references": ["a@x", "b@x", "c@x"]},
    )
    yield "a line without a colon in the header", b"bukan header\r\n" + mail(), {"problems": []}
    yield (
        "an mbox line first",
        b"From siti Tue Mar  3 10:15:00 2026\r\n" + mail(),
        {"text": QUESTION, "sender.email": SENDER},
    )
    yield "a header that begins with a blank", b" lanjutan\r\n" + mail(), {"problems": []}
    yield "no header at all", b"\r\n" + QUESTION.encode(), unknown
    yield "nothing", b"", {"text": "", "kind": "person"}
    yield "only header lines", head(), {"text": "", "subject": "PDRB"}
    yield "NUL in header names", mail(**{"X_Nol": b"\0\0"}), {"text": QUESTION}
