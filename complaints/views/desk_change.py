"""What is done with a complaint beside writing: sorting it, giving it to somebody, sending it up, mending what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import desk_forms, visibility
from complaints.models import Complaint, Kind
from complaints.views.desk_common import again, back, find, in_time, links, may_decide, note_read, seen
from complaints.workflows import acting, ending, handling
from services.accounts import access
from services.accounts.http import Request
from services.workflow import IllegalMove


def _classify(request: Request, form: Any) -> str:
    facts = form.facts()
    if facts["not_about"] and not may_decide(request):
        raise IllegalMove(_("Hanya penyelia yang dapat mencabut nama petugas."))
    handling.classify(form.complaint, by=request.actor, **facts)
    return _("Penggolongan disimpan.")


def _assign(request: Request, form: Any) -> str:
    officer = form.chosen()
    handling.assign(form.complaint, officer, by=request.actor)
    return _("Ditugaskan kepada %s.") % officer


def _forward(request: Request, form: Any) -> str:
    place = form.offices[form.cleaned_data["place"]]
    done = handling.forward(form.complaint, place, why=form.cleaned_data["why"], by=request.actor)
    return _("Diteruskan ke %s.") % done.place


def _link(request: Request, form: Any) -> str:
    typed = form.cleaned_data["number"].strip().upper()
    other = seen(request).filter(number=typed).first()
    if other is None:
        raise IllegalMove(_("Nomor itu tidak ada di antara pengaduan yang Anda lihat."))
    handling.link(form.complaint, other, by=request.actor)
    return _("Dikaitkan; satu jawaban untuk keduanya.")


def _unlink(request: Request, form: Any) -> str:
    handling.unlink(form.complaint, by=request.actor)
    return _("Kaitan dilepas.")


def _reopen(request: Request, form: Any) -> str:
    ending.reopen(form.complaint, why=form.cleaned_data["why"], by=request.actor)
    return _("Pengaduan dibuka lagi.")


def _plan(request: Request, form: Any) -> str:
    data = form.cleaned_data
    owner = form.officers[data["officer"]]
    acting.plan(form.complaint, what=data["what"], owner=owner, due_on=data["due_on"], by=request.actor)
    return _("Tindakan perbaikan dicatat.")


def _give(request: Request, form: Any) -> str:
    action = get_object_or_404(form.complaint.actions, pk=form.cleaned_data["action"])
    owner = form.officers[form.cleaned_data["officer"]]
    acting.give(action, owner, by=request.actor)
    return _("Penanggung jawab tindakan ini sekarang %s.") % owner


def _finish(request: Request, form: Any) -> str:
    action = get_object_or_404(form.complaint.actions, pk=form.cleaned_data["action"])
    data = form.cleaned_data
    acting.finish(action, proof=data["proof"], files=data["attachments"], by=request.actor)
    return _("Tindakan dinyatakan selesai.")


def _publish(request: Request, form: Any) -> str:
    data = form.cleaned_data
    done = handling.publish_change(form.complaint, said=data["said"], did=data["did"], by=request.actor)
    return _("Diumumkan.") if done.published_at else _("Tidak diumumkan.")


Work = Callable[[Request, Any], str]
DO: dict[str, tuple[type[desk_forms.DeskForm], Work]] = {
    "classify": (desk_forms.ClassifyForm, _classify),
    "assign": (desk_forms.AssignForm, _assign),
    "forward": (desk_forms.ForwardForm, _forward),
    "link": (desk_forms.LinkForm, _link),
    "unlink": (desk_forms.DeskForm, _unlink),
    "reopen": (desk_forms.ReasonForm, _reopen),
    "plan": (desk_forms.PlanForm, _plan),
    "give": (desk_forms.GiveForm, _give),
    "finish": (desk_forms.FinishForm, _finish),
    "publish": (desk_forms.PublishForm, _publish),
}
DECIDES = ("assign", "forward", "link", "unlink", "give", "publish")  # supervisors only


@access.staff
@never_cache
def manage(request: Request, pk: int) -> HttpResponse:
    """All the forms; `do` says which of them was sent. One that was not taken keeps what was typed."""
    complaint = find(request, pk)
    if request.method != "POST":
        return _page(request, complaint, {})
    do = request.POST.get("do", "")
    if do not in DO:
        raise Http404
    if do in DECIDES and not may_decide(request):
        raise PermissionDenied
    kind, work = DO[do]
    form = kind(request.POST, request.FILES, complaint=complaint, auto_id=f"{do}_%s")
    if not form.is_valid():
        return _page(request, complaint, {do: form})
    if do not in _offered(request, complaint):  # also when its page has not been looked at for long
        words = _("Tindakan ini tidak dapat dilakukan pada pengaduan berstatus “%s”.")
        return _page(request, complaint, {do: again(form, words % complaint.get_state_display())})
    try:
        with transaction.atomic():
            if do != "link":  # which locks both itself, in their order
                in_time(form)
            words = work(request, form)
    except IllegalMove as problem:
        return _page(request, complaint, {do: again(form, str(problem))})
    except handling.NotTheirs:
        told = _("Petugas itu tidak bekerja di kantor yang menangani, atau pengaduan ini tentang dirinya.")
        return _page(request, complaint, {do: again(form, told)})
    return back(request, complaint.pk, words)


def _offered(request: Request, complaint: Complaint) -> list[str]:
    """What may be done with it now, by this person."""
    decides = may_decide(request)
    offered = [name for name in DO if decides or name not in DECIDES]
    not_now: set[str] = set()
    if complaint.state not in Complaint.REOPENABLE:
        not_now |= {"reopen"}
    if complaint.is_over:
        not_now |= {"assign", "forward"}
    elif complaint.state == Complaint.State.ANSWERED:
        not_now |= {"assign"}
    if complaint.state == Complaint.State.WITHDRAWN:
        not_now |= {"plan", "link", "give"} | (set() if complaint.published_at else {"publish"})
    if not complaint.place.parent_id:
        not_now |= {"forward"}
    return [name for name in offered if name not in not_now]


def _page(request: Request, complaint: Complaint, sent: dict[str, desk_forms.DeskForm]) -> HttpResponse:
    offered = [*_offered(request, complaint), *sent]
    forms = {
        name: sent.get(name) or DO[name][0](complaint=complaint, auto_id=f"{name}_%s") for name in offered
    }
    note_read(request, complaint)
    context = {
        "complaint": complaint, "forms": forms, **links(request, complaint), "open_actions": list(visibility.with_owner(complaint.actions.filter(done_at=None).select_related("owner"))),
        "is_suggestion": complaint.kind == Kind.SUGGESTION,
    }  # fmt: skip
    template = "complaints/manage.html#manage" if request.htmx else "complaints/manage.html"
    return render(request, template, context, status=422 if sent else 200)
