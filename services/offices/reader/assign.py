"""Give every drafted item its channel."""

from __future__ import annotations

import re

from .channels import audience, mentioned, split_procedure, split_requirements
from .items import Draft

_BOX = re.compile(r"\bkotak\b|pengaduan langsung|datang langsung|tatap muka|\bloket\b")
_SHORT_TIME = re.compile(r"\b(?:menit|jam)\b")


def assign_channels(section: str, drafts: list[Draft]) -> None:
    """Explicit labels decide; a flat list is split by its content; children follow their parent."""
    roots = [draft for draft in drafts if draft.parent is None and not draft.explicit]
    labelled = any(draft.explicit for draft in drafts)
    if section in {"requirements", "procedure"} and not labelled:
        split = split_requirements if section == "requirements" else split_procedure
        for draft, channel in zip(roots, split([draft.own_key for draft in roots]), strict=True):
            draft.channel = channel
    else:
        for draft in roots:
            draft.channel = _single(section, draft.own_key)
    for draft in drafts:
        if draft.explicit:
            draft.channel = draft.explicit
        elif draft.parent is not None:
            draft.channel = draft.parent.channel
        own = (
            audience(draft.own_key)
            if section in {"requirements", "procedure"} and not draft.explicit
            else None
        )
        draft.channel = own or draft.channel


def _single(section: str, text: str) -> str:
    """The channel of an item that stands for itself."""
    if section == "fee":
        return "both"
    if section == "complaints":
        return "onsite" if _BOX.search(text) else "online"
    if section in {"requirements", "procedure"}:
        return (split_requirements if section == "requirements" else split_procedure)([text])[0]
    named = mentioned(text[:600])
    if named == "onsite" and section == "time" and re.search(r"dapat langsung|secara langsung mencari", text):
        named = None
    if section == "time" and named is None:
        return "onsite" if _SHORT_TIME.search(text) else "both"
    return named or "both"
