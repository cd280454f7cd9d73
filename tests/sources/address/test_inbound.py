"""Mails that providers deliver over HTTP, in the shapes that they send."""

import asyncio
import base64
import hmac
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from audiobrew.sources.address.inbound_mail import UnsignedDelivery
from audiobrew.sources.address.sns import AmazonSes, check_host, host_of
from audiobrew.sources.source import ServerUnreachable
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.x509.oid import NameOID

from tests.serving import Service, service_settings, serving
from tests.sources.address.conftest import DOMAIN
from tests.sources.address.worker_request import SECRET, Request, cloudflare
from tests.sources.world import a_newsletter, forget_all, problem, subjects

ROOT = Path(__file__).parents[3]
SIGNING_KEY = "key-0123456789abcdef"
LOGIN = "postmark:0123456789abcdef"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:newsletters"
CERTIFICATE_URL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-1.pem"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SNS_KEY = rsa.generate_private_key(65537, 2048)


def public_key() -> str:
    der = SENDGRID_KEY.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def make_certificate(days: int = 1) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(SNS_KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=days))
        .sign(SNS_KEY, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


class Amazon:
    """What the server fetches from Amazon."""

    def __init__(self) -> None:
        self.fetched: list[str] = []
        self.certificate = make_certificate()
        self.is_away = False

    async def fetch(self, url: str) -> bytes:
        if self.is_away:
            raise ServerUnreachable
        self.fetched.append(url)
        return self.certificate


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return Amazon()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, amazon: Amazon) -> Iterator[Service]:
    settings = service_settings(
        tmp_path_factory.mktemp("inbound"),
        mail_domain=DOMAIN,
        mailgun_signing_key=SIGNING_KEY,
        postmark_login=LOGIN,
        sendgrid_public_key=public_key(),
        ses_topic=TOPIC,
        cloudflare_email_secret=SECRET,
        mail_bytes=100_000,
    )
    with serving(settings) as service:
        # The real one asks Amazon.
        service.app.state.ports.inbound.providers["ses"] = AmazonSes(TOPIC, amazon.fetch)
        yield service


@pytest.fixture
def owner(service: Service) -> Iterator[httpx2.Client]:
    with service.client(service.sign_in()) as owner:
        forget_all(owner)
        yield owner


@pytest.fixture
def anonymous(service: Service) -> Iterator[httpx2.Client]:
    with service.client() as anonymous:
        yield anonymous


@pytest.fixture
def address(owner: httpx2.Client) -> str:
    return str(owner.post("/api/sources/address", json={}).raise_for_status().json()["address"])


def mailgun(address: str, mail: bytes, **more: str) -> Request:
    fields = {"timestamp": str(int(time.time())), "token": token_urlsafe(38)} | more
    signed = f"{fields['timestamp']}{fields['token']}".encode()
    fields.setdefault("signature", hmac.new(SIGNING_KEY.encode(), signed, "sha256").hexdigest())
    body = {**fields, "recipient": address, "sender": "hello@roast.example", "body-mime": mail}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return {"url": "/api/inbound/mailgun/mime", "content": urlencode(body), "headers": headers}


def postmark(address: str, mail: bytes, login: str = LOGIN) -> Request:
    body = {
        "From": "hello@roast.example",
        "OriginalRecipient": address,
        "MessageID": token_urlsafe(16),
        "Subject": "Bridge",
        "RawEmail": mail.decode(),
    }
    headers = {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}
    return {"url": "/api/inbound/postmark", "json": body, "headers": headers}


def sendgrid(
    address: str, mail: bytes, at: int | None = None, signed: bytes | None = None
) -> Request:
    envelope = json.dumps({"from": "hello@roast.example", "to": [address]})
    parts = {"to": address.encode(), "envelope": envelope.encode(), "email": mail}
    body = b"".join(
        b'--xYz\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in parts.items()
    )
    body += b"--xYz--\r\n"
    timestamp = str(int(time.time()) if at is None else at)
    message = timestamp.encode() + (body if signed is None else signed)
    signature = SENDGRID_KEY.sign(message, ec.ECDSA(hashes.SHA256()))
    headers = {
        "Content-Type": "multipart/form-data; boundary=xYz",
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }
    return {"url": "/api/inbound/sendgrid", "content": body, "headers": headers}


def sns(message: str, key: rsa.RSAPrivateKey = SNS_KEY, **more: str) -> Request:
    envelope = {
        "Type": "Notification",
        "MessageId": token_urlsafe(16),
        "TopicArn": TOPIC,
        "Subject": "Amazon SES Email Receipt Notification",
        "Message": message,
        "Timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "SignatureVersion": "2",
        "SigningCertURL": CERTIFICATE_URL,
    } | more
    names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
    if envelope["Type"] == "SubscriptionConfirmation":
        names = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    signed = "".join(f"{name}\n{envelope[name]}\n" for name in names)
    algorithm = hashes.SHA1() if envelope["SignatureVersion"] == "1" else hashes.SHA256()
    signature = key.sign(signed.encode(), padding.PKCS1v15(), algorithm)
    envelope.setdefault("Signature", base64.b64encode(signature).decode())
    headers = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-topic-arn": TOPIC}
    return {"url": "/api/inbound/ses", "content": json.dumps(envelope), "headers": headers}


def ses(address: str, mail: bytes, encoding: str = "UTF-8", **more: Any) -> Request:
    content = base64.b64encode(mail).decode() if encoding == "BASE64" else mail.decode()
    receipt = {"recipients": [address], "action": {"type": "SNS", "encoding": encoding}}
    message = {"notificationType": "Received", "receipt": receipt, "content": content}
    return sns(json.dumps(message), **more)


DELIVERIES = {
    "mailgun": mailgun,
    "postmark": postmark,
    "sendgrid": sendgrid,
    "ses": ses,
    "cloudflare": cloudflare,
}


@pytest.mark.parametrize("provider", DELIVERIES)
def test_a_mail_is_stored_once(
    owner: httpx2.Client, anonymous: httpx2.Client, address: str, provider: str
) -> None:
    request = DELIVERIES[provider](address, a_newsletter(len(provider), provider + ".example"))

    assert anonymous.post(**request).raise_for_status().json() == {"result": "stored"}
    assert anonymous.post(**request).raise_for_status().json() == {"result": "repeated"}
    assert subjects(owner) == [f"Bridge {len(provider)}"]
    [source] = owner.get("/api/sources").json()
    assert source["mails"] == 1


@pytest.mark.parametrize("provider", DELIVERIES)
def test_mails_to_deleted_listeners_are_taken_and_dropped(
    anonymous: httpx2.Client, owner: httpx2.Client, provider: str
) -> None:
    request = DELIVERIES[provider](f"news.{'a' * 20}@{DOMAIN}", a_newsletter(90 + len(provider)))

    assert anonymous.post(**request).raise_for_status().json()["result"] == "unknown"
    assert subjects(owner) == []


OTHER_KEY = rsa.generate_private_key(65537, 2048)
HOUR_AGO, LATER = int(time.time()) - 3600, int(time.time()) + 3600
OLD = str(int(time.time()) - 10 * 3600)


def bad_requests(address: str) -> dict[str, Request]:
    mail = a_newsletter(66)
    old = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    requests = {
        "mailgun, no signature": mailgun(address, mail, signature=""),
        "mailgun, wrong signature": mailgun(address, mail, signature="0" * 64),
        "mailgun, no token": mailgun(address, mail, token=""),
        "mailgun, old": mailgun(address, mail, timestamp=OLD, token="old"),
        "mailgun, time in words": mailgun(address, mail, timestamp="today"),
        "postmark, no login": {**postmark(address, mail), "headers": {}},
        "postmark, wrong login": postmark(address, mail, login="postmark:guess"),
        "postmark, odd login": {
            **postmark(address, mail),
            "headers": {"Authorization": "Basic \u00e4".encode()},
        },
        "sendgrid, another body": sendgrid(address, mail, signed=b"another"),
        "sendgrid, old": sendgrid(address, mail, at=HOUR_AGO - 4 * 86400),
        "sendgrid, unsigned": {**sendgrid(address, mail), "headers": {}},
        "ses, another key": ses(address, mail, key=OTHER_KEY),
        "ses, unsigned": ses(address, mail, Signature=""),
        "ses, another topic": ses(address, mail, TopicArn=TOPIC + "-of-eve"),
        "ses, old": ses(address, mail, Timestamp=old, MessageId="old"),
        "ses, another version": ses(address, mail, SignatureVersion="3"),
        "ses, certificate elsewhere": ses(
            address, mail, SigningCertURL="https://sns.eve.example/a.pem"
        ),
        "cloudflare, another secret": cloudflare(address, mail, secret="guess"),
        "cloudflare, old": cloudflare(address, mail, at=HOUR_AGO),
        "cloudflare, in the future": cloudflare(address, mail, at=LATER),
        "cloudflare, unsigned": {**cloudflare(address, mail), "headers": {}},
        "cloudflare, another mail": {**cloudflare(address, mail), "content": a_newsletter(67)},
    }
    forged = cloudflare(address, mail)
    forged["headers"] = {**forged["headers"], "X-Recipient": f"other@{DOMAIN}"}
    return requests | {"cloudflare, another recipient": forged}


@pytest.mark.parametrize("name", bad_requests("nobody"))
def test_what_is_unsigned_or_old_is_refused(
    owner: httpx2.Client, anonymous: httpx2.Client, address: str, name: str
) -> None:
    response = anonymous.post(**bad_requests(address)[name])

    assert response.status_code in (401, 403)
    assert subjects(owner) == []


def test_a_signature_is_not_used_for_another_mail(
    owner: httpx2.Client, anonymous: httpx2.Client, address: str
) -> None:
    anonymous.post(**mailgun(address, a_newsletter(1), token="once")).raise_for_status()
    for request in (
        mailgun(address, a_newsletter(2), token="once"),
        mailgun(f"other@{DOMAIN}", a_newsletter(1), token="once"),
    ):
        assert problem(anonymous.post(**request)) == (403, "repeated-delivery")

    assert subjects(owner) == ["Bridge 1"]


def in_other_words(request: Request) -> Request:
    """The same request, with its signature written in another way."""
    headers = dict(request["headers"])
    if signature := headers.get("X-Signature"):
        headers["X-Signature"] = signature.upper()
    else:
        name = "X-Twilio-Email-Event-Webhook-Signature"
        r, s = decode_dss_signature(base64.b64decode(headers[name]))
        headers[name] = base64.b64encode(encode_dss_signature(r, ORDER_OF_P256 - s)).decode()
    return {**request, "headers": headers}


@pytest.mark.parametrize("provider", ["sendgrid", "cloudflare"])
def test_a_signature_written_in_another_way_is_a_repetition(
    owner: httpx2.Client, anonymous: httpx2.Client, address: str, provider: str
) -> None:
    request = DELIVERIES[provider](address, a_newsletter(9, provider + ".example"))
    anonymous.post(**request).raise_for_status()
    [mail] = owner.get("/api/mail").json()
    owner.delete(f"/api/mail/{mail['id']}").raise_for_status()
    again = anonymous.post(**in_other_words(request))

    assert again.raise_for_status().json() == {"result": "repeated"}
    assert subjects(owner) == []


def test_what_is_no_mail_is_refused(anonymous: httpx2.Client, address: str) -> None:
    unknown = anonymous.post("/api/inbound/pigeon", content=b"coo")
    empty = anonymous.post(**mailgun(address, b"", token="empty"))
    no_json = postmark(address, b"")
    no_json.pop("json")
    listed = anonymous.post(**{**no_json, "content": b"[" * 100_000})
    no_raw = anonymous.post(**{**no_json, "json": {"OriginalRecipient": address}})
    large = anonymous.post(**cloudflare(address, b"x" * 500_000))

    assert problem(unknown) == (404, "unknown-provider")
    for response in (empty, listed, no_raw):
        assert problem(response) == (422, "malformed-delivery")
    assert large.status_code == 413


def test_a_full_inbox_is_final(
    service: Service,
    owner: httpx2.Client,
    anonymous: httpx2.Client,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service.app.state.ports.mails, "max_mails", 0)
    full = anonymous.post(**cloudflare(address, a_newsletter(5)))

    assert full.raise_for_status().json() == {"result": "full"}
    [source] = owner.get("/api/sources").json()
    assert source["trouble_type"] == "/problems/inbox-full"


def test_bytes_that_are_no_utf_8_arrive_as_they_are(
    owner: httpx2.Client, anonymous: httpx2.Client, address: str
) -> None:
    mail = a_newsletter(3).replace(b"utf-8", b"iso-8859-1").replace(b"carries", b"tr\xe4gt")
    for request in (mailgun(address, mail, token="bytes"), sendgrid(address, mail)):
        assert anonymous.post(**request).raise_for_status().json()["result"] == "stored"

    [mail_row] = owner.get("/api/mail").json()  # the same bytes both times
    blocks = owner.get(f"/api/mail/{mail_row['id']}").json()["blocks"]
    assert "trägt" in blocks[1]["text"]


def test_mails_of_ses_may_be_base64_and_signed_in_the_older_way(
    owner: httpx2.Client, anonymous: httpx2.Client, address: str
) -> None:
    request = ses(address, a_newsletter(4), "BASE64", SignatureVersion="1", MessageId="b64")

    assert anonymous.post(**request).raise_for_status().json() == {"result": "stored"}
    assert subjects(owner) == ["Bridge 4"]


def test_the_subscription_of_a_topic_is_confirmed(anonymous: httpx2.Client, amazon: Amazon) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    fields = {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": url}
    confirmed = anonymous.post(**sns("You have chosen to subscribe.", **fields))
    elsewhere = anonymous.post(**sns("…", **fields | {"SubscribeURL": "https://eve.example/"}))
    forged = anonymous.post(**sns("…", key=OTHER_KEY, **fields))

    assert confirmed.raise_for_status().json() == {"result": "nothing"}
    assert (elsewhere.status_code, forged.status_code) == (401, 401)
    assert [one for one in amazon.fetched if "Action" in one] == [url]
    assert not [one for one in amazon.fetched if "amazonaws.com" not in one]


def test_a_certificate_that_has_ended_is_refused() -> None:
    amazon = Amazon()
    amazon.certificate = make_certificate(days=-1)
    request = ses("news@mail.example", a_newsletter(1))
    with pytest.raises(UnsignedDelivery):
        asyncio.run(AmazonSes(TOPIC, amazon.fetch).read({}, request["content"].encode()))


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com.eve.example/a.pem",
        "https://eve.example/sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/a.pem",
        "https://eve@sns.eu-west-1.amazonaws.com/a.pem",
        "https://sns.eu-west-1.amazonaws.com@eve.example/a.pem",
        "https://s3.eu-west-1.amazonaws.com/eve/a.pem",
        "https://sns.a.b.amazonaws.com/a.pem",
        "https://sns.s3.amazonaws.com/a.pem",  # files of the owner of the bucket "sns"
        "https://sns.s3-us-west-2.amazonaws.com/a.pem",
        "https://sns.us-west-2.amazonaws.com/a.pem",  # not the topic's region
        "https://[::1",
        "",
    ],
)
def test_only_amazons_hosts_are_asked(url: str) -> None:
    with pytest.raises(UnsignedDelivery):
        check_host(url, host_of(TOPIC))


def test_the_host_is_that_of_the_topic() -> None:
    assert host_of(TOPIC) == "sns.eu-west-1.amazonaws.com"
    assert host_of("arn:aws-cn:sns:cn-north-1:1:a") == "sns.cn-north-1.amazonaws.com.cn"


def test_amazon_delivers_again_if_its_certificate_cannot_be_fetched(
    service: Service, owner: httpx2.Client, anonymous: httpx2.Client, address: str, amazon: Amazon
) -> None:
    provider = AmazonSes(TOPIC, amazon.fetch)
    service.app.state.ports.inbound.providers["ses"] = provider
    confirmation = {
        "Type": "SubscriptionConfirmation",
        "Token": "t",
        "SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
    }
    amazon.is_away = True
    delivery = ses(address, a_newsletter(6))
    delayed = anonymous.post(**delivery)
    amazon.is_away = False
    stored = anonymous.post(**delivery)
    amazon.is_away = True
    unconfirmed = anonymous.post(**sns("You have chosen to subscribe.", **confirmation))
    amazon.is_away = False

    assert problem(delayed) == problem(unconfirmed) == (503, "amazon-unavailable")
    assert stored.raise_for_status().json() == {"result": "stored"}
    assert subjects(owner) == ["Bridge 6"]


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_the_worker_of_cloudflare_signs_what_it_sends(
    service: Service, owner: httpx2.Client, address: str, tmp_path: Path
) -> None:
    worker = tmp_path / "worker.mjs"
    worker.write_text((ROOT / "deploy" / "cloudflare-email-worker.js").read_text("utf-8"), "utf-8")
    mail = tmp_path / "mail.eml"
    mail.write_bytes(a_newsletter(8).replace(b"carries", b"tr\xe4gt"))
    program = f"""
        import {{ readFileSync }} from 'node:fs';
        import worker from {json.dumps(worker.as_uri())};
        const [url, secret, ...recipients] = process.argv.slice(2);
        for (const to of recipients) {{
            const raw = new Blob([readFileSync({json.dumps(str(mail))})]).stream();
            const env = {{ AUDIOBREW_URL: url, AUDIOBREW_CLOUDFLARE_EMAIL_SECRET: secret }};
            let reason = 'accepted';
            const message = {{ to, raw, setReject: (text) => (reason = text) }};
            await worker.email(message, env).catch((error) => (reason = error.message));
            console.log(reason);
        }}
    """
    main = tmp_path / "main.mjs"
    main.write_text(program, "utf-8")

    def run(secret: str, *recipients: str) -> list[str]:
        command = ["node", str(main), service.url, secret, *recipients]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
        return result.stdout.splitlines()

    assert run(SECRET, address, f"nobody@{DOMAIN}") == ["accepted", "No such address"]
    assert run("another secret", address) == ["AudioBrew answered 401"]
    assert subjects(owner) == ["Bridge 8"]
