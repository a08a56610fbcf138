"""What helps the search: the words there are, and what was sought."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F

from services.offices.models import Office


class Word(models.Model):
    """A word of the catalogue and in how many records it stands; typing errors are compared with these."""

    text = models.CharField(max_length=60, primary_key=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [GinIndex(fields=["text"], opclasses=["gin_trgm_ops"], name="word_trigrams")]

    def __str__(self) -> str:
        return self.text


class SearchTally(models.Model):
    """How often something was sought on a day, and whether it was found. Never by whom: no person, device, address
    or hour. `office` is the one searched in, empty for all."""

    day = models.DateField()
    office = models.ForeignKey(Office, models.CASCADE, null=True, blank=True, related_name="search_tallies")
    text = models.CharField(max_length=200)
    found = models.BooleanField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "office", "text", "found"], name="one_tally_of_a_day", nulls_distinct=False
            )
        ]
        indexes = [models.Index(F("day").desc(), name="search_tally_newest")]

    def __str__(self) -> str:
        return self.text
