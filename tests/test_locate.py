import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.grounding.locate import PreparedText, locate_quote, near_miss
from summarizer.grounding.typography import fold

ARTICLE = (
    "Ada Berg opened the strait on Monday. “We won’t stand in the way of honest trade — not now,” she said.\r\n\r\n"
    "“The price,” Tomas Reyes said, “is far too high.” He offered $1.5 million... and a 12-year café lease.\n\n"
    "“Boats will sail.” Berg left. “Nets will not.” The workers’ fleet won’t wait for Berg’s answer."
)


def spelt(text: str, quote: str) -> list[str]:
    return [span.text for span in locate_quote(text, quote)]


@pytest.mark.parametrize(
    "quote",
    [
        "We won't stand in the way of honest trade - not now",
        "“We won’t stand in the way of honest trade--not now.”",
        "We won’t  stand\nin the way\u00a0of honest trade — not now,",
        "We won’t stand in the way of hon\u00adest trade\u200b — not now",
        '"We won\'t stand in the way of honest trade – not now"',
    ],
)
def test_other_typography_is_found(quote: str) -> None:
    """Marks, dashes, spaces, soft hyphens and a comma inside the closing mark make no other quote."""
    assert spelt(ARTICLE, quote) == ["We won’t stand in the way of honest trade — not now"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_unicode_forms_are_one(form: str) -> None:
    """A letter with its accent apart is the same letter, in the quote and in the text."""
    decomposed = unicodedata.normalize("NFD", ARTICLE)
    wanted = unicodedata.normalize(form, "a 12-year café lease")  # type: ignore[arg-type]
    for text in (ARTICLE, decomposed):
        (span,) = locate_quote(text, wanted)
        assert text[span.start : span.end] == span.text
        assert unicodedata.normalize("NFC", span.text) == "a 12-year café lease"


def test_ellipsis_and_width_forms_are_one() -> None:
    """Three full stops are an ellipsis, and full-width letters are letters."""
    assert spelt(ARTICLE, "million… and a 12-year") == ["million... and a 12-year"]
    assert spelt("Ｗｅ ｓａｉｌ at ﬁrst light", "We sail at first light") == ["Ｗｅ ｓａｉｌ at ﬁrst light"]


@pytest.mark.parametrize(
    "quote",
    [
        "we won’t stand in the way of honest trade",
        "We will stand in the way of honest trade",
        "We won’t stand in the way of trade",
        "We won’t stand in the way of honest trades",
        "stand in way the of honest trade",
        "We won",
        "won’t wait for Berg’s ans",
        "won",
        "5 million",
        "$1",
        "year café lease",
        "Boats will sail. Nets will not.",
        "The price is far too low",
        "We won’t stand in the way is far too high",
        "",
        "“”",
        "...",
    ],
)
def test_other_words_are_refused(quote: str) -> None:
    """A letter, a word, its case or order, a cut word or number, or two spliced quotes: none is in the text."""
    assert locate_quote(ARTICLE, quote) == []


@pytest.mark.parametrize("sign", ["10²", "½", "①", "㎏"])
def test_signs_that_hold_digits_keep_them(sign: str) -> None:
    """A superscript, fraction or circled digit is not the digit in plain."""
    plain = unicodedata.normalize("NFKC", sign)
    assert locate_quote(f"They found {plain} of it", f"found {sign} of it") == []


@pytest.mark.parametrize(
    "quote", ["The price, is far too high", "The price is far too high.", "“The price is far too high”"]
)
def test_an_interrupted_quote_gives_its_parts(quote: str) -> None:
    """What the speaker's sentence breaks in two may be quoted as one, and comes back as two spans."""
    assert spelt(ARTICLE, quote) == ["The price", "is far too high"]


def test_two_speakers_are_no_interruption() -> None:
    """An attribution that ends its sentence joins nothing if the next quote has a speaker of its own."""
    text = "“Yes,” said Ada Berg. “No,” said Tomas Reyes."
    assert locate_quote(text, "Yes. No") == []
    assert spelt("“Yes,” said Ada Berg. “No more.”", "Yes. No more.") == ["Yes", "No more"]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("“We sign,” said Ada Berg, while Tomas Reyes replied, “over my dead body.”", "We sign over my dead body"),
        ("“We sign,” said Ada Berg, and Tomas Reyes, “over my dead body.”", "We sign, over my dead body."),
        ("“We fight,” Berg said in May, adding a year later, “for peace.”", "We fight for peace"),
        ("“Yes,” Berg told Reyes, who answered, “no.”", "Yes, no."),
        ("“I go,” Berg joked – “never,” Reyes said.", "I go never"),
    ],
)
def test_words_of_two_occasions_are_not_spliced(text: str, quote: str) -> None:
    """A second verb of speech, a side clause or a tag of its own between or after two quotes keeps them two."""
    assert locate_quote(text, quote) == []


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f"])
def test_digits_in_groups_are_one_number(space: str) -> None:
    """A space that parts thousands does not begin or end a number, and other spaces do."""
    assert locate_quote(f"Some 1{space}500 boats left.", "500 boats") == []
    assert locate_quote(f"Some 1{space}500 boats left.", "Some 1") == []
    assert spelt(f"In 2031{space}500 boats left.", "500 boats") == ["500 boats"]


# fmt: off
# A text, and quotes that are no quotes of it.
CUT = [
    ("It was –0.3 degrees", ["0.3 degrees", "0.3", "was - 0.3"]), ("–0.3 (−2 or —1)", ["0.3", "2", "1"]),
    ("fell −$5 to [-.5]", ["$5", "5", "5 to", ".5"]), ("“+5 or ±6,” she said", ["5", "6"]),
    ("at a price – 5 crowns – of", ["-5 crowns", "price −5"]),
    ("3–5 boats, 2019—20, 3−2", ["5 boats", "-5 boats", "20", "2"]),
    *[(f"Some 1{sign}500 boats", ["Some 1", "500 boats"]) for sign in ".,’'·٬\u2007\u2008"],
    ("at 10:30, a 3⁄4 share and 3/4", ["at 10", "30", "a 3", "4 share", "and 3"]),
    ("5½ or 6 ½ or 7 1/2", ["5", "½", "6", "7", "1/2"]),
    ("5% or 6 % or 7°", ["5", "or 6", "or 7"]), ("$5, €6, 7 €, £ 8", ["5", "6", "7", "8", "$6", "£"]),
    ("US$5", ["$5", "US"]), ("№5, #6, § 7", ["5", "6", "7"]),
    ("a 2nd 10² in 5.5", ["a 2", "nd", "10", "5", "102"]),
    ("rose .5 and 50+, 5×6", ["5", "50", "6"]), ("٣٫٥ and १५ and １５", ["٣", "٥", "५", "5"]),
    ("a co-op, U.S.-led", ["op", "co", "a co-", "U.S", "U.S.", "led"]), ("non–smoker area", ["smoker area"]),
    ("O’Neill, rock ’n’ roll", ["Neill", "O", "rock n roll"]), ("de l’été", ["été", "de l"]),
    ("We can’t, they’re", ["We can", "can", "they", "re"]), ("Nobody’s here", ["Nobody"]),
    ("un\u00ad\u200bfair", ["fair", "un"]),
    ("the U.S. and J.R. Berg", ["the U", "S. and", "R. Berg", "US"]),
    ("at a.example, R&D, he/she", ["a", "example", "D", "he", "she"]),
    ("[T]he boat(s), (un)fair", ["he boat", "boat", "The", "fair"]),
    ("he will go", ["[he] will go", "he [now] will go"]),
    ("cafe\u0301, caf\u00e9", ["cafe"]), ("kılıç, Straße", ["kilic", "kiliç", "Strasse"]), ("λόγος", ["λόγοσ"]),
    ("שָׁלוֹם مُحَمَّد", ["שלום", "محمد"]), ("हिन्दी", ["हिन्द", "हिन"]), ("한국", ["한구"]), ("ﬀ", ["f"]),
    ("👍🏽 🇩🇪 👨‍👩‍👧 1️⃣", ["👍", "👍🏿", "🇩", "👨", "👧", "1"]),
    ("We will surely go", ["We will … go", "We will go …", "We … go"]), ("We will … go", ["We will go"]),
]
# A text, and what stands in it whole.
WHOLE = [
    ("It was –0.3 degrees", ["was -0.3 degrees", "−0.3", "“-0.3 degrees”"]),
    ("- 5 boats – 6 – 7", ["5 boats", "6", "- 5", "7"]),
    ("It was 5—no, 6—boats", ["5", "6", "no, 6", "boats"]),
    ("‘5 boats,’ of “10%” or $5.", ["5 boats", "10%", "$5", "or $5."]),
    ("In 2031, 500 of 5, 6", ["500", "In 2031", "5", "6"]), ("Wait...5 boats", ["5 boats", "Wait"]),
    ("Norland’s and the dogs’ U.S. boats.Then", ["Norland", "the dogs", "the dogs' U.S.", "boats", "Then"]),
    ("rock ’n’ roll", ["rock 'n' roll", "‘rock ’n’ roll’"]),
    ("the Norland–Sudland talks", ["Norland", "Sudland talks"]),
    ("(NC)The boats.[12]They left", ["The boats", "They left"]), ("中文没有空格 ไทยไม่มี", ["没有", "ไทย"]),
    ("❤️ 👍🏽 🇩🇪", ["❤", "👍🏽", "🇩🇪"]),
    ("a \0 b \ud800 c", ["a", "b", "c", "\ud800 c"]), ("ba aa " * 30, ["aa ba " * 20 + "aa"]),
]
# fmt: on


@pytest.mark.parametrize(("text", "quotes"), CUT)
def test_no_number_word_or_sign_is_cut_or_changed(text: str, quotes: list[str]) -> None:
    """A part of a number, word, compound, initial or emoji, and one without its sign, is no quote."""
    assert [quote for quote in quotes if locate_quote(text, quote)] == []


@pytest.mark.parametrize(("text", "quotes"), WHOLE)
def test_whole_words_are_found_beside_other_signs(text: str, quotes: list[str]) -> None:
    """What stands beside a word without being part of it, such as the dash of a clause, cuts nothing."""
    assert [quote for quote in quotes if not locate_quote(text, quote)] == []


def test_a_speech_of_several_paragraphs_runs_on() -> None:
    """Where each paragraph opens with a mark and only the last closes, a quote may cross; it comes back in parts."""
    text = "“We go. We wait.\n\n“And we stay,” Berg said.\n\n“No,” said Reyes.\n\n“Yes.”\n\n“And so do we,” she said."
    assert spelt(text, "We wait. And we stay") == ["We wait", "And we stay"]
    assert spelt(text, "And we stay. No") == spelt(text, "Yes. And so do we") == []


def test_a_name_is_found_before_its_possessive() -> None:
    """The owner's name stands whole in “Berg’s”; the pronoun in “it’s” does not."""
    assert spelt("In Berg’s view it’s fine.", "In Berg") == ["In Berg"]
    assert locate_quote("In Berg’s view it’s fine.", "view it") == []


def test_near_picks_the_nearest() -> None:
    """Of several occurrences the one nearest to the offset is given, else the first."""
    text = "They sail. We wait. They sail. We wait. They sail."
    assert locate_quote(text, "They sail")[0].start == 0
    assert locate_quote(text, "They sail", near=22)[0].start == 20
    assert locate_quote(text, "They sail", near=len(text))[0].start == 40
    assert locate_quote("a b a b a", "a b a", near=4)[0].start == 4


def test_near_miss_shows_what_the_text_says() -> None:
    """An altered quote leads to the stretch it was made from, an invented one to nothing."""
    miss = near_miss(ARTICLE, "We will stand in the way of honest trade, not now")
    assert miss is not None
    assert miss.text == "We won’t stand in the way of honest trade — not now"
    changed = near_miss(ARTICLE, "He offered $1.5 million and a 12-year café rent")
    assert changed is not None
    assert changed.text == "He offered $1.5 million... and a 12-year café lease"
    swapped = near_miss(ARTICLE, "is far too high, the price, Tomas Reyes said")
    assert swapped is not None
    assert swapped.text == "The price,” Tomas Reyes said, “is far too high"
    assert near_miss(ARTICLE, "purple elephants dance quietly at midnight") is None
    assert near_miss("", "anything") is None


def test_hostile_repeats_stay_linear() -> None:
    """Text and quote made of repeats cost no more than a moment."""
    assert locate_quote("ab " * 60_000 + "abc", "ab " * 30_000 + "a") == []
    assert locate_quote("e" + "\u0301\u0323" * 100_000, "e") == []
    assert locate_quote(("e" + "\u0301\u0323" * 15) * 10_000, "e") == []
    assert locate_quote(". " * 100_000 + "- " * 100_000, "no") == []
    assert locate_quote("a-" * 60_000 + "a", "a-" * 30_000 + "a") == []
    assert locate_quote("x - 5 " * 20_000, "x -5 " + "x - 5 " * 9_000) == []
    assert near_miss("ab " * 60_000, "ab " * 30_000) is not None


WORDS = st.text(
    st.one_of(
        st.sampled_from(" \r\n\t\x00.,-—…'’“”\"«»\u00ad\u200b\u0301\u00a0ﬁ👍🏽\ud800éＡ"),
        st.characters(),
        st.sampled_from("abcdeABC123"),
    ),
    max_size=60,
)


@given(WORDS, WORDS, st.integers(0, 60))
@settings(max_examples=300, deadline=None)
def test_offsets_hold_for_any_text(text: str, quote: str, near: int) -> None:
    """Whatever the characters, an answer is a stretch of the text and folds to the quote's own words."""
    for span in [*locate_quote(text, quote), *locate_quote(text, quote, near)]:
        assert text[span.start : span.end] == span.text
        assert span.start < span.end
        assert fold(span.text).text.strip(" '.,") in fold(quote).text
    miss = near_miss(text, quote)
    assert miss is None or text[miss.start : miss.end] == miss.text


@given(WORDS)
@settings(max_examples=300, deadline=None)
def test_folding_keeps_places(text: str) -> None:
    """Every folded character has a place of at least one character in the text, and folding twice changes nothing."""
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= s < e <= len(text) for s, e in zip(folded.starts, folded.ends, strict=True))
    assert fold(folded.text).text == folded.text


PLAIN = st.lists(st.text("abcdefgXYZéü", min_size=1, max_size=7), min_size=3, max_size=25)


@given(PLAIN, st.data())
@settings(max_examples=200, deadline=None)
def test_a_cut_is_found_and_a_changed_letter_is_not(words: list[str], data: st.DataObject) -> None:
    """Whole words cut from a text are found in it; with one letter that the text does not have they are not."""
    text = " ".join(words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = " ".join(words[first : last + 1])
    (span,) = PreparedText(text).locate(quote)
    assert span.text == quote
    letters = [index for index, char in enumerate(quote) if char != " "]
    at = data.draw(st.sampled_from(letters))
    assert locate_quote(text, quote[:at] + "q" + quote[at + 1 :]) == []
