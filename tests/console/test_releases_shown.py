"""What each release of blind tests alone has brought, wherever a lead looks."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import command
from factories import House
from folded import come
from journey import pass_time
from review_faces import open_screen
from tier_desks import office, tier_house

MONTH = 30 * 86_400


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def fallen(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two releases, two months ago and one; of the second hardly anything was caught."""
    here = tier_house(tmp_path_factory.mktemp("fallen"))
    for n, caught in ((60, 48), (32, 8)):
        come(here, "wrong", n, caught=caught)
        with office(here) as lea:
            lea.probe_results()
        pass_time(here, MONTH)
    return here


def told(here: House, *words: str | Path) -> str:
    done = command.run(*words, "--as", "lea", "--db", here.path)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_plain_page_has_each_release_and_the_sum(fallen: House) -> None:
    page = told(fallen, "probes", "results")

    caught = page.partition("\nCaught\n")[2].partition("\nHeld up for nothing\n")[0]
    assert re.search(r"^ +all +61 % .* 92\b", caught, re.M)
    assert re.search(r"^ +newest release alone +25 % .* 32\b", caught, re.M)
    each = caught.partition("Each release alone:")[2]
    assert re.findall(r"(\d+) %  .*  (\d+)$", each, re.M) == [("80", "60"), ("25", "32")]


def test_programs_read_the_course_with_its_dates(fallen: House) -> None:
    found = json.loads(told(fallen, "stats", "probe_hits", "--json"))

    (metric,) = found["metrics"]
    assert metric["each"] == "released"
    assert [one["n"] for one in metric["series"]] == [60, 32]


def test_the_report_draws_releases_from_before_its_period(fallen: House, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    told(fallen, "report", "--since", "7d", "--out", out)
    page = out.read_text(encoding="utf-8")

    article = page.partition('id="probe_hits"')[2].partition("</article>")[0]
    assert "released on this day (UTC)" in article
    dots = [float(one) for one in re.findall(r'<circle[^>]*cx="([0-9.]+)"', article)]
    assert len(dots) >= 2
    assert dots[0] < dots[1]
    assert "8 of the 32 newest blind tests that were wrong were caught" in page


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["small", "large"])
async def test_the_screen_draws_its_course_and_the_alarm_comes_first(
    fallen: House, size: tuple[int, int]
) -> None:
    async with open_screen(fallen, "lea", size=size) as face:
        await face.press("L")
        assert "8 of the 32 newest blind tests" in " ".join(face.text().split())
        await face.press("7")
        await face.until("newest release alone")
        if size[1] < 30:
            await face.press(*["down"] * 6)
        assert "each release alone" in face.text(), face.text()
        assert face.text().count("●") >= 2
