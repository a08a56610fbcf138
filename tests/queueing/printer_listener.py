"""A ticket printer for the tests: a real TCP listener that takes bytes and answers DLE EOT as printers do."""

from __future__ import annotations

import socket
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

DLE_EOT = b"\x10\x04"


@dataclass
class PrinterListener:
    """`paper`: "ok", "low" or "out"; `silent`: answers no question; `hangs`: takes the line and never reads;
    `slow`: seconds for each piece it reads; `cuts_after`: resets the line after so many bytes of a slip;
    `runs_out_after`: the paper ends with that slip. `slips` is what lies in the tray."""

    paper: str = "ok"
    cover_open: bool = False
    offline: bool = False
    defect: bool = False
    silent: bool = False
    hangs: bool = False
    slow: float = 0.0
    cuts_after: int | None = None
    runs_out_after: int | None = None
    slips: list[bytes] = field(default_factory=list)
    lines: int = 0

    def __enter__(self) -> PrinterListener:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.open = True
        self.at_once = 0
        self.most_at_once = 0
        self.lock = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_problem) -> None:
        self.open = False
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a line
        self.socket.close()

    def _listen(self) -> None:
        while self.open:
            try:
                peer, _address = self.socket.accept()
            except OSError:
                return
            self.lines += 1
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self._talk(peer)
        except OSError:
            pass
        finally:
            peer.close()
            with self.lock:
                self.at_once -= 1

    def _talk(self, peer: socket.socket) -> None:
        paper = bytearray()
        rest = b""
        while self.open:
            if self.hangs:
                time.sleep(0.05)
                continue
            got = peer.recv(4096)
            if not got:
                break
            rest += got
            while rest:
                if rest.startswith(DLE_EOT) and len(rest) >= 3:
                    if not self.silent:
                        peer.sendall(bytes([self._status(rest[2])]))
                    rest = rest[3:]
                    continue
                if DLE_EOT.startswith(rest[:2]) and len(rest) < 3:
                    break
                at = rest.find(DLE_EOT)
                data, rest = (rest, b"") if at < 0 else (rest[:at], rest[at:])
                paper += data
                time.sleep(self.slow)
                if self.runs_out_after is not None and len(self.slips) + 1 >= self.runs_out_after:
                    self.paper = "out"
                if self.cuts_after is not None and len(paper) > self.cuts_after:
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return  # the line is reset, not ended
        if paper:
            self.slips.append(bytes(paper))

    def _status(self, kind: int) -> int:
        bits = 0x12
        out = self.paper == "out"
        if kind == 1 and (self.offline or self.cover_open or out):
            bits |= 0x08
        if kind == 2:
            bits |= 0x04 * self.cover_open | 0x20 * out | 0x40 * self.defect
        if kind == 4:
            bits |= 0x60 * out | 0x0C * (self.paper in ("low", "out"))
        return bits


def qr_data(slip: bytes) -> str:
    """What the printer was told to put into its QR code (GS ( k, function 180)."""
    at = slip.index(b"\x31\x50\x30")
    length = int.from_bytes(slip[at - 2 : at], "little")
    return slip[at + 3 : at + length].decode()


def text_of(slip: bytes) -> str:
    """The letters on the paper, without the commands, in the printer's code page 0."""
    words = []
    at = 0
    while at < len(slip):
        byte = slip[at]
        if byte == 0x1B:  # ESC: "@" alone, "{" "E" "-" "M" "a" "t" "!" "d" … with one parameter
            at += 2 if slip[at + 1 : at + 2] == b"@" else 3
        elif byte == 0x1D:  # GS: "(" with a length, the others with one parameter
            at += 5 + int.from_bytes(slip[at + 3 : at + 5], "little") if slip[at + 1 : at + 2] == b"(" else 3
        else:
            words.append(byte)
            at += 1
    return bytes(words).decode("cp437")


CUT = b"\x1dV"
