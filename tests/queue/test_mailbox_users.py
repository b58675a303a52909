"""Two users of one machine: agents reach the inbox and the outbox, and nothing else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest

from factories import POLICY, TYPES, brief
from overread_queue import AgentQueue, ReviewDesk
from overread_queue.clock import SystemClock
from overread_queue.doctor import examine
from overread_queue.errors import StoreError
from overread_queue.ground import Ground
from overread_queue.mailbox.following import intake
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.making import renew_inbox
from overread_queue.places import Places
from overread_queue.setup import add_agent, add_reviewer, init_mailbox
from overread_queue.states import EscalationState, RunState
from overread_queue.store.driver import sqlite3
from overread_queue.trust.people import Agent, Reviewer
from users import AGENT, DESK, GROUP, OTHER, Elsewhere, as_user, common_ground, needs_root, start

pytestmark = needs_root


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Everything is imported by now: a child may not be able to read this user's Python."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("USER", "desk-side")
        patched.setenv("LOGNAME", "desk-side")
        folder = tmp_path_factory.mktemp("loaded")
        patched.setenv("OVERREAD_LEDGER", str(folder / "ledger"))
        layout = Layout(folder / "desk")
        _make(layout)
        id = hand_in(layout)
        take_in(layout)
        decide(layout, id, "reject")
        with agent(layout) as queue, queue._transport.listen(id) as watch:
            watch.wait(0)
            watch.wait(0.01)
            queue.acknowledge(id)
        examine(layout.root)
        _renew(layout)


@pytest.fixture
def layout(loaded: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Layout]:
    """A desk of user DESK; `refund-agent` runs as AGENT, `ana-agent` as OTHER."""
    monkeypatch.setenv("USER", "desk-side")
    monkeypatch.setenv("LOGNAME", "desk-side")
    with common_ground() as ground:
        monkeypatch.setenv("OVERREAD_LEDGER", str(ground / "agent" / "ledger"))
        found = Layout(ground / "desk-side" / "desk")
        as_user(DESK, lambda: _make(found))
        yield found


def _make(layout: Layout) -> None:
    places = init_mailbox(layout.root, policy=POLICY.encode(), agents_group=str(GROUP))
    add_reviewer(places, Reviewer(name="ana", label="Ana", roles=("refunds",), user=("desk-side",)))
    for name in ("refund-agent", "ana-agent"):
        add_agent(places, Agent(name=name, label=name, actions=TYPES))
    take_in(layout)


def take_in(layout: Layout) -> int:
    with closing(Ground(Places.of(layout.root), SystemClock())) as ground:
        return intake(ground)


def agent(layout: Layout, name: str = "refund-agent") -> AgentQueue:
    return AgentQueue.open(layout.root, agent=name, patience=0)


def hand_in(layout: Layout, amount: float = 420.0, key: str | None = None) -> str:
    with agent(layout) as queue:
        return queue.submit(brief(amount=amount, at=_now()), key=key).id


def _now() -> int:
    return SystemClock().now()


def decide(layout: Layout, id: str, option: str) -> None:
    with ReviewDesk.open(layout.root, reviewer="ana") as desk:
        desk.decide(desk.open(desk.claim(id)), option=option, reason="signed for by a neighbour")


def test_an_agent_of_another_user_is_heard_and_answered(layout: Layout) -> None:
    id = as_user(AGENT, lambda: hand_in(layout, key="A-1009"))
    assert as_user(AGENT, lambda: _state(layout, id)) is EscalationState.WAITING
    assert as_user(DESK, lambda: take_in(layout)) == 1
    as_user(DESK, lambda: decide(layout, id, "reject"))

    def read() -> tuple[str, str]:
        with agent(layout) as queue:
            decision = queue.wait(id, timeout=0)
            assert decision is not None
            queue.acknowledge(id)
            return decision.verdict, decision.reason

    assert as_user(AGENT, read) == ("reject", "signed for by a neighbour")
    assert as_user(DESK, lambda: take_in(layout)) == 1
    assert as_user(AGENT, lambda: _run_state(layout, id)) is RunState.COMPLETED


def test_a_waiting_agent_is_woken_by_the_outbox(layout: Layout) -> None:
    id = as_user(AGENT, lambda: hand_in(layout))
    as_user(DESK, lambda: take_in(layout))

    def wait() -> str:
        with agent(layout) as queue:
            decision = queue.wait(id, timeout=120)
            return decision.verdict if decision else "nothing"

    child, reader = start(AGENT, wait)
    as_user(DESK, lambda: decide(layout, id, "reject"))
    with os.fdopen(reader, "rb") as pipe:
        assert b"reject" in pipe.read()
    os.waitpid(child, 0)


def _state(layout: Layout, id: str) -> EscalationState:
    with agent(layout) as queue:
        return queue.status(id).state


def _run_state(layout: Layout, id: str) -> RunState:
    with agent(layout) as queue:
        return queue.status(id).run_state


ATTEMPTS: dict[str, Callable[[Layout], object]] = {
    "look into the desk": lambda at: list(at.private.iterdir()),
    "read the desk's database": lambda at: (at.private / "desk.db").read_bytes(),
    "read the desk's key": lambda at: (at.private / "keys" / "desk").read_bytes(),
    "move the desk away": lambda at: at.private.rename(at.root / "elsewhere"),
    "put another inbox in its place": lambda at: at.inbox_db.rename(at.inbox / "old.db"),
    "remove the inbox": lambda at: at.inbox_db.unlink(),
    "remove its log": lambda at: Path(f"{at.inbox_db}-wal").unlink(),
    "plant a journal": lambda at: Path(f"{at.inbox_db}-journal").write_bytes(b"evil"),
    "plant a link": lambda at: Path(f"{at.inbox_db}-journal").symlink_to("/etc/passwd"),
    "open the inbox to all": lambda at: at.inbox_db.chmod(0o666),
    "write a board": lambda at: at.board.write_text("{}"),
    "remove the board": lambda at: at.board.unlink(),
    "write a decision": lambda at: (at.agent("refund-agent") / "x.1.decision").write_text("{}"),
    "make a folder of its own": lambda at: (at.agents / "boss").mkdir(),
    "let itself in": lambda at: (at.trust / "agents.toml").write_text(""),
    "loosen the policy": lambda at: (at.trust / "policy.toml").unlink(),
    "add a signature": lambda at: (at.trust / "signoffs").mkdir(),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_what_an_agent_tries_beside_its_part_is_refused_by_the_system(
    layout: Layout, name: str
) -> None:
    id = as_user(AGENT, lambda: hand_in(layout))
    as_user(DESK, lambda: take_in(layout))
    before = _files(layout)
    with pytest.raises(Elsewhere, match="PermissionError"):
        as_user(AGENT, lambda: ATTEMPTS[name](layout) and None)
    assert _files(layout) == before
    assert as_user(AGENT, lambda: _state(layout, id)) is EscalationState.WAITING


def _files(layout: Layout) -> set[tuple[str, int]]:
    return {(str(path), path.stat().st_mode) for path in layout.root.rglob("*")}


def test_everybody_closing_leaves_the_side_files_for_the_next_agent(layout: Layout) -> None:
    for amount in (1.0, 2.0, 3.0):
        as_user(AGENT, partial(hand_in, layout, amount))
        assert as_user(DESK, lambda: take_in(layout)) == 1
        modes = {path.name: path.stat().st_mode & 0o777 for path in layout.inbox.iterdir()}
        assert modes == {"inbox.db": 0o660, "inbox.db-wal": 0o660, "inbox.db-shm": 0o660}


def test_a_plain_sqlite_client_of_another_user_is_all_it_takes(layout: Layout) -> None:
    as_user(AGENT, lambda: _insert(layout, "A-1009", brief(at=_now()).to_bytes()))
    assert as_user(DESK, lambda: take_in(layout)) == 1
    answer = as_user(AGENT, lambda: layout.answer("refund-agent", "row-1").read_text())
    assert "hard_approval" in answer


def _insert(layout: Layout, key: str, body: object) -> None:
    with closing(sqlite3.connect(layout.inbox_db)) as db:
        db.execute(
            "INSERT INTO inbox (agent, key, body) VALUES ('refund-agent', ?, ?)", (key, body)
        )
        db.commit()


PLANTED = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON inbox BEGIN DELETE FROM inbox; END",
    "a view": "CREATE VIEW v AS SELECT * FROM inbox",
    "a table": "CREATE TABLE escalation (id)",
    "a generated column": "ALTER TABLE inbox ADD COLUMN g TEXT AS (upper(key))",
    "a view in the table's place": "DROP TABLE inbox; CREATE VIEW inbox AS SELECT 1 AS id",
    "numbers without end": "INSERT INTO inbox (id, agent, key, body) VALUES (1 << 62, 'a', '', '')",
}


@pytest.mark.parametrize("name", PLANTED)
def test_an_altered_inbox_is_not_read_and_the_desk_goes_on(layout: Layout, name: str) -> None:
    first = as_user(AGENT, lambda: hand_in(layout))
    as_user(DESK, lambda: take_in(layout))
    as_user(AGENT, lambda: _plant(layout, PLANTED[name]))
    assert as_user(DESK, lambda: take_in(layout)) == 0
    as_user(DESK, lambda: decide(layout, first, "reject"))
    findings = as_user(DESK, lambda: [one.text for one in examine(layout.root) if not one.ok])
    if "number" not in name:
        assert any("altered" in text and "--renew" in text for text in findings)
        with pytest.raises(Elsewhere, match="InboxAltered"):
            as_user(AGENT, lambda: hand_in(layout, amount=2.0))
    as_user(DESK, lambda: _renew(layout))
    as_user(AGENT, lambda: hand_in(layout, amount=3.0))
    assert as_user(DESK, lambda: take_in(layout)) == 1


def _plant(layout: Layout, script: str) -> None:
    with closing(sqlite3.connect(layout.inbox_db)) as db:
        db.executescript(script)
        db.commit()


def _renew(layout: Layout) -> None:
    with closing(Ground(Places.of(layout.root), SystemClock())) as ground:
        with ground.store.read() as tx:
            after = tx.outbox.copied()
        renew_inbox(layout, after=after)


def test_a_file_of_garbage_stops_nothing_on_the_desks_side(layout: Layout) -> None:
    first = as_user(AGENT, lambda: hand_in(layout))
    as_user(DESK, lambda: take_in(layout))
    as_user(OTHER, lambda: layout.inbox_db.write_bytes(b"garbage " * 4096) and None)
    as_user(OTHER, lambda: Path(f"{layout.inbox_db}-wal").write_bytes(b"") and None)
    assert as_user(DESK, lambda: take_in(layout)) == 0
    as_user(DESK, lambda: decide(layout, first, "reject"))
    assert as_user(AGENT, lambda: _state(layout, first)) is EscalationState.DECIDED


def test_nothing_acknowledged_is_lost_however_both_sides_are_killed(layout: Layout) -> None:
    said = layout.root.parent.parent / "agent" / "said"

    def submit_for_ever() -> None:
        number = len(said.read_text().splitlines()) if said.exists() else 0
        with agent(layout) as queue, said.open("a", buffering=1) as log:
            while True:
                number += 1
                key = f"key-{os.getpid()}-{number}"
                ticket = queue.submit(brief(amount=float(number), at=_now()), key=key)
                log.write(f"{ticket.id} {key}\n")

    def take_in_for_ever() -> None:
        while True:
            with suppress(StoreError):
                take_in(layout)

    for round in range(8):
        children = [start(AGENT, submit_for_ever), start(DESK, take_in_for_ever)]
        time.sleep(0.3 + 0.07 * round)
        for child, reader in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reader)
    as_user(DESK, lambda: take_in(layout))
    acknowledged = dict(line.split() for line in said.read_text().splitlines() if " " in line)
    assert acknowledged
    kept = as_user(DESK, lambda: _kept(layout))
    assert {id: kept.get(id) for id in acknowledged} == acknowledged
    assert len(set(kept.values())) == len(kept)
    papers = as_user(AGENT, lambda: list(layout.agent("refund-agent").glob("*-*.json")))
    assert set(acknowledged) <= {path.stem for path in papers}


def _kept(layout: Layout) -> dict[str, str]:
    places = Places.of(layout.root)
    with closing(Ground(places, SystemClock())) as ground, ground.store.read() as tx:
        rows = tx.escalations.newest(None, most=100_000, agent="refund-agent")
        found = [tx.escalations.get(row.id) for row in rows]
    return {row.id: row.key for row in found if row is not None}
