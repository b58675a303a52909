"""The leads' door: a policy comes into force signed, or not at all; and what went wrong is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factories import House
from journey import assert_chain_whole, events, kinds, pass_time, settle
from overread_queue.errors import Forged, InvalidPolicy, NotAllowed
from overread_queue.leading.policies import Readiness
from overread_queue.setup import add_reviewer
from overread_queue.states import Tier
from overread_queue.trust.people import Reviewer
from overread_queue.trust.roster import Roster, put_reviewer
from tier_desks import (
    ALL_AUDITED,
    NO_AUDITS,
    asking,
    flush,
    hide,
    mail,
    office,
    policy,
    refund,
    tag,
    tier_house,
)

SIGNOFF = '\n[signoff]\nactivate = ["engineering"]\nloosen = ["risk"]\n'
POLICY = policy(more=NO_AUDITS + SIGNOFF)
TIGHTER = POLICY.replace('reversible = "autonomous"', 'reversible = "notify"', 1).encode()
LOOSER = POLICY.replace("value = 0.5", "value = 0.4").encode()
ALL_TIME = 10**14


@pytest.fixture
def here(tmp_path: Path) -> House:
    return tier_house(tmp_path, POLICY)


def sign(here: House, data: bytes, who: str, role: str) -> None:
    with office(here, who) as door:
        door.sign(data, role=role, source="new.toml")


def activate(here: House, data: bytes, who: str = "lea") -> Readiness:
    with office(here, who) as door:
        return door.activate(data, source="new.toml")


def active(here: House) -> bytes:
    return here.places.policy_file.read_bytes()


# -- change control


def test_a_signed_policy_comes_into_force_with_its_event(here: House) -> None:
    with here.agent("bot") as bot:
        assert bot.propose(flush()).tier is Tier.AUTONOMOUS
        with office(here) as lea:
            before = lea.policy().sha256
            assert lea.readiness(TIGHTER, source="new.toml").missing == ("engineering",)
        sign(here, TIGHTER, "lea", "engineering")
        ready = activate(here, TIGHTER)
        assert not ready.difference.loosens
        assert active(here) == TIGHTER
        assert bot.propose(flush()).tier is Tier.NOTIFY
    (event,) = [one for one in events(here.path) if one.kind == "policy_activated"]
    assert event.actor == "lead:lea"
    assert json.loads(event.detail) == {
        "before": before,
        "after": ready.policy.sha256,
        "loosened": 0,
    }
    assert_chain_whole(here.path)


def test_without_its_sign_off_nothing_changes(here: House) -> None:
    with pytest.raises(NotAllowed, match="engineering must sign"):
        activate(here, TIGHTER)
    assert active(here) == POLICY.encode()
    assert kinds(here.path)[-1] == "refused:NotAllowed"
    assert "policy_activated" not in kinds(here.path)


def test_only_a_lead_activates(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    with pytest.raises(NotAllowed, match="lead"):
        activate(here, TIGHTER, who="ria")
    assert active(here) == POLICY.encode()


def test_loosening_needs_the_risk_owner_too(here: House) -> None:
    sign(here, LOOSER, "lea", "engineering")
    with pytest.raises(NotAllowed, match="risk must sign"):
        activate(here, LOOSER)
    sign(here, LOOSER, "ria", "risk")
    ready = activate(here, LOOSER)
    assert {(one.before, one.after) for one in ready.difference.loosened} == {
        (Tier.HARD_APPROVAL, Tier.SOFT_REVIEW)
    }
    with here.agent("bot") as bot:
        assert bot.propose(hide(), signals={"confidence": 0.45}).tier is Tier.SOFT_REVIEW


def test_a_candidate_cannot_excuse_itself_from_signing(here: House) -> None:
    """The policy in force says who must agree to its successor."""
    unsigned = POLICY.replace(SIGNOFF, "").encode()
    with office(here) as lea:
        assert set(lea.readiness(unsigned, source="x").missing) == {"engineering", "risk"}


def test_a_sign_off_is_for_exactly_these_bytes(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    with pytest.raises(NotAllowed, match="engineering"):
        activate(here, TIGHTER + b"\n# one word more\n")


def test_an_old_policy_does_not_come_back_on_its_old_signatures(here: House) -> None:
    """What was agreed to was a change, and going back is another one."""
    for who, role in (("lea", "engineering"), ("ria", "risk")):
        sign(here, LOOSER, who, role)
    activate(here, LOOSER)
    sign(here, TIGHTER, "lea", "engineering")
    activate(here, TIGHTER)
    with pytest.raises(NotAllowed, match="engineering, risk must sign"):
        activate(here, LOOSER)
    assert active(here) == TIGHTER


def test_nobody_signs_in_a_role_that_is_not_theirs(here: House) -> None:
    with pytest.raises(NotAllowed, match="does not hold the role 'risk'"):
        sign(here, TIGHTER, "lea", "risk")
    assert not (here.places.trust / "signoffs").exists()
    assert "policy_signed" not in kinds(here.path)


def test_a_role_may_have_any_name(tmp_path: Path) -> None:
    text = POLICY.replace('loosen = ["risk"]', 'loosen = ["eu/risk"]')
    house = tier_house(tmp_path, text)
    add_reviewer(house.places, Reviewer(name="eve", label="Eve", roles=("eu/risk",)))
    sign(house, LOOSER, "eve", "eu/risk")
    with office(house) as lea:
        ready = lea.readiness(LOOSER, source="x")
    assert [one.statement.role for one in ready.signed] == ["eu/risk"]


# -- sign-offs that must not be believed


def test_a_forged_sign_off_stops_everything(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    (file,) = (here.places.trust / "signoffs").iterdir()
    for was, instead in (('"lea"', '"ria"'), ('"engineering"', '"risk"')):
        genuine = file.read_text()
        file.write_text(genuine.replace(was, instead))
        with pytest.raises(Forged):
            activate(here, TIGHTER)
        file.write_text(genuine)
    file.write_text("{}")
    with pytest.raises(Forged, match="not a sign-off"):
        activate(here, TIGHTER)
    assert active(here) == POLICY.encode()
    assert kinds(here.path).count("refused:Forged") == 3


def test_a_sign_off_for_another_policy_is_not_moved_over(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    (file,) = (here.places.trust / "signoffs").iterdir()
    with office(here) as lea:
        looser = lea.readiness(LOOSER, source="x").policy.sha256
        file.rename(file.with_name(f"{looser[:16]}.engineering.json"))
        assert lea.readiness(LOOSER, source="x").signed == ()


def test_a_revoked_key_no_longer_stands_for_anything(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    roster = Roster.load(here.places)
    gone = roster.reviewer("lea").model_copy(update={"revoked_at": here.clock.now() + 1})
    put_reviewer(here.places, gone)
    with office(here, "ria") as ria:
        assert ria.readiness(TIGHTER, source="x").missing == ()
        pass_time(here, 1)
        with pytest.raises(Forged, match="key does not count"):
            ria.readiness(TIGHTER, source="x")


def test_a_role_that_was_taken_away_no_longer_counts(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    roster = Roster.load(here.places)
    less = roster.reviewer("lea").model_copy(update={"roles": ("lead",)})
    heir = roster.reviewer("ria").model_copy(update={"roles": ("risk", "engineering")})
    put_reviewer(here.places, less)
    put_reviewer(here.places, heir)
    with pytest.raises(Forged, match="does not hold the role"):
        activate(here, TIGHTER)


@pytest.mark.parametrize(
    "data",
    [
        b"not toml at all [",
        TIGHTER.replace(b'pool = "first"', b'pool = "frist"', 1),
        TIGHTER.replace(b'owner = "owners"', b""),
        TIGHTER.replace(b'role = "owner"', b'role = "nobody-holds-this"'),
        TIGHTER.replace(b"value = 0.5", b"value = -0.5"),
    ],
    ids=["no TOML", "a pool that is not there", "no owner", "a role nobody holds", "a dead rule"],
)
def test_an_invalid_policy_never_replaces_the_active_one(here: House, data: bytes) -> None:
    for call in (lambda: activate(here, data), lambda: sign(here, data, "lea", "engineering")):
        with pytest.raises(InvalidPolicy):
            call()
    assert active(here) == POLICY.encode()
    assert not {"policy_signed", "policy_activated"} & set(kinds(here.path))


def test_a_policy_that_cannot_be_put_in_place_leaves_no_event(here: House) -> None:
    sign(here, TIGHTER, "lea", "engineering")
    trust = here.places.policy_file
    trust.unlink()
    trust.mkdir()
    (trust / "in the way").touch()
    with pytest.raises((OSError, InvalidPolicy)):
        activate(here, TIGHTER)
    assert "policy_activated" not in kinds(here.path)


def test_one_person_in_every_role_is_one_person(tmp_path: Path) -> None:
    both = 'activate = ["engineering", "lead"]'
    house = tier_house(tmp_path, POLICY.replace('activate = ["engineering"]', both))
    tighter = TIGHTER.replace(b'activate = ["engineering"]', both.encode())
    sign(house, tighter, "lea", "engineering")
    sign(house, tighter, "lea", "lead")
    with pytest.raises(NotAllowed, match="somebody else"):
        activate(house, tighter)


# -- what would have been, and what was


def test_a_candidate_is_tried_on_what_was_proposed(here: House) -> None:
    with here.agent("bot") as bot:
        for confidence in (0.1, 0.2, 0.9):
            bot.propose(hide(), signals={"confidence": confidence})
        pass_time(here, 60)
        since = here.clock.now()
        for _ in range(4):
            bot.propose(flush())
    pass_time(here, 3_600)  # What nobody has asked for by then stands by itself.
    stricter = POLICY.replace('impact = "low"', 'impact = "critical"', 1)
    with office(here) as lea:
        replay = lea.simulate(stricter.encode(), source="new.toml", since=since)
        whole = lea.simulate(stricter.encode(), source="new.toml", since=0)
    (shift,) = replay.shifts
    assert (shift.action_type, shift.actions, shift.gained) == ("cache.flush", 4, 4)
    assert (shift.minutes_before, shift.minutes_after) == (0, 4)
    assert whole.actions == 7
    assert whole.unreadable == ()
    assert active(here) == POLICY.encode()


def test_breaches_by_workflow_and_type_in_the_pool_that_missed_them(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana, office(here) as lea:
        for amount in (1, 2):
            bot.submit(asking(refund(amount)))
        bot.submit(asking(mail()))
        pass_time(here, 4 * 3600)
        ana.sweep()
        since = here.clock.now()
        pass_time(here, 20 * 3600)
        ana.sweep()
        found = [(one.agent, one.action_type, one.pool, one.breaches) for one in lea.breaches()]
        late = [(one.pool, one.breaches) for one in lea.breaches(since=since + 1)]
    assert found == [
        ("bot", "payments.refund", "first", 2),
        ("bot", "payments.refund", "owners", 2),
        ("bot", "mail.send", "second", 1),
    ]
    assert late == [("owners", 2), ("second", 1)]


def test_silence_stands_beside_a_no_and_never_in_it(here: House) -> None:
    with here.agent("bot") as bot, here.desk() as ana, office(here) as lea:
        settle(here, bot.submit(asking(hide("L-1"))), "disagree")
        settle(here, bot.submit(asking(refund())), "reject")
        bot.submit(asking(hide("L-2")))
        bot.submit(asking(hide("L-3")))
        pass_time(here, 2 * 3600)
        ana.sweep()
        found = {(one.action_type, one.verdict): one.items for one in lea.verdicts()}
    assert found == {
        ("listing.hide", "reject"): 1,
        ("listing.hide", "timed_out"): 2,
        ("payments.refund", "reject"): 1,
    }


def test_evidence_says_what_there_is_and_what_there_is_not(tmp_path: Path) -> None:
    controls = tmp_path / "controls.toml"
    controls.write_text(CONTROLS)
    house = tier_house(tmp_path, policy(more=ALL_AUDITED))
    start = house.clock.now()
    with house.agent("bot") as bot, house.desk() as ana, office(house) as lea:
        bot.propose(tag())
        bot.propose(flush())
        ana.object(ana.notices()[0], reason="not this one")
        ana.sweep()
        during = lea.evidence(since=start, until=start + 1, controls=controls)
        before = lea.evidence(since=0, until=start, controls=controls)
        shipped = lea.evidence(since=start, until=start + 1)
    assert [(one.control.id, one.state) for one in during] == [
        ("whole", "evidenced"),
        ("half", "partial"),
        ("none", "no data in period"),
    ]
    assert during[0].counts == {"proposal": 2, "objection": 1, "audit_sample": 1}
    assert during[1].missing == ("decision",)
    assert {one.state for one in before} == {"no data in period"}
    assert {one.state for one in shipped} == {"evidenced", "partial", "no data in period"}


def control(id: str, *records: str) -> str:
    return f"""
[[controls]]
id = "{id}"
framework = "House rules"
reference = "1"
requires = "that somebody looks"
records = {json.dumps(records)}
artefact = "a list"
owner = "risk"
"""


CONTROLS = 'schema = "overread/controls/1"\nnote = "for a test"\n' + "".join(
    (
        control("whole", "proposal", "objection", "audit_sample"),
        control("half", "proposal", "decision"),
        control("none", "rollback", "signoff"),
    )
)
