"""Phone numbers as people write them."""

from __future__ import annotations


def spellings(phone: str) -> list[str]:
    """The digits of a stored number (+62812…) as people write them: with the country's code, as at home, and as both."""
    digits = "".join(c for c in phone if c.isdigit())
    return (
        [digits, f"0{digits[2:]}", f"620{digits[2:]}", f"00{digits}"] if digits.startswith("62") else [digits]
    )
