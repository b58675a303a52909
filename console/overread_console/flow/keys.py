"""Which letter does what. Options get theirs from their kind, so that hands can learn them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from overread_briefs.brief import Option
from overread_queue.reviewing.options import TAKE_OVER

_BY_KIND = {"approve": "a", "modify": "m", "reject": "r", "need_info": "i", "escalate": "e"}
OPTION_LETTERS = frozenset((*_BY_KIND.values(), "t"))
"""The letters that have a meaning of their own on every item that has such an option."""
SPARE = "bfghklopxy"
"""Letters for a second option of one kind. No command uses them."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done on any item, or between items."""

    key: str
    name: str
    """The word that plain text accepts, and the stem of a binding's id."""
    label: str
    words: str
    """A sentence for the help screen."""


COMMANDS = (
    Command("d", "done", "done so far", "Show what the agent has done so far."),
    Command("w", "why", "why", "Show why this is yours: a person, this tier, this pool, now."),
    Command("j", "judge", "judge first", "Say what you would choose; then the AI's line is shown."),
    Command("v", "unmask", "unmask", "Show what is masked in the pane at hand. That is recorded."),
    Command("c", "comment", "comment", "Read what colleagues noted, and add a note."),
    Command("z", "snooze", "snooze", "Put it back until later, inside its deadline."),
    Command("n", "skip", "skip", "Give it back for somebody else and go on."),
    Command("u", "undo", "undo", "Take back the last approval while it is held."),
    Command("U", "urgent", "urgent next", "Take the most urgent item next, right after this one."),
    Command(
        "S", "stop", "stop agent", "Stop this agent, or the whole desk, until a lead lifts it."
    ),
    Command("q", "quit", "end session", "End the session; what is left goes back."),
)


@dataclass(frozen=True, slots=True)
class KeyState:
    """A key, and whether it acts now; a locked one says why."""

    key: str
    label: str
    enabled: bool = True
    why: str = ""


def option_keys(options: Sequence[Option]) -> dict[str, str]:
    """Letter to option key. The first of a kind gets the letter of the kind, in any order."""
    return dict(_letters(options))


def _letters(options: Sequence[Option]) -> Iterator[tuple[str, str]]:
    spare = iter(SPARE)
    used: set[str] = set()
    for option in options:
        letter = "t" if option.key == TAKE_OVER else _BY_KIND[option.kind]
        if letter in used:
            letter = next(spare)
        used.add(letter)
        yield letter, option.key
