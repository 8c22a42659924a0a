"""Furniture of a page is told from the article, and an ordinary sentence is never taken for it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.articles.furniture import body_sentences, find_furniture

SEEDS = Path(__file__).parent.parent / "seeds"

FURNITURE = """
Advertisement
ADVERTISEMENT - CONTINUE READING BELOW
Story continues below advertisement
Sponsored content
JOIN US ON TELEGRAM
Ad
This is a paid advertisement
Scroll to continue with content
Skip to content
Read this next
[Read: Duke of Marl sells yacht]
Ola Brandt/AFP via Getty Images
Join our WhatsApp channel
Support us on Patreon
Join us on WhatsApp. Follow our harbour coverage on the @MarlCourier.
Follow Ida Moss on Twitter: @idamoss
Like us on Facebook!
Sign up for our newsletter and never miss a tide.
Get the day’s top stories delivered to your inbox.
Subscribe now
Already a subscriber? Log in
Read more: Duke of Marl sells yacht to Petra Vane
READ ALSO: Duke of Marl sells yacht
Read more about the flood
Also read | Duke of Marl sells yacht
Related: Duke of Marl sells yacht
Other Topics of Interest Duke Sells Yacht – Crew Should Take Note The duke of Marl says he has “no use” for it.
Recommended stories
[For a graphic on herring prices, click here: courier.example/herring]
Read the full statement of the harbour board.
Photo: Ola Brandt/Marl Courier
FILE PHOTO: Boats in the harbour of Marl, May 3. Ola Brandt/File Photo
The harbour of Marl on Friday. Image: Ola Brandt.
Harbour master Ida Moss at the quay. (Photo by Ola Brandt)
The quay on Friday. REUTERS/Ola Brandt
Prime Minister Ada Berg and President Reyes speaking at the Marl Summit 2031.
Berg (left) and Reyes (right) in the harbour of Marl on 14 May 2031.
Image source, Getty Images
Video Player Close
Source: Marl Wire| 2031-05-14 02:39:55|Editor: ola
Updated: 14 May 2031, 09:30
By Ola Brandt and Petra Vane, Marl Courier
3 min read
© 2031 Marl Courier. All rights reserved.
This article first appeared in the Marl Courier.
(Reporting by Ola Brandt; editing by Petra Vane)
Additional reporting by Ola Brandt and Petra Vane
Ola Brandt contributed to this report.
Share this article
Facebook Twitter WhatsApp Copy link
12 comments
Leave a comment
This website uses cookies to improve your experience.
For more information, please contact the harbour board on 555 0199.
Email: desk@courier.example
Do you have a story? Write to us.
Lesen Sie auch: Herzog verkauft Jacht
**Read more:** [Duke sells yacht](https://courier.example/duke)
![The quay](https://courier.example/quay.jpg)
""".strip().splitlines()

ARTICLE = """
The advertisement showed the duke on his yacht, the harbour board said.
Advertisement revenue fell by a third, the Courier reported.
“Advertisement,” he said, “is not my trade.”
Pupils should read more, the minister said.
Read more books, the minister told pupils in Marl.
He wants to read more about the flood before he votes.
“Read more: that is my advice,” she said.
“Sign up for our newsletter,” the duke told the crowd.
Fishermen can sign up for the fund until Friday.
Join us on the quay, the union told its members.
Like many on Twitter, the duke was angry.
Follow the money, prosecutors were told.
For the full year, analysts see growth of 3 percent. The bank will visit the harbour in May.
Email: the minister's own account shows that he knew, investigators said.
Video: the duke is seen striking the inspector, who later died.
Images: the photographs show six boats, the board said.
Read the letter: “Dear Ms Moss, we reject your offer,” it began.
General Staff office: the fleet lost 50 boats.
When you buy a house in Marl the agent earns a commission of 5 percent.
All rights reserved for women were abolished on Monday.
Get the deal done, the duke told his ministers, and let it get to your inbox.
Share prices fell after the statement.
Print workers went on strike on Monday.
The photo shows the quay, and the police believe it is genuine.
Photo evidence was handed to the court.
He posted a photo: it showed the burning quay.
The board said it was a file photo.
Reporting by the Courier showed that the dam was unsafe.
Reporting by Ida Moss showed that the dam was unsafe.
The report was first published in May, and the board denied it.
First published in 1921, the Courier is the oldest paper in Marl.
Copyright law would not change, the minister said.
Comments by the duke angered fishermen.
The union left no comment unanswered.
Contact between the two governments broke off in May.
Related talks on herring will begin in June.
Trending upwards since May, herring prices reached a record.
Source: the word itself was struck from the draft, she said, and nobody knows why.
By Friday the boats had gone.
By sea
Click fraud cost the Courier half its income.
The board will use cookies on its site from June.
Email servers of the ministry were attacked.
See the duke run, the children shouted.
Watch the tide, the harbour master warned.
The story continues to worry the board, which met on Friday.
Updated figures will be released on 14 May.
Ends of rope lay on the quay.
More than 40 boats were lost.
Most read the deal as a defeat for the duke.
Background: talks on herring began in March.
Harbour to open again in June
Ada Berg speaking at the Marl Summit was a surprise to her party.
Ada Berg arriving late, the board began without her.
The old wing (right) collapsed on Monday.
Ada Berg, left, said nothing.
""".strip().splitlines()


def marked(text):
    return [piece.text for piece in find_furniture(text)]


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_found(line):
    """Each line of furniture between two paragraphs is marked, wholly and alone."""
    assert marked(f"The quay will shut on Friday.\n\n{line}\n\nIda Moss resigned.") == [line]


@pytest.mark.parametrize("line", ARTICLE)
def test_an_ordinary_sentence_is_kept(line):
    """A sentence that uses the words of furniture in running text is never marked."""
    assert marked(f"The quay will shut on Friday.\n\n{line}\n\nIda Moss resigned.") == []


def test_furniture_inside_a_paragraph():
    """A call or a credit line that closes a paragraph is marked without the sentences before it."""
    text = "Ida Moss resigned. Sign up for our daily newsletter here.\nShe left. (Reporting by Ola Brandt)"
    assert marked(text) == ["Sign up for our daily newsletter here.", "(Reporting by Ola Brandt)"]
    assert [sentence.text for sentence in body_sentences(text)] == ["Ida Moss resigned.", "She left."]


def test_titles_after_a_heading_of_teasers():
    """The titles listed below a heading of teasers go with it, and the article after them does not."""
    text = (
        "The quay shut.\n\nRelated articles\n\nDuke sells yacht\n\nWho is Petra Vane?\n\nIda Moss resigned.\n\nHerring"
    )
    assert marked(text) == ["Related articles", "Duke sells yacht", "Who is Petra Vane?"]


def test_a_credit_after_a_paragraph_leaves_the_paragraph():
    """A credit that closes a caption takes it along; one that closes a paragraph is marked alone."""
    text = "Ida Moss signed the accord on Monday. The duke did not attend. Photo: Ola Brandt"
    assert marked(text) == ["Photo: Ola Brandt"]


def test_a_heading_of_news_and_a_list_of_the_article_lead_to_no_titles():
    """After a heading that is no heading of related stories, and in a list with bullets, nothing is marked."""
    assert marked("Latest news\n\nMarl shuts its quay\n\nIda Moss said so.") == ["Latest news"]
    assert marked("Related articles\n\n- Marl shuts its quay\n\nIda Moss said so.") == ["Related articles"]


def test_a_wrapped_line_is_no_sentence():
    """In text wrapped to a width a line that begins like a call to subscribe is the middle of a sentence."""
    text = (
        "The harbour master of Marl told the crews on the quay that they all should\n"
        "join the security briefing on Monday, and that nobody who had signed would\n"
        "be sent home without the forty crowns that the accord had promised to all.\n\n"
        "The duke said later that the crews were welcome to wait for the inspectors,\n"
        "but that the quay would open only when the last of them had gone from Marl.\n"
    )
    assert marked(text) == []


def test_front_matter_is_furniture_and_a_headline_is_not():
    """Front matter is for machines and no evidence; the headline is what the outlet wrote."""
    text = "---\ntitle: Quay shuts\n---\n\n# Quay shuts\n\nIt shut on Friday."
    assert marked(text) == ["---\ntitle: Quay shuts\n---"]
    assert [sentence.text for sentence in body_sentences(text)] == ["# Quay shuts", "It shut on Friday."]


def test_the_seeds():
    """Of the example articles exactly the page's furniture is marked."""
    trade = marked((SEEDS / "trade-two-offers.txt").read_text(encoding="utf-8"))
    assert [line.split()[0] for line in trade] == ["By", "Trade", "Advertisement", "Read", "Sign"]
    for name in ("ceasefire-four-parties", "short-no-deal"):
        assert marked((SEEDS / f"{name}.txt").read_text(encoding="utf-8")) == []
    page = marked((SEEDS / "000_f562134c171a77a1.txt").read_text(encoding="utf-8"))
    assert [line.split()[0] for line in page] == ["JOIN", "Advertisement", "Other", "Advertisement"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*FURNITURE, *ARTICLE, "\n", "\r\n\r\n", " ", "\x00", "\ud800", "🐟", "# "]), max_size=12)
)
def test_spans_are_exact_and_apart(parts):
    """Whatever stands in a text, furniture is in order, apart, at its offsets, and no body sentence overlaps it."""
    text = "".join(parts)
    furniture = find_furniture(text)
    at = 0
    for piece in furniture:
        assert at <= piece.start < piece.end
        assert text[piece.start : piece.end] == piece.text
        at = piece.end
    for sentence in body_sentences(text):
        assert all(sentence.end <= piece.start or piece.end <= sentence.start for piece in furniture)


@pytest.mark.parametrize(
    "line", ["And " * 120, "Reporting by " + "And " * 100 + "!", "share copy link " * 9 + "~", "in " * 140]
)
def test_no_pattern_runs_away(line):
    """Lines made to confuse the patterns take no noticeable time, a hundred of each."""
    assert len(find_furniture("\n\n".join([line] * 100))) <= 100
