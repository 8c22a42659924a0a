"""Articles come in from files and standard input, and are split into sentences with exact offsets."""

import io
import os
import sys
from pathlib import Path

import pytest
import sentencex
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.articles.front_matter import find_front_matter, read_metadata
from summarizer.articles.load import MAX_CHARACTERS, load_article
from summarizer.articles.raw import MAX_BYTES
from summarizer.articles.sentences import MAX_EVIDENCE, split_paragraphs, split_sentences
from summarizer.errors import ArticleEmpty, ArticleNotFound, ArticleTooLong, ArticleUnreadable, InputError

SEEDS = Path(__file__).parent.parent / "seeds"
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
_PIECES = (
    "“We go. ",
    "You stay,” ",
    "said Ada Berg",
    ". ",
    "Gen. ",
    "No. 5 ",
    "D-N.Y. ",
    "at 5 p.m. ",
    '"Why?" ',
    "ended.Then ",
)
_ODD_PIECES = ("\n", "\r\n\r\n", "a" * 90, "🐟 ", "\x00", "\ud800", "…", "! ", "it rained, ", "\u2028", "\t")
NEWS_TEXT = st.lists(st.sampled_from(_PIECES + _ODD_PIECES), max_size=60).map("".join)


def texts(sentences):
    return [sentence.text for sentence in sentences]


def stdin_of(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))


# Loading


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Zoë said “no”.\r\n\r\nShe left.\n".encode(), "Zoë said “no”.\r\n\r\nShe left.\n"),
        (b"\xef\xbb\xbfPlain.", "Plain."),
        ("Zoë 🐟.\r\nBye.".encode("utf-16"), "Zoë 🐟.\r\nBye."),
        (b"\xfe\xff" + "Zoë.".encode("utf-16-be"), "Zoë."),
        (b"\xff\xfe\x00\x00" + "Zoë.".encode("utf-32-le"), "Zoë."),
    ],
)
def test_text_is_kept_exactly_and_only_a_byte_order_mark_goes(tmp_path, data, text):
    """UTF-8, UTF-16 and UTF-32 come in without a warning, with line ends, quotation marks and emoji as they were."""
    (tmp_path / "a.txt").write_bytes(data)
    article = load_article(tmp_path / "a.txt")
    assert article.text == text
    assert article.warnings == ()
    assert load_article(str(tmp_path / "a.txt")) == article


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "“The harbour will open,” Zoë Brel said – not yet. Señor Núñez agreed."),
        ("latin-1", "Zoë Brel wants a naïve plan."),
        (
            "cp1250",
            "Premier powiedział, że umowa zostanie podpisana w środę. „Jesteśmy gotowi”, dodał minister łączności.",
        ),
        ("cp1251", "Министр заявил, что соглашение будет подписано в среду. «Мы готовы», добавил он."),
    ],
)
def test_another_encoding_is_guessed_and_said(tmp_path, encoding, text):
    """Text in an older encoding is read right, and a warning names the encoding that was guessed."""
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    article = load_article(tmp_path / "a.txt")
    assert article.text == text
    assert "not UTF-8" in article.warnings[0]
    assert ("Windows-1252" if encoding == "latin-1" else encoding[2:]) in article.warnings[0]


def test_one_stray_byte_does_not_garble_the_rest(tmp_path):
    """UTF-8 with one foreign byte stays UTF-8, and a warning counts what is lost."""
    (tmp_path / "a.txt").write_bytes("Zoë said “no” — twice. ".encode() + b"\x93 she said.")
    article = load_article(tmp_path / "a.txt")
    assert article.text.startswith("Zoë said “no” — twice. \ufffd")
    assert article.warnings == ("places of the text that are not UTF-8 and are shown as \ufffd: 1",)


def test_a_stray_byte_beside_one_pair_of_marks(tmp_path):
    """A single pair of quotation marks in UTF-8 is enough to tell that one bad byte is the stranger."""
    (tmp_path / "a.txt").write_bytes("The duke said: “We go.” It rained.".encode() + b" caf\xe9 ")
    assert "“We go.”" in load_article(tmp_path / "a.txt").text


@pytest.mark.parametrize(
    "start", ["RIFFA, Bahrain (AP)", "GIF89 was a format", "ID3 cars are red", "BZh is a short form"]
)
def test_words_are_no_signature(tmp_path, start):
    """A text that begins with the letters of a binary format is still a text."""
    (tmp_path / "a.txt").write_text(f"{start} - the duke of Marl opened the quay.")
    assert load_article(tmp_path / "a.txt").text.startswith(start)


def test_standard_input(monkeypatch):
    """A dash reads standard input as bytes, so that its encoding does not depend on the terminal's."""
    stdin_of(monkeypatch, "Zoë left.\r\n".encode())
    assert load_article("-").text == "Zoë left.\r\n"


def test_endless_standard_input_is_bounded(monkeypatch):
    """Standard input is read up to the limit and no further."""

    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            assert size == MAX_BYTES + 1
            return b"a" * size

    class Stdin:
        buffer = Endless()

    monkeypatch.setattr(sys, "stdin", Stdin())
    with pytest.raises(ArticleTooLong, match="standard input has more than 20 MB"):
        load_article("-")


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"", ArticleEmpty, "is empty"),
        (b" \r\n\t ", ArticleEmpty, "no words"),
        ("\ufeff\u200b…".encode(), ArticleEmpty, "no words"),
        (b"Advertisement\n\nRead more: Duke sells yacht\n", ArticleEmpty, "nothing but adverts"),
        (b"%PDF-1.7 text", ArticleUnreadable, "is a PDF that is broken"),
        (b"PK\x03\x04 word", ArticleUnreadable, "ZIP"),
        (b"\x89PNG\r\n\x1a\n", ArticleUnreadable, "PNG"),
        (b"\xff\xd8\xff\xe0", ArticleUnreadable, "JPEG"),
        (b"\x1f\x8b\x08", ArticleUnreadable, "gzip"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", ArticleUnreadable, "RIFF"),
        (b"ID3\x04\x00\x00", ArticleUnreadable, "MP3"),
        (b"BZh91AY&SY", ArticleUnreadable, "bzip2"),
        (b"GIF89a", ArticleUnreadable, "GIF"),
        (b"Text\x00with NUL and much more", ArticleUnreadable, "binary"),
        ("Hi there, you.".encode("utf-16-le"), ArticleUnreadable, "UTF-16 without"),
        (bytes(range(1, 9)) * 20, ArticleUnreadable, "binary"),
        (b"\xff\xfeodd", ArticleUnreadable, "UTF-16"),
        (b"\n<!DOCTYPE html><html><title>Home</title>", ArticleEmpty, "web page without an article"),
        (b"<?xml version='1.0'?><rss>", ArticleUnreadable, "is a feed"),
        (b"a" * (MAX_CHARACTERS + 1), ArticleTooLong, "1 MB"),
        (b"a" * (MAX_BYTES + 1), ArticleTooLong, "20 MB"),
    ],
)
def test_what_is_no_article_is_refused_with_its_name(tmp_path, monkeypatch, data, error, says):
    """From a file and from standard input alike, what is no article is refused with the thing, reason and remedy."""
    (tmp_path / "draft.txt").write_bytes(data)
    for source, name in ((tmp_path / "draft.txt", "draft.txt"), ("-", "standard input")):
        stdin_of(monkeypatch, data)
        with pytest.raises(error) as caught:
            load_article(source)
        assert name in caught.value.what
        assert says in caught.value.what
        assert caught.value.remedy
        assert "\n" not in str(caught.value)


def test_a_missing_file_names_what_is_close(tmp_path):
    """A mistyped name gets the close names of that folder, and a far one gets none."""
    (tmp_path / "harbour-deal.txt").write_text("Text.")
    with pytest.raises(ArticleNotFound, match=r"did you mean '.*harbour-deal\.txt'\?"):
        load_article(tmp_path / "harbor-deal.txt")
    with pytest.raises(ArticleNotFound) as caught:
        load_article(tmp_path / "zzz")
    assert "did you mean" not in str(caught.value)
    with pytest.raises(ArticleNotFound, match="cannot be listed"):
        load_article(tmp_path / "nowhere" / "a.txt")


@pytest.mark.parametrize("source", ["", "One line of text.\nAnd another.", "word " * 2000, "nul\x00byte"])
def test_text_is_never_taken_for_a_path_that_is_there(source):
    """A str that names no file is an error of one short line, also if it is a whole article."""
    with pytest.raises(ArticleNotFound) as caught:
        load_article(source)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("source", "says"),
    [("ftp://a/b", "not of the web"), ("file:///a.txt", "is an address"), ("gopher://a/b", "not of the web")],
)
def test_an_address_of_another_net_is_refused(source, says):
    """Only pages of the web are fetched; a file is named by its path."""
    with pytest.raises(InputError, match=says):
        load_article(source)


def test_folders_devices_and_pipes_are_refused(tmp_path):
    """Only regular files are opened: a pipe or an endless device would never end."""
    with pytest.raises(ArticleUnreadable, match="is a folder"):
        load_article(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    for source in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(ArticleUnreadable, match="device, pipe or socket"):
            load_article(source)


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    """A refusal by the system is told apart from a missing file."""
    (tmp_path / "a.txt").write_text("Text.")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ArticleUnreadable, match="may not be read"):
        load_article(tmp_path / "a.txt")


def test_control_characters_of_a_file_name_stay_out_of_messages(tmp_path):
    """A file name cannot write escape sequences or a second line into a message."""
    with pytest.raises(ArticleNotFound) as caught:
        load_article(tmp_path / "a\x1b[31m\rb")
    assert str(caught.value).isprintable()


# Front matter


def test_front_matter_fills_fields_and_stays_in_the_text(tmp_path):
    """YAML front matter fills the fields that it names, quoted values without their marks, and the text is whole."""
    text = (
        "---\ntitle: 'Pool: it shuts'\ndate: 2031-05-14\nsource: The Courier\nauthor: Ida Moss\n"
        "url: https://courier.example/pool\nlang: en\ntags: [a, b]\n---\n\n# Another headline\n\nThe pool shut.\n"
    )
    (tmp_path / "a.md").write_text(text)
    article = load_article(tmp_path / "a.md")
    assert article.text == text
    assert (article.title, article.published, article.source) == ("Pool: it shuts", "2031-05-14", "The Courier")
    assert (article.byline, article.url, article.language) == ("Ida Moss", "https://courier.example/pool", "en")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("# Pool shuts #\n\nIt shut.", {"title": "Pool shuts"}),
        ("---\nurl: javascript:alert(1)\nauthor:\n  - Ida\ntitle: [x]\n---\nIt shut.", {}),
        ("---\nIt shut.\n---\nMore.", {}),
        ("---\nIda Moss: We shut it.\nOla Brandt: No.\n---\nMore.", {}),
        ("---\n\nIt shut.\n\ntitle: so it goes\n\n---\nMore.", {}),
        ("---\ntitle: null\n---\nIt shut.", {}),
        ("# Pool shuts\rIt shut.", {"title": "Pool shuts"}),
        ("#\n\nIt shut.", {}),
        ("# " + "word " * 100 + "\n\nIt shut.", {}),
        ("---\ntitle: never closed\n\nIt shut.", {}),
        ("#hashtag first\n\nIt shut.", {}),
        ("The pool shut.\n\n# Later heading", {}),
    ],
)
def test_metadata_is_read_only_where_it_is_plain(text, fields):
    """A headline is a title; rulers, lists, unsafe addresses and later headings fill nothing."""
    assert read_metadata(text) == fields


def test_front_matter_spans_both_its_rulers():
    """The front matter found is exactly the block with its two rulers."""
    found = find_front_matter("\n---\r\ntitle: A\r\n---\r\nText.")
    assert found is not None
    assert found.text == "---\r\ntitle: A\r\n---"
    assert found.start == 1


# Sentences


@pytest.mark.parametrize("strategy", [ANY_TEXT, NEWS_TEXT])
def test_offsets_are_exact_whatever_the_text(strategy):
    """For any text, sentences stand in order at their offsets, 600 characters at most, leaving out only white space."""

    @settings(max_examples=150, deadline=None)
    @given(strategy)
    def holds(text):
        at = 0
        for sentence in split_sentences(text):
            assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
            assert len(sentence.text) <= MAX_EVIDENCE
            assert not text[at : sentence.start].strip()
            at = sentence.end
        assert not text[at:].strip()

    holds()


@pytest.mark.parametrize(
    "sentences",
    [
        ["On Feb. 9, Gen. Ada Berg met Ms. Reyes of the U.S. fleet.", "No. 5 won."],
        ["“We go. You stay,” she said.", "He left."],
        ["She said: “We go. You stay.”", "“Why?” Reyes asked.", "Nobody knew."],
        ['"Which one? The red?" Ada Berg asked.', '"Both."', "He nodded."],
        ["Sen. Ada Berg, D-N.Y., left at 5 p.m. Friday.", "At 6 p.m. he came."],
        ["She left Marl, Wash.; he stayed.", "It closed on Sept. 11 for good.", "Ft. Dahl, in contrast, stayed open."],
        ["It ended in talks, he said.", "Then it rained!", "Really?!"],
        ["It was cold.", "(It rained.)", "Sen. Ada Dahl (R-Tenn.) Friday left.", "Ada K. Berg and J. R. Moss stayed."],
    ],
)
def test_sentences_of_news_text(sentences):
    """Abbreviations, initials, times and quotations do not cut a sentence; ends of sentences do."""
    assert texts(split_sentences(" ".join(sentences))) == sentences


def test_a_missing_space_ends_a_sentence_outside_quotations():
    """A full stop without its space ends a sentence, and a quotation after it keeps its mark; none is cut inside."""
    assert texts(split_sentences("The talks ended.Then it rained.“No comment,” he said.")) == [
        "The talks ended.",
        "Then it rained.",
        "“No comment,” he said.",
    ]
    assert texts(split_sentences('"No," he said."Nobody knows."')) == ['"No," he said.', '"Nobody knows."']
    assert texts(split_sentences('She said: "It ended."Reyes left.'))[0].endswith('ended."')
    for whole in ("“The talks ended.Then it rained,” he said.", "So said Prof. Dahl of courier.com."):
        assert texts(split_sentences(whole)) == [whole]


def test_no_sentence_crosses_a_paragraph():
    """A headline or list entry without a full stop is its own sentence, with any kind of line end."""
    text = "Pool shuts\r\nThe pool shut on Friday\r\rIt was “old\n\nand cold”.\u2029End"
    assert texts(split_sentences(text)) == ["Pool shuts", "The pool shut on Friday", "It was “old", "and cold”.", "End"]


def test_lines_broken_at_a_width_are_one_paragraph():
    """Text wrapped to a width, as in mail, is joined, so that a quotation over two lines stays whole."""
    text = (
        "The harbour of Marl will shut on Friday, its master\nsaid. “We have 40 boats and no water. Somebody has\n"
        "to tell the fishermen,” said Ida Moss, who has run\nthe place since the flood. She did not say when it\n"
        "would open again.\n\nShe resigned.\n"
    )
    assert len(split_paragraphs(text)) == 2
    assert (
        "“We have 40 boats and no water. Somebody has\nto tell the fishermen,” said Ida Moss"
        in split_sentences(text)[1].text
    )
    short = "Pool shuts\nThe town has no other pool at all.\nIt is sad."
    assert len(split_paragraphs(short)) == 3


def test_a_sentence_that_is_too_long_is_cut_at_the_best_place():
    """Over 600 characters, a quotation is cut between its sentences rather than in one of them."""
    inner = "We waited for the boats all night long, and they did not come. "
    pieces = texts(split_sentences("“" + inner * 15 + "We went home,” she said."))
    assert len(pieces) == 2
    assert pieces[0].endswith("they did not come.")
    assert all(len(piece) <= MAX_EVIDENCE for piece in texts(split_sentences("word " * 500 + "x" * 2000)))


def test_german():
    """The language is handed on: a German date does not end a sentence."""
    text = "Er kam am 1. Dezember an. „Wir gehen. Ihr bleibt“, sagte er."
    assert len(split_sentences(text, "de-DE")) == 2
    assert len(split_sentences(text, "")) == 2


def test_a_long_paragraph_goes_to_the_splitter_in_parts(monkeypatch):
    """The splitter, slow on long runs of open quotation marks, gets short parts, and no sentence is cut between two."""
    lengths = []
    split = sentencex.get_sentence_boundaries
    monkeypatch.setattr(
        sentencex, "get_sentence_boundaries", lambda code, text: (lengths.append(len(text)), split(code, text))[1]
    )
    assert set(texts(split_sentences("The boats came home late. " * 2000))) == {"The boats came home late."}
    assert max(lengths) <= 10_000


@pytest.mark.parametrize(
    "name", ["000_f562134c171a77a1", "trade-two-offers", "ceasefire-four-parties", "short-no-deal"]
)
def test_the_seeds_load(name):
    """Each example article loads without a warning and splits into sentences that cut no quotation."""
    article = load_article(SEEDS / f"{name}.txt")
    assert article.warnings == ()
    for sentence in split_sentences(article.text):
        assert sentence.text.count("“") == sentence.text.count("”")
