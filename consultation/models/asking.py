"""What belongs to asking: the consent of those without an account, and the classifications people look things up in."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultation.models.record import Consultation


class Agreement(models.Model):
    """Somebody without an account agreed that name and contact are kept for the answer (UU 27/2022): to which version of
    the words (`consultation.wording`), when."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, related_name="agreement")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.version}"


class Classification(models.Model):
    """A code of one of BPS's classifications, as loaded by the operator (load_classification).

    `edition`: the year of the classification, for instance 2020.
    """

    class Kind(models.TextChoices):
        KBLI = "kbli", _("KBLI: lapangan usaha")
        KBJI = "kbji", _("KBJI: jabatan")

    kind = models.CharField(max_length=4, choices=Kind)
    edition = models.CharField(max_length=10)
    code = models.CharField(_("kode"), max_length=12)
    title = models.CharField(_("judul"), max_length=300)
    description = models.TextField(_("uraian"), blank=True)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["kind", "code", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "edition", "code"], name="classification_code_once")
        ]
        indexes = [GinIndex(fields=["search"], name="classification_search")]

    def __str__(self) -> str:
        return f"{self.kind.upper()} {self.code} {self.title}"
