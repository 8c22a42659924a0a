"""Which article of a batch is begun first."""

import contextlib
import math
from datetime import UTC, datetime, time
from email.utils import parsedate_to_datetime

from ..grounding.days import published_day
from ..schemas.article import Article


def newest(article: Article) -> float:
    """The higher the later it was published: Unix time, to the day where no more is told (without a zone, in UTC).

    Minus infinity where the day is not known.
    """
    day = published_day(article.published)
    if day is None or article.published is None:
        return -math.inf
    moments = [datetime.combine(day, time())]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            moments.append(read(article.published.strip()))
    moment = next(each for each in reversed(moments) if each.date() == day)
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
