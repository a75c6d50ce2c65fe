"""Images of every format, labels with every field, and what other tools write, by their layouts."""

import io
import json
from typing import Any

from PIL import Image, PngImagePlugin

from calligram.provenance import Label
from calligram.provenance.encoding import encoded

SVG = b"""<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="48" height="40">
<rect width="48" height="40" fill="#abc"/></svg>
"""
HTML = b"<!doctype html>\n<html><head><title>A page</title></head><body><pre>##</pre></body></html>\n"
PIXELS = (".png", ".jpg", ".webp", ".avif", ".tif", ".gif")
EVERY = (*PIXELS, ".svg", ".pdf", ".html")

FULL = Label(
    "drawn",
    prompt='a "red" cat, <sitting> & looking: ☃\nin two lines',
    avoid="dogs, rain",
    prompt_writer="Ada Lovelace",
    painter="adversarial",
    model="calligram adversarial",
    model_version="0123abcd",
    seed=7,
    settings={"steps": 3, "style": 'flat, "bold"', "guidance": 2.5, "tiled": True, "mask": None},
    title="Die Katze — 猫",
    description="A cat.",
    creator="Grace Hopper",
    rights="© Grace Hopper",
    subjects=("cat", "red, deep", "猫"),
    mining="DMI-PROHIBITED-AIMLTRAINING",
    made_at="2026-11-27T10:00:00+01:00",
    sources=("sketch.png", "brief.txt"),
)
MARKER = "zyxwvmarker"
"""A word that stands in no image of itself."""


def image() -> Image.Image:
    """Return a small image with edges and shades."""
    made = Image.radial_gradient("L").resize((48, 40)).convert("RGB")
    made.paste((200, 30, 60), (5, 5, 20, 20))
    return made


def bytes_of(ending: str) -> bytes:
    """Return a file without a label."""
    return {".svg": SVG, ".html": HTML}.get(ending) or encoded(image(), ending)


def saved(format_name: str, made: Image.Image | None = None, **options: Any) -> bytes:
    """Return an image as Pillow saves it."""
    stream = io.BytesIO()
    (made or image()).save(stream, format_name, **options)
    return stream.getvalue()


def png_with(**texts: str) -> bytes:
    """Return a PNG with texts under keys, as Pillow writes them; an underscore at the end is a hyphen."""
    info = PngImagePlugin.PngInfo()
    for key, words in texts.items():
        info.add_text(key.replace("__", "-"), words)
    return saved("PNG", pnginfo=info)


def exif_with(tags: dict[int, Any], inner: dict[int, Any] | None = None) -> bytes:
    """Return an EXIF block as Pillow writes it."""
    block = Image.Exif()
    for tag, value in tags.items():
        block[tag] = value
    if inner:
        block.get_ifd(34665).update(inner)
    return block.tobytes()


PARAMETERS = (
    "a lighthouse, (stormy sea:1.2), <lora:ink:0.8>\nat night\n"
    "Negative prompt: blurry, text\n"
    "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 965400086, Size: 512x768, "
    'Model hash: 45dee52b, Model: dreamshaper_8, Lora hashes: "ink: 1a2b, paper: 3c4d", '
    'Hires prompt: "sea, \\"big\\" waves: yes", Version: v1.10.1'
)

INVOKE = {
    "app_version": "3.3.0",
    "generation_mode": "txt2img",
    "positive_prompt": "a lighthouse",
    "negative_prompt": "blurry",
    "width": 512,
    "height": 768,
    "seed": 12,
    "cfg_scale": 7.5,
    "steps": 30,
    "scheduler": "euler",
    "model": {"model_name": "dreamshaper", "base_model": "sd-1", "hash": "beef"},
    "loras": [{"lora": {"model_name": "ink"}, "weight": 0.5}],
}
SD_METADATA = {
    "model": "stable diffusion",
    "model_weights": "stable-diffusion-1.5",
    "model_hash": "cafe",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "2.2.4",
    "image": {
        "prompt": [{"prompt": "a lighthouse [blurry]", "weight": 1.0}],
        "steps": 50,
        "cfg_scale": 7.5,
        "height": 512,
        "width": 640,
        "seed": 33,
        "type": "txt2img",
        "sampler": "k_lms",
    },
}
DREAM = '"a lighthouse [blurry]" -s 50 -S 33 -W 640 -H 512 -C 7.5 -A k_lms'

FOOOCUS = {
    "prompt": "a lighthouse",
    "negative_prompt": "blurry",
    "full_prompt": ["a lighthouse", "cinematic"],
    "full_negative_prompt": ["blurry"],
    "styles": "['Fooocus V2']",
    "performance": "Speed",
    "steps": 30,
    "resolution": "(1152, 896)",
    "guidance_scale": 4.0,
    "sharpness": 2.0,
    "base_model": "juggernautXL",
    "base_model_hash": "d91d35736d",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "5124052475",
    "loras": [["offset", 0.1, "4852686128"]],
    "version": "Fooocus v2.5.5",
}

COMFY: dict[str, Any] = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 156680208700286,
            "steps": 20,
            "cfg": 8.0,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
            "model": ["10", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "v1-5.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 640, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["10", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["10", 1]}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "x", "images": ["8", 0]}},
    "10": {
        "class_type": "LoraLoader",
        "inputs": {
            "lora_name": "ink.safetensors",
            "strength_model": 0.7,
            "model": ["4", 0],
            "clip": ["4", 1],
        },
    },
}
FLUX: dict[str, Any] = {
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["50", 0], "clip": ["11", 0]}},
    "50": {"class_type": "PrimitiveString", "inputs": {"value": "a lighthouse"}},
    "26": {"class_type": "FluxGuidance", "inputs": {"guidance": 3.5, "conditioning": ["6", 0]}},
    "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0], "conditioning": ["26", 0]}},
    "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors"}},
    "25": {"class_type": "RandomNoise", "inputs": {"noise_seed": 99}},
    "16": {"class_type": "KSamplerSelect", "inputs": {"sampler_name": "euler"}},
    "17": {
        "class_type": "BasicScheduler",
        "inputs": {"scheduler": "simple", "steps": 20, "model": ["12", 0]},
    },
    "27": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 1024, "height": 768}},
    "13": {
        "class_type": "SamplerCustomAdvanced",
        "inputs": {
            "noise": ["25", 0],
            "guider": ["22", 0],
            "sampler": ["16", 0],
            "sigmas": ["17", 0],
            "latent_image": ["27", 0],
        },
    },
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["13", 0]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["8", 0]}},
}
WORKFLOW: dict[str, Any] = {
    "nodes": [
        {
            "id": 3,
            "type": "KSampler",
            "inputs": [
                {"name": "model", "type": "MODEL", "link": 1},
                {"name": "positive", "type": "CONDITIONING", "link": 4},
                {"name": "negative", "type": "CONDITIONING", "link": 6},
                {"name": "latent_image", "type": "LATENT", "link": 2},
            ],
            "widgets_values": [42, "randomize", 25, 6.5, "euler", "normal", 1],
        },
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5.safetensors"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 640, 1]},
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a lighthouse"]},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["blurry"]},
    ],
    "links": [
        [1, 4, 0, 3, 0, "MODEL"],
        [2, 5, 0, 3, 3, "LATENT"],
        [4, 6, 0, 3, 1, "CONDITIONING"],
        [6, 7, 0, 3, 2, "CONDITIONING"],
    ],
}


def deep_json(depth: int = 100_000) -> str:
    """Return JSON that is nested so deep that naive readers fall over."""
    return "[" * depth + "]" * depth


def as_json(value: object) -> str:
    """Return a value as JSON."""
    return json.dumps(value)
