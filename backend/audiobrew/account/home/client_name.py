"""Names a browser as its listener would: "Firefox on Android"."""

# In this order: Chromium's relatives name Chrome and Safari as well, and every browser names Mozilla.
BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Vivaldi": "Vivaldi",
    "FxiOS": "Firefox",
    "Firefox": "Firefox",
    "CriOS": "Chrome",
    "HeadlessChrome": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def client_name(user_agent: str) -> str:
    """Empty if the header names neither a browser nor a system that we know."""
    products = [product.partition("/")[0] for product in user_agent.split()]
    browser = next(
        (
            name
            for token, name in BROWSERS.items()
            if any(product.startswith(token) for product in products)
        ),
        "",
    )
    system = next((name for token, name in SYSTEMS.items() if token in user_agent), "")
    return " on ".join(name for name in (browser, system) if name)
