"""HTML mails as a reader sees them: blocks, links, tables, and nothing that is hidden."""

import pytest
from audiobrew.mail.html.reader import read_html
from audiobrew.mail.newsletter import BlockKind, Link

from tests.mail.mails import html, read, uncut_texts


def block_texts(page: str) -> list[str]:
    return [draft.text for draft in read_html(page)]


def kinds(page: str) -> list[tuple[str, str]]:
    return [(draft.kind.value, draft.text) for draft in read_html(page)]


def test_each_kind_of_block_is_recognized():
    page = (
        "<h2>News</h2><p>A <b>bold</b> word.</p><ul><li>one</li><li><p>two</p></li></ul>"
        "<blockquote><p>said she</p></blockquote>"
    )

    assert kinds(page) == [
        ("heading", "News"),
        ("paragraph", "A bold word."),
        ("list_item", "one"),
        ("list_item", "two"),
        ("quotation", "said she"),
    ]


def test_links_keep_their_text_and_their_url():
    [draft] = read_html("<p>See <a href=' https://example.com/a '>the <i>report</i></a> now.</p>")

    assert draft.text == "See the report now."
    assert draft.links == (Link("the report", "https://example.com/a"),)


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.c", "#x"]
)
def test_a_link_that_is_not_http_is_only_text(target):
    [draft] = read_html(f"<p><a href='{target}'>words here</a></p>")

    assert (draft.text, draft.links) == ("words here", ())


def test_links_stay_with_their_own_paragraph():
    page = "<a href=https://x.example/1>one</a> a<br><br><a href=https://x.example/2>two</a> b"

    assert [[link.text for link in draft.links] for draft in read_html(page)] == [["one"], ["two"]]


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "DISPLAY : NONE !important", "visibility:hidden", "opacity:0",
        "clip-path: inset(50%)", "max-height:0;overflow:hidden", "font-size:1px", "font-size:0",
        "position:absolute;left:-9999px",
        "color:#fff;background-color:#FFFFFF", "text-indent:-9999px", "color:#fefefe;background:white",
        "transform: scale(0)", "color: rgb(255, 255, 255); background-color: #fff",
    ],
)  # fmt: skip
def test_hidden_text_is_not_read(style):
    assert block_texts(f"<div style='{style}'>hidden <b>words</b></div><p>seen</p>") == ["seen"]


@pytest.mark.parametrize(
    "attributes",
    [
        "style='mso-hide:all'",
        "style='color:#fff;background-color:#fff;background-image:url(https://e.example/night.jpg)'",
        "style='color:#fff;background:#fff url(night.jpg) no-repeat'",
        "style='color:#ffffff;background:linear-gradient(#000, #333)' bgcolor='#ffffff'",
        "bgcolor='#ffffff' background='https://e.example/night.jpg' style='color:white'",
    ],
)
def test_text_that_only_seems_hidden_is_read(attributes):
    page = f"<table><tr><td {attributes}><p>A boat in the harbour.</p></td></tr></table>"

    assert block_texts(page) == ["A boat in the harbour."]


def test_text_hidden_by_the_style_sheet_is_not_read():
    page = (
        "<style>/* .b{display:none} */ .a, #c {display:none} @media print { .d {display:none} }</style>"
        "<p class='x a'>no</p><p class=b>yes</p><p id=c>no</p><p class=d>also</p>"
    )

    assert block_texts(page) == ["yes", "also"]


def test_text_with_a_size_in_a_wrapper_without_one_is_visible():
    page = "<td style='font-size:0'><div style='font-size:0px'>x<div style='font-size:14px'>seen</div></div>"

    assert block_texts(f"<table><tr>{page}</table>") == ["seen"]


def test_elements_that_are_no_text_are_not_read():
    page = (
        "<title>t</title><script>s</script><img alt='pixel' width=1 height=1><p>seen\u034f\u200c\u200b</p>"
        "<!--[if mso]><p>outlook</p><![endif]--><!--[if !mso]><!--><p>others</p><!--<![endif]-->"
    )

    assert block_texts(page) == ["seen", "others"]


def test_each_row_of_a_data_table_is_a_block():
    page = (
        "<table><tr><td>Arden</td><td>3 – 1</td></tr><tr><td>Borth</td><td>0 – 0</td></tr></table>"
    )

    assert kinds(page) == [("table_row", "Arden: 3 – 1"), ("table_row", "Borth: 0 – 0")]


def test_the_columns_of_a_wide_table_are_named():
    page = (
        "<table><tr><th>Town</th><th>Rain</th><th>Sun</th></tr>"
        "<tr><td>Arden</td><td>4 mm</td><td>2 h</td></tr></table>"
    )

    assert kinds(page) == [("table_row", "Arden: Rain 4 mm, Sun 2 h")]


def test_a_layout_table_has_no_table_rows():
    page = "<table><tr><td><h2>Left</h2><p>A story.</p></td><td><p>Another.</p></td></tr></table>"

    assert [kind for kind, _ in kinds(page)] == ["heading", "paragraph", "paragraph"]


def test_a_bold_line_is_a_heading():
    page = "<td><strong><span style='font-size:20px'>The bakery</span></strong><br>It opened.</td>"

    assert kinds(f"<table><tr>{page}</table>") == [
        ("heading", "The bakery"),
        ("paragraph", "It opened."),
    ]


def test_a_bold_sentence_is_no_heading():
    [draft] = read_html("<p><b>It opened on Monday.</b></p>")

    assert draft.kind is BlockKind.PARAGRAPH


def test_bullets_typed_by_hand_are_a_list():
    assert kinds("<p>Today:<br>• one<br>• two</p>") == [
        ("paragraph", "Today:"),
        ("list_item", "one"),
        ("list_item", "two"),
    ]


@pytest.mark.parametrize(
    "line", ["<hr>", "<p>* * *</p>", "<p style='border-top:1px solid #ccc'></p>", "<p>———</p>"]
)
def test_the_block_after_a_horizontal_rule_records_it(line):
    assert [draft.after_rule for draft in read_html(f"<p>one</p>{line}<p>two</p>")] == [False, True]


def test_a_paragraph_keeps_the_first_hundred_of_its_links() -> None:
    links = " ".join(f'<a href="https://example.org/{n}">{n}{"x" * 2_000}</a>' for n in range(300))
    block, *_ = read(html(f"<p>The harbour opens in April. {links}</p>")).blocks

    assert [link.url for link in block.links] == [f"https://example.org/{n}" for n in range(100)]
    assert {len(link.text) for link in block.links} == {1_000}


def test_a_long_paragraph_becomes_several_blocks_that_end_with_sentences() -> None:
    sentence = "The harbour opens in April, and the council is glad about it."
    blocks = read(
        html(f'<p><a href="https://example.org/">News.</a> {f"{sentence} " * 600}</p>')
    ).blocks

    assert [len(block.text) > 9_900 for block in blocks] == [True, True, True, False]
    assert {block.text[-len(sentence) :] for block in blocks} == {sentence}
    assert " ".join(block.text for block in blocks) == "News. " + " ".join([sentence] * 600)
    assert [len(block.links) for block in blocks] == [1, 0, 0, 0]


@pytest.mark.parametrize("gap", ["", " "])
def test_a_long_paragraph_without_sentences_loses_nothing_either(gap: str) -> None:
    text = gap.join(["harbour"] * 5_000)
    blocks = read(html(f"<p>{text}</p>")).blocks

    assert max(len(block.text) for block in blocks) <= 10_000
    assert gap.join(block.text for block in blocks) == text


def test_mathematical_letters_are_read_as_plain_letters():
    assert uncut_texts(html("<p>𝐓𝐡𝐞 mill of 𝘈rden 𝟐𝟎𝟐𝟔</p>")) == ["The mill of Arden 2026"]
