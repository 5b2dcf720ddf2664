"""Photos, believed only for their pixels: what is kept is drawn anew."""

from __future__ import annotations

import io
import warnings
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

# The longer side of what is kept; no portrait needs more.
SIDE = 640
# More would be a bomb: a small file that unpacks to gigabytes.
MOST_PIXELS = 50_000_000
PHOTO_TYPE = "image/jpeg"


def clean_photo(file: IO[bytes]) -> bytes:
    """A JPEG of the same picture, upright, at most `SIDE` pixels, without metadata.

    `ValidationError` for anything that is not a JPEG or PNG of reasonable size.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ValidationError(_("Fotoğrafın çözünürlüğü çok büyük."))
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as error:
        raise ValidationError(_("Fotoğraf JPEG ya da PNG olmalıdır; dosya okunamadı.")) from error
    picture.thumbnail((SIDE, SIDE))
    held = io.BytesIO()
    # A picture of its own: nothing but pixels is carried over.
    bare = Image.new("RGB", picture.size)
    bare.paste(picture)
    bare.save(held, "JPEG", quality=85)
    return held.getvalue()
