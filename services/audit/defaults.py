"""What counted while an office had no row of its own."""

from __future__ import annotations

from django.db import models


def usual(row: models.Model) -> models.Model:
    """A row of the same kind with the model's defaults, not stored: what a first change is compared with."""
    return type(row)()
