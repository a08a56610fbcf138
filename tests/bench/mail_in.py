"""Mails that come in, in a minute: read alone, kept and placed, and fetched from a real Dovecot where there is one.

A third are new questions, a third replies to a signed address with a quotation, a third mails with a file of 100 KB. One process,
one office; the mails are the same in every run.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from tests.bench.place import own_database, say


def run(*, long: bool) -> dict:
    count = 3_000 if long else 600
    with own_database():
        from django.conf import settings
        from django.test import override_settings

        from services.offices.models import Office
        from tests.consultation.mail_support import write_channels

        folder = Path(tempfile.mkdtemp(prefix="pst-bench-mail-"))
        try:
            with override_settings(CHANNELS_FILE=""):
                write_channels(folder, settings)
                office = Office.objects.get(code="7411")
                first = _first(office)
                figures = {"mails": count, **_read(first, count), **_receive(office, first, count)}
                return figures | _fetch(office, first, count, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _first(office):
    from tests.consultation.mail_support import comes

    return comes(office, "Pertanyaan pertama").message.consultation


def _mails(consultation, count: int, mark: str):
    from services.mail import tokens
    from tests.consultation.mail_support import BOX
    from tests.mail.awkward import PDF, WORDS, coded, mail, mixed

    reply_address = tokens.reply_address(BOX, consultation.number)
    quoted = "\n".join(f"> Baris {n} dari jawaban petugas." for n in range(40))
    body = f"Terima kasih, nomor {{}}.\n\nPada Sel, 3 Mar 2026 pukul 10.15 BPS <{BOX}> menulis:\n{quoted}"
    file = coded("application/pdf; name=surat.pdf", PDF + b"%" * 100_000)
    for n in range(count):
        header = {"From": f"Orang {n} <orang{n}@example.test>", "Message_ID": f"<{mark}-{n}@example.test>"}
        if n % 3 == 0:
            yield mail(f"Pertanyaan {n}: berapa PDRB?", To=BOX, **header)
        elif n % 3 == 1:
            yield mail(body.format(n), To=reply_address, **header)
        else:
            yield mixed(WORDS, file, To=BOX, **header)


def _read(first, count: int) -> dict:
    from services.mail.reading.parse import read

    mails = list(_mails(first, count, "baca"))
    started = time.perf_counter()
    for raw in mails:
        read(raw)
    rate = count / (time.perf_counter() - started)
    say(f"read: {rate:.0f} mails/s")
    return {"read_per_s": round(rate)}


def _receive(office, first, count: int) -> dict:
    from consultation.mail_in import receive

    mails = list(_mails(first, count, "langsung"))
    started, cpu = time.perf_counter(), time.process_time()
    states = {receive(office, raw).state for raw in mails}
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    if states != {"done"}:
        raise RuntimeError(f"not all were placed: {states}")
    say(f"kept and placed: {count / took * 60:.0f} mails a minute")
    return {"placed_per_minute": round(count / took * 60), "cpu_ms_per_mail": round(cpu / count * 1000, 1)}


def _fetch(office, first, count: int, folder: Path) -> dict:
    from django.conf import settings

    from consultation.mail_in import fetching
    from consultation.models import IncomingMail
    from tests.consultation.mail_support import write_channels
    from tests.imap_server import DOVECOT, dovecot

    if DOVECOT is None:
        say("no Dovecot on this machine: fetching is not measured")
        return {}
    folder.chmod(0o755)
    (folder / "imap").mkdir()
    with dovecot(folder / "imap") as server:
        write_channels(folder, settings, imap=server.port)
        for raw in _mails(first, count, "kotak"):
            server.deliver(raw)
        started = time.perf_counter()
        before = IncomingMail.objects.filter(state="done").count()
        while server.unread():
            fetching.run(office)
        took = time.perf_counter() - started
        done = IncomingMail.objects.filter(state="done").count() - before
    if done != count:
        raise RuntimeError(f"{count} mails lay in the mailbox, {done} were placed")
    say(f"from the mailbox into consultations: {count / took * 60:.0f} mails a minute")
    return {"fetched_per_minute": round(count / took * 60)}
