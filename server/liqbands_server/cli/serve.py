"""`liqbands serve`: the web server alone; any number of them may share a store."""

from liqbands_server.cli.server_options import PortOption, StoreOption, as_variables


def serve(*, store: StoreOption = None, port: PortOption = None) -> None:
    """Answer requests from a store that something else fills.

    \f

    Parameters
    ----------
    store : str, optional
        In place of the setting `store`.
    port : int, optional
        In place of the setting `port`.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.running.address import refuse_taken_port
    from liqbands_server.running.everything import APPLICATION
    from liqbands_server.running.web_server import serve_web
    from liqbands_server.settings import load_settings
    from liqbands_server.store.opening import open_store

    settings = load_settings(as_variables(store=store, port=port))
    open_store(settings.store).close()
    refuse_taken_port(settings)
    serve_web(settings, APPLICATION)
