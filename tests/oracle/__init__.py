"""A second path to a verdict: plain, slow, from the written definitions; it shares no code with the product.

It reads the raw parts of a release by itself (`release`), measures by itself (`places`), evaluates conditions by trying
what undeclared facts could be in a CEL engine (`conditions`), and finds reach, outcomes, gaps and conclusion by itself
(`reach`, `judgement`). `cases` makes the questions, `editions` makes a list and layers that are harder than the city's.
"""
