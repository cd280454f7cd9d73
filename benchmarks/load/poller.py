"""Podcast apps: they ask for the feed again and again, mostly find nothing new, and sometimes fetch audio."""

import os
import re

from locust import FastHttpUser, constant_throughput, task
from user_pool import path_of, somebody

RATE = float(os.environ.get("LOAD_RATE", "1"))


class PodcastApp(FastHttpUser):
    weight = 7
    wait_time = constant_throughput(RATE)

    def on_start(self) -> None:
        self.feed = path_of(somebody()["feed"])
        self.known: dict[str, str] = {}
        self.audio: list[str] = []

    @task(30)
    def polls(self) -> None:
        """With the tag of the last answer, as apps do; nothing new is 304."""
        named = "/feed/{token}/rss.xml, known" if self.known else "/feed/{token}/rss.xml, first"
        answer = self.client.get(self.feed, headers=self.known, name=named)
        if answer.status_code == 200 and (tag := answer.headers.get("etag")):
            self.known = {"If-None-Match": tag}
            self.audio = re.findall(r'enclosure url="([^"]+)"', answer.text or "")

    @task(1)
    def comes_anew(self) -> None:
        """A new device, or one that forgot."""
        self.known = {}

    @task(1)
    def fetches_audio(self) -> None:
        if self.audio:
            self.client.get(
                path_of(self.audio[0]),
                headers={"Range": "bytes=0-65535"},
                allow_redirects=False,
                name="/feed/{token}/{episode}.mp3",
            )
