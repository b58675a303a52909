"""A closed question is made wrong in one place: who reads sees it, who only looks does not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from factories import brief
from overread_briefs import Brief, Evidence, Link, brief_sha256, parse_brief
from overread_queue.errors import Unsuited
from overread_queue.probing.mutations import MUTATIONS, Mutated, Mutation, mutate
from overread_queue.probing.redating import redated
from overread_queue.probing.renaming import references
from overread_queue.probing.rewriting import agent_text, evidence_text

DAY_MS = 86_400_000
SAMPLES = sorted((Path(__file__).parents[2] / "sample_data" / "briefs").glob("*.json"))
WRONG = tuple(one for one in MUTATIONS if one != "none")


@cache
def sample(number: int) -> Brief:
    return parse_brief(SAMPLES[number - 1].read_bytes())


@cache
def made(number: int, mutation: Mutation) -> Brief:
    return mutate(sample(number), mutation, salt="salt").brief


def evidence(found: Brief, id: str) -> Evidence:
    (one,) = (one for one in found.evidence if one.id == id)
    return one


def tried(number: int, mutation: Mutation) -> Mutated | Unsuited:
    try:
        return mutate(sample(number), mutation, salt="salt")
    except Unsuited as error:
        return error


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_sample_becomes_a_test_or_says_why_not(mutation: Mutation) -> None:
    suited = 0
    for number in range(1, len(SAMPLES) + 1):
        source, found = sample(number), tried(number, mutation)
        advised = source.recommendation and source.recommendation.option
        if isinstance(found, Unsuited):
            assert mutation != "none" or advised not in (None, "approve")
            assert found.mutation == mutation
            continue
        suited += 1
        body = found.brief.to_bytes()
        assert advised in (None, "approve")
        assert parse_brief(body) == found.brief
        assert (found.explanation == "") == (mutation == "none")
        if references(source) or mutation != "none":
            assert brief_sha256(body) != brief_sha256(source.to_bytes())
    assert suited >= 10


@pytest.mark.parametrize("mutation", [one for one in WRONG if one != "wrong_policy"])
def test_little_is_changed_beside_the_names(mutation: Mutation) -> None:
    """What is wrong drowns in what is right: else nobody would have to read."""
    control, found = (Counter(made(36, one).to_bytes().split()) for one in ("none", mutation))
    changed = (control - found).total() + (found - control).total()
    assert 0 < changed < control.total() / 4


def test_a_control_is_the_case_itself_under_other_names() -> None:
    source, control = sample(36), made(36, "none")
    assert not set(references(source)) & set(references(control))
    names = dict(zip(references(source), references(control), strict=True))
    text = source.to_bytes().decode()
    for old, new in names.items():
        text = text.replace(old, new)
    assert control == parse_brief(text.encode())
    assert control.question != source.question


def test_two_tests_of_one_case_have_different_names() -> None:
    one, other = (mutate(sample(1), "none", salt=salt).brief for salt in ("a", "b"))
    assert references(one) != references(other)


def test_the_agent_names_another_account_than_its_evidence() -> None:
    found = made(2, "swapped_beneficiary")
    account = found.action.parameters["account"]
    assert isinstance(account, str)
    assert found.action.target == account
    assert f"{account}  Anna Meyer" in evidence_text(found)
    assert account not in evidence(found, "account").title


def test_without_another_one_at_hand_two_figures_change_places() -> None:
    found = made(36, "swapped_beneficiary")
    order = found.action.parameters["order"]
    assert isinstance(order, str)
    assert order in found.question
    assert order not in evidence_text(found)
    assert sorted(order) == sorted(made(36, "none").action.target or "")


def test_a_payment_is_ten_times_what_the_invoice_says() -> None:
    found = made(36, "unit_error")
    assert found.action.parameters["amount"] == 64100.0
    assert "€64,100.00" in found.question
    assert "6,410.00" not in agent_text(found)
    assert "gross EUR 6,410.00" in evidence_text(found)
    assert {one.observed for one in found.triggers} == {64100.0}
    assert found.action.editable is not None
    assert found.action.editable.properties["amount"].maximum == 64100.0


def test_counts_stay_whole_numbers() -> None:
    found = made(22, "unit_error")
    assert json.dumps(found.action.parameters["recipients"]) == "19660"
    assert "19,660 buyers" in found.question


def test_a_source_is_of_the_year_before_and_looks_as_fresh_as_ever() -> None:
    found = evidence(made(36, "stale_document"), "carrier")
    assert "14 September 2025" in str(found.content)
    assert "2025-08-27" in str(found.content)
    assert "2026" not in str(found.content)
    assert found.as_of == evidence(sample(36), "carrier").as_of


def test_since_when_something_holds_makes_it_no_older() -> None:
    """ "Since 1 March 2025" is as good as "since 1 March 2026"."""
    with pytest.raises(Unsuited, match="no source of it that ages"):
        made(27, "stale_document")


@pytest.mark.parametrize(
    ("number", "id", "marks"),
    [(1, "policy-4-2", ("2026", "20")), (9, "regel", (".2026", "F"))],
)
def test_a_rule_says_in_its_language_that_it_has_ended(
    number: int, id: str, marks: tuple[str, ...]
) -> None:
    heading, _, rest = str(evidence(made(number, "wrong_policy"), id).content).partition("\n\n")
    assert rest == evidence(made(number, "none"), id).content
    assert all(mark in heading for mark in marks)


def test_a_check_was_skipped_and_what_it_found_is_gone() -> None:
    found = made(35, "missing_step")
    skipped = [one.text for one in found.accomplished if one.outcome == "skipped"]
    assert skipped == ["Evaluated the questionnaire"]
    assert "questionnaire" not in [one.id for one in found.evidence]
    assert found.recommendation == made(35, "none").recommendation


def test_a_masked_value_is_not_told_in_the_explanation() -> None:
    written = sample(28)
    action = written.action.model_copy(update={"sensitive": {"card_ending": "restricted"}})
    hidden = written.model_copy(update={"action": action})
    assert "7730" in mutate(written, "swapped_beneficiary", salt="s").explanation
    told = mutate(hidden, "swapped_beneficiary", salt="s")
    assert told.brief.action.sensitive == {"card_ending": "restricted"}
    assert "7730" not in told.explanation


def linked(found: Brief) -> Brief:
    link = Link(url="https://files.example/scan.pdf", sha256="0" * 64)
    scan = found.evidence[0].model_copy(update={"link": link})
    return found.model_copy(update={"evidence": (scan, *found.evidence[1:])})


def advised_against(found: Brief) -> Brief:
    assert found.recommendation is not None
    doubtful = found.recommendation.model_copy(update={"option": "reject"})
    return found.model_copy(update={"recommendation": doubtful})


@pytest.mark.parametrize(
    ("change", "why"), [(linked, "lies elsewhere"), (advised_against, "advised against")]
)
def test_what_could_not_fool_anybody_is_refused(change: Callable[[Brief], Brief], why: str) -> None:
    for mutation in MUTATIONS:
        with pytest.raises(Unsuited, match=why):
            mutate(change(sample(36)), mutation, salt="s")


def test_what_no_longer_fits_on_a_card_is_refused() -> None:
    source = sample(36)
    tight = source.options[0].model_copy(update={"label": "credit now €6,410.00"})
    full = source.model_copy(update={"options": (tight, *source.options[1:])})
    with pytest.raises(Unsuited, match="cannot be submitted"):
        mutate(full, "unit_error", salt="s")


def test_a_case_without_numbers_keeps_its_names() -> None:
    plain = brief(question="Is the sign straight?")
    assert mutate(plain, "none", salt="s").brief.question == plain.question


def test_the_guide_names_every_mutation() -> None:
    guide = (SAMPLES[0].parents[2] / "queue" / "README.md").read_text()
    making = guide.partition("### Making tests")[2].partition("\n### ")[0]
    assert [line.split("`")[1] for line in making.splitlines() if line.startswith("| `")] == [
        *WRONG,
        "none",
    ]


# -- as old as it was


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("Date: Tue, 15 Sep 2026 08:10 UTC", "Date: Sun, 22 Nov 2026 08:10 UTC"),
        ("on 4 July, day 21", "on 10 September, day 21"),
        ("Di, 15. Sep. 2026, am 9. September", "So, 22. Nov. 2026, am 16. November"),
        ("am 3. August 2026 und 15.12.2026", "am 10. Oktober 2026 und 21.02.2027"),
        ("closes on Friday", "closes on Wednesday"),
        ("prices of June 2026", "prices of August 2026"),
        ("2026-09-15T14:00:00Z", "2026-11-22T14:00:00Z"),
        ("2026-09-14/2026-09-30", "2026-11-21/2026-12-07"),
        ("30 February, DSR-2026-09-15, 40 May be", "30 February, DSR-2026-09-15, 40 May be"),
    ],
)
def test_dates_in_texts_move_with_the_case(text: str, later: str) -> None:
    plain = brief(question=text, at=sample(1).provenance.at)
    assert redated(plain, by=68 * DAY_MS + 3_600_000).question == later


def test_a_case_fits_on_its_card_on_any_day_of_the_year() -> None:
    source = sample(36)
    for days in range(7, 366, 51):
        moved = redated(source, by=days * DAY_MS)
        assert parse_brief(moved.to_bytes()) == moved
        assert moved != source
        assert redated(moved, by=-days * DAY_MS).question == source.question
    assert redated(source, by=DAY_MS // 3) == source
