"""A run of `summarizer digest`: its articles out of the store or out of sources, the page, and what is kept of it."""

import contextlib
import re
import time
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ConfigurationError, InputError
from ..rendering.cleaning import clean
from .batching import Wanted, code_of, counts_told, make_briefs, tell_destination
from .streams import say
from .watching import watching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..batch import Limits, Report
    from ..briefing import Summarizer
    from ..digest.editions import Edition
    from ..rendering import DigestFormat
    from ..schemas.digest import Digest
    from ..store import Store

SINCE = "24h"
_UNITS = {"m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 7 * 86_400.0}
_LONG = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([mhdw])", re.IGNORECASE)
_MOST_FAILURES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Wanted):
    """The options of the command, by their names; those that it shares with `batch` are that one's."""

    form: "DigestFormat" = "md"
    since: str | None
    until: str | None
    no_model: bool
    previous: str | None
    no_previous: bool
    no_keep: bool
    feed_url: str | None
    output: str | None


def run(asked: Asked) -> int:
    """Make the digest, write it, keep it, and give the exit code. Raises SummarizerError for what cannot be done."""
    from ..digest.editions import keep_edition
    from ..rendering.digest import render_digest
    from ..store import Store
    from .output import Target

    target = Target.of(asked.output, asked.form)
    _window(asked)  # what is wrong with it is told before anything is paid for
    previous = _read(asked.previous) if asked.previous else None
    if not asked.sources and not asked.store.exists():  # a mistyped path is no new store
        raise InputError(f"there is no store '{asked.store}'", "name SOURCES to brief, or check --store")
    edition, code = _edition(asked, previous)
    target.write(render_digest(edition.digest, asked.form, asked.feed_url))
    if not asked.no_keep:
        with Store(asked.store) as kept:
            keep_edition(kept, edition)
    return code


def _window(asked: Asked) -> tuple[float | None, float]:
    """The Unix times between which articles are told; the first is None for sources of any time."""
    until = time.time() if asked.until is None else moment_of(asked.until, "--until")
    if asked.since is None and asked.sources:
        return None, until
    since = moment_of(asked.since or SINCE, "--since", before=until)
    if since >= until:
        raise ConfigurationError("--since is not before --until", "give an earlier time, such as 24h")
    return since, until


def moment_of(told: str, option: str, before: float | None = None) -> float:
    """The Unix time that is told: so long before `before` ("24h"), or a date, with a time and a zone or without (then
    it is local). Raises ConfigurationError.
    """
    long = _LONG.fullmatch(told.strip())
    if long and before is not None:
        return before - float(long[1]) * _UNITS[long[2].lower()]
    try:
        return datetime.fromisoformat(told.strip()).astimezone().timestamp()
    except (ValueError, OverflowError, OSError) as error:
        form = (
            "24h, 3d, or a time such as 2031-05-14T06:00" if before is not None else "a time such as 2031-05-14T06:00"
        )
        raise ConfigurationError(f"{option} '{told[:40]}' is no time", f"give {form}") from error


def _read(path: str) -> "Digest":
    from pydantic import ValidationError

    from ..schemas.digest import Digest

    try:
        return Digest.model_validate_json(Path(path).read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputError(f"--previous '{path}' cannot be read: {reason}", "name a digest made with -f json") from error
    except (ValidationError, ValueError) as error:
        raise InputError(f"--previous '{path}' is no digest", "name one made with -f json") from error


def _edition(asked: Asked, previous: "Digest | None") -> "tuple[Edition, int]":
    """The digest, and the exit code."""
    from ..digest.editions import compile_edition
    from ..settings import load_settings
    from ..store import Store

    limits = asked.limits
    with watching(asked.quiet) as watch, contextlib.ExitStack() as opened:
        # Made only where it is wanted: without a model, nothing about one can be wrong.
        ask = partial(asked.summarize, pulling=watch.pulling, gate=limits)
        summarizer = opened.enter_context(ask()) if asked.sources or not asked.no_model else None
        kept = opened.enter_context(Store(asked.store))  # last, so that a mistyped model leaves no file behind
        keys: list[str] | None = None
        notes: tuple[str, ...] = ()
        code = 0
        if asked.sources and summarizer is not None:
            keys, notes, code = _briefed(asked, summarizer, kept, limits)
        since, until = _window(asked)  # now that what was briefed has come
        edition = compile_edition(
            kept,
            since=since,
            until=until,
            keys=keys,
            previous=previous,
            has_previous=not asked.no_previous,
            settings=load_settings().digest,
        ).with_notes(notes)
        if summarizer is not None and not asked.no_model:
            edition = _told(edition, summarizer, kept, asked)
    return edition, code


def _told(edition: "Edition", summarizer: "Summarizer", kept: "Store", asked: Asked) -> "Edition":
    """The edition in the model's words."""
    from ..telling import tell_digest

    stories = sum(story.sources > 1 for story in edition.digest.stories)
    if stories and not asked.sources:  # else it was told before
        tell_destination(summarizer)
    if stories and not asked.quiet:
        say(f"wording {stories} {'story' if stories == 1 else 'stories'} of several sources")
    return replace(edition, digest=tell_digest(edition.digest, edition.briefs, summarizer, store=kept))


def _briefed(
    asked: Asked, summarizer: "Summarizer", kept: "Store", limits: "Limits"
) -> tuple[list[str], tuple[str, ...], int]:
    """The keys of the briefs of the sources, what is to be said of those that have none, and the exit code.

    Raises InputError where no source can be read, and what ended the run where something did.
    """
    keys: list[str] = []
    report = make_briefs(asked, summarizer, kept, limits, keys)
    if report.interrupted:
        say("no digest; what was briefed is kept, and the same command goes on from here")
        raise KeyboardInterrupt
    if report.error is not None:
        raise report.error
    if report.unread and report.unread == report.found:
        raise InputError(*_unread(report))
    if not asked.quiet:
        say(counts_told(report, limits))
    return keys, tuple(_notes(report)), code_of(report)


def _unread(report: "Report") -> tuple[str, str]:
    name, reason = report.failures[0]
    return f"no article could be read; {name[:80]}: {reason}", "check SOURCES"


def _notes(report: "Report") -> "Iterator[str]":
    for name, reason in report.failures[:_MOST_FAILURES]:
        yield clean(f"no brief of {name[:80]}: {reason}")
    if len(report.failures) > _MOST_FAILURES:
        yield f"no brief of {len(report.failures) - _MOST_FAILURES} more"
    if report.stopped:
        yield clean(f"not all articles were briefed: {report.stopped}")
