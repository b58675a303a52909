"""Every example in briefs/README.md does what the text around it says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from overread_briefs import brief_sha256, budget, card_facts, parse_brief

README = Path(__file__).parents[2] / "briefs" / "README.md"


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.M)


def test_the_json_example_is_a_brief_within_the_budget() -> None:
    (document,) = examples("json")
    brief = parse_brief(document.encode())
    assert [fact.id for fact in card_facts(brief)] == ["carrier-scan", "mail"]


def test_the_python_examples_run_and_print_what_the_text_shows() -> None:
    shown = "".join(examples("text"))
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(examples("python"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == shown


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="the recipe uses sha256sum")
def test_the_shell_recipe_computes_the_digest(tmp_path: Path) -> None:
    (document,) = examples("json")
    (recipe,) = examples("sh")
    (tmp_path / "brief.json").write_text(document, "utf-8")
    done = subprocess.run(
        ["sh", "-c", recipe], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[0] == brief_sha256(document.encode())


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ("`question`", (budget.QUESTION_WORDS, budget.QUESTION_LINES, budget.CARD_CELLS)),
        (
            "titles of three facts",
            (budget.FACT_WORDS, budget.TITLE_LINES, budget.TITLE_CELLS, budget.FACT_LINES),
        ),
        ("consequences", (budget.CONSEQUENCE_WORDS, budget.CONSEQUENCE_CELLS)),
        (
            "`recommendation.reason`",
            (budget.REASON_WORDS, budget.SUGGESTION_LINES, budget.CONSEQUENCE_CELLS),
        ),
        (
            "`recommendation.doubt`",
            (budget.DOUBT_WORDS, budget.SUGGESTION_LINES, budget.CONSEQUENCE_CELLS),
        ),
        ("label of an option", (budget.LABEL_CELLS,)),
    ],
)
def test_the_budget_table_holds_the_real_limits(row: str, limits: tuple[int, ...]) -> None:
    table = README.read_text("utf-8").partition("## The thirty-second budget")[2]
    (line,) = re.findall(rf"^\| {re.escape(row)}.*$", table, re.M)
    assert tuple(map(int, re.findall(r"\d+", line))) == limits


def test_the_first_card_holds_85_words() -> None:
    first_card = (
        budget.QUESTION_WORDS,
        budget.FACT_WORDS,
        budget.CONSEQUENCE_WORDS,
        budget.REASON_WORDS,
    )
    assert sum(first_card) == 85
