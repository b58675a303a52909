"""The examples that the guide points to, run as they stand."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import command
from agentspan_client import Standin, call
from delivery_desk import answer, first_asked, ran, real_time, started
from factories import House
from overread_queue.adapters.claude_code import answer as hook_answer
from overread_queue.adapters.claude_code import read_config
from processes import Processes

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "sample_data" / "adapters"
GUIDE = (ROOT / "queue" / "README.md").read_text("utf-8")
START = (ROOT / "README.md").read_text("utf-8").partition("### Ten minutes with LangGraph")[2]
ANSWER = "r\nThe parcel was signed for by the customer.\nq\n"
COMMANDS = {
    "overread": f"{sys.executable} -m overread_console",
    "python": sys.executable,
    "cp": "cp",
}


@pytest.fixture
def here(tmp_path: Path) -> House:
    return real_time(tmp_path)


def delivered(runtime: str, spec: str, *, cwd: Path) -> str:
    """In this process, which has imported the runtime already; that takes longest."""
    with pytest.MonkeyPatch.context() as there:
        there.chdir(cwd)
        words = ("--db", "desk.db", "deliver", runtime, spec, "--agent", "refund-agent", "--once")
        done = command.run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize(
    ("runtime", "module", "name"),
    [
        ("langgraph", "langgraph_refund", "graph"),
        ("burr", "burr_refund", "application"),
        pytest.param("openai-agents", "openai_agents_refund", "gate", marks=pytest.mark.soak),
        pytest.param("pydantic-ai", "pydantic_ai_refund", "gate", marks=pytest.mark.soak),
    ],
)
def test_a_refund_agent_asks_waits_and_pays_once(
    here: House, tmp_path: Path, runtime: str, module: str, name: str
) -> None:
    shutil.copy(EXAMPLES / f"{module}.py", tmp_path)
    asked = ran(f"{module}.py", "A-1009", cwd=tmp_path)
    found = re.fullmatch(r"asked: Refund \$420.00 on order A-1009\? \((\S+)\)\n", asked)
    assert found
    escalation = found[1]
    assert delivered(runtime, f"{module}:{name}", cwd=tmp_path) == ""
    answer(here, escalation)
    said = delivered(runtime, f"{module}:{name}", cwd=tmp_path)
    assert said.splitlines() == [
        f"refunded 420.00 on A-1009 under {escalation}/1",
        f"delivered {escalation} (refund-A-1009)",
    ]
    assert delivered(runtime, f"{module}:{name}", cwd=tmp_path) == ""


def test_an_answer_to_a_thread_that_is_gone_is_told_of(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLES / "langgraph_refund.py", tmp_path)
    ran("langgraph_refund.py", "A-1009", cwd=tmp_path)
    escalation = first_asked(here, "langgraph")
    answer(here, escalation)
    (tmp_path / "threads.db").unlink()
    monkeypatch.chdir(tmp_path)
    words = ("--agent", "refund-agent", "--once", "--db", "desk.db")
    lost = command.run("deliver", "langgraph", "langgraph_refund:graph", *words)
    assert (lost.returncode, lost.stdout) == (75, "")
    assert lost.stderr.startswith(f"not delivered yet: {escalation} (refund-A-1009)")


def test_the_ten_minutes_of_the_readme_end_with_a_delivered_answer(tmp_path: Path) -> None:
    """All of its commands but `pip`, in an empty folder beside the checkout."""
    (tmp_path / "overread").symlink_to(ROOT)
    mine = tmp_path / "mine"
    mine.mkdir()
    block = re.search(r"```sh\n(.*?)```", START, re.DOTALL)
    assert block
    written = [line.partition("  #")[0].split() for line in block[1].splitlines() if line]
    assert written[0][:2] == ["pip", "install"]
    said = [typed(name, *given, cwd=mine) for name, *given in written[1:]]
    found = re.search(r"asked: .* \((\S+)\)", "".join(said))
    assert found
    assert said[-1] == f"delivered {found[1]} (refund-A-1009)\n"


def typed(name: str, *given: str, cwd: Path) -> str:
    done = subprocess.run(
        [*COMMANDS[name].split(), *given],
        input=ANSWER,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_python_block_of_the_start_names_what_there_is() -> None:
    imports = re.findall(r"^from (\S+) import (.+)$", START.partition("### No runtime")[0], re.M)
    assert len(imports) > 3
    for module, names in imports:
        for name in names.split(", "):
            assert hasattr(importlib.import_module(module), name)


@pytest.mark.soak
def test_the_refund_agent_in_dbos_dies_while_it_waits_and_pays_once(
    here: House, tmp_path: Path
) -> None:
    shutil.copy(EXAMPLES / "dbos_refund.py", tmp_path)
    waiting = started("dbos_refund.py", "A-1009", cwd=tmp_path)
    escalation = first_asked(here, "dbos")
    waiting.kill()
    waiting.communicate()
    answer(here, escalation)
    # A process of its own: DBOS registers a workflow's name once in each.
    worker = ("-m", "overread_console", "--db", "desk.db", "deliver", "dbos", "dbos_refund:client")
    said = ran(*worker, "--agent", "refund-agent", "--once", cwd=tmp_path)
    assert said == f"delivered {escalation} (refund-A-1009)\n"
    again = ran("dbos_refund.py", "A-1009", cwd=tmp_path)
    assert again == f"refunded 420.00 on A-1009 under {escalation}/1\n"


@pytest.mark.soak
def test_an_agent_of_langchains_refunds_what_the_reviewer_entered(
    here: House, tmp_path: Path
) -> None:
    shutil.copy(EXAMPLES / "langchain_refund.py", tmp_path)
    asked = ran("langchain_refund.py", "A-1009", cwd=tmp_path)
    found = re.fullmatch(r"asked: (\S+)\n", asked)
    assert found
    answer(here, found[1], "change", {"amount": 300.0})
    said = delivered("langgraph", "langchain_refund:reviewed", cwd=tmp_path)
    assert said.splitlines() == [
        "refunded 300.00 on A-1009 under A-1009.1",
        f"delivered {found[1]} (refund-A-1009)",
    ]


def test_the_sample_configuration_of_claude_code_is_one_that_the_hook_takes(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".claude").mkdir()
    shutil.copy(EXAMPLES / "claude_code.toml", tmp_path / ".claude" / "overread.toml")
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(tmp_path))
    config = read_config({})
    event = {"tool_name": "mcp__shop__refund", "tool_use_id": "t", "tool_input": {"amount": 1.0}}
    said = json.loads(hook_answer(config._replace(hold=0.0), event))
    assert said["hookSpecificOutput"]["permissionDecision"] == "deny"
    assert hook_answer(config, {"tool_name": "Read"}) == ""
    assert tomllib.loads((EXAMPLES / "claude_code.toml").read_text())["hold"] < 60


@pytest.mark.parametrize("name", ["claude_code_settings.json", "mcp.json"])
def test_what_is_configured_is_a_command_that_exists(name: str) -> None:
    text = (EXAMPLES / name).read_text()
    commands = set(re.findall(r'"command": "([^"]+)"', text))
    json.loads(text)
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]
    assert commands
    assert commands <= set(scripts)


def test_every_example_is_told_of_in_the_guide_and_the_other_way_round() -> None:
    told = set(re.findall(r"sample_data/adapters/([\w.]+)", GUIDE))
    assert told == {path.name for path in EXAMPLES.iterdir() if path.is_file()}


def test_the_mcp_example_starts_the_server_of_that_agent(here: House, tmp_path: Path) -> None:
    arguments = json.loads((EXAMPLES / "mcp.json").read_text())["mcpServers"]["overread"]["args"]
    server = subprocess.run(
        [sys.executable, "-m", "overread_console", *arguments],
        cwd=tmp_path,
        input="",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (server.returncode, server.stdout) == (0, "")


def test_the_refund_agent_on_agentspan_is_asked_about_and_told(
    here: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it but the model and the server itself, which a stand-in takes the place of."""
    shutil.copy(EXAMPLES / "agentspan_refund.py", tmp_path)
    name = ran("-c", "import agentspan_refund as a; print(a.agent().name)", cwd=tmp_path).strip()
    with Processes(tmp_path, "agentspan_standin") as processes:
        server = Standin(processes, tmp_path)
        monkeypatch.setenv("CONDUCTOR_SERVER_URL", server.url)
        server.start("run-1", call("refund", order="A-1009", amount=420.0), name=name)
        asked = delivered("custom", "agentspan_refund:target", cwd=tmp_path)
        found = re.fullmatch(r"asked (\S+) \(run-1\)\n", asked)
        assert found
        answer(here, found[1])
        said = delivered("custom", "agentspan_refund:target", cwd=tmp_path)
        assert said == f"delivered {found[1]} (run-1)\n"
        assert server.get("/workflow/run-1")["standin"]["paid"] == [f"{found[1]}/1"]
        server.down()
