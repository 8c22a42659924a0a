"""The store: what is put in is there, once, and what is forgotten is gone."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from example_brief import make

from summarizer import Article
from summarizer.errors import AnswerUnusable, StoreUnusable
from summarizer.schemas.brief import Usage
from summarizer.store import Call, Recipe, Store

RECIPE = Recipe("news", "local/some-model", "aaaaaaaaaaaa", "bbbbbbbbbbbb", '{"temperature":0}')
USED = Call("answered", Usage(input_tokens=100, cached_tokens=40, output_tokens=20), 0.25, 1.5, 1_000.0)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "deep" / "kept.db") as made:
        yield made


def test_a_brief_comes_back_as_it_was(store):
    """The brief, with the article's text and every offset in it, after the file was closed and opened again."""
    brief = make()
    key = RECIPE.key(brief.article)
    assert store.brief(key) is None
    store.keep(key, brief)
    store.close()
    with Store(store.path) as again:
        assert again.has(key)
        assert again.brief(key) == brief
        assert [kept.briefs for kept in again.articles()] == [((key, brief.audit.model),)]


def test_half_a_surrogate_pair_survives(store):
    """Text that SQLite cannot hold as it is comes back letter for letter, so that its hash and offsets hold."""
    article = Article(text="Broken \ud83d sign, said Ada Berg.")
    brief = make().model_copy(update={"article": article})
    store.keep("k", brief)
    assert store.brief("k").article == article


@pytest.mark.parametrize("brief", ["no JSON", "[]", '{"article": 1}', '{"article": {}}'])
def test_a_brief_that_somebody_has_changed_is_one_clear_error(store, brief):
    """What stands in the file is not trusted to be a brief, and the error says which one it is."""
    made = make()
    store.keep("k", made)
    store._connection.execute("UPDATE briefs SET brief = ?", (brief,))
    with pytest.raises(StoreUnusable, match=made.article.id[:12]):
        store.brief("k")


@pytest.mark.parametrize(
    "changed", ["kind", "model", "prompt", "draft_schema", "parameters", "text", "title", "published", "source"]
)
def test_whatever_changes_a_brief_changes_its_key(changed):
    """The article as a model is told it, kind, model, prompt, schema and parameters: each is part of the key."""
    article = Article(text="A text.", title="T", published="2031-05-14", source="S")
    other_recipe, other = RECIPE, article
    if changed in ("kind", "model", "prompt", "draft_schema", "parameters"):
        other_recipe = Recipe(**{**{n: getattr(RECIPE, n) for n in RECIPE.__slots__}, changed: "other"})
    else:
        other = Article(**{**article.model_dump(exclude={"id"}), changed: "other"})
    assert other_recipe.key(other) != RECIPE.key(article)
    assert RECIPE.key(article) == RECIPE.key(article.model_copy(update={"url": "https://elsewhere.example"}))


def test_a_failure_is_kept_until_there_is_a_brief(store):
    """Its reason stands with the article; a brief of the same key takes its place."""
    brief = make()
    store.keep_failure("k", brief.article, AnswerUnusable("nothing of it", "name another model"))
    assert [kept.failure for kept in store.articles()] == ["nothing of it"]
    store.keep("k", brief)
    assert [kept.failure for kept in store.articles()] == [None]
    assert store.status().failures == 0


def test_every_call_is_counted(store):
    """Tokens and cost of all calls and of one run; what has no known cost is counted apart."""
    article = make().article
    run = store.begin_run("batch", "local/some-model")
    store.keep_calls("k", article, RECIPE, [USED, USED], run)
    store.keep_calls("k", article, RECIPE, [Call("ServerUnreachable", None, None, 0.5, 2_000.0)])
    store.end_run(run, "done")
    every, one = store.status(), store.status(run)
    assert (every.calls, one.calls) == (3, 2)
    assert one.usage == Usage(input_tokens=200, cached_tokens=80, output_tokens=40)
    assert (one.cost_usd, one.unpriced, every.unpriced) == (0.5, 0, 1)


def test_words_are_found_and_none_is_a_command(store):
    """Titles and texts are searched without regard to accents, and what is typed is never read as a query."""
    store.keep("k", make().model_copy(update={"article": Article(text="Die Fähre fährt.", title="Hafen")}))
    assert [kept.title for kept in store.articles("fahre")] == ["Hafen"]
    assert [kept.title for kept in store.articles("hafen fahrt")] == ["Hafen"]
    for hostile in ('"', "text:", "a OR b", "NEAR(", "*", "", "' ; DROP TABLE articles; --"):
        assert list(store.articles(hostile)) == []


def test_what_is_forgotten_is_in_no_byte_of_the_file(store):
    """An article under embargo leaves nothing behind: no text, no brief, no call."""
    secret = "Vellamund-Absprache"
    brief = make().model_copy(
        update={"article": Article(text=f"Everything about the {secret}.", url="https://a.example/1")}
    )
    store.keep("k", brief)
    store.keep_calls("k", brief.article, RECIPE, [USED])
    assert store.find("https://a.example/1") == brief.article.id == store.find(brief.article.id[:8])
    assert store.forget(brief.article.id)
    assert not store.forget(brief.article.id)
    assert store.status().calls == 0
    assert list(store.articles(secret)) == []
    folder = store.path.parent
    left = b"".join(each.read_bytes() for each in folder.iterdir()).lower()
    assert secret.lower().encode() not in left
    assert secret.lower()[1:].encode() not in left


def test_all_or_nothing(store):
    """Of what is written together nothing is kept if one part fails."""
    store.keep_failure("other", make().article, AnswerUnusable("nothing of it", "name another model"))
    with pytest.raises(AttributeError), store.together():
        store.keep("k", make()) or store.keep("k", None)
    assert not store.has("k")


def test_one_process_at_a_time_works_on_a_key(store):
    """A second process gets no claim while the first lives, and gets it once that is gone without a word."""
    assert store.claim("k") == "mine"
    assert store.claim("k") == "mine"  # one's own
    with Store(store.path) as other:
        other.owner += "1"
        assert other.claim("k") == "busy"
        store.release("k")
        assert other.claim("k") == "mine"
        other.keep("k", make())
    assert store.claim("k") == "done"
    code = f"from summarizer.store import Store; assert Store({str(store.path)!r}).claim('dead') == 'mine'"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert store.claim("dead") == "mine"


def test_threads_take_turns(store):
    """Twenty threads write and read at once, and every brief is there."""
    brief, failed = make(), []

    def work(number):
        try:
            store.keep(f"k{number}", brief)
            assert store.has(f"k{number}")
        except (StoreUnusable, AssertionError) as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert store.status().briefs == 20


@pytest.mark.parametrize("kind", ["text", "database", "newer", "folder"])
def test_what_is_no_store_is_refused_in_one_line(tmp_path, kind):
    """A file of something else is left as it is."""
    path = tmp_path / "x.db"
    if kind == "text":
        path.write_text("no database, by any means\n" * 100)
    elif kind == "folder":
        path.mkdir()
    else:
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA user_version = 999" if kind == "newer" else "CREATE TABLE a (b)")
        other.close()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreUnusable) as caught:
        Store(path)
    assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_full_disk_loses_nothing(store):
    """Where no room is left, the call fails, says so, and what was there before is whole."""
    store.keep("k", make())
    store._connection.execute("PRAGMA max_page_count = 60")
    big = make().model_copy(update={"article": Article(text="word " * 200_000)})
    with pytest.raises(StoreUnusable, match="no room"):
        store.keep("big", big)
    assert store.brief("k") == make()
    assert Path(store.path).exists()


def test_forgetting_while_somebody_reads_says_so(store, monkeypatch):
    """Where another process holds the log, bytes may be left: that is no success."""
    monkeypatch.setattr("summarizer.store.store._TRIES", 2)
    monkeypatch.setattr("summarizer.store.store._PAUSE", 0.01)
    store.keep("k", make())
    with Store(store.path) as reader:
        reader._connection.execute("BEGIN")
        reader._connection.execute("SELECT * FROM articles").fetchone()
        with pytest.raises(StoreUnusable, match="while another process reads"):
            store.forget(make().article.id)


@pytest.mark.parametrize("name", ["%", "_" * 64, "", "%%%%%%%", "ABCDEF"])
def test_no_pattern_names_an_article(store, name):
    """Only an address, or digits of an id, mean an article that is to be forgotten."""
    store.keep("k", make())
    assert store.find(name) is None


def test_a_claim_outlives_its_time_while_its_process_lives(store, monkeypatch):
    """A local model may take half an hour: on the same machine the process tells, and not the clock."""
    assert store.claim("k") == "mine"
    monkeypatch.setattr("summarizer.store.store.time.time", lambda: 10_000_000_000.0)
    with Store(store.path) as other:
        mine = store.owner
        other.owner = mine + "1"  # another process that began at another time
        assert other.claim("k") == "busy"
        store._connection.execute("UPDATE claims SET owner = ?", (f"{mine}7",))  # a number that was used again
        assert other.claim("k") == "mine"
