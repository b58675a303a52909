"""Conditions as data: one subject compared with one value. There is no expression language."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, Self, get_args

from pydantic import BeforeValidator, Field, PlainValidator, StringConstraints, model_validator

from overread_briefs.fields import Identifier, Items, Part, Sensitivity
from overread_queue.policy.values import is_number

NumberComparison = Literal["<", "<=", ">", ">=", "=", "!="]
Comparison = Literal["<", "<=", ">", ">=", "=", "!=", "in", "not in"]
SubjectKind = Literal["signal", "parameter", "fact"]
Fact = Literal["agent", "agent_version", "model", "model_version", "data_class"]

FACTS: tuple[Fact, ...] = get_args(Fact)
DATA_CLASSES: tuple[Sensitivity, ...] = get_args(Sensitivity)
"""Least sensitive first."""

_LONGEST = 300
Text = Annotated[str, StringConstraints(min_length=1, max_length=_LONGEST, pattern=r"\S")]


class Subject(NamedTuple):
    """What a condition looks at."""

    kind: SubjectKind
    name: str


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _comparable(value: object) -> object:
    """A number, a truth value, a text, or a list of texts."""
    if isinstance(value, int | float) and (isinstance(value, bool) or is_number(value)):
        return value if isinstance(value, bool) else float(value)
    if _is_text(value):
        return value
    if isinstance(value, list | tuple) and value and all(_is_text(one) for one in value):
        return tuple(value)
    raise ValueError(
        f"compares with a finite number, a text, true or false, or a list of texts, not {value!r}"
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _LONGEST


Value = Annotated[float | bool | str | tuple[str, ...], PlainValidator(_comparable)]
Texts = Annotated[Items[Text], BeforeValidator(_listed), Field(min_length=1)]
"""One text or a list of them."""


class Condition(Part):
    """One of: a signal or parameter with `is` and `value`; or a fact with what it may be.

    `{signal = "confidence", is = "<", value = 0.8}`, `{data_class = ["restricted"]}`,
    `{model_version = ["7.1", "7.2"], is = "not in"}`.
    """

    signal: Identifier | None = None
    parameter: Identifier | None = None
    agent: Texts | None = None
    agent_version: Texts | None = None
    model: Texts | None = None
    model_version: Texts | None = None
    data_class: Texts | None = None
    comparison: Comparison | None = Field(default=None, alias="is")
    value: Value | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        named = [name for name in ("signal", "parameter", *FACTS) if getattr(self, name)]
        if len(named) != 1:
            raise ValueError(
                "must name exactly one of signal, parameter, "
                f"{', '.join(FACTS)}; write one condition for each"
            )
        problem = self._problem()
        if problem:
            raise ValueError(problem)
        return self

    @property
    def subject(self) -> Subject:
        if self.signal:
            return Subject("signal", self.signal)
        if self.parameter:
            return Subject("parameter", self.parameter)
        return Subject("fact", next(fact for fact in FACTS if getattr(self, fact)))

    @property
    def operator(self) -> Comparison:
        return self.comparison or "in"

    @property
    def operand(self) -> float | bool | str | tuple[str, ...]:
        """What the subject is compared with."""
        subject = self.subject
        found = getattr(self, subject.name) if subject.kind == "fact" else self.value
        return () if found is None else found

    @property
    def texts(self) -> tuple[str, ...]:
        """The operand of a comparison of texts or truth values, as a list."""
        operand = self.operand
        if isinstance(operand, bool):
            return ("true" if operand else "false",)
        return (operand,) if isinstance(operand, str) else tuple(operand)  # type: ignore[arg-type]

    @property
    def threshold(self) -> float | bool | str:
        """The operand as it is shown beside what was observed."""
        operand = self.operand
        return ", ".join(operand)[:300] if isinstance(operand, tuple) else operand

    def _problem(self) -> str | None:
        if self.subject.kind == "fact":
            return self._problem_of_fact()
        if self.comparison is None or self.value is None:
            return 'needs `is` and `value`, such as is = "<", value = 0.8'
        listed = isinstance(self.value, tuple)
        if listed != (self.comparison in ("in", "not in")):
            return 'takes a list with is = "in" or "not in", and one value with < <= > >= = !='
        number = isinstance(self.value, float) and not isinstance(self.value, bool)
        if self.comparison in ("<", "<=", ">", ">=") and not number:
            return f"compares {self.value!r} by size; only numbers have one"
        return None

    def _problem_of_fact(self) -> str | None:
        if self.value is not None or self.operator not in ("in", "not in"):
            return (
                f'is written {self.subject.name} = ["…"], with is = "not in" for all others; '
                "without `value`"
            )
        strange = [one for one in self.texts if one not in DATA_CLASSES]
        if self.data_class and strange:
            return f"data_class is one of {', '.join(DATA_CLASSES)}, not {strange[0]!r}"
        return None
