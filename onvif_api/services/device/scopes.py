"""Scopes and discovery mode; the responder hears of a change and says Hello."""

from nvrdevice.discovery import scopes
from onvif_api.soap import read
from onvif_api.soap.build import Element, el
from onvif_api.soap.call import Call
from onvif_api.soap.dispatch import operation


@operation("tds:GetScopes", waits=True)
def get_scopes(call: Call) -> Element:
    standing = scopes.fixed()
    return el(
        "tds:GetScopesResponse",
        [_scope("Fixed", uri) for uri in standing],
        [_scope("Configurable", uri) for uri in scopes.configurable() if uri not in standing],
    )


@operation("tds:SetScopes", waits=True)
def set_scopes(call: Call) -> Element:
    scopes.set_scopes(_uris(call, "tds:Scopes"), by=call.actor)
    return el("tds:SetScopesResponse")


@operation("tds:AddScopes", waits=True)
def add_scopes(call: Call) -> Element:
    scopes.add_scopes(_uris(call, "tds:ScopeItem"), by=call.actor)
    return el("tds:AddScopesResponse")


@operation("tds:RemoveScopes", waits=True)
def remove_scopes(call: Call) -> Element:
    uris = _uris(call, "tds:ScopeItem")
    scopes.remove_scopes(uris, by=call.actor)
    return el("tds:RemoveScopesResponse", [el("tds:ScopeItem", uri) for uri in uris])


@operation("tds:GetDiscoveryMode")
def get_discovery_mode(call: Call) -> Element:
    return el("tds:GetDiscoveryModeResponse", el("tds:DiscoveryMode", scopes.mode()))


@operation("tds:SetDiscoveryMode", waits=True)
def set_discovery_mode(call: Call) -> Element:
    allowed = (scopes.DISCOVERABLE, scopes.NON_DISCOVERABLE)
    scopes.set_mode(read.choice(call.request, "tds:DiscoveryMode", allowed), by=call.actor)
    return el("tds:SetDiscoveryModeResponse")


def _scope(kind: str, uri: str) -> Element:
    return el("tds:Scopes", el("tt:ScopeDef", kind), el("tt:ScopeItem", uri))


def _uris(call: Call, path: str) -> list[str]:
    read.child(call.request, path)  # at least one, says the schema
    return [uri.strip() for uri in read.texts(call.request, path)]
