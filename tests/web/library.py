"""Newsletters that are hard to show: long words, other scripts, and many of them."""

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
FIRST = datetime(2026, 11, 1, 7, tzinfo=UTC)


def newsletter(number: int, subject: str, sender: str, paragraphs: tuple[str, ...]) -> bytes:
    mail = EmailMessage()
    mail["From"] = f'"{sender}" <news{number}@example.org>'
    mail["To"] = "you@example.org"
    mail["Subject"] = subject
    mail["Date"] = format_datetime(FIRST + timedelta(hours=number))
    mail["Message-ID"] = f"<{number}@example.org>"
    mail["List-Id"] = f"<news{number}.example.org>"
    mail["List-Unsubscribe"] = "<https://example.org/leave>"
    told = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    mail.set_content(f"<html><body><h1>{subject[:120]}</h1>{told}</body></html>", subtype="html")
    return mail.as_bytes()


def plain(number: int) -> bytes:
    """One of many: no two tell the same."""
    told = tuple(
        f"{sentence[:-1]}, for pier {number * 7 + place} of {number + 11}."
        for place, sentence in enumerate(SENTENCES)
    )
    return newsletter(number, f"Harbour letter {number}", f"Harbour Notes {number}", told)


def wide() -> bytes:
    """Words and addresses wider than a phone, in whatever is shown of a mail."""
    told = (f"The report of {LONG} was published on Friday.", f"Read it at {ADDRESS} this week.")
    return newsletter(90, f"{LONG} and {ADDRESS}", LONG[:120], (*told, *SENTENCES))


def arabic() -> bytes:
    return newsletter(91, "أخبار الميناء الجديد", "رسالة الميناء", ARABIC * 2)


def hebrew() -> bytes:
    return newsletter(92, "חדשות הנמל החדש", "מכתב הנמל", HEBREW * 2)


def brewed(product: Product, title: str, *mails: bytes) -> str:
    """A finished episode of one minute from these mails; its id."""
    taken = [product.upload(f"{n}.eml", mail)["mails"][0]["id"] for n, mail in enumerate(mails)]
    return str(product.brew(title=title, minutes=1, email_ids=taken)["id"])


def brewed_long(product: Product) -> str:
    return brewed(product, "Long", *(plain(number) for number in range(8)))
