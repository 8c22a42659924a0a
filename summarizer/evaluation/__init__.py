"""How good briefs are, measured on articles that somebody has labelled.

    labels ── read_gold ─────────────┐
    briefs (make_briefs, kept_briefs)┴─ score ─ evaluate ─ Evaluation ─┐
    the same of an earlier run ─────────────────────────── compare ────┴─ Report ─ render_report

It works over finished briefs: to score is plain code, and needs a model only where a brief has still to be made.
"""

from .comparing import Change, Report, Said, compare
from .figures import Average, Evaluation, Figure, evaluate
from .gold import Gold, read_gold
from .report import document_of_report, render_report
from .running import MadeWith, Outcome, kept_briefs, make_briefs
from .scoring import Missed, Scored, score

__all__ = [
    "Average",
    "Change",
    "Evaluation",
    "Figure",
    "Gold",
    "MadeWith",
    "Missed",
    "Outcome",
    "Report",
    "Said",
    "Scored",
    "compare",
    "document_of_report",
    "evaluate",
    "kept_briefs",
    "make_briefs",
    "read_gold",
    "render_report",
    "score",
]
