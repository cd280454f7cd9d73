"""Newsletters that are hard to display: long words, other scripts, and large numbers."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from tests.product import Product

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
ADDRESS = "https://news.example.org/" + "a-very-long-path-without-a-break_" * 8
SENTENCES = (
    "The harbour of Sundby opens its second basin in April, the council decided on Friday.",
    "Ships of up to ninety metres can turn there without a tug.",
    "The pilots had asked for it since 2019, and twelve captains signed the letter.",
    "Ferries sail four times a day from Monday, the last of them at ten past nine.",
    "Bicycles travel free until March, and dogs for half the fare.",
    "The mayor called it the longest wait of her career.",
)
ARABIC = (
    "افتتح مجلس المدينة الميناء الجديد في شهر أبريل بعد انتظار طويل.",
    "يمكن للسفن الكبيرة أن تدور في الحوض من دون مساعدة.",
    "تبحر العبارة أربع مرات في اليوم ابتداء من يوم الاثنين.",
    "قالت رئيسة البلدية إن المدينة انتظرت هذا القرار سنوات كثيرة.",
)
HEBREW = (
    "מועצת העיר פתחה את הנמל החדש בחודש אפריל אחרי המתנה ארוכה.",
    "אוניות גדולות יכולות להסתובב במעגן בלי עזרה.",
    "המעבורת מפליגה ארבע פעמים ביום החל מיום שני.",
    "ראש העיר אמרה שהתושבים חיכו להחלטה הזאת שנים רבות.",
)
FIRST_DATE = datetime(2026, 11, 1, 7, tzinfo=UTC)


def build_newsletter(number: int, subject: str, sender: str, paragraphs: tuple[str, ...]) -> bytes:
    mail = EmailMessage()
    mail["From"] = f'"{sender}" <news{number}@example.org>'
    mail["To"] = "you@example.org"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(FIRST_DATE + timedelta(hours=number))
    mail["Message-ID"] = f"<{number}@example.org>"
    mail["List-Id"] = f"<news{number}.example.org>"
    mail["List-Unsubscribe"] = "<https://example.org/leave>"
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    mail.set_content(f"<html><body><h1>{subject[:120]}</h1>{body}</body></html>", subtype="html")
    return mail.as_bytes()


def plain(number: int) -> bytes:
    """Build one of many newsletters; each has its own text."""
    paragraphs = tuple(
        f"{sentence[:-1]}, for pier {number * 7 + index} of {number + 11}."
        for index, sentence in enumerate(SENTENCES)
    )
    return build_newsletter(
        number, f"Harbour letter {number}", f"Harbour Notes {number}", paragraphs
    )


def wide() -> bytes:
    """Build a newsletter whose words and addresses are wider than a phone."""
    paragraphs = (
        f"The report of {LONG} was published on Friday.",
        f"Read it at {ADDRESS} this week.",
    )
    return build_newsletter(90, f"{LONG} and {ADDRESS}", LONG[:120], (*paragraphs, *SENTENCES))


def arabic() -> bytes:
    return build_newsletter(91, "أخبار الميناء الجديد", "رسالة الميناء", ARABIC * 2)


def hebrew() -> bytes:
    return build_newsletter(92, "חדשות הנמל החדש", "מכתב הנמל", HEBREW * 2)


def brew_episode(product: Product, title: str, *mails: bytes) -> str:
    """Brew an episode of one minute from these mails and return its id."""
    mail_ids = [product.upload(f"{n}.eml", mail)["mails"][0]["id"] for n, mail in enumerate(mails)]
    return str(product.brew(title=title, minutes=1, email_ids=mail_ids)["id"])


def brew_long_episode(product: Product) -> str:
    return brew_episode(product, "Long", *(plain(number) for number in range(8)))
