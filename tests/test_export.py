"""Handing on what a store has: a Parquet table, JSON lines in a file, and the list of what failed."""

import json
import sys
from datetime import UTC, datetime

import pyarrow.parquet
import pytest
from example_brief import make

from summarizer import Article, Store
from summarizer.cli import main
from summarizer.errors import AnswerUnusable, StoreUnusable
from summarizer.store import parquet

COLUMNS = ["id", "title", "url", "source", "published", "model", "made", "headline", "summary", "brief"]


def brief(number, **fields):
    given = Article(text=f"A ferry sailed to Esk{number}.", **fields)
    return make().model_copy(update={"article": given})


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A store with five briefs, of which one has been made anew, and the environment that names it."""
    monkeypatch.setenv("SUMMARIZER_STORE", str(tmp_path / "kept.db"))
    monkeypatch.chdir(tmp_path)
    with Store(tmp_path / "kept.db") as made:
        for number in range(5):
            made.keep(f"k{number}", brief(number, title=f"T{number}", url=f"https://a.example/{number}"))
        newer = brief(0, title="T0").model_copy(update={"headline": make().headline.model_copy(update={"text": "New"})})
        made.keep("newer", newer)
        yield made


def test_a_row_for_each_brief(store, tmp_path, monkeypatch):
    """The newest brief of each article, its columns, and the whole of it as JSON, in row groups."""
    monkeypatch.setattr(parquet, "ROWS", 2)
    before = datetime.now(UTC)
    assert parquet.write_parquet(store, tmp_path / "out.parquet") == 5
    file = pyarrow.parquet.ParquetFile(tmp_path / "out.parquet")
    assert file.num_row_groups == 3
    assert file.schema_arrow.names == COLUMNS
    rows = {row["title"]: row for row in file.read().to_pylist()}
    assert rows["T0"]["headline"] == "New"
    one = rows["T3"]
    assert (one["id"], one["url"]) == (brief(3).article.id, "https://a.example/3")
    assert (one["source"], one["published"], one["model"]) == (None, None, "local/some-model")
    assert one["summary"] == "Norland is ready to let Sudland's boats back in."
    assert abs((before - one["made"]).total_seconds()) < 60
    kept = {each.article.id: each for each in store.briefs()}
    assert all(json.loads(row["brief"]) == json.loads(kept[row["id"]].model_dump_json()) for row in rows.values())


def test_a_row_group_is_no_larger_than_memory_allows(store, tmp_path, monkeypatch):
    """Long briefs are written earlier than so many rows would be."""
    monkeypatch.setattr(parquet, "CHARACTERS", 1)
    parquet.write_parquet(store, tmp_path / "out.parquet")
    assert pyarrow.parquet.ParquetFile(tmp_path / "out.parquet").num_row_groups == 5


def test_an_empty_store_is_an_empty_table(tmp_path):
    """The columns are there, and no row."""
    with Store(tmp_path / "empty.db") as store:
        assert parquet.write_parquet(store, tmp_path / "out.parquet") == 0
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").column_names == COLUMNS


def test_half_a_surrogate_pair_is_in_the_table(store, tmp_path):
    """UTF-8 cannot hold it: in the columns it is a question mark, in the JSON it is whole."""
    odd = make().model_copy(update={"article": Article(text="Odd \ud83d text.", title="T \ud83d")})
    store.keep("odd", odd)
    parquet.write_parquet(store, tmp_path / "out.parquet")
    rows = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    (row,) = [row for row in rows if row["id"] == odd.article.id]
    assert row["title"] == "T ?"
    assert json.loads(row["brief"])["article"]["title"] == "T \ud83d"


def test_what_breaks_off_leaves_the_old_file(store, tmp_path):
    """A brief that cannot be read ends the export; the file that was there stays, and no other is left."""
    path = tmp_path / "out.parquet"
    path.write_text("the old one")
    store._connection.execute("UPDATE briefs SET brief = '[]' WHERE key = 'k4'")
    with pytest.raises(StoreUnusable):
        parquet.write_parquet(store, path)
    assert path.read_text() == "the old one"
    assert not list(tmp_path.glob(".summarizer-*"))


def test_the_command_writes_a_table_or_lines(store, tmp_path, capsys):
    """`export -f parquet -o FILE`, and `-o FILE` alone for JSON lines, the same as on standard output."""
    assert main(["store", "export", "-f", "parquet", "-o", "out.parquet"]) == 0
    assert "5 briefs in " in capsys.readouterr().err
    assert pyarrow.parquet.read_table(tmp_path / "out.parquet").num_rows == 5
    assert main(["store", "export", "-o", "out.jsonl"]) == 0
    assert main(["store", "export"]) == 0
    assert (tmp_path / "out.jsonl").read_text() == capsys.readouterr().out


def test_a_table_needs_a_file_that_is_not_the_store(store, tmp_path, capsys):
    """Nothing is written to standard output, to a folder that is not there, or over the store."""
    for output in ([], ["-o", "-"], ["-o", "no/such.parquet"], ["-o", "kept.db"], ["-o", "kept.db-wal"]):
        assert main(["store", "export", "-f", "parquet", *output]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
    assert store.status().briefs == 6


def test_without_pyarrow_one_line_says_what_to_install(store, tmp_path, monkeypatch, capsys):
    """The extra is named, and no file is begun."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["store", "export", "-f", "parquet", "-o", "out.parquet"]) == 2
    assert capsys.readouterr().err == (
        "error: Parquet needs a package that is not installed; pip install 'summarizer[parquet]'\n"
    )
    assert sorted(each.name for each in tmp_path.iterdir() if "out" in each.name or each.name[0] == ".") == []


def test_what_failed_is_looked_up_and_nothing_else(store, monkeypatch, capsys):
    """`list --failed` reads the articles without a brief only, the newest first, and no more than --limit."""
    for number in range(10, 14):
        store.keep_failure(f"k{number}", brief(number, title=f"T{number}").article, AnswerUnusable("no use", "try"))
    store.keep("another model's", brief(13, title="T13"))
    looked, real = [], Store._kept
    monkeypatch.setattr(Store, "_kept", lambda self, row: looked.append(row["title"]) or real(self, row))
    assert main(["store", "list", "--failed", "--limit", "3"]) == 0
    assert looked == ["T12", "T11", "T10"]
    said = capsys.readouterr().out.splitlines()
    assert len(said) == 3
    assert all("(no brief: no use)" in line for line in said)
    looked.clear()
    assert main(["store", "list", "--limit", "2"]) == 0
    assert len(looked) == 2
