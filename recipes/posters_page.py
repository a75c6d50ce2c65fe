"""Makes ten posters and writes ``docs/posters.md``: ``python recipes/posters_page.py PAINTINGS [FULL]``.

PAINTINGS has the files of the Art Institute of Chicago that are named below (CC0). Each poster is made by the
command that the page shows, as PNG, SVG and PDF at full size, into the folder FULL where one is named; small
copies, a drawing that is made before one's eyes and two vector files go into ``docs/_static/posters``.
"""

import shlex
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from calligram.provenance import Label, write_image
from calligram.whole_files import make_folder, write_whole

ROOT = Path(__file__).parents[1]
FIGURES = ROOT / "docs" / "_static" / "posters"
WIDTH_PX, DETAIL_PX = 440, 440
QUALITY = 74


@dataclass(frozen=True)
class Plan:
    """One poster.

    Args:
        name: of its files.
        painting: the file's name.
        title: beneath it.
        byline: likewise.
        options: how it is set.
        told: what is to be seen in it.
        detail: where the detail lies, in parts of the sheet's width and height from the upper left.
    """

    name: str
    painting: str
    title: str
    byline: str
    options: str
    told: str
    detail: tuple[float, float]

    def command(self, *endings: str, more: str = "") -> str:
        """Return the command that makes it."""
        outputs = " ".join(f"-o {self.name}.{ending}" for ending in endings)
        caption = f"--title {shlex.quote(self.title)} --byline {shlex.quote(self.byline)}"
        return " ".join(f"calligram poster {self.painting} {outputs} {caption} {self.options} {more}".split())


ENDYMION = (
    "A thing of beauty is a joy for ever: Its loveliness increases; it will never Pass into nothingness; "
    "but still will keep A bower quiet for us, and a sleep Full of sweet dreams, and health, "
    "and quiet breathing."
)
REVE = (
    "Je fais souvent ce rêve étrange et pénétrant D’une femme inconnue, et que j’aime, et qui m’aime, "
    "Et qui n’est, chaque fois, ni tout à fait la même Ni tout à fait une autre, et m’aime et me comprend."
)

PLANS = (
    Plan(
        "cherries",
        "36678.jpg",
        "Girl with Cherries",
        "Eva Gonzalès, c. 1870",
        "",
        "Nothing was asked for: a dark image gets dark paper, and inks of its own colours.",
        (0.42, 0.24),
    ),
    Plan(
        "sisters",
        "14655.jpg",
        "Two Sisters (On the Terrace)",
        "Pierre-Auguste Renoir, 1881",
        "",
        "The same on light paper.",
        (0.42, 0.34),
    ),
    Plan(
        "etretat",
        "20535.jpg",
        "Étretat: The Beach and the Falaise d’Amont",
        "Claude Monet, 1885",
        "--size 50x70cm --dpi 200",
        "A sheet of another size.",
        (0.6, 0.3),
    ),
    Plan(
        "daughter",
        "68428.jpg",
        "The Artist’s Daughter",
        "Théodule Ribot, c. 1865",
        "--colour none --ink '#e9d8b4' --columns 150",
        "One ink: tone is a matter of characters and weights alone.",
        (0.36, 0.24),
    ),
    Plan(
        "vase",
        "210893.jpg",
        "Slender Woman with Vase",
        "József Rippl-Rónai, 1894",
        f"--words {shlex.quote(REVE)} --colour none --paper '#e8dcc0' --columns 90",
        "A calligram in the old sense: Verlaine's *Mon rêve familier* runs through what is dark.",
        (0.4, 0.3),
    ),
    Plan(
        "brittany",
        "81562.jpg",
        "Woman from Brittany",
        "Pascal-Adolphe-Jean Dagnan-Bouveret, 1886",
        f"--words {shlex.quote(ENDYMION)} --columns 180",
        "Keats in the image's colours.",
        (0.36, 0.24),
    ),
    Plan(
        "medici",
        "24684.jpg",
        "Francesco de’ Medici",
        "Attributed to Alessandro Allori, c. 1560",
        "--saturation 1.5 --frame line",
        "A line around it, and more colour.",
        (0.44, 0.2),
    ),
    Plan(
        "station",
        "16571.jpg",
        "Arrival of the Normandy Train, Gare Saint-Lazare",
        "Claude Monet, 1877",
        "--paper '#0d1b2a' --columns 240",
        "Paper as blue as the steam.",
        (0.4, 0.4),
    ),
    Plan(
        "outpost",
        "39528.jpg",
        "The Out-Post",
        "Jean-Louis-Ernest Meissonier, c. 1880",
        "--colour none --paper '#efe4cd' --ink '#4a2414' --detail 1",
        "Sepia on buff.",
        (0.4, 0.3),
    ),
    Plan(
        "arlesiennes",
        "19339.jpg",
        "Arlésiennes (Mistral)",
        "Paul Gauguin, 1888",
        "--charset braille --inks 24",
        "Braille dots in 24 inks.",
        (0.3, 0.3),
    ),
)
MOVING = PLANS[0]
"""Shown being made, too."""

SMALL = {"daughter": "svg", "vase": "pdf"}
"""Vector files that are small enough to lie beside the page."""

DRAWINGS = (
    ("the digit 5", "letters", 5),
    ("a sneaker", "ink", 5),
    ("capital q", "cells", 2),
    ("a coat", "words", 4),
)
DRAWN_PX = 300

INTRO = """# Posters

Ten paintings of the Art Institute of Chicago (CC0), set in characters. Each stands under the one command that
makes it as PNG, SVG and PDF; a small copy is shown, with a detail pixel for pixel.
`python recipes/posters_page.py PAINTINGS` makes all of this page. How it is done:
[posters](how-to/posters.md).
"""


def run(command: str, folder: Path) -> None:
    """Run a command of ours in a folder."""
    start = "import sys; from calligram.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-c", start, *shlex.split(command)[1:]], cwd=folder, text=True)
    if done.returncode:
        raise SystemExit(f"{command} ended with {done.returncode}")


def show(plan: Plan, full: Path) -> None:
    """Write the small copy of a poster: the whole sheet, and beside it a detail, pixel for pixel."""
    with Image.open(full / f"{plan.name}.png") as opened:
        sheet = opened.convert("RGB")
    whole = sheet.resize((WIDTH_PX, round(WIDTH_PX * sheet.height / sheet.width)), Image.Resampling.LANCZOS)
    left, top = round(plan.detail[0] * sheet.width), round(plan.detail[1] * sheet.height)
    detail = sheet.crop((left, top, left + DETAIL_PX, top + whole.height))
    both = Image.new("RGB", (whole.width + 12 + detail.width, whole.height), "white")
    both.paste(whole, (0, 0))
    both.paste(detail, (whole.width + 12, 0))
    label = Label("rendered", title=plan.title, creator="", description=plan.byline, sources=(plan.painting,))
    both.save(full / f"{plan.name}.jpg", quality=QUALITY)
    write_image(FIGURES / f"{plan.name}.jpg", (full / f"{plan.name}.jpg").read_bytes(), label)


def size(path: Path) -> str:
    """Return a file's size for a reader."""
    kilobytes = path.stat().st_size / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes:.0f} kB"


def section(plan: Plan, full: Path) -> str:
    """Return a poster's part of the page."""
    sizes = ", ".join(
        f"{ending.upper()} {size(full / f'{plan.name}.{ending}')}" for ending in ("png", "svg", "pdf")
    )
    told = f"{plan.told} {sizes}."
    if plan.name in SMALL:
        place = f"_static/posters/{plan.name}.{SMALL[plan.name]}"
        told += f" {{download}}`The {SMALL[plan.name].upper()} <{place}>`."
    return (
        f"## {plan.title}\n\n```console\n$ {plan.command('png', 'svg', 'pdf')}\n```\n\n"
        f"```{{figure}} _static/posters/{plan.name}.jpg\n:alt: {plan.title}, {plan.byline}, "
        f"set in characters; beside it a detail\n:width: 100%\n\n{told}\n```\n"
    )


def moving(full: Path) -> str:
    """Make the drawing that is made before one's eyes, and return its part of the page."""
    command = MOVING.command("gif", more="--width-px 400")
    run(command, full)
    write_whole(FIGURES / f"{MOVING.name}.gif", (full / f"{MOVING.name}.gif").read_bytes())
    return (
        f"## Made before your eyes\n\n```console\n$ {command}\n```\n\n"
        f"```{{figure}} _static/posters/{MOVING.name}.gif\n:alt: {MOVING.title}, set row by row\n"
        f":width: 60%\n\n{size(full / f'{MOVING.name}.gif')}; `--order light` begins with the light, "
        "`--order ink` with the heaviest characters.\n```\n"
    )


def drawn(full: Path) -> str:
    """Make drawings of the built-in model in each style, and return their part of the page."""
    commands = [
        f'calligram paint "{words}" --painter "nano?style={style}" --seed {seed} -o {style}.png'
        for words, style, seed in DRAWINGS
    ]
    strip = Image.new("RGB", (DRAWN_PX * len(DRAWINGS), DRAWN_PX), "white")
    for place, ((_, style, _), command) in enumerate(zip(DRAWINGS, commands, strict=True)):
        run(command, full)
        with Image.open(full / f"{style}.png") as image:
            small = image.convert("RGB").resize((DRAWN_PX, DRAWN_PX), Image.Resampling.LANCZOS)
        strip.paste(small, (place * DRAWN_PX, 0))
    strip.save(full / "drawn.jpg", quality=QUALITY)
    content = (full / "drawn.jpg").read_bytes()
    write_image(FIGURES / "drawn.jpg", content, Label("composed", painter="nano", model="calligram nano"))
    told = "\n".join(f"$ {command}" for command in commands)
    return (
        f"## Drawn by the built-in model\n\n```console\n{told}\n```\n\n"
        "```{figure} _static/posters/drawn.jpg\n"
        ":alt: A five, a shoe, a Q and a coat, each drawn by the model\n"
        ":width: 100%\n\nIn letters, in smooth ink, in the cells that the model drew, and in words.\n```\n"
    )


def main() -> None:
    """Make everything and write the page."""
    paintings = Path(sys.argv[1]).resolve()
    make_folder(FIGURES)
    with tempfile.TemporaryDirectory() as made:
        full = make_folder(sys.argv[2] if len(sys.argv) > 2 else made).resolve()
        parts = [INTRO]
        for plan in PLANS:
            write_whole(full / plan.painting, (paintings / plan.painting).read_bytes())
            run(plan.command("png", "svg", "pdf"), full)
            show(plan, full)
            if plan.name in SMALL:
                file = f"{plan.name}.{SMALL[plan.name]}"
                write_whole(FIGURES / file, (full / file).read_bytes())
            parts.append(section(plan, full))
        parts += [moving(full), drawn(full)]
    write_whole(ROOT / "docs" / "posters.md", "\n".join(parts).encode())


if __name__ == "__main__":
    main()
