"""One request, repeated by a few connections, to measure what it costs."""

import json
import os

from locust import FastHttpUser, constant, task

REQUEST = json.loads(os.environ["LOAD_REQUEST"])


class Client(FastHttpUser):
    wait_time = constant(0)

    @task
    def send(self) -> None:
        self.client.request(
            REQUEST["method"],
            REQUEST["path"],
            headers=REQUEST["headers"],
            json=REQUEST["json"],
            allow_redirects=False,
            name=REQUEST["name"],
        )
