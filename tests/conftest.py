"""Shared fixtures: the four demonstration offices and people and devices in them.

The offices are loaded once; a test that flushed the database (transactional_db) has them put back.
"""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.utils import translation

from pst.portal import demo
from services.accounts import devices
from services.accounts.models import Device, Membership, Role, User
from services.audit.actors import Actor
from services.guestbook import reference
from services.offices.models import Office
from tests.mail_server import Mailbox
from tests.snapshot import loaded


@pytest.fixture(autouse=True)
def indonesian():
    """A request in English leaves its language on the thread; every test begins in Indonesian."""
    translation.activate("id")


@pytest.fixture(autouse=True)
def nothing_remembered():
    """What one test left in the process's cache is not the next one's."""
    cache.clear()


@pytest.fixture(autouse=True)
def no_jobs_left(request, django_db_blocker):
    """The queue of jobs is not among Django's own tables: no flush empties it after a test that really commits, and a
    worker of such a test puts its periodic jobs there."""
    marker = request.node.get_closest_marker("django_db")
    commits = "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction"))
    yield
    if commits:
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_periodic_defers")
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(scope="session", autouse=True)
def clients_start_quickly():
    """Every test client loads the middleware anew; WhiteNoise would look at all static files each time."""
    load = ClientHandler.load_middleware

    def load_without_files(self, is_async=False):
        with override_settings(WHITENOISE_AUTOREFRESH=True):
            load(self, is_async)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_without_files)
        yield


OTHERS_OFF = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
PASSWORD = "correct-horse-battery-staple"


def load_offices() -> None:
    """What `make run` loads, without the accounts."""
    reference.ensure()
    for office in demo.load_standards(lambda _text: None):
        demo.furnish(office)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        load_offices()
        loaded.take()
    yield
    # The thread of a live server may still hold a connection: without this the database could not be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(OTHERS_OFF)


def demo_offices() -> dict[str, Office]:
    """By code: 7411 Kolaka Timur, 1906 Belitung Timur, 6571 Tarakan, 1373 Sawahlunto."""
    if not Office.objects.serving().exists():
        loaded.put_back()
    return {o.code: o for o in Office.objects.serving()}


@pytest.fixture
def offices(db) -> dict[str, Office]:
    return demo_offices()


@pytest.fixture
def office(offices) -> Office:
    """Kolaka Timur: two services, queue, card for locker."""
    return offices["7411"]


@pytest.fixture
def library(office):
    return office.services.get(slug="library")


@pytest.fixture
def consultation(office):
    return office.services.get(slug="consultation")


@pytest.fixture
def counter(office):
    return office.counters.get(number=1)


def new_user(office: Office | None = None, role: str = Role.FRONTLINER, **fields) -> User:
    number = User.objects.count() + 1
    user = User.objects.create_user(
        f"user{number}@example.test", PASSWORD, name=f"Petugas {number}", **fields
    )
    if office:
        Membership.objects.create(user=user, office=office, role=role)
    return user


def new_device(office: Office, purpose: str = "kiosk") -> tuple[Device, str]:
    """A paired device and the cookie secret it carries."""
    pairing, secret = devices.begin(purpose)
    actor = Actor("officer", user_id=new_user(office).pk)
    return devices.approve(code=pairing.code, name=f"{purpose} uji", office=office, by=actor), secret


@pytest.fixture
def make_user(db):
    return new_user


@pytest.fixture
def frontliner(make_user, office) -> User:
    return make_user(office)


@pytest.fixture
def by(frontliner) -> Actor:
    return Actor("officer", user_id=frontliner.pk)


@pytest.fixture
def make_device(db):
    return new_device


@pytest.fixture
def desk(frontliner) -> Client:
    """A browser in which the frontliner of Kolaka Timur is logged in."""
    client = Client()
    client.force_login(frontliner, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def kiosk(make_device, office) -> Client:
    """The paired tablet of Kolaka Timur."""
    client = Client()
    _device, secret = make_device(office, "kiosk")
    client.cookies[devices.cookie_name("kiosk")] = secret
    return client


@pytest.fixture
def mailbox(settings):
    """A mail server; what PST sends goes there."""
    server = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()
