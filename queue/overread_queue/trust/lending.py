"""A role lent to a colleague until a moment: a signed statement in the trust folder.

Only whoever holds a role can lend it, so whoever borrows it cannot lend it on. It covers deciding;
the lead's office and sign-offs of policies ask for the role itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from overread_briefs.canonical import jcs
from overread_briefs.fields import Identifier, Millis, Part
from overread_queue.errors import Forged
from overread_queue.files import read_trusted, replace_file
from overread_queue.places import Places
from overread_queue.trust import sshsig
from overread_queue.trust.people import ReviewerName, TrustedKey

NAMESPACE = "overread.loan.v1"
_LENT_BY = ":lent-by:"


class Loan(Part):
    """What the lender signs. `until` is the first moment that does not count."""

    desk: Identifier
    role: Identifier
    lender: ReviewerName
    borrower: ReviewerName
    since: Millis
    until: Millis

    @property
    def capacity(self) -> str:
        """The role as the borrower's envelopes name it."""
        return f"{self.role}{_LENT_BY}{self.lender}"

    def runs(self, at: int) -> bool:
        return self.since <= at < self.until

    def is_genuine(self, signer: TrustedKey | None, desk: str) -> bool:
        """Whether it is for this desk, by somebody who held the role and the key that signed."""
        if signer is None or self.desk != desk or self.lender.lower() == self.borrower.lower():
            return False
        held = signer.owner.name == self.lender and self.role in signer.owner.roles
        return held and signer.in_force(self.since)


class SignedLoan(Part):
    """A loan with its armored SSH signature, as it stands in the trust folder."""

    loan: Loan
    signature: str


def folder(places: Places) -> Path:
    return places.trust / "loans"


def lend(places: Places, loan: Loan, key: Ed25519PrivateKey) -> None:
    """Sign and keep; the same loan with another end takes the earlier one's place."""
    signature = sshsig.armor(sshsig.sign(_bytes(loan), key, namespace=NAMESPACE))
    name = f"{loan.since}.{loan.lender}.{loan.borrower}.{quote(loan.role, safe='')}.json"
    signed = SignedLoan(loan=loan, signature=signature)
    replace_file(folder(places) / name, signed.model_dump_json(indent=2).encode() + b"\n")


def read_loans(
    places: Places, desk: str, signers: Mapping[bytes, TrustedKey]
) -> tuple[tuple[Loan, ...], tuple[Path, ...]]:
    """The genuine loans, and the files that are none: they lend nothing, `doctor` names them."""
    genuine, others = [], []
    for path in sorted(folder(places).glob("*.json")):
        found = next(_genuine(path, desk, signers), None)
        if found is None:
            others.append(path)
        else:
            genuine.append(found)
    return tuple(genuine), tuple(others)


def split(capacity: str) -> tuple[str, str | None]:
    """The role in an envelope, and who lent it."""
    role, _, lender = capacity.rpartition(_LENT_BY)
    return (role, lender) if role else (capacity, None)


def _genuine(path: Path, desk: str, signers: Mapping[bytes, TrustedKey]) -> Iterator[Loan]:
    with suppress(ValidationError, Forged):
        signed = SignedLoan.model_validate_json(read_trusted(path))
        raw = sshsig.dearmor(signed.signature)
        signer = sshsig.verify(_bytes(signed.loan), raw, namespace=NAMESPACE)
        if signed.loan.is_genuine(signers.get(signer), desk):
            yield signed.loan


def _bytes(loan: Loan) -> bytes:
    return jcs(loan.model_dump(mode="json"))
