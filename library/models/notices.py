"""Which mails about a loan were written: the row stands before the mail, so that none is written twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from library.models.circulation import Loan

MOST_NOTICES = 4  # of one loan: then a person calls


class LoanNotice(models.Model):
    """One of at most four mails about a loan, counted from 1. `batch` is one mail with all the books of one person."""

    class Kind(models.TextChoices):
        SOON = "soon", _("Besok jatuh tempo")
        LATE = "late", _("Lewat jatuh tempo")

    loan = models.ForeignKey(Loan, models.CASCADE, related_name="notices")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=4, choices=Kind)
    due_on = models.DateField(_("jatuh tempo"))  # of the loan then: a renewal begins anew
    day = models.DateField()
    batch = models.CharField(max_length=32)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "number"], name="one_notice_of_a_number"),
            models.UniqueConstraint(fields=["loan", "kind", "day"], name="one_notice_of_a_day"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=MOST_NOTICES), name="four_notices_at_most"
            ),
        ]
        indexes = [models.Index(fields=["batch"], name="loan_notice_batch")]

    def __str__(self) -> str:
        return f"{self.loan_id} {self.number}"
