"""One route, asked again and again by a few connections: what a request of it takes."""

import json
import os

from locust import FastHttpUser, constant, task

ASKED = json.loads(os.environ["LOAD_ROUTE"])


class Asker(FastHttpUser):
    wait_time = constant(0)

    @task
    def ask(self) -> None:
        self.client.request(
            ASKED["method"],
            ASKED["path"],
            headers=ASKED["headers"],
            json=ASKED["json"],
            allow_redirects=False,
            name=ASKED["name"],
        )
