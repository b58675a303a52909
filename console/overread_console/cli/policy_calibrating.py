"""Where the truth would draw the line between what agents do alone and what people see."""

from __future__ import annotations

from pathlib import Path

import click
from pydantic import JsonValue, TypeAdapter

from overread_console.cli.exits import Exit
from overread_console.cli.options import desk_option, json_option, reviewer_option
from overread_console.cli.pages import heading, paragraph
from overread_console.cli.periods import since_option
from overread_console.cli.talk import data_json, say
from overread_console.flow.figures import bounds
from overread_console.flow.words import count
from overread_queue.errors import InvalidRequest
from overread_queue.files import replace_file
from overread_queue.measure.intervals import Interval
from overread_queue.numbers import percent
from overread_queue.office import LeadOffice
from overread_queue.truth.calibrating import Advice

_ADVICES = TypeAdapter(tuple[Advice, ...])
_BESIDE = (
    "shares in [ ] are 95 % intervals, by the newest version of each agent alone; nothing here is "
    "put into force: people sign, and `overread policy activate` does that"
)


@click.command()
@since_option("90d")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the policy with what is proposed to a new file.",
)
@reviewer_option
@desk_option
@json_option
def calibrate(since: int, out: Path | None, reviewer: str | None, db: Path, as_json: bool) -> Exit:
    """Whether adjudicated truth says to tighten or to loosen a confidence threshold.

    By what an error costs against what a review costs, as the policy says under
    `[actions."TYPE".costs]`. Where the evidence is not enough, it says how much is missing.
    """
    with LeadOffice.open(db, reviewer=reviewer) as office:
        found = office.calibration(since=since)
        alone = office.single_operator
        if out is not None:
            _write(out, office.calibrated(found), found)
    if as_json:
        shape: JsonValue = _ADVICES.dump_python(found, mode="json")
        data_json({"single_operator": alone, "advice": shape})
        return Exit.DONE
    if alone:
        paragraph("This desk has a single operator: people may decide for their own agents.")
    for one in found:
        _page(one)
    if found:
        paragraph(_BESIDE)
    else:
        say("nothing has been proposed that anything could be known of")
    return Exit.DONE


def _write(out: Path, policy: bytes, found: tuple[Advice, ...]) -> None:
    if all(one.to is None for one in found):
        raise InvalidRequest("nothing is proposed, so there is no other policy to write")
    if out.exists():
        raise InvalidRequest(f"{out} is there already; name a new file")
    replace_file(out, policy)
    say(f"{out} is a draft; `overread policy simulate {out}` tries it on what was proposed")


def _page(one: Advice) -> None:
    heading(f"{one.action_type}: {_verdict(one)}")
    paragraph(one.says, indent=2)
    paragraph(f"{_share(one)}; by {', '.join(one.versions)}", indent=2)
    if one.pays is not None:
        curve = "" if one.best is None else f"; the curve puts the threshold at {one.best:g}"
        paragraph(f"a review pays above {percent(one.pays)}{_given(one)}{curve}", indent=2)


def _given(one: Advice) -> str:
    if one.catches is None:
        return ""
    return f", as people catch {_known(*one.catches)} of what is wrong"


def _verdict(one: Advice) -> str:
    if one.to is None:
        more = "" if one.more is None else f", {one.more:,} more to judge"
        return f"stays at {one.now:g}{more}"
    return f"{one.verdict}, {one.now:g} → {one.to:g}"


def _share(one: Advice) -> str:
    picked = f" ({one.picked:,} more were picked, and count for no rate)" if one.picked else ""
    judged = f"{one.judged:,} of {count(one.actions, 'action')} judged{picked}"
    if one.wrong is None:
        return f"{judged}, so nobody knows how many were wrong"
    worth = f"worth {one.effective:,.0f} drawn evenly"
    return f"{_known(*one.wrong)} were wrong, by {judged}, {worth}"


def _known(low: float, share: float, high: float) -> str:
    return f"{percent(share)} ({bounds(Interval(low, share, high), 'share')})"
