"""Claude Code: a hook that lets a person decide about tool calls. Fails closed.

It runs once for every tool call, so a call that nobody has to decide about costs an interpreter
and the standard library, nothing more; the desk is opened only for the tools that the
configuration lists. Whatever goes wrong ends with exit code 2, which blocks the call.
"""

from __future__ import annotations

import json
import os
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, NamedTuple, cast

CONFIG = "OVERREAD_CLAUDE_CODE"
"""Names the configuration; `.claude/overread.toml` of the project otherwise."""
BLOCKED = 2
Pending = Literal["deny", "ask", "defer"]
Reversibility = Literal["reversible", "compensable", "irreversible"]
_KNOWN = {"db", "agent", "key", "hold", "pending", "signals", "editable", "reversibility", "tools"}
_REVERSIBILITY = ("reversible", "compensable", "irreversible")

Event = dict[str, object]


class Config(NamedTuple):
    """What the file says."""

    db: str
    agent: str
    key: str | None
    hold: float
    """Seconds to wait for an answer before the call is put off; less than the hook's timeout."""
    pending: Pending
    """What a call without an answer gets: a refusal that says to come back, Claude's own question
    to whoever sits there, or, under `claude -p`, a pause until the session is resumed."""
    signals: dict[str, float]
    editable: dict[str, dict[str, object]]
    """Tool name → what a reviewer may change, as the `properties` of a brief's `editable`."""
    reversibility: dict[str, Reversibility]
    """Tool name → whether what it does can be undone; what is not named cannot."""
    tools: dict[str, str]
    """Tool name, `*` allowed, → action type in the policy."""

    def action_type(self, tool: str) -> str | None:
        """None for a tool that nobody has to decide about."""
        exact = self.tools.get(tool)
        matching = (one for pattern, one in self.tools.items() if fnmatchcase(tool, pattern))
        return exact or next(matching, None)


class Misused(Exception):
    """The hook cannot do its work; the sentence says what to change."""


def main() -> None:
    """Read one event on stdin, answer on stdout."""
    try:
        event = _event(sys.stdin.read())
        config = read_config(event)
        sys.stdout.write(answer(config, event))
        sys.stdout.flush()
    except Exception as error:
        sys.stderr.write(f"overread: {type(error).__name__}: {_ascii(str(error))}\n")
        sys.exit(BLOCKED)


def answer(config: Config, event: Event) -> str:
    """JSON for Claude Code; empty where this hook has no opinion."""
    action_type = config.action_type(str(event.get("tool_name", "")))
    if action_type is None:
        return ""
    # Here and no earlier: everything above runs for every tool call.
    from overread_queue.adapters.claude_code_desk import after, before

    if event.get("hook_event_name") == "PostToolUse":
        after(config, event)
        return ""
    said = before(config, event, action_type)
    return "" if said is None else json.dumps({"hookSpecificOutput": said})


def _event(text: str) -> Event:
    try:
        loaded = json.loads(text)
    except ValueError as error:
        raise Misused(
            f"no hook's input on stdin ({error}); Claude Code runs this, once its settings name it"
        ) from error
    if not isinstance(loaded, dict):
        raise Misused("the hook got no JSON object on stdin")
    return loaded


def read_config(event: Event) -> Config:
    """The file of the project that the event came from. Raises `Misused`."""
    path = Path(os.environ.get(CONFIG) or Path(_project(event)) / ".claude" / "overread.toml")
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Misused(
            f"{path} cannot be read; write it, or name another one in {CONFIG}"
        ) from error
    unknown = found.keys() - _KNOWN
    if unknown or not {"db", "agent", "tools"} <= found.keys():
        strange = sorted(unknown) or "nothing"
        raise Misused(f"{path}: give db, agent and [tools]; unknown: {strange}")
    pending = found.get("pending", "deny")
    if pending not in ("deny", "ask", "defer"):
        raise Misused(f"{path}: pending is deny, ask or defer, not {pending!r}")
    return Config(
        db=str(path.parent / found["db"]),
        agent=found["agent"],
        key=str(path.parent / found["key"]) if "key" in found else None,
        hold=float(found.get("hold", 45)),
        pending=cast("Pending", pending),
        signals=dict(found.get("signals", {})),
        editable=dict(found.get("editable", {})),
        reversibility=_reversibility(path, found),
        tools=dict(found["tools"]),
    )


def _reversibility(path: Path, found: dict[str, object]) -> dict[str, Reversibility]:
    said = cast("dict[str, Reversibility]", found.get("reversibility", {}))
    for tool, word in said.items():
        if word not in _REVERSIBILITY:
            raise Misused(
                f"{path}: {tool} is reversible, compensable or irreversible, not {word!r}"
            )
    return said


def _project(event: Event) -> str:
    return os.environ.get("CLAUDE_PROJECT_DIR") or str(event.get("cwd") or ".")


def _ascii(text: str) -> str:
    """Nothing that a terminal would obey."""
    return text.encode("ascii", "backslashreplace").decode().replace("\x1b", "?")


if __name__ == "__main__":
    main()
