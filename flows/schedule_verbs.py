"""The verbs about schedules: Prefect's server and worker, and what they are told."""

from __future__ import annotations

from pathlib import Path

import click

from flows.verb import DONE, Ask, verb

_FILE = click.option("--file", type=click.Path(path_type=Path), help="The schedules (default: ./prefect.yaml, or newsmill's own).")


@click.command()
@_FILE
@verb
def deploy(ask: Ask, file: Path | None) -> int:
    """Register the schedules of prefect.yaml.

    With the Prefect server that PREFECT_API_URL or your Prefect profile names, or else the one that `newsmill serve` runs for the same
    home. The work pool is made if it is missing. What is registered is brought up: do it again after each change of the file, or of
    --home or --outlets, which the flows are told of.

    \b
    newsmill deploy
    newsmill deploy --home /srv/newsmill/data --outlets /srv/newsmill/outlets
    PREFECT_API_URL=http://prefect.example:4200/api newsmill deploy --file my-schedules.yaml
    """
    import dataclasses
    import os

    from flows.registering import find_schedules, register, server_environment
    from flows.show import print_json

    home = ask.home.expanduser().absolute()
    done = register(find_schedules(file), home, ask.outlets, server_environment(home, os.environ))
    if ask.json:
        print_json([dataclasses.asdict(each) for each in done])
    elif not ask.quiet:
        for each in done:
            click.echo(f"{each.name}: {', '.join(each.schedules)}")
    return DONE


@click.command()
@_FILE
@click.option("--port", type=click.IntRange(1, 65535), default=4200, show_default=True, help="Of the server, on 127.0.0.1.")
@click.option("--limit", type=click.IntRange(1), help="Flow runs that the worker runs at once.")
@verb
def serve(ask: Ask, file: Path | None, port: int, limit: int | None) -> int:
    """Run a Prefect server and a worker, here, until Ctrl-C.

    The schedules of prefect.yaml are registered first. All of Prefect's files lie in the home, in prefect/; a Prefect of your own is
    neither read nor changed. The server listens on this machine alone, with no password: whoever works here can start flows. Ctrl-C and
    SIGTERM stop flow runs, worker and server in this order.

    \b
    newsmill serve
    newsmill serve --home /srv/newsmill/data --port 4300
    """
    from flows.choose import choose_outlets, require_contact
    from flows.home import open_home
    from flows.registering import find_schedules
    from flows.serving import serve as run

    require_contact(choose_outlets([], ask.outlets), ask.settings)  # now, and not in each flow run
    home = open_home(ask.home, ask.settings.warehouse)
    run(home.folder, ask.outlets, find_schedules(file), port, limit, ask.reporter)
    return DONE


VERBS = (deploy, serve)
