"""The stories of some articles, without keeping anything."""

from collections.abc import Iterable

from ..schemas.article import Article
from .stories import Stories


def cluster_stories(articles: Iterable[Article]) -> list[str]:
    """The id of its story for each article, in their order. No model, no network; the order makes no difference.

    Articles of one event have one id, and so have copies of one text. The id is made of the article that founded the
    story, the earliest one: `story-` and 16 digits. To add more later under the same ids, keep `Stories`.
    """
    return [place.story for place in Stories().add(articles)]
