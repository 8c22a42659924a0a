"""Scores of the grounding on labelled rows: quotes located, quotations and speakers, judged summary sentences.

Every scorer is a function of rows to figures; shares are between 0 and 1.
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import _lru_cache_wrapper
from typing import Any

from summarizer import Article, check_claim, locate_quote
from summarizer.grounding.locate import prepare
from summarizer.grounding.quotations import attributed
from summarizer.schemas.evidence import Quotation

Row = Mapping[str, Any]
Figures = dict[str, Any]

# A found quotation is a labelled one if they share at least so much of what either covers.
_LIKENESS = 0.5
# Every so many cases of quotes are timed with nothing kept.
_TIMED = 10


def forget() -> None:
    """Empty the caches that hold what was worked out of a text; word lists stay read."""
    for name, module in list(sys.modules.items()):
        if name.startswith("summarizer."):
            for value in list(vars(module).values()):
                # By its type: other things of a module may have an attribute of any name.
                if isinstance(value, _lru_cache_wrapper) and value.cache_parameters()["maxsize"] is not None:
                    value.cache_clear()


def share(some: float, of_all: float) -> float:
    """A part of a whole; 0 of nothing."""
    return some / of_all if of_all else 0.0


# Quotes


def mutations(texts: Mapping[str, str], cases: Sequence[Row]) -> Figures:
    """True quotes located, altered ones refused; milliseconds a case with the prepared text kept, and not kept.

    A case has `id` (of its text), `kind`, `quote` and `accept`.
    """
    right: dict[bool, list[bool]] = {True: [], False: []}
    wrong: Counter[str] = Counter()
    kept = 0.0
    cases = sorted(cases, key=lambda case: str(case["id"]))  # those of one text together, so that it is kept
    for case in cases:
        prepare(texts[case["id"]])
        began = time.process_time()
        is_right = bool(locate_quote(texts[case["id"]], case["quote"])) == case["accept"]
        kept += time.process_time() - began
        right[case["accept"]].append(is_right)
        wrong[case["kind"]] += not is_right
    timed = cases[::_TIMED]
    not_kept = 0.0
    for case in timed:
        forget()
        began = time.process_time()
        locate_quote(texts[case["id"]], case["quote"])
        not_kept += time.process_time() - began
    return {
        "true": len(right[True]),
        "located": share(sum(right[True]), len(right[True])),
        "altered": len(right[False]),
        "refused": share(sum(right[False]), len(right[False])),
        "wrong_by_kind": {kind: count for kind, count in wrong.items() if count},
        "ms_kept": 1000 * share(kept, len(cases)),
        "ms_not_kept": 1000 * share(not_kept, len(timed)),
    }


# Quotations

# Where a text stands: pairs of offsets, end exclusive.
Spans = Sequence[Sequence[int]]


def _characters(spans: Spans) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def _label_spans(label: Row, several: str, start: str, end: str) -> Spans:
    """The stretches of a label: it holds several, or one, or none."""
    if label.get(several):
        return list(label[several])
    return [] if label.get(start) is None else [(label[start], label[end])]


def matched(labels: Sequence[Row], found: Sequence[Quotation]) -> Iterator[tuple[Row, Quotation, bool]]:
    """Labelled and found quotations that are the same, and whether the speaker is right; each once, the likest first.

    The speaker is right if the mention found overlaps the labelled one, or if neither has any.
    """
    contents = [_characters(_label_spans(label, "content_spans", "start", "end")) for label in labels]
    pairs = []
    for b, quotation in enumerate(found):
        own = set(range(quotation.start, quotation.end))
        for a, content in enumerate(contents):
            common = len(own & content)
            if common:
                pairs.append((common / len(own | content), a, b))
    taken: tuple[set[int], set[int]] = (set(), set())
    for likeness, a, b in sorted(pairs, reverse=True):
        if likeness < _LIKENESS or a in taken[0] or b in taken[1]:
            continue
        taken[0].add(a)
        taken[1].add(b)
        source = _characters(_label_spans(labels[a], "source_spans", "speaker_start", "speaker_end"))
        speaker = found[b].speaker
        mention = set(range(speaker.start, speaker.end)) if speaker else set()
        yield labels[a], found[b], bool(source & mention) or (not source and not mention)


def quotation_scores(rows: Iterable[Row], kinds: Sequence[str] = ("direct", "mixed")) -> Figures:
    """Recall of labelled quotations by kind, and the share of those found that have the right speaker.

    A row has `text` and `quotes`, with the fields of `matched`. `patterns`: how many quotations each pattern gives a
    speaker, how many of these are labelled, and how many of them rightly. `mb_a_second`: megabytes of text (UTF-8) read
    in a second of process time, nothing kept.
    """
    labelled: Counter[str] = Counter()
    recalled: Counter[str] = Counter()
    rightly: Counter[str] = Counter()
    patterns: dict[str, Counter[str]] = defaultdict(Counter)
    size, seconds = 0, 0.0
    for row in rows:
        forget()
        began = time.process_time()
        names = {quotation: name for quotation, name in attributed(row["text"]) if quotation.is_speech}
        seconds += time.process_time() - began
        size += len(row["text"].encode())
        labelled.update(label["kind"] for label in row["quotes"])
        for quotation, name in names.items():
            if quotation.speaker is not None:
                patterns[name]["attributed"] += 1
        for label, quotation, is_right in matched(row["quotes"], list(names)):
            recalled[label["kind"]] += 1
            rightly[label["kind"]] += is_right
            if quotation.speaker is not None:
                patterns[names[quotation]].update(matched=1, right=int(is_right))
    return {
        "kinds": {
            "+".join(group): {
                "labelled": sum(labelled[kind] for kind in group),
                "recall": share(sum(recalled[kind] for kind in group), sum(labelled[kind] for kind in group)),
                "speaker": share(sum(rightly[kind] for kind in group), sum(recalled[kind] for kind in group)),
            }
            for group in [(kind,) for kind in kinds] + ([tuple(kinds)] if len(kinds) > 1 else [])
        },
        "patterns": {name: dict(count) for name, count in sorted(patterns.items())},
        "mb_a_second": share(size / 1e6, seconds),
    }


# Judged summary sentences


def faithfulness(rows: Iterable[Row]) -> Figures:
    """How well "against" tells the sentences that people judged unfaithful to their article.

    A row has `text` and `summary_sentences`, each with `sentence` and `faithful`. `by_gate`: how many sentences each
    gate is against, rightly and wrongly, and how many of them no other gate is against (`alone_…`).
    """
    judged: Counter[tuple[bool, bool]] = Counter()
    gates: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        article = Article(text=row["text"])
        for sentence in row["summary_sentences"]:
            against = {f.gate for f in check_claim(article, sentence["sentence"]) if f.verdict == "against"}
            judged[bool(against), sentence["faithful"]] += 1
            verdict = "wrong" if sentence["faithful"] else "right"
            for gate in against:
                gates[gate][verdict] += 1
                gates[gate]["alone_" + verdict] += len(against) == 1
    right, wrong = judged[True, False], judged[True, True]
    recall = share(right, right + judged[False, False])
    spared = share(judged[False, True], judged[False, True] + wrong)
    return {
        "sentences": sum(judged.values()),
        "unfaithful": right + judged[False, False],
        "right": right,
        "wrong": wrong,
        "precision": share(right, right + wrong),
        "recall": recall,
        "balanced_accuracy": (recall + spared) / 2,
        "by_gate": {gate: dict(count) for gate, count in sorted(gates.items())},
    }
