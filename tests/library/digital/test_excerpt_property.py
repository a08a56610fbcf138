"""Whatever sequence of grants, from however many desks: nobody gets more than the standard's share."""

from __future__ import annotations

import threading
from collections import defaultdict

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from library.digital import copies
from library.handed_out import cap_of
from library.models import MarkedCopy
from library.workflows import excerpts
from services.codes import new_key
from services.guestbook import merging
from services.workflow import IllegalMove
from tests.library.digital import support
from tests.library.digital.handing_support import SITE, flat, officer, softcopy, texts, visitor

PAGES = 30
CAP = 6
WHO = (
    ("Sitti Rahma", "sitti@example.test"),  # each visit is another record of the same person
    ("sitti  rahma", "SITTI@example.test"),
    ("Rina Marlina", "rina@example.test"),
)
QUIET = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)


@pytest.fixture
def quick(monkeypatch):
    """The mark is drawn once: two hundred copies are made here. All else is the real thing."""
    drawn: dict[int, bytes] = {}
    draw = copies.mark.draw
    monkeypatch.setattr(copies.mark, "draw", lambda *a, **k: drawn.setdefault(0, draw(*a, **k)))


grants = st.lists(
    st.tuples(
        st.integers(0, len(WHO) - 1),
        st.sets(st.integers(1, PAGES), min_size=1, max_size=CAP + 2),
        st.booleans(),  # a supervisor with a reason
    ),
    min_size=1,
    max_size=7,
)


def ask(received, digital, pages, by, reason="") -> MarkedCopy | None:
    try:
        return excerpts.excerpt(
            received, digital, sorted(pages), handed="desk", submission=new_key(), by=by, site=SITE, reason=reason
        )  # fmt: skip
    except excerpts.CapReached:
        return None


@settings(max_examples=12, deadline=None, suppress_health_check=QUIET)
@given(grants)
def test_no_sequence_passes_the_cap_and_files_hold_what_was_asked(quick, offices, sequence):
    office = offices["1906"]
    digital = softcopy(office, PAGES, f"Buku {new_key()}")
    frontliner, boss = officer(office), officer(office, "supervisor")
    # Of each person (the first two names are one): what they have, and what was allowed above the cap.
    had: dict[int, set[int]] = defaultdict(set)
    mark = new_key()[:6].lower()
    for number, (who, pages, allowed) in enumerate(sequence):
        name, email = WHO[who]
        received = visitor(office, name=name, email=f"{mark}{email.lower()}", phone=f"+62812{number:07d}")
        person = max(who - 1, 0)
        more = pages - had[person]
        within = not more or len(had[person] | pages) <= CAP
        row = ask(
            received,
            digital,
            pages,
            boss if allowed else frontliner,
            "Alasan yang tertulis" if allowed else "",
        )
        assert (row is not None) == (within or allowed)
        if row is None:
            continue
        assert (row.allowed_by_id is not None) == (not within)
        had[person] |= pages
        assert row.pages == sorted(pages)
        found = texts(row.file.read())
        assert len(found) == len(pages)
        for page, text in zip(sorted(pages), found, strict=True):
            assert flat(f"Penduduk halaman {page}") in flat(text)
            others = [n for n in range(1, PAGES + 1) if n != page and str(page) not in str(n)]
            assert not any(f"halaman{n}T" in flat(text) for n in others)
    assert cap_of(PAGES, 20) == CAP


@pytest.mark.django_db(transaction=True)
@settings(max_examples=6, deadline=None, suppress_health_check=QUIET)
@given(st.lists(st.sets(st.integers(1, PAGES), min_size=1, max_size=CAP), min_size=3, max_size=5))
def test_desks_at_once_never_exceed_it_together(quick, transactional_db, offices, wishes):
    """Each wish at a desk of its own, for another record of one person; some of them merged meanwhile."""
    office = offices["1906"]
    digital = softcopy(office, PAGES, f"Buku {new_key()}")
    mailbox = f"{new_key()[:8].lower()}@example.test"
    visits = [visitor(office, email=mailbox) for _wish in wishes]
    other = visitor(office, name="S. Rahma", email=f"x{mailbox}")
    merging.merge(visits[0].visit.visitor, other.visit.visitor, by=officer(office))
    visits.append(other)
    wishes = [*wishes, {PAGES}]
    by = officer(office)
    start, problems = threading.Barrier(len(wishes)), []

    def desk(received, pages) -> None:
        try:
            start.wait(30)
            received = (
                type(received)
                .objects.select_related("visit__office", "visit__visitor", "standard")
                .get(pk=received.pk)
            )
            ask(received, digital, pages, by)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    desks = [threading.Thread(target=desk, args=pair) for pair in zip(visits, wishes, strict=True)]
    for thread in desks:
        thread.start()
    for thread in desks:
        thread.join(120)
    assert problems == []
    rows = MarkedCopy.objects.filter(digital=digital)
    had = {page for row in rows for page in row.pages}
    assert rows.exists()
    assert len(had) <= CAP
    granted = [set(row.pages) for row in rows]
    refused = [pages for pages in wishes if pages not in granted]
    assert all(len(had | pages) > CAP for pages in refused)  # nobody was refused what there was room for


def test_without_the_lock_this_test_would_see_it(quick, offices, monkeypatch):
    """The check before the work alone lets two desks pass: that the second one counts is seen here."""
    office = offices["1906"]
    digital, by = softcopy(office, PAGES, "Buku Kunci 2025"), officer(office)
    first, second = visitor(office), visitor(office)
    made = copies.made

    def another_desk_meanwhile(*args, **more):
        monkeypatch.setattr(copies, "made", made)
        assert ask(second, digital, range(1, CAP + 1), by)
        return made(*args, **more)

    monkeypatch.setattr(copies, "made", another_desk_meanwhile)
    with pytest.raises(IllegalMove, match="tersisa 0"):
        excerpts.excerpt(
            first, digital, [CAP + 1], handed="desk", submission=new_key(), by=by, site=SITE
        )  # fmt: skip
    assert len(support.on_disk(copies.files.settings.VAR_DIR / "files" / "softcopy" / "excerpt")) == 1
