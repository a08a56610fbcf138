"""A few complaints and suggestions for a demonstration office, in every state and by every channel: what `make run` shows at the
desk. All without a name, or of people who are called an example."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from complaints.models import Channel, Complaint, Flood, Kind, Privacy
from complaints.workflows import acting, aside, complainant, ending, handling, lodging
from services.accounts.models import Membership, Role, User
from services.audit.actors import VISITOR, Actor
from services.mail.models import Outgoing
from services.offices.models import Office

# Channel, kind, element, words, how many days ago, what was done with it.
CASES = [
    (Channel.TABLET, Kind.SERVICE, "U8", "Pendingin ruang baca mati sejak pagi.", 0.2, ""),
    (Channel.LAPOR, Kind.SERVICE, "U2", "Alur permintaan data mikro tidak tertulis di papan.", 21, ""),
    (Channel.PHONE, Kind.SERVICE, "U3", "Menunggu lebih dari satu jam untuk konsultasi.", 2, "handle"),
    (Channel.EMAIL, Kind.INFORMATION, "U1", "Syarat tarif nol rupiah untuk mahasiswa apa saja?", 3, "ask"),
    (Channel.ONLINE, Kind.SERVICE, "U5", "Tabel yang diunduh berbeda dengan buku cetaknya.", 4, "answer"),
    (Channel.CALL, Kind.SERVICE, "U7", "Petugas di pintu menjawab terlalu singkat.", 9, "close"),
    (Channel.WHATSAPP, Kind.INFORMATION, "U5", "Apakah data 2024 sudah terbit?", 30, "silence"),
    (Channel.PORTAL, Kind.SERVICE, "U6", "Salah kirim, mohon diabaikan.", 5, "withdraw"),
    (Channel.BOX, Kind.SUGGESTION, "U8", "Tambah colokan listrik di meja baca.", 12, "publish"),
    (Channel.SOCIAL, Kind.SUGGESTION, "U4", "Cantumkan tarif di halaman depan.", 15, "publish"),
    (Channel.DESK, Kind.SUGGESTION, "U9", "Kotak saran diletakkan dekat pintu keluar.", 1, "handle"),
    (Channel.ONLINE, Kind.SERVICE, "", "asdf asdf asdf", 1, "aside"),
]  # fmt: skip
DID = {
    "U8": ("Tambah colokan listrik di meja baca.", "Delapan colokan dipasang di empat meja baca."),
    "U4": ("Cantumkan tarif di halaman depan.", "Tarif tercantum di halaman depan kantor ini."),
}


@transaction.atomic
def furnish(office: Office, *, at: datetime | None = None) -> int:
    """Returns how many are new. A second call adds nothing, nor does one before the office has officers. No mail goes out."""
    head = _first(office, Role.SUPERVISOR)
    officer = _first(office, Role.FRONTLINER)
    if head is None or officer is None or Complaint.objects.filter(office=office).exists():
        return 0
    now = at or timezone.now()
    for channel, kind, element, text, days, done in CASES:
        came = now - timedelta(days=days)
        complaint, _secret = lodging.lodge(
            office=office, text=text, channel=channel, kind=kind, element=element, privacy=_privacy(channel), by=VISITOR,
            person={"name": "Warga (contoh)"}, key="demo", reference="LAPOR-0000 (contoh)" if channel == Channel.LAPOR else "",
            at=came,
        )  # fmt: skip
        _go_on(complaint, done, head, officer, came)
    Outgoing.objects.filter(office=office, kind__startswith="complaint_").delete()  # nothing happened
    return len(CASES)


def _first(office: Office, role: str) -> User | None:
    found = Membership.objects.filter(office=office, role=role).select_related("user").order_by("pk").first()
    return found.user if found else None


def _privacy(channel: str) -> str:
    if channel in (Channel.BOX, Channel.ONLINE):
        return Privacy.ANONYMOUS
    return Privacy.CONFIDENTIAL if channel in (Channel.CALL, Channel.PHONE) else Privacy.OPEN


def _go_on(complaint: Complaint, done: str, head: User, officer: User, came: datetime) -> None:
    """As far as it has got."""
    chief, by = (Actor("officer", user_id=user.pk) for user in (head, officer))
    soon, later = came + timedelta(hours=4), came + timedelta(hours=20)
    if done == "withdraw":
        complainant.withdraw(complaint, by=VISITOR, at=soon)
    elif done == "aside":
        flood = Flood.objects.create(office=complaint.office, began_at=came, last_at=came, held=140)
        Complaint.objects.filter(pk=complaint.pk).update(flood=flood)
        aside.set_aside([complaint], by=chief, at=soon)
    elif done:
        handling.assign(complaint, officer, by=chief, at=soon)
        _by_officer(complaint, done, by, chief, later)


def _by_officer(complaint: Complaint, done: str, by: Actor, chief: Actor, at: datetime) -> None:
    if done == "handle":
        handling.note(complaint, "Sudah ditanyakan kepada petugas yang bertugas.", by=by, at=at)
    elif done == "ask":
        handling.ask_completion(complaint, "Untuk jenis data apa permintaannya?", by=by, at=at)
    else:
        handling.answer(complaint, "Terima kasih. Sudah kami periksa dan perbaiki.", by=by, at=at)
    if done == "close":
        owner = User.objects.get(pk=by.user_id or 0)
        due = complaint.office.today(at) + timedelta(days=30)
        acting.plan(
            complaint, what="Pengarahan singkat sebelum loket dibuka", owner=owner, due_on=due, by=by, at=at
        )
        complainant.judge(complaint, stars=4, word="", by=VISITOR, at=at + timedelta(hours=2))
    if done == "silence":
        found = Complaint.objects.get(pk=complaint.pk)
        if found.awaited_until:
            ending.auto_close(complaint, at=max(found.awaited_until, at))
    if done == "publish":
        said, did = DID[complaint.element]
        handling.publish_change(complaint, said=said, did=did, by=chief, at=at)
