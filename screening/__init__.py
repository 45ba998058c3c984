"""The law of the matter: pure functions over frozen values.

Nothing here reads a file, the clock or the network. A day, a language and a tolerance are always arguments.
"""

ENGINE_VERSION = "0.1.0"
