"""Who speaks: patterns of attribution, pronouns, sources without a name, and what is put into nobody's mouth."""

import pytest
from test_quotations import LEAD, spoken

from summarizer.grounding.names import find_names
from summarizer.grounding.patterns import Pattern, patterns
from summarizer.grounding.quotations import attributed, find_quotations


@pytest.mark.parametrize(
    ("sentence", "mention", "name"),
    [
        ("“We sail at dawn,” Berg said.", "Berg", "Ada Berg"),
        ("“We sail at dawn,” said Reyes, smiling.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn,” Berg, 54, who grew up there, told the Courier.", "Berg", "Ada Berg"),
        ("“We sail at dawn,” according to Reyes.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn,” harbour spokeswoman Lena Moss said.", "Lena Moss", "Lena Moss"),
        ("“We sail at dawn,” said the harbour’s director, Lena Moss.", "Lena Moss", "Lena Moss"),
        ("“We sail at dawn?” asked Reyes.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn.” — Lena Moss", "Lena Moss", "Lena Moss"),
        ("Reyes told reporters: “We sail at dawn.”", "Reyes", "Tomas Reyes"),
        ("According to Reyes, “we sail at dawn”.", "Reyes", "Tomas Reyes"),
        ("Asked about it, Berg smiled, adding, “We sail at dawn.”", "Berg", "Ada Berg"),
        ("Reyes described the plan as “far too dear”.", "Reyes", "Tomas Reyes"),
        ("The “honest trade” is over, Reyes said.", "Reyes", "Tomas Reyes"),
        ("The plan, described by Reyes as “a gift”, failed.", "Reyes", "Tomas Reyes"),
        ("A spokesman for Berg said it was “a gift”.", "A spokesman for Berg", None),
        ("Berg told the crews that a plan announced by Reyes this week “would ruin them”.", "Berg", "Ada Berg"),
        ("Berg said that fares would rise, but the claim was called by Reyes “nonsense”.", "Reyes", "Tomas Reyes"),
        ("Berg said that she had been told by Reyes: “We sail at dawn.”", "Reyes", "Tomas Reyes"),
        ("Berg said on Friday that the plan was described by Reyes as “a disgrace”.", "Reyes", "Tomas Reyes"),
        ("“We sail at dawn,” a senior official said.", "a senior official", None),
        ("It was “a gift”, as Reyes put it.", "Reyes", "Tomas Reyes"),
        ("It was a plan that Reyes described as “a gift”.", "Reyes", "Tomas Reyes"),
        ("Berg and Reyes call it “a gift”.", "Berg and Reyes", None),
        ("The fleet may be late, Reyes said. “We sail at dawn.”", "Reyes", "Tomas Reyes"),
        ("Its new director, Lena Moss, said it was late. “We sail at dawn.”", "Lena Moss", "Lena Moss"),
        ("“We sail at dawn,” said 24/7 harbour guard Lena Moss.", "Lena Moss", "Lena Moss"),
        ("“We sail at dawn.” — Lena A. Moss.", "Lena A. Moss", "Lena A. Moss"),
        ("PORT STAYS SHUT — Reyes nodded, saying “we sail at dawn”.", "Reyes", "Tomas Reyes"),
        ("Reyes nagged, and grumbled, so that she gave in: “We sail at dawn.”", "she", "Ada Berg"),
    ],
)
def test_known_patterns(sentence: str, mention: str, name: str | None) -> None:
    """Each way in which newspapers attribute leads to the mention beside the quote and to the fullest name."""
    ((_, found, full),) = spoken(LEAD + "\n\n" + sentence)
    assert (found, full) == (mention, name)


@pytest.mark.parametrize("pattern", patterns(), ids=lambda pattern: pattern.name)
def test_every_pattern_of_the_table_does_its_work(pattern: Pattern) -> None:
    """Each entry finds the speaker in its own example; without it another way is found or none."""
    found = attributed(pattern.example)
    assert {q.speaker.text if q.speaker else "" for q, _ in found} == {pattern.speaker}
    assert pattern.name in [name for _, name in found] or not pattern.speaker
    without = attributed(pattern.example, [each for each in patterns() if each is not pattern])
    assert pattern.name not in [name for _, name in without]
    assert without != found


def test_the_order_of_the_table_decides() -> None:
    """Of two patterns that find a speaker the first in the table is followed."""
    text = "Reyes said, “we sail,” Berg said."
    after, before = (next(each for each in patterns() if each.name == f"X said {side}") for side in ("after", "before"))
    assert [name for _, name in attributed(text, [after, before])] == ["X said after"]
    assert [name for _, name in attributed(text, [before, after])] == ["X said before"]
    assert attributed(text, []) == [
        (find_quotations(text)[0].model_copy(update={"speaker": None, "speaker_name": None, "cue": None}), "")
    ]


def test_transcript_lines_name_the_speaker() -> None:
    """A name and a colon attribute without a verb."""
    assert [name for *_, name in spoken("Lena Moss: “You went?”\nTomas Reyes: “I did.”")] == [
        "Lena Moss",
        "Tomas Reyes",
    ]


def test_speech_goes_on_to_the_next_sentence_and_paragraph() -> None:
    """A quote without an attribution of its own belongs to who spoke last, until somebody else stands between."""
    text = LEAD + "\n\n“One,” Berg said. “Two.”\n\n“Three.”\n\nThe harbour was calm.\n\n“Four.”"
    assert [name for *_, name in spoken(text)] == ["Ada Berg", "Ada Berg", "Ada Berg", None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Berg opened the port. “Come in,” she said.", "Ada Berg"),
        ("Ada Berg opened the port. “Come in,” he said.", None),
        ("Lena Moss met Ada Berg. Reporters waited for Lena Moss and Ada Berg. “Come in,” she said.", None),
        ("Mr. Holm told Ada Berg to wait. “Come in,” he said.", "Holm"),
        ("The strait was calm. “Come in,” she said.", None),
        ("The deal angered Ada Berg and Lena Moss. “Come in,” she said.", None),
        ("With Ada Berg and Lena Moss there, she said: “Come in.”", None),
        ("Ada Berg told Lena Moss the fleet was late. “I know,” she said.", None),
        ("Ada Berg had sent Lena Moss to the quay. “Come back,” she told Moss.", "Ada Berg"),
    ],
)
def test_pronouns_are_resolved_or_left_open(text: str, name: str | None) -> None:
    """A pronoun stands for the last subject it fits; where two could be meant or none is there, it names nobody."""
    assert [full for *_, full in spoken(text)] == [name]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Ada Berg, described as “a fox”, left.", "Ada Berg"),
        ("Ada Berg was told it was “closed”.", "Ada Berg"),
        ("An aide to Ada Berg said it was “closed”.", "Ada Berg"),
        ("Last year, several green groups granted Ada Berg a delay, saying the “start was slow”.", "Ada Berg"),
        ("“We sail,” Tomas Reyes said of Ada Berg.", "Ada Berg"),
        ("“We sail,” said a friend of Ada Berg.", "Ada Berg"),
    ],
)
def test_no_words_in_the_wrong_mouth(text: str, wrong: str) -> None:
    """Who is spoken of, told, or stands beside the speaker is not the speaker."""
    assert wrong not in [name for *_, name in spoken(text)]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("The Courier quoted Reyes as saying: “We sail.”", "Tomas Reyes"),
        ("Berg accused Reyes of saying “we sail”.", "Tomas Reyes"),
        ("Reyes was quoted by the Courier as saying “we sail”.", "Tomas Reyes"),
        ("Reyes recalls his father saying, “Never sail.”", None),
        ("Reyes held a sign saying “go home”.", None),
        ("Reyes issued a statement saying “we sail”.", "Tomas Reyes"),
        ("Berg told reporters on Monday, “I am clever,” when Reyes blasted her.", "Ada Berg"),
        ("Reyes was asked: “Will you go home?”", None),
        ("Reyes had been told by Holm: “Go home.”", "Karl Holm"),
        ("Berg, asked by Reyes “will you sail?”, nodded.", "Tomas Reyes"),
        ("Reyes cited Berg, who had written: “We sail.”", "Ada Berg"),
        ("Reyes cited Berg’s words: “We sail.”", None),
        ("Berg dismissed Reyes’s claim that “the sea is empty”.", None),
        ("Berg described Reyes’s claim as “a lie”.", "Ada Berg"),
        ("Berg read out a letter from Reyes that said “we give up”.", None),
        ("“We sail,” reads the letter that Reyes wrote.", None),
        ("“We sail,” Holm said Reyes told him.", None),
        ("Ada Berg and Tomas Reyes said: “We sail at dawn.”", None),
        ("“We sail at dawn,” said Berg and Reyes.", None),
        ("Berg, who in 2010 said the plan was “a gift”, left.", "Ada Berg"),
        ("“We sail,” said Spc. Lena Moss.", "Lena Moss"),
        ("“We sail,” said Col. Olaf “O.K.” Dahl.", "Olaf Dahl"),
        ("Ask Reyes: “Are you mad?”", None),
        ("Reyes is alleged to have said “kill them all”.", None),
        ("Berg mocked Reyes for his “tiny boats” remark.", None),
        ("Berg mocked Reyes for the “tiny boats” remark.", None),
        ("Berg mocked Reyes’s “tiny boats” remark.", None),
        ("Berg condemned Reyes’s “reckless” comments.", None),
        ("Berg rejected the “baseless” claims.", "Ada Berg"),
        ("Reading “Night Boats”, Berg smiled.", None),
        ("All this has led Berg to call it “a gift”.", None),
        ("Calling it “a gift to smugglers,” Berg left.", "Ada Berg"),
        ("After saying it was “a gift”, Berg left.", "Ada Berg"),
        ("Without calling it “a gift”, Berg left.", None),
        ("Calling it “a gift”, the minister left.", None),
        ("Holm said he “admires” Reyes and praised the fleet.", "Karl Holm"),
        ("The suit, which was brought by the fleet’s master, Karl Holm, accused the port of “piracy”.", None),
        ("Republican senators want a veto, saying it rests on “wrong” information.", None),
        ("Reyes, D-Esk., asked whether it was “a gift”.", "Tomas Reyes"),
        ("“We sail,” Reyes, R-Sudland, said.", "Tomas Reyes"),
        ("Holm confirmed that Reyes meant to file charges against Berg and said that it was “a gift”.", "Karl Holm"),
    ],
)
def test_whose_words_they_are(sentence: str, name: str | None) -> None:
    """Words go to who is made to say them, not to who quotes, asks, rejects or carries them; else to nobody."""
    people = "Prime minister Ada Berg met Tomas Reyes, the fisheries minister of Sudland, and Karl Holm.\n\n"
    assert spoken(people + sentence)[0][2] == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rep. Moses L. Dahl Jr. left. “I am sorry,” Mr. Dahl said. He had a hat of Peter Dahl.", "Dahl"),
        ("President Dahl left. “Come in,” Mr. Dahl said to his daughters. Lena Dahl said no.", "Dahl"),
        ("Mayor Dahl left. “Come in,” Ms. Dahl said. Lena Dahl, the mayor, went home.", "Lena Dahl"),
        ("Lena Dahl left. “Come in,” Mayor Dahl said.", "Lena Dahl"),
    ],
)
def test_a_surname_is_nobodys_full_name_that_may_be_anothers(text: str, name: str) -> None:
    """Who is "Mr." may be one of no known gender, and who had an office before is not a namesake who comes later."""
    assert [full for *_, full in spoken(text)] == [name]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Berg left with Reyes.Then Karl Holm, whom the storm had held up, said Reyes was “no sailor”.", "Karl Holm"),
        ("Reyes left “for good.”Then Karl Holm, whom the storm had held up, said Reyes was “no sailor”.", "Karl Holm"),
        ("Reyes spoke of prices and of health care.The harbour master said it was “a gift”.", "The harbour master"),
        ("“It rains,” said Holm, the master of the harbour.“We stay.”", "Holm"),
        ("Businesses left. On Monday, the Esk Board came out against it, stating, “We stay.”", "Esk Board"),
        ("Businesses feared vote 1062.On Monday, Karl Holm came out against it, stating, “We stay.”", "Karl Holm"),
        ('Berg left."It rains," Reyes said."We stay."', "Reyes"),
        ("Reyes left.Gen.Holm, whom the storm had held up, wrote to Esk.example that Reyes was “no sailor”.", "Holm"),
    ],
)
def test_a_space_that_is_lost_between_two_sentences_ends_the_first(text: str, speaker: str) -> None:
    """Pages lose it where their paragraphs are joined; a short title and an address end no sentence."""
    assert spoken(text)[-1][1] == speaker


@pytest.mark.parametrize(
    "sentence",
    [
        "Berg did not say “we surrender”.",
        "Berg didn’t say “we surrender”.",
        "Berg never said “we surrender”.",
        "Berg denied saying “we surrender”.",
        "Berg denied that she had said “we surrender”.",
        "If Berg says “we surrender”, the deal is dead.",
        "Had Berg said “we surrender”, the deal would be dead.",
        "Neither Berg nor Reyes said “we surrender”.",
    ],
)
def test_what_was_not_said_has_no_speaker(sentence: str) -> None:
    """Denied and conditional speech is put into nobody's mouth."""
    assert [q.speaker for q in find_quotations(LEAD + sentence)] == [None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“Who knows?” Berg asked. “Nobody does.”", None),
        ("“Who knows?” Berg asked. “Nobody does.” It rained.", None),
        ("“Who knows?” Berg asked. “Nobody does.” She shrugged.", "Ada Berg"),
        ("“Who knows?” Berg asked. “Nobody does.” Berg shrugged.", "Ada Berg"),
        ("“Who knows?” Berg asked. “Nobody does.” Reyes shrugged.", None),
        ("“Who knows?” Reyes asked. “Nobody does.” She shrugged.", None),
        ("“Who knows?” Berg asked at a rally. “Nobody does.”", "Ada Berg"),
        ("“Who knows?” Berg said. “Nobody does.”", "Ada Berg"),
    ],
)
def test_an_answer_may_be_anybodys(text: str, name: str | None) -> None:
    """What follows a question is the asker's only if the text goes on about the same one, or nobody could answer."""
    assert spoken(LEAD + "\n\n" + text)[1][2] == name


def test_a_signature_ends_a_speech() -> None:
    """Who has signed is not taken to go on in the next paragraph."""
    assert [name for *_, name in spoken("“One.” — Lena Moss\n\n“Two.”")] == ["Lena Moss", None]


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("“We sail,” a senior official said.", "a senior official"),
        ("“We sail,” one official, who asked not to be named, said.", "one official"),
        ("Berg said they would not sail. “We sail,” said one official, who asked not to be named.", "one official"),
        ("“We sail,” said people familiar with the talks.", "people familiar with the talks"),
        ("People familiar with the talks said the plan was “dead”.", "People familiar with the talks"),
        ("“We sail,” said a person close to Berg, who did not speak.", "a person close to Berg"),
        ("“We sail,” an aide to Berg said.", "an aide to Berg"),
        ("An official came, and another official. “We sail,” the official said.", "the official"),
        ("A senior official met Berg. “We sail,” she said.", "she"),
        ("Berg left. One minister stayed behind. “We sail,” she said.", "she"),
        ("Berg spoke. One official said it was late. “We sail.”", None),
        (
            "“We sail,” according to two officials briefed on the talks with Berg.",
            "two officials briefed on the talks with Berg",
        ),
    ],
)
def test_a_source_without_a_name_stays_so(text: str, mention: str | None) -> None:
    """Whom the article does not name keeps the article's words and is never taken for somebody it names."""
    assert spoken(LEAD + "\n\n" + text)[-1][1:] == (mention, None)


@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_an_answer_is_not_the_askers(gap: str) -> None:
    """After a question put to somebody, a quote without an attribution is left open."""
    names = [name for *_, name in spoken(LEAD + f"“Did you sail?” Reyes asked Berg.{gap}“I did not.”")]
    assert names == ["Tomas Reyes", None]


def test_two_people_of_one_surname_are_not_mixed_up() -> None:
    """Where a surname fits two people it stays a surname; a title that fits one decides."""
    people = "Mrs. Ada Berg and her son, Karl Berg, sail. "
    assert spoken(people + "“Now,” Berg said.")[0][2] == "Berg"
    assert spoken(people + "“Now,” Mrs. Berg said.")[0][2] == "Ada Berg"


@pytest.mark.parametrize(
    ("people", "said", "name"),
    [
        ("President Olaf Berg met his son Olaf Berg Jr. today.", "Berg", "Berg"),
        ("President Olaf Berg met his son Olaf Berg Jr. today.", "Olaf Berg", "Olaf Berg"),
        ("Mayor Ada Holm sued Mayor Ada Reyes.", "Ada", "Ada"),
        ("Mayor Olaf H. Berg met Mayor Olaf K. Berg.", "Berg", "Berg"),
        ("Mayor Olaf H. Berg met Mayor Olaf K. Berg.", "Olaf Berg", "Olaf Berg"),
        ("Mayor Olaf K. Berg left. Mayor Olaf Karl Berg sails.", "Berg", "Olaf Karl Berg"),
    ],
)
def test_names_that_differ_are_two_people(people: str, said: str, name: str) -> None:
    """Forms are one person's only if first and last word and suffix are the same and initials agree."""
    assert spoken(f"{people} “Now,” {said} said.")[0][2] == name


def test_people_are_found_with_title_and_mentions() -> None:
    """A person has the fullest form, the title beside it and every mention; bodies and places are no people."""
    text = LEAD + "Berg smiled. The Harbour Council and New Haven waited for Sen. Ada K. Berg."
    names = {name.name: name for name in find_names(text)}
    assert set(names) == {"Ada K. Berg", "Tomas Reyes"}
    assert [mention.text for mention in names["Ada K. Berg"].mentions] == ["Ada Berg", "Berg", "Ada K. Berg"]
    title = names["Tomas Reyes"].title
    assert title is not None
    assert title.text == "the fisheries minister of Sudland"
    for name in names.values():
        assert all(text[m.start : m.end] == m.text for m in name.mentions)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Will Sudland pay? “It will,” said Sudland.", set()),
        ("Nobody knows. “Will Sudland pay?” he asked. Sudland said no.", set()),
        ("Will President Ada Berg pay? Berg smiled.", {"Ada Berg"}),
        ("Will Moss said no. Moss smiled.", {"Will Moss"}),
        ("Did Will Moss pay? Moss smiled.", {"Will Moss"}),
    ],
)
def test_the_will_of_a_question_is_no_given_name(text: str, names: set[str]) -> None:
    """A question that opens with "Will" asks about the name after it; elsewhere Will is a given name."""
    found = find_names(text)
    assert {name.name for name in found} == names
    assert not any(name.title and "Will" in name.title.text for name in found)
