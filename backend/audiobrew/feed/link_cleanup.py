"""Links as they are shown to others: without redirectors, and without what identifies the reader.

Nothing is fetched: a redirector is skipped only if its link contains the target.
"""

import json
import re
from base64 import urlsafe_b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

# A redirector may lead to another one.
MAX_REDIRECTORS = 4
MAX_CHARACTERS = 2_000
_WEB = re.compile(r"https?://[^\s/?#]{1,255}\S*", re.IGNORECASE)

# Query parameters that count clicks or identify the reader, at any site. An asterisk stands for any ending.
_TRACKING = frozenset((
    "fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh", "wbraid",
    "gbraid", "mc_eid", "mc_cid", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "hsctatracking", "_kx",
    "_ke", "vero_id", "vero_conv", "mkt_tok", "vgo_ee", "__s", "ck_subscriber_id", "oly_enc_id",
    "oly_anon_id", "wickedid", "ml_subscriber", "ml_subscriber_hash", "_bhlid", "bhlid", "s_cid",
    "trk_contact", "trk_msg", "trk_module", "trk_sid", "sc_eh", "sc_lid", "sc_uid", "sc_llid", "dm_i",
    "cm_mmc", "nltr",
    "email", "e-mail", "email_address", "user_email", "emailaddress", "subscriber", "subscriber_id",
    "subscriberid", "recipient", "recipient_id", "recipientid", "contact_id", "contactid", "member_id",
    "user_id", "userid", "uid", "email_hash", "emailhash", "hashed_email", "lctg", "rb_clickid", "spuserid",
    "spmailingid", "spjobid", "spreportid", "ss_email_id", "ss_campaign_id",
    "token", "access_token", "auth_token", "authtoken", "login_token", "auth", "jwt", "magic_link", "otp",
    "subscriber_token", "member_uuid", "reader_id", "readerid",
))  # fmt: skip
_TRACKING_STARTS = ("utm_", "utm-", "pk_", "mtm_", "matomo_", "elq", "iterable", "_branch_", "itm_")
# And those that do so at some hosts only.
_TRACKING_AT = {
    "substack.com": frozenset(
        ("r", "token", "isfreemail", "publication_id", "post_id", "triedredirect", "s")
    ),
    "list-manage.com": frozenset(("e",)),
    "campaign-archive.com": frozenset(("e",)),
    "medium.com": frozenset(("source",)),
    "linkedin.com": frozenset(("trk", "trkemail", "midtoken", "midsig", "eid", "otptoken", "lipi")),
    "youtube.com": frozenset(("si", "feature")),
    "youtu.be": frozenset(("si",)),
}

# Redirectors whose query has the target, by host and the end of the path.
_TARGET_PARAMETERS = {
    ("google.com", "/url"): ("q", "url"),
    ("facebook.com", "/l.php"): ("u",),
    ("instagram.com", "/"): ("u",),
    ("linkedin.com", "/redir/redirect"): ("url",),
    ("linkedin.com", "/safety/go"): ("url",),
    ("youtube.com", "/redirect"): ("q",),
    ("safelinks.protection.outlook.com", "/"): ("url",),
    ("mimecastprotect.com", ""): ("url",),
    ("linkprotect.cudasvc.com", "/url"): ("a",),
    ("steamcommunity.com", "/linkfilter/"): ("u", "url"),
    ("out.reddit.com", ""): ("url",),
    ("duckduckgo.com", "/l/"): ("uddg",),
    ("t.umblr.com", "/redirect"): ("z",),
    ("vk.com", "/away.php"): ("to",),
}
# Redirectors whose links name the reader in a way that only they can read: by host and the start of the path.
_OPAQUE_SITES = (
    ("sendgrid.net", "/"), ("klclick.com", "/"), ("klclick1.com", "/"), ("klclick2.com", "/"),
    ("klclick3.com", "/"), ("substack.com", "/redirect/"), ("substack.com", "/c/"),
    ("link.mail.beehiiv.com", "/"), ("links.beehiiv.com", "/"), ("hubspotlinks.com", "/"),
    ("hubspotemail.net", "/"), ("customeriomail.com", "/"), ("track.customer.io", "/"),
    ("awstrack.me", "/"), ("rs6.net", "/"), ("mlsend.com", "/link/"), ("cmail19.com", "/"),
    ("cmail20.com", "/"), ("createsend1.com", "/"), ("mandrillapp.com", "/track/"),
    ("sendibt2.com", "/"), ("sendibm1.com", "/"), ("exct.net", "/"), ("exacttarget.com", "/"),
)  # fmt: skip
# The same ones under a sender's own host: by the start of the path.
_OPAQUE_PATHS = (
    "/ss/c/", "/ls/click", "/wf/click", "/e/c/", "/ctc/", "/mk/cl/", "/tr/cl/", "/lt.php", "/lnk/",
    "/u/click",
)  # fmt: skip
_OPAQUE_PARAMETERS = frozenset(("upn", "qs"))
_CLICK_HOST = re.compile(r"(?:clicks?|email|e?links?|track(?:ing)?|trk|ctrk|cl|r|e|go)\d?\.")
# What no editor writes: long, and in mixed letters or hexadecimal.
_CODE = re.compile(r"(?=[^A-Z]{0,200}[A-Z])[\w%=.~-]{32,}|[0-9a-f-]{32,}", re.ASCII)
_CODED_JSON = re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]{20}", re.ASCII)
# Amazon SES and senders that use it: `/CL0/https:%2F%2Fwww.example.com%2Fnews/1/…`.
_SES = re.compile(r"/[CL]L?0/(https?(?::|%3A)%2F[^/\s]{1,2000})", re.IGNORECASE)
_PROOFPOINT = re.compile(r"/v3/__(https?:/{1,2}.{1,2000}?)__;", re.IGNORECASE)
_KIT_HOST = re.compile(r"(?:.*\.)?(?:convertkit|kit)-mail\d{0,4}\.com")
_ONE_SLASH = re.compile(r"^(https?):/(?!/)")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}\.[a-z]{2,24}", re.IGNORECASE)
_BASE64 = re.compile(r"[\w-]{8,2000}={0,2}")


def clean_url(url: str) -> str | None:
    """The target of a link without personal tracking; None if the link may still identify the reader."""
    if len(url) > MAX_CHARACTERS:
        return None
    for _ in range(MAX_REDIRECTORS):
        target = find_target(url)
        if not target:
            break
        url = target
    url = drop_tracking(url)
    return None if is_opaque(url) else url


def is_opaque(url: str) -> bool:
    """Whether a link leads through a redirector that knows the reader, to a target that it does not say."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return True
    path = parts.path.lower()
    if any(is_at(host, site) and path.startswith(start) for site, start in _OPAQUE_SITES):
        return True
    if _KIT_HOST.fullmatch(host) or path.startswith(_OPAQUE_PATHS) or _CODED_JSON.search(url):
        return True
    if any(name.lower() in _OPAQUE_PARAMETERS and len(value) >= 16 for name, value in query):
        return True
    values = [*parts.path.split("/"), *(value for _, value in query)]
    return bool(_CLICK_HOST.match(host)) and any(map(_CODE.fullmatch, values))


def find_target(url: str) -> str | None:
    """Where a link of a known redirector leads, if the link says so."""
    try:
        host = urlsplit(url).hostname or ""
        candidates = (unwrap(url, host) for unwrap in _UNWRAPPERS)
        return next((one for one in candidates if one and _WEB.fullmatch(one)), None)
    except (ValueError, RecursionError):  # no URL, too many parameters, or JSON that is too deep
        return None


def unwrap_parameter(url: str, host: str) -> str | None:
    parts = urlsplit(url)
    for (site, path), names in _TARGET_PARAMETERS.items():
        if is_at(host, site) and parts.path.rstrip("/").endswith(path.rstrip("/")):
            query = dict(parse_qsl(parts.query, max_num_fields=100))
            return next((query[name] for name in names if name in query), None)
    return None


def unwrap_path(url: str, host: str) -> str | None:
    """Amazon SES's and Proofpoint's links contain the target in their path."""
    if match := _SES.search(url):
        return unquote(match[1])
    if is_at(host, "urldefense.com") and (match := _PROOFPOINT.search(url)):
        # What the link replaced by an asterisk is coded after it; such a link stays as it is.
        return None if "*" in match[1] else _ONE_SLASH.sub(r"\1://", match[1])
    if is_at(host, "urldefense.proofpoint.com"):
        coded = dict(parse_qsl(urlsplit(url).query, max_num_fields=100)).get("u", "")
        return unquote(coded.replace("-", "%").replace("_", "/"))
    return None


def unwrap_base64(url: str, host: str) -> str | None:
    """Kit's and Substack's links contain the target in base 64."""
    path = urlsplit(url).path
    if is_at(host, "substack.com") and path.startswith("/redirect/2/"):
        coded = decode_base64(path.removeprefix("/redirect/2/").partition(".")[0])
        try:
            data = json.loads(coded)
        except ValueError:
            return None
        target = data.get("e") if isinstance(data, dict) else None
        return target if isinstance(target, str) else None
    if _KIT_HOST.fullmatch(host):
        return decode_base64(path.rstrip("/").rpartition("/")[2])
    return None


_UNWRAPPERS: tuple[Callable[[str, str], str | None], ...] = (
    unwrap_parameter,
    unwrap_path,
    unwrap_base64,
)


def decode_base64(text: str) -> str:
    """The text; empty if it is none."""
    if not _BASE64.fullmatch(text):
        return ""
    try:
        return urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)).decode()
    except (Base64Error, ValueError):
        return ""


def drop_tracking(url: str) -> str:
    """The URL without parameters that count clicks or identify the reader. Others keep their order."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        query = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return url
    own = [names for site, names in _TRACKING_AT.items() if is_at(host, site)]
    rest = [(name, value) for name, value in query if not is_tracking(name.lower(), value, own)]
    fragment = (
        "" if is_tracking(parts.fragment.partition("=")[0].lower(), "", own) else parts.fragment
    )
    if len(rest) == len(query) and fragment == parts.fragment:
        return url  # exactly as it was: other notations of the same query may matter
    return urlunsplit(parts._replace(query=urlencode(rest), fragment=fragment))


def is_tracking(name: str, value: str, own: list[frozenset[str]]) -> bool:
    """Whether a parameter counts clicks or identifies the reader; an email address always does."""
    return (
        name in _TRACKING
        or name.startswith(_TRACKING_STARTS)
        or any(name in names for names in own)
        or _EMAIL.fullmatch(value) is not None
    )


def is_at(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")
