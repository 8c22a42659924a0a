import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.grounding.names import find_names
from summarizer.grounding.quotations import find_quotations

LEAD = "Prime minister Ada Berg met Tomas Reyes, the fisheries minister of Sudland, on Monday. "


def spoken(text: str) -> list[tuple[str, str | None, str | None]]:
    return [(q.text, q.speaker.text if q.speaker else None, q.speaker_name) for q in find_quotations(text)]


@pytest.mark.parametrize(
    ("sentence", "mention", "name"),
    [
        ("“We sail at dawn,” Berg said.", "Berg", "Ada Berg"),
        ("“We sail at dawn,” said Reyes, smiling.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn,” Berg, 54, who grew up there, told the Courier.", "Berg", "Ada Berg"),
        ("“We sail at dawn,” according to Reyes.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn,” harbour spokeswoman Lena Moss said.", "Lena Moss", "Lena Moss"),
        ("“We sail at dawn,” said the harbour’s director, Lena Moss.", "Lena Moss", "Lena Moss"),
        ("“We sail at dawn?” asked Reyes.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn.” — Lena Moss", "Lena Moss", "Lena Moss"),
        ("Reyes told reporters: “We sail at dawn.”", "Reyes", "Tomas Reyes"),
        ("According to Reyes, “we sail at dawn”.", "Reyes", "Tomas Reyes"),
        ("Asked about it, Berg smiled, adding, “We sail at dawn.”", "Berg", "Ada Berg"),
        ("Reyes described the plan as “far too dear”.", "Reyes", "Tomas Reyes"),
        ("The “honest trade” is over, Reyes said.", "Reyes", "Tomas Reyes"),
        ("The plan, described by Reyes as “a gift”, failed.", "Reyes", "Tomas Reyes"),
        ("A spokesman for Berg said it was “a gift”.", "A spokesman for Berg", None),
        ("“We sail at dawn,” a senior official said.", "a senior official", None),
        ("‘We sail at dawn,’ said Reyes.", "Reyes", "Tomas Reyes"),
        ('"We sail at dawn," said Reyes.', "Reyes", "Tomas Reyes"),
        ("«We sail at dawn», said Reyes.", "Reyes", "Tomas Reyes"),
        ("„We sail at dawn“, said Reyes.", "Reyes", "Tomas Reyes"),
    ],
)
def test_known_patterns(sentence: str, mention: str, name: str | None) -> None:
    """Each way in which newspapers attribute leads to the mention beside the quote and to the fullest name."""
    ((_, found, full),) = spoken(LEAD + "\n\n" + sentence)
    assert (found, full) == (mention, name)


def test_transcript_lines_name_the_speaker() -> None:
    """A name and a colon attribute without a verb."""
    assert [name for *_, name in spoken("Lena Moss: “You went?”\nTomas Reyes: “I did.”")] == [
        "Lena Moss",
        "Tomas Reyes",
    ]


def test_dashes_mark_speech() -> None:
    """A paragraph in dashes with an attribution is speech; a signature is not."""
    text = "— I will not go — said Lena Moss. — Never.\n\n— Carla Holm"
    assert spoken(text) == [("I will not go", "Lena Moss", "Lena Moss"), ("Never.", "Lena Moss", "Lena Moss")]


def test_speech_goes_on_to_the_next_sentence_and_paragraph() -> None:
    """A quote without an attribution of its own belongs to who spoke last, until somebody else stands between."""
    text = LEAD + "\n\n“One,” Berg said. “Two.”\n\n“Three.”\n\nThe harbour was calm.\n\n“Four.”"
    assert [name for *_, name in spoken(text)] == ["Ada Berg", "Ada Berg", "Ada Berg", None]


def test_several_paragraphs_each_reopen() -> None:
    """A quotation over several paragraphs has an entry for each marked stretch, all of one speaker."""
    text = "Ada Berg told reporters:\n\n“We start here.\n\n“And we go on.”"
    assert spoken(text) == [("We start here.", "Ada Berg", "Ada Berg"), ("And we go on.", "Ada Berg", "Ada Berg")]


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    """A forgotten closing mark does not swallow the next paragraph."""
    assert [text for text, *_ in spoken("Berg said: “We start here\n\nIt rained.")] == ["We start here"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Berg opened the port. “Come in,” she said.", "Ada Berg"),
        ("Ada Berg opened the port. “Come in,” he said.", None),
        ("Lena Moss met Ada Berg. Reporters waited for Lena Moss and Ada Berg. “Come in,” she said.", None),
        ("Mr. Holm told Ada Berg to wait. “Come in,” he said.", "Holm"),
        ("The strait was calm. “Come in,” she said.", None),
        ("The deal angered Ada Berg and Lena Moss. “Come in,” she said.", None),
        ("With Ada Berg and Lena Moss there, she said: “Come in.”", None),
    ],
)
def test_pronouns_are_resolved_or_left_open(text: str, name: str | None) -> None:
    """A pronoun stands for the last subject it fits; where two could be meant or none is there, it names nobody."""
    assert [full for *_, full in spoken(text)] == [name]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ada Berg, described as “a fox”, left.", "Ada Berg"),
        ("Ada Berg was told it was “closed”.", "Ada Berg"),
        ("An aide to Ada Berg said it was “closed”.", "Ada Berg"),
        ("Last year, several green groups granted Ada Berg a delay, saying the “start was slow”.", "Ada Berg"),
        ("“We sail,” Tomas Reyes said of Ada Berg.", "Ada Berg"),
        ("“We sail,” said a friend of Ada Berg.", "Ada Berg"),
    ],
)
def test_no_words_in_the_wrong_mouth(text: str, wrong: str) -> None:
    """Who is spoken of, told, or stands beside the speaker is not the speaker."""
    assert wrong not in [name for *_, name in spoken(text)]


@pytest.mark.parametrize(
    "text",
    [
        "They call it “Project Dawn”. The film “Night Boats” is out.",
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


def test_two_people_of_one_surname_are_not_mixed_up() -> None:
    """Where a surname fits two people it stays a surname; a title that fits one decides."""
    people = "Mrs. Ada Berg and her son, Karl Berg, sail. "
    assert spoken(people + "“Now,” Berg said.")[0][2] == "Berg"
    assert spoken(people + "“Now,” Mrs. Berg said.")[0][2] == "Ada Berg"


def test_people_are_found_with_title_and_mentions() -> None:
    """A person has the fullest form, the title beside it and every mention; bodies and places are no people."""
    text = LEAD + "Berg smiled. The Harbour Council and New Haven waited for Sen. Ada K. Berg."
    names = {name.name: name for name in find_names(text)}
    assert set(names) == {"Ada K. Berg", "Tomas Reyes"}
    assert [mention.text for mention in names["Ada K. Berg"].mentions] == ["Ada Berg", "Berg", "Ada K. Berg"]
    title = names["Tomas Reyes"].title
    assert title is not None
    assert title.text == "the fisheries minister of Sudland"
    for name in names.values():
        assert all(text[m.start : m.end] == m.text for m in name.mentions)


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
    ],
)
def test_hostile_texts_take_no_long_time(text: str) -> None:
    """Repeats that break careless patterns are read within seconds."""
    started = time.perf_counter()
    find_quotations(text)
    assert time.perf_counter() - started < 2
