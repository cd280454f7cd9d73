"""Function words: articles, prepositions, pronouns and the like, which name nothing."""

_BY_LANGUAGE = {
    "en": """a an the and but so or nor in on at it its this that these those today yesterday meanwhile
        now next first finally here also for from with by as if when while after before because i we
        you he she they there then what who why how is are was were not no yes to of his her their our
        your my all some many most more""",
    "de": """der die das den dem des ein eine einen einem einer und aber so oder in im am an auf es dies
        diese dieser dieses heute gestern nun jetzt hier auch für von mit bei als wenn während nach vor
        weil ich wir sie er ihr da dann was wer warum wie ist sind war waren nicht nein ja zu zum zur
        aus um bis doch denn noch nur""",
    "fr": """le la les l' un une des du de et mais ou donc or ni car dans en sur à au aux il elle ils
        elles on nous vous je ce cet cette ces aujourd'hui hier maintenant ici aussi pour par avec si
        quand pendant après avant parce que qui quoi comment est sont était pas non oui son sa ses leur
        leurs""",
    "es": """el la los las un una unos unas y pero o en a al de del es son era por para con si cuando
        mientras después antes porque que quien cómo hoy ayer ahora aquí también no sí su sus se lo
        este esta estos estas""",
    "it": """il lo la i gli le l' un uno una un' e ed ma o od in a ad al allo alla ai agli alle di del dello della
        dei degli delle dal dalla dai da è sono era erano per con se quando dopo prima oggi ieri domani non sì no
        su sul sulla che chi come cosa perché mentre poi ora qui anche già più meno tra fra nel nella nei nelle si
        ci questo questa questi queste quello quella suo sua suoi sue loro noi voi io lui lei""",
    "pt": """o a os as um uma uns umas e mas ou em no na nos nas de do da dos das é são era eram foi por pelo pela
        para com se quando depois antes hoje ontem amanhã não sim ao à aos às que quem como porque enquanto já
        mais menos entre sobre também aqui agora este esta estes estas esse essa isso isto ele ela eles elas eu
        nós seu sua seus suas""",
    "nl": """de het een en maar of in op aan te van is zijn was waren voor met als wanneer na vandaag gisteren
        morgen nu hier er daar die dat dit deze wie wat waarom hoe niet geen wel ja nee om bij door over uit
        tot naar ook nog al toen terwijl omdat want ze zij hij ik wij we u je jij haar hun ons onze volgens""",
}
FUNCTION_WORDS = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
FUNCTION_WORDS_BY_LANGUAGE = {
    language: frozenset(words.split()) for language, words in _BY_LANGUAGE.items()
}
# Pronouns that are capitalized anywhere in a sentence.
CAPITALIZED_PRONOUNS = {
    "de": frozenset(["sie", "ihr", "ihre", "ihrem", "ihren", "ihrer", "ihres", "ihnen"]),
    "it": frozenset(("lei",)),
}
