"""Making a desk, and letting people and agents onto it."""

from __future__ import annotations

from pathlib import Path

from overread_queue.clock import Clock, SystemClock, new_id
from overread_queue.errors import InvalidRequest
from overread_queue.files import replace_file
from overread_queue.ground import Ground
from overread_queue.mailbox.layout import Layout
from overread_queue.mailbox.making import make_folders, open_inbox
from overread_queue.places import Places
from overread_queue.policy.load import keep_policy, parse_policy
from overread_queue.store import Store
from overread_queue.store.connection import create
from overread_queue.store.events import Event
from overread_queue.store.migrations import migrate
from overread_queue.store.reserve import lay_in
from overread_queue.tomlfile import TomlText
from overread_queue.trust.keys import generate, generate_secret
from overread_queue.trust.people import AUDIT, DESK, PROBES, Agent, Desk, Reviewer
from overread_queue.trust.roster import (
    Roster,
    put_agent,
    put_reviewer,
    read_agents,
    read_reviewers,
    write_desk,
)


def init_mailbox(
    root: str | Path,
    *,
    policy: bytes,
    agents_group: str | None = None,
    name: str = "Overread desk",
    reviewers: bytes | None = None,
    agents: bytes | None = None,
    single_operator: bool = False,
    clock: Clock | None = None,
) -> Places:
    """Make a desk whose agents run as other users, in a folder of its own.

    `agents_group` is the system group that those users are in. Raises as `init_desk` does.
    """
    layout = Layout(Path(root))
    parse_policy(policy, source="policy")
    make_folders(layout, agents_group)
    places = init_desk(
        layout.root,
        policy=policy,
        name=name,
        reviewers=reviewers,
        agents=agents,
        single_operator=single_operator,
        clock=clock,
    )
    open_inbox(layout)
    return places


def init_desk(
    path: str | Path,
    *,
    policy: bytes,
    name: str = "Overread desk",
    reviewers: bytes | None = None,
    agents: bytes | None = None,
    single_operator: bool = False,
    clock: Clock | None = None,
) -> Places:
    """Make the database, the desk's key and the trust folder.

    `reviewers` and `agents` are TOML rosters to start with. Raises `InvalidPolicy` before anything
    is made, and `InvalidRequest` where a desk, or a part of one, already stands.
    """
    places = Places.of(path)
    parse_policy(policy, source="policy")
    people, programs = reviewers or b"", agents or b""
    read_reviewers(TomlText(people, source="reviewers"))
    read_agents(TomlText(programs, source="agents"))
    _refuse_existing(places)
    now = (clock or SystemClock()).now()
    desk = Desk(id=new_id(now), name=name, single_operator=single_operator)
    places.trust.mkdir(mode=0o755, parents=True, exist_ok=True)
    line = generate(places.key(DESK), f"desk {desk.id}")
    generate_secret(places.key(AUDIT))
    generate_secret(places.key(PROBES))
    write_desk(places, desk, [line])
    replace_file(places.reviewers_file, people)
    replace_file(places.agents_file, programs)
    keep_policy(places.policies, policy)
    replace_file(places.policy_file, policy)
    _make_database(places, desk, now)
    _first_checkpoint(places, clock)
    return places


def add_reviewer(places: Places, reviewer: Reviewer) -> Reviewer:
    """Let somebody decide. Without a public key of theirs, one is made for them on this machine.

    Raises `InvalidRequest` where the name is taken.
    """
    roster = Roster.load(places)
    if reviewer.name in roster.reviewers:
        raise InvalidRequest(f"{reviewer.name} is a reviewer already; edit {places.reviewers_file}")
    return _put_with_key(places, reviewer)


def give_key(places: Places, name: str) -> Reviewer:
    """Make a key for a reviewer who has none yet."""
    return _put_with_key(places, Roster.load(places).reviewer(name))


def add_agent(places: Places, agent: Agent) -> None:
    """Let a program ask. Raises `InvalidRequest` where the name is taken."""
    roster = Roster.load(places)
    if agent.name in roster.agents:
        raise InvalidRequest(f"{agent.name} is registered already; edit {places.agents_file}")
    put_agent(places, agent)


def _put_with_key(places: Places, reviewer: Reviewer) -> Reviewer:
    if not reviewer.keys:
        line = generate(places.key(reviewer.name), reviewer.name)
        reviewer = reviewer.model_copy(update={"keys": (line,)})
    put_reviewer(places, reviewer)
    return reviewer


def _refuse_existing(places: Places) -> None:
    for there in (places.db, places.desk_file, places.key(DESK)):
        if there.exists():
            raise InvalidRequest(
                f"{there} exists already; choose another --db, or move the old desk away"
            )


def _make_database(places: Places, desk: Desk, now: int) -> None:
    """Made under another name and moved into place, so that nobody meets half a desk."""
    draft = places.db.with_name(f".{places.db.name}.new")
    draft.unlink(missing_ok=True)
    connection = create(draft)
    try:
        migrate(connection, draft)
    finally:
        connection.close()
    store = Store(draft)
    try:
        with store.write() as tx:
            tx.desk.add_identity(desk.id, now=now)
            tx.events.add(Event("made", DESK, now, detail={"desk": desk.id}))
    finally:
        store.close()
    draft.replace(places.db)
    lay_in(places.db)


def _first_checkpoint(places: Places, clock: Clock | None) -> None:
    """From its first event on, the chain has a signed head outside the database."""
    ground = Ground(places, clock or SystemClock())
    try:
        ground.checkpoint(early=True)
    finally:
        ground.close()
