"""What is killed or under embargo is never in a digest, and what is corrected stands first in it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import digest_example as days
import notices_example as example
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from notices_example import bare, kill, revised

from summarizer import Store
from summarizer.digest import make_digest
from summarizer.digest.notices import NoticeKind, notices_of, search_of
from summarizer.digest.release import release_of
from summarizer.errors import ArticleEmpty, ConfigurationError
from summarizer.rendering import Format
from summarizer.rendering.digest import render_digest
from summarizer.schemas.article import Article
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Digest, Source
from summarizer.store import Digests

FORMATS: tuple[Format, ...] = ("md", "text", "json")
BODY = "\n\n".join(["", "Esk met.", "It voted for the tram.", "Mayor Moss spoke.", "The vote took long.", "It rained."])

# fmt: off
NOTICES = [
    # (kind, title, text)
    ("kill", "KILL: Mayor of Esk arrested", "Editors, please disregard the story on the mayor."),
    ("kill", "BC-EU--Norland-Strait, KILL", "The story moved at 10:00 is withdrawn."),
    ("kill", "BC-EU--Norland-Strait-KILL", "It was wrong."),
    ("kill", None, "BULLETIN KILL\n\nEditors: please kill the story slugged NORLAND-STRAIT."),
    ("kill", None, "MANDATORY KILL. The story BC-EU--Norland-Strait is libellous." + BODY),
    ("kill", None, "EDITORS: Please disregard the story headlined “Mayor arrested”. A substitute follows."),
    ("kill", "Mayor arrested", f"x{BODY}\n\nThis story has been withdrawn."),
    ("kill", "Mayor arrested", "This article has been retracted." + BODY),
    ("kill", "Mayor arrested", "The Esk Wire has withdrawn its story about the mayor."),
    ("kill", None, "Achtung Redaktionen: Bitte die Meldung „Bürgermeisterin verhaftet“ nicht verwenden."),
    ("kill", None, "Diese Meldung wird hiermit zurückgezogen."),
    ("kill", None, "Cette dépêche est annulée."),
    ("kill", "ANNULATION : Maire arrêtée", "Prière d’annuler la dépêche."),
    ("kill", None, "Esta noticia ha sido anulada."),
    ("embargo", None, "EMBARGOED UNTIL 00:01 14 May 2031" + BODY),
    ("embargo", None, "STRICTLY EMBARGOED until 6 p.m. on Tuesday" + BODY),
    ("embargo", None, "Not for publication before 14 May 2031" + BODY),
    ("embargo", None, "HOLD FOR RELEASE Monday 14 May, 10 a.m." + BODY),
    ("embargo", "Norland budget (embargoed until 14 May)", "x" + BODY),
    ("embargo", None, "EMBARGO\n\n00:01 GMT, 14 May 2031" + BODY),
    ("embargo", None, "FOR RELEASE AT 10:00 ON 14 MAY 2031" + BODY),
    ("embargo", None, "Check against delivery. Embargo: not for release before Thursday, 6 pm" + BODY),
    ("embargo", None, "This report is under embargo until 00:01 on Friday 16 May 2031." + BODY),
    ("embargo", None, "Sperrfrist: 14. Mai 2031, 6 Uhr" + BODY),
    ("embargo", None, "Sous embargo jusqu’au 14 mai 2031 à 6h00" + BODY),
    ("embargo", None, "Embargado hasta el 14 de mayo de 2031 a las 10:00" + BODY),
    ("withhold", None, "WITHHOLD NORLAND-STRAIT" + BODY),
    ("correction", "CORRECTED-UPDATE 2-Norland reopens strait", "x" + BODY),
    ("correction", "UPDATE 1-CORRECTED-Norland cuts rates", "x" + BODY),
    ("correction", None, "(This May 13 story corrects paragraph 2 to say 14, not 19)" + BODY),
    ("correction", "Correction: Norland-Strait story", "In a story May 3 it was reported erroneously that 14 died."),
    ("correction", None, "(Corrects spelling of Halvik in paragraph 3)" + BODY),
    ("correction", None, f"x{BODY}\n\nCorrection: An earlier version of this article said 19 workers."),
    ("correction", None, f"x{BODY}\n\nThis article was amended on 3 May 2031 because it gave a wrong name."),
    ("correction", None, f"x{BODY}\n\nCORRECTION\n\nThe toll is 12."),
    ("correction", None, f"x{BODY}\n\nDue to an editing error, an earlier version of this story misstated the toll."),
    ("correction", None, f"x{BODY}\n\nClarification: The mayor was not at the meeting."),
    ("correction", None, f"x{BODY}\n\nIn einer früheren Fassung dieses Artikels hieß es, 19 seien verletzt."),
    ("correction", None, f"x{BODY}\n\nRectificatif : le pont a coûté 3 millions."),
    ("correction", None, f"x{BODY}\n\nUna versión anterior de esta noticia decía 19."),
]
NO_NOTICES = [
    ("EU embargo until 2030 on arms", "The EU embargo until 2030 on arms was agreed."),
    ("Embargo until 2030 on arms agreed", "Embargo until 2030 on arms was agreed."),
    ("Embargo until 14 May on Sudland fish, ministers say", "Ministers agreed."),
    ("Embargo: how Norland starves", "Under embargo for ten years, Norland starves."),
    ("EMBARGO ON OIL EXTENDED", "EMBARGO ON OIL was extended."),
    ("Prisoner up for release", "Not for release before 2035, the killer stays in prison."),
    ("Release date set", "For release on 14 May, the film needs a licence."),
    ("For immediate release", "FOR IMMEDIATE RELEASE\n\nThe ministry says yes."),
    ("Sperrfrist für Anleger endet", "Die Sperrfrist für Anleger endet am 14. Mai."),
    ("El embargo hasta 2030", "El embargo hasta 2030 sobre las armas fue acordado."),
    ("Kill the bill, crowd shouts", "Kill the bill, the crowd shouted."),
    ("KILL THE BILL: thousands march", "“Kill the bill,” they said."),
    ("KILL – the film of the year", "The film by Orrin Velm has 14 songs and three acts."),
    ("Kill: a review", "Kill: the film is long and loud."),
    ("Herald withdraws story on mayor", "The Marl Herald has withdrawn its story about the mayor, its editor said."),
    ("Journal retracts study", "The article was retracted by the journal on Monday."),
    ("Withdrawn: the troops that left", "The troops were withdrawn."),
    ("Rats", "Please kill the rats, the mayor said."),
    ("Correction in stock prices", "A correction in stock prices took the Esk index down."),
    ("CORRECTION IN STOCK PRICES HITS ESK", "Shares fell."),
    ("Correction: markets wobble in Esk", "Shares fell in Esk on Monday."),
    ("Corrections officers strike", "Corrections officers struck."),
    ("Bill", f"x{BODY}\n\nAn earlier version of the bill was withdrawn."),
    ("River", f"x{BODY}\n\nThe correction of the river began in May."),
    ("Korrektur an der Börse", "Die Korrektur an der Börse dauerte an."),
    ("Words", f"One.\n\nTwo.\n\nThree.\n\nFour.\n\nEMBARGOED UNTIL 14 May 2031, a stamp in the archive says.{BODY}"),
]
# fmt: on


@pytest.mark.parametrize(("kind", "title", "text"), NOTICES)
def test_a_notice_is_known_where_it_stands_as_one(kind: str, title: str | None, text: str) -> None:
    """In the title or slug line, in the first lines, or as a last paragraph of its own."""
    assert {each.kind for each in notices_of(Article(title=title, text=text, source="Esk Wire"))} == {kind}


def test_a_store_finds_every_article_that_can_have_a_notice(tmp_path: Path) -> None:
    """By its words: the kills and embargoes of other days are looked for among them alone."""
    with Store(tmp_path / "s.db") as store:
        for number, (_, title, text) in enumerate(NOTICES):
            article = Article(title=title, text=f"{text}\n\nIt is {number}.", source=str(number))
            store.keep_failure(str(number), article, ArticleEmpty("nothing to brief", "look at it"))
        kinds: tuple[NoticeKind, ...] = ("kill", "embargo", "withhold")
        for kind in kinds:
            found = {each.article.source for each in Digests(store).articles(0, search_of(kind))}
            assert {str(n) for n, (is_of, _, _) in enumerate(NOTICES) if is_of == kind} <= found
            assert len(found) < len(NOTICES) / 2


@pytest.mark.parametrize(("title", "text"), NO_NOTICES)
def test_a_story_about_such_a_thing_is_no_notice(title: str, text: str) -> None:
    """An embargo on arms, a bill to be killed, a correction of prices, another paper's retraction."""
    assert notices_of(Article(title=title, text=text, source="Esk Wire")) == ()


@pytest.mark.parametrize(
    ("words", "published", "over"),
    [
        ("EMBARGOED UNTIL 00:01 14 May 2031", None, "2031-05-14T00:01Z"),
        ("EMBARGOED UNTIL 00:01 BST TUESDAY 14 MAY 2031", None, "2031-05-13T23:01Z"),
        ("EMBARGOED UNTIL 00:01 14 May 2031", "2031-05-13T09:00:00+02:00", "2031-05-13T22:01Z"),
        ("Embargoed until 2031-05-14T06:00+02:00", None, "2031-05-14T04:00Z"),
        ("Embargoed until noon EDT on May 14", "2031-05-12", "2031-05-14T16:00Z"),
        ("Not for publication before 14 May 2031", None, "2031-05-15T00:00Z"),
        ("Embargoed until midnight on 14 May 2031", None, "2031-05-15T00:00Z"),
        ("Embargoed until 5/6/2031", None, "2031-06-06T00:00Z"),
        ("STRICTLY EMBARGOED until 6 p.m. on Tuesday", "2031-05-14", "2031-05-20T18:00Z"),
        ("Under embargo until 6 pm", "2031-05-14", "2031-05-15T18:00Z"),
        ("Sperrfrist: 14. Mai 2031, 6 Uhr", None, "2031-05-14T06:00Z"),
        ("EMBARGOED UNTIL 00:01 GMT: Duke Otto resigns on 20 May 2029", "2031-05-13", "2031-05-14T00:01Z"),
        ("EMBARGOED UNTIL 14 May 2031. On 1 May 2030 the council met", None, "2031-05-15T00:00Z"),
        ("EMBARGOED UNTIL FURTHER NOTICE", "2031-05-14", None),
        ("Embargoed until 31 February 2031", None, None),
        ("Embargoed until 14 May", None, None),
    ],
)
def test_the_end_of_an_embargo_is_read_or_said_not_to_be_known(words: str, published: str | None, over: str) -> None:
    """What can be read in two ways is the later; what is not said is told by the day of publication, or not at all."""
    (notice,) = notices_of(Article(text=words + BODY, published=published))
    assert release_of(notice.words, notice.label, published) == (datetime.fromisoformat(over) if over else None)


# What is out


def titles(digest: Digest) -> set[str]:
    return {article.title or "" for story in digest.stories for article in story.articles}


STRIKE = bare("Marl Herald", "Museum guards walk out in Esk", "Guards of the Esk museum went on strike over shifts.\n")


@pytest.mark.parametrize(
    "notice",
    [
        kill(),
        Article(text="BULLETIN KILL", title="BC-Museum-Strike, KILL", source="Marl Herald", url=STRIKE.article.url),
        Article(text="EDITORS: kill the story “Museum guards walk out in Esk”.", source="Marl Herald"),
    ],
)
def test_a_kill_takes_the_story_out_and_is_told_by_its_title(notice: Article) -> None:
    """By the address or by the headline that it names; the kill is no story."""
    digest = make_digest([STRIKE, *days.fire()], notices=[notice])
    assert STRIKE.article.title not in titles(digest)
    assert [(each.title, each.outlet) for each in digest.withdrawn] == [
        ("Museum guards walk out in Esk", "Marl Herald")
    ]
    assert "- Museum guards walk out in Esk, Marl Herald\n" in render_digest(digest, "text")
    assert "went on strike" not in render_digest(digest, "json")


def test_a_kill_by_slug_takes_out_the_agency_s_story_and_its_copies() -> None:
    """The story of the same slug goes, and so does the paper that has its words without slug or notice."""
    words = " ".join(f"word{number}" for number in range(60))
    wire = bare("Esk Wire", "Mayor", f"BC-EU--Esk-Mayor, 1st Ld\n{words}.\n", url="https://eskwire.example/1")
    paper = bare("Tarn Post", "Mayor of Esk held", f"{words}. More.\n")
    notice = Article(text="It was wrong.", title="BC-EU--Esk-Mayor, KILL", source="Esk Wire", published="2031-05-14")
    digest = make_digest([wire, paper], notices=[notice])
    assert not digest.stories
    assert [(each.title, each.why) for each in digest.withdrawn] == [
        ("Mayor", "version"),
        ("Mayor of Esk held", "copy"),
    ]


@pytest.mark.parametrize(("published", "stays"), [("2031-05-12", False), ("2031-05-11", True), ("2031-04-14", True)])
def test_a_kill_by_slug_binds_what_moved_within_two_days(published: str, stays: bool) -> None:
    """Agencies use the name of a story again: what had it last week is another story."""
    wire = bare("Esk Wire", "Mayor", "BC-EU--Esk-Mayor, 1st Ld\nThe mayor opened a bridge.\n", published=published)
    notice = Article(text="It was wrong.", title="BC-EU--Esk-Mayor, KILL", source="Esk Wire", published="2031-05-14")
    assert bool(make_digest([wire], notices=[notice]).stories) == stays


def test_what_is_sent_after_a_kill_stays_though_it_is_a_copy_of_the_killed_text() -> None:
    """The outlet's own new story has most of the old words; the same words in another paper are out."""
    words = " ".join(f"word{number}" for number in range(60))
    killed = bare("Esk Wire", "Mayor", f"{words}.\n", url="https://eskwire.example/1", published="2031-05-13")
    new = bare("Esk Wire", "Mayor again", f"{words}. More.\n", url="https://eskwire.example/2", published="2031-05-15")
    paper = bare("Tarn Post", "Mayor held", f"{words}. Else.\n", published="2031-05-15")
    notice = Article(text="MANDATORY KILL", source="Esk Wire", url=killed.article.url, published="2031-05-14")
    assert titles(make_digest([killed, new, paper], notices=[notice])) == {"Mayor again"}


def test_two_kills_in_the_same_words_are_two() -> None:
    """A kill that says no more than that it is one is told apart by its address."""
    other = bare("Marl Herald", "Fair opens", "A fair opened in Marl.\n")
    notices = [Article(text="MANDATORY KILL", source="Marl Herald", url=each.article.url) for each in (STRIKE, other)]
    digest = make_digest([STRIKE, other], notices=notices)
    assert [each.title for each in digest.withdrawn] == ["Fair opens", STRIKE.article.title]
    assert not digest.stories


def test_a_paper_kills_its_own_stories_only() -> None:
    """A kill that names another outlet's headline changes nothing, unless the article gives it as its source."""
    notice = kill().model_copy(update={"source": "Tarn Post", "url": None})
    assert titles(make_digest([STRIKE], notices=[notice])) == {STRIKE.article.title}
    credited = bare("Marl Herald", STRIKE.article.title or "", "(Tarn Post) Guards of the museum went on strike.\n")
    assert not make_digest([credited], notices=[notice]).stories


def test_what_is_sent_after_a_kill_stays() -> None:
    """The story that takes the killed one's place at its address is in the digest."""
    later = revised(STRIKE, ("over shifts", "over pay"), published="2031-05-15")
    digest = make_digest([STRIKE, later], notices=[kill()])
    assert [article.published for story in digest.stories for article in story.articles] == ["2031-05-15"]


def test_a_killed_article_of_yesterday_is_told_and_nothing_of_it_is_compared_with() -> None:
    """The digest before is read without it: no change, no question of it comes back."""
    asked = days.strait_ledger().article
    later = {"strait": [days.strait_next_day()]}
    notice = Article(text="This story has been withdrawn.", source=asked.source, url=asked.url, title=asked.title)
    before = make_digest([], stories={"strait": days.strait()})
    licences = "How many licences will Sudland get?"
    (known,) = make_digest([], previous=before, stories=later).stories
    assert licences in [each.question for each in known.open_questions]
    today = make_digest([], previous=before, stories=later, notices=[notice])
    assert [each.title for each in today.withdrawn] == [asked.title]
    assert licences not in [each.question for each in today.stories[0].open_questions]
    assert asked.id not in [each.article for each in _sources(today)]


def _sources(digest: Digest) -> list[Source]:
    """What the questions and changes of a digest rest on."""
    return [
        source
        for story in digest.stories
        for each in (*story.open_questions, *story.changes)
        for source in (*each.sources, *getattr(each, "answers", ()))
    ]


LIFTS = datetime(2031, 5, 20, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "is_in"),
    [
        (LIFTS - timedelta(seconds=1), False),
        (LIFTS, True),
        (LIFTS.timestamp() - 1, False),
        (LIFTS.timestamp(), True),
        (LIFTS.astimezone(timezone(timedelta(hours=5))), True),
        (None, False),
    ],
)
def test_an_embargo_holds_until_its_minute(now: Any, is_in: bool) -> None:
    """Compared with the digest's own moment; without one with the newest publication."""
    digest = make_digest([example.embargoed(), STRIKE], now=now)
    assert ("Velm resigns" in titles(digest)) == is_in
    assert digest.notes == (() if is_in else ("1 article is under embargo until 2031-05-20 00:01 UTC",))


def test_without_a_moment_a_newer_article_ends_an_embargo_that_can_be_read_and_no_other() -> None:
    """An article of 21 May says that 20 May is over; "until further notice" is never over."""
    newest = bare("Marl Herald", "Esk votes", "Esk voted for the tram on Monday.\n", published="2031-05-21")
    assert "Velm resigns" in titles(make_digest([example.embargoed(), newest]))
    never = make_digest([example.embargoed("FURTHER NOTICE"), newest], now=4e9)
    assert "Velm resigns" not in titles(never)
    assert never.notes == ("1 article is under embargo until a time that is not given, or that cannot be read",)


def test_an_embargoed_article_takes_its_earlier_version_out() -> None:
    """What stood at the address before goes with it, told by number."""
    held = example.embargoed()
    earlier = bare("Esk Ledger", "Velm to leave", "Orrin Velm may leave, two friends say.\n", "2031-05-13")
    earlier = revised(earlier, url=held.article.url)
    digest = make_digest([held, earlier, STRIKE])
    assert titles(digest) == {STRIKE.article.title}
    assert digest.notes == (
        "1 article is under embargo until 2031-05-20 00:01 UTC; 1 earlier version or copy left out",
    )


def test_a_moment_without_a_zone_is_told_at_once() -> None:
    """A naive datetime could be anywhere."""
    with pytest.raises(ConfigurationError, match="time zone"):
        make_digest([], now=datetime(2031, 5, 20))


# Corrections


def test_corrections_stand_first_with_the_words_of_the_notice_and_their_story() -> None:
    """Above all stories, linked, with the outlet; a correction alone, without a brief, is told too."""
    alone = Article(
        text="Correction: The Herald said on Monday that 12 boats sank. It was one.",
        source="Marl Herald",
        published="2031-05-15",
    )
    digest = make_digest(example.day(), notices=[alone])
    told = [(each.outlet, each.words.text if each.words else None, each.story) for each in digest.corrections]
    tram = next(story.id for story in digest.stories if "tram" in story.headline.text)
    assert told == [("Marl Herald", alone.text, None), ("Norland Courier", example.NOTICE, tram)]
    text = render_digest(digest, "text")
    assert text.index("Corrections first") < text.index(example.NOTICE) < text.index("Sources disagree")


# Whatever is out


WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)  # it would take minutes to find fewer words
WORDS = st.lists(st.sampled_from([f"w{number}" for number in range(400)]), min_size=40, max_size=60, unique=True)
WAYS = ("kill at head", "kill at foot", "kill by address", "kill by headline", "embargo", "embargo never", "withhold")


def _out(way: str, number: int, words: list[str]) -> tuple[list[Brief], list[Article]]:
    """Briefs and notices that keep a text out, by one of the ways."""
    text, title = f"{' '.join(words)}.\n", f"Title of paper number {number}"
    plain = bare("Esk Wire", title, text, published="2031-05-13")
    copy = bare("Tarn Post", f"Another {number}", f"{' '.join(words)}. And more.\n", published="2031-05-14")
    notices: list[Article] = []
    held = [plain]
    match way:
        case "kill at head":
            held = [plain, bare("Esk Wire", title, f"This story has been withdrawn.\n\n{text}")]
        case "kill at foot":
            held = [bare("Esk Wire", title, f"{text}{BODY}\n\nThis article has been retracted.")]
        case "kill by address":
            notices = [Article(text="MANDATORY KILL", url=plain.article.url, source="Esk Wire")]
        case "kill by headline":
            notices = [Article(text=f"EDITORS: disregard the story “{title}”.", source="Esk Wire")]
        case "embargo":
            held = [plain, bare("Esk Wire", title, f"EMBARGOED UNTIL 1 June 2031\n\n{text}")]
        case "embargo never":
            held = [bare("Esk Wire", title, f"Not for publication until the vote\n\n{text}")]
        case _:
            held = [bare("Esk Wire", title, f"WITHHOLD\n\n{text}")]
    return [*held, copy], notices


@settings(deadline=None, max_examples=15, phases=WITHOUT_SHRINKING)
@given(st.lists(st.tuples(st.sampled_from(WAYS), WORDS), min_size=1, max_size=3))
def test_no_five_words_of_what_is_out_stand_in_any_form_of_the_digest(drawn: list[tuple[str, list[str]]]) -> None:
    """Killed or under embargo, with earlier versions, copies and a digest before that had them: nothing of the text."""
    briefs, notices, texts = [], [], []
    for number, (way, words) in enumerate(drawn):
        held, told = _out(way, number, [f"{word}x{number}" for word in words])
        briefs, notices = [*briefs, *held], [*notices, *told]
        texts += [each.article.text for each in held]
    others = days.fire()
    plain = [brief for brief in briefs if not notices_of(brief.article)]
    before = make_digest([*plain, *others])
    digest = make_digest([*briefs, *others], previous=before, notices=notices)
    assert len(digest.stories) == 1
    told = {format: " ".join(render_digest(digest, format).split()) for format in FORMATS}
    told["json"] += json.dumps(digest.model_dump(mode="json"), ensure_ascii=False)
    for text in texts:
        words = text.split()
        for at in range(len(words) - 4):
            run = " ".join(words[at : at + 5])
            assert all(run not in form for form in told.values()), run


# What is sent again, named, or only spoken of


def test_a_kill_that_names_a_headline_takes_its_earlier_versions_out() -> None:
    """The older text at the address of the killed one is not told in its place."""
    outlet, place = "Marl Herald", {"url": "https://marlherald.example/tram-builders"}
    older = bare(outlet, "Builders of the tram", "Tram builders are under suspicion.\n", "2031-05-13", **place)
    newer = bare(outlet, "Tram builders took money in Esk", "Tram builders took money.\n", "2031-05-14", **place)
    notice = Article(text="EDITORS: kill the story “Tram builders took money in Esk”.", source=outlet)
    digest = make_digest([older, newer, *days.fire()], notices=[notice])
    assert len(digest.stories) == 1
    assert {each.article for each in digest.withdrawn} == {older.article.id, newer.article.id}


def test_who_reports_of_a_withdrawal_is_not_withdrawn() -> None:
    """A report that quotes a kill is another outlet's own story, and no copy of it."""
    notice = Article(text="EDITORS: This story has been withdrawn.", title="KILL: Mayor of Esk", source="Esk Wire")
    text = "Esk Wire wrote to its clients: EDITORS: This story has been withdrawn. It was about the mayor.\n"
    report = bare("Marl Post", "Esk Wire withdraws a story", text)
    digest = make_digest([report], notices=[notice])
    assert [story.headline.text for story in digest.stories]
    assert all(each.outlet != "Marl Post" for each in digest.withdrawn)


def test_what_an_outlet_sends_again_corrected_is_no_copy() -> None:
    """The corrected text stands for the first one, and its correction is told, without an address or a slug."""
    halls = " ".join(f"The fire brigade searched hall {n} of the plant, and nobody was in it." for n in range(20))
    notice = "Correction: An earlier version said that fourteen were hurt."
    sent = [
        ("Fourteen hurt in fire", f"Fourteen workers were hurt in a fire in Esk.\n{halls}\n", "2031-05-14T06:00Z"),
        ("Four hurt in fire", f"Four workers were hurt in a fire in Esk.\n{halls}\n\n{notice}\n", "2031-05-14T08:00Z"),
    ]
    first, again = (bare("Norland Wire", *each, url="") for each in sent)
    digest = make_digest([first, again])
    (story,) = digest.stories
    assert story.headline.text == "Four hurt in fire"
    assert [each.article for each in digest.corrections] == [again.article.id]
