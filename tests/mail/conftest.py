import copy

import pytest

from services.mail import kinds as registered
from services.mail import outbox
from tests.mail import kinds


@pytest.fixture
def sample_kind(tmp_path, settings, monkeypatch):
    """A kind of mail that only the test knows."""
    monkeypatch.setattr(registered, "_kinds", dict(registered._kinds))
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], tmp_path]
    settings.TEMPLATES = templates
    kinds.register(tmp_path)
    return kinds.NAME


@pytest.fixture
def put(office, sample_kind):
    """Write a mail of that kind."""

    def write(**more):
        given = {
            "kind": sample_kind, "to": "zubaidah@rahasia.test", "office": office, "language": "id",
            "context": kinds.CONTEXT, **more,
        }  # fmt: skip
        return outbox.put(**given)

    return write


@pytest.fixture
def channels_file(tmp_path, settings):
    """Write the operator's file of mailboxes; it is in force from then on."""

    def write(text: str) -> None:
        path = tmp_path / "channels.toml"
        path.write_text(text)
        settings.CHANNELS_FILE = str(path)

    return write
