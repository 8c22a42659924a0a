"""Checks a sentence whose evidence is known before it is written: the same checks as of a sentence of a brief."""

from collections.abc import Sequence
from itertools import chain

from pydantic import BaseModel

from ..schemas.evidence import Evidence, Finding
from ..schemas.marks import Carried, walk
from .checks import check_claim, told_once
from .context import ArticleContext
from .item_checks import checks_for


def check_told(item: BaseModel, evidence: Sequence[Evidence], context: ArticleContext) -> list[Finding]:
    """What the article has against an item that rests on these stretches of it; empty if nothing is found.

    Every value of it that is marked as carried is checked as `check_claim` does, and by the checks of items. Raises
    InputError if a piece of evidence is not a stretch of the article.
    """
    words = [value.value for value in walk(item) if isinstance(value.mark, Carried)]
    claims = (check_claim(context.article, each, evidence) for each in words)
    items = (check(item, evidence, context) for check in checks_for(context))
    return told_once(chain(chain.from_iterable(claims), chain.from_iterable(items)))
