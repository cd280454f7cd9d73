"""What a block is for: code, images, captions, questions, bylines, lists of links; and heading levels."""

import pytest
from audiobrew.mail.code import is_hash, looks_like_code
from audiobrew.mail.newsletter import BlockRole, Cut

from tests.mail.mails import blocks, html, mail, read

STORY = "<p>The harbour opened on Monday after nine years of building, the town said in the morning.</p>"


def roles(raw: bytes) -> dict[str, str | None]:
    return {block.text: block.role for block in blocks(raw)}


def role(page: str, text: str) -> str | None:
    return next(role for one, role in roles(html(page)).items() if text in one)


def test_headings_have_the_levels_of_their_elements() -> None:
    page = f"<h1>The week in Velmora</h1>{STORY}<h3>Trams and boats</h3>{STORY}"

    assert [(block.level, block.text[:5]) for block in blocks(html(page))] == [
        (1, "The w"),
        (0, "The h"),
        (3, "Trams"),
        (0, "The h"),
    ]


def test_headings_of_a_plain_text_have_levels() -> None:
    text = "# The week\n\nThe harbour opened on Monday, the town said.\n\n## Trams\n\nThey run again.\n"

    assert [block.level for block in blocks(mail(text))] == [1, 0, 2, 0]


def test_code_keeps_its_lines() -> None:
    page = f"{STORY}<pre><code>def f(x):\n    return x + 1\n</code></pre>{STORY}"

    assert [block.text for block in blocks(html(page)) if block.role is BlockRole.CODE] == [
        "def f(x):\n    return x + 1"
    ]


def test_a_paragraph_of_nothing_but_code_is_code_and_a_word_of_code_is_not() -> None:
    page = f"{STORY}<p><code>pip install lantern</code></p><p>Call <code>lantern.light()</code> at once.</p>"

    assert role(page, "pip install") is BlockRole.CODE
    assert role(page, "at once") is None


def test_preformatted_prose_is_paragraphs() -> None:
    page = "<pre>The harbour opened\non Monday.\n\n\nThe tram follows\nin spring.\n* Bread\n* Boats</pre>"

    assert roles(html(page)) == {
        "The harbour opened on Monday.": None,
        "The tram follows in spring.": None,
        "Bread": None,
        "Boats": None,
    }


@pytest.mark.parametrize(
    "code",
    [
        "```python\nprice = 1\n\nprint(price)\n```",
        "    $ git clone https://x.example/lantern\n    $ git checkout f09d01de3",
        "-----BEGIN PGP SIGNATURE-----\n\niQIzBAEBCgAdFiEE\n-----END PGP SIGNATURE-----",
    ],
)
def test_code_in_a_plain_text(code: str) -> None:
    text = (
        f"The harbour opened on Monday, the town said.\n\n{code}\n\nThe tram follows in spring.\n"
    )

    assert list(roles(mail(text)).values()) == [None, BlockRole.CODE, None]


@pytest.mark.parametrize(
    "text",
    [
        "    The harbour opened on Monday, the town said.\n    The tram follows in spring.",
        "```\nThe harbour opened on Monday, and this is never closed.",
        "    Bread: two crowns\n    Boats: nine crowns",
    ],
)
def test_indented_prose_is_no_code(text: str) -> None:
    assert (
        BlockRole.CODE
        not in roles(mail(f"Good news from Velmora, dear reader.\n\n{text}\n")).values()
    )


@pytest.mark.parametrize("word", ["f09d01de", "9F86D081884C7D65", "iQIzBAEBCgAdFiEE12345678=="])
def test_a_hash_is_known(word: str) -> None:
    assert is_hash(word)


@pytest.mark.parametrize(
    "word", ["harbour", "2026", "12345678901234567890", "facade", "COVID19", "A320neo"]
)
def test_a_word_or_a_number_is_no_hash(word: str) -> None:
    assert not is_hash(word)


def test_prose_does_not_look_like_code() -> None:
    assert not looks_like_code("From Monday: the tram runs.\nImport duties fall (by half) in May.")


def test_an_image_is_its_alternative_text_in_its_place() -> None:
    page = (
        f'{STORY}<img src=x width=600 alt="A crane lifts the last carriage onto the quay">{STORY}'
    )

    assert [block.role for block in blocks(html(page))] == [None, BlockRole.IMAGE, None]


@pytest.mark.parametrize(
    "image",
    [
        '<img alt="Facebook" src=x>',
        '<img alt="View image: (https://x.example/a.png)" src=x>',
        '<img alt="harbour_opening_2026_final.jpg" src=x>',
        '<img alt="A pixel that follows you" width=1 height=1 src=x>',
        '<img alt="Logo of the Velmora port" src=x>',
        '<div style="display:none"><img alt="A crane lifts the last carriage" src=x></div>',
        "<img src=x>",
    ],
)
def test_images_that_say_nothing_are_left_out(image: str) -> None:
    assert BlockRole.IMAGE not in roles(html(STORY + image + STORY)).values()


def test_an_image_is_cut_with_the_text_around_it() -> None:
    picture = '<img src=x alt="Mugs in nine colours and in two sizes">'
    page = f"{STORY * 3}<p>You are receiving this because you signed up.</p>{picture}<p>Unsubscribe here</p>"
    [image] = [one for one in blocks(html(page)) if one.role is BlockRole.IMAGE]

    assert image.cut is Cut.FOOTER


def test_a_mail_of_images_has_their_texts() -> None:
    page = '<img src=x alt="The harbour opens on Monday at nine"><img src=y alt="Bread and boats for all">'

    assert [block.text for block in read(html(page)).uncut_blocks] == [
        "The harbour opens on Monday at nine",
        "Bread and boats for all",
    ]


@pytest.mark.parametrize(
    "caption",
    [
        "<figure><img src=x><figcaption>The last carriage arrives.</figcaption></figure>",
        '<img src=x><p style="font-size:11px">The last carriage arrives.</p>',
        "<img src=x><p>The last carriage arrives. Photo: Stig Ammer</p>",
        '<p class="image-caption">The last carriage arrives.</p>',
    ],
)
def test_captions(caption: str) -> None:
    assert role(STORY + caption + STORY, "carriage") is BlockRole.CAPTION


@pytest.mark.parametrize(
    "paragraph",
    [
        "<img src=x><p>The last carriage arrives.</p>",
        "<p>The photo by Stig Ammer of the last carriage won the prize of the town in spring.</p>",
        '<div style="font-size:12px"><img src=x><p>The last carriage arrives.</p>'
        + STORY * 3
        + "</div>",
    ],
)
def test_a_paragraph_below_an_image_is_no_caption(paragraph: str) -> None:
    page = paragraph if "12px" in paragraph else STORY + paragraph + STORY
    assert role(page, "carriage") is None


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe and Max Brook",
        "Von Anna Berg, Berlin",
        "Par Élodie Brun",
        "Jane Doe · Nov 20 · 5 min read",
    ],
)
def test_bylines(line: str) -> None:
    page = f"<h2>Trams</h2>{STORY}<p>{line}</p>{STORY}"
    [byline] = [block for block in blocks(html(page)) if block.text == line]

    assert byline.role is BlockRole.BYLINE or byline.cut


@pytest.mark.parametrize(
    "line", ["By Monday the harbour was open.", "Von Berg wins the cup", "By the numbers: 9 trams"]
)
def test_a_sentence_or_a_title_is_no_byline(line: str) -> None:
    assert role(f"{STORY}<p>{line}</p>{STORY}", line) is None


INTERVIEW = (
    "<p><b>FQ: Why did it take so long?</b></p><p>Kowalski: The steel was late, and we waited.</p>"
    "<p><b>FQ: And the price?</b></p><p>Kowalski: It doubled, and the town paid for it in spring.</p>"
)


def test_questions_of_an_interview_by_their_label() -> None:
    found = roles(html(STORY + INTERVIEW))

    assert found["FQ: Why did it take so long?"] is BlockRole.QUESTION
    assert found["FQ: And the price?"] is BlockRole.QUESTION
    assert list(found.values()).count(BlockRole.QUESTION) == 2


def test_questions_of_an_interview_by_their_print() -> None:
    page = INTERVIEW.replace("FQ: ", "").replace("Kowalski: ", "")

    assert role(STORY + page, "Why did it") is BlockRole.QUESTION


def test_questions_of_a_plain_text() -> None:
    text = "The harbour opened on Monday.\n\nQ: Why did it take so long?\nA: The steel was late.\n"

    assert list(roles(mail(text)).values()) == [None, BlockRole.QUESTION, BlockRole.ANSWER]


@pytest.mark.parametrize(
    "page",
    [
        f"{STORY}<p><b>Is the harbour too dear?</b></p>{STORY}",
        f"<h2>Is the harbour too dear?</h2>{STORY}<h2>Are boats?</h2>{STORY}<h2>Bread</h2>{STORY}",
        f"{STORY}<p>Was the harbour too dear?</p>{STORY}<p>Were the boats?</p>{STORY}",
    ],
)
def test_rhetorical_questions_and_titles_are_no_interview(page: str) -> None:
    assert BlockRole.QUESTION not in roles(html(page)).values()


LINKS = "".join(
    f'<li><a href="https://x.example/{number}">{text}</a></li>'
    for number, text in enumerate(
        ("Velmora opens its tram", "Bakers strike for a third day", "Ministry delays the wind park")
    )
)


def test_a_list_of_links() -> None:
    assert list(roles(html(f"{STORY}<ul>{LINKS}</ul>")).values()) == [None, *[BlockRole.LINK] * 3]


def test_two_links_are_no_list() -> None:
    two = LINKS.rpartition("<li>")[0]

    assert BlockRole.LINK not in roles(html(f"{STORY}<ul>{two}</ul>{STORY}")).values()


TABLE = (
    "<tr>{}</tr><tr><td>DAX</td><td>18,000</td><td>+0.3%</td></tr>"
    "<tr><td>CAC</td><td>7,000</td><td>0%</td></tr>"
)


@pytest.mark.parametrize(
    "header",
    [
        "<th>Index</th><th>Close</th><th>Change</th>",
        "<td><b>Index</b></td><td><b>Close</b></td><td><b>Change</b></td>",
        '<td></td><td style="font-weight:700">Close</td><td style="font-weight:700">Change</td>',
    ],
)
def test_values_of_a_table_follow_their_header_cells(header: str) -> None:
    page = f"{STORY}<table>{TABLE.format(header)}</table>"

    assert [block.text for block in blocks(html(page))][1:] == [
        "DAX: Close 18,000, Change +0.3%",
        "CAC: Close 7,000, Change 0%",
    ]
