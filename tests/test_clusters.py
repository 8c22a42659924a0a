"""The same story once: copies, versions, stories that stay apart, and ids that stay the same."""

import dataclasses
import hashlib
import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import clusters
from benchmarks.stream import stream
from summarizer import Article, SummarizerError, cluster_stories
from summarizer.digest.addresses import canonical_address, wire_slug
from summarizer.digest.copies import sketch
from summarizer.digest.grouping import JOIN
from summarizer.digest.keeping import Kept
from summarizer.digest.nearby import LATEST, LEADING, MOST, PROMISING, Nearby
from summarizer.digest.stories import Stories
from summarizer.digest.terms import SCALE, read_terms

PORT_VISIT = (
    "Norland's foreign minister, Ada Berg, arrived in Marl on Monday for talks on fishing rights in the "
    "strait. Berg said that herring boats from Sudland could return before winter if inspections went on. The"
    " talks with the harbour council of Marl lasted four hours, and Berg was to visit the fish market on "
    "Tuesday.",
    "Fishing rights in the strait were the subject when Ada Berg, who is Norland's foreign minister, met the "
    "harbour council in Marl. Herring boats of Sudland may come back before winter, Berg told reporters, as "
    "long as the inspections continue. A visit to the fish market is planned.",
    "MARL - The harbour council of Marl heard Norland's Ada Berg speak for four hours about herring and "
    "inspections. The foreign minister wants Sudland's boats back in the strait before winter comes; fishing "
    "rights are to be settled.",
)
# The same minister in the same town, on other business.
PORT_TRIAL = (
    "A court in Marl began on Monday to hear the case against Norland's foreign minister, Ada Berg, over a "
    "villa that a builder, Ivo Lund, is said to have paid for. Prosecutor Nela Stam read a charge of bribery."
    " Berg denied it and her lawyer asked for the judge to be replaced.",
    "Bribery charges against Ada Berg were read in a Marl courtroom by the prosecutor, Nela Stam. The builder"
    " Ivo Lund paid for the villa of Norland's foreign minister, she told the judge. A lawyer for Berg called"
    " the case empty and wants another judge.",
)
# Another minister's visit in the words of the first.
OTHER_VISIT = (
    "Estmark's foreign minister, Tomas Reyes, arrived in Quill on Monday for talks on grazing rights in the "
    "hills. Reyes said that sheep farmers from Westmark could return before winter if inspections went on. "
    "The talks with the mountain council of Quill lasted four hours, and Reyes was to visit the wool market "
    "on Tuesday.",
    "Grazing rights in the hills were the subject when Tomas Reyes, who is Estmark's foreign minister, met "
    "the mountain council in Quill. Sheep farmers of Westmark may come back before winter, Reyes told "
    "reporters, as long as the inspections continue. A visit to the wool market is planned.",
)
QUAKE = (
    "An earthquake of magnitude 6.1 struck near {place} on {day}, killing at least {dead} people, officials "
    "said. Rescue workers searched the rubble of a school in {town}, and the governor of {region}, {name}, "
    "asked for tents and water. The quake was felt in {far}, where people ran into the streets."
)
QUAKES = (
    {"place": "Orvane", "day": "Monday", "dead": 40, "town": "Tellin", "region": "Saltmoor"}
    | {"name": "Bran Okker", "far": "Vessel"},
    {"place": "Hulm", "day": "Friday", "dead": 9, "town": "Grey Pass", "region": "Corr Hills"}
    | {"name": "Lia Marek", "far": "Dunmere"},
)


def articles(*texts, **fields):
    return [Article(text=text, **fields) for text in texts]


def groups(ids):
    """Which positions have one id."""
    found = {}
    for position, story in enumerate(ids):
        found.setdefault(story, []).append(position)
    return sorted(found.values())


def long_text(seed, sentences=24):
    """A text of invented words that shares none of its runs with another seed's."""
    rng = random.Random(seed)
    letters = "bdfgklmnprstv"
    words = ["".join(rng.choice(letters) + rng.choice("aeiou") for _ in range(rng.randint(2, 3))) for _ in range(90)]
    return " ".join(
        " ".join(rng.choice(words) for _ in range(12)).capitalize() + f" {rng.choice(words).capitalize()}."
        for _ in range(sentences)
    )


# Stories


def test_three_papers_tell_one_event_and_another_event_of_the_same_minister_and_town_stays_apart():
    """Reports of one event have one id; a trial that shares who and where with a visit is another story."""
    ids = cluster_stories(articles(*PORT_VISIT, *PORT_TRIAL))
    assert groups(ids) == [[0, 1, 2], [3, 4]]


def test_the_visits_of_two_ministers_stay_apart_though_their_words_are_alike():
    """The names decide where the words are those of any visit."""
    assert groups(cluster_stories(articles(*PORT_VISIT[:2], *OTHER_VISIT))) == [[0, 1], [2, 3]]


def test_days_are_no_names():
    """Weekdays and months have capitals in English, and would make the reports of one Monday alike."""
    told = "Berg met Reyes on Monday, and again on Friday in March, when Lund was away."
    assert set(read_terms(Article(text=told)).names) == {"reyes", "lund"}


def test_two_earthquakes_told_in_the_same_words_stay_apart():
    """A report from an agency's mould has the runs and words of another, and other names."""
    told = [QUAKE.format(**quake) for quake in QUAKES]
    assert len(set(cluster_stories(articles(*told, *PORT_VISIT)))) == 3


def test_a_like_report_a_month_later_is_of_another_event():
    """The days between two reports take from their likeness; without dates nothing is taken off."""
    first, second = (
        Article(text=text, published=day) for text, day in zip(PORT_TRIAL, ("2031-03-03", "2031-05-03"), strict=True)
    )
    assert len(set(cluster_stories([first, second]))) == 2
    assert len(set(cluster_stories(articles(*PORT_TRIAL)))) == 1


def test_the_order_of_the_articles_changes_no_id():
    """Each article has the same id whatever the order, and the ids are made of founders among them."""
    given = articles(*PORT_VISIT, *PORT_TRIAL, *OTHER_VISIT)
    wanted = dict(zip([each.id for each in given], cluster_stories(given), strict=True))
    for seed in range(5):
        shuffled = random.Random(seed).sample(given, len(given))
        assert dict(zip([each.id for each in shuffled], cluster_stories(shuffled), strict=True)) == wanted
    assert {story.removeprefix("story-") for story in wanted.values()} <= {each.id[:16] for each in given}


# Ids that stay


def test_ids_stay_when_articles_come_later_and_after_dumping_and_loading():
    """What comes tomorrow joins today's story under its id, and what was loaded goes on as what was dumped."""
    stories = Stories()
    today = stories.add(articles(PORT_VISIT[0], PORT_TRIAL[0], *OTHER_VISIT))
    loaded = Stories.load(stories.dump())
    later = articles(PORT_VISIT[1], PORT_TRIAL[1], PORT_VISIT[2])
    places = stories.add(later)
    assert [place.story for place in places] == [today[0].story, today[1].story, today[0].story]
    assert loaded.add(later) == places
    assert loaded.dump() == stories.dump()
    assert stories.place(Article(text=PORT_VISIT[0]).id) == today[0]


# Articles of which some are copies, versions of others by address or slug, without words, a day or a source.
POOL = [
    Article(text=text, url=url, source=source, published=published)
    for text, url, source, published in (
        [
            *((text, None, None, "2031-03-03") for text in (*PORT_VISIT, *PORT_TRIAL, *OTHER_VISIT)),
            *(
                (text, f"https://courier.example/{n % 2}", "Courier", f"2031-03-0{3 + n}T08:00:00Z")
                for n, text in enumerate((PORT_VISIT[0] + " More.", PORT_VISIT[1] + " More.", PORT_TRIAL[0] + " More."))
            ),
            *((long_text(seed), None, "Ledger", None) for seed in (1, 2)),
            *((long_text(1)[at:], f"https://ledger.example/{at % 3}", "Marl Wire", None) for at in range(0, 900, 90)),
            *(
                (f"BC-EU--Marl-Fishing, {n} Ld\n\n{text}", None, None, f"2031-03-0{5 - n}")
                for n, text in enumerate((*PORT_VISIT, PORT_VISIT[0] + " He left."))
            ),
            ("… !!", None, "\ud800", None),
            (" ".join(long_text(seed, 8) for seed in (3, 4)), None, None, None),
            (long_text(3, 8), None, None, None),
            (long_text(4, 8), None, None, None),
        ]
    )
]


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(len(POOL))), st.lists(st.integers(0, len(POOL)), min_size=1, max_size=3))
def test_what_was_dumped_and_loaded_goes_on_to_the_byte_as_what_stayed_in_memory(order, ends):
    """Whatever came before and comes after, in however many calls: the same places and the same bytes."""
    cuts = sorted({0, len(POOL), *ends})
    stays, carried = Stories(), Stories()
    told = set()
    for start, end in pairwise(cuts):
        part = [POOL[place] for place in order[start:end]]
        carried = Stories.load(carried.dump())
        places = carried.add(part)
        assert places == stays.add(part)
        assert carried.dump() == stays.dump()
        told |= {place.story for place in places}
    carried = Stories.load(carried.dump())
    assert all(carried.place(each.id) == stays.place(each.id) for each in POOL)
    assert all(carried.current(each) == stays.current(each) for each in told)
    later = [carried.since(moment).dump() for moment in (0.0, 1930303000.0)]
    assert later == [stays.since(moment).dump() for moment in (0.0, 1930303000.0)]
    assert later[0] == carried.dump()


def test_places_words_and_signatures_of_the_benchmarks_stream_are_those_of_the_plain_way():
    """What was made faster reads nothing else and tells no article another story: the value is of the code before."""
    made = [each.article for each in stream(400, seed=7)]
    stories = Stories()
    places = [*stories.add(made[:350]), *stories.add(made[350:]), *(stories.place(each.id) for each in made)]
    told = [f"{each.story} {each.copy_of} {each.replaces} {each.replaced_by}" for each in places]
    for entry in map(stories._entries.__getitem__, range(len(stories))):
        told.append(f"{entry.id} {entry.sketch.runs} {entry.sketch.values.hex()}")
        if entry.copy_of is None:
            told.append(f"{[*entry.words.items()]} {[*entry.names.items()]}")
    wanted = "7d0c00d625128c90945ebe8024f98704fa33127a45c1b01a7bd43984106f0a08"
    assert hashlib.sha256("\n".join(told).encode()).hexdigest() == wanted


def test_what_is_kept_is_the_same_to_the_byte_in_whatever_order_the_articles_come():
    """Two runs over the same articles dump the same bytes."""
    given = articles(*PORT_VISIT, *PORT_TRIAL, *OTHER_VISIT, *(long_text(seed) for seed in range(30)))
    dumped = []
    for seed in (1, 2):
        stories = Stories()
        stories.add(random.Random(seed).sample(given, len(given)))
        dumped.append(stories.dump())
    assert dumped[0] == dumped[1]


def test_of_what_was_loaded_only_what_a_new_article_is_compared_with_is_read():
    """Opening a store of many articles and adding one leaves most of them as they are, and so does leaving out days."""
    made = [each.article for each in stream(301)]
    stories = Stories()
    stories.add(made[:300])
    loaded = Stories.load(stories.dump())
    later = loaded.since(0.0)
    assert not loaded._entries._asked
    later.add(made[300:])
    assert 0 < len(later._entries._asked) < 100


def likest(vectors, asked):
    """Which vectors share most with one, worked out without an index."""
    shared = dict.fromkeys(range(len(vectors)), 0)
    for word, weight in [*asked.items()][:LEADING]:
        known = [number for number, each in enumerate(vectors) if word in [*each][:LEADING]]
        for number in known[-LATEST:]:
            shared[number] += weight * vectors[number][word]
    enough = [number for number in shared if shared[number] >= PROMISING * JOIN * SCALE * SCALE]
    return sorted(enough, key=lambda number: (-shared[number], number))[:MOST]


def test_words_lead_to_the_same_articles_whether_these_were_loaded_at_once_or_added_one_by_one():
    """Of a word that more articles have than are looked at the latest count, however they came and whoever comes."""
    rng = random.Random(1)
    vocabulary = [f"word{number}" for number in range(120)]
    vectors = [{word: rng.randint(50, 300) for word in rng.sample(vocabulary, 50)} for _ in range(3 * LATEST)]
    added = Nearby()
    for number, vector in enumerate(vectors):
        added.add(number, vector)
    leading = [
        (word, weight, number) for number, each in enumerate(vectors) for word, weight in [*each.items()][:LEADING]
    ]
    words, weights, numbers = zip(*leading, strict=True)
    places = numpy.array([vocabulary.index(word) for word in words])
    loaded = Nearby.of(vocabulary, places, numpy.array(weights), numpy.array(numbers))
    for number, vector in enumerate(vectors):
        found = added.find(vector)
        assert found == loaded.find(vector)
        assert number or found == likest(vectors, vector)
        for each in (added, loaded):
            each.add(len(vectors) + number, vector)


def test_of_two_stories_that_grow_together_the_older_id_stays_and_the_younger_leads_to_it():
    """Reports that say all that two stories say make one of them, and nobody's link is dead."""
    halves = [" ".join(long_text(seed, 8) for seed in seeds) for seeds in ((1, 2), (3, 4))]
    stories = Stories()
    older, younger = (stories.add([Article(text=half)])[0].story for half in halves)
    assert older != younger
    words = " ".join(halves).split()
    mixed = [" ".join(random.Random(seed).sample(words, len(words))) for seed in range(2)]
    places = [stories.add([Article(text=text)])[0] for text in mixed]
    assert stories.current(younger) == older == stories.current(older) == places[-1].story
    assert stories.place(Article(text=halves[1]).id).story == older
    again = Stories.load(stories.dump())
    assert again.current(younger) == older == again.since(0.0).current(younger)
    assert again.current("story-nobodys") == "story-nobodys"


def test_stories_of_days_gone_by_can_be_left_out_of_what_is_kept():
    """What stays has its ids and goes on; what was left out is gone, its address with it."""
    old, new = (
        Article(text=text, published=day, url=f"https://courier.example/{day}")
        for text, day in zip((PORT_TRIAL[0], PORT_VISIT[0]), ("2031-03-01", "2031-04-01"), strict=True)
    )
    stories = Stories()
    places = stories.add([old, new])
    moment = datetime(2031, 4, 1, tzinfo=UTC).timestamp()
    later = Stories.load(stories.dump()).since(moment)
    assert len(later) == 1
    assert len(stories.since(moment + 1)) == 0
    last = Article(text=PORT_TRIAL[1], published="2031-03-05")
    assert stories.add([last])[0].story == places[0].story
    assert len(stories.since(datetime(2031, 3, 4, tzinfo=UTC).timestamp())) == 3
    assert later.add([Article(text=PORT_VISIT[1])])[0].story == places[1].story
    with pytest.raises(KeyError):
        later.place(old.id)
    assert b"courier.example/2031-04" in later.dump()
    assert b"courier.example/2031-03" not in later.dump()


# Copies and versions


@pytest.mark.parametrize(
    "changed",
    [
        lambda text: "(Marl Wire) - " + text + " Reporting by the desk.",
        lambda text: text[: len(text) * 4 // 10],
        lambda text: text[len(text) // 2 :],
        lambda text: text.upper(),
        lambda text: text.replace(" ", "\n"),
    ],
    ids=["agency's line", "cut", "without its head", "capitals", "other line breaks"],
)
def test_a_near_copy_is_told_from_an_original(changed):
    """A text that is cut, or has a line added, is a copy of the one it was made of and belongs to its story."""
    originals = articles(*(long_text(seed) for seed in range(12)))
    copy = Article(text=changed(originals[3].text), title="Another headline", url="https://ledger.example/x")
    stories = Stories()
    places = [*stories.add(originals), *stories.add([copy])]
    assert places[-1].copy_of == originals[3].id
    assert places[-1].story == places[3].story
    assert [place.copy_of for place in places[:-1]] == [None] * 12
    assert sum(place.counts for place in places) == 12


def test_the_same_text_in_ten_papers_counts_once_and_the_same_article_twice_is_no_copy():
    """Another outlet's same text is a copy; an article that is added again has the place that it had."""
    text = long_text(1)
    papers = [Article(text=text, url=f"https://paper{number}.example/a") for number in range(10)]
    stories = Stories()
    places = stories.add(papers)
    assert len({place.story for place in places}) == 1
    assert sum(place.counts for place in places) == 1
    assert stories.add(papers) == places
    assert stories.add([Article(text=text)])[0].copy_of is None


def test_a_round_up_is_no_copy_of_the_short_items_in_it():
    """Ten items that a newsletter holds word for word remain stories of their own."""
    items = [long_text(seed, 4) for seed in range(10)]
    places = Stories().add(articles(" ".join(items), *items))
    assert all(place.copy_of is None for place in places)


def test_a_newer_text_at_the_same_address_takes_the_place_of_the_older():
    """The later published stands for both, whichever comes first, under the story's old id."""
    old = Article(
        text=PORT_VISIT[0], url="https://www.courier.example/a?utm_source=x", published="2031-03-03T08:00:00Z"
    )
    new = Article(text=PORT_VISIT[1], url="https://m.courier.example/a/", published="2031-03-03T12:00:00Z")
    stories = Stories()
    (first,) = stories.add([old])
    (second,) = stories.add([new])
    assert (second.story, second.replaces, second.counts) == (first.story, old.id, True)
    assert (stories.place(old.id).replaced_by, stories.place(old.id).counts) == (new.id, False)
    # Its words are the newer one's alone, as in what was dumped.
    group, loaded = (each._group(0) for each in (stories, Stories.load(stories.dump())))
    assert (group.size, group.words) == (1, loaded.words)
    late = Stories()
    late.add([new])
    assert late.add([old])[0].replaced_by == new.id
    assert Stories().add([new, old]) == [stories.place(new.id), stories.place(old.id)]


def test_a_slug_tells_a_version_only_of_the_same_story():
    """An agency's slug names a version where the text is like enough; the slug of another day's event does not."""
    slug = "BC-EU--Marl-Fishing, {}\n\n"
    stories = Stories()
    (first,) = stories.add([Article(text=slug.format("1st Ld") + PORT_VISIT[0])])
    update, other = stories.add(
        [Article(text=slug.format("2nd Ld") + PORT_VISIT[1]), Article(text=slug.format("Advisory") + long_text(9))]
    )
    assert (update.replaces is not None, update.story) == (True, first.story)
    assert (other.replaces, other.replaced_by) == (None, None)


def test_a_version_of_a_copy_is_told_by_its_slug_in_memory_and_after_loading():
    """What is kept of a copy with an agency's slug suffices to tell that a later text of that slug is like enough."""
    slug = "BC-EU--Marl-Fishing, {}\n\n"
    stories = Stories()
    copy = Article(text=slug.format("1st Ld") + PORT_VISIT[0])
    stories.add([Article(text=PORT_VISIT[0])])
    (first,) = stories.add([copy])
    update = [Article(text=slug.format("2nd Ld") + PORT_VISIT[1])]
    loaded = Stories.load(stories.dump())
    assert first.copy_of is not None
    assert stories.add(update)[0].replaces == loaded.add(update)[0].replaces == copy.id


def test_an_older_version_that_comes_late_lets_its_story_reach_back_in_memory_and_after_loading():
    """A report of the older version's days joins the story, which by the newer version's day alone was long ago."""
    stories = Stories()
    days = [("2031-05-20", PORT_VISIT[0]), ("2031-03-03", PORT_VISIT[0] + " More."), ("2031-03-02", PORT_VISIT[1])]
    newer, older = (Article(text=text, published=day, url="https://courier.example/a") for day, text in days[:2])
    report = [Article(text=days[2][1], published=days[2][0])]
    (place,) = stories.add([newer])
    stories.add([older])
    loaded = Stories.load(stories.dump())
    assert stories.add(report)[0].story == loaded.add(report)[0].story == place.story


@pytest.mark.parametrize(
    "url",
    [
        "https://courier.example/a/b?id=7",
        "http://www.courier.example/a/b/?id=7&utm_source=mail#top",
        "https://m.courier.example:443//a/b/amp?id=7&fbclid=1",
        "https://amp.courier.example/amp/a/b/index.html?id=7&amp=1",
        "https://courier-example.cdn.ampproject.org/c/s/courier.example/a/b?id=7",
    ],
)
def test_the_forms_of_one_address_are_one(url):
    """Mobile, AMP and shared forms name the same article."""
    assert canonical_address(url) == "courier.example/a/b?id=7"


def test_what_may_name_another_article_is_kept_and_what_is_no_address_is_none():
    """Parameters that may name a page, other hosts and other paths stay different."""
    kept = [f"https://courier.example/a?{query}" for query in ("id=1", "id=2", "p=1", "source=1", "ref=2")]
    kept += ["https://news.courier.example/a", "https://courier.example/A", "https://m.example/a"]
    assert len({canonical_address(url) for url in kept}) == len(kept)
    for url in (None, "", "courier.example/a", "ftp://courier.example/a", "https://courier.example/", "http://[x/a"):
        assert canonical_address(url) is None
    assert canonical_address("https://courier.example/" + "a" * 5_000) is None
    assert wire_slug(Article(text="NORLAND-STRAIT/TALKS (UPDATE 2)\nText.")) == "norland-strait/talks"
    assert wire_slug(Article(text="The strait is open, officials said.", title="Norland")) is None


# Hostile input


def test_little_input_and_texts_without_words_are_stories_of_their_own():
    """No article, one, an empty text, signs only: no error, and nothing is lumped."""
    assert cluster_stories([]) == []
    assert len(cluster_stories(articles("Berg resigns"))) == 1
    odd = [
        Article(text=text, title=title) for text, title in (("", "A"), ("… !!", "B"), ("\ud800", None), ("12", None))
    ]
    assert len(set(cluster_stories([*odd, *articles(*PORT_VISIT)]))) == 5
    assert sketch("… !!") is None


def test_a_megabyte_of_one_word_and_a_thousand_equal_articles_take_no_longer_than_others():
    """Each is one story, and the time stays within seconds (a run without bounds would take minutes)."""
    heavy = articles("word " * 200_000, "word" * 250_000, "\n" * 1_000_000)
    assert len(set(cluster_stories(heavy))) >= 2
    text = long_text(1)
    equal = [Article(text=f"{text} {number}", url=f"https://paper{number}.example/a") for number in range(1_000)]
    places = Stories().add(equal)
    assert len({place.story for place in places}) == 1
    assert sum(place.counts for place in places) == 1


def test_scripts_without_capitals_or_spaces_are_told_apart():
    """Two events each in Japanese and in Ukrainian are four stories of two reports."""
    given = articles(
        "港の町で漁業協定の交渉が始まった。外相は冬までに漁船が戻ると述べた。検査は続く見通しだ。",
        "漁業協定の交渉が港の町で月曜日に始まり、外相は漁船が冬までに戻ると語った。検査も続く。",
        "山の村で大雨により橋が流され、住民三十人が避難した。村長は支援を求めている。",
        "大雨で山の村の橋が流された。避難した住民は三十人で、村長が支援を求めた。",
        "Суд у Марлі розпочав розгляд справи про хабар міністра. Прокурор зачитав звинувачення, адвокат їх відкинув.",
        "Прокурор зачитав у Марлі звинувачення міністра в отриманні хабаря. Адвокат відкинув їх, суд розпочав розгляд.",
        "Повінь зруйнувала міст біля Тельна, мешканців евакуювали до школи. Рятувальники шукають двох рибалок.",
        "Рятувальники шукають двох рибалок біля Тельна, де повінь зруйнувала міст. Мешканців евакуювали, школа є.",
    )
    assert groups(cluster_stories(given)) == [[0, 1], [2, 3], [4, 5], [6, 7]]


def kept_of(*added):
    """What is kept of these articles, as arrays that can be changed."""
    stories = Stories()
    stories.add(added)
    return Kept.load(stories.dump())


def test_bytes_that_were_cut_off_changed_or_are_others_are_refused_with_what_to_do():
    """Each byte that is flipped and each end that is missing is told, in one line."""
    whole = kept_of(*articles(*PORT_VISIT[:2], "Berg resigns")).dump()
    assert len(Stories.load(whole)) == 3
    damaged = [whole[:end] for end in (*range(40), *range(40, len(whole), 97))]
    places = (*range(40), *range(40, len(whole), 97))
    damaged += [whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :] for at in places]
    for each in (*damaged, whole + b"\0" * 8, b"\x80\x04N.", b"{}"):
        with pytest.raises(SummarizerError, match="cluster the articles anew") as caught:
            Stories.load(each)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("replaced_by", value) for value in ([0, -1, -1], [-1, 2, 1], [3, -1, -1], [-2, -1, -1])),
        *(("copy_of", value) for value in ([-1, -1, 3], [1, -1, -1])),
        *(("rank", value) for value in ([1, 1, 1], [0, 0, 1], [0, 1, 3], [0, 1, -1], [0])),
        ("ids", [[7] * 32] * 3),
        ("moment", [numpy.inf, 0, 0]),
        ("runs", [0, 0, 0]),
        ("is_indexed", [2, 1, 1]),
        ("source", [0, 0, 0]),
        ("word_count", [80, 80, 80]),
        *(("weights", value) for value in ([], 2_000, 0)),
        ("words", 1_000),
        ("joined", [3]),
        ("named", [1_000]),
        *(("articles", value) for value in ([], [0], [2**64 - 1])),
        *(("text_lengths", value) for value in ([1], [2**32 - 1] * 9)),
        *(("vocabulary", value) for value in ([], b"\xff", b"a")),
    ],
)
def test_numbers_that_lead_nowhere_or_round_are_refused_whatever_the_checksum_says(name, value):
    """Bytes that somebody made up are an error in one line, not a loop or a traceback of other kinds."""
    kept = kept_of(*articles(*PORT_VISIT[:2], long_text(1)))
    assert kept.rank.tolist() == [0, 1, 1]
    known = getattr(kept, name)
    if isinstance(value, bytes):
        changed = numpy.frombuffer(value * (1 if value != b"a" else len(known)), "u1")
    else:
        changed = numpy.full_like(known, value) if isinstance(value, int) else numpy.array(value, known.dtype)
    with pytest.raises(SummarizerError, match="cluster the articles anew"):
        Stories.load(dataclasses.replace(kept, **{name: changed}).dump())


# What it is measured with


def test_comparing_texts_is_loaded_only_where_texts_are_compared():
    """`--help` and a brief wait for no library of signatures."""
    code = "import sys, summarizer.cli, summarizer.digest; print({'datasketch', 'scipy'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "set()"


def test_the_stream_of_the_benchmark_is_the_same_for_a_seed_and_its_stories_are_found():
    """A seed gives the same articles; most of what is made for one event is found again as one story."""
    made = list(stream(120, seed=3))
    assert made == list(stream(120, seed=3))
    ids = cluster_stories([each.article for each in made])
    assert clusters.bcubed([each.event for each in made], ids)[2] > 0.9


def test_the_benchmark_prints_a_row_for_each_sample(tmp_path, capsys, monkeypatch):
    """Labelled articles give the table by cross-validation and at the default, and the figures of copies."""
    monkeypatch.setattr(clusters, "THRESHOLDS", (0.15,))
    monkeypatch.setattr(clusters.stories, "read_terms", clusters.stories.read_terms)  # put back what it caches
    monkeypatch.setattr(clusters.stories, "sketch", clusters.stories.sketch)
    rows = [
        {"title": e.article.title, "text": e.article.text, "cluster": e.event} for e in stream(60) if e.copy_of is None
    ]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(map(json.dumps, rows)))
    assert clusters.main([str(labels)]) == 0
    printed = capsys.readouterr().out
    assert all(f"| {name} | " in printed for name in clusters.SAMPLES)
    assert "Near copies: recall 1.000, precision 1.000" in printed


def test_the_benchmark_tells_what_opening_adding_and_saving_take():
    """The stream's stories go on in another process, as the cell of a row that sums its parts."""
    cells, kept, later = clusters.scale(60)
    assert cells[0] == "60"
    assert (len(later), len(Stories.load(kept))) == (clusters.ADDED, 60)
    parts, whole = clusters.going_on(kept, later)[0].split(" = ")
    assert len(parts.split(" + ")) == 3
    assert float(whole) > 0
