"""A brief of an article that is longer than the model reads at once: part by part, then as one.

    parts ── for each: Making.items ── what holds, with the offsets of the whole ── a fair share of each ── assemble

Each part is asked about after the same beginning, which the model keeps as read. A part that gives nothing is told in
the audit; what the others gave is not lost.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

from .errors import AnswerAwaited, ArticleTooLong, SummarizerError
from .grounding.review import Reviewed
from .making import Making
from .parts import Part, fairly
from .schemas.brief import Brief
from .schemas.evidence import Evidence
from .schemas.kinds import Kind
from .translating import with_translations
from .watcher import Watcher

_SHOWN = 80  # characters of a part that was lost, so that it is found again


async def brief_in_parts(parts: Sequence[tuple[Part, Making]], kind: Kind, watcher: Watcher, reads: str) -> Brief:
    """The one brief of all parts; `reads` says for the audit why there are several.

    Raises the first part's error if no part gives anything, and at once if the first, the longest, is too long;
    AnswerAwaited if a part waits for its answer.
    """
    began = time.monotonic()
    makings: list[Making] = []
    given: list[list[Reviewed]] = []
    lost: list[tuple[Part, SummarizerError]] = []
    awaited: AnswerAwaited | None = None
    for number, (part, making) in enumerate(parts, 1):
        watcher.stage(f"reading part {number} of {len(parts)}")
        making.begun = number > 1
        try:
            items = await making.items()
        except AnswerAwaited as error:  # the other parts ask meanwhile: all wait together
            awaited = error
            continue
        except SummarizerError as error:
            if number == 1 and isinstance(error, ArticleTooLong):
                raise
            lost.append((part, error))
            continue
        makings.append(making)
        given.append([replace(each, index=number * 1000 + each.index) for each in items])
    if awaited is not None:
        raise awaited
    if not makings:
        raise lost[0][1]
    head = makings[0]
    head.join(makings[1:])
    text = head.context.text
    places = ", ".join(f"{part.start} to {part.end}" for part, _ in parts)
    head.tell_part(f"the article was read in {len(parts)} parts, as {reads}: characters {places}")
    for part, why in lost:
        span = Evidence.of(text, part.start, min(part.end, part.start + _SHOWN))
        head.tell_part(f"characters {part.start} to {part.end} are not in the brief: {why}", span)
    return await with_translations(head.assemble(_shared(given, kind, head), time.monotonic() - began), head)


def _shared(given: Sequence[Sequence[Reviewed]], kind: Kind, head: Making) -> list[Reviewed]:
    """Of each section as many items as a brief holds, every part with its share; the others are told."""
    kept: list[Reviewed] = []
    bounded = {section for sections, _ in kind.most for section in sections}
    kept += [each for part in given for each in part if each.section not in bounded]
    for sections, most in kind.most:
        of_parts = [[each for each in part if each.section in sections] for part in given]
        chosen = fairly(of_parts, most)
        head.tell_limit([each for part in of_parts for each in part if each not in chosen])
        kept += chosen
    return kept
