"""A refund agent in DBOS: workflows over SQLite that ask, wait for a message, and pay in a step.

    python dbos_agent.py FOLDER [RUN GATES SLOW]

Begins a run, or comes back after a crash; either way it goes on until every workflow waits for a
message that nobody has sent, and then dies. `dbos_agent:client` is what a worker sends through.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from dbos import DBOS, DBOSClient, SetWorkflowID

from factories import brief
from overread_queue.adapters.dbos import GOING, RUNTIME, Gate
from overread_queue.agent import AgentQueue
from overread_queue.store.driver import sqlite3 as overread_sqlite
from overread_queue.store.wakes import WakeBook


def folder() -> Path:
    return Path(os.environ.get("OVERREAD_TEST_FOLDER", "."))


def url() -> str:
    return f"sqlite:///{folder().absolute() / 'workflows.db'}"


def client() -> DBOSClient:
    return DBOSClient(system_database_url=url(), retry_connection_errors=False)


def note(run: str, said: str, what: str) -> None:
    with (folder() / f"{run}.{said}").open("a") as file:
        file.write(f"{what}\n")


@DBOS.step()
def pay(run: str, key: str, slow: float) -> None:
    time.sleep(slow)
    note(run, "paid", key)


@DBOS.workflow()
def refund(run: str, gates: int, slow: float) -> None:
    gate = Gate(folder() / "desk.db", agent="refund-agent")
    for at in range(1, gates + 1):
        decision = gate.escalate(brief(f"Refund number {at}?"))
        if not decision.releases:
            note(run, "no", decision.verdict)
            return
        pay(run, decision.id, slow)


def asked(run: str) -> list[str]:
    """Everything that a run has asked, in order, as its agent's side remembers it."""
    with AgentQueue.open(folder() / "desk.db", agent="refund-agent") as queue:
        book = WakeBook(queue.wakes)
    if not book.path.exists():
        return []
    with closing(overread_sqlite.connect(book.path)) as wakes:
        rows = wakes.execute(
            "SELECT escalation FROM wake WHERE runtime = ? AND serial_key = ? ORDER BY added_at",
            (RUNTIME, run),
        )
        return [str(row[0]) for row in rows]


def messages(run: str) -> int:
    """Read with the driver that DBOS uses: two copies of SQLite drop each other's file locks."""
    with closing(sqlite3.connect(folder() / "workflows.db")) as workflows:
        rows = workflows.execute(
            "SELECT count(*) FROM notifications WHERE destination_uuid = ?", (run,)
        )
        return int(rows.fetchone()[0])


def going() -> list[str]:
    """Runs that are not at their end."""
    with closing(sqlite3.connect(folder() / "workflows.db")) as workflows:
        rows = workflows.execute("SELECT workflow_uuid, status FROM workflow_status")
        return [str(run) for run, status in rows if status in GOING]


def settled() -> bool:
    """Each run that is going has asked once more than it was answered."""
    return all(len(asked(run)) == messages(run) + 1 for run in going())


def main(where: str, run: str = "", gates: str = "", slow: str = "") -> None:
    os.environ["OVERREAD_TEST_FOLDER"] = where
    DBOS(
        config={
            "name": "refund-agent",
            "system_database_url": url(),
            "application_version": "1",
            "run_admin_server": False,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": 0.02,
        }
    )
    DBOS.launch()
    if run:
        with SetWorkflowID(run):
            DBOS.start_workflow(refund, run, int(gates), float(slow))
    while not settled():
        time.sleep(0.02)
    print("\n".join(asked(run)[-1:]))


if __name__ == "__main__":
    main(*sys.argv[1:])
