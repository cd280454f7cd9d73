"""A listener's day: the app is opened, a few episodes are looked at, one is heard along with its script."""

import os

from locust import FastHttpUser, constant_throughput, task
from user_pool import headers, somebody

RATE = float(os.environ.get("LOAD_RATE", "1"))
"""Requests a second of each."""


class Listener(FastHttpUser):
    weight = 4
    wait_time = constant_throughput(RATE)

    def on_start(self) -> None:
        self.who = somebody()
        self.own = headers(self.who)
        self.one = f"/api/podcast/{self.who['episode']}"

    @task(6)
    def opens_the_app(self) -> None:
        self.client.get("/api/podcast/list", headers=self.own)

    @task(3)
    def looks_at_an_episode(self) -> None:
        self.client.get(self.one, headers=self.own, name="/api/podcast/{id}")

    @task(2)
    def reads_along(self) -> None:
        name = "/api/podcast/{id}/script"
        self.client.get(f"{self.one}/script", headers=self.own, name=name)

    @task(1)
    def sees_what_came(self) -> None:
        self.client.get("/api/mail", headers=self.own)

    @task(1)
    def asks_for_a_price(self) -> None:
        order = {"email_ids": self.who["mails"], "minutes": 5}
        self.client.post("/api/podcast/quote", json=order, headers=self.own)

    @task(1)
    def looks_at_the_schedule(self) -> None:
        with self.client.get("/api/schedule", headers=self.own, catch_response=True) as answer:
            if answer.status_code == 404:  # none is kept, which is an answer
                answer.success()
