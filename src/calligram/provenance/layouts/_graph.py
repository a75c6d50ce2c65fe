"""ComfyUI's graphs: nodes with a type and inputs, each a value or a link to another node's output.

Source: ComfyUI, ``execution.py`` (the graph that is run) and ``nodes.py`` (the names of inputs); the workflow
schema of its documentation (the graph as it is drawn).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

Inputs: TypeAlias = dict[str, Any]

MOST_NODES = 20_000
MOST_STEPS = 5_000
TEXTS = ("text", "text_g", "text_l", "prompt", "t5xxl", "clip_l", "string", "value", "positive_prompt")
NEARBY = (
    "guider",
    "sampler",
    "sigmas",
    "noise",
    "latent_image",
    "latent",
    "samples",
    "conditioning",
    "positive",
)
ENDS = ("SaveImage", "PreviewImage", "SaveAnimatedWEBP", "SaveAnimatedPNG")
WIDGETS = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": ("add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler"),
    "CLIPTextEncode": ("text",),
    "CLIPTextEncodeFlux": ("clip_l", "t5xxl", "guidance"),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "LoraLoader": ("lora_name", "strength_model"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "EmptyLatentImage": ("width", "height"),
    "EmptySD3LatentImage": ("width", "height"),
    "RandomNoise": ("noise_seed",),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps"),
    "FluxGuidance": ("guidance",),
    "CFGGuider": ("cfg",),
}
"""What the values of a drawn node are called, in their order; a nameless one belongs to the page alone."""


@dataclass(frozen=True)
class Node:
    """One node: its type and inputs."""

    type: str
    inputs: Inputs


@dataclass(frozen=True)
class Graph:
    """Nodes by name."""

    nodes: dict[str, Node]

    def linked(self, value: Any) -> Node | None:
        """Return the node that an input links to, or None where it is a value."""
        if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str | int):
            return self.nodes.get(str(value[0]))
        return None

    def upstream(self, start: Node, first: tuple[str, ...] = ()) -> Iterator[Node]:
        """Yield the nodes that one depends on, nearest first, those behind some inputs before the others."""
        waiting, seen, steps = [start], {id(start)}, 0
        while waiting and steps < MOST_STEPS:
            node, steps = waiting.pop(0), steps + 1
            yield node
            names = sorted(node.inputs, key=lambda name: name not in first)
            for found in (self.linked(node.inputs[name]) for name in names):
                if found and id(found) not in seen:
                    seen.add(id(found))
                    waiting.append(found)

    def sampler(self) -> Node | None:
        """Return the last node that samples before an image is kept."""
        ends = [node for node in self.nodes.values() if node.type in ENDS] or list(self.nodes.values())
        for end in ends:
            for node in self.upstream(end):
                if _samples(node):
                    return node
        return next((node for node in self.nodes.values() if _samples(node)), None)

    def words(self, sampler: Node, side: str) -> str:
        """Return the text behind a sampler's input ``positive`` or ``negative``."""
        guider = self.linked(sampler.inputs.get("guider"))
        link = sampler.inputs.get(side)
        if guider:
            link = guider.inputs.get(side, guider.inputs.get("conditioning") if side == "positive" else None)
        for _ in range(MOST_STEPS):
            node = self.linked(link)
            if node is None:
                return ""
            if text := self.own_text(node):
                return text
            link = _further(node, link, side)
        return ""

    def own_text(self, node: Node) -> str:
        """Return the texts that stand in a node, or right behind it."""
        told: list[str] = []
        for name in TEXTS:
            value = node.inputs.get(name)
            behind = self.linked(value)
            if behind is not None and not _is_conditioning(node, name):
                value = next(
                    (behind.inputs[key] for key in TEXTS if isinstance(behind.inputs.get(key), str)), None
                )
            if isinstance(value, str) and value.strip() and value not in told:
                told.append(value)
        return "\n".join(told)

    def only_text(self) -> str:
        """Return the text of the only node that encodes one, or nothing."""
        texts = [self.own_text(node) for node in self.nodes.values() if "TextEncode" in node.type]
        return texts[0] if len(texts) == 1 else ""

    def value(self, sampler: Node, names: tuple[str, ...]) -> Any:
        """Return a value of a sampler, or of what is plugged into it."""
        for node in self.upstream(sampler, NEARBY):
            for name in names:
                value = node.inputs.get(name)
                behind = self.linked(value)
                if behind is not None:
                    value = next(
                        (one for one in behind.inputs.values() if isinstance(one, int | float | str)), None
                    )
                if isinstance(value, int | float | str) and not isinstance(value, bool):
                    return value
        return None

    def along(self, sampler: Node, names: tuple[str, ...]) -> Any:
        """Return a value of the nearest node that has one, the way of the model first."""
        for node in self.upstream(sampler, ("model",)):
            for name in names:
                if isinstance(node.inputs.get(name), str):
                    return node.inputs[name]
        return None

    def size(self, sampler: Node) -> tuple[Any, Any]:
        """Return width and height of the nearest node that has both, the way of the pixels first."""
        for node in self.upstream(sampler, ("latent_image", "latent", "samples")):
            width, height = node.inputs.get("width"), node.inputs.get("height")
            if isinstance(width, int) and isinstance(height, int):
                return width, height
        return None, None

    def loras(self, sampler: Node) -> list[str]:
        """Return the adapters on the way of the model, with their strength."""
        told = []
        for node in self.upstream(sampler, ("model",)):
            name = node.inputs.get("lora_name")
            if isinstance(name, str):
                told.append(f"{name}: {node.inputs.get('strength_model', 1)}")
        return told


def _samples(node: Node) -> bool:
    inputs = node.inputs
    seeded = "seed" in inputs or "noise_seed" in inputs or "noise" in inputs
    return seeded and ("guider" in inputs or ("positive" in inputs and "model" in inputs))


def _is_conditioning(node: Node, name: str) -> bool:
    return name == "conditioning" or ("model" in node.inputs and name == "prompt")


def _further(node: Node, link: Any, side: str) -> Any:
    """Return the link behind a node that passes a conditioning on; of one with two sides, the same side."""
    if "positive" in node.inputs and "negative" in node.inputs:
        return node.inputs[
            "negative" if link[1] == 1 or (link[1] != 0 and side == "negative") else "positive"
        ]
    for name in ("conditioning", "conditioning_1", "conditioning_to", side):
        if isinstance(node.inputs.get(name), list):
            return node.inputs[name]
    return None


def run_graph(told: Any) -> Graph | None:
    """Return the graph that was run, or None where JSON is none."""
    if not isinstance(told, dict) or len(told) > MOST_NODES:
        return None
    nodes = {
        str(name): Node(str(node["class_type"]), node["inputs"])
        for name, node in told.items()
        if isinstance(node, dict) and "class_type" in node and isinstance(node.get("inputs"), dict)
    }
    return Graph(nodes) if nodes else None


def drawn_graph(told: Any) -> Graph | None:
    """Return the graph as it is drawn, its values named as far as they are known; None where JSON is none."""
    if not isinstance(told, dict) or not isinstance(told.get("nodes"), list):
        return None
    links = {
        one[0]: one
        for one in told.get("links") or []
        if isinstance(one, list) and len(one) >= 5 and isinstance(one[0], int)
    }
    nodes = {}
    for node in told["nodes"][:MOST_NODES]:
        if isinstance(node, dict) and "id" in node and isinstance(node.get("type"), str):
            nodes[str(node["id"])] = Node(node["type"], _drawn_inputs(node, links))
    return Graph(nodes) if nodes else None


def _drawn_inputs(node: dict[str, Any], links: dict[int, list[Any]]) -> Inputs:
    values = node.get("widgets_values")
    inputs: Inputs = dict(values) if isinstance(values, dict) else {}
    if isinstance(values, list):
        inputs |= {
            name: value for name, value in zip(WIDGETS.get(node["type"], ()), values, strict=False) if name
        }
    for one in node.get("inputs") or []:
        link = one.get("link") if isinstance(one, dict) else None
        if isinstance(link, int) and link in links and isinstance(one.get("name"), str):
            inputs[one["name"]] = [str(links[link][1]), links[link][2]]
    return inputs
