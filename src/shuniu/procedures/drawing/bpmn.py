"""A procedure as BPMN 2.0 (ISO/IEC 19510:2013) with its diagram, for whoever wants to open it in another modeller.

It is a description, not a program: a return drops the answers of parallel branches too, which tokens cannot say; so the
process is marked as not executable, and each task says in words what its answers do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as Xml

from shuniu.procedures.declare import OPENER, Procedure, Stage
from shuniu.procedures.drawing.grid import Box, Flow, Layout, Node, Point, place
from shuniu.procedures.drawing.sketch import PARTS, followers, nearest, row

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
WAY = "http://www.omg.org/spec/DD/20100524/DI"
PREFIXES = {"bpmn": MODEL, "bpmndi": DI, "dc": DC, "di": WAY}
MIME = "application/xml"

_SIZES = {
    "startEvent": (36, 36), "endEvent": (36, 36), "userTask": (120, 80), "callActivity": (120, 80), "exclusiveGateway": (50, 50),
    "parallelGateway": (50, 50),
}  # fmt: skip
_HEADS = 60
"""The pool's and the lanes' own strips at the left, where modellers write their names upright."""


@dataclass
class _Graph:
    """What the process consists of, in the order in which it is written."""

    kinds: dict[str, str] = field(default_factory=dict)
    lanes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)  # what a flow is called

    def node(self, id: str, kind: str, lane: str, name: str = "") -> str:
        self.kinds[id], self.lanes[id], self.names[id] = kind, lane, name
        return id

    def flow(self, source: str, target: str, word: str = "", *, back: bool = False) -> None:
        id = f"Flow_{len(self.flows) + 1}"
        self.flows.append(Flow(id, source, target, back))
        self.words[id] = word


def bpmn(procedure: Procedure, lanes: Mapping[str, str] | None = None) -> bytes:
    """The procedure as a BPMN 2.0 document in UTF-8. `lanes` are the words for capabilities, where there are better ones."""
    graph = _graph(procedure)
    nodes = [Node(id, graph.lanes[id], *_SIZES[kind]) for id, kind in graph.kinds.items()]
    layout = place(nodes, graph.flows, left=_HEADS)
    for prefix, space in PREFIXES.items():
        Xml.register_namespace(prefix, space)
    root = Xml.Element(
        f"{{{MODEL}}}definitions", id="Definitions_1", targetNamespace=f"urn:shuniu:procedure:{procedure.key}"
    )
    together = _add(root, "collaboration", id="Collaboration_1")
    _add(together, "participant", id="Participant_1", name=procedure.title, processRef="Process_1")
    _process(root, procedure, graph, layout, lanes or {})
    _diagram(root, graph, layout)
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _graph(procedure: Procedure) -> _Graph:
    graph = _Graph()
    begin = _beginning(graph, procedure)
    numbers = {stage.key: number for number, stage in enumerate(procedure.stages, 1)}
    entrances = {stage.key: _stage(graph, procedure, stage, numbers[stage.key]) for stage in procedure.stages}
    for stage in procedure.stages:
        if not stage.needs:
            graph.flow(begin, entrances[stage.key])
    last = row(procedure.stages[-1])
    finish = graph.node("End", "endEvent", last, "同意办结")
    if sum(not followers(procedure, stage.key) for stage in procedure.stages) > 1:
        finish = graph.node("Join_0", "parallelGateway", last)
        graph.flow(finish, "End")
    for stage in procedure.stages:
        _leave(
            graph, procedure, stage, numbers, [entrances[key] for key in followers(procedure, stage.key)] or [finish]
        )
    return graph


def _beginning(graph: _Graph, procedure: Procedure) -> str:
    """The start, the task of handing in where a stage returns to who opened the case, and the first split."""
    first = row(procedure.stages[0])
    begin = graph.node("Start", "startEvent", first, "提出")
    if any(stage.returns_to == OPENER for stage in procedure.stages):
        begin = graph.node("Task_0", "userTask", OPENER, "提交")
        graph.flow("Start", begin)
    if sum(not stage.needs for stage in procedure.stages) > 1:
        graph.flow(begin, graph.node("Split_0", "parallelGateway", first))
        begin = "Split_0"
    return begin


def _stage(graph: _Graph, procedure: Procedure, stage: Stage, number: int) -> str:
    """The stage's task, the question after it and the gateways around them. Returns where it is entered."""
    lane = row(stage)
    enter = task = graph.node(f"Task_{number}", "callActivity" if stage.children else "userTask", lane, stage.title)
    answer = leave = graph.node(f"Answer_{number}", "exclusiveGateway", lane, "同意？")
    graph.flow(task, answer)
    if stage.optional:
        enter = graph.node(f"Asked_{number}", "exclusiveGateway", lane, "本件需要？")
        leave = graph.node(f"Went_{number}", "exclusiveGateway", lane)
        graph.flow(enter, task, "需要")
        graph.flow(answer, leave, "同意")
        graph.flow(enter, leave, "略过")
    if len(followers(procedure, stage.key)) > 1:
        graph.flow(leave, graph.node(f"Split_{number}", "parallelGateway", lane), "" if stage.optional else "同意")
    if len(nearest(procedure, stage.key)) > 1:
        graph.flow(graph.node(f"Join_{number}", "parallelGateway", lane), enter)
        return f"Join_{number}"
    return enter


def _leave(graph: _Graph, procedure: Procedure, stage: Stage, numbers: Mapping[str, int], after: Sequence[str]) -> None:
    """What follows the answer: yes goes on, no ends the case or sends it back (into the task, behind its join)."""
    number = numbers[stage.key]
    answer = f"Answer_{number}"
    leave = next(id for id in (f"Split_{number}", f"Went_{number}", answer) if id in graph.kinds)
    for target in after:
        graph.flow(leave, target, "同意" if leave == answer else "")
    if not stage.returns_to:
        graph.flow(answer, graph.node(f"Refused_{number}", "endEvent", row(stage), "不同意办结"), "不同意")
        return
    back = 0 if stage.returns_to == OPENER else numbers[stage.returns_to]
    graph.flow(answer, f"Task_{back}", "不同意，退回", back=True)


def _add(parent: Xml.Element, tag: str, space: str = MODEL, /, **attributes: str) -> Xml.Element:
    return Xml.SubElement(parent, f"{{{space}}}{tag}", attributes)


def _process(root: Xml.Element, procedure: Procedure, graph: _Graph, layout: Layout, titles: Mapping[str, str]) -> None:
    process = _add(root, "process", id="Process_1", name=procedure.title, isExecutable="false")
    _add(process, "documentation").text = f"程序 {procedure.key} 第 {procedure.version} 版"
    lanes = _add(process, "laneSet", id="LaneSet_1")
    words = {OPENER: "发起人", PARTS: "各分项", **titles}
    for number, band in enumerate(layout.bands, 1):
        lane = _add(lanes, "lane", id=f"Lane_{number}", name=words.get(band.lane, band.lane))
        for id, own in graph.lanes.items():
            if own == band.lane:
                _add(lane, "flowNodeRef").text = id
    stages = {f"Task_{number}": stage for number, stage in enumerate(procedure.stages, 1)}
    for id, kind in graph.kinds.items():
        named = {"name": graph.names[id]} if graph.names[id] else {}
        node = _add(process, kind, id=id, **named)
        if id in stages:
            _add(node, "documentation").text = said(procedure, stages[id])
        for flow in graph.flows:
            if flow.target == id:
                _add(node, "incoming").text = flow.id
        for flow in graph.flows:
            if flow.source == id:
                _add(node, "outgoing").text = flow.id
        if id in stages and stages[id].rule != "all":
            several = _add(node, "multiInstanceLoopCharacteristics", isSequential="false")
            _add(several, "completionCondition").text = f"同意数 ≥ {max(stages[id].quorum, 1)}"
    for flow in graph.flows:
        named = {"name": graph.words[flow.id]} if graph.words[flow.id] else {}
        _add(process, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target, **named)


_RULES = {"all": "会签：全部同意方为同意", "any": "或签：一方同意即为同意"}
_CHILDREN = {"all": "等待各分项，全部同意方为同意", "any": "等待各分项，一项同意即为同意", "each": "等待各分项全部办结"}


def said(procedure: Procedure, stage: Stage) -> str:
    """What a stage asks, in a sentence: who must agree, and what a no does."""
    rule = _RULES.get(stage.rule, f"表决：{stage.quorum} 方同意即为同意")
    words = [_CHILDREN[stage.children] if stage.children else rule]
    if stage.optional:
        words.append("可以略过")
    if stage.returns_to:
        back = "发起人" if stage.returns_to == OPENER else procedure[stage.returns_to].title
        words.append(f"不同意退回“{back}”")
    else:
        words.append("不同意即办结")
    if stage.keeps:
        words.append(f"保留“{'、'.join(procedure[key].title for key in stage.keeps)}”的答复")
    return "；".join(words)


def _diagram(root: Xml.Element, graph: _Graph, layout: Layout) -> None:
    diagram = _add(root, "BPMNDiagram", DI, id="BPMNDiagram_1")
    plane = _add(diagram, "BPMNPlane", DI, id="BPMNPlane_1", bpmnElement="Collaboration_1")
    _shape(plane, "Participant_1", Box(0, 0, layout.width, layout.height), isHorizontal="true")
    for number, band in enumerate(layout.bands, 1):
        height = layout.height - band.y if band is layout.bands[-1] else band.height
        _shape(plane, f"Lane_{number}", Box(30, band.y, layout.width - 30, height), isHorizontal="true")
    for id, kind in graph.kinds.items():
        marked = {"isMarkerVisible": "true"} if kind == "exclusiveGateway" else {}
        _shape(plane, id, layout.boxes[id], **marked)
    for flow in graph.flows:
        edge = _add(plane, "BPMNEdge", DI, id=f"{flow.id}_di", bpmnElement=flow.id)
        for point in layout.paths[flow.id]:
            _waypoint(edge, point)


def _shape(plane: Xml.Element, id: str, box: Box, **attributes: str) -> None:
    shape = _add(plane, "BPMNShape", DI, id=f"{id}_di", bpmnElement=id, **attributes)
    bounds = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    _add(shape, "Bounds", DC, **{name: str(value) for name, value in bounds.items()})


def _waypoint(edge: Xml.Element, point: Point) -> None:
    _add(edge, "waypoint", WAY, x=str(point[0]), y=str(point[1]))
