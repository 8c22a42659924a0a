"""Where quotations stand: marks of every kind, nested, forgotten or none of speech."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timing import is_within

from summarizer.grounding.quotations import find_quotations

# Digits as letters, so that made-up names have none.
LETTERS = str.maketrans("0123456789", "ghijklmnop")
LEAD = "Prime minister Ada Berg met Tomas Reyes, the fisheries minister of Sudland, on Monday. "


def spoken(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(q.text, q.speaker.text if q.speaker else None, q.speaker_name) for q in find_quotations(text)]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("“We sail,” said Reyes.", ["We sail,"]),
        ('"We sail," said Reyes.', ["We sail,"]),
        ("‘We sail,’ said Reyes.", ["We sail,"]),
        ("'We sail,' said Reyes.", ["We sail,"]),
        ("«We sail», said Reyes.", ["We sail"]),
        ("»We sail«, said Reyes.", ["We sail"]),
        ("„We sail“, said Reyes.", ["We sail"]),
        ("「We sail」 said Reyes.", ["We sail"]),
        ("″We sail,″ said Reyes.", ["We sail,"]),
        ("``We sail,'' said Reyes.", ["We sail,"]),
        ("— We sail — said Reyes. — Now.", ["We sail", "Now."]),
        ('“We sail," said Reyes.', ["We sail,"]),
        ('"We sail,” said Reyes.', ["We sail,"]),
        ("„We sail”, said Reyes.", ["We sail"]),
        ("”We sail,” said Reyes.", ["We sail,"]),
        ("‘We sail', said Reyes.", ["We sail"]),
        ("“He said ‘no’ and left,” said Reyes.", ["He said ‘no’ and left,", "no"]),
        ("„He said ‚no‘ and left“, said Reyes.", ["He said ‚no‘ and left", "no"]),
        ("“We sail, said Reyes. It rained.", ["We sail,"]),
        ("Reyes said: «We sail.\n\n»We go.\n\n»We end.»", ["We sail.", "We go.", "We end."]),
        ("“We sail.\n\n“We go.\n\n“We end,” said Reyes.", ["We sail.", "We go.", "We end,"]),
    ],
)
def test_marks_of_every_kind(text: str, inside: list[str]) -> None:
    """Whatever marks a text uses, mixes, nests, forgets or opens anew, the words and the speaker are found."""
    found = find_quotations(LEAD + "\n\n" + text)
    assert [q.text for q in found] == inside
    outer = [q for q in found if q.text != "no"]
    assert {q.speaker_name for q in outer} == {"Tomas Reyes"}


def test_signed_lines_are_no_hard_wrapped_text() -> None:
    """Quotes on lines of their own, each signed, are one paragraph each, although no line ends in a full stop."""
    names = ["Lena Moss", "Carla Holm", "Emil Dahl", "Greta Vik"]
    said = "I have fished here all my life, as did my mother and hers, and I shall go on fishing whatever they may sign"
    text = "\n".join(f"“{said}, wind or no wind!” — {name}" for name in names)
    assert [name for *_, name in spoken(text)] == names


def test_hard_wrapped_text_is_read_over_its_line_breaks() -> None:
    """A line break within a sentence ends neither the quote nor the words that attribute it."""
    text = "“We have waited\nlong enough and we\nsail at dawn,” said\nLena Moss of the\nunion, who spoke\non the quay."
    assert [name for *_, name in spoken(text)] == ["Lena Moss"]


def test_dashes_mark_speech() -> None:
    """A paragraph in dashes with an attribution is speech; a signature is not."""
    text = "— I will not go — said Lena Moss. — Never.\n\n— Carla Holm"
    assert spoken(text) == [("I will not go", "Lena Moss", "Lena Moss"), ("Never.", "Lena Moss", "Lena Moss")]


def test_several_paragraphs_each_reopen() -> None:
    """A quotation over several paragraphs has an entry for each marked stretch, all of one speaker."""
    text = "Ada Berg told reporters:\n\n“We start here.\n\n“And we go on.”"
    assert spoken(text) == [("We start here.", "Ada Berg", "Ada Berg"), ("And we go on.", "Ada Berg", "Ada Berg")]


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    """A forgotten closing mark does not swallow the next paragraph."""
    assert [text for text, *_ in spoken("Berg said: “We start here\n\nIt rained.")] == ["We start here"]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("Berg told the press: “We start here, she said. Reyes then hit a man.", ["We start here,"]),
        ("“We start here, Berg told reporters. Reyes then hit a man.\n\nIt rained.", ["We start here,"]),
        ('"We start here, Berg said. "We will not go," Reyes said.', ["We start here,", "We will not go,"]),
        ("Berg said: “We start here. Reyes then hit a man.\n\nIt rained.", ["We start here."]),
    ],
)
def test_a_lost_mark_takes_in_no_narration(text: str, quotes: list[str]) -> None:
    """Where a closing mark was lost, the stretch ends before the words that attribute, or with its sentence."""
    assert [quote for quote, *_ in spoken(text)] == quotes
    assert "Tomas Reyes" not in [name for *_, name in spoken(LEAD + text)][:1]


@pytest.mark.parametrize(
    "text",
    [
        "They call it “Project Dawn”. The film “Night Boats” is out.",
        "“Night Boats,” the new film by Lena Moss, is out.",
        "The so-called “peace boat” is gone.",
        "Lena Moss, nicknamed “the Gull”, left.",
        "Boxer Lena “Hammer” Moss lost.",
        "He wore a “retro” look.",
    ],
)
def test_names_and_scare_quotes_are_no_speech(text: str) -> None:
    """Marks around a title, a nickname or a doubtful word do not make speech with a speaker."""
    assert all(not q.is_speech or q.speaker_name is None for q in find_quotations(text))
    assert not find_quotations(text)[-1].is_speech


def test_apostrophes_are_no_marks() -> None:
    """Possessives, short forms and inches open nothing."""
    assert find_quotations("The workers' '90s fleet isn't Berg's; it’s 6' 2\" long, rock 'n' roll.") == []


def test_nested_marks_have_entries_without_speaker() -> None:
    """A quotation inside a quotation is listed, but not put into anybody's mouth."""
    assert spoken("Berg said: “He told me, ‘You are out,’ and left.”") == [
        ("He told me, ‘You are out,’ and left.", "Berg", "Berg"),
        ("You are out,", None, None),
    ]


PIECES = st.lists(
    st.sampled_from(
        [
            *"“”‘’\"'«»„—-:,.?!() \n\x00",
            "\n\n",
            " said ",
            "Berg",
            " he ",
            "Ada Berg",
            "👍",
            "\ud800",
            "e\u0301",
            "\r\n",
            "saying",
            "according to ",
        ]
    ),
    max_size=40,
)


@given(PIECES)
@settings(max_examples=300, deadline=None)
def test_offsets_hold_for_any_text(pieces: list[str]) -> None:
    """Whatever the marks, every entry is a stretch of the text, and so are its speaker and cue."""
    text = "".join(pieces)
    for q in find_quotations(text):
        assert text[q.start : q.end] == q.text
        assert q.text == q.text.strip()
        assert q.start < q.end
        for span in (q.speaker, q.cue):
            assert span is None or text[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "text",
    [
        "“a ” said he, " * 4000,
        "‘" * 20_000,
        "A " * 30_000,
        "“" * 20_000,
        "A. " * 20_000,
        "said " * 20_000,
        "— a " * 20_000,
        "“a” " * 25_000,
        "a: “b” " * 14_000,
        "„ « " * 12_500 + "」 " * 25_000,
        "9/" * 50_000,
        "“a, " * 12_000,
        "“a said, " * 4_000,
        "‘a' " * 8_000,
        "`" * 50_000,
        "“Why?” Berg asked. “a” remark, " * 3_000,
        "Saying “a” " * 4_000,
        "“a\n\n" * 8_000,
        "people familiar with " * 5_000 + "said “a”",
        " 'a" * 33_000,
        "\n".join(f"Ada{number:x} Berg{number:x}" for number in range(6000)).translate(LETTERS),
        " ".join(f"Ada{number:x} Berg said “yes,” he said," for number in range(3000)).translate(LETTERS),
    ],
)
def test_hostile_texts_take_no_long_time(text: str) -> None:
    """Repeats that break careless patterns take seconds of the processor, not minutes."""
    assert is_within(12, lambda: find_quotations(text))
