"""Charts as SVG: pure functions from numbers to markup. Colours come from the page's classes, words from its text: nothing in here is text
of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT, GAP = 300, 60, 2.5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; ``kind`` is its class: ``weekday``, ``weekend``, ``today`` (not over yet) or ``before`` (nothing is known)."""

    value: float
    kind: str = "weekday"


def bars(values: Sequence[Bar], label: str, usual: float | None = None) -> Markup:
    """Bars side by side, with a dashed line where the usual lies. A zero is a dot on the line, not nothing: silence must show."""
    most = max([1.0, usual or 0, *(bar.value for bar in values)])
    step = WIDTH / max(1, len(values))
    drawn = Markup("").join(_bar(at * step, step - GAP, bar, most) for at, bar in enumerate(values))
    line = Markup("")
    if usual:
        level = _number(HEIGHT - usual / most * HEIGHT)
        line = Markup('<line class="usual" x1="0" x2="{}" y1="{}" y2="{}"/>').format(WIDTH, level, level)
    return _svg("bars", WIDTH, HEIGHT + 1, label, drawn + line)


def share(value: float, kind: str, label: str) -> Markup:
    """A bar from the left, as long as ``value`` of 1."""
    wide = _number(100 * max(0.0, min(1.0, value)))
    rects = Markup('<rect class="track" width="100" height="6" rx="3"/><rect class="{}" width="{}" height="6" rx="3"/>').format(kind, wide)
    return _svg("share", 100, 6, label, rects)


def _bar(x: float, width: float, bar: Bar, most: float) -> Markup:
    if bar.kind == "before" and not bar.value:
        return Markup("")
    height = max(bar.value / most * HEIGHT, 1.5)
    kind = bar.kind if bar.value else "none"
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="1"/>').format(
        kind, _number(x), _number(HEIGHT - height), _number(width), _number(height)
    )


def _svg(kind: str, width: float, height: float, label: str, inner: Markup) -> Markup:
    return Markup('<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>').format(
        kind, _number(width), _number(height), label, inner
    )


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
