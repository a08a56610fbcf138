"""Survey results of whole quarters, published by the real workflow, and the plans that follow them."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Max

from pst.demo_year.place import Place
from services import periods
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.surveys import workflows
from services.surveys.models import FollowUp
from services.surveys.results import Selection
from services.workflow import IllegalMove

PLANS = {
    "U3": "Menambah petugas loket pada jam sibuk", "U8": "Memperbaiki kursi dan pendingin ruang tunggu",
    "U9": "Menjawab kotak saran setiap Senin", "U2": "Memasang papan alur pelayanan", "U5": "Melengkapi katalog",
}  # fmt: skip


def publish_results(place: Place) -> None:
    """Each quarter that lies within the year, ten days after its end."""
    head = Actor("officer", user_id=place.supervisor)
    first = place.plan.first
    quarter = periods.of_kind(
        "q",
        first
        if first == periods.of_kind("q", first).since
        else periods.of_kind("q", first).until + timedelta(days=1),
    )
    while quarter.until + timedelta(days=12) <= place.plan.end:
        at = place.open_at(quarter.until + timedelta(days=10), 10)
        before = AuditEntry.objects.aggregate(last=Max("pk"))["last"] or 0
        try:
            row = workflows.publish(
                place.office, Selection([place.office], "skm", quarter.since, quarter.until), by=head, at=at
            )
        except IllegalMove:
            row = None
        if row is not None:
            place.store.note(row)
            for line in AuditEntry.objects.filter(pk__gt=before, action="survey.published", target_id=row.pk):
                place.store.note(line)
            for element in row.figures["lowest"][:2]:
                _plan(place, quarter.since, quarter.until, element)
        quarter = periods.of_kind("q", quarter.until + timedelta(days=1))


def _plan(place: Place, since: date, until: date, element: str) -> None:
    due = until + timedelta(days=60)
    done = due < place.plan.end
    place.store.add(
        FollowUp, office_id=place.office.pk, since=since, until=until, element=element, plan=PLANS.get(element, "Meninjau prosedur"),
        owner_id=place.supervisor, owner_name="Atasan (contoh)", due_on=due, done_at=place.open_at(due, 11) if done else None,
        proof="Notulen rapat pelayanan (contoh)" if done else "",
    )  # fmt: skip
