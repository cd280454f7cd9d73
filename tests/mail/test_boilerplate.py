"""What is cut, and why; and the news about such things, which stays."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, read

STORY = (
    "<p>The town of Arden opened its new bridge on Monday, two years after the old one was closed,"
    " and several hundred people walked across it in the rain to see the other side again.</p>"
)
BEFORE = "<h1>News of the week</h1>" + STORY * 6
AFTER = "<h2>Another story</h2>" + STORY * 4


def cuts_by_text(page: str) -> dict[str, Cut | None]:
    return {block.text: block.cut for block in read(html(page)).blocks}


def link(words: str, path: str = "x") -> str:
    return f"<a href='https://example.com/{path}'>{words}</a>"


@pytest.mark.parametrize(
    "words",
    [
        f"You can {link('unsubscribe')} at any time.",
        f"{link('Unsubscribe')} | {link('Manage preferences')}",
        "You are receiving this email because you signed up at example.com.",
        "© 2026 Example Media Ltd. All rights reserved.",
        "Example Media, 12 Copper Lane, Floor 3, Bristol BS1 4ZZ",
        f"Hier können Sie den {link('Newsletter abbestellen')}.",
        "Sie erhalten diese E-Mail, weil Sie sich angemeldet haben.",
        f"{link('Se désabonner')} de cette lettre",
        "Vous recevez cet e-mail car vous êtes inscrit sur notre site.",
        f"Puedes {link('darte de baja')} cuando quieras.",
        "Recibes este correo porque te suscribiste en nuestra web.",
        f"Per non ricevere più queste e-mail, {link('cancella l’iscrizione')}.",
        f"Para não receber mais, {link('cancelar inscrição')}.",
        f"Wil je deze nieuwsbrief niet meer? {link('Uitschrijven')}",
        "Je ontvangt deze nieuwsbrief omdat je je hebt aangemeld.",
    ],
)
def test_the_footer_is_cut(words):
    cuts = cuts_by_text(f"{BEFORE}<p>{words}</p>")

    assert list(cuts.values())[-1] is Cut.FOOTER


@pytest.mark.parametrize(
    "words",
    [
        "This newsletter is not financial advice.",
        "Nothing in this newsletter is investment advice. I own one share of a bakery.",
        "For informational purposes only. Past performance is no guarantee of future results.",
        "This message is intended solely for the addressee and may contain confidential information.",
        "Die Inhalte stellen keine Anlageberatung dar.",
        "Example GmbH, Amtsgericht Erfurt, HRB 99999",
        "Ce contenu ne constitue pas un conseil en investissement.",
        "Esto no constituye asesoramiento financiero.",
        "Queste informazioni non costituiscono consulenza finanziaria.",
        "Este conteúdo não constitui recomendação de investimento.",
        "Dit is geen financieel advies.",
        f"{link('Privacy policy')} · {link('Terms of service')}",
    ],
)
def test_legal_lines_are_cut(words):
    cuts = cuts_by_text(f"{BEFORE}<p>{words}</p>")

    assert list(cuts.values())[-1] is Cut.LEGAL


@pytest.mark.parametrize(
    "words",
    [
        link("View this email in your browser"),
        f"Having trouble reading this? {link('Open it in your browser')}.",
        f"{link('Home')} | {link('Archive')} | {link('About')}",
        link("Read more"),
        link("Continue reading →"),
        f"{link('Like')} {link('Comment')} {link('Share')}",
        f"Was this email forwarded to you? {link('Subscribe here')}",
        f"{link('Facebook')} · {link('X')} · {link('LinkedIn')}",
        "Refer a friend and get a mug. You have 0 referrals.",
        link("Im Browser ansehen"),
        link("Weiterlesen"),
        link("Lire la suite"),
        link("Seguir leyendo"),
        link("Leggi tutto"),
        link("Leia mais"),
        link("Lees verder"),
        "5 min read",
        "Issue 61 · Saturday, 21 November 2026",
        "By Ada Brook",
    ],
)
def test_navigation_at_the_top_is_cut(words):
    cuts = cuts_by_text(f"<p>{words}</p>{BEFORE}")

    assert next(iter(cuts.values())) is Cut.NAVIGATION


@pytest.mark.parametrize(
    "words",
    [
        "A new law will make it as easy to unsubscribe from a gym as it was to join one, and companies"
        " that hide the button will have to pay back three months of fees to each member.",
        "Half of the readers in the study tried to unsubscribe from a newsletter and gave up.",
        "The company said that its privacy policy had been written by a poet, and sales doubled.",
        "Advertising in newsletters grew by a third this year, and sponsors pay more than ever.",
        "The regulator fined the fund for calling its newsletter “not financial advice” on every page"
        " while it told its readers by name which shares they were to buy before Christmas.",
        "The festival was sponsored by a brewery for the first time, which divided the village.",
        "Together with its neighbours, the town has bought the forest.",
        "In partnership with the university, the port has built a wave machine that visitors can try.",
        "Facebook will close its office in Arden, and 300 people will lose their work there.",
        "Share prices fell on Tuesday after the bank had raised its rates.",
        "Follow the river for two miles and you will come to the mill that was sold for one pound.",
        "The ad on the bus said only one word, and the whole town talked about it for a week.",
        "On 5 May the copyright of the song ends, and everyone may sing it in public.",
        "Read this twice: the bridge is free.",
    ],
)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_news_about_such_topics_is_not_cut(words, place):
    page = {
        "first": f"<p>{words}</p>{BEFORE}",
        "middle": f"{BEFORE}<p>{words}</p>{AFTER}",
        "last": f"{BEFORE}<p>{words}</p>",
    }[place]

    assert cuts_by_text(page)[words] is None


def test_a_table_of_contents_is_cut_but_not_its_stories():
    page = f"<p>In this issue:</p><ul><li>The bridge</li></ul><h2>The bridge</h2>{STORY}"
    cut = [(block.text[:10], block.cut) for block in read(html(page)).blocks]

    assert cut[:2] == [("In this is", Cut.NAVIGATION), ("The bridge", Cut.NAVIGATION)]
    assert cut[2] == ("The bridge", None)


def test_a_heading_is_cut_where_everything_below_it_is_cut():
    page = f"{BEFORE}<h3>Share the Letter</h3><p>Refer a friend and win. {link('Your referral link')}</p>"

    assert cuts_by_text(page)["Share the Letter"] is Cut.NAVIGATION


def test_the_newsletters_own_name_at_the_top_is_cut():
    assert cuts_by_text(f"<h1>Ada Brook</h1>{BEFORE}")["Ada Brook"] is Cut.NAVIGATION


def test_a_story_after_an_early_unsubscribe_link_is_not_cut():
    page = f"<p>{link('Unsubscribe')}</p>{BEFORE}"

    assert cuts_by_text(page)["News of the week"] is None


def test_a_mail_that_is_one_footer_box_is_not_cut():
    assert read(html(f"<div class=footer>{BEFORE}</div>")).uncut_blocks


def test_a_cut_block_keeps_its_text():
    raw = html(f"{BEFORE}<div class=footer><p>Made with care in Arden</p></div>")

    assert read(raw).blocks[-1].text == "Made with care in Arden"
    assert read(raw).blocks[-1].cut is Cut.FOOTER


def items(*words: str) -> str:
    return "<ul>" + "".join(f"<li>{link(one)}</li>" for one in words) + "</ul>"


def test_headlines_in_a_list_of_links_are_neither_polls_nor_buttons():
    headlines = [
        "Where do the cranes sleep in winter?",
        "More rooms for the old library",
        "See how a lock gate works",
        "Is the ferry late again?",
        "Two bakers, one oven",
        "Get well cards from a robot",
    ]
    cuts = cuts_by_text(f"{BEFORE}<h2>Around the web</h2>{items(*headlines)}{AFTER}")

    assert [words for words in headlines if cuts[words]] == []


def test_the_answers_of_a_poll_are_cut_after_a_line_that_explains_it():
    answers = ["Very good", "Good", "So so", "Bad"]
    page = (
        f"{BEFORE}<h3>How did you like today's newsletter?</h3><p>Choose one, and say more if you like:</p>"
        + "".join(f"<p>{link('🐟 ' + answer)}</p>" for answer in answers)
    )
    cuts = cuts_by_text(page)

    assert [cuts[f"🐟 {answer}"] for answer in answers] == [Cut.NAVIGATION] * 4


def test_the_last_of_a_row_of_headings_is_kept_above_a_footer():
    row = "".join(
        f"<h3>#{number} {name}: the harbour office lost its keys…</h3>"
        for number, name in enumerate(("Arden", "Brill", "Corve", "Dunmere"), start=1)
    )
    page = f"{BEFORE}<h2>Four towns</h2>{row}<p>{link('Unsubscribe')}</p>"

    assert not any(cut for text, cut in cuts_by_text(page).items() if text.startswith("#"))


def test_a_heading_that_is_a_whole_paragraph_is_kept_above_a_footer():
    words = (
        "Q: You have carved names on four hundred boats. Thank you for showing us your workshop, and the tea;"
        " what will become of it when you stop, and who will carve the name of the last one?"
    )

    assert cuts_by_text(f"{BEFORE}<h4>{words}</h4><p>{link('Unsubscribe')}</p>")[words] is None


@pytest.mark.parametrize(
    "words",
    [
        f"Come to the reading room, the workshop or the {link('mailing list')} with your ideas for the mill.",
        f"Ines Vahl {link('proposed a rule')} for shorter names (see the mailing list below for the reply).",
        "If the lock is not mended by March, the boats lose access to all harbours above the weir.",
    ],
)
def test_a_story_that_mentions_lists_and_access_is_kept(words):
    page = f"{BEFORE}<p>{words}</p><p>{link('The plan of the harbour')}</p>{AFTER}"
    text = next(block.text for block in read(html(page)).blocks if block.text[:8] == words[:8])

    assert cuts_by_text(page)[text] is None


@pytest.mark.parametrize(
    "words", ["🔍 Try the tide table", "Secure your seat here", "➡️ Read the whole report"]
)
def test_a_link_that_asks_to_act_is_cut_whatever_signs_it_has(words):
    assert cuts_by_text(f"{BEFORE}<p>{link(words)}</p>{AFTER}")[words] is Cut.NAVIGATION


@pytest.mark.parametrize(
    "words",
    [
        "Bron: De Ardense Courant, Radio Corve",
        "Quellen: Ardener Bote, Corve heute / dpa",
        "Sources: The Arden Post, Corve Radio live blog, Mill & Lock",
        "出典：北の新聞",
        "harbour@example.org",
        "Email mill@example.org or call 555-014-0199, ext. 12",
        "Tel. +47 22 00 00 00",
        "Telephone: 01632 960174, Fax: 01632 960175",
    ],
)
def test_sources_and_contacts_are_cut(words):
    assert cuts_by_text(f"{BEFORE}<p>{words}</p>{AFTER}")[words] is Cut.NAVIGATION


@pytest.mark.parametrize(
    "words",
    [
        "Source: two people who saw the letter before it was burned.",
        "Sources of the river Corve are drying up, and the mill at Brill stands still.",
        "Write to the council, at council@example.org, if the noise of the ferry keeps you awake.",
        "In an emergency, call the harbour on 555-014-0199 and ask for the pilot.",
    ],
)
def test_sentences_about_sources_and_with_contacts_are_kept(words):
    assert cuts_by_text(f"{BEFORE}<p>{words}</p>{AFTER}")[words] is None


def test_headings_that_link_to_themselves_are_kept():
    page = BEFORE + "".join(
        f"<h3 id='{name}'><a href='#{name}'>{name} wins</a></h3>{STORY}"
        for name in ("Arden", "Brill")
    )
    cuts = cuts_by_text(page)

    assert cuts["Arden wins"] is None
    assert cuts["Brill wins"] is None


@pytest.mark.parametrize(
    "words",
    [
        "Lighthouses, logbooks and the privacy of keepers",
        "Why the baker's terms frighten the mill",
        "Cookies for the crew: a harbour kitchen opens",
        "Mill wheel 3.0 is now available on the island",
        "Bringing forward the last ferry",
        "PSA: upgrade your rain gauges",
        "4 minutes to lower a bridge",
        "Secure knots, explained",
        "How villages stay connected in winter",
    ],
)
def test_headlines_with_words_of_footers_are_kept_in_lists(words):
    cuts = cuts_by_text(
        f"{BEFORE}{items('A new lock for Arden', words, 'The heron is back')}{AFTER}"
    )

    assert cuts[words] is None


@pytest.mark.parametrize(
    "words",
    [
        f"<p>{link('If you would rather not get these letters, you can unsubscribe by clicking here.')}</p>",
        f"<p>{link('Wenn Sie keine Briefe mehr möchten, können Sie sie hier abbestellen')}</p>",
        f"<p>{link('To be taken off the list of the mill you may unsubscribe at any time.')}</p>",
        f"<p>{link('Unsubscribe or manage your email preferences today')}</p>",
        f"<p style='font-size:11px'>{link('OPT-OUT')}</p>",
        f"<p style='font-size:11px'>{link('Abmeldung')}</p>",
        "<h5>© 2026 Mill & Lock. All Rights Reserved</h5>",
        f"<h6>If you no longer wish to get these letters, you may unsubscribe by {link('clicking')}</h6>",
        f"<h4>{link('Preferences')} | {link('Unsubscribe')}</h4>",
        "<p>Sie erhalten diese Nachricht, weil Sie sich bei einer Umfrage eingetragen haben. Dadurch"
        " können wir Ihnen Angebote schicken, die für Sie von Belang sein können.</p>",
        "<p style='font-size:11px'>The mill has stood here since 1708. You are receiving this because"
        " you bought flour at our shop, and we like to write to those who did.</p>",
    ],
)
def test_ways_to_leave_are_cut_however_they_are_marked_up(words):
    assert read(html(f"{BEFORE}{words}")).blocks[-1].cut is not None


@pytest.mark.parametrize(
    "words",
    [
        "<h3>How to unsubscribe from a gym</h3>",
        "<h3>Unsubscribe: the story of a word</h3>",
        f"<h3>{link('No rights reserved')} for the heron of Brill</h3>",
        "<h3>Privacy, the harbour and you</h3>",
        "<h3>Copyright ends for the song of the mill</h3>",
        f"<h3>{link('Why nobody can opt out of the census')}</h3>",
    ],
)
def test_headlines_about_leaving_are_kept_near_the_end(words):
    blocks = read(html(f"{BEFORE}{words}{STORY}")).blocks

    assert blocks[-2].cut is None
    assert blocks[-1].cut is None


@pytest.mark.parametrize(
    "label", ["Read more", "Continue reading →", "Weiterlesen", "Lire l’article", "続きを読む"]
)
def test_headlines_with_only_a_button_to_their_story_are_kept(label):
    headlines = [
        "The council sells its last gas lamp",
        "Ferry to Corve runs on Sundays again",
        "A heron nests on the roof of the mill",
    ]
    button = f"<p><a href='https://e.example/1' style='background:#06c;padding:8px'>{label}</a></p>"
    cuts = cuts_by_text("".join(f"<h2>{headline}</h2>{button}" for headline in headlines))

    assert [cuts[headline] for headline in headlines] == [None] * 3
    assert cuts[label] is Cut.NAVIGATION


def test_a_heading_above_a_button_that_asks_to_act_is_cut():
    button = (
        "<p><a href='https://e.example/1' style='background:#06c;padding:8px'>Get the app</a></p>"
    )

    assert cuts_by_text(f"{BEFORE}<h3>Take the mill with you everywhere</h3>{button}")[
        "Take the mill with you everywhere"
    ]


def test_headlines_with_links_that_lead_nowhere_are_kept():
    headline = "Where have all the ferrymen gone?"

    assert cuts_by_text(f"{BEFORE}<p><a href='#'>{headline}</a></p>{AFTER}")[headline] is None


@pytest.mark.parametrize(
    "date", ["February 6, 2025", "6. Februar 2025", "6 de febrero de 2025", "Thu, 6 Feb 2025"]
)
def test_a_date_below_a_byline_is_cut(date):
    page = f"{BEFORE}<h3>The lock is open</h3><p>By Ines Vahl</p><p>{date}</p>{AFTER}"

    assert cuts_by_text(page)[date] is Cut.NAVIGATION


def test_the_date_of_an_event_is_kept():
    page = f"{BEFORE}<h3>Open day at the lock</h3><p>Saturday, 6 June 2026</p>{AFTER}"

    assert cuts_by_text(page)["Saturday, 6 June 2026"] is None


def test_a_linked_title_in_a_script_without_capitals_is_no_author():
    page = (
        "<h1>旧纸堆</h1><p><a href='https://a.example/table'>一张借了三百年的桌子</a></p>"
        "<p>2025年4月20日</p>"
        "<p>乾隆八年秋天，徽州木匠向邻居借了一张八仙桌，为的是嫁女儿，借据上写得清清楚楚。</p>"
        "<p>去年冬天，一间老屋拆除时，工人在夹墙里发现了这张借据，还有十一封信。</p>"
    )

    assert "一张借了三百年的桌子" in [block.text for block in read(html(page)).uncut_blocks]


MASTHEADS = [
    "Corve Letter · Thursday 12 March · nine things.",
    "Corve Letter · Thursday 5 March · nine things.",
    "Corve Letter | Mar 12 | 5 things to know",
    "Corve Letter / 12 March / nine things",
    "Corve Letter, Thursday 12 March",
    "Lettera n. 62 – 12 marzo 2026",
    "Nr. 62 – 12. März 2026",
    "Nr. 14, marzo de 2026",
    "Today · March 12, 2026 · 6 stories · 4 minutes",
]


def letter_of_12_march(page: str) -> bytes:
    raw = html(page).replace(b"Ada Brook", b"The Corve Letter")
    return raw.replace(b"Mon, 2 Nov 2026 08:00:00 +0100", b"Thu, 12 Mar 2026 07:00:00 +0000")


@pytest.mark.parametrize("tag", ["p", "h2", "h3"])
@pytest.mark.parametrize("line", MASTHEADS)
def test_the_name_with_the_day_and_a_count_is_cut(line: str, tag: str) -> None:
    page = f"<h1>The Corve Letter</h1><{tag}>{line}</{tag}><h2>The bridge</h2>{STORY * 2}{AFTER}"
    cuts = {block.text: block.cut for block in read(letter_of_12_march(page)).blocks}

    assert cuts[line] is Cut.NAVIGATION
    assert cuts["The bridge"] is None


@pytest.mark.parametrize(
    "line",
    ["5 March", "The bridge, 12 March", "The strike of 5 March", "Sport · 5 March · Arden wins"],
)
def test_a_title_with_a_day_is_read_aloud(line: str) -> None:
    page = f"<h1>The Corve Letter</h1><h2>{line}</h2>{STORY * 2}{AFTER}"
    cuts = {block.text: block.cut for block in read(letter_of_12_march(page)).blocks}

    assert cuts[line] is None
