"""What an option still needs, asked step by step below the card, and then the decision."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar, assert_never, cast

from textual.screen import ModalScreen

from overread_briefs.fields import Parameters
from overread_console.flow.prompt import Prompt
from overread_console.flow.review_flow import ReviewFlow
from overread_console.flow.spans import Line
from overread_console.tui.base import ConsoleScreen
from overread_console.tui.dialogs.challenge import ChallengeDialog
from overread_console.tui.dialogs.form import FormDialog
from overread_console.tui.dialogs.token import TokenDialog
from overread_console.tui.dialogs.words import WordsDialog
from overread_console.tui.dialogs.yes import YesDialog

if TYPE_CHECKING:
    from overread_console.tui.app import OverreadApp

T = TypeVar("T")


class AskingScreen(ConsoleScreen):
    """Carries calls out one at a time, and asks what they need."""

    def __init__(self, flow: ReviewFlow) -> None:
        super().__init__(flow)
        self._busy = False
        self._remark: Line = ()

    @property
    def console(self) -> OverreadApp:
        return cast("OverreadApp", self.app)

    def _decide(self, option: str, parameters: Parameters | None = None) -> None:
        """Ask the flow what the option needs next, get it, and go on until nothing is missing."""
        self._do(
            partial(self.flow.prepare, option, parameters),
            then=lambda prompt: self._ask(prompt, parameters),
        )

    def _ask(self, prompt: Prompt, parameters: Parameters | None) -> None:
        option = prompt.option
        match prompt.kind:
            case "nothing":
                self._choose(option, parameters=parameters)
            case "yes":
                self._push(YesDialog(prompt), lambda _: self._choose(option))
            case "words":
                dialog = WordsDialog(prompt.title, prompt.ask, text=prompt.text)
                self._push(dialog, lambda words: self._choose(option, reason=words))
            case "form":
                self._push(
                    FormDialog(prompt, self.flow), lambda values: self._decide(option, values)
                )
            case "challenge":
                self._push(ChallengeDialog(prompt, self.flow), lambda _: self._go_on(option))
            case "token":
                self._ask_token(prompt, parameters)
            case never:
                assert_never(never)

    def _go_on(self, option: str) -> None:
        """After the challenge; where time is missing still, the foot of the card says so."""
        if not self.flow.scene.lock:
            self._decide(option)

    def _ask_token(self, prompt: Prompt, parameters: Parameters | None) -> None:
        self._push(
            TokenDialog(prompt),
            lambda typed: self._choose(prompt.option, parameters=parameters, token=typed),
        )

    def _choose(
        self,
        option: str,
        *,
        parameters: Parameters | None = None,
        reason: str = "",
        token: str = "",
    ) -> None:
        self._do(
            partial(self.flow.choose, option, parameters=parameters, reason=reason, token=token)
        )

    def _do(self, call: Callable[[], T], then: Callable[[T], None] = lambda _: None) -> None:
        """One call at a time: a second key waits for the first to be carried out."""
        self._busy = True
        self._remark = ()

        def arrived(result: T) -> None:
            self._busy = False
            then(result)

        self.console.do(call, then=arrived, refused=self._free)

    def _free(self) -> None:
        self._busy = False

    def _push(self, dialog: ModalScreen[T | None], then: Callable[[T], None]) -> None:
        """Ask something; leaving the dialog leaves everything as it is."""

        def answered(result: T | None) -> None:
            if result is not None:
                then(result)

        self.console.push_screen(dialog, answered)
