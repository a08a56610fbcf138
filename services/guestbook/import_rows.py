"""Reading an earlier guest book from CSV: each line becomes a sound row, or faults that say what to do.

What a fault says never repeats a personal column, and what somebody did not agree to is not even read (UU 27/2022).
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TextIO

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from services.codes import queue_number
from services.guestbook.fields import ADULT_AT, OLDEST, REFERENCES, clean_phone
from services.guestbook.models import Consent, ReferenceItem, Visit, Visitor, VisitService
from services.offices.models import Office, Service

NEEDED = ("date", "arrived", "service")
PERSON = (
    "name", "email", "phone", "gender", "birth_year", "education", "job", "institution", "institution_category",
)  # fmt: skip
COLUMNS = (
    *NEEDED, "began", "ended", *PERSON, "use_of_data", "party_size", "number", "consent", "guardian",
)  # fmt: skip
SEPARATORS = ",;\t"
EARLIEST = 1990  # a guest book of an earlier year is a slip of the pen
MOST_PEOPLE = 200  # as in the guest book's form

ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]?([0-5][0-9])(?:[.:][0-5][0-9])?")
# Nothing but a number: it stands on screens that face the room, where no name may.
PLAIN_NUMBER = re.compile(r"[0-9]{1,4}")
PHONE = re.compile(r"[0-9+() ./-]+")  # else a spreadsheet's 8.12E+10 would be read as a number with letters
UNREADABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
)  # control characters, and bytes that are not UTF-8


class Unreadable(ValueError):
    """The file as a whole cannot be read; `str()` says what to do."""


class Wrong(ValueError):
    """One cell is not as it should be; `str()` says what to do."""


@dataclass(frozen=True)
class Fault:
    line: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.text}"


@dataclass(frozen=True)
class Row:
    """A visit as the old guest book tells of it, as aware instants. Without consent `person` and the rest are empty."""

    service: Service
    day: date
    arrived: datetime
    began: datetime | None
    ended: datetime
    number: str
    party_size: int
    consent: bool
    child_alone: bool = False  # agreed, but too young to, and nobody agreed for them
    person: dict[str, Any] = field(default_factory=dict)
    use_of_data: str = ""
    guardian: str = ""

    def content(self) -> str:
        """What the row says, however it was typed: a file saved again by a spreadsheet says the same."""
        times = [str(at) for at in (self.arrived, self.began, self.ended)]
        fixed = [self.service.slug, *times, self.number, self.party_size, self.consent]
        return json.dumps([*fixed, self.use_of_data, self.guardian, sorted(self.person.items())])


def lines(file: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that is not empty, with its number in the file; the cells by column. Raises Unreadable."""
    head = file.readline(10_000)
    separator = max(SEPARATORS, key=head.count)
    columns = [name.strip().strip('"').lower() for name in head.strip().split(separator)]
    while columns and not columns[-1]:  # a spreadsheet's empty columns at the right
        columns.pop()
    _check_columns(columns)
    reader = csv.reader(file, delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 2  # a cell may run over several lines: the row is named by its first
        try:
            cells = [" ".join(cell.split()) for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as problem:
            raise Unreadable(
                f"line {line} cannot be read ({problem}): check the quotation marks from there on."
            ) from None
        if any(cells):
            spare = {"": "more cells than columns"} if any(cells[len(columns) :]) else {}
            yield line, {**dict(zip(columns, cells, strict=False)), **spare}


def _check_columns(columns: list[str]) -> None:
    known = f"Columns: {', '.join(COLUMNS)}."
    if missing := [name for name in NEEDED if name not in columns]:
        raise Unreadable(f"the first line does not name {', '.join(missing)}. {known}")
    if strange := [name for name in columns if name not in COLUMNS]:
        raise Unreadable(f"the first line has unknown columns: {', '.join(strange)[:200]}. {known}")
    if len(set(columns)) < len(columns):
        raise Unreadable(f"the first line names a column twice. {known}")


class Checker:
    """Makes rows of one office's lines."""

    def __init__(self, office: Office, now: datetime | None = None):
        self.office = office
        self.now = now or timezone.now()
        self.services = {service.slug: service for service in office.services.with_standard()}
        self.items: dict[str, list[ReferenceItem]] = {}
        for item in ReferenceItem.objects.order_by("effective_from"):
            self.items.setdefault(item.list, []).append(item)

    def check(self, line: int, cells: dict[str, str]) -> tuple[Row | None, list[Fault]]:
        """The row, or its faults."""
        found = _Cells(line, cells)
        if "" in cells:
            found.fault(
                "row", "more cells than columns; put a text that holds the separator in quotation marks"
            )
        day = found.take("date", self._day)
        times = [found.take(name, self._time, day) for name in ("arrived", "began", "ended")]
        service = found.take("service", self._service)
        fixed = {"number": found.take("number", _number), "party_size": found.take("party_size", _party)}
        agreed = found.take("consent", _yes_no)
        self._in_order(found, times)
        said = self._personal(found, day) if agreed and day else {}
        if found.faults or not (day and times[0] and service):
            return None, found.faults
        arrived, began, ended = times
        over = ended or began or arrived
        return Row(service, day, arrived, began, over, **fixed, consent=bool(agreed), **said), []

    def _day(self, text: str) -> date:
        iso, day_first = ISO.fullmatch(text), DAY_FIRST.fullmatch(text)
        parts = iso.groups() if iso else tuple(reversed(day_first.groups())) if day_first else ()
        try:
            day = date(*(int(part) for part in parts))
        except (TypeError, ValueError):
            raise Wrong("write a day like 2025-03-14 or 14/03/2025") from None
        if day > self.office.today(self.now):
            raise Wrong("this day has not come yet; check it")
        if day.year < EARLIEST:
            raise Wrong(f"before {EARLIEST}; check the year")
        return day

    def _time(self, text: str, day: date | None) -> datetime | None:
        found = CLOCK.fullmatch(text)
        if not text or (found and not day):
            return None
        if not found or not day:
            raise Wrong("write a time like 09:15")
        at = datetime.combine(day, time(int(found[1]), int(found[2])), tzinfo=self.office.zone)
        if at > self.now:
            raise Wrong("this time has not come yet; check it")
        return at

    def _in_order(self, found: _Cells, times: list[datetime | None]) -> None:
        """Arrived, began, ended."""
        before: tuple[str, datetime] | None = None
        for name, at in zip(("arrived", "began", "ended"), times, strict=True):
            if at and before and at < before[1]:
                found.fault(name, f"earlier than {before[0]}; check both")
            if at:
                before = (name, at)

    def _service(self, text: str) -> Service:
        if text.lower() not in self.services:
            raise Wrong(f"write one of this office's services: {', '.join(sorted(self.services))}")
        return self.services[text.lower()]

    def _personal(self, found: _Cells, day: date) -> dict[str, Any]:
        """What may be kept of somebody who agreed; of a child only if somebody agreed for them (art. 25)."""
        year = found.take("birth_year", _birth_year, day)
        guardian = found.take("guardian", _guardian)
        child = bool(year) and day.year - year < ADULT_AT
        if child and not guardian and "guardian" not in found.wrong:
            return {"child_alone": True}
        person = {
            "name": found.take("name", _name),
            "email": found.take("email", _email),
            "phone": found.take("phone", _phone),
            "institution": found.take("institution", _short, _longest(Visitor, "institution")),
            "birth_year": year,
        }
        codes = {name: found.take(name, self._code, name, day) for name in REFERENCES if name in COLUMNS}
        use = codes.pop("use_of_data")
        return {"person": person | codes, "use_of_data": use, "guardian": guardian if child else ""}

    def _code(self, text: str, column: str, day: date) -> str:
        """A code of the list as it stood that day; before there was a list, of the earliest one."""
        if not text:
            return ""
        items = self.items.get(REFERENCES[column], [])
        day = max(day, items[0].effective_from) if items else day
        codes = [i.code for i in items if i.effective_from <= day and (not i.until or day < i.until)]
        if text.lower() not in codes:
            raise Wrong(f"write one of {', '.join(codes)}")
        return text.lower()


class _Cells:
    """The cells of one line while they are looked at, and what is wrong with them."""

    def __init__(self, line: int, cells: dict[str, str]):
        self.line, self.cells = line, cells
        self.faults: list[Fault] = []
        self.wrong: set[str] = set()

    def fault(self, column: str, text: str) -> None:
        self.wrong.add(column)
        self.faults.append(Fault(self.line, column, text))

    def take(self, column: str, clean: Callable[..., Any], *more: Any) -> Any:
        """The cell made sound, or None with a fault."""
        text = self.cells.get(column, "")
        try:
            if UNREADABLE.search(text):
                raise Wrong("a character cannot be read; save the file as CSV UTF-8 and check this cell")
            if not text and column in NEEDED:
                raise Wrong("is needed")
            return clean(text, *more)
        except Wrong as problem:
            self.fault(column, str(problem))
            return None


def _longest(model: type, name: str) -> int:
    return model._meta.get_field(name).max_length or 0  # type: ignore[attr-defined]


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Wrong(f"longer than {longest} characters; shorten it")
    return text


def _yes_no(text: str) -> bool:
    if text.lower() not in ("", "yes", "no"):
        raise Wrong("write yes or no")
    return text.lower() == "yes"


def _number(text: str) -> str:
    if found := queue_number(text):
        return f"{found[0]}{found[1]:03d}"[: _longest(VisitService, "number")]
    if text and not PLAIN_NUMBER.fullmatch(text):
        raise Wrong("write a queue number like A012, or leave it empty")
    return text


def _party(text: str) -> int:
    if not text:
        return Visit._meta.get_field("party_size").get_default()
    if not (text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= MOST_PEOPLE):
        raise Wrong(f"write a number of people from 1 to {MOST_PEOPLE}")
    return int(text)


def _name(text: str) -> str:
    if not text:
        raise Wrong("with consent yes the name is needed; without it write no in consent")
    return _short(text, _longest(Visitor, "name"))


def _email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise Wrong("is no e-mail address; correct it or leave it empty") from None
    return _short(text, _longest(Visitor, "email"))


def _phone(text: str) -> str:
    try:
        if text and not PHONE.fullmatch(text):
            raise Wrong("write digits only, as text and not as a number of the spreadsheet")
        return clean_phone(text)
    except ValidationError:
        raise Wrong("is not complete; write it like 0812 3456 7890 or +60 12 345 6789") from None


def _birth_year(text: str, day: date) -> int | None:
    if not text:
        return None
    if not (
        text.isascii() and text.isdecimal() and len(text) == 4 and day.year - OLDEST <= int(text) <= day.year
    ):
        raise Wrong(f"write a year between {day.year - OLDEST} and {day.year}")
    return int(text)


def _guardian(text: str) -> str:
    if text.lower() not in ("", *Consent.Guardian.values):
        raise Wrong(
            f"write who agreed for the child: {', '.join(Consent.Guardian.values)}; else leave it empty"
        )
    return text.lower()
