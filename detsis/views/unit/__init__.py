"""`/kurum/<detsis_no>/`: a unit, as it is and as it was.

- `page`: the page itself, in a fixed number of queries
- `card`: the identity card and the contact lines
- `events`: the history, with corrections and what is still to come
- `missing`: numbers without a page
- `chart`, `correspondence`: the organisation chart and the letterhead on pages of their own
"""

from detsis.views.unit.chart import chart, chart_pdf, chart_svg
from detsis.views.unit.correspondence import letterhead
from detsis.views.unit.page import unit_page

__all__ = ["chart", "chart_pdf", "chart_svg", "letterhead", "unit_page"]
