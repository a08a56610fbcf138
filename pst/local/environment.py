"""The environment variables of a local installation, for the processes that `make` starts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pst.local.postgres import var_directory


def secret_key(path: Path) -> str:
    """The installation's secret key; made at the first call, readable by its owner only."""
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = ""
    if len(key) < 50:
        path.parent.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(48)
        # Written beside and renamed, so that a full disk cannot leave half a key.
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{key}\n")
        new.replace(path)
    return key


def use_local_settings() -> None:
    """Sets what the settings need, unless the caller has set it."""
    os.environ.setdefault("PST_MODE", "local")
    if not os.environ.get("PST_SECRET_KEY"):
        os.environ["PST_SECRET_KEY"] = secret_key(var_directory() / "secret-key")
