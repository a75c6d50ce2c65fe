"""ComfyUI: the graph that was run under ``prompt``, and the graph as it is drawn under ``workflow``.

PNG holds them as texts, animated PNG in chunks ``comf``, WebP and others in EXIF with ``prompt:`` and
``workflow:`` before the JSON, in tags counted down from ``Model``, or in ``Make`` and ``ImageDescription``.

Source: ComfyUI, ``nodes.py`` (``SaveImage``) and ``comfy_extras/nodes_images.py`` (``SaveAnimatedWEBP``,
``SaveAnimatedPNG``); its extensions for WebP and AVIF.
"""

import re
from collections.abc import Sequence

from calligram.provenance.layouts._graph import Graph, drawn_graph, run_graph
from calligram.provenance.layouts.base import Telling, Text, known, parsed, size_of

NAME = "ComfyUI"
_SPELLED = re.compile(r"(prompt|workflow):\s*(?=[\[{])", re.IGNORECASE)


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what the graph tells that was run, else the drawn one; None where there is neither."""
    spelled = {}
    for text in texts:
        mark = _SPELLED.match(text.words)
        if text.key in ("prompt", "workflow"):
            spelled[text.key] = (text.words, text.where)
        elif mark:
            spelled[mark[1].lower()] = (text.words[mark.end() :], text.where)
    for key, reading in (("prompt", run_graph), ("workflow", drawn_graph)):
        words, where = spelled.get(key, ("", ""))
        graph = reading(parsed(words)) if words else None
        if graph is not None:
            return _telling(graph, where, "workflow" in spelled)
    return None


def _telling(graph: Graph, where: str, has_workflow: bool) -> Telling:
    sampler = graph.sampler()
    others = known(nodes=len(graph.nodes), workflow="kept" if has_workflow else "not kept")
    if sampler is None:
        remark = "none of its nodes is a sampler that is known, so that its prompt cannot be made out"
        return Telling(NAME, where, known(software="ComfyUI", prompt=graph.only_text()), others, (remark,))
    fields = known(
        prompt=graph.words(sampler, "positive"),
        avoid=graph.words(sampler, "negative"),
        software="ComfyUI",
        model=graph.along(sampler, ("ckpt_name", "unet_name", "model_name")),
        seed=graph.value(sampler, ("seed", "noise_seed")),
        steps=graph.value(sampler, ("steps",)),
        sampler=graph.value(sampler, ("sampler_name",)),
        scheduler=graph.value(sampler, ("scheduler",)),
        guidance=graph.value(sampler, ("cfg", "guidance")),
        size=size_of(*graph.size(sampler)),
        loras=graph.loras(sampler),
    )
    remarks = () if "prompt" in fields else ("its prompt is put together by nodes that are not known",)
    return Telling(NAME, where, fields, others, remarks)
