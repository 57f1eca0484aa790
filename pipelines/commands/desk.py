"""`hearth desk`: the coordinators' pages, on this machine or behind the council's own https."""

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from assets.settings import Settings
from assets.store import open_store
from casebook import people
from casebook.opening import Casebook
from desk.errors import SettingsMissingError
from desk.settings import LOOPBACK, CouncilSignIn, DeskSettings
from pipelines.commands.claim_papers import papers_of
from pipelines.commands.console import out, spoken_errors
from pipelines.commands.flags import StoreFolder, settings_with

PORT = 8765


def serve(
    store: StoreFolder = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = LOOPBACK[0],
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = PORT,
    *,
    behind_proxy: Annotated[
        bool, typer.Option("--behind-proxy", help="A proxy in front speaks https under a name of [desk] hosts.")
    ] = False,
) -> None:
    """Serve the coordinators' pages over the published month and the casebook."""
    # A web server takes a second to import, which no other command needs to wait for.
    import uvicorn  # noqa: PLC0415

    from desk.app import make_app  # noqa: PLC0415

    with spoken_errors():
        settings = settings_with(store=store)
        told = desk_settings(settings, host=host, behind_proxy=behind_proxy)
        app = make_app(told, papers=papers_of(settings))
        _say_how(settings, app.state.desk.casebook, address=f"http://{host}:{port}", told=told)
        uvicorn.run(
            app,
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=behind_proxy,
        )


def desk_settings(settings: Settings, *, host: str, behind_proxy: bool) -> DeskSettings:
    """What the desk is told. Raises SettingsMissingError where it could be reached unprotected."""
    options = settings.desk
    if host not in LOOPBACK and not behind_proxy:
        message = (
            f"The desk listens on {LOOPBACK[0]} only: on {host} passwords and names would travel unprotected. "
            "Put a proxy that speaks https in front, name its host in [desk] hosts, and add --behind-proxy."
        )
        raise SettingsMissingError(message)
    if behind_proxy and not options.hosts:
        raise SettingsMissingError(
            "With --behind-proxy the desk needs the name by which browsers reach it: "
            'hosts = ["hearth.example.gov.uk"] under [desk] in hearth.toml.'
        )
    opened = open_store(settings)
    return DeskSettings(
        published=opened.root / "published",
        casebook=opened.casebook_url,
        styles=options.styles or _styles(),
        idle_minutes=options.idle_minutes,
        longest_minutes=options.longest_minutes,
        secure=behind_proxy,
        hosts=(*options.hosts, *LOOPBACK),
        threads=settings.threads,
        council_sign_in=_council(settings),
    )


def _council(settings: Settings) -> CouncilSignIn | None:
    options = settings.desk
    if not options.sign_in_issuer:
        return None
    secret = options.sign_in_client_secret.get_secret_value()
    if not options.sign_in_client_id or not secret:
        raise SettingsMissingError(
            "The council's sign-in needs sign_in_client_id and sign_in_client_secret beside sign_in_issuer, "
            "under [desk] in hearth.toml or as HEARTH_DESK__SIGN_IN_CLIENT_SECRET."
        )
    return CouncilSignIn(options.sign_in_issuer, options.sign_in_client_id, secret, options.sign_in_name)


def _styles() -> Path:
    found = importlib.util.find_spec("desk")
    package = Path(str(found.origin)).parent if found else Path()
    beside = package.parent / "node_modules"
    return beside if beside.is_dir() else Path("node_modules")


def _say_how(settings: Settings, casebook: Casebook, *, address: str, told: DeskSettings) -> None:
    month = open_store(settings).current()
    with casebook.reading() as connection:
        users = people.everyone(connection)
    where = f"https://{told.hosts[0]}" if told.secure else address
    out.print(f"The desk is open at [bold]{where}[/]; stop it with Ctrl+C.", highlight=False)
    if month is None:
        out.print("No month has been published yet. Make one with: hearth run --month 2026-10", highlight=False)
    else:
        out.print(f"It shows {month}, and any newer month as soon as that is published.", highlight=False)
    if not users:
        out.print("Nobody may use it yet. Add the first person with: hearth users add", highlight=False)
