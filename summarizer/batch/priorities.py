"""When an article was published, and which one of a batch is begun first."""

import contextlib
import math
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime

from ..grounding.days import published_day
from ..schemas.article import Article


def newest(article: Article) -> float:
    """The higher the later it was published: Unix time, to the day where no more is told (without a zone, in UTC).

    Minus infinity where the day is not known.
    """
    first, _ = published_within(article)
    return first


def published_within(article: Article) -> tuple[float, float]:
    """The first and last moment at which it can have been published, in Unix time (without a zone, in UTC).

    They are one where the hour is told, else a day apart; all of time where the day is not known.
    """
    day = published_day(article.published)
    if day is None or article.published is None:
        return -math.inf, math.inf
    midnight = datetime.combine(day, time())
    told = article.published.strip()
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            moment = read(told)
            if moment.date() == day and len(told) > len("2031-05-14"):
                return _unix(moment), _unix(moment)
    return _unix(midnight), _unix(midnight + timedelta(days=1))


def _unix(moment: datetime) -> float:
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
