"""`liqbands feed`: live venues, or the simulated market, into the store and nothing else."""

from liqbands_server.cli.server_options import (
    StoreOption,
    SymbolsOption,
    VenuesOption,
    as_variables,
)


def feed(
    *, store: StoreOption = None, venues: VenuesOption = None, symbols: SymbolsOption = None
) -> None:
    """Collect live data of venues into a store that something else serves.

    Without venues it plays the simulated market.

    \f

    Parameters
    ----------
    store : str, optional
        In place of the setting `store`.
    venues, symbols : str, optional
        In place of the settings `venues` and `symbols`.
    """  # noqa: D301 - the escape ends the help text
    from liqbands_server.running.feed_process import feed_store
    from liqbands_server.running.store_lock import holding
    from liqbands_server.settings import load_settings
    from liqbands_server.store.opening import open_store

    settings = load_settings(as_variables(store=store, venues=venues, symbols=symbols))
    opened = open_store(settings.store)
    with holding(opened, ""):
        opened.close()
        feed_store(settings)
