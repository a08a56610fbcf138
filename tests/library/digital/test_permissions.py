"""More pages than the cap: asked at the desk, answered by a supervisor in writing; and what was mailed already."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from library.models import CopyLink, ExcerptRequest, MarkedCopy
from library.workflows import allowing, excerpts, handing
from services.audit.models import AuditEntry
from services.guestbook import workflows as visits
from services.guestbook.models import ConsentWording, Visitor
from services.workflow import IllegalMove
from tests.guestbook.support import DEVICE
from tests.library.digital.handing_support import SITE, counted, desk_of, officer, softcopy, visitor
from tests.library.digital.test_handing_desk import page_of
from tests.mail_server import links_in, text_of, work_off

ASKED = {"pages": "1-6", "handed": "desk", "ask": "1", "note": "Skripsi, semua tabel"}
REQUESTS = "/meja/pustaka/izin/"


@pytest.fixture
def lender(offices):
    return offices["1906"]


def answer(asked: ExcerptRequest, action: str) -> str:
    return reverse("library:excerpt_request_act", args=[asked.pk, action])


def test_a_desk_asks_a_supervisor_grants_and_the_desk_goes_on(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    desk, boss = desk_of(lender), desk_of(lender, "supervisor")
    refused = desk.post(page_of(received, digital), {"pages": "1-6", "handed": "desk"})
    assert refused.status_code == 422
    assert "Minta izin atasan" in refused.content.decode()
    page = desk.post(page_of(received, digital), ASKED, follow=True).content.decode()
    assert "Menunggu atasan" in page
    asked = ExcerptRequest.objects.get()
    assert (asked.pages, asked.note, asked.state) == ([1, 2, 3, 4, 5, 6], "Skripsi, semua tabel", "asked")
    assert not MarkedCopy.objects.exists()
    assert (
        'Izin salinan</span> <span class="badge badge-warn">1<' in boss.get("/meja/pustaka/").content.decode()
    )
    shown = boss.get(REQUESTS).content.decode()
    assert "1–6" in shown
    assert "Skripsi, semua tabel" in shown
    assert answer(asked, "beri") in shown
    granted = boss.post(answer(asked, "beri"), {"reason": "Untuk skripsi, bab 4 utuh"}, follow=True)
    row = MarkedCopy.objects.get()
    assert row.serial in granted.content.decode()
    assert (row.pages, row.reason) == (asked.pages, "Untuk skripsi, bab 4 utuh")
    page = desk.get(page_of(received, digital)).content.decode()
    assert "Diizinkan" in page
    assert "Untuk skripsi, bab 4 utuh" in page
    file = reverse("library:handing_file", args=[received.pk, row.pk])
    assert file in page
    assert b"".join(desk.get(file).streaming_content).startswith(b"%PDF-")
    actions = list(AuditEntry.objects.filter(action__startswith="excerptrequest").order_by("pk"))
    assert [(a.action, a.user_id) for a in actions] == [
        ("excerptrequest.asked", asked.asked_by_id), ("excerptrequest.granted", row.allowed_by_id),
    ]  # fmt: skip


def test_only_a_supervisor_of_the_office_answers_and_in_writing(lender, offices):
    received, digital = visitor(lender), softcopy(lender, 20)
    desk, boss = desk_of(lender), desk_of(lender, "supervisor")
    desk.post(page_of(received, digital), ASKED)
    asked, given = ExcerptRequest.objects.get(), {"reason": "Untuk skripsi, bab 4 utuh"}
    assert answer(asked, "beri") not in desk.get(REQUESTS).content.decode()
    assert desk.post(answer(asked, "beri"), given).status_code == 403
    assert desk_of(offices["7411"], "supervisor").post(answer(asked, "beri"), given).status_code == 404
    for reason in ("", "ya"):
        wrong = boss.post(answer(asked, "beri"), {"reason": reason})
        assert wrong.status_code == 422
        assert "field-invalid" in wrong.content.decode()
    assert not MarkedCopy.objects.exists()
    boss.post(answer(asked, "tolak"), {"reason": "Cukup tabel 4.1"})
    page = desk.get(page_of(received, digital)).content.decode()
    assert "Tidak diizinkan" in page
    assert "Cukup tabel 4.1" in page
    late = boss.post(answer(asked, "beri"), given, follow=True)
    assert "tidak dapat dilakukan lagi" in late.content.decode()
    assert not MarkedCopy.objects.exists()


def test_asking_twice_is_one_request_and_granting_twice_one_copy(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    given = {"handed": "desk", "by": officer(lender)}
    asked = allowing.ask(received, digital, [1, 2, 3, 4, 5], submission="a", **given)
    assert allowing.ask(received, digital, [5, 4, 3, 2, 1], submission="b", **given) == asked
    with pytest.raises(IllegalMove, match="masih dalam batas"):
        allowing.ask(received, digital, [1, 2], submission="c", **given)
    boss = officer(lender, "supervisor")
    rows = [allowing.grant(asked, reason="Untuk rapat daerah", by=boss, site=SITE) for _ in range(2)]
    assert rows[0] == rows[1]
    assert MarkedCopy.objects.count() == 1


def test_a_granted_link_is_mailed(lender, mailbox):
    received, digital = visitor(lender), softcopy(lender, 20)
    asked = allowing.ask(received, digital, range(1, 8), handed="link", submission="a", by=officer(lender))
    allowing.grant(asked, reason="Untuk rapat daerah", by=officer(lender, "supervisor"), site=SITE)
    work_off()
    assert links_in(mailbox.messages[-1])


@pytest.mark.parametrize(("reason", "said"), [("", "Tulis alasannya di sini"), ("ya", "sedikitnya 10 huruf")])
def test_a_missing_reason_is_told_at_its_own_field(lender, reason, said):
    received, digital = visitor(lender), counted(lender, 20)
    boss = desk_of(lender, "supervisor")
    wrong = boss.post(page_of(received, digital), {"pages": "1-6", "handed": "desk", "reason": reason})
    form = wrong.context["form"]
    assert any(said in error for error in form.errors["reason"])
    assert ("pages" in form.errors) == (reason == "")


def test_what_was_mailed_is_listed_and_can_be_withdrawn(offices, mailbox):
    office = offices["7411"]
    received, digital = visitor(office), softcopy(office, 5)
    desk = desk_of(office)
    desk.post(reverse("library:handing_link", args=[received.pk, digital.pk, "baca"]))
    work_off()
    address = links_in(mailbox.messages[-1])[0]
    page = desk.get(page_of(received, digital)).content.decode()
    assert "Kirim lagi hanya bila tamu tidak menerimanya" in page
    assert "dipakai 0 dari 20 kali" in page
    assert "sitti@example.test" not in page.partition("Yang sudah dikirim")[2].partition("</section>")[0]
    assert Client().get(address).status_code == 200
    reading = Client()
    reading.post(address, {"do": "read"})
    assert (
        reading.get(reverse("library:read", args=[digital.publication_id, "-"]), follow=True).status_code
        == 200
    )
    link = CopyLink.objects.get()
    withdraw = reverse("library:handing_withdraw", args=[received.pk, link.pk])
    other = visitor(office, name="Orang Lain", email="x@example.test")
    assert desk.post(reverse("library:handing_withdraw", args=[other.pk, link.pk])).status_code == 404
    assert "Dicabut" in desk.post(withdraw, follow=True).content.decode()
    assert Client().get(address).status_code == 410
    picture = reverse("library:read_page", args=[digital.publication_id, 1, 480])
    type(digital.publication).objects.update(access="registered")
    assert reading.get(picture).status_code == 403
    assert handing.issue_link(received, digital, "read", by=officer(office), site=SITE) != link


def test_why_nothing_can_be_handed_over_is_the_true_reason(lender):
    digital, library = counted(lender, 20), lender.services.get(work_url_name="library:use")
    desk = desk_of(lender)
    visit = visits.arrive(office=lender, service=library, by=DEVICE)
    page = desk.get(page_of(visit.services.get(), digital)).content.decode()
    assert "belum mengisi buku tamu" in page
    assert reverse("queueing:desk_guest_book", args=[visit.pk]) in page
    visits.sign(
        visit=visit, person={}, answers={"party_size": 1}, consent=False, channel="desk", by=DEVICE,
        wording=ConsentWording.objects.first(),
    )  # fmt: skip
    page = desk.get(page_of(visit.services.get(), digital)).content.decode()
    assert "memilih dilayani tanpa dicatat" in page
    assert "belum mengisi" not in page
    erased = visitor(lender)
    Visitor.objects.filter(pk=erased.visit.visitor_id).update(name="", email="", phone="")
    assert "sudah dihapus" in desk.get(page_of(erased, digital)).content.decode()


def test_a_request_of_somebody_erased_meanwhile_makes_nothing(lender):
    received, digital = visitor(lender), softcopy(lender, 20)
    asked = allowing.ask(received, digital, range(1, 8), handed="desk", submission="a", by=officer(lender))
    Visitor.objects.filter(pk=received.visit.visitor_id).update(name="", email="", phone="")
    asked = ExcerptRequest.objects.get()
    with pytest.raises(IllegalMove, match="sudah dihapus"):
        allowing.grant(asked, reason="Untuk rapat daerah", by=officer(lender, "supervisor"), site=SITE)
    assert ExcerptRequest.objects.get().state == "asked"
    assert excerpts.SHORTEST_REASON == 10
    assert asked.asked_at <= timezone.now()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"used": 5}, "habis dipakai: 5 kali"),
        ({"expires_at": timezone.now()}, "Tautan ini sudah lewat waktunya."),
        ({"withdrawn_at": timezone.now()}, "dicabut oleh petugas"),
    ],
)
def test_a_link_that_is_over_says_why_and_whom_to_ask_only_to_its_holder(offices, mailbox, changed, said):
    office = offices["7411"]
    handing.issue_link(visitor(office), softcopy(office), "download", by=officer(office), site=SITE)
    work_off()
    message = mailbox.messages[-1]
    assert "Yth. Sitti Rahma" in text_of(message)
    assert "untuk 5 kali pakai" in text_of(message)
    path = links_in(message)[0]
    CopyLink.objects.update(**changed)
    answer = Client().get(path)
    page = answer.content.decode()
    assert answer.status_code == 410
    assert said in page
    assert office.name in page
    forged = Client().get(f"{path[:-4]}abc/").content.decode()
    assert said not in forged
    assert "Minta tautan baru kepada petugas PST" in forged
    Visitor.objects.update(name="", email="")
    assert said not in Client().get(path).content.decode()


def test_a_scanned_book_says_that_it_cannot_be_searched(offices):
    digital = softcopy(offices["7411"], 3)
    place = reverse("library:read_search", args=[digital.publication_id])
    assert "Tidak ada halaman" in Client().get(place, {"q": "zirkonium"}).content.decode()
    type(digital).objects.update(without_text=[1, 2, 3])
    assert "hasil pindaian" in Client().get(place, {"q": "zirkonium"}).content.decode()
