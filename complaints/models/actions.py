"""What the office does so that it does not happen again: by whom, until when, and the proof of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.record import Complaint
from complaints.models.thread import Attachment


class Action(models.Model):
    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="actions")
    what = models.CharField(_("tindakan perbaikan"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    due_on = models.DateField(_("tenggat"))
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(_("bukti"), max_length=500, blank=True)
    file = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="proof_of")

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(proof="") | ~Q(file=None), name="an_action_is_done_with_proof"
            )
        ]

    def __str__(self) -> str:
        return self.what
