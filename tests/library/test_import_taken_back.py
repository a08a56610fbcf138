"""What an import brought and somebody used since stays when it is taken back: softcopies too."""

from __future__ import annotations

import pytest
from django.utils import timezone

from library.models import DigitalCopy, Publication
from services.audit.actors import Actor
from tests.library.import_support import applied, fresh, load, problem, undone

pytestmark = pytest.mark.django_db(transaction=True)
HEAD = "id,judul,tahun\n"


@pytest.fixture
def officer(office, make_user) -> Actor:
    return Actor("officer", user_id=make_user(office).pk)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("state", ["checking", "refused", "withdrawn"])
def test_a_record_with_a_softcopy_stays(office, officer, state):
    """Also one that is not ready: its file hangs on the record."""
    batch = applied(load(office, officer, HEAD + "1,Survei Gurita,2020\n2,Survei Cumi,2021\n"), officer)
    DigitalCopy.objects.create(
        office=office, publication=Publication.objects.get(year=2020), state=state, file_name="a.pdf",
        sha256="0" * 64, size=1, added_at=timezone.now(),
    )  # fmt: skip
    batch = undone(batch, officer)
    assert (batch.state, problem(batch)[:24]) == ("undone", "1 publikasi tetap ada ka")
    assert [p.year for p in Publication.objects.all()] == [2020]
    assert fresh(batch).rows.count() == 2
