"""Uploads in object storage that speaks S3: the same journey as with a folder, against a real server on loopback."""

from __future__ import annotations

import logging
import socket
from datetime import timedelta

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer

from library.digital import files, left_over
from library.models import DigitalCopy
from library.models.digital import prepared_name
from library.workflows import intake
from pst.storage import file_storage
from services.audit.actors import SYSTEM
from tests.library.digital import support
from tests.library.support import title

pytestmark = pytest.mark.django_db
KEY, SECRET, BUCKET = "kunci", "rahasia/contoh+", "pst"


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    yield port
    server.stop()


@pytest.fixture
def bucket(server, settings, tmp_path):
    address = f"s3://{KEY}:rahasia%2Fcontoh%2B@127.0.0.1:{server}/{BUCKET}?http=1&region=ap-southeast-3"
    settings.STORAGES = settings.STORAGES | {"default": file_storage(address, tmp_path)}
    options = {"endpoint_url": f"http://127.0.0.1:{server}", "region_name": "ap-southeast-3"}
    made = boto3.resource("s3", aws_access_key_id=KEY, aws_secret_access_key=SECRET, **options)
    bucket = made.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"}
    )
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()


def names(bucket) -> list[str]:
    return sorted(found.key for found in bucket.objects.all())


def test_a_softcopy_comes_in_and_its_cover_is_seen(office, bucket, tmp_path):
    book = title(office)
    content = support.pdf()
    digital = support.ready(office, book, content=content)
    assert digital.original.read() == content
    assert [name.split("/")[0] for name in names(bucket)] == ["covers", "softcopy", "softcopy"]
    book.refresh_from_db()
    cover = Client().get(book.cover_url)
    assert b"".join(cover)[:3] == b"\xff\xd8\xff"
    assert support.on_disk(tmp_path / "files") == []


def test_it_is_fetched_once_and_kept_while_there_is_room(office, bucket, monkeypatch):
    digital = support.ready(office, title(office))
    place = files.path_of(digital.prepared)
    assert place.read_bytes().startswith(b"%PDF-")
    bucket.objects.all().delete()
    assert files.path_of(digital.prepared) == place

    monkeypatch.setattr(files, "KEPT_BYTES", 10)
    other = support.ready(office, title(office, "Statistik Daerah 2024"), pages=4)
    files.path_of(other.prepared)
    assert not place.exists()
    with pytest.raises(files.FileGone):
        files.path_of(digital.prepared)


def test_an_object_that_vanished_is_named(office, bucket):
    digital = support.brought(office, support.pdf())
    bucket.objects.all().delete()
    intake.check(digital.pk)
    assert support.fresh(digital).fault == "gone"


def test_storage_that_does_not_answer_leaves_nothing_behind(office, bucket, settings, tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"s3://{KEY}:{SECRET[:7]}@127.0.0.1:{nobody.getsockname()[1]}/{BUCKET}?http=1"
        settings.STORAGES = settings.STORAGES | {"default": file_storage(address, tmp_path)}
        with pytest.raises(Exception, match="Could not connect"):
            support.brought(office, support.pdf())
    assert not DigitalCopy.objects.exists()


def test_while_it_does_not_answer_a_file_waits(office, bucket, settings, tmp_path):
    digital, there = support.brought(office, support.pdf()), settings.STORAGES
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"s3://{KEY}:{SECRET[:7]}@127.0.0.1:{nobody.getsockname()[1]}/{BUCKET}?http=1"
        settings.STORAGES = settings.STORAGES | {"default": file_storage(address, tmp_path)}
        with pytest.raises(files.StorageAway):
            intake.check(digital.pk)
    settings.STORAGES = there
    assert support.fresh(digital).state == "checking"
    intake.check(digital.pk)
    assert support.fresh(digital).state == "ready"


def test_withdrawn_the_objects_go(office, bucket, django_capture_on_commit_callbacks):
    digital = support.ready(office, title(office))
    with django_capture_on_commit_callbacks(execute=True):
        intake.withdraw(digital, why="salah", by=SYSTEM)
    assert names(bucket) == []  # nor the cover that was drawn from it


def test_no_address_of_a_file_is_given_away_that_works_without_a_key(office, bucket):
    digital = support.ready(office, title(office))
    assert "X-Amz-Signature" in default_storage.url(digital.original.name)


@pytest.mark.parametrize(
    "address", ["https://x", "s3://host/bucket", "s3://k:s@host", "s3://k:s@host/a/b", "s3://k:s@/bucket"]
)
def test_an_address_that_is_none_is_said_at_the_start(address, tmp_path):
    with pytest.raises(SystemExit, match="PST_FILES_URL"):
        file_storage(address, tmp_path)


def test_what_a_crash_left_in_the_bucket_goes(office, bucket, monkeypatch):
    digital = support.ready(office, title(office), content=support.pdf())
    default_storage.save(prepared_name(None, ""), ContentFile(b"x"))
    assert left_over.clear() == 0  # it may be in the making
    monkeypatch.setattr(left_over, "OLD", timedelta(0))
    assert left_over.clear() == 1
    assert {str(digital.original), str(digital.prepared)} <= set(names(bucket))
