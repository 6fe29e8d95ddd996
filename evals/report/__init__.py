"""The report: a saved run as one HTML file that needs nothing else, to be looked at and sent on."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evals.record import Record
from evals.report.appendix import articles_of
from evals.report.groups import by_class, by_style, by_topic
from evals.report.headline import headline, table, tiles
from evals.report.plots import latencies, ranks, risk_curve
from evals.report.rows import rows
from evals.tables import interval, number

__all__ = ["as_html"]

FOLDER: Final = Path(__file__).parent


def as_html(run: Record) -> str:
    """Return the page, with its style and its few lines of script inside it.

    The same run gives the same characters. Whatever comes from questions and articles is escaped.
    """
    judged = rows(run)
    page: str = (
        _templates()
        .get_template("page.html")
        .render(
            style=Markup((FOLDER / "report.css").read_text(encoding="utf-8")),
            run=run,
            headline=headline(run),
            tiles=tiles(run),
            table=table(run),
            curve=risk_curve(run),
            groups=(by_topic(run), by_class(run), by_style(run)),
            histograms=(ranks(run), latencies(run)),
            failing=[row for row in judged if not row.passed],
            passing=[row for row in judged if row.passed],
            articles=articles_of(run),
        )
    )
    return page


def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    templates.filters["number"] = number
    templates.filters["interval"] = interval
    return templates
