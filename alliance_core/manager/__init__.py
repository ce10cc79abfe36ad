"""What a manager may be told of a service: made in one place (`figures`), told in words (`words`), laid out by alliance_core.reports."""

from alliance_core.manager.figures import ServiceFigures, every_summary, service_figures
from alliance_core.manager.rows import manager_rows

__all__ = ["ServiceFigures", "every_summary", "manager_rows", "service_figures"]
