"""How a page looks: the colours of both schemes, and what is written into the style of each kind of element.

The light scheme stands in the elements themselves, for mail programs that drop all else; the dark one in one sheet of
rules, by class, for those that keep it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from string import Template
from types import MappingProxyType

WIDTH = 640  # CSS pixels, the widest that the page gets; narrower screens have it in full


@dataclass(frozen=True)
class Scheme:
    """Colours. Text, quiet words, links and warnings are read on `card` and on `box`; the page lies around the card."""

    page: str
    card: str
    text: str
    quiet: str
    link: str
    box: str
    warning: str
    rule: str


LIGHT = Scheme("#f1f1ee", "#ffffff", "#1b1b1b", "#595959", "#0b57a4", "#fdf0ee", "#a3170f", "#b9b9b5")
DARK = Scheme("#101012", "#1b1b1e", "#ececec", "#b6b6b6", "#8fbcf7", "#2d1c1a", "#ff9d93", "#55555a")

_SANS, _BOLD = "Arial,Helvetica,sans-serif", "font:bold"
_CELL = f"padding:6px 4px 6px 0;border-bottom:1px solid $rule;vertical-align:top;font:14px/1.4 {_SANS};color:$text"
# Of each kind of element its class, and its style with the names of colours.
_STYLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "body": ("g", "margin:0;padding:0;background-color:$page"),
        "around": ("g", "background-color:$page;table-layout:fixed"),
        "frame": ("", f"max-width:{WIDTH}px;margin:0 auto;table-layout:fixed"),
        "card": ("c", "padding:20px 16px 28px;background-color:$card;text-align:left;word-wrap:break-word"),
        "h1": ("t", f"margin:0 0 6px;{_BOLD} 24px/1.25 {_SANS};color:$text"),
        "h2": (
            "t r",
            f"margin:30px 0 6px;padding:14px 0 0;border-top:3px solid $text;{_BOLD} 20px/1.3 {_SANS};color:$text",
        ),
        "h3": ("t", f"margin:18px 0 6px;{_BOLD} 15px/1.35 {_SANS};color:$text"),
        "h3 marked": ("w", f"margin:0 0 8px;{_BOLD} 16px/1.35 {_SANS};color:$warning"),
        "p": ("t", f"margin:0 0 10px;font:15px/1.5 {_SANS};color:$text"),
        "p marked": ("t", f"margin:10px 0 4px;font:15px/1.45 {_SANS};color:$text"),
        "p quiet": ("q", f"margin:0 0 12px;font:14px/1.45 {_SANS};color:$quiet"),
        "ul": ("", "margin:0 0 12px;padding:0 0 0 20px"),
        "ul rtl": ("", "margin:0 0 12px;padding:0 20px"),
        "li": ("t", f"margin:0 0 6px;font:15px/1.45 {_SANS};color:$text"),
        "a": ("a", "color:$link"),
        "b": ("", "font-weight:bold"),
        "box": ("x", "padding:12px 12px 4px 14px;border-left:8px solid $warning;background-color:$box"),
        "boxed": ("", "margin:12px 0 14px"),
        "table": ("", "margin:0 0 14px;border-collapse:collapse;table-layout:fixed;word-wrap:break-word"),
        "th": (
            "q d",
            "padding:5px 4px 5px 0;border-bottom:2px solid $rule;text-align:left;vertical-align:bottom;"
            f"{_BOLD} 13px/1.3 {_SANS};color:$quiet",
        ),
        "th row": ("t d", f"{_CELL};text-align:left"),
        "td": ("t d", _CELL),
    }
)
# What each class has in the dark scheme.
_DARK: Mapping[str, str] = MappingProxyType(
    {
        "g": "background-color:$page!important",
        "c": "background-color:$card!important",
        "t": "color:$text!important",
        "q": "color:$quiet!important",
        "a": "color:$link!important",
        "w": "color:$warning!important",
        "x": "background-color:$box!important;border-color:$warning!important",
        "r": "border-color:$text!important",
        "d": "border-color:$rule!important",
    }
)


def look_of(kind: str, runs_left: bool = False) -> dict[str, str]:
    """The attributes `style` and `class` of a kind of element, as far as it has them.

    `runs_left` is for text in a script that runs from right to left: it begins at the right.
    """
    name, style = _STYLES[kind]
    if runs_left:
        style = f"{style.replace('text-align:left', '').strip(';')};text-align:right"
    filled = Template(style).substitute(asdict(LIGHT))
    return {key: value for key, value in (("style", filled), ("class", name)) if value}


def sheet() -> str:
    """The rules of the dark scheme."""
    colours = asdict(DARK)
    rules = "".join(f".{name}{{{Template(style).substitute(colours)}}}" for name, style in _DARK.items())
    return f":root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{{rules}}}"
