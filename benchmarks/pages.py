"""How heavy and how fast the pages of the web app are, as Lighthouse sees them on a phone with a cold cache.

`python3 noxfile.py -s pages`. The pages: the landing page, the home page with 40 episodes and 200
newsletters, and an episode of up to 77 minutes. Lighthouse loads each three times on a simulated slow
phone, and the medians are printed: the four scores, the largest paint, and the JavaScript that was
transferred. Each page is then loaded once over a connection of 400 kbit/s.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.product import Product, run_product
from tests.web.library import build_newsletter

EPISODES, NEWSLETTERS, LONG_MINUTES, ROUNDS = 40, 200, 77, 3
SCORES = ("performance", "accessibility", "best-practices", "seo")
PLACES = ["Sundby", "Kalvik", "Torsund", "Maren", "Vellby", "Ostholm", "Lindby", "Harnes"]
THINGS = [
    "harbour",
    "council",
    "ferry",
    "market",
    "orchard",
    "library",
    "school",
    "river",
    "museum",
    "choir",
]
ACTIONS = [
    "opened",
    "closed",
    "repaired",
    "sold",
    "bought",
    "painted",
    "moved",
    "measured",
    "counted",
    "planned",
    "approved",
]
SLOW = {"throughputKbps": 400, "downloadThroughputKbps": 400, "uploadThroughputKbps": 400}


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        run_product(Path(folder) / "data") as product,
    ):
        long_episode = fill(product)
        session = product.http.post("/api/session/browser", json={"code": sign_in_code(product)})
        cookie = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
        pages = {
            "landing": ("/", ""),
            "home": ("/dashboard", cookie),
            "episode": (f"/dashboard/podcast/{long_episode}", cookie),
        }
        print(f"\n{'page':8}  {'  '.join(SCORES)}  LCP s  JS kB  at 400 kbit/s")
        for name, (path, page_cookie) in pages.items():
            url = product.url + path
            reports = [run_lighthouse(url, page_cookie) for _ in range(ROUNDS)]
            slow = run_lighthouse(url, page_cookie, slow=True)
            scores = [
                round(100 * median(report["categories"][score]["score"] for report in reports))
                for score in SCORES
            ]
            columns = [f"{score:{len(label)}}" for score, label in zip(scores, SCORES, strict=True)]
            largest_paint = median(
                seconds(report, "largest-contentful-paint") for report in reports
            )
            print(
                f"{name:8}  {'  '.join(columns)}  {largest_paint:5.1f}"
                f"  {script_size(reports[0]) / 1000:5.1f}  {seconds(slow, 'interactive'):.1f} s",
                flush=True,
            )
            for failure in failed_audits(reports[0]):
                print(f"          {failure}")


def fill(product: Product) -> str:
    """Upload the newsletters, brew the episodes, and return the id of the long one."""
    for number in range(NEWSLETTERS):
        show_progress("Newsletters", number, NEWSLETTERS)
        product.upload(f"{number}.eml", newsletter(number))
    mail_ids = [mail["id"] for mail in product.http.get("/api/mail?limit=200").json()]
    show_progress("Episodes", 0, EPISODES)
    long = product.start(minutes=LONG_MINUTES, email_ids=mail_ids)
    minutes = product.wait_until_ended(long, within=1800)["duration"] / 60
    for number in range(1, EPISODES):
        show_progress("Episodes", number, EPISODES)
        product.brew(minutes=1, email_ids=[mail_ids[number]])
    print(f"\nThe long episode has {minutes:.0f} minutes.")
    return long


def show_progress(what: str, done: int, total: int) -> None:
    print(f"\r{what}: {done + 1} of {total}", end="", flush=True)


def newsletter(number: int) -> bytes:
    chance = random.Random(number)  # noqa: S311 (nothing is secret)

    def sentence() -> str:
        return (
            f"The {chance.choice(THINGS)} of {chance.choice(PLACES)} {chance.choice(ACTIONS)}"
            f" {chance.randrange(2, 900)} places for the {chance.choice(THINGS)} beside the"
            f" {chance.choice(THINGS)}, as the {chance.choice(THINGS)} had proposed."
        )

    paragraphs = tuple(" ".join(sentence() for _ in range(4)) for _ in range(6))
    title = f"The {chance.choice(THINGS)} letter of {chance.choice(PLACES)}, number {number}"
    return build_newsletter(number, title, f"{chance.choice(PLACES)} Notes {number}", paragraphs)


def sign_in_code(product: Product) -> str:
    command = [sys.executable, "-m", "audiobrew", "sign-in", "--data", str(product.data)]
    link = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return link.strip().partition("#code=")[2]


def run_lighthouse(url: str, cookie: str, *, slow: bool = False) -> Any:
    """Load a page in Chromium, and return Lighthouse's report."""
    with tempfile.TemporaryDirectory() as folder:
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
        command = [
            *("node", os.environ["LIGHTHOUSE"], url, "--quiet", "--output=json"),
            f"--extra-headers={headers}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]
        if slow:
            # The connection is slow, the phone is not: what is measured is weight.
            command += ["--throttling-method=simulate", "--throttling.cpuSlowdownMultiplier=1"]
            command += [f"--throttling.{name}={value}" for name, value in SLOW.items()]
        environment = os.environ | {"CHROME_PATH": os.environ["CHROMIUM_PATH"]}
        answer = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, check=True, timeout=300
        )
    return json.loads(answer.stdout)


def seconds(report: Any, audit: str) -> float:
    return float(report["audits"][audit]["numericValue"]) / 1000


def script_size(report: Any) -> int:
    """The bytes of JavaScript that the page transferred."""
    requests = report["audits"]["network-requests"]["details"]["items"]
    return sum(item["transferSize"] for item in requests if item["resourceType"] == "Script")


def failed_audits(report: Any) -> list[str]:
    """The audits that lower a score, most weighty first."""
    failures = []
    for category in report["categories"].values():
        for reference in category["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                shown = audit.get("displayValue", "")
                failures.append(f"{category['id']}: {audit['title']} {shown}".strip())
    return failures


if __name__ == "__main__":
    main()
