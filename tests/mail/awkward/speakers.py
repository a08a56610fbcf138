"""Mails nobody wrote: automatic replies, bounces, lists, and our own come back."""

from __future__ import annotations

from tests.mail.awkward import OFFICE, QUESTION, mail, mixed, part

AWAY = "Saya sedang cuti sampai 10 Maret."
STATUS = "Reporting-MTA: dns; mx.example.test\r\n\r\nFinal-Recipient: rfc822; siti@example.test\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} No such user\r\n"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.test>"


def report(
    action: str = "failed", status: str = "5.1.1", about: str = "kami-1@bps.example.test", **more
) -> bytes:
    """A bounce as a mail server makes it (RFC 3464)."""
    parts = [
        part("text/plain", "Your message could not be delivered."),
        part("message/delivery-status", STATUS.format(action=action, status=status)),
        part("text/rfc822-headers", f"From: {OFFICE}\r\nMessage-ID: <{about}>\r\nSubject: Jawaban"),
    ]
    given = {"From": DAEMON, "Subject": "Undelivered Mail Returned to Sender", "Message_ID": "<b1@mx.example.test>",
             "Return_Path": "<>", "Auto_Submitted": "auto-replied", "Content_Type": None} | more  # fmt: skip
    raw = mixed(*parts, kind="report", **given)
    return raw.replace(b"multipart/report;", b"multipart/report; report-type=delivery-status;", 1)


def mails():
    auto = {"kind": "auto", "text": AWAY}
    for name, lines in {
        "auto-replied": {"Auto_Submitted": "auto-replied"},
        "auto-generated": {"Auto_Submitted": "auto-generated (rejected)"},
        "X-Autoreply": {"X_Autoreply": "yes"},
        "Precedence auto_reply": {"Precedence": "auto_reply"},
        "no return path": {"Return_Path": "<>"},
        "Outlook's subject": {"Subject": "Automatic reply: Jawaban konsultasi"},
        "an Indonesian subject": {"Subject": "Balasan otomatis: Jawaban konsultasi"},
        "an encoded subject": {"Subject": "=?utf-8?Q?Balasan_otomatis=3A_Jawaban?="},
    }.items():
        yield f"away, by {name}", mail(AWAY, **lines), auto
    yield "not automatic, it says so", mail(Auto_Submitted="no"), {"kind": "person", "text": QUESTION}
    yield "about an automatic reply", mail(Subject="Tanya: balasan otomatis tidak datang"), {"kind": "person"}
    yield (
        "a bounce",
        report(),
        {
            "kind": "bounce",
            "report.about": "kami-1@bps.example.test",
            "report.final": True,
            "report.recipient": "siti@example.test",
            "report.status": "5.1.1",
        },
    )
    yield "only late", report("delayed", "4.4.1"), {"kind": "bounce", "report.final": False}
    yield "delivered", report("delivered", "2.1.5"), {"kind": "bounce", "report.final": False}
    words = "550 5.1.1 User unknown\n\n------ This is a copy of the message ------\nMessage-ID: <kami-2@bps.example.test>\n"
    yield (
        "a bounce in words",
        mail(words, From=DAEMON, Subject="Mail delivery failed"),
        {"kind": "bounce", "report.about": "kami-2@bps.example.test", "report.status": "5.1.1"},
    )
    yield (
        "a bounce by Exim",
        mail(words, From=DAEMON, X_Failed_Recipients="siti@example.test"),
        {"kind": "bounce", "report.recipient": "siti@example.test"},
    )
    read = mixed(
        part("text/plain", "Dibaca."),
        part("message/disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed"),
        kind="report",
        Content_Type=None,
    )
    yield (
        "a read receipt",
        read.replace(b"multipart/report;", b"multipart/report; report-type=disposition-notification;"),
        {"kind": "auto"},
    )
    for name, lines in {
        "List-Id": {"List_Id": "<statistik.example.test>"},
        "List-Unsubscribe": {"List_Unsubscribe": "<mailto:x@example.test>"},
        "Precedence bulk": {"Precedence": "bulk"},
    }.items():
        yield f"a list, by {name}", mail(**lines), {"kind": "list", "text": QUESTION}
    yield "ours, by the header", mail(X_PST_Office="1906"), {"kind": "loop"}
    yield "ours, by the address", mail(From=f"BPS <{OFFICE}>"), {"kind": "loop"}
    hops = b"".join(b"Received: from a by b; Tue, 03 Mar 2026 10:15:00 +0800\r\n" for _ in range(70))
    yield "passed on seventy times", hops + mail(), {"kind": "loop"}
    yield "automatic before a list", mail(AWAY, Auto_Submitted="auto-replied", List_Id="<x.y>"), auto
