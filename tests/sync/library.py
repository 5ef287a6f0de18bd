"""Courses of sounds, whose bytes a test chooses."""

from __future__ import annotations

import random
import wave
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from passport.kernel.actor import Actor

COURSE = """
id = "{course}"
category = "Sounds"
licence = "CC-BY-4.0"
credits = "Made for the tests."
[title]
en = "Sounds"
ar = "أصوات"
"""
LESSON = """
[[lesson]]
id = "{slug}"
kind = "audio"
minutes = 1
title = {{en = "{slug}", ar = "{slug}"}}
source = "{source}"
"""
HEADER = 44
"""Bytes of a WAV file before its sound; lengths stand in them."""


def noise(seed: int, size: int) -> bytes:
    """Bytes that nothing makes smaller."""
    return random.Random(seed).randbytes(size)


def publish(folder: Path, course: UUID, sounds: Mapping[str, bytes | dict[str, bytes]]) -> UUID:
    """Publish a course of sounds by their slugs, or by slug and language; returns the version."""
    from passport.library.actions import publish as publish_folder

    folder.mkdir(parents=True, exist_ok=True)
    text = COURSE.format(course=course)
    for slug, sound in sounds.items():
        if isinstance(sound, bytes):
            text += LESSON.format(slug=slug, source=f"{slug}.wav")
            write_sound(folder / f"{slug}.wav", sound)
        else:
            text += LESSON.format(slug=slug, source=f"{slug}.{{lang}}.wav")
            for language, spoken in sound.items():
                write_sound(folder / f"{slug}.{language}.wav", spoken)
    (folder / "course.toml").write_text(text)
    return publish_folder(by=Actor.machine(), folder=folder).version


def write_sound(path: Path, frames: bytes) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(frames)
