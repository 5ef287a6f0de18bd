"""Make the films of the demo library: the pictures of a course, with its transcript spoken.

    python -m demo.make.film [course/film …]

Needs `espeak-ng`, `ffmpeg` and `chromium`. `films.toml` says which frames go with which line of
the transcript (two frames of one line take turns); the frames come from `frames()` of the course's
module in `pictures/`. Beside the film lands its captions file.
"""

import importlib
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from demo.make.draw import LIBRARY, MAKE, MODULES
from demo.make.narrate import PAUSE, VOICES, record, transcript, write_captions

WIDTH, HEIGHT = 480, 360
TURN = 0.5


def shoot(frames: dict[str, str], folder: Path) -> None:
    """Every frame as a PNG, with one start of the browser."""
    page = "".join(
        svg.replace("<svg ", f'<svg width="{WIDTH}" height="{HEIGHT}" style="display:block" ')
        for svg in frames.values()
    )
    (folder / "all.html").write_text(
        f'<meta charset="utf-8"><body style="margin:0">{page}', encoding="utf-8"
    )
    size = f"--window-size={WIDTH},{HEIGHT * len(frames)}"
    browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", size]
    subprocess.run(
        [*browser, f"--screenshot={folder / 'all.png'}", f"file://{folder / 'all.html'}"],
        check=True,
        capture_output=True,
    )
    for i, name in enumerate(frames):
        crop = f"crop={WIDTH}:{HEIGHT}:0:{i * HEIGHT}"
        subprocess.run(
            [
                "ffmpeg",
                "-loglevel",
                "error",
                "-y",
                "-i",
                str(folder / "all.png"),
                "-vf",
                crop,
                str(folder / f"{name}.png"),
            ],
            check=True,
        )


def film(course: str, name: str, scenes: list[list[str]], folder: Path) -> None:
    """The film in every language it has a transcript for."""
    for language in VOICES:
        source = LIBRARY / course / f"{name}.{language}.md"
        if not source.exists():
            continue
        lines = transcript(source)
        if len(lines) != len(scenes):
            sys.exit(f"{source}: {len(lines)} lines, but {len(scenes)} scenes in films.toml")
        sound, times = record(lines, language, folder)
        reel = ["ffconcat version 1.0"]
        for scene, (start, end) in zip(scenes, times, strict=True):
            left, shown = end - start + PAUSE, 0
            while left > 0:
                step = min(TURN, left) if len(scene) > 1 else left
                reel += [f"file {scene[shown % len(scene)]}.png", f"duration {step:.3f}"]
                left, shown = left - step, shown + 1
        reel.append(f"file {scenes[-1][0]}.png")
        (folder / "reel.txt").write_text("\n".join(reel), encoding="utf-8")
        out = LIBRARY / course / f"{name}.{language}.mp4"
        picture = [
            "-c:v",
            "libx264",
            "-profile:v",
            "baseline",
            "-level",
            "3.0",
            "-pix_fmt",
            "yuv420p",
            "-r",
            "10",
            "-g",
            "50",
            "-crf",
            "30",
            "-maxrate",
            "120k",
            "-bufsize",
            "240k",
        ]
        voice = ["-c:a", "aac", "-b:a", "32k", "-ac", "1", "-ar", "22050"]
        command = [
            "ffmpeg",
            "-loglevel",
            "error",
            "-y",
            "-f",
            "concat",
            "-i",
            str(folder / "reel.txt"),
            "-i",
            str(sound),
        ]
        subprocess.run(
            [*command, *picture, *voice, "-movflags", "+faststart", str(out)], check=True
        )
        write_captions(out.with_suffix(".vtt"), lines, times)
        sys.stdout.write(f"{out.name}: {times[-1][1]:.0f} s, {out.stat().st_size // 1024} KB\n")


def main(wanted: list[str]) -> None:
    """Make the films named, or all."""
    for course, films in tomllib.loads((MAKE / "films.toml").read_text(encoding="utf-8")).items():
        frames = importlib.import_module(f"demo.make.pictures.{MODULES[course]}").frames()
        for name, scenes in films.items():
            if not wanted or f"{course}/{name}" in wanted:
                with tempfile.TemporaryDirectory() as tmp:
                    shoot(frames[name], Path(tmp))
                    film(course, name, scenes["scenes"], Path(tmp))


if __name__ == "__main__":
    main(sys.argv[1:])
