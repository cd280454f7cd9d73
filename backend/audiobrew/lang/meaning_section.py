"""The section of a language's file with the words by which the gate compares what sentences say."""

from pydantic import Field

from audiobrew.lang.sections import Section, Words, WordSet


class Meaning(Section):
    """Words by which the gate compares what two sentences say. All are regular expressions for whole words of
    a text in lower case, and `words` is a plain list. Without this section, meanings are not compared."""

    # Words that turn a clause into its opposite, and phrases with such words that do not. `concord`: several
    # of them in one clause deny once, as in French and Spanish.
    negations: tuple[str, ...] = ()
    not_negations: tuple[str, ...] = ()
    # A negation together with the word that it turns into its opposite: not uncommon, does not rule out.
    litotes: tuple[str, ...] = ()
    concord: bool = False
    # What something is that a litotes does not rule out.
    impossible: tuple[str, ...] = ()
    # Words that deny without a negation: to refuse, to lack. `without` denies only what follows it.
    denials: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    # Words such as "to ban", for which a negation may stand, and verbs that deny the infinitive after them.
    rejections: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    # What makes a time the first or the last one possible: at the earliest, at the latest. `befores` make a
    # time the last one, or the first one if something is denied: not before May. So do `untils` if it is.
    earliest: tuple[str, ...] = ()
    latest: tuple[str, ...] = ()
    befores: tuple[str, ...] = ()
    untils: tuple[str, ...] = ()
    # Words that exclude everything else, so that "only on Monday" says the same as "not on Sunday".
    exclusives: tuple[str, ...] = ()
    # "Not yet", for which "still" or "before" may stand.
    not_yet: tuple[str, ...] = ()
    stills: tuple[str, ...] = ()
    # What shows that something was so in the past: "a year ago, it cost more" says that it costs less now.
    pasts: tuple[str, ...] = ()
    # Words that end a state: "closed until Monday" says the same as "opens on Monday".
    limits: tuple[str, ...] = ()
    # What makes a statement uncertain, phrases with such words that do not, and what else may stand for it:
    # to want, to promise.
    hedges: tuple[str, ...] = ()
    # What makes a statement certain: definitely, proves.
    certainties: tuple[str, ...] = ()
    not_hedges: tuple[str, ...] = ()
    weak_hedges: tuple[str, ...] = ()
    # Groups of words that exclude each other. Words of the same side say the same.
    opposites: tuple[tuple[str, ...], ...] = ()
    # What makes a figure one that goes up, such as a profit, or down, beside the first of the opposites.
    trends: tuple[str, ...] = ()
    # Words after a figure by which something is more or less: 70 euros cheaper.
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    # The same for words that say something about the next word only: before and after noon.
    relations: tuple[tuple[str, ...], ...] = ()
    # Verbs that say the same with their subject and object exchanged: to buy and to sell.
    converses: tuple[tuple[str, ...], ...] = ()
    # Pairs of comparatives with their "than" that say the same if what they compare is exchanged.
    rankings: tuple[tuple[str, ...], ...] = ()
    # Words that say the same.
    synonyms: tuple[str, ...] = ()
    # The auxiliaries and the preposition of the passive, "against", what stands before the winner after "to
    # lose", articles of objects, and prepositions of places.
    passive: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    losing_to: tuple[str, ...] = ()
    # Where the main verb comes last, the auxiliaries that stand in its place.
    auxiliaries: tuple[str, ...] = ()
    object_articles: tuple[str, ...] = ()
    # Prepositions of an object before its verb (a Vargas lo sucede), and of the other party of a deal.
    object_prepositions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    # Pronouns that stand for the subject of their clause: "which" for the word before it, "she" for a name.
    relatives: WordSet = frozenset()
    pronouns: WordSet = frozenset()
    # Words that begin a clause.
    conjunctions: tuple[str, ...] = ()
    # Words before a number: what it was, what it becomes, that it is a whole.
    origins: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    # Phrases before a number that is not exact: that the exact one is near, that it is more, that it is less.
    approximations: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    # Words that make a number negative: before it, and after its unit.
    minus: tuple[str, ...] = ()
    below_zero: tuple[str, ...] = ()
    percentage_points: tuple[str, ...] = ()
    # What precedes a unit in a rate: kilometres an hour.
    rates: tuple[str, ...] = ()
    # Other words for numbers.
    multiples: dict[str, tuple[float, ...] | float] = Field(default_factory=dict)
    # What follows a number of times: three times as much.
    factor_words: WordSet = frozenset()
    # The seasons from spring, 1, on. Ambiguous names are such only after an article.
    seasons: dict[str, int] = Field(default_factory=dict)
    ambiguous_seasons: dict[str, int] = Field(default_factory=dict)
    weekends: tuple[str, ...] = ()
    # Parts of a whole by the words for one of them, with their number: third = 3. `fraction_of` is what
    # follows such a word if it could be an ordinal as well.
    fractions: dict[str, int] = Field(default_factory=dict)
    fraction_of: tuple[str, ...] = ()
    # The same after an article that is no number, where such a part is no ordinal: le quart des coûts.
    definite_fraction_of: tuple[str, ...] = ()
    # Points that are percentage points after a part of one: half a point. Phrases for a half of something
    # that has been named, and what stands before them if they mean another half: the second half.
    points: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    other_halves: tuple[str, ...] = ()
    # What may stand for the decimal point as well: version four point two.
    decimal_words: Words = ()
    # Parts of one that follow a number or its unit, also as its end (`compound_parts`): zweieinhalb.
    # `mixed_numbers` are other words with such a part.
    added_parts: dict[str, float] = Field(default_factory=dict)
    compound_parts: bool = False
    mixed_numbers: dict[str, float] = Field(default_factory=dict)
    # Parts before a unit and what links them (half an hour), and what is between the numbers of a share.
    # `noun_shares` are what is between a noun and the second one: one rider in three.
    unit_parts: dict[str, float] = Field(default_factory=dict)
    unit_links: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
    noun_shares: tuple[str, ...] = ()
    # Nouns that are a number of something, as dozen = 12, and words for a small number before a magnitude.
    collectives: dict[str, int] = Field(default_factory=dict)
    vague_numbers: tuple[str, ...] = ()
    # What stands before an ordinal that is a share: every fifth. Endings of adjectives that have a unit, or
    # none, after their number: neunmonatig, dreiköpfig.
    every: tuple[str, ...] = ()
    unit_endings: dict[str, str] = Field(default_factory=dict)
    # What makes an hour one of the afternoon. Minutes before an hour (half past) and after it (y media),
    # what links minutes and an hour, or an hour and minutes, and the words beside a time that is ambiguous.
    afternoons: tuple[str, ...] = ()
    before_hours: dict[str, int] = Field(default_factory=dict)
    after_hours: dict[str, int] = Field(default_factory=dict)
    minutes_past: tuple[str, ...] = ()
    minutes_to: tuple[str, ...] = ()
    hours_past: tuple[str, ...] = ()
    hours_to: tuple[str, ...] = ()
    clock_words: tuple[str, ...] = ()
    # Whether a year may be two numbers. Names of decades (eighties = 80), and what precedes them.
    year_pairs: bool = False
    decades: dict[str, int] = Field(default_factory=dict)
    decade_words: tuple[str, ...] = ()
    ordinals: dict[str, int] = Field(default_factory=dict)
    # What follows a comparative: ten longer than.
    than: tuple[str, ...] = ()
    # Frequent words that say little: auxiliaries, adverbs, verbs of saying, general nouns.
    words: WordSet = frozenset()
    # Endings of words that are no names although they have a capital, and those of inflected names.
    # Whether all nouns have a capital, and the words that show that a noun follows.
    # `common_nouns` have a capital and are no names, `first_words` are forms that only common words have.
    capitalized_nouns: bool = False
    common_nouns: WordSet = frozenset()
    first_words: tuple[str, ...] = ()
    determiners: WordSet = frozenset()
    # Where nouns have capitals, the words that stand before names more often than before nouns.
    before_names: WordSet = frozenset()
    noun_endings: Words = ()
    name_endings: Words = ()
    # The endings of each way in which names are inflected, `_` for none: `_ a owi em` (Tusk, Tuska, Tuskowi).
    # Two words with two endings of one way are one name. Months and weekdays are inflected in the same ways.
    name_paradigms: tuple[Words, ...] = ()
    # Names that mean the same: of a country, its people and its language.
    same_names: tuple[str, ...] = ()
    # The same for names of several words and their initials: patterns with ` / ` between the names.
    same_phrases: tuple[str, ...] = ()
