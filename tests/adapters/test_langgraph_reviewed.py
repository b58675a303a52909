"""Graphs that know nothing of Overread: langchain's middleware, agent inboxes, plain interrupts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

import langgraph_reviewed as agents
from delivery_desk import answer, real_time
from factories import LONG_ENOUGH, House, brief
from journey import pick_up
from overread_briefs import Brief, Editable
from overread_briefs.editable import EditableField
from overread_queue.adapters.briefing import CHANGE, ToolCall
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.langgraph import GraphTarget
from overread_queue.adapters.langgraph_interrupts import Reviewed, ask_for_interrupts
from overread_queue.adapters.telling import Told
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import WakeBook
from processes import Processes

THREAD = "thread-1"
CONFIG = {"configurable": {"thread_id": THREAD}}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("OVERREAD_TEST_FOLDER", str(tmp_path))
    return real_time(tmp_path)


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    folder = tmp_path_factory.mktemp("processes")
    with Processes(folder, "deliver_once", "langgraph_reviewed") as started:
        yield started


def paid(here: House) -> list[str]:
    """What was paid, sorted: the calls of one batch run side by side."""
    file = here.path.parent / "langchain.paid"
    return sorted(file.read_text().splitlines()) if file.exists() else []


def said(graph) -> list[str]:  # type: ignore[no-untyped-def]
    return [str(one.content) for one in graph.get_state(CONFIG).values["messages"]]


def begun(graph: object, given: object) -> object:
    graph.invoke(given, CONFIG, durability="sync")  # type: ignore[attr-defined]
    return graph


def conversing(graph: object, script: str) -> object:
    return begun(graph, {"messages": [("user", f"{script} A-1009, please")]})


def ask(here: House, reviewed: Reviewed) -> tuple[str, ...]:
    with here.agent() as queue:
        return reviewed.ask(queue, THREAD)


def again_and_again(here: House, reviewed: Reviewed) -> None:
    """Until the answers have arrived: what was refused before is tried again after a while."""
    deadline = time.monotonic() + LONG_ENOUGH
    while deliver(here, reviewed)[0] == 0:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def deliver(here: House, reviewed: Reviewed) -> tuple[int, list[Told]]:
    told: list[Told] = []
    with here.agent() as queue:
        return Worker(queue, reviewed.target(queue), tell=told.append).step(), told


def read(here: House, escalation: str) -> Brief:
    with here.desk() as desk:
        review = pick_up(desk, escalation)
        desk.release(review.item)
        return review.brief


# -- langchain's middleware


def test_a_batch_is_asked_one_by_one_and_answered_in_one_go(
    here: House, processes: Processes, tmp_path: Path
) -> None:
    def brought() -> str:
        spec = "langgraph_reviewed:reviewed_batched"
        return processes.run("deliver_once", here.path, "refund-agent", "langgraph", spec)

    processes.run("langgraph_reviewed", tmp_path, "batched", THREAD, "both")
    first, second = ask(here, agents.reviewed_batched)
    assert ask(here, agents.reviewed_batched) == (first, second)
    answer(here, second, "reject")
    assert brought() == "0"
    answer(here, first, "change", {"amount": 300.0})
    assert brought() == "2"
    assert paid(here) == ["A-1009 300.00"]
    assert any("as it says" in one for one in said(agents.batched()))
    assert said(agents.batched())[-1] == "Done."
    assert brought() == "0"


def test_each_call_by_itself_and_the_worker_asks_about_the_next(
    here: House, processes: Processes, tmp_path: Path
) -> None:
    def worker(point: str, lease: float) -> int:
        spec = "langgraph_reviewed:reviewed_per_call"
        given = (here.path, "refund-agent", "langgraph", spec, point, lease)
        return processes.start("deliver_once", *given)(60).code

    processes.run("langgraph_reviewed", tmp_path, "per_call", THREAD, "twice")
    (first,) = ask(here, agents.reviewed_per_call)
    answer(here, first)
    assert worker("after_resume", 0.3) == 9
    assert paid(here) == ["A-1009 420.00"]
    (second,) = ask(here, agents.reviewed_per_call)
    assert second != first
    answer(here, second, "reject")
    while said(agents.per_call())[-1] != "Done.":
        time.sleep(0.2)
        assert worker("", LONG_ENOUGH) == 0
    assert paid(here) == ["A-1009 420.00"]


def test_a_reviewer_is_shown_what_led_to_the_call_and_only_what_may_be_decided(
    here: House,
) -> None:
    conversing(agents.per_call(), "both")
    (first, _) = ask(here, agents.reviewed_per_call)
    shown = read(here, first)
    assert [one.key for one in shown.options] == ["approve", "change", "reject"]
    assert shown.action.type == "payments.refund"
    assert shown.action.parameters == {"order": "A-1009", "amount": 420.0}
    assert any("signed by a neighbour" in (one.content or "") for one in shown.evidence)
    paused = datetime.fromisoformat(agents.per_call().get_state(CONFIG).created_at)  # type: ignore[attr-defined]
    assert {one.as_of for one in shown.evidence} == {round(paused.timestamp() * 1000)}


def test_a_person_answers_where_words_are_all_that_is_asked_for(here: House) -> None:
    conversing(agents.batched(), "words")
    (escalation,) = ask(here, agents.reviewed_batched)
    assert [one.key for one in read(here, escalation).options] == ["answer"]
    answer(here, escalation, "answer", {"answer": "The blue one."})
    assert deliver(here, agents.reviewed_batched)[0] == 1
    assert said(agents.batched())[-2:] == ["The blue one.", "Done."]


def test_an_answer_in_the_tools_place_is_no_approval(here: House) -> None:
    conversing(agents.per_call(), "erase")
    (escalation,) = ask(here, agents.reviewed_per_call)
    answer(here, escalation, "respond")
    assert deliver(here, agents.reviewed_per_call)[0] == 1
    assert said(agents.per_call())[-2:] == ["as it says", "Done."]
    assert paid(here) == []


def test_a_change_that_the_tool_does_not_take_becomes_a_no_that_says_it(here: House) -> None:
    def offering(call: ToolCall) -> Brief:
        name = Editable(type="object", properties={"customer": EditableField(type="string")})
        return agents.BRIEF(replace(call, choices=(*call.choices, CHANGE), editable=name))

    conversing(agents.per_call(), "erase")
    reviewed = Reviewed(agents.per_call, offering)
    (escalation,) = ask(here, reviewed)
    answer(here, escalation, "change", {"customer": "C-8"})
    assert deliver(here, reviewed)[0] == 1
    assert paid(here) == []
    assert 'it would be approved with {"customer":"C-8"}' in said(agents.per_call())[-2]


def test_a_batch_that_was_asked_by_halves_waits_for_the_other_half(here: House) -> None:
    def failing(call: ToolCall) -> Brief:
        if call.arguments["order"] == "B-2000":
            raise ConnectionError("the order service is away")
        return agents.BRIEF(call)

    conversing(agents.batched(), "both")
    with pytest.raises(ConnectionError):
        ask(here, Reviewed(agents.batched, failing))
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        (waiting,) = [one.escalation for one in wakes.open("langgraph")]
    answer(here, waiting)
    brought, told = deliver(here, agents.reviewed_batched)
    assert (brought, told[0].event) == (0, "troubled")
    assert "only 1 of the 2 calls" in told[0].text
    assert paid(here) == []
    first, second = ask(here, agents.reviewed_batched)
    assert first == waiting
    answer(here, second)
    again_and_again(here, agents.reviewed_batched)
    assert paid(here) == ["A-1009 420.00", "B-2000 99.00"]


def test_what_nobody_could_say_no_to_is_not_asked(here: House) -> None:
    conversing(agents.batched(), "trapped")
    with pytest.raises(InvalidRequest, match="trap lets nobody say no; add `reject`"):
        ask(here, agents.reviewed_batched)


def test_what_is_signed_must_be_what_runs(here: House) -> None:
    conversing(agents.batched(), "twice")
    with pytest.raises(InvalidRequest, match="has other parameters than the call"):
        ask(here, Reviewed(agents.batched, lambda call: brief()))


def test_a_worker_that_knows_the_threads_asks_where_the_agent_died_before_it_did(
    here: House,
) -> None:
    """One thread asks what nobody can read; the others are asked about all the same."""
    broken = {"configurable": {"thread_id": "broken"}}
    asks = {"asks": {"action_requests": [{}], "review_configs": []}}
    agents.asking().invoke(asks, broken, durability="sync")  # type: ignore[attr-defined]
    begun(agents.asking(), {"asks": [request(accept=True, ignore=True)]})
    reviewed = Reviewed(agents.asking, agents.BRIEF, threads=lambda: ("broken", THREAD, "none"))
    _, told = deliver(here, reviewed)
    assert [(one.event, one.serial_key) for one in told] == [
        ("unasked", "broken"),
        ("asked", THREAD),
    ]
    assert "the interrupt of refund cannot be read" in told[0].text
    assert ask(here, reviewed) == (told[1].escalation,)
    answer(here, told[1].escalation)
    assert deliver(here, reviewed)[0] == 1


# -- agent inboxes, and interrupts of one's own


ASKS = "Not done: a reviewer asks something before deciding"


def request(**allowed: bool) -> dict[str, object]:
    config = {f"allow_{word}": True for word in allowed}
    return {
        "action_request": {"action": "refund", "args": {"order": "A-1009", "amount": 420.0}},
        "config": {"allow_ignore": False, "allow_respond": False} | config,
        "description": "The carrier lost it.",
    }


@pytest.mark.parametrize(
    ("option", "parameters", "heard"),
    [
        ("approve", None, {"type": "accept", "args": None}),
        (
            "change",
            {"amount": 300.0},
            {
                "type": "edit",
                "args": {"action": "refund", "args": {"order": "A-1009", "amount": 300.0}},
            },
        ),
        ("reject", None, {"type": "ignore", "args": None}),
        ("respond", None, {"type": "response", "args": "as it says"}),
    ],
)
def test_an_inbox_gets_its_own_words(
    here: House, option: str, parameters: dict[str, float] | None, heard: object
) -> None:
    asks = [request(accept=True, edit=True, ignore=True, respond=True)]
    graph = begun(agents.asking(), {"asks": asks})
    reviewed = Reviewed(agents.asking, agents.BRIEF)
    (escalation,) = ask(here, reviewed)
    answer(here, escalation, option, parameters)  # type: ignore[arg-type]
    assert deliver(here, reviewed)[0] == 1
    assert graph.get_state(CONFIG).values["heard"] == [[heard]]  # type: ignore[attr-defined]


def test_an_inbox_that_cannot_ignore_is_told_why(here: House) -> None:
    graph = begun(agents.asking(), {"asks": request(accept=True, respond=True)})
    reviewed = Reviewed(agents.asking, agents.BRIEF)
    (escalation,) = ask(here, reviewed)
    answer(here, escalation, "need-info")
    assert deliver(here, reviewed)[0] == 1
    ((heard,),) = graph.get_state(CONFIG).values["heard"]  # type: ignore[attr-defined]
    assert heard == {"type": "response", "args": f"{ASKS}: as it says"}


def test_an_interrupt_of_your_own_gets_what_you_make_of_the_decision(here: House) -> None:
    graph = begun(agents.asking(), {"asks": "Refund A-1009?"})
    (escalation,) = ask(here, Reviewed(agents.asking, agents.BRIEF))
    assert read(here, escalation).action.parameters == {"value": "Refund A-1009?"}
    answer(here, escalation)
    reviewed = Reviewed(agents.asking, agents.BRIEF, plain=lambda decision: decision.releases)
    assert deliver(here, reviewed)[0] == 1
    assert graph.get_state(CONFIG).values["heard"] == [True]  # type: ignore[attr-defined]


def test_by_default_it_is_told_what_was_decided_and_under_which_key(here: House) -> None:
    graph = begun(agents.asking(), {"asks": {"order": "A-1009"}})
    with here.agent() as queue:
        (escalation,) = ask_for_interrupts(queue, agents.asking(), THREAD, agents.BRIEF)  # type: ignore[arg-type]
        answer(here, escalation, "reject")
        assert Worker(queue, GraphTarget(agents.asking())).step() == 1  # type: ignore[arg-type]
    (heard,) = graph.get_state(CONFIG).values["heard"]  # type: ignore[attr-defined]
    assert (heard["decision"], heard["releases"]) == (f"{escalation}/1", False)
    assert heard["reason"] == "as it says"


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ({"action_requests": [{}], "review_configs": []}, "cannot be read"),
        ({"action_request": {"action": 1}, "config": {}}, "cannot be read"),
        ({"when": {1, 2}}, "holds what is no JSON"),
    ],
)
def test_an_interrupt_that_breaks_its_own_shape_is_named(
    here: House, asks: object, says: str
) -> None:
    begun(agents.asking(), {"asks": asks})
    with pytest.raises(InvalidRequest, match=f"the interrupt of refund {says}"):
        ask(here, Reviewed(agents.asking, agents.BRIEF))
