"""One training of the built-in painter, from real pictures to a checkpoint. Needs torch.

It begins as a conditional variational autoencoder, whose encoder is the critic, so that shapes stand within
minutes (Larsen et al. 2016 join the two so); then painter and critic are set against each other. A mean of
the painter over its last steps is what paints.
"""

import copy
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.network import CHANCE
from calligram.training.painter_inking import UNNAMED, Inked, Inker
from calligram.training.painter_network import Critic, NetworkSettings, Opinion, Painter, quick
from calligram.training.painter_pictures import Stock
from calligram.whole_files import writing_whole


@dataclass(frozen=True)
class TrainingSettings:
    """How the painter is trained.

    Args:
        copying_steps: as an autoencoder.
        steps: of painter against critic, after those.
        copying_batch: images of a step as an autoencoder.
        batch: images of a step afterwards.
        copies: of these, so many are copies of real images, which keeps every shape in reach.
        copying_rate: highest learning rate as an autoencoder.
        painter_rate: learning rate of the painter; it falls to a tenth over the last third.
        critic_rate: of the critic, likewise.
        copying: weight of the copies' faithfulness, as an autoencoder.
        faithful: the same afterwards.
        naming: weight of kind and colour as the critic tells them.
        recalling: weight of the chance that the encoder has to find again in what was painted.
        smoothness: weight of the critic's steepness around real images.
        closeness: weight of how far an image's chance may lie from any image's.
        mean: share of the older mean that each step keeps.
        seed: of weights, chance and order.
    """

    copying_steps: int = 500
    steps: int = 6200
    copying_batch: int = 64
    batch: int = 32
    copies: int = 8
    copying_rate: float = 1.5e-3
    painter_rate: float = 3e-4
    critic_rate: float = 3e-4
    copying: float = 20.0
    faithful: float = 5.0
    naming: float = 0.4
    recalling: float = 0.2
    smoothness: float = 0.05
    closeness: float = 0.02
    mean: float = 0.998
    seed: int = 1
    network: NetworkSettings = field(default_factory=NetworkSettings)


Asked = tuple[torch.Tensor, torch.Tensor]
"""Kinds ``(B, kinds)`` and colours ``(B, colours)``, each row a single one."""
SMOOTHED_EVERY = 4
"""The critic's steepness is held down in every such step, by so much more."""
PARTS = ("painter", "critic", "encoder", "mean", "copier", "painting", "judging")
"""What a checkpoint holds."""


class Run:
    """A training that can be stopped and taken up again.

    Args:
        stock: the real pictures of the training split.
        settings: how to train.
        folder: where checkpoints and the log lie.
    """

    def __init__(self, stock: Stock, settings: TrainingSettings, folder: Path) -> None:
        self.settings, self.folder = settings, folder
        torch.manual_seed(settings.seed)
        self.inker = Inker(stock, settings.seed)
        self.painter, self.critic = quick(Painter(settings.network)), quick(Critic(settings.network))
        self.encoder = copy.deepcopy(self.critic).eval().requires_grad_(False)
        self.mean = copy.deepcopy(self.painter).eval().requires_grad_(False)
        both = [*self.painter.parameters(), *self.critic.parameters()]
        self.copier = torch.optim.AdamW(both, settings.copying_rate, betas=(0.9, 0.99), fused=True)
        self.painting = torch.optim.Adam(
            self.painter.parameters(), settings.painter_rate, betas=(0.0, 0.99), fused=True
        )
        self.judging = torch.optim.Adam(
            self.critic.parameters(), settings.critic_rate, betas=(0.0, 0.99), fused=True
        )
        self.step = 0

    @property
    def last_step(self) -> int:
        return self.settings.copying_steps + self.settings.steps

    def train(self, every: int = 250, told: Callable[[dict[str, float]], None] | None = None) -> None:
        """Train to the last step, from the checkpoint if there is one, and keep one every so many steps."""
        self._resume()
        begun, sums = time.perf_counter(), dict[str, float]()
        while self.step < self.last_step:
            self._set_rates()
            if self.step == self.settings.copying_steps:
                self.encoder.load_state_dict(self.critic.state_dict())
            figures = self._copy_step() if self.step < self.settings.copying_steps else self._duel_step()
            self._take_mean()
            self.step += 1
            for name, value in figures.items():
                sums[name] = sums.get(name, 0.0) + value / every
            if self.step % every == 0 or self.step == self.last_step:
                self._save()
                figures = {"step": self.step, "seconds": round(time.perf_counter() - begun, 1)} | sums
                with (self.folder / "log.jsonl").open("a", encoding="utf-8") as log:
                    log.write(json.dumps(figures) + "\n")
                if told:
                    told(figures)
                sums = {}

    def _copy_step(self) -> dict[str, float]:
        """One step as an autoencoder."""
        real = self._real(self.settings.copying_batch)
        asked = _asked(real)
        seen = self.critic(real.images, *asked)
        copied = self.painter(_drawn_chance(seen), *asked)
        unlike = unlikeness(copied, real.images)
        close = closeness(seen)
        naming = _naming(seen, real)
        loss = self.settings.copying * unlike + self.settings.closeness * close + 0.2 * naming
        _follow(self.copier, loss)
        return {"unlike": unlike.item(), "close": close.item(), "naming": naming.item()}

    def _duel_step(self) -> dict[str, float]:
        """One step of the critic, then one of the painter."""
        real, chance = self._real(self.settings.batch), torch.randn(self.settings.batch, CHANCE)
        asked = _asked(real)
        figures = self._judge(real, asked, chance)
        with _still(self.critic):
            return figures | self._paint(real, asked, chance)

    def _judge(self, real: Inked, asked: Asked, chance: torch.Tensor) -> dict[str, float]:
        """Teach the critic to tell real images from painted ones, and to name what real ones show."""
        with torch.no_grad():
            painted = self.painter(chance, *asked)
        both = self.critic(torch.cat([real.images, painted]), *(torch.cat([part, part]) for part in asked))
        seen, made = _halves(both)
        judged = functional.softplus(-seen.real).mean() + functional.softplus(made.real).mean()
        naming = _naming(seen, real)
        loss = judged + self.settings.naming * naming
        if self.step % SMOOTHED_EVERY == 0:
            loss = loss + SMOOTHED_EVERY * self.settings.smoothness * self._steepness(real, asked)
        _follow(self.judging, loss)
        return {"judged": judged.item(), "naming": naming.item()}

    def _steepness(self, real: Inked, asked: Asked) -> torch.Tensor:
        """Return how steeply the critic's opinion rises around real images (Mescheder et al. 2018)."""
        images = real.images.detach().requires_grad_(True)
        (slope,) = torch.autograd.grad(self.critic(images, *asked).real.sum(), images, create_graph=True)
        return 0.5 * slope.square().sum((1, 2, 3)).mean()

    def _paint(self, real: Inked, asked: Asked, chance: torch.Tensor) -> dict[str, float]:
        """Teach the painter to pass for real, to be named as asked, to copy, and to use all its chance."""
        copies = self.settings.copies
        with torch.no_grad():
            of_real = self.encoder(real.images[:copies], *(part[:copies] for part in asked))
            chance[:copies] = _drawn_chance(of_real)
        painted = self.painter(chance, *asked)
        unlike = unlikeness(painted[:copies], real.images[:copies])
        seen, part = self.critic(painted, *asked), slice(2 * copies)
        recalled = surprise(self.encoder(painted[part], *(each[part] for each in asked)), chance[part])
        fooled, named = functional.softplus(-seen.real).mean(), _naming(seen, real)
        loss = fooled + self.settings.naming * named + self.settings.recalling * recalled
        _follow(self.painting, loss + self.settings.faithful * unlike)
        figures = {"fooled": fooled, "named": named, "unlike": unlike, "recalled": recalled}
        return {name: figure.item() for name, figure in figures.items()}

    def _real(self, count: int) -> Inked:
        real = self.inker.batch(count)
        return Inked(real.images.contiguous(memory_format=torch.channels_last), real.kinds, real.colours)

    def _set_rates(self) -> None:
        """Warm up and cool down as an autoencoder; cool down over the last third afterwards."""
        settings = self.settings
        if self.step < settings.copying_steps:
            done = self.step / settings.copying_steps
            _set_rate(self.copier, settings.copying_rate * min(1.0, done * 20 + 0.02, (1 - done) * 2 + 0.1))
            return
        left = min(1.0, 3 * (self.last_step - self.step) / max(1, settings.steps))
        _set_rate(self.painting, settings.painter_rate * max(0.1, left))
        _set_rate(self.judging, settings.critic_rate * max(0.1, left))

    @torch.no_grad()
    def _take_mean(self) -> None:
        keep = min(self.settings.mean, (self.step + 1) / (self.step + 10))
        for mean, now in zip(self.mean.parameters(), self.painter.parameters(), strict=True):
            mean.lerp_(now, 1 - keep)
        for kept, latest in zip(self.mean.buffers(), self.painter.buffers(), strict=True):
            kept.lerp_(latest, 1 - keep) if kept.is_floating_point() else kept.copy_(latest)

    def _save(self) -> None:
        held = {name: getattr(self, name).state_dict() for name in PARTS}
        with writing_whole(self.folder / "checkpoint.pt") as stream:
            torch.save(held | {"step": self.step, "settings": asdict(self.settings)}, stream)

    def _resume(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "checkpoint.pt").exists():
            return
        held = torch.load(self.folder / "checkpoint.pt", weights_only=True)
        for name in PARTS:
            getattr(self, name).load_state_dict(held[name])
        self.step = held["step"]
        # what was drawn before is not drawn again
        torch.manual_seed(self.settings.seed + self.step)
        self.inker = Inker(self.inker.stock, self.settings.seed + self.step)


def unlikeness(images: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Return how far images are from others, mean difference at four sizes: shapes first, edges too."""
    total = (images - others).abs().mean()
    for _ in range(3):
        images, others = functional.avg_pool2d(images, 2), functional.avg_pool2d(others, 2)
        total = total + (images - others).abs().mean()
    return total


def closeness(seen: Opinion) -> torch.Tensor:
    """Return the divergence of each image's chance from a normal one, in nats, mean over images."""
    return 0.5 * (seen.chance**2 + seen.spread.exp() - 1 - seen.spread).sum(1).mean()


def surprise(seen: Opinion, chance: torch.Tensor) -> torch.Tensor:
    """Return how improbable the chance that images came from is to an encoder, in nats of one number."""
    spread = seen.spread.clamp_min(-4)
    return 0.5 * ((chance - seen.chance) ** 2 / spread.exp() + spread).mean()


@contextmanager
def _still(network: nn.Module) -> Iterator[None]:
    """Keep a network's weights from being followed."""
    network.requires_grad_(False)
    yield
    network.requires_grad_(True)


def _drawn_chance(seen: Opinion) -> torch.Tensor:
    return seen.chance + torch.randn_like(seen.chance) * (0.5 * seen.spread).exp()


def _asked(real: Inked) -> Asked:
    return functional.one_hot(real.kinds, len(KINDS)).float(), functional.one_hot(
        real.colours, len(COLOURS)
    ).float()


def _naming(seen: Opinion, real: Inked) -> torch.Tensor:
    """Return how badly kinds, and colours where they are told, are named."""
    told = real.colours != UNNAMED
    colours = functional.cross_entropy(seen.colours, real.colours, reduction="none") * told
    return functional.cross_entropy(seen.kinds, real.kinds) + colours.mean()


def _halves(both: Opinion) -> tuple[Opinion, Opinion]:
    parts = [getattr(both, name).chunk(2) for name in ("real", "kinds", "colours", "chance", "spread")]
    return Opinion(*(part[0] for part in parts)), Opinion(*(part[1] for part in parts))


def _follow(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()


def _set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate
