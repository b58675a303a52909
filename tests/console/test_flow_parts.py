"""The pure parts of the flow, as a reviewer meets them: words, keys, forms, differences."""

from __future__ import annotations

import re

import pytest

from card_samples import ASK, HAND_ON, HOUR, NOW, REJECT, a_brief, a_review, an_action, an_option
from overread_briefs.editable import Choices, Editable, EditableField
from overread_console.flow.diff import action_lines, changes
from overread_console.flow.form import form_of, read_form
from overread_console.flow.keys import COMMANDS, SPARE, option_keys
from overread_console.flow.masked import parameter_lines
from overread_console.flow.snooze import moments
from overread_console.flow.spans import plain
from overread_console.flow.words import age, count, due, duration, past_moment
from overread_queue.errors import InvalidRequest


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (14, "14 s"),
        (60, "1 m"),
        (250, "4 m 10 s"),
        (1080, "18 m"),
        (3600, "1 h"),
        (11_520, "3 h 12 m"),
        (41 * 86_400, "41 d"),
    ],
)
def test_durations_are_said_in_at_most_two_units(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def test_a_deadline_is_ahead_or_late_and_an_age_has_one_unit() -> None:
    assert due(NOW + HOUR, NOW) == "in 1 h"
    assert due(NOW - HOUR, NOW) == "1 h late"
    assert age(NOW - HOUR - 720_000, NOW) == "1 h"


def test_what_lies_weeks_back_has_a_date_and_no_weekday() -> None:
    assert re.fullmatch(r"[A-Z][a-z]{2} \d\d:\d\d", past_moment(NOW - HOUR, NOW))
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", past_moment(NOW - 200 * 24 * HOUR, NOW))
    assert (count(1, "item"), count(2, "item")) == ("1 item", "2 items")


def test_each_kind_of_option_has_its_own_letter_whatever_the_order() -> None:
    options = [HAND_ON, REJECT, an_option(), ASK]
    assert option_keys(options) == {
        "e": "hand-on",
        "r": "reject",
        "a": "approve",
        "i": "need-info",
    }


def test_a_second_option_of_a_kind_gets_a_letter_that_nothing_else_uses() -> None:
    options = [an_option(), an_option("half"), an_option("less"), REJECT]
    letters = option_keys(options)
    assert letters == {"a": "approve", "b": "half", "f": "less", "r": "reject"}
    assert not set(SPARE) & {command.key for command in COMMANDS}


def test_approve_and_reject_are_not_neighbours_on_a_keyboard() -> None:
    neighbours = {"a": "qwsz", "r": "edft45"}
    letters = option_keys([an_option(), REJECT])
    by_option = {option: letter for letter, option in letters.items()}
    assert by_option["reject"] not in neighbours[by_option["approve"]]


EDITABLE = Editable(
    type="object",
    properties={
        "amount": EditableField(type="number", title="Amount (USD)", minimum=0.01, maximum=420),
        "days": EditableField(type="integer"),
        "notify": EditableField(type="boolean"),
        "months": EditableField(type="integer", enum=[3, 6, 12]),
        "effective": EditableField(type="string", format="date"),
        "columns": EditableField(type="array", items=Choices(type="string", enum=["net", "vat"])),
    },
)
ACTION = an_action().model_copy(
    update={"editable": EDITABLE, "parameters": {"amount": 420.0, "days": 3, "columns": ["net"]}}
)


def test_a_form_shows_the_proposal_and_says_what_may_be_entered() -> None:
    fields = {field.name: field for field in form_of(ACTION)}
    assert fields["amount"].text == "420.0"
    assert fields["columns"].text == "net"
    hints = {name: field.hint for name, field in fields.items()}
    assert hints == {
        "amount": "0.01 to 420",
        "days": "",
        "notify": "yes | no",
        "months": "3 | 6 | 12",
        "effective": "YYYY-MM-DD",
        "columns": "net | vat, with commas",
    }


def test_a_form_gives_only_what_differs_from_the_proposal_in_its_own_type() -> None:
    texts = {
        "amount": "210",
        "days": "3",
        "notify": "yes",
        "months": "6",
        "effective": "2026-11-30",
        "columns": "net, vat",
    }
    assert read_form(form_of(ACTION), texts) == {
        "amount": 210,
        "notify": True,
        "months": 6,
        "effective": "2026-11-30",
        "columns": ["net", "vat"],
    }


def test_what_was_entered_before_an_undo_is_there_again_and_still_counts() -> None:
    fields = form_of(ACTION, {"amount": 99.5})
    assert read_form(fields, {}) == {"amount": 99.5}


@pytest.mark.parametrize(
    ("name", "text"), [("amount", "lots"), ("amount", "nan"), ("months", "4"), ("columns", "gross")]
)
def test_what_cannot_be_read_is_refused_with_the_fields_name(name: str, text: str) -> None:
    fields = form_of(ACTION)
    title = next(field.title for field in fields if field.name == name)
    with pytest.raises(InvalidRequest, match=title.replace("(", r"\(").replace(")", r"\)")):
        read_form(fields, {name: text})


def test_a_difference_names_what_changes_and_keeps_the_rest_in_sight() -> None:
    edited = ACTION.model_copy(update={"parameters": ACTION.parameters | {"amount": 210.0}})
    review = a_review(a_brief(action=ACTION))
    assert [plain(line) for line in action_lines(review, edited)] == [
        "will be executed  payments.refund",
        "~ amount: 420.0 → 210.0",
        "  days: 3",
        '  columns: ["net"]',
    ]


def test_masked_values_are_named_with_their_class_and_the_next_one_says_how() -> None:
    review = a_review(masked_parameters={"iban": "restricted", "order": "confidential"})
    assert [plain(line) for line in parameter_lines(review)] == [
        "  order: ●●●● (confidential, v shows it; that is recorded)",
        "  amount: 420.0",
        "  iban: ●●●● (restricted) · only in an option",
    ]


def test_the_same_number_written_differently_is_no_change() -> None:
    assert [one.changed for one in changes({"amount": 420.0}, {"amount": 420})] == [False]
    assert [one.changed for one in changes({}, {"amount": 420})] == [True]


def test_moments_to_snooze_until_say_which_are_too_late() -> None:
    offered = moments(NOW, NOW + 2 * HOUR)
    assert [moment.late for moment in offered] == [False, False, True, True]
    assert offered[0].until == NOW + 900_000
