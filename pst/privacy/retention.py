"""What is kept about people and for how long: the rules of retention.toml, what they would do, and doing it.

Sources: UU 27/2022 art. 16(2) (purpose and time of keeping), art. 8 and 43-45 (erasure), domain.md §7.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Func, Max, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from library.workflows.letting_go import end_holds_of
from pst.account.closing import close_of_erased
from pst.privacy import mails
from services.audit import trail
from services.audit.actors import SYSTEM, Actor
from services.guestbook import accounts, contact, returning
from services.guestbook.merging import lock_people
from services.guestbook.models import ContactCode, GuestBookDraft, Visit, Visitor, new_token
from services.guestbook.one_person import everyone, plain_name

FILE = Path(__file__).with_name("retention.toml")
AT_ONCE = 500  # rows in one transaction, so that a night with many holds no locks for long


@dataclass(frozen=True)
class Rule:
    """One `[[rule]]` of the file. `visitor` is None where no row leads to a visitor."""

    table: str
    personal: tuple[str, ...]
    statistics: tuple[str, ...]
    since: str
    days: int
    then: str
    why: str
    visitor: str | None = None
    or_visitor: str = ""
    or_since: str = ""
    contact: tuple[str, ...] = ()
    contact_name: str = ""
    office: str = "office"
    mailbox: str = ""
    sent_from: str = ""
    told: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    # Rows that are the office's own working notes, as column and value: in no file that somebody downloads by themselves
    # (docs/decisions/030); whoever asks for them is answered by hand.
    not_told: dict[str, str] = field(default_factory=dict)

    @property
    def is_about_people(self) -> bool:
        """Whether its rows lead to a visitor at all."""
        return self.visitor is not None or bool(self.mailbox)

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.table)

    def due(self, now: datetime | None = None) -> models.QuerySet:
        """Rows whose time is over and that still hold something personal."""
        last_day = (now or timezone.now()) - timedelta(days=self.days)
        since: Any = Max(self.since)
        if self.or_since:  # nothing of the first kind is there
            since = Coalesce(since, TruncDate(self.or_since))
        rows = self.model._default_manager.annotate(kept_since=since).order_by()
        rows = rows.filter(kept_since__lt=last_day.date() if self._counts_days else last_day)
        if self.over:
            rows = rows.filter(state__in=self.over)
        return rows if self.then == "delete" else rows.filter(self._holds_something)

    def of(self, people: list[Visitor], *, proven: bool = False, named: bool = False) -> models.QuerySet:
        """The rows that lead to these records of one person. `proven`: only what hangs on a mailbox that was shown
        to be theirs, not what a phone number says that anybody may write. `named`: not what stands beside that mailbox
        under another name."""
        if self.mailbox:
            to_them = Q(pk__in=[])
            for mail in {person.email for person in people if person.email}:
                to_them |= Q(**{f"{self.mailbox}__iexact": mail})
            return self.model._default_manager.filter(to_them, office=people[0].office_id)
        path = f"{self.visitor}__pk" if self.visitor else "pk"
        theirs = Q(**{f"{path}__in": [person.pk for person in people]})
        if self.or_visitor:
            theirs |= Q(**{f"{self.or_visitor}__in": [person.pk for person in people]})
        if self.sent_from and not named:  # there is no name beside it
            theirs |= mails.sent_by(
                people, self.sent_from, f"{str(self.visitor).rpartition('__')[0]}__office"
            )
        rows: Any = self.model._default_manager
        if not self.contact:
            return rows.filter(theirs)
        by_contact = Q(pk__in=[])
        for number, column in enumerate(self.contact):
            digits = Func(F(column), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")
            rows = rows.annotate(**{f"_digits{number}": digits})
            for person in people:
                by_contact |= self._by_contact(person, column, f"_digits{number}", proven, named)
        return rows.filter(theirs | Q(**{self.office: people[0].office_id}) & by_contact)

    def _by_contact(self, person: Visitor, column: str, digits: str, proven: bool, named: bool) -> Q:
        """Where this column holds their phone or their e-mail address."""
        found = Q(pk__in=[])
        if person.phone and not proven:  # a family shares a phone
            found |= Q(**{f"{digits}__in": _spellings(person.phone)}) & self._not_of_another(person)
        if person.email:
            same = Q(**{f"{column}__iexact": person.email})
            found |= same & self._not_of_another(person) if named else same
        return found

    def _not_of_another(self, person: Visitor) -> Q:
        """Beside the contact stands no name, or one with a word of theirs."""
        theirs = Q(**{self.contact_name: ""})
        for word in person.name.split():
            theirs |= Q(**{f"{self.contact_name}__icontains": word})
        return theirs

    def apply(self, rows: models.QuerySet) -> int:
        """Empty or delete; returns how many rows."""
        pks = list(rows.order_by().values_list("pk", flat=True).distinct())
        rows = self.model._default_manager.filter(pk__in=pks)
        self._forget_files(rows)
        if self.then == "delete":
            rows.delete()
        else:
            rows.update(**{name: self._empty(name) for name in self.personal})
        return len(pks)

    def _forget_files(self, rows: models.QuerySet) -> None:
        """Stored files go with their rows, once that is certain."""
        for name in self.personal:
            field = self.model._meta.get_field(name)
            if isinstance(field, models.FileField):
                for stored in filter(None, rows.values_list(name, flat=True)):
                    transaction.on_commit(partial(field.storage.delete, stored))

    @property
    def _counts_days(self) -> bool:
        return self.since.rsplit("__", 1)[-1] == "day"

    @property
    def _holds_something(self) -> Q:
        held = Q()
        for name in self.personal:
            held |= ~Q(**{name: self._empty(name)})
        return held

    def _empty(self, name: str) -> Any:
        field: Any = self.model._meta.get_field(name)
        return None if field.null else ""


def _spellings(phone: str) -> list[str]:
    """The digits of a stored number (+62812…) as people write them: with the country's code, as at home, and as both."""
    digits = "".join(c for c in phone if c.isdigit())
    return (
        [digits, f"0{digits[2:]}", f"620{digits[2:]}", f"00{digits}"] if digits.startswith("62") else [digits]
    )


@dataclass(frozen=True)
class Policy:
    """The whole file."""

    rules: tuple[Rule, ...]
    elsewhere: dict[str, dict[str, Any]]
    staff: dict[str, dict[str, Any]]
    harmless: dict[str, list[str]]


@cache
def policy() -> Policy:
    """Read once. Raises when the file names what is not there."""
    text = tomllib.loads(FILE.read_text(encoding="utf-8"))
    rules = tuple(
        Rule(
            table=row["table"], personal=tuple(row["personal"]), statistics=tuple(row.get("statistics", ())),
            since=row["since"], days=row["days"], then=row["then"], why=row["why"], visitor=row.get("visitor"),
            or_visitor=row.get("or_visitor", ""),
            or_since=row.get("or_since", ""), contact=tuple(row.get("contact", ())), contact_name=row.get("contact_name", ""),
            office=row.get("office", "office"), mailbox=row.get("mailbox", ""), sent_from=row.get("sent_from", ""),
            told=tuple(row.get("told", ())), over=tuple(row.get("over", ())), not_told=row.get("not_told", {}),
        )
        for row in text["rule"]
    )  # fmt: skip
    return Policy(
        rules,
        {row["table"]: row for row in text["elsewhere"]},
        {row["table"]: row for row in text["staff"]},
        text["harmless"],
    )


@dataclass(frozen=True)
class Due:
    """What a rule would do now. `oldest` is the day of the oldest row concerned."""

    rule: Rule
    rows: int
    oldest: date | None


def preview(now: datetime | None = None) -> list[Due]:
    """What the next run will do; changes nothing. All rules in one question to the database."""
    rules, parts, values = policy().rules, [], []
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
    return bool(person.phone) and "".join(c for c in phone if c.isdigit()) in _spellings(person.phone)


@transaction.atomic
def erase(
    visitor: Visitor, *, by: Actor, why: str, proven: bool = False, at: datetime | None = None
) -> dict[str, int]:
    """Everything that leads to this person is emptied now, and the addresses of their visits open nothing any more.
    What opened a visit (`Visit.origin`) stays known, so that the same file or form does not bring them back.

    The visits, their times and the answers that lead to nobody stay: the statistics are whole. `why` is a code.
    `proven`: asked for through the person's mailbox, so only what that mailbox covers.
    """
    people = lock(lambda: everyone(Visitor.objects.get(pk=visitor.pk), proven=proven))
    whose = accounts.accounts_of(people, proven=proven)
    _forget_drafts(people, proven=proven)
    end_holds_of(people, by=by, at=at)
    mails.claim(people)
    # Found first, emptied then: an emptied contact no longer leads to what hangs on it.
    theirs = [
        (rule, list(rule.of(people, proven=proven).values_list("pk", flat=True)))
        for rule in policy().rules
        if rule.is_about_people
    ]
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
