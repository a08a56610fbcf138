"""The number of a copy that was handed out: PST-7411-26-K7QXM-9M2PTA. Office, year, ten signs by chance (49 bits) and one
that checks all before it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from services import codes

RANDOM = 10  # signs by chance; log2(31 ** 10) = 49.5
FIRST = 5  # of them before the last hyphen
LETTERS = codes.READABLE
PRIME = len(LETTERS)  # 31: a sign that is wrong, or two that changed places, never check
AS_DIGIT = str.maketrans("OQIL", "0011")
SHAPE = re.compile(rf"(?:PST)?([0-9OQIL]{{4}})([0-9OQIL]{{2}})([{LETTERS}]{{{RANDOM + 1}}})", re.ASCII)


def new(office_code: str, day: date) -> str:
    """`day`: the office's own."""
    return _written(office_code, f"{day:%y}", codes.readable(RANDOM))


def _written(office: str, year: str, chance: str) -> str:
    whole = chance + _check(office + year, chance)
    return f"PST-{office}-{year}-{whole[:FIRST]}-{whole[FIRST:]}"


def _check(digits: str, chance: str) -> str:
    values = [int(digit) for digit in digits] + [LETTERS.index(letter) for letter in chance]
    return LETTERS[sum(place * value for place, value in enumerate(values, start=1)) % PRIME]


def read(typed: str) -> str | None:
    """The number as it was made, however somebody copied it: small letters, other hyphens or none, the whole address of
    the code. None for what cannot be one."""
    plain = unicodedata.normalize("NFKC", typed[:200]).upper().strip().rstrip("/").rpartition("/")[2]
    found = SHAPE.fullmatch(re.sub(r"[^A-Z0-9]", "", plain))
    if found is None:
        return None
    office, year = found[1].translate(AS_DIGIT), found[2].translate(AS_DIGIT)
    written = _written(office, year, found[3][:RANDOM])
    return written if written[-1] == found[3][-1] else None
