"""HTML and SVG out of values. Text from outside cannot become markup: only `tag` makes markup."""

from __future__ import annotations

from html import escape

from overread_briefs.visible import visible

Attribute = str | int | float
_EMPTY = frozenset({"meta", "br", "line", "rect", "circle", "polyline"})


class Html(str):
    """Markup that is safe as it is; made by this file alone."""

    __slots__ = ()


def tag(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """One element. A child that is no `Html` is text: made visible and escaped.

    Attribute names are written with `_` for `-`, and with one at the end where Python has the word.
    """
    told = "".join(f' {_name(key)}="{_value(value)}"' for key, value in attributes.items())
    if name in _EMPTY and not children:
        return Html(f"<{name}{told}/>")
    return Html(f"<{name}{told}>{join(*children)}</{name}>")


def join(*children: str) -> Html:
    """Elements and text, one after the other."""
    return Html("".join(one if isinstance(one, Html) else _text(one) for one in children))


def style(rules: str) -> Html:
    """A style sheet of our own; nothing from outside may come near it."""
    return Html(f"<style>{rules}</style>")


def document(title: str, head: Html, body: Html) -> str:
    """A whole page. Even what a browser were talked into cannot be fetched or run."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    metas = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"),
    )
    top = tag("head", *metas, tag("title", title), head)
    return "<!DOCTYPE html>\n" + tag("html", top, tag("body", body), lang="en") + "\n"


def _text(words: str) -> str:
    return escape(visible(words))


def _name(key: str) -> str:
    return key.removesuffix("_").replace("_", "-")


def _value(value: Attribute) -> str:
    return _text(value) if isinstance(value, str) else f"{value:.6g}"
