"""Whose a complaint is appears nowhere it must not: role × every page, list, export and search; tables, jobs and logs.

One anonymous and one confidential complaint by each door, their people marked by words that stand nowhere else; then everybody
opens everything they may. A copy of the database is another matter, and decision 038 says so.
"""

from __future__ import annotations

import logging

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from complaints.models import Complaint
from complaints.workflows import handling
from services.accounts.models import Membership, Role
from services.audit.actors import Actor
from tests.accounts.test_access_table import GET, shared, world
from tests.accounts.world import World

__all__ = ["shared", "world"]  # fixtures

ADDRESS = "203.0.113.77"
NAMELESS = {
    "name": "Zulfikri Xanthorea",
    "email": "xanthorea@rumah.test",
    "phone": "081911122233",
    "contact": "Jalan Xanthorea 9",
}
HIDDEN = {
    "name": "Wahyuningtyas Quercus",
    "email": "quercus@rumah.test",
    "phone": "081944455566",
    "contact": "Jalan Quercus 7",
}
# What would give them away; numbers also as they are stored after they were cleaned.
OF_NAMELESS = ("Xanthorea", "xanthorea@", "081911122233", "81911122233")
OF_HIDDEN = ("Quercus", "quercus@", "081944455566", "81944455566")
SEARCHES = ("Xanthorea", "quercus@rumah.test", "0819")
# Where a confidential one's people may stand: the page of a few, once they asked for it; their supervisor's list of mails.
MAY = {("supervisor", "panel:mail")}
ROLES = ("anonymous", "frontliner", "supervisor", "supervisor elsewhere", "administrator", "kiosk", "visitor")
# Which show nothing of what people said or did: books, questionnaires and their results, examples, texts of the standards.
APART = ("library:", "surveys:", "portal:", "panel:mail_kind", "panel:mail_html", "queueing:devices", "panel:standard")  # fmt: skip


def form(who: dict[str, str], privacy: str, **more: str) -> dict[str, str]:
    return {"text": f"Tidak ramah ({privacy})", "kind": "service", "privacy": privacy, **who, **more}


def lodge_by_every_door(world: World) -> list[bytes]:
    """The public form, the ticket's page, the tablet, the account, an officer's entry. What each page said afterwards."""
    said = []
    for who, privacy in ((NAMELESS, "anonymous"), (HIDDEN, "confidential")):
        by_entry = form(who, privacy, channel="social", platform="Instagram")
        doors = (
            (Client(REMOTE_ADDR=ADDRESS), "complaints:public", ["7411"], form(who, privacy)),
            (
                Client(REMOTE_ADDR=ADDRESS),
                "complaints:from_visit",
                [world.keys["gone token"]],
                form(who, privacy),
            ),
            (world.people["kiosk"], "complaints:kiosk", [], form(who, privacy)),
            (world.people["frontliner"], "complaints:entry", [], by_entry),
        )
        for client, name, args, data in doors:
            response = client.post(reverse(name, args=args), data)
            assert response.status_code == 200, (name, response.content.decode()[:3000])
            said.append(response.content)
    account = form({}, "anonymous", phone=NAMELESS["phone"])
    world.people["visitor"].post(reverse("complaints:public", args=["7411"]), account)
    return said


def pages(world: World, who: str):
    for name, (args, expected) in GET.items():
        if expected.get(who) == 200 and not name.startswith(APART):
            yield name, reverse(name, args=[world.fill(a) for a in args])
    if who in ("frontliner", "supervisor", "frontliner elsewhere", "supervisor elsewhere"):
        for words in SEARCHES:
            for room in ("complaints:list", "consultation:list"):
                yield room, f"{reverse(room)}?lihat=semua&q={words}"
    if who == "supervisor":
        for state in ("menunggu", "terkirim", "gagal"):
            yield "panel:mail", f"{reverse('panel:mail')}?status={state}"
    if who == "administrator":
        for model in admin.site._registry:
            yield "admin", reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def lodged(world):
    with transaction.atomic():
        said = lodge_by_every_door(world)
        for one in Complaint.objects.filter(text__startswith="Tidak ramah"):
            handling.note(one, "Dibaca", by=Actor("system"))
        yield said
        transaction.set_rollback(True)


@pytest.mark.parametrize("who", ROLES)
def test_nobody_reads_it_anywhere(world, lodged, who):
    client, found = world.people[who], []
    mine = Complaint.objects.filter(text__startswith="Tidak ramah")
    assert mine.count() == 9
    details = [("complaints:detail", reverse("complaints:detail", args=[one.pk])) for one in mine]
    details += [("complaints:manage", reverse("complaints:manage", args=[one.pk])) for one in mine]
    for name, address in [*pages(world, who), *details]:
        response = client.get(address)
        if response.status_code != 200:
            assert name.startswith("complaints:"), (name, response.status_code)
            continue
        body = b"".join(response.streaming_content) if response.streaming else response.content
        text = body.decode(errors="replace")
        asked = response.request.get("QUERY_STRING", "")
        for word in (*OF_NAMELESS, *OF_HIDDEN):
            typed = (
                word.casefold() in asked.casefold()
            )  # what was searched for stands in the field of the search
            if word in text and not typed and not (word in OF_HIDDEN and (who, name) in MAY):
                found.append((name, word))
        if typed_only(asked):
            assert not any(one.number in text for one in mine), address
    assert found == []


def typed_only(asked: str) -> bool:
    """A search for a person."""
    return any(f"q={words}" in asked for words in SEARCHES)


def test_whoever_it_is_about_not_even_in_the_list_of_mails(world, lodged):
    named = Membership.objects.filter(office__code="7411", role=Role.SUPERVISOR).first().user
    for one in Complaint.objects.filter(text__startswith="Tidak ramah"):
        one.about.set([named])
    text = "".join(
        world.people["supervisor"].get(address).content.decode()
        for name, address in pages(world, "supervisor")
        if name == "panel:mail"
    )
    assert "quercus@" not in text
    for one in Complaint.objects.filter(text__startswith="Tidak ramah"):
        assert one.number not in text


def test_the_confidential_ones_people_for_the_supervisor_who_asks(world, lodged):
    """So that the words above are not missed for being nowhere at all."""
    one = Complaint.objects.filter(privacy="confidential", channel="online").get()
    for who, expected in (("supervisor", True), ("frontliner", False), ("supervisor elsewhere", False)):
        text = world.people[who].post(reverse("complaints:identity", args=[one.pk])).content.decode()
        assert ("Quercus" in text) == expected, who


def test_no_table_no_job_and_no_log_line_has_the_nameless(world, capfd, caplog):
    """Every text of every table, the arguments of the jobs among them, and what the process wrote."""
    with transaction.atomic(), caplog.at_level(logging.DEBUG):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            tables = [name for (name,) in cursor.fetchall()]
        caplog.clear()
        lodge_by_every_door(world)
        out, err = capfd.readouterr()
        # The test's own line of SQL is no line of the process: the database's log is Django's only at DEBUG in tests.
        lines = (
            "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
            + out
            + err
        )
        assert [word for word in (*OF_NAMELESS, *OF_HIDDEN, ADDRESS) if word in lines] == []
        found = []
        with connection.cursor() as cursor:
            for table in tables:
                for word in (*OF_NAMELESS, ADDRESS):
                    cursor.execute(
                        f'SELECT count(*) FROM "{table}" AS row WHERE row::text LIKE %s', [f"%{word}%"]
                    )
                    if cursor.fetchone()[0]:
                        found.append((table, word))
        transaction.set_rollback(True)
    assert found == []


def test_the_tablet_forgets_it(world, lodged):
    """The receipt has neither words nor person; the next visitor's pages have nothing at all."""
    assert not any(
        word.encode() in page for page in lodged for word in (*OF_NAMELESS, *OF_HIDDEN, "Tidak ramah")
    )
    kiosk = world.people["kiosk"]
    made = Complaint.objects.filter(channel="tablet", text__startswith="Tidak ramah")
    for address in ("/kios/", "/kios/pengaduan/"):
        page = kiosk.get(address)
        assert not any(one.number in page.content.decode() for one in made)
        assert not page.cookies.get("sessionid")
    assert "no-store" in kiosk.get("/kios/pengaduan/").headers["Cache-Control"]
