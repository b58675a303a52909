"""What a member of the agents' group may put into the inbox, and what becomes of it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from factories import House, brief, house
from journey import events, kinds, raw, settle
from overread_queue import AgentQueue
from overread_queue.clock import new_id
from overread_queue.doctor import Finding, examine
from overread_queue.errors import DeskSilent, Forged, Halted, NotFound, Tampered
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.papers import Answer
from overread_queue.setup import add_agent
from overread_queue.states import EscalationState
from overread_queue.store.driver import sqlite3
from overread_queue.trust.keys import generate
from overread_queue.trust.people import Agent

TEN_MINUTES = 600


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A mailbox where nobody takes anything in until a test does."""
    monkeypatch.setenv("OVERREAD_LEDGER", str(tmp_path / "agents-own"))
    made = house(tmp_path, mailbox=True)
    made.catch_up()
    return made


@pytest.fixture
def layout(here: House) -> Layout:
    assert here.places.mailbox is not None
    return Layout(here.places.mailbox)


def patient(here: House, name: str = "refund-agent", **options: object) -> AgentQueue:
    """An agent that does not wait for the desk's word."""
    root = here.places.mailbox
    assert root is not None
    return AgentQueue.open(root, agent=name, clock=here.clock, patience=0, **options)  # type: ignore[arg-type]


def insert(layout: Layout, **values: object) -> None:
    columns = {"agent": "refund-agent", "key": "k", "body": brief().to_bytes(), **values}
    names, marks = ", ".join(columns), ", ".join(f":{name}" for name in columns)
    with closing(sqlite3.connect(layout.inbox_db)) as db:
        db.execute(f"INSERT INTO inbox ({names}) VALUES ({marks})", columns)
        db.commit()


def handled(here: House) -> list[tuple[str, str]]:
    """State and answer of every message that the desk has copied."""
    here.catch_up()
    with raw(here.path) as db:
        rows = db.execute("SELECT state, answer FROM inbox ORDER BY id").fetchall()
    return [(row["state"], row["answer"]) for row in rows]


def answer(layout: Layout, name: str, agent: str = "refund-agent") -> str:
    return layout.answer(agent, name).read_text()


HOSTILE: dict[str, tuple[dict[str, object], str]] = {
    "another kind": ({"kind": "decide"}, "no kind of message"),
    "no JSON": ({"body": b"approve me"}, "not JSON"),
    "bytes that are no text": ({"body": b"\xff\xfe"}, "UTF-8"),
    "a key twice in one object": ({"body": b'{"question": "a", "question": "b"}'}, "twice"),
    "a number": ({"body": 42}, "text or a blob"),
    "a name of bytes": ({"agent": b"\xff".decode("latin-1")}, "its own briefs"),
    "a stranger": ({"agent": "stranger", "body": brief(agent="stranger").to_bytes()}, "stranger"),
    "too much": ({"body": b"x" * (11 << 20)}, "at most"),
    "an id that is none": ({"ticket": "../../trust/policy"}, "cannot be the id"),
    "an id from the future": ({"ticket": new_id(1 << 46)}, "cannot be the id"),
    "a word about nothing": ({"kind": "take", "key": "nothing", "body": b"{}"}, "no escalation"),
    "a word with more in it": (
        {"kind": "outcome", "body": b'{"ok": true, "state": "DECIDED"}'},
        "cannot be read",
    ),
    "a refusal that does not exist": (
        {"kind": "refused", "body": b'{"error": "SystemExit"}'},
        "no refusal",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_row_is_rejected_with_a_reason_and_blocks_nobody(
    here: House, layout: Layout, name: str
) -> None:
    values, reason = HOSTILE[name]
    insert(layout, key="before", body=brief(amount=1).to_bytes())
    insert(layout, **values)
    insert(layout, key="after", body=brief(amount=2).to_bytes())
    before, bad, after = handled(here)
    assert (before[0], bad[0], after[0]) == ("accepted", "rejected", "accepted")
    assert reason in bad[1]
    assert kinds(here.path).count("submitted") == 2


def test_what_is_changed_after_it_was_copied_changes_nothing(here: House, layout: Layout) -> None:
    with patient(here) as queue:
        ticket = queue.submit(brief())
    here.catch_up()
    with closing(sqlite3.connect(layout.inbox_db)) as db:
        db.execute("UPDATE inbox SET body = ?", (brief(amount=9_999).to_bytes(),))
        db.commit()
    settle(here, ticket, "approve")
    with patient(here) as queue, queue.resume(ticket) as go:
        assert go.action.parameters["amount"] == 420.0
    assert kinds(here.path).count("submitted") == 1


def test_nobody_takes_anothers_escalation_for_its_own(here: House, layout: Layout) -> None:
    """The id, and the words about it, belong to the agent that handed it in."""
    with patient(here) as queue:
        ticket = queue.submit(brief())
    here.catch_up()
    mine = brief(agent="ana-agent").to_bytes()
    insert(layout, agent="ana-agent", ticket=ticket.id, body=mine)
    insert(layout, agent="ana-agent", kind="take", key=ticket.id, body=b"{}")
    insert(layout, agent="ana-agent", kind="withdraw", key=ticket.key, body=b"")
    assert [state for state, _ in handled(here)[1:]] == ["rejected"] * 3
    with patient(here) as queue, patient(here, "ana-agent") as other:
        assert queue.status(ticket).state is EscalationState.WAITING
        with pytest.raises(Exception, match="belongs to refund-agent"):
            other.poll(ticket.id)


def test_a_message_said_again_is_not_heard_again(here: House, layout: Layout) -> None:
    with patient(here) as queue:
        ticket = queue.submit(brief())
    here.catch_up()
    first = answer(layout, ticket.id)
    insert(layout, name=ticket.id, ticket=ticket.id, key="other")
    assert handled(here)[1] == ("rejected", "a message of that name was handled before")
    assert answer(layout, ticket.id) == first


def test_an_agent_with_a_key_is_heard_only_when_it_signed(
    here: House, layout: Layout, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    add_agent(
        here.places,
        Agent(
            name="signer",
            label="Signs",
            actions=("payments.refund",),
            key=generate(secret, "signer"),
        ),
    )
    with patient(here, "signer", key=secret) as queue:
        ticket = queue.submit(brief(agent="signer"), key="A-1009")
        here.catch_up()
        insert(layout, agent="signer", kind="withdraw", key="A-1009", body=b"")
        insert(layout, agent="signer", kind="outcome", key=ticket.id, body=b'{"ok": false}')
        assert [state for state, _ in handled(here)] == ["accepted", "rejected", "rejected"]
        assert queue.status(ticket).state is EscalationState.WAITING
        settle(here, ticket, "reject")
        queue.acknowledge(ticket)
    assert handled(here)[-1][0] == "accepted"
    with patient(here, "signer") as unsigned, pytest.raises(Forged):
        unsigned.submit(brief(agent="signer", amount=1))


def test_an_id_is_known_before_the_desk_has_heard_of_it(here: House) -> None:
    with patient(here) as queue:
        ticket = queue.submit(brief(), key="A-1009")
        assert not ticket.taken_in
        assert queue.poll(ticket) is None
        assert queue.status(ticket).state is EscalationState.WAITING
        again = queue.submit(brief(), key="A-1009")
        assert (again.id, again.created) == (ticket.id, False)
        here.catch_up()
        assert queue.submit(brief(), key="A-1009").taken_in
        with pytest.raises(NotFound):
            queue.poll(new_id(here.clock.now()))


def test_a_late_refusal_meets_the_agent_at_its_next_look(here: House) -> None:
    with patient(here) as first, patient(here) as second:
        ticket = first.submit(brief(run="order"))
        here.catch_up()
        settle(here, ticket, "reject")
        here.catch_up()
        first.acknowledge(ticket)
        late = second.submit(brief(run="order", amount=1))
        here.catch_up()
        with pytest.raises(Exception, match="COMPLETED"):
            second.poll(late)


def test_an_agent_that_hears_nothing_acts_on_nothing(here: House) -> None:
    """Somebody may have stopped it: only a desk that speaks can say that nobody has."""
    with patient(here) as queue:
        ticket = queue.submit(brief())
        here.catch_up()
        settle(here, ticket, "approve")
        here.clock.advance(seconds=TEN_MINUTES + 1)  # type: ignore[attr-defined]
        for call in (queue.poll, queue.resume):
            with pytest.raises(DeskSilent):
                call(ticket)
        assert queue.wait(ticket, timeout=0) is None
        assert queue.pressure().halted is not None
        assert queue.propose(brief().action).tier == "hard_stop"
        here.catch_up()
        assert queue.poll(ticket) is not None


def test_a_stop_reaches_the_agents_of_other_users(here: House) -> None:
    with patient(here) as queue, here.desk() as ana:
        ticket = queue.submit(brief())
        here.catch_up()
        ana.stop("refund-agent", reason="odd refunds")
        for call in (queue.poll, queue.resume):
            with pytest.raises(Halted, match="odd refunds"):
                call(ticket)
        with pytest.raises(Halted):
            queue.submit(brief(amount=1))


def test_papers_that_the_desk_did_not_sign_are_not_believed(here: House, layout: Layout) -> None:
    """Should the outbox ever be writable, its words are still nobody else's."""
    with patient(here) as queue:
        ticket = queue.submit(brief())
        other = queue.submit(brief(amount=1))
        here.catch_up()
        papers = [layout.paper("refund-agent", one.id) for one in (ticket, other)]
        papers[0].write_bytes(papers[1].read_bytes())
        with pytest.raises(Tampered, match="is about"):
            queue.poll(ticket)
        papers[0].write_text(papers[1].read_text().replace("WAITING", "DECIDED"))
        with pytest.raises(Forged):
            queue.poll(ticket)
        papers[0].write_text("{}")
        with pytest.raises(Tampered):
            queue.poll(ticket)
        here.catch_up()
    reported = [one.kind for one in events(here.path, ticket.id) if ":" in one.kind]
    assert reported == ["refused:Tampered", "refused:Forged", "refused:Tampered"]


def test_what_was_committed_before_a_crash_is_told_afterwards(here: House, layout: Layout) -> None:
    """The papers are written again from the chain, whoever lost them."""
    with patient(here) as queue:
        ticket = queue.submit(brief())
    here.catch_up()
    with raw(here.path) as db:
        db.execute("UPDATE outbox SET seq = 0")
    for path in layout.agent("refund-agent").iterdir():
        path.unlink()
    assert _levels(layout, "outbox") == ["warn"]
    here.catch_up()
    assert _levels(layout, "outbox") == ["ok"]
    with patient(here) as queue:
        assert queue.status(ticket).state is EscalationState.WAITING


def test_the_answer_to_a_plain_insert_is_a_signed_file(here: House, layout: Layout) -> None:
    insert(layout, key="A-1009")
    here.catch_up()
    with patient(here) as queue:
        (row,) = queue.escalations()
        found = queue._transport._papers.answer("row-1")  # type: ignore[attr-defined]
    assert isinstance(found, Answer)
    assert found.ticket is not None
    assert found.ticket.id == row.id


WRONG = {
    "a desk that all may enter": ("private", 0o755, "chmod 700"),
    "an inbox that agents may fill with files": ("inbox", 0o2770, "chmod 2750"),
    "an outbox that agents may write": ("outbox", 0o2770, "chmod 2750"),
    "a trust folder that agents may write": ("trust", 0o775, "chmod 755"),
    "a policy that agents may write": ("trust/policy.toml", 0o664, "chmod go-w"),
    "a key that agents may read": ("private/keys/desk", 0o640, "chmod go-rwx"),
    "an inbox that nobody may write": ("inbox/inbox.db", 0o600, "chmod 660"),
}


@pytest.mark.parametrize("name", WRONG)
def test_doctor_names_a_right_that_is_wrong_and_what_mends_it(
    here: House, layout: Layout, name: str
) -> None:
    assert [one.text for one in _rights(layout)] == [
        "agents can write the inbox and read the outbox, no more"
    ]
    path, mode, mend = WRONG[name]
    (layout.root / path).chmod(mode)
    (fault,) = _rights(layout)
    assert fault.level == "fail"
    assert str(layout.root / path) in fault.text
    assert mend in fault.text


def _rights(layout: Layout) -> list[Finding]:
    return [one for one in examine(layout.root) if one.name == "rights"]


def _levels(layout: Layout, name: str) -> list[str]:
    return [one.level for one in examine(layout.root) if one.name == name]
