"""Taking a change of a setting back, where that is safe: the row still says what the change made of it, and its own form
accepts what was there before. The taking back is a change itself, and can be taken back.

Only rows of which nothing else hangs on the way they are written: what is not in `FORMS` is changed back on its own page.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.db import models, transaction
from django.forms.models import model_to_dict
from django.utils.translation import gettext as _

from complaints.views.rules import RulesForm
from library.views.rules import LendingForm
from pst.panel.promises.public import PublicForm
from pst.panel.trace.values import field_words
from queueing.forms import OfficeQueueForm, PromiseForm, ServiceQueueForm
from services.audit import trail
from services.audit.actors import Actor
from services.audit.models import AuditEntry
from services.audit.settings import plain, values
from services.live.publish import QUEUE, publish
from services.offices.models import Office

# By the kind of row: its form, and how it leads to its office.
FORMS: dict[str, tuple[type[forms.ModelForm], str]] = {
    "queueing.officequeue": (OfficeQueueForm, "office"),
    "queueing.servicequeue": (ServiceQueueForm, "service__office"),
    "offices.office": (PromiseForm, "id"),
    "complaints.complaintrules": (RulesForm, "office"),
    "library.lendingrules": (LendingForm, "office"),
    "panel.publishedpromises": (PublicForm, "office"),
}


class CannotUndo(Exception):
    """`str()` says why, for the supervisor."""


def why_not(entry: AuditEntry, row: models.Model | None) -> str:
    """ "" where it may be offered; asked again under the lock."""
    changed = entry.detail.get("changed")
    if entry.detail.get("added") or entry.detail.get("deleted"):
        return _("Baris yang ditambah atau dihapus dikembalikan di halamannya sendiri.")
    if not isinstance(changed, dict):
        return _("Baris lama ini tidak mencatat nilai sebelumnya.")
    found = FORMS.get(entry.target_type)
    if found is None or not set(changed) <= set(_fields(found[0])):
        return _("Ubah kembali di halamannya sendiri.")
    if row is None:
        return _("Pengaturan ini sudah tidak ada.")
    now = values(row, changed)
    other = [name for name, (_was, then) in changed.items() if now[name] != then]
    if other:
        return _("Sudah diubah lagi sesudahnya: %s.") % ", ".join(
            field_words(entry.target_type, n) for n in other
        )
    return ""


def _fields(form: type[forms.ModelForm]) -> Any:
    return form.base_fields


def rows_of(office: Office, entries: list[AuditEntry]) -> dict[tuple[str, int], models.Model]:
    """The rows the lines are about, as they are now; one question for each kind."""
    found: dict[tuple[str, int], models.Model] = {}
    for kind, (_form, path) in FORMS.items():
        keys = [e.target_id for e in entries if e.target_type == kind]
        if keys:
            model: Any = apps.get_model(kind)
            rows = model._default_manager.filter(pk__in=keys, **{path: office.pk})
            found |= {(kind, row.pk): row for row in rows}
    return found


@transaction.atomic
def undo(office: Office, entry: AuditEntry, *, by: Actor) -> None:
    """Raises CannotUndo."""
    kind = entry.target_type
    if kind not in FORMS:
        raise CannotUndo(why_not(entry, None))
    form_class, path = FORMS[kind]
    model: Any = apps.get_model(kind)
    row = (
        model._default_manager.select_for_update(of=("self",))
        .filter(pk=entry.target_id, **{path: office.pk})
        .first()
    )
    if problem := why_not(entry, row):
        raise CannotUndo(problem)
    changed: dict[str, list[Any]] = entry.detail["changed"]
    form = form_class(
        _form_data(form_class, row, {n: was for n, (was, _now) in changed.items()}), instance=row
    )
    if said := _refused(form):
        raise CannotUndo(_("Nilai sebelumnya tidak dapat dipakai lagi. %s") % said)
    row = form.save(commit=False)
    row.save(update_fields=list(changed))
    trail.record(
        entry.action, row, by=by, office_id=office.pk, changed={n: [now, was] for n, (was, now) in changed.items()}, undoes=entry.pk
    )  # fmt: skip
    publish(office.code, QUEUE)


def _refused(form: forms.ModelForm) -> str:
    """What its own form says against it, by field; "" when nothing. A model form asks the model, too."""
    if form.is_valid():
        return ""
    names = {name: str(field.label or name) for name, field in form.fields.items()}
    return " ".join(f"{names.get(n, '')}: {' '.join(map(str, said))}" for n, said in form.errors.items())


def _form_data(
    form_class: type[forms.ModelForm], row: models.Model, before: dict[str, Any]
) -> dict[str, Any]:
    """What the form would send with the row as it is, but for what is put back."""
    now = {name: plain(value) for name, value in model_to_dict(row, list(_fields(form_class))).items()}
    data = now | before
    return {name: value for name, value in data.items() if value is not None and value is not False}
