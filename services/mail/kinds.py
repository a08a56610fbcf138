"""Which mails there are. Each app names its own at start, with an example that can be looked at.

    register("consultation_receipt", gettext_lazy("Tanda terima konsultasi"), samples.receipt)

The text of a kind is `templates/mail/<name>.txt`; its first line is the subject.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.offices.models import Office

Sample = Callable[[Office], dict[str, Any]]
_kinds: dict[str, Kind] = {}


@dataclass(frozen=True)
class Kind:
    """`title` is what officers call it; `sample` makes a context with invented people."""

    name: str
    title: Any
    sample: Sample

    @property
    def template(self) -> str:
        return f"mail/{self.name}.txt"


def register(name: str, title: Any, sample: Sample) -> None:
    _kinds[name] = Kind(name, title, sample)


def get(name: str) -> Kind:
    """Raises KeyError for a kind nobody registered, so that there is no mail that cannot be looked at."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)
