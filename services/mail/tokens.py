"""Where a reply belongs: a number with a signature, in the address it is sent to and in its subject.

    bps7411+k7411-26-00012-n5xw4ztb…@bps.go.id     [K7411-26-00012-n5xw4ztb]
    bps7411+p7411-ab2cd3-n5xw4ztb…@bps.go.id       of a complaint: its subject says nothing

The address's is longer: it is what is trusted first. Both are read without regard to case, because servers write
addresses as they like. A token only says where a message is put; nothing is ever shown for one.
"""

from __future__ import annotations

import base64
import re

from django.utils.crypto import constant_time_compare, salted_hmac

NUMBER = r"[A-Za-z]\d{4}-(?:\d{2}-\d{5,9}|[A-Za-z2-9]{6})"
IN_ADDRESS = re.compile(rf"\+({NUMBER})-([A-Za-z2-7]+)@")
IN_SUBJECT = re.compile(rf"\[({NUMBER})-([A-Za-z2-7]+)\]")
ADDRESS_LENGTH, SUBJECT_LENGTH = 16, 8  # of five bits each
MOST = 100  # of one text


class ForgedToken(Exception):
    """Something that looks like ours and is not; the message must not be put into any thread."""


def reply_address(address: str, number: str) -> str:
    """The mailbox's own address with the signed number behind a plus sign."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+{number.lower()}-{_signature('address', number, ADDRESS_LENGTH)}@{domain}"


def subject_token(number: str) -> str:
    return f"[{number.upper()}-{_signature('subject', number, SUBJECT_LENGTH)}]"


def number_in_address(address: str) -> str | None:
    """The number an address was signed for; None: it holds no token. Raises ForgedToken."""
    return _genuine(IN_ADDRESS, "address", ADDRESS_LENGTH, address)


def number_in_subject(subject: str) -> str | None:
    """The same of a subject; mail programs fold it anywhere, so spaces count for nothing. Raises ForgedToken."""
    return _genuine(IN_SUBJECT, "subject", SUBJECT_LENGTH, "".join(subject.split()))


def numbers_in(text: str) -> list[str]:
    """Of any text, a whole mail for instance: the numbers that addresses in it were signed for. Those that only look like ours
    are passed over."""
    found = list(dict.fromkeys(IN_ADDRESS.findall(text)))[:MOST]
    genuine = [
        n for n, s in found if constant_time_compare(s.lower(), _signature("address", n, ADDRESS_LENGTH))
    ]
    return [number.upper() for number in genuine]


def _genuine(pattern: re.Pattern[str], where: str, length: int, text: str) -> str | None:
    found = pattern.findall(text[:2000])
    for number, signature in found:
        if constant_time_compare(signature.lower(), _signature(where, number, length)):
            return str(number).upper()
    if found:
        raise ForgedToken
    return None


def _signature(where: str, number: str, length: int) -> str:
    digest = salted_hmac(f"services.mail.{where}", number.upper(), algorithm="sha256").digest()
    return base64.b32encode(digest).decode().lower()[:length]
