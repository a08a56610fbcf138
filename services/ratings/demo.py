"""A few stars of the last weeks for a demonstration office, of things taken along, so that no visit need be made up."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.utils import timezone

from services.offices.models import Office
from services.ratings.models import Rating

COUNT = 24
WORDS = ("", "", "", "Petugas menjelaskan dengan sabar.", "Antriannya agak lama.")


def furnish(office: Office, *, at: datetime | None = None) -> int:
    """Returns how many are new; a second call adds nothing."""
    if Rating.objects.filter(office=office).exists():
        return 0
    now, chance = at or timezone.now(), random.Random(int(office.code))  # noqa: S311 - examples, not secrets
    services = list(office.services.filter(active=True))
    rows = []
    for number in range(COUNT):
        stars = chance.choice((2, 3, 4, 4, 5, 5, 5))
        why = chance.choice((["conduct"], ["competence"], ["facilities"], [])) if stars > 3 else ["time"]
        rows.append(
            Rating(
                office=office,
                about=Rating.About.DOWNLOAD,
                service=chance.choice(services),
                stars=stars,
                reasons=why,
                comment=chance.choice(WORDS[:4] if stars > 3 else WORDS),
                channel=Rating.Channel.ONLINE,
                at=now - timedelta(days=2.5 * number, hours=1),
            )
        )
    Rating.objects.bulk_create(rows)
    return COUNT
