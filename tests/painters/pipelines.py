"""Tiny pipelines of diffusers, of the real classes with random weights, made on the spot in folders."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers

from calligram.painters._diffusers_loading import libraries, quiet

libraries()  # which keeps diffusers from printing
with quiet():
    import diffusers
    import transformers

LETTERS = sorted(pre_tokenizers.ByteLevel.alphabet())
WORDS = 77
"""Tokens that a text encoder of CLIP reads."""


def make_stable_diffusion(folder: Path, checker: bool = False) -> Path:
    """Return the folder of a Stable Diffusion, with its safety checker or without."""
    torch.manual_seed(0)
    more: dict[str, Any] = {"safety_checker": None, "feature_extractor": None}
    if checker:
        more = {"safety_checker": _checker(), "feature_extractor": _sight()}
    pipeline = diffusers.StableDiffusionPipeline(
        **_parts(), scheduler=_scheduler(), requires_safety_checker=checker, **more
    )
    pipeline.save_pretrained(folder)
    return folder


def make_image_to_image(folder: Path) -> Path:
    """Return the folder of a Stable Diffusion that was saved as one that changes images."""
    torch.manual_seed(0)
    more: dict[str, Any] = {"safety_checker": None, "feature_extractor": None}
    pipeline = diffusers.StableDiffusionImg2ImgPipeline(
        **_parts(), scheduler=_scheduler(), requires_safety_checker=False, **more
    )
    pipeline.save_pretrained(folder)
    return folder


def make_latent_consistency(folder: Path) -> Path:
    """Return the folder of a latent consistency model, whose call takes no words to avoid."""
    torch.manual_seed(0)
    parts = _parts(time_cond_proj_dim=16)
    pipeline = diffusers.LatentConsistencyModelPipeline(
        **parts,
        scheduler=diffusers.LCMScheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder)
    return folder


def make_flux(folder: Path) -> Path:
    """Return the folder of a Flux: a transformer of flows, two text encoders, and latents in patches."""
    torch.manual_seed(0)
    tokenizer = _t5_tokenizer()
    transformer = diffusers.FluxTransformer2DModel(
        patch_size=1,
        in_channels=4,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=32,
        pooled_projection_dim=16,
        axes_dims_rope=[4, 4, 8],
    )
    t5 = transformers.T5EncoderModel(
        transformers.T5Config(
            vocab_size=len(tokenizer), d_model=32, d_kv=8, d_ff=16, num_layers=1, num_heads=2
        )
    )
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8,),
        norm_num_groups=4,
        latent_channels=1,
        sample_size=32,
        shift_factor=0.1,
        use_quant_conv=False,
        use_post_quant_conv=False,
    )
    pipeline = diffusers.FluxPipeline(
        scheduler=diffusers.FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=_clip(),
        tokenizer=_clip_tokenizer(),
        text_encoder_2=t5,
        tokenizer_2=tokenizer,
        transformer=transformer,
    )
    pipeline.save_pretrained(folder)
    return folder


def make_latent_diffusion_without_words(folder: Path) -> Path:
    """Return the folder of a pipeline that paints noise into images, and takes no words."""
    torch.manual_seed(0)
    unet = diffusers.UNet2DModel(
        sample_size=8,
        block_out_channels=(8, 8),
        norm_num_groups=4,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "UpBlock2D"),
    )
    diffusers.DDPMPipeline(unet, diffusers.DDPMScheduler()).save_pretrained(folder)
    return folder


def make_adapter(base: Path, folder: Path) -> Path:
    """Return the folder of a LoRA adapter for a Stable Diffusion, with weights that are not nothing."""
    from peft import LoraConfig
    from peft.utils import get_peft_model_state_dict

    pipeline = diffusers.StableDiffusionPipeline.from_pretrained(base, local_files_only=True)
    pipeline.unet.add_adapter(LoraConfig(r=2, lora_alpha=64, target_modules=["to_q", "to_v"]))
    torch.manual_seed(1)
    weights = {
        name: torch.randn_like(value) for name, value in get_peft_model_state_dict(pipeline.unet).items()
    }
    pipeline.save_lora_weights(folder, unet_lora_layers=weights)
    return folder


def _parts(**more: Any) -> dict[str, Any]:
    unet = diffusers.UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        sample_size=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=16,
        attention_head_dim=4,
        norm_num_groups=4,
        **more,
    )
    vae = diffusers.AutoencoderKL(
        block_out_channels=(8,) * 4,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=4,
        sample_size=64,
    )
    return {"unet": unet, "vae": vae, "text_encoder": _clip(), "tokenizer": _clip_tokenizer()}


def _scheduler() -> Any:
    return diffusers.DDIMScheduler(steps_offset=1, clip_sample=False, beta_schedule="scaled_linear")


def _clip() -> Any:
    size = 2 * len(LETTERS) + 2
    return transformers.CLIPTextModel(
        transformers.CLIPTextConfig(
            vocab_size=size,
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=WORDS,
            bos_token_id=size - 2,
            eos_token_id=size - 1,
            pad_token_id=size - 1,
        )
    )


def _clip_tokenizer() -> Any:
    parts = [*LETTERS, *(letter + "</w>" for letter in LETTERS), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {part: number for number, part in enumerate(parts)}
    return transformers.CLIPTokenizer(vocab=vocabulary, merges=[], model_max_length=WORDS)


def _t5_tokenizer() -> Any:
    parts = ["<pad>", "</s>", "<unk>", *LETTERS]
    made = Tokenizer(models.BPE({part: number for number, part in enumerate(parts)}, []))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token="</s>", pad_token="<pad>", unk_token="<unk>", model_max_length=512
    )


def _checker() -> Any:
    """Return a checker that holds everything unsafe: each of its concepts is near to every image."""
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker

    sight = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = transformers.CLIPConfig(
        vision_config={**sight, "image_size": 32, "patch_size": 16}, projection_dim=16
    )
    checker = StableDiffusionSafetyChecker(config)
    torch.nn.init.constant_(checker.concept_embeds_weights, -2.0)
    return checker


def _sight() -> Any:
    crop = {"height": 32, "width": 32}
    return transformers.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=crop)
