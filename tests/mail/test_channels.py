"""The operator's file of mailboxes and WhatsApp numbers: what it may say, and that its secrets stay in it."""

import logging
from pathlib import Path
from types import SimpleNamespace

import pytest

from services import channels

FULL = """
[7411.mail]
address = "bps7411@bps.go.id"
smtp = "smtp://bps7411%40bps.go.id:rahasia%2Fsatu@mail.bps.go.id"
imap = "imaps://bps7411%40bps.go.id:rahasia-dua@mail.bps.go.id"
plus = true

[7411.whatsapp]
number = "+62 812-3456-7890"
phone_number_id = "106540352242922"
token = "rahasia-tiga"
app_secret = "rahasia-empat"
verify_token = "rahasia-lima"
[7411.whatsapp.templates]
answered = "jawaban_konsultasi"

[1906.mail]
address = "bps1906@bps.go.id"
"""
OFFICE = SimpleNamespace(code="7411")
WHATSAPP = """
[7411.whatsapp]
number = "+628123456789"
phone_number_id = "1"
token = "rahasia"
app_secret = "rahasia"
verify_token = "rahasia"
"""


@pytest.fixture
def told(tmp_path: Path, settings):
    """Write the file; it is the one in force from then on."""

    def write(text: str) -> None:
        path = tmp_path / "channels.toml"
        path.write_text(text)
        settings.CHANNELS_FILE = str(path)

    return write


def test_each_office_has_its_own(told):
    told(FULL)
    box = channels.mailbox(OFFICE)
    assert box
    assert box.smtp
    assert box.imap
    assert (box.address, box.folder, box.plus) == ("bps7411@bps.go.id", "INBOX", True)
    assert (box.smtp.host, box.smtp.port, box.smtp.tls) == ("mail.bps.go.id", 587, "starttls")
    assert (box.smtp.user, box.smtp.password) == ("bps7411@bps.go.id", "rahasia/satu")
    assert (box.imap.port, box.imap.tls) == (993, "tls")
    number = channels.whatsapp(OFFICE)
    assert number
    assert (number.number, number.templates["answered"]) == (
        "+6281234567890",
        "jawaban_konsultasi",
    )
    other = SimpleNamespace(code="1906")
    assert channels.mailbox(other) == channels.Mailbox("1906", "bps1906@bps.go.id")
    assert channels.whatsapp(other) is None
    assert channels.mailbox(SimpleNamespace(code="0000")) is None
    assert channels.mailbox(None) is None


def test_without_a_file_there_are_none(settings):
    settings.CHANNELS_FILE = ""
    assert channels.mailbox(OFFICE) is None


def test_a_changed_file_is_read_again(told):
    told(FULL)
    assert channels.mailbox(OFFICE)
    told("")
    assert channels.mailbox(OFFICE) is None


def test_only_on_this_machine_a_password_may_go_in_the_clear(told):
    for host, tls in (("127.0.0.1", "none"), ("localhost", "none"), ("mail.example", "starttls")):
        told(f'[7411.mail]\naddress = "a@bps.go.id"\nsmtp = "smtp://u:p@{host}:2525?tls=none"\n')
        box = channels.mailbox(OFFICE)
        assert box
        assert box.smtp
        assert box.smtp.tls == tls


def test_secrets_are_not_shown(told, caplog):
    told(FULL)
    everything = channels.configured()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").info("%s %r", everything, everything.whatsapps)
    assert "106540352242922" in caplog.text
    assert "rahasia" not in caplog.text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[7411.mail]\naddress = rahasia"', "is not TOML"),
        ('[74.mail]\naddress = "a@bps.go.id"', "[74] is not an office's code"),
        ('[7411.fax]\nnumber = "rahasia"', "[7411.fax] is neither mail nor whatsapp"),
        ('[7411]\nmail = "rahasia"', "[7411.mail] must be a section"),
        ('[7411.mail]\nsmtp = "smtp://u:rahasia@h"', "[7411.mail] address is missing"),
        ('[7411.mail]\naddress = "rahasia"', "address is not an e-mail address"),
        ('[7411.mail]\naddress = 7', "address must be text"),
        ('[7411.mail]\naddress = "a@bps.go.id\\nBcc: rahasia@x.id"', "control character"),
        ('[7411.mail]\naddress = "a@bps.go.id"\npasword = "rahasia"', "pasword is not known here"),
        ('[7411.mail]\naddress = "a@bps.go.id"\nplus = "rahasia"', "plus must be true or false"),
        ('[7411.mail]\naddress = "a@bps.go.id"\nsmtp = "imap://u:rahasia@h"', "smtp must be like smtps://"),
        ('[7411.mail]\naddress = "a@bps.go.id"\nsmtp = "smtp://u:rahasia@h:99999"', "smtp is not an address"),
        ('[7411.mail]\naddress = "a@bps.go.id"\nimap = "rahasia"', "imap must be like imaps://"),
        ('[7411.whatsapp]\nnumber = "+628123456789"', "phone_number_id is missing"),
        ('[7411.whatsapp]\nnumber = "rahasia"', "number must be an international number"),
        (WHATSAPP.replace('"1"', '"rahasia"'), "phone_number_id is the number's id at Meta: digits only"),
        (WHATSAPP + 'templates = {jawab = "rahasia"}', "templates jawab is not known here"),
        (WHATSAPP + WHATSAPP.replace("7411", "1906"), "[1906.whatsapp] phone_number_id is another office's already"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_its_value(told, wrong, said):
    told(wrong)
    with pytest.raises(channels.ChannelsError) as problem:
        channels.configured()
    assert said in str(problem.value)
    assert "rahasia" not in str(problem.value)


def test_the_graph_address_is_https_but_for_tests(told):
    rest = '[7411.whatsapp]\nnumber="+628123456789"\nphone_number_id="1"\ntoken="t"\napp_secret="s"\nverify_token="v"\n'
    told(rest + 'url = "http://127.0.0.1:9000/v23.0/"')
    number = channels.whatsapp(OFFICE)
    assert number
    assert number.url == "http://127.0.0.1:9000/v23.0"
    told(rest + 'url = "http://graph.example/v23.0"')
    with pytest.raises(channels.ChannelsError, match="must be an https"):
        channels.configured()


def test_a_missing_file_is_said(settings, tmp_path):
    settings.CHANNELS_FILE = str(tmp_path / "none.toml")
    with pytest.raises(channels.ChannelsError, match="cannot be read"):
        channels.configured()
