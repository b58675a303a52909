"""A refusal of the desk's side, raised again on the agents' side under the same name."""

from __future__ import annotations

from overread_briefs import Fault, InvalidBrief
from overread_queue import errors
from overread_queue.errors import InvalidRequest, OverreadError
from overread_queue.mailbox.papers import Refusal


def written(refusal: Exception) -> Refusal:
    """With the fields that its handlers read."""
    plain = {
        name: value
        for name, value in vars(refusal).items()
        if value is None or isinstance(value, str | int | float)
    }
    return Refusal(error=type(refusal).__name__, text=str(refusal), fields=plain)


def raised(refusal: Refusal) -> Exception:
    """The error that was written down."""
    if refusal.error == InvalidBrief.__name__:
        return InvalidBrief([Fault("", refusal.text)])
    kind = getattr(errors, refusal.error, None)
    if not (isinstance(kind, type) and issubclass(kind, OverreadError)):
        return InvalidRequest(refusal.text)
    # Their constructors build the sentence, which is there already.
    again = kind.__new__(kind)
    Exception.__init__(again, refusal.text)
    again.__dict__.update(refusal.fields)
    return again


def is_known(name: str) -> bool:
    """Whether an agent may report having met such an error."""
    kind = getattr(errors, name, None)
    ours = isinstance(kind, type) and issubclass(kind, OverreadError)
    return ours or name == InvalidBrief.__name__
