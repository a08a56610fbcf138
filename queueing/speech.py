"""What the TV says. Numbers are spoken digit group by digit group as people here say them: "nol dua belas"."""

from __future__ import annotations

UNITS = (
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
)


def words(number: int) -> str:
    """Indonesian number words for 0–999. Raises ValueError outside."""
    if not 0 <= number <= 999:
        raise ValueError(f"number words go from 0 to 999, not {number}")
    if number < 12:
        return UNITS[number]
    if number < 20:
        return f"{UNITS[number - 10]} belas"
    if number < 100:
        tens, rest = divmod(number, 10)
        return f"{UNITS[tens]} puluh" + (f" {UNITS[rest]}" if rest else "")
    hundreds, rest = divmod(number, 100)
    head = "seratus" if hundreds == 1 else f"{UNITS[hundreds]} ratus"
    return head + (f" {words(rest)}" if rest else "")


def number_words(label: str) -> str:
    """A012 → "A, nol dua belas": leading zeros are said, as they stand on the ticket."""
    letters = "".join(c for c in label if c.isalpha())
    digits = label[len(letters) :]
    zeros = len(digits) - len(digits.lstrip("0")) if digits.strip("0") else len(digits) - 1
    return ", ".join([" ".join(letters), " ".join(["nol"] * zeros + [_spoken(digits or "0")])])


def _spoken(digits: str) -> str:
    """A number in words; beyond 999 digit by digit."""
    value = int(digits)
    return words(value) if value <= 999 else " ".join(UNITS[int(d)] for d in digits)


def call_text(label: str, counter: int) -> str:
    """The whole call, in Indonesian: "Nomor antrian, A, nol dua belas, silakan ke loket satu"."""
    return f"Nomor antrian, {number_words(label)}, silakan ke loket {_spoken(str(counter))}"
