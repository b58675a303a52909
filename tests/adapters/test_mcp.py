"""MCP, once over real stdio, where the server is a process of its own, and then in this one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import anyio.to_thread
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from delivery_desk import answer, real_time
from factories import HARMLESS, House, brief
from journey import delivery
from overread_queue import LeadOffice, ReviewDesk
from overread_queue.adapters.mcp import server
from overread_queue.errors import NoDesk, NotAllowed

Mode = Literal["auto", "legacy"]


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def over_stdio(here: House, mode: Mode) -> AsyncIterator[Client]:
    arguments = ["-m", "overread_console", "--db", str(here.path), "mcp"]
    process = StdioServerParameters(
        command=sys.executable, args=[*arguments, "--agent", "refund-agent"], env=dict(os.environ)
    )
    async with Client(stdio_client(process), mode=mode) as client:
        yield client


@asynccontextmanager
async def connected(here: House) -> AsyncIterator[Client]:
    """The same server without a process, which takes two seconds to start."""
    async with Client(server(here.path, agent="refund-agent")) as client:
        yield client


async def call(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    found = await client.call_tool(tool, arguments)
    assert not found.is_error, found.content
    structured: dict[str, Any] = found.structured_content or {}
    return structured


async def refused(client: Client, tool: str, **arguments: object) -> str:
    found = await client.call_tool(tool, arguments)
    assert found.is_error
    return " ".join(getattr(part, "text", "") for part in found.content)


def a_brief() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(brief().to_bytes())
    return loaded


async def test_an_agent_may_act_at_once_on_what_it_can_undo(tmp_path: Path) -> None:
    about = {"action_type": "payments.refund", "parameters": {}, "signals": {"confidence": 0.9}}
    async with connected(real_time(tmp_path, HARMLESS)) as client:
        unsaid = await call(client, "propose", **about)
        said = await call(client, "propose", **about, reversibility="reversible")
    assert (unsaid["tier"], unsaid["may_act"]) == ("hard_approval", False)
    assert (said["tier"], said["may_act"], said["needs_brief"]) == ("autonomous", True, False)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_an_agent_asks_waits_acts_and_says_how_it_went(here: House, mode: Mode) -> None:
    async with over_stdio(here, mode) as client:
        ruling = await call(
            client,
            "propose",
            action_type="payments.refund",
            parameters=a_brief()["action"]["parameters"],
            signals={"confidence": 0.62},
        )
        assert (ruling["tier"], ruling["may_act"]) == ("hard_approval", False)
        handed = {"brief": a_brief(), "idempotency_key": "A-1009", "proposal": ruling["proposal"]}
        asked = await call(client, "submit_escalation", **handed)
        again = await call(client, "submit_escalation", **handed)
        assert asked == again
        escalation = asked["escalation"]
        pending = await call(client, "get_decision", escalation=escalation)
        assert (pending["status"], pending["may_act"]) == ("pending", False)
        assert pending["retry_after_seconds"] > 0

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(anyio.to_thread.run_sync, answer, here, escalation)
            decided = await call(client, "get_decision", escalation=escalation, wait_seconds=50)
        assert (decided["verdict"], decided["may_act"]) == ("approve", True)
        assert decided["decision_id"] == f"{escalation}/1"
        assert decided["parameters"] == a_brief()["action"]["parameters"]

        await call(client, "report_outcome", escalation=escalation, ok=True, detail="refunded")
        after = await call(client, "get_decision", escalation=escalation)
        assert (after["verdict"], after["may_act"], after["parameters"]) == ("approve", False, None)
        assert "do not do it again" in after["reason"]
        twice = await refused(client, "report_outcome", escalation=escalation, ok=True)
    assert "Replayed: " in twice
    found = delivery(here.path, escalation)
    assert (found.state, found.outcome, found.detail) == ("done", "ok", "refunded")


async def test_a_no_comes_with_its_reason_and_without_anything_to_execute(here: House) -> None:
    async with connected(here) as client:
        asked = await call(client, "submit_escalation", brief=a_brief(), idempotency_key="A-1009")
        await anyio.to_thread.run_sync(answer, here, asked["escalation"], "reject")
        decided = await call(client, "get_decision", escalation=asked["escalation"])
        assert (decided["verdict"], decided["may_act"]) == ("reject", False)
        assert decided["parameters"] is None
        assert decided["reason"] == "as it says"
        await call(client, "report_outcome", escalation=asked["escalation"], ok=False)
    assert delivery(here.path, asked["escalation"]).state == "done"


async def test_there_is_no_tool_to_decide_with(here: House) -> None:
    async with connected(here) as client:
        tools = {one.name for one in (await client.list_tools()).tools}
    assert tools == {"propose", "submit_escalation", "get_decision", "report_outcome", "pressure"}
    verbs = {"decide", "confirm", "undo", "lift", "adjudicate"}
    assert not tools & verbs
    assert all(hasattr(ReviewDesk, one) or hasattr(LeadOffice, one) for one in verbs)


async def test_a_refusal_reaches_the_agent_as_a_sentence(here: House) -> None:
    async with connected(here) as client:
        unknown = await refused(client, "get_decision", escalation="nothing")
        incomplete = await refused(
            client, "submit_escalation", brief={"question": "?"}, idempotency_key="x"
        )
        conflict = a_brief() | {"question": "Refund something else?"}
        await call(client, "submit_escalation", brief=a_brief(), idempotency_key="A-1009")
        other = await refused(client, "submit_escalation", brief=conflict, idempotency_key="A-1009")
        too_long = await refused(client, "get_decision", escalation="x", wait_seconds=3600)
        room = await call(client, "pressure")
    assert "NotFound: there is no escalation 'nothing'" in unknown
    assert "accomplished" in incomplete
    assert "Conflict: " in other
    assert "50" in too_long
    assert (room["level"], room["halted"]) == ("open", False)


async def test_a_stopped_agent_is_told_so(here: House) -> None:
    with here.desk() as desk:
        desk.stop("refund-agent", reason="paying twice")
    async with connected(here) as client:
        said = await refused(client, "submit_escalation", brief=a_brief(), idempotency_key="x")
        room = await call(client, "pressure")
    assert "Halted: " in said
    assert "paying twice" in said
    assert room["halted"]


def test_a_server_that_cannot_work_does_not_start(here: House, tmp_path: Path) -> None:
    with pytest.raises(NoDesk):
        server(tmp_path / "nowhere.db", agent="refund-agent")
    with pytest.raises(NotAllowed, match="stranger"):
        server(here.path, agent="stranger")
