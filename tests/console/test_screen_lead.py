"""The lead's screens: what is wrong first, numbers with their samples, keys that say why not."""

from __future__ import annotations

import getpass
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from command import run
from factories import House, brief, house
from hostile import ACTIVE
from overread_briefs import Software
from overread_briefs.width import cells
from overread_console.lead.pages import PAGES
from overread_queue import LeadOffice
from overread_queue.setup import add_reviewer
from overread_queue.trust.people import LEAD, Reviewer
from review_faces import Screen, manual, open_screen

SMALL, LARGE = (80, 24), (120, 40)
DAY = 86_400
NUMBERS = "".join(str(at + 1) for at in range(len(PAGES)))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def led(folder: Path) -> House:
    """A desk that lea leads."""
    made = house(folder)
    person = Reviewer(name="lea", label="Lea", roles=(LEAD,), user=(getpass.getuser(),))
    add_reviewer(made.places, person)
    return made


@pytest.fixture
def here(tmp_path: Path) -> House:
    return led(tmp_path)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> House:
    """To be looked at only."""
    return led(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Three days of work, and then an agent in a new version. To be looked at only."""
    made = led(tmp_path_factory.mktemp("busy"))
    a_few_days(made)
    a_new_version(made)
    return made


def ask(
    here: House, *, items: int = 1, agent: str = "refund-agent", version: str = "1.4.0"
) -> None:
    with here.agent(agent) as queue:
        for at in range(items):
            asked = brief(run=f"run-{here.clock.now()}-{at}", at=here.clock.now())
            software = Software(name=agent, version=version)
            queue.submit(asked.model_copy(update={"agent": software}))


def review(here: House, *, seconds: int = 40) -> None:
    with here.desk("ben") as desk:
        session = desk.start_session()
        for item in session.items:
            look = desk.open(item)
            manual(here).advance(seconds=seconds)
            desk.active(look)
            desk.decide(look, option="reject", reason="the parcel was delivered")
        desk.end_session(session)


def a_few_days(here: House, days: int = 3) -> None:
    for _ in range(days):
        ask(here, items=4)
        review(here)
        manual(here).advance(seconds=DAY)


def a_new_version(here: House, agent: str = "refund-agent") -> None:
    """What raises an alarm: an agent whose version nobody has seen before."""
    ask(here, agent=agent)
    manual(here).advance(seconds=60)
    ask(here, agent=agent, version="2.0.0")


def body(face: Screen) -> str:
    """The page without what frames it."""
    return "\n".join(face.lines()[3:-2])


async def open_page(face: Screen, number: str) -> str:
    await face.press(number)
    return body(face)


# -- an empty desk


async def test_an_empty_desk_says_what_to_do_on_every_page(empty: House) -> None:
    async with open_screen(empty, "lea") as face:
        await face.press("L")
        assert "no alarm is standing" in body(face)
        assert "`overread submit` brings the first question" in " ".join(face.text().split())
        for number in NUMBERS:
            assert len(await open_page(face, number)) > 0
            assert "None" not in face.text()
        await face.press("2")
        row = next(line for line in face.lines() if "Overridden" in line)
        assert re.search(r"Overridden +– +0 +no data", row)
        await face.press("escape")
        assert "Ready for you" in face.text()


# -- measures


async def test_a_measure_is_opened_with_its_question_and_what_it_cannot_tell(busy: House) -> None:
    async with open_screen(busy, "lea", size=LARGE) as face:
        await face.press("L", "2", "down", "enter")
        shown = body(face)
        for words in ("Overridden", "overread stats override_rate", "100 %", "n 12", "●", "│"):
            assert words in shown
        assert "cannot tell" in shown
        assert "payments.refund" in shown
        await face.press("right")
        assert "overread stats override_rate" not in body(face)
        await face.press("left", "escape")
        assert re.search(r"▸ Overridden", body(face))


async def test_review_times_are_a_distribution_over_as_many_days_as_are_asked_for(
    busy: House,
) -> None:
    async with open_screen(busy, "lea") as face:
        await face.press("L")
        row = next(line for line in face.lines() if "Review time" in line)
        assert "p50" in row
        assert "█" in row
        assert "last 30 days" in face.text()
        await face.press("left_square_bracket", "left_square_bracket")
        assert "last 1 day " in face.text()
        await face.press("left_square_bracket")
        assert "the shortest there is" in face.text()


# -- alarms


async def test_an_alarm_comes_first_and_is_opened_from_there(busy: House) -> None:
    async with open_screen(busy, "lea") as face:
        await face.press("L")
        first = next(line for line in body(face).splitlines() if line.strip())
        assert "▸ ⚠" in first
        assert "1 alarm to look into" in face.text()
        await face.press("enter")
        for words in ("often because", "look at", "raised", "2.0.0"):
            assert words in body(face)


async def test_what_is_stopped_comes_before_every_alarm(here: House) -> None:
    a_new_version(here)
    with here.desk("ben") as desk:
        desk.stop("refund-agent", reason=f"refunds go out twice {ACTIVE}")
    async with open_screen(here, "lea") as face:
        await face.press("L")
        first, second, *rest = (line for line in body(face).splitlines() if line.strip())
        assert "✗ refund-agent is stopped: refunds go out twice" in first
        assert "since" in first
        assert "⟪ESC⟫]0;x⟪BEL⟫" in second
        assert any("overread lift refund-agent" in line for line in rest)
        assert "▸ ⚠" in face.text()
        await face.press("enter")
        assert "new version" in body(face)


async def test_a_lead_acknowledges_what_is_open_and_it_stays_open(here: House) -> None:
    a_new_version(here)
    a_new_version(here, agent="ana-agent")
    async with open_screen(here, "lea") as face:
        await face.press("L", "3", "enter")
        assert "new version: ana-agent" in body(face)
        await face.press("a")
        assert "What did you find?" in face.text()
        await face.words(f"released on Friday {ACTIVE}")
        assert "1 alarm to look into" in face.text()
        assert "new version: ana-agent" in body(face)
        assert "by lea" in body(face)
        assert "released on Friday" in body(face)
        assert "⟪ESC⟫]0;x⟪BEL⟫" in body(face)
    with LeadOffice.open(here.path, reviewer="lea", clock=here.clock) as office:
        left, seen = office.alarms()
    assert (left.acknowledged_at, seen.acknowledged_by) == (None, "lea")
    assert seen.note.startswith("released on Friday")


async def test_who_is_no_lead_may_read_and_is_told_who_may_acknowledge(busy: House) -> None:
    async with open_screen(busy, "ana") as face:
        await face.press("L", "3", "a")
        assert "only a lead acknowledges" in face.text()
        await face.press("enter")
        assert "often because" in body(face)
    with LeadOffice.open(busy.path, reviewer="lea", clock=busy.clock) as office:
        assert [one.acknowledged_at for one in office.alarms()] == [None]


async def test_keys_that_cannot_act_say_why_and_the_help_has_them_all(empty: House) -> None:
    async with open_screen(empty, "lea", size=LARGE) as face:
        await face.press("L", "a")
        assert "choose an alarm first" in face.text()
        await face.press("4", "enter")
        assert "nothing to open" in face.text()
        await face.press("question_mark")
        assert "the truth is on it 95 times in 100" in face.text()
        assert "…" not in face.text()


# -- breaches, sessions, staffing


async def test_missed_deadlines_stand_beside_answers(here: House) -> None:
    ask(here)
    review(here)
    ask(here)
    manual(here).advance(seconds=5 * 3600)
    async with open_screen(here, "lea") as face:
        await face.later(11)
        await face.press("L")
        shown = await open_page(face, "4")
        assert re.search(r"refund-agent +payments.refund +refunds +1", shown)
        assert re.search(r"payments.refund +reject +1", shown)


async def test_sessions_name_nobody_and_say_when_they_nearly_do(busy: House) -> None:
    async with open_screen(busy, "lea") as face:
        await face.press("L")
        shown = await open_page(face, "5")
        assert re.search(r"2026-11-\d\d +1 +3 ", shown)
        assert "never the person" in " ".join(shown.split())
        assert "ben" not in shown.lower()


async def test_staffing_holds_people_against_work_and_prices_every_control(busy: House) -> None:
    async with open_screen(busy, "lea", size=LARGE) as face:
        await face.press("L")
        shown = await open_page(face, "6")
        assert "3.5 reviews a day of 3 m each (as the policy expects)" in shown
        assert "1 reviewer needed" in shown
        assert "enough: 2 people hold the role" in shown
        assert re.search(r"probe_fraction +2 % ", shown)


def test_staffing_is_told_in_plain_lines_and_as_data(busy: House) -> None:
    at = ("--since", "2026-11-01", "--until", "2026-12-01", "--reviewers", "9", "--as", "lea")
    told = run("staffing", "--db", busy.path, *at)
    assert "3.5 reviews a day" in told.stdout
    assert re.search(r"^ +9 +", told.stdout, re.MULTILINE)
    assert all(cells(line) <= 78 for line in told.stdout.splitlines())
    (pool,) = json.loads(run("staffing", "--db", busy.path, *at, "--json").stdout)["pools"]
    assert [one["reviewers"] for one in pool["crews"]] == [1, 2, 3, 9]
    assert pool["needed"] == 1


def test_without_a_terminal_it_names_the_commands_that_say_the_same(empty: House) -> None:
    refused = run("lead", "--db", empty.path, "--as", "lea")
    assert refused.returncode == 2
    assert "overread stats" in refused.stderr


# -- pictures


async def test_a_picture_is_saved_once_under_its_name_and_fetches_nothing(
    busy: House, tmp_path: Path
) -> None:
    async with open_screen(busy, "lea") as face:
        await face.press("L", "s")
        await face.words(str(tmp_path / "week.svg"))
        assert "saved as" in face.text()
        await face.press("s")
        await face.words(str(tmp_path / "week.svg"))
        assert "is there already; choose another name" in " ".join(face.text().split())
    svg = (tmp_path / "week.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "health" in svg
    assert 'url("http' not in svg
    assert "@font-face" not in svg


async def test_what_fails_is_told_where_it_happened_and_not_once_more_below(
    busy: House, tmp_path: Path
) -> None:
    there = tmp_path / "week.svg"
    there.touch()
    async with open_screen(busy, "lea") as face:
        await face.press("L", "s")
        await face.words(str(there))
        assert "✗" in face.text()
        assert "is there already" in " ".join(face.text().split())
        await face.press("escape", "escape")
        assert "Ready for you" in face.text()
        assert "✗" not in face.text()


# -- room


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
async def test_nothing_is_cut_on_any_page(busy: House, size: tuple[int, int]) -> None:
    async with open_screen(busy, "lea", size=size) as face:
        await face.press("L")
        for number in NUMBERS:
            await face.press(number)
            assert "…" not in face.text(), face.text()
            assert "? help" in face.lines()[-1]
            await face.press("enter")
            assert "…" not in face.text(), face.text()
            await face.press("escape" if number in "123" else number)
