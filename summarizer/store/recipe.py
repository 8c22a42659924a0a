"""What a brief is made with, and the key that it is kept under."""

import hashlib
import json
from dataclasses import dataclass

from ..schemas.article import Article


@dataclass(frozen=True, slots=True)
class Recipe:
    """All but the article that a brief depends on.

    `prompt` and `draft_schema` are the fingerprints that the audit has; `parameters` is a JSON object of what else goes
    into a call (temperature, limits, the language of the brief), its keys in order.
    """

    kind: str
    model: str
    prompt: str
    draft_schema: str
    parameters: str = "{}"

    @property
    def told(self) -> str:
        """It as JSON."""
        return json.dumps([self.kind, self.model, self.prompt, self.draft_schema, self.parameters])

    def key(self, article: Article) -> str:
        """The key of an article's brief: SHA-256, hexadecimal, over the article as a model is told it, and this recipe.

        An article that only has another address has the same key.
        """
        told = [article.id, article.title, article.published, article.source, article.language]
        made = [self.kind, self.model, self.prompt, self.draft_schema, self.parameters]
        return hashlib.sha256(json.dumps([told, made], ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()
