"""Pictures of procedures, made from the declaration alone: a drawing for pages, BPMN 2.0 for other tools."""
