"""The demo without a terminal: one scripted review through the plain face, before real agents."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from overread_briefs.visible import visible
from overread_briefs.width import wrap
from overread_console.cli.talk import data, shown
from overread_console.demo.acts import Act
from overread_console.demo.crew import Crew
from overread_console.demo.sample import Arrival, arrivals, sample_folder
from overread_console.demo.stage import Stage, alone_in, build
from overread_console.demo.typist import Paper, Typist
from overread_console.plain import face
from overread_queue.clock import SystemClock
from overread_queue.errors import InvalidRequest

ANSWERS = {
    "close-C-48213": ("1", "r", "The account is Arnd Meyer's; the letter names another one."),
    "mail-0915-outage": (
        *("j", "m", "3"),
        *("1", "m"),
        *("missing: who has called us", "some of the 2,306 ordered again and paid by now"),
        *("M-0915-outage", "m", "M-0915-outage"),
    ),
    "refund-A-1009": (
        "u",
        *("j", "a", "2"),
        *("1", "a"),
        *("3", "the trace shows that J. Harte brought it over to her"),
        "A-1009",
    ),
}
"""What the reviewer types, by the key of the brief that asks.

The `u` in front of the refund takes back the mail, which is therefore sent off twice.
"""
_SHORTER = (
    "For this play approving waits 10 s at least instead of 45, reading counts 600 words a",
    "minute instead of 300, and undo ends after 3 s instead of 10. All else is as in sample_data/.",
)
WIDTH = 76


def play(keep: Path | None) -> int:
    """Let three agents ask, review what they ask, and show what each of them does then."""
    with _folder(keep) as folder, alone_in(folder, fresh=False):
        if (folder / "desk.db").exists():
            raise InvalidRequest(f"{folder} has a desk already; choose another folder with --keep")
        everything = arrivals(sample_folder(), now=SystemClock().now())
        asked = tuple(arrival for arrival in everything if arrival.key in ANSWERS)
        stage = build(folder, asked, shortened=True)
        with Crew(stage) as crew:
            stage.wait_for_questions(len(asked))
            _introduce(crew)
            code = _review(stage, asked)
            stage.wait_for_acts(len(asked))
            _conclude(stage.acts.all())
    return code


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Where to play: a folder to keep, or one that is gone afterwards."""
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="overread-") as folder:
        yield Path(folder)


def _introduce(crew: Crew) -> None:
    data("Three agents, each a process of its own, have asked and are waiting:")
    for name, pid in crew.pids.items():
        data(f"  {name} (process {pid})")
    data("")
    for line in _SHORTER:
        data(line)
    data("")


def _review(stage: Stage, asked: tuple[Arrival, ...]) -> int:
    """The plain face, as `overread review --plain` runs it, with somebody typing."""
    paper = Paper(sys.stdout)
    typist = Typist(paper, {arrival.question: ANSWERS[arrival.key] for arrival in asked})
    return face.run(stage.db, reviewer=stage.reviewer, limit=len(asked), stdin=typist, stdout=paper)


def _conclude(acts: tuple[Act, ...]) -> None:
    data("")
    data("Meanwhile, in the agents' processes:")
    for act in acts:
        data("")
        data(f"  {act.agent} took decision {act.decision}")
        for line in wrap(visible(f"{act.verdict}: {_effect(act)}"), WIDTH):
            shown(f"    {line}")


def _effect(act: Act) -> str:
    if not act.did:
        return f"it did nothing, and knows why: {act.reason}"
    given = ", ".join(f"{name} {value}" for name, value in act.parameters.items())
    return f"it resumed and did once: {act.did}, {given}"
