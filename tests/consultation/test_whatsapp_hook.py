"""Where Meta calls: only what Meta has signed is believed, each message is kept once, and the answer comes at once."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from consultation.models import Consultation, IncomingWhatsApp
from services.audit.models import AuditEntry
from services.whatsapp.models import StatusSeen
from tests.consultation.whatsapp_support import graph, whatsapp
from tests.whatsapp_server import (
    NUMBER_ID,
    OTHER_ID,
    SECRET,
    WORD,
    body,
    call,
    message,
    status,
    write_channels,
)

__all__ = ["graph", "whatsapp"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "whatsapp")]
HOOK = "/saluran/whatsapp/7411/"


def ask(**asked):
    return Client().get(HOOK, {f"hub.{name}": value for name, value in asked.items()})


class TestVerification:
    def test_the_word_of_our_choice(self):
        got = ask(mode="subscribe", verify_token=WORD, challenge="1158201444")
        assert (got.status_code, got.content, got["Content-Type"]) == (
            200,
            b"1158201444",
            "text/plain; charset=utf-8",
        )

    @pytest.mark.parametrize(
        "asked",
        [
            {"mode": "subscribe", "verify_token": "salah", "challenge": "1"},
            {"mode": "subscribe", "challenge": "1"},
            {"mode": "unsubscribe", "verify_token": WORD, "challenge": "1"},
            {},
        ],
    )
    def test_anything_else_is_refused(self, asked):
        assert ask(**asked).status_code == 403

    def test_what_is_echoed_is_plain(self):
        assert ask(mode="subscribe", verify_token=WORD, challenge="<script>").status_code == 400


class TestSignature:
    def test_a_true_one(self):
        assert call(body(messages=[message()])).status_code == 200
        assert IncomingWhatsApp.objects.count() == 1

    @pytest.mark.parametrize(
        "said", ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "é", "sha256=" + "é" * 64]
    )
    def test_a_false_one_is_refused_and_counted(self, said):
        raw = body(messages=[message()])
        assert call(raw, **{"X-Hub-Signature-256": said}).status_code == 403
        assert IncomingWhatsApp.objects.count() == 0
        assert AuditEntry.objects.filter(action="whatsapp.wrong_signature").count() == 1

    def test_of_the_body_as_it_came(self):
        """The same JSON written otherwise has another signature."""
        raw = body(messages=[message()])
        other = json.dumps(json.loads(raw), indent=1).encode()
        from services.whatsapp import signature

        assert call(other, **{"X-Hub-Signature-256": signature.of(raw, SECRET)}).status_code == 403
        assert call(other).status_code == 200

    def test_somebody_who_tries_on_does_not_fill_the_trail(self):
        for _n in range(70):
            assert call(b"{}", secret="salah").status_code == 403
        assert AuditEntry.objects.filter(action="whatsapp.wrong_signature").count() == 60
        assert call(body(messages=[message()])).status_code == 200  # Meta itself is heard all the same

    def test_no_cookie_and_no_token_of_a_form_is_asked_for(self):
        raw = body(messages=[message()])
        from services.whatsapp import signature

        got = Client(enforce_csrf_checks=True).post(
            HOOK,
            raw,
            content_type="application/json",
            headers={"X-Hub-Signature-256": signature.of(raw, SECRET)},
        )
        assert got.status_code == 200


class TestKept:
    def test_once_however_often_it_comes(self):
        for _n in range(3):
            assert call(body(messages=[message()], told=[status("wamid.O", "sent")])).status_code == 200
        assert (IncomingWhatsApp.objects.count(), StatusSeen.objects.count()) == (1, 1)

    def test_nothing_is_placed_while_meta_waits(self):
        call(body(messages=[message()]))
        assert Consultation.objects.count() == 0
        assert IncomingWhatsApp.objects.get().state == "new"

    def test_whose_it_is_says_the_number_in_it(self, offices):
        call(body(messages=[message()], number=OTHER_ID), office="7411")
        assert IncomingWhatsApp.objects.get().office == offices["1906"]

    def test_with_the_secret_of_another_app_nothing_is_brought(self, tmp_path, settings, graph, caplog):
        write_channels(tmp_path, settings, graph, other_secret="lain")
        assert call(body(messages=[message()], number=OTHER_ID)).status_code == 200
        assert (
            call(body(messages=[message("b")], number=NUMBER_ID), office="1906", secret="lain").status_code
            == 200
        )
        assert IncomingWhatsApp.objects.count() == 0
        assert "unknown number" in caplog.text

    def test_an_unknown_number_is_left_with_a_line_in_the_log(self, caplog):
        assert call(body(messages=[message()], number="999")).status_code == 200
        assert IncomingWhatsApp.objects.count() == 0
        assert "unknown number" in caplog.text


ODD = [
    b"", b"[]", b"null", b"{}", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"object":"page"}',
    b'{"object":"whatsapp_business_account"}', b'{"object":"whatsapp_business_account","entry":7}',
    b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":null}]}]}',
    body(messages=[{}]), body(messages=["x"]), body(messages=[message(at=1e18)]), body(told=[{"id": 3}]),
    body(messages=[{**message(), "timestamp": {}}]), body(messages=[{**message(), "from": "bukan nomor"}]),
    body(messages=[{**message(), "id": "x" * 300}]), body(messages=[message(text={"body": 7})]),
    body(messages=[message(text={"body": "a\0b\ud800"})]), body(messages=[message(context={"id": ["x"]}, text={})]),
    body(messages=[{**message(), "type": "x" * 500}]), body(told=[status("w", "read", code=-1)]),
    body(told=[{**status("w", "sent"), "biz_opaque_callback_data": "x" * 5000}]),
]  # fmt: skip


@pytest.mark.parametrize("raw", ODD, ids=range(len(ODD)))
def test_whatever_is_signed_is_survived(raw):
    from tests.whatsapp_server import work_off

    assert call(raw).status_code == 200
    work_off()
    assert not IncomingWhatsApp.objects.exclude(state="done").exists()


def test_too_large_is_refused():
    assert call(b" " * 3_000_001).status_code == 413


def test_without_a_number_there_is_nothing(settings):
    settings.CHANNELS_FILE = ""
    assert call(body(messages=[message()])).status_code == 404
    assert ask(mode="subscribe", verify_token=WORD, challenge="1").status_code == 404
    assert Client().get("/saluran/whatsapp/9999/").status_code == 404


def test_secrets_and_people_are_in_no_log(caplog):
    caplog.set_level("DEBUG")
    call(body(messages=[message()]))
    call(body(messages=[message()]), secret="salah")
    from tests.whatsapp_server import work_off

    work_off()
    for secret in ("rahasia", "6281299990000", "Siti", "PDRB"):
        assert secret not in "".join(
            r.getMessage() for r in caplog.records if r.name.startswith(("services", "consultation", "httpx"))
        )
