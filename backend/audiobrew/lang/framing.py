"""The sentences that frame an episode, by language (ISO 639-1).

`next` and `too` introduce a newsletter: one with a new story, or one with the same story.
"""

# Other languages are framed in English.
PHRASES = {
    "en": {
        "greeting": (
            "Good day, this is {show} for {date}.",
            "Hello and welcome to {show}. It is {date}.",
            "It is {date}, and this is {show}.",
        ),
        "next": (
            "From {newsletter}:",
            "Next, {newsletter}.",
            "Here is {newsletter}.",
            "On to {newsletter}.",
            "{newsletter} has this.",
        ),
        "too": ("{newsletter} tells the same story.", "{newsletter} adds this.", "And in {newsletter}:"),
        "signoff": (
            "That was {show}. Thank you for listening.",
            "And that is all for today. Until next time.",
            "That is it from us. Have a good day.",
        ),
    },
    "de": {
        "greeting": (
            "Guten Tag, hier ist {show} am {date}.",
            "Willkommen bei {show}. Heute ist {date}.",
        ),
        "next": (
            "Aus {newsletter}:",
            "Weiter mit {newsletter}.",
            "Und nun {newsletter}.",
            "Das steht in {newsletter}.",
        ),
        "too": ("Davon berichtet auch {newsletter}.", "{newsletter} ergänzt.", "Und in {newsletter}:"),
        "signoff": (
            "Das war {show}. Danke fürs Zuhören.",
            "Das war es für heute. Bis zum nächsten Mal.",
        ),
    },
    "fr": {
        "greeting": (
            "Bonjour, voici {show} du {date}.",
            "Bienvenue dans {show}. Nous sommes le {date}.",
        ),
        "next": ("Dans {newsletter} :", "Passons à {newsletter}.", "Voici {newsletter}.", "À lire dans {newsletter}."),
        "too": ("{newsletter} en parle aussi.", "{newsletter} ajoute ceci.", "Et dans {newsletter} :"),
        "signoff": ("C'était {show}. Merci de votre écoute.", "C'est tout pour aujourd'hui. À bientôt."),
    },
    "es": {
        "greeting": ("Buenos días, esto es {show} del {date}.", "Les damos la bienvenida a {show}. Hoy es {date}."),
        "next": ("En {newsletter}:", "Seguimos con {newsletter}.", "Esto cuenta {newsletter}.", "Ahora, {newsletter}."),
        "too": ("{newsletter} cuenta lo mismo.", "{newsletter} añade esto.", "Y en {newsletter}:"),
        "signoff": ("Esto ha sido {show}. Gracias por escuchar.", "Eso es todo por hoy. Hasta la próxima."),
    },
    "it": {
        "greeting": ("Buongiorno, questo è {show} di {date}.", "Benvenuti a {show}. Oggi è {date}."),
        "next": ("Da {newsletter}:", "Passiamo a {newsletter}.", "Ecco {newsletter}."),
        "too": ("Ne parla anche {newsletter}.", "{newsletter} aggiunge."),
        "signoff": ("Questo era {show}. Grazie per l'ascolto.", "È tutto per oggi. Alla prossima."),
    },
    "pt": {
        "greeting": ("Bom dia, este é o {show} de {date}.", "Boas-vindas ao {show}. Hoje é {date}."),
        "next": ("Em {newsletter}:", "Seguimos com {newsletter}.", "Agora, {newsletter}."),
        "too": ("{newsletter} conta o mesmo.", "{newsletter} acrescenta."),
        "signoff": ("Este foi o {show}. Obrigado por ouvir.", "É tudo por hoje. Até à próxima."),
    },
    "nl": {
        "greeting": ("Goedendag, dit is {show} van {date}.", "Welkom bij {show}. Vandaag is het {date}."),
        "next": ("Uit {newsletter}:", "Verder met {newsletter}.", "Dit staat in {newsletter}."),
        "too": ("{newsletter} meldt hetzelfde.", "{newsletter} voegt toe."),
        "signoff": ("Dit was {show}. Bedankt voor het luisteren.", "Dat was het voor vandaag. Tot de volgende keer."),
    },
}  # fmt: skip

# The pattern of a date in Unicode CLDR's notation.
DATE_FORMATS = {
    "en": "EEEE, MMMM d",
    "de": "EEEE, d. MMMM",
    "fr": "EEEE d MMMM",
    "es": "EEEE, d 'de' MMMM",
    "it": "EEEE d MMMM",
    "pt": "EEEE, d 'de' MMMM",
    "nl": "EEEE d MMMM",
}
