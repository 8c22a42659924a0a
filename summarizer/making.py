"""From an article to a brief.

    article ── what code finds: quotations, names, hints, adverts ── worksheet ── prompt ── model ── draft
                                                                                                      │
        brief ── assemble ── what holds ── each item checked against the article ─────────────────────┘
          │                                   │ what fails, with the reason
          └─ audit: what was refused, why     └─ the model writes it again, once ── checked ── what fails is dropped

A model proposes, plain code disposes: nothing reaches the brief that has not passed its checks, and what has not
is in the audit. How one item is checked is `grounding`, how the model is reached `llm`; here they are put in order.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from . import prompting
from .drafting import Prepared, fingerprint, only
from .errors import AnswerAwaited, SummarizerError
from .grounding.days import days_meant, published_day
from .grounding.gaps import Gap, missing, own_headline, own_item, unanswered, unspoken
from .grounding.plain import untold
from .grounding.review import Reviewed, cut_down, in_own_words, items_of, mend, review, stand_in
from .grounding.rows import Worksheet
from .grounding.worksheet import row_of
from .llm import Answer, ChatModel, DraftReader
from .loop import in_turn
from .schemas.brief import Audit, Brief, DayMeant, Usage
from .schemas.evidence import Action, Evidence, Finding, Grounded
from .schemas.kinds import Kind
from .watcher import Silent, Watcher

DraftT = TypeVar("DraftT", bound=BaseModel)
T = TypeVar("T")
MORE = 6  # rows that are put to the model once more at most; of the others the audit speaks
AGAIN = "again."  # before the path of what the model wrote when it was asked again


class Making:
    """The making of one brief, step by step. `deadline` is in the running loop's time.

    `passed`, if there is one, is given each item that holds as soon as the model has written it.
    """

    def __init__(
        self,
        kind: Kind,
        model: ChatModel,
        prepared: Prepared,
        watcher: Watcher,
        passed: Callable[[Grounded[Any]], None] | None,
        deadline: float,
    ) -> None:
        self.kind, self.model, self.prepared = kind, model, prepared
        self.context, self.sheet = prepared.context, prepared.sheet
        self.watcher, self.passed, self.deadline = watcher, passed, deadline
        self.answers: list[Answer[Any]] = []
        self.unanswered = 0
        self.begun = False  # whether the model has been asked about the article, or about another part of it
        self.findings: list[Finding] = []

    @property
    def is_watched(self) -> bool:
        """Whether anybody looks on while the model writes; else its answer may come in one piece."""
        return self.passed is not None or not isinstance(self.watcher, Silent)

    async def run(self) -> Brief:
        """All the steps. Raises what `ChatModel.ask` does for the first question; a second failure is in the audit."""
        began = time.monotonic()
        items = await self.items()
        return await self._beside(lambda: self.assemble(items, time.monotonic() - began))

    async def items(self) -> list[Reviewed]:
        """The items that hold, before they become sections. Raises as `run`."""
        known = await self._beside(self._known)
        draft = await self._ask(self.prepared.messages, self.kind.draft, self.prepared.left)
        reviewed, failed, gaps = await self._beside(lambda: self._first_read(known, draft))
        again = await self._ask_again(failed, gaps[:MORE])
        return await self._beside(lambda: self._last_read(reviewed, again))

    async def _beside(self, work: Callable[[], T]) -> T:
        """What some work on the processor gives, done beside the event loop, unless somebody is told of items in it."""
        return work() if self.passed is not None else await in_turn(work)

    def _known(self) -> list[Reviewed]:
        known = [review(*item, self.context, self.sheet) for item in self.prepared.known]
        for each in known:
            self._pass_on(each)
        return known

    def _first_read(
        self, known: Sequence[Reviewed], draft: BaseModel
    ) -> tuple[list[Reviewed], list[Reviewed], list[Gap]]:
        """The items of the first answer, those of them that fail, and the rows that none answers."""
        reviewed = [*known, *(self._review(*item) for item in items_of(draft))]
        reviewed = reviewed if self.model.rewords else self._filled(reviewed)
        failed = [each for each in reviewed if each.grounded is None]
        return reviewed, failed, missing(self.sheet, reviewed, self.kind.draft)

    def _last_read(self, reviewed: Sequence[Reviewed], again: Sequence[Reviewed]) -> list[Reviewed]:
        """What holds, with what was written again."""
        filled = self._filled([*reviewed, *again], are_told=True)
        self._tell_missing(missing(self.sheet, filled, self.kind.draft))
        return self._in_its_language([each for each in filled if each.grounded is not None])

    def _in_its_language(self, reviewed: list[Reviewed]) -> list[Reviewed]:
        """A small model misspells what is not English: there the article's own words stand, even where its pass."""
        context = self.context
        if self.model.rewords or context.is_english or context.is_translated:
            return reviewed
        own = [in_own_words(each, context, self.sheet) for each in reviewed]
        changed = sum(one.item != other.item for one, other in zip(own, reviewed, strict=True))
        if changed:
            reason = f"this model is not let write {context.language.name}: the article's words stand for its sentences"
            self.findings.append(_finding("language", "undecided", "repaired", reason))
        return own

    def join(self, others: "Sequence[Making]") -> None:
        """Take over what was asked and found for other parts of the article, with the part's number in the paths."""
        for number, other in enumerate(others, 2):
            self.answers += other.answers
            self.unanswered += other.unanswered
            self.findings += [
                each.model_copy(update={"path": f"part {number}: {each.path}" if each.path else f"part {number}"})
                for each in other.findings
            ]

    def _pass_on(self, reviewed: Reviewed) -> None:
        if reviewed.grounded is not None and self.passed is not None:
            self.passed(reviewed.grounded)

    async def _ask(self, messages: Sequence[prompting.Message], draft: type[BaseModel], sheet: Worksheet) -> BaseModel:
        """Put the messages to the model and read the draft; items that pass are told of as they come.

        The answer has one item for each row of `sheet`, where the model writes by a grammar.
        """
        total = sum(map(len, sheet.values()))
        reader, pieces, done = DraftReader(draft), 0, 0

        def on_text(delta: str) -> None:
            nonlocal reader, pieces, done
            pieces += 1
            if not delta:  # the answer begins anew
                reader, pieces, done = DraftReader(draft), 0, 0
            for section, item in reader.feed(delta):
                done += 1
                if self.passed is not None:
                    self._pass_on(mend(review(section, 0, item, self.context, self.sheet), self.context, self.sheet))
            self.watcher.wrote(pieces, reader.section, done, max(total, done))

        answer = await self.model.ask(
            messages,
            draft,
            shape=lambda: prompting.narrowed_schema(draft, sheet),
            on_text=on_text if self.is_watched else None,
            deadline=self.deadline,
            may_be_empty=bool(self.answers),
            begun=self.begun,
        )
        self.begun = True
        again = AGAIN if self.answers else ""
        self.answers.append(answer)
        self.findings += [
            _finding("form", "against", _fate(each.path), each.reason, path=again + each.path, text=each.text)
            for each in answer.rejected
        ]
        return answer.draft

    async def ask_beside(
        self, messages: Sequence[prompting.Message], draft: type[DraftT], shape: Mapping[str, Any]
    ) -> DraftT:
        """Put another question to the model, whose cost counts as this brief's. Raises as `ChatModel.ask`."""
        try:
            answer = await self.model.ask(
                messages, draft, shape=lambda: shape, deadline=self.deadline, begun=self.begun
            )
        except SummarizerError:
            self.unanswered += 1
            raise
        self.answers.append(answer)
        return answer.draft

    def told_anew(self, brief: Brief, findings: Sequence[Finding]) -> Brief:
        """The brief with what was asked and found since it was assembled in its audit."""
        audit = self._audit([*brief.audit.findings, *findings], brief.audit.seconds)
        return brief.model_copy(update={"audit": audit})

    async def _ask_again(self, failed: Sequence[Reviewed], gaps: Sequence[Gap]) -> list[Reviewed]:
        """What holds after the model has been asked once more: for items that failed, and for rows without any.

        What fails again is recorded.
        """
        # For a headline the article's own stands in, whatever happens.
        is_worth = [each for each in failed if self.model.rewords or each.section != "headline"]
        askable = [each for each in is_worth if each.may_be_asked_again]
        second: list[Reviewed] = []
        if askable or gaps:
            try:
                second = await self._rewritten(askable, gaps)
            except AnswerAwaited:
                raise
            except SummarizerError as error:
                # What has been made so far is good and paid for: the brief goes out without these items.
                self.unanswered += 1
                self.findings.append(_finding("asking again", "undecided", "flagged", str(error)))
        return await self._beside(lambda: self._held(failed, askable, second))

    def _held(
        self, failed: Sequence[Reviewed], askable: Sequence[Reviewed], second: Sequence[Reviewed]
    ) -> list[Reviewed]:
        """What holds of a second answer, and of what failed with what is wrong cut out of it."""
        held = [_in_second_answer(self._cut(each, AGAIN)) for each in second]
        left = [each for each in held if each.grounded]
        for each in failed:
            mended = stand_in(each, left)
            if mended is not None:
                left.remove(mended)
                self._record(each, "repaired")
                continue
            held.append(self._cut(each) if each in askable else each)
            if held[-1].grounded is None:
                self._record(each, "dropped")
        return held

    async def _rewritten(self, failed: Sequence[Reviewed], gaps: Sequence[Gap]) -> list[Reviewed]:
        failures = [
            {"section": each.section, "item": prompting.compact(each.item.model_dump()), "reason": each.reason}
            for each in failed
        ]
        sections = Counter([*(each.section for each in failed), *(section for section, _, _ in gaps)])
        # Of its answer only what failed is shown again: the embedded engine would have to read all the rest anew.
        shown = {name: [each.item.model_dump() for each in failed if each.section == name] for name in sections}
        messages = [
            *self.prepared.messages,
            prompting.answer_message(prompting.compact(shown)),
            prompting.repair_message(
                self.kind.name, failures, [{"section": section, "line": row.shown} for section, _, row in gaps]
            ),
        ]
        sheet = {
            section: (
                *(row for each in failed if each.section == section and (row := row_of(each.item, rows))),
                *(row for name, _, row in gaps if name == section),
            )
            for section, rows in self.sheet.items()
            if section in sections
        }
        # A model that has gone astray from its line altogether is not tied to one.
        tied = {section: rows for section, rows in sheet.items() if len(rows) == sections[section]}
        self.watcher.stage("asking again")
        draft = await self._ask(messages, only(self.kind.draft, sections), tied)
        return await self._beside(lambda: [self._review(*item, prefix=AGAIN) for item in items_of(draft)])

    def _filled(self, reviewed: Sequence[Reviewed], *, are_told: bool = False) -> list[Reviewed]:
        """With what code can write for rows that nothing answers so that it holds; what failed there gives way.

        `are_told`: the audit has what failed already.
        """
        filled = list(reviewed)
        for section, index, row in unanswered(self.sheet, reviewed, self.kind.draft):
            item = own_item(section, row, self.kind.draft)
            made = review(section, index, item, self.context, self.sheet) if item else None
            if made is None or made.grounded is None:
                continue
            failed = [each for each in filled if each.section == section and row_of(each.item, (row,))]
            for each in failed:
                filled.remove(each)
                if not are_told:
                    self._record(each, "repaired")
            if not failed:
                reason = "nothing that the model wrote about it held; the article's own words stand there"
                place = f"{section}.{index}"
                self.findings.append(_finding("missing", "undecided", "repaired", reason, place, row.words))
            filled.append(made)
            self._pass_on(made)
        return filled

    def tell_part(self, reason: str, span: Evidence | None = None) -> None:
        """Put into the audit how a long article was read, or a part that was not."""
        told = _finding("part", "undecided", "flagged" if span is None else "dropped", reason)
        self.findings.append(told.model_copy(update={"span": span}))

    def _tell_missing(self, gaps: Sequence[Gap]) -> None:
        for section, _, row in gaps:
            told = _finding("missing", "undecided", "dropped", "the brief has nothing about it", section, row.words)
            self.findings.append(told.model_copy(update={"span": row.sentences[0] if row.sentences else None}))

    def _review(self, section: str, index: int, item: BaseModel, prefix: str = "") -> Reviewed:
        """What the checks say of an item, after what code can mend by itself is mended."""
        reviewed = review(section, index, item, self.context, self.sheet)
        mended = mend(reviewed, self.context, self.sheet)
        if mended.grounded is None and not self.model.rewords:
            mended = in_own_words(mended, self.context, self.sheet)
        gone = tuple(each for each in reviewed.findings if each not in mended.findings)
        self._record(replace(reviewed, findings=gone), "repaired", prefix)
        return mended

    def _cut(self, reviewed: Reviewed, prefix: str = "") -> Reviewed:
        """The item without the values that failed, or with the article's own words there; recorded.

        What fails even so is recorded, too.
        """
        if reviewed.grounded is not None:
            return reviewed
        rest = cut_down(reviewed, self.context, self.sheet)
        if rest.grounded is None:
            rest = in_own_words(reviewed, self.context, self.sheet)
        if rest.grounded is not None:
            self._record(reviewed, "cut", prefix)
            self._pass_on(rest)
        elif prefix:
            self._record(reviewed, "dropped", prefix)
        return rest

    def _record(self, reviewed: Reviewed, action: Action, prefix: str = "") -> None:
        self.findings += [
            finding.model_copy(update={"action": action, "path": prefix + finding.path}) for finding in reviewed.against
        ]

    def assemble(self, reviewed: Sequence[Reviewed], seconds: float) -> Brief:
        """The brief of items that hold."""
        order = list(self.kind.draft.model_fields)
        ordered = sorted(reviewed, key=lambda each: (order.index(each.section), each.index))
        flagged = [finding for each in ordered for finding in each.findings]
        grounded = [each.grounded for each in ordered if each.grounded is not None]
        sections = self.kind.assemble(grounded)
        self.tell_limit(unspoken(ordered, _said(sections)))
        if "headline" not in sections:
            sections["headline"] = own_headline(self.context)
            reason = "no headline of the model's held; the article's own words stand in for it"
            self.findings.append(_finding("headline", "undecided", "repaired", reason))
        told = (each.model_copy(update={"action": "flagged"}) for each in untold(self.context))
        findings = [*self.context.notices, *told, *self.findings, *flagged]
        cited = sorted({span for each in grounded for span in each.evidence}, key=lambda span: (span.start, span.end))
        return Brief(
            article=self.context.told,
            **sections,
            dates=tuple(self._days(cited)),
            audit=self._audit(findings, seconds),
        )

    def _days(self, cited: Sequence[Evidence]) -> Iterator[DayMeant]:
        """The days that words in these lines mean, each word once."""
        published = published_day(self.context.article.published)
        quoted = [Evidence.of(self.context.text, each.start, each.end) for each in self.context.stretches]
        found = days_meant(self.context.text, cited, quoted, published, self.context.language)
        for span, day in dict(found).items():
            yield DayMeant(**span.model_dump(), date=day.isoformat())

    def tell_limit(self, beyond: Sequence[Reviewed]) -> None:
        """Put into the audit what holds and has no place in the brief."""
        reason = "the brief holds no more: it is one to be read in two minutes"
        for each in beyond:
            words = " … ".join(span.text for span in each.grounded.evidence) if each.grounded else ""
            place = f"{each.section}.{each.index}"
            self.findings.append(_finding("limit", "undecided", "dropped", reason, place, words))

    def _audit(self, findings: Sequence[Finding], seconds: float) -> Audit:
        costs = [answer.cost_usd for answer in self.answers]
        paid = sum(cost for cost in costs if cost is not None)
        is_known = None not in costs and not (self.unanswered and paid)  # a request that failed may cost too
        return Audit(
            findings=tuple(findings),
            attempts=sum(answer.attempts for answer in self.answers) + self.unanswered,
            model=self.model.name,
            prompt=prompting.fingerprint(self.kind.name),
            draft_schema=fingerprint(self.kind.draft),
            usage=Usage(
                input_tokens=sum(answer.usage.input_tokens for answer in self.answers),
                cached_tokens=sum(answer.usage.cached_tokens for answer in self.answers),
                output_tokens=sum(answer.usage.output_tokens for answer in self.answers),
            ),
            cost_usd=float(paid) if is_known else None,
            seconds=round(seconds, 1),
        )


def _said(sections: Mapping[str, Any]) -> Iterator[Evidence]:
    """All the evidence of what is said in the sections of a brief: of the items that may hold quotes."""
    for section in sections.values():
        for item in section if isinstance(section, tuple) else (section,):
            if hasattr(item, "quotes"):
                yield from item.evidence


def _fate(path: str) -> Action:
    """Of what was rejected at that place of an answer: a whole item, or an entry of a list in an item that stands."""
    return "cut" if path.count(".") > 1 else "dropped"


def _finding(
    gate: str, verdict: Literal["against", "undecided"], action: Action, reason: str, path: str = "", text: str = ""
) -> Finding:
    """A finding about the making of the brief rather than about words of the article."""
    return Finding(gate=gate, verdict=verdict, path=path, action=action, text=text, reason=reason)


def _in_second_answer(reviewed: Reviewed) -> Reviewed:
    """With findings that say that they are about what the model wrote when it was asked again."""
    findings = tuple(each.model_copy(update={"path": AGAIN + each.path}) for each in reviewed.findings)
    return replace(reviewed, findings=findings)
