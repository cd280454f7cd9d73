"""The product is killed while it reads an import, and goes on when it is started again."""

import time
from pathlib import Path

from tests.inbox.test_import_routes import begin, send_part, wait_until_ended
from tests.inbox.test_routes import mbox
from tests.product import Product
from tests.serving import a_mail

COUNT = 150


def test_a_killed_product_reads_every_mail_once(tmp_path: Path) -> None:
    content = mbox(*(a_mail(f"Issue {number}") for number in range(COUNT)))
    product = Product(tmp_path / "data")
    try:
        id = begin(product.http, len(content))["id"]
        send_part(product.http, id, 0, content)
        late = time.monotonic() + 120
        while product.http.get(f"/api/mail/imports/{id}").json()["mails"] == 0:
            assert time.monotonic() < late
        product.http.close()
    finally:
        product.kill()

    product = Product(tmp_path / "data")
    try:
        done = wait_until_ended(product.http, id)
        late = time.monotonic() + 120
        while list((tmp_path / "data" / "media").rglob("*.part")):
            assert time.monotonic() < late
            time.sleep(0.2)
    finally:
        product.stop()

    assert (done["status"], done["mails"], done["newsletters"]) == ("done", COUNT, COUNT)
    assert done["added"] == COUNT
