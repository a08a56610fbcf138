"""The complaint channels an office publishes, in its own order (requirement rows 42 and 43)."""

from __future__ import annotations

import re

from .evidence import LONGEST, Reading, rule
from .facts import DerivedRule, Item
from .text import EMAIL, PHONE, URL, key, with_scheme

_LABELLED = re.compile(r"(?P<label>[^:\n]{1,60}?)\s?:(?!//)\s?(?P<value>.+)$", re.S)
_KINDS = (
    (
        "sms_whatsapp",
        re.compile(r"\bsms\b[^:]{0,12}\b(?:whats ?app|wa)\b|\b(?:whats ?app|wa)\b[^:]{0,12}\bsms\b"),
    ),
    ("whatsapp", re.compile(r"\bwhats ?app\b|\bwa\b")),
    ("email", re.compile(r"\be\s?-?\s?mail\b|\bsurel\b|\bpos-?el\b")),
    ("lapor", re.compile(r"\bsp4n\b|\blapor(?:\.go\.id|!)")),
    ("box", re.compile(r"\bkotak\b")),
    ("facebook", re.compile(r"\bfb\b|\bfacebook\b")),
    ("instagram", re.compile(r"\big\b|\binstagram\b")),
    (
        "other",
        re.compile(
            r"\btwitter\b|\btiktok\b|\byoutube\b|\btelegram\b|\bmedia sosial\b|\bx\b|\bfaks?(?:imili)?\b|\bfax\b"
        ),
    ),
    (
        "phone",
        re.compile(r"\btele?p(?:h?on)?\b|\btelp?\b|\bphone\b|\bhp\b|\bsms\b|\bhotline\b|\bcall center\b"),
    ),
    ("form", re.compile(r"\bform(?:ulir)?\b|\bpengaduan online\b|\bonline\b|\bdaring\b|\btautan\b|\blink\b")),
    ("website", re.compile(r"\bweb ?site\b|\bweb\b|\blaman\b|\bsitus\b|\bportal\b")),
)
_FORM_LINK = re.compile(r"aduan|pengaduan|form|keluhan|saran", re.I)
_DEFAULT_LABELS = {
    "email": "E-mail", "phone": "Telepon", "whatsapp": "WhatsApp", "sms_whatsapp": "SMS/WhatsApp", "lapor": "LAPOR!",
    "form": "Formulir pengaduan", "website": "Situs web", "box": "Kotak saran", "facebook": "Facebook",
    "instagram": "Instagram", "other": "Lainnya",
}  # fmt: skip
_PERSON = re.compile(
    r"\((?P<person>\s?[A-Z][a-z'’]{1,}[^()]{1,100})\)|\b(?:a\.n\.|u\.p\.|dengan) (?P<named>(?:Bapak|Ibu|Sdr\.?)? ?[A-Z][^,;()]{2,60})"
)
_IN_PERSON = re.compile(r"\bdatang\b|\bsecara langsung\b|\btatap muka\b|\bmenemui\b")
_BOX = re.compile(r"\bkotak\s(?:saran|pengaduan|aduan|kritik)\b[^.,;:]{0,150}", re.I)
_LABEL_WORD = (
    r"(?:Pengaduan (?:Langsung|Online)|Kotak Saran|Website|Situs|Laman|E-?mail|Surel|Whats ?App|WA|SMS(?:/\w+)?|Tele?p(?:h?on)?|HP"
    r"|Form(?:ulir)?(?: Pengaduan)?|Facebook|FB|Instagram|IG|Twitter|Faks?|Fax|Direct Message)"
)
_SPLIT = re.compile(
    r"(?:;|,|\s\|\s|\s/\s|\s{2,}|\bdan\b|\batau\b)\s*(?=[A-Za-z][\w .&/-]{1,24}?\s?:(?!//))"
    rf"|(?<=\S)\s(?={_LABEL_WORD}\s?:(?!//))",
    re.I,
)


def contact_rules(reading: Reading) -> list[DerivedRule]:
    """The rule "complaint_channels"."""
    channels: list[dict[str, str]] = []
    used: list[Item] = []
    for item in reading.items("complaints"):
        found = [c for part in _SPLIT.split(item.text[:LONGEST]) for c in _channels(part.strip())]
        fresh = [
            c for c in found if all((c["kind"], c["value"]) != (o["kind"], o["value"]) for o in channels)
        ]
        channels += fresh
        used += [item] if found else []
    note = (
        "Saluran pengaduan sesuai urutan yang diterbitkan"
        if used
        else "Naskah tidak mencantumkan saluran pengaduan"
    )
    return [rule("complaint_channels", channels, used, note)]


def _channels(text: str) -> list[dict[str, str]]:
    """The channels one published line names."""
    match = _LABELLED.match(text)
    label, value = (match["label"].strip(), match["value"].strip()) if match else ("", text)
    tokens = _tokens(value)
    if len(tokens) > 1:
        return [_token_channel(value, token, label) for token in tokens]
    if not match:
        in_person = not tokens and _IN_PERSON.search(key(value))
        found = [_token_channel(value, token, "") for token in tokens]
        return [_channel("other", "Datang langsung", value, "")] if in_person else found
    kind = _kind(label, value, tokens)
    if not kind or not value:
        return []
    cleaned, person = _without_person(value, kind)
    return [_channel(kind, label, _value(kind, cleaned), person)]


def _tokens(text: str) -> list[tuple[int, str, str]]:
    """E-mail addresses, links, telephone numbers and boxes in a text, in order."""
    found = [(m.start(), "email", m[0].rstrip(".")) for m in EMAIL.finditer(text)]
    taken = [(start, start + len(value)) for start, _, value in found]
    for pattern, kind in ((URL, "link"), (PHONE, "phone"), (_BOX, "box")):
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                found.append((match.start(), kind, match[0].rstrip(" .,")))
                taken.append((match.start(), match.end()))
    return sorted(found)


def _token_channel(text: str, token: tuple[int, str, str], label: str) -> dict[str, str]:
    """A channel that stands in running text; the words before it tell what it is."""
    start, kind, value = token
    before = re.split(r"[,;]", key(text[max(0, start - 40) : start]))[-1]
    if kind == "link":
        kind = _link_kind(value, before or key(label))
    elif kind == "phone":
        spoken = next((name for name, pattern in _KINDS if pattern.search(before)), "")
        from_label = next((name for name, pattern in _KINDS if pattern.search(key(label))), "phone")
        kind = spoken if spoken in {"whatsapp", "sms_whatsapp", "phone", "other"} else from_label
        kind = kind if kind in {"whatsapp", "sms_whatsapp", "other"} else "phone"
    elif kind == "box":
        value = value.strip()
    own = label if label and kind in {k for k, p in _KINDS if p.search(key(label))} else _DEFAULT_LABELS[kind]
    tail = text[start + len(value) : start + len(value) + 120]
    named = re.match(r"\s?\([A-Z]", tail)
    return _channel(kind, own, _value(kind, value), _without_person(tail, kind)[1] if named else "")


def _kind(label: str, value: str, tokens: list[tuple[int, str, str]]) -> str:
    """The kind of a labelled line: a link or mailbox speaks for itself, else the label decides."""
    named = next((name for name, pattern in _KINDS if pattern.search(key(label))), "")
    if tokens and tokens[0][1] == "email":
        return "email"
    if tokens and tokens[0][1] == "link" and named not in {"facebook", "instagram", "other", "whatsapp"}:
        return _link_kind(tokens[0][2], key(label))
    if tokens and tokens[0][1] == "box":
        return "box"
    if tokens and tokens[0][1] == "phone":
        return named if named in {"whatsapp", "sms_whatsapp", "other"} else "phone"
    if named in {"facebook", "instagram", "other", "box"}:
        return named
    return "other" if named in {"lapor"} else ""


def _link_kind(link: str, label: str) -> str:
    if re.search(r"(?:^|[./])lapor\.go\.id", link, re.I):
        return "lapor"
    for name, host in (("whatsapp", "wa.me"), ("facebook", "facebook.com"), ("instagram", "instagram.com")):
        if host in link.lower():
            return name
    if _FORM_LINK.search(link) or re.search(r"\bform|\bpengaduan\b|\bonline\b", label):
        return "form"
    return "website"


def _value(kind: str, value: str) -> str:
    value = value.strip(" .,;")
    if kind in {"form", "website", "lapor"}:
        link = URL.search(value)
        return with_scheme(link[0] if link else value)
    if kind == "email":
        mail = EMAIL.search(value)
        return mail[0].rstrip(".") if mail else value
    if kind in {"phone", "whatsapp", "sms_whatsapp"}:
        phone = PHONE.search(value)
        return phone[0].strip() if phone else value
    return value


def _without_person(value: str, kind: str) -> tuple[str, str]:
    """Split a published official's name off ("0812… (Nama, Jabatan)", BT): the contact is not the person."""
    match = _PERSON.search(value) if kind not in {"box", "facebook", "instagram"} else None
    if not match:
        return value, ""
    return (value[: match.start()] + value[match.end() :]).strip(), (
        match["person"] or match["named"]
    ).strip()


def _channel(kind: str, label: str, value: str, person: str) -> dict[str, str]:
    return {"kind": kind, "label": label, "value": value, "person": person}
