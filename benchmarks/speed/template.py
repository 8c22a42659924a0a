"""The article that the speed benchmarks are about, and the answer to it, with places for names and numbers."""

from typing import Any

TITLE = "{aland} and {bland} agree on outline of water accord as opposition wants it withdrawn"
PUBLISHED = "2031-05-12"
SOURCE = "The {city} Courier"

NUMBERS = {
    "years": (12, 17),
    "water": (210, 480),
    "sum": (130, 690),
    "talked": (22, 39),
    "inspectors": (41, 89),
    "full": (61, 79),
    "jobs": (1100, 1900),
    "months": (7, 9),
    "villages": (24, 38),
    "daily": (52, 97),
}
_FIRST = ["Maren", "Ilse", "Tova", "Runa", "Signe", "Brida", "Oda", "Lene", "Hanne", "Nuria", "Edda", "Vesna", "Alma"]
_OTHER = [
    "Radek",
    "Corin",
    "Osmo",
    "Teodric",
    "Jorin",
    "Petrus",
    "Anders",
    "Milo",
    "Stellan",
    "Evert",
    "Lorenz",
    "Bram",
]
_LAST = [
    *("Ostvik", "Morvane", "Thorsby", "Quillon", "Lintzer", "Vanmeer", "Adebrek", "Tarrick", "Hollin", "Lindqvar"),
    *("Brisk", "Kestrin", "Dorrel", "Salvane", "Wendrik", "Harlow", "Marchetta", "Norwik", "Pellard", "Stroem"),
]
_LANDS = ["Kestavia", "Pellamar", "Dravessa", "Norvania", "Sudmark", "Ostralia", "Vellamund", "Tarnovia", "Ardenia"]
_CITIES = ["Anselk", "Umbersk", "Halvik", "Brennaport", "Corvalis", "Estermund", "Galdova", "Merrow", "Tullin"]
_RIVERS = ["Ander", "Lisk", "Morava", "Tesna", "Varn", "Ostra", "Drell", "Kalva"]
_DAMS = ["Tarn Dorrel", "Pell Ostra", "Grey Sluice", "Old Weir", "Kaldmoor", "Sarn Hollow"]
_MONEY = ["crowns", "drels", "marks", "florins"]
CHOICES: dict[tuple[str, ...], list[str]] = {
    ("f1", "f2", "f3"): _FIRST,
    ("m1", "m2", "m3"): _OTHER,
    ("l1", "l2", "l3", "l4", "l5", "l6"): _LAST,
    ("aland", "bland"): _LANDS,
    ("city", "town"): _CITIES,
    ("river",): _RIVERS,
    ("dam",): _DAMS,
    ("money",): _MONEY,
}

BEGINNING = (
    "{aland} and {bland} have agreed on the outline of an accord to share the water of the {river} river for {years} "
    "years, officials of both governments said on Monday, but they left open who is to pay for a second dam.",
    "The draft accord would grant {bland} {water} million cubic metres of water a year from the reservoir at {dam} in "
    "return for {sum} million {money} a year. A summary of it, number {file} in the register of the river, was "
    "released in {city} late on Sunday.",
    "“We have talked about this river for {talked} years, and tonight we have a paper,” said {f1} {l1}, the water "
    "minister of {aland}, outside the customs house. “It is not signed, and nobody should pretend that it is,” {l1} "
    "added. She declined to say when the cabinet would vote on the text.",
)
MIDDLE = (
    "{m1} {l2}, the chief negotiator of {bland}, called the outline “a fair start”. “Our farmers have waited long "
    "enough for this water,” {l2} told reporters. He said that {bland} would lay a pipeline to {town} and that the "
    "work would bring {jobs} jobs. His delegation left for {city} on the night train with a copy of the summary.",
    "The opposition in {aland} wants the text withdrawn. “A government with one year left cannot sell our water for a "
    "generation,” said {m2} {l3}, who leads the Green League. {l3} warned that his party would “fight every line of "
    "it” in parliament. He did not say whether it would go to court.",
    "Farmers on the upper river are wary. “Show us the pumps before you show us the cameras,” said {f2} {l4}, the "
    "chair of the Valley Growers’ Union. {l4} said that wells in {villages} villages had run dry since the spring. She "
    "demanded that the two governments publish the annex on prices before the vote.",
    "The River Council, a regional body that led the talks, would send {inspectors} inspectors to the sluices, its "
    "secretary, {m3} {l5}, said. “We will count every drop, and we will count it in public,” {l5} said. Who would pay "
    "for the inspectors has not been decided.",
    "An engineer at the dam, who asked not to be named because the talks are private, said that the reservoir was "
    "{full} percent full and that two of its gates had been repaired in a hurry. It was unclear whether the old wall "
    "could hold more water. The ministry did not answer questions about the repairs.",
    "In {town}, a tanker of water costs {daily} {money} a day, twice what it cost in the winter. “I sell less and earn "
    "more, and I sleep badly,” said {f3} {l6}, who runs a depot behind the railway station. Queues at the public taps "
    "began before dawn on Sunday, and the police closed two streets. Schools on the west bank opened two hours late, "
    "and the baths stayed shut. A ferry that brings drinking water is due on Wednesday.",
    "The {river} rises in the hills of {aland} and runs through {bland} to the sea. In dry years little of it arrives, "
    "and the fields below {dam} lie bare by the end of June. Most of the canals there are older than the border, and "
    "half of what they carry is lost on the way, by the reckoning of both water boards.",
    "The talks began in a school in the hills and moved to {city} when the roads were flooded. Four rounds ended "
    "without a result. In the last one the delegations sat in two rooms, and clerks carried drafts from one to the "
    "other until the lamps were put out. A choir practised on the floor above, and the guards asked twice for quiet.",
)
ENDING = (
    "An earlier accord between {aland} and {bland} collapsed after {months} months, when the sluices at {dam} were "
    "closed during a dry summer and each government blamed the other. Lawyers are still at work on the claims that "
    "came of it, and a court in {city} is to hear the last of them in the autumn.",
    "Both parliaments must approve the new text before it can take effect. It is not known whether the one in {town} "
    "will meet before the summer recess. {l1} said that she would travel there on Thursday with a team of engineers "
    "and the maps of the new canal. “A river does not wait for a vote,” she said.",
)

MINISTER, NEGOTIATOR, LEADER, CHAIR = "{f1} {l1}", "{m1} {l2}", "{m2} {l3}", "{f2} {l4}"
SECRETARY, TRADER, ENGINEER = "{m3} {l5}", "{f3} {l6}", "An engineer at the dam"


def _said(actor: str, stance: str, quote: str, claim: str) -> dict[str, str]:
    return {"quote": quote, "actor": actor, "stance": stance, "claim": claim}


def _asked(quote: str, question: str, kind: str) -> dict[str, str]:
    return {"quote": quote, "question": question, "kind": kind}


def _told(quote: str, text: str) -> dict[str, str]:
    return {"quote": quote, "text": text}


LEAD = "{aland} and {bland} have agreed on the outline of an accord"
# Of each list more than the worksheet of one article asks for: which lines are in it depends on the order.
ANSWER: dict[str, list[dict[str, Any]]] = {
    "people": [],
    "groups": [],
    "quoted": [
        _said(
            MINISTER,
            "confirms",
            "We have talked about this river for {talked} years, and tonight we have a paper",
            "{l1} says there is a paper tonight after {talked} years of talk about the river.",
        ),
        _said(
            NEGOTIATOR,
            "supports",
            "Our farmers have waited long enough for this water",
            "{l2} says the farmers of his country have waited long enough for the water.",
        ),
        _said(
            LEADER,
            "opposes",
            "A government with one year left cannot sell our water for a generation",
            "{l3} says a government with one year left cannot sell the water for a generation.",
        ),
        _said(
            CHAIR,
            "demands",
            "Show us the pumps before you show us the cameras",
            "{l4} demands to be shown the pumps before the cameras.",
        ),
        _said(
            SECRETARY,
            "claims",
            "We will count every drop, and we will count it in public",
            "{l5} promises to count every drop in public.",
        ),
        _said(
            TRADER, "claims", "I sell less and earn more, and I sleep badly", "{l6} says she sells less and earns more."
        ),
        _said(MINISTER, "claims", "A river does not wait for a vote", "{l1} says a river does not wait for a vote."),
    ],
    "reported": [
        _said(
            "{bland}",
            "confirms",
            "have agreed on the outline of an accord to share the water",
            "{bland} has agreed on the outline of an accord to share the water of the {river} river.",
        ),
        _said(
            "The ministry",
            "declines",
            "did not answer questions about the repairs.",
            "The ministry did not answer questions about the repairs.",
        ),
        _said(
            MINISTER,
            "declines",
            "declined to say when the cabinet would vote on the text",
            "{l1} declines to say when the cabinet would vote on the text.",
        ),
        _said(
            NEGOTIATOR,
            "claims",
            "said that {bland} would lay a pipeline to {town} and that the work",
            "{l2} says {bland} would lay a pipeline to {town}, which would bring {jobs} jobs.",
        ),
        _said(
            "The opposition in {aland}",
            "opposes",
            "The opposition in {aland} wants the text withdrawn.",
            "The opposition in {aland} wants the text withdrawn.",
        ),
        _said(
            LEADER,
            "declines",
            "did not say whether it would go to court",
            "{l3} does not say whether his party would go to court.",
        ),
        _said(
            SECRETARY,
            "claims",
            "The River Council, a regional body that led the talks, would send",
            "{l5} says the River Council would send {inspectors} inspectors to the sluices.",
        ),
        _said(
            CHAIR,
            "claims",
            "said that wells in {villages} villages had run dry since the spring",
            "{l4} says wells in {villages} villages have run dry since the spring.",
        ),
        _said(
            CHAIR,
            "demands",
            "demanded that the two governments publish the annex on prices before the vote",
            "{l4} demands that the two governments publish the annex on prices before the vote.",
        ),
        _said(
            ENGINEER,
            "claims",
            "said that the reservoir was {full} percent full and that two of its gates",
            "An engineer at the dam says the reservoir was {full} percent full.",
        ),
    ],
    "deals": [
        {
            "quote": "The draft accord would grant {bland} {water} million cubic metres of water",
            "title": "Draft accord on the water of the {river} river",
            "parties": ["{aland}", "{bland}"],
            "terms": [
                {"party": "{aland}", "gives": "{water} million cubic metres of water a year"},
                {"party": "{bland}", "gives": "{sum} million {money} a year"},
            ],
            "value": "{sum} million {money}",
            "status": "proposed",
        }
    ],
    "open_questions": [
        _asked(
            "She declined to say when the cabinet would vote on the text.",
            "Which day would the cabinet vote on the text?",
            "undisclosed",
        ),
        _asked("He did not say whether it would go to court.", "Would the party go to court?", "undisclosed"),
        _asked(
            "Who would pay for the inspectors has not been decided.", "Who would pay for the inspectors?", "undecided"
        ),
        _asked(
            "It was unclear whether the old wall could hold more water.",
            "Could the old wall hold more water?",
            "unconfirmed",
        ),
        _asked(
            "The ministry did not answer questions about the repairs.",
            "What does the ministry say about the repairs?",
            "undisclosed",
        ),
        _asked(
            "It is not known whether the one in {town} will meet before the summer recess.",
            "Will the parliament in {town} meet before the summer recess?",
            "unconfirmed",
        ),
    ],
    "summary": [
        _told(
            LEAD,
            "{aland} and {bland} have agreed on the outline of an accord to share the water of the {river} river for "
            "{years} years.",
        ),
        _told(
            "The draft accord would grant {bland} {water} million cubic metres of water",
            "The draft accord would grant {bland} {water} million cubic metres of water a year for {sum} million "
            "{money} a year.",
        ),
        _told(
            "A summary of it, number {file} in the register of the river",
            "A summary of the accord was released in {city} late on Sunday.",
        ),
        _told(
            "The River Council, a regional body that led the talks, would send",
            "The River Council would send {inspectors} inspectors to the sluices, its secretary said.",
        ),
        _told(
            "An earlier accord between {aland} and {bland} collapsed after {months} months",
            "An earlier accord between {aland} and {bland} collapsed after {months} months.",
        ),
        _told(
            "Queues at the public taps began before dawn on Sunday, and the police",
            "Queues at the public taps began before dawn on Sunday.",
        ),
    ],
    "headline": [_told(LEAD, "{aland} and {bland} have agreed on outline of accord on {river} water")],
}
