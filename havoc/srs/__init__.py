"""The reasoning stack: MODE, GROUND, PLAN, EXECUTE, ARGUE, ARBITER, AUDIT, ANSWER.

One module a stage, each with ``run(state, stack) -> state``; ``state`` holds the typed state that flows through,
``pipeline`` the order.
"""
