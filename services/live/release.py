"""Which release of the pages is running, so that a screen that is never reloaded by hand notices a new one."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings


@cache
def release() -> str:
    """A short hash of all templates, scripts, style sheets and recordings; read once in each process."""
    folders = [*settings.STATICFILES_DIRS, settings.BASE_DIR / "templates"]
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file():
                digest.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
