"""The guest book's lists for the system administrator: words, new answers, their end, their order; for all offices at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pst.setup import seen
from services.accounts import access
from services.accounts.http import Request
from services.guestbook import answers
from services.guestbook.models import ReferenceItem
from services.offices.settings import SomebodyElse
from services.workflow import IllegalMove

List = ReferenceItem.List


class WordsForm(seen.Seen, forms.Form):
    seen = seen.hidden()
    label = forms.CharField(label=gettext_lazy("Jawaban"), max_length=120)
    label_en = forms.CharField(label=gettext_lazy("Dalam bahasa Inggris"), max_length=120)

    def _words(self, name: str) -> str:
        return " ".join(self.cleaned_data[name].split())

    def clean_label(self) -> str:
        return self._words("label")

    def clean_label_en(self) -> str:
        return self._words("label_en")

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.cleaned_data if name != "seen"}


def _day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=seen.day_input(), **more)


def _to_come(day: date) -> date:
    today = timezone.localdate()
    if day < today:
        raise forms.ValidationError(_("Tanggal ini sudah lewat."))
    return seen.near(day, today)


class NewForm(WordsForm):
    day = _day_field(gettext_lazy("Ditawarkan mulai"))

    def clean_day(self) -> date:
        return _to_come(self.cleaned_data["day"])


class EndForm(seen.Seen, forms.Form):
    seen = seen.hidden()
    day = _day_field(
        gettext_lazy("Tidak ditawarkan mulai"),
        help_text=gettext_lazy("Kunjungan sebelum tanggal ini tetap menyimpan jawabannya."),
    )

    def clean_day(self) -> date:
        return _to_come(self.cleaned_data["day"])


@access.administrator
@never_cache
def answers_of(request: Request, name: str) -> HttpResponse:
    """One list, as it is offered and as it was. POST: an answer more."""
    if name not in List.values:
        raise Http404
    today, rows = timezone.localdate(), answers.rows_of(name)
    now = answers.mark(rows)
    form = NewForm(
        request.POST if request.method == "POST" else None, initial={"seen": now, "day": today}, prefix="baru"
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = answers.add(name, by=request.actor, seen=form.told(), **form.said())
        except SomebodyElse as problem:
            form.clash(problem, now)
        except answers.Taken as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, _("“%s” ditambahkan untuk semua kantor.") % row.label)
            return redirect("setup:answers", name)
    here = answers.offered(rows, today)
    kept = {row.pk for row in here}
    last = {row.pk for row in answers.latest(rows).values()} - kept
    context = {
        "form": form, "name": name, "title": List(name).label, "lists": List.choices, "now": now, "today": today, "rows": here,
        "past": [(row, row.pk in last) for row in reversed(rows) if row.pk not in kept],
    }  # fmt: skip
    return render(request, "setup/answers.html", context, status=422 if form.errors else 200)


@access.administrator
@never_cache
def answer(request: Request, pk: int) -> HttpResponse:
    """Other words from today on; or (`do=end`) its end, from a day on."""
    row = get_object_or_404(ReferenceItem, pk=pk)
    today, rows = timezone.localdate(), answers.rows_of(row.list)
    if row not in answers.offered(rows, today):
        messages.error(request, _("Jawaban ini sudah tidak berlaku."))
        return redirect("setup:answers", row.list)
    now, do = answers.mark(rows), request.POST.get("do", "words") if request.method == "POST" else ""
    words = {"seen": now, "label": row.label, "label_en": row.label_en}
    form = WordsForm(request.POST if do == "words" else None, initial=words)
    ending = EndForm(
        request.POST if do == "end" else None, initial={"seen": now, "day": today}, prefix="akhir"
    )
    if do == "words" and form.is_valid() and _reword(request, row, form, now):
        return redirect("setup:answers", row.list)
    if do == "end" and ending.is_valid() and _end(request, row, ending, now):
        return redirect("setup:answers", row.list)
    context = {
        "row": row, "form": form, "ending": ending, "title": row.get_list_display(),
        "before": [old for old in rows if old.code == row.code and old.pk != row.pk],
        "needed": (row.list, row.code) in answers.NEEDED,
    }  # fmt: skip
    wrong = form.errors or ending.errors
    return render(request, "setup/answer.html", context, status=422 if wrong else 200)


def _reword(request: Request, row: ReferenceItem, form: WordsForm, now: str) -> bool:
    try:
        answers.reword(row, day=timezone.localdate(), by=request.actor, seen=form.told(), **form.said())
    except SomebodyElse as problem:
        form.clash(problem, now)
    except answers.Taken as problem:
        form.add_error(problem.field, str(problem))
    except IllegalMove as problem:
        form.add_error(None, str(problem))
    else:
        messages.success(request, _("Kata-kata baru berlaku mulai hari ini di semua kantor."))
        return True
    return False


def _end(request: Request, row: ReferenceItem, form: EndForm, now: str) -> bool:
    day = form.cleaned_data["day"]
    try:
        answers.retire(row, day=day, today=timezone.localdate(), by=request.actor, seen=form.told())
    except SomebodyElse as problem:
        form.clash(problem, now)
    except IllegalMove as problem:
        form.add_error(None, str(problem))
    else:
        text = _("“%(label)s” tidak ditawarkan mulai %(day)s.")
        messages.success(request, text % {"label": row.label, "day": date_format(day, "j F Y")})
        return True
    return False


@access.administrator
@require_POST
def answer_act(request: Request, pk: int) -> HttpResponse:
    """`do`: up, down, or again (offered after all)."""
    row = get_object_or_404(ReferenceItem, pk=pk)
    do, told = request.POST.get("do"), request.POST.get("seen", "")
    today, by = timezone.localdate(), request.actor
    try:
        if do in ("up", "down"):
            answers.step(row, -1 if do == "up" else 1, day=today, by=by, seen=told)
        elif do == "again":
            answers.offer_again(row, day=today, by=by, seen=told)
            messages.success(request, _("“%s” ditawarkan lagi.") % row.label)
        else:
            raise Http404
    except SomebodyElse:
        messages.error(
            request, _("Daftar ini baru saja diubah orang lain. Lihat yang sekarang, lalu ulangi.")
        )
    except (IllegalMove, answers.Taken) as problem:
        messages.error(request, str(problem))
    return redirect("setup:answers", row.list)
