"""What is kept of stories from one day to the next, as plain data: `model_dump_json` and `model_validate_json`."""

from typing import Literal

from pydantic import Field

from ..schemas.evidence import Frozen


class Kept(Frozen):
    """What is kept of one article: nothing of its text but the heaviest words and names, and a signature.

    `moment` is when it was published, in Unix time. `words` and `names` are empty for a copy. `story` is the id of its
    story, `copy_of`, `replaces` and `replaced_by` are ids of articles.
    """

    id: str
    story: str
    source: str | None = None
    address: str | None = None
    slug: str | None = None
    moment: float | None = Field(default=None, allow_inf_nan=False)
    sketch: str | None = None
    copy_of: str | None = None
    replaces: str | None = None
    replaced_by: str | None = None
    words: dict[str, int] = Field(default_factory=dict)
    names: dict[str, int] = Field(default_factory=dict)


class StoriesState(Frozen):
    """All that `Stories` knows. `same` leads from the id of a story that was joined to the one that it is now.

    `articles` are in the order in which they came. `counted`, `words` and `names` say in how many articles each word
    stood, copies included.
    """

    version: Literal[1] = 1
    articles: tuple[Kept, ...] = ()
    same: dict[str, str] = Field(default_factory=dict)
    counted: int = Field(default=0, ge=0)
    words: dict[str, int] = Field(default_factory=dict)
    names: dict[str, int] = Field(default_factory=dict)

    def since(self, moment: float) -> "StoriesState":
        """The state without the stories of which every article was published before `moment` (Unix time).

        So what is kept stays as large as the days that matter. An article without a date keeps its story. How rare each
        word is stays as it was counted.
        """
        kept = {each.story for each in self.articles if each.moment is None or each.moment >= moment}
        articles = tuple(each for each in self.articles if each.story in kept)
        living = {old: new for old, new in self.same.items() if _last(self.same, old) in kept}
        return self.model_copy(update={"articles": articles, "same": living})


def _last(same: dict[str, str], story: str) -> str:
    """Where a story's id leads; the bound is for a damaged state, in which it may go round."""
    for _ in range(len(same)):
        if story not in same:
            break
        story = same[story]
    return story
