"""The keys of the review screen. Each has an id to rebind it by, and words for `?`."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from overread_console.flow.keys import COMMANDS, SPARE

_OPTIONS = (
    ("a", "approve", "Approve exactly what is proposed, or confirm what was done."),
    ("m", "modify", "Change what may be changed, and approve exactly that."),
    ("r", "reject", "Reject, with a reason; disagree; or abandon a stopped task."),
    ("i", "ask", "Ask the agent, or hand a stopped task back to it."),
    ("e", "hand_on", "Hand it to the senior pool."),
    ("t", "take_over", "Take the whole task over from the agent."),
)


def _option(letter: str, name: str, words: str) -> Binding:
    return Binding(
        letter,
        f"option('{letter}')",
        name.replace("_", " "),
        show=False,
        id=f"review.{name}",
        tooltip=words,
    )


def _options() -> list[BindingType]:
    named = [_option(*one) for one in _OPTIONS]
    spare = [
        Binding(letter, f"option('{letter}')", show=False, id=f"review.option.{letter}")
        for letter in SPARE
    ]
    return [*named, *spare]


def _evidence() -> list[BindingType]:
    first = Binding(
        "1",
        "read(1)",
        "evidence",
        key_display="1-9",
        id="review.evidence",
        tooltip="Open a piece of evidence; the square brackets go through all.",
    )
    rest = [
        Binding(str(n), f"read({n})", show=False, id=f"review.evidence.{n}") for n in range(2, 10)
    ]
    return [first, *rest]


OPTION_LETTERS = {
    **{f"review.{name}": letter for letter, name, _ in _OPTIONS},
    **{f"review.option.{letter}": letter for letter in SPARE},
}
"""Id of a binding to the letter of the option that it chooses."""

_IN_FOOTER = frozenset({"done", "why", "snooze", "stop", "quit"})


def _commands() -> list[BindingType]:
    return [
        Binding(
            command.key,
            f"command('{command.name}')",
            command.label,
            show=command.name in _IN_FOOTER,
            id=f"review.{command.name}",
            tooltip=command.words,
        )
        for command in COMMANDS
    ]


REVIEW_BINDINGS: list[BindingType] = [
    *_evidence(),
    *_options(),
    *_commands(),
    Binding("left_square_bracket", "beside(-1)", show=False, id="review.before"),
    Binding("right_square_bracket", "beside(1)", show=False, id="review.after"),
    Binding(
        "escape",
        "back",
        "back",
        key_display="esc",
        show=False,
        id="review.back",
        tooltip="Back to the card; puts an error away.",
    ),
    Binding(
        "up",
        "scroll(-1)",
        "scroll up",
        key_display="↑ ↓",
        show=False,
        id="review.up",
        tooltip="Scroll what you are reading.",
    ),
    Binding("down", "scroll(1)", show=False, id="review.down"),
    Binding("pageup", "scroll(-10)", show=False, id="review.pageup"),
    Binding("pagedown,space", "scroll(10)", show=False, id="review.pagedown"),
]
