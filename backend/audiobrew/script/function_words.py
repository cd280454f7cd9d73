"""Words that join others and name nothing, even when a sentence begins with them."""

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
    "it": "il lo la i gli le un uno una e ma o in a al di del è sono per con se quando dopo prima oggi ieri",
    "pt": "o a os as um uma e mas ou em no na de do da é são por para com se quando depois antes hoje ontem",
    "nl": "de het een en maar of in op aan te van is zijn was voor met als wanneer na vandaag gisteren nu hier",
}
FUNCTION_WORDS = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
