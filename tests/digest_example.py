"""Invented days for tests of the digest: three events, each told by three invented outlets, and what comes of them.

No model runs offline, so these briefs are made by hand from the articles, as a model's would be after its checks: every
piece of evidence is given in the article's words, and `told` finds where they stand. What the outlets say otherwise of
one thing is planted, and listed in PLANTED; what else they say of it they say in other words, and agree.
"""

from typing import Any

from summarizer.schemas.article import Article
from summarizer.schemas.brief import Brief
from summarizer.schemas.evidence import Evidence

AUDIT = {
    "findings": [],
    "attempts": 1,
    "model": "by hand",
    "prompt": "0123456789ab",
    "schema": "ba9876543210",
    "usage": {},
    "cost_usd": 0.0,
    "seconds": 0.0,
}


class Paper:
    """An article, and what a brief of it is made of; words are always the article's."""

    def __init__(self, outlet: str, published: str | None, title: str, text: str, url: str | None = None) -> None:
        slug = title.lower().replace(" ", "-")
        host = outlet.lower().replace(" ", "")
        address = f"https://{host}.example/{slug}" if url is None else url
        self.article = Article(text=text, title=title, source=outlet, published=published, url=address)

    def at(self, words: str) -> dict[str, Any]:
        """Where the words stand in the article; they stand there once."""
        assert self.article.text.count(words) == 1, (words, self.article.text.count(words))
        start = self.article.text.index(words)
        return Evidence.of(self.article.text, start, start + len(words)).model_dump()

    def on(self, *sentences: str) -> list[dict[str, Any]]:
        """Those stretches as evidence."""
        return [self.at(words) for words in sentences]

    def told(self, headline: str, lead: str, **sections: Any) -> Brief:
        """The brief: sections as `Brief` has them, evidence in words; `days` are words that mean a day."""
        return Brief.model_validate(
            {
                "article": self.article,
                "headline": {"text": headline, "evidence": self.on(lead)},
                "summary": [{"text": text, "evidence": self.on(*on)} for text, *on in sections.get("summary", [])],
                "actors": sections.get("actors", []),
                "positions": sections.get("positions", []),
                "deals": sections.get("deals", []),
                "open_questions": sections.get("questions", []),
                "dates": [{**self.at(words), "date": day} for words, day in sections.get("days", [])],
                "audit": AUDIT,
            }
        )

    def says(self, actor: str, stance: str, claim: str, on: str, *quotes: str) -> dict[str, Any]:
        """A position."""
        return {"actor": actor, "stance": stance, "claim": claim, "quotes": self.on(*quotes), "evidence": self.on(on)}

    def deal(self, title: str, parties: list[str], status: str, on: list[str], **more: Any) -> dict[str, Any]:
        """A deal; `terms` are (party, gives, evidence), `value` is (text, amount, currency)."""
        terms = [{"party": p, "gives": gives, "evidence": self.on(where)} for p, gives, where in more.get("terms", [])]
        value = dict(zip(("text", "amount", "currency"), more["value"], strict=True)) if "value" in more else None
        return {
            "title": title,
            "parties": parties,
            "terms": terms,
            "value": value,
            "status": status,
            "evidence": self.on(*on),
        }

    def asks(self, question: str, kind: str, on: str) -> dict[str, Any]:
        """An open question."""
        return {"question": question, "kind": kind, "evidence": self.on(on)}


def who(id_: str, name: str, role: str | None = None, kind: str = "person", **more: Any) -> dict[str, Any]:
    """An actor of a brief."""
    plain = {"named": True, "aliases": [], "affiliation": None, "evidence": []}
    return {"id": id_, "name": name, "role": role, "kind": kind, **plain, **more}


# The strait: value, status, day of signing and who gives what are told otherwise.

BERG, REYES = (
    who("ada-berg", "Ada Berg", "prime minister of Norland", aliases=["Berg"]),
    who("tomas-reyes", "Tomas Reyes"),
)
NORLAND, SUDLAND = who("norland", "Norland", kind="government"), who("sudland", "Sudland", kind="government")


def strait_courier() -> Brief:
    paper = Paper(
        "Norland Courier",
        "2031-05-14",
        "Norland ready to reopen strait",
        "Norland is ready to let Sudland's boats back into the strait, prime minister Ada Berg said on Wednesday.\n\n"
        "“We will not stand in the way of honest trade,” Berg told reporters.\n\n"
        "The two sides are still negotiating the fishing accord. Under the draft, Sudland would pay 40 million crowns "
        "a year. Norland would end its inspections of trawlers in the strait.\n\n"
        "Sudland's fisheries minister, Tomas Reyes, called the price “far too high for our small harbours”.\n\n"
        "The accord is to be signed in Marl on 2 June. Neither side has said when the strait will open.\n",
    )
    ready = "Norland is ready to let Sudland's boats back into the strait, prime minister Ada Berg said on Wednesday."
    pay = "Under the draft, Sudland would pay 40 million crowns a year."
    end = "Norland would end its inspections of trawlers in the strait."
    signing = "The accord is to be signed in Marl on 2 June."
    trade = "We will not stand in the way of honest trade,"
    price = "Sudland's fisheries minister, Tomas Reyes, called the price “far too high for our small harbours”."
    return paper.told(
        "Norland offers to reopen the strait to Sudland's boats",
        ready,
        summary=[
            ("Norland is ready to let Sudland's boats back into the strait.", ready),
            ("Sudland would pay 40 million crowns a year under the draft.", pay),
            ("The accord is to be signed in Marl on 2 June.", signing),
        ],
        actors=[BERG, {**REYES, "role": "fisheries minister of Sudland"}, NORLAND, SUDLAND],
        positions=[
            paper.says("ada-berg", "offers", "Berg offers to let Sudland's boats back into the strait.", ready, trade),
            paper.says(
                "tomas-reyes",
                "opposes",
                "Reyes calls the price too high.",
                price,
                "far too high for our small harbours",
            ),
        ],
        deals=[
            paper.deal(
                "Fishing accord for the strait",
                ["norland", "sudland"],
                "negotiating",
                ["The two sides are still negotiating the fishing accord.", pay],
                terms=[
                    ("sudland", "40 million crowns a year", pay),
                    ("norland", "end its inspections of trawlers", end),
                ],
                value=("40 million crowns a year", 40_000_000, None),
            )
        ],
        questions=[
            paper.asks("When will the strait open?", "undisclosed", "Neither side has said when the strait will open.")
        ],
    )


def strait_herald() -> Brief:
    paper = Paper(
        "Marl Herald",
        "2031-05-14",
        "Fishing pact signed in Marl",
        "Norland and Sudland have signed a pact that lets boats from Sudland fish in the strait again.\n\n"
        "Sudland will pay 60 million crowns a year under the fishing pact. In return Norland ends the inspections of "
        "trawlers.\n\n"
        "“We will not stand in the way of honest trade,” said Prime Minister Berg of Norland.\n\n"
        "The price is “far too high for our small harbours”, Reyes, the fisheries minister of Sudland, complained.\n",
    )
    signed = "Norland and Sudland have signed a pact that lets boats from Sudland fish in the strait again."
    pay = "Sudland will pay 60 million crowns a year under the fishing pact."
    end = "In return Norland ends the inspections of trawlers."
    trade = "“We will not stand in the way of honest trade,” said Prime Minister Berg of Norland."
    price = "The price is “far too high for our small harbours”, Reyes, the fisheries minister of Sudland, complained."
    return paper.told(
        "Norland and Sudland sign fishing pact",
        signed,
        summary=[
            ("Norland and Sudland have signed a pact on fishing in the strait.", signed),
            ("Sudland will pay 60 million crowns a year.", pay),
        ],
        actors=[
            who("prime-minister-berg", "Prime Minister Berg", "prime minister of Norland"),
            who("reyes", "Reyes", "fisheries minister of Sudland"),
            NORLAND,
            SUDLAND,
        ],
        positions=[
            paper.says(
                "prime-minister-berg",
                "supports",
                "Berg says Norland will not hinder trade.",
                trade,
                "We will not stand in the way of honest trade,",
            ),
            paper.says(
                "reyes", "opposes", "Reyes complains about the price.", price, "far too high for our small harbours"
            ),
        ],
        deals=[
            paper.deal(
                "Fishing pact",
                ["norland", "sudland"],
                "signed",
                [signed, pay],
                terms=[("sudland", "60 million crowns a year", pay), ("norland", "the inspections of trawlers", end)],
                value=("60 million crowns a year", 60_000_000, None),
            )
        ],
    )


def strait_ledger() -> Brief:
    paper = Paper(
        "Esk Ledger",
        "2031-05-14",
        "Strait talks go on",
        "Talks between Norland and Sudland on fishing in the strait went on in Esk, with no text agreed.\n\n"
        "Sudland would pay about 40 million crowns a year for its licences, under a draft of the fishing accord. "
        "Sudland would end its inspections of trawlers in the strait.\n\n"
        "The accord is to be signed in Marl on 5 June, two diplomats said.\n\n"
        "A senior official said the fish stocks had not recovered.\n\n"
        "The strait will open on 1 July, the harbour master said. "
        "It is not known how many licences Sudland will get.\n",
    )
    talks = "Talks between Norland and Sudland on fishing in the strait went on in Esk, with no text agreed."
    pay = "Sudland would pay about 40 million crowns a year for its licences, under a draft of the fishing accord."
    end = "Sudland would end its inspections of trawlers in the strait."
    signing = "The accord is to be signed in Marl on 5 June, two diplomats said."
    stocks = "A senior official said the fish stocks had not recovered."
    opens = "The strait will open on 1 July, the harbour master said."
    return paper.told(
        "Talks on the strait go on without a text",
        talks,
        summary=[
            ("Talks on fishing in the strait went on in Esk.", talks),
            ("The accord is to be signed in Marl on 5 June.", signing),
            ("The strait will open on 1 July, the harbour master said.", opens),
        ],
        actors=[NORLAND, SUDLAND, who("a-senior-official", "a senior official", named=False)],
        positions=[
            paper.says("a-senior-official", "claims", "A senior official says fish stocks have not recovered.", stocks)
        ],
        deals=[
            paper.deal(
                "Accord on fishing",
                ["norland", "sudland"],
                "negotiating",
                [talks, pay],
                terms=[
                    ("sudland", "about 40 million crowns a year", pay),
                    ("sudland", "end its inspections of trawlers", end),
                ],
                value=("about 40 million crowns a year", 40_000_000, None),
            )
        ],
        questions=[
            paper.asks(
                "How many licences will Sudland get?",
                "undisclosed",
                "It is not known how many licences Sudland will get.",
            )
        ],
    )


# The fire: how many were hurt, and who said that the alarm came late.


def fire_courier() -> Brief:
    paper = Paper(
        "Norland Courier",
        "2031-05-14",
        "Fire at fish plant",
        "Fourteen workers were injured on Tuesday in a fire at the Korvin fish plant in Esk.\n\n"
        "498 people were evacuated from houses beside the plant.\n\n"
        "“The alarm came far too late for us,” fire chief Nuria Holt said.\n\n"
        "The plant belongs to Korvin Foods. A senior official said the wiring had been faulty. It is not known how "
        "many machines were destroyed.\n",
    )
    hurt = "Fourteen workers were injured on Tuesday in a fire at the Korvin fish plant in Esk."
    out = "498 people were evacuated from houses beside the plant."
    late = "“The alarm came far too late for us,” fire chief Nuria Holt said."
    wiring = "A senior official said the wiring had been faulty."
    return paper.told(
        "Fire at fish plant in Esk injures workers",
        hurt,
        summary=[
            ("Fourteen workers were injured in a fire at the Korvin fish plant in Esk.", hurt),
            ("498 people were evacuated from houses beside the plant.", out),
        ],
        actors=[
            who("nuria-holt", "Nuria Holt", "fire chief", aliases=["Holt"]),
            who("korvin-foods", "Korvin Foods", kind="organisation"),
            who("a-senior-official", "a senior official", named=False),
        ],
        positions=[
            paper.says(
                "nuria-holt",
                "claims",
                "Holt says the alarm came too late.",
                late,
                "The alarm came far too late for us,",
            ),
            paper.says("a-senior-official", "claims", "A senior official says the wiring was faulty.", wiring),
        ],
        questions=[
            paper.asks(
                "How many machines were destroyed?", "unconfirmed", "It is not known how many machines were destroyed."
            )
        ],
        days=[("Tuesday", "2031-05-13")],
    )


def fire_herald() -> Brief:
    paper = Paper(
        "Marl Herald",
        "2031-05-14",
        "Blaze in Esk",
        "A fire at the Korvin fish plant in Esk left 19 workers injured.\n\n"
        "About 500 people were evacuated from their houses.\n\n"
        "“The alarm came far too late for us,” plant manager Oskar Lind said.\n\n"
        "A senior official said the fire doors had been locked. Twelve machines were destroyed in the fire.\n",
    )
    hurt = "A fire at the Korvin fish plant in Esk left 19 workers injured."
    out = "About 500 people were evacuated from their houses."
    late = "“The alarm came far too late for us,” plant manager Oskar Lind said."
    doors = "A senior official said the fire doors had been locked."
    machines = "Twelve machines were destroyed in the fire."
    return paper.told(
        "Nineteen injured as fish plant burns in Esk",
        hurt,
        summary=[
            ("A fire at the Korvin fish plant left 19 workers injured.", hurt),
            ("About 500 people were evacuated from their houses.", out),
            ("Twelve machines were destroyed in the fire.", machines),
        ],
        actors=[
            who("oskar-lind", "Oskar Lind", "plant manager"),
            who("a-senior-official", "a senior official", named=False),
        ],
        positions=[
            paper.says(
                "oskar-lind",
                "claims",
                "Lind says the alarm came too late.",
                late,
                "The alarm came far too late for us,",
            ),
            paper.says("a-senior-official", "claims", "A senior official says the fire doors were locked.", doors),
        ],
    )


def fire_ledger() -> Brief:
    paper = Paper(
        "Esk Ledger",
        "2031-05-14",
        "Korvin plant burns",
        "The fire injured 14 workers at the fish plant of Korvin Foods, the fire brigade said.\n\n"
        "Nearly 500 people were evacuated from the streets around it.\n\n"
        "“The alarm came far too late for us,” said Holt, the fire chief.\n\n"
        "Two years ago three workers were injured in an earlier fire at the plant.\n",
    )
    hurt = "The fire injured 14 workers at the fish plant of Korvin Foods, the fire brigade said."
    out = "Nearly 500 people were evacuated from the streets around it."
    late = "“The alarm came far too late for us,” said Holt, the fire chief."
    before = "Two years ago three workers were injured in an earlier fire at the plant."
    return paper.told(
        "Korvin fish plant in Esk burns",
        hurt,
        summary=[
            ("The fire injured 14 workers at the fish plant of Korvin Foods.", hurt),
            ("Nearly 500 people were evacuated.", out),
            ("Three workers were injured in an earlier fire two years ago.", before),
        ],
        actors=[who("holt", "Holt", "fire chief"), who("korvin-foods", "Korvin Foods", kind="organisation")],
        positions=[
            paper.says(
                "holt", "claims", "Holt says the alarm came too late.", late, "The alarm came far too late for us,"
            )
        ],
    )


# The tram: whether the mayor denies it, on which day it opens; its cost is told in two currencies.


def tram_courier() -> Brief:
    paper = Paper(
        "Norland Courier",
        "2031-05-13",
        "Esk council backs tram",
        "The council of Esk approved the tram contract with Velm Rail by 23 votes to 18.\n\n"
        "The contract is worth 300 million kronor.\n\n"
        "Mayor Lena Moss confirmed that she knew of the secret report on the bridge.\n\n"
        "The first tram will run across the bridge on 3 September.\n",
    )
    vote = "The council of Esk approved the tram contract with Velm Rail by 23 votes to 18."
    worth = "The contract is worth 300 million kronor."
    knew = "Mayor Lena Moss confirmed that she knew of the secret report on the bridge."
    first = "The first tram will run across the bridge on 3 September."
    return paper.told(
        "Esk council approves tram contract",
        vote,
        summary=[
            ("The council of Esk approved the tram contract with Velm Rail.", vote),
            ("The first tram will run across the bridge on 3 September.", first),
        ],
        actors=[
            who("lena-moss", "Lena Moss", "mayor of Esk"),
            who("esk-council", "Esk Council", kind="government"),
            who("velm-rail", "Velm Rail", kind="organisation"),
        ],
        positions=[
            paper.says("lena-moss", "confirms", "Moss confirms she knew of the secret report on the bridge.", knew)
        ],
        deals=[
            paper.deal(
                "Tram contract",
                ["esk-council", "velm-rail"],
                "agreed",
                [vote, worth],
                value=("300 million kronor", 300_000_000, "SEK"),
            )
        ],
    )


def tram_herald() -> Brief:
    paper = Paper(
        "Marl Herald",
        "2031-05-13",
        "Tram for Esk",
        "Councillors in Esk said yes to the tram: they approved the contract with Velm Rail, 23 votes against 18.\n\n"
        "The tram contract is worth 28 million euros.\n\n"
        "Mayor Lena Moss denied that she knew of the secret report on the bridge.\n\n"
        "The first tram will run across the bridge on 10 September.\n",
    )
    vote = "they approved the contract with Velm Rail, 23 votes against 18."
    worth = "The tram contract is worth 28 million euros."
    knew = "Mayor Lena Moss denied that she knew of the secret report on the bridge."
    first = "The first tram will run across the bridge on 10 September."
    return paper.told(
        "Councillors say yes to tram in Esk",
        vote,
        summary=[
            ("Councillors approved the contract with Velm Rail.", vote),
            ("The first tram will run on 10 September.", first),
        ],
        actors=[
            who("lena-moss", "Lena Moss", "mayor of Esk"),
            who("esk-council", "Esk Council", kind="government"),
            who("velm-rail", "Velm Rail", kind="organisation"),
        ],
        positions=[paper.says("lena-moss", "denies", "Moss denies she knew of the secret report on the bridge.", knew)],
        deals=[
            paper.deal(
                "Tram contract with Velm Rail",
                ["esk-council", "velm-rail"],
                "agreed",
                [vote, worth],
                value=("28 million euros", 28_000_000, "EUR"),
            )
        ],
    )


def tram_ledger() -> Brief:
    paper = Paper(
        "Esk Ledger",
        "2031-05-13",
        "Yes to tram",
        "Esk will have a tram. The council passed the contract with Velm Rail with 23 votes.\n\n"
        "The tram contract is worth 298 million kronor, the treasurer said.\n\n"
        "Starting on 3 September, trams are to cross the bridge.\n",
    )
    vote = "The council passed the contract with Velm Rail with 23 votes."
    worth = "The tram contract is worth 298 million kronor, the treasurer said."
    first = "Starting on 3 September, trams are to cross the bridge."
    return paper.told(
        "Council of Esk votes for tram",
        vote,
        summary=[("The council passed the tram contract.", vote), ("Trams are to cross the bridge.", first)],
        actors=[
            who("esk-council", "Esk Council", kind="government"),
            who("velm-rail", "Velm Rail", kind="organisation"),
        ],
        deals=[
            paper.deal(
                "Tram contract",
                ["esk-council", "velm-rail"],
                "agreed",
                [vote, worth],
                value=("298 million kronor", 298_000_000, "SEK"),
            )
        ],
    )


# Two events more, with actors of the others, that are none of theirs.


def school_courier() -> Brief:
    paper = Paper(
        "Norland Courier",
        "2031-05-14",
        "Berg opens school",
        "Prime minister Ada Berg opened a school for 60 pupils in Marl on Wednesday.\n\n"
        "“A school is the best harbour a child can have,” she said.\n",
    )
    opened = "Prime minister Ada Berg opened a school for 60 pupils in Marl on Wednesday."
    said = "“A school is the best harbour a child can have,” she said."
    return paper.told(
        "Berg opens school in Marl",
        opened,
        summary=[("Ada Berg opened a school for 60 pupils in Marl.", opened)],
        actors=[BERG],
        positions=[
            paper.says(
                "ada-berg", "claims", "Berg praises the school.", said, "A school is the best harbour a child can have,"
            )
        ],
    )


def strike_herald() -> Brief:
    paper = Paper(
        "Marl Herald",
        "2031-05-12",
        "Museum strike",
        "Guards of the Esk museum went on strike on Monday over shifts. Mayor Lena Moss offered 30 guards a bonus.\n",
    )
    strike = "Guards of the Esk museum went on strike on Monday over shifts."
    bonus = "Mayor Lena Moss offered 30 guards a bonus."
    return paper.told(
        "Museum guards strike in Esk",
        strike,
        summary=[("Guards of the Esk museum went on strike over shifts.", strike)],
        actors=[who("lena-moss", "Lena Moss", "mayor of Esk")],
        positions=[paper.says("lena-moss", "offers", "Moss offers guards a bonus.", bonus)],
    )


# The day after.


def strait_next_day() -> Brief:
    paper = Paper(
        "Norland Courier",
        "2031-05-15",
        "Strait accord signed",
        "Norland and Sudland signed the fishing accord for the strait on Thursday.\n\n"
        "Sudland will pay 45 million crowns a year.\n\n"
        "The strait will open on 20 June, Ada Berg said. Sudland will get 120 licences.\n\n"
        "Tomas Reyes welcomed the end of the quarrel over herring.\n",
    )
    signed = "Norland and Sudland signed the fishing accord for the strait on Thursday."
    pay = "Sudland will pay 45 million crowns a year."
    opens = "The strait will open on 20 June, Ada Berg said."
    glad = "Tomas Reyes welcomed the end of the quarrel over herring."
    return paper.told(
        "Norland and Sudland sign accord for the strait",
        signed,
        summary=[
            ("Norland and Sudland signed the fishing accord.", signed),
            ("The strait will open on 20 June.", opens),
            ("Sudland will get 120 licences.", "Sudland will get 120 licences."),
        ],
        actors=[BERG, REYES, NORLAND, SUDLAND],
        positions=[
            paper.says("ada-berg", "confirms", "Berg says the strait will open on 20 June.", opens),
            paper.says("tomas-reyes", "supports", "Reyes welcomes the end of the quarrel over herring.", glad),
        ],
        deals=[
            paper.deal(
                "Fishing accord for the strait",
                ["norland", "sudland"],
                "signed",
                [signed, pay],
                terms=[("sudland", "45 million crowns a year", pay)],
                value=("45 million crowns a year", 45_000_000, None),
            )
        ],
    )


def fire_next_day() -> Brief:
    paper = Paper(
        "Norland Courier",
        "2031-05-15",
        "More injured in plant fire",
        "The fire at the Korvin fish plant in Esk injured 23 workers, fire chief Nuria Holt said.\n",
    )
    hurt = "The fire at the Korvin fish plant in Esk injured 23 workers, fire chief Nuria Holt said."
    return paper.told(
        "Fire at Korvin plant injured 23 workers",
        hurt,
        summary=[("The fire at the Korvin fish plant injured 23 workers.", hurt)],
        actors=[who("nuria-holt", "Nuria Holt", "fire chief")],
        positions=[paper.says("nuria-holt", "claims", "Holt says 23 workers were injured.", hurt)],
    )


def strait() -> list[Brief]:
    return [strait_courier(), strait_herald(), strait_ledger()]


def fire() -> list[Brief]:
    return [fire_courier(), fire_herald(), fire_ledger()]


def tram() -> list[Brief]:
    return [tram_courier(), tram_herald(), tram_ledger()]


def day() -> list[list[Brief]]:
    """The stories of the first day."""
    return [strait(), fire(), tram(), [school_courier()], [strike_herald()]]


def day_after() -> list[list[Brief]]:
    """Those of the second: the accord goes on in a new article alone, the fire beside those of the day before."""
    return [[strait_next_day()], [*fire(), fire_next_day()]]


# What is told otherwise of one thing: the kind, and on each side outlets and words.
PLANTED = {
    ("amount", frozenset({"40 million crowns", "60 million crowns"})),
    ("status", frozenset({"negotiating", "signed"})),
    ("giver", frozenset({"Norland", "Sudland"})),
    ("date", frozenset({"2031-06-02", "2031-06-05"})),
    ("count", frozenset({"14 workers", "19 workers"})),
    ("speaker", frozenset({"Nuria Holt", "Oskar Lind"})),
    ("denial", frozenset({"confirms", "denies"})),
    ("date", frozenset({"2031-09-03", "2031-09-10"})),
}
