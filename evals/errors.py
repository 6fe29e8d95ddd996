"""What can be wrong with the material of an evaluation, grouped by what its reader mends.

PinciteError
├── QuestionsError   a canned question: its file and id are named
├── BaselineError    the committed floors: pin them, or say why one may fall
├── RunFileError     a saved run: make one with `python -m evals`
├── BenchmarkError   a benchmark's folder: file and line are named
├── ClaimsError      a claim and its quote: the file and the quote are named
└── ChatEvalsError   no chat model to ask: set one, or install the small one
"""

from pincite.errors import PinciteError


class QuestionsError(PinciteError):
    """A canned question does not fit its schema or the published articles."""


class BaselineError(PinciteError):
    """There are no floors to compare with, or one would fall without a reason."""


class RunFileError(PinciteError):
    """A saved run is missing, or a file is none."""


class BenchmarkError(PinciteError):
    """A benchmark's folder cannot be used."""


class ClaimsError(PinciteError):
    """A pair of claim and quote does not fit its schema or the published articles."""


class ChatEvalsError(PinciteError):
    """There is no chat model to measure."""
