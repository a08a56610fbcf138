# ruff: noqa: N999 - "import" is what the benchmark is called
"""A catalogue file of 5,000 and of 50,000 records read, applied, read again and taken back (LONG=1: 20,000 and 200,000).

CSV goes through the same functions as the worker's job, in a process of its own for each size, so that the peak of
memory is that size's alone: what counts is that ten times the file does not need more memory. The rate is of reading
and applying together; MARC21 of the smaller size is timed as well. Titles are made anew in every run, a tenth of the
rows has copies of its own, and one in fifty has something wrong with it.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.place import own_database, say


def run(*, long: bool) -> dict:
    small, large = (20_000, 200_000) if long else (5_000, 50_000)
    with own_database() as address:
        few = _part(address, "csv", small)
        many = _part(address, "csv", large)
        marc = _part(address, "marc", small)
    return {
        "records": large,
        "records_per_s": many["records_per_s"],
        "peak_mb": many["peak_mb"],
        "peak_mb_small": few["peak_mb"],
        "peak_ratio": round(many["peak_mb"] / few["peak_mb"], 2),
        "again_per_s": many["again_per_s"],
        "undo_per_s": many["undo_per_s"],
        "marc_per_s": marc["records_per_s"],
    }


def _part(address: str, form: str, rows: int) -> dict:
    command = [sys.executable, "-c", "__import__('tests.bench.import', fromlist=['x']).part()"]
    with tempfile.TemporaryDirectory() as var:
        environment = os.environ | {
            "DATABASE_URL": address, "IMPORT_FORM": form, "IMPORT_ROWS": str(rows), "PST_VAR_DIR": var,
        }  # fmt: skip
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    say(f"{form} {rows}: " + "  ".join(f"{name} {value}" for name, value in figures.items()))
    return figures


def part() -> None:
    """In a process of its own: one file in, in again, and out."""
    from pst.local.environment import use_local_settings

    use_local_settings()
    import django

    django.setup()
    from django.core.files.uploadedfile import TemporaryUploadedFile
    from django.db import connection

    from library.importing.reading import shape_of
    from library.models import Import, Publication
    from library.workflows import imports as work
    from services.audit.actors import SYSTEM
    from services.offices.models import Office

    form, rows = os.environ["IMPORT_FORM"], int(os.environ["IMPORT_ROWS"])
    office = Office.objects.get(code="7411")
    path = Path(tempfile.mkstemp()[1])
    with path.open("wb") as file:
        (write_csv if form == "csv" else write_marc)(file, rows)

    def read() -> Import:
        upload = TemporaryUploadedFile(
            f"daftar.{'csv' if form == 'csv' else 'mrc'}", "", path.stat().st_size, None
        )
        with path.open("rb") as source:
            while block := source.read(65_536):
                upload.write(block)
        upload.seek(0)
        batch = work.from_file(office, upload, by=SYSTEM)
        if batch.state == "mapping":
            batch = work.choose(batch, shape_of(batch.options), by=SYSTEM)
        work.work(batch.pk)
        return Import.objects.get(pk=batch.pk)

    def apply(batch: Import) -> Import:
        work.apply(batch, by=SYSTEM)
        work.work(batch.pk)
        return Import.objects.get(pk=batch.pk)

    before = Publication.objects.count()
    started = time.monotonic()
    batch = apply(read())
    took = time.monotonic() - started
    if batch.state != "done" or Publication.objects.count() - before < 0.9 * rows:
        raise RuntimeError(f"{batch.state}: {batch.problem} {batch.counts}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute
    started = time.monotonic()
    again = apply(read())
    took_again = time.monotonic() - started
    if again.counts.get("new") or again.counts.get("changed"):
        raise RuntimeError(f"the second time: {again.counts}")
    started = time.monotonic()
    work.undo(batch, by=SYSTEM)
    work.work(batch.pk)
    took_undo = time.monotonic() - started
    if Publication.objects.count() != before:
        raise RuntimeError(f"{Publication.objects.count() - before} records stayed")
    path.unlink()
    print(
        json.dumps(
            {
                "records_per_s": round(rows / took),
                "again_per_s": round(rows / took_again),
                "undo_per_s": round(rows / took_undo),
                "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            }
        )
    )


def _titles(rows: int):
    from tests.bench.search import SERIES, YEARS, _names

    names = _names()
    for n in range(rows):
        place, words = names[n % len(names)], SERIES[n // len(names) % len(SERIES)]
        year = YEARS[n // (len(names) * len(SERIES)) % len(YEARS)]
        yield n, words.format(place=f"Kabupaten {place}", year=year, before=year - 4), year


def write_csv(file, rows: int) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write("judul,tahun,abstrak,penerbit,halaman,barcode,rak\r\n")
    for n, title, year in _titles(rows):
        wrong = "banyak" if n % 50 == 7 else str(40 + n % 300)
        copy = f"X{n:07d},R{n % 9}" if n % 10 == 0 else ","
        text.write(f'"{title}",{year},"Jumlah penduduk, garis kemiskinan nomor {n}",BPS,{wrong},{copy}\r\n')
    text.flush()
    text.detach()


def write_marc(file, rows: int) -> None:
    from pymarc import Field, Indicators, Record, Subfield

    def field(tag: str, code: str, value: str) -> Field:
        return Field(tag=tag, indicators=Indicators(" ", " "), subfields=[Subfield(code, value)])

    for n, title, year in _titles(rows):
        record = Record(force_utf8=True)
        record.add_field(
            Field(tag="001", data=f"m{n}"),
            field("245", "a", f"{title} edisi khusus"),
            field("264", "c", str(year)),
        )
        record.add_field(field("520", "a", f"Jumlah penduduk, garis kemiskinan nomor {n}"))
        file.write(record.as_marc())
