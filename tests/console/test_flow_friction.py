"""What the flow asks of an approval: locks, a first judgement, a challenge, a token."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from card_samples import ASK, HAND_ON, REJECT, a_review, an_action, an_option
from factories import POLICY, House, brief, house
from frictionless import with_friction
from overread_briefs import action_sha256
from overread_briefs.brief import Option
from overread_console.flow.card import card_of, kept_apart
from overread_console.flow.desk_view import desk_lines, view_of
from overread_console.flow.layout import layout
from overread_console.flow.prompt import ChallengeWords
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.spans import Line, plain
from overread_console.flow.summary import summary_lines
from overread_console.flow.token import token_of
from overread_queue.errors import Boilerplate, CapReached, InvalidRequest
from overread_queue.states import EscalationState
from review_desk import read_for, reviewing, state_of, submitted
from review_faces import manual

WRONG_IF = "the signature on the scan turns out to be the customer's own"


def strict(folder: Path, **controls: str | float | bool) -> House:
    """A desk with some controls of friction on, and one refund waiting."""
    return house(folder, policy=with_friction(POLICY, **controls))


# -- locks


def test_a_lock_counts_down_with_the_clock_and_opens(tmp_path: Path) -> None:
    here = strict(tmp_path, floor_irreversible="45s")
    submitted(here)
    with reviewing(here) as flow:
        assert flow.scene.lock == "approve in 45 s"
        read_for(flow, here, 7)
        assert flow.scene.lock == "approve in 38 s"
        read_for(flow, here, 38)
        assert flow.scene.lock == ""
        assert flow.prepare("approve").kind == "token"


def test_only_what_pays_is_locked(tmp_path: Path) -> None:
    here = strict(tmp_path, floor_irreversible="45s", read_contradictions=True)
    ticket = submitted(here)
    with reviewing(here) as flow:
        keys = flow.scene.keys()
        locked = {key.key for key in keys if key.why == flow.scene.lock}
        assert locked == {"a", "m"}
        with pytest.raises(InvalidRequest, match="approve in 45 s · 1 contradiction unread"):
            flow.prepare("approve")
        flow.choose("reject", reason="signed for")
    assert state_of(here, ticket) is EscalationState.DECIDED


def test_a_contradiction_is_named_by_its_key_until_it_is_read(tmp_path: Path) -> None:
    here = strict(tmp_path, read_contradictions=True)
    submitted(here)
    with reviewing(here) as flow:
        assert flow.scene.lock == "before you approve: 1 contradiction unread (1)"
        flow.read(1)
        assert flow.scene.lock == ""


def test_a_minute_without_a_key_pauses_the_countdown_and_says_so(tmp_path: Path) -> None:
    here = strict(tmp_path, floor_irreversible="90s")
    submitted(here)
    with reviewing(here) as flow:
        read_for(flow, here, 5)
        for _ in range(7):
            manual(here).advance(seconds=10)
            flow.tick()
        assert flow.scene.lock == "approve in 25 s, paused until you press a key"
        read_for(flow, here, 1)
        assert flow.scene.lock == "approve in 25 s"
        read_for(flow, here, 4)
        assert flow.scene.lock == "approve in 21 s"


def test_time_in_another_window_is_not_counted_down(tmp_path: Path) -> None:
    here = strict(tmp_path, floor_irreversible="45s")
    submitted(here)
    with reviewing(here) as flow:
        flow.looked_away(lost=True)
        manual(here).advance(seconds=9)
        flow.tick()
        assert flow.scene.lock == "approve in 45 s, paused until you press a key"
        flow.looked_away(lost=False)
        read_for(flow, here, 5)
        assert flow.scene.lock == "approve in 40 s"


def test_a_stopped_agent_locks_its_items_and_says_who_lifts_it(tmp_path: Path) -> None:
    here = strict(tmp_path)
    submitted(here)
    with reviewing(here) as flow:
        flow.stop("refund-agent", "it pays twice")
        assert "refund-agent was stopped by ana: it pays twice; a lead lifts it" in flow.scene.lock
        assert [halt.agent for halt in flow.scene.halts] == ["refund-agent"]


# -- the first judgement


def test_the_suggestion_comes_after_the_own_judgement_and_beside_it(tmp_path: Path) -> None:
    here = strict(tmp_path, withhold_from="high")
    submitted(here)
    with reviewing(here) as flow:
        card = flow.scene.card
        assert card is not None
        assert (card.withheld, card.suggestion) == (True, None)
        assert "your own judgement (j)" in flow.scene.lock
        flow.judge("reject", "medium")
        card = flow.scene.card
        assert card is not None
        assert (card.withheld, card.judged) == (False, "Reject (medium)")
        assert card.suggestion is not None
        assert flow.scene.lock == ""


def test_a_judgement_stays_as_it_was(tmp_path: Path) -> None:
    here = strict(tmp_path, withhold_from="high")
    submitted(here)
    with reviewing(here) as flow:
        flow.judge("reject", "medium")
        with pytest.raises(InvalidRequest, match="judged"):
            flow.judge("approve", "high")
        key = flow.scene.key("j")
        assert key is not None
        assert "Reject (medium)" in key.why


def test_a_judgement_without_its_suggestion_shows_it_when_the_item_comes_up_again(
    tmp_path: Path,
) -> None:
    here = strict(tmp_path, withhold_from="high")
    submitted(here)
    with here.desk() as earlier:
        (item,) = earlier.start_session().items
        earlier.judge(earlier.open(item), option="reject", confidence="low")
    with reviewing(here) as flow:
        assert flow.scene.card is not None
        assert flow.scene.card.suggestion is not None


def test_there_is_nothing_to_judge_first_where_nothing_is_withheld(tmp_path: Path) -> None:
    here = strict(tmp_path)
    submitted(here)
    with reviewing(here) as flow:
        key = flow.scene.key("j")
        assert key is not None
        assert "nothing is withheld" in key.why


# -- the challenge


def test_an_approval_is_challenged_then_typed_then_held(tmp_path: Path) -> None:
    here = strict(tmp_path, challenge_from="high")
    ticket = submitted(here)
    with reviewing(here) as flow:
        assert flow.prepare("approve").kind == "challenge"
        flow.challenge("1", WRONG_IF)
        prompt = flow.prepare("approve")
        assert prompt.kind == "token"
        assert prompt.token is not None
        flow.choose("approve", token=prompt.token.text)
        assert state_of(here, ticket) is EscalationState.HELD


def test_a_challenge_may_be_written_while_nothing_but_time_is_missing(tmp_path: Path) -> None:
    here = strict(tmp_path, challenge_from="high", floor_irreversible="45s")
    submitted(here)
    with reviewing(here) as flow:
        assert flow.scene.lock == "approve in 45 s · challenge it meanwhile (a)"
        assert flow.prepare("approve").kind == "challenge"
        flow.challenge("1", WRONG_IF)
        assert flow.scene.lock == "approve in 45 s"
        with pytest.raises(InvalidRequest, match="approve in 45 s"):
            flow.prepare("approve")
        read_for(flow, here, 45)
        assert flow.prepare("approve").kind == "token"


def test_a_changed_mind_is_asked_what_changed(tmp_path: Path) -> None:
    here = strict(tmp_path, challenge_from="high", withhold_from="high")
    submitted(here)
    with reviewing(here) as flow:
        flow.judge("reject", "high")
        assert flow.prepare("approve").differs == "Reject (high)"
        flow.challenge("1", WRONG_IF)
        assert flow.prepare("approve").kind == "challenge"
        flow.challenge("1", WRONG_IF, "the neighbour has the parcel", keep=True)
        assert flow.prepare("approve").kind == "token"


def test_words_that_say_nothing_are_refused_and_come_back_to_be_mended(tmp_path: Path) -> None:
    here = strict(tmp_path, challenge_from="high")
    submitted(here)
    with reviewing(here) as flow:
        with pytest.raises(Boilerplate) as refused:
            flow.challenge("missing: the receipt", "it is wrong")
        assert not refused.value.may_keep
        typed = ChallengeWords("missing: the receipt", "it is wrong")
        assert flow.prepare("approve").challenge == typed


@pytest.mark.parametrize("weakest", ["", "9", "0", "the scan", "missing:", "missing:  "])
def test_the_weakest_point_is_a_number_or_what_is_missing(weakest: str, tmp_path: Path) -> None:
    here = strict(tmp_path, challenge_from="high")
    submitted(here)
    with reviewing(here) as flow, pytest.raises(InvalidRequest, match="its number, 1 to 3"):
        flow.challenge(weakest, WRONG_IF)


# -- the token


@pytest.mark.parametrize("typed", ["", "a-1009", "A-1009 ", "A-100", "yes"])
def test_an_irreversible_approval_takes_nothing_but_its_token(typed: str, tmp_path: Path) -> None:
    here = strict(tmp_path)
    ticket = submitted(here)
    with reviewing(here) as flow:
        with pytest.raises(InvalidRequest, match="type A-1009, exactly"):
            flow.choose("approve", token=typed)
        assert state_of(here, ticket) is EscalationState.CLAIMED


def test_what_can_be_taken_back_needs_no_token(tmp_path: Path) -> None:
    here = strict(tmp_path)
    hide = brief(action_type="content.hide")
    action = hide.action.model_copy(update={"reversibility": "compensable"})
    with here.agent() as agent:
        ticket = agent.submit(hide.model_copy(update={"action": action}))
    with reviewing(here) as flow:
        assert flow.prepare("approve").kind == "nothing"
        flow.choose("approve")
        assert state_of(here, ticket) is EscalationState.HELD


def test_a_token_is_the_target_or_a_code_that_changes_with_the_action() -> None:
    action, digest = an_action(), action_sha256(an_action())
    assert token_of(action.model_copy(update={"target": "A-1009"}), digest).text == "A-1009"
    for target in (None, "A", "a/very/long/path/to/something"):
        assert len(token_of(action.model_copy(update={"target": target}), digest).text) == 4
    other = action.model_copy(update={"parameters": {"order": "A-1009", "amount": 421.0}})
    assert token_of(action, digest) != token_of(action, action_sha256(other))


# -- the order of the options


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        ((an_option(), REJECT, ASK, HAND_ON), ["approve", "need-info", "reject", "hand-on"]),
        ((REJECT, an_option(), HAND_ON), ["reject", "hand-on", "approve"]),
        ((an_option(), an_option("more"), REJECT, ASK), ["approve", "more", "need-info", "reject"]),
        ((an_option(), REJECT), ["approve", "reject"]),
    ],
)
def test_approving_and_rejecting_have_something_between_them(
    options: tuple[Option, ...], keys: list[str]
) -> None:
    assert [option.key for option in kept_apart(options)] == keys


def test_where_there_is_nothing_else_a_blank_line_is_between_them() -> None:
    review = a_review(options=(an_option(), REJECT))
    lines = [plain(line) for line in layout(card_of(review, review.opened_at))]
    assert lines[-2] == ""
    assert lines[-1].startswith(" r  reject")


# -- what cannot wait


def test_what_is_urgent_comes_right_after_the_item_at_hand(tmp_path: Path) -> None:
    here = strict(tmp_path)
    for key in ("one", "two"):
        submitted(here, key)
    with reviewing(here) as flow:
        at_hand = flow.scene.review
        urgent = submitted(here, "mail", action_type="mail.send", question="Send the apology?")
        for _ in range(10):
            read_for(flow, here, 4 * 60)
        flow.bring_urgent()
        assert flow.scene.review == at_hand
        assert flow.scene.total == 3
        flow.choose("reject", reason="signed for")
        assert flow.scene.review is not None
        assert flow.scene.review.item.id == urgent.id
        with pytest.raises(InvalidRequest, match="nothing else is urgent"):
            flow.bring_urgent()


# -- a session's time, and a day's


def test_a_session_that_has_had_its_time_ends_after_the_item_at_hand(tmp_path: Path) -> None:
    here = strict(tmp_path, session_longest="1m")
    tickets = [submitted(here, key) for key in ("one", "two")]
    with reviewing(here) as flow:
        for _ in range(3):
            read_for(flow, here, 30)
        assert flow.scene.review is not None
        flow.choose("reject", reason="signed for")
        assert not flow.scene.in_session
        assert "this session is over, and what is left went back" in flow.scene.ended
        assert flow.scene.summary is not None
        assert flow.scene.summary.verdicts == {"reject": 1}
    states = sorted(state_of(here, ticket) for ticket in tickets)
    assert states == [EscalationState.DECIDED, EscalationState.WAITING]


def test_the_desk_tells_the_day_against_its_limits_and_what_fits_before_a_break(
    tmp_path: Path,
) -> None:
    here = strict(tmp_path, break_after="5m")
    for key in ("one", "two", "three"):
        submitted(here, key)
    with reviewing(here) as flow:
        flow.choose("reject", reason="signed for")
        flow.end()
        text = desk_text(flow, here)
    assert "1 of 60 items · 0 of 240 min" in text
    assert "2 items · about 6 m · session of 1 before your break" in text


def test_a_break_that_is_due_is_said_and_forces_nothing(tmp_path: Path) -> None:
    here = strict(tmp_path, break_after="1m")
    for key in ("one", "two"):
        submitted(here, key)
    with reviewing(here) as flow:
        for _ in range(3):
            read_for(flow, here, 30)
        summary = flow.end()
        assert summary is not None
        assert "a break of 5 m would do you good" in said(summary_lines(summary))
        assert "a break of 5 m is due" in desk_text(flow, here)
        flow.start()
        assert flow.scene.in_session


def test_at_the_days_limit_the_desk_says_what_becomes_of_the_rest(tmp_path: Path) -> None:
    policy = with_friction(POLICY) + "\n[limits]\nday_items = 1\n"
    here = house(tmp_path, policy=policy)
    for key in ("one", "two"):
        submitted(here, key)
    with reviewing(here) as flow:
        flow.choose("reject", reason="signed for")
        flow.end()
        text = desk_text(flow, here)
        assert "1 of 1 items · 0 of 240 min · what is left goes to colleagues" in text
        with pytest.raises(CapReached):
            flow.start()


def test_a_summary_counts_judgements_that_differed_and_grades_nobody(tmp_path: Path) -> None:
    here = strict(tmp_path, withhold_from="high")
    for key in ("one", "two"):
        submitted(here, key)
    with reviewing(here) as flow:
        for option in ("reject", "approve"):
            flow.judge(option, "medium")
            flow.choose("reject", reason="signed for")
        summary = flow.end()
    assert summary is not None
    assert "1 of 2 first judgements not as the suggestion" in said(summary_lines(summary))


def desk_text(flow: ReviewFlow, here: House) -> str:
    return said(desk_lines(view_of(flow.desk), here.clock.now(), filtered=False))


def said(lines: Iterable[Line]) -> str:
    return "\n".join(map(plain, lines))
