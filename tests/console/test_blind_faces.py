"""Whatever a reviewer can look at: a blind test looks there as its real twin does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from blind import arrived, closed, made
from command import run
from factories import NOON, POLICY, House, brief, house
from frictionless import with_friction
from overread_queue.clock import ManualClock
from overread_queue.health.tallying import Cut
from overread_queue.office import LeadOffice
from review_faces import KINDS, Face, open_face

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"[0-9a-f]{64}")
NEWS = re.compile(r" +(● live|○ polling)")
"""How the console hears of changes: it says `live` from the first one on, whenever that comes."""
STRICT = with_friction(
    POLICY,
    floor_irreversible="30s",
    read_contradictions=True,
    withhold_from="high",
    challenge_from="high",
)
"""Judgement, challenge and reading are asked for, as on a desk in use."""

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def desk(folder: Path) -> House:
    folder.mkdir()
    return house(folder, clock=ManualClock(NOON), policy=STRICT)


def with_test(folder: Path) -> tuple[House, str]:
    """Only a test waits: the real item that it came beside was taken back."""
    here = desk(folder)
    made(here, closed(here), brief(at=NOON), sort="good")
    test, real = arrived(here)
    with here.agent() as queue:
        queue.withdraw(real)
    return here, test


def with_twin(folder: Path) -> tuple[House, str]:
    """Only the same brief waits, as its agent submitted it."""
    here = desk(folder)
    closed(here)
    with here.agent() as queue:
        return here, queue.submit(brief(at=NOON)).id


async def walked(kind: str, face: Face) -> list[str]:
    """Everything on show while somebody reads, asks why, judges and answers."""
    await face.begin()
    shown = [face.text()]
    for letter in ("2", "d", "w"):
        await face.key(letter)
        shown.append(face.text())
        if kind == "screen":
            await face.key("escape")
    await face.judge("r", "2")
    shown.append(face.text())
    await face.key("r")
    await face.words("the carrier scan is signed")
    shown.append(face.text())
    return [anonymous(text) for text in shown]


def anonymous(text: str) -> str:
    return NEWS.sub(" <news>", DIGEST.sub("<digest>", ID.sub("<id>", text)))


@both_faces
async def test_both_faces_show_it_as_they_show_its_twin(kind: str, tmp_path: Path) -> None:
    (one, _), (other, _) = with_test(tmp_path / "test"), with_twin(tmp_path / "twin")
    async with open_face(kind, one) as face:
        of_test = await walked(kind, face)
    async with open_face(kind, other) as face:
        of_twin = await walked(kind, face)
    assert "suggests" in of_test[-2]
    assert of_test == of_twin


def test_the_door_and_every_command_say_the_same_of_both(tmp_path: Path) -> None:
    (one, test), (other, twin) = with_test(tmp_path / "test"), with_twin(tmp_path / "twin")
    before = said(one, test), said(other, twin)
    assert before[0] == before[1]
    for here, id in ((one, test), (other, twin)):
        with here.desk() as ana:
            ana.decide(ana.open(ana.claim(id)), option="reject", reason="signed for")
    after = said(one, test), said(other, twin)
    assert after[0] == after[1] != before[0]


def said(here: House, id: str) -> list[str]:
    """What the reviewers' door lists, and what `list` and `show` print of one item."""
    with here.desk() as ana:
        rows, overview = ana.rows([id]), ana.overview()
        found = [repr(rows), repr(overview), repr(ana.waiting_ids("refund"))]
    listed = json.loads(run("list", "--db", here.path, "--json").stdout)
    found.append(repr([one for one in listed if one["id"] == id]))
    for form in ((), ("--json",)):
        found.append(run("show", id, "--db", here.path, *form).stdout)
    return [anonymous(text) for text in found]


@pytest.mark.parametrize("cut", ["pool", "action_type", "tier"])
def test_no_count_of_what_is_open_differs_from_the_list(cut: Cut, tmp_path: Path) -> None:
    """Else the difference would say which type of action, pool or tier has a test in it."""
    here, test = with_test(tmp_path / "test")
    with here.desk() as ana:
        assert ana.waiting_ids() == (test,)
    with LeadOffice.open(here.path, reviewer="ana", clock=here.clock) as ana:
        (depth,) = ana.metrics(ana.last_days(1), ["depth"], by=cut).metrics
        (sla,) = ana.metrics(ana.last_days(1), ["sla"], by=cut).metrics
    assert [one.n for one in depth.readings] == [1, 1]
    assert [one.n for one in depth.series] == [1]
    assert ("open", 1) in sla.bars
