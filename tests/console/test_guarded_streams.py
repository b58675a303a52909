"""Whatever a command says, and however it fails, a terminal has nothing to obey."""

from __future__ import annotations

import ast
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.app import App

import overread_console
from command import run
from factories import house
from hostile import ACTIVE, EVERYTHING
from hostile_desk import text_of
from overread_briefs.visible import invisible
from overread_console.cli import talk
from overread_console.flow.review_flow import ReviewFlow
from overread_console.guard import guarded
from overread_console.plain.talk import Talk
from overread_console.tui.app import OverreadApp
from review_faces import assert_printable

SOURCES = Path(overread_console.__file__).parent
FORBIDDEN = {
    "from_ansi": "obeys escape sequences",
    "from_markup": "obeys markup",
    "render_markup": "obeys markup",
    "Markdown": "makes links that open",
    "MarkdownViewer": "makes links that open",
    "DataTable": "reads markup in cells",
    "OptionList": "reads markup in options",
    "open_url": "opens what an agent chose",
    "copy_to_clipboard": "writes to the terminal past every filter",
    "notify": "reads markup",
    "print": "is not guarded",
    "secho": "is not guarded",
    "echo_via_pager": "is not guarded",
    "escape": "lets some markup through",
}
HTML = ("report/html.py", "escape")
"""The report is HTML, and that is the standard library's own `html.escape`."""
WRITERS = {"cli/talk.py", "cli/root.py"}
"""`root.py` prints the help, which is ours."""
SHOWING = {"Static", "Label", "Button", "update", "Content"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call in the console: its file, the name that is called, the call."""
    for file in sorted(SOURCES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func
                name = called.attr if isinstance(called, ast.Attribute) else ""
                name = called.id if isinstance(called, ast.Name) else name
                yield file.relative_to(SOURCES).as_posix(), name, node


def test_nothing_is_called_that_would_obey_a_text() -> None:
    found = [
        f"{file}: {name} {FORBIDDEN[name]}"
        for file, name, _ in calls()
        if name in FORBIDDEN and (file, name) != HTML
    ]
    assert found == []


def test_only_one_file_writes_what_commands_say() -> None:
    assert {file for file, name, _ in calls() if name == "echo"} == WRITERS


def test_widgets_are_given_contents_and_our_own_words_never_other_strings() -> None:
    found = [
        f"{file}:{call.lineno}"
        for file, name, call in calls()
        if name in SHOWING - {"Content"} and any(map(_is_built_string, call.args))
    ]
    assert found == []


def _is_built_string(argument: ast.expr) -> bool:
    """A string that is not written out in the source."""
    return isinstance(argument, ast.JoinedStr | ast.BinOp)


def test_the_calls_are_found_at_all() -> None:
    names = {name for _, name, _ in calls()}
    assert {"Static", "Content", "visible", "echo"} <= names


@pytest.mark.parametrize("stream", ["data", "shown", "say", "refuse", "progress", "table"])
def test_every_string_there_is_leaves_a_command_harmless(
    stream: str, capsys: pytest.CaptureFixture[str]
) -> None:
    speak = {
        "data": talk.data,
        "shown": talk.shown,
        "say": talk.say,
        "refuse": lambda text: talk.refuse(ValueError(text)),
        "progress": lambda text: talk.progress(text, last=True),
        "table": lambda text: talk.table([(text, text)]),
    }[stream]
    for text in EVERYTHING:
        speak(text_of(text))
    out, err = capsys.readouterr()
    assert_printable(out + err.replace("\r", "") if stream == "progress" else out + err)


def test_json_has_every_string_back_without_one_active_character(
    capsys: pytest.CaptureFixture[str],
) -> None:
    talk.data_json([*EVERYTHING, {ACTIVE: "\x7f"}])
    out = capsys.readouterr().out
    assert out.isascii()
    assert_printable(out)
    assert json.loads(out) == [*EVERYTHING, {ACTIVE: "\x7f"}]


def test_the_plain_face_says_nothing_active_even_if_nobody_made_it_visible() -> None:
    said = io.StringIO()
    plain = Talk(io.StringIO("yes\n"), said)
    plain.say(ACTIVE)
    plain.ask(ACTIVE)
    assert_printable(said.getvalue())
    assert said.getvalue().count("⟪ESC⟫") == 2


@pytest.mark.parametrize("text", ["", "Refund €59,95 für 佐藤", "⟪ESC⟫ as it was made visible"])
def test_a_guarded_line_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text


def test_a_guarded_line_loses_nothing() -> None:
    assert all(invisible(guarded(text)) == text for text in EVERYTHING if guarded(text) != text)


@pytest.mark.parametrize(
    "words",
    [
        (f"--{ACTIVE}",),
        (ACTIVE,),
        ("--db", f"{ACTIVE}.db", "list"),
        ("list", "--state", ACTIVE),
        ("show", ACTIVE),
        ("submit", ACTIVE),
        ("brief", "lint", ACTIVE),
        ("brief", "schema", ACTIVE),
        ("policy", "check", ACTIVE),
        ("init", "--policy", ACTIVE),
        ("audit", "verify", "--from", ACTIVE),
        ("review", "--practice-items", ACTIVE),
    ],
    ids=lambda words: ascii(words[:2]),
)
def test_a_command_line_that_is_wrong_is_quoted_harmlessly(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert done.returncode != 0
    assert_printable(done.stdout + done.stderr)


@pytest.mark.parametrize("where", ["root.invoke = defect", "root.invoke = in_thread"])
def test_a_defect_is_told_without_obeying_what_it_quotes(where: str) -> None:
    code = f"""
import threading
from overread_console import cli
from overread_console.cli import root

def defect(context=None):
    raise ValueError({ACTIVE!r})

def in_thread(context):
    thread = threading.Thread(target=defect)
    thread.start()
    thread.join()

{where}
cli.main()
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "list"], capture_output=True, text=True, check=False
    )
    assert "ValueError: ⟪ESC⟫]0;x⟪BEL⟫" in done.stderr
    assert_printable(done.stderr)


async def running_into(app: OverreadApp, defect: Callable[[], None]) -> None:
    async with app.run_test() as pilot:
        app.call_later(defect)
        await pilot.pause()


async def test_a_defect_on_the_screen_is_told_without_the_values_it_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = house(tmp_path)
    flow = ReviewFlow(desk.desk(), desk.clock)

    def broken() -> None:
        account = f"DE{2:02} 1203"
        raise ValueError(ACTIVE if account else "")

    app = OverreadApp(flow, db=desk.path, clock=desk.clock)
    with pytest.raises(ValueError, match="0;x"):
        await running_into(app, broken)
    flow.close()
    told = "".join(capsys.readouterr())
    assert "ValueError: ⟪ESC⟫]0;x⟪BEL⟫" in told
    assert "DE02 1203" not in told
    assert_printable(told)


def test_textual_still_has_what_is_overridden() -> None:
    """Private names of Textual: a new version must not pass them by in silence."""
    assert isinstance(App()._filters, list)
    assert callable(App._fatal_error)
