"""A refund that a support agent may not grant by itself: complete, and within the budget."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from overread_briefs import Brief, parse_brief

Document = dict[str, Any]


def _refund() -> Document:
    return {
        "schema": "overread/brief/1",
        "accomplished": [{"text": "Read order A-1009"}, {"text": "Asked the carrier"}],
        "question": "Refund $420.00 on order A-1009, 94 days after delivery?",
        "triggers": [
            {
                "kind": "business_rule",
                "rule": "refund-over-limit",
                "signal": "amount",
                "observed": 420.0,
                "comparison": ">",
                "threshold": 250.0,
            }
        ],
        "evidence": [
            _fact("mail", "Customer: parcel never came", "supports"),
            _fact("policy", "Refund policy 4.2: 90 days", "neutral"),
            _fact("carrier-scan", "Carrier scan: delivered, signed", "contradicts"),
            _fact("history", "First claim in six years", "supports"),
        ],
        "recommendation": {
            "option": "approve",
            "reason": "loyal customer, first claim",
            "confidence": 0.62,
            "doubt": "signature on file",
        },
        "options": [
            _option("approve", "Approve refund", "agent issues $420.00 now; cannot be undone"),
            _option("reject", "Reject", "agent tells the customer no, with your reason"),
        ],
        "action": {
            "type": "payments.refund",
            "parameters": {"order": "A-1009", "amount": "420.00", "currency": "USD"},
        },
        "agent": {"name": "refund-agent", "version": "2.3.0"},
        "provenance": {"source": "support ticket 88123", "at": 1_767_225_600_000},
    }


def _fact(key: str, title: str, stance: str) -> Document:
    return {
        "id": key,
        "title": title,
        "content": f"{title}.",
        "source": "support desk",
        "as_of": 1_767_225_600_000,
        "stance": stance,
    }


def _option(kind: str, label: str, consequence: str) -> Document:
    return {"key": kind, "label": label, "kind": kind, "consequence": consequence}


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    """Build the refund's JSON document, with whole parts replaced."""
    return lambda **parts: {**_refund(), **parts}


@pytest.fixture(scope="session")
def make_brief(make_document: Callable[..., Document]) -> Callable[..., Brief]:
    """Build the refund's brief with whole parts replaced, over budget or not."""

    def make(**parts: object) -> Brief:
        return parse_brief(json.dumps(make_document(**parts)).encode(), budget="warn")

    return make
