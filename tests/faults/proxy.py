"""A bad network between a tablet and the server: a TCP proxy on loopback that breaks off in the middle of answers."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading

TICKET = b"location: /kios/tiket/"


class Proxy:
    """While `bad`, the answer to every second form ends half way: the server has done its work, the tablet never
    hears of it."""

    def __init__(self, port: int) -> None:
        self.upstream = ("127.0.0.1", port)
        self.bad = False
        self.lost_tickets = 0  # answers with a ticket that were broken off
        self._turn = itertools.count()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _address = self._listener.accept()
                try:
                    server = socket.create_connection(self.upstream)
                except OSError:
                    client.close()
                    continue
                self._open += [client, server]
                doomed = threading.Event()  # the next answer on this connection is broken off
                for pump, source, target in ((self._asks, client, server), (self._answers, server, client)):
                    threading.Thread(
                        target=_until_gone, args=(pump, source, target, doomed), daemon=True
                    ).start()

    def _asks(self, source: socket.socket, target: socket.socket, doomed: threading.Event) -> None:
        while data := source.recv(65536):
            if self.bad and data.startswith(b"POST ") and next(self._turn) % 2 == 0:
                doomed.set()
            target.sendall(data)

    def _answers(self, source: socket.socket, target: socket.socket, doomed: threading.Event) -> None:
        while data := source.recv(65536):
            if doomed.is_set():
                self.lost_tickets += TICKET in data.lower()
                target.sendall(data[: len(data) // 2])
                return
            target.sendall(data)

    def close(self) -> None:
        # Both: a thread that waits in accept() is not woken by close() alone.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for connection in (self._listener, *self._open):
            connection.close()


def _until_gone(pump, source: socket.socket, target: socket.socket, doomed: threading.Event) -> None:
    """One direction of one connection; when it ends, so does the other."""
    with contextlib.suppress(OSError):
        pump(source, target, doomed)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
