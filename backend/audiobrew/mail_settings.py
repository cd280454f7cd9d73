"""The settings of own addresses, at which newsletters arrive. They are a part of `settings.Settings`."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings

HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")]
# Of a name and a password in an address.
MIN_PASSWORD = 16


def check_login(value: SecretStr) -> SecretStr:
    """Raises ValueError."""
    name, _, password = value.get_secret_value().partition(":")
    if not name or len(password) < MIN_PASSWORD:
        raise ValueError(
            f"must be name:password, with {MIN_PASSWORD} characters or more after the colon"
        )
    return value


# `0.0.0.0:2525` or `[::]:2525`.
Listen = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):[0-9]{1,5}$")
]
MAX_PORT = 65535
Topic = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:sns:[a-z]{2}(-[a-z]+)+-[0-9]+:[0-9]{12}:[\w-]+(\.fifo)?$"
    ),
]
Login = Annotated[SecretStr, AfterValidator(check_login)]


class MailSettings(BaseSettings):
    """Without a domain, there are no own addresses."""

    mail_domain: HostName | None = None
    smtp_listen: Listen | None = None
    smtp_certificate: Path | None = None
    smtp_key: Path | None = None
    # Whether a container's network hides who connects, so that limits of one network would be of all.
    smtp_behind_nat: bool = False
    mailgun_signing_key: SecretStr | None = Field(default=None, min_length=16)
    postmark_login: Login | None = None
    sendgrid_login: Login | None = None
    sendgrid_public_key: str | None = None
    ses_topic: Topic | None = None
    cloudflare_email_secret: SecretStr | None = Field(default=None, min_length=16)

    @property
    def inbound_providers(self) -> tuple[str, ...]:
        """The providers that may deliver mails over HTTP: those whose secret is set."""
        secrets = {
            "mailgun": self.mailgun_signing_key,
            "postmark": self.postmark_login,
            "sendgrid": self.sendgrid_login or self.sendgrid_public_key,
            "ses": self.ses_topic,
            "cloudflare": self.cloudflare_email_secret,
        }
        return tuple(name for name, secret in secrets.items() if secret)

    @property
    def smtp_address(self) -> tuple[str, int] | None:
        """Where the SMTP receiver listens; None without it."""
        if self.smtp_listen is None:
            return None
        host, _, port = self.smtp_listen.rpartition(":")
        return host.strip("[]"), int(port)

    @model_validator(mode="after")
    def check_smtp(self) -> Self:
        if self.smtp_listen is not None and self.mail_domain is None:
            raise ValueError(
                "AUDIOBREW_SMTP_LISTEN needs AUDIOBREW_MAIL_DOMAIN, the domain of the addresses"
            )
        if (self.smtp_certificate is None) != (self.smtp_key is None):
            raise ValueError("AUDIOBREW_SMTP_CERTIFICATE and AUDIOBREW_SMTP_KEY need each other")
        if self.smtp_address and self.smtp_address[1] > MAX_PORT:
            raise ValueError(f"AUDIOBREW_SMTP_LISTEN must end in a port up to {MAX_PORT}")
        if self.inbound_providers and self.mail_domain is None:
            raise ValueError(
                f"Emails from {self.inbound_providers[0]} need AUDIOBREW_MAIL_DOMAIN, the domain of"
                " the addresses"
            )
        return self
