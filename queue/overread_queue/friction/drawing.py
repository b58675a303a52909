"""One draw for every random control: nobody dodges it, and the key lets anybody recompute it."""

from __future__ import annotations

import hmac

_SPAN = 2**64


def drawn(key: bytes, domain: bytes, id: str, rate: float) -> bool:
    """Draw `id` by HMAC-SHA256 under a key that agents never see.

    Each control has its own `domain`, a name that ends in a zero byte, so no draw tells anything
    about another. The same id is always drawn the same way, and whoever is drawn at a low rate is
    also drawn at a higher one.
    Raises `ValueError` for a short key or a rate that is no probability.
    """
    if len(key) < 16:
        raise ValueError("the audit key has fewer than 16 bytes; make a new one")
    if not 0 <= rate <= 1:
        raise ValueError(f"the rate of a draw is a probability, not {rate!r}")
    digest = hmac.digest(key, domain + id.encode(), "sha256")
    return int.from_bytes(digest[:8], "big") < rate * _SPAN
