"""What is written once and used often: canned answers of an office, and the knowledge base everybody may read."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultation.models.record import Consultation
from services.offices.models import Office
from services.workflow import Step


class CannedAnswer(models.Model):
    """A text an officer puts into an answer; words in braces ({nama}, {nomor}, {kantor}, {petugas}) are filled in."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="canned_answers")
    title = models.CharField(_("judul"), max_length=100)
    body = models.TextField(_("isi"), max_length=8000)
    used = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["office", "title"], name="canned_answer_title")]

    def __str__(self) -> str:
        return self.title


class KnowledgeAnswer(models.Model):
    """A good answer for everybody: anonymised by who writes it, read by a second officer before it is published
    (or, where there is none, with the supervisor's written reason)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Rancangan")
        REVIEW = "review", _("Menunggu pemeriksaan")
        PUBLISHED = "published", _("Terbit")
        WITHDRAWN = "withdrawn", _("Ditarik")

    MOVES = {
        "draft": {"review", "withdrawn"},
        "review": {"draft", "published", "withdrawn"},
        "published": {"withdrawn", "draft"},
        "withdrawn": {"draft"},
    }

    office = models.ForeignKey(Office, models.PROTECT, related_name="knowledge")
    # From which consultation it was made; the public page does not say.
    source = models.ForeignKey(Consultation, models.SET_NULL, null=True, blank=True, related_name="knowledge")
    question = models.CharField(_("pertanyaan"), max_length=300)
    answer = models.TextField(_("jawaban"), max_length=20_000)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField()
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ["-updated_at", "-pk"]
        indexes = [
            GinIndex(fields=["search"], name="knowledge_search"),
            models.Index(
                fields=["-published_at"], condition=Q(state="published"), name="knowledge_published"
            ),
        ]

    def __str__(self) -> str:
        return self.question


class KnowledgeStep(Step):
    subject = models.ForeignKey(KnowledgeAnswer, models.CASCADE, related_name="steps")

    @property
    def state_name(self) -> str:
        return str(KnowledgeAnswer.State(self.state).label)


class Suggested(models.Model):
    """How often something was offered before a question was sent, and how often it was enough. Nobody's name.

    `kind`: publication, answer or classification; `key`: of which one.
    """

    class Kind(models.TextChoices):
        PUBLICATION = "publication", _("Pustaka")
        ANSWER = "answer", _("Jawaban terbit")
        CLASSIFICATION = "class", _("Klasifikasi")

    day = models.DateField()
    office = models.ForeignKey(Office, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=11, choices=Kind)
    key = models.CharField(max_length=40)
    enough = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "office", "kind", "key"], name="suggested_once_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
