"""A refund agent in Burr: asks, halts with its state persisted, pays in an action of its own.

    python burr_agent.py FOLDER RUN GATES SLOW

The applications that `overread deliver burr burr_agent:application` resumes live in the folder
that `OVERREAD_TEST_FOLDER` names, or the current one.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from burr.core import Application, ApplicationBuilder, State, action, expr
from burr.core.persistence import SQLitePersister

from factories import brief
from overread_queue.adapters.burr import Gate, run_on

PARTITION = "shop-7"


def folder() -> Path:
    return Path(os.environ.get("OVERREAD_TEST_FOLDER", "."))


def note(run: str, said: str, what: str) -> None:
    with (folder() / f"{run}.{said}").open("a") as file:
        file.write(f"{what}\n")


def gate() -> Gate:
    return Gate(folder() / "desk.db", agent="refund-agent")


@action(reads=[], writes=["run", "gates", "slow", "at"])
def prepare(state: State) -> State:
    """The order is a file, as it would be a row elsewhere: an application begins with nothing."""
    run, gates, slow = (folder() / "order").read_text().split()
    return state.update(run=run, gates=int(gates), slow=float(slow), at=0)


@action(reads=["at", "escalation"], writes=["at", "escalation"])
def ask(state: State, __context: object) -> State:
    at = state["at"] + 1
    asked = gate().ask(state, brief(f"Refund number {at}?"), __context)  # type: ignore[arg-type]
    if (folder() / "trip").exists():
        (folder() / "trip").unlink()
        raise RuntimeError("tripped after it asked")
    return asked.update(at=at)


@action(reads=["escalation"], writes=["key", "verdict"])
def review(state: State, decision: str) -> State:
    found = gate().decided(state, decision)
    return state.update(key=found.id, verdict=found.verdict)


@action(reads=["run", "key", "slow"], writes=[])
def pay(state: State) -> State:
    time.sleep(state["slow"])
    note(state["run"], "paid", state["key"])
    return state


@action(reads=["run", "verdict"], writes=[])
def say_no(state: State) -> State:
    note(state["run"], "no", state["verdict"])
    return state


def application(app_id: str, partition_key: str | None) -> Application[State]:
    persister = SQLitePersister(str(folder() / "applications.db"), connect_kwargs={"timeout": 30})
    persister.initialize()
    built: Application[State] = (
        ApplicationBuilder()
        .with_actions(prepare, ask, review, pay, say_no)
        .with_transitions(
            ("prepare", "ask"),
            ("ask", "review"),
            ("review", "pay", expr("verdict == 'approve'")),
            ("review", "say_no"),
            ("pay", "ask", expr("at < gates")),
        )
        .with_identifiers(app_id=app_id, partition_key=partition_key)
        .initialize_from(
            persister,
            resume_at_next_action=True,
            default_state={},
            default_entrypoint="prepare",
        )
        .with_state_persister(persister)
        .build()
    )
    return built


def begin(where: Path, run: str, gates: int, slow: float) -> str:
    """Run until it waits; the escalation that it waits for."""
    (where / "order").write_text(f"{run} {gates} {slow}")
    app = application(run, PARTITION)
    run_on(app)
    return str(app.state["escalation"])


def main(where: str, run: str, gates: str, slow: str) -> None:
    os.environ["OVERREAD_TEST_FOLDER"] = where
    print(begin(Path(where), run, int(gates), float(slow)))


if __name__ == "__main__":
    main(*sys.argv[1:])
