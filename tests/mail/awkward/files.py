"""Attachments: names in every spelling, winmail.dat, calendars, mails within mails, nesting."""

from __future__ import annotations

import struct
from base64 import b64encode

from tests.mail.awkward import PDF, QUESTION, WORDS, coded, head, mail, mixed, multi, part, pieces


def named(*disposition: str, kind: str = "application/pdf") -> bytes:
    return mixed(WORDS, coded(kind, PDF, "Content-Disposition: attachment; " + "; ".join(disposition)))


def tnef(*files: tuple[str, str, bytes], body: str = "") -> bytes:
    """As Outlook packs them: short title, content, long name among the properties."""

    def attribute(level: int, number: int, content: bytes) -> bytes:
        checksum = sum(content) & 0xFFFF
        return struct.pack("<BHHI", level, number, 6, len(content)) + content + struct.pack("<H", checksum)

    out = struct.pack("<IH", 0x223E9F78, 1)
    if body:
        out += attribute(1, 0x800C, body.encode() + b"\0")
    for short, long, content in files:
        name = long.encode("utf-16-le") + b"\0\0"
        properties = struct.pack("<I", 1) + b"\x1f\x00\x07\x37" + struct.pack("<II", 1, len(name)) + name
        out += attribute(2, 0x9002, b"\0" * 14) + attribute(2, 0x8010, short.encode() + b"\0")
        out += attribute(2, 0x800F, content) + attribute(2, 0x9005, properties)
    return out


WINMAIL = tnef(("LAPORA~1.PDF", "Laporan Kebutuhan Data.pdf", PDF))
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Rapat\r\nEND:VEVENT\r\nEND:VCALENDAR"


def mails():
    yield from names()
    yield from packed()
    yield from shapes()


def names():
    yield (
        "RFC 2231 name",
        named("filename*=utf-8''Kebutuhan%20%E2%80%9Cdata%E2%80%9D.pdf"),
        {"files": ["Kebutuhan “data”.pdf"]},
    )
    pieces_of_name = ("filename*0*=utf-8''Surat%20per", "filename*1*=mohonan%20", "filename*2=data.pdf")
    yield "RFC 2231 name in pieces", named(*pieces_of_name), {"files": ["Surat permohonan data.pdf"]}
    yield "pieces out of order", named(*pieces_of_name[::-1]), {"files": ["Surat permohonan data.pdf"]}
    yield (
        "name in encoded words",
        named('filename="=?utf-8?B?' + b64encode("Surat “data”.pdf".encode()).decode() + '?="'),
        {"files": ["Surat “data”.pdf"]},
    )
    yield "RFC 2231 in latin-1", named("filename*=iso-8859-1'fr'caf%E9.pdf"), {"files": ["café.pdf"]}
    yield (
        "broken RFC 2231",
        named("filename*0*=utf-8''a", "filename*=b", "filename*x=c.pdf"),
        {"text": QUESTION},
    )
    yield "name with semicolons and quotes", named(r'filename="a;b \"c\".pdf"'), {"files": ["a;b _c_.pdf"]}
    yield "name that climbs", named('filename="../../etc/passwd.pdf"'), {"files": ["passwd.pdf"]}
    yield "name of a Windows path", named(r'filename="C:\\Users\\siti\\surat.pdf"'), {"files": ["surat.pdf"]}
    yield (
        "name that turns around",
        named("filename*=utf-8''surat%E2%80%AEfdp.exe"),
        {"files": ["suratfdp.exe"]},
    )
    yield "name of 5,000 letters", named(f'filename="{"a" * 5000}.pdf"'), {"text": QUESTION}
    yield (
        "no name",
        mixed(WORDS, coded("application/pdf", PDF, "Content-Disposition: attachment")),
        {"files": ["lampiran-1.pdf"]},
    )
    yield (
        "name only in the type",
        mixed(WORDS, coded('application/pdf; name="surat.pdf"', PDF)),
        {"files": ["surat.pdf"]},
    )
    eight_bit = mixed(
        WORDS, coded("application/pdf", PDF, b'Content-Disposition: attachment; filename="caf\xe9.pdf"')
    )
    yield "8-bit name", eight_bit, {"files": ["café.pdf"]}


def packed():
    winmail = coded("application/ms-tnef; name=winmail.dat", WINMAIL, "Content-Disposition: attachment")
    yield "winmail.dat", mixed(WORDS, winmail), {"files": ["Laporan Kebutuhan Data.pdf"], "text": QUESTION}
    octets = coded('application/octet-stream; name="winmail.dat"', WINMAIL)
    yield "winmail.dat as octets", mixed(WORDS, octets), {"files": ["Laporan Kebutuhan Data.pdf"]}
    cut = coded("application/ms-tnef", WINMAIL[:90])
    yield "winmail.dat cut off", mixed(WORDS, cut), {"files": ["winmail.dat"], "text": QUESTION}
    alone = (
        head(Content_Type="application/ms-tnef", Content_Transfer_Encoding="base64")
        + b"\r\n"
        + b64encode(tnef(body=QUESTION))
    )
    yield "nothing but winmail.dat", alone, {"text": QUESTION, "files": []}
    invitation = multi(
        WORDS,
        part("text/calendar; method=REQUEST; charset=utf-8", CALENDAR),
        kind="alternative",
        mark="dalam",
    )
    yield (
        "an invitation",
        mixed(invitation),
        {"text": QUESTION, "files": ["lampiran-1.ics"], "kind": "person"},
    )
    inner = mail("Surat lama.", Subject="Surat lama", Message_ID="<lama@example.test>")
    yield (
        "a mail within the mail",
        mixed(WORDS, part("message/rfc822", inner)),
        {"text": QUESTION, "files": ["Surat lama.eml"]},
    )
    coded_inner = coded("message/rfc822", inner)
    yield "a mail within, in base64 against the standard", mixed(WORDS, coded_inner), {"text": QUESTION}
    photo = coded(
        "image/png",
        b"\x89PNG\r\n\x1a\n",
        "Content-ID: <logo>",
        "Content-Disposition: inline; filename=logo.png",
    )
    html = part("text/html; charset=utf-8", f'<p>{QUESTION}</p><img src="cid:logo" alt="">')
    related = multi(html, photo, kind="related", mark="dalam")
    yield "a picture in the signature", mixed(related), {"text": QUESTION, "files": ["logo.png"]}
    signature = part("application/pgp-signature; name=signature.asc", "-----BEGIN PGP SIGNATURE-----")
    yield "signed", mixed(WORDS, signature, kind="signed"), {"text": QUESTION, "files": ["signature.asc"]}
    encrypted = mixed(
        part("application/pgp-encrypted", "Version: 1"),
        coded("application/octet-stream", b"xx"),
        kind="encrypted",
    )
    yield "encrypted", encrypted, {"text": ""}


def shapes():
    html = part(
        "text/html; charset=utf-8", f"<html><style>p{{}}</style><p>{QUESTION}</p><script>x</script></html>"
    )
    yield "only HTML", head(Content_Type="text/html") + f"\r\n<b>{QUESTION}</b>".encode(), {"text": QUESTION}
    yield "words and HTML", mixed(WORDS, html, kind="alternative"), {"text": QUESTION}
    yield "HTML before words", mixed(html, WORDS, kind="alternative"), {"text": QUESTION}
    yield (
        "empty words beside HTML",
        mixed(part("text/plain", " \r\n"), html, kind="alternative"),
        {"text": QUESTION},
    )
    three = [part("text/plain", "Satu."), coded("image/png", b"\x89PNG"), part("text/plain", "Dua.")]
    yield "words around a picture", mixed(*three), {"text": "Satu.\n\nDua.", "files": ["lampiran-1.png"]}
    yield (
        "only a file",
        mixed(coded('application/pdf; name="surat.pdf"', PDF)),
        {"text": "", "files": ["surat.pdf"]},
    )
    yield (
        "a file as the whole mail",
        head(Content_Type='application/pdf; name="surat.pdf"', Content_Transfer_Encoding="base64")
        + b"\r\n"
        + b64encode(PDF),
        {"files": ["surat.pdf"], "text": ""},
    )
    as_file = part(
        "text/plain; name=catatan.txt", "Isi", "Content-Disposition: attachment; filename=catatan.txt"
    )
    yield "words as a file", mixed(WORDS, as_file), {"text": QUESTION, "files": ["catatan.txt"]}
    yield "no end of the last part", head() + multi(WORDS, end=False), {"text": QUESTION}
    yield (
        "no boundary named",
        head(Content_Type="multipart/mixed") + b"\r\n" + QUESTION.encode(),
        {"text": QUESTION},
    )
    yield (
        "a boundary that never comes",
        head(Content_Type='multipart/mixed; boundary="x"') + b"\r\n" + QUESTION.encode(),
        {"text": QUESTION},
    )
    nested = multi(
        multi(multi(WORDS, kind="alternative", mark="c"), kind="related", mark="b"),
        coded("application/pdf; name=a.pdf", PDF),
        mark="a",
    )
    yield "three levels", head() + nested, {"text": QUESTION, "files": ["a.pdf"]}
    same = (
        head(Content_Type='multipart/mixed; boundary="x"')
        + b"\r\n"
        + pieces(multi(WORDS, mark="x"), mark="x")
    )
    yield "the same boundary within", same, {"problems": []}
    yield "an empty type", mail(QUESTION.encode(), Content_Type=""), {"text": QUESTION}
    yield "a type that is none", mail(QUESTION.encode(), Content_Type="teks; ; =;charset"), {"text": QUESTION}
