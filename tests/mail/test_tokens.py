"""Replies find their thread by a signature, and only by one of ours."""

import pytest

from services.mail import tokens

NUMBER = "K7411-26-00012"


def test_an_address_leads_back_to_its_number():
    address = tokens.reply_address("bps7411@bps.go.id", NUMBER)
    assert address.startswith("bps7411+k7411-26-00012-")
    assert address.endswith("@bps.go.id")
    assert len(address.partition("@")[0]) <= 64  # RFC 5321
    for spelled in (address, address.upper(), f"BPS Buton Utara <{address}>"):
        assert tokens.number_in_address(spelled) == NUMBER


def test_a_subject_leads_back_to_its_number():
    token = tokens.subject_token(NUMBER)
    for subject in (f"Re: {token} Jawaban", f"BLS: {token.lower()}", f"Re: {token[:9]}\r\n {token[9:]}"):
        assert tokens.number_in_subject(subject) == NUMBER


@pytest.mark.parametrize(
    "text", ["", "bps7411@bps.go.id", "a+b@x.id", f"x+{NUMBER}@bps.go.id", f"[{NUMBER}] Tanya"]
)
def test_without_a_token_there_is_none(text):
    assert tokens.number_in_address(text) is None
    assert tokens.number_in_subject(text) is None


def test_forged_ones_are_refused():
    address = tokens.reply_address("bps7411@bps.go.id", NUMBER)
    token = tokens.subject_token(NUMBER)
    other = "K7411-26-00013"
    for forged in (
        address.replace("00012", "00013"),
        f"bps7411+{NUMBER}-{token[-9:-1]}@bps.go.id",  # the short signature, where the long one belongs
        f"bps7411+{NUMBER}-a@bps.go.id",
    ):
        with pytest.raises(tokens.ForgedToken):
            tokens.number_in_address(forged)
    for forged in (token.replace("00012", "00013"), f"[{NUMBER}-aaaaaaaa]", token[:-2] + "]"):
        with pytest.raises(tokens.ForgedToken):
            tokens.number_in_subject(forged)
    # One that is genuine beside a forged one still leads somewhere: to its own number.
    assert tokens.number_in_subject(f"[{other}-aaaaaaaa] {token}") == NUMBER


def test_the_key_of_the_installation_decides(settings):
    token = tokens.subject_token(NUMBER)
    settings.SECRET_KEY = "x" * 60
    with pytest.raises(tokens.ForgedToken):
        tokens.number_in_subject(token)
