"""Each tier as a reviewer meets it, and what the agent gets from it. Through both faces."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House
from journey import events, pass_time
from overread_briefs import Action
from overread_queue.models import Ticket
from overread_queue.states import EscalationState
from review_faces import KINDS, open_face, open_screen
from tier_desks import ALL_AUDITED, asking, flush, hide, policy, refund, tag, tier_house

both_faces = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return tier_house(tmp_path)


def submitted(desk: House, action: Action, key: str = "one") -> Ticket:
    with desk.agent("bot") as bot:
        return bot.submit(asking(action), key=key)


def erase() -> Action:
    return Action(type="data.erase", reversibility="irreversible", parameters={"customer": "C-1"})


# -- soft review


@both_faces
async def test_what_an_agent_did_tentatively_stands_once_it_is_confirmed(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk, hide())
    async with open_face(kind, desk) as face:
        await face.begin()
        assert "he agent has acted: confirm it, or it is taken back" in face.text()
        assert "f nobody confirms: the agent takes it back" in face.text()
        await face.key("a")
        await face.later(11)
    with desk.agent("bot") as bot:
        decision = bot.poll(ticket.id)
        assert bot.rollback_due() == ()
    assert decision is not None
    assert decision.verdict == "approve"


@both_faces
async def test_a_disagreement_has_the_agent_take_it_back_and_says_why(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk, hide())
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("r")
        assert "What is wrong with it? The agent takes it back" in face.text()
        await face.words("the listing is genuine")
    with desk.agent("bot") as bot:
        (due,) = bot.rollback_due()
    assert (due.id, due.verdict, due.reason) == (ticket.id, "reject", "the listing is genuine")
    assert due.compensation.type == "listing.show"


# -- hard stop


@both_faces
async def test_the_keys_of_a_hard_stop_hold_no_approval(kind: str, desk: House) -> None:
    ticket = submitted(desk, erase())
    async with open_face(kind, desk) as face:
        await face.begin()
        for letter in ("a", "m"):
            await face.key(letter)
        with desk.agent("bot") as bot:
            assert bot.status(ticket.id).state is EscalationState.CLAIMED
        await face.key("t")
        await face.yes()
    with desk.agent("bot") as bot:
        decision = bot.poll(ticket.id)
    assert decision is not None
    assert decision.verdict == "taken_over"


@both_faces
@pytest.mark.parametrize(
    ("letter", "verdict", "asked"),
    [("i", "need_info", "What should the agent do instead?"), ("r", "reject", "Why will nobody")],
)
async def test_a_stopped_task_is_handed_back_or_abandoned_with_words(
    kind: str, letter: str, verdict: str, asked: str, desk: House
) -> None:
    ticket = submitted(desk, erase())
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key(letter)
        assert asked in face.text()
        await face.words("a dispute is open")
    with desk.agent("bot") as bot:
        decision = bot.poll(ticket.id)
    assert decision is not None
    assert (decision.verdict, decision.reason) == (verdict, "a dispute is open")


# -- the random sample


@both_faces
async def test_an_audit_says_that_nothing_waits_and_counts_what_was_wrong(
    kind: str, tmp_path: Path
) -> None:
    desk = tier_house(tmp_path, policy(more=ALL_AUDITED))
    with desk.agent("bot") as bot, desk.desk() as ana:
        bot.propose(flush())
        ana.sweep()
    async with open_face(kind, desk) as face:
        await face.begin()
        assert "the agent has acted by itself, and nothing waits for you" in face.text().lower()
        assert "low impact" in face.text()
        await face.key("r")
        await face.words("it was in use")
    (decided,) = [one for one in events(desk.path) if one.kind == "decided"]
    assert decided.actor == "reviewer:ana"


# -- notices


@both_faces
async def test_an_objection_reaches_the_agent_that_told(kind: str, desk: House) -> None:
    submitted(desk, refund())
    with desk.agent("bot") as bot:
        bot.propose(tag(label="late payer"))
    async with open_face(kind, desk) as face:
        await face.notices()
        assert "late payer" in face.text()
        await face.object("this customer asked us not to")
        assert "bjected; bot gets your reason" in face.text()
        await face.notices()
        assert "1 objection" in face.text()
    with desk.agent("bot") as bot:
        (told,) = bot.objections()
    assert (told.reviewer, told.reason) == ("ana", "this customer asked us not to")


@both_faces
async def test_a_notice_about_confidential_data_is_masked(kind: str, desk: House) -> None:
    submitted(desk, refund())
    with desk.agent("bot") as bot:
        bot.propose(tag(label="insolvent"), data_class="confidential")
    async with open_face(kind, desk) as face:
        await face.notices()
        assert "Tag a customer" in face.text()
        assert "label ●●●●" in face.text()
        assert "insolvent" not in face.text()


@both_faces
async def test_an_empty_feed_says_what_would_be_in_it(kind: str, desk: House) -> None:
    submitted(desk, refund())
    async with open_face(kind, desk) as face:
        await face.notices()
        assert "What agents do at tier notify appears here" in face.text()


async def test_a_plain_desk_without_questions_says_where_notices_are(desk: House) -> None:
    with desk.agent("bot") as bot:
        bot.propose(tag())
    async with open_face("plain", desk) as face:
        assert "Agents told of 1 action" in face.text()
        assert "`overread notices` shows" in face.text()


async def test_the_desk_counts_notices_and_one_can_be_read_in_full(desk: House) -> None:
    with desk.agent("bot") as bot:
        bot.propose(tag())
        pass_time(desk, 1)
        bot.propose(tag(note="x" * 200))
    async with open_screen(desk) as face:
        assert "notices (2)" in face.text()
        await face.notices()
        assert "x" * 200 not in face.text().replace("\n", "").replace(" ", "")
        await face.press("enter")
        assert "x" * 200 in face.text().replace("\n", "").replace(" ", "")
        await face.press("escape", "escape")
        assert "Ready for you" in face.text()


# -- why, and by which policy


@both_faces
async def test_why_names_people_tier_pool_time_and_policy(kind: str, desk: House) -> None:
    with desk.agent("bot") as bot:
        bot.submit(asking(hide(), confidence=0.3), key="unsure")
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("w")
        if kind == "screen":
            first = face.text()
            await face.key("pagedown")
            text = first + face.text()
        else:
            text = face.text()
    for words in (
        "proposed action",
        "policy: unsure  confidence 0.3 < 0.5",
        "agent says: low-confidence  confidence 0.62 < 0.8",
        "hard approval: rule unsure",
        "soft review: the risk map, for medium impact, compensable",
        "the most severe counts",
        "pool: First line, role first",
        "stands in: role owner",
        "answer within: 2 h",
        "if nobody answers: the listing comes back",
        "decided by: one person",
        "Five tiers, sha256",
        "due: in",
    ):
        assert words in text


@both_faces
async def test_half_of_the_time_gone_is_marked_and_explained(kind: str, desk: House) -> None:
    submitted(desk, refund())
    pass_time(desk, 2 * 3600 + 1)
    with desk.desk() as ana:
        ana.sweep()
    async with open_face(kind, desk) as face:
        if kind == "screen":
            assert "↑ 1 h 59 m" in face.text()
        await face.begin()
        await face.key("w")
        if kind == "screen":
            await face.key("pagedown")
        assert "half of its time is over, so it moved up" in face.text().lower()


@both_faces
async def test_the_policy_can_be_read_page_by_page(kind: str, desk: House) -> None:
    submitted(desk, refund())
    async with open_face(kind, desk) as face:
        text = " ".join((await face.policy()).split())
    for words in (
        "Tiers by impact and reversibility",
        "payments.refund",
        "hard stop",
        "who answers",
        "the owners take over",
        "1 item, 3 m of work",
        "listing.hide, where confidence is below 0.5: hard approval",
        "Owners (role owner)",
    ):
        assert words.lower() in text.lower()


# -- a desk that is too full


@both_faces
async def test_a_desk_that_cannot_do_it_all_says_so_in_one_line(kind: str, tmp_path: Path) -> None:
    desk = tier_house(tmp_path, policy().replace("minutes = 3", "minutes = 300"))
    submitted(desk, refund())
    async with open_face(kind, desk) as face:
        assert "not everything can be done in time: the costliest comes first" in face.text()


@both_faces
async def test_a_pool_at_its_limit_is_called_full(kind: str, tmp_path: Path) -> None:
    desk = tier_house(tmp_path, policy(first="max_items = 2"))
    submitted(desk, refund(), "one")
    submitted(desk, refund(), "two")
    async with open_face(kind, desk) as face:
        assert "First line full" in face.text()


async def test_the_list_tells_tiers_apart_in_words(tmp_path: Path) -> None:
    desk = tier_house(tmp_path, policy(more=ALL_AUDITED))
    for key, action in (("a", hide()), ("b", refund()), ("c", erase())):
        submitted(desk, action, key)
    with desk.agent("bot") as bot, desk.desk() as ana:
        bot.propose(flush())
        ana.sweep()
    async with open_screen(desk) as face:
        for word in (" SOFT ", " HARD ", " STOP ", " AUDIT "):
            assert word in face.text()
