"""Writing a draft: its head, and section by section the words beside the rules they promise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pst.panel.standards.section_form import SectionForm
from pst.panel.standards.versions import told, version
from services.accounts import access
from services.accounts.http import Request
from services.offices.models import Standard, StandardItem
from services.offices.rule_names import STEP_NAMES
from services.offices.standards import editing, reading
from services.offices.standards.editing import Clash
from services.offices.standards.places import RULES_OF
from services.workflow import IllegalMove


class HeadForm(forms.ModelForm):
    class Meta:
        model = Standard
        fields = ["title", "pledge"]
        widgets = {"pledge": forms.Textarea(attrs={"rows": 4})}

    def clean_pledge(self) -> str:
        return " ".join(self.cleaned_data["pledge"].split())


@access.supervisor
@never_cache
def edit(request: Request, pk: int) -> HttpResponse:
    """Title and pledge, the fourteen sections, and where text and rules disagree."""
    standard = version(request, pk)
    if not standard.is_draft:
        return _closed(request, standard)
    stored = {name: getattr(standard, name) for name in editing.HEAD}  # the form writes into its instance
    form = HeadForm(request.POST if request.method == "POST" else None, instance=standard)
    seen = {name: editing.mark(value) for name, value in stored.items()}
    clash: dict[str, str] = {}
    if request.method == "POST":
        posted = {name: request.POST.get(f"seen-{name}", seen[name]) for name in editing.HEAD}
        if form.is_valid():
            answer, clash = _save_head(request, standard, form.cleaned_data, posted)
            if answer:
                return answer
        seen = {name: seen[name] if name in clash else posted[name] for name in seen}
    for name, value in stored.items():
        setattr(standard, name, value)
    found = reading.disagreements(standard)
    context = {
        "standard": standard, "form": form, "seen": seen, "clash": clash, "told": told(standard),
        "against": [d for d in found if not d.unsaid], "unsaid": [d for d in found if d.unsaid],
        "delivery": _parts(standard, StandardItem.DELIVERY, found), "management": _parts(standard, StandardItem.MANAGEMENT, found),
    }  # fmt: skip
    return render(request, "panel/standards/edit.html", context, status=422 if form.errors or clash else 200)


def _save_head(
    request: Request, standard: Standard, given: dict[str, str], seen: dict[str, str]
) -> tuple[HttpResponse | None, dict[str, str]]:
    """Where to go on, or what somebody else has stored meanwhile."""
    try:
        editing.save_head(standard, given=given, seen=seen, by=request.actor)
    except Clash as clash:
        return None, clash.stored
    except IllegalMove as problem:
        messages.error(request, str(problem))
        return redirect("panel:standard", standard.pk), {}
    messages.success(request, _("Judul dan maklumat disimpan."))
    return redirect("panel:standard_edit", standard.pk), {}


def _parts(
    standard: Standard, names: tuple[str, ...], found: list[reading.Disagreement]
) -> list[dict[str, Any]]:
    rows = [item.section for item in standard.items.all()]
    against = [d.section for d in found if not d.unsaid]
    return [
        {
            "code": name, "label": StandardItem.Section(name).label, "items": rows.count(name), "rules": len(RULES_OF[name]),
            "against": against.count(name),
        }
        for name in names
    ]  # fmt: skip


def _closed(request: Request, standard: Standard) -> HttpResponse:
    state = standard.get_status_display()
    messages.error(request, _("Versi ini berstatus “%s” dan tidak dapat diubah lagi.") % state)
    return redirect("panel:standard", standard.pk)


@access.supervisor
@never_cache
def section(request: Request, pk: int, section: str) -> HttpResponse:
    """GET: the form. POST: save all that was typed, then one act: move, delete, add, or let a rule follow the text.

    With the header X-Autosave: saved without a page, answered in JSON (marks of the pieces, what disagrees)."""
    if section not in StandardItem.Section.values:
        raise Http404
    standard = version(request, pk)
    if not standard.is_draft:
        return _closed(request, standard)
    if request.method != "POST":
        return _page(request, standard, SectionForm(standard, section))
    form = SectionForm(standard, section, _with_step_moved(request.POST))
    quietly = "X-Autosave" in request.headers
    if form.is_valid():
        try:
            done = editing.save_section(standard, section, form.typed(with_new=not quietly), by=request.actor)
        except Clash as clash:
            form.clash = clash.stored
        except IllegalMove as problem:
            messages.error(request, str(problem))
            return redirect("panel:standard", pk)
        else:
            if quietly:
                return _saved_quietly(request, pk, form)
            return _saved(request, standard, section, done, again=form.left())
    if quietly:
        return JsonResponse({"saved": False})
    return _page(request, standard, form, status=422)


def _with_step_moved(posted: Any) -> Any:
    """`do=step-up-<kind>`, `step-down-<kind>`: two steps of the visit change their numbers."""
    do = posted.get("do", "")
    direction, kind = do[: do.rfind("-")], do[do.rfind("-") + 1 :]
    if direction not in ("step-up", "step-down") or kind not in STEP_NAMES:
        return posted
    data = posted.copy()
    names = {k: f"rule-steps-{k}" for k in STEP_NAMES}
    numbers = {k: int(v) for k, name in names.items() if (v := data.get(name, "")).isdecimal() and len(v) < 4}
    order = sorted(numbers, key=lambda k: numbers[k])
    if kind in order:
        here = order.index(kind)
        there = here + (-1 if direction == "step-up" else 1)
        if 0 <= there < len(order):
            order[here], order[there] = order[there], order[here]
    for place, k in enumerate(order, start=1):
        data[names[k]] = str(place)
    return data


def _saved(
    request: Request, standard: Standard, section: str, done: list[str], *, again: bool
) -> HttpResponse:
    do = request.POST.get("do", "")
    follows = do.removeprefix("follow-") if do.startswith("follow-") else ""
    if follows in RULES_OF[section]:
        done += editing.follow_text(standard, keys=[follows], by=request.actor)
    page = reverse("panel:standard_section", args=[standard.pk, section])
    messages.success(request, _("Disimpan.") if done else _("Semua sudah tersimpan."))
    if again:
        messages.warning(
            request,
            _(
                "Butir yang sedang Anda ubah baru saja dihapus orang lain; tulisan Anda ditambahkan lagi di akhir."
            ),
        )
    if do == "close":
        return redirect("panel:standard_edit", standard.pk)
    return redirect(f"{page}#{_anchor(do, follows, done)}")


def _anchor(do: str, follows: str, done: list[str]) -> str:
    """Where the reader goes on: what was moved, what was added, the rule."""
    if follows:
        return f"rule-{follows}"
    if do.startswith("step-"):
        return "rule-steps"
    if do.startswith(("up-", "down-")):
        return f"item-{do.split('-')[1]}"
    if do == "add" and done:
        return next((piece for piece in reversed(done) if piece.startswith("item-")), "new")
    return "saved"


def _saved_quietly(request: Request, pk: int, form: SectionForm) -> HttpResponse:
    """What the open page needs to go on: the warnings, and the marks of what is stored as this editor wrote it. What somebody
    else changed meanwhile keeps its old mark, so that it is not taken for a change of this editor's."""
    standard = version(request, pk)
    stored = editing.marks(standard, form.section, form.keys)
    mine = form.typed_marks()
    found = [d for d in reading.disagreements(standard) if d.section == form.section]
    html = render_to_string("panel/standards/_against.html", {"against": found}, request)
    marks = {piece: mark for piece, mark in stored.items() if mine.get(piece) == mark}
    return JsonResponse({"saved": True, "marks": marks, "against": html, "left": form.left()})


def _page(request: Request, standard: Standard, form: SectionForm, status: int = 200) -> HttpResponse:
    found = [d for d in reading.disagreements(standard) if d.section == form.section]
    names = list(StandardItem.Section)
    here = names.index(StandardItem.Section(form.section))
    context = {
        "standard": standard, "form": form, "section": names[here], "rows": form.rows(), "rules": form.rules_shown(found),
        "against": found, "problems": form.problems() if status == 422 else [],
        "before": names[here - 1] if here else None, "after": names[here + 1] if here + 1 < len(names) else None,
        "optional": form.section in StandardItem.MANAGEMENT,
    }  # fmt: skip
    return render(request, "panel/standards/section.html", context, status=status)
