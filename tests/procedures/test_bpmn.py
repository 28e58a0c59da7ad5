"""The BPMN 2.0 export: every reference resolves, every node has its shape and every flow its edge, nothing dangles.

The structure is checked by these rules of our own (ISO/IEC 19510:2013, clauses 8 to 13, and the diagram interchange).
"""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as Xml

from hypothesis import given

from shuniu.procedures.declare import OPENER, Procedure, Stage
from shuniu.procedures.drawing.bpmn import DC, DI, MODEL, WAY, bpmn
from shuniu.procedures.drawing.grid import Box
from tests.procedures.office import REVIEW
from tests.procedures.test_drawing import OPENING, many, overlap, procedures, touches

B = f"{{{MODEL}}}"
KINDS = ("startEvent", "endEvent", "userTask", "callActivity", "exclusiveGateway", "parallelGateway")


class Document:
    """A parsed export, with its nodes and flows by id."""

    def __init__(self, data: bytes) -> None:
        self.root = Xml.fromstring(data)  # noqa: S314 - our own output
        (self.process,) = self.root.findall(f"{B}process")
        self.nodes = {node.attrib["id"]: node for kind in KINDS for node in self.process.findall(B + kind)}
        self.flows = {flow.attrib["id"]: flow for flow in self.process.findall(f"{B}sequenceFlow")}
        self.shapes = {one.attrib["bpmnElement"]: one for one in self.root.iter(f"{{{DI}}}BPMNShape")}
        self.edges = {one.attrib["bpmnElement"]: one for one in self.root.iter(f"{{{DI}}}BPMNEdge")}

    def kind(self, node: str) -> str:
        return self.nodes[node].tag.removeprefix(B)

    def texts(self, node: str, tag: str) -> list[str]:
        return [one.text or "" for one in self.nodes[node].findall(B + tag)]

    def box(self, element: str) -> Box:
        bounds = self.shapes[element].find(f"{{{DC}}}Bounds")
        assert bounds is not None
        return Box(*(int(bounds.attrib[name]) for name in ("x", "y", "width", "height")))

    def after(self, node: str) -> list[str]:
        return [self.flows[flow].attrib["targetRef"] for flow in self.texts(node, "outgoing")]

    def named(self, title: str) -> str:
        return next(id for id, node in self.nodes.items() if node.get("name") == title)


def check(document: Document) -> None:
    ids = [one.attrib["id"] for one in document.root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    assert len(document.nodes) + len(document.flows) == len(document.process) - 2, "only known kinds stand in it"
    for id, flow in document.flows.items():
        source, target = flow.attrib["sourceRef"], flow.attrib["targetRef"]
        assert id in document.texts(source, "outgoing") and id in document.texts(target, "incoming")
    for id in document.nodes:
        coming, going = document.texts(id, "incoming"), document.texts(id, "outgoing")
        assert set(coming) | set(going) <= set(document.flows)
        assert (bool(coming), bool(going)) == {"startEvent": (False, True), "endEvent": (True, False)}.get(
            document.kind(id), (True, True)
        )
    lanes = [one.text for one in document.process.iter(f"{B}flowNodeRef")]
    assert sorted(lanes, key=str) == sorted(document.nodes), "every node stands in one lane"
    check_diagram(document)


def check_diagram(document: Document) -> None:
    held = {"Participant_1", *(lane.attrib["id"] for lane in document.process.iter(f"{B}lane")), *document.nodes}
    assert set(document.shapes) == held and set(document.edges) == set(document.flows)
    (plane,) = document.root.iter(f"{{{DI}}}BPMNPlane")
    assert document.root.find(f"{B}collaboration[@id='{plane.attrib['bpmnElement']}']") is not None
    boxes = {id: document.box(id) for id in document.nodes}
    assert not any(overlap(one, other) for one, other in combinations(boxes.values(), 2))
    for id, edge in document.edges.items():
        points = [(int(one.attrib["x"]), int(one.attrib["y"])) for one in edge.findall(f"{{{WAY}}}waypoint")]
        flow = document.flows[id]
        assert len(points) >= 2
        assert touches(boxes[flow.attrib["sourceRef"]], points[0])
        assert touches(boxes[flow.attrib["targetRef"]], points[-1])
    for lane in document.process.iter(f"{B}lane"):
        band = document.box(lane.attrib["id"])
        for one in lane.findall(f"{B}flowNodeRef"):
            own = boxes[one.text or ""]
            assert band.x <= own.x and band.y <= own.y
            assert own.x + own.width <= band.x + band.width and own.y + own.height <= band.y + band.height


@many
@given(procedures())
def test_any_procedure_is_a_well_formed_process_with_its_diagram(procedure: Procedure) -> None:
    document = Document(bpmn(procedure))
    check(document)
    tasks = [id for id in document.nodes if document.kind(id) in ("userTask", "callActivity") and id != "Task_0"]
    assert sorted(str(document.nodes[id].get("name")) for id in tasks) == [stage.title for stage in procedure.stages]
    reached, ahead = {"Start"}, ["Start"]
    while ahead:
        fresh = set(document.after(ahead.pop())) - reached
        reached |= fresh
        ahead.extend(fresh)
    assert reached == set(document.nodes), "all of it is reached from the start"


def test_branches_split_and_join_and_a_no_goes_where_the_procedure_says() -> None:
    document = Document(bpmn(OPENING, {"fire": "消防救援局"}))
    check(document)
    accept, fire, health, decide = (document.named(one) for one in ("受理", "消防检查", "卫生许可", "决定"))
    (answer,) = document.after(accept)
    assert document.kind(answer) == "exclusiveGateway"
    split, refused = document.after(answer)
    assert (document.kind(split), document.kind(refused)) == ("parallelGateway", "endEvent")
    assert document.after(split) == [fire, health]
    (question,) = document.after(fire)
    join, back = document.after(question)
    assert (document.kind(join), back) == ("parallelGateway", accept)
    assert document.after(join) == [decide]
    assert [lane.attrib["name"] for lane in document.process.iter(f"{B}lane")] == ["window", "消防救援局", "health"]


def test_a_plain_chain_has_no_parallel_gateways_and_says_in_words_what_a_no_does() -> None:
    document = Document(bpmn(REVIEW))
    check(document)
    assert "parallelGateway" not in {document.kind(id) for id in document.nodes}
    words = [one.text for one in document.process.iter(f"{B}documentation")]
    assert words == ["程序 test.review 第 1 版", "会签：全部同意方为同意；不同意即办结",
                     "会签：全部同意方为同意；不同意退回“初审”"]  # fmt: skip
    assert document.process.attrib["isExecutable"] == "false"


def test_what_may_be_left_out_voted_on_or_waited_for_has_its_own_sign() -> None:
    document = Document(
        bpmn(
            Procedure(
                key="test.signs",
                version=1,
                title="联审",
                stages=(
                    Stage(key="hear", title="听证", lane="法制", optional=True, on_no=f"return:{OPENER}"),
                    Stage(key="vote", title="表决", lane="评委", rule="quorum", quorum=3, needs=("hear",)),
                    Stage(key="parts", title="各分项", children="each", needs=("vote",)),
                ),
            )
        )
    )
    check(document)
    hear, vote, parts = (document.named(title) for title in ("听证", "表决", "各分项"))
    assert document.kind(parts) == "callActivity"
    assert [one.text for one in document.nodes[vote].iter(f"{B}completionCondition")] == ["同意数 ≥ 3"]
    asked = next(id for id in document.nodes if document.after(id) == [hear, "Went_1"])
    assert document.after("Went_1") == [vote] and document.after("Task_0") == [asked]
    assert document.after("Answer_1") == ["Went_1", "Task_0"]
    assert [lane.attrib["name"] for lane in document.process.iter(f"{B}lane")] == ["法制", "发起人", "评委", "各分项"]
