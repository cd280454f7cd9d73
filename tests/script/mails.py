"""Small newsletters for tests, made by the real mail reader."""

from email.message import EmailMessage

from audiobrew.mail.limits import Limits
from audiobrew.mail.newsletter import Newsletter
from audiobrew.mail.reader import read_mail

TUNNEL = """The harbour council of Port Ellery approved a new tunnel on Tuesday. The tunnel will cost \
412 million euros and open in 2031. Mayor Dana Ruiz said “the vote was closer than anybody here \
expected”. Residents of the Old Quay had asked for a bridge instead. Work begins in March with the \
removal of the fish market.

You receive this mail because you subscribed. Unsubscribe: https://roast.example/u
"""
TUNNEL_AGAIN = """Port Ellery will get its harbour tunnel after a council vote of nine to eight on \
Tuesday. Mayor Dana Ruiz called the 412 million euros a fair price for the Old Quay. The fish market \
moves to the north pier until 2031. Critics plan to appeal the decision in court.
"""
RUIZ_ELSEWHERE = """The Ellery Marathon drew 18,000 runners on Sunday, more than ever before. Mayor \
Dana Ruiz fired the starting gun at the lighthouse. Kenyan runner Asha Kibet won in two hours and \
twenty-four minutes. The organisers want a second start line next year.
"""
ZUEGE = """Die Regionalbahn kauft 36 neue Züge für die Strecke nach Lindau. Die ersten Züge fahren \
ab Dezember 2027, sagte Sprecherin Anna Vogel. Die Fahrzeit sinkt um zwölf Minuten auf knapp eine \
Stunde. Der Fahrgastverband verlangt mehr Sitzplätze.
"""


def newsletter(sender: str, subject: str, text: str, day: int = 23) -> Newsletter:
    mail = EmailMessage()
    host = sender.lower().replace(" ", "-")
    mail["From"] = f"{sender} <news@{host}.example>"
    mail["Subject"] = subject
    mail["List-Id"] = f"<{host}.example>"
    mail["Date"] = f"{day} Nov 2026 07:00:00 +0000"
    mail.set_content(text)
    return read_mail(bytes(mail), limits=Limits())


def roast() -> Newsletter:
    return newsletter("The Roast", "Tunnel approved", TUNNEL)


def tide() -> Newsletter:
    return newsletter("Tide Lines", "Nine to eight", TUNNEL_AGAIN)


def sport() -> Newsletter:
    return newsletter("Ellery Runner", "A record marathon", RUIZ_ELSEWHERE)


def bahn() -> Newsletter:
    return newsletter("Morgenpost Brief", "Neue Züge", ZUEGE)
