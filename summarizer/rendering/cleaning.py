"""Text of articles and models, made fit to be shown: what cannot be seen, or steers a terminal, is taken out."""

import re

# ECMA-48: a control sequence (colour, cursor) and an operating system command (title, link) with its end.
_ESCAPES = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\x9d]{0,2000}(?:\x07|\x1b\\|\x9c)")
# Control characters but white space; Unicode's default-ignorable code points (soft hyphen, zero width space, marks,
# embeddings and isolates of direction, fillers, tags), which hide text or show it in another order:
# DerivedCoreProperties.txt of Unicode 16; the marks of interlinear annotation; and two that XML forbids. Joiners
# (U+200C, U+200D) and U+FE00 to U+FE0F stay: scripts and emoji are written with them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LONE = re.compile("[\ud800-\udfff]")
_WHITE = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text on one line, without control characters, escape sequences, marks of direction and hidden text.

    White space of any kind and length becomes one space, also at the ends; a lone surrogate becomes U+FFFD.
    """
    return _WHITE.sub(" ", _UNSEEN.sub("", _LONE.sub("\ufffd", _ESCAPES.sub("", text))))
