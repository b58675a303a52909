"""What a desk may answer about one escalation, when calls come one after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from linearizable import REFUSED, Answer, Call


@dataclass(frozen=True, slots=True)
class Known:
    """One escalation, its decision, and whoever acts on it."""

    state: str = "none"
    who: str = ""
    fence: int = 0
    console: str = ""
    option: str = ""
    holder: str = ""
    taken: str = ""
    done: bool = False

    def after(self, call: Call) -> tuple[Known, Answer]:
        """What is known after the call, and its answer."""
        step: tuple[Known, Answer] = getattr(self, f"_{call.name}")(call)
        return step

    def _submit(self, call: Call) -> tuple[Known, Answer]:
        if self.state == "none":
            return replace(self, state="waiting"), "new"
        return self, "known"

    def _claim(self, call: Call) -> tuple[Known, Answer]:
        fence = self.fence + 1
        claimed = replace(self, state="claimed", who=call.who, fence=fence)
        return (claimed, fence) if self.state == "waiting" else (self, REFUSED)

    def _is_leased(self, call: Call) -> bool:
        return (self.state, self.who, self.fence) == ("claimed", call.who, call.given)

    def _open(self, call: Call) -> tuple[Known, Answer]:
        return self, "ok" if self._is_leased(call) else REFUSED

    def _release(self, call: Call) -> tuple[Known, Answer]:
        freed = replace(self, state="waiting", who="")
        return (freed, "ok") if self._is_leased(call) else (self, REFUSED)

    def _approve(self, call: Call) -> tuple[Known, Answer]:
        held = replace(self, state="held", console=call.console)
        return (held, "held") if self._is_leased(call) else (self, REFUSED)

    def _reject(self, call: Call) -> tuple[Known, Answer]:
        decided = replace(self, state="decided", option="reject")
        return (decided, "recorded") if self._is_leased(call) else (self, REFUSED)

    def _undo(self, call: Call) -> tuple[Known, Answer]:
        mine = (self.state, self.console) == ("held", call.console)
        return (replace(self, state="claimed", console=""), "ok") if mine else (self, REFUSED)

    def _sign(self, call: Call) -> tuple[Known, Answer]:
        mine = (self.state, self.console) == ("held", call.console)
        return (replace(self, state="decided", option="approve"), "ok") if mine else (self, REFUSED)

    def _withdraw(self, call: Call) -> tuple[Known, Answer]:
        free = self.state in ("waiting", "claimed")
        return (replace(self, state="withdrawn"), "ok") if free else (self, REFUSED)

    def _poll(self, call: Call) -> tuple[Known, Answer]:
        return self, self.option or None

    def _take(self, call: Call) -> tuple[Known, Answer]:
        free = self.option == "approve" and not self.holder and not self.done
        taken = replace(self, holder=str(call.given), taken=str(call.given))
        return (taken, "ok") if free else (self, REFUSED)

    def _give_back(self, call: Call) -> tuple[Known, Answer]:
        return (replace(self, holder="") if self.holder == call.given else self), "ok"

    def _complete(self, call: Call) -> tuple[Known, Answer]:
        mine = self.taken == call.given and not self.done
        return (replace(self, holder="", done=True), "ok") if mine else (self, REFUSED)
