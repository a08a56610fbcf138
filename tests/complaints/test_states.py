"""Acting where it must not be possible: on what is not over, twice, with somebody else's hand, with files and clocks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from complaints import rounds, telling
from complaints.models import Action, Attachment, Complaint
from complaints.workflows import acting, complainant, ending, handling
from services.accounts.models import Role
from services.audit.actors import VISITOR
from services.audit.models import AuditEntry
from services.mail.models import Outgoing
from services.workflow import IllegalMove
from tests.complaints.support import at, browser, fresh, local, lodge, officer, works

pytestmark = pytest.mark.usefixtures("calendar_of_2026")


@pytest.fixture
def stored(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def manage(client, complaint, **form):
    page = reverse("complaints:manage", args=[complaint.pk])
    return client.post(page, {"was": fresh(complaint).state, **form})


@pytest.mark.parametrize("state", ["received", "handled", "incomplete"])
def test_reopening_what_is_not_over_does_not_set_the_clock_back(office, head, chief, state):
    found = lodge(office, "2026-06-08 10:00")
    if state == "handled":
        handling.assign(found, head, by=officer(head), at=at(office, "2026-06-09 10:00"))
    if state == "incomplete":
        handling.ask_completion(found, "?", by=officer(head), at=at(office, "2026-06-09 10:00"))
    before = fresh(found)
    assert manage(chief, found, do="reopen", why="x").status_code == 422
    after = fresh(found)
    assert (after.complete_at, after.due_at, after.state) == (before.complete_at, before.due_at, state)


def test_reopened_by_a_supervisor_it_is_in_their_hands(office, head):
    found = lodge(office)
    ending.close(found, "Bukan kami", by=officer(head))
    done = ending.reopen(found, why="keliru", by=officer(head))
    assert (done.state, done.handler) == ("handled", head)


def test_reply_to_one_whose_handler_works_elsewhere_is_for_the_supervisors(office, head, colleague):
    found = lodge(office)
    handling.assign(found, colleague, by=officer(head))
    handling.answer(found, "Sudah.", by=officer(colleague))
    colleague.memberships.all().delete()
    complainant.reply(found, "Belum", by=VISITOR)
    to = set(Outgoing.objects.filter(kind="complaint_wrote").values_list("to", flat=True))
    assert to == {head.email}
    assert (fresh(found).state, fresh(found).handler) == ("received", None)


def test_files_go_with_the_reason_to_close(office, chief, stored):
    found = lodge(office)
    answer = chief.post(
        reverse("complaints:detail", args=[found.pk]),
        {
            "body": "lihat lampiran",
            "what": "close",
            "was": "received",
            "attachments": SimpleUploadedFile("a.txt", b"putusan"),
        },
    )
    assert answer.status_code == 302
    assert Attachment.objects.get(complaint=found).message.body == "lihat lampiran"


def test_every_proof_is_kept_and_the_complainant_sees_none(office, head, stored):
    found = lodge(office)
    action = acting.plan(found, what="x", owner=head, due_on=office.today() + timedelta(9), by=officer(head))
    files = [SimpleUploadedFile(f"{n}.txt", b"bukti %d" % n) for n in range(3)]
    acting.finish(action, files=files, by=officer(head))
    assert action.proofs.count() == 3
    assert not telling.files(found).exists()


@pytest.mark.parametrize("how", ["plan", "publish"])
def test_withdrawn_is_withdrawn(office, head, chief, how):
    found = lodge(office, kind="suggestion")
    complainant.withdraw(found, by=VISITOR)
    forms = {
        "plan": {"what": "x", "officer": head.pk, "due_on": (office.today() + timedelta(5)).isoformat()},
        "publish": {"said": "a", "did": "b"},
    }
    assert manage(chief, found, do=how, **forms[how]).status_code == 422
    after = fresh(found)
    assert (Action.objects.count(), after.published_at) == (0, None)


def test_judged_once(office, head):
    found = lodge(office)
    handling.answer(found, "Sudah.", by=officer(head))
    complainant.judge(found, stars=1, word="buruk", by=VISITOR)
    with pytest.raises(IllegalMove):
        complainant.judge(found, stars=5, word="bagus", by=VISITOR)
    assert fresh(found).satisfied == 1


def test_a_new_decision_is_judged_anew(office, head):
    found = lodge(office)
    handling.answer(found, "Sudah.", by=officer(head))
    complainant.judge(found, stars=5, by=VISITOR)
    complainant.reply(found, "Ternyata belum", by=VISITOR)
    handling.answer(found, "Sekarang sudah.", by=officer(head))
    assert telling.may_judge(fresh(found))


def test_reading_a_part_of_the_page_is_written_down_once(office, chief, head):
    found = lodge(office)
    complainant.reply(found, "Kata saya", by=VISITOR)
    page = reverse("complaints:detail", args=[found.pk])
    for _n in range(2):
        assert "Kata saya" in chief.get(page, headers={"HX-Request": "true"}).content.decode()
    assert AuditEntry.objects.filter(action="read", user=head, target_id=found.pk).count() == 1


def test_nothing_is_linked_to_a_closed_one(office, head):
    main, same = lodge(office, text="a"), lodge(office, text="b")
    ending.close(main, "sudah", by=officer(head))
    with pytest.raises(IllegalMove):
        handling.link(same, main, by=officer(head))


def test_an_incomplete_linked_one_gets_the_answer_too(office, head):
    main, same = lodge(office, text="a"), lodge(office, text="b")
    handling.link(same, main, by=officer(head))
    handling.ask_completion(same, "kapan?", by=officer(head))
    handling.answer(main, "Sudah.", by=officer(head))
    assert fresh(same).state == "answered"


def test_files_of_one_answer_for_two(office, head, stored):
    main, same = lodge(office, text="a"), lodge(office, text="b")
    handling.link(same, main, by=officer(head))
    handling.answer(main, "Lihat", files=[SimpleUploadedFile("a.txt", b"putusan kami")], by=officer(head))
    assert [(a.size, a.file.size) for a in Attachment.objects.all()] == [(12, 12), (12, 12)]


def test_asked_for_too_late_the_office_gets_no_new_time(office, head, chief):
    found = lodge(office, "2026-06-08 10:00")
    late = at(office, "2026-07-30 10:00")
    rounds.escalate_late(late)
    due = fresh(found).due_at
    handling.ask_completion(found, "?", by=officer(head), at=late)
    complainant.reply(found, "ini", by=VISITOR, at=late + timedelta(minutes=1))
    after = fresh(found)
    assert after.due_at < late, local(office, after.due_at)
    assert after.complete_at == found.created_at
    assert due < late
    page = chief.get(reverse("complaints:detail", args=[found.pk])).content.decode()
    assert "1 kali diminta dilengkapi" in page


def test_asked_for_in_time_the_clock_begins_when_it_is_complete(office, head):
    found = lodge(office, "2026-06-08 10:00")
    handling.ask_completion(found, "?", by=officer(head), at=at(office, "2026-06-09 10:00"))
    when = at(office, "2026-06-20 10:00")
    complainant.reply(found, "ini", by=VISITOR, at=when)
    assert fresh(found).complete_at == when


def test_an_action_is_for_those_who_read_the_complaint(office, head, colleague):
    found = lodge(office)
    with pytest.raises(handling.NotTheirs):
        acting.plan(found, what="x", owner=colleague, due_on=timezone.localdate(), by=officer(head))


@pytest.mark.parametrize("how", ["named", "given to another"])
def test_an_action_leaves_whoever_does_not_read_it_any_more(office, head, colleague, how):
    found = lodge(office)
    handling.assign(found, colleague, by=officer(head))
    action = acting.plan(
        found, what="Latihan", owner=colleague, due_on=timezone.localdate(), by=officer(head)
    )
    if how == "named":
        handling.classify(found, about=[colleague], by=officer(head))
    else:
        handling.assign(found, works(office, "other"), by=officer(head))
    action.refresh_from_db()
    assert action.owner is None
    assert "Latihan" in found.messages.get(who="note").body


def test_a_stale_form_takes_no_name_off(office, head, chief, colleague):
    """Two supervisors have the page open; the second only sets the element."""
    other = browser(works(office, "second", Role.SUPERVISOR))
    found = lodge(office)
    manage(chief, found, do="classify", kind="service", about=[colleague.pk], seen_about="")
    manage(other, found, do="classify", kind="service", element="U7", seen_about="")
    assert list(found.about.all()) == [colleague]
    assert fresh(found).element == "U7"


def test_only_a_supervisor_takes_a_name_off(office, head, chief, colleague):
    friend = works(office, "friend")
    found = lodge(office, about=[friend])
    handling.assign(found, colleague, by=officer(head))
    mine = browser(colleague)
    assert (
        f'name="seen_about" value="{friend.pk}"'
        in mine.get(reverse("complaints:manage", args=[found.pk])).content.decode()
    )
    assert manage(mine, found, do="classify", kind="service", seen_about=friend.pk).status_code == 422
    assert list(found.about.all()) == [friend]
    assert manage(chief, found, do="classify", kind="service", seen_about=friend.pk).status_code == 302
    assert not found.about.exists()


def test_it_is_not_forwarded_to_nobody(office, head, chief, province):
    only = province.memberships.get().user
    found = lodge(office, about=[only])
    answer = manage(chief, found, do="forward", place=province.code, why="x")
    assert answer.status_code == 422
    assert Complaint.objects.get().place == office


def test_forwarded_to_the_subject_it_goes_further_up(office, head, province):
    works(province.parent, "boss", Role.SUPERVISOR)
    found = lodge(office, about=[province.memberships.get().user])
    done = handling.forward(found, province, why="x", by=officer(head))
    assert done.place == province.parent
