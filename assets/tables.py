"""How tables move between assets: each is made to match its model, written to the month's database, read back typed."""

import dagster as dg
import pandas as pd

from assets.snapshots import MODELS, read, write
from assets.store import Store
from assets.withholding import withholding
from schemas.frames import Model, conform, sql_types


class MonthTables(dg.IOManager):
    """Assets' frames in the database of their month."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @withholding
    def handle_output(self, context: dg.OutputContext, obj: pd.DataFrame | None) -> None:
        """Validate the frame against its model, write it, and report rows and columns, never a value."""
        if obj is None:
            return
        name = context.asset_key.path[-1]
        model = MODELS[name]
        frame = conform(obj, model)
        write(self._store, self._store.work_file(context.partition_key), name, frame)
        context.add_output_metadata({"dagster/row_count": len(frame), "dagster/column_schema": column_schema(model)})

    @withholding
    def load_input(self, context: dg.InputContext) -> pd.DataFrame:
        """The table as the run's month holds it."""
        return read(self._store, self._store.work_file(context.partition_key), context.asset_key.path[-1])


def column_schema(model: Model) -> dg.TableSchema:
    """The model's columns, types and meanings as Dagster's pages show them."""
    described = model.to_schema().columns
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name=name, type=kind, description=described[name].description or "")
            for name, kind in sql_types(model).items()
        ]
    )
