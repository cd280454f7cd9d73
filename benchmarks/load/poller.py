"""Podcast apps: they poll the feed, mostly find nothing new, and sometimes fetch audio."""

import os
import re

from locust import FastHttpUser, constant_throughput, task
from user_pool import next_person, path_of

RATE = float(os.environ.get("LOAD_RATE", "1"))


class PodcastApp(FastHttpUser):
    weight = 7
    wait_time = constant_throughput(RATE)

    def on_start(self) -> None:
        self.feed = path_of(next_person()["feed"])
        self.validators: dict[str, str] = {}
        self.audio: list[str] = []

    @task(30)
    def poll(self) -> None:
        """Send the tag of the last answer, as apps do. If nothing is new, the answer is 304."""
        label = "/feed/{token}/rss.xml, " + ("again" if self.validators else "first")
        response = self.client.get(self.feed, headers=self.validators, name=label)
        if response.status_code == 200 and (tag := response.headers.get("etag")):
            self.validators = {"If-None-Match": tag}
            self.audio = re.findall(r'enclosure url="([^"]+)"', response.text or "")

    @task(1)
    def forget(self) -> None:
        """Behave like a new device, or like one that lost its cache."""
        self.validators = {}

    @task(1)
    def fetch_audio(self) -> None:
        if self.audio:
            self.client.get(
                path_of(self.audio[0]),
                headers={"Range": "bytes=0-65535"},
                allow_redirects=False,
                name="/feed/{token}/{episode}.mp3",
            )
