"""Articles in other languages: which language it is, who speaks, what is checked, in which language the brief is."""

import json
import re
from functools import partial
from pathlib import Path

import pytest
from double import Double, fail, say
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import SEEDS
from timing import growth

from summarizer import Article, Summarizer, check_claim, find_quotations, load_article
from summarizer.articles.sentences import split_sentences
from summarizer.drafting import prepare
from summarizer.grounding.checks import ArticleContext
from summarizer.grounding.languages import known_languages, language
from summarizer.grounding.languages.detecting import language_of
from summarizer.grounding.languages.reading import read
from summarizer.grounding.own_words import line_within
from summarizer.grounding.plain import untold
from summarizer.rendering import render
from summarizer.schemas.kinds import load_kind
from summarizer.translating import _fault

FRENCH = (
    "Le port de Valmer et la ville de Corbine négocient un accord sur les quais. Les deux villes ont présenté un "
    "projet. « Nous ne paierons pas pour les autres », a déclaré la maire de Valmer, Élise Corvan, devant la presse.\n"
    "« L’accord est bon pour tout le monde », a assuré le ministre des Transports Paul Meras. Le président de Corbine, "
    "Hugo Lantier, a prévenu : « Sans garantie, je ne signe rien. » Les pêcheurs, eux, refusent le projet.\n"
    "« On nous chasse du port », dit Anne Kermo, porte-parole du syndicat. « C’est une insulte », a-t-elle ajouté."
)
RUSSIAN = (
    "Во вторник стороны представили проект соглашения. «Мы слишком долго ждали этого парома», — сказала министр "
    "транспорта Норланда Ада Берг после встречи.\nГлава правительства Сьори Томас Рейс заявил: «Без согласия "
    "парламента я ничего не подпишу». Он добавил, что остров не откажется от сбора.\n«Паромы распугают рыбу», — "
    "пояснила Елена Марвик, руководитель союза рыбаков. По словам Елены Марвик, союз пойдёт в суд."
)
SEED_TEXTS = {
    "de": load_article(SEEDS / "harbour-german.txt").text,
    "es": load_article(SEEDS / "water-spanish.txt").text,
    "uk": load_article(SEEDS / "ferry-ukrainian.txt").text,
    "fr": FRENCH,
    "ru": RUSSIAN,
}
SPEAKERS = {
    "de": ["Ilka Brandt", None, "Torben Esk", "Jonna Veit", "Emil Sorge"],
    "es": ["Lucía Armendar", "Mateo Quirce", "Inés Tolosar", "Bruno Cáliz"],
    "uk": ["Ада Берг", "Томас Рейс", "Олена Марвік", "Юрій Лонд"],
    "fr": ["Élise Corvan", "Paul Meras", "Hugo Lantier", "Anne Kermo", "Anne Kermo"],
    "ru": ["Ада Берг", "Томас Рейс", "Елена Марвик"],
}
OFFICES = {
    "de": {"Bürgermeisterin", "Bürgermeister von Marl", "Vorsitzende des Fischereiverbands Nordküste", "Hafendirektor"},
    "es": {
        "ministra de Aguas de Sarmiel",
        "presidente de Tordoya",
        "portavoz de la Unión de Regantes de Ulmedo",
        "hidrólogo",
    },
    "uk": {"міністерка транспорту Норланда", "Голова уряду Сьорі", "голова спілки рибалок Марла", "економіст"},
    "fr": {"maire de Valmer", "ministre des Transports", "président de Corbine", "porte-parole du syndicat"},
    "ru": {"министр транспорта Норланда", "Глава правительства Сьори", "руководитель союза рыбаков"},
}
NOBODYS = Path(__file__).with_name("nobodys_words.jsonl").read_text(encoding="utf-8").splitlines()
USAGE = {"prompt_tokens": 9_000, "completion_tokens": 100, "total_tokens": 9_100}
SIGNS = [*"„“”«»\"'’‚‘:,.!?—-\n ", "\ud800", "\x00", "е\u0301", "🙂"]
ARABIC = (
    "وقال الوزير إن المحادثات مستمرة في العاصمة منذ يومين. وأضاف: «لن نوقع على شيء قبل الصيف». ولم يذكر تفاصيل أخرى."
)
JAPANESE = (
    "ノルランド政府は火曜日、港の新しい協定案を発表した。"
    "首相は「署名は来年になる」と述べた。"
    "費用を誰が負担するかは明らかになっていない。"
)


@pytest.mark.parametrize("code", SEED_TEXTS)
def test_the_language_is_told_by_the_words(code):
    """What a page declares of its templates does not count against the words of the article."""
    assert language_of(SEED_TEXTS[code]) == code
    assert language_of(SEED_TEXTS[code], "en-US") == code


def test_a_short_text_is_in_the_language_that_is_declared():
    """Some words in Latin letters tell no language for sure; English is what is meant without a declaration."""
    assert language_of("Der Hafen bleibt am Montag zu.", "de-AT") == "de"
    assert language_of("“We sail tomorrow,” said Ada Berg. Karl Esk did not agree.", "de") == "en"
    assert language_of("“We sail tomorrow,” said Ada Berg. Karl Esk did not agree.", "xx") == "en"
    assert language_of("Der Hafen bleibt zu.") == "en"
    assert language_of("", "en_GB") == "en"
    assert language_of("1, 2, 3", "no language at all") == "en"


@pytest.mark.parametrize("code", SEED_TEXTS)
def test_every_speaker_is_found_and_none_is_made_up(code):
    """Each quotation stands letter for letter where it says, and is its speaker's, before or after the words."""
    found = find_quotations(SEED_TEXTS[code])
    assert [each.speaker_name for each in found] == SPEAKERS[code]
    assert all(SEED_TEXTS[code][each.start : each.end] == each.text and each.is_speech for each in found)


@pytest.mark.parametrize("code", SEED_TEXTS)
def test_people_have_the_offices_that_stand_beside_their_names(code):
    """An office of several words, before the name or after it, is read whole and without the name."""
    people = read(SEED_TEXTS[code], language(code)).people
    assert {each.title.text for each in people if each.title} == OFFICES[code]
    assert {each.name for each in people} == {name for name in SPEAKERS[code] if name}


@pytest.mark.parametrize("row", list(map(json.loads, NOBODYS)), ids=lambda row: row["text"][:40])
def test_nobody_is_guessed(row):
    """Somebody else of the same office, somebody's spokesman or wife, whom it is said to or of, two people, “man”:
    where the words do not tell for certain who speaks, nobody does. A quote without a speaker costs a line."""
    assert [each.speaker_name for each in find_quotations(row["text"], row["language"])] == row["speakers"]


@pytest.mark.parametrize(("code", "text", "words"), [("ar", ARABIC, "لن نوقع"), ("ja", JAPANESE, "署名は来年になる")])
def test_other_scripts_keep_their_offsets(code, text, words):
    """Right-to-left text and a script without spaces are split, quoted and briefed as they stand."""
    context = ArticleContext.of(Article(text=text))
    assert context.language.code == code
    assert len(context.sentences) == 3
    assert all(text[each.start : each.end] == each.text for each in (*context.sentences, *context.quotations))
    assert context.quotations[0].text.startswith(words)
    sheet = prepare(Article(text=text), load_kind("news")).sheet
    assert sheet["headline"]
    assert sheet["summary"]


def test_every_table_is_whole():
    """A language that has a table has words for every part of it, all in lower case, so that each can be met."""
    assert known_languages() == ("de", "en", "es", "fr", "ru", "uk")
    for code in known_languages():
        known = language(code)
        assert known.name
        assert known.days.shifts
        assert len(known.days.weekdays) == 7
        if code == "en":
            continue
        lists = (known.speech, known.titles, known.sources, known.leaning, known.small, known.negative, known.pronouns)
        assert all(lists)
        assert dict(known.states).keys() == {
            "proposed",
            "negotiating",
            "agreed",
            "signed",
            "rejected",
            "collapsed",
        }
        words = {word for each in lists for word in each} | {word for _, forms in known.states for word in forms}
        assert all(word == word.lower() for word in words)


def test_a_language_without_a_table_is_read_by_its_marks_alone():
    """Quotations are found, nobody speaks them, and the audit says what was not compared."""
    text = "Il porto resta chiuso. «Non firmeremo nulla prima dell’estate», ha detto la ministra Ada Berg. " * 3
    context = ArticleContext.of(Article(text=text))
    assert context.language.code == "it"
    assert not context.language.is_known
    assert [each.speaker for each in context.quotations] == [None] * 3
    assert "denials" in untold(context)[0].reason


@pytest.mark.parametrize(
    ("sentence", "gate"),
    [
        ("Marl zahlt 38 Millionen Kronen für den Ausbau der Kaimauer.", None),
        ("Marl zahlt 83 Millionen Kronen für den Ausbau der Kaimauer.", "number"),
        ("Torben Esk: „Für unsere Kutter bleibt kein Platz“", "speaker"),
        ("Veit erklärte, der Verband werde nicht gegen den Ausbau klagen.", "negation"),
        ("Esk fordert: „Ohne Zusage unterschreibe ich.“", "quoted words"),
        ("Die Reederei Osmar hat zwei neue Schiffe in Dienst gestellt.", "carried"),
    ],
)
def test_claims_in_german_are_checked(sentence, gate):
    """A changed number, a quote in the wrong mouth, a lost "not" are found; what is not compared is said."""
    article = Article(text=SEED_TEXTS["de"])
    lines = ArticleContext.of(article).sentences
    beside = [each for each in lines if "klagen" in each.text] if gate == "negation" else None
    found = check_claim(article, sentence, beside)
    against = {each.gate for each in found if each.verdict == "against"}
    if gate == "carried":  # without evidence to compare with, that cannot be told for sure
        assert gate in {each.gate for each in found}
    else:
        assert against == ({gate} if gate else set())
    assert "language" in {each.gate for each in found}


def test_the_model_is_told_in_which_language_to_write():
    """The language of the article, or the one that was asked for; of English ones nothing is said."""
    kind = load_kind("news")
    german = Article(text=SEED_TEXTS["de"])
    assert "headline in German." in prepare(german, kind).messages[-1]["content"]
    assert "headline in English." in prepare(german, kind, language="en").messages[-1]["content"]
    english = load_article(SEEDS / "short-no-deal.txt")
    assert "headline in" not in prepare(english, kind).messages[-1]["content"]
    assert "headline in Ukrainian." in prepare(english, kind, language="uk").messages[-1]["content"]


def test_the_example_is_the_same_in_every_language():
    """All before the article is the same, so that what an engine has read of it can be used again."""
    kind = load_kind("news")
    assert (
        prepare(Article(text=SEED_TEXTS["uk"]), kind).messages[:-1]
        == prepare(load_article(SEEDS / "short-no-deal.txt"), kind).messages[:-1]
    )


def test_a_brief_in_another_language_says_what_was_not_compared():
    """Of a translation only numbers and quotations can be compared, which the audit says."""
    context = ArticleContext.of(Article(text=SEED_TEXTS["de"]), "en")
    assert context.is_translated
    assert "German" in untold(context)[0].reason
    assert "English" in untold(context)[0].reason
    assert not untold(ArticleContext.of(load_article(SEEDS / "short-no-deal.txt")))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"„“”«»\"'’‚‘:,.!?—-\n ",
                "\ud800",
                "\x00",
                "е\u0301",
                "🙂",
                *SEED_TEXTS["de"].split()[:60],
                *FRENCH.split()[:60],
            ]
        ),
        max_size=80,
    ),
    st.sampled_from(known_languages()[:1] + known_languages()[2:]),
)
def test_whatever_the_text_its_offsets_hold(words, code):
    """Broken marks, lone surrogates and joined signs end no reading, and every span is the text's own."""
    text = " ".join(words)
    found = read(text, language(code))
    spans = [*found.quotations, *(each for name in found.people for each in name.mentions)]
    spans += [each.speaker for each in (*found.quotations, *found.reports) if each.speaker]
    assert all(text[each.start : each.end] == each.text for each in spans)


def test_a_long_text_is_read_in_time_that_grows_with_it():
    """Four times the text takes about four times as long, and not sixteen times."""

    def reading(copies):
        return partial(read, "\n".join([SEED_TEXTS["de"]] * copies), language("de"))

    assert growth(reading, 20, 80) < 10


async def _answering(request, reply):
    """A model that leaves the brief to the article's words and translates what it is asked to."""
    shown = request.body["messages"][-1]["content"]
    asked = request.body["response_format"]["json_schema"]["schema"]["properties"]
    if "translations" in asked:
        lines = re.findall(r"^(\d+)\. (.+)$", shown, re.MULTILINE)
        said = {
            "Ohne": "I sign nothing without a promise.",
            "Für": "There are 99 places for us.",
            "Die": "The ferry sails on every day.",
        }
        answer = [
            {"line": int(n), "text": said.get(words.split()[0], "This is what somebody says in one line.")}
            for n, words in lines
        ]
        await say({"translations": answer}, usage=USAGE)(request, reply)
        return
    made = {name: [] for name in asked}
    line = re.search(r"^headline:\n- (.+?)(?: \[|$)", shown, re.MULTILINE)
    if line and "headline" in made:
        words = line[1].split()
        made["headline"] = [{"quote": " ".join(words[:8]), "text": " ".join(words[:12])}]
    await say(made, usage=USAGE)(request, reply)


def test_quotations_keep_their_words_and_get_a_translation_beside_them():
    """In a brief in another language each quote is the article's own; what is wrong with a translation is told."""
    article = load_article(SEEDS / "harbour-german.txt")
    with Double(_answering) as double, Summarizer("some-model", base_url=double.base_url, language="en") as summarizer:
        brief = summarizer.brief(article)
    beside = {
        quote.text: translation
        for position in brief.positions
        for quote, translation in zip(position.quotes, position.translations, strict=True)
    }
    assert all(words in article.text for words in beside)
    assert beside["Ohne eine verbindliche Zusage der Reederei unterschreibe ich nichts."].startswith("I sign nothing")
    assert beside["Für unsere Kutter bleibt kein Platz"] is None
    assert {each.gate for each in brief.audit.findings if each.path == "translations"} == {"number"}
    shown = render(brief, "md")
    assert "[machine translation: I sign nothing without a promise.]" in shown
    assert "99 places" not in shown


def test_without_translations_the_brief_stands():
    """A model that fails at translating costs the translations and not the brief, and the audit says so."""

    async def failing(request, reply):
        asked = request.body["response_format"]["json_schema"]["schema"]["properties"]
        await (fail(400, "no") if "translations" in asked else _answering)(request, reply)

    article = load_article(SEEDS / "harbour-german.txt")
    with Double(failing) as double, Summarizer("some-model", base_url=double.base_url, language="en") as summarizer:
        brief = summarizer.brief(article)
    assert brief.positions
    assert not any(position.translations for position in brief.positions)
    assert "translation" in {each.gate for each in brief.audit.findings}


@pytest.mark.parametrize("line", ["Minister {} sagte, es sei gut.", "{} sagte. „Ja, das ist gut so“, sagte er."])
def test_many_people_cost_no_more_than_their_number(line):
    """Four times the people take about four times as long: none is compared with all others."""

    def reading(number):
        letters = (f"{n:04}".translate(str.maketrans("0123456789", "abdefgilmn")) for n in range(number))
        names = (f"Karl Es{word}" for word in letters)
        return partial(read, "\n".join(line.format(name) for name in names), language("de"))

    assert growth(reading, 300, 1200) < 10


def test_an_ordinal_ends_no_german_sentence():
    """“Des 3. Bataillons” is one sentence, and “um 3.” may end one."""
    text = "Ein Dutzend Soldaten des 3. Bataillons kam am 1. Tag. Die Fähre kam um 3. Danach war Ruhe im Hafen."
    assert [each.text for each in split_sentences(text, "de")] == [
        "Ein Dutzend Soldaten des 3. Bataillons kam am 1. Tag.",
        "Die Fähre kam um 3.",
        "Danach war Ruhe im Hafen.",
    ]


def test_no_sentence_is_ended_by_the_words_of_another_language():
    """Where a long sentence may end early is told by English words, so that of others it stands whole or not at all."""
    line = "Die Einigung über die Aufteilung des Erdöls, das sich in der See von Esk befindet, " * 3 + "ist neu."
    assert line_within(line, 20, is_english=False) == ""


@pytest.mark.parametrize(
    ("words", "translation", "gate"),
    [
        ("Es gab drei Tote und zehn Verletzte.", "There were three dead and ten injured.", None),
        ("Es gab drei Tote und zehn Verletzte.", "There were five dead and ten injured.", "number"),
        ("Es kostet 1.300 Kronen im Jahr.", "It costs 1.3 crowns a year.", "number"),
        ("Wir zahlen 12 Prozent mehr.", "We pay 12 euros more.", "number"),
        ("Wir unterschreiben das nicht.", "We sign this.", "negation"),
        ("Wir sind alle dafür.", "We are for it: see www.esk.example for more.", "translation"),
        ("Heute lügt Karl Esk, aber Ada Berg nicht.", "Today Ada Berg does not lie, but Karl does.", "name"),
        (
            "Wir sind dafür.",
            "We are for it, and the whole of the coast has been for it since the spring.",
            "translation",
        ),
    ],
)
def test_a_translation_that_says_something_else_is_left_out(words, translation, gate):
    """Other numbers or names, a “not” more or less, an address, another length: each has its own gate."""
    fault = _fault(words, translation, ArticleContext.of(Article(text=SEED_TEXTS["de"]), "en"))
    assert (fault and fault[0]) == gate
