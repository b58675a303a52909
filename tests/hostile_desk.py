"""A desk where all who may write have written harm: agents, colleagues, whoever set it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import cycle
from pathlib import Path

from factories import NOON, POLICY, House, brief, house
from frictionless import with_friction
from hostile import ACTIVE
from journey import kinds
from overread_briefs import Action, Brief, Editable, EditableField, Evidence, Option
from overread_briefs.action import Compensation
from overread_briefs.brief import Link, Provenance, Recommendation, Step, Trigger
from overread_briefs.budget import words
from overread_briefs.fields import Parameters
from overread_briefs.visible import visible
from overread_briefs.width import cells
from overread_queue.clock import Clock, ManualClock
from overread_queue.models import Ticket

_IN_TOML = "\\u001b]0;x\\u0007\\u202e\\u200b[@click=app.leave]a[/]"
SPOILT = {
    'name = "Test desk"': f'name = "Test {_IN_TOML}"',
    'label = "Refunds"': f'label = "Refunds {_IN_TOML}"',
    'label = "Hide a listing"': f'label = "Hide {_IN_TOML}"',
    'on_silence = "senior refunds takes over"': f'on_silence = "{_IN_TOML}"',
}
DONE_ALONE = ('high"\nreversibility = "compensable"', 'low"\nreversibility = "compensable"')
"""A feed of notices needs something that is done without asking."""
TOUCHED = frozenset({"decided", "held", "halted", "objected", "handed_on", "opinion", "withdrawn"})
"""What no amount of text may bring about."""


def hostile_house(folder: Path, *, clock: Clock | None = None, **controls: str) -> House:
    """`controls` are those of friction that are switched on."""
    policy = with_friction(POLICY, **controls)
    for plain, bad in (*SPOILT.items(), DONE_ALONE):
        assert plain in policy
        policy = policy.replace(plain, bad)
    return house(folder, policy=policy, clock=clock or ManualClock(NOON))


def submit_hostile(desk: House, strings: Sequence[str]) -> Ticket:
    """One brief that has each of the strings in its evidence and parameters, and some elsewhere."""
    with desk.agent() as agent:
        return agent.submit(hostile_brief(strings, at=desk.clock.now()))


def notify_hostile(desk: House, strings: Sequence[str]) -> None:
    """An action that the agent only tells of."""
    action = Action(
        type="content.hide", parameters=_parameters(strings), reversibility="compensable"
    )
    with desk.agent() as agent:
        assert agent.propose(action).may_act


def hostile_brief(strings: Sequence[str], *, at: int = NOON) -> Brief:
    """Fields of the card are cut to its budget; evidence and parameters have everything."""
    left = cycle(strings)
    return brief().model_copy(
        update={
            "question": fitted(next(left), 140, 14),
            "accomplished": tuple(Step(text=fitted(one, 250, 99)) for one in strings[:40]),
            "triggers": (_trigger(next(left)),),
            "evidence": tuple(_evidence(strings, left, at)),
            "recommendation": Recommendation(
                option="approve",
                reason=fitted(next(left), 50, 8),
                confidence=0.5,
                doubt=fitted(next(left), 50, 8),
            ),
            "options": tuple(_options(left)),
            "action": _action(strings),
            "provenance": Provenance(source=fitted(next(left), 250, 99), at=at),
        }
    )


def fitted(text: str, most_cells: int, most_words: int) -> str:
    """A line that the contract takes, and of `text` as much as has room on a card."""
    line = "".join(text_of(text).splitlines())
    while cells(visible(line)) > most_cells or words(visible(line)) > most_words:
        line = line[: len(line) * 3 // 4]
    return line if line.strip() else "x"


def text_of(text: str) -> str:
    """What can be said in UTF-8 at all."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def assert_untouched(desk: House) -> None:
    """Nobody decided, stopped or said anything, whatever the texts asked for."""
    assert TOUCHED.isdisjoint(kinds(desk.path)), kinds(desk.path)


def _evidence(strings: Sequence[str], left: Iterator[str], at: int) -> Iterator[Evidence]:
    whole = "\n".join(map(text_of, strings))[:19_000] or "x"
    for number in range(1, 4):
        yield Evidence(
            id=f"fact-{number}",
            title=fitted(next(left), 40, 8),
            content=whole,
            link=Link(url=fitted(f"https://{next(left)}", 250, 99), sha256="0" * 64),
            source=fitted(next(left), 50, 9)[:60],
            as_of=at - 1000,
            sensitivity="confidential" if number == 3 else "internal",
        )


def _options(left: Iterator[str]) -> Iterator[Option]:
    for key, kind in (("approve", "approve"), ("change", "modify"), ("reject", "reject")):
        yield Option(
            key=key,
            kind=kind,  # type: ignore[arg-type]
            label=fitted(next(left), 19, 3),
            consequence=fitted(next(left), 54, 9),
        )


def _action(strings: Sequence[str]) -> Action:
    fields = {"text": EditableField(type="string", title=ACTIVE, max_length=20_000)}
    return Action(
        type="payments.refund",
        parameters={"text": text_of(strings[0]) + ACTIVE} | _parameters(strings),
        target="A-1009",
        editable=Editable(type="object", properties=fields),
        compensation=Compensation(type="payments.charge"),
    )


def _parameters(strings: Iterable[str]) -> Parameters:
    return {text_of(one)[:100] or "empty": text_of(one) for one in strings}


def _trigger(text: str) -> Trigger:
    line = fitted(text, 60, 9)
    return Trigger(kind="risk", rule="odd", observed=line, comparison="!=", threshold=line)
