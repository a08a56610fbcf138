"""Where a visit stands in the procedure of *this* office's standard, in its order."""

from __future__ import annotations

from dataclasses import dataclass

from services.guestbook.models import Visit, VisitStep
from services.offices.rule_names import STEP_NAMES
from services.offices.rules import Rules, Step

# What may be passed over without anybody being wronged; the rest happens or the visit ends.
SKIPPABLE = {"triage", "card_deposit", "bag_deposit", "rating"}
# Nothing to give back when nothing was handed over.
RETURNS = {"bag_return": "bag_deposit", "card_return": "card_deposit"}


@dataclass(frozen=True)
class StepState:
    """One line of the list on the desk. `state`: done, skipped, current or todo."""

    kind: str
    name: str
    state: str
    at: object = None
    note: str = ""
    texts: tuple[str, ...] = ()

    @property
    def skippable(self) -> bool:
        return self.kind in SKIPPABLE


def procedure(visit: Visit) -> tuple[Step, ...]:
    """The steps of the standard under which the visit began."""
    main = visit.main
    rules = main.standard.rules if main and main.standard else Rules()
    return rules.steps


def progress(visit: Visit) -> list[StepState]:
    """Every step of the procedure with its state; exactly one is current until the visit ends."""
    happened: dict[str, VisitStep] = {s.kind: s for s in visit.steps.all()}
    texts = _texts(visit)
    result: list[StepState] = []
    current_given = visit.ended_at is not None
    for step in procedure(visit):
        row = happened.get(step.kind)
        state = row.outcome if row else "todo"
        if state == "todo" and not _applies(step.kind, happened):
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
                texts=tuple(texts[p] for p in step.items if p in texts),
            )
        )
    return result


def current(visit: Visit) -> StepState | None:
    """The step the visit is at, or None when it is over."""
    return next((s for s in progress(visit) if s.state == "current"), None)


def _applies(kind: str, happened: dict[str, VisitStep]) -> bool:
    """A return applies unless its deposit was passed over."""
    deposit = happened.get(RETURNS.get(kind, ""))
    return deposit is None or deposit.outcome == VisitStep.Outcome.DONE


def _texts(visit: Visit) -> dict[int, str]:
    main = visit.main
    if not main or not main.standard:
        return {}
    return {i.position: i.text for i in main.standard.items.all() if i.section == "procedure"}
