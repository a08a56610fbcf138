"""A copy in somebody's name: what stands in its mark, and the file."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from library.digital import files, mark, press, serials
from library.models import DigitalCopy, MarkedCopy
from library.pdf import child, limits
from services.accounts.models import User
from services.guestbook.models import Visitor
from services.offices.models import Office
from services.workflow import IllegalMove

log = logging.getLogger(__name__)
SECONDS = 120  # 5,000 pages take two


@dataclass(frozen=True)
class Made:
    """A file that exists as long as somebody has it open."""

    path: Path
    serial: str
    sha256: str
    size: int


@contextmanager
def made(
    digital: DigitalCopy, person: Visitor | User, office: Office, *,
    at: datetime, site: str, marked: bool = True, pages: Sequence[int] = (),
) -> Iterator[Made]:  # fmt: skip
    """The copy, or one of these pages, in a file that goes away with the block; one that was opened stays readable. Raises
    IllegalMove in plain words when it cannot be made."""
    serial = new_serial(office, at)
    try:
        with files.scratch() as folder:
            out, drawn = folder / "copy.pdf", folder / "mark.pdf"
            if marked:
                address = f"{site}{reverse('library:verify_one', args=[serial])}"
                drawn.write_bytes(mark.draw(lines(person, office, at), serial=serial, address=address))
            answer = child.call(
                f"{press.__name__}:{press.press.__name__}",
                seconds=SECONDS, megabytes=limits.MEGABYTES, file_megabytes=limits.FILE_MEGABYTES,
                clean=files.path_of(digital.prepared), out=out, mark=str(drawn) if marked else "",
                pages=list(pages), info={"Serial": serial},
            )  # fmt: skip
            yield Made(out, serial, answer["sha256"], answer["size"])
    except child.Died as died:
        log.error("No copy of softcopy %s: %s", digital.pk, died.detail)
        raise IllegalMove(_("Salinan tidak dapat dibuat sekarang. Coba lagi sebentar.")) from died
    except (files.Unavailable, OSError) as problem:
        log.error("No copy of softcopy %s: %s", digital.pk, problem)
        raise IllegalMove(
            _("Berkas softcopy ini tidak dapat dibuka sekarang. Beri tahu petugas kantor ini.")
        ) from problem


def new_serial(office: Office, at: datetime) -> str:
    """One that is nobody's yet."""
    while True:
        serial = serials.new(office.code, office.today(at))
        if not MarkedCopy.objects.filter(serial=serial).exists():
            return serial


def lines(person: Visitor | User, office: Office, at: datetime) -> list[str]:
    """In Indonesian whatever the page's language: who reads the mark later is not who took the copy."""
    local = office.local(at)
    with translation.override("id"):
        when = f"{date_format(local, 'j F Y')}, {local:%H.%M} {office.zone_name}"
    return [line for line in (person.name, person.email, office.name, when) if line]
