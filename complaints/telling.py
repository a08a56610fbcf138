"""Where a complaint stands, in the words of whoever lodged it: whose turn it is, until when, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints import clocks
from complaints.models import Attachment, Complaint, Message
from complaints.notices import moment

State = Complaint.State


@dataclass(frozen=True)
class Told:
    """`clock`: the deadline with its rule, or nothing where none runs. `level`: of the badge."""

    title: str
    text: str
    level: str
    clock: str = ""


def told(complaint: Complaint) -> Told:
    title, text, level = _words(complaint)
    return Told(title, text, level, _clock(complaint))


def _words(complaint: Complaint) -> tuple[str, str, str]:
    return {
        State.RECEIVED: (
            _("Sudah diterima"),
            _("Giliran kami: penyelia membacanya dan menunjuk siapa yang menanganinya."),
            "info",
        ),
        State.INCOMPLETE: (
            _("Perlu dilengkapi"),
            _("Giliran Anda: jawab pertanyaan kami di bawah, supaya dapat kami tangani."),
            "warn",
        ),
        State.HANDLED: (_("Sedang ditangani"), _("Giliran kami: jawabannya sedang disiapkan."), "info"),
        State.ANSWERED: (
            _("Sudah dijawab"),
            _("Giliran Anda: nilai penanganannya, atau balas jika belum selesai. Tanpa balasan, ditutup sendiri."),
            "ok",
        ),
        State.CLOSED: (_("Selesai"), _("Masih belum selesai menurut Anda? Balas, dan kami buka lagi."), "ok"),
        State.AUTO_CLOSED: (
            _("Ditutup karena waktunya habis"),
            _("Kami tidak mendapat balasan. Balas, dan kami buka lagi."),
            "",
        ),
        State.SET_ASIDE: (
            _("Disisihkan"),
            _("Bersama banyak kiriman lain dari satu tempat. Sungguh dari Anda? Balas, dan kami baca lagi."),
            "",
        ),
        State.WITHDRAWN: (_("Dicabut"), _("Anda mencabutnya; tidak ditindaklanjuti lagi."), ""),
    }[State(complaint.state)]  # fmt: skip


def _clock(complaint: Complaint) -> str:
    found = clocks.Clocks(complaint.place)
    due = found.stands(complaint)
    if due is None and complaint.state in Complaint.THEIRS:
        due = found.awaited(complaint, clocks.awaited_since(complaint) or complaint.updated_at)
    if due is None:
        return ""
    return _("Paling lambat %(until)s (%(rule)s).") % {"until": moment(complaint, due.at), "rule": due}


def said(complaint: Complaint) -> list[Message]:
    """What was said to each other; notes are the office's own, and no officer is named."""
    return list(complaint.messages.exclude(who=Message.Who.NOTE).prefetch_related("attachments"))


def files(complaint: Complaint) -> QuerySet[Attachment]:
    """Those the complainant may open: what came with the complaint, and with what was said; nothing of notes and proofs."""
    with_it = Q(message=None, proof_of=None, proves=None) | (
        Q(message__isnull=False) & ~Q(message__who=Message.Who.NOTE)
    )
    return complaint.attachments.filter(with_it)


def may_judge(complaint: Complaint) -> bool:
    return bool(
        complaint.decided_at and complaint.state in (State.ANSWERED, State.CLOSED, State.AUTO_CLOSED)
        and complaint.satisfied is None
    )  # fmt: skip


def may_withdraw(complaint: Complaint) -> bool:
    return State.WITHDRAWN in Complaint.MOVES[complaint.state]
