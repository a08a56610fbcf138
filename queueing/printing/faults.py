"""What can be wrong with a printer or a slip, as codes; the words come with the language of whoever reads them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Fault(models.TextChoices):
    """Stored in Printer.fault and PrintJob.error."""

    ADDRESS = "address", _("alamat printer tidak ditemukan di jaringan kantor")
    REFUSED = "refused", _("printer menolak sambungan; periksa nomor port")
    UNREACHABLE = "unreachable", _("printer tidak terjangkau; periksa listrik dan kabel jaringan")
    OFFLINE = "offline", _("printer sedang tidak siap")
    COVER = "cover", _("tutup printer terbuka")
    PAPER = "paper", _("kertas habis")
    DEFECT = "defect", _("printer melaporkan kerusakan")
    PAPER_LOW = "paper_low", _("kertas hampir habis")
    BROKEN = "broken", _("sambungan terputus saat mencetak; slip mungkin tercetak sebagian")
    STOPPED = "stopped", _("pencetakan terhenti di tengah; slip mungkin sudah tercetak")
    LATE = "late", _("terlalu lama menunggu printer; tidak dicetak lagi")
    OFF = "off", _("printer dimatikan di pengaturan")
    DRAWING = "drawing", _("slip tidak dapat disusun")


# The printer works, only not for long: it is shown, nobody is alarmed.
MILD = frozenset({Fault.PAPER_LOW})
# The printer answers and says what it needs: its slips wait for that.
WAITS = frozenset({Fault.OFFLINE, Fault.COVER, Fault.PAPER, Fault.DEFECT})
# Nobody knows what lies in the tray: never printed again by itself.
UNCERTAIN = frozenset({Fault.BROKEN, Fault.STOPPED})


class PrinterFault(Exception):
    """Nothing was printed. `fault` says why."""

    def __init__(self, fault: Fault):
        super().__init__(fault.value)
        self.fault = fault


class BrokenOff(Exception):
    """The line broke after the first byte of a slip: it may be printed, partly or whole."""


def words(code: str) -> str:
    """The fault in words; what a device reported in words of its own stays as it is."""
    return str(Fault(code).label) if code in Fault.values else code
