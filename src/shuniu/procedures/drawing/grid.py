"""Where the nodes of a drawing stand and how its arrows run: columns by depth, lanes as rows, nothing over another.

The same nodes and flows always give the same drawing. Nodes stand in the cells of a grid and arrows run between its
columns, through cells of their own where they pass a column, so no box is crossed. Lengths are pixels, y downward.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One box to be placed; `lane` is the row that it stands in."""

    id: str
    lane: str
    width: int
    height: int


@dataclass(frozen=True)
class Flow:
    """One arrow; `back` for a return, which counts for no node's depth and runs below everything."""

    id: str
    source: str
    target: str
    back: bool = False


@dataclass(frozen=True)
class Box:
    """A placed node: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> Point:
        return self.x + self.width // 2, self.y + self.height // 2


@dataclass(frozen=True)
class Band:
    """A placed lane, from the left edge to the right."""

    lane: str
    y: int
    height: int


@dataclass(frozen=True)
class Layout:
    """A drawing's geometry: every node's box, every flow's corners, every lane's band; the size of the whole."""

    width: int
    height: int
    boxes: Mapping[str, Box]
    paths: Mapping[str, tuple[Point, ...]]
    bands: tuple[Band, ...]


GAP = 40
"""Free space below a row: returns run there."""
_TRACK = 12
_GUTTER = 30
_BEND = 8
"""How far beside the middle an arrow comes in that changed its row: it never runs on one that leaves there."""


def place(nodes: Sequence[Node], flows: Sequence[Flow], *, left: int = 0, top: int = 0) -> Layout:
    """Place these nodes: `left` of everything, and at the `top` of each lane, that much is kept free for words.

    Raises ValueError when the flows that are no returns form a circle.
    """
    return _Placing(nodes, flows, left, top).layout()


def depths(nodes: Sequence[Node], flows: Sequence[Flow]) -> dict[str, int]:
    """The column of each node: one more than that of the furthest node before it. Raises ValueError for a circle."""
    found = {node.id: 0 for node in nodes}
    forward = [flow for flow in flows if not flow.back]
    for _round in range(len(nodes) + 1):
        moved = False
        for flow in forward:
            if found[flow.target] <= found[flow.source]:
                found[flow.target] = found[flow.source] + 1
                moved = True
        if not moved:
            return found
    raise ValueError("the flows form a circle")


@dataclass(frozen=True)
class _Cell:
    """A node in its column, or the place where a flow passes one (then `flow` says which)."""

    column: int
    lane: str
    node: str = ""
    flow: str = ""


class _Placing:
    """One placing: cells, then rows within lanes, then pixels, then the arrows' corners."""

    def __init__(self, nodes: Sequence[Node], flows: Sequence[Flow], left: int, top: int) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.flows = flows
        self.left, self.top = left, top
        self.column = depths(nodes, flows)
        self.columns = max(self.column.values()) + 1
        self.pitch = max(node.height for node in nodes) + GAP
        self.lanes = list(dict.fromkeys(node.lane for node in nodes))
        self.hops = {flow.id: self._cells(flow) for flow in flows if not flow.back}
        self.rows = self._rows()
        self.returned = list(dict.fromkeys(flow.target for flow in flows if flow.back))

    def _cell(self, node: str) -> _Cell:
        return _Cell(self.column[node], self.nodes[node].lane, node=node)

    def _cells(self, flow: Flow) -> list[_Cell]:
        """The cells that a flow goes through, its ends included."""
        start, end = self._cell(flow.source), self._cell(flow.target)
        between = range(start.column + 1, end.column)
        return [start, *(_Cell(column, end.lane, flow=flow.id) for column in between), end]

    def _rows(self) -> dict[_Cell, int]:
        """The row of each cell within its lane: that of a cell before it where it can be, so that arrows run straight."""
        before: dict[_Cell, list[_Cell]] = {}
        for cells in self.hops.values():
            for one, following in pairwise(cells):
                before.setdefault(following, []).append(one)
        passing = [cell for cells in self.hops.values() for cell in cells[1:-1]]
        rows: dict[_Cell, int] = {}
        taken: set[tuple[int, str, int]] = set()
        for cell in sorted([*map(self._cell, self.nodes), *passing], key=lambda cell: cell.column):
            wanted = [rows[one] for one in before.get(cell, ()) if one.lane == cell.lane]
            row = next(row for row in [*wanted, *range(len(taken) + 1)] if (cell.column, cell.lane, row) not in taken)
            rows[cell] = row
            taken.add((cell.column, cell.lane, row))
        return rows

    def layout(self) -> Layout:
        bands = self._bands()
        tops = {band.lane: band.y + self.top for band in bands}
        self.y = {cell: tops[cell.lane] + row * self.pitch + (self.pitch - GAP) // 2 for cell, row in self.rows.items()}
        self.floor = bands[-1].y + bands[-1].height
        gutters = [self._tracks(column) for column in range(self.columns + 1)]
        wide = [max(n.width for n in self.nodes.values() if self.column[n.id] == c) for c in range(self.columns)]
        self.edge: list[int] = []  # where each column's gutter begins
        self.start: list[int] = []  # where each column begins
        x = self.left
        for column in range(self.columns + 1):
            self.edge.append(x)
            x += _GUTTER + _TRACK * len(gutters[column])
            self.start.append(x)
            x += wide[column] if column < self.columns else 0
        self.track = [{key: self.edge[c] + _TRACK * (n + 1) for n, key in enumerate(g)} for c, g in enumerate(gutters)]
        boxes = {node.id: self._box(node, wide) for node in self.nodes.values()}
        paths = {flow.id: self._back(flow, boxes) if flow.back else self._forward(flow, boxes) for flow in self.flows}
        height = self.floor + (_TRACK * (len(self.returned) + 1) if self.returned else 0)
        return Layout(x, height, boxes, paths, bands)

    def _bands(self) -> tuple[Band, ...]:
        bands: list[Band] = []
        y = 0
        for lane in self.lanes:
            rows = 1 + max(row for cell, row in self.rows.items() if cell.lane == lane)
            height = self.top + rows * self.pitch
            bands.append(Band(lane, y, height))
            y += height
        return tuple(bands)

    def _box(self, node: Node, wide: list[int]) -> Box:
        column, middle = self.column[node.id], self.y[self._cell(node.id)]
        return Box(
            self.start[column] + (wide[column] - node.width) // 2, middle - node.height // 2, node.width, node.height
        )

    def _tracks(self, gutter: int) -> list[tuple[str, str]]:
        """The upright runs between two columns, each with a place of its own; those of one source share it."""
        found: list[tuple[str, str]] = [("up", node) for node in self.returned if self.column[node] == gutter]
        found += [("down", f.source) for f in self.flows if f.back and self.column[f.source] + 1 == gutter]
        for cells in self.hops.values():
            for one, following in pairwise(cells):
                if following.column == gutter and self.y[one] != self.y[following]:
                    found.append(("over", one.node or one.flow))
        return list(dict.fromkeys(found))

    def _forward(self, flow: Flow, boxes: Mapping[str, Box]) -> tuple[Point, ...]:
        cells = self.hops[flow.id]
        source, target = boxes[flow.source], boxes[flow.target]
        y = source.middle[1]
        points = [(source.x + source.width, y)]
        for one, following in pairwise(cells):
            middle = self.y[following]
            if self.y[one] != middle:
                x = self.track[following.column]["over", one.node or one.flow]
                into = middle + (-_BEND if self.y[one] < middle else _BEND)
                points += [(x, y), (x, into)]
                y = into
        return *points, (_left_of(target, y), y)

    def _back(self, flow: Flow, boxes: Mapping[str, Box]) -> tuple[Point, ...]:
        source, target = boxes[flow.source], boxes[flow.target]
        down = self.track[self.column[flow.source] + 1]["down", flow.source]
        up = self.track[self.column[flow.target]]["up", flow.target]
        run = self.floor + _TRACK * (self.returned.index(flow.target) + 1)
        below, under = (self.y[self._cell(node)] + self.pitch // 2 for node in (flow.source, flow.target))
        out, into = source.middle[0], target.middle[0] - min(_BEND * 2, target.width // 4)
        return (
            (out, source.y + source.height), (out, below), (down, below), (down, run),
            (up, run), (up, under - _TRACK), (into, under - _TRACK), (into, target.y + target.height),
        )  # fmt: skip


def _left_of(box: Box, y: int) -> int:
    """Where an arrow meets a box that it reaches at this height: a small round or pointed one is met further in."""
    if box.width > 60:
        return box.x
    return box.x + abs(y - box.middle[1])
