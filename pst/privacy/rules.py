"""The rules of retention.toml: what each table holds about people, for how long, and which rows lead to whom."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, partial, reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Func, Max, Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from pst.privacy import mails
from pst.privacy.phones import spellings
from services.guestbook.models import Visitor

FILE = Path(__file__).with_name("retention.toml")


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
    or_visitor: tuple[str, ...] = ()
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
    not_told: dict[str, Any] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    account: str = ""

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
        keys, all_rows = [person.pk for person in people], self.model._default_manager
        theirs = Q(**{f"{path}__in": keys})
        if self.account:
            theirs = self._complained(theirs, people, proven)
        if self.or_visitor:  # each way by its own indexes: one join over all would read every row
            ways = [all_rows.filter(**{f"{way}__in": keys}).values("pk") for way in (path, *self.or_visitor)]
            theirs = reduce(or_, (Q(pk__in=way) for way in ways))
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

    def _complained(self, theirs: Q, people: list[Visitor], proven: bool) -> Q:
        """A complaint also leads to the account it came from; and one that bears an address is shown to that mailbox, not to
        the one that an officer wrote into the visitor's record since."""
        if proven:
            own = Q(**{self.contact[0]: ""})
            for mail in {person.email for person in people if person.email}:
                own |= Q(**{f"{self.contact[0]}__iexact": mail})
            theirs &= own
        accounts_ = [person.account_id for person in people if person.account_id]
        return theirs | Q(**{f"{self.account}__in": accounts_, self.office: people[0].office_id})

    def _by_contact(self, person: Visitor, column: str, digits: str, proven: bool, named: bool) -> Q:
        """Where this column holds their phone or their e-mail address."""
        found = Q(pk__in=[])
        if person.phone and not proven:  # a family shares a phone
            found |= Q(**{f"{digits}__in": spellings(person.phone)}) & self._not_of_another(person)
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
            or_visitor=tuple(row.get("or_visitor", ())),
            or_since=row.get("or_since", ""), contact=tuple(row.get("contact", ())), contact_name=row.get("contact_name", ""),
            office=row.get("office", "office"), mailbox=row.get("mailbox", ""), sent_from=row.get("sent_from", ""),
            told=tuple(row.get("told", ())), over=tuple(row.get("over", ())), not_told=row.get("not_told", {}),
            untold=tuple(row.get("untold", ())), account=row.get("account", ""),
        )
        for row in text["rule"]
    )  # fmt: skip
    return Policy(
        rules,
        {row["table"]: row for row in text["elsewhere"]},
        {row["table"]: row for row in text["staff"]},
        text["harmless"],
    )
