"""Character sets: declared, wrongly declared, not declared; in the words and in the header."""

from __future__ import annotations

from base64 import b64encode
from email.header import Header

from tests.mail.awkward import QUESTION, head, mail, mixed, part, qp

CURLY = "Kami mencari data “Inflasi” – terima kasih…"
CYRILLIC = "Сколько стоит статистика?"
JAPANESE = "統計について質問があります。"


def plain(raw: bytes, charset: str, cte: str = "8bit") -> bytes:
    kind = f"text/plain; charset={charset}" if charset else None
    return mail(raw, Content_Type=kind, Content_Transfer_Encoding=cte)


def mails():
    yield "utf-8", plain(CURLY.encode(), "utf-8"), {"text": CURLY}
    yield "utf-8 quoted-printable", plain(qp(CURLY), "UTF-8", "quoted-printable"), {"text": CURLY}
    yield "utf-8 base64", plain(b64encode(CURLY.encode()), '"utf-8"', "base64"), {"text": CURLY}
    yield "windows-1252", plain(CURLY.encode("cp1252"), "windows-1252"), {"text": CURLY}
    yield "latin-1 that is windows-1252", plain(CURLY.encode("cp1252"), "iso-8859-1"), {"text": CURLY}
    yield "latin-1", plain("Café Malkoçoğlu".encode("latin-1", "ignore"), "iso-8859-1"), {"has": "Café Malko"}
    yield "koi8-r", plain(CYRILLIC.encode("koi8-r"), "koi8-r"), {"text": CYRILLIC}
    yield "windows-1251", plain(CYRILLIC.encode("cp1251"), "windows-1251"), {"text": CYRILLIC}
    yield "iso-2022-jp", plain(JAPANESE.encode("iso2022_jp"), "ISO-2022-JP", "7bit"), {"text": JAPANESE}
    yield "shift_jis", plain(JAPANESE.encode("cp932"), "Shift_JIS"), {"text": JAPANESE}
    yield "gb2312 that is gb18030", plain("統計局".encode("gb18030"), "gb2312"), {"text": "統計局"}
    yield "big5", plain("統計".encode("big5"), "big5"), {"text": "統計"}
    yield "utf-16 with a mark", plain(b64encode(CURLY.encode("utf-16")), "utf-16", "base64"), {"text": CURLY}
    yield "utf-7", plain(CURLY.encode("utf-7"), "utf-7", "7bit"), {"text": CURLY}
    yield "ascii declared, utf-8 sent", plain(CURLY.encode(), "us-ascii"), {"text": CURLY}
    yield "latin-1 declared, utf-8 sent", plain(CURLY.encode(), "iso-8859-1"), {"text": CURLY}
    yield "utf-8 declared, windows-1252 sent", plain(CURLY.encode("cp1252"), "utf-8"), {"text": CURLY}
    yield "nothing declared, windows-1252 sent", plain(CURLY.encode("cp1252"), ""), {"text": CURLY}
    yield "a character set nobody knows", plain(CURLY.encode(), "x-kantor-lama"), {"text": CURLY}
    yield "a codec that is no character set", plain(QUESTION.encode(), "zlib"), {"text": QUESTION}
    yield "punycode as character set", plain(QUESTION.encode() + b"-" * 5000, "punycode"), {"has": QUESTION}
    yield "NUL bytes", plain(b"Be\0rapa PDRB?\0", "utf-8"), {"text": "Berapa PDRB?"}
    yield "lone surrogates in utf-8", plain(b"Data \xed\xa0\x80 IPM", "utf-8"), {"has": "IPM"}
    yield (
        "writing turned around",
        plain("Data \u202egpj.exe IPM".encode(), "utf-8"),
        {"text": "Data gpj.exe IPM"},
    )
    yield "old Mac line ends", plain(b"Baris satu\rBaris dua", "utf-8"), {"text": "Baris satu\nBaris dua"}
    yield "broken base64", plain(b"QmVyYXBhIFBEUkI/!!!", "utf-8", "base64"), {"has": "Berapa PDRB"}
    yield (
        "quoted-printable with lone equals signs",
        plain(b"a =3D b = c =ZZ\n", "utf-8", "quoted-printable"),
        {"has": "a = b"},
    )
    yield "an encoding nobody knows", plain(QUESTION.encode(), "utf-8", "x-rahasia"), {"text": QUESTION}
    yield from _subjects()
    yield (
        "an emoji cut in two by encoded words",
        mail(Subject="=?utf-8?B?8J+Y?= =?utf-8?B?gA==?= halo"),
        {"subject": "😀 halo"},
    )
    flowed = part(
        "text/plain; charset=utf-8; format=flowed", "Satu kalimat yang \r\nlewat dua baris.\r\nBaris baru."
    )
    yield "format=flowed", mixed(flowed), {"text": "Satu kalimat yang lewat dua baris.\nBaris baru."}
    yield "8-bit header", mail(Subject="Permohonan “data”".encode()), {"subject": "Permohonan “data”"}
    yield (
        "8-bit header in windows-1252",
        mail(Subject="Permohonan “data”".encode("cp1252")),
        {"subject": "Permohonan “data”"},
    )
    yield (
        "8-bit sender",
        head(From=b"Jos\xe9 <jose@example.test>") + b"\r\nHalo",
        {"sender.name": "José", "text": "Halo"},
    )


def _subjects():
    for charset in ("utf-8", "iso-8859-1", "iso-2022-jp", "koi8-r"):
        words = {"iso-2022-jp": "統計", "koi8-r": "Статистика"}.get(charset, "Kebutuhan café")
        yield f"subject in {charset}", mail(Subject=Header(words, charset).encode()), {"subject": words}
