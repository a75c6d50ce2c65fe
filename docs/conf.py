"""Sphinx settings; the reference is generated from the docstrings and from the commands' own help."""

import os
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import calligram  # noqa: E402
import calligram.server.app  # noqa: E402  # autodoc would load it as type checkers do, which pydantic cannot stand

project = "Calligram"
author = "The Calligram authors"
project_copyright = "The Calligram authors, Apache-2.0"
release = version = calligram.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Calligram"
html_static_path = ["_static"]
html_css_files = ["grids.css"]

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "undoc-members": False, "ignore-module-all": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
napoleon_custom_sections = ["Source"]


def write_reference(app: Sphinx) -> None:
    """Write the generated pages before the build reads them."""
    from reference_pages import write_pages

    os.environ["NO_COLOR"] = "1"
    write_pages(HERE / "reference" / "generated")


def setup(app: Sphinx) -> None:
    """Register what runs before the build."""
    app.connect("builder-inited", write_reference)
