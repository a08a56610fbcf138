"""Bytes of a mail as text, whatever character set they claim to be in. Never raises, never gives NUL."""

from __future__ import annotations

import codecs
import re

# Names that mail programs write and Python does not know, or means more narrowly than they do.
ALIASES = {
    "ansi": "cp1252", "ascii": "ascii", "default": "utf-8", "gb2312": "gb18030", "gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "ks_c_5601-1987": "cp949", "unicode-1-1-utf-7": "utf-7",
    "shift_jis": "cp932", "x-sjis": "cp932", "utf8mb4": "utf-8", "unicode": "utf-8", "windows-31j": "cp932",
    "x-gbk": "gb18030", "x-unknown": "utf-8", "unknown-8bit": "utf-8", "tis-620": "cp874", "iso-2022-jp": "iso2022_jp_ext",
}  # fmt: skip
# Python calls these text too; in a mail they are a mistake or an attack (punycode takes quadratic time).
NOT_OF_MAIL = {"idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
# Declared by programs that never looked: real UTF-8 in them is no accident.
CARELESS = {"ascii", "iso8859-1", "cp1252", "iso8859-15"}
# C0 but tab and line ends, DEL, C1, marks that turn the direction of writing around, lone surrogates.
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def text_of(raw: bytes, charset: str = "") -> str:
    """The declared character set where it fits, what is likely where it does not."""
    name = known(charset)
    tries = ["utf-8", name] if name in CARELESS or not name else [name, "utf-8"]
    for encoding in filter(None, tries):
        try:
            return cleaned(raw.decode("cp1252" if encoding == "iso8859-1" else encoding))
        except (UnicodeError, LookupError, ValueError):
            continue
    # Wrong, whatever it is: a multi-byte set keeps what can be read, for all others the commonest single-byte one.
    single = not name or name in CARELESS or name == "utf-8"
    try:
        return cleaned(raw.decode("cp1252" if single else name, "replace"))
    except (UnicodeError, LookupError, ValueError):
        return cleaned(raw.decode("latin-1"))


def known(charset: str) -> str:
    """Python's name of a declared character set; empty where there is none such."""
    wanted = charset.strip().strip("\"'").partition("*")[0].lower().replace(" ", "")
    wanted = ALIASES.get(wanted, wanted)
    try:
        found = codecs.lookup(wanted)
    except (LookupError, ValueError):
        return ""
    if found.name in NOT_OF_MAIL or not getattr(found, "_is_text_encoding", True):
        return ""
    return found.name


def cleaned(text: str) -> str:
    """Without what no screen and no database wants."""
    return UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
