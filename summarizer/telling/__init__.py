"""The words of a digest by a model: a headline and a few sentences a story, out of its briefs' sentences alone.

    story ── sheet: numbered sentences of its briefs ── prompt ── model ── headline, sentences, with their numbers
                                                                              │
      story, told ── composed sentences for what fails ── each checked against the articles that it rests on
                                                     └─ what fails is asked for once more, with the reason

A digest is whole without it: whatever fails here, the briefs' own sentences stand, and `words` of the story says why.
"""

from .telling import atell_digest, tell_digest

__all__ = ["atell_digest", "tell_digest"]
