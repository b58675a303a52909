"""People and agents come, change their keys and go; what they signed is judged accordingly."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from factories import TYPES, House, brief, house
from journey import assert_chain_whole, events, pass_time, settle
from overread_queue.errors import Forged, InvalidRequest, NotAllowed
from overread_queue.models import Ticket
from overread_queue.staffing import Staff
from overread_queue.trust.keys import fingerprint, generate, load_private, public_line
from overread_queue.trust.people import Agent, Reviewer
from overread_queue.trust.roster import Roster, put_reviewer

ME = (getpass.getuser(),)


@pytest.fixture
def here(tmp_path: Path) -> House:
    """The usual desk, with lea as its lead."""
    desk = house(tmp_path)
    with staff(desk, None) as keeper:
        keeper.add_reviewer(Reviewer(name="lea", label="Lea", roles=("lead",), user=ME))
    return desk


def staff(here: House, name: str | None = "lea") -> Staff:
    return Staff.open(here.path, reviewer=name, clock=here.clock)


def decided(here: House, option: str = "approve") -> Ticket:
    """Ana has answered, and nobody has taken the answer yet."""
    with here.agent() as queue:
        ticket = queue.submit(brief(), key=option)
    settle(here, ticket, option)
    return ticket


def person(here: House, name: str) -> Reviewer:
    return Roster.load(here.places).reviewer(name)


def last_event(here: House) -> tuple[str, str, dict[str, object]]:
    event = events(here.path)[-1]
    return event.kind, event.actor, json.loads(event.detail)


# -- who may change the rosters


def test_the_first_lead_is_made_by_whoever_keeps_the_desk(here: House) -> None:
    kind, actor, detail = last_event(here)
    assert (kind, actor) == ("reviewer_added", f"user:{ME[0]}")
    assert detail["roles"] == ["lead"]
    assert_chain_whole(here.path)


def test_from_then_on_only_a_lead_changes_them(here: House) -> None:
    before = here.places.reviewers_file.read_bytes(), here.places.agents_file.read_bytes()
    with staff(here, "ana") as ana:
        for attempt in (
            lambda: ana.add_reviewer(Reviewer(name="eve", label="Eve", roles=("lead",))),
            lambda: ana.revoke("ben"),
            lambda: ana.rotate("ben"),
            lambda: ana.add_agent(Agent(name="eve-bot", label="Eve's")),
            lambda: ana.remove_agent("ana-agent"),
            lambda: ana.key_agent("ana-agent", None),
        ):
            with pytest.raises(NotAllowed, match="ask a lead"):
                attempt()
    assert before == (here.places.reviewers_file.read_bytes(), here.places.agents_file.read_bytes())
    assert last_event(here)[:2] == ("refused:NotAllowed", "lead:ana")


def test_somebody_elses_name_opens_nothing(here: House) -> None:
    put_reviewer(here.places, person(here, "lea").model_copy(update={"user": ("somebody-else",)}))
    with pytest.raises(NotAllowed, match="open the desk as yourself"):
        staff(here)


@pytest.mark.parametrize("name", ["ana", "ANA", "Refund-Agent"])
def test_a_name_that_reads_like_another_is_refused(here: House, name: str) -> None:
    with staff(here) as lea:
        with pytest.raises(InvalidRequest, match="on this desk already"):
            lea.add_reviewer(Reviewer(name=name, label="X", roles=("refunds",)))
        with pytest.raises(InvalidRequest, match="on this desk already"):
            lea.add_agent(Agent(name=name, label="X"))


@pytest.mark.parametrize("name", ["аna", "ana\u200b", "ａna", "ana "])
def test_a_name_with_look_alike_letters_cannot_be_written_down(name: str) -> None:
    """The first is Cyrillic, the second has a zero-width space, the third is full-width."""
    with pytest.raises(ValueError, match="no name for a reviewer"):
        Reviewer(name=name, label="X")
    with pytest.raises(ValueError, match="pattern"):
        Agent(name=name, label="X")
    with pytest.raises(ValueError, match="pattern"):
        Agent(name="bot", label="X", operator=name)


# -- people


def test_a_key_of_their_own_is_taken_and_none_is_made(here: House, tmp_path: Path) -> None:
    line = generate(tmp_path / "elsewhere", "zoe")
    with staff(here) as lea:
        zoe = lea.add_reviewer(Reviewer(name="zoe", label="Zoe", roles=("refunds",), keys=(line,)))
    assert person(here, "zoe") == zoe
    assert not here.places.key("zoe").exists()


def test_a_key_that_is_somebody_elses_is_refused_and_harms_nobody(here: House) -> None:
    taken = person(here, "ana").keys[0]
    with staff(here) as lea:
        with pytest.raises(InvalidRequest, match="is or was a key of this desk"):
            lea.add_reviewer(Reviewer(name="zoe", label="Zoe", keys=(taken,)))
        with pytest.raises(InvalidRequest, match="is or was a key of this desk"):
            lea.key_agent("refund-agent", taken)
        with pytest.raises(InvalidRequest, match="is or was a key of this desk"):
            lea.rotate("ben", line=here.places.desk_pub.read_text().strip())
        lea.rotate("ana")
        with pytest.raises(InvalidRequest, match="is or was a key of this desk"):
            lea.rotate("ana", line=taken)
    assert set(Roster.load(here.places).reviewers) == {"ana", "ben", "sam", "olga", "lea"}


def test_a_validity_is_kept_and_enforced(here: House) -> None:
    now = here.clock.now()
    summer = Reviewer(name="kim", label="Kim", roles=("refunds",), user=ME).model_copy(
        update={"valid_from": now + 60_000, "valid_until": now + 120_000}
    )
    with staff(here) as lea:
        lea.add_reviewer(summer)
    for seconds, counts in ((0, False), (60, True), (59, True), (1, False)):
        pass_time(here, seconds)
        if counts:
            here.desk("kim").close()
        else:
            with pytest.raises(NotAllowed, match="not valid as a reviewer at this time"):
                here.desk("kim")


# -- leaving


def test_who_is_revoked_decides_nothing_more(here: House) -> None:
    with staff(here) as lea:
        lea.revoke("ana")
    with pytest.raises(NotAllowed, match="not valid as a reviewer"):
        here.desk("ana")
    kind, actor, detail = last_event(here)
    assert (kind, actor) == ("reviewer_revoked", "lead:lea")
    assert (detail["reviewer"], detail["compromised"]) == ("ana", False)


def test_a_revoked_persons_approval_is_not_acted_on_but_a_rejection_stands(here: House) -> None:
    approved, rejected = decided(here), decided(here, "reject")
    pass_time(here, 1)
    with staff(here) as lea:
        lea.revoke("ana")
    with here.agent() as queue:
        with pytest.raises(Forged, match="submit the brief again"):
            queue.resume(approved)
        answer = queue.poll(rejected)
    assert answer is not None
    assert answer.verdict == "reject"


def test_nothing_by_a_stolen_key_counts_whatever_its_date(here: House) -> None:
    tickets = decided(here), decided(here, "reject")
    pass_time(here, 3600)
    with staff(here) as lea:
        lea.revoke("ana", compromised=True)
    with here.agent() as queue:
        for ticket in tickets:
            with pytest.raises(Forged, match="reported stolen"):
                queue.poll(ticket)
    assert [event.kind for event in events(here.path)][-2:] == ["refused:Forged"] * 2


def test_revoking_twice_keeps_the_first_moment(here: House) -> None:
    with staff(here) as lea:
        lea.revoke("ana")
        first = person(here, "ana").revoked_at
        pass_time(here, 60)
        lea.revoke("ana", compromised=True)
    ana = person(here, "ana")
    assert ana.revoked_at == first
    assert [one.compromised for one in ana.retired] == [True]


def test_the_last_lead_stays(here: House) -> None:
    with staff(here) as lea:
        with pytest.raises(NotAllowed, match="the last lead"):
            lea.revoke("lea")
        lea.add_reviewer(Reviewer(name="max", label="Max", roles=("lead",), user=ME))
        lea.revoke("lea")
    with pytest.raises(NotAllowed, match="not valid as a reviewer"):
        staff(here)
    staff(here, "max").close()


def test_a_role_left_without_anybody_is_named(here: House) -> None:
    with staff(here) as lea:
        assert lea.revoke("ana") == ()
        assert lea.revoke("ben") == ("refunds",)


# -- other keys


def test_a_rotated_key_leaves_what_it_signed_as_it_was(here: House) -> None:
    ticket = decided(here)
    old = here.places.key("ana").read_bytes()
    pass_time(here, 60)
    with staff(here, "ana") as ana:
        ana.rotate("ana")
    assert here.places.key("ana").read_bytes() != old
    assert person(here, "ana").keys == (public_line(load_private(here.places.key("ana")), "ana"),)
    with here.agent() as queue:
        with queue.resume(ticket) as go:
            assert go.decision.envelope.reviewer == "ana"
        again = queue.submit(brief(amount=7), key="afterwards")
    settle(here, again, "approve")
    with here.agent() as queue, queue.resume(again) as go:
        assert go.decision.envelope.reviewer == "ana"


def test_an_old_key_signs_nothing_new(here: House) -> None:
    """A console that was open all the while still has it."""
    with here.agent() as queue:
        ticket = queue.submit(brief())
    with here.desk("ana") as ana:
        review = ana.open(ana.claim(ticket.id))
        with staff(here) as lea:
            lea.rotate("ana")
        ana.decide(review, option="reject", reason="too late for this key")
    with here.agent() as queue, pytest.raises(Forged, match="did not count at the time"):
        queue.poll(ticket)


def test_a_stolen_key_is_rotated_away_with_all_it_signed(here: House) -> None:
    ticket = decided(here)
    with staff(here) as lea:
        lea.rotate("ana")
        lea.rotate("ana", compromised=True)
    assert [one.compromised for one in person(here, "ana").retired] == [True, True]
    with here.agent() as queue, pytest.raises(Forged, match="reported stolen"):
        queue.resume(ticket)


def test_a_rotation_that_was_cut_short_is_done_again(here: House) -> None:
    leftover = here.places.key("ana").with_name("ana.next")
    generate(leftover, "ana")
    with staff(here) as lea:
        lea.rotate("ana")
    assert not leftover.exists()
    here.desk("ana").close()


def test_the_event_names_the_new_key(here: House) -> None:
    with staff(here) as lea:
        ana = lea.rotate("ana")
    assert last_event(here) == (
        "key_rotated",
        "lead:lea",
        {"reviewer": "ana", "compromised": False, "keys": [fingerprint(ana.keys[0])]},
    )


# -- SSH keys that somebody has already


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home" / ".ssh"
    folder.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder.parent))
    return folder


def test_an_ssh_key_in_its_usual_place_signs(here: House, home: Path) -> None:
    for name in ("other", "work"):
        home.joinpath(f"{name}.pub").write_text(generate(home / name, f"ana@{name}"))
    home.joinpath("broken.pub").write_bytes(b"\xff")
    with staff(here) as lea:
        lea.rotate("ana", line=home.joinpath("work.pub").read_text())
    assert not here.places.key("ana").exists()
    ticket = decided(here)
    with here.agent() as queue:
        answer = queue.poll(ticket)
    assert answer is not None
    assert answer.envelope.reviewer == "ana"


def test_a_trusted_ssh_key_that_others_can_read_is_refused(here: House, home: Path) -> None:
    line = generate(home / "id_ed25519", "ana")
    home.joinpath("id_ed25519.pub").write_text(line)
    with staff(here) as lea:
        lea.rotate("ana", line=line)
    home.joinpath("id_ed25519").chmod(0o644)
    with pytest.raises(NotAllowed, match="others can read the key"):
        here.desk("ana")


def test_without_any_private_half_the_desk_says_what_to_do(here: House, home: Path) -> None:
    with staff(here) as lea:
        lea.rotate("ana", line=generate(home / "moved-away", "ana"))
    with pytest.raises(NotAllowed, match="overread reviewers rotate NAME"):
        here.desk("ana")


# -- agents


def test_an_agent_comes_and_goes(here: House) -> None:
    with staff(here) as lea:
        lea.add_agent(Agent(name="mailer", label="Mailer", actions=TYPES))
        with here.agent("mailer") as queue:
            queue.submit(brief(agent="mailer"), key="open")
            with pytest.raises(InvalidRequest, match="has open questions"):
                lea.remove_agent("mailer")
            with pytest.raises(InvalidRequest, match="has open questions"):
                lea.key_agent("mailer", None)
            queue.withdraw(queue.escalations()[0].id)
        lea.remove_agent("mailer")
    with pytest.raises(NotAllowed, match="not a registered agent"):
        here.agent("mailer")
    assert last_event(here)[:2] == ("agent_removed", "lead:lea")


def test_removing_a_stranger_says_so(here: House) -> None:
    with staff(here) as lea, pytest.raises(NotAllowed, match="did you mean 'ana-agent'"):
        lea.remove_agent("ana-agnt")


# -- the files themselves

WRITTEN = """# Who reviews here. Ask the office before you edit.

[reviewers.ana] # since May
label = "Ana"
roles = ["refunds"]

# Ben covers the evenings.
[reviewers.ben]
label = "Ben"
roles = ["refunds"]
"""


def test_comments_around_an_entry_stay(here: House) -> None:
    file = here.places.reviewers_file
    file.write_text(WRITTEN)
    for name in ("ana", "zoe"):
        put_reviewer(here.places, Reviewer(name=name, label=name.title(), roles=("senior",)))
    assert file.read_text() == (
        "# Who reviews here. Ask the office before you edit.\n\n"
        '[reviewers.ana]\nlabel = "Ana"\nroles = [\n    "senior",\n]\n\n'
        '# Ben covers the evenings.\n[reviewers.ben]\nlabel = "Ben"\nroles = ["refunds"]\n\n'
        '[reviewers.zoe]\nlabel = "Zoe"\nroles = [\n    "senior",\n]\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        'reviewers.ana.label = "Ana"\nreviewers.ana.roles = ["refunds"]\n',
        '[reviewers]\nana = { label = "Ana", roles = ["refunds"] }\n',
        '[reviewers.ben]\nlabel = "Ben"\n[reviewers]\nana.label = "Ana"\n',
        '[reviewers.ana]\nlabel = "Ana"\n[reviewers.ben]\nlabel = "[reviewers.ana]"\n',
        '[reviewers."ana"]\nlabel = "Ana"',
        "",
    ],
)
def test_however_the_file_is_spelled_the_entry_arrives(here: House, text: str) -> None:
    here.places.reviewers_file.write_text(text)
    others = set(Roster.load(here.places).reviewers) - {"ana"}
    ana = Reviewer(name="ana", label="Ana", roles=("senior",)).retire_keys(0, compromised=False)
    put_reviewer(here.places, ana)
    roster = Roster.load(here.places)
    assert roster.reviewer("ana") == ana
    assert set(roster.reviewers) == {"ana", *others}


def test_retired_keys_survive_the_file(here: House, tmp_path: Path) -> None:
    ana = person(here, "ana").retire_keys(here.clock.now(), compromised=True)
    put_reviewer(here.places, ana)
    put_reviewer(here.places, person(here, "ana").model_copy(update={"label": "Ana R."}))
    assert person(here, "ana").retired == ana.retired
