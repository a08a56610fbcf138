"""What is kept about people and for how long: the rules of retention.toml, what they would do, and doing it.

Sources: UU 27/2022 art. 16(2) (purpose and time of keeping), art. 8 and 43-45 (erasure), domain.md §7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from complaints.models import Complaint
from library.workflows.letting_go import end_holds_of
from pst.account.closing import close_of_erased
from pst.privacy import mails, of_complaints
from pst.privacy.phones import spellings
from pst.privacy.rules import Rule, policy
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.guestbook import accounts, contact, returning
from services.guestbook.merging import lock_people
from services.guestbook.models import ContactCode, GuestBookDraft, Visit, Visitor, new_token
from services.guestbook.one_person import everyone, plain_name

AT_ONCE = 500  # rows in one transaction, so that a night with many holds no locks for long


@dataclass(frozen=True)
class Due:
    """What a rule would do now. `oldest` is the day of the oldest row concerned."""

    rule: Rule
    rows: int
    oldest: date | None


def preview(now: datetime | None = None) -> list[Due]:
    """What the next run will do; changes nothing. All rules in one question to the database."""
    rules = policy().rules
    parts: list[str] = []
    values: list[Any] = []
    for n, rule in enumerate(rules):
        sql, params = rule.due(now).values("kept_since").query.sql_with_params()
        parts.append(f"SELECT {n} AS n, count(*), min(kept_since)::date FROM ({sql}) AS due")  # noqa: S608 (Django's own)
        values += params
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts) + " ORDER BY n", values)
        return [Due(rules[n], rows, oldest) for n, rows, oldest in cursor.fetchall()]


def run(now: datetime | None = None, *, by: Actor = SYSTEM) -> dict[str, int]:
    """Apply every rule; returns and records how many rows of each table were emptied or deleted."""
    done: dict[str, int] = {}
    for rule in policy().rules:
        count = 0
        while pks := list(rule.due(now).values_list("pk", flat=True)[:AT_ONCE]):
            with transaction.atomic():
                rows = rule.model._default_manager.filter(pk__in=pks)
                list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
                # Somebody may have come again while we waited for their row.
                done_now = rule.apply(rule.due(now).filter(pk__in=pks))
                count += done_now
            if not done_now:
                break
        if count:
            done[rule.table] = count
    trail.record("retention.applied", None, by=by, at=now, rows=done)
    return done


def complaints_of(people: list[Visitor], *, proven: bool = False, named: bool = False) -> QuerySet[Complaint]:
    """The complaints that lead to them; all other tables of complaints follow these."""
    rule = next(rule for rule in policy().rules if rule.table == Complaint._meta.label)
    pks = rule.of(people, proven=proven, named=named).order_by().values_list("pk", flat=True)
    return Complaint.objects.filter(pk__in=list(pks))


def rows_of_complaints(complaints: QuerySet[Complaint]) -> Iterator[tuple[Rule, QuerySet]]:
    """Each rule of complaints with the rows of these."""
    for rule in policy().rules:
        if of_complaints.holds(rule.table):
            yield rule, of_complaints.rows_of(rule.table, rule.model._default_manager.all(), complaints)


def rows_about(
    people: list[Visitor], complaints: QuerySet[Complaint], hidden: QuerySet[Complaint], *, proven: bool, named: bool = False
) -> Iterator[tuple[Rule, QuerySet]]:  # fmt: skip
    """Each rule with the rows that lead to them: of complaints only these, and no mail about those that are hidden."""
    for rule in policy().rules:
        if rule.is_about_people and not of_complaints.holds(rule.table):
            rows = rule.of(people, proven=proven, named=named)
            yield rule, of_complaints.without(rule.table, rows, complaints, hidden)
    yield from rows_of_complaints(complaints)


@transaction.atomic
def empty_complaints(complaints: QuerySet[Complaint], *, by: Actor, at: datetime | None = None) -> int:
    """By the wish of the owner of an account, who has shown the mailbox; returns how many."""
    pks = list(complaints.order_by("pk").values_list("pk", flat=True))
    these = Complaint.objects.filter(pk__in=pks)
    rows = [(rule, list(found.values_list("pk", flat=True))) for rule, found in rows_of_complaints(these)]
    of_complaints.end(pks, by=by, at=at)
    for rule, keys in rows:
        rule.apply(rule.model._default_manager.filter(pk__in=keys))
    return len(pks)


def lock(who: Callable[[], list[Visitor]]) -> list[Visitor]:
    """All records of a person, locked: their visits first, as every action at the desk does. Inside a transaction.
    `who` finds them, and is asked again once they are locked: a merge may have led elsewhere meanwhile."""
    return list(lock_people(lambda: {person.pk for person in who()}).values())


def _forget_drafts(people: list[Visitor], *, proven: bool) -> None:
    """What stands at a desk right now, filled from one of these records: its visit does not lead to the person yet."""
    office = people[0].office
    for draft in GuestBookDraft.objects.filter(visit__office=office):
        known = returning.of_key(office, draft.values.get("known", ""))
        if known in people or any(_is_about(person, draft.values, proven=proven) for person in people):
            draft.delete()


def _is_about(person: Visitor, typed: dict[str, Any], *, proven: bool) -> bool:
    """Whether a guest book as typed so far names this person. Of what is proven by a mailbox, only that mailbox counts."""
    email, phone = str(typed.get("email", "")).strip(), str(typed.get("phone", ""))
    if person.email and person.email.casefold() == email.casefold():
        return True
    if proven:
        return False
    named = [str(typed.get("name", "")), *str(typed.get("companions", "")).splitlines()]
    if person.name and plain_name(person.name) in map(plain_name, named):
        return True
    return bool(person.phone) and "".join(c for c in phone if c.isdigit()) in spellings(person.phone)


@transaction.atomic
def erase(
    visitor: Visitor, *, by: Actor, why: str, proven: bool = False, at: datetime | None = None,
    complaints: QuerySet[Complaint] | None = None,
) -> dict[str, int]:  # fmt: skip
    """Everything that leads to this person is emptied now, and the addresses of their visits open nothing any more.
    What opened a visit (`Visit.origin`) stays known, so that the same file or form does not bring them back.

    The visits, their times and the answers that lead to nobody stay: the statistics are whole. `why` is a code.
    `proven`: asked for through the person's mailbox, so only what that mailbox covers. `complaints`: those that go with it,
    where not all of theirs do (pst/privacy/of_complaints.py); whoever lodged one that stays is told.
    """
    people = lock(lambda: everyone(Visitor.objects.get(pk=visitor.pk), proven=proven))
    whose = accounts.accounts_of(people, proven=proven)
    _forget_drafts(people, proven=proven)
    end_holds_of(people, by=by, at=at)
    mails.claim(people)
    # Found first, emptied then: an emptied contact no longer leads to what hangs on it.
    lodged = complaints_of(people, proven=proven)
    going = lodged if complaints is None else lodged.filter(pk__in=complaints.values("pk"))
    ended, kept = list(going.values_list("pk", flat=True)), lodged.exclude(pk__in=going.values("pk"))
    theirs = [
        (rule, list(rows.values_list("pk", flat=True)))
        for rule, rows in rows_about(people, going, kept, proven=proven)
    ]
    of_complaints.tell_kept(kept, at=at or timezone.now())
    of_complaints.end(ended, by=by, at=at)
    done: dict[str, int] = {}
    for rule, pks in theirs:
        rows = rule.model._default_manager.filter(pk__in=pks)
        if rule.model is ContactCode:
            rows = rows.exclude(pk__in=contact.open_links(at))
        if count := rule.apply(rows):
            done[rule.table] = count
    for visit in Visit.objects.filter(visitor__in=people):
        Visit.objects.filter(pk=visit.pk).update(token=new_token())
    close_of_erased(whose, by=by, at=at)
    trail.record("visitor.erased", visitor, by=by, office_id=visitor.office_id, at=at, why=why, rows=done)
    return done
