"""Which offices somebody oversees (docs/decisions/041): those they are supervisor of, and all below these in the tree.

Figures only. What stands behind a figure is opened by who has a membership in that office.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from services.accounts.models import Membership, Role
from services.offices.models import Office


def overseen(memberships: Iterable[Membership]) -> QuerySet[Office]:
    """Those that serve visitors; a province without a service of its own only holds the tree together."""
    mine = [m.office_id for m in memberships if m.role == Role.SUPERVISOR]
    below = Q(pk__in=mine) | Q(parent__in=mine) | Q(parent__parent__in=mine)
    return Office.objects.filter(below).serving().order_by("code")
