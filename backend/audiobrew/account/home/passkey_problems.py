"""What can be wrong with a passkey."""

from http import HTTPStatus

from audiobrew.problems import Problem


class PasskeyRefused(Problem):
    """This passkey was not accepted. Try again, or sign in another way."""

    type = "passkey-refused"
    status = HTTPStatus.FORBIDDEN


class PasskeyNotFound(Problem):
    """There is no such passkey."""

    type = "passkey-not-found"
    status = HTTPStatus.NOT_FOUND


class TooManyPasskeys(Problem):
    """An account has at most 20 passkeys. Remove one first."""

    type = "too-many-passkeys"
    status = HTTPStatus.CONFLICT
