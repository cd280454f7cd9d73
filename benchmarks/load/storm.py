"""A brew storm: everybody orders at once, and keeps asking how it comes along."""

import os
from uuid import uuid4

from locust import FastHttpUser, constant_throughput, task
from user_pool import headers, somebody

EVERY = float(os.environ.get("LOAD_BREW_EVERY", "5"))
"""Seconds between two looks, or two orders."""
ENDED = ("ready", "failed", "cancelled")


class Orders(FastHttpUser):
    weight = 1
    wait_time = constant_throughput(1 / EVERY)

    def on_start(self) -> None:
        self.who = somebody()
        self.own = headers(self.who)
        self.brewing: str | None = None
        self.number = 0

    @task
    def orders_or_looks(self) -> None:
        if self.brewing is None:
            self.order()
        else:
            self.look(self.brewing)

    def order(self) -> None:
        """Under a title of its own, so that it is another order, and of other mails each time."""
        self.number += 1
        mails = self.who["mails"]
        first = self.number % len(mails)
        order = {"email_ids": [*mails[first:], *mails[:first]][:2], "minutes": 1 + self.number % 4}
        order["title"] = f"Load {uuid4()}"
        path = "/api/podcast/generate"
        with self.client.post(path, json=order, headers=self.own, catch_response=True) as answer:
            if answer.status_code == 202 and answer.js:
                self.brewing = answer.js["id"]
            elif answer.status_code == 429:  # as many as a listener may have at once: an answer
                answer.success()

    def look(self, id: str) -> None:
        name = "/api/podcast/{id}, brewing"
        answer = self.client.get(f"/api/podcast/{id}", headers=self.own, name=name)
        if answer.status_code == 200 and answer.js and answer.js["status"] in ENDED:
            self.brewing = None
            if answer.js["status"] == "failed":
                self.environment.events.request.fire(
                    request_type="BREW",
                    name="a brew",
                    response_time=0,
                    response_length=0,
                    exception=RuntimeError(answer.js["trouble"]),
                )
