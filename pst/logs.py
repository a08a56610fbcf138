"""What never gets into a log: the addresses that open a visitor's own page."""

from __future__ import annotations

import logging
import re

# /k/<token>/…, /j/<token>/…, /data-saya/<token>/…, /softcopy/<secret>/, /undangan/<secret>/, /nilai/<signed>/, /kios/tiket/<token>/ and its like, ?k=<token>, ?kunci=<key>, &hub.verify_token=<word>, also with their marks percent-encoded
_SLASH, _IS = r"(?:/|%2F)", r"(?:=|%3D)"
_SECRET = re.compile(
    rf"({_SLASH}(?:[kj]|data-saya){_SLASH}|{_SLASH}(?:softcopy|undangan){_SLASH}(?=[\w-]{{20}})|{_SLASH}nilai{_SLASH}(?:[a-z]+{_SLASH})?(?=[\w:.=~-]{{20}})|{_SLASH}kios{_SLASH}(?:tiket|buku-tamu|penilaian|selamat-datang){_SLASH}"
    rf"|(?:[?&;]|%3F|%26)(?:k|kunci|hub\.verify_token){_IS}|\(token\)=\()[^/%\s?&\"')]+",
    re.IGNORECASE,
)


def hide(text: str) -> str:
    return _SECRET.sub(r"\1…", text)


class Formatter(logging.Formatter):
    """Message and traceback without them: whoever reads the log cannot open what it tells about."""

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))
