"""The questionnaires that come with PST, as files; the file's name is the key.

Loaded after every migrate. A questionnaire that somebody answered is never changed: a corrected one is a new file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from services.surveys.questions import read

FOLDER = Path(__file__).parent


class ChangedAfterwards(Exception):
    """A file says something else than what people were asked."""


def load(folder: Path = FOLDER) -> int:
    """How many are new or were corrected before anybody answered. Raises ChangedAfterwards, and questions.Faulty."""
    from services.surveys.models import Instrument

    changed = 0
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        read(content)  # a faulty one is not stored
        facts = {name: content[name] for name in ("kind", "name", "name_en", "source")} | {"content": content}
        found, made = Instrument.objects.get_or_create(key=path.stem, defaults=facts)
        if made or found.content == content:
            changed += made
            continue
        if found.responses.exists():
            raise ChangedAfterwards(f"{path.name}: give the new wording a new file name")
        Instrument.objects.filter(pk=found.pk).update(**facts)
        changed += 1
    return changed
