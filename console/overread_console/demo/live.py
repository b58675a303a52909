"""The demo on a terminal: agents at work, and the console for the person at the keyboard."""

from __future__ import annotations

from pathlib import Path

from overread_console.cli.talk import say
from overread_console.demo.crew import Crew
from overread_console.demo.sample import arrivals, sample_folder
from overread_console.demo.stage import READY_AT_ONCE, Stage, alone_in, build
from overread_queue.clock import SystemClock

FOLDER = Path("demo-desk")


def play(keep: Path | None) -> int:
    """Fill a desk, start its agents, open the console, and say afterwards what the agents did."""
    with alone_in(keep or FOLDER, fresh=keep is None) as folder:
        say(f"filling a sample desk in {folder}/ and starting its agents")
        stage = build(folder, arrivals(sample_folder(), now=SystemClock().now()))
        with Crew(stage) as crew:
            if keep is None:
                stage.wait_for_questions(READY_AT_ONCE)
            code = _open_console(stage)
            fallen = crew.fallen()
    for line in epilogue(stage, fallen):
        say(line)
    return 1 if fallen else code


def _open_console(stage: Stage) -> int:
    from overread_console.tui.app import run

    return run(stage.db, reviewer=stage.reviewer, limit=None)


def epilogue(stage: Stage, fallen: tuple[str, ...]) -> list[str]:
    """What the agents did, in five lines."""
    acts = stage.acts.all()
    done = [act for act in acts if act.did]
    latest = done[-1] if done else None
    return [
        f"{len(stage.agents)} agents asked, each from a process of its own; all have ended.",
        f"Approved or changed: {len(done)}, each acted on once, keyed by its decision id.",
        f"Other answers: {len(acts) - len(done)}; those agents know why, and did nothing.",
        f"Latest act: {latest.did} by {latest.agent}, decision {latest.decision}."
        if latest
        else "No act yet: an agent acts only on what you approve.",
        f"Fell over by itself: {', '.join(fallen)}; {stage.log} says why."
        if fallen
        else f"It is all in {stage.folder}/; `overread demo --keep {stage.folder}` goes on.",
    ]
