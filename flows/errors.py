"""What goes wrong around a run, each as one line that a person can act on."""


class InputError(Exception):
    """The input cannot be used as it is; nothing was read."""


class UsageError(Exception):
    """The command or a parameter makes no sense as given."""
