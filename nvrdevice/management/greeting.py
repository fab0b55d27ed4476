"""What a person reads after the start: where to open the device, and with which account."""

from collections.abc import Iterable

from nvrdevice.system.interfaces import Interface


def lines(
    interfaces: Iterable[Interface],
    *,
    host: str,
    port: int,
    https_port: int = 0,
    https_only: bool = False,
    rtsp_port: int,
    rtsps_port: int = 0,
    account: str,
    default_password: str,
) -> list[str]:
    """account: whose password must be changed, else empty; its default, where that stands.

    https_port, rtsps_port: 0 where that is not served.
    """
    places = addresses(interfaces, host)
    scheme, port = ("https", https_port) if https_only else ("http", port)
    told = ["NVR Device is ready. Open it in a browser:"]
    told += [f"  {scheme}://{place}:{port}/" for place in places]
    if https_port and not https_only:
        told.append(f"Encrypted: https://{places[0]}:{https_port}/")
    told.append(f"ONVIF address for your NVR: {scheme}://{places[0]}:{port}/onvif/device_service")
    told.append(f"RTSP address of the first picture: rtsp://{places[0]}:{rtsp_port}/profile1")
    if rtsps_port:
        told.append(f"Encrypted: rtsps://{places[0]}:{rtsps_port}/profile1")
    if account:
        password = f", password {default_password}" if default_password else ""
        told.append(f"Account: {account}{password}. Its password must be changed at first sign-in.")
    return told


def addresses(interfaces: Iterable[Interface], host: str) -> list[str]:
    """As they stand in a URL, IPv4 first; the one address alone where only it is served."""
    if host not in ("", "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return [f"[{host}]" if ":" in host else host]
    every = [
        address.ip
        for each in interfaces
        for address in (*each.ipv4, *each.ipv6)
        if not address.temporary
    ]
    found = [str(ip) for ip in every if ip.version == 4]
    if host == "::":
        found += [f"[{ip}]" for ip in every if ip.version == 6 and not ip.is_link_local]
    return found or ["127.0.0.1"]
