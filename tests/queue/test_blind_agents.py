"""A blind test reaches no agent: not by its door or its files, and nothing counts against one."""

from __future__ import annotations

import pytest

from blind import arrived, closed, made, sweep
from factories import House, brief
from journey import kinds, raw
from overread_queue.errors import NotFound
from transports import Build


@pytest.fixture
def here(build: Build) -> House:
    return build()


def test_no_verb_of_an_agent_finds_it(here: House) -> None:
    made(here, closed(here))
    test, real = arrived(here)
    with here.agent() as queue:
        assert {row.id for row in queue.escalations()} >= {real.id}
        assert test not in {row.id for row in queue.escalations()}
        for verb in (queue.status, queue.poll, queue.withdraw, queue.acknowledge, queue.complete):
            with pytest.raises(NotFound):
                verb(test)
        with pytest.raises(NotFound):
            queue.wait(test, timeout=0)
        with pytest.raises(NotFound):
            queue.resume(test).__enter__()
        with pytest.raises(NotFound):
            queue.outcome(test, ok=True)


def test_its_answer_is_told_to_nobody(here: House) -> None:
    """Neither an event nor a file of the outbox names it, before and after somebody approves."""
    made(here, closed(here))
    test, real = arrived(here)
    with here.desk() as ana:
        session = ana.start_session()
        ana.decide(ana.open(test), option="reject", reason="no")
        assert _told(here, test) == []
        ana.decide(ana.open(real.id), option="reject", reason="no")
        ana.end_session(session)
    sweep(here)
    assert (kinds(here.path, test), _told(here, test)) == ([], [])
    assert "decided" in kinds(here.path, real.id)


def _told(here: House, test: str) -> list[str]:
    """Files of the outbox that name it or hold a word of it."""
    if here.places.mailbox is None:
        return []
    papers = (here.places.mailbox / "outbox").rglob("*")
    return [one.name for one in papers if one.is_file() and test in one.name + one.read_text()]


def test_saying_no_to_it_counts_against_no_agent(here: House) -> None:
    """Five rejections in an hour open a circuit breaker; four and a test do not."""
    made(here, closed(here))
    test, real = arrived(here)
    with here.agent() as queue, here.desk() as ana:
        asked = [
            queue.submit(brief(at=here.clock.now()), key=f"no-{number}").id for number in range(3)
        ]
        here.catch_up()
        for id in (test, real.id, *asked):
            ana.decide(ana.open(ana.claim(id)), option="reject", reason="no")
    assert "breaker_opened" not in kinds(here.path)
    with raw(here.path) as db:
        (told,) = db.execute("SELECT count(*) FROM action WHERE escalation = ?", (test,)).fetchone()
    assert told == 0
