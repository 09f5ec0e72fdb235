"""Networks, as settings name them, and who is in them."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network


class Networks:
    def __init__(self, names: Iterable[str]) -> None:
        """`names` are addresses and networks like 127.0.0.1 and 10.0.0.0/8.

        Raises ValueError for what is neither.
        """
        self._networks = [ip_network(name) for name in names]

    def __contains__(self, address: str) -> bool:
        """Whether `address` is in one of them; what is no address is in none."""
        try:
            found = _plain(ip_address(address))
        except ValueError:
            return False
        return any(found in network for network in self._networks)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address also where an IPv6 socket shows it, as ::ffff:10.0.0.1."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
