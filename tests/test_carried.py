"""The checks that hold a sentence beside the sentence of the article that is about the same, word by word."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from timing import is_within

from summarizer.grounding import carriers, places
from summarizer.grounding.agreements import one_state, states_told
from summarizer.grounding.carried import CARRIED
from summarizer.grounding.carriers import sentences_of
from summarizer.grounding.checks import check_claim
from summarizer.grounding.context import ArticleContext
from summarizer.grounding.mentions import read_words
from summarizer.grounding.wording import matched, stem_of, terms
from summarizer.schemas.article import Article
from summarizer.schemas.evidence import Evidence

TEXT = """The former prime minister, Ada Berg, signed the fishing accord with Sudland on Monday. Norland gave Sudland \
forty patrol boats last year, and sold Marrow nine.

The company may close its plant in Quenby, Piet Osk said. He said the company would not sell the quay to Esk.

Parliament did not approve the budget. The draft treaty was rejected by Norland’s parliament.

The police said Tomas Reyes allegedly stole 5 million crowns from the bank. Lotte Arden, the mayor, warned that prices \
will rise next year. Exports from Norland to Sudland rose 4 percent to 70 million crowns.

Talks between Norland and Sudland are expected to continue in Halvik. The ferry does not only carry cars.

The harbour agreement has still to be ratified by the councils. Inspectors failed to prove that Osk knew of the leak. \
Few of the divers have found other work. The ferry company is considering selling its quay at Dunmere.

Marrow lost 12 million crowns on its railways, after a profit of 3 million crowns in spring. The court cleared the \
builder of fraud. Police believe a fourth diver helped the crew, and have not decided whether to search for him.

The Guild denies that it broke the truce. The council will not lend Esk its cranes unless the rent is paid.

Several trawlers sank in a storm off Esk, about twenty miles east of Quenby. Arden missed the sea but not the fog."""
ARTICLE = Article(text=TEXT)


def gates(sentence: str, evidence: Evidence | None = None) -> set[tuple[str, str]]:
    return {(each.gate, each.text) for each in check_claim(ARTICLE, sentence, evidence) if each.verdict == "against"}


@pytest.mark.parametrize(
    ("sentence", "gate", "text"),
    [
        ("Parliament approved the budget.", "negation", "approved"),
        ("The company may not close its plant in Quenby.", "negation", "not"),
        ("The company would sell the quay to Esk.", "negation", "sell"),
        ("Exports from Norland to Sudland fell 4 percent.", "negation", "fell"),
        ("The company may open its plant in Quenby.", "negation", "open"),
        ("The company will close its plant in Quenby.", "hedge", "will"),
        ("The company closed its plant in Quenby, Piet Osk said.", "hedge", "closed"),
        ("Tomas Reyes stole 5 million crowns from the bank.", "hedge", "stole"),
        ("Lotte Arden warned that prices may rise next year.", "hedge", "may"),
        ("Talks between Norland and Sudland will continue in Halvik.", "hedge", "continue"),
        ("Ada Berg proposed the fishing accord with Sudland on Monday.", "status", "proposed"),
        ("The draft treaty was signed by Norland’s parliament.", "status", "signed"),
        ("The prime minister, Ada Berg, signed the fishing accord with Sudland.", "office", "minister"),
        ("The former president, Ada Berg, signed the fishing accord with Sudland.", "office", "president"),
        ("Lotte Arden, the deputy mayor, warned that prices will rise next year.", "office", "deputy"),
        ("Norland gave Sudland forty patrol boats next year.", "time", "next"),
        ("Sudland gave Norland forty patrol boats last year.", "giver", "Sudland gave Norland"),
        ("Exports from Sudland to Norland rose 4 percent.", "giver", "Sudland to Norland"),
        ("Norland gave Sudland nine patrol boats last year.", "number", "nine"),
        ("Norland gave Marrow forty patrol boats last year.", "name", "Marrow"),
        ("Ada Berg warned that prices will rise next year.", "name", "Ada Berg"),
        ("The harbour agreement has been ratified by the councils.", "hedge", "ratified"),
        ("Inspectors proved that Osk knew of the leak.", "negation", "proved"),
        ("Many of the divers have found other work.", "negation", "Many"),
        ("A fourth diver helped the crew.", "hedge", "fourth"),
        ("The court convicted the builder of fraud.", "negation", "convicted"),
        ("The court cleared the painter of fraud.", "office", "painter"),
        ("All trawlers sank in a storm off Esk.", "number", "All"),
        ("Several trawlers sank in a storm off Quenby.", "name", "Quenby"),
        ("Marrow had a profit of 12 million crowns on its railways.", "number", "12 million crowns"),
        ("Norland received forty patrol boats from Sudland last year.", "giver", "received"),
        ("Norland gave Sudland forty patrol boats last month.", "time", "month"),
        ("Piet Osk admitted that the company may close its plant.", "act", "admitted"),
        ("The ferry company threatened to sell its quay at Dunmere.", "act", "threatened"),
        ("Lotte Arden apologised that prices will rise next year.", "act", "apologised"),
    ],
)
def test_another_meaning_in_nearly_the_same_words_is_found(sentence: str, gate: str, text: str) -> None:
    """Words that all stand in the article do not make a sentence true: what they say of one another is compared."""
    assert (gate, text) in gates(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        *TEXT.replace("\n\n", " ").split(". "),
        "Ada Berg, the former prime minister, has signed an accord on fishing with Sudland.",
        "Sudland was given forty patrol boats by Norland last year.",
        "Last year Norland gave forty patrol boats to Sudland.",
        "Parliament refused to approve the budget.",
        "The budget was not approved by parliament.",
        "Norland’s parliament turned down the draft treaty.",
        "Talks between Sudland and Norland are likely to continue.",
        "The company might close its plant in Quenby.",
        "Exports to Sudland rose 4 percent.",
        "Piet Osk says the company will not sell its quay.",
        "The ferry carries cars.",
        "Not all trawlers sank in a storm off Esk.",
        "Lotte Arden did not miss the fog.",
        "When will the harbour agreement be ratified by the councils?",
        "The harbour agreement is yet to be ratified by the councils.",
        "The councils have not ratified the harbour agreement.",
        "Will the company close its plant in Quenby?",
        "Inspectors did not prove that Osk knew of the leak.",
        "Most of the divers have not found other work.",
        "The ferry company may sell its quay at Dunmere.",
        "Sudland received forty patrol boats from Norland last year.",
        "Marrow bought nine patrol boats from Norland.",
        "In spring Marrow made a profit of 3 million.",
        "A fourth diver may have helped the crew, police believe.",
        "The Guild says that it did not break the truce.",
        "The council will lend Esk its cranes only if the rent is paid.",
        "The Guild disputes that it broke the truce.",
        "Lotte Arden threatened that prices will rise next year.",
        "Piet Osk denied that the company would sell the quay to Esk.",
        "Piet Osk was denied a sale.",
        "Did Lotte Arden deny that prices will rise next year?",
        "Ada Berg, the ex-prime minister, signed the fishing accord with Sudland.",
    ],
)
def test_the_same_in_other_words_passes(sentence: str) -> None:
    """The article's own sentences, and what says the same in other words, have nothing against them."""
    assert gates(sentence) == set()


@pytest.mark.parametrize(
    ("told", "verdicts"),
    [
        ("The ministers met in Esk. They signed the river treaty there.", []),
        ("Both sides put pen to paper by the river.", ["undecided"]),
        ("The ministers discussed the river treaty in Esk, but did not sign it.", ["against"]),
        ("The ministers want to sign the river treaty in Esk.", ["against"]),
        ("The river treaty of Esk would run for nine years, the ministers said.", ["against"]),
    ],
)
def test_a_treaty_is_signed_only_where_the_article_has_it_signed(told: str, verdicts: list[str]) -> None:
    """A word of signing is needed near by; where it is only wanted or denied, or is missing, that is found."""
    found = check_claim(Article(text=told), "The ministers signed the river treaty in Esk.")
    assert sorted({each.verdict for each in found if each.gate in ("status", "hedge", "negation")}) == verdicts


@pytest.mark.parametrize(
    ("line", "told", "one"),
    [
        ("The agreement was rejected.", {"rejected"}, "rejected"),
        ("The agreements are in the harbour office.", {"agreed"}, "agreed"),
        ("The accord was rejected.", {"rejected"}, "rejected"),
        ("The accord may be signed.", {"proposed"}, "proposed"),
    ],
)
def test_a_noun_tells_a_state_only_where_no_other_word_does(line: str, told: set[str], one: str | None) -> None:
    """An "agreement" is agreed only if nothing else is said of it; what may be signed is proposed."""
    assert (states_told([line]), one_state([line])) == (told, one)


@pytest.mark.parametrize(
    ("sentence", "act"),
    [
        ("Reyes denied that the price of the quay is high.", "denied"),
        ("Reyes disputes that the price of the quay is high.", "disputes"),
        ("Reyes admitted that the price of the quay is high.", "admitted"),
        ("Reyes conceded that the price of the quay is high.", "conceded"),
        ("Reyes threatened that the price of the quay is high.", "threatened"),
        ("Reyes apologised to the council for the high price of the quay.", "apologised"),
    ],
)
def test_nobody_does_more_than_say_who_only_says(sentence: str, act: str) -> None:
    """Each such verb is found where the article lets him say it, and not where it has a word of that kind for it."""
    lines = "Reyes told the council that the price of the quay is high. The council met for nine hours."
    found = check_claim(Article(text=lines), sentence)
    assert [(each.text, each.verdict) for each in found if each.gate == "act"] == [(act, "against")]
    both = f"{lines} His denial was an admission and no rejection: it was a threat and an apology."
    assert "act" not in {each.gate for each in check_claim(Article(text=both), sentence)}


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("Reyes told the council that the price of the quay is not high.", "Reyes denied that the price is high."),
        ("Reyes says the price of the quay is high. It rained. Fog came. It went. Reyes issued a denial.",
         "Reyes denied that the price of the quay is high."),
        ("Reyes says the price of the quay is high.", "Did Reyes deny that the price of the quay is high?"),
        ("Reyes said he would close the quay if the council did not pay for it.",
         "Reyes threatened to close the quay if the council did not pay for it."),
        ("Reyes, 71, was quickly taken into the hospital in Esk after a fall.",
         "Reyes, 71, was quickly admitted to the hospital in Esk after a fall."),
        ("Esk and Marl have quarrelled for years over the price of the quay in Holt.",
         "The price of the disputed quay in Holt has divided Esk and Marl for years."),
        ("Esk Wanderers let in two goals in Marl on Monday.", "Esk Wanderers conceded two goals in Marl on Monday."),
        ("Denis Holub said on Monday that the price is high.", "Denis Holub spoke on Monday of the high price."),
    ],
)  # fmt: skip
def test_whoever_denies_in_other_words_or_elsewhere_or_is_asked_denies(lines: str, sentence: str) -> None:
    """A "not", a denial further down, a question: nothing against it."""
    assert "act" not in {each.gate for each in check_claim(Article(text=lines), sentence)}


def test_a_sentence_too_long_to_be_compared_is_undecided_not_passed() -> None:
    """What is not compared is told, once."""
    found = check_claim(ARTICLE, "The ferry carries cars " * 60)
    assert [each.verdict for each in found if each.gate == "carried"] == ["undecided"]


def test_what_the_article_says_elsewhere_as_the_claim_does_is_not_held_against_it() -> None:
    """A fact that the article tells twice, once with doubt, may be told as it stands the second time."""
    text = "Norland may close the strait, officials said on Monday.\n\nNorland will close the strait, Berg said later."
    article = Article(text=text)
    assert check_claim(article, "Norland will close the strait.") == []
    first = Evidence.of(text, 0, text.index("\n"))
    assert [each.gate for each in check_claim(article, "Norland will close the strait.", first)] == ["hedge"]


def test_a_finding_shows_the_sentence_that_says_otherwise() -> None:
    """The span of a finding is the article's sentence, and its reason names the word that differs."""
    (finding,) = check_claim(ARTICLE, "Norland gave Sudland forty patrol boats next year.")
    assert finding.span is not None
    assert finding.span.text.startswith("Norland gave Sudland forty")
    assert TEXT[finding.span.start : finding.span.end] == finding.span.text
    assert "“last”" in finding.reason


def test_lines_that_are_about_something_else_do_not_carry_a_sentence() -> None:
    """A true sentence with the wrong evidence is found; one about nothing in the article at all is undecided."""
    start = TEXT.index("Exports")
    wrong = Evidence.of(TEXT, start, start + 40)
    assert ("carried", "Parliament did not approve the budget.") in gates(
        "Parliament did not approve the budget.", wrong
    )
    (finding,) = check_claim(ARTICLE, "A choir of schoolchildren sang in the cathedral.")
    assert (finding.gate, finding.verdict) == ("carried", "undecided")


def test_shares_tell_what_a_sentence_rests_on() -> None:
    """The sentence that a claim rests on comes first, with most of its words; a sentence of other words has few."""
    comparisons = sentences_of(ArticleContext.of(ARTICLE)).comparisons("Prices will rise next year, the mayor warned.")
    assert TEXT[comparisons[0].start : comparisons[0].end].startswith("Lotte Arden")
    assert comparisons[0].share > 1 - CARRIED


def test_a_claim_is_read_and_compared_once_for_all_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many checks ask, a claim is compared once with each sentence, and the names of each are read once."""
    compared: list[object] = []
    read: list[object] = []
    monkeypatch.setattr(carriers, "matched", lambda *words: compared.append(words) or matched(*words))
    monkeypatch.setattr(places, "read_words", lambda *stretch: read.append(stretch) or read_words(*stretch))
    claim = "Norland gave Sudland forty patrol boats last winter, and sold Marrow eight."
    assert check_claim(ARTICLE, claim)
    assert len(compared) == len(sentences_of(ArticleContext.of(ARTICLE)).comparisons(claim))
    # The claim is read with the article, and without it.
    assert len(read) <= len(compared) + 2


def test_words_are_matched_by_stem_in_order_and_then_where_they_moved() -> None:
    """Forms of one word are the same; contractions are two words; a phrase that moved is still found."""
    claim, carrier = terms("On Monday she didn’t sign."), terms("She did not sign it on Monday.")
    assert [term.low for term in claim] == ["on", "monday", "she", "did", "not", "sign"]
    there, moved = matched(claim, carrier)
    assert {claim[i].low: carrier[j].low for i, j in there.items()}["monday"] == "monday"
    assert [claim[index].low for index in sorted(moved)] == ["monday"]
    assert all(claim[i].stem == carrier[j].stem for i, j in there.items())


def test_hostile_sentences_cost_little() -> None:
    """A claim and an article of one word, or of names only, a hundred thousand characters long, cost a few seconds."""
    for word in ("not ", "Ada Berg gave ", "may ", "9 "):
        text = (word * 8000)[:100_000]
        assert is_within(4, lambda text=text: check_claim(Article(text=text), text))


def test_threads_do_not_mix_their_words_up() -> None:
    """Several threads that ask for stems at once get those that one alone gets."""
    words = [
        f"{word}{ending}"
        for word in ("sign", "agree", "loan", "deny", "propos")
        for ending in ("", "s", "ed", "ing", "ation")
    ]
    alone = [stem_of(word) for word in words]
    for _ in range(20):
        stem_of.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            assert set(map(tuple, pool.map(lambda _: [stem_of(word) for word in words], range(4)))) == {tuple(alone)}
