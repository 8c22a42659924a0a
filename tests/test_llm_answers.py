"""What is kept of a model's answer, and the schema that it is asked to write by. No server is needed for either."""

import json
from typing import Annotated, Any, Literal

import pytest
from double import schema_fault
from pydantic import BaseModel, ConfigDict, Field

from summarizer.llm.reading import Reading, read_answer
from summarizer.llm.schema_dialects import write_schema
from summarizer.schemas.news import NewsDraft


class Term(BaseModel):
    """What one side gives."""

    party: Annotated[str, Field(min_length=1)]


class Deal(BaseModel):
    """An agreement."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=3, max_length=30)]
    status: Literal["open", "closed"]
    terms: Annotated[list[Term], Field(max_length=2)]


class Draft(BaseModel):
    """The whole answer."""

    model_config = ConfigDict(extra="forbid")
    deals: Annotated[list[Deal], Field(max_length=3)]
    numbers: list[int]
    note: str | None


class Titled(Draft):
    """One that has to have a headline."""

    headline: Annotated[str, Field(min_length=3, description="A headline.")]


class Framed(BaseModel):
    """One whose schema has words beside a reference."""

    main: Annotated[Deal, Field(description="The main one.")]
    second: Literal["none"]


def deal(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {"title": f"Fishing accord {number}", "status": "open", "terms": [{"party": "Norland"}], **changes}


def answer(**changes: Any) -> dict[str, Any]:
    return {"deals": [deal(1), deal(2)], "numbers": [], "note": None, **changes}


def read(value: object, schema: type[BaseModel] = Draft) -> Reading[Any]:
    return read_answer(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), schema)


def kept(reading: Reading[Any]) -> Any:
    assert reading.draft is not None
    return reading.draft


def why(reading: Reading[Any]) -> list[tuple[str, str]]:
    return [(one.path, one.reason) for one in reading.rejected]


@pytest.mark.parametrize(
    "form", ["{}", "```json\n{}\n```", "Here you are:\n{}\nAnything else?", "<think>{{}}</think>{}"]
)
def test_words_around_the_answer_are_passed_over(form: str) -> None:
    """Code fences, politeness and left-over thoughts do not count as a bad answer."""
    reading = read(form.format(json.dumps(answer())))
    assert reading.draft == Draft.model_validate(answer())
    assert reading.rejected == ()


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "```json\n{}\n```",
        "<think>{{“deals”}} {{}}</think>{}",
        'The form {{"deals": …}} is:\n{}',
        '<think>perhaps {{"deals": []}}</think>\nAs {{json}}: {}',
    ],
)
def test_braces_and_marks_that_are_not_the_answer_s_are_passed_over(form: str) -> None:
    """A brace in the words before the answer, and the mark of a thought's end inside it, cost nothing."""
    whole = answer(deals=[deal(title="</think> she said")])
    reading = read(form.format(json.dumps(whole)))
    assert (reading.draft, reading.rejected) == (Draft.model_validate(whole), ())


def test_words_with_many_braces_are_read_quickly() -> None:
    """Only the first few braces are tried, so that an answer full of them costs no time and gives nothing."""
    assert read("{" + "{x} " * 50_000 + json.dumps(answer())).draft is None


@pytest.mark.parametrize("text", ["", "Sorry.", "[]", "[{}]", "null", '"{"', "{", '{"deals": [', "{'deals': []}"])
def test_what_is_no_object_gives_nothing(text: str) -> None:
    """Without a JSON object there is no draft, and the reason says so or names what is missing."""
    reading = read(text)
    assert reading.draft is None
    assert reading.rejected


def test_a_bad_item_is_dropped_and_the_others_stay() -> None:
    """Each item stands for itself: one that does not validate is left out, with its place, its text and the reason."""
    bad = deal(2, status="perhaps", title="x" * 30_000)
    reading = read(answer(deals=[deal(1), bad, "no deal", deal(3)]))
    assert [one.title for one in kept(reading).deals] == ["Fishing accord 1", "Fishing accord 3"]
    assert [path for path, _ in why(reading)] == ["deals.2", "deals.1"]
    assert len(reading.rejected[1].text) == 300
    assert reading.rejected[1].reason.startswith("title: String should have at most 30")


def test_a_flood_of_bad_items_is_summed_up() -> None:
    """However many items are bad, only the first of them are told one by one, and the good ones still get through."""
    reading = read(answer(deals=[*({"title": str(number)} for number in range(900)), deal()]))
    assert len(kept(reading).deals) == 1
    assert len(reading.rejected) == 51
    assert reading.rejected[-1].reason == "and 850 more were left out"


def test_an_item_is_kept_or_dropped_as_a_whole() -> None:
    """A bad part takes its item along, since a deal without one of its terms says something else."""
    reading = read(answer(deals=[deal(1), deal(2, terms=[{"party": "Norland"}, {"party": ""}])]))
    assert len(kept(reading).deals) == 1
    assert why(reading)[0][1].startswith("terms.1.party")


def test_the_same_item_twenty_times_is_one() -> None:
    """Repeats are collapsed before a list is cut, so that they crowd nothing out; numbers may repeat."""
    reading = read(answer(deals=[deal(1)] * 20 + [deal(2)], numbers=[7, 7]))
    assert [one.title for one in kept(reading).deals] == ["Fishing accord 1", "Fishing accord 2"]
    assert kept(reading).numbers == [7, 7]
    assert why(reading) == [("deals.1", "the same 20 times; one is kept")]


def test_a_list_above_its_bound_is_cut() -> None:
    """A list that is too long is cut at its bound, at the top and inside an item, and what fell off is recorded."""
    many = [deal(number) for number in range(1, 6)]
    many[0]["terms"] = [{"party": "Norland"}, {"party": "Sudland"}, {"party": "Eastland"}]
    reading = read(answer(deals=many))
    assert [len(one.terms) for one in kept(reading).deals] == [2, 1, 1]
    assert why(reading) == [("deals.0.terms.2", "1 above the 2 that may be"), ("deals.3", "2 above the 3 that may be")]
    assert "Eastland" in reading.rejected[0].text


def test_a_missing_field_is_filled_if_it_may_be_empty() -> None:
    """A missing list is empty, a field that may be null is null, and each is recorded; an unknown one is left out."""
    reading = read({"deals": [deal()], "extra": 1, "note": 5, "numbers": "none"})
    assert reading.draft == Draft.model_validate({"deals": [deal()], "numbers": [], "note": None})
    assert {path for path, _ in why(reading)} == {"numbers", "note", "extra"}


@pytest.mark.parametrize("headline", [None, "x", 5])
def test_what_has_to_be_there_is_not_made_up(headline: object) -> None:
    """Without a field that cannot be empty there is no draft."""
    assert read(answer(headline=headline), Titled).draft is None
    assert kept(read(answer(headline="Norland opens strait"), Titled)).headline == "Norland opens strait"


def test_nothing_left_is_no_draft() -> None:
    """A draft of which every item was lost counts as none, and so does one that never had an item, unless it may."""
    assert read(answer(deals=[deal(status="x")])).draft is None
    assert read({}).draft is None
    assert why(read(answer(deals=[]))) == [("", "it holds no item")]
    empty = read_answer(json.dumps(answer(deals=[])), Draft, may_be_empty=True)
    assert (kept(empty).deals, empty.rejected) == ([], ())


def test_a_field_that_comes_twice_breaks_nothing() -> None:
    """Where the name of a list comes twice in an answer that breaks off, what was lost is told without its place."""
    reading = read('{"deals": [], "numbers": 3, "deals": [{}, ')
    assert reading.draft is None
    assert ("", "the answer broke off here") in why(reading)


def test_wherever_an_answer_breaks_off_whole_items_are_kept() -> None:
    """Cut at every single character, an answer gives the items that were complete and never an unfinished one."""
    whole = json.dumps(answer(deals=[deal(1), deal(2, title='A "big" [deal], {'), deal(3)], numbers=[12, 34], note="n"))
    ends = [whole.index(json.dumps(each)) + len(json.dumps(each)) for each in json.loads(whole)["deals"]]
    for end in range(1, len(whole)):
        reading = read(whole[:end])
        complete = sum(end >= each for each in ends)
        assert len(reading.draft.deals if reading.draft else []) == complete
        if reading.draft:
            assert reading.draft.numbers in ([], [12], [12, 34])
            assert reading.draft.note in (None, "n")
            assert any(reason == "the answer broke off here" for _, reason in why(reading))


@pytest.mark.parametrize(
    "text",
    [
        '{"deals":' + "[" * 100_000,
        '{"deals":' * 900 + "1" + "}" * 900,
        '{"numbers":[' + "9" * 5000 + "]}",
        '{"deals":[' + '{"title":"\\\\\\"' * 20_000,
        '{"deals":[' + "1," * 60_000,
        "{" + '"a\\' * 60_000,
        '{"\\ud800": 1, "deals": [{"title": "\\udfff"}]}',
        '{"' + "k" * 200_000 + '": 1}',
    ],
)
def test_a_hostile_answer_is_read_quickly(text: str) -> None:
    """Deep nesting, huge numbers, half surrogates and endless escapes give no draft, and short clean reasons."""
    reading = read(text)
    assert reading.draft is None
    for one in reading.rejected:
        assert len((one.path + one.text + one.reason).encode()) < 3000


def test_line_breaks_and_half_surrogates_cost_one_item_at_most() -> None:
    """What strict JSON forbids inside strings does not cost the whole answer."""
    broken = '{"deals": [{"title": "Fishing\naccord", "status": "open", "terms": []}, {"title": "\\ud800 accord",'
    reading = read(broken + ' "status": "open", "terms": []}], "numbers": [], "note": null}')
    assert [one.title for one in kept(reading).deals] == ["Fishing\naccord"]
    assert [path for path, _ in why(reading)] == ["deals.1"]
    assert "? accord" in reading.rejected[0].text


@pytest.mark.parametrize("model", [Draft, Titled, Framed, NewsDraft])
def test_the_strict_dialect_is_what_strict_mode_takes(model: type[BaseModel]) -> None:
    """No keyword that is refused, every object closed and every property required, nothing beside a $ref, no titles."""
    schema = write_schema(model, "strict")
    assert schema_fault(schema) is None
    assert schema_fault(model.model_json_schema()) is not None
    assert list(schema["properties"]) == list(model.model_fields)
    json.dumps(schema)


def test_the_strict_dialect_tells_bounds_in_words() -> None:
    """What cannot be sent as a keyword is told in the description, after the field's own."""
    schema = write_schema(Titled, "strict")
    assert schema["properties"]["deals"]["description"] == "At most 3 entries."
    assert schema["properties"]["headline"]["description"] == "A headline. At least 3 characters."
    assert schema["$defs"]["Deal"]["properties"]["title"]["description"] == "3 to 30 characters."
    assert schema["$defs"]["Deal"]["properties"]["status"] == {"type": "string", "enum": ["open", "closed"]}


def test_the_grammar_dialect_keeps_bounds_and_fields() -> None:
    """Bounds stay, titles go, and a field that is called title is no title."""
    schema = write_schema(Draft, "grammar")
    item = schema["$defs"]["Deal"]
    assert item["properties"]["title"] == {"type": "string", "minLength": 3, "maxLength": 30}
    assert schema["properties"]["deals"]["maxItems"] == 3
    assert "title" not in item
    assert "title" not in schema


def test_a_shape_is_for_grammars_only() -> None:
    """A schema narrowed to one article is written by a grammar, and left aside where it would be refused."""
    fixed = {"title": {"const": "as it is"}, "status": {"enum": ["open", None]}}
    shape = {
        "type": "object",
        "title": "x",
        "properties": {"deals": {"prefixItems": [{"title": "y", "properties": fixed}]}},
    }
    grammar = write_schema(Draft, "grammar", lambda: shape)
    assert grammar == {"type": "object", "properties": {"deals": {"prefixItems": [{"properties": fixed}]}}}
    assert write_schema(Draft, "strict", lambda: shape) == write_schema(Draft, "strict")
