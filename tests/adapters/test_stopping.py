"""What a run on file promises, whichever runtime wrote it: seen through Pydantic AI."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic_ai import Agent, DeferredToolRequests
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from delivery_desk import HERE, answer, real_time
from factories import House, brief
from overread_briefs import Brief, Software
from overread_queue.adapters.briefing import ToBrief, ToolCall, brief_for
from overread_queue.adapters.delivering import Worker
from overread_queue.adapters.kept import Kept, Shelf
from overread_queue.adapters.loading import target_of
from overread_queue.adapters.pydantic_ai import Gate
from overread_queue.adapters.retrying import LONGEST_RETRY_SECONDS
from overread_queue.adapters.stopping import Stop, StoppedRuns, StoppingGate, finished
from overread_queue.adapters.telling import Told
from overread_queue.agent import AgentQueue
from overread_queue.clock import ManualClock
from overread_queue.errors import InvalidRequest
from overread_queue.store.wakes import WakeBook

SOFTWARE = Software(name="refund-agent", version="1.4.0")
TYPES = {"refund": "payments.refund", "mail": "mail.send"}


class Shop:
    """An agent that refunds and writes a mail in one turn."""

    def __init__(self, to_brief: ToBrief = brief_for(SOFTWARE, types=TYPES)) -> None:  # noqa: B008
        self.done: list[object] = []
        self.agent = Agent(FunctionModel(_think), output_type=[str, DeferredToolRequests])
        self.agent.tool_plain(requires_approval=True)(self.refund)
        self.agent.tool_plain(requires_approval=True)(self.mail)
        self.gate = Gate(self.agent, to_brief=to_brief)

    def refund(self, amount: float) -> str:
        self.done.append(amount)
        return "paid"

    def mail(self, text: str) -> str:
        self.done.append(text)
        return "sent"

    def pause(self, queue: AgentQueue) -> tuple[str, ...]:
        return self.gate.pause(queue, "run-1", finished(self.agent.run("Refund, and say so")))


def _think(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
    if sum(isinstance(one, ModelRequest) for one in messages) > 1:
        return ModelResponse([TextPart("done")])
    return ModelResponse(
        [ToolCallPart("refund", {"amount": 20.0}), ToolCallPart("mail", {"text": "Refunded."})]
    )


class Desk:
    """A worker whose patience needs no waiting."""

    def __init__(self, queue: AgentQueue, gate: Gate[None]) -> None:
        self.told: list[Told] = []
        self._clock = ManualClock(1_900_000_000_000)
        target = StoppedRuns(queue, gate)
        self._worker = Worker(queue, target, clock=self._clock, tell=self.told.append)

    def step(self) -> int:
        self._clock.advance(seconds=LONGEST_RETRY_SECONDS)
        return self._worker.step()


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def damaged(file: Path) -> None:
    file.write_text(file.read_text().replace("Refunded.", "Ha, ha!"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (Path.unlink, "is gone"),
        (damaged, "was altered"),
        (lambda file: file.write_bytes(b"\xff" + file.read_bytes()), "was altered"),
        (lambda file: file.write_text(""), "was altered"),
    ],
    ids=["gone", "damaged", "no text", "empty"],
)
def test_nothing_is_run_from_a_file_that_is_not_as_it_was_written(
    here: House, spoil: Callable[[Path], None], says: str
) -> None:
    shop = Shop()
    with here.agent() as queue:
        for escalation in shop.pause(queue):
            answer(here, escalation)
        desk, file = Desk(queue, shop.gate), Shelf(queue, "pydantic-ai").path("run-1")
        copy = file.read_bytes()
        spoil(file)
        assert desk.step() == 0
        assert says in desk.told[0].text
        assert shop.done == []
        file.write_bytes(copy)
        assert desk.step() == 2
    assert sorted(shop.done, key=str) == [20.0, "Refunded."]


def test_a_file_that_was_forged_with_its_digest_runs_nothing_but_what_was_asked(
    here: House,
) -> None:
    shop = Shop()
    with here.agent() as queue:
        for escalation in shop.pause(queue):
            answer(here, escalation)
        shelf, desk = Shelf(queue, "pydantic-ai"), Desk(queue, shop.gate)
        kept = shelf.get("run-1")
        state = kept.state.replace("20.0", "2000.0")
        shelf.put(Kept(kept.runtime, kept.run, kept.turn, state, kept.pending))
        assert desk.step() == 0
    assert "was altered" in desk.told[0].text
    assert shop.done == []


def test_an_approval_is_not_used_for_a_tool_that_has_become_another(here: House) -> None:
    shop = Shop()
    with here.agent() as queue:
        for escalation in shop.pause(queue):
            answer(here, escalation)
        changed = Shop()
        changed.agent = Agent(FunctionModel(_think), output_type=[str, DeferredToolRequests])

        @changed.agent.tool_plain(requires_approval=True)
        def refund(amount: float, twice: bool = True) -> str:
            raise AssertionError("nobody agreed to that")

        changed.agent.tool_plain(requires_approval=True)(changed.mail)
        desk = Desk(queue, Gate(changed.agent))
        assert desk.step() == 0
        assert "the tool 'refund' is not what it was" in desk.told[0].text
        assert Desk(queue, shop.gate).step() == 2
    assert len(shop.done) == 2


def test_a_turn_that_was_asked_about_in_part_is_asked_about_whole_before_it_goes_on(
    here: House,
) -> None:
    """As after a crash between its two questions."""

    def half(call: ToolCall) -> Brief:
        if call.name == "mail":
            raise LookupError("nobody wrote down what a mail is about")
        return brief_for(SOFTWARE, types=TYPES)(call)

    shop = Shop(half)
    with here.agent() as queue:
        with pytest.raises(LookupError):
            shop.pause(queue)
        whole = Gate(shop.agent, to_brief=brief_for(SOFTWARE, types=TYPES))
        with pytest.raises(InvalidRequest, match="begin a run only where that returns None"):
            shop.pause(queue)
        with WakeBook(queue.wakes).at() as wakes:
            (asked,) = wakes.open("pydantic-ai")
        answer(here, asked.escalation)
        desk = Desk(queue, whole)
        assert desk.step() == 0
        both = whole.asked(queue, "run-1") or ()
        answer(here, both[1])
        assert desk.step() == 2
    assert len(shop.done) == 2


def test_people_may_only_edit_what_the_tool_takes(here: House) -> None:
    shop = Shop(lambda call: brief())
    with here.agent() as queue, pytest.raises(InvalidRequest, match="not the arguments"):
        shop.pause(queue)


class Careless(StoppingGate):
    """A runtime that lets a model give two calls one id."""

    runtime, together, takes_edits = "careless", False, False

    def stops(self, run: str, state: str) -> Sequence[Stop]:
        return [Stop(ToolCall("1", "refund", {"amount": amount}), "") for amount in (10.0, 9e3)]

    def go_on(self, run: str, state: str, decided: object) -> str:
        raise AssertionError("nobody was asked")


def test_an_answer_that_could_reach_two_calls_is_not_asked_for(here: House) -> None:
    with here.agent() as queue, WakeBook(queue.wakes).at() as wakes:
        with pytest.raises(InvalidRequest, match="come with the same id or with none"):
            Careless(None).keep(queue, "run-1", "two refunds")
        assert wakes.open("careless") == []


@pytest.mark.parametrize(
    ("runtime", "spec", "says"),
    [
        ("pydantic-ai", "pydantic_ai_agent:agent", "is no Gate of overread_queue.adapters.pyd"),
        ("openai-agents", "pydantic_ai_agent:gate", "is no Gate of overread_queue.adapters.ope"),
    ],
)
def test_what_is_named_has_to_be_the_gate(
    here: House, runtime: str, spec: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    with here.agent() as queue, pytest.raises(InvalidRequest, match=says):
        target_of(queue, runtime, spec)


@pytest.mark.parametrize(
    ("adapter", "package", "extra"),
    [("pydantic_ai", "pydantic_ai", "pydantic-ai"), ("openai_agents", "agents", "openai-agents")],
)
def test_a_runtime_that_is_not_there_is_named_with_its_extra(
    adapter: str, package: str, extra: str
) -> None:
    code = f"import sys; sys.modules[{package!r}] = None\nimport overread_queue.adapters.{adapter}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"pip install 'overread[{extra}]'" in done.stderr
