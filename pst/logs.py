"""What never gets into a log: the addresses that open a visitor's own page."""

from __future__ import annotations

import logging
import re

# /k/<token>/…, /kios/tiket/<token>/, …buku-tamu/<token>/, …penilaian/<token>/, ?k=<token>, ?kunci=<key>
_SECRET = re.compile(r"(/k/|/kios/(?:tiket|buku-tamu|penilaian)/|[?&](?:k|kunci)=)[^/\s?&\"']+")


def hide(text: str) -> str:
    return _SECRET.sub(r"\1…", text)


class HideTokens(logging.Filter):
    """On the handler: whoever reads the log cannot open what it tells about."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = hide(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        return True
