"""Valid and invalid keys of files."""

EPISODE = "episodes/6f0b6f0e-6a1c-4d5e-9a6e-0a6a1f0c2b11.mp3"
CLIP = f"clips/ab/{'ab' * 32}.mp3"
NOT_OURS = [
    "../outside.mp3",
    "episodes/../../outside.mp3",
    "/etc/passwd",
    "episodes/.hidden.mp3",
    "episodes/a.mp3\n",
    "episodes//a.mp3",
    "episodes/a",
    "a.mp3",
    "episodes/ä.mp3",
    "episodes/a\0.mp3",
    "episodes/%2e%2e/a.mp3",
    "",
]
