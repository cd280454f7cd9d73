"""What a newsletter sells, announces or asks for itself is cut; news of the same things is told."""

import pytest
from audiobrew.mail.newsletter import Cut

from tests.mail.mails import html, read
from tests.mail.test_boilerplate import link
from tests.mail.test_stories_about_offers import PLAIN

FOOTER = f"<p style='font-size:11px'>{link('Unsubscribe')}</p>"
BUTTON = "display:inline-block;background:#036;color:#fff;padding:12px 20px"


def button(words: str) -> str:
    return f"<p><a href='https://example.com/x' style='{BUTTON}'>{words}</a></p>"


def cuts_of(language: str, fragment: str) -> list[Cut | None]:
    """Why the blocks of a fragment below three stories are cut."""
    plain = PLAIN[language]
    stories = "".join(
        f"<h2>{name}</h2><p>{plain}</p><p>{plain} {number}</p>"
        for number, name in enumerate(("Corve", "Brook", "Arden"), start=3)
    )
    count = len(read(html(stories)).blocks)
    return [block.cut for block in read(html(stories + fragment + FOOTER)).blocks[count:-1]]


@pytest.mark.parametrize(
    ("language", "fragment"),
    [
        ("en", "<p>Not a subscriber yet? Read the Arden Letter for £2 a week for a year.</p>"),
        ("de", "<p>Noch kein Abo? Drei Monate Digital für 9,90 Euro.</p>"),
        ("fr", "<p>Pas encore abonné ? Trois mois d'accès pour 1 €, sans engagement.</p>"),
        ("it", "<p>Non sei ancora abbonato? Un anno di giornale a 39 euro.</p>"),
        ("nl", "<p>Nog geen abonnee? Lees vier weken onbeperkt voor 4 euro.</p>"),
        ("sv", "<p>Inte prenumerant än? Läs allt i tre månader för 29 kronor.</p>"),
        ("ru", "<p>Ещё не подписаны? Полный доступ на месяц за 199 рублей.</p>"),
        ("pl", "<p>Przekaż nam 1,5% podatku. Wystarczy wpisać KRS 0000888111.</p>"),
        ("da", "<p>Støt os på MobilePay 99 99 99 eller reg. 9999 konto 1234567890.</p>"),
        ("cs", "<p>Podpořit nás můžete na účtu 1234567890/9999.</p>"),
        ("cs", "<p>Uzávěrka příštího čísla je 12. října.</p>"),
        ("de", f"<p>Teile deinen Link mit drei Freunden.</p>{button('Link kopieren')}"),
        ("en", "<p>How was this issue for you?</p><p>Not good / Very good</p>"),
        ("ja", "<p>ご感想や短歌をお待ちしています。採用の方には粗品をお送りします。</p>"),
        ("ja", "<p>発行人：三島はる</p>"),
        (
            "ja",
            "<h2>■お知らせ</h2><p>11月3日（祝）に鎌倉で俳句の会を開きます。会費800円、定員12名。"
            "ご参加はこのメールにご返信ください。</p>",
        ),
        (
            "ko",
            "<p>📢 독서 모임 '느린 책' 6월 7일(토) 오후 3시, 연남동. 참가비 10,000원, 선착순 12명."
            f" {link('신청하기')}</p>",
        ),
        (
            "zh",
            "<h3>活动预告</h3><p>9月20日我们在翠湖办一次读者见面会，限二十人，回复本邮件报名。</p>",
        ),
        (
            "tr",
            "<p>Atölyem 12 Nisan'da: on kişilik, 400 TL. Katılmak için bu e-postayı yanıtlayın.</p>",
        ),
        (
            "fr",
            "<p>Atelier. Le 8 mars à Nantes, je donne un atelier de pain : six places, 55 euros."
            " Pour s'inscrire, répondez à ce mail.</p>",
        ),
        ("en", f"<p>P.S. Three seats are left on my print weekend in May. {link('Grab one')}</p>"),
        (
            "en",
            f"<h3>We're hiring</h3><p>Ada Letter Ltd wants an editor in Leeds. {link('See the role')}</p>",
        ),
        (
            "en",
            "<h3>Webinar: Payroll without panic</h3><p>May 6, 3 p.m., with Jo Marsh. 40 minutes, and a"
            f" recording for everyone who registers.</p>{button('Register')}",
        ),
        (
            "en",
            "<h3>Small ads</h3><ul><li>For sale: piano, buyer collects. £90. 01632 960 113.</li>"
            "<li>Wanted: bicycle for a tall child. 01632 960 227.</li></ul>",
        ),
        (
            "en",
            "<p>A word from this week's sponsor. Pinfold is a clamp for people who own two hands."
            f" {link('Have a look')}</p>",
        ),
        (
            "zh",
            f"<p>本期由青山茶社赞助。他们的春茶当天发货，读者专享九折，{link('点此购买')}。</p>",
        ),
        ("ko", f"<p>이번 호는 초록서점의 후원으로 만들었습니다. {link('둘러보기')}</p>"),
    ],
)
def test_notices_of_the_newsletter_are_cut(language, fragment):
    assert None not in cuts_of(language, fragment)


@pytest.mark.parametrize(
    ("language", "fragment"),
    [
        (
            "en",
            "<p>The museum runs a course in net mending: eight places, £65, sign up at the desk.</p>",
        ),
        ("en", "<p>Ida Fell died on Sunday. The family asks for donations instead of flowers.</p>"),
        ("en", "<p>The Courier will charge new subscribers $2 a week for a year from May.</p>"),
        ("en", "<h3>For sale: one lighthouse</h3><p>The trust wants £340,000 for the tower.</p>"),
        ("en", "<p>P.S. Last week I asked which bridge you take. The old one won, 212 to 140.</p>"),
        (
            "de",
            "<p>Statt Blumen bittet die Familie um Spenden für das Hospiz,"
            " DE99 9999 0000 9876 5432 10, Kennwort Erna Lühr.</p>",
        ),
        (
            "de",
            "<p>Die Volkshochschule bietet einen Kurs an: zwölf Plätze, 80 Euro, Anmeldung bis Freitag.</p>",
        ),
        (
            "de",
            "<h3>Termine</h3><ul><li>Samstag, 1. Juli: Flohmarkt, Stand ohne Anmeldung.</li>"
            "<li>Mittwoch, 5. Juli: Lesung mit Tarek Anwandter, Eintritt 8 Euro.</li></ul>",
        ),
        ("fr", "<p>Pas encore de vélo ? La ville en prête 300, pour trois mois et 20 euros.</p>"),
        ("it", "<p>Il 5x1000 ha portato alla ricerca 480 milioni, l'otto per cento in più.</p>"),
        ("pl", "<p>Podatnicy przekazali organizacjom 1,9 mld zł z 1,5% podatku.</p>"),
        ("da", "<p>Skolen samler ind til en båd. Der er kommet 48.000 kr. ind på MobilePay.</p>"),
        (
            "cs",
            "<p>Uzávěrka přihlášek na zimní školu je 25. září. Loni se přihlásilo 340 dětí.</p>",
        ),
        (
            "cs",
            "<h3>Hledáme promítače</h3><p>Na dva večery v týdnu, od září. Zaučíme, zaplatíme.</p>",
        ),
        (
            "ja",
            "<p>町の図書館が来月、製本の講座を開きます。定員十名、申し込みは窓口で受け付けます。</p>",
        ),
        (
            "ko",
            "<p>도서관이 다음 달 제본 강좌를 엽니다. 정원은 열 명, 창구에서 신청을 받습니다.</p>",
        ),
        ("zh", "<p>这届马拉松由本地茶厂赞助，奖金比去年多三成，报名人数也第一次超过两万。</p>"),
        (
            "tr",
            "<p>Belediye yüzme kursu açıyor: on iki kişilik, 300 TL, kayıtlar cuma gününe kadar.</p>",
        ),
    ],
)
def test_news_of_courses_prices_and_donations_is_told(language, fragment):
    assert set(cuts_of(language, fragment)) == {None}
