"""Who may read a publication and from when on: each change of it, with who, when and why (docs/decisions/027)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from library.models.catalogue import Access, Publication


class AccessChange(models.Model):
    """An immutable row: from what to what. An empty `until` is no embargo; a record begins as everybody's, known at once."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    was_access = models.CharField(max_length=10, choices=Access)
    was_until = models.DateTimeField(null=True)
    access = models.CharField(max_length=10, choices=Access)
    until = models.DateTimeField(null=True)
    why = models.CharField(
        max_length=200, blank=True
    )  # an officer's words: why it was opened earlier or wider

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.was_access} {self.access}"
