"""Who works in the office: invited by mail, their role, and the end of it."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints.workflows.handling import NotTheirs
from consultation.workflows.assigning import NotOfThisOffice
from pst.setup import inviting, leaving, steps
from services.accounts import access, limits, staff
from services.accounts.http import Request
from services.accounts.models import Membership, Role, User
from services.workflow import IllegalMove

HERE = "setup:staff"


class InviteForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Nama lengkap"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail kantor"), max_length=254,
        help_text=gettext_lazy("Undangan dikirim ke sini; orangnya membuat kata sandi sendiri."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("Peran"), choices=Role.choices, widget=forms.RadioSelect, initial=Role.FRONTLINER
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class LeaveForm(forms.Form):
    """`to`: who takes over; one of the others who work here."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Dialihkan kepada"), queryset=User.objects.none(), empty_label="–", required=False
    )

    def __init__(self, *args: Any, membership: Membership, needed: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        others = User.objects.filter(memberships__office=membership.office_id, is_active=True)
        field: forms.ModelChoiceField = self.fields["to"]  # type: ignore[assignment]
        field.queryset = others.exclude(pk=membership.user_id).order_by("name")
        field.required = needed


@access.supervisor
@never_cache
def people(request: Request) -> HttpResponse:
    """Everybody who works here, and who was asked to. POST: an invitation."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    link = ""
    if request.method == "POST" and form.is_valid():
        if limits.exceeded(request, "invitation"):
            form.add_error(None, limits.words())
        else:
            try:
                link = inviting.invite(request.office, by=request.actor, **form.cleaned_data)
            except IllegalMove as problem:
                form.add_error("email", str(problem))
        if not form.errors and not link:
            messages.success(request, _("Undangan dikirim ke %s.") % form.cleaned_data["email"])
            return steps.back(request, HERE)
        if link:
            form = InviteForm()
    second = Authenticator.objects.filter(user=OuterRef("user"), type=Authenticator.Type.TOTP)
    rows = request.office.memberships.select_related("user").annotate(second_step=Exists(second))
    invited = request.office.invitations.filter(accepted_at=None, withdrawn_at=None)
    context = {"form": form, "rows": rows.order_by("-role", "user__name"), "invited": invited, "link": link}
    return steps.page(request, "setup/staff.html", context, status=422 if form.errors else 200)


@access.supervisor
@require_POST
def invitation_act(request: Request, pk: int) -> HttpResponse:
    """`do`: withdraw, or again (a new mail with a new link; the old one is good no more)."""
    row = get_object_or_404(request.office.invitations, pk=pk)
    if row.accepted_at or row.withdrawn_at:
        messages.info(request, _("Undangan itu sudah diterima, ditarik, atau diganti yang baru."))
    elif request.POST.get("do") == "again":
        try:
            said = {"email": row.email, "name": row.name, "role": row.role}
            if limits.exceeded(request, "invitation"):
                messages.error(request, limits.words())
            elif link := inviting.invite(request.office, by=request.actor, again=row.pk, **said):
                messages.info(request, _("Serahkan tautan ini sendiri: %s") % link)
            else:
                messages.success(request, _("Undangan dikirim ke %s.") % row.email)
        except IllegalMove as problem:
            messages.error(request, str(problem))
    else:
        staff.withdraw(row, by=request.actor)
        messages.success(request, _("Undangan ditarik; tautannya tidak berlaku lagi."))
    return steps.back(request, HERE)


def _of_office(request: Request, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("user", "office"), pk=pk, office=request.office
    )


@access.supervisor
@never_cache
def person(request: Request, pk: int) -> HttpResponse:
    """One of them: role, what they have open, and the end of their work here. `do`: role, leave."""
    row = _of_office(request, pk)
    left = leaving.open_of(row, by=request.actor)
    form = LeaveForm(
        request.POST if request.POST.get("do") == "leave" else None,
        membership=row,
        needed=bool(left.to_hand_over),
    )
    if request.method == "POST":
        do = request.POST.get("do")
        if do == "role":
            return _role(request, row)
        if do != "leave":
            raise Http404
        if form.is_valid() and _gone(request, row, form):
            return steps.back(request, HERE)
    context = {
        "row": row, "left": left, "form": form, "roles": Role.choices, "own": row.user_id == request.user.pk,
    }  # fmt: skip
    return steps.page(request, "setup/person.html", context, status=422 if form.errors else 200)


def _role(request: Request, row: Membership) -> HttpResponse:
    role = request.POST.get("role", "")
    if role not in Role.values:
        raise Http404
    try:
        leaving.give_role(row, role, by=request.actor)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        label = Role(role).label
        messages.success(request, _("%(name)s sekarang %(role)s.") % {"name": row.user, "role": label})
    return steps.back(request, "setup:person", row.pk)


def _gone(request: Request, row: Membership, form: LeaveForm) -> bool:
    try:
        leaving.let_go(row, to=form.cleaned_data["to"], by=request.actor)
    except (NotTheirs, NotOfThisOffice):
        form.add_error("to", _("Salah satunya tidak boleh ditangani orang ini. Pilih orang lain."))
    except leaving.StillOpen:
        form.add_error("to", _("Baru saja ada yang menjadi tanggungannya. Pilih siapa yang mengambil alih."))
    except IllegalMove as problem:
        form.add_error(None, str(problem))
    else:
        messages.success(request, _("%s tidak lagi bekerja di kantor ini.") % row.user)
        return True
    return False
