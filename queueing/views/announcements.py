"""The supervisor's screen for the TV's strip: texts, pictures and the service pledge."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from queueing.announcements import picture_name
from queueing.models import Announcement
from queueing.workflows import announcements as workflows
from services import pictures
from services.accounts import access
from services.accounts.http import Request
from services.days import DayField
from services.offices.models import Office
from services.workflow import IllegalMove

# The name of a picture is random and never used again.
KEEP = "private, max-age=604800, immutable"


class AnnouncementForm(forms.ModelForm):
    """One announcement. The dates are days of the office, both included."""

    class Meta:
        model = Announcement
        fields = ["kind", "text", "image", "starts", "ends", "active"]
        widgets = {
            "kind": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 4}),
            "image": forms.FileInput(
                attrs={"accept": pictures.ACCEPTED, "data-most-bytes": pictures.MOST_BYTES}
            ),
            "starts": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        field_classes = {"starts": DayField, "ends": DayField}
        labels = {"active": gettext_lazy("Tampilkan di TV")}
        help_texts = {
            "image": gettext_lazy("PNG, JPEG, atau WebP, paling besar 5 MB dan 6000 × 6000 piksel."),
            "starts": gettext_lazy("Kosong: mulai sekarang."),
            "ends": gettext_lazy("Hari terakhir ditampilkan. Kosong: sampai dimatikan."),
        }

    def clean_text(self) -> str:
        """In one line: a TV breaks lines where it has to."""
        return " ".join(self.cleaned_data["text"].split())

    def clean_image(self):
        upload = self.cleaned_data["image"]
        return pictures.redrawn(upload) if isinstance(upload, UploadedFile) else upload

    def clean(self) -> dict:
        given = super().clean() or self.cleaned_data
        starts, ends = given.get("starts"), given.get("ends")
        if starts and ends and ends < starts:
            self.add_error("ends", _("Tanggal ini sebelum tanggal mulai."))
        is_picture = given.get("kind") == Announcement.Kind.IMAGE
        if is_picture and not given.get("image") and "image" not in self.errors:
            self.add_error("image", _("Pilih gambar yang akan ditampilkan."))
        elif self.errors and "image" not in self.errors and "image" in self.changed_data:
            self.add_error(
                "image", _("Gambarnya baik. Perbaiki isian lain, lalu pilih gambar ini sekali lagi.")
            )
        return given


def _all(request: Request):
    return request.office.announcements.select_related("office")


@access.supervisor
def announcements(request: Request) -> HttpResponse:
    """All of them in their order, with what is on the TV today."""
    today = request.office.today()
    rows = [{"announcement": a, "picture": picture_name(a), "state": _state(a, today)} for a in _all(request)]
    return render(request, "queueing/announcements.html", {"rows": rows})


def _state(announcement: Announcement, today) -> str:
    if not announcement.active:
        return "off"
    if announcement.starts and announcement.starts > today:
        return "later"
    return "over" if announcement.ends and announcement.ends < today else "shown"


@access.supervisor
def new(request: Request) -> HttpResponse:
    return _form(request, Announcement(office=request.office))


@access.supervisor
def edit(request: Request, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(_all(request), pk=pk))


def _form(request: Request, announcement: Announcement) -> HttpResponse:
    picture = picture_name(announcement)
    form = AnnouncementForm(request.POST or None, request.FILES or None, instance=announcement)
    if request.method == "POST" and form.is_valid():
        try:
            workflows.save(form.save(commit=False), by=request.actor)
        except IllegalMove as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Pengumuman disimpan."))
        return redirect("queueing:announcements")
    context = {"form": form, "picture": picture, "is_new": announcement.pk is None}
    return render(request, "queueing/announcement.html", context, status=422 if form.errors else 200)


@access.supervisor
@require_POST
def act(request: Request, pk: str, action: str) -> HttpResponse:
    """Earlier or later in the order, on or off, away."""
    announcement = get_object_or_404(_all(request), pk=pk)
    if action == "delete":
        workflows.delete(announcement, by=request.actor)
        messages.success(request, _("Pengumuman dihapus."))
    elif action in ("on", "off"):
        workflows.switch(announcement, on=action == "on", by=request.actor)
    else:
        workflows.shift(announcement, by_places=-1 if action == "up" else 1, by=request.actor)
    return redirect("queueing:announcements")


@access.staff
def picture(request: Request, name: str) -> FileResponse:
    """A picture for the office's own people."""
    return picture_response(request.office, name)


def picture_response(office: Office, name: str) -> FileResponse:
    """The file, with the type it was drawn as. Raises Http404 for another office's."""
    announcement = office.announcements.filter(image=f"announcements/{name}").exclude(image="").first()
    if announcement is None:
        raise Http404
    return pictures.response(announcement.image, cache=KEEP)
