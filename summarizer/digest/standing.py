"""Before anything is compared: of a brief only what stands in its article, so that every source can be looked up."""

from collections.abc import Sequence
from typing import Any

from ..schemas.brief import Brief
from ..schemas.evidence import Evidence


def standing(brief: Brief, notes: list[str]) -> Brief:
    """The brief without Evidence that is not at its offsets in the article, and without items that lose all of theirs.

    `notes` is told of each brief of which something was left out. A brief that this package made loses nothing.
    """
    text = brief.article.text
    lost = 0

    def held(spans: Sequence[Evidence]) -> tuple[Evidence, ...]:
        nonlocal lost
        kept = tuple(s for s in spans if s.text and s.start < s.end and text[s.start : s.end] == s.text)
        lost += len(spans) - len(kept)
        return kept

    def mended(item: Any, **more: Any) -> Any:
        return item.model_copy(update={"evidence": held(item.evidence), **more})

    sound = brief.model_copy(
        update={
            "headline": mended(brief.headline),
            "summary": tuple(map(mended, brief.summary)),
            "actors": tuple(map(mended, brief.actors)),
            "positions": tuple(mended(each, quotes=held(each.quotes)) for each in brief.positions),
            "deals": tuple(mended(each, terms=tuple(map(mended, each.terms))) for each in brief.deals),
            "open_questions": tuple(map(mended, brief.open_questions)),
            "dates": held(brief.dates),
        }
    )
    if not lost:
        return brief
    name = " ".join((brief.article.source or brief.article.title or brief.article.id[:12]).split())[:60]
    notes.append(
        f"of the brief of {name} {lost} {'place was' if lost == 1 else 'places were'} left out: not in the article"
    )
    return sound
