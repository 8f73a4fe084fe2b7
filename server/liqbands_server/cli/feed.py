"""`liqbands feed`: the simulated market alone, played into the store."""

from liqbands_server.cli.server_options import StoreOption, as_variables


def feed(*, store: StoreOption = None) -> None:
    """Play the simulated market into a store that something else serves.

    \f

    Parameters
    ----------
    store : str, optional
        In place of the setting `store`.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.running.feed_process import play_feed
    from liqbands_server.running.store_lock import holding
    from liqbands_server.settings import load_settings
    from liqbands_server.store.opening import open_store

    settings = load_settings(as_variables(store=store))
    opened = open_store(settings.store)
    with holding(opened, ""):
        opened.close()
        play_feed(settings)
