"""Writing a run in the formats of other tools."""

from valscope.exporting.formats import FORMATS
from valscope.exporting.write import Exported, export

__all__ = ["FORMATS", "Exported", "export"]
