"""What a model may look up while it answers a person: the devices that they subscribe to."""

from bots.tools.toolbox import Toolbox

__all__ = ["Toolbox"]
