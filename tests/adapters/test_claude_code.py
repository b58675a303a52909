"""The Claude Code hook as it is run: a process, JSON in, JSON out, exit code 2 to block."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from delivery_desk import a_day_later, answer, real_time
from factories import HARMLESS, House
from journey import delivery
from overread_queue.adapters import claude_code
from overread_queue.states import EscalationState

HOOK = (sys.executable, "-m", "overread_queue.adapters.claude_code")

TOOLS = """
[tools]
refund = "payments.refund"
"mcp__bank__*" = "payments.refund"

[editable.refund]
amount = { type = "number", minimum = 0.01, maximum = 420.0 }
"""
Said = dict[str, Any]
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


@pytest.fixture
def configured(here: House, tmp_path: Path) -> Path:
    return configure(tmp_path)


def configure(folder: Path, **more: object) -> Path:
    (folder / ".claude").mkdir(exist_ok=True)
    lines = {"db": "../desk.db", "agent": "refund-agent", "hold": 0.1} | more
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in lines.items())
    path = folder / ".claude" / "overread.toml"
    path.write_text(f"{text}\n{TOOLS}")
    return folder


def process(folder: Path, text: str) -> Done:
    return subprocess.run(
        HOOK, input=text, capture_output=True, text=True, cwd=folder, check=False, env=os.environ
    )


def run(folder: Path, text: str) -> Done:
    """The same hook inside this process: quicker, where only what it says and does matters."""
    code, out, err = 0, io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as there:
        there.chdir(folder)
        for name, stream in (("stdin", io.StringIO(text)), ("stdout", out), ("stderr", err)):
            there.setattr(sys, name, stream)
        try:
            claude_code.main()
        except SystemExit as ended:
            code = int(str(ended.code))
    return Done(HOOK, code, out.getvalue(), err.getvalue())


def event(
    tool: str = "refund", *, id: str = "toolu_1", kind: str = "PreToolUse", **more: object
) -> str:
    about = {"order": "A-1009", "amount": 420.0, "currency": "USD"}
    said = {"hook_event_name": kind, "session_id": "s-1", "tool_name": tool, "tool_use_id": id}
    return json.dumps(said | {"tool_input": about} | more)


def hooked(folder: Path, *, by: Callable[[Path, str], Done] = run, **given: Any) -> Said:
    done = by(folder, event(**given))
    assert done.returncode == 0, done.stderr
    said: Said = json.loads(done.stdout)["hookSpecificOutput"]
    assert said["hookEventName"] == "PreToolUse"
    return said


def asked(here: House) -> str:
    with here.agent() as queue:
        (row,) = queue.escalations(EscalationState.WAITING)
    return row.id


def test_a_tool_that_nobody_decides_about_costs_the_standard_library_alone(
    configured: Path,
) -> None:
    done = process(configured, event("Read"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    code = (
        "import sys; sys.argv = ['hook']\n"
        "from overread_queue.adapters.claude_code import main\n"
        "main()\n"
        "print(*{name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        input=event("Read"),
        capture_output=True,
        text=True,
        cwd=configured,
        check=True,
    ).stdout.split()
    ours = {"overread_queue", "__main__", "sitecustomize", "_distutils_hack"}
    assert {one for one in loaded if not one.startswith("__editable__")} <= ours


def test_a_call_waits_is_approved_and_is_made_once(here: House, configured: Path) -> None:
    put_off = hooked(configured, by=process)
    assert put_off["permissionDecision"] == "deny"
    assert "nobody has answered" in put_off["permissionDecisionReason"]
    escalation = asked(here)
    answer(here, escalation)
    allowed = hooked(configured, by=process)
    assert allowed["permissionDecision"] == "allow"
    assert "approve by ana" in allowed["permissionDecisionReason"]
    assert "updatedInput" not in allowed
    made = process(configured, event(kind="PostToolUse", tool_response={"ok": True}))
    assert (made.returncode, made.stdout) == (0, "")
    found = delivery(here.path, escalation)
    assert (found.state, found.outcome) == ("done", "ok")
    again = hooked(configured, by=process)
    assert again["permissionDecision"] == "deny"
    assert "not done twice" in again["permissionDecisionReason"]


def test_a_call_that_was_put_off_finds_its_answer_when_it_is_made_again(
    here: House, configured: Path
) -> None:
    hooked(configured, id="toolu_1")
    escalation = asked(here)
    assert escalation in hooked(configured, id="toolu_2")["permissionDecisionReason"]
    answer(here, escalation)
    assert hooked(configured, id="toolu_3")["permissionDecision"] == "allow"
    assert hooked(configured, id="toolu_4")["permissionDecision"] == "deny"
    run(configured, event(id="toolu_3", kind="PostToolUse", tool_response={"ok": True}))
    assert delivery(here.path, escalation).state == "done"
    assert asked(here) != escalation


def test_a_call_that_was_put_off_leaves_nothing_to_another_one(
    here: House, configured: Path
) -> None:
    hooked(configured, id="toolu_1")
    first = asked(here)
    answer(here, first)
    hooked(configured, id="toolu_2", tool_input={"order": "A-1009", "amount": 4200.0})
    hooked(configured, id="toolu_3", session_id="s-2")
    with here.agent() as queue:
        waiting = queue.escalations(EscalationState.WAITING)
    assert len(waiting) == 2
    assert first not in {one.id for one in waiting}


def test_a_session_that_dies_between_the_answer_and_the_call_may_make_it(
    here: House, configured: Path
) -> None:
    hooked(configured)
    answer(here, asked(here))
    assert hooked(configured)["permissionDecision"] == "allow"
    assert hooked(configured)["permissionDecision"] == "allow"


def test_a_changed_call_is_made_as_the_reviewer_changed_it(here: House, configured: Path) -> None:
    hooked(configured)
    answer(here, asked(here), "change", {"amount": 100.0})
    allowed = hooked(configured)
    assert allowed["permissionDecision"] == "allow"
    assert allowed["updatedInput"] == {"order": "A-1009", "amount": 100.0, "currency": "USD"}


def test_a_no_is_told_with_its_reason(here: House, configured: Path) -> None:
    hooked(configured)
    escalation = asked(here)
    answer(here, escalation, "reject")
    denied = hooked(configured)
    assert denied["permissionDecision"] == "deny"
    assert denied["permissionDecisionReason"] == "a person said no: as it says"
    assert delivery(here.path, escalation).state == "done"


@pytest.mark.parametrize("pending", ["ask", "defer"])
def test_a_call_without_an_answer_gets_what_the_file_says(
    here: House, tmp_path: Path, pending: str
) -> None:
    folder = configure(tmp_path, pending=pending)
    assert hooked(folder)["permissionDecision"] == pending
    answer(here, asked(here))
    assert hooked(folder)["permissionDecision"] == "allow"


def test_a_call_that_can_be_undone_is_made_where_the_policy_lets_it(tmp_path: Path) -> None:
    real_time(tmp_path, HARMLESS)
    folder = configure(tmp_path)
    config = folder / ".claude" / "overread.toml"
    config.write_text(config.read_text() + "\n[signals]\nconfidence = 0.9\n")
    assert hooked(folder)["permissionDecision"] == "deny"
    config.write_text(config.read_text() + '\n[reversibility]\nrefund = "reversible"\n')
    assert run(folder, event(session_id="s-2")).stdout == ""


def test_a_session_that_comes_back_too_late_is_asked_about_again(
    here: House, configured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resumed() -> str:
        call = json.loads(event())
        return claude_code.answer(claude_code.read_config(call), call)

    monkeypatch.chdir(configured)
    hooked(configured)
    first = asked(here)
    answer(here, first)
    a_day_later(monkeypatch)
    assert '"deny"' in resumed()
    second = asked(here)
    assert second != first
    answer(here, second)
    assert f"approve by ana ({second}/1)" in resumed()


def test_two_calls_are_two_questions_and_each_has_its_own_answer(
    here: House, configured: Path
) -> None:
    hooked(configured, id="toolu_1")
    answer(here, asked(here))
    other = hooked(configured, id="toolu_2", tool="mcp__bank__transfer")
    assert other["permissionDecision"] == "deny"
    assert hooked(configured, id="toolu_1")["permissionDecision"] == "allow"


def test_the_reviewer_sees_what_led_to_the_call(here: House, tmp_path: Path) -> None:
    folder, transcript = configure(tmp_path), tmp_path / "session.jsonl"
    lines = [
        {"type": "user", "message": {"role": "user", "content": "Refund order A-1009"}},
        {
            "type": "assistant",
            "message": {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "t0", "name": "find_order", "input": {}}],
            },
        },
        {
            "type": "user",
            "timestamp": "2026-09-15T11:26:00Z",
            "message": {
                "role": "user",
                "content": [
                    {"type": "tool_result", "tool_use_id": "t0", "content": "A-1009: paid"}
                ],
            },
        },
    ]
    transcript.write_text("\n".join(["{half", *map(json.dumps, lines)]))
    hooked(folder, transcript_path=str(transcript))
    with here.desk() as desk:
        review = desk.open(desk.claim(asked(here)))
    assert [one.text for one in review.brief.accomplished] == ["Find order"]
    assert [one.content for one in review.brief.evidence] == ["A-1009: paid", "Refund order A-1009"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Claude Code runs this"),
        ("no json", "no hook's input on stdin (Expecting value"),
        ("[]", "no JSON object"),
        (json.dumps({"tool_name": "refund", "tool_use_id": "x"}), "the tool's input is no object"),
        (json.dumps({"tool_name": "refund", "tool_input": {}}), "tool_use_id"),
    ],
)
def test_what_cannot_be_understood_is_blocked(configured: Path, text: str, says: str) -> None:
    done = run(configured, text)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_desk_that_is_gone_or_stopped_blocks_the_call(here: House, configured: Path) -> None:
    with here.desk() as desk:
        desk.stop("refund-agent", reason="\x1b[2Jpaying twice")
    stopped = process(configured, event())
    assert stopped.returncode == 2
    assert "Halted" in stopped.stderr
    assert "\x1b" not in stopped.stderr
    here.path.write_bytes(b"no database" * 100)
    broken = process(configured, event())
    assert (broken.returncode, broken.stdout) == (2, "")


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (None, "cannot be read"),
        ("db = 'x'", "give db, agent and [tools]"),
        ("db = 'x'\nagent = 'a'\nhodl = 3\n[tools]", "unknown: ['hodl']"),
        ("db = 'x'\nagent = 'a'\npending = 'allow'\n[tools]", "pending is deny, ask or defer"),
        (
            "db = 'x'\nagent = 'a'\n[tools]\n[reversibility]\nrefund = 'maybe'",
            "refund is reversible, compensable or irreversible",
        ),
        ("db = ", "TOMLDecodeError"),
    ],
)
def test_a_configuration_that_says_nothing_blocks_every_call(
    tmp_path: Path, config: str | None, says: str
) -> None:
    (tmp_path / ".claude").mkdir()
    if config is not None:
        (tmp_path / ".claude" / "overread.toml").write_text(config)
    done = run(tmp_path, event("Read"))
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
