"""Take the pictures of the product: `python3 noxfile.py -s screenshots`.

The sample newsletters, brewed and shown by the product itself.
"""

import sys
import tempfile
from pathlib import Path

from tests.product import SAMPLES, Product, run_product
from tests.web.browser import WEB, require_build, run_projects
from tests.web.test_journey import sign_in_link

PICTURES = WEB / "static" / "screenshots"
# The titles of episodes, the minutes, and the newsletters in them.
EPISODES = (
    ("Gleis 9 and a long count", 6, slice(5, 10)),
    ("A clock made of mud", 4, slice(2, 6)),
    ("Salt in the north", 5, slice(0, 6)),
)


def brew_episodes(product: Product) -> None:
    samples = sorted(SAMPLES.glob("*.eml"))
    ids = [product.upload(file.name, file.read_bytes())["mails"][0]["id"] for file in samples]
    for title, minutes, chosen in EPISODES:
        product.brew(title=title, minutes=minutes, email_ids=ids[chosen])


def main() -> int:
    require_build()
    PICTURES.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        run_product(Path(folder) / "data") as product,
    ):
        brew_episodes(product)
        variables = {"BASE_URL": product.url, "SIGN_IN": sign_in_link(product)}
        return run_projects("screenshots", SCREENSHOTS=str(PICTURES), **variables)


if __name__ == "__main__":
    sys.exit(main())
