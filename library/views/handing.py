"""The desk's pages of softcopies for the visitor of a visit: a link by mail, or some pages (rows 21 and 31)."""

from __future__ import annotations

from typing import IO, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from library import handed_out
from library.digital import ranges
from library.handing_forms import ExcerptForm
from library.models import CopyLink, DigitalCopy, MarkedCopy, Publication
from library.search import engine
from library.views.use import find
from library.workflows import allowing, excerpts
from library.workflows import handing as work
from library.workflows.use import SCREEN
from services.accounts import access
from services.accounts.http import Request
from services.accounts.models import Role
from services.audit import trail
from services.codes import new_key
from services.guestbook.models import VisitService
from services.guestbook.returning import mask_email
from services.offices.models import Office
from services.workflow import IllegalMove

SHOWN = 20
MOST_TYPED = 200
MOST_TICKS = 1_000  # pages beyond are chosen by ranges
KINDS = {"unduh": CopyLink.Kind.DOWNLOAD, "baca": CopyLink.Kind.READ}
PIECE = 1 << 18


def _received(request: Request, pk: int) -> VisitService:
    rows = VisitService.objects.select_related("visit__office", "visit__visitor", "standard")
    return get_object_or_404(
        rows, pk=pk, office=request.office, service__work_url_name=SCREEN
    )  # fmt: skip


def in_use() -> Any:
    """Softcopies that may be known of at all. Records are national: an office hands out what any of them keeps."""
    released = Publication.objects.released()
    rows = DigitalCopy.objects.filter(publication__in=released, state=DigitalCopy.State.READY)
    return rows.select_related("publication").defer(
        "sizes", "outline", "publication__search", "publication__abstract"
    )


@access.staff
@never_cache
def choose(request: Request, pk: int) -> HttpResponse:
    """`q`: a barcode or words of a title, of a publication that has a softcopy."""
    received = _received(request, pk)
    typed = request.GET.get("q", "").replace("\0", "")[:MOST_TYPED].strip()
    found = _found(request, typed) if typed else []
    if len(found) == 1:
        return redirect("library:handing", pk=pk, digital=found[0].pk)
    context = {
        "received": received, "visit": received.visit, "typed": typed, "found": found,
        "nobody": _nobody(received),
    }  # fmt: skip
    return render(request, "library/handing_choose.html", context)


def _found(request: Request, typed: str) -> list[DigitalCopy]:
    _copy, exact = find(request.office, typed)
    if exact is None:
        return softcopies_of(request.office, typed)
    return list(in_use().filter(publication=exact))


def softcopies_of(office: Office, typed: str) -> list[DigitalCopy]:
    """Of titles with all the words: this office's own books first, otherwise as they fit."""
    found = engine.search(typed, engine.Filters(form="digital"))
    pks = [] if found.near else [p.pk for p in found.page]
    kept = {row.publication_id: row for row in in_use().filter(publication__in=pks)}
    rows = [kept[key] for key in pks if key in kept]
    return sorted(rows, key=lambda row: office.pk not in (row.office_id, row.publication.keeper_id))[:SHOWN]


@access.staff
@never_cache
def handing(request: Request, pk: int, digital: int) -> HttpResponse:
    """What this office's standard lets the desk give; POST makes an excerpt, or with `ask` asks a supervisor for more than
    the cap. HTMX asks what was handed over and answered meanwhile."""
    received, softcopy = _received(request, pk), get_object_or_404(in_use(), pk=digital)
    form = _form(request, received, softcopy)
    if form and request.method == "POST" and form.is_valid():
        try:
            messages.success(request, _made(request, received, softcopy, form.cleaned_data))
        except IllegalMove as refused:
            _explain(form, refused)
        else:
            return redirect(f"{reverse('library:handing', args=[pk, digital])}#given")
    if request.method == "POST" and form is None:
        messages.error(request, str(_why_no_excerpt(received)))
        return redirect("library:handing", pk=pk, digital=digital)
    context = {**_shown(request, received, softcopy), "form": form}
    template = "library/handing.html#given" if request.htmx else "library/handing.html"
    return render(request, template, context, status=422 if form and form.errors else 200)


def _explain(form: ExcerptForm, refused: IllegalMove) -> None:
    """Each fault at the field that mends it."""
    form.over = isinstance(refused, excerpts.CapReached)
    if isinstance(refused, excerpts.ReasonMissing):
        form.add_error("reason", str(refused))
        return
    form.add_error("pages", str(refused))
    if form.over and "reason" in form.fields:
        form.add_error("reason", _("Batas terlampaui. Tulis alasannya di sini bila Anda mengizinkan."))


def _form(request: Request, received: VisitService, softcopy: DigitalCopy) -> ExcerptForm | None:
    person, rules = received.visit.visitor, handed_out.rules_of(received, request.office)
    if rules.excerpt_percent is None or person is None or not person.name:
        return None
    return ExcerptForm(
        request.POST if request.method == "POST" else None, last=softcopy.pages or 0,
        by_mail=bool(person.email), supervisor=request.role == Role.SUPERVISOR,
    )  # fmt: skip


def _why_no_excerpt(received: VisitService) -> str:
    return _nobody(received) or _("Standar pelayanan kunjungan ini tidak menyebut salinan sebagian.")


def _nobody(received: VisitService) -> str:
    """Why nothing can be given in this visit's name; "" where something can."""
    person = received.visit.visitor
    return "" if person and person.name else work.why_nobody(received.visit)


def _made(request: Request, received: VisitService, softcopy: DigitalCopy, data: dict[str, Any]) -> str:
    """What to say about it."""
    key = data["submission"] or new_key()
    if "ask" in request.POST and "note" in data:
        allowing.ask(
            received, softcopy, data["pages"], handed=data["handed"], submission=key, by=request.actor,
            note=data["note"],
        )  # fmt: skip
        return _("Permintaan izin dikirim. Jawaban atasan muncul di halaman ini.")
    row = excerpts.excerpt(
        received, softcopy, data["pages"], handed=data["handed"], submission=key, by=request.actor,
        site=site_of(request), reason=data.get("reason", ""),
    )  # fmt: skip
    return _("Salinan %s dibuat.") % row.serial


def site_of(request: Request) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _shown(request: Request, received: VisitService, softcopy: DigitalCopy) -> dict[str, Any]:
    person, rules = received.visit.visitor, handed_out.rules_of(received, request.office)
    publication: Publication = softcopy.publication  # type: ignore[assignment]
    theirs = handed_out.people(person) if person else []
    given, here = handed_out.of_desk(theirs, received, publication)
    if person and person.name:
        trail.record_read(person, by=request.actor, office_id=request.office.pk, why="softcopy")
    sent = handed_out.links(theirs, publication)
    so_far = handed_out.standing(theirs, softcopy, rules.excerpt_percent or 0, given)
    last = softcopy.pages or 0
    return {
        "received": received,
        "visit": received.visit,
        "person": person,
        "digital": softcopy,
        "publication": publication,
        "rules": rules,
        "nobody": _nobody(received),
        "links": [
            (word, kind, _latest(sent, kind), work.why_no_link(received, softcopy, kind))
            for word, kind in KINDS.items()
        ],
        "sent": [(row, work.USES[CopyLink.Kind(row.kind)], mask_email(row.visitor.email)) for row in sent],
        "now": timezone.now(),
        "requests": [
            (row, ranges.words(row.pages))
            for row in received.excerpt_requests.filter(digital__publication=publication)
            .select_related("answered_by", "copy")
            .order_by("-pk")
        ],
        "no_excerpt": "" if rules.excerpt_percent is not None and person else _why_no_excerpt(received),
        "standing": so_far,
        "given": [(row, ranges.words(row.pages)) for row in so_far.given],
        "had": so_far.had,
        "had_words": ranges.words(so_far.had),
        "here": [(row, ranges.words(row.pages)) for row in here],
        "numbers": range(1, min(last, MOST_TICKS) + 1),
        "thumbnails": thumbnails(publication.pk),
        "today": request.office.today(),
    }


def _latest(sent: list[CopyLink], kind: str) -> CopyLink | None:
    """The newest of this kind that still opens something: sending it again is rarely meant."""
    return next((row for row in sent if row.kind == kind and work.good(row)), None)


def thumbnails(publication: int) -> str:
    """Where the reader's small pictures are, up to the page's number."""
    return reverse("library:read_page", args=[publication, 1, 160]).removesuffix("1-160.webp")


@access.staff
@require_POST
def link(request: Request, pk: int, digital: int, kind: str) -> HttpResponse:
    """`unduh` or `baca`: a link to the visitor's mailbox."""
    received, softcopy = _received(request, pk), get_object_or_404(in_use(), pk=digital)
    if kind not in KINDS:
        raise Http404
    try:
        work.issue_link(received, softcopy, KINDS[kind], by=request.actor, site=site_of(request))
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Tautan dikirim ke e-mail tamu. Berlaku %d hari.") % work.LASTS.days)
    return redirect("library:handing", pk=pk, digital=digital)


@access.staff
@require_POST
def withdraw(request: Request, pk: int, link: int) -> HttpResponse:
    """A link that went to this visitor opens nothing any more."""
    received = _received(request, pk)
    person = received.visit.visitor
    theirs = handed_out.people(person) if person else []
    rows = CopyLink.objects.filter(office=request.office, visitor__in=theirs).select_related("digital")
    row = get_object_or_404(rows, pk=link)
    try:
        work.withdraw(row, by=request.actor)
    except IllegalMove as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("Tautan dicabut: tidak membuka apa pun lagi."))
    now = in_use().filter(publication=row.digital.publication_id).first()
    if now is None:
        return redirect("library:handing_choose", pk=pk)
    return redirect(f"{reverse('library:handing', args=[pk, now.pk])}#sent-title")


@access.staff
@never_cache
@require_safe
def file(request: Request, pk: int, copy: int) -> HttpResponseBase:
    """The excerpt of this visit, to save or (`cetak`) to print from a tab of its own."""
    rows = MarkedCopy.objects.filter(received=_received(request, pk), kind=MarkedCopy.Kind.EXCERPT)
    rows = rows.exclude(file="").exclude(name="")  # of somebody who was erased: it goes this night
    row = get_object_or_404(rows.select_related("publication", "digital__publication"), pk=copy)
    if not work.still_given(row.digital):
        raise Http404
    try:
        opened = row.file.open("rb")
    except OSError:
        raise Http404 from None
    trail.record("softcopy.excerpt_file", row, by=request.actor, office_id=request.office.pk)
    printing = "cetak" in request.GET
    answer = FileResponse(opened, as_attachment=not printing, filename=file_name(row))
    answer.block_size = PIECE
    return answer


def answer_with(row: MarkedCopy, file: IO[bytes]) -> FileResponse:
    """A copy to save, in pieces."""
    answer = FileResponse(file, as_attachment=True, filename=file_name(row), content_type="application/pdf")
    answer["Content-Length"] = str(row.size)
    answer.block_size = PIECE
    return answer


def file_name(row: MarkedCopy) -> str:
    """From the title, with the number that tells one copy from the next."""
    title = "".join(c for c in row.publication.title if c.isalnum() or c in " -_.,()").strip()
    return f"{' '.join(title.split())[:100]} {row.serial}.pdf"
