"""`summarizer digest`, as a user types it, and what a store keeps for the next one."""

import json
from collections.abc import Iterable
from pathlib import Path

import digest_example as example
import golden
import notices_example
import pytest
from double import Double, fail, say
from test_batch import answering, article

from summarizer import Article, Store
from summarizer.batch.priorities import published_within
from summarizer.cli import main
from summarizer.cli.digesting import moment_of
from summarizer.digest import Stories
from summarizer.digest.editions import compile_edition, keep_edition
from summarizer.errors import ArticleEmpty, ConfigurationError, StoreUnusable
from summarizer.schemas.brief import Brief
from summarizer.schemas.digest import Digest
from summarizer.store import Digests

FIRST = ["--since", "2031-05-12T00:00Z", "--until", "2031-05-15T00:00Z", "--no-model"]
SECOND = ["--since", "2031-05-15T00:00Z", "--until", "2031-05-16T00:00Z", "--no-model"]


def keep(path: Path, briefs: Iterable[Brief]) -> None:
    """Put the briefs into a store, as if each had come when it was published."""
    with Store(path) as store:
        for brief in briefs:
            store.keep(f"key-{brief.article.id}", brief)
            came = published_within(brief.article)[0]
            store._do("UPDATE articles SET added = ? WHERE id = ?", came, brief.article.id)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The usual store, with the briefs of the invented days."""
    file = tmp_path / "kept.db"
    monkeypatch.setenv("SUMMARIZER_STORE", str(file))
    keep(file, [brief for story in example.day() for brief in story])
    keep(file, [brief for story in example.day_after() for brief in story])
    return file


def digest(capsys: pytest.CaptureFixture[str], *arguments: str) -> Digest:
    assert main(["digest", *arguments, "-f", "json"]) == 0
    return Digest.model_validate_json(capsys.readouterr().out)


def headlines(made: Digest) -> set[str]:
    return {story.headline.text for story in made.stories}


def disagreements(made: Digest) -> int:
    return sum(len(story.disagreements) for story in made.stories)


def test_a_day_is_told_out_of_the_store(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The stories are those that an editor would see, with every contradiction, and nothing of the day after."""
    made = digest(capsys, *FIRST)
    assert headlines(made) == headlines(golden.first_day())
    assert sum(len(s.disagreements) for s in made.stories) == sum(
        len(s.disagreements) for s in golden.first_day().stories
    )


def test_the_next_day_says_what_is_new_under_the_same_ids(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The digest is kept: that of the next day goes on with its stories, and tells what has changed."""
    first = digest(capsys, *FIRST)
    second = digest(capsys, *SECOND)
    assert second.compared_to == "2031-05-14"
    assert {story.id for story in second.stories} <= {story.id for story in first.stories}
    kinds = {change.kind for story in second.stories for change in story.changes}
    assert {"value", "answered"} <= kinds
    assert "story" not in kinds


def test_the_same_command_again_gives_the_same_digest(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Byte for byte, though the first one is kept by then: it is compared with the day before, and not with itself."""
    main(["digest", *FIRST])
    main(["digest", *SECOND])
    capsys.readouterr()
    for form in ("md", "json"):
        main(["digest", *SECOND, "-f", form])
        told = capsys.readouterr().out
        main(["digest", *SECOND, "-f", form])
        assert capsys.readouterr().out == told
    assert "Since the last digest" in told or '"compared_to": "2031-05-14"' in told


def test_the_page_and_the_feed_are_written(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-f html is a page for mail, -f atom a feed that names the address it will be at; both are whole files."""
    page, feed = path.with_name("today.html"), path.with_name("today.atom")
    assert main(["digest", *FIRST, "-f", "html", "-o", str(page)]) == 0
    assert main(["digest", *FIRST, "-f", "atom", "-o", str(feed), "--feed-url", "https://digest.example/feed"]) == 0
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert "https://digest.example/feed" in feed.read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


def test_settings_give_desks_weights_and_rates(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`[digest]` of summarizer.toml is in force; what is wrong in it is one line."""
    monkeypatch.chdir(path.parent)
    file = path.with_name("summarizer.toml")
    file.write_text('[digest.desks.Town]\nwords = ["tram"]\n[digest.rates]\nEUR = 1\nSEK = 0.1\n')
    assert digest(capsys, *FIRST).desks == ("Town", "Other")
    file.write_text("[digest.weights]\nloudness = 3\n")
    assert main(["digest", *FIRST]) == 2
    assert "loudness" in capsys.readouterr().err


def test_a_kill_without_a_brief_takes_its_story_out(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The store has it as an article of which no brief could be made; it is told, and nothing of what it kills."""
    kill = notices_example.kill()
    with Store(path) as store:
        store.keep_failure("kill", kill, ArticleEmpty("there is nothing to brief", "look at it"))
        store._do("UPDATE failures SET failed = ?", moment_of("2031-05-14T20:00Z", ""))
    made = digest(capsys, *FIRST)
    assert [each.title for each in made.withdrawn] == ["Museum strike"]
    assert not any("Museum" in story.headline.text for story in made.stories)


def test_a_kill_of_the_day_before_binds_what_comes_late(tmp_path: Path) -> None:
    """Out of the store, or of given articles: a kill is heeded that came in the week before, where it binds."""
    kill, late = notices_example.kill(), notices_example.bare("Marl Herald", "Museum guards walk out in Esk", "Go.\n")
    with Store(tmp_path / "s.db") as store:
        store.keep_failure("kill", kill, ArticleEmpty("there is nothing to brief", "look at it"))
        keep(tmp_path / "s.db", [late, example.fire_courier()])
        store._do("UPDATE articles SET added = ?", moment_of("2031-05-16T07:00Z", ""))
        until = moment_of("2031-05-16T08:00Z", "")
        for days, found in ((7.3, False), (6.9, True), (1, True)):
            store._do("UPDATE failures SET failed = ?", until - days * 86_400)
            for wanted in ({"since": until - 5 * 3600}, {"keys": [f"key-{late.article.id}"]}):
                made = compile_edition(store, until=until, has_previous=False, **wanted).digest
                assert [each.title for each in made.withdrawn] == ([late.article.title] if found else [])
        keys = [f"key-{example.fire_courier().article.id}"]
        assert not compile_edition(store, until=until, has_previous=False, keys=keys).digest.withdrawn


def test_a_kill_that_has_the_whole_text_again_came_when_it_was_briefed(tmp_path: Path) -> None:
    """The store has one text, which came days ago; it is killed today, and told so."""
    article = example.fire_courier().article
    now = moment_of("2031-05-16T08:00Z", "")
    with Store(tmp_path / "s.db") as store:
        for number, title in enumerate((article.title, f"MANDATORY KILL: {article.title}")):
            paper = example.Paper("Courier", "2031-05-14", title or "", article.text)
            store.keep(str(number), paper.told("Fire at a plant", article.text[:20]))
        store._do("UPDATE articles SET added = ?", now - 5 * 86_400)
        for number, made in enumerate((now - 5 * 86_400, now - 3600)):
            store._do("UPDATE briefs SET made = ? WHERE key = ?", made, str(number))
        digest = compile_edition(store, since=now - 86_400, until=now, has_previous=False).digest
    assert ([each.title for each in digest.withdrawn], digest.stories) == ([article.title], ())


def test_an_embargoed_article_is_told_on_the_day_of_its_release(tmp_path: Path) -> None:
    """A week after it came: not before, not twice, and not where it is the rest of a longer time."""
    brief = notices_example.embargoed("06:00 GMT, 20 May 2031")
    with Store(tmp_path / "s.db") as store:
        keep(tmp_path / "s.db", [brief])
        told = {}
        for day in (14, 16, 19, 20, 21):
            until = moment_of(f"2031-05-{day}T07:00Z", "")
            edition = compile_edition(store, since=until - 86_400, until=until, has_previous=False)
            told[day] = len(edition.digest.stories), len(edition.digest.notes)
        assert told == {14: (0, 1), 16: (0, 0), 19: (0, 0), 20: (1, 0), 21: (0, 0)}
        until = moment_of("2031-05-20T07:00Z", "")
        for since in (None, until - 3 * 86_400):
            keys = [f"key-{brief.article.id}"]
            assert compile_edition(store, since=since, until=until, keys=keys, has_previous=False).digest.stories
        week = compile_edition(store, since=until - 7 * 86_400, until=until, has_previous=False)
        assert len(week.digest.stories) == 1


def test_a_copy_of_what_waits_or_is_killed_is_out_whenever_it_comes(tmp_path: Path) -> None:
    """Days after the text that it copies, which is of no digest's time any more; on the day of release it is told."""
    words = " ".join(f"word{number}" for number in range(60))
    waits = notices_example.bare(
        "Courier", "Velm resigns", f"EMBARGOED UNTIL 06:00 GMT, 20 May 2031\n\n{words}.\n", published="2031-05-13"
    )
    killed = notices_example.bare("Wire", "Mayor of Esk held", f"{words[::-1]}.\n", published="2031-05-13")
    text = "Editors, please disregard the story."
    kill = Article(text=text, title="KILL: Mayor of Esk held", source="Wire", published="2031-05-13")
    copies = [
        notices_example.bare("Herald", "Velm to go", f"{words}. More.\n", published="2031-05-16"),
        notices_example.bare("Herald", "Mayor arrested", f"{words[::-1]}. More.\n", published="2031-05-16"),
    ]
    with Store(tmp_path / "s.db") as store:
        store.keep_failure("kill", kill, ArticleEmpty("there is nothing to brief", "look at it"))
        keep(tmp_path / "s.db", [waits, killed, *copies])
        store._do("UPDATE failures SET failed = ?", moment_of("2031-05-13T20:00Z", ""))
        made = {}
        for day in (16, 20):
            until = moment_of(f"2031-05-{day}T08:00Z", "")
            since = until - (1 if day == 16 else 5) * 86_400
            made[day] = compile_edition(store, since=since, until=until, has_previous=False).digest
    assert not made[16].stories
    assert [(each.title, each.why) for each in made[16].withdrawn] == [
        ("Mayor arrested", "copy"),
        ("Mayor of Esk held", "named"),
    ]
    assert {each.outlet for story in made[20].stories for each in story.articles} == {"Courier", "Herald"}


def test_an_embargoed_article_that_comes_after_its_release_is_told(tmp_path: Path) -> None:
    """On the day on which it came, as nobody has read it yet."""
    with Store(tmp_path / "s.db") as store:
        keep(tmp_path / "s.db", [notices_example.embargoed("06:00 GMT, 20 May 2031")])
        store._do("UPDATE articles SET added = ?", moment_of("2031-05-21T09:00Z", ""))
        told = []
        for day in (20, 21, 22):
            until = moment_of(f"2031-05-{day}T10:00Z", "")
            edition = compile_edition(store, since=until - 86_400, until=until, has_previous=False)
            told.append(len(edition.digest.stories))
    assert told == [0, 1, 0]


def test_two_kills_in_the_same_words_take_two_stories_out(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The store has one text, and each article that it stands for, also where the words were used days before."""
    killed = [example.school_courier().article, example.fire()[0].article]
    words = "EDITORS: This story has been withdrawn."
    with Store(path) as store:
        for number, old in enumerate(killed):
            kill = Article(text=words, title=f"KILL: {old.title}", source=old.source, url=old.url)
            store.keep_failure(f"kill {number}", kill, ArticleEmpty("there is nothing to brief", "look at it"))
        store._do("UPDATE failures SET failed = ?", moment_of("2031-05-14T20:00Z", ""))
        store._do("UPDATE articles SET added = 0 WHERE id = ?", Article(text=words).id)
    made = digest(capsys, *FIRST)
    assert {each.title for each in made.withdrawn} == {each.title for each in killed}
    assert {each.id for each in killed}.isdisjoint(each.id for story in made.stories for each in story.articles)


def test_nothing_of_yesterday_stays_in_what_is_kept_of_today(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change tells what stood there before: forgotten, its words are nowhere in the file."""
    path = tmp_path / "other.db"
    monkeypatch.setenv("SUMMARIZER_STORE", str(path))
    every = [brief for story in (*example.day(), *example.day_after()) for brief in story]
    keep(path, [brief.model_copy(update={"open_questions": ()}) for brief in every])
    main(["digest", *FIRST])
    main(["digest", *SECOND])
    assert "40 million crowns a year" in capsys.readouterr().out
    with Store(path) as store:
        for brief in (each for story in example.day() for each in story):
            store.forget(brief.article.id)
    assert b"40 million crowns a year" not in b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_what_is_forgotten_while_a_digest_is_made_is_not_kept(path: Path) -> None:
    """Neither in the digest that is kept after it nor in what is known of stories."""
    with Store(path) as store:
        edition = compile_edition(store, until=2e9)
        known = Digests(store).stories()
        store.forget(example.fire()[0].article.id)
        keep_edition(store, edition)
        before = Digests(store).before(2e9)
        assert before is not None
        assert example.fire()[0].article.id not in {each.id for story in before.stories for each in story.articles}
        assert not Digests(store).keep_stories(b"what was known", known[1])


def test_what_is_not_kept_is_not_compared_with(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--no-keep leaves no digest; --no-previous compares with none; --previous with the digest in a file."""
    file = path.with_name("first.json")
    main(["digest", *FIRST, "--no-keep", "-f", "json", "-o", str(file)])
    assert not digest(capsys, *SECOND, "--no-keep").has_previous
    assert digest(capsys, *SECOND, "--no-keep", "--previous", str(file)).compared_to == "2031-05-14"
    main(["digest", *FIRST])
    capsys.readouterr()
    assert not digest(capsys, *SECOND, "--no-previous").has_previous


def test_nothing_of_a_forgotten_article_stays(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its stories go out of the digests that were kept, and what is known of stories is told anew."""
    main(["digest", *FIRST])
    forgotten = example.fire()[0]
    main(["store", "forget", forgotten.article.id[:12]])
    capsys.readouterr()
    with Store(path) as store:
        before = Digests(store).before(2e9)
        assert before is not None
        assert len(before.stories) == 4
        assert Digests(store).stories()[0] is None
    data = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    for words in ("Fourteen workers", forgotten.article.id):
        assert words.encode() not in data
    assert len(digest(capsys, *SECOND).stories) == 2


def test_old_digests_are_pruned(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is pruned takes the digests of those days along."""
    main(["digest", *FIRST])
    with Store(path) as store:
        store.prune(moment_of("2031-05-20T00:00Z", ""))
        assert Digests(store).before(3e9) is None


def test_an_empty_day_and_a_single_article_are_said_so(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are pages still, and no errors."""
    assert main(["digest", "--since", "2030-01-01", "--until", "2030-01-02"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# Digest, 2 January 2030\n")
    assert "Nothing to report" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--since", "yesterday"], "--since 'yesterday' is no time"),
        (["--until", "24h"], "--until '24h' is no time"),
        (["--since", "2031-05-15", "--until", "2031-05-14"], "--since is not before --until"),
        (["--previous", "nowhere.json"], "--previous 'nowhere.json' cannot be read"),
        (["--previous", __file__], "is no digest"),
        (["--previous", "a", "--no-previous"], "exclude each other"),
        (["--store", "nowhere.db"], "there is no store 'nowhere.db'"),
    ],
)
def test_bad_use_is_one_line(path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    """What, where, and what to do; exit code 2."""
    assert main(["digest", *arguments]) == 2
    assert says in capsys.readouterr().err


def test_times_are_durations_or_dates() -> None:
    """A duration counts back from the end; a date without a zone is local, one with a zone is not."""
    assert moment_of("36h", "--since", before=1e9) == 1e9 - 36 * 3600
    assert moment_of("1.5d", "--since", before=1e9) == 1e9 - 36 * 3600
    assert moment_of("2031-05-14T06:00+02:00", "--since") == moment_of("2031-05-14T04:00Z", "--since")
    with pytest.raises(ConfigurationError):
        moment_of("24 fortnights", "--since", before=1e9)


def test_the_model_words_each_story_of_several_sources_once(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What holds of its answer is told, with who worded it; the same command again asks nothing, and says the same."""
    answer = {"headline": [{"on": [1], "text": "Trams are to cross the bridge"}], "sentences": []}
    with Double(say(answer)) as double:
        command = [*FIRST[:4], "--model", "some-model", "--base-url", double.base_url]
        first = digest(capsys, *command)
        asked = len(double.requests)
        assert asked >= sum(story.sources > 1 for story in first.stories) == 3
        assert digest(capsys, *command) == first
        assert len(double.requests) == asked
    worded = {story.headline.text for story in first.stories if story.words and story.words.headline == "model"}
    assert worded == {"Trams are to cross the bridge"}  # of the story whose articles carry it, and of no other
    assert len(headlines(first) - headlines(golden.first_day())) == 1


# Sources


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with three articles, and no store yet."""
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "new.db"))
    folder = tmp_path / "desk"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(f"---\ntitle: Port {number}\n---\n\n{article(number).text}\n")
    return folder


def test_sources_are_briefed_first(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`digest SOURCES` runs the batch: what is there is not asked again, and only those articles are told."""
    with Double(answering) as double:
        served = ["--model", "some-model", "--base-url", double.base_url, "--no-model"]
        assert main(["batch", str(desk / "0.md"), *served[:4]]) == 0
        asked = len(double.requests)
        assert asked
        capsys.readouterr()
        made = digest(capsys, str(desk / "1.md"), str(desk / "2.md"), *served)
        assert len(double.requests) == 3 * asked
        assert digest(capsys, str(desk / "1.md"), str(desk / "2.md"), *served) == made
        assert len(double.requests) == 3 * asked
    assert {each.title for story in made.stories for each in story.articles} == {"Port 1", "Port 2"}


def test_an_article_that_failed_is_told_in_the_digest(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The page is written all the same; the exit code is 1."""
    with Double(answering) as double:
        served = ["--model", "some-model", "--base-url", double.base_url, "--no-model"]
        assert main(["digest", str(desk), str(desk / "nowhere.txt"), *served, "-f", "json"]) == 1
        made = json.loads(capsys.readouterr().out)
        assert any("nowhere.txt" in note for note in made["notes"])
        assert main(["digest", str(desk / "nowhere.txt"), *served]) == 2
    with Double(fail(401, "no such key")) as double:
        (desk / "new.md").write_text("Another text altogether, about a lighthouse.\n")
        served = ["--model", "some-model", "--base-url", double.base_url, "--no-model"]
        assert main(["digest", str(desk / "new.md"), *served]) == 3
    assert "wants an API key" in capsys.readouterr().err


def test_a_page_that_cannot_be_written_is_told_before_anything_is_paid_for(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The target is looked at first; and a model that is not known leaves no store behind."""
    assert main(["digest", str(desk), "--model", "nobody/knows"]) == 2
    assert not desk.with_name("new.db").exists()
    with Double(answering) as double:
        served = ["--model", "some-model", "--base-url", double.base_url]
        assert main(["digest", str(desk), *served, "-o", str(desk / "none" / "x.md")]) == 2
        assert not double.requests


# From Python


def test_a_text_that_three_papers_have_comes_of_each_of_them(tmp_path: Path) -> None:
    """A wire report is one article with a brief for each outlet; the newest of each is taken."""
    text = example.fire()[0].article.text
    with Store(tmp_path / "s.db") as store:
        for number in (0, 1, 2, 2):
            paper = example.Paper(f"Paper {number}", "2031-05-14", "Fire", text)
            brief = paper.told("Fire at a plant", text[:20])
            store.keep(f"{number} {store.status().briefs}", brief)
        assert [each.article.source for each in Digests(store).articles(0)] == ["Paper 2", "Paper 1", "Paper 0"]
        (story,) = compile_edition(store, until=4e9, has_previous=False).digest.stories
    assert story.sources == 1


def test_articles_count_by_publication_or_by_when_they_came(tmp_path: Path) -> None:
    """One of the day, one dated that day without an hour, one that came late, one without a date: in. An old one of an
    archive and one of the day after: out."""
    dates = {
        "hour": "2031-05-14T08:00:00Z",
        "day": "2031-05-14",
        "late": "2031-05-12T20:00:00Z",
        "none": None,
        "archive": "2019-03-01",
        "after": "2031-05-16T09:00:00Z",
    }
    with Store(tmp_path / "s.db") as store:
        for name, published in dates.items():
            paper = example.Paper("Courier", published, f"Title {name}", f"The word {name} stands here. Nothing else.")
            store.keep(name, paper.told(f"Title {name}", f"The word {name} stands here."))
        store._do("UPDATE articles SET added = ?", moment_of("2031-05-14T12:00Z", ""))
        since, until = moment_of("2031-05-14T06:00Z", ""), moment_of("2031-05-15T06:00Z", "")
        made = compile_edition(store, since=since, until=until)
    assert {brief.headline.text.removeprefix("Title ") for brief in made.briefs} == {"hour", "day", "late", "none"}


def test_what_is_known_of_stories_is_told_anew_where_it_is_damaged(path: Path) -> None:
    """It costs nobody the digest, and it is said; afterwards it is whole again."""
    with Store(path) as store:
        told = compile_edition(store, until=2e9).digest
        store._do("UPDATE known_stories SET state = ?", b"no stories at all")
        again = compile_edition(store, until=2e9).digest
        assert again.stories == told.stories
        assert "told anew" in again.notes[0]
        assert compile_edition(store, until=2e9).digest == told


def test_what_is_known_of_stories_does_not_grow_for_ever(tmp_path: Path) -> None:
    """A story of which nobody wrote for thirty days is forgotten, one of the last days is known on."""
    with Store(tmp_path / "s.db") as store:
        known = []
        for number, published in enumerate(("2025-03-01", "2025-04-01", "2025-04-10")):
            brief = notices_example.bare("Courier", f"Title {number}", f"Number {number} fell.\n", published=published)
            store.keep(str(number), brief)
            until = published_within(brief.article)[1] + 1
            compile_edition(store, until=until, keys=[str(number)])
            known.append(len(Stories.load(Digests(store).stories()[0] or b"")))
    assert known == [1, 1, 2]


def test_a_damaged_digest_is_one_clear_error(path: Path) -> None:
    """What is wrong, and the way round it."""
    with Store(path) as store:
        keep_edition(store, compile_edition(store, until=2e9))
        store._do("UPDATE digest_stories SET story = '{}'")
        with pytest.raises(StoreUnusable, match="--no-previous"):
            compile_edition(store, until=2e9 + 1e5)
        compile_edition(store, until=2e9 + 1e5, has_previous=False)
