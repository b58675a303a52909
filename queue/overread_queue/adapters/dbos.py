"""DBOS: a workflow asks and waits in its own database; the answer comes as a message.

    gate = Gate("desk.db", agent="refund-agent")

    @DBOS.workflow()
    def refund(order):
        decision = gate.escalate(question(order))
        ...

A worker (`overread deliver dbos module:client`) sends the message, on a topic that is the name of
the escalation: no other gate listens there. The workflow runs on in the process that has launched
DBOS, whenever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from overread_briefs import Brief, Decision
from overread_queue.adapters.asking import ask_once, decided, digest
from overread_queue.adapters.loading import NotInstalled, named
from overread_queue.adapters.target import Answer, Found, Pause
from overread_queue.agent import AgentQueue
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import Wake

try:
    from dbos import DBOS, DBOSClient
except ImportError as error:
    raise NotInstalled("DBOS", "dbos") from error

RUNTIME = "dbos"
LISTEN_SECONDS = 86_400.0
"""How long one `recv` waits before the next does; the desk alone says when it is too late."""
GOING = ("PENDING", "ENQUEUED", "DELAYED")


class Gate:
    """Where workflows ask. Safe to share: every call opens the desk for itself."""

    def __init__(self, db: str | Path, *, agent: str, key: str | Path | None = None) -> None:
        self._db, self._agent, self._key = db, agent, key

    def escalate(self, brief: Brief, *, checkpoint: JsonValue = None) -> Decision:
        """Ask, wait for as long as it takes, and return the verified decision.

        Called in a workflow, outside its steps. Asking is a step of its own, so a workflow that
        recovers asks nothing new; the decision is read off the desk every time, and never out of
        the workflow's database. Raises what `submit` and `poll` do.
        """
        workflow = DBOS.workflow_id
        if workflow is None or DBOS.step_id is not None:
            raise InvalidRequest("escalate() waits: call it in a workflow, outside its steps")
        escalation = DBOS.run_step(
            {"name": "overread.ask"}, lambda: self._ask(brief, workflow, checkpoint)
        )
        while DBOS.recv(escalation, timeout_seconds=LISTEN_SECONDS) is None:
            pass
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            return decided(queue, escalation)

    def _ask(self, brief: Brief, workflow: str, checkpoint: JsonValue) -> str:
        """Once for each step, however often the step is run."""
        pause = Pause(
            gate=digest([workflow, DBOS.step_id]),
            serial_key=workflow,
            target={"workflow_id": workflow},
            brief=lambda: brief,
        )
        with AgentQueue.open(self._db, agent=self._agent, key=self._key) as queue:
            return ask_once(queue, RUNTIME, pause, checkpoint=checkpoint)


class WorkflowTarget:
    """The workflows of one system database."""

    runtime = RUNTIME

    def __init__(self, connect: Callable[[], DBOSClient]) -> None:
        self._connect = connect

    def locate(self, wake: Wake) -> Found:
        """A workflow that is going takes the message, whether it listens already or later."""
        with self._client() as client:
            found = client.list_workflows(
                workflow_ids=[_workflow(wake)], load_input=False, load_output=False
            )
        if not found:
            return "not_yet"
        return "waiting" if found[0].status in GOING else "gone"

    def resume(self, answers: Sequence[Answer]) -> None:
        (one,) = answers
        self.drive_on(one.wake)

    def drive_on(self, wake: Wake) -> None:
        """Sent again it is stored once, and one that was cancelled may yet be resumed."""
        name = wake.escalation
        with self._client() as client:
            client.send(_workflow(wake), name, topic=name, idempotency_key=name)

    @contextmanager
    def _client(self) -> Iterator[DBOSClient]:
        client = self._connect()
        if not isinstance(client, DBOSClient):
            raise InvalidRequest("what connects to DBOS has to return a DBOSClient")
        try:
            yield client
        finally:
            client.destroy()


def target(queue: AgentQueue, spec: str) -> WorkflowTarget:
    """`spec` names a function that returns a client. Raises `InvalidRequest`."""
    connect = named(spec)
    if not callable(connect):
        raise InvalidRequest(f"{spec} is no function that returns a DBOSClient")
    return WorkflowTarget(cast("Callable[[], DBOSClient]", connect))


def _workflow(wake: Wake) -> str:
    return str(wake.where["workflow_id"])
