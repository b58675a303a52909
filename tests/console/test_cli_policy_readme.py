"""The README's commands about the policy, run as they stand there."""

from __future__ import annotations

import re
import shlex
from importlib import resources
from pathlib import Path

import pytest

import command

README = (command.CHECKOUT / "README.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """The words of each command of the section, without `overread` and the remarks."""
    section = README.partition("## When is a person asked?\n")[2].partition("\n## ")[0]
    (block,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    return [words[1:] for words in lines if words]


def test_every_command_works_on_a_new_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert command.run("init").returncode == 0
    command.run("agents", "add", "refund-agent", "--action", "payments.refund")
    starter = (resources.files("overread_console") / "cli" / "starter.toml").read_text("utf-8")
    draft = starter.replace('impact = "high"', 'impact = "critical"') + "\n# stricter\n"
    (tmp_path / "draft.toml").write_text(draft, encoding="utf-8")
    (tmp_path / "question.json").write_text(
        '{"agent": "refund-agent", "action": {"type": "payments.refund"}}', encoding="utf-8"
    )

    for words in commands():
        done = command.run(*words)
        assert done.returncode == 0, (words, done.stderr)
        # What was proposed a moment ago is not over yet, so there is nothing to replay.
        assert done.stdout or words[1] in ("test", "simulate"), words

    assert (tmp_path / "desk.trust" / "policy.toml").read_text(encoding="utf-8") == draft
