"""Threads that branch, die at awkward moments, live in an event loop, or are not what they were."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from langgraph.graph import START, StateGraph
from langgraph.types import Command

import langgraph_reviewed as agents
from delivery_desk import HERE, a_day_later, answer, real_time
from factories import LONG_ENOUGH, House, brief
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.langgraph import Gate, GraphTarget, opened
from overread_queue.adapters.langgraph_interrupts import Reviewed, ask_for_interrupts
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.telling import Told
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import WakeBook
from processes import Processes

THREAD = "thread-1"
CONFIG = {"configurable": {"thread_id": THREAD}}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("OVERREAD_TEST_FOLDER", str(tmp_path))
    monkeypatch.chdir(HERE)
    return real_time(tmp_path)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    with Processes(tmp_path, "deliver_once", "langgraph_reviewed") as started:
        yield started


def begun(graph: object, given: object = None) -> list[str]:
    """The escalations that the thread waits for."""
    graph.invoke(given or {"heard": []}, CONFIG, durability="sync")  # type: ignore[attr-defined]
    return waiting(graph)


def waiting(graph: object) -> list[str]:
    state = graph.get_state(CONFIG)  # type: ignore[attr-defined]
    return [one.value["escalation"] for one in state.interrupts]


def heard(graph: object) -> list[object]:
    found: list[object] = graph.get_state(CONFIG).values.get("heard", [])  # type: ignore[attr-defined]
    return found


def deliver(here: House, graph: object) -> tuple[int, list[Told]]:
    told: list[Told] = []
    with here.agent() as queue:
        target = graph.target(queue) if isinstance(graph, Reviewed) else GraphTarget(opened(graph))
        return Worker(queue, target, tell=told.append).step(), told


def again_and_again(here: House, graph: object) -> None:
    """Until an answer has arrived: what a dead or refused attempt holds is over after a while."""
    deadline = time.monotonic() + LONG_ENOUGH
    while deliver(here, graph)[0] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def paid(here: House) -> list[str]:
    file = here.path.parent / "three.paid"
    return file.read_text().splitlines() if file.exists() else []


# -- branches


def test_three_gates_at_once_are_answered_one_by_one_and_asked_once(here: House) -> None:
    asked = begun(agents.three())
    assert len(set(asked)) == 3
    for escalation in reversed(asked):
        answer(here, escalation)
        assert deliver(here, agents.three)[0] == 1
    assert sorted(paid(here)) == sorted(f"{one}/1" for one in asked)
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        assert wakes.open("langgraph") == []


def test_a_branch_that_was_done_when_its_process_died_is_driven_on(
    here: House, processes: Processes
) -> None:
    """Its result is kept, the next step never began, and nothing waits any more."""
    asked = begun(agents.three())
    for escalation in asked[:2]:
        answer(here, escalation)
    assert deliver(here, agents.three)[0] == 2
    answer(here, asked[2])
    spec = "langgraph_reviewed:three_dying"
    given = (here.path, "refund-agent", "langgraph", spec, "", 0.3)
    assert processes.start("deliver_once", *given)(60).code == 9
    assert (waiting(agents.three()), paid(here)) == ([], [])
    again_and_again(here, agents.three)
    assert sorted(paid(here)) == sorted(f"{one}/1" for one in asked)


def test_two_gates_in_one_node_are_told_apart_by_their_slot(here: House) -> None:
    (first,) = begun(agents.slots())
    answer(here, first)
    assert deliver(here, agents.slots)[0] == 1
    (second,) = waiting(agents.slots())
    assert second != first
    answer(here, second, "reject")
    assert deliver(here, agents.slots)[0] == 1
    assert heard(agents.slots()) == ["approve", "reject"]


# -- other than expected


def test_a_thread_whose_approval_ran_out_goes_on_with_the_next_one(
    here: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = begun(agents.slots())
    answer(here, first)
    a_day_later(monkeypatch)
    brought, told = deliver(here, agents.slots)
    assert (brought, [one.event for one in told]) == (0, ["asked"])
    assert waiting(agents.slots()) == [first]
    answer(here, told[0].escalation)
    assert deliver(here, agents.slots)[0] == 1
    (slot,) = waiting(agents.slots())
    answer(here, slot, "reject")
    assert deliver(here, agents.slots)[0] == 1
    assert heard(agents.slots()) == ["approve", "reject"]


def test_a_thread_that_was_answered_by_other_means_is_left_as_it_is(here: House) -> None:
    graph = agents.asking()
    graph.invoke({"asks": "Refund?"}, CONFIG, durability="sync")  # type: ignore[attr-defined]
    reviewed = Reviewed(agents.asking, agents.BRIEF)
    with here.agent() as queue:
        (escalation,) = reviewed.ask(queue, THREAD)
    graph.invoke(Command(resume="somebody"), CONFIG, durability="sync")  # type: ignore[attr-defined]
    answer(here, escalation)
    brought, told = deliver(here, reviewed)
    assert (brought, told[0].event) == (0, "troubled")
    assert "does not wait for" in told[0].text
    assert heard(graph) == ["somebody"]


def test_a_thread_that_is_gone_is_not_taken_for_one_that_went_on(here: House) -> None:
    (escalation,) = begun(agents.slots())
    answer(here, escalation)
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        (wake,) = wakes.open("langgraph")
        wakes.seen(wake)
    agents.saver().delete_thread(THREAD)
    brought, told = deliver(here, agents.slots)
    assert brought == 0
    assert "thread thread-1 is not in the checkpointer any more" in told[0].text


def test_an_answer_of_the_wrong_kind_is_refused_by_the_graph_and_comes_again(here: House) -> None:
    graph = agents.strict()
    graph.invoke({"asks": "Refund?"}, CONFIG, durability="sync")  # type: ignore[attr-defined]
    reviewed = Reviewed(agents.strict, agents.BRIEF)
    with here.agent() as queue:
        (escalation,) = reviewed.ask(queue, THREAD)
    answer(here, escalation)
    brought, told = deliver(here, reviewed)
    assert brought == 0
    assert "ValidationError" in told[0].text
    fitting = Reviewed(agents.strict, agents.BRIEF, plain=lambda decision: decision.releases)
    again_and_again(here, fitting)
    assert heard(graph) == [True]


def test_a_node_that_asks_something_else_by_now_gets_no_answer_to_what_it_asked_before(
    here: House,
) -> None:
    graph = agents.fickle()
    graph.invoke({"heard": []}, CONFIG, durability="sync")  # type: ignore[attr-defined]
    reviewed = Reviewed(agents.fickle, agents.BRIEF)
    with here.agent() as queue:
        steady, before = reviewed.ask(queue, THREAD)
    answer(here, steady)
    assert deliver(here, reviewed)[0] == 1
    answer(here, before)
    brought, told = deliver(here, reviewed)
    assert brought == 0
    assert "asks something else by now" in told[0].text
    with here.agent() as queue:
        (now,) = reviewed.ask(queue, THREAD)
    assert now != before
    answer(here, now)
    assert deliver(here, reviewed)[0] == 1
    assert len(heard(graph)) == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("forgetful", "the graph has no checkpointer"),
        ("in_loop_forgetful", "the graph has no checkpointer"),
        ("in_memory", "keeps threads in the memory of one process"),
        ("coroutine", "name a function under `@asynccontextmanager`"),
        ("THREADS", "is no compiled graph, and no function that returns one"),
    ],
)
def test_a_graph_that_cannot_be_resumed_is_refused_at_once(
    here: House, name: str, says: str
) -> None:
    with here.agent() as queue, pytest.raises(InvalidRequest, match=says):
        target_of(queue, "langgraph", f"langgraph_reviewed:{name}")


def test_a_gate_asks_nobody_where_its_graph_has_no_checkpointer(here: House) -> None:
    gate = Gate(here.path, agent="refund-agent")
    inner, outer = StateGraph(dict), StateGraph(dict)
    inner.add_node("review", lambda _: {"said": gate.escalate(brief()).verdict})
    inner.add_edge(START, "review")
    outer.add_node("inner", inner.compile())
    outer.add_edge(START, "inner")
    with pytest.raises(InvalidRequest, match="has no checkpointer"):
        outer.compile().invoke({}, CONFIG)
    with here.agent() as queue:
        assert queue.escalations() == ()


def test_nothing_is_asked_for_a_thread_that_could_not_be_resumed(here: House) -> None:
    with here.agent() as queue, pytest.raises(InvalidRequest, match="has no checkpointer"):
        ask_for_interrupts(queue, opened(agents.forgetful), THREAD)


# -- in an event loop


async def _begun_in_loop() -> list[str]:
    async with agents.in_loop() as graph:
        await graph.ainvoke({"heard": []}, CONFIG, durability="sync")  # type: ignore[attr-defined]
        state = await graph.aget_state(CONFIG)  # type: ignore[attr-defined]
        return [one.value["escalation"] for one in state.interrupts]


def test_an_async_graph_is_opened_for_each_answer(here: House) -> None:
    (escalation,) = asyncio.run(_begun_in_loop())
    answer(here, escalation)
    with here.agent() as queue:
        target = target_of(queue, "langgraph", "langgraph_reviewed:in_loop")
        assert Worker(queue, target).step() == 1
        assert heard(opened(agents.in_loop)) == [f"{escalation}/1"]


def test_async_nodes_behind_a_checkpointer_that_is_not_say_what_to_name(here: House) -> None:
    (escalation,) = asyncio.run(_begun_in_loop())
    answer(here, escalation)
    brought, told = deliver(here, agents.in_loop_opened_wrongly)
    assert brought == 0
    assert "nodes that are only async; name a function under `@asynccontextmanager`" in told[0].text
