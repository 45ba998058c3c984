"""Reduced ordered decision diagrams: functions of many unknowns, each with finitely many answers that differ.

R. E. Bryant, *Graph-Based Algorithms for Boolean Function Manipulation*, IEEE Trans. Computers C-35 (1986), here with
more than two answers to a question. A reduced diagram is canonical for its order of questions, so that a question
stands in it exactly if some answer to it can change the value: what the diagram does not ask need not be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Generic, NewType, TypeVar

Leaf = TypeVar("Leaf", bound=Hashable)
Node = NewType("Node", int)


class Diagrams(Generic[Leaf]):
    """All diagrams over one order of questions; equal functions are the same node.

    >>> diagrams = Diagrams[str]({"rain": 2, "wind": 2})
    >>> stay, go = diagrams.leaf("stay"), diagrams.leaf("go")
    >>> same = diagrams.ask("rain", (diagrams.ask("wind", (go, go)), diagrams.ask("wind", (stay, stay))))
    >>> diagrams.questions(same), sorted(diagrams.leaves(same))
    (('rain',), ['go', 'stay'])
    """

    def __init__(self, answers: Mapping[str, int]) -> None:
        """Questions in the order in which they are asked, with the number of their answers."""
        self._rank = {name: rank for rank, name in enumerate(answers)}
        self._names = tuple(answers)
        self._values: dict[Node, Leaf] = {}
        self._questions: dict[Node, tuple[str, tuple[Node, ...]]] = {}
        self._leaves: dict[Leaf, Node] = {}
        self._asking: dict[tuple[str, tuple[Node, ...]], Node] = {}

    def leaf(self, value: Leaf) -> Node:
        """The function that has this value whatever the answers are."""
        if value not in self._leaves:
            node = self._leaves[value] = self._fresh()
            self._values[node] = value
        return self._leaves[value]

    def ask(self, name: str, children: tuple[Node, ...]) -> Node:
        """The function that goes on with one child for each answer; children ask later questions only."""
        if len(set(children)) == 1:
            return children[0]
        key = (name, children)
        if key not in self._asking:
            node = self._asking[key] = self._fresh()
            self._questions[node] = key
        return self._asking[key]

    def combine(self, operation: Callable[[Leaf, Leaf], Leaf], left: Node, right: Node) -> Node:
        """The operation on the values of two functions."""
        done: dict[tuple[Node, Node], Node] = {}

        def walk(a: Node, b: Node) -> Node:
            if (a, b) not in done:
                name = self._first(a, b)
                if name is None:
                    done[a, b] = self.leaf(operation(self._values[a], self._values[b]))
                else:
                    pairs = zip(*self._opened(name, a, b), strict=True)
                    done[a, b] = self.ask(name, tuple(walk(x, y) for x, y in pairs))
            return done[a, b]

        return walk(left, right)

    def choose(self, condition: Node, then: Node, otherwise: Node) -> Node:
        """`then` where the condition (a function with leaves True and False) holds, else `otherwise`."""
        done: dict[tuple[Node, Node, Node], Node] = {}

        def walk(c: Node, t: Node, e: Node) -> Node:
            if c in self._values:
                return t if self._values[c] else e
            if (c, t, e) not in done:
                name = self._first(c, t, e)
                assert name is not None
                triples = zip(*self._opened(name, c, t, e), strict=True)
                done[c, t, e] = self.ask(name, tuple(walk(*triple) for triple in triples))
            return done[c, t, e]

        return walk(condition, then, otherwise)

    def answered(self, root: Node, name: str, answer: int) -> Node:
        """The function that remains when one question has its answer."""
        done: dict[Node, Node] = {}

        def walk(node: Node) -> Node:
            if node in self._values:
                return node
            if node not in done:
                asked, children = self._questions[node]
                if asked == name:
                    done[node] = children[answer]
                else:
                    done[node] = self.ask(asked, tuple(walk(child) for child in children))
            return done[node]

        return walk(root)

    def questions(self, root: Node) -> tuple[str, ...]:
        """The questions of which some answer can change the value, in their order."""
        names = {self._questions[node][0] for node in self._reached(root) if node in self._questions}
        return tuple(sorted(names, key=self._rank.__getitem__))

    def leaves(self, root: Node) -> frozenset[Leaf]:
        """The values the function can still have."""
        return frozenset(self._values[node] for node in self._reached(root) if node in self._values)

    def _fresh(self) -> Node:
        return Node(len(self._values) + len(self._questions))

    def _first(self, *nodes: Node) -> str | None:
        ranks = [self._rank[self._questions[node][0]] for node in nodes if node in self._questions]
        return self._names[min(ranks)] if ranks else None

    def _opened(self, name: str, *nodes: Node) -> list[tuple[Node, ...]]:
        width = next(
            len(self._questions[n][1]) for n in nodes if n in self._questions and self._questions[n][0] == name
        )
        return [
            self._questions[node][1]
            if node in self._questions and self._questions[node][0] == name
            else (node,) * width
            for node in nodes
        ]

    def _reached(self, root: Node) -> set[Node]:
        reached: set[Node] = set()
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node not in reached:
                reached.add(node)
                if node in self._questions:
                    waiting.extend(self._questions[node][1])
        return reached
