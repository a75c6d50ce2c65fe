"""Every error a caller of Calligram can meet.

::

    CalligramError                 the base: catch this one to catch all
    ├── InputError                 the given input cannot be used (exit code 2)
    │   ├── ImageError             a file or array is no usable image
    │   ├── PictureError           a text is no usable text picture; knows row and column
    │   ├── LayoutError            an unknown or impossible layout, ramp or markup
    │   ├── LimitError             the input is over a named limit
    │   ├── SourceError            labelled images cannot be found or read
    │   ├── FormatError            a training file breaks its format; knows line and field
    │   ├── RequestError           a question or a request that the model does not know
    │   ├── KeysError              signing keys or certificates are missing, damaged or unfit
    │   ├── TemplateError          a template of ideas cannot be filled in; knows its column
    │   └── OptionError            an option's value is out of its range
    ├── OutputError                a result cannot be written; nothing was left half written
    ├── NameInFamilyError          a family has no such member, or two of one name
    ├── MissingExtraError          an optional dependency is not installed
    ├── ModelError                 weights or vocabulary are missing or do not fit
    │   ├── EndpointError          an endpoint failed, or cannot be reached; knows its status
    │   ├── ContentRefusedError    a model's content rules refuse what was asked
    │   └── BudgetError            the tokens that a model may use are used up
    ├── TrainingError              training cannot start, or had to stop
    └── FetchError                 a download failed or came with a wrong checksum

A message says what failed, what was given, what was expected, and the next step, in one sentence.
"""


class CalligramError(Exception):
    """Base of every error that Calligram raises on purpose."""


class InputError(CalligramError):
    """The given input cannot be used."""


class ImageError(InputError):
    """A file, stream or array is no usable image."""


class PictureError(InputError):
    """A text is no usable text picture.

    Args:
        message: the whole sentence.
        row: the row at fault, counted from 1, or None where no single row is.
        column: the column at fault, counted from 1, or None.
    """

    def __init__(self, message: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


class LayoutError(InputError):
    """A layout, ramp or markup is unknown or impossible."""


class LimitError(InputError):
    """The input is over a named limit that the caller can change."""


class SourceError(InputError):
    """Labelled images cannot be found or read."""


class FormatError(InputError):
    """A training file breaks its format.

    Args:
        message: the whole sentence.
        line: the line at fault, counted from 1, or None.
        field: the field at fault, or None.
    """

    def __init__(self, message: str, line: int | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.line = line
        self.field = field


class RequestError(InputError):
    """A question or a drawing request is outside what the model was taught."""


class TemplateError(InputError):
    """A template of ideas cannot be read or filled in.

    Args:
        message: the whole sentence.
        template: the template at fault.
        column: the character at fault, counted from 1 over the whole template, or None.
    """

    def __init__(self, message: str, template: str = "", column: int | None = None) -> None:
        super().__init__(message)
        self.template, self.column = template, column


class KeysError(InputError):
    """Signing keys or certificates are missing, damaged, or may not sign."""


class OptionError(InputError):
    """An option's value is out of its range."""


class OutputError(CalligramError):
    """A result cannot be written; nothing was left half written."""


class NameInFamilyError(CalligramError):
    """A family has no member of that name, or has two."""


class MissingExtraError(CalligramError):
    """An optional dependency is not installed.

    Args:
        package: the import name that is missing.
        extra: the extra of Calligram that brings it.
        purpose: what it was wanted for.
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the package {package!r}, which is not installed: "
            f"run pip install 'calligram[{extra}]'"
        )
        self.package = package
        self.extra = extra


class ModelError(CalligramError):
    """Weights or a vocabulary are missing, damaged, or do not fit together."""


class EndpointError(ModelError):
    """The endpoint behind which a model stands failed, or cannot be reached.

    Args:
        message: the whole sentence.
        status: the HTTP status that it answered with, or None where it gave none.
        worked: whether the endpoint may have read or written tokens for it.
    """

    def __init__(self, message: str, status: int | None = None, worked: bool = False) -> None:
        super().__init__(message)
        self.status, self.worked = status, worked


class ContentRefusedError(ModelError):
    """The content rules of a model, or of the endpoint behind which it stands, refuse what was asked."""


class BudgetError(ModelError):
    """The tokens that a model may use are used up."""


class TrainingError(CalligramError):
    """Training or building cannot start, or had to stop; a training's checkpoints are kept."""


class FetchError(CalligramError):
    """A download failed, or what came has a wrong checksum."""
