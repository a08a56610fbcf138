"""Where a visit stands in the procedure of *this* office's standard, in its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.guestbook.models import Visit, VisitService, VisitStep
from services.offices.rule_names import STEP_NAMES
from services.offices.rules import Rules, Step

# What may be passed over without anybody being wronged; the rest happens or the visit ends.
SKIPPABLE = {"triage", "card_deposit", "bag_deposit", "rating"}
# What belongs before the service: once that began without them, nobody waits for them any more.
BEFORE_SERVICE = {"ticket", "triage", "card_deposit", "bag_deposit"}
# Nothing to give back when nothing was handed over.
RETURNS = {"bag_return": "bag_deposit", "card_return": "card_deposit"}
# Who or what a visit waits for at a step.
WAITS_FOR = {
    "ticket": gettext_lazy("Menunggu panggilan"),
    "triage": gettext_lazy("Menunggu disambut"),
    "guest_book": gettext_lazy("Tamu mengisi buku tamu"),
    "card_deposit": gettext_lazy("Menitipkan kartu"),
    "bag_deposit": gettext_lazy("Menyimpan tas"),
    "rating": gettext_lazy("Boleh menilai atau pulang"),
    "bag_return": gettext_lazy("Mengambil tas"),
    "card_return": gettext_lazy("Menerima kartu kembali"),
    "finish": gettext_lazy("Siap pulang"),
}


@dataclass(frozen=True)
class StepState:
    """One line of the list on the desk. `state`: done, skipped, current or todo."""

    kind: str
    name: str
    state: str
    at: object = None
    note: str = ""
    texts: tuple[str, ...] = ()
    overtaken: bool = False  # passed over by the service itself; may still be done late

    @property
    def skippable(self) -> bool:
        return self.kind in SKIPPABLE


Plan = list[tuple[Step, tuple[str, ...]]]


def procedure(visit: Visit) -> tuple[Step, ...]:
    """The steps of the standards under which the visit began: the first service's, in its order, with what a
    further service adds put where its own standard has it.
    """
    return tuple(step for step, _texts in _plan(visit))


def _plan(visit: Visit) -> Plan:
    """Each step with the published sentences that ask for it."""
    plans = [_of(received) for received in visit.services.all() if received.state != "cancelled"]
    merged: Plan = plans[0] if plans else [(step, ()) for step in Rules().steps]
    for plan in plans[1:]:
        merged = _merge(merged, plan)
    return merged


def _of(received: VisitService) -> Plan:
    standard = received.standard
    if standard is None:
        return [(step, ()) for step in Rules().steps]
    texts = standard.procedure
    return [(s, tuple(texts[p] for p in s.items if p in texts)) for s in standard.rules.steps]


def _merge(base: Plan, other: Plan) -> Plan:
    """Put what only `other` has before the next step that both have."""
    merged = list(base)
    kinds = {step.kind for step, _texts in base}
    for position, (step, texts) in enumerate(other):
        if step.kind in kinds:
            continue
        following = next((s.kind for s, _t in other[position + 1 :] if s.kind in kinds), None)
        place = next((i for i, (s, _t) in enumerate(merged) if s.kind == following), len(merged))
        merged.insert(place, (step, texts))
    return merged


def progress(visit: Visit) -> list[StepState]:
    """Every step of the procedure with its state; exactly one is current until the visit ends."""
    latest: dict[str, VisitStep] = {s.kind: s for s in visit.steps.all()}
    happened = {kind: s for kind, s in latest.items() if s.outcome != VisitStep.Outcome.UNDONE}
    served = any(r.state in ("serving", "done") for r in visit.services.all())
    overtaken = {kind for kind in BEFORE_SERVICE if served and kind not in happened}
    result: list[StepState] = []
    current_given = visit.ended_at is not None
    for step, texts in _plan(visit):
        row = happened.get(step.kind)
        state = row.outcome if row else "todo"
        passed = step.kind in overtaken or RETURNS.get(step.kind) in overtaken
        if state == "todo" and (passed or not _applies(step.kind, happened)):
            state = "skipped"
        if state == "todo" and not current_given:
            state, current_given = "current", True
        result.append(
            StepState(
                kind=step.kind,
                name=str(STEP_NAMES.get(step.kind, step.kind)),
                state=state,
                at=row.at if row else None,
                note=row.note if row else "",
                texts=texts,
                overtaken=step.kind in overtaken,
            )
        )
    return result


def waits_for(visit: Visit, step: StepState | None) -> str:
    """What has to happen next in this visit, in words for the list of everybody in the house."""
    if step is None:
        return ""
    if step.kind != "service":
        return str(WAITS_FOR.get(step.kind, step.name))
    serving = [r for r in visit.services.all() if r.state == "serving"]
    waiting = [r for r in visit.services.all() if r.state == "waiting"]
    if serving:
        return _("Sedang dilayani: %s") % ", ".join(str(r.service) for r in serving)
    return _("Menunggu layanan: %s") % ", ".join(str(r.service) for r in waiting) if waiting else step.name


def since(visit: Visit) -> datetime:
    """Since when the visit stands where it stands: the last thing that happened in it."""
    instants = [visit.arrived_at, *(s.at for s in visit.steps.all() if s.at >= visit.arrived_at)]
    instants += [at for r in visit.services.all() for at in (r.started_at, r.ended_at) if at]
    return max(instants)


def _applies(kind: str, happened: dict[str, VisitStep]) -> bool:
    """A return applies unless its deposit was passed over."""
    deposit = happened.get(RETURNS.get(kind, ""))
    return deposit is None or deposit.outcome == VisitStep.Outcome.DONE
