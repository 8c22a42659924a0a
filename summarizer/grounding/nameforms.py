"""Forms of people's names: which of them are one person's, and which is the fullest."""

from collections import defaultdict
from collections.abc import Iterable

_SUFFIXES = ("Jr", "Sr", "II", "III", "IV")

Form = tuple[str, ...]


def fullest_forms(forms: Iterable[Form]) -> dict[Form, Form]:
    """The fullest form of each: “Ann Lee” and “Ann B. Lee” are one person, unless an “Ann C. Lee” is there too.

    First and last word and suffix have to be the same, so father and son of one name stay two.
    """
    groups: dict[Form, dict[str, list[Form]]] = defaultdict(lambda: defaultdict(list))
    for form in forms:
        end = len(form) - len(_suffix(form))
        initials = "".join(word[0] for word in form[1 : end - 1])
        groups[form[0], form[end - 1], *_suffix(form)][initials].append(form)
    fullest: dict[Form, Form] = {}
    for group in groups.values():
        for members in group.values():
            longest = max(members, key=lambda form: sum(map(len, form)))
            for form in members:
                agrees = all(map(_agree, form, longest))
                fullest[form] = longest if agrees else form
        fuller = {fullest[form] for initials, members in group.items() if initials for form in members}
        if "" in group and len(fuller) == 1:
            fullest |= dict.fromkeys(group[""], *fuller)
    return fullest


def _agree(word: str, longer: str) -> bool:
    """Whether two words of names at the same place are the same, or one the other's initial."""
    return word == longer or (len(word.rstrip(".")) == 1 and word[0] == longer[0])


def _suffix(form: Form) -> Form:
    return form[-1:] if len(form) > 2 and form[-1].rstrip(".") in _SUFFIXES else ()


def last_word(form: Form) -> str:
    """The word by which newspapers call somebody, a suffix left out."""
    return form[-2] if _suffix(form) else form[-1]
