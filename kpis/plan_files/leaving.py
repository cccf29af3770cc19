"""What has gone from a plan file: archived if anything was ever sent for it, else deleted."""

from priorities.plan_files.tree import HANGING

from .dates import steps_of
from .writing_promises import is_talked_about


class Leaving:
    """Takes entries, clauses and readings out of one plan.

    ``figured`` are the codes of measures that figures have been sent for.
    """

    def __init__(self, tree, promises, figured):
        self.tree, self.promises, self.figured = tree, promises, figured

    def take_away(self, paths):
        """``paths`` are all that has gone, those that hang on something first.

        A thing that hangs on another goes with it, so only the topmost counts.
        """
        nodes = {keys[0] for kind, *keys in paths if kind == "node"}
        clauses = {tuple(keys) for kind, *keys in paths if kind == "clause"}
        for keys in clauses:
            self._clause(keys)
        for kind, *keys in paths:
            if kind == "reading" and tuple(keys[:2]) not in clauses:
                self.promises.remove_reading(tuple(keys))
            elif (kind in HANGING and keys[0] not in nodes) or kind == "label":
                self.tree.remove((kind, *keys))
        for node, clause, step in steps_of(paths):
            if node not in nodes and (node, clause) not in clauses:
                self.promises.write_dates((node, clause, step), [])
        for key in sorted(nodes, key=self.tree.depth, reverse=True):
            self._node(key)
        for kind, *keys in paths:
            if kind == "phase":
                self.tree.remove((kind, *keys))

    def _clause(self, keys):
        measures = [path[2] for path in self.promises.readings if path[:2] == keys]
        if self.figured.isdisjoint(measures):
            self.promises.remove_clause(keys)
        else:
            self.promises.archive_clause(keys)

    def _node(self, key):
        node = self.tree.nodes[key]
        clauses = any(clause[0] == key for clause in self.promises.clauses)
        if clauses or node.children.exists() or is_talked_about(node):
            self.tree.archive(key)
        else:
            self.promises.forget_dues(key)
            self.tree.remove(("node", key))
