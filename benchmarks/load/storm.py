"""A brew storm: everybody orders at once and polls the progress."""

import os
from uuid import uuid4

from locust import FastHttpUser, constant_throughput, task
from user_pool import auth_headers, next_person

# Seconds between two requests of a user.
INTERVAL = float(os.environ.get("LOAD_BREW_EVERY", "5"))
FINAL_STATUSES = ("ready", "failed", "cancelled")


class Orders(FastHttpUser):
    weight = 1
    wait_time = constant_throughput(1 / INTERVAL)

    def on_start(self) -> None:
        self.person = next_person()
        self.headers = auth_headers(self.person)
        self.brewing: str | None = None
        self.number = 0

    @task
    def order_or_poll(self) -> None:
        if self.brewing is None:
            self.order()
        else:
            self.poll(self.brewing)

    def order(self) -> None:
        """Order with a new title and other mails each time, so that no two orders are the same."""
        self.number += 1
        mails = self.person["mails"]
        first = self.number % len(mails)
        order = {"email_ids": [*mails[first:], *mails[:first]][:2], "minutes": 1 + self.number % 4}
        order["title"] = f"Load {uuid4()}"
        path = "/api/podcast/generate"
        with self.client.post(
            path, json=order, headers=self.headers, catch_response=True
        ) as response:
            if response.status_code == 202 and response.js:
                self.brewing = response.js["id"]
            elif response.status_code == 429:  # the limit of open episodes, which is not a failure
                response.success()

    def poll(self, id: str) -> None:
        name = "/api/podcast/{id}, brewing"
        response = self.client.get(f"/api/podcast/{id}", headers=self.headers, name=name)
        if response.status_code == 200 and response.js and response.js["status"] in FINAL_STATUSES:
            self.brewing = None
            if response.js["status"] == "failed":
                self.environment.events.request.fire(
                    request_type="BREW",
                    name="a brew",
                    response_time=0,
                    response_length=0,
                    exception=RuntimeError(response.js["trouble"]),
                )
