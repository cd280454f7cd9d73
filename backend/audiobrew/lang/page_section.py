"""The section of a language's file about pages: what a text says about its pictures, tables and links."""

from audiobrew.lang.sections import Section


class Page(Section):
    """What a listener cannot see, as regular expressions in lower case."""

    # Headings of sections that are only about a picture: `chart of the week`.
    headings: tuple[str, ...] = ()
    # Sentences that need the page: `the chart below`, `read more here`.
    references: tuple[str, ...] = ()
    # Remarks that are left out of a sentence: `(left)`, `(see box)`.
    remarks: tuple[str, ...] = ()
    # Beginnings that are left out, to the comma: `as the chart shows, `.
    openings: tuple[str, ...] = ()
