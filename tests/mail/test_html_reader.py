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
        "color:transparent", "color:rgba(0,0,0,0)", "color:#ffffff00", "color: rgb(0 0 0 / 1%)",
        "-webkit-text-fill-color:transparent", "color:hsl(0,0%,100%);background:#fff",
        "color:red;background:#f00", "color:rgba(255,255,255,.9);background:white",
        "background:#fff;color:#000;background-color:#010101", "opacity:.01", "filter:opacity(0)",
        "transform:scale(0,0)", "transform: rotate(3deg) scaleY(0)", "scale:0",
        "transform:translateX(-9999px)", "-webkit-transform:translate3d(0,-2000px,0)",
        "translate:-9999px", "transform:rotateX(90deg)", "zoom:0", "margin-left:-9999px",
        "margin:0 0 0 -9999px", "margin-top:-999em", "text-indent:-999em",
        "position:absolute;left:-100vw", "position:absolute;right:-9999px",
        "position:absolute;left:9999px", "text-indent:100%;white-space:nowrap;overflow:hidden",
        "clip-path:polygon(0 0,0 0,0 0)", "clip-path:inset(0 100% 0 0)", "clip-path:circle(0)",
        "position:absolute;clip:rect(1px, 1px, 1px, 1px)", "font:0/0 a", "font: bold 1px/1 Arial",
        "font-size:0.01em", "font-size:1%", "line-height:0;overflow:hidden",
        "height:0;overflow:clip", "content-visibility:hidden",
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
        "bgcolor='navy' style='color:#fff'",
        "style='color:#fff'",
        "style='color:#fff;background:rgba(255,255,255,.1)' bgcolor='#102030'",
        "style='color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text'",
        "style='color:transparent;text-shadow:0 0 0 #000'",
        "style='color:var(--text);background:#000'",
        "style='color:rgba(0,0,0,.87);background:#fff'",
        "style='opacity:.8;font:14px/20px Arial'",
        "style='transform:translate(-50%,-50%);margin-left:-40px'",
        "style='transform:scale(0.9) rotate(180deg)'",
        "style='margin:0 0 0 -600px;text-indent:-20px'",
        "style='position:absolute;top:20px;color:#fff'",
        "style='clip-path:inset(10% 0 10% 0 round 4px)'",
        "style='clip-path:polygon(0 0,100% 0,100% 100%)'",
        "style='line-height:0'",
        "style='font-size:.9em'",
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


@pytest.mark.parametrize(
    "css",
    [
        ".a .b{display:none}", "div.b{display:none}", "div>.b{display:none}",
        "body .a > div.b {display:none !important}", "[class~=b]{display:none}",
        "*[class='b']{display:none}", "[data-x^=hid]{visibility:hidden}", ".b{font-size:0}",
        "#i{color:#fff;background:#fff}", ".a{background:#fff}.b{color:#ffffff}",
        "body{background:#fff}.b{color:white}", ".b{opacity:.01}", ".b{margin-left:-9999px}",
        "@media screen{.b{display:none}}", "@media all {p{color:#000} .b{display:none}}",
        "@media only screen { .b{display:none} } @media print {.b{display:block}}",
        "@import url(x.css); .b{display:none}",
        ".b{display:block}.a .b{display:none}.b{display:inline}",
    ],
)  # fmt: skip
def test_text_hidden_by_any_rule_of_the_style_sheet_is_not_read(css):
    page = "<div class=a><div class=b id=i data-x=hidden>hidden <b>words</b></div></div><p>seen</p>"

    assert block_texts(f"<style>{css}</style>{page}") == ["seen"]


@pytest.mark.parametrize(
    "css",
    [
        "@media (prefers-color-scheme:dark){.a{background:#000}.b{color:#000}}",
        "@media screen and (max-width:600px){.b{display:none}}", "@media print{.b{display:none}}",
        "[data-ogsc] .b{display:none}", "u + .body .b{display:none}", ".b:hover{display:none}",
        ".c .b{display:none}", ".b .a{display:none}", ".b>.a{display:none}", "span.b{display:none}",
        "body>.b{display:none}", ".a{background:#000}.b{color:#fff}",
        ".b{display:none}.a .b{display:block}", ".a{font-size:0}.b{font-size:16px}",
        ".b{color:#fff;background:#fff url(night.jpg)}",
        "body{background:#fff}.b{background:navy;color:#fff}",
        ".b{color:#fff!important;background:#fff}.b{background:#000!important}",
        "}{.b{", "@media screen{", ".b{display", "@@@;{}", "[class=b{display:none}", ">{display:none}",
    ],
)  # fmt: skip
def test_text_shown_whatever_the_style_sheet_says_is_read(css):
    page = "<div class=a><div class=b id=i>A boat in the harbour.</div></div>"

    assert block_texts(f"<style>{css}</style>{page}") == ["A boat in the harbour."]


def test_a_style_of_its_own_shows_what_the_style_sheet_hides():
    page = "<style>.b{display:none}</style><p class=b style='display:block'>shown</p><p class=b>not</p>"

    assert block_texts(page) == ["shown"]


def test_text_in_the_colour_of_the_page_is_not_read():
    page = "<div style='color:#fff'>hidden</div><p>seen</p>"

    assert block_texts(f"<body bgcolor=#ffffff>{page}") == ["seen"]
    assert block_texts("<body style='background:#fff' text=#fff>x<font color=red>seen</font>") == [
        "seen"
    ]
    assert block_texts(f"<body bgcolor=#101010>{page}") == ["hidden", "seen"]


def test_a_white_button_and_a_picture_of_text_are_read():
    page = (
        "<body bgcolor=white><table><tr><td bgcolor=#fff style='color:#fff'>"
        "<a href=https://x.example/ style='background:#0a7;color:#fff;padding:8px'>Read the report</a>"
        "</td></tr><tr><td style='font-size:0;line-height:0'>"
        "<img src=https://x.example/i.png width=600 height=200 alt='The ferry sails at noon.'>"
        "</td></tr></table>"
    )

    assert block_texts(page) == ["Read the report", "The ferry sails at noon."]


def test_a_long_style_sheet_takes_no_longer_for_each_element():
    css = "".join(f".a{number} div{{color:#{number:06x}}}" for number in range(5_000))
    css += "".join(f"div div.b{number}{{display:none}}" for number in range(5_000))

    assert block_texts(f"<style>{css}</style>" + "<div>one</div>" * 500) == ["one"] * 500


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


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Das Moor<sup>3</sup> wächst um 4 g/cm<sup>3</sup>.</p>", "Das Moor³ wächst um 4 g/cm³."),
        ("<p>Hacia 10<sup>−9</sup> o<sup><a href='#n'>12</a></sup> más</p>", "Hacia 10⁻⁹ o¹² más"),
        ("<p>The 5<sup>th</sup>, <sup>3</sup>/<sub>4</sub>, $9<sup>95</sup></p>", "The 5th, 3/4, $9.95"),
    ],
)  # fmt: skip
def test_digits_above_the_line_are_no_numbers_of_their_own(html: str, text: str) -> None:
    assert [block.text for block in read_html(html)] == [text]
