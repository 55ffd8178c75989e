"""Reports of what happened to jobs, in a sentence."""

from shopwatch.domain.report import Report
from shopwatch.domain.words import Phrase


def said(sentence: str, code: str = "", words: str = "") -> Report:
    return Report(code, (Phrase(sentence),), words)
