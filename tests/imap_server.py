"""A real Dovecot on a loopback port, as whoever runs the tests, with one mailbox; for the mail that comes to PST.

Where there is none, tests that need it are skipped and say so (`needs_dovecot`); `make test` installs it as root.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

USER, PASSWORD = "petugas", "rahasia"
PLACES = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
DOVECOT = shutil.which("dovecot", path=PLACES)
needs_dovecot = pytest.mark.skipif(DOVECOT is None, reason="Dovecot is not installed (dovecot-imapd)")

COMMON = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
listen = 127.0.0.1
ssl = no
first_valid_uid = 1
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {login}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
OLD = """
protocols = imap
disable_plaintext_auth = no
mail_location = maildir:{home}/Maildir
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
"""
# From 2.4 on the same things have other names.
NEW = """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
mail_driver = maildir
mail_home = {home}
mail_path = {home}/Maildir
mail_uid = {uid}
mail_gid = {gid}
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb static {{
  password = {password}
}}
userdb static {{
}}
"""


class Dovecot:
    """Root's server keeps the mailbox as `nobody`: Dovecot opens no mail of root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        me = pwd.getpwuid(os.getuid())
        owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        home = root / "home"
        self.maildir = home / "Maildir"
        for folder in ("new", "cur", "tmp"):
            (self.maildir / folder).mkdir(parents=True)
        self.owner = owner
        self._own(home)
        group = subprocess.run(["id", "-gn"], capture_output=True, text=True, check=True).stdout.strip()
        given = {
            "root": root, "home": home, "port": self.port, "password": PASSWORD, "me": me.pw_name, "group": group,
            "login": "nobody" if me.pw_uid == 0 else me.pw_name, "uid": owner.pw_uid, "gid": owner.pw_gid,
        }  # fmt: skip
        text = (OLD if _major() < (2, 4) else NEW) + COMMON
        (root / "dovecot.conf").write_text(text.format(**given))
        self.process: subprocess.Popen | None = None

    def _own(self, folder: Path) -> None:
        if os.getuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def start(self) -> None:
        assert DOVECOT
        self.process = subprocess.Popen(
            [DOVECOT, "-F", "-c", str(self.root / "dovecot.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                said = self.process.stderr.read().decode() if self.process.stderr else ""
                raise AssertionError(f"Dovecot ended: {said}{self.log()[-2000:]}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as one:
                if one.recv(10).startswith(b"* OK"):
                    return
            time.sleep(0.05)
        raise AssertionError(f"Dovecot does not answer: {self.log()[-2000:]}")

    def kill(self) -> None:
        """As a power cut: the server and every process of it, at once."""
        assert self.process
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        for one in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGKILL)
        self.process.wait(10)
        psutil.wait_procs(family[1:], timeout=10)
        (self.root / "run" / "master.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def log(self) -> str:
        path = self.root / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def deliver(self, raw: bytes) -> None:
        """As a mail server puts a mail into a Maildir: written beside, then moved."""
        name = f"{time.time_ns()}.{os.getpid()}.pengujian"
        beside = self.maildir / "tmp" / name
        beside.write_bytes(raw)
        os.utime(beside, (time.time(), time.time()))  # when it came, by the clock of the test
        if os.getuid() == 0:
            os.chown(beside, self.owner.pw_uid, self.owner.pw_gid)
        beside.rename(self.maildir / "new" / name)

    def unread(self) -> int:
        """Mails without the mark that they were seen."""
        files = [*(self.maildir / "new").iterdir(), *(self.maildir / "cur").iterdir()]
        return sum(1 for path in files if "S" not in path.name.partition(":2,")[2])


def _major() -> tuple[int, int]:
    said = subprocess.run([str(DOVECOT), "--version"], capture_output=True, text=True, check=True).stdout
    first, second = said.split(".")[:2]
    return int(first), int("".join(c for c in second if c.isdigit()) or 0)


@contextlib.contextmanager
def dovecot(root: Path) -> Iterator[Dovecot]:
    # Processes of other users pass through here.
    for folder in (root, *[p for p in root.parents if p.stat().st_uid == os.getuid() and p != Path("/")]):
        folder.chmod(folder.stat().st_mode | 0o011)
    server = Dovecot(root)
    server.start()
    try:
        yield server
    finally:
        server.stop()
