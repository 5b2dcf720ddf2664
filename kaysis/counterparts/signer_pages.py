"""What the signing component shows to the holder of a card."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from kaysis.counterparts.tokens import PIN, Card

if TYPE_CHECKING:
    from kaysis.counterparts.signer import Request

POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; }
main { padding: 0 1rem; }
pre { white-space: pre-wrap; border: 1px solid; border-radius: .4rem; padding: 1rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input, select, button { font: inherit; padding: .5rem .75rem; }
.error { border-left: .3rem solid; padding-left: .75rem; font-weight: 600; }
.hint { opacity: .85; }
"""


def approve(request: "Request", cards: Sequence[Card], error: str) -> str:
    """The text to be signed, who wants it, and where the PIN is typed."""
    chosen = "".join(
        f'<option value="{escape(card.label)}">{escape(card.holder)}</option>' for card in cards
    )
    told = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    return _page(
        "İmza onayı",
        f"""<p>Şu sayfa sizden imza istiyor: <strong>{escape(request.origin)}</strong></p>
{told}
<h2 id="text">İmzalanacak metin</h2>
<pre aria-labelledby="text">{escape(request.content.decode())}</pre>
<form method="post" autocomplete="off">
<input type="hidden" name="form_key" value="{escape(request.form_key)}">
<label for="card">Kart</label>
<select id="card" name="card">{chosen}</select>
<label for="pin">PIN</label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" autofocus>
<p class="hint">Bunlar örnek kartlardır; hepsinin PIN'i {PIN}.</p>
<p><button name="decision" value="sign">İmzala</button>
<button name="decision" value="refuse">Vazgeç</button></p>
</form>""",
    )


def done(state: str) -> str:
    """Nothing more to do here. `state`: signed or refused."""
    if state == "signed":
        return _page(
            "İmzalandı", "<p>Bu pencereyi kapatıp giriş yaptığınız sayfaya dönebilirsiniz.</p>"
        )
    return _page("İmzalanmadı", "<p>Hiçbir şey imzalanmadı. Bu pencereyi kapatabilirsiniz.</p>")


def gone() -> str:
    return _page("İstek bulunamadı", "<p>İmza isteğinin süresi dolmuş ya da istek bitmiş.</p>")


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="tr"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · KAYSİS İmza Bileşeni</title><link rel="stylesheet" href="/stil.css"></head>
<body><main><h1>{title}</h1>
{body}
</main></body></html>
"""
