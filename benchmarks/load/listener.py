"""The requests of a listener's day: opening the app, viewing episodes, reading one script while listening."""

import os

from locust import FastHttpUser, constant_throughput, task
from user_pool import auth_headers, next_person

# Requests per second of each user.
RATE = float(os.environ.get("LOAD_RATE", "1"))


class Listener(FastHttpUser):
    weight = 4
    wait_time = constant_throughput(RATE)

    def on_start(self) -> None:
        self.person = next_person()
        self.headers = auth_headers(self.person)
        self.episode = f"/api/podcast/{self.person['episode']}"

    @task(6)
    def open_app(self) -> None:
        self.client.get("/api/podcast/list", headers=self.headers)

    @task(3)
    def view_episode(self) -> None:
        self.client.get(self.episode, headers=self.headers, name="/api/podcast/{id}")

    @task(2)
    def read_script(self) -> None:
        name = "/api/podcast/{id}/script"
        self.client.get(f"{self.episode}/script", headers=self.headers, name=name)

    @task(1)
    def list_mail(self) -> None:
        self.client.get("/api/mail", headers=self.headers)

    @task(1)
    def quote(self) -> None:
        order = {"email_ids": self.person["mails"], "minutes": 5}
        self.client.post("/api/podcast/quote", json=order, headers=self.headers)

    @task(1)
    def get_schedule(self) -> None:
        with self.client.get(
            "/api/schedule", headers=self.headers, catch_response=True
        ) as response:
            if response.status_code == 404:  # there is no schedule, which is not a failure
                response.success()
