"""A practice item: a brief, the answers that are right, and where on its card one could see it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, ValidationError, model_validator

from overread_briefs.brief import Brief, Evidence, OptionKind
from overread_briefs.budget import over_budget
from overread_briefs.canonical import strict_loads
from overread_briefs.errors import BadJson
from overread_briefs.fields import Items, Line, Millis, Part, Slug
from overread_briefs.sentences import faults
from overread_queue.errors import InvalidRequest

SCHEMA_NAME: Final = "overread/practice/1"

_ALWAYS_THERE: frozenset[OptionKind] = frozenset({"reject", "need_info", "escalate"})


class InvalidPractice(InvalidRequest):
    """A file or folder of practice items that cannot be used; names it and what to change."""

    def __init__(self, where: Path, *problems: str) -> None:
        super().__init__("\n".join(f"{where}: {problem}" for problem in problems))
        self.where = where


class PracticeItem(Part):
    """One file of a practice folder."""

    schema_name: Literal["overread/practice/1"] = Field(alias="schema")
    kind: Line
    """What is wrong with it in two words, such as `stale document`; `nothing wrong` for a
    control."""
    right: Annotated[Items[OptionKind], Field(min_length=1)]
    """Kinds of options that are right here, the best first; with `approve` it is a control."""
    explanation: Line
    seen_in: Slug
    """Id of the evidence that shows it …"""
    quote: Line
    """… in these words."""
    look_for: Line
    """What to do so that this kind is seen the next time."""
    moment: Millis
    """The moment that the times of the brief are meant relative to."""
    brief: Brief

    @property
    def sound(self) -> bool:
        """A control: nothing is wrong with it."""
        return "approve" in self.right

    @property
    def shown_by(self) -> Evidence:
        """The evidence that shows it."""
        return next(one for one in self.brief.evidence if one.id == self.seen_in)

    @model_validator(mode="after")
    def _fits_its_brief(self) -> Self:
        offered = _ALWAYS_THERE | {option.kind for option in self.brief.options}
        missing = [kind for kind in self.right if kind not in offered]
        if missing:
            raise ValueError(f"`right` has {missing[0]!r}: the brief offers no such option.")
        if self.seen_in not in {one.id for one in self.brief.evidence}:
            raise ValueError(f"`seen_in` names {self.seen_in!r}: use an id of the evidence.")
        if self.quote not in (self.shown_by.content or ""):
            raise ValueError(f"`quote` is not in {self.seen_in!r}: copy words from its content.")
        return self


def read_item(file: Path) -> PracticeItem:
    """The item in `file`. Raises `InvalidPractice` with everything to change."""
    try:
        item = PracticeItem.model_validate(
            strict_loads(file.read_bytes()), by_alias=True, by_name=False
        )
    except BadJson as error:
        raise InvalidPractice(file, str(error)) from error
    except ValidationError as error:
        raise InvalidPractice(file, *map(str, faults(error, PracticeItem))) from error
    too_long = over_budget(item.brief)
    if too_long:
        raise InvalidPractice(file, *(f"brief.{fault}" for fault in too_long))
    return item
