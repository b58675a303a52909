"""An Agentspan server as its HTTP API shows it: executions, their tasks, and one task's result."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import ClassVar, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from overread_briefs.fields import Parameters
from overread_queue.errors import InvalidRequest, OverreadError

TOKEN = "OVERREAD_AGENTSPAN_TOKEN"  # noqa: S105 - the variable's name, not what it holds
"""Environment variable with what a secured server wants as `X-Authorization`."""
PATIENCE_SECONDS = 10.0
PAGE = 100
MAX_BYTES = 32 * 1024 * 1024
"""Of one reply: an execution comes with all that its model and its tools have said."""
_EXAMPLE = "http://localhost:6767/api"
Shape = TypeVar("Shape", bound=BaseModel)


class ServerTrouble(OverreadError):
    """The server cannot be reached, or says something else than its API does."""

    def __init__(self, url: str, what: str) -> None:
        super().__init__(f"Agentspan at {url} {what}; this is tried again")


class Unreadable(ServerTrouble):
    """One reply is not what the API promises, or too large; the next one may well be."""


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class Execution(_Said):
    """One run of an agent."""

    id: str = Field(alias="executionId")
    version: int | None = None
    """Of the agent."""


class Task(_Said):
    """One step of an execution."""

    HUMAN: ClassVar[str] = "HUMAN"
    WAITING: ClassVar[str] = "IN_PROGRESS"
    NOT_YET: ClassVar[str] = "SCHEDULED"

    id: str = Field(alias="taskId")
    type: str = Field(alias="taskType")
    status: str
    input: Parameters | None = Field(default=None, alias="inputData")
    worker: str | None = Field(default=None, alias="workerId")
    """Whoever gave its result."""
    scheduled_at: int = Field(default=0, alias="scheduledTime")
    """UTC milliseconds."""
    inner: str | None = Field(default=None, alias="subWorkflowId")
    """The execution of an agent that this one called."""


class Workflow(_Said):
    """Everything that one execution has done."""

    id: str = Field(alias="workflowId")
    input: Parameters | None = None
    tasks: tuple[Task, ...] = ()


class Page(_Said):
    """Some of the executions that were searched for."""

    results: tuple[Execution, ...]


@dataclass(frozen=True, slots=True)
class Server:
    """One server. Every call is a connection of its own, follows no redirect, and uses no proxy:
    the token goes where it was meant to go. Raises `InvalidRequest` for what is no address."""

    url: str
    """Its API, such as http://localhost:6767/api."""
    token: str | None = None
    patience: float = PATIENCE_SECONDS

    def __post_init__(self) -> None:
        _check(self.url)
        if self.token is not None and not (self.token.isascii() and self.token.isprintable()):
            raise InvalidRequest(f"{TOKEN} holds what no header can; put the token there, alone")

    @classmethod
    def at(cls, url: str) -> Server:
        """With the token that the environment holds."""
        return cls(url.rstrip("/"), os.environ.get(TOKEN, "").strip() or None)

    def running(self, agent: str) -> Iterator[Execution]:
        """Executions of one agent that have not ended."""
        start = 0
        while True:
            asked = {"agentName": agent, "status": "RUNNING", "start": start, "size": PAGE}
            body = self._get(f"/agent/executions?{urlencode(asked)}")
            if body is None:
                raise ServerTrouble(self.url, f"lists no executions; an address is {_EXAMPLE}")
            page = self._read(Page, body)
            yield from page.results
            start += PAGE
            if len(page.results) < PAGE:
                return

    def workflow(self, execution: str) -> Workflow | None:
        """None for one that the server does not know, or not any more."""
        body = self._get(f"/workflow/{quote(execution, safe='')}?includeTasks=true")
        return None if body is None else self._read(Workflow, body)

    def finish(self, execution: str, task: str, output: dict[str, JsonValue], worker: str) -> None:
        """Give one task its result. A server ignores it, without a word, where the task has ended:
        read the task again."""
        result = {
            "workflowInstanceId": execution,
            "taskId": task,
            "status": "COMPLETED",
            "outputData": output,
            "workerId": worker,
        }
        if self._ask("POST", "/tasks", json.dumps(result).encode()) is None:
            raise ServerTrouble(self.url, f"knows no task {task}")

    # -- inside

    def _get(self, path: str) -> bytes | None:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes | None:
        """None for what is not there."""
        try:
            status, said = self._exchange(method, path, body)
        except (OSError, HTTPException) as error:
            what = f"cannot be reached ({type(error).__name__}: {error})"
            raise ServerTrouble(self.url, what) from error
        if status == 404:
            return None
        if status in (401, 403):
            raise ServerTrouble(self.url, f"lets nobody in ({status}); is {TOKEN} set, and valid?")
        if not 200 <= status < 300:
            raise ServerTrouble(self.url, f"answered {method} {path} with {status}")
        if len(said) > MAX_BYTES:
            raise Unreadable(self.url, f"said more than {MAX_BYTES:,} bytes to {path}")
        return said

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(str(parts.hostname), parts.port, timeout=self.patience)
        try:
            connection.request(method, parts.path + path, body, self._headers())
            reply = connection.getresponse()
            return reply.status, reply.read(MAX_BYTES + 1)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        plain = {"Accept": "application/json", "Content-Type": "application/json"}
        return plain | ({"X-Authorization": self.token} if self.token else {})

    def _read(self, shape: type[Shape], body: bytes) -> Shape:
        try:
            return shape.model_validate_json(body)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            what = f"said something that is no {shape.__name__} ({where}: {first['msg']})"
            raise Unreadable(self.url, what) from error


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        there = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        there = False
    if not there or parts.query or parts.fragment:
        raise InvalidRequest(f"{url!r} is no address of an Agentspan server; write {_EXAMPLE}")
    if parts.username or parts.password:
        raise InvalidRequest(f"no password belongs into the address; put a token into {TOKEN}")
