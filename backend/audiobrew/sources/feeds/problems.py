"""What can be wrong with a feed."""

from audiobrew.sources.source import SourceTrouble


class NotAFeed(SourceTrouble):
    """There is no feed at this address. Look for a link named RSS or Feed on the site."""

    type = "not-a-feed"
    needs_listener = True


class FeedGone(SourceTrouble):
    """This feed was closed by its publisher."""

    type = "feed-gone"
    needs_listener = True


class FeedNotFound(SourceTrouble):
    """There is nothing at this address any more. AudioBrew tries again later."""

    type = "feed-address-not-found"


class FeedUnreadable(SourceTrouble):
    """AudioBrew cannot read this feed: it is broken or too complex. It tries again later."""

    type = "feed-unreadable"


class FeedRefused(SourceTrouble):
    """This server refuses to send its feed. AudioBrew tries again later."""

    type = "feed-refused"
