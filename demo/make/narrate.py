"""Narrate the demo library: speak every audio file the lessons name, from the lessons' own words.

    python -m demo.make.narrate [course …]      only what is missing or whose words have changed

Needs `espeak-ng` and `ffmpeg`. What is spoken is what is written:

* in an article, the words of the page that holds the audio (not its headings);
* in a quiz, the prompt; for an answer's audio, the answer's text;
* for an audio lesson, the lines of its transcript, one by one; captions are timed to them.

Where the written word would be read wrongly (a letter's sound, say), `spoken.toml` says what to
speak instead. A line of a transcript may begin with "**Name:**"; each name has its own voice.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
import tomllib
import wave
from dataclasses import dataclass
from pathlib import Path

MAKE = Path(__file__).resolve().parent
LIBRARY = MAKE.parent / "library"
VOICES = {"en": "en-gb", "ar": "ar", "fr": "fr-fr", "es": "es-419"}
CASTS = [("", 50), ("+f2", 60), ("+m3", 40), ("+f4", 45)]
SPEED, PAUSE = 125, 0.45
RATE = 22050


@dataclass(frozen=True)
class Clip:
    """One sound to make: where it goes, its language, and its lines as (speaker, words)."""

    out: Path
    language: str
    lines: list[tuple[str, str]]
    captions: Path | None = None


def plain(markdown: str) -> str:
    """What a reader would say aloud of some Markdown."""
    kept = []
    for row in markdown.splitlines():
        text = row.strip()
        if text.startswith(("#", "|", "![")) or not text:
            continue
        text = re.sub(r"^(?:[-*]|\d+[.)])\s+|^>\s*", "", text)
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
        text = re.sub(r"[*_`]", "", text)
        kept.append(text if text[-1] in ".!?:؟،…" else f"{text}.")
    return "\n".join(kept)


def transcript(path: Path) -> list[tuple[str, str]]:
    """The lines of a transcript, as (speaker, words)."""
    lines = []
    for row in path.read_text(encoding="utf-8").splitlines():
        text = row.strip()
        if not text or text.startswith(("#", "![")):
            continue
        said = re.fullmatch(r"\*\*([^*]+?)\s*:\*\*\s*(.+)", text)
        lines.append((said[1], said[2]) if said else ("", plain(text)))
    return lines


def named_in_article(path: Path) -> dict[str, str]:
    """The sounds that an article's pages hold, and the words to speak in each."""
    found = {}
    for page in re.split(r"(?m)^##\s*$", path.read_text(encoding="utf-8")):
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+\.mp3)\)", page):
            found[name] = plain(page)
    return found


def named_in_quiz(path: Path, language: str) -> dict[str, str]:
    """The sounds of a quiz's questions and answers, and the words to speak in each."""
    found = {}
    for question in tomllib.loads(path.read_text(encoding="utf-8"))["question"]:
        for part in [question, *question.get("options", [])]:
            words = part.get("prompt", part.get("text", {}))
            if "audio" in part and language in words:
                found[part["audio"].replace("{lang}", language)] = plain(words[language])
    return found


def clips(folder: Path) -> list[Clip]:
    """Every sound that a course names."""
    course = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))
    spoken = tomllib.loads((MAKE / "spoken.toml").read_text(encoding="utf-8"))
    instead = spoken.get(folder.name, {})
    found: dict[str, Clip] = {}
    for lesson in course["lesson"]:
        for language in course["title"]:
            source = folder / lesson["source"].replace("{lang}", language)
            named: dict[str, str] = {}
            if lesson["kind"] == "article":
                named = named_in_article(source)
            elif lesson["kind"] == "quiz":
                named = named_in_quiz(source, language)
            elif lesson["kind"] == "audio":
                lines = transcript(folder / lesson["transcript"].replace("{lang}", language))
                captions = folder / lesson["captions"].replace("{lang}", language)
                found[source.name] = Clip(source, language, lines, captions)
            for name, words in named.items():
                said = instead.get(name.removesuffix(".mp3"), words)
                found[name] = Clip(folder / name, language, [("", said)])
    return list(found.values())


def aloud(words: str, language: str) -> str:
    """The words as the synthesiser reads them best."""
    western = words.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩\u00a0\u202f", "0123456789  "))
    if language != "ar":
        return western
    # At a pause the feminine ending is heard as "ah"; a joining alif is silent after wa-, fa-, bi-.
    paused = re.sub(r"ة(?=\s*(?:[.،؛؟!:…]|$))", "ه", western, flags=re.MULTILINE)
    return re.sub(r"(?<=\b[وفب][\u064e\u0650])ا(?=[\u0621-\u064a]\u0652)", "", paused)


def speak(words: str, language: str, cast: int, out: Path) -> None:
    """One WAV file of some words."""
    variant, pitch = CASTS[cast % len(CASTS)]
    command = [
        "espeak-ng",
        "-v",
        VOICES[language] + variant,
        "-s",
        str(SPEED),
        "-p",
        str(pitch),
        "-g",
        "2",
        "-w",
        str(out),
    ]
    subprocess.run([*command, aloud(words, language)], check=True)


def seconds(path: Path) -> float:
    """How long a WAV file is."""
    with wave.open(str(path)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def stamp(at: float) -> str:
    """A WebVTT time."""
    minutes, rest = divmod(at, 60)
    return f"{int(minutes):02d}:{rest:06.3f}"


def record(
    lines: list[tuple[str, str]], language: str, folder: Path
) -> tuple[Path, list[tuple[float, float]]]:
    """One WAV of all the lines with pauses between, and when each line starts and ends."""
    names = list(dict.fromkeys(name for name, _ in lines))
    parts, times, at = [], [], 0.0
    for i, (name, words) in enumerate(lines):
        part = folder / f"{i}.wav"
        speak(words, language, names.index(name), part)
        parts.append(part)
        times.append((at, at + seconds(part)))
        at += seconds(part) + PAUSE
    whole = folder / "whole.wav"
    with wave.open(str(whole), "wb") as out:
        for i, part in enumerate(parts):
            with wave.open(str(part)) as sound:
                if i == 0:
                    out.setparams(sound.getparams())
                out.writeframes(sound.readframes(sound.getnframes()))
                if i + 1 < len(parts):
                    out.writeframes(bytes(2 * int(PAUSE * sound.getframerate())))
    return whole, times


def write_captions(
    path: Path, lines: list[tuple[str, str]], times: list[tuple[float, float]]
) -> None:
    """A WebVTT file, a cue a line."""
    cues = ["WEBVTT\n"]
    for (name, words), (start, end) in zip(lines, times, strict=True):
        voice = f"<v {name}>" if name else ""
        cues.append(f"{stamp(start)} --> {stamp(end)}\n{voice}{words.replace(chr(10), ' ')}\n")
    path.write_text("\n".join(cues), encoding="utf-8")


def make(clip: Clip) -> bool:
    """Make the sound unless it is there and says the same; whether it was made."""
    key = hashlib.sha256(
        repr(
            (
                clip.language,
                [(n, aloud(w, clip.language)) for n, w in clip.lines],
                CASTS,
                SPEED,
                PAUSE,
            )
        ).encode()
    ).hexdigest()[:16]
    if clip.out.exists() and key.encode() in clip.out.read_bytes()[:400]:
        return False
    with tempfile.TemporaryDirectory() as tmp:
        whole, times = record(clip.lines, clip.language, Path(tmp))
        encode = ["-ac", "1", "-ar", str(RATE), "-b:a", "24k", "-metadata", f"comment={key}"]
        quiet = ["ffmpeg", "-loglevel", "error", "-y", "-bitexact", "-i", str(whole)]
        subprocess.run([*quiet, *encode, str(clip.out)], check=True)
    if clip.captions:
        write_captions(clip.captions, clip.lines, times)
    return True


def main(courses: list[str]) -> None:
    """Narrate the courses named, or all."""
    for folder in sorted(path.parent for path in LIBRARY.glob("*/course.toml")):
        if not courses or folder.name in courses:
            wanted = clips(folder)
            made = sum(make(clip) for clip in wanted)
            sys.stdout.write(f"{folder.name}: {len(wanted)} sounds, {made} made now\n")


if __name__ == "__main__":
    main(sys.argv[1:])
