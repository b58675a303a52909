"""From what an agent said and did to a brief that a person can decide on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overread_briefs import Brief, Software, distil, over_budget, parse_brief, suspicions
from overread_briefs.distilling.messages import BadTranscript

SAMPLES = sorted((Path(__file__).parents[2] / "sample_data" / "transcripts").glob("*.json"))
AGENT = Software(name="refund-agent", version="1.4.0")
AT = 1_789_475_280_000

Message = dict[str, Any]


def asked(name: str = "pay", id: str = "call-1", **arguments: object) -> Message:
    function = {"name": name, "arguments": json.dumps(arguments)}
    return {"role": "assistant", "content": "", "tool_calls": [{"id": id, "function": function}]}


def gave(id: str, content: str, **more: object) -> Message:
    return {"role": "tool", "tool_call_id": id, "content": content, **more}


def said(text: str) -> Message:
    return {"role": "user", "content": text}


def drawn(*messages: object, **known: Any) -> Brief:
    brief = distil(messages, agent=AGENT, at=AT, **known).brief
    assert parse_brief(brief.to_bytes()) == brief
    assert over_budget(brief) == ()
    return brief


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_transcript_of_the_sample_desk_becomes_a_brief_that_can_be_handed_in(
    sample: Path,
) -> None:
    messages = json.loads(sample.read_text())
    brief = drawn(*messages)
    proposed = messages[-1]["tool_calls"][0]["function"]
    assert brief.action.parameters == json.loads(proposed["arguments"])
    assert brief.action.type == proposed["name"]
    results = [one["content"] for one in messages if one["role"] == "tool"]
    assert len(brief.accomplished) == len(results)
    assert {one.content for one in brief.evidence if one.source != "user"} == set(results)
    assert brief.recommendation is None


def test_no_prose_of_the_agent_s_and_no_instruction_reaches_the_reviewer() -> None:
    brief = drawn(
        {"role": "system", "content": "SECRET INSTRUCTION"},
        said("Refund A-1009"),
        {"role": "assistant", "content": "I AM SURE THIS IS FINE"},
        asked("find_order", "one", order="A-1009"),
        gave("one", "paid 420.0"),
        asked("pay", "two", order="A-1009", amount=420.0),
    )
    text = brief.to_bytes().decode()
    assert "SECRET INSTRUCTION" not in text
    assert "I AM SURE" not in text
    assert brief.question == "Pay, order A-1009, amount 420.0?"


def test_what_mentions_the_proposed_values_comes_first_and_failures_are_named() -> None:
    brief = drawn(
        asked("weather", "one"),
        gave("one", "sunny"),
        asked("track", "two"),
        gave("two", "error: carrier API answered 409"),
        asked("order", "three"),
        gave("three", "A-1009 was paid with card 3301"),
        asked("pay", "four", order="A-1009"),
    )
    assert [one.id for one in brief.evidence] == ["order", "track", "weather"]
    assert brief.evidence[1].title == "Track, failed: error: carrier API answered …"
    assert [one.outcome for one in brief.accomplished] == ["ok", "failed", "ok"]


@dataclass
class HumanMessage:
    """As langchain_core has it; that package is not needed to read one."""

    content: str
    type: str = "human"


@dataclass
class AIMessage:
    content: object
    tool_calls: list[Message]
    type: str = "ai"


@dataclass
class ToolMessage:
    content: str
    tool_call_id: str
    status: str = "success"
    type: str = "tool"


CHAT = (
    said("Refund it"),
    asked("find", "a", order="X-1"),
    gave("a", "paid"),
    asked("pay", "b", n=1),
)
RESPONSES = (
    said("Refund it"),
    {"type": "function_call", "call_id": "a", "name": "find", "arguments": '{"order": "X-1"}'},
    {"type": "function_call_output", "call_id": "a", "output": "paid"},
    {"type": "function_call", "call_id": "b", "name": "pay", "arguments": '{"n": 1}'},
)
BLOCKS = (
    {"role": "user", "content": [{"type": "text", "text": "Refund it"}]},
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "a", "name": "find", "input": {"order": "X-1"}}],
    },
    {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": "a", "content": "paid"}],
    },
    {
        "role": "assistant",
        "content": [{"type": "tool_use", "id": "b", "name": "pay", "input": {"n": 1}}],
    },
)
LANGCHAIN = (
    HumanMessage("Refund it"),
    AIMessage("", [{"id": "a", "name": "find", "args": {"order": "X-1"}}]),
    ToolMessage("paid", "a"),
    AIMessage([], [{"id": "b", "name": "pay", "args": {"n": 1}}]),
)


@pytest.mark.parametrize("messages", [CHAT, RESPONSES, BLOCKS, LANGCHAIN])
def test_every_framework_s_messages_give_the_same_brief(messages: tuple[object, ...]) -> None:
    assert drawn(*messages) == drawn(*CHAT)


@pytest.mark.parametrize(
    "failed",
    [
        gave("a", "error: no such order"),
        gave("a", '{"error": "no such order"}'),
        ToolMessage("no such order", "a", status="error"),
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "a", "content": "no", "is_error": True}
            ],
        },
    ],
)
def test_a_tool_s_failure_is_seen_however_it_is_said(failed: object) -> None:
    brief = drawn(asked("find", "a"), failed, asked("pay", "b"))
    assert [one.outcome for one in brief.accomplished] == ["failed"]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-09-15T11:26:00Z", 1_789_471_560_000),
        (1_789_471_560, 1_789_471_560_000),
        (1_789_471_560_000, 1_789_471_560_000),
        ("yesterday", AT),
        (None, AT),
        (True, AT),
    ],
)
def test_evidence_is_as_old_as_its_message_says(time: object, expected: int) -> None:
    brief = drawn(asked("find", "a"), gave("a", "x", timestamp=time), asked("pay", "b"))
    assert brief.evidence[0].as_of == expected


def test_what_nobody_can_know_is_said() -> None:
    found = distil(CHAT, agent=AGENT, at=AT)
    named = {line.partition(":")[0] for line in found.left}
    assert named == {
        "recommendation",
        "reversibility",
        "editable parameters",
        "signals",
        "stance",
        "times",
    }
    assert found.call == "b"


def test_a_long_history_keeps_its_end_and_says_what_is_missing() -> None:
    history = [
        one
        for number in range(120)
        for one in (asked("look", f"id-{number}", n=number), gave(f"id-{number}", f"row {number}"))
    ]
    found = distil([*history, asked("pay", "last", n="row 7")], agent=AGENT, at=AT)
    brief = found.brief
    assert brief.accomplished[0].text == "81 earlier steps"
    assert brief.accomplished[-1].text == "Look: n 119"
    assert brief.evidence[0].content == "row 7"
    assert len(brief.evidence) == 60
    assert "evidence: 60 results had no room" in found.left
    assert parse_brief(brief.to_bytes()) == brief


def test_a_huge_result_is_cut_and_says_by_how_much() -> None:
    brief = drawn(asked("read", "a"), gave("a", "x" * 50_000), asked("pay", "b"))
    content = brief.evidence[0].content or ""
    assert content.endswith("… and 30,100 characters more")


@pytest.mark.parametrize(
    ("messages", "says"),
    [
        ([], "nothing is proposed"),
        ([asked("find", "a"), gave("a", "x")], "nothing is proposed"),
        ([said("?"), asked("pay", "a"), asked("pay", "b")], "several calls wait: a (pay), b (pay)"),
        ([asked("pay", "a")], "no evidence"),
        ([said("?"), {"role": "wizard"}], "message 1 cannot be read: it has no role"),
        ([said("?"), 17], "message 1 cannot be read"),
        ([said("?"), {"role": "assistant", "tool_calls": [{"id": "a"}]}], "has no name"),
        (
            [
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "a", "function": {"name": "f", "arguments": "{"}}],
                }
            ],
            "message 0 cannot be read",
        ),
        (
            [
                {
                    "role": "assistant",
                    "tool_calls": [
                        {"id": "a", "function": {"name": "f", "arguments": '{"x":1,"x":2}'}}
                    ],
                }
            ],
            "message 0 cannot be read",
        ),
        ([said("?"), asked("two words", "a")], "map the tool's name"),
    ],
)
def test_what_cannot_become_a_brief_is_refused_by_name(messages: list[object], says: str) -> None:
    with pytest.raises(BadTranscript) as refusal:
        distil(messages, agent=AGENT, at=AT)
    assert says in str(refusal.value)


def test_an_unknown_call_is_refused() -> None:
    with pytest.raises(BadTranscript, match="there is no call 'z'"):
        distil(CHAT, agent=AGENT, at=AT, call="z")


def test_a_tool_is_mapped_to_the_policy_s_own_name() -> None:
    assert drawn(*CHAT, types={"pay": "payments.refund"}).action.type == "payments.refund"


TEXT = st.text(max_size=200) | st.text(alphabet='a \n\t\x1b\u202e{}:"', max_size=400)
VALUES = st.none() | st.booleans() | st.integers(-9, 10**6) | TEXT
ARGUMENTS = st.dictionaries(st.text(min_size=1, max_size=12), VALUES, max_size=6)


@settings(deadline=None)
@given(request=TEXT, results=st.lists(TEXT, max_size=6), arguments=ARGUMENTS)
def test_whatever_was_said_the_brief_fits_and_can_be_handed_in(
    request: str, results: list[str], arguments: dict[str, object]
) -> None:
    history = [
        one
        for number, text in enumerate(results)
        for one in (asked("look_up", f"id-{number}"), gave(f"id-{number}", text))
    ]
    messages = [said(f"please {request}"), *history, asked("pay", "last", **arguments)]
    brief = drawn(*messages)
    assert brief.action.parameters == json.loads(json.dumps(arguments))
    assert distil(messages, agent=AGENT, at=AT).brief == brief
    suspicions(brief.question)
