"""The article as it was given."""

import hashlib
from typing import Any

from pydantic import model_validator

from .evidence import Frozen


class Article(Frozen):
    """One news article. Only `text` is required; it is kept exactly as given, and every offset counts in it.

    `id` is computed: SHA-256 of the text (UTF-8, lone surrogates kept), in hexadecimal. Raises pydantic's
    ValidationError if an `id` is given that is not the text's.
    """

    id: str = ""
    title: str | None = None
    url: str | None = None
    source: str | None = None
    byline: str | None = None
    published: str | None = None
    language: str | None = None
    text: str
    warnings: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _compute_id(cls, values: Any) -> Any:
        if not isinstance(values, dict) or not isinstance(values.get("text"), str):
            return values  # pydantic says what is wrong with them
        computed = hashlib.sha256(values["text"].encode("utf-8", "surrogatepass")).hexdigest()
        if values.get("id") not in (None, "", computed):
            raise ValueError("id is not the SHA-256 of the text")
        return {**values, "id": computed}
