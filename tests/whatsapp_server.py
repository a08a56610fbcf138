"""A server on loopback that behaves like Meta's Cloud API, faults included, and calls as Meta makes them."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from consultation.whatsapp_in import keeping, media
from services.mail import outbox as mail
from services.whatsapp import outbox, signature, statuses

TOKEN, SECRET, WORD = "rahasia-token", "rahasia-aplikasi", "rahasia-kata"
NUMBER_ID, OTHER_ID = "106540352242922", "206540352242922"
SENDER = "6281299990000"
PHONE = f"+{SENDER}"
TASKS = (keeping.TASK, media.TASK, outbox.TASK, statuses.TASK, mail.TASK, "consultation.attachment")
# Code and HTTP status of the API's own refusals.
REFUSALS = {
    130429: 429,
    80007: 429,
    131047: 400,
    131026: 400,
    190: 401,
    132001: 404,
    131056: 400,
    100: 400,
    368: 403,
}


class Graph:
    """`sent`: the messages it took. `faults`: what happens to the next ones, one each: a code of the API's, "500", "html",
    "429", "hang", "lost" (taken, but the connection breaks), "slow", "empty". `files`: content by media id; `file_faults`:
    "expired", "500", "html", "elsewhere", "redirect", "drip", "wrong" for the next downloads."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.faults: list[Any] = []
        self.files: dict[str, bytes] = {}
        self.file_faults: list[str] = []
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.before_answer: Any = None
        self.let_go = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v23.0"

    def stop(self) -> None:
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()

    def bodies(self) -> list[str]:
        return [m["text"]["body"] for m in self.sent if m["type"] == "text"]

    def _handler(graph) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None:
                """Nothing on the tests' screen."""

            def do_POST(self) -> None:
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                graph._posted(self, message)

            def do_GET(self) -> None:
                graph.asked.append(self.path)
                graph.tokens.add(self.headers.get("Authorization", ""))
                graph._got(self, self.path.split("?")[0].rsplit("/", 1)[-1])

        return Handler

    def _posted(self, request: Any, message: dict[str, Any]) -> None:
        self.tokens.add(request.headers.get("Authorization", ""))
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "hang":
            self.let_go.wait(10)
            return
        if fault == "slow":
            time.sleep(0.5)
        if isinstance(fault, int):
            said = {"message": f"(#{fault}) No for {message['to']}", "type": "OAuthException", "code": fault}
            _answer(request, REFUSALS.get(fault, 400), {"error": said})
        elif fault in ("500", "429"):
            _answer(request, int(fault), b"<html>Sorry</html>", "text/html")
        elif fault == "html":
            _answer(request, 200, b"<html><h1>Welcome to the firewall</h1></html>", "text/html")
        elif fault == "empty":
            _answer(request, 200, {"messages": []})
        else:
            self._taken(request, message, fault)

    def _taken(self, request: Any, message: dict[str, Any], fault: str) -> None:
        self.sent.append(message)
        wamid = f"wamid.OUT{len(self.sent)}"
        if self.before_answer:
            self.before_answer(wamid, message)
        if fault == "lost":
            request.connection.close()
            request.close_connection = True
            return
        contacts = [{"input": message["to"], "wa_id": message["to"]}]
        _answer(
            request, 200, {"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": wamid}]}
        )

    def _got(self, request: Any, name: str) -> None:
        fault = self.file_faults[0] if self.file_faults else ""
        if "/files/" in request.path:
            if self.file_faults:
                self.file_faults.pop(0)
            self._file(request, name, fault)
        elif name not in self.files:
            _answer(request, 400, {"error": {"code": 100, "message": "Unsupported get request"}})
        else:
            content = self.files[name]
            url = f"{self.url.removesuffix('/v23.0')}/files/{name}"
            if fault == "elsewhere":
                self.file_faults.pop(0)
                url = "http://169.254.169.254/latest/meta-data"
            digest = hashlib.sha256(content).hexdigest()
            _answer(
                request,
                200,
                {"url": url, "mime_type": "x/y", "sha256": digest, "file_size": len(content), "id": name},
            )

    def _file(self, request: Any, name: str, fault: str) -> None:
        if fault in ("expired", "500"):
            _answer(request, 404 if fault == "expired" else 500, b"URL signature expired", "text/plain")
        elif fault == "redirect":
            request.send_response(302)
            request.send_header("Location", "http://localhost:1/geheim")
            request.send_header("Content-Length", "0")
            request.end_headers()
        elif fault in ("html", "wrong"):
            _answer(request, 200, b"<html>Log in</html>", "text/html")
        else:
            _answer(request, 200, self.files[name], "application/octet-stream")


def _answer(request: Any, status: int, body: Any, content_type: str = "application/json") -> None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    request.send_response(status)
    request.send_header("Content-Type", content_type)
    request.send_header("Content-Length", str(len(raw)))
    request.end_headers()
    request.wfile.write(raw)


CHANNELS = """
[7411.whatsapp]
number = "+6281111117411"
phone_number_id = "{number}"
token = "{token}"
app_secret = "{secret}"
verify_token = "{word}"
url = "{url}"
{templates}
[1906.whatsapp]
number = "+6281111111906"
phone_number_id = "{other}"
token = "{token}"
app_secret = "{other_secret}"
verify_token = "{word}"
url = "{url}"
"""


def write_channels(folder, options, graph: Graph, *, templates: str = "", other_secret: str = SECRET) -> None:
    told = f"[7411.whatsapp.templates]\n{templates}\n" if templates else ""
    path = folder / "channels.toml"
    path.write_text(
        CHANNELS.format(
            number=NUMBER_ID, other=OTHER_ID, token=TOKEN, secret=SECRET, other_secret=other_secret, word=WORD,
            url=graph.url, templates=told,
        )
    )  # fmt: skip
    options.CHANNELS_FILE = str(path)


# ---- as Meta calls us ----


def body(
    *, messages=(), told=(), number: str = NUMBER_ID, name: str = "Siti Nurhaliza", sender: str = SENDER
) -> bytes:
    value: dict[str, Any] = {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": "628", "phone_number_id": number},
    }  # fmt: skip
    if messages:
        value["contacts"] = [{"profile": {"name": name}, "wa_id": sender}]
        value["messages"] = list(messages)
    if told:
        value["statuses"] = list(told)
    change = {"field": "messages", "value": value}
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}
    ).encode()


def message(
    wamid: str = "wamid.1", kind: str = "text", *, sender: str = SENDER, at: float | None = None, **said
) -> dict:
    said = said or {"text": {"body": "Berapa PDRB 2024?"}}
    return {"from": sender, "id": wamid, "timestamp": str(int(at or time.time())), "type": kind, **said}


def status(wamid: str, what: str, *, key: str = "", code: int = 0, at: float | None = None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": wamid,
        "status": what,
        "timestamp": str(int(at or time.time())),
        "recipient_id": SENDER,
    }
    if key:
        told["biz_opaque_callback_data"] = key
    return {**told, "errors": [{"code": code, "title": "x"}]} if code else told


def call(raw: bytes, *, office: str = "7411", secret: str = SECRET, **headers):
    headers.setdefault("X-Hub-Signature-256", signature.of(raw, secret))
    address = f"/saluran/whatsapp/{office}/"
    # The browser tests' site has a name of its own.
    name = "testserver" if "testserver" in settings.ALLOWED_HOSTS else "127.0.0.1"
    return Client(SERVER_NAME=name).post(address, raw, content_type="application/json", headers=headers)


def comes(*messages: dict, work: bool = True, **more) -> None:
    """Signed, kept, placed."""
    assert call(body(messages=messages, **more)).status_code == 200
    if work:
        work_off()


def tells(*told: dict, work: bool = True) -> None:
    assert call(body(told=told)).status_code == 200
    if work:
        work_off()


def work_off(most: int = 50) -> None:
    """What the worker would do now, and what follows from it."""
    for _round in range(most):
        waiting = list(ProcrastinateJob.objects.filter(status="todo", task_name__in=TASKS).order_by("pk"))
        if not waiting:
            return
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[job.pk for job in waiting]])
        for job in waiting:
            app.tasks[job.task_name].func(**job.args)
    raise AssertionError("the jobs never end")
