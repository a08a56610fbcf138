"""The decree: another supervisor has read the draft and publishes it, today or from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from pst.panel.standards.versions import told, version
from pst.setup import seen
from services.accounts import access
from services.accounts.http import Request
from services.days import DayField
from services.offices.models import Standard
from services.offices.settings import SomebodyElse
from services.offices.standards import reading, states, theirs
from services.workflow import IllegalMove

FURTHEST = timedelta(days=730)
DAY = {"type": "date"}


class PublishForm(seen.Seen, forms.Form):
    """Decree and day. `why` where nobody else could review; `despite` where rules say otherwise than the text; `copied` where the
    words were another office's; `waiting` where a version published before waits for its day."""

    seen = seen.hidden()
    decree_number = forms.CharField(
        label=gettext_lazy("Nomor SK"), max_length=100, required=False, help_text=gettext_lazy("Misalnya: 24E Tahun 2024")
    )  # fmt: skip
    decree_date = DayField(
        label=gettext_lazy("Tanggal SK"), required=False, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    effective_on = DayField(
        label=gettext_lazy("Berlaku mulai"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=gettext_lazy("Hari ini: berlaku saat diterbitkan. Tanggal lain: sejak tengah malam waktu kantor."),
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("Mengapa Anda memeriksa rancangan Anda sendiri"), max_length=300,
        help_text=gettext_lazy("Tidak ada atasan lain di kantor ini. Alasan ini tersimpan dalam riwayat."),
    )  # fmt: skip
    despite = forms.BooleanField(
        label=gettext_lazy("Saya tahu teks dan aturan berikut berbeda, dan tetap menerbitkannya"),
        error_messages={"required": gettext_lazy("Centang ini bila memang dikehendaki, atau samakan dahulu teks dan aturannya.")},
    )  # fmt: skip
    copied = forms.BooleanField(
        error_messages={"required": gettext_lazy("Baca naskahnya sekali lagi, lalu beri tanda centang.")},
        help_text=gettext_lazy("Naskah ini disalin. Yang dikenali sebagai milik kantor itu sudah dikosongkan; nama orang dalam kalimat biasa tidak selalu dikenali.")
    )  # fmt: skip
    waiting = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Pilih apa yang terjadi dengan versi itu.")}
    )  # fmt: skip

    def __init__(
        self, *args: Any, standard: Standard, today: date, alone: bool, against: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.other = today, _waiting(standard)
        office = theirs.from_elsewhere(standard)
        asked = {"why": alone, "despite": against, "copied": office, "waiting": self.other}
        for name in [name for name, wanted in asked.items() if not wanted]:
            del self.fields[name]
        if office:
            self.fields["copied"].label = (
                _(
                    "Saya sudah memeriksa bahwa tidak ada telepon, alamat, jam, atau nama petugas %s yang tersisa"
                )
                % office.name
            )
        if self.other:
            self._ask_of(self.other)

    def _ask_of(self, other: Standard) -> None:
        """What becomes of the one that waits. Of this very one: another that waits by then is asked about anew."""
        said = {"n": other.version, "day": date_format(other.effective_on or self.today, "DATE_FORMAT")}
        self.fields["waiting"].label = _("Versi %(n)s sudah terbit dan menunggu %(day)s") % said
        self.fields["waiting"].choices = [  # type: ignore[attr-defined]
            (f"{states.CANCEL}-{other.pk}", _("Batalkan: versi %(n)s menjadi rancangan lagi") % said),
            (
                f"{states.KEEP}-{other.pk}",
                _("Biarkan: versi %(n)s menggantikan versi ini mulai %(day)s") % said,
            ),
        ]

    def clean_seen(self) -> str:
        """A form without it was not opened on what stands here now."""
        if not self.cleaned_data["seen"]:
            raise forms.ValidationError(
                _("Formulir ini tidak utuh. Baca versi ini sekali lagi, lalu terbitkan.")
            )
        return self.cleaned_data["seen"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        keep = given.get("waiting", "").startswith(states.KEEP)
        if self.other and keep and given.get("effective_on", self.today) > self.today:
            self.add_error("waiting", _("Hanya satu versi yang dapat menunggu tanggalnya. Batalkan versi %s, atau terbitkan mulai hari ini.") % self.other.version)  # fmt: skip
        signed, begins = given.get("decree_date"), given.get("effective_on")
        if signed and begins and signed > begins:
            self.add_error(
                "decree_date", _("SK bertanggal sesudah hari mulai berlaku. Periksa kedua tanggalnya.")
            )
        return given

    def clean_effective_on(self) -> date:
        day = self.cleaned_data["effective_on"]
        if day < self.today:
            raise forms.ValidationError(_("Tanggal ini sudah lewat."))
        if day > self.today + FURTHEST:
            raise forms.ValidationError(_("Paling lama dua tahun dari sekarang."))
        return day


@access.supervisor
@never_cache
def publish(request: Request, pk: int) -> HttpResponse:
    standard = version(request, pk)
    if standard.status != Standard.Status.REVIEW:
        messages.error(request, _("Hanya rancangan yang menunggu pemeriksaan yang dapat diterbitkan."))
        return redirect("panel:standard", pk)
    try:
        alone = states.must_say_why(standard, request.user.pk)
    except IllegalMove as problem:
        messages.error(request, str(problem))
        return redirect("panel:standard", pk)
    today = request.office.today()
    against = [d for d in reading.disagreements(standard) if not d.unsaid]
    now = states.last_edit(standard)
    start = {"decree_number": standard.decree_number, "effective_on": today, "seen": now}
    posted = request.POST if request.method == "POST" else None
    made = partial(
        PublishForm, initial=start, standard=standard, today=today, alone=alone, against=bool(against)
    )
    form = made(posted)
    if request.method == "POST" and form.is_valid():
        try:
            out = _publish(standard, form, [d.key for d in against], request)
        except SomebodyElse as problem:
            form.clash(problem, now)
        except states.Undecided:  # the other was published a moment ago: its question stands in the form now
            form = made(posted)
        except IllegalMove as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _said(out))
            return redirect("panel:standard", pk)
    elif form.errors.get("seen"):
        form.clash(ValueError(form.errors.pop("seen")[0]), now)
    context = {"standard": standard, "form": form, "against": against, "told": told(standard)}
    return render(request, "panel/standards/publish.html", context, status=422 if form.errors else 200)


def _publish(standard: Standard, form: PublishForm, despite: list[str], request: Request) -> Standard:
    given = form.cleaned_data
    return states.publish_version(
        standard, effective_on=given["effective_on"], decree_number=given["decree_number"], decree_date=given["decree_date"],
        why=given.get("why", ""), despite=despite, seen=form.told(),
        waiting=given.get("waiting", "").split("-")[0], by=request.actor,
    )  # fmt: skip


def _waiting(standard: Standard) -> Standard | None:
    """The version of the same service that is published for a day to come."""
    rows = standard.service.standards.light().filter(status=Standard.Status.SCHEDULED)
    return rows.exclude(pk=standard.pk).first()


def _said(out: Standard) -> str:
    if out.status == Standard.Status.PUBLISHED or out.effective_on is None:
        return _(
            "Diterbitkan dan berlaku sekarang. Kunjungan yang sudah dimulai tetap memakai versi sebelumnya."
        )
    return _("Diterbitkan; berlaku mulai %s.") % date_format(out.effective_on, "DATE_FORMAT")
