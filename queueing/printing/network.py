"""The line to a network printer: a raw TCP connection, and what the printer says about itself (DLE EOT).

Where it may lead: only into the office's own network. What comes back is read as status bits and never shown.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings

from queueing.printing.faults import BrokenOff, Fault, PrinterFault

CONNECT_SECONDS = 3.0
WRITE_SECONDS = 10.0
STATUS_SECONDS = 1.0
CLOSE_SECONDS = 0.5
HOST_NAME = re.compile(r"^(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$")

OFFICE_NETWORKS = [
    ipaddress.ip_network(net) for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
CLOUD_SECRETS = ipaddress.ip_network("fd00:ec2::/32")  # a cloud's metadata service, inside fc00::/7

# ESC/POS, "transmit real-time status". Bits 1 and 4 are always set, bits 0 and 7 never: so a status is known from noise.
DLE_EOT = b"\x10\x04"
FIXED, FIXED_VALUE = 0b1001_0011, 0b0001_0010
PRINTER, OFFLINE_CAUSE, PAPER = 1, 2, 4
IS_OFFLINE = 0x08  # of PRINTER
COVER_OPEN, PAPER_STOP, HAS_ERROR = 0x04, 0x20, 0x40  # of OFFLINE_CAUSE
NEAR_END, NO_PAPER = 0x0C, 0x60  # of PAPER


def in_the_office(address: str) -> bool:
    """An address of a private network (RFC 1918, RFC 4193), the only ones PST sends anything to; of this machine only
    where the office's own PC is the server. All others lead out, or to where clouds keep secrets."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    ip = getattr(ip, "ipv4_mapped", None) or ip
    if ip.is_loopback:
        return settings.LOCAL
    return any(ip in net for net in OFFICE_NETWORKS) and ip not in CLOUD_SECRETS


def resolve(host: str) -> str:
    """The address behind a printer's name. Raises PrinterFault when there is none, or none inside the office.

    The connection goes to the address that was judged; the name is not asked again.
    """
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise PrinterFault(Fault.ADDRESS) from None
    addresses = [str(address) for address in found if in_the_office(str(address))]
    if not addresses or len(addresses) != len(found):
        raise PrinterFault(Fault.ADDRESS)
    return addresses[0]


@dataclass(frozen=True)
class Status:
    """What the printer said; a printer that says nothing is taken to be well."""

    answered: bool = False
    fault: Fault | None = None

    @property
    def stops(self) -> bool:
        return self.fault is not None and self.fault != Fault.PAPER_LOW


class Line:
    def __init__(self, peer: socket.socket):
        self.peer = peer

    def status(self) -> Status:
        """Ask for the state. Not every printer answers: silence is no fault. Raises OSError when the line is cut."""
        printer = self._ask(PRINTER)
        if printer is None:
            return Status()
        cause, paper = self._ask(OFFLINE_CAUSE) or 0, self._ask(PAPER) or 0
        return Status(True, _fault(printer, cause, paper))

    def _ask(self, kind: int) -> int | None:
        self.peer.settimeout(STATUS_SECONDS)
        try:
            self.peer.sendall(DLE_EOT + bytes([kind]))
            answer = self.peer.recv(1)
        except TimeoutError:
            return None
        if not answer:
            raise ConnectionResetError("closed by the printer")
        return answer[0] if answer[0] & FIXED == FIXED_VALUE else None

    def send(self, data: bytes) -> None:
        """Raises BrokenOff: from the first byte on nobody knows what came out."""
        self.peer.settimeout(WRITE_SECONDS)
        try:
            self.peer.sendall(data)
        except OSError:
            raise BrokenOff from None

    def status_after(self) -> Status:
        """After the slip. A printer that closes once it has all (many do) is well; one that cuts the line is not."""
        try:
            return self.status()
        except ConnectionResetError as cut:
            if cut.errno is None:  # an orderly end
                return Status()
            raise BrokenOff from None
        except BrokenPipeError:
            return Status()
        except OSError:
            raise BrokenOff from None


def _fault(printer: int, cause: int, paper: int) -> Fault | None:
    if cause & COVER_OPEN:
        return Fault.COVER
    if cause & PAPER_STOP or paper & NO_PAPER:
        return Fault.PAPER
    if cause & HAS_ERROR:
        return Fault.DEFECT
    if printer & IS_OFFLINE:
        return Fault.OFFLINE
    return Fault.PAPER_LOW if paper & NEAR_END else None


@contextmanager
def connect(host: str, port: int) -> Iterator[Line]:
    """A line to the printer. Raises PrinterFault when there is none."""
    address = resolve(host)
    try:
        peer = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    except ConnectionRefusedError:
        raise PrinterFault(Fault.REFUSED) from None
    except OSError:
        raise PrinterFault(Fault.UNREACHABLE) from None
    try:
        yield Line(peer)
    finally:
        _hang_up(peer)


def _hang_up(peer: socket.socket) -> None:
    """Let the printer read everything: closing with an unread answer would reset the line and drop its buffer."""
    with suppress(OSError):
        peer.shutdown(socket.SHUT_WR)
        peer.settimeout(CLOSE_SECONDS)
        for _more in range(16):
            if not peer.recv(64):
                break
    peer.close()


def ask_status(host: str, port: int) -> Status:
    """Is it there, and ready? Raises PrinterFault when it cannot be reached."""
    with connect(host, port) as line:
        return status_before(line)


def status_before(line: Line) -> Status:
    """The state before anything is printed. Raises PrinterFault when the printer hangs up."""
    try:
        return line.status()
    except OSError:
        raise PrinterFault(Fault.UNREACHABLE) from None
