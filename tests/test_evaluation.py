"""Measuring briefs on labelled articles: every count as by hand, the figures, the report, and labels that are wrong."""

import json
from collections import Counter

import example_brief
import pytest

from summarizer.errors import InputError
from summarizer.evaluation import Gold, Report, compare, evaluate, read_gold, render_report, score
from summarizer.evaluation.matching import has_keywords, same_name, strictly_same_name

TEXT = example_brief.TEXT
BRIEF = example_brief.make()


def at(words):
    """Where words stand in the example's text."""
    start = TEXT.index(words)
    return [start, start + len(words)]


def label(**changes):
    """The label of the example brief's article: what it should hold, some of which it does not."""
    row = {
        "id": "strait/1",
        "text": TEXT,
        "actors": [
            {"name": "Ada Berg", "role_keywords": ["prime minister"], "salient": True},
            {"name": "Tomas Reyes", "role_keywords": ["transport"], "salient": True},
            {"name": "Norland", "salient": True},
            {"name": "Sudland", "salient": False},
            {"name": "a harbour official", "salient": False},
        ],
        "quotes": [
            _quote("We will not stand in the way of honest trade,", "Ada Berg"),
            _quote("It has been a long spring.", "Ada Berg"),
            _quote("far too high", "Ada Berg"),
        ],
        "positions": [
            {"actor": "Ada Berg", "gist": "offers", "keywords": ["offers"], "evidence": [at("We will not stand")]},
            {"actor": "Norland", "gist": "pays", "keywords": ["pays"], "evidence": [at("Sudland would pay")]},
        ],
        "deals": [],
        "open_questions": [],
        "summary_points": [
            {"gist": "boats", "keywords": ["boats", "norland"], "evidence": [at("Norland is ready")]},
            {"gist": "price", "keywords": ["40 million", "crowns"], "evidence": [at("40 million crowns")]},
        ],
        "must_not": [{"pattern": "inspections cannot", "why": "for the test"}, {"pattern": "war", "why": "none"}],
        "boilerplate": [],
    }
    return row | changes


def _quote(words, speaker):
    start, end = at(words)
    return {"text": words, "start": start, "end": end, "speaker": speaker, "speech": True}


def deal(**changes):
    """A label of the example's deal; the brief has it in force, with Sudland's payment as its one term."""
    lead = at("Norland is ready to let Sudland's boats back into the strait")
    return {
        "title": "Fishing accord",
        "parties": ["Sudland", "Norland", "Ada Berg"],
        "terms": [
            {"party": "Sudland", "gives": "money", "keywords": ["40 million"]},
            {"party": "Norland", "gives": "access", "keywords": ["access"]},
        ],
        "value": "40 million crowns",
        "status": "negotiating",
        "evidence": [lead],
    } | changes


def counts(brief=BRIEF, **changes):
    return Counter(score(Gold.model_validate(label(**changes)), brief).counts)


@pytest.mark.parametrize(
    ("right", "of", "expected"),
    [
        ("actors_found", "actors_wanted", (2, 3)),  # of the salient ones, Norland is missing
        ("actors_wrong", "actors_shown", (0, 4)),
        ("roles_right", "roles", (1, 2)),
        ("quotes_found", "quotes_wanted", (2, 3)),
        ("speakers_right", "speakers", (1, 2)),  # the second is labelled as Berg's and stands with Reyes
        ("quote_characters_found", "quote_characters_wanted", (45 + 12, 45 + 12 + 26)),
        ("positions_found", "positions_wanted", (1, 2)),
        ("points_found", "points_wanted", (1, 2)),
        ("traps_hit", "traps", (1, 2)),
        ("summary_words", "positions_shown", (15, 3)),
        ("boilerplate_cited", "boilerplate", (1, 2)),
    ],
)
def test_each_count_is_what_a_person_counts(right, of, expected):
    """Actors, roles, quotations, mouths, positions, points, traps and boilerplate are counted as by hand."""
    found = counts(boilerplate=[at("Norland is ready"), at("It has been a long spring.")])
    assert (found[right], found[of]) == expected


def test_a_quote_stands_for_the_labelled_one_that_half_of_it_is():
    """A quote shown that overlaps a label by less than half of itself covers nothing and is in nobody's mouth."""
    start = TEXT.index("far too high")
    for part, expected in ((7, 1), (6, 1), (5, 0)):
        cut = {"text": TEXT[start : start + part], "start": start, "end": start + part, "speaker": "Tomas Reyes"}
        found = counts(quotes=[cut])
        assert (found["quotes_found"], found["speakers"], found["speakers_right"]) == (expected,) * 3
    unspoken = _quote("far too high", "Tomas Reyes")
    assert counts(quotes=[unspoken | {"speech": False}, unspoken | {"speaker": None}])["quotes_wanted"] == 0


@pytest.mark.parametrize(
    ("keywords", "text", "expected"),
    [
        (["strait", "boats"], "The Strait", True),
        (["strait", "boats", "toll"], "the strait", False),
        (["norland's strait"], "Norland’s strait", True),
        ([], "the strait", False),
    ],
)
def test_half_of_the_keywords_say_a_point(keywords, text, expected):
    """Case, possessives and marks do not count; no keywords say nothing."""
    assert has_keywords(keywords, text) is expected


def test_only_the_first_150_words_of_a_summary_are_read():
    """A summary that runs on does not gain by it; a trap is looked for in all of it, in any case."""
    values = example_brief.values()
    points = [{"gist": "price", "keywords": ["crowns"], "evidence": []}]
    for words, expected in ((142, 1), (143, 0)):  # after the six of the headline
        filler = {"text": "word " * words, "evidence": []}
        values["summary"] = [filler, {"text": "Forty Crowns.", "evidence": []}]
        brief = example_brief.make(**values)
        found = counts(brief, summary_points=points, must_not=[{"pattern": "FORTY CROWNS"}])
        assert (found["summary_words"], found["points_found"], found["traps_hit"]) == (words + 8, expected, 1)


def test_evidence_counts_as_exact_only_where_it_is_the_articles():
    """A piece of evidence that is not text[start:end] is counted, and told with its place."""
    moved = example_brief.span("far too high") | {"start": 3, "end": 15}
    values = example_brief.values()
    values["headline"]["evidence"] = [moved]
    whole, broken = counts(), score(Gold.model_validate(label()), example_brief.make(**values))
    assert whole["evidence"] == whole["evidence_ok"] == 7
    assert (broken.counts["evidence"], broken.counts["evidence_ok"]) == (7, 6)
    assert "3:15 “far too high”" in [each.text for each in broken.missed]


@pytest.mark.parametrize(
    ("labelled", "expected"),
    [
        ({}, {"deals_found": 1, "parties_found": 2, "statuses_right": 0, "values_right": 1, "terms_found": 1}),
        ({"status_ok": ["in_force"]}, {"deals_found": 1, "statuses_right": 1}),
        ({"value": "3 billion", "value_ok": ["crowns a year"]}, {"values": 1, "values_right": 1}),
        ({"value": "3 billion"}, {"values": 1, "values_right": 0}),
        ({"value": None}, {"values": 0}),
        ({"core": False}, {"deals_wanted": 0, "deals_found": 0, "deals_wrong": 0}),
        # Other evidence: two shared parties and the title's words will do, a title alone will not.
        ({"evidence": [at("far too high")]}, {"deals_found": 1}),
        ({"evidence": [at("far too high")], "title": "Rail link"}, {"deals_found": 0, "deals_wrong": 1}),
        ({"parties": ["Ada Berg"]}, {"deals_found": 0, "deals_wrong": 1, "statuses": 0}),
    ],
)
def test_a_deal_is_matched_and_judged_as_by_hand(labelled, expected):
    """A deal stands for the label that it shares evidence and a party with; its details are judged then."""
    found = counts(deals=[deal(**labelled)])
    assert {name: found[name] for name in expected} == expected


def test_a_deal_told_twice_counts_once():
    """The second deal that stands for the same label is a repetition, neither right nor wrong."""
    (told,) = example_brief.values()["deals"]
    found = counts(example_brief.make(deals=[told, told | {"title": "The accord"}]), deals=[deal()])
    assert (found["deals_shown"], found["deals_found"], found["deals_twice"], found["deals_wrong"]) == (2, 1, 1, 0)


def test_a_question_is_right_by_its_evidence_or_its_words():
    """One question may stand for two labels; one that stands for none is told."""
    lead = [at("Norland is ready to let Sudland's boats back into the strait")]
    labels = [
        {"gist": "by place", "keywords": ["zzz"], "evidence": lead},
        {"gist": "by words", "keywords": ["signed"], "evidence": [at("far too high")]},
        {"gist": "neither", "keywords": ["zzz"], "evidence": [at("far too high")]},
    ]
    found = counts(open_questions=labels)
    assert (found["questions_right"], found["questions_shown"]) == (1, 1)
    assert (found["questions_found"], found["questions_wanted"]) == (2, 3)
    assert counts(open_questions=labels[2:])["questions_right"] == 0


def test_long_evidence_points_at_nothing():
    """Evidence over 600 characters, which touches every label, finds none."""
    text = TEXT + "And so on. " * 80
    long = [{"start": 0, "end": 700, "text": text[:700]}]
    values = example_brief.values()
    values["article"]["text"] = text
    values["positions"] = [values["positions"][0] | {"quotes": [], "evidence": long, "claim": "Something."}]
    wanted = [{"actor": "Ada Berg", "gist": "offers", "keywords": ["zzz"], "evidence": [[0, 600]]}]
    assert counts(example_brief.make(**values), text=text, positions=wanted)["positions_found"] == 0
    values["positions"][0]["evidence"] = [{"start": 0, "end": 600, "text": text[:600]}]
    assert counts(example_brief.make(**values), text=text, positions=wanted)["positions_found"] == 1


@pytest.mark.parametrize(
    ("given", "known", "same", "strictly"),
    [
        ("Prime Minister Ada Berg", "Ada Berg", True, True),
        ("Berg", "Ada Berg", True, True),
        ("Ada", "Ada Berg", False, False),
        ("South Norland", "North Norland", True, False),
        ("Norland’s", "Norland", True, True),
        ("Tomas Reyes", "Ada Berg", False, False),
        ("", "Ada Berg", False, False),
    ],
)
def test_names_that_stand_for_each_other(given, known, same, strictly):
    """Titles and possessives do not count; the stricter measure does not take the last word for the whole."""
    assert (same_name(given, [known]), strictly_same_name(given, [known])) == (same, strictly)


def test_figures_are_shares_of_all_articles():
    """Counts are added up before they are divided; an F1 is made of the two shares; what is not there has no value."""
    result = evaluate([score(Gold.model_validate(label()), BRIEF)] * 2, gold="g", model="m")
    assert result.figure("quotations covered").model_dump(exclude={"name"}) == {"value": 4 / 6, "right": 4, "of": 6}
    assert result.figure("actors, precision").value == 1
    assert result.figure("actors, F1").value == pytest.approx(2 * (2 / 3) / (1 + 2 / 3))
    assert result.figure("values right").value is None
    assert result.average("seconds").value == pytest.approx(58.2)
    assert result.average("tokens in").value == 1930
    assert result.average("positions").value == 3
    assert result.made_with == ("local/some-model, prompt 0123456789ab, schema ba9876543210",)


def test_findings_are_counted_by_gate_and_action():
    """What the checks did in a brief is told by its kind."""
    finding = {"gate": "number", "verdict": "against", "path": "x", "action": "cut", "text": "5", "reason": "no"}
    brief = example_brief.with_audit(findings=[finding, finding, finding | {"action": "dropped"}])
    scored = score(Gold.model_validate(label()), brief)
    assert scored.findings == {"number: cut": 2, "number: dropped": 1}


def test_what_has_changed_is_told_item_by_item():
    """An item that only one of two briefs has is gone or new; an article that only one run has is no change."""
    after = example_brief.make(open_questions=[], headline={"text": "Norland offers", "evidence": []})
    (change,) = compare({"a": BRIEF, "b": BRIEF}, {"a": after, "b": BRIEF, "c": BRIEF})
    assert change.id == "a"
    assert [(each.section, each.text) for each in change.gone] == [
        ("headline", "Norland offers to reopen the strait"),
        ("question", "When will it be signed? (undisclosed)"),
    ]
    assert [each.section for each in change.new] == ["headline"]


def test_an_article_without_a_brief_counts_as_empty():
    """What failed is not left out of the figures, and costs nothing."""
    scored = score(Gold.model_validate(label()), None, "no model")
    result = evaluate([scored, score(Gold.model_validate(label()), BRIEF)], gold="g", model="m")
    assert (scored.counts["quotes_found"], scored.counts["quotes_wanted"]) == (0, 3)
    assert result.figure("quotations covered").right == 2
    assert result.figure("quotations covered").of == 6
    assert result.average("positions").value == 1.5
    assert result.average("calls of the model").value == 1


def test_what_is_missing_is_told_and_cannot_be_markup():
    """The report lists what was missed with its article; a label's words are shown as words."""
    row = label(id="<i>one</i>", summary_points=[{"gist": "<b>[x](http://y)</b>", "keywords": ["z"], "evidence": []}])
    result = evaluate([score(Gold.model_validate(row), BRIEF)], gold="g", model="`m`")
    report = render_report(Report(run=result), "md")
    assert "### In the wrong mouth (1)\n- \\<i>one\\</i>: Tomas Reyes for Ada Berg: “far too high”" in report
    assert "inspections cannot (for the test): “inspections cannot”" in report
    assert "\\<b>\\[x](http\\://y)\\</b>" in report
    assert "<b>" not in report.replace("\\<", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: it is no JSON"),
        ("[" * 100_000, "line 2: it is no JSON"),
        ("7", "line 2, field of the whole row: input should be"),
        (json.dumps({k: v for k, v in label().items() if k != "quotes"}), "line 2, field quotes: field required"),
        (json.dumps(label(deals=[deal(status=3)])), "field deals.0.status: input should be a valid string"),
        (json.dumps(label(quotes=[_quote("far too high", "Berg") | {"end": 99999}])), "field quotes.0: .*no stretch"),
        (json.dumps(label(quotes=[_quote("far too high", "Berg") | {"start": 2}])), "field quotes.0: the text has"),
        (json.dumps(label(boilerplate=[[5, 5]])), "field boilerplate.0: 5 to 5 is no stretch"),
        (json.dumps(label(must_not=[{"pattern": "("}])), "field must_not.0.pattern: it is no regular expression"),
        (json.dumps(label(id="")), "field id: string should have at least 1"),
        (json.dumps(label()), "field id: 'strait/1' is that of an earlier row"),
        (json.dumps(label(id="strait:1")), "field id: 'strait:1' is that of an earlier row"),
    ],
)
def test_a_row_that_is_no_label_is_one_clear_line(tmp_path, line, says):
    """File, line and field are told, with what to do; two ids never share a file; nothing is scored by it."""
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(label()) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=says) as error:
        read_gold(path)
    assert "gold.jsonl" in error.value.what
    assert error.value.remedy


def test_labels_are_read_whatever_characters_their_text_has(tmp_path):
    """A line separator within a text, a byte order mark and empty lines do not break the rows."""
    path = tmp_path / "gold.jsonl"
    text = TEXT.replace("\n\n", "\u2028")
    rows = [label(quotes=[], positions=[], summary_points=[], text=text, id=name) for name in ("a", "b")]
    path.write_text("\ufeff" + "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    assert [gold.article.text for gold in read_gold(path)] == [text, text]


def test_an_id_is_never_a_path():
    """The file of a brief stays in its folder, whatever the label's id is."""
    names = {Gold.model_validate(label(id=name)).file_name for name in ("../../x", "/etc/passwd", "..", "a\\b:c\n")}
    assert not any(set("/\\:\n") & set(name) or name.startswith(".") for name in names)
    assert Gold.model_validate(label()).file_name == "strait_1.json"
