"""A worker that is killed while a mail is on its way: the mail comes, and a second one can be told from a new one."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from services.mail import outbox
from services.mail.models import Outgoing
from tests.processes import worker

pytestmark = pytest.mark.django_db(transaction=True)
State = Outgoing.State


def until(check, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def row(office) -> Outgoing:
    """A mail as the worker finds it; its template is not needed any more."""
    from procrastinate.contrib.django import app

    now = timezone.now()
    row = Outgoing.objects.create(
        office=office, kind="test", to="zubaidah@rahasia.test", language="id", subject="Uji", text="Isi",
        message_id="satu@bps.go.id", created_at=now, next_try_at=now,
    )  # fmt: skip
    app.configure_task(outbox.TASK).defer(pk=row.pk)
    return row


def test_killed_in_mid_message(row, mailbox, tmp_path):
    mailbox.holding = True
    with worker(tmp_path / "worker.log", PST_EMAIL_URL=f"smtp://127.0.0.1:{mailbox.port}") as process:
        until(lambda: mailbox.held)
        assert Outgoing.objects.get(pk=row.pk).state == State.SENDING
        # The worker is alive and at it: nobody else takes it for lost.
        assert outbox.sweep() == 0
        assert Outgoing.objects.get(pk=row.pk).lost == 0
        process.kill()
        process.wait()
    mailbox.holding = False
    until(lambda: outbox.sweep() == 1)  # once the database has noticed
    done = Outgoing.objects.get(pk=row.pk)
    assert (done.state, done.lost) == (State.SENT, 1)
    # The first worker's text had reached the server, so there are two; by their Message-ID they are one.
    assert {m["Message-ID"] for m in mailbox.messages} == {f"<{row.message_id}>"}
    assert outbox.sweep() == 0


def test_what_kills_two_workers_is_not_given_to_a_third(row):
    Outgoing.objects.update(state=State.SENDING, lost=1)
    assert outbox.sweep() == 0
    assert Outgoing.objects.get(pk=row.pk).state == State.DEAD
