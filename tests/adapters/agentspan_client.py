"""The stand-in for an Agentspan server, started and asked by tests."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

from processes import Processes


class Standin:
    """One server, a process of its own, which remembers what it did when it is started again."""

    def __init__(self, processes: Processes, folder: Path, *, token: str = "") -> None:
        self._processes, self._folder, self._token = processes, folder, token
        self._port = "0"
        self.up()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/api"

    def up(self) -> None:
        port = self._folder / "port"
        port.unlink(missing_ok=True)
        given = (self._folder, self._port, self._token)
        self._ended = self._processes.start("agentspan_standin", *given)
        deadline = time.monotonic() + 60
        while not port.exists():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        self._port = port.read_text()

    def down(self) -> None:
        self.post("/standin/end")
        assert self._ended(30).code == 0

    def start(
        self, id: str, *calls: dict[str, Any], name: str = "refund-agent", **asked: Any
    ) -> None:
        """An execution that asks for approval of `calls`, and pays once it is given."""
        self.post("/agent/start", {"id": id, "name": name, "calls": [*calls], **asked})

    def get(self, path: str) -> Any:
        return self._said(urllib.request.Request(self.url + path))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        data = json.dumps(body or {}).encode()
        return self._said(urllib.request.Request(self.url + path, data))

    def _said(self, request: urllib.request.Request) -> Any:
        if self._token:
            request.add_header("X-Authorization", self._token)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.load(reply)


def call(name: str = "payments.refund", **arguments: Any) -> dict[str, Any]:
    """One tool call, as the server keeps it in a HUMAN task."""
    return {"name": name, "type": "SIMPLE", "inputParameters": arguments}
