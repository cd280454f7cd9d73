"""How browsers are named in the list of sessions."""

import pytest
from audiobrew.account.home.client_name import client_name

MOZILLA = "Mozilla/5.0 "
APPLE = " AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            MOZILLA + "(X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            MOZILLA + "(Windows NT 10.0)" + APPLE + "Chrome/141.0 Safari/537.36 Edg/141.0",
            "Edge on Windows",
        ),
        (
            MOZILLA + "(Linux; Android 15)" + APPLE + "Chrome/141.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            MOZILLA + "(iPhone; CPU iPhone OS 18_0)" + APPLE + "Version/18.0 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        (
            MOZILLA + "(iPhone; CPU iPhone OS 18_0)" + APPLE + "CriOS/141.0 Safari/604.1",
            "Chrome on iPhone",
        ),
        (
            MOZILLA + "(Macintosh)" + APPLE + "Version/18.0 Safari/605.1",
            "Safari on Mac",
        ),
        ("curl/8.5", ""),
        ("", ""),
        ("<script>alert(1)</script>", ""),
        ("x" * 100_000, ""),
    ],
)
def test_a_browser_is_named_as_its_listener_would(user_agent: str, name: str) -> None:
    assert client_name(user_agent) == name
