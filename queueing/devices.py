"""The office's tablets, TVs and printers as one list: what each serves, when it was last heard of, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from queueing.models import Printer, PrintJob
from queueing.printing.faults import MILD, WAITS, words
from queueing.printing.run import at_work
from services.accounts.models import Device, Purpose
from services.offices.models import Office

AWAY_AFTER = Device.ONLINE_WITHIN
# For the database: what stands in the list with a warning.
PRINTER_IN_TROUBLE = Q(active=True, kind=Printer.Kind.NETWORK) & ~Q(fault="")


def device_in_trouble(now: datetime) -> Q:
    """The same of tablets and TVs: not heard of, or complaining."""
    away = now - AWAY_AFTER
    never = Q(last_seen_at=None, paired_at__lte=away)
    return never | Q(last_seen_at__lte=away) | Q(last_seen_at__gt=away) & ~Q(fault="")


@dataclass(frozen=True)
class Piece:
    """One line of the list. `alarm` is the sentence for the desk, "" while all is well."""

    key: str
    name: str
    kind: str
    icon: str
    serves: str
    level: str  # as of components/badge.html: ok, warn, danger, "" (nothing to say)
    state: str
    note: str
    alarm: str
    device: Device | None = None
    printer: Printer | None = None
    last_slip: str = ""


def equipment(office: Office, now: datetime | None = None) -> list[Piece]:
    """Everything that stands in the office, printers that are switched off among it."""
    now = now or timezone.now()
    devices = office.devices.active().prefetch_related("printers")
    printers = office.printers.prefetch_related("tablets")
    slips = _last_slips(office)
    return [
        *(_device(device, office, now) for device in devices),
        *(_printer(printer, office, now, slips.get(printer.pk)) for printer in printers),
    ]


def alarms(office: Office, now: datetime | None = None, hidden: frozenset[str] = frozenset()) -> list[Piece]:
    """What the desk should look after, while somebody works there; without what was put aside for today."""
    now = now or timezone.now()
    found = [piece for piece in equipment(office, now) if piece.alarm and piece.key not in hidden]
    return found if found and at_work(office) else []


def clock(at: datetime, office: Office, now: datetime) -> str:
    """10.12; with the date when it was another day."""
    local = office.local(at)
    time = time_format(local.time(), "TIME_FORMAT")
    return time if local.date() == office.today(now) else f"{date_format(local, 'j M')} {time}"


def _device(device: Device, office: Office, now: datetime) -> Piece:
    seen = device.last_seen_at
    away = now - (seen or device.paired_at) >= AWAY_AFTER
    since = clock(seen or device.paired_at, office, now)
    level, state, note, alarm = "ok", _("Aktif"), "", ""
    if away and seen:
        level, state = "danger", _("Tidak terlihat")
        note = _("sejak %s") % since
        alarm = _("%(name)s tidak terlihat sejak %(time)s. Periksa sambungannya.") % {
            "name": device.name, "time": since,
        }  # fmt: skip
    elif away:
        level, state, note = "warn", _("Belum dibuka"), _("dihubungkan %s") % since
        alarm = _("%s belum dibuka sejak dihubungkan.") % device.name
    elif not seen:
        level, state = "", _("Belum dibuka")
    elif device.fault:
        level, state = "warn", _("Perlu diperiksa")
        note = _fault(words(device.fault), device.fault_at, office, now)
        alarm = f"{device.name}: {note}."
    icon, serves = _use_of(device)
    return Piece(
        key=f"device-{device.pk}", name=device.name, kind=device.get_purpose_display(),
        icon=icon, serves=serves,
        level=level, state=state, note=note or (_("terlihat %s") % since if seen else ""), alarm=alarm, device=device,
    )  # fmt: skip


def _use_of(device: Device) -> tuple[str, str]:
    """Its icon, and what it serves."""
    if device.purpose == Purpose.KIOSK:
        return "tablet", _tablet_serves(device)
    if device.purpose == Purpose.READER:
        return "book", _("Membaca softcopy")
    return "tv", _("Panggilan dan antrian")


def _tablet_serves(device: Device) -> str:
    names = ", ".join(p.name for p in device.printers.all() if p.active)
    return _("Mencetak ke %s") % names if names else _("Tanpa printer")


def _fault(text: str, at: datetime | None, office: Office, now: datetime) -> str:
    since = _("sejak %s") % clock(at, office, now) if at else ""
    return f"{text} ({since})" if since else text


def _printer(printer: Printer, office: Office, now: datetime, slip: PrintJob | None) -> Piece:
    level, state, note = _printer_state(printer, office, now)
    tablets = ", ".join(t.name for t in printer.tablets.all() if t.revoked_at is None)
    how = _("setiap nomor") if printer.automatic else _("bila diketuk")
    nobody = _("Belum ada tabletnya") if printer.kind == Printer.Kind.BROWSER else _("Meja petugas")
    return Piece(
        key=f"printer-{printer.pk}", name=printer.name, kind=_("Printer %d mm") % printer.width, icon="printer",
        serves=f"{tablets} ({how})" if tablets else nobody, level=level, state=state, note=note,
        alarm=f"{printer.name}: {note}." if _alarming(printer, now) else "",
        printer=printer, last_slip=_slip(slip, office, now) if slip else "",
    )  # fmt: skip


def _printer_state(printer: Printer, office: Office, now: datetime) -> tuple[str, str, str]:
    if not printer.active:
        return "", _("Dimatikan"), ""
    if printer.kind == Printer.Kind.BROWSER:
        return "", _("Lewat peramban tablet"), _("keadaannya tidak dapat ditanyakan")
    if printer.fault:
        state = _("Perlu diperiksa") if printer.fault in WAITS | MILD else _("Tidak terlihat")
        level = "warn" if printer.fault in MILD else "danger"
        return level, state, _fault(words(printer.fault), printer.fault_at, office, now)
    if printer.last_ok_at is None:
        return "", _("Belum dicoba"), ""
    heard = clock(printer.last_ok_at, office, now)
    if now - printer.last_ok_at < 2 * AWAY_AFTER:
        return "ok", _("Aktif"), _("terlihat %s") % heard
    return "", _("Tidak sedang diperiksa"), _("terlihat %s") % heard


def _alarming(printer: Printer, now: datetime) -> bool:
    """At once when it says what it needs; when it cannot be reached, after as long as any other device."""
    if not printer.active or not printer.fault or printer.fault in MILD:
        return False
    since = printer.last_ok_at or printer.fault_at
    return printer.fault in WAITS or since is None or now - since >= AWAY_AFTER


def _last_slips(office: Office) -> dict[int, PrintJob]:
    jobs = PrintJob.objects.filter(office=office).order_by("printer_id", "-id").distinct("printer_id")
    return {job.printer_id: job for job in jobs.select_related("ticket")}


def _slip(job: PrintJob, office: Office, now: datetime) -> str:
    what = str(job.ticket) if job.ticket else _("Cetak percobaan")
    if job.state == PrintJob.State.FAILED:
        return f"{what}: {job.get_state_display()} ({words(job.error)})"
    at = clock(job.done_at or job.created_at, office, now)
    return f"{what}: {job.get_state_display()} {at}"
