"""The sections of a language's file for reading mail. The classes explain every key."""

from audiobrew.lang.sections import Section, Words


class Boilerplate(Section):
    """Phrases of newsletters that are not news, as regular expressions for whole words.

    A phrase alone does not cut a block: see `mail/cuts`. An apostrophe (`’`) may also be straight.
    """

    # False if there are no spaces between words. Then a phrase may be anywhere in a word.
    word_boundaries: bool = True
    # Ways to leave a list, and why the reader receives the mail.
    unsubscribe: tuple[str, ...] = ()
    why_sent: tuple[str, ...] = ()
    # All rights reserved; imprints and disclaimers; and links to such texts.
    rights: tuple[str, ...] = ()
    legal: tuple[str, ...] = ()
    legal_links: tuple[str, ...] = ()
    view_in_browser: tuple[str, ...] = ()
    # What readers are asked for: to share, reply, rate, support, follow or subscribe.
    requests: tuple[str, ...] = ()
    # A clause that begins with one of these verbs and goes on with one of these objects is a request, too.
    request_verbs: tuple[str, ...] = ()
    request_objects: tuple[str, ...] = ()
    # How a text addresses its reader; "we" and "our"; words for the newsletter; and words for what it asks of
    # its readers. Several of them together show that a newsletter speaks of itself.
    readers: tuple[str, ...] = ()
    first_person: tuple[str, ...] = ()
    newsletter_words: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    advertise: tuple[str, ...] = ()
    # Labels that stand alone, and labels that a sponsor's name follows.
    sponsor_labels: tuple[str, ...] = ()
    sponsored_by: tuple[str, ...] = ()
    # Titles that present the sender's own partner, with or without its name, and what precedes the name of a
    # partner that the text below the title begins with. Neither needs another sign of an advertisement.
    partner_titles: tuple[str, ...] = ()
    partnered_with: tuple[str, ...] = ()
    # The words of labels. Those that say that something is paid for make a label of a line that has no
    # others than the words of these four keys; words for partners and support, only with one for the
    # newsletter or its issue. Accents do not count.
    paid_words: Words = ()
    partner_words: Words = ()
    issue_words: Words = ()
    label_words: Words = ()
    # Sentences that say that the newsletter is paid for its links.
    affiliate_notes: tuple[str, ...] = ()
    # What a newsletter sells itself, and terms of special offers and prize draws. Two of them make a
    # paragraph an advertisement.
    own_products: tuple[str, ...] = ()
    deals: tuple[str, ...] = ()
    # Titles below which a newsletter announces something of its own, and titles below which it may; what it
    # invites to; how many may come; how they sign up; and words for those who do not subscribe.
    notices: tuple[str, ...] = ()
    announcements: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sign_ups: tuple[str, ...] = ()
    non_subscribers: tuple[str, ...] = ()
    # What a sender arranges with its readers: when it is closed, deadlines for contributions, dues, helpers
    # that it looks for, corrections of its issues, raffles. News has the same words: only with a telephone
    # number below the stories is it the sender's own.
    arrangements: tuple[str, ...] = ()
    # How small ads and advertisements of friends begin, and how they ask to be mentioned.
    small_ads: tuple[str, ...] = ()
    # What offers something for sale: it shows that the words after a label are an advertisement.
    offers: tuple[str, ...] = ()
    # The first words of buttons.
    buttons: tuple[str, ...] = ()
    # Titles of tables of contents, of polls, and of other sections without content.
    contents: tuple[str, ...] = ()
    polls: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    # Titles of lists of links to the newsletter's other texts, and of lists of jobs that employers pay for.
    link_lists: tuple[str, ...] = ()
    job_boards: tuple[str, ...] = ()
    # When a newsletter appears: a verb and a day or a number of times.
    schedules: tuple[str, ...] = ()
    # What a line says that tells how long reading takes.
    reading_time: tuple[str, ...] = ()
    # What precedes the name of a photographer, and of an author.
    credits: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    # Words beside a house number.
    streets: tuple[str, ...] = ()


class ForwardedHead(Section):
    """What mail programs write above a mail that is forwarded."""

    # Labels of the fields, without the colon.
    sender: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    # The line above the fields.
    markers: tuple[str, ...] = ()
    # What a forwarded mail's subject begins with, without the colon.
    prefixes: tuple[str, ...] = ()
