"""The trusted roster: read from the trust folder, asked by both sides, written by set-up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from overread_queue.errors import InvalidPolicy, NotAllowed
from overread_queue.files import Latest, read_trusted, replace_file
from overread_queue.places import Places
from overread_queue.tomlfile import Table, TomlText, did_you_mean, toml_bytes
from overread_queue.trust.keys import blob_fingerprint, blob_of
from overread_queue.trust.lending import Loan, folder, read_loans
from overread_queue.trust.people import (
    Agent,
    AgentsFile,
    Desk,
    DeskFile,
    Reviewer,
    ReviewersFile,
    TrustedKey,
)
from overread_queue.trust.wire import BadWire


@dataclass(frozen=True, slots=True)
class Roster:
    """One consistent reading of who may do what."""

    desk: Desk
    reviewers: dict[str, Reviewer]
    agents: dict[str, Agent]
    desk_keys: tuple[bytes, ...]
    """Blobs of the desk's public keys, current and earlier."""
    signers: dict[bytes, TrustedKey]
    """Every key that a reviewer has or had."""
    loans: tuple[Loan, ...] = ()
    """Roles lent until a moment; those that are over stay, for what was decided meanwhile."""

    @classmethod
    def load(cls, places: Places) -> Roster:
        """Raises `InvalidPolicy` naming file, line, key and remedy."""
        reviewers = read_reviewers(_text(places.reviewers_file))
        agents = read_agents(_text(places.agents_file))
        desk_keys = _desk_keys(places.desk_pub)
        signers = dict(pair for one in reviewers.values() for pair in _keys_of(one))
        _check_shared(places, reviewers.values(), agents.values(), desk_keys)
        desk = _text(places.desk_file).read(DeskFile).desk
        return cls(
            desk=desk,
            reviewers=reviewers,
            agents=agents,
            desk_keys=desk_keys,
            signers=signers,
            loans=read_loans(places, desk.id, signers)[0],
        )

    @property
    def single_operator(self) -> bool:
        return self.desk.single_operator

    def reviewer(self, name: str) -> Reviewer:
        """Raises `NotAllowed` for somebody who is not a reviewer."""
        if name in self.reviewers:
            return self.reviewers[name]
        raise NotAllowed(
            f"{name!r} is not a reviewer of this desk{did_you_mean(name, self.reviewers)}; "
            f"`overread reviewers add {name}` makes one"
        )

    def agent(self, name: str) -> Agent:
        """Raises `NotAllowed` for an agent that is not registered."""
        if name in self.agents:
            return self.agents[name]
        raise NotAllowed(
            f"{name!r} is not a registered agent{did_you_mean(name, self.agents)}; "
            f"register it with `overread agents add {name} --action TYPE`"
        )

    def acts_for(self, agent: str, person: str) -> bool:
        """Whether an agent works for a person, also through other agents.

        Raises `NotAllowed` for an agent that is not registered.
        """
        known = {name.lower(): one for name, one in self.agents.items()}
        one: Agent | None = self.agent(agent)
        while one is not None:
            if one.acts_for(person):
                return True
            # Taken out of the ones to look at, so that a circle of agents ends.
            known.pop(one.name.lower(), None)
            one = known.get((one.operator or "").lower())
        return False

    def is_operator(self, reviewer: str, agent: str) -> bool:
        """Whether `reviewer` may not decide for `agent`: it works for them, or is unknown."""
        if self.single_operator:
            return False
        return agent not in self.agents or self.acts_for(agent, reviewer)

    def lent_to(self, reviewer: str, at: int) -> tuple[Loan, ...]:
        """The roles that somebody had on loan at `at`, from people who counted then."""
        return tuple(
            one
            for one in self.loans
            if one.borrower == reviewer and one.runs(at) and self.reviewers[one.lender].in_force(at)
        )

    def reviewer_for_user(self, os_user: str) -> Reviewer:
        """The one reviewer who is this operating-system user, or `NotAllowed`."""
        found = [one for one in self.reviewers.values() if os_user in one.user]
        if len(found) == 1:
            return found[0]
        if found:
            names = " and ".join(one.name for one in found)
            raise NotAllowed(f"{os_user} is {names} on this desk; say which with `--as NAME`")
        raise NotAllowed(
            f"{os_user} is not a reviewer of this desk; `overread reviewers add NAME "
            f"--user {os_user}` makes one, and `--as NAME` names an existing one"
        )


class RosterFile(Latest[Roster]):
    """The roster as its files have it now. `current()` raises as `Roster.load` does."""

    def __init__(self, places: Places) -> None:
        super().__init__(
            (
                places.desk_file,
                places.desk_pub,
                places.reviewers_file,
                places.agents_file,
                folder(places),
            ),
            lambda: Roster.load(places),
        )


def read_reviewers(text: TomlText) -> dict[str, Reviewer]:
    """The reviewers in a reviewers.toml. Raises `InvalidPolicy`."""
    return text.read(ReviewersFile).reviewers


def read_agents(text: TomlText) -> dict[str, Agent]:
    """The agents in an agents.toml. Raises `InvalidPolicy`."""
    return text.read(AgentsFile).agents


def put_reviewer(places: Places, reviewer: Reviewer) -> None:
    """Write one entry of reviewers.toml; the rest of the file, comments too, stays as it is."""
    entry = reviewer.model_dump(exclude_defaults=True)
    _put(places.reviewers_file, ("reviewers", reviewer.name), entry)


def put_agent(places: Places, agent: Agent) -> None:
    """Write one entry of agents.toml; the rest of the file stays as it is."""
    _put(places.agents_file, ("agents", agent.name), agent.model_dump(exclude_defaults=True))


def drop_agent(places: Places, name: str) -> None:
    """Take one entry out of agents.toml."""
    _put(places.agents_file, ("agents", name), None)


def _put(path: Path, key: tuple[str, str], entry: Table | None) -> None:
    replace_file(path, _text(path).with_entry(key, entry))


def write_desk(places: Places, desk: Desk, public_lines: Iterable[str]) -> None:
    """Replace desk.toml and desk.pub; the key in use comes first."""
    replace_file(places.desk_pub, "".join(f"{line}\n" for line in public_lines).encode())
    replace_file(places.desk_file, toml_bytes(DeskFile(desk=desk)))


def _text(path: Path) -> TomlText:
    return TomlText(read_trusted(path), source=str(path))


def _desk_keys(path: Path) -> tuple[bytes, ...]:
    lines = read_trusted(path).decode("utf-8", "replace").split("\n")
    try:
        keys = tuple(blob_of(line) for line in lines if line.strip())
    except BadWire as error:
        raise InvalidPolicy(f"{path} has a line that is not a public key: {error}") from error
    if not keys:
        raise InvalidPolicy(f"{path} is empty; put the desk's public key back (`ssh-keygen -y`)")
    return keys


def _check_shared(
    places: Places,
    reviewers: Iterable[Reviewer],
    agents: Iterable[Agent],
    desk_keys: tuple[bytes, ...],
) -> None:
    """A key that two share would prove nothing about either."""
    people = [(blob, f"reviewers.{one.name}") for one in reviewers for blob, _ in _keys_of(one)]
    programs = [(blob_of(one.key), f"agents.{one.name}") for one in agents if one.key]
    count = Counter([*dict.fromkeys(desk_keys), *(blob for blob, _ in (*people, *programs))])
    for blob, owner in (*people, *programs):
        if count[blob] > 1:
            raise InvalidPolicy(
                f"{places.trust}: {owner}: the key {blob_fingerprint(blob)} is there twice or is "
                "the desk's own key; give everybody a key of their own"
            )


def _keys_of(reviewer: Reviewer) -> Iterator[tuple[bytes, TrustedKey]]:
    for line in reviewer.keys:
        yield blob_of(line), TrustedKey(reviewer)
    for one in reviewer.retired:
        yield blob_of(one.key), TrustedKey(reviewer, one)
