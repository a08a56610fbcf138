"""The launcher against real servers, and the accidents it has to survive."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from pst.local import binaries
from pst.local.cluster import LocalPostgresError
from pst.local.postgres import LocalPostgres
from tests.local.conftest import MakeServer

ROOT = Path(__file__).resolve().parent.parent.parent
AS_ROOT = os.geteuid() == 0
LIMIT = 60.0
START = """
import os, signal, sys, time
from pathlib import Path
from pst.local.postgres import LocalPostgres
server = LocalPostgres(Path(sys.argv[1]))
url = server.start()
"""


def pid_of(server: LocalPostgres) -> int:
    running = server.running()
    assert running is not None
    return running.pid


def write_row(url: str, text: str = "kept") -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table if not exists note (said text)")
        connection.execute("insert into note values (%s)", [text])


def rows(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select said from note order by 1")]


def wait_for(what: Callable[[], object], limit: float = LIMIT) -> None:
    deadline = time.monotonic() + limit
    while not what():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def python(code: str, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


# -- the ordinary life ---------------------------------------------------------------------------------


def test_every_installed_version_starts_in_a_path_with_spaces_and_keeps_data(
    make_server: MakeServer, every_directory: list[Path], home: Path
) -> None:
    for number, directory in enumerate(every_directory):
        server = make_server(home / str(number), directories=[directory])
        write_row(server.start())
        first = pid_of(server)
        assert server.stop()
        assert server.status() == "stopped"
        url = server.start()
        assert rows(url) == ["kept"]
        assert pid_of(server) != first
        with psycopg.connect(url) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("",)
            assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
            assert connection.execute("show fsync").fetchone() == ("on",)
            assert connection.execute("select lower('É')").fetchone() == ("é",)
        server.stop()


def test_only_the_owner_reaches_socket_and_password(make_server: MakeServer) -> None:
    server = make_server()
    url = server.start(fsync=False)
    running = server.running()
    assert running is not None
    assert stat.S_IMODE(running.socket.parent.stat().st_mode) == 0o700
    assert len(os.fsencode(running.socket)) < 107
    assert stat.S_IMODE((server.cluster.data / "pst-password").stat().st_mode) == 0o600
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace("pst:", "pst:x", 1))


def test_start_adopts_a_running_server_and_stop_heeds_other_users(make_server: MakeServer) -> None:
    one, two = make_server(), make_server()
    assert one.start(fsync=False) == two.start(fsync=False)
    pid = pid_of(one)
    assert not one.stop(only_if_unused=True)
    assert pid_of(two) == pid
    assert two.stop(only_if_unused=True)
    assert one.running() is None


def test_command_line(home: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}

    def run(action: str, **more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pst.local.postgres", action, "--home", home]
        return subprocess.run(
            command,
            cwd=ROOT,
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    assert "none is started" in run("start", DATABASE_URL="postgresql://elsewhere/pst").stderr
    assert not home.exists()
    assert run("url").returncode == 1
    try:
        assert "running" in run("start").stdout
        assert rows_or_empty(run("url").stdout.strip()) == []
    finally:
        assert run("stop").stdout == "PostgreSQL: stopped\n"


def rows_or_empty(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [
            row[0] for row in connection.execute("select datname from pg_database where datname = 'missing'")
        ]


# -- accidents -----------------------------------------------------------------------------------------


def test_pid_file_of_a_dead_process(make_server: MakeServer) -> None:
    server = make_server()
    write_row(server.start())
    pid_file = server.cluster.data / "postmaster.pid"
    text = pid_file.read_text()
    server.stop()
    pid_file.write_text(text)
    assert server.running() is None
    assert rows(server.start()) == ["kept"]


def test_pid_in_use_by_another_program(make_server: MakeServer) -> None:
    server = make_server()
    write_row(server.start())
    pid_file = server.cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    server.stop()
    # As the server's own user: PostgreSQL would take this process for a living server and refuse.
    other = subprocess.Popen(["sleep", "60"], **server.cluster.as_server())
    try:
        pid_file.write_text("\n".join([str(other.pid), *lines[1:], ""]))
        assert rows(server.start()) == ["kept"]
        server.stop()
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_killed_server_recovers_its_data(make_server: MakeServer) -> None:
    server = make_server()
    write_row(server.start())
    os.kill(pid_of(server), signal.SIGKILL)
    # At once: the killed server's children are still there, and it is a zombie, for nobody has waited for it.
    assert rows(server.start()) == ["kept"]


def test_killed_server_as_a_zombie_of_another_parent(make_server: MakeServer, home: Path) -> None:
    parent = python(START + "print(url, flush=True); time.sleep(120)", home)
    assert parent.stdout is not None
    try:
        write_row(parent.stdout.readline().strip())
        server = make_server()
        pid = pid_of(server)
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].startswith("Z"))
        assert server.running() is None
        assert rows(server.start()) == ["kept"]
    finally:
        parent.kill()
        parent.communicate()


def test_killed_launcher_leaves_a_server_that_the_next_start_adopts(
    make_server: MakeServer, home: Path
) -> None:
    launcher = python(START + "os.kill(os.getpid(), signal.SIGKILL)", home)
    launcher.communicate(timeout=LIMIT)
    assert launcher.returncode == -signal.SIGKILL
    server = make_server()
    pid = pid_of(server)
    write_row(server.start())
    assert pid_of(server) == pid
    server.stop()
    assert rows(server.start()) == ["kept"]


def test_first_start_killed_at_any_moment_is_done_again(make_server: MakeServer, home: Path) -> None:
    server = make_server()
    for pause in (0.0, 0.1, 0.3):
        launcher = python(START, home)
        wait_for(lambda: any(home.glob("data.new-*")))
        time.sleep(pause)
        launcher.kill()
        launcher.communicate()
    write_row(server.start())
    server.stop()
    assert rows(server.start()) == ["kept"]
    assert not list(home.glob("data.new-*"))


def test_starts_at_once_give_one_server(make_server: MakeServer, home: Path) -> None:
    starts = [python(START + "print(url)", home) for _ in range(3)]
    said = [start.communicate(timeout=LIMIT) for start in starts]
    assert len({out for out, _ in said}) == 1, said
    assert rows_or_empty(said[0][0].strip()) == []
    make_server().stop()


def test_socket_that_was_cleaned_away(make_server: MakeServer) -> None:
    server = make_server()
    write_row(server.start())
    running = server.running()
    assert running is not None
    shutil.rmtree(running.socket.parent)
    assert rows(server.start()) == ["kept"]


def test_socket_directory_that_is_a_link_is_refused(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    server.start(fsync=False)
    server.stop()
    trap = server._socket_directory()
    trap.symlink_to(tmp_path)
    try:
        with pytest.raises(LocalPostgresError, match="is not ours"):
            server.start(fsync=False)
    finally:
        trap.unlink()
    assert not list(tmp_path.iterdir())


# -- what cannot work says why -------------------------------------------------------------------------


def test_data_of_a_version_that_is_not_installed(make_server: MakeServer) -> None:
    server = make_server()
    write_row(server.start())
    server.stop()
    version = server.cluster.data / "PG_VERSION"
    real = version.read_text()
    version.write_text("13\n")
    with pytest.raises(LocalPostgresError, match=r"written by PostgreSQL 13, .* Nothing has been changed"):
        server.start()
    version.write_text(real)
    assert rows(server.start()) == ["kept"]


def test_data_decide_the_version_when_several_are_installed(
    make_server: MakeServer, every_directory: list[Path]
) -> None:
    if len(every_directory) < 2:
        pytest.skip("only one major version of PostgreSQL here")
    for preferred in (every_directory, every_directory[::-1]):
        server = make_server(directories=preferred)
        url = server.start(fsync=False)
        with psycopg.connect(url) as connection:
            major = connection.info.server_version // 10000
        server.stop()
        assert major == int((server.cluster.data / "PG_VERSION").read_text())


def test_no_binaries(make_server: MakeServer, tmp_path: Path) -> None:
    with pytest.raises(LocalPostgresError, match="apt-get install postgresql"):
        make_server(directories=[tmp_path]).start()


def test_foreign_files_in_the_data_directory_are_left_alone(make_server: MakeServer, home: Path) -> None:
    letter = home / "data" / "letter.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text("mine")
    with pytest.raises(LocalPostgresError, match=r"no PostgreSQL data directory|belongs to root"):
        make_server().start()
    assert letter.read_text() == "mine"


def test_failed_start_shows_the_servers_own_words(make_server: MakeServer) -> None:
    server = make_server()
    server.start(fsync=False)
    server.stop()
    with (server.cluster.data / "postgresql.conf").open("a") as config:
        config.write("nonsense = 1\n")
    with pytest.raises(LocalPostgresError, match='unrecognized configuration parameter "nonsense"'):
        server.start(fsync=False)


@pytest.fixture
def small_disk(home: Path) -> Iterator[Path]:
    disk = home.parent / "small"
    disk.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs", disk]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("may not mount a small disk here")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def test_full_disk(make_server: MakeServer, small_disk: Path) -> None:
    server = make_server(small_disk / "postgres")
    with pytest.raises(LocalPostgresError, match="No space left on device"):
        server.start()
    assert not server.cluster.data.exists()


# -- users ---------------------------------------------------------------------------------------------


def as_user(name: str, action: Callable[[], str]) -> str:
    """What `action` returns, or its error, in a fork that has become another user."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = b"died"
        with contextlib.suppress(BaseException):
            account = pwd.getpwnam(name)
            os.setgroups([])
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)
            os.chdir("/")
            try:
                said = action().encode()
            except LocalPostgresError as error:
                said = f"error: {error}".encode()
        os.write(writing, said)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


needs_root = pytest.mark.skipif(not AS_ROOT, reason="only root can be two users")


@pytest.fixture
def for_all_users(every_directory: list[Path], tmp_path: Path) -> Iterator[list[Path]]:
    """Programs that every user can run, whoever owns the virtual environment."""
    shared = Path(tempfile.mkdtemp(prefix="pst-programs-"))
    shared.chmod(0o755)
    found = binaries.find(every_directory)
    assert found is not None
    system = "pginstall" not in found.directory.parts
    yield [found.directory if system else binaries.copy_wheel(found, shared)]
    shutil.rmtree(shared)


@needs_root
def test_two_users_at_once_and_none_takes_the_others(home: Path, for_all_users: list[Path]) -> None:
    homes = {}
    for name in ("daemon", "nobody"):
        homes[name] = home / name
        homes[name].mkdir(parents=True)
        shutil.chown(homes[name], name)
    try:
        urls = {
            n: as_user(n, lambda h=h: LocalPostgres(h, directories=for_all_users).start())
            for n, h in homes.items()
        }
        assert len(set(urls.values())) == 2
        for url in urls.values():
            write_row(url)  # root may use both
        theirs = LocalPostgres(homes["daemon"], directories=for_all_users)
        assert "belongs to another user" in as_user("nobody", theirs.start)
        assert "belongs to another user" in as_user("nobody", lambda: str(theirs.running()))
    finally:
        for where in homes.values():
            LocalPostgres(where).stop()  # root stops a user's server, and could start it as that user
    root = LocalPostgres(homes["nobody"], directories=for_all_users)
    try:
        assert rows(root.start()) == ["kept"]
        assert Path(f"/proc/{pid_of(root)}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    finally:
        root.destroy()


@needs_root
def test_home_that_the_servers_user_cannot_reach(make_server: MakeServer, home: Path) -> None:
    hidden = home.parent / "hidden"
    hidden.mkdir(parents=True)
    hidden.chmod(0o700)
    server = make_server(hidden / "postgres")
    write_row(server.start())
    assert server.cluster.place != server.home
    server.stop()
    again = make_server(hidden / "postgres")
    assert rows(again.start()) == ["kept"]


@needs_root
def test_home_that_may_not_be_written(home: Path, for_all_users: list[Path]) -> None:
    home.parent.mkdir(parents=True)
    said = as_user("nobody", LocalPostgres(home, directories=for_all_users).start)
    assert "Permission denied" in said


@needs_root
def test_a_checkout_made_anew_at_the_same_place_leaves_the_old_data_alone(
    make_server: MakeServer, home: Path
) -> None:
    """Below a folder that only root may enter the data are elsewhere, and outlive a checkout that is removed."""
    home.parent.mkdir(parents=True)
    home.parent.chmod(0o700)
    old = make_server()
    write_row(old.start())
    kept = old.cluster.place
    old.stop()
    try:
        shutil.rmtree(home)
        new = make_server()
        assert rows_or_empty(new.start()) == []
        assert new.cluster.place not in (kept, home)
        assert (kept / "data" / "PG_VERSION").exists()
    finally:
        shutil.rmtree(kept, ignore_errors=True)
