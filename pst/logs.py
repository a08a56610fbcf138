"""What never gets into a log: the addresses that open a visitor's own page, whom somebody looked for in the trace; and of a flood's refused requests one line a minute."""

from __future__ import annotations

import logging
import re
from threading import Lock
from time import monotonic
from typing import Any

# /k/<token>/…, /j/<token>/…, /data-saya/<token>/…, /softcopy/<secret>/, /undangan/<secret>/, /nilai/<signed>/, /kios/tiket/<token>/ and its like, ?k=<token>, ?kunci=<key>, &hub.verify_token=<word>, also with their marks percent-encoded
_SLASH, _IS = r"(?:/|%2F)", r"(?:=|%3D)"
_SECRET = re.compile(
    rf"({_SLASH}(?:[kj]|data-saya){_SLASH}|{_SLASH}(?:softcopy|undangan){_SLASH}(?=[\w-]{{20}})|{_SLASH}nilai{_SLASH}(?:[a-z]+{_SLASH})?(?=[\w:.=~-]{{20}})|{_SLASH}kios{_SLASH}(?:tiket|buku-tamu|penilaian|selamat-datang){_SLASH}"
    rf"|(?:[?&;]|%3F|%26)(?:k|kunci|hub\.verify_token){_IS}|\(token\)=\()[^/%\s?&\"')]+",
    re.IGNORECASE,
)
# ?catatan=<a visitor's name or address>, as somebody typed it into the search of the trace
_TYPED = re.compile(rf"((?:[?&;]|%3F|%26)catatan{_IS})[^&\s\"']+", re.IGNORECASE)

QUIET = ("axes", "procrastinate.blueprints", "procrastinate.periodic", "weasyprint", "fontTools", "pikepdf")


def hide(text: str) -> str:
    return _TYPED.sub(r"\1…", _SECRET.sub(r"\1…", text))


class Formatter(logging.Formatter):
    """Message and traceback without them: whoever reads the log cannot open what it tells about."""

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record))


class Refusals(logging.Filter):
    """Of requests that met a limit (429) one line a minute for each view and process, with how many there were since the last: whoever
    floods an office does not fill its disk. Everything else passes as it is."""

    EVERY = 60.0  # seconds

    def __init__(self, name: str = ""):
        super().__init__(name)
        self._lock = Lock()
        self._last: dict[str, tuple[float, int]] = {}  # by view: when its last line was, how many since

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", None) != 429:
            return True
        match, now = getattr(getattr(record, "request", None), "resolver_match", None), monotonic()
        view = match.view_name if match else ""
        with self._lock:
            at, since = self._last.get(view, (-self.EVERY, 0))
            if now - at < self.EVERY:
                self._last[view] = (at, since + 1)
                return False
            self._last[view] = (now, 0)
        if since:
            record.msg, record.args = (
                f"{record.getMessage()} ({since} more of {view or '?'} since the last line)",
                (),
            )
        return True


def configuration(level: str) -> dict[str, Any]:
    """For Django's LOGGING: one line each on the console."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": Formatter, "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
        },
        "filters": {"refusals": {"()": Refusals}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refusals"]}
        },
        "root": {"handlers": ["console"], "level": level},
        # Every log-in in four lines, what the worker's library loads, each step of a PDF: only what goes wrong.
        "loggers": {name: {"level": "WARNING"} for name in QUIET},
    }
