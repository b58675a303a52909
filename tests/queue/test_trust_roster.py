"""Who is who: read from files that people write, refused with a line and a remedy."""

import os
import tomllib
from pathlib import Path

import pytest

from overread_queue.errors import InvalidPolicy, NotAllowed
from overread_queue.trust.keys import blob_of, generate
from overread_queue.trust.people import Agent, Reviewer
from overread_queue.trust.roster import Roster, RosterFile, put_agent
from trust_factory import TrustDesk, make_desk

SAMPLE = Path(__file__).parents[2] / "sample_data"


@pytest.fixture
def desk(tmp_path: Path) -> TrustDesk:
    return make_desk(tmp_path)


def refusal(desk: TrustDesk) -> str:
    with pytest.raises(InvalidPolicy) as refused:
        desk.roster()
    return str(refused.value)


def test_people_and_agents_are_found_by_name(desk: TrustDesk) -> None:
    roster = desk.roster()
    assert roster.reviewer("ana").label == "Ana"
    assert roster.reviewer_for_user("u1").name == "ana"
    assert roster.agent("refund-agent").actions == ("payments.refund",)
    assert roster.agent("ana-bot").acts_for("ana")
    assert not roster.agent("refund-agent").acts_for("ana")
    assert not roster.single_operator


def test_strangers_are_told_how_to_register(desk: TrustDesk) -> None:
    roster = desk.roster()
    with pytest.raises(NotAllowed, match=r"did you mean 'refund-agent'.*overread agents add"):
        roster.agent("refund-agnt")
    with pytest.raises(NotAllowed, match="overread reviewers add eve"):
        roster.reviewer("eve")
    with pytest.raises(NotAllowed, match="--user nobody"):
        roster.reviewer_for_user("nobody")


def test_a_user_who_is_two_reviewers_must_say_which(desk: TrustDesk) -> None:
    desk.change_reviewer("boris", user=("u1", "u2"))
    with pytest.raises(NotAllowed, match=r"ana and boris.*--as"):
        desk.roster().reviewer_for_user("u1")
    assert desk.roster().reviewer_for_user("u2").name == "boris"


def test_the_sample_desk_can_be_read(desk: TrustDesk) -> None:
    for name in ("reviewers.toml", "agents.toml"):
        (desk.places.trust / name).write_bytes((SAMPLE / name).read_bytes())
    roster = desk.roster()
    assert roster.reviewer("femke").keys == ()
    assert roster.agent("infra-agent").acts_for("eskil")


def test_what_is_written_is_read_back(desk: TrustDesk) -> None:
    desk.change_reviewer("ana", valid_until=1_800_000_000_000, revoked_at=1_790_000_000_000)
    ana = desk.roster().reviewer("ana")
    assert (ana.valid_until, ana.revoked_at) == (1_800_000_000_000, 1_790_000_000_000)
    assert desk.places.reviewers_file.stat().st_mode & 0o777 == 0o644
    assert "name" not in tomllib.loads(desk.places.reviewers_file.read_text())["reviewers"]["ana"]
    assert [path.name for path in desk.places.trust.iterdir() if path.name.startswith(".")] == []


def test_user_may_be_one_name_and_times_may_be_text(desk: TrustDesk) -> None:
    line = (
        'user = "bo"\nvalid_from = "2026-01-01T00:00:00+01:00"\nvalid_until = 2027-01-01T00:00:00Z'
    )
    text = f'[reviewers.boris]\nlabel = "Boris"\n{line}\n'
    desk.places.reviewers_file.write_text(text)
    boris = desk.roster().reviewer_for_user("bo")
    assert (boris.valid_from, boris.valid_until) == (1_767_222_000_000, 1_798_761_600_000)


@pytest.mark.parametrize(
    ("at", "counts"), [(99, False), (100, True), (199, True), (200, False), (300, False)]
)
def test_a_reviewer_counts_from_and_until(at: int, counts: bool) -> None:
    moments = {"valid_from": 100, "valid_until": 300, "revoked_at": 200}
    ana = Reviewer(name="ana", label="Ana").model_copy(update=moments)
    assert ana.in_force(at) is counts


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('lable = "x"', r"reviewers.toml:2: reviewers.boris.lable: .*did you mean 'label'"),
        ('name = "x"', "leave it out"),
        ("valid_from = 2026-01-01T00:00:00", "has no time zone"),
        ("valid_from = 12", "reviewers.boris.valid_from"),
        ('valid_from = "soon"', "reviewers.boris.valid_from"),
        ("revoked_at = 2026-01-01", "must be a date-time such as"),
        ("user = 3", "reviewers.boris.user"),
    ],
)
def test_a_wrong_line_is_named(desk: TrustDesk, line: str, message: str) -> None:
    text = '[reviewers.boris]\n{line}\nlabel = "Boris"\n'
    desk.places.reviewers_file.write_text(text.format(line=line))
    with pytest.raises(InvalidPolicy, match=message):
        desk.roster()


@pytest.mark.parametrize("name", ["desk", "Desk", '"../ana"', '"an a"', '""'])
def test_a_name_that_cannot_be_a_reviewers_is_refused(desk: TrustDesk, name: str) -> None:
    desk.places.reviewers_file.write_text(f'[reviewers.{name}]\nlabel = "X"\n')
    assert "reviewers.toml:1" in refusal(desk)


def test_a_line_that_is_no_key_is_refused(desk: TrustDesk) -> None:
    desk.places.reviewers_file.write_text('[reviewers.eve]\nlabel = "E"\nkeys = ["ssh-rsa AAAA"]\n')
    assert "reviewers.toml:3: reviewers.eve.keys.0: is not an Ed25519 public key" in refusal(desk)


def test_two_people_never_share_a_key(desk: TrustDesk) -> None:
    desk.change_reviewer("boris", keys=desk.roster().reviewer("ana").keys)
    assert "a key of their own" in refusal(desk)


def test_nobody_signs_with_the_desks_key(desk: TrustDesk) -> None:
    desk.change_reviewer("boris", keys=(desk.places.desk_pub.read_text().strip(),))
    assert "the desk's own key" in refusal(desk)


@pytest.mark.parametrize("name", ["reviewers.toml", "agents.toml", "desk.toml", "desk.pub"])
def test_a_missing_file_is_named(desk: TrustDesk, name: str) -> None:
    (desk.places.trust / name).unlink()
    assert f"{name} cannot be read" in refusal(desk)


@pytest.mark.parametrize("name", ["reviewers.toml", "agents.toml", "desk.toml"])
def test_a_broken_file_says_where(desk: TrustDesk, name: str) -> None:
    (desk.places.trust / name).write_text("\n[oops\n")
    message = refusal(desk)
    assert f"{name} is not TOML" in message
    assert "line 2" in message


def test_bytes_that_are_no_text_are_refused(desk: TrustDesk) -> None:
    desk.places.agents_file.write_bytes(b'[agents.x]\nlabel = "\xff"\n')
    assert "byte 20 is not UTF-8" in refusal(desk)


@pytest.mark.parametrize(
    ("content", "message"), [("", "is empty"), ("hello\n", "not a public key")]
)
def test_a_desk_without_its_key_is_refused(desk: TrustDesk, content: str, message: str) -> None:
    desk.places.desk_pub.write_text(content)
    assert message in refusal(desk)


def test_a_trust_file_that_everybody_can_write_is_not_trusted(desk: TrustDesk) -> None:
    desk.places.reviewers_file.chmod(0o666)
    with pytest.raises(NotAllowed, match="chmod o-w"):
        desk.roster()


def test_earlier_desk_keys_still_count(desk: TrustDesk, tmp_path: Path) -> None:
    earlier = desk.places.desk_pub.read_text()
    newer = generate(tmp_path / "newer", "desk")
    desk.places.desk_pub.write_text(f"{newer}\n\n{earlier}")
    assert desk.roster().desk_keys == (blob_of(newer), blob_of(earlier))


def test_a_change_is_seen_without_reading_every_time(desk: TrustDesk) -> None:
    file = RosterFile(desk.places)
    first = file.current()
    assert file.current() is first
    put_agent(desk.places, Agent(name="new-bot", label="New"))
    assert file.current().agent("new-bot").actions == ()


def test_a_change_of_the_same_length_and_time_is_seen(desk: TrustDesk) -> None:
    """A file put in place by rename may carry the old one's size and date."""
    file = RosterFile(desk.places)
    file.current()
    path = desk.places.agents_file
    before = path.stat()
    other = path.with_name("other")
    other.write_text(path.read_text().replace("refund-agent", "refund-bgent"))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)
    assert "refund-bgent" in file.current().agents


def test_a_broken_change_is_refused_and_a_mended_one_accepted(desk: TrustDesk) -> None:
    file = RosterFile(desk.places)
    file.current()
    good = desk.places.agents_file.read_text()
    desk.places.agents_file.write_text("nonsense")
    with pytest.raises(InvalidPolicy):
        file.current()
    with pytest.raises(InvalidPolicy):
        file.current()
    desk.places.agents_file.write_text(good)
    assert isinstance(file.current(), Roster)
