"""Plain text mails as blocks."""

from audiobrew.mail.mime.flowed import join_flowed_lines
from audiobrew.mail.newsletter import Link
from audiobrew.mail.plain_text import read_plain


def kinds(text: str) -> list[tuple[str, str]]:
    return [(draft.kind.value, draft.text) for draft in read_plain(text)]


def test_wrapped_lines_are_one_paragraph_and_empty_lines_separate_paragraphs():
    assert kinds("one\ntwo\n\n\nthree") == [("paragraph", "one two"), ("paragraph", "three")]


def test_headings_are_underlined_capitalized_or_marked():
    text = "A ferry\n=======\n\nTHE TIDE SPEAKS UP\n\n## Dates\n\n**Bold words**\n\nA line."

    assert kinds(text) == [
        ("heading", "A ferry"),
        ("heading", "THE TIDE SPEAKS UP"),
        ("heading", "Dates"),
        ("heading", "Bold words"),
        ("paragraph", "A line."),
    ]


def test_list_items_keep_their_continued_lines():
    assert kinds("Three things:\n* one\n  more\n- two\n3) three") == [
        ("paragraph", "Three things:"),
        ("list_item", "one more"),
        ("list_item", "two"),
        ("list_item", "three"),
    ]


def test_a_quotation_is_recognized():
    assert kinds("She wrote:\n> It was late,\n> and cold.\nI agree.") == [
        ("paragraph", "She wrote:"),
        ("quotation", "It was late, and cold."),
        ("paragraph", "I agree."),
    ]


def test_footnotes_become_links():
    [draft] = read_plain("The seal slept [1].\n\n[1] https://example.org/seal\n")

    assert draft.text == "The seal slept."
    assert draft.links == (Link("[1]", "https://example.org/seal"),)


def test_a_url_moves_from_the_text_to_its_links():
    [draft] = read_plain("Read on (https://example.org/more) tomorrow.")

    assert draft.text == "Read on tomorrow."
    assert draft.links[0].url == "https://example.org/more"


def test_the_block_after_a_rule_of_characters_records_it():
    assert [draft.after_rule for draft in read_plain("one\n\n-----\n\ntwo")] == [False, True]


def test_flowed_lines_are_joined():
    assert (
        join_flowed_lines("It was \na dark \nnight.\nNext.", False) == "It was a dark night.\nNext."
    )


def test_flowed_lines_without_their_space_are_joined_whole():
    assert join_flowed_lines("Donau \ndampf \nschiff", True) == "Donaudampfschiff"


def test_flowed_quotations_are_not_joined_with_what_follows():
    assert (
        join_flowed_lines("> one \n> two \nthree \n-- \nAda", False)
        == "> one two \nthree \n-- \nAda"
    )


def test_space_stuffing_is_removed():
    assert join_flowed_lines(" From here\n >not quoted", False) == "From here\n>not quoted"


def test_a_hundred_thousand_spaces_and_brackets_are_read_in_time():
    drafts = read_plain(" " * 100_000 + "\n\n" + "[" * 100_000 + "\n\n" + "> " * 50_000 + "\n\nend")

    assert drafts[-1].text == "end"


def test_a_marked_line_with_a_whole_sentence_is_no_title():
    title = "■灯台が完成\n港に灯台が完成しました。"
    item = "◇売店から しおりがあります。古い紙で、なく\nなり次第終わりです。"

    assert kinds(f"{title}\n\n{item}") == [
        ("heading", "灯台が完成"),
        ("paragraph", "港に灯台が完成しました。"),
        ("paragraph", "◇売店から しおりがあります。古い紙で、なくなり次第終わりです。"),
    ]
