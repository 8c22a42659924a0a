"""The digest as a page for mail and as an Atom feed: hostile words stay words, and every reader can read them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import digest_example as example
import feedparser
import golden
import lxml.html
import pytest
from digest_example import Paper, who
from hypothesis import example as also
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from summarizer.digest import make_digest
from summarizer.rendering.digest import document_of_digest, parts_of_digest, render_digest, subject_of
from summarizer.rendering.document import Heading, Paragraph, Part, line
from summarizer.rendering.glance import preview_of
from summarizer.rendering.looks import DARK, LIGHT, sheet
from summarizer.rendering.page import LARGEST, write_page
from summarizer.schemas.article import Article
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Digest

ANY_SPEED = settings(deadline=None, max_examples=15)
SHOWN = ("h1", "h2", "h3", "p", "ul", "li", "a", "b", "th", "td", "table", "div")


def page(digest: Digest) -> Any:
    """The tree of its page."""
    return lxml.html.document_fromstring(render_digest(digest, "html"))


def feed(digest: Digest, address: str | None = None) -> Any:
    """Its feed as a reader of feeds has it, without a complaint."""
    read = feedparser.parse(render_digest(digest, "atom", address).encode("utf-8"))
    assert not read.bozo, read.get("bozo_exception")
    return read


def told_of(title: str, text: str, outlet: str = "Norland Courier", url: str | None = None) -> Brief:
    """A brief of which title, outlet, headline, summary, actor, deal and question are these words."""
    paper = Paper(outlet, "2031-05-14", title, f"{text}\n", url=url or "https://a.example/p?q=1&r=<b>")
    return paper.told(
        title,
        text,
        summary=[(title, text)],
        actors=[who("somebody", title, title)],
        positions=[paper.says("somebody", "claims", title, text, text)],
        deals=[paper.deal(title, [title], "agreed", [text], terms=[(title, title, text)], value=(title, None, None))],
        questions=[paper.asks(title, "unconfirmed", text)],
    )


def of_size(stories: int) -> Digest:
    """A digest with so many stories, those of the first day over and over."""
    day = golden.first_day()
    many = [day.stories[n % len(day.stories)].model_copy(update={"id": f"story-{n}"}) for n in range(stories)]
    return day.model_copy(update={"stories": tuple(many)})


# The page


def test_a_page_is_whole_in_itself() -> None:
    """No script, picture, form or frame, no event, no address in a style: only links lead out, to the articles."""
    for digest in (golden.first_day(), golden.second_day()):
        tree = page(digest)
        assert {element.tag for element in tree.iter(etree.Element)} <= {
            *("html", "head", "meta", "title", "style", "body", "thead", "tbody", "tr", "bdi"),
            *SHOWN,
        }
        names = {name for element in tree.iter(etree.Element) for name in element.attrib}
        assert not {name for name in names if name.startswith("on") or name in ("src", "background", "srcset")}
        assert "url(" not in render_digest(digest, "html")
        assert "@import" not in render_digest(digest, "html")
        urls = {article.url for story in digest.stories for article in story.articles}
        assert {a.get("href") for a in tree.iter("a") if "://" in a.get("href", "")} == urls


def test_every_element_has_its_look_in_itself() -> None:
    """With the sheet dropped, as programs of 2012 do, nothing that is shown is without a style of its own."""
    tree = page(golden.first_day())
    for element in tree.body.iter(*SHOWN):
        assert element.get("style") or element.get("name"), etree.tostring(element)[:200]


HOSTILE = (
    *("<script>alert(1)</script>", "<img src=x onerror=y>", '" onclick="x', "'><b>", "&lt;i&gt;", "]]>", "<!--", "-->"),
    *("javascript:x", "</style>", "</td></table>", "\x1b[31m", "\u202e", "\u200b", "\x00", "\x0b", "\ufffe", "\ud800"),
    *("<![CDATA[", "<?xml?>", "<![endif]-->", "{color:red}"),
)


@ANY_SPEED
@given(st.lists(st.sampled_from([*HOSTILE, "word", " ", "“", "”"]), min_size=1, max_size=6))
@also(list(HOSTILE))
def test_hostile_words_stay_words_on_the_page_and_in_the_feed(parts: list[str]) -> None:
    """Whatever an article is called and says, the page has the same elements and links, and the feed can be read."""
    words = "".join(parts)
    digest = make_digest([], stories=[[told_of(f"T {words} t", f"Begin {words} end", outlet=f"O {words}")]])
    plain = make_digest([], stories=[[told_of("T t", "Begin end", outlet="O")]])
    tree, usual = page(digest), page(plain)
    assert {e.tag for e in tree.iter(etree.Element)} == {e.tag for e in usual.iter(etree.Element)}
    assert {name for e in tree.iter(etree.Element) for name in e.attrib} == {
        name for e in usual.iter(etree.Element) for name in e.attrib
    }
    assert {a.get("href") for a in tree.iter("a")} - {None} == {"https://a.example/p?q=1&r=%3Cb%3E"}
    shown = tree.text_content()
    assert not set(shown) & set("\u202e\u200b\x00\x0b\x1b\ufffe\ud800")
    (entry,) = feed(digest).entries
    content = lxml.html.fragment_fromstring(entry.content[0].value, create_parent="div")
    assert not {"script", "img", "style"} & {e.tag for e in content.iter(etree.Element)}
    assert {link.href for link in entry.links} == {"https://a.example/p?q=1&r=%3Cb%3E"}
    assert "\n" not in subject_of(digest)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://courier.example@evil.example/"])
def test_what_is_no_address_of_the_web_is_no_link(url: str) -> None:
    """The article is named, and leads nowhere, on the page and in the feed."""
    digest = make_digest([], stories=[[told_of("Title", "Some words.", url=url)]])
    assert not [a for a in page(digest).iter("a") if a.get("href")]
    assert not feed(digest).entries[0].get("links")


def test_no_word_of_the_document_is_lost_on_the_page() -> None:
    """Each block of the common document stands on the page with all its words."""
    for digest in (golden.first_day(), golden.second_day()):
        shown = " ".join(page(digest).text_content().split())
        for block in document_of_digest(digest):
            match block:
                case Heading():
                    lines = [block.line]
                case _:
                    lines = list(getattr(block, "lines", ())) or [getattr(block, "line", ())]
            for each in lines:
                assert " ".join("".join(span.text for span in each).split()) in shown


def test_stories_are_listed_and_lead_to_their_headings_from_four_on() -> None:
    """Each entry of the list leads to a heading; three stories need none."""
    tree = page(golden.first_day())
    targets = [a.get("href")[1:] for a in tree.iter("a") if a.get("href", "").startswith("#")]
    assert targets == [f"story-{n}" for n in range(1, 6)]
    assert [a.getparent().tag for to in targets for a in tree.xpath(f"//a[@name='{to}' and @id='{to}']")] == ["h2"] * 5
    assert not [a for a in page(of_size(3)).iter("a") if a.get("href", "").startswith("#")]


def test_contradictions_are_boxed_and_their_words_bold() -> None:
    """A box with a bar that print keeps holds them, and the figures that differ stand out in it."""
    (box, *_) = page(golden.first_day()).xpath("//td[contains(@style, 'border-left:8px solid')]")
    assert "Sources disagree" in box.text_content()
    bold = {b.text_content() for b in box.iter("b")}
    assert {"40 million crowns", "60 million crowns", "signed", "negotiating", "5 June", "2 June"} <= bold


def test_a_mail_program_shows_the_first_story_and_the_contradictions_beside_the_subject() -> None:
    """The first text of the body is hidden on the page and tells both."""
    first = next(page(golden.first_day()).body.iter("div"))
    assert "display:none" in first.get("style")
    assert first.text_content() == preview_of(golden.first_day())
    assert "Norland offers to reopen the strait to Sudland's boats · 8 contradictions · then: Council" in first.text


# Who reads it


def test_headings_are_in_order_and_tables_say_what_they_are() -> None:
    """One h1, no level is skipped; a table is for layout, or has headers with a scope; the language is told."""
    for digest in (golden.first_day(), golden.second_day(), make_digest([], stories=[])):
        tree = page(digest)
        assert tree.get("lang") == "en"
        assert tree.find("head/meta").get("charset") == "utf-8"
        levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        for table in tree.iter("table"):
            if table.get("role") != "presentation":
                assert {th.get("scope") for th in table.iter("th")} == {"col", "row"}
            else:
                assert not table.xpath("./tr/th|./thead|./tbody/tr/th")


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours (WCAG 2.2)."""
    lower, higher = sorted((luminance(one), luminance(other)))
    return (higher + 0.05) / (lower + 0.05)


def in_force(element: Any, name: str, dark: dict[str, dict[str, str]]) -> str:
    """The colour in force on an element: of the dark rules, else its own, else of what it stands in."""
    for each in (element, *element.iterancestors()):
        own = dict(rule.split(":", 1) for rule in each.get("style", "").split(";") if rule)
        for key in each.get("class", "").split():
            own |= dark.get(key, {})
        if name in own:
            return own[name]
    raise AssertionError(f"no {name}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_a_contrast_of_four_and_a_half(scheme: str) -> None:
    """Each piece of text against what is behind it, as both schemes have it."""
    rules = re.findall(r"\.(\w+)\{([^}]*)\}", sheet())
    dark = {name: dict(r.replace("!important", "").split(":", 1) for r in body.split(";")) for name, body in rules}
    used = set()
    for element in page(golden.first_day()).body.iter(etree.Element):
        texts = [element.text, *(child.tail for child in element)]
        if any((text or "").strip() for text in texts) and "display:none" not in element.get("style", ""):
            pair = [in_force(element, name, dark if scheme == "dark" else {}) for name in ("color", "background-color")]
            assert contrast(*pair) >= 4.5, (pair, element.text)
            used |= set(pair)
    expected = LIGHT if scheme == "light" else DARK
    assert {expected.text, expected.quiet, expected.link, expected.warning, expected.card, expected.box} <= used


def test_a_bare_page_in_a_dark_program_keeps_its_own_ground() -> None:
    """Text and ground are set together, so a program that drops the sheet and paints its own ground hides nothing."""
    tree = page(golden.first_day())
    for element in tree.body.iter("h1", "h2", "h3", "p", "li", "td", "th"):
        assert in_force(element, "background-color", {}).startswith("#")


def test_words_from_right_to_left_begin_at_the_right_and_reorder_nothing() -> None:
    """Such lines have their direction, lists of them their marks, and such words in other lines are apart."""
    text = "قال رئيس الوزراء إن 40 مليون كرونة ستدفع كل عام."
    digest = make_digest([], stories=[[told_of("نورلاند تعرض فتح المضيق", text, outlet="صحيفة")], example.fire()])
    tree = page(digest)
    headings = list(tree.iter("h2"))
    assert [h.get("dir") for h in headings] == [None, "rtl"]
    assert "text-align:right" in headings[1].get("style")
    assert all("padding:0 20px" in li.getparent().get("style") for li in tree.iter("li") if li.get("dir") == "rtl")
    assert {e.getparent().tag for e in tree.iter("bdi")} >= {"h2", "li", "a"}


# Its size


def sections(tree: Any) -> list[list[str]]:
    """The lower headings of each story on a page."""
    found: list[list[str]] = []
    for heading in tree.iter("h2", "h3"):
        if heading.tag == "h2":
            found.append([])
        else:
            found[-1].append(heading.text_content().partition(":")[0])
    return found


@pytest.mark.parametrize("stories", [12, 30, 120, 700])
def test_a_page_is_never_cut_by_a_mail_program(stories: int) -> None:
    """Under 102,000 bytes: the last stories lose their lower parts first, then go; both are said and counted."""
    text = render_digest(of_size(stories), "html")
    assert LARGEST * 0.9 < len(text.encode("utf-8")) < LARGEST or stories == 12
    tree = lxml.html.document_fromstring(text)
    shown = sections(tree)
    lengths = [len(each) for each in shown[:: len(golden.first_day().stories)]]
    assert lengths == sorted(lengths, reverse=True)
    told = tree.text_content()
    if "For room" in told:
        gone = re.search(r"the last (\d+) stor", told)
        assert len(shown) == stories - (int(gone[1]) if gone else 0)
    else:
        assert len(shown) == stories
    notes = [p for p in tree.iter("p") if p.text_content().startswith("Left out for room: ")]
    part = re.search(r"For room, (\d+) stor", told)
    assert len(notes) == (int(part[1]) if part and "told in part" in told else 0)
    there = {a.get("id") for a in tree.iter("a")}
    assert all(a.get("href")[1:] in there for a in tree.iter("a") if a.get("href", "").startswith("#"))


def test_contradictions_are_the_last_that_a_story_loses() -> None:
    """Of thirty stories each that has contradictions still shows them."""
    shown = sections(page(of_size(30)))
    assert [bool(each) and each[0] == "Sources disagree" for each in shown] == [
        bool(story.disagreements) for story in of_size(30).stories
    ]


def test_the_list_leads_to_no_story_that_is_left_out() -> None:
    """Where something of the page's own takes the room, a listed story that has gone is named without a link."""
    first, *others = parts_of_digest(golden.first_day())
    long = Part(tuple(Paragraph(line("word " * 950)) for _ in range(20)))
    tree = lxml.html.document_fromstring(write_page(golden.first_day(), [first, long, *others]))
    assert len(list(tree.iter("h2"))) < 5
    assert "5 · Museum guards strike in Esk" in tree.find(".//ul").text_content()
    there = {a.get("id") for a in tree.iter("a")}
    assert all(a.get("href")[1:] in there for a in tree.iter("a") if a.get("href", "").startswith("#"))


def test_of_many_notes_the_first_are_shown_and_the_others_counted() -> None:
    """A thousand things that were left out take no room from the stories."""
    digest = golden.first_day().model_copy(update={"notes": tuple(f"note {n} " + "w " * 500 for n in range(1000))})
    text = render_digest(digest, "html")
    assert len(text.encode("utf-8")) < LARGEST
    assert "and 980 more, in the JSON" in text


def test_long_titles_and_names_are_cut_and_can_be_broken() -> None:
    """A title of ten thousand letters is no page of its own."""
    long = "W" * 10_000
    digest = make_digest([], stories=[[told_of(long, "Some words.", outlet=long)]])
    tree = page(digest)
    assert len(tree.find(".//h2").text_content()) < 220
    assert all(len(a.text_content()) <= 160 for a in tree.iter("a"))
    assert len(subject_of(digest)) < 120
    assert "table-layout:fixed" in tree.find(".//table").get("style")
    assert len(feed(digest).entries[0].title) <= 200


# Days with little in them


def test_an_empty_day_one_article_and_one_source_are_pages_and_feeds() -> None:
    """They say what they are, and both can be read."""
    empty = make_digest([], stories=[])
    assert "Nothing to report" in page(empty).body.text_content()
    assert feed(empty).entries == []
    one = make_digest([], stories=[[example.school_courier()]])
    assert "One article from one source" in page(one).text_content()
    assert len(feed(one).entries) == 1


def test_sources_that_say_the_same_share_a_line() -> None:
    """Of thirty papers three are told with their words for each value, the others are named or counted."""
    briefs = []
    for number in range(30):
        hurt, own = (14, 19)[number % 2], " ".join(f"Street{number * 40 + n} was full of smoke." for n in range(30))
        lead, sale = (
            f"{hurt} workers were injured in the fire at the plant.",
            "Korvin Foods sold the plant for 20 crowns.",
        )
        paper = Paper(f"Paper {number}", "2031-05-14", f"Fire {number}", f"{lead} {sale}\n{own}\n")
        deal = paper.deal("Sale of the plant", ["Korvin Foods", "Velm Rail"], "agreed", [sale])
        briefs.append(paper.told(lead, lead, summary=[(lead, lead)], deals=[deal]))
    digest = make_digest([], stories=[briefs])
    tree = page(digest)
    (box,) = tree.xpath("//td[contains(@style, 'border-left:8px solid')]")
    lines = [li.text_content() for li in box.iter("li")]
    assert len(lines) == 8
    assert [line.endswith("and 8 others") for line in lines].count(True) == 2
    assert len(tree.xpath("//table[not(@role)]/tbody/tr")) == 1


# The feed


def test_a_feed_reads_back_as_the_digest() -> None:
    """An entry a story, with its title, its day, its articles, its words and its own id."""
    digest = golden.first_day()
    read = feed(digest, "https://digest.example/feed.atom")
    assert [entry.title for entry in read.entries] == [story.headline.text for story in digest.stories]
    for entry, story in zip(read.entries, digest.stories, strict=True):
        newest = max(article.published or "" for article in story.articles)
        assert entry.updated == f"{newest}T00:00:00Z"
        assert [link.href for link in entry.links] == [article.url for article in story.articles]
        assert {link.rel for link in entry.links} <= {"via", "related"}
        assert story.summary[0].text in entry.summary
        shown = lxml.html.fragment_fromstring(entry.content[0].value, create_parent="div")
        assert all(each.text in shown.text_content() for each in story.summary)
        assert entry.content[0].type == "text/html"
        assert not shown.xpath("//*[@style or @class]")
    assert len({entry.id for entry in read.entries}) == len(digest.stories)
    assert all(entry.id.startswith("urn:uuid:") for entry in read.entries)
    assert read.feed.updated == "2031-05-14T00:00:00Z"
    assert read.feed.author == "summarizer"
    assert [link.href for link in read.feed.links if link.rel == "self"] == ["https://digest.example/feed.atom"]


def test_a_story_that_goes_on_keeps_the_id_of_its_entry_and_is_newer() -> None:
    """What is read today under an id is read tomorrow under the same, updated; so is the feed at one address."""
    first, second = golden.first_day(), golden.second_day()
    ids = {story.id for story in first.stories} & {story.id for story in second.stories}
    assert ids
    entries = [
        {story.id: entry for story, entry in zip(day.stories, feed(day).entries, strict=True)}
        for day in (first, second)
    ]
    for each in ids:
        assert entries[0][each].id == entries[1][each].id
        assert entries[0][each].updated < entries[1][each].updated
    address = "https://digest.example/feed.atom"
    assert feed(first, address).feed.id == feed(second, address).feed.id
    assert feed(first).feed.id != feed(second).feed.id


def test_a_feed_has_no_self_link_without_an_address_of_the_web() -> None:
    """Neither none nor one that is none makes a link."""
    for address in (None, "javascript:x"):
        assert not feed(golden.first_day(), address).feed.get("links")


def test_a_story_without_a_day_has_one_in_the_feed_all_the_same() -> None:
    """Atom wants a day: that of the digest stands for it, else the first of all days; never the clock's."""
    paper = Paper("Norland Courier", None, "Title", "Some words.\n")
    undated = paper.told("Some words", "Some words.")
    assert feed(make_digest([], stories=[[undated]])).entries[0].updated == "1970-01-01T00:00:00Z"
    read = feed(make_digest([], stories=[[undated], example.fire()]))
    assert {entry.updated for entry in read.entries} == {"2031-05-14T00:00:00Z"}


def test_copies_are_related_and_no_source() -> None:
    """A copy of a wire report is linked as what it is."""
    wire = example.fire_courier()
    told = wire.article.model_dump(include={"title", "source", "published"})
    article = Article(text=f"{wire.article.text}Also here.\n", url="https://c.example/1", **told)
    copy = wire.model_copy(update={"article": article})
    digest = make_digest([], stories=[[wire, copy]], copies={article.id: wire.article.id})
    rels = {link.href: link.rel for link in feed(digest).entries[0].links}
    assert rels["https://c.example/1"] == "related"
    assert list(rels.values()).count("via") == 1


# Its subject, and its bytes


def test_the_subject_tells_the_day_the_first_story_and_the_counts() -> None:
    """On one line, whatever the headline is; a headline that is disputed is said to be."""
    assert subject_of(golden.first_day()) == (
        "14 May: Norland offers to reopen the strait to Sudland's boats; 5 stories, 8 contradictions"
    )
    assert subject_of(make_digest([], stories=[])) == "Nothing to report"
    one = make_digest([], stories=[[example.school_courier()]])
    assert subject_of(one) == "14 May: Berg opens school in Marl; 1 story, no contradiction"
    story = one.stories[0]
    headline = story.headline.model_copy(update={"text": "A\r\nBcc: x@y.example\u202e", "disputed": True})
    forged = one.model_copy(update={"stories": (story.model_copy(update={"headline": headline}),)})
    assert subject_of(forged) == "14 May: A Bcc: x@y.example (disputed); 1 story, no contradiction"


def test_pages_and_feeds_have_no_clock() -> None:
    """Another process under another hash seed and at another time zone writes them byte for byte the same."""
    script = (
        "import sys, json, golden; from summarizer.rendering.digest import render_digest as r;"
        "print(json.dumps([r(golden.second_day(), f) for f in ('html', 'atom')]))"
    )
    path = ":".join([str(golden.FOLDER.parent), *sys.path])
    env = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, check=True)
    assert json.loads(run.stdout) == [render_digest(golden.second_day(), form) for form in ("html", "atom")]


def elements_of(text: str) -> Iterator[Any]:
    """Every element of a feed."""
    yield from etree.fromstring(text.encode("utf-8")).iter(etree.Element)


def test_a_feed_has_what_the_format_wants() -> None:
    """RFC 4287: id, title and updated once in the feed and in each entry, an author, and no unknown element."""
    known = {"feed", "entry", "title", "subtitle", "id", "updated", "author", "name", "link", "summary", "content"}
    text = render_digest(golden.first_day(), "atom")
    assert {element.tag for element in elements_of(text)} == {f"{{http://www.w3.org/2005/Atom}}{tag}" for tag in known}
    for holder in elements_of(text):
        if holder.tag.endswith(("}feed", "}entry")):
            tags = [child.tag.partition("}")[2] for child in holder]
            assert [tags.count(each) for each in ("id", "title", "updated")] == [1, 1, 1]


def test_who_says_what_says_nothing_twice() -> None:
    """A claim that is the quotation itself is not followed by it, and an office stands where one is first named."""
    said = "“The wall will hold for years,” Mayor Lena Moss said."
    second = "“It will cost nothing,” she said."
    paper = Paper("Courier", "2031-05-14", "Wall", f"{said} {second}\n")
    quote = "“The wall will hold for years,”"
    positions = [
        paper.says("lena-moss", "claims", "Moss: “The wall will hold for years,”", said, quote[1:-1]),
        paper.says("lena-moss", "claims", "Moss says it costs nothing.", second, "It will cost nothing,"),
    ]
    brief = paper.told("Moss on the wall", said, actors=[who("lena-moss", "Lena Moss", "mayor")], positions=positions)
    text = render_digest(make_digest([], stories=[[brief]]), "text").partition("Who says what")[2]
    assert text.count("The wall will hold for years") == 1
    assert "“It will cost nothing" in text
    assert text.count(", mayor:") == 1


def test_notices_never_take_the_room_of_the_stories() -> None:
    """However many corrections, kills and notes there are, and however long, the page stays small enough."""
    digest = golden.revised_day()
    correction = digest.corrections[0].model_copy(
        update={"title": "𝔘" * 400, "outlet": "𝔘" * 90, "url": "https://esk.example/" + "a" * 1900}
    )
    withdrawn = digest.withdrawn[0].model_copy(update={"title": "𝔘" * 400, "outlet": "𝔘" * 90})
    more = {"corrections": (correction,) * 30, "withdrawn": (withdrawn,) * 30, "notes": ("𝔘" * 400,) * 40}
    page = render_digest(digest.model_copy(update=more), "html")
    assert len(page.encode()) < LARGEST
    assert "Norland offers to reopen the strait" in page.partition("<body")[2]


def test_a_date_of_a_mail_is_read_as_one() -> None:
    """A feed's date such as “Mon, 12 May 2031 10:00:00 GMT” is a day on the page, and when the entry was updated."""
    paper = Paper("Courier", "Mon, 12 May 2031 10:00:00 GMT", "Wall", "The wall of Esk will hold.\n")
    later = Paper("Herald", "2031-05-14", "Fair", "A fair opened at the harbour of Marl.\n")
    briefs = [paper.told("Wall holds", "The wall of Esk will hold."), later.told("Fair", "A fair opened")]
    digest = make_digest([], stories=[[brief] for brief in briefs])
    assert "Courier, 12 May 2031" in render_digest(digest, "text")
    assert "<updated>2031-05-12T00:00:00Z" in render_digest(digest, "atom")
