"""/system/security/: who may sign in how, who finds the device, and which proxies are believed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from nvrdevice import state
from nvrdevice.accounts import settings as accounts
from nvrdevice.accounts.levels import Level
from nvrdevice.accounts.settings import AccountSettings
from nvrdevice.clients import proxies
from nvrdevice.clients.proxies import ProxySettings
from nvrdevice.discovery import scopes
from nvrdevice.discovery.scopes import Announcement
from webui import settings_cards
from webui.access import needs
from webui.settings_cards import Card
from webui.settings_form import form_for, values

SignInForm = form_for(
    AccountSettings, "allow_username_token", "allow_password_text", "token_window_s"
)
PasswordForm = form_for(AccountSettings, "password_min_length")
DiscoveryForm = form_for(
    Announcement,
    "discovery_mode",
    "answer_foreign_networks",
    words={
        "discovery_mode": {
            scopes.DISCOVERABLE: "NVRs find it by themselves",
            scopes.NON_DISCOVERABLE: "Hidden: only by its address",
        }
    },
    helps={"discovery_mode": ""},
)
ProxyForm = form_for(ProxySettings, "trusted_proxies")


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Level.ADMINISTRATOR)
def page(request: HttpRequest) -> HttpResponse:
    account = state.read(AccountSettings)
    cards = (
        Card(
            what="sign_in",
            title="How NVRs sign in",
            words="Applies now. NVRs that are connected go on; the next request of each is "
            "checked by what is set here. Signing in to these pages is not concerned.",
            form=SignInForm,
            initial=values(account, SignInForm),
            save=lambda typed, by: accounts.change(by=by, **typed),
            done="Saved. It counts from the next sign-in on.",
        ),
        Card(
            what="passwords",
            title="Passwords",
            words="Passwords that are set already stay valid, also shorter ones.",
            form=PasswordForm,
            initial=values(account, PasswordForm),
            save=lambda typed, by: accounts.change(by=by, **typed),
            done="Saved. It counts for the next password that is set.",
        ),
        Card(
            what="discovery",
            title="Discovery",
            words="Applies now. A hidden device goes on working with every NVR that has its "
            "address; a new one must be told the address by hand.",
            form=DiscoveryForm,
            initial=values(state.read(Announcement), DiscoveryForm),
            save=lambda typed, by: scopes.set_answering(
                mode=typed["discovery_mode"],
                answer_foreign_networks=typed["answer_foreign_networks"],
                by=by,
            ),
            done="Discovery is saved.",
        ),
        Card(
            what="proxies",
            title="Reverse proxies",
            words="Only for a device behind a proxy. Whoever sits at a listed address can claim "
            "to be any client: never list a whole network of computers.",
            form=ProxyForm,
            initial=values(state.read(ProxySettings), ProxyForm),
            save=lambda typed, by: proxies.set_trusted(typed["trusted_proxies"], by=by),
            done="The proxies are saved.",
        ),
    )
    return settings_cards.answer(request, "pages/system_security.html", cards, {"account": account})
