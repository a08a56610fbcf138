"""A field for several files, each looked at: what is not taken is told beside the field, before anything is stored."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from services.files.kinds import INLINE
from services.files.shelf import MOST, FileRefused, clean_name, look

ACCEPT = ".pdf,.docx,.xlsx,.pptx,.doc,.xls,.ppt,.odt,.ods,.odp,.csv,.txt," + ",".join(sorted(INLINE))


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    def __init__(self, **kwargs: Any) -> None:
        widget = FilesInput(attrs={"accept": ACCEPT})
        super().__init__(label=gettext_lazy("Berkas"), required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if len(chosen) > MOST:
            raise ValidationError(
                ngettext("Paling banyak %d berkas.", "Paling banyak %d berkas.", MOST) % MOST
            )
        problems = []
        for file in chosen:
            try:
                look(file, file.name)
            except FileRefused as refused:
                problems.append(f"{clean_name(file.name)}: {refused}")
        if problems:
            raise ValidationError([*problems, _("Pilih berkasnya sekali lagi.")])
        return list(chosen)
