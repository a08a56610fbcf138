"""The virus scanner's word about a softcopy, in the words of the intake (services/virus.py)."""

from __future__ import annotations

from pathlib import Path

from library.pdf.faults import Refused
from services.virus import Infected, NotScanned, ScannerAway, scan

__all__ = ["ScannerAway", "check"]


def check(path: Path) -> None:
    """Raises Refused("virus"), Refused("not_scanned") when clamd will not say, and ScannerAway."""
    try:
        with path.open("rb") as file:
            scan(file)
    except Infected as found:
        raise Refused("virus", name=str(found)) from found
    except NotScanned as problem:
        raise Refused("not_scanned") from problem
