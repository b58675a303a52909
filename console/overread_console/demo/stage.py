"""Where the demo plays: a folder with a desk in it, and what each agent will ask."""

from __future__ import annotations

import fcntl
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from overread_console.cli.people import os_user
from overread_console.demo import work
from overread_console.demo.acts import Acts
from overread_console.demo.patience import until
from overread_console.demo.sample import Arrival, sample_folder
from overread_console.demo.work import Errand
from overread_queue.desk import ReviewDesk
from overread_queue.errors import InvalidRequest
from overread_queue.setup import add_reviewer, init_desk
from overread_queue.trust.people import Reviewer

READY_AT_ONCE = 24
"""The rest of the briefs trickle in while somebody is looking."""
TRICKLE_SECONDS = 25
SHORTENED = {
    "floor_hard": "10s",
    "floor_irreversible": "10s",
    "words_per_minute": 600,
    "withhold_fraction": 0,
}
"""Friction of a play: everything is asked for, only the waits are shorter and nothing is drawn."""
SHORTENED_UNDO = "3s"
_NOTE = """\
# Not for work: in this copy of sample_data/policy.toml approving waits 10 s at least instead of 45,
# nobody is expected to read more slowly than 600 words a minute instead of 300, undo ends after 3 s
# instead of 10, and nothing is drawn by lot.
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """A demo's folder."""

    folder: Path
    reviewer: str = "you"
    """The person at the keyboard."""

    @property
    def db(self) -> Path:
        return self.folder / "desk.db"

    @property
    def acts(self) -> Acts:
        return Acts(self.folder / "acts.jsonl")

    @property
    def agents(self) -> tuple[str, ...]:
        """Every agent that has something to ask here."""
        return tuple(sorted(file.stem for file in (self.folder / "agents").glob("*.json")))

    @property
    def log(self) -> Path:
        """What the agents' processes say of themselves."""
        return self.folder / "agents.log"

    def wait_for_questions(self, count: int) -> None:
        """Raises `AgentsFell` if they have not been asked in time."""
        with ReviewDesk.open(self.db, reviewer=self.reviewer) as desk:
            until(
                lambda: len(desk.waiting_ids()) >= count,
                missing=f"fewer than {count} questions are on the desk",
                log=self.log,
            )

    def wait_for_acts(self, count: int) -> None:
        """Raises `AgentsFell` if the agents have not acted in time."""
        until(
            lambda: len(self.acts.all()) >= count,
            missing=f"the agents have followed fewer than {count} decisions",
            log=self.log,
        )


@contextmanager
def alone_in(folder: Path, *, fresh: bool) -> Iterator[Path]:
    """The folder for one demo at a time, emptied first if `fresh`.

    Only a folder that a demo made is ever emptied.
    """
    marker = folder / "overread-demo"
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise InvalidRequest(f"{folder} holds something else; choose another folder with --keep")
    folder.mkdir(parents=True, exist_ok=True)
    with marker.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InvalidRequest(f"another demo is playing in {folder}") from error
        if fresh:
            _empty(folder, but=marker)
        yield folder


def build(folder: Path, arrivals: tuple[Arrival, ...], *, shortened: bool = False) -> Stage:
    """Make the desk and the agents' errands; a desk that is there already is taken as it is.

    `shortened` replaces some of the policy's waits by shorter ones.
    """
    stage = Stage(folder)
    if not stage.db.exists():
        _make_desk(stage, _policy(shortened=shortened))
        _hand_out(stage, arrivals)
    return stage


def _policy(*, shortened: bool) -> bytes:
    """The sample's, on which nothing waits for a second person: there is only one."""
    policy = tomllib.loads((sample_folder() / "policy.toml").read_text(encoding="utf-8"))
    policy["friction"]["dual_fraction"] = 0
    for cells in policy["governance"].values():
        for cell in cells.values():
            cell.pop("dual", None)
    if not shortened:
        return tomli_w.dumps(policy).encode()
    policy["settings"]["undo"] = SHORTENED_UNDO
    policy["friction"] |= SHORTENED
    return (_NOTE + tomli_w.dumps(policy)).encode()


def _make_desk(stage: Stage, policy: bytes) -> None:
    """The person at the keyboard reviews in every role and alone: hence a single-operator desk."""
    sample = sample_folder()
    places = init_desk(
        stage.db,
        policy=policy,
        reviewers=(sample / "reviewers.toml").read_bytes(),
        agents=(sample / "agents.toml").read_bytes(),
        name="Tarnwald, a sample desk",
        single_operator=True,
    )
    pools = tomllib.loads(policy.decode())["pools"].values()
    roles = tuple(sorted({pool["role"] for pool in pools}))
    you = Reviewer(name=stage.reviewer, label=os_user(), roles=roles, user=(os_user(),))
    add_reviewer(places, you)


def _hand_out(stage: Stage, arrivals: tuple[Arrival, ...]) -> None:
    """Give each agent its errands; the later ones come one by one."""
    for agent in {arrival.agent for arrival in arrivals}:
        errands = [
            _errand(arrival, late=max(0, index - READY_AT_ONCE + 1))
            for index, arrival in enumerate(arrivals)
            if arrival.agent == agent
        ]
        work.save(stage.db, agent, tuple(errands))


def _errand(arrival: Arrival, *, late: int) -> Errand:
    return Errand(
        key=arrival.key,
        brief=arrival.brief,
        minutes_ago=0 if late else arrival.minutes_ago,
        delay=late * TRICKLE_SECONDS,
    )


def _empty(folder: Path, *, but: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry != but:
            entry.unlink()
