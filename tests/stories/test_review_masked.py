"""An account number that nobody reads over a shoulder: masked until asked for, in both faces."""

from __future__ import annotations

from pathlib import Path

import pytest

from factories import House, brief, house
from journey import events
from overread_briefs import Action, Editable, EditableField
from overread_queue.models import Ticket
from review_faces import KINDS, open_face

pytestmark = pytest.mark.parametrize("kind", KINDS)

IBAN = "DE02120300000000202051"
MEMO = "insolvent since May"
CODE_ASKED = "the code of exactly this action"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def desk(tmp_path: Path) -> House:
    return house(tmp_path)


def submitted(desk: House, *, editable: tuple[str, ...] = ("amount", "iban")) -> Ticket:
    fields = {
        "amount": EditableField(type="number", minimum=0.01, maximum=420),
        "iban": EditableField(type="string", title="Account"),
    }
    properties = {name: fields[name] for name in editable}
    action = Action(
        type="payments.refund",
        parameters={"amount": 420.0, "iban": IBAN, "memo": MEMO},
        sensitive={"iban": "confidential", "memo": "restricted"},
        target=IBAN[:16],
        editable=Editable(type="object", properties=properties),
    )
    with desk.agent() as agent:
        return agent.submit(brief().model_copy(update={"action": action}))


def unmasked(desk: House) -> list[str]:
    return [event.detail for event in events(desk.path) if event.kind == "unmasked"]


async def test_values_are_unmasked_one_by_one_and_each_is_recorded(kind: str, desk: House) -> None:
    submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("w")
        assert "iban: ●●●● (confidential, v shows it; that is recorded)" in face.text()
        assert "memo: ●●●● (restricted)" in face.text()
        await face.key("v")
        assert f"iban: {IBAN}" in face.text()
        assert "memo: ●●●● (restricted, v shows it; that is recorded)" in face.text()
        assert MEMO not in face.text()
        await face.key("v")
        assert f"memo: {MEMO}" in face.text()
        await face.key("v")
        assert "open what is masked first" in face.text()
    assert unmasked(desk) == ['{"parameter":"iban"}', '{"parameter":"memo"}']


async def test_an_approval_asks_for_a_code_and_shows_no_masked_value(
    kind: str, desk: House
) -> None:
    ticket = submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("a")
        shown = face.text()
        assert "iban: ●●●● (confidential)" in shown
        assert IBAN[:16] not in shown
        before, _, _ = " ".join(shown.split()).partition(f", {CODE_ASKED}")
        await face.token(before[-4:])
        await face.later(11)
        assert IBAN[:16] not in face.text()
    with desk.agent() as agent:
        decision = agent.poll(ticket.id)
    assert decision is not None
    assert decision.action.parameters["iban"] == IBAN
    assert unmasked(desk) == []


async def test_a_form_leaves_out_what_is_masked_and_says_how_to_get_it(
    kind: str, desk: House
) -> None:
    submitted(desk)
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("m")
        assert "to change iban, unmask it first (w, then v)" in face.text()
        assert "Account" not in face.text().replace("Account to refund", "")
        assert IBAN not in face.text()


async def test_a_form_of_masked_values_alone_does_not_open(kind: str, desk: House) -> None:
    submitted(desk, editable=("iban",))
    async with open_face(kind, desk) as face:
        await face.begin()
        await face.key("m")
        assert "to change iban, unmask it first (w, then v)" in face.text()
        for key in ("w", "v", *(["escape"] if kind == "screen" else []), "m"):
            await face.key(key)
        assert "Account" in face.text().replace("Account to refund", "")
        assert IBAN in face.text()
