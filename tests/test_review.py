"""What happens to an item of a draft: it stands, is asked for again, is cut down or dropped."""

import re
from pathlib import Path

import pytest

from summarizer.drafting import sheet_of
from summarizer.grounding import review as review_module
from summarizer.grounding.cast import resolve
from summarizer.grounding.checks import GATES, check_claim
from summarizer.grounding.context import ArticleContext
from summarizer.grounding.givers import find_exchanges
from summarizer.grounding.own_words import ended_earlier
from summarizer.grounding.review import POLICY, cut_down, in_own_words, mend, review, turn_round
from summarizer.schemas.article import Article
from summarizer.schemas.kinds import load_kind
from summarizer.schemas.marks import Amount, Carried, Given, Name, State, Verbatim, marked_with, walk
from summarizer.schemas.news import DraftActor, DraftDeal, DraftPosition, DraftQuestion, DraftSentence, DraftTerm

TEXT = """Marrow’s foreign minister, Oda Lind, said its port would reopen 3 May. “We have waited long enough,” she said.

The draft accord would grant Esk the use of two quays in return for 12 million thalers a year.

Pim Roth, who speaks for Esk, called the price “an insult”. He leads a fleet of 40 ferries.

Subscribe to our newsletter for the best of the coast."""
CONTEXT = ArticleContext.of(Article(text=TEXT))


def position(**changes):
    values = {
        "quote": "We have waited long enough",
        "actor": "Oda Lind",
        "stance": "claims",
        "claim": "Lind says that Marrow has waited long enough.",
    }
    return DraftPosition.model_validate(values | changes)


def gates(item):
    return {finding.gate for finding in review("any", 0, item, CONTEXT).against}


def deal(first="Marrow", second="Esk", **changes):
    values = {
        "quote": "The draft accord would grant Esk the use",
        "title": "Harbour accord",
        "parties": ["Marrow", "Esk"],
        "terms": [
            DraftTerm(party=first, gives="the use of two quays"),
            DraftTerm(party=second, gives="12 million thalers a year"),
        ],
        "value": "12 million thalers",
        "status": "proposed",
    }
    return DraftDeal.model_validate(values | changes)


def test_a_true_item_stands_with_its_evidence_and_quote():
    """An item that the article carries has its sentence as evidence and the whole quotation as its quote."""
    reviewed = review("quoted", 0, position(), CONTEXT)
    assert reviewed.findings == ()
    assert reviewed.grounded.evidence[0].text.endswith("she said.")
    assert [quote.text for quote in reviewed.grounded.quotes] == ["We have waited long enough,"]
    assert reviewed.grounded.who["actor"].title == "foreign minister"


@pytest.mark.parametrize(
    ("changes", "gate"),
    [
        ({"quote": "We have waited too long"}, "quote"),
        ({"actor": "Pim Roth"}, "speaker"),
        ({"actor": "Jonas Veil"}, "in article"),
        ({"claim": "Lind says that Marrow has waited for 9 years."}, "number"),
        ({"claim": "Lind says that Norland has waited long enough."}, "name"),
        ({"claim": "Lind calls it “a long night” for Marrow."}, "quoted words"),
        ({"claim": "Lind says that Marrow has waited long enough for 40 ferries."}, "elsewhere"),
        ({"claim": "Lind calls the price of the quays an insult to Marrow."}, "carried"),
        ({"claim": "Lind says that Marrow has waited for the."}, "unfinished"),
        ({"claim": "Lind says that Marrow has waited long enough,"}, "unfinished"),
        ({"claim": "Lind says that Marrow has waited 足够久."}, "script"),
        ({"quote": "Subscribe to our newsletter"}, "furniture"),
    ],
)
def test_each_gate_catches_its_mistake(changes, gate):
    """A changed word, a wrong mouth, a number from elsewhere: each is held against the item by its own gate."""
    assert gate in gates(position(**changes))


def test_every_gate_has_its_consequence():
    """The one table that says what happens covers every gate that a check names, so that no finding is without one."""
    folder = Path(review_module.__file__).parent
    modules = ("checks.py", "carried.py", "facts.py", "item_checks.py", "mouths.py", "review.py")
    sources = "".join((folder / name).read_text() for name in modules)
    named = set(
        re.findall(r"""(?:finding\(|against\(|gate=|"gate": |^    \()"([a-z ]+)"(?:,|\))""", sources, re.MULTILINE)
    )
    assert {"quote", "carried", "elsewhere", "negation", "speaker"} <= named
    assert named <= set(POLICY)
    assert set(GATES) <= set(POLICY)


@pytest.mark.parametrize(
    ("quote", "actor"),
    [
        ("Marrow’s foreign minister, Oda Lind, said its port", "Pim Roth"),
        ("He leads a fleet of 40 ferries", "Oda Lind"),
    ],
)
def test_plain_speech_is_not_put_into_another_mouth(quote, actor):
    """What the article has one say without quotation marks, or says itself, is nobody else's statement."""
    claim = "The port would reopen on 3 May." if "port" in quote else "A fleet of 40 ferries is led."
    assert "speaker" in gates(position(quote=quote, actor=actor, claim=claim))


def test_a_not_does_not_come_or_go():
    """A claim that denies what the evidence says fails, and so does one that leaves out its "not"."""
    assert "negation" in gates(position(claim="Lind says that Marrow has not waited long enough."))
    text = "Oda Lind, the foreign minister of Marrow, said the port would not open in May."
    item = position(quote="said the port would not open", claim="Lind says the port will open in May.")
    (gate,) = {each.gate for each in review("any", 0, item, ArticleContext.of(Article(text=text))).against}
    assert gate == "negation"


def test_a_we_that_is_left_gives_way_to_the_speakers_words():
    """A claim with "we" or "you" in it is no claim of the narrator's: the quotation stands in its place."""
    text = "“Esk wants your fish. We want your crews,” Oda Lind, the mayor of Marrow, told the fleet in May."
    context = ArticleContext.of(Article(text=text))
    sheet = sheet_of(context, load_kind("news"))
    wrong = review(
        "quoted", 0, position(quote=sheet["quoted"][0].words, claim="Lind says Esk wants your fish."), context, sheet
    )
    assert {finding.gate for finding in wrong.against} == {"person"}
    assert in_own_words(wrong, context, sheet).grounded.item.claim == "Lind: “Esk wants your fish. We want your crews”"


@pytest.mark.parametrize(
    ("claim", "gate"),
    [
        ("Lind says the ferries will sail.”}]}，\\`.", "script"),
        ("Lind says the ferries will sail in spring {and} not before.", "script"),
        (f"Lind says {'that the ferries will sail and ' * 6} that Norland wants the Marl Ferry.", "unfinished"),
        ("Lind says that the ferries will sail for Norlan.", "unfinished"),
        ("Lind says that the ferries will sail in the spring. Norland", "unfinished"),
    ],
)
def test_code_and_cut_sentences_are_no_claims(claim, gate):
    """Signs that the article has none of, and a sentence ended by the limit of its field, are refused."""
    text = "Oda Lind said that the ferries will sail and that Norland wants the Marl Ferry Line to pay for it."
    assert gate in {
        finding.gate
        for finding in review(
            "any", 0, position(quote=text, claim=claim), ArticleContext.of(Article(text=text))
        ).against
    }


@pytest.mark.parametrize(
    ("claim", "printed"),
    [
        ("Lind tells the Marl Courier on Sunday, Feb. 9, that ferries will sail.", "Lind says that ferries will sail."),
        ("Lind says on Tuesday the ferries will sail.", "Lind says that the ferries will sail."),
        ("Lind says the ferries will sail, she said.", "Lind says the ferries will sail."),
        ("Lind says the ferries, she said, will sail.", "Lind says the ferries will sail."),
        ("Lind says the ferries will sail on Tuesday.", "Lind says the ferries will sail on Tuesday."),
    ],
)
def test_a_claim_tells_what_was_said_and_not_when_or_to_whom(claim, printed):
    """The listener, the day of saying and a second "she said" are left out; the day of what is said stays."""
    text = "Oda Lind told the Marl Courier on Sunday, Feb. 9, that the ferries will sail on Tuesday."
    item = position(quote=text, claim=claim)
    assert review("any", 0, item, ArticleContext.of(Article(text=text))).item.claim == printed


TWO_LINES = """Oda Lind said that a toll on ferries was turned down by the port of Esk.

Nobody in Marrow spoke of the matter for a week.

Pim Roth said that the deals with Norland are already bearing fruit. Roth rejected Norland’s offer."""


@pytest.mark.parametrize(
    ("claim", "gate"),
    [
        ("Lind says that a toll on ferries is already bearing fruit.", "elsewhere"),
        ("Lind says that a toll on ferries was turned down by the port.", None),
    ],
)
def test_two_lines_are_not_run_together(claim, gate):
    """Words of another line of the article are not told of what this line is about."""
    item = position(quote="Oda Lind said that a toll on ferries", claim=claim)
    found = {finding.gate for finding in review("any", 0, item, ArticleContext.of(Article(text=TWO_LINES))).against}
    assert found == ({gate} if gate else set())


def test_a_long_paragraph_is_read_to_its_end():
    """Words of the line that is cited are its own, however much stands before it in its paragraph."""
    text = "The ferry left the quay of Esk at nine. " * 60 + "Oda Lind said that a toll was bearing fruit in Marrow."
    item = position(quote="Oda Lind said that a toll", claim="Lind says that a toll was bearing fruit.")
    assert review("any", 0, item, ArticleContext.of(Article(text=text))).grounded is not None


@pytest.mark.parametrize(("owner", "gates_found"), [("Norland’s", set()), ("Lind’s", {"name"})])
def test_an_offer_is_its_owners(owner, gates_found):
    """What the article calls one side's offer is not called another's, in a question either."""
    question = DraftQuestion(quote="Roth rejected Norland’s", question=f"What is in {owner} offer?", kind="undisclosed")
    reviewed = review("any", 0, question, ArticleContext.of(Article(text=TWO_LINES)))
    assert {finding.gate for finding in reviewed.against} - {"elsewhere"} == gates_found


def test_what_a_side_asks_or_pays_for_it_does_not_give():
    """A side that has called for a truce, or would pay for it, does not give it; one that would grant it does."""
    wants = ("has called for", "would pay 4 million crowns for")
    for verb, refused in ((wants[0], True), (wants[1], True), ("would grant", False)):
        text = f"Marrow {verb} a truce in the strait, Oda Lind said on Monday."
        item = deal(
            quote="a truce in the strait",
            title="Truce in the strait",
            parties=["Marrow"],
            terms=[{"party": "Marrow", "gives": "a truce in the strait"}],
            value=None,
            status="unclear",
        )
        reviewed = review("any", 0, item, ArticleContext.of(Article(text=text)))
        assert ("not given" in {finding.gate for finding in reviewed.against}) is refused
        mended = mend(reviewed, ArticleContext.of(Article(text=text)))
        assert bool(mended.item.terms) is not refused


def test_initials_are_printed_as_the_article_has_them():
    """A space that a model puts into “U.S.” is taken out again, and one before a full stop."""
    text = "Oda Lind said that the U.S. ferries will sail."
    item = position(quote=text, claim="Lind says the U. S. ferries will sail .")
    assert (
        review("any", 0, item, ArticleContext.of(Article(text=text))).item.claim
        == "Lind says the U.S. ferries will sail."
    )


def test_a_not_of_another_clause_is_no_matter():
    """What the evidence denies of something else does not stand against a claim."""
    text = "Oda Lind called the talks “very good”, though she did not offer specifics."
    item = position(quote="very good", claim="Lind calls the talks good.")
    assert review("any", 0, item, ArticleContext.of(Article(text=text))).grounded is not None


@pytest.mark.parametrize("value", ["40 ferries", "3 May"])
def test_a_deals_value_stands_where_the_deal_does(value):
    """A count from another paragraph, or a date, is not what an accord is worth."""
    assert "elsewhere" in gates(deal(value=value))


def test_an_actor_stands_in_the_words_that_are_copied():
    """A name with evidence that does not hold it is no actor."""
    actor = DraftActor(quote="The draft accord would grant", name="Pim Roth", kind="person", role="")
    assert "elsewhere" in gates(actor)


def test_another_offer_is_not_turned_round():
    """Terms are the same only with the same numbers, so that one offer is not mended into the other."""
    text = (
        "Marrow would pay 50 million thalers a year, Oda Lind said. "
        "Esk has offered Marrow 30 million thalers a year for the quays."
    )
    right = deal(
        quote="Esk has offered Marrow 30 million thalers",
        terms=[DraftTerm(party="Marrow", gives="50 million thalers a year")],
        value=None,
    )
    context = ArticleContext.of(Article(text=text))
    assert "giver" not in {finding.gate for finding in review("deals", 0, right, context).against}


def test_giver_and_taker_are_told_apart():
    """Terms given to the wrong side of an exchange fail, the right ones stand."""
    assert gates(deal()) == set()
    assert gates(deal(first="Esk", second="Marrow")) == {"giver"}


def test_an_exchange_the_wrong_way_round_is_turned():
    """Terms that each give to the wrong one of two sides are given to the other, and the deal then stands."""
    turned = turn_round(review("deals", 0, deal(first="Esk", second="Marrow"), CONTEXT), CONTEXT)
    assert [(term.party, term.gives) for term in turned.grounded.item.terms] == [
        ("Marrow", "the use of two quays"),
        ("Esk", "12 million thalers a year"),
    ]


def test_an_exchange_of_three_sides_is_not_turned():
    """With a third name in the deal, nobody can tell who gives instead, so that it stays as it is."""
    wrong = review("deals", 0, deal(first="Esk", second="Marrow", parties=["Marrow", "Esk", "Pim Roth"]), CONTEXT)
    assert turn_round(wrong, CONTEXT) is wrong


def test_a_term_that_says_nothing_is_left_out():
    """A model that writes "none" where a side gives nothing is not asked again: the term is gone, the deal stands."""
    blank = deal(terms=[DraftTerm(party="Marrow", gives="the use of two quays"), DraftTerm(party="Esk", gives="none")])
    mended = mend(review("deals", 0, blank, CONTEXT), CONTEXT)
    assert [term.gives for term in mended.grounded.item.terms] == ["the use of two quays"]


def test_what_only_the_sentence_before_says_is_not_carried():
    """A claim made of the words of the sentence before its evidence is somebody else's, and fails."""
    claim = "Roth says that the draft accord grants two quays in return for thalers."
    other = position(quote="called the price “an insult”", actor="Pim Roth", claim=claim)
    assert "carried" in gates(other)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Pim Roth calls the price for two quays an insult to the coast of Esk on Monday in May in a speech", 15),
        ("Pim Roth calls the price for two quays an insult to Esk on Monday in May if Marrow would not pay", 20),
    ],
)
def test_a_headline_is_ended_before_its_last_phrase(text, kept):
    """A headline that is too long loses a phrase at its end; not one that holds a condition, as the rest says more."""
    assert (len(ended_earlier(text, 15).split()) <= 15) == (kept == 15)


def test_a_summary_sentence_may_not_run_on():
    """More words than the contract allows are asked for again."""
    long = DraftSentence(
        quote="The draft accord would grant", text="The accord " + "really " * 30 + "grants Esk quays."
    )
    assert "length" in gates(long)


def test_an_optional_value_is_cut_out_and_the_item_kept():
    """A deal with an invented sum loses the sum; the rest of it stands."""
    reviewed = review("deals", 0, deal(value="90 million thalers"), CONTEXT)
    assert reviewed.grounded is None
    rest = cut_down(reviewed, CONTEXT)
    assert rest.grounded is not None
    assert rest.grounded.item.value is None


def test_a_wrong_entry_of_a_list_is_cut_out():
    """A party that the article does not name is taken off the list, and the others stay."""
    rest = cut_down(review("deals", 0, deal(parties=["Marrow", "Norland", "Esk"]), CONTEXT), CONTEXT)
    assert rest.grounded.item.parties == ["Marrow", "Esk"]


def test_what_the_item_cannot_do_without_is_not_cut_out():
    """A claim that fails cannot be left out of a position: the position does not stand."""
    reviewed = review("quoted", 0, position(claim="Lind says that Marrow has waited for 9 years."), CONTEXT)
    assert cut_down(reviewed, CONTEXT) is reviewed


def test_an_actor_without_a_role_that_holds_keeps_the_name():
    """A role with an invented name is emptied; the actor stays."""
    actor = DraftActor(quote="Pim Roth, who speaks for Esk", name="Pim Roth", kind="person", role="envoy of Norland")
    rest = cut_down(review("people", 0, actor, CONTEXT), CONTEXT)
    assert rest.grounded.item.role == ""


def test_an_advert_is_not_asked_for_again():
    """Evidence in an advert cannot be mended by asking, other mistakes can."""
    advert = review("quoted", 0, position(quote="Subscribe to our newsletter"), CONTEXT)
    wrong = review("quoted", 0, position(claim="Lind says that Norland has waited long enough."), CONTEXT)
    assert not advert.may_be_asked_again
    assert wrong.may_be_asked_again


def test_what_moves_up_into_the_place_of_a_wrong_entry_is_not_cut_out():
    """A term with two mistakes is taken out once: the one after it, which has none, stays."""
    terms = [
        {"party": "Norland", "gives": "40 ferries to Norland"},
        {"party": "Esk", "gives": "12 million thalers a year"},
    ]
    wrong = review("deals", 0, deal(terms=terms), CONTEXT)
    assert {finding.path for finding in wrong.against} >= {"deals.0.terms.0.party", "deals.0.terms.0.gives"}
    rest = cut_down(wrong, CONTEXT)
    assert [term.party for term in rest.grounded.item.terms] == ["Esk"]


@pytest.mark.parametrize(
    "source",
    ["Sources close to Oda Lind", "Aide to Oda Lind", "Spokesman for Lind", "Senior Official", "A senior official"],
)
def test_a_source_that_is_only_described_is_nobody_named(source):
    """A name inside a description is not the source: an aide to the minister is not the minister."""
    who = resolve(source, CONTEXT.people, CONTEXT.sentences)
    assert (who.name, who.named) == (source, False)


def test_a_long_quote_is_shown_from_where_it_differs():
    """A reason shows the word that was changed, however late it comes in a long quotation."""
    said = "We have waited for the boats and the crews, " * 6 + "and we will not wait any longer than May"
    article = Article(text=f"“{said},” Lind said.")
    changed = said.replace("any longer", "one day longer")
    (finding, *_) = check_claim(article, f"Lind said: “{changed}”")
    assert "one day longer" in finding.reason
    assert "any longer" in finding.reason


@pytest.mark.parametrize(
    ("text", "given", "held"),
    [
        ("Marrow and Esk signed the harbour accord on Friday, Oda Lind said.", "proposed", "signed"),
        ("Marrow and Esk would sign the harbour accord on Friday, Oda Lind said.", "signed", "proposed"),
        ("The harbour accord of Marrow and Esk was drafted in May and rejected in June.", "signed", "rejected"),
        ("The harbour accord of Marrow and Esk was struck in May.", "proposed", "agreed"),
        (
            "The harbour accord of Marrow and Esk, struck in May, fails as Marrow refuses to ratify it.",
            "signed",
            "unclear",
        ),
        ("The harbour accord of Marrow and Esk would replace the last one, which collapsed.", "signed", "unclear"),
        ("The harbour accord of Marrow and Esk is an ominous sign for the fleet.", "signed", "unclear"),
        ("The harbour accord of Marrow and Esk is a matter for Oda Lind.", "in_force", "unclear"),
        ("Marrow and Esk signed the harbour accord on Friday, Oda Lind said.", "signed", "signed"),
        ("The harbour accord of Marrow and Esk was not signed on Friday.", "signed", "unclear"),
        ("Marrow denied it had signed the harbour accord with Esk, Oda Lind said.", "rejected", "unclear"),
        ("Marrow denied that it had signed the harbour accord with Esk.", "signed", "unclear"),
    ],
)
def test_a_deal_is_in_the_state_that_its_lines_tell(text, given, held):
    """A status for which the evidence has no word becomes the one for which it has; "unclear" if none or several."""
    context = ArticleContext.of(Article(text=text))
    item = deal(quote=text[:40], terms=[], value=None, status=given)
    mended = mend(review("deals", 0, item, context), context)
    assert mended.grounded is not None
    assert mended.grounded.item.status == held


@pytest.mark.parametrize("kind", [Amount, Carried, Given, Name, State, Verbatim])
def test_values_with_one_kind_of_mark_are_those_of_the_walk_through_all(kind):
    """A check that asks for one kind of mark gets every value that has it, those in a deal's terms included."""
    item = deal()
    assert list(marked_with(item, kind)) == [value for value in walk(item) if isinstance(value.mark, kind)]
    assert any(marked_with(item, kind))


def test_an_exchange_is_read_whatever_article_its_name_has():
    """Who gets something is found with "the" before the name or in it, once for each gift, and no further word's."""
    told = "Esk would grant the Marrow Union two quays in return for 4 million crowns. Marrow pays Esk 3 boats, too."
    found = [(each.receiver, each.thing, each.price) for each in find_exchanges(told, ["Esk", "Marrow Union", "Union"])]
    assert found == [("Esk", "3 boats, too", ""), ("Marrow Union", "two quays ", " 4 million crowns")]
    assert [each.thing for each in find_exchanges(told, ["the Marrow Union"])] == ["two quays "]
