"""A corrective action of somebody who left is nobody's: the supervisor sees it, and gives it to somebody."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from complaints.visibility import action_unowned
from complaints.workflows import acting, complainant, handling
from complaints.workflows.handling import NotTheirs
from pst.setup import leaving
from services.accounts.models import Role
from services.audit.actors import VISITOR
from services.workflow import IllegalMove
from tests.complaints.support import browser, lodge, officer, works


def shut_out(head, owner):
    owner.is_active = False  # by an administrator, in Django admin
    owner.save()


def lets_go(head, owner):
    leaving.let_go(owner.memberships.get(), to=head, by=officer(head))


def becomes_another(head, owner):
    leaving.give_role(owner.memberships.get(), Role.FRONTLINER, by=officer(head))


@pytest.mark.parametrize("ends", [shut_out, lets_go, becomes_another])
def test_who_leaves_leaves_it_to_the_supervisor(office, head, chief, colleague, ends):
    owner = works(office, "owner", Role.SUPERVISOR)
    complaint, other = lodge(office), lodge(office, text="Antrian lama")
    action, done, _theirs = (
        acting.plan(of, what=what, owner=whose, due_on=date(2099, 7, 1), by=officer(head))
        for of, what, whose in ((complaint, "Ganti kipas", owner), (other, "Sudah", owner), (other, "Ubah", head))
    )  # fmt: skip
    acting.finish(done, proof="Nota 1", by=officer(head))
    listed = reverse("complaints:list") + "?lihat=tindakan"
    assert list(chief.get(listed).context["page"]) == []
    ends(head, owner)
    assert [row.pk for row in chief.get(listed).context["page"]] == [complaint.pk]
    tiles = {t.key: t for g in chief.get(reverse("panel:today")).context["groups"] for t in g.tiles}
    assert (tiles["actions"].value, tiles["actions"].url) == ("1", listed)
    assert "dahulu owner" in chief.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
    manage = reverse("complaints:manage", args=[complaint.pk])
    assert "dahulu owner" in chief.get(manage).content.decode()
    refused = chief.post(manage, {"do": "give", "action": action.pk, "officer": colleague.pk})
    assert refused.status_code == 422  # who does not read the complaint could not prove it
    assert chief.post(manage, {"do": "give", "action": action.pk, "officer": head.pk}).status_code == 302
    action.refresh_from_db()
    assert action.owner == head
    assert list(chief.get(listed).context["page"]) == []
    assert "actions" not in [
        t.key for g in chief.get(reverse("panel:today")).context["groups"] for t in g.tiles
    ]


def test_of_the_officer_who_handles_it_until_it_is_somebody_elses(office, head, colleague):
    complaint = lodge(office)
    handling.assign(complaint, colleague, by=officer(head))
    action = acting.plan(
        complaint, what="Ganti kipas", owner=colleague, due_on=date(2099, 7, 1), by=officer(head)
    )
    rows = type(complaint).objects.all()
    assert not action_unowned(rows).exists()
    assert "lihat=tindakan" not in str(browser(colleague).get(reverse("complaints:list")).context["lists"])
    handling.assign(complaint, head, by=officer(head))
    assert list(action_unowned(rows)) == [complaint]
    with pytest.raises(NotTheirs):
        acting.give(action, colleague, by=officer(head))
    acting.finish(action, proof="Nota", by=officer(head))
    with pytest.raises(IllegalMove):
        acting.give(action, head, by=officer(head))
    taken_back = lodge(office, text="Antrian lama")
    gone = works(office, "gone", Role.SUPERVISOR)
    acting.plan(taken_back, what="Atur", owner=gone, due_on=date(2099, 7, 1), by=officer(head))
    complainant.withdraw(taken_back, by=VISITOR)
    shut_out(head, gone)
    assert not action_unowned(rows).exists()
