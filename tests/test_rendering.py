"""Rendering: what a reader sees of a brief, and that hostile words stay words."""

import json
import re
import unicodedata

import example_brief
import pytest
from example_brief import hostile_brief, make, span, values, with_article, with_audit
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from summarizer.rendering import Format, render
from summarizer.rendering.account import REASONS
from summarizer.rendering.cleaning import clean
from summarizer.rendering.document import Bullets, Heading, Paragraph, Span, Table, line
from summarizer.rendering.markdown import write_markdown
from summarizer.rendering.plain import write_plain
from summarizer.rendering.quotes import MOST_CHARS, shortened, shown_quotes
from summarizer.rendering.sections import PROPOSED
from summarizer.schemas.brief import Brief
from summarizer.schemas.evidence import Evidence
from summarizer.schemas.news import NewsDraft

MARKDOWN = """\
# Norland offers to reopen the strait
Norland Courier, 14 May 2031 · 1-minute read · made by a machine: check before use

Norland is ready to let Sudland's boats back in.

## Who
- **Ada Berg**, prime minister
- **Tomas Reyes**, fisheries minister
- **Sudland**
- **a harbour official** (not named)

## Who says what
- **Berg** offers to reopen the strait. “We will not stand in the way of honest trade”
- **Tomas Reyes**: The price is refused. “far too high”
- **A harbour official** (not named) says inspections cannot end before autumn.

## On the table
**Fishing accord** · in force · 40 million crowns a year

| gives | what |
|---|---|
| Sudland | 40 million crowns a year |

Also a party: Norland

## Not known
- When will it be signed? (undisclosed)

local/some-model · 58 s · 1,930 tokens in (1,210 cached), 402 out · 11 items checked, none dropped
"""

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# What an article would put in to be more than text, between words and next to one another.
# fmt: off
HOSTILE = st.lists(
    st.sampled_from([
        *"\\`*_[]()<>!#|~&-+=:;\"'{}$^@/.123 \t\n", "\r\n\r\n", "\n    ", "\n---\n", "\n===\n", "```", "~~", "**",
        "<script>", "</p>", "<!--", "<http://a.example>", "[a](http://b.example)", "![a](b)", "[a]: http://b.example",
        "&lt;", "&#60;", "|---|---|", "| a | b |", "1. ", "2) ", "- ", "# ", "> ", "\\", "\x1b[31m",
        "\x1b]8;;http://a.example\x07", "\u202e", "\u200b", "\u200d", "\u2028", "\x00", "\ud800", "word", "é", "“", "…",
    ]),
    max_size=12,
).map("".join)
# What begins a block of Markdown.
BLOCKS = [
    "- a", "+ a", "* a", "-", "---", "- - -", "===", "1. a", "2) a", "1.", "# a", "#", "> a", "```", "~~~", "<p>",
    "[a]: b",
]
# What newspapers write.
ORDINARY = [
    "It's a half-hearted “yes” – $4.5 million, 50% of GDP (or so).", "-5 degrees", "1.5 million",
    "R&D at Berg & Sons: up 5 < 6 > 4; 3-2, nos. 1 and 2!",
]
# A quote, and how it stands in its marks.
MARKED = [
    ("’tis “all” over", "“’tis “all” over”"), ("not “all is lost", "«not “all is lost»"), ('the "end', '«the "end»'),
    ("all” is not lost", "«all” is not lost»"), ("👩‍👩‍👧 می‌خواهم ❤️", "“👩‍👩‍👧 می‌خواهم ❤️”"),
]
# fmt: on
ANY_SPEED = settings(deadline=None)  # a machine that is busy with a model is slow


def tokens(markdown: str) -> list[str]:
    """The kinds of block and inline tokens of a Markdown text, in order, text left out."""
    blocks = PARSER.parse(markdown)
    return [inner.type for block in blocks for inner in (block, *(block.children or ())) if inner.type != "text"]


def texts(markdown: str) -> list[str]:
    """What a reader sees of each inline stretch of a Markdown text."""
    return [
        "".join(inner.content for inner in block.children or ()) for block in PARSER.parse(markdown) if block.children
    ]


def test_markdown_of_a_whole_brief_reads_as_designed() -> None:
    """The brief has its sections in order, names in bold, quotes in marks, and the account of its making at the end."""
    assert render(make(), "md") == MARKDOWN


def test_plain_text_says_the_same_without_marks() -> None:
    """Plain text has the words of the Markdown, underlined headings, and a table in columns."""
    text = render(make(), "text")
    assert text.startswith("Norland offers to reopen the strait\n===================================\nNorland Courier")
    assert "  gives    what\n  Sudland  40 million crowns a year\n" in text
    assert "**" not in text
    assert "\\" not in text


def test_json_is_the_contract_and_reads_back_as_the_brief() -> None:
    """JSON has the fields of brief/1 under their names, and is the same brief when it is read."""
    brief = make()
    assert render(brief, "json") == brief.model_dump_json(indent=2) + "\n"
    assert Brief.model_validate_json(render(brief, "json")) == brief


@ANY_SPEED
@given(HOSTILE)
def test_no_words_of_an_article_become_markup(words: str) -> None:
    """Whatever the words are, no link, image, HTML, code, rule or block appears that a brief of plain words lacks."""
    allowed = set("heading paragraph bullet_list list_item strong table thead tbody tr th td".split())  # noqa: SIM905
    markdown = render(hostile_brief(words), "md")
    assert {kind.removesuffix("_open").removesuffix("_close") for kind in tokens(markdown)} <= allowed | {"inline"}
    assert PARSER.parse(markdown)[0].type == "heading_open"
    assert tokens(markdown).count("heading_open") == 6
    assert tokens(markdown).count("table_open") == 1


@ANY_SPEED
@given(HOSTILE)
def test_a_markdown_reader_sees_the_very_words(words: str) -> None:
    """Escaping loses nothing and adds nothing: parsed again, the words are the cleaned ones, in every kind of block."""
    seen = clean(words).strip()
    plain, bold = line("x", words), line(Span(words, bold=True))
    for block in (Heading(2, line(words)), Paragraph(line(words)), Bullets((line(words),)), Paragraph(bold)):
        assert texts(write_markdown((block,))) == [seen] * bool(seen)
    assert texts(write_markdown((Table((plain, bold), ((bold, plain),)),)))[0] == f"x{clean(words)}".strip()


@pytest.mark.parametrize("start", BLOCKS)
def test_a_line_that_looks_like_a_block_is_a_line(start: str) -> None:
    """What begins a list, rule, heading, quotation, code or definition in Markdown is a paragraph of these words."""
    markdown = write_markdown((Paragraph(line(start)),))
    assert (tokens(markdown), texts(markdown)) == (["paragraph_open", "inline", "paragraph_close"], [start])


@ANY_SPEED
@given(HOSTILE | st.text(max_size=30))
def test_what_is_shown_is_on_one_line_and_steers_no_terminal(words: str) -> None:
    """Cleaned text has no control, direction or invisible character, and plain text has no line but its own."""
    cleaned = clean(words)
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(char) for char in cleaned}
    assert clean(cleaned) == cleaned
    assert write_plain((Paragraph(line(words)),)).count("\n") <= 1


def test_every_control_and_invisible_character_is_taken_out() -> None:
    """No control or format character is left, but joiners and the visible marks of some scripts."""
    visible = "\u200c\u200d\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    left = [
        char
        for code in (*range(0x3000), *range(0xF000, 0x10000), *range(0xE0000, 0xE0200))
        if unicodedata.category(char := chr(code)) in ("Cc", "Cf") and clean(char).strip() and char not in visible
    ]
    assert left == []


def test_escape_sequences_go_with_their_letters() -> None:
    """A colour or a link of a terminal leaves nothing behind, and one that does not end takes no words with it."""
    assert clean("a\x1b[1;31mb\x9b0mc\x1b]8;;http://x.example\x1b\\d\x1b]e") == "abcd]e"


@pytest.mark.parametrize("ordinary", ORDINARY)
def test_ordinary_text_gets_no_backslash(ordinary: str) -> None:
    """Typography, sums, signs and hyphens of newspapers stay as they are."""
    assert write_markdown((Paragraph(line(ordinary)),)) == f"{ordinary}\n"


def test_addresses_are_not_linked_by_github_either() -> None:
    """What GitHub links without brackets (addresses of the web and of mail) is held back."""
    assert write_markdown((Paragraph(line("http://a.example www.b.example c@d.example")),)) == (
        "http\\://a.example www\\.b.example c\\@d.example\n"
    )


@pytest.mark.parametrize("form", ["md", "text", "json"])
def test_lone_surrogates_can_be_written(form: str) -> None:
    """Half of a character, which no encoding has, ends no rendering, and JSON gives it back."""
    brief = with_article(text="Half \ud83d a sign", source="Half \ud83d")
    rendered = render(brief, form)  # type: ignore[arg-type]
    assert rendered.encode("utf-8")
    assert form != "json" or json.loads(rendered)["article"]["text"] == "Half \ud83d a sign"


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ("Ada Berg offers a deal.", "**Ada Berg** offers a deal."),
        ("Berg’s cabinet offers a deal.", "**Berg**’s cabinet offers a deal."),
        ("Prime Minister Ada Berg offers a deal.", "Prime Minister **Ada Berg** offers a deal."),
        ("The premier offers a deal", "**Ada Berg**: The premier offers a deal."),
        ("Sudland asks Berg for a deal.", "**Ada Berg**: Sudland asks Berg for a deal."),
        ("Bergson offers a deal.", "**Ada Berg**: Bergson offers a deal."),
        ("She offers a deal.", "**Ada Berg**: She offers a deal."),
    ],
)
def test_a_claim_names_its_actor_once_and_in_bold(claim: str, shown: str) -> None:
    """The name at the beginning of a claim is the bold one; only a claim without it gets the name put before."""
    brief = values()
    brief["positions"] = [brief["positions"][0] | {"claim": claim, "quotes": []}]
    brief["actors"][0]["aliases"] += ["She"]
    assert f"\n- {shown}\n" in render(make(**brief), "md")


@pytest.mark.parametrize(
    ("role", "affiliation", "shown"),
    [
        ("prime minister", "Norland", "prime minister, Norland"),
        ("Ada Berg, prime minister", "Prime Minister", "prime minister"),
        ("prime minister", "prime minister of Norland", "prime minister of Norland"),
        ("prime minister of Norland", "Norland", "prime minister of Norland"),
        ("Prime Minister Ada Berg", "Ada Berg", "Prime Minister"),
    ],
)
def test_who_somebody_is_is_said_once(role: str, affiliation: str, shown: str) -> None:
    """Neither the name nor what the role says already is repeated beside the name."""
    actor = values()["actors"][0] | {"role": role, "affiliation": affiliation}
    assert f"\n- **Ada Berg**, {shown}\n" in render(make(actors=[actor]), "md")


@pytest.mark.parametrize("form", ["md", "text"])
def test_whoever_is_not_named_is_marked_wherever_shown(form: Format) -> None:
    """A source or party without a name says so in every line: who, who says what, what is given, other parties."""
    bare, deal = values()["positions"][2], values()["deals"][0]
    positions = [bare, bare | {"claim": "It cannot end."}, bare | {"claim": "A harbour official’s view is no."}]
    terms = [{"party": party, "gives": "ice", "evidence": []} for party in ("a-harbour-official", "a pilot of Norland")]
    parties = ["sudland", "a-harbour-official", "an importer", "Norland", "nBoat"]
    brief = make(positions=positions, deals=[deal | {"parties": parties, "terms": terms}])
    shown = re.sub(" +", " ", re.sub(r"[*|]", "", render(brief, form)))
    for told in (
        "\n- a harbour official (not named)\n", "- A harbour official (not named) says inspections",
        "- a harbour official (not named): It cannot end.", "- A harbour official’s (not named) view is no.",
        "\n a harbour official (not named) ice", "\n a pilot of Norland (not named) ice",
        "Also parties: Sudland, an importer (not named), Norland and nBoat\n",
    ):  # fmt: skip
        assert told in shown
    assert [actor["named"] for actor in json.loads(render(brief, "json"))["actors"]] == [True, True, True, False]


def test_positions_of_one_actor_stand_together() -> None:
    """Positions are grouped by actor, in the order in which the actors come."""
    berg, reyes, official = values()["positions"]
    shown = render(make(positions=[berg, reyes, berg | {"claim": "Berg waits.", "quotes": []}, official]), "md")
    assert shown.index("**Berg** waits") < shown.index("The price is refused")


def test_an_actor_that_is_not_listed_is_shown_as_given() -> None:
    """A position whose actor is on no list does not fail."""
    assert "- **nobody**: The price is refused." in render(
        make(positions=[values()["positions"][1] | {"actor": "nobody", "quotes": []}]), "md"
    )


def test_the_two_longest_quotes_are_shown_in_the_order_of_the_article() -> None:
    """Of three quotes the shortest is only counted, one inside another is not; the comma before the mark goes."""
    words = ["far too high", "It has been a long spring.", "We will not stand in the way of honest trade,", "a long"]
    quotes = [Evidence.model_validate(span(each)) for each in words]
    assert shown_quotes(quotes) == [
        "“We will not stand in the way of honest trade”",
        "“It has been a long spring.”",
        "[+1 more]",
    ]


@pytest.mark.parametrize(("words", "shown"), MARKED)
def test_a_quote_keeps_its_characters_and_does_not_seem_to_end_early(words: str, shown: str) -> None:
    """Marks and joiners within a quote are the article's; a mark without a partner puts it in angle marks."""
    assert shown_quotes([Evidence(start=0, end=1, text=words)]) == [shown]


def test_a_long_quote_ends_with_a_sentence_and_says_that_it_was_cut() -> None:
    """A quote beyond the limit is cut after a sentence, and the sign for it stands outside the marks."""
    long = "This much is agreed between us all. " * 5 + "Whatever else " * 10
    position = values()["positions"][0] | {"quotes": [{"start": 0, "end": 1, "text": long}]}
    assert f"“{('This much is agreed between us all. ' * 5).strip()}” […]" in render(make(positions=[position]), "text")


@ANY_SPEED
@given(st.text(alphabet="ab,;.!? \n…", max_size=3 * MOST_CHARS))
def test_nothing_is_added_inside_quotation_marks(quote: str) -> None:
    """What is shown of a quote is a stretch of it, within the limit, and called whole only if no word is missing."""
    shown, whole = shortened(quote)
    assert shown in clean(quote)
    assert len(shown) <= MOST_CHARS
    assert not whole or clean(quote).strip().rstrip(",; ") == shown.rstrip(",; ")


def test_empty_sections_are_said_in_a_line_or_left_out() -> None:
    """A brief with no position and no deal says that none was found; what is not known is not mentioned."""
    shown = render(make(positions=[], deals=[], open_questions=[], actors=[], summary=[]), "md")
    assert "## Who says what\nNo position found in the article.\n" in shown
    assert "## On the table\nNo deal found in the article.\n" in shown
    assert "## Who\n" not in shown
    assert "Not known" not in shown


def test_a_section_that_the_checks_emptied_says_so() -> None:
    """Where all that was proposed was dropped, the brief does not say that the article has nothing."""
    places = ["quoted.0.quote", "quoted.0.claim", "reported.1", "again.quoted.0.quote", "deals.0.title"]
    audit = values()["audit"] | _findings(*(f"dropped quote {place}" for place in places))
    shown = render(make(positions=[], deals=[], audit=audit), "md")
    assert "## Who says what\nNone that passed the checks; 2 dropped, see the last line.\n" in shown
    assert "## On the table\nNone that passed the checks; 1 dropped, see the last line.\n" in shown
    assert {"quoted", "reported", "deals"} <= NewsDraft.model_fields.keys() & set(sum(PROPOSED.values(), ()))


def test_a_deal_without_terms_names_its_parties() -> None:
    """Parties are named below the title where no terms are shown; an id is shown as the name."""
    deal = values()["deals"][0] | {"terms": [], "value": None}
    assert "**Fishing accord** · in force\n\nNo terms shown. Parties: Sudland and Norland\n" in render(
        make(deals=[deal]), "md"
    )


def test_a_term_of_nobody_known_says_so() -> None:
    """Where the article does not say who gives, the table does not either."""
    deal = values()["deals"][0]
    assert "| not said | peace |" in render(
        make(deals=[deal | {"terms": [{"party": None, "gives": "peace", "evidence": []}]}]), "md"
    )


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({}, "1-minute read ·"),
        ({"source": None, "url": "https://news.example/a/b"}, "\nnews.example, 14 May 2031 ·"),
        ({"source": None, "url": "http://[bad"}, "\n14 May 2031 ·"),
        ({"published": "last Monday"}, "Norland Courier, last Monday ·"),
        ({"source": None, "published": None}, "\n1-minute read ·"),
        ({"source": None, "published": None, "title": "Strait open"}, "\nStrait open · 1-minute read ·"),
        ({"text": "word " * 714}, "3-minute read ·"),
        ({"warnings": ["read as Windows-1252"]}, "## Warnings\n- read as Windows-1252\n"),
    ],
)
def test_the_origin_of_the_article_is_told(fields: dict[str, object], shown: str) -> None:
    """Source or host, date, minutes and warnings are shown as far as they are known."""
    assert shown in render(with_article(**fields), "md")


def _findings(*told: str) -> dict[str, object]:
    """The field of an audit for findings written as "action gate path"; an underscore in a gate is a blank."""
    findings = []
    for action, gate, *path in map(str.split, told):
        verdict = "undecided" if action == "flagged" else "against"
        finding = {"gate": gate.replace("_", " "), "verdict": verdict, "action": action, "path": "".join(path)}
        findings.append(finding | {"text": "x", "reason": "y"})
    return {"findings": findings}


# fmt: off
ACCOUNTS: list[tuple[dict[str, object], str]] = [
    (_findings("dropped quote quoted.1.quote", "dropped length summary.0"),
     "13 items checked, 2 dropped: a quote that is not in the article; too many words\n"),
    (_findings("dropped number deals.0.title", "dropped number deals.0"),
     "12 items checked, 1 dropped: a number that the article does not give\n"),
    (_findings("dropped number deals.0", "dropped number deals.1"),
     "13 items checked, 2 dropped: a number that the article does not give (2)\n"),
    (_findings("dropped number quoted.0", "dropped form again.quoted.0", "dropped quote again.quoted.0"),
     "12 items checked, 1 dropped: a number that the article does not give\n"),
    (_findings("cut number again.deals.0.value", "cut number again.deals.0.terms.1.gives"),
     "11 items checked, none dropped · 2 details left out: a number that the article does not give (2)\n"),
    (_findings("cut name deals.0.title", "cut number deals.0.title"), "· 1 detail left out: a name that"),
    (_findings("repaired quote quoted.1"), "11 items checked, none dropped\n"),
    (_findings("flagged speaker quoted.1"), "· to check by hand: who spoke the words\n"),
    (_findings("flagged asking_again"), "· to check by hand: what failed could not be asked for again\n"),
    (_findings("dropped some_gate a.1"), "1 dropped: a check that is not described here\n"),
    (_findings("repaired headline"), "· 10 items checked, none dropped · the headline is in the article's own words\n"),
    ({"model": "x@127.0.0.1:39403"}, "\nx at 127.0.0.1:39403 · 58 s"),
    ({"model": "claude@20310101"}, "\nclaude\\@20310101 · 58 s"),
    ({"cost_usd": 0.00312, "seconds": 3.25}, "· 3.2 s · 1,930 tokens in (1,210 cached), 402 out · $0.0031 ·"),
    ({"cost_usd": 0.00001}, "· under $0.0001 ·"),
    ({"cost_usd": None, "usage": {}}, "· 0 tokens in, 0 out · 11 items"),
]
# fmt: on


@pytest.mark.parametrize(("fields", "shown"), ACCOUNTS)
def test_the_last_line_accounts_for_the_brief(fields: dict[str, object], shown: str) -> None:
    """Model, time, tokens, cost and what the checks took out stand in the last line, in words."""
    assert shown in render(with_audit(**fields), "md")


def test_every_gate_has_words_for_a_reader() -> None:
    """No name of a check is shown where a reason is meant: each has words."""
    from summarizer.grounding.review import POLICY

    assert POLICY.keys() | {"form"} <= REASONS.keys()


def test_the_example_holds_together() -> None:
    """The quotes of the example are stretches of its article, so the tests above show what real briefs look like."""
    brief = example_brief.make()
    spans = [quote for position in brief.positions for quote in position.quotes]
    assert all(brief.article.text[each.start : each.end] == each.text for each in spans)
